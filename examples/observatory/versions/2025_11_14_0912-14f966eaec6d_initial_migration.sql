-- Initial migration
--
-- Revision ID: 14f966eaec6d
-- Revises:
-- Author: Marina Duarte
-- Create Date: 2025-11-14 09:12:45.123456

-- +upgrade
CREATE TABLE users (
    id              uuid        NOT NULL DEFAULT gen_random_uuid(),
    email           text        NOT NULL,
    hashed_password text        NOT NULL,
    full_name       text        NOT NULL,
    is_active       boolean     NOT NULL DEFAULT true,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_email CHECK (email LIKE '%_@_%')
);

COMMENT ON TABLE users IS 'People who have an account';
COMMENT ON COLUMN users.hashed_password IS 'Argon2id, in PHC string format';

-- One account per address, whatever its case: Ana@example.org is ana@example.org.
CREATE UNIQUE INDEX ix_users_email_lower ON users (lower(email));

CREATE TABLE birth_charts (
    id           uuid          NOT NULL DEFAULT gen_random_uuid(),
    user_id      uuid          NOT NULL,
    name         text          NOT NULL,
    born_at      timestamptz   NOT NULL,
    birth_place  text          NOT NULL,
    latitude     numeric(8, 5) NOT NULL,
    longitude    numeric(8, 5) NOT NULL,
    house_system text          NOT NULL DEFAULT 'placidus',
    positions    jsonb,
    created_at   timestamptz   NOT NULL DEFAULT now(),
    updated_at   timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT pk_birth_charts PRIMARY KEY (id),
    CONSTRAINT fk_birth_charts_user_id_users
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_birth_charts_latitude CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT ck_birth_charts_longitude CHECK (longitude BETWEEN -180 AND 180),
    CONSTRAINT ck_birth_charts_house_system
        CHECK (house_system IN ('placidus', 'koch', 'whole_sign', 'equal'))
);

COMMENT ON TABLE birth_charts IS 'One sky, as seen from one place at one moment';
COMMENT ON COLUMN birth_charts.positions IS 'Ecliptic longitudes in degrees by body; null until computed';

CREATE INDEX ix_birth_charts_user_id ON birth_charts (user_id);

-- +downgrade
DROP TABLE birth_charts;

DROP TABLE users;
