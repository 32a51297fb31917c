//! The changes, each with the schema that it starts from, the plain migration, and what an old and a new version of an
//! application read and write.

use super::Case;
use crate::clients::Version;

/// Both versions of an application to which the change makes no difference.
const OLD: Version = Version {
    name: "old",
    search_path: "public",
    rows: "SELECT id, tier FROM reports",
    insert: "INSERT INTO reports (id, tier) VALUES ($1, $2)",
    update: "UPDATE reports SET tier = $2 WHERE id = $1",
    delete: "DELETE FROM reports WHERE id = $1",
};
const NEW: Version = Version { name: "new", ..OLD };

/// What the cases have in common.
const NONE: Case = Case {
    kind: "",
    table: "reports",
    fields: &[],
    schema: "",
    plain: "",
    old: OLD,
    new: NEW,
    contracted: "SELECT true",
    undone: "SELECT true",
};

pub const RENAME_COLUMN: Case = Case {
    kind: "rename-column",
    fields: &["column=tier", "to=plan"],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free' CHECK (tier <> ''), \"Note\" text);
CREATE INDEX reports_tier ON reports (tier);
CREATE UNIQUE INDEX reports_both ON reports (lower(tier), id);
CREATE VIEW paying AS SELECT id, tier FROM reports WHERE tier <> 'free';
COMMENT ON COLUMN reports.tier IS 'what they pay';
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;",
    plain: "ALTER TABLE reports RENAME COLUMN tier TO plan",
    new: Version {
        rows: "SELECT id, plan FROM reports",
        insert: "INSERT INTO reports (id, plan) VALUES ($1, $2)",
        update: "UPDATE reports SET plan = $2 WHERE id = $1",
        ..NEW
    },
    ..NONE
};

pub const RENAME_TABLE: Case = Case {
    kind: "rename-table",
    fields: &["to=papers"],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free');
CREATE INDEX reports_tier ON reports (tier);
CREATE TABLE lines (report bigint NOT NULL REFERENCES reports ON DELETE CASCADE);
CREATE INDEX lines_report ON lines (report);
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;
INSERT INTO lines SELECT n FROM generate_series(0, {last}) n WHERE n % 10 = 0;",
    plain: "ALTER TABLE reports RENAME TO papers",
    new: Version {
        rows: "SELECT id, tier FROM papers",
        insert: "INSERT INTO papers (id, tier) VALUES ($1, $2)",
        update: "UPDATE papers SET tier = $2 WHERE id = $1",
        delete: "DELETE FROM papers WHERE id = $1",
        ..NEW
    },
    ..NONE
};

/// Each report has a line that refers to it.
pub const CHANGE_TYPE: Case = Case {
    kind: "change-type",
    fields: &["column=id", "type=bigint"],
    schema: "
CREATE TABLE reports (id serial PRIMARY KEY, tier text NOT NULL, CONSTRAINT positive CHECK (id >= 0));
CREATE INDEX reports_tier ON reports (tier, id);
CREATE TABLE lines (report int NOT NULL REFERENCES reports ON DELETE CASCADE, line text);
CREATE INDEX lines_report ON lines (report);
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;
INSERT INTO lines SELECT n, 'line ' || n FROM generate_series(0, {last}) n;",
    plain: "ALTER TABLE reports ALTER COLUMN id TYPE bigint; ALTER SEQUENCE reports_id_seq AS bigint",
    old: Version {
        rows: "SELECT r.id, r.tier FROM reports r JOIN lines l ON l.report = r.id",
        insert: "WITH r AS (INSERT INTO reports (id, tier) VALUES ($1, $2)) INSERT INTO lines (report, line) VALUES ($1, $2)",
        ..OLD
    },
    new: Version {
        rows: "SELECT r.id, r.tier FROM reports r JOIN lines l ON l.report = r.id",
        insert: "WITH r AS (INSERT INTO reports (id, tier) VALUES ($1, $2)) INSERT INTO lines (report, line) VALUES ($1, 'new')",
        ..NEW
    },
    contracted: "WITH r AS (INSERT INTO reports (id, tier) VALUES (5000000000, 'far') RETURNING id) SELECT id > 4000000000 FROM r; DELETE FROM reports WHERE id = 5000000000",
    ..NONE
};

/// The old version gives no note, and takes notes away.
pub const REQUIRE_COLUMN: Case = Case {
    kind: "require-column",
    fields: &["column=note", "fill='none ' || id"],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL, note text);
INSERT INTO reports SELECT n, 'first ' || n, CASE n % 2 WHEN 0 THEN 'n' || n END FROM generate_series(0, {last}) n;",
    plain: "UPDATE reports SET note = 'none ' || id WHERE note IS NULL; ALTER TABLE reports ALTER COLUMN note SET NOT NULL",
    old: Version {
        update: "UPDATE reports SET tier = $2, note = NULL WHERE id = $1",
        ..OLD
    },
    new: Version {
        rows: "SELECT id, CASE WHEN note IS NOT NULL THEN tier END FROM reports",
        insert: "INSERT INTO reports (id, tier, note) VALUES ($1, $2, $2)",
        update: "UPDATE reports SET tier = $2, note = $2 WHERE id = $1",
        ..NEW
    },
    contracted: "SELECT bool_and(note = CASE WHEN tier LIKE 'new %' THEN tier WHEN tier LIKE 'first %' AND id % 2 = 0 THEN 'n' || id ELSE 'none ' || id END) FROM reports",
    ..NONE
};

/// The old version knows no slug; what it writes has one all the same.
pub const ADD_COLUMN: Case = Case {
    kind: "add-column",
    fields: &[
        "column=slug",
        "type=text",
        "fill=replace(tier, ' ', '-')",
        "required=yes",
    ],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL);
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;",
    plain: "ALTER TABLE reports ADD COLUMN slug text; UPDATE reports SET slug = replace(tier, ' ', '-'); ALTER TABLE reports ALTER COLUMN slug SET NOT NULL",
    new: Version {
        rows: "SELECT id, replace(slug, '-', ' ') FROM reports",
        insert: "INSERT INTO reports (id, tier, slug) VALUES ($1, $2, replace($2, ' ', '-'))",
        update: "UPDATE reports SET tier = $2, slug = replace($2, ' ', '-') WHERE id = $1",
        ..NEW
    },
    contracted: "SELECT bool_and(slug = replace(tier, ' ', '-')) FROM reports",
    ..NONE
};

pub const ADD_CHECK: Case = Case {
    kind: "add-check",
    fields: &["name=price_positive", "condition=price >= 0"],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL, price numeric(10, 2) NOT NULL DEFAULT 1);
INSERT INTO reports SELECT n, 'first ' || n, n / 4.0 FROM generate_series(0, {last}) n;",
    plain: "ALTER TABLE reports ADD CONSTRAINT price_positive CHECK (price >= 0)",
    new: Version {
        insert: "INSERT INTO reports (id, tier, price) VALUES ($1, $2, 0)",
        update: "UPDATE reports SET tier = $2, price = 2 WHERE id = $1",
        ..NEW
    },
    ..NONE
};

/// The new version's authors come and go with their reports.
pub const ADD_FOREIGN_KEY: Case = Case {
    kind: "add-foreign-key",
    fields: &["columns=author", "to=people"],
    schema: "
CREATE TABLE people (id bigint PRIMARY KEY);
INSERT INTO people SELECT n FROM generate_series(0, {last}) n;
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL, author bigint);
INSERT INTO reports SELECT n, 'first ' || n, n / 2 FROM generate_series(0, {last}) n;
CREATE INDEX reports_author ON reports (author);",
    plain: "ALTER TABLE reports ADD FOREIGN KEY (author) REFERENCES people",
    old: Version {
        insert: "INSERT INTO reports (id, tier, author) VALUES ($1, $2, $1 % 1000)",
        update: "UPDATE reports SET tier = $2, author = $1 % 1000 WHERE id = $1",
        ..OLD
    },
    new: Version {
        insert: "WITH p AS (INSERT INTO people (id) VALUES ($1)) INSERT INTO reports (id, tier, author) VALUES ($1, $2, $1)",
        delete: "WITH p AS (DELETE FROM people WHERE id = $1) DELETE FROM reports WHERE id = $1",
        ..NEW
    },
    ..NONE
};

pub const ADD_UNIQUE: Case = Case {
    kind: "add-unique",
    fields: &["columns=email"],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, email text);
INSERT INTO reports SELECT n, n || ' first' FROM generate_series(0, {last}) n;",
    plain: "ALTER TABLE reports ADD UNIQUE (email)",
    old: EMAILS,
    new: Version {
        name: "new",
        ..EMAILS
    },
    ..NONE
};
const EMAILS: Version = Version {
    rows: "SELECT id, substr(email, length(id::text) + 2) FROM reports",
    insert: "INSERT INTO reports (id, email) VALUES ($1, $1 || ' ' || $2)",
    update: "UPDATE reports SET email = $1 || ' ' || $2 WHERE id = $1",
    ..OLD
};

/// The table has no key at all, and its column may be NULL.
pub const ADD_PRIMARY_KEY: Case = Case {
    kind: "add-primary-key",
    fields: &["columns=id"],
    schema: "
CREATE TABLE reports (id bigint, tier text);
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;
CREATE INDEX reports_id ON reports (id);",
    plain: "ALTER TABLE reports ADD PRIMARY KEY (id)",
    ..NONE
};

/// A second table takes the place of this one, with all that stands on it.
const BOOKED: &str = "
CREATE TABLE people (id bigint PRIMARY KEY);
INSERT INTO people SELECT n FROM generate_series(0, 9) n;
CREATE TABLE reports (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, number bigserial, tier text NOT NULL, author bigint DEFAULT 3 REFERENCES people);
CREATE INDEX reports_tier ON reports (lower(tier));
CREATE TABLE lines (report bigint NOT NULL REFERENCES reports ON DELETE CASCADE);
CREATE INDEX lines_report ON lines (report);
CREATE VIEW paying AS SELECT id, tier FROM reports WHERE tier <> 'free';
INSERT INTO reports (id, tier) SELECT n, 'first ' || n FROM generate_series(0, {last}) n;
INSERT INTO lines SELECT n FROM generate_series(0, {last}) n WHERE n % 10 = 0;";

pub const ADD_EXCLUSION: Case = Case {
    kind: "add-exclusion",
    fields: &[
        "definition=USING gist (int8range(id, id, '[]') WITH &&)",
        "name=once",
    ],
    schema: BOOKED,
    plain: "ALTER TABLE reports ADD CONSTRAINT once EXCLUDE USING gist (int8range(id, id, '[]') WITH &&)",
    new: Version {
        rows: "SELECT id, tier FROM paying",
        insert: "INSERT INTO paying (id, tier) VALUES ($1, $2)",
        ..NEW
    },
    contracted: "SELECT bool_and(report IN (SELECT id FROM reports)) FROM lines",
    ..NONE
};

pub const ADD_GENERATED: Case = Case {
    kind: "add-generated",
    fields: &[
        "column=loud",
        "type=text",
        "expression=upper(tier)",
        "stored=yes",
    ],
    schema: BOOKED,
    plain: "ALTER TABLE reports ADD COLUMN loud text GENERATED ALWAYS AS (upper(tier)) STORED",
    contracted: "SELECT bool_and(loud = upper(tier)) AND max(number) < nextval('reports_number_seq') FROM reports",
    ..NONE
};

pub const REPLACE_INDEX: Case = Case {
    kind: "replace-index",
    fields: &[
        "index=reports_tier",
        "definition=(tier, id DESC) WHERE id > 3",
    ],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL);
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;
CREATE INDEX reports_tier ON reports (tier);
COMMENT ON INDEX reports_tier IS 'by tier';",
    plain: "DROP INDEX reports_tier; CREATE INDEX reports_tier ON reports (tier, id DESC) WHERE id > 3",
    ..NONE
};

/// To the new version a row without a number is none.
pub const ADD_IDENTITY: Case = Case {
    kind: "add-identity",
    fields: &["column=number"],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL);
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;",
    plain: "ALTER TABLE reports ADD COLUMN number bigint GENERATED BY DEFAULT AS IDENTITY",
    new: Version {
        rows: "SELECT id, tier FROM reports WHERE number IS NOT NULL",
        ..NEW
    },
    contracted: "SELECT count(DISTINCT number) = count(*) AND min(number) > 0 FROM reports",
    ..NONE
};

/// The old version writes to the partitioned table, and the new one to the table that is attached to it.
pub const ATTACH_PARTITION: Case = Case {
    kind: "attach-partition",
    table: "events",
    fields: &[
        "partition=events_2026",
        "bound=FROM ('2026-01-01') TO ('2027-01-01')",
    ],
    schema: "
CREATE TABLE events (id bigint, at date, what text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE TABLE events_2026 (id bigint, at date, what text, PRIMARY KEY (id, at));
INSERT INTO events SELECT n, date '2025-01-01' + n % 365, 'first ' || n FROM generate_series(0, {last}) n WHERE n % 3 <> 1;
INSERT INTO events_2026 SELECT n, date '2026-01-01' + n % 365, 'first ' || n FROM generate_series(0, {last}) n WHERE n % 3 = 1;",
    plain: "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    old: Version {
        name: "old",
        rows: EVENTS,
        insert: "INSERT INTO events (id, at, what) VALUES ($1, '2025-05-05', $2)",
        update: "UPDATE events SET what = $2 WHERE id = $1",
        delete: "DELETE FROM events WHERE id = $1",
        ..OLD
    },
    new: Version {
        name: "new",
        rows: EVENTS,
        insert: "INSERT INTO events_2026 (id, at, what) VALUES ($1, '2026-05-05', $2)",
        update: "UPDATE events_2026 SET what = $2 WHERE id = $1",
        delete: "DELETE FROM events_2026 WHERE id = $1",
        ..NEW
    },
    contracted: "SELECT count(*) = (SELECT count(*) FROM events_2026) FROM events WHERE at >= '2026-01-01'",
    undone: "SELECT count(*) = 0 FROM events WHERE at >= '2026-01-01'",
};
/// Each once, before it is attached and after.
const EVENTS: &str = "SELECT id, what FROM events UNION SELECT id, what FROM events_2026";

pub const SPLIT_COLUMN: Case = Case {
    kind: "split-column",
    fields: &[
        "column=name",
        "to=word, rest",
        "up=split_part(name, ' ', 1), substr(name, strpos(name, ' ') + 1)",
        "down=word || ' ' || rest",
    ],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'some body');
CREATE INDEX reports_name ON reports (lower(name));
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;",
    plain: "ALTER TABLE reports ADD COLUMN word text, ADD COLUMN rest text; UPDATE reports SET word = split_part(name, ' ', 1), rest = substr(name, strpos(name, ' ') + 1); ALTER TABLE reports DROP COLUMN name",
    old: Version {
        name: "old",
        ..WHOLE
    },
    new: Version {
        name: "new",
        ..PARTS
    },
    ..NONE
};

pub const MERGE_COLUMNS: Case = Case {
    kind: "merge-columns",
    fields: &[
        "columns=word, rest",
        "to=name",
        "type=text",
        "up=word || ' ' || rest",
        "down=split_part(name, ' ', 1), substr(name, strpos(name, ' ') + 1)",
    ],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, word text NOT NULL, rest text);
CREATE INDEX reports_words ON reports (rest, word);
INSERT INTO reports SELECT n, 'first', n FROM generate_series(0, {last}) n;",
    plain: "ALTER TABLE reports ADD COLUMN name text; UPDATE reports SET name = word || ' ' || rest; ALTER TABLE reports DROP COLUMN word, DROP COLUMN rest",
    old: Version {
        name: "old",
        ..PARTS
    },
    new: Version {
        name: "new",
        ..WHOLE
    },
    ..NONE
};
const WHOLE: Version = Version {
    rows: "SELECT id, name FROM reports",
    insert: "INSERT INTO reports (id, name) VALUES ($1, $2)",
    update: "UPDATE reports SET name = $2 WHERE id = $1",
    ..OLD
};
const PARTS: Version = Version {
    rows: "SELECT id, word || ' ' || rest FROM reports",
    insert: "INSERT INTO reports (id, word, rest) VALUES ($1, split_part($2, ' ', 1), substr($2, strpos($2, ' ') + 1))",
    update: "UPDATE reports SET word = split_part($2, ' ', 1), rest = substr($2, strpos($2, ' ') + 1) WHERE id = $1",
    ..OLD
};

/// The old version reads the note of what it wrote; the new one leaves it out.
pub const DROP_COLUMN: Case = Case {
    kind: "drop-column",
    fields: &["column=note", "fill='none'"],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL, note text NOT NULL CHECK (note <> ''));
CREATE INDEX reports_note ON reports (note);
INSERT INTO reports SELECT n, 'first ' || n, 'n' || n FROM generate_series(0, {last}) n;",
    plain: "ALTER TABLE reports DROP COLUMN note",
    old: Version {
        rows: "SELECT id, CASE WHEN tier LIKE 'old %' THEN note ELSE tier END FROM reports",
        insert: "INSERT INTO reports (id, tier, note) VALUES ($1, $2, $2)",
        update: "UPDATE reports SET tier = $2, note = $2 WHERE id = $1",
        ..OLD
    },
    undone: "SELECT bool_and(note = CASE WHEN tier LIKE 'old %' THEN tier WHEN id < 1000000 THEN 'n' || id ELSE 'none' END) FROM reports",
    ..NONE
};

/// Everybody has a draft, which the new version knows nothing of.
pub const DROP_TABLE: Case = Case {
    kind: "drop-table",
    table: "drafts",
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL);
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;
CREATE TABLE drafts (id bigserial PRIMARY KEY, report bigint NOT NULL UNIQUE REFERENCES reports ON DELETE CASCADE, words text);
INSERT INTO drafts (report, words) SELECT n, 'first ' || n FROM generate_series(0, {last}) n;
CREATE TABLE lines (draft bigint NOT NULL REFERENCES drafts ON DELETE CASCADE);
INSERT INTO lines SELECT id FROM drafts WHERE id % 10 = 0;
CREATE INDEX lines_draft ON lines (draft);",
    plain: "DROP TABLE drafts CASCADE",
    old: Version {
        rows: "SELECT r.id, CASE WHEN tier LIKE 'old %' THEN words ELSE tier END FROM reports r LEFT JOIN drafts d ON d.report = r.id",
        insert: "WITH r AS (INSERT INTO reports (id, tier) VALUES ($1, $2)) INSERT INTO drafts (report, words) VALUES ($1, $2)",
        update: "WITH r AS (UPDATE reports SET tier = $2 WHERE id = $1) UPDATE drafts SET words = $2 WHERE report = $1",
        ..OLD
    },
    undone: "SELECT bool_and(words = CASE WHEN tier LIKE 'new %' THEN 'first ' || r.id ELSE tier END) FROM drafts d JOIN reports r ON r.id = d.report",
    ..NONE
};

/// Each report has a copy, which comes and goes with it.
pub const MOVE_COLUMN: Case = Case {
    kind: "move-column",
    fields: &["column=tier", "to=copies"],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, tier text);
CREATE TABLE copies (report bigint PRIMARY KEY REFERENCES reports ON DELETE CASCADE, weight int NOT NULL DEFAULT 1);
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;
INSERT INTO copies SELECT n FROM generate_series(0, {last}) n;",
    plain: "ALTER TABLE copies ADD COLUMN tier text; UPDATE copies SET tier = r.tier FROM reports r WHERE r.id = report; ALTER TABLE reports DROP COLUMN tier",
    old: Version {
        insert: "WITH r AS (INSERT INTO reports (id, tier) VALUES ($1, $2)) INSERT INTO copies (report) VALUES ($1)",
        ..OLD
    },
    new: Version {
        rows: "SELECT report, tier FROM copies",
        insert: "WITH r AS (INSERT INTO reports (id) VALUES ($1)) INSERT INTO copies (report, tier) VALUES ($1, $2)",
        update: "UPDATE copies SET tier = $2 WHERE report = $1",
        ..NEW
    },
    undone: "SELECT count(*) = (SELECT count(*) FROM copies) FROM reports",
    ..NONE
};

/// What either version wrote is of the value that has another name now.
pub const RENAME_ENUM_VALUE: Case = Case {
    kind: "rename-enum-value",
    fields: &["column=tier", "value=gold", "to=paid", "name=plan"],
    schema: "
CREATE TYPE tier AS ENUM ('free', 'gold');
CREATE TABLE reports (id bigint PRIMARY KEY, tier tier NOT NULL DEFAULT 'free', words text NOT NULL);
CREATE INDEX reports_tier ON reports (tier, id);
INSERT INTO reports SELECT n, CASE n % 2 WHEN 0 THEN 'free' ELSE 'gold' END::tier, 'first ' || n FROM generate_series(0, {last}) n;",
    plain: "ALTER TYPE tier RENAME VALUE 'gold' TO 'paid'; ALTER TABLE reports RENAME COLUMN tier TO plan",
    old: Version {
        rows: "SELECT id, CASE WHEN words LIKE 'first %' OR tier = 'gold' THEN words END FROM reports",
        insert: "INSERT INTO reports (id, tier, words) VALUES ($1, 'gold', $2)",
        update: "UPDATE reports SET tier = 'gold', words = $2 WHERE id = $1",
        ..OLD
    },
    new: Version {
        rows: "SELECT id, CASE WHEN words LIKE 'first %' OR plan = 'paid' THEN words END FROM reports",
        insert: "INSERT INTO reports (id, plan, words) VALUES ($1, 'paid', $2)",
        update: "UPDATE reports SET plan = 'paid', words = $2 WHERE id = $1",
        ..NEW
    },
    contracted: "SELECT bool_and(plan = CASE WHEN words LIKE 'first %' AND id % 2 = 0 THEN 'free'::tier ELSE 'paid' END) FROM reports",
    undone: "SELECT bool_and(tier = CASE WHEN words LIKE 'first %' AND id % 2 = 0 THEN 'free'::tier ELSE 'gold' END) FROM reports",
    ..NONE
};

/// Only the old version writes the value that goes.
pub const REMOVE_ENUM_VALUE: Case = Case {
    kind: "remove-enum-value",
    fields: &["column=tier", "value=gold", "replacement=free"],
    schema: "
CREATE TYPE tier AS ENUM ('free', 'gold', 'trial');
CREATE TABLE reports (id bigint PRIMARY KEY, tier tier NOT NULL DEFAULT 'free', words text NOT NULL);
INSERT INTO reports SELECT n, CASE n % 2 WHEN 0 THEN 'free' ELSE 'gold' END::tier, 'first ' || n FROM generate_series(0, {last}) n;",
    plain: "ALTER TYPE tier RENAME TO was; CREATE TYPE tier AS ENUM ('free', 'trial'); ALTER TABLE reports ALTER COLUMN tier DROP DEFAULT; ALTER TABLE reports ALTER COLUMN tier TYPE tier USING replace(tier::text, 'gold', 'free')::tier; ALTER TABLE reports ALTER COLUMN tier SET DEFAULT 'free'; DROP TYPE was",
    old: Version {
        rows: "SELECT id, CASE WHEN words NOT LIKE 'old %' OR tier = 'gold' THEN words END FROM reports",
        insert: "INSERT INTO reports (id, tier, words) VALUES ($1, 'gold', $2)",
        update: "UPDATE reports SET tier = 'gold', words = $2 WHERE id = $1",
        ..OLD
    },
    new: Version {
        rows: "SELECT id, CASE WHEN words NOT LIKE 'new %' OR tier = 'trial' THEN words END FROM reports",
        insert: "INSERT INTO reports (id, tier, words) VALUES ($1, 'trial', $2)",
        update: "UPDATE reports SET tier = 'trial', words = $2 WHERE id = $1",
        ..NEW
    },
    contracted: "SELECT bool_and(tier = CASE WHEN words LIKE 'new %' THEN 'trial'::tier ELSE 'free' END) FROM reports",
    undone: "SELECT bool_and(tier = CASE WHEN words LIKE 'new %' THEN 'trial'::tier WHEN words LIKE 'first %' AND id % 2 = 0 THEN 'free' ELSE 'gold' END) FROM reports",
    ..NONE
};

/// The new version has a schema of its own, and counts on the order of columns.
pub const RENAME_COLUMN_WITH_VIEWS: Case = Case {
    fields: &["column=tier", "to=plan", "--view-schema", "v42"],
    new: Version {
        search_path: "v42, public",
        insert: "INSERT INTO reports VALUES ($1, $2)",
        ..RENAME_COLUMN.new
    },
    ..RENAME_COLUMN
};

/// As [`RENAME_COLUMN_WITH_VIEWS`]: the new columns stand after a third one.
pub const SPLIT_COLUMN_WITH_VIEWS: Case = Case {
    fields: &[
        "column=name",
        "to=word, rest",
        "up=split_part(name, ' ', 1), substr(name, strpos(name, ' ') + 1)",
        "down=word || ' ' || rest",
        "--view-schema",
        "v42",
    ],
    schema: "
CREATE TABLE reports (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'some body', age int);
CREATE INDEX reports_name ON reports (lower(name));
INSERT INTO reports SELECT n, 'first ' || n FROM generate_series(0, {last}) n;",
    new: Version {
        search_path: "v42, public",
        insert: "INSERT INTO reports VALUES ($1, 7, split_part($2, ' ', 1), substr($2, strpos($2, ' ') + 1))",
        ..SPLIT_COLUMN.new
    },
    ..SPLIT_COLUMN
};
