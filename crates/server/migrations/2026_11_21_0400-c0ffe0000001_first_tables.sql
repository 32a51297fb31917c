-- The server's own tables
--
-- What the workbench remembers besides the project's files: who may do what, the plans that were made
-- with the exact files they were made of, what was said about them, and their runs.
--
-- Revision ID: c0ffe0000001
-- Create Date: 2026-11-21 04:00:00

-- +upgrade
CREATE TABLE cofferdam_server.account (
    project text NOT NULL,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('author', 'reviewer', 'admin')),
    password_hash text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project, name)
);

CREATE TABLE cofferdam_server.session (
    project text NOT NULL,
    secret_sha256 text NOT NULL,
    account text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (secret_sha256),
    FOREIGN KEY (project, account) REFERENCES cofferdam_server.account ON DELETE CASCADE
);

CREATE INDEX session_account ON cofferdam_server.session (project, account);

CREATE TABLE cofferdam_server.link (
    project text NOT NULL,
    secret_sha256 text NOT NULL,
    account text NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('sign-in', 'invitation')),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (secret_sha256),
    FOREIGN KEY (project, account) REFERENCES cofferdam_server.account ON DELETE CASCADE
);

CREATE INDEX link_account ON cofferdam_server.link (project, account);

CREATE TABLE cofferdam_server.token (
    project text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account text NOT NULL,
    name text NOT NULL,
    secret_sha256 text NOT NULL UNIQUE,
    scopes text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'write', 'apply'] AND cardinality(scopes) > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    FOREIGN KEY (project, account) REFERENCES cofferdam_server.account ON DELETE CASCADE
);

CREATE INDEX token_account ON cofferdam_server.token (project, account);

CREATE TABLE cofferdam_server.blob (
    project text NOT NULL,
    sha256 text NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (project, sha256)
);

CREATE TABLE cofferdam_server.plan (
    project text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    environment text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('upgrade', 'downgrade', 'stamp', 'undo')),
    target text NOT NULL,
    heads_from text[] NOT NULL,
    heads_to text[] NOT NULL,
    revisions integer NOT NULL,
    statements integer NOT NULL,
    author text NOT NULL,
    note text NOT NULL,
    digest text NOT NULL,
    body text NOT NULL,
    state text NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'approved', 'rejected', 'withdrawn', 'running', 'applied', 'failed')),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX plan_project ON cofferdam_server.plan (project, id DESC);

CREATE TABLE cofferdam_server.plan_file (
    project text NOT NULL,
    plan bigint NOT NULL REFERENCES cofferdam_server.plan ON DELETE CASCADE,
    path text NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (plan, path),
    FOREIGN KEY (project, sha256) REFERENCES cofferdam_server.blob
);

CREATE TABLE cofferdam_server.review (
    project text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan bigint NOT NULL REFERENCES cofferdam_server.plan ON DELETE CASCADE,
    author text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('approve', 'reject')),
    body text NOT NULL,
    digest text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX review_plan ON cofferdam_server.review (plan);

CREATE TABLE cofferdam_server.comment (
    project text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan bigint NOT NULL REFERENCES cofferdam_server.plan ON DELETE CASCADE,
    author text NOT NULL,
    body text NOT NULL,
    at_revision integer,
    at_segment integer,
    at_step integer,
    statement_sha256 text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nulls(at_revision, at_segment, at_step, statement_sha256) IN (0, 4))
);

CREATE INDEX comment_plan ON cofferdam_server.comment (plan);

CREATE TABLE cofferdam_server.run (
    project text NOT NULL,
    id text PRIMARY KEY,
    plan bigint NOT NULL REFERENCES cofferdam_server.plan ON DELETE CASCADE,
    actor text NOT NULL,
    approval text,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'lost')),
    cancel_requested boolean NOT NULL DEFAULT false,
    outcome jsonb,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);

CREATE INDEX run_plan ON cofferdam_server.run (plan);

CREATE TABLE cofferdam_server.run_event (
    project text NOT NULL,
    run text NOT NULL REFERENCES cofferdam_server.run ON DELETE CASCADE,
    seq bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    report jsonb,
    outcome jsonb,
    PRIMARY KEY (run, seq)
);

CREATE TABLE cofferdam_server.address (
    project text NOT NULL PRIMARY KEY,
    url text NOT NULL
);

-- +downgrade
DROP TABLE cofferdam_server.address;
DROP TABLE cofferdam_server.run_event;
DROP TABLE cofferdam_server.run;
DROP TABLE cofferdam_server.comment;
DROP TABLE cofferdam_server.review;
DROP TABLE cofferdam_server.plan_file;
DROP TABLE cofferdam_server.plan;
DROP TABLE cofferdam_server.blob;
DROP TABLE cofferdam_server.token;
DROP TABLE cofferdam_server.link;
DROP TABLE cofferdam_server.session;
DROP TABLE cofferdam_server.account;
