//! What `cofferdam lint --fix` writes leaves the same catalog as what stood there, on a real PostgreSQL.

use cofferdam_tests::binary::{run, succeed};
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;
use serde_json::Value;

const TABLES: &str = "CREATE TABLE users (id bigint NOT NULL, email text NOT NULL, name varchar(10), age int);\n\
    CREATE TABLE orders (id bigint NOT NULL, user_id bigint, total bigint);\n\
    ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY (id);\n\
    CREATE INDEX users_age_idx ON users (age);\n\
    CREATE MATERIALIZED VIEW ages AS SELECT age, count(*) FROM users GROUP BY age;\n\
    CREATE UNIQUE INDEX ages_key ON ages (age);\n\
    CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);\n\
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');\n\
    INSERT INTO users SELECT n, 'u' || n, 'n', n FROM generate_series(1, 50) n;\n\
    INSERT INTO orders SELECT n, n, n FROM generate_series(1, 50) n;\n";

/// Each with the hazard that its fix takes away.
const FIXED: &[(&str, &str)] = &[
    (
        "require-concurrent-index-creation",
        "CREATE INDEX users_email_idx ON users (email);",
    ),
    (
        "require-concurrent-index-creation",
        "CREATE UNIQUE INDEX users_lower_key ON users (lower(email)) WHERE age > 3;",
    ),
    (
        "require-concurrent-index-deletion",
        "DROP INDEX users_age_idx;",
    ),
    ("require-concurrent-reindex", "REINDEX INDEX users_age_idx;"),
    ("require-concurrent-reindex", "REINDEX TABLE users;"),
    (
        "require-concurrent-partition-detach",
        "ALTER TABLE events DETACH PARTITION events_1;",
    ),
    ("blocking-refresh", "REFRESH MATERIALIZED VIEW ages;"),
    (
        "adding-foreign-key-constraint",
        "ALTER TABLE orders ADD CONSTRAINT o_u FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;",
    ),
    (
        "adding-foreign-key-constraint",
        "ALTER TABLE public.orders ADD FOREIGN KEY (user_id) REFERENCES users;",
    ),
    (
        "constraint-missing-not-valid",
        "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);",
    ),
    (
        "adding-not-nullable-field",
        "ALTER TABLE orders ALTER COLUMN user_id SET NOT NULL;",
    ),
    (
        "disallowed-unique-constraint",
        "ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email);",
    ),
    (
        "disallowed-unique-constraint",
        "ALTER TABLE ONLY users ADD UNIQUE (email, age);",
    ),
    (
        "adding-serial-primary-key-field",
        "ALTER TABLE orders ADD PRIMARY KEY (id);",
    ),
    ("unbatched-write", "UPDATE users SET name = 'm';"),
    (
        "unbatched-write",
        "DELETE FROM public.users AS u WHERE u.age > 3 OR u.name LIKE 'x%';",
    ),
    (
        "adding-field-with-default",
        "ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    ),
    (
        "concurrent-index-if-not-exists",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_name_idx ON users (name);",
    ),
    (
        "prefer-jsonb",
        "CREATE TABLE docs (id bigint PRIMARY KEY, data json);",
    ),
    (
        "prefer-timestamp-tz",
        "CREATE TABLE visits (id bigint PRIMARY KEY, at timestamp);",
    ),
];

/// These change what is made: other types on purpose, and DETACH … CONCURRENTLY leaves the partition's bounds behind as a
/// CHECK (manual, ALTER TABLE).
const OTHERWISE: [&str; 3] = [
    "prefer-jsonb",
    "prefer-timestamp-tz",
    "require-concurrent-partition-detach",
];

fn revision(id: &str, down: &str, sql: &str) -> String {
    // No plan takes a SET LOCAL whose transaction a later statement ends: a fix that ends it has to see to that.
    let local = match sql.contains("CONCURRENTLY") || sql.contains("+commit") {
        true => "",
        false => "LOCAL ",
    };
    format!(
        "-- The {id}\n--\n-- Revision ID: {id}\n-- Revises: {down}\n-- Create Date: 2026-01-01 00:00:00\n\n-- +upgrade\nSET {local}lock_timeout = '5s';\n{sql}\n\n-- +downgrade none: a test\n"
    )
}

#[test]
fn fixes_take_the_hazard_away_and_leave_the_same_catalog() {
    for (code, sql) in FIXED {
        let folder = project::of(&[
            ("cofferdam.toml", "[project]\nname = 'shop'\n"),
            ("versions/1.sql", &revision("aaaa", "", TABLES)),
            ("versions/2.sql", &revision("bbbb", "aaaa", sql)),
        ]);
        let dump = |fix: bool| {
            let database = database();
            if fix {
                let printed = run(
                    folder.path(),
                    &["lint", "bbbb", "--fix", "--format", "json"],
                );
                let left: Value = serde_json::from_str(&printed.out).expect("JSON");
                let left = left["findings"].as_array().expect("a list").iter();
                let left: Vec<&str> = left.filter_map(|one| one["code"].as_str()).collect();
                assert!(!left.contains(code), "{sql}: {left:?}");
                // No fix brings a write of all rows at once.
                assert!(!left.contains(&"unbatched-write"), "{sql}: {left:?}");
            }
            let printed = run(folder.path(), &["upgrade", "head", "--url", &database.url]);
            let written = std::fs::read_to_string(folder.path().join("versions/2.sql"));
            assert_eq!(
                printed.code,
                Some(0),
                "{sql}: {}\n{}",
                printed.err,
                written.unwrap_or_default()
            );
            cluster().dump(&database.name)
        };
        let before: Value = {
            let printed = run(folder.path(), &["lint", "bbbb", "--format", "json"]);
            serde_json::from_str(&printed.out).expect("JSON")
        };
        let found = before["findings"].as_array().expect("a list").iter();
        let fixable = found.filter(|one| one["code"] == *code && one["fixable"] == true);
        assert_eq!(fixable.count(), 1, "{sql}: {before}");
        let plain = dump(false);
        let fixed = dump(true);
        if !OTHERWISE.contains(code) {
            assert_eq!(without_rows(&plain), without_rows(&fixed), "{sql}");
        }
        succeed(folder.path(), &["heads"]);
    }
    println!("{} fixes leave the same catalog", FIXED.len());
}

/// A dump without the rows of COPY, in which random values differ.
fn without_rows(dump: &str) -> String {
    let mut kept = String::new();
    let mut rows = false;
    for line in dump.lines() {
        if !rows {
            kept.push_str(line);
            kept.push('\n');
        }
        rows = line.starts_with("COPY ") || rows && line != "\\.";
    }
    kept
}
