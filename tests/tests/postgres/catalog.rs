//! The engine's catalog on a real PostgreSQL: every kind of object, made, changed and dropped, with pg_dump beside it.

use cofferdam_engine::catalog::{self, Catalog, diff};
use cofferdam_engine::config::Project;
use cofferdam_engine::run::Answer;
use cofferdam_tests::binary::{command, run, succeed};
use cofferdam_tests::cluster::{Database, cluster, database};
use cofferdam_tests::project;
use std::time::Instant;

/// The server's major version.
fn major() -> u32 {
    let number = cluster().psql("postgres", "SHOW server_version_num");
    number.parse::<u32>().expect("a number") / 10_000
}

/// Reads the catalog as a driver would, through psql.
fn read(database: &Database, major: u32) -> Catalog {
    let script = format!(
        "\\pset fieldsep '\\037'\n\\pset recordsep '\\036'\nBEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n{};\n{};\nCOMMIT;\n",
        catalog::prepare(major, &Project::default()),
        catalog::look()
    );
    let text = cluster().psql(&database.name, &script);
    let rows = text.trim_end_matches('\u{1e}').split('\u{1e}').map(|row| {
        let cells = row.split('\u{1f}');
        cells.map(|cell| Some(cell.to_owned())).collect()
    });
    let answer = Answer {
        rows: rows.collect(),
        ..Answer::default()
    };
    catalog::read(major, &answer).expect("a catalog")
}

fn sentences(before: &Catalog, after: &Catalog) -> Vec<String> {
    let found = diff(before, after).expect("one version");
    found.into_iter().map(|one| one.sentence).collect()
}

/// What is there before each case.
const BASE: &str = "
CREATE TABLE base (id integer PRIMARY KEY, a text, b integer, c varchar(20));
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE FUNCTION ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN END$$;
CREATE TABLE parts (k integer, v text) PARTITION BY RANGE (k);
CREATE TYPE base_mood AS ENUM ('a', 'b');
";

/// SQL that makes, changes and drops something, each with a beginning of the sentence that tells of it (none of the last,
/// after which everything is as it was).
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "CREATE SCHEMA s",
        "schema s is new",
        "COMMENT ON SCHEMA s IS 'x'",
        "schema s: comment is new: x",
        "DROP SCHEMA s",
    ),
    (
        "CREATE EXTENSION hstore",
        "extension hstore is new",
        "ALTER EXTENSION hstore SET SCHEMA pg_catalog",
        "extension hstore: schema of objects changed from public to pg_catalog",
        "DROP EXTENSION hstore",
    ),
    (
        "CREATE TYPE mood AS ENUM ('ok')",
        "enum mood is new: (ok)",
        "ALTER TYPE mood ADD VALUE 'bad' BEFORE 'ok'",
        "enum mood: labels changed from ok to bad, ok",
        "DROP TYPE mood",
    ),
    (
        "CREATE DOMAIN d AS integer",
        "domain d is new: integer",
        "ALTER DOMAIN d ADD CONSTRAINT positive CHECK (value > 0)",
        "constraint positive on d is new: CHECK ((VALUE > 0))",
        "DROP DOMAIN d",
    ),
    (
        "CREATE DOMAIN d AS text DEFAULT 'x'",
        "domain d is new: text",
        "ALTER DOMAIN d SET NOT NULL",
        "domain d: not null was added",
        "DROP DOMAIN d",
    ),
    (
        "CREATE TYPE pair AS (x integer, y text)",
        "composite type pair is new: (x integer, y text)",
        "ALTER TYPE pair ALTER ATTRIBUTE y TYPE varchar(9)",
        "column pair.y: type changed from text to character varying(9)",
        "DROP TYPE pair",
    ),
    (
        "CREATE TYPE span AS RANGE (subtype = float8)",
        "range type span is new: subtype double precision",
        "COMMENT ON TYPE span IS 'x'",
        "range type span: comment is new: x",
        "DROP TYPE span",
    ),
    (
        "CREATE SEQUENCE q",
        "sequence q is new: bigint",
        "ALTER SEQUENCE q INCREMENT 5",
        "sequence q: increment changed from 1 to 5",
        "DROP SEQUENCE q",
    ),
    (
        "CREATE SEQUENCE q OWNED BY base.b",
        "sequence q is new: bigint",
        "ALTER SEQUENCE q OWNED BY NONE",
        "sequence q: owned by went away: public.base.b",
        "DROP SEQUENCE q",
    ),
    (
        "CREATE TABLE t (x integer)",
        "table t is new: (x)",
        "ALTER TABLE t SET (fillfactor = 70)",
        "table t: options is new: fillfactor=70",
        "DROP TABLE t",
    ),
    (
        "CREATE UNLOGGED TABLE t (x integer)",
        "table t is new: (x)",
        "ALTER TABLE t SET LOGGED",
        "table t: unlogged went away",
        "DROP TABLE t",
    ),
    (
        "CREATE TABLE t () INHERITS (base)",
        "table t is new: (id, a, b, c)",
        "ALTER TABLE t NO INHERIT base",
        "table t: parents went away: public.base",
        "DROP TABLE t",
    ),
    (
        "ALTER TABLE base ENABLE ROW LEVEL SECURITY",
        "table base: row security was added",
        "ALTER TABLE base FORCE ROW LEVEL SECURITY",
        "table base: force row security was added",
        "ALTER TABLE base DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
    ),
    (
        "ALTER TABLE base REPLICA IDENTITY FULL",
        "table base: replica identity is new: full",
        "ALTER TABLE base REPLICA IDENTITY NOTHING",
        "table base: replica identity changed from full to nothing",
        "ALTER TABLE base REPLICA IDENTITY DEFAULT",
    ),
    (
        "CREATE TABLE p PARTITION OF parts FOR VALUES FROM (1) TO (5)",
        "table p is new: (k, v)",
        "ALTER TABLE parts DETACH PARTITION p",
        "table p: parents went away: public.parts",
        "DROP TABLE p",
    ),
    (
        "ALTER TABLE base ADD COLUMN d text COLLATE \"C\" NOT NULL DEFAULT 'x'",
        "column base.d is new: text COLLATE pg_catalog.\"C\" NOT NULL DEFAULT 'x'::text",
        "ALTER TABLE base ALTER COLUMN d DROP NOT NULL",
        "column base.d: not null went away",
        "ALTER TABLE base DROP COLUMN d",
    ),
    (
        "ALTER TABLE base ALTER COLUMN c TYPE text",
        "column base.c: type changed from character varying(20) to text",
        "ALTER TABLE base ALTER COLUMN c SET DEFAULT 'y'",
        "column base.c: default is new: 'y'::text",
        "ALTER TABLE base ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE varchar(20)",
    ),
    (
        "ALTER TABLE base ADD COLUMN i integer GENERATED ALWAYS AS IDENTITY",
        "sequence base_i_seq is new: integer",
        "ALTER TABLE base ALTER COLUMN i SET GENERATED BY DEFAULT",
        "column base.i: identity changed from always to by default",
        "ALTER TABLE base DROP COLUMN i",
    ),
    (
        "ALTER TABLE base ADD COLUMN g integer GENERATED ALWAYS AS (b + 1) STORED",
        "column base.g is new: integer GENERATED ALWAYS AS ((b + 1)) STORED",
        "ALTER TABLE base ALTER COLUMN g DROP EXPRESSION",
        "column base.g: expression went away: (b + 1)",
        "ALTER TABLE base DROP COLUMN g",
    ),
    (
        "ALTER TABLE base ALTER COLUMN a SET STORAGE external",
        "column base.a: storage is new: external",
        "ALTER TABLE base ALTER COLUMN a SET STATISTICS 50",
        "column base.a: statistics is new: 50",
        "ALTER TABLE base ALTER COLUMN a SET STORAGE extended, ALTER COLUMN a SET STATISTICS -1",
    ),
    (
        "ALTER TABLE base ADD CONSTRAINT one UNIQUE (a)",
        "constraint one on base is new: UNIQUE (a)",
        "COMMENT ON CONSTRAINT one ON base IS 'x'",
        "constraint one on base: comment is new: x",
        "ALTER TABLE base DROP CONSTRAINT one",
    ),
    (
        "ALTER TABLE base ADD CONSTRAINT big CHECK (b > 9) NOT VALID",
        "constraint big on base is new: CHECK ((b > 9)) NOT VALID",
        "ALTER TABLE base VALIDATE CONSTRAINT big",
        "constraint big on base: not valid went away",
        "ALTER TABLE base DROP CONSTRAINT big",
    ),
    (
        "ALTER TABLE base ADD CONSTRAINT up FOREIGN KEY (b) REFERENCES parent",
        "constraint up on base is new: FOREIGN KEY (b) REFERENCES public.parent(id)",
        "ALTER TABLE base ALTER CONSTRAINT up DEFERRABLE INITIALLY DEFERRED",
        "constraint up on base: deferrable is new: initially deferred",
        "ALTER TABLE base DROP CONSTRAINT up",
    ),
    (
        "ALTER TABLE base ADD CONSTRAINT apart EXCLUDE USING gist (int4range(b, b, '[]') WITH &&)",
        "constraint apart on base is new: EXCLUDE USING gist",
        "ALTER TABLE base RENAME CONSTRAINT apart TO far",
        "constraint apart on base is gone",
        "ALTER TABLE base DROP CONSTRAINT far",
    ),
    (
        "CREATE INDEX i ON base (lower(a))",
        "index i on base is new: CREATE INDEX i ON public.base",
        "ALTER TABLE base CLUSTER ON i",
        "index i on base: clustered was added",
        "DROP INDEX i",
    ),
    (
        "CREATE VIEW w AS SELECT a FROM base",
        "view w is new: SELECT",
        "ALTER VIEW w SET (security_barrier)",
        "view w: options is new: security_barrier=true",
        "DROP VIEW w",
    ),
    (
        "CREATE VIEW w AS SELECT a FROM base",
        "view w is new: SELECT",
        "CREATE OR REPLACE VIEW w AS SELECT a FROM base WHERE b > 1",
        "view w: definition changed from",
        "DROP VIEW w",
    ),
    (
        "CREATE MATERIALIZED VIEW m AS SELECT a FROM base",
        "materialized view m is new: SELECT",
        "CREATE INDEX mi ON m (a)",
        "index mi on m is new",
        "DROP MATERIALIZED VIEW m",
    ),
    (
        "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "function f(a integer) is new",
        "ALTER FUNCTION f STRICT",
        "function f(a integer): definition changed from",
        "DROP FUNCTION f",
    ),
    (
        "CREATE PROCEDURE g() LANGUAGE sql AS 'SELECT 1'",
        "procedure g() is new",
        "ALTER PROCEDURE g SET search_path = public",
        "procedure g(): definition changed from",
        "DROP PROCEDURE g",
    ),
    (
        "CREATE AGGREGATE h(integer) (sfunc = int4pl, stype = integer)",
        "aggregate h(integer) is new",
        "COMMENT ON AGGREGATE h(integer) IS 'x'",
        "aggregate h(integer): comment is new: x",
        "DROP AGGREGATE h(integer)",
    ),
    (
        "CREATE TRIGGER r BEFORE INSERT ON base FOR EACH ROW EXECUTE FUNCTION touch()",
        "trigger r on base is new: CREATE TRIGGER r",
        "ALTER TABLE base DISABLE TRIGGER r",
        "trigger r on base: enabled is new: disabled",
        "DROP TRIGGER r ON base",
    ),
    (
        "CREATE POLICY p ON base FOR SELECT USING (b > 1)",
        "policy p on base is new: FOR SELECT USING ((b > 1))",
        "ALTER POLICY p ON base USING (b > 2)",
        "policy p on base: using changed from (b > 1) to (b > 2)",
        "DROP POLICY p ON base",
    ),
    (
        "CREATE RULE l AS ON INSERT TO base DO ALSO NOTHING",
        "rule l on base is new: CREATE RULE l",
        "ALTER TABLE base DISABLE RULE l",
        "rule l on base: enabled is new: disabled",
        "DROP RULE l ON base",
    ),
    (
        "CREATE STATISTICS z ON a, b FROM base",
        "statistics object z is new: CREATE STATISTICS",
        "ALTER STATISTICS z SET STATISTICS 9",
        "statistics object z: target is new: 9",
        "DROP STATISTICS z",
    ),
    (
        "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION ddl()",
        "event trigger e is new: on ddl_command_end call public.ddl()",
        "ALTER EVENT TRIGGER e DISABLE",
        "event trigger e: enabled is new: disabled",
        "DROP EVENT TRIGGER e",
    ),
    (
        "COMMENT ON COLUMN base.a IS 'x'",
        "column base.a: comment is new: x",
        "COMMENT ON COLUMN base.a IS 'y'",
        "column base.a: comment changed from x to y",
        "COMMENT ON COLUMN base.a IS NULL",
    ),
    (
        "ALTER TABLE base OWNER TO somebody",
        "table base: owner changed from postgres to somebody",
        "GRANT SELECT ON base TO anybody",
        "table base: grants is new: anybody=r/somebody",
        "REVOKE SELECT ON base FROM anybody; ALTER TABLE base OWNER TO postgres",
    ),
    (
        "GRANT UPDATE (a) ON base TO somebody",
        "column base.a: grants is new: somebody=w/postgres",
        "GRANT SELECT (a) ON base TO somebody",
        "column base.a: grants changed from somebody=w/postgres to somebody=rw/postgres",
        "REVOKE ALL (a) ON base FROM somebody",
    ),
    (
        "CREATE COLLATION co (provider = libc, locale = 'C')",
        "collation public.co is new",
        "COMMENT ON COLLATION co IS 'x'",
        "collation public.co: comment is new: x",
        "DROP COLLATION co",
    ),
    (
        "CREATE OPERATOR |+| (leftarg = integer, rightarg = integer, function = int4pl)",
        "operator public.|+|(integer,integer) is new",
        "COMMENT ON OPERATOR |+| (integer, integer) IS 'x'",
        "operator public.|+|(integer,integer): comment is new: x",
        "DROP OPERATOR |+| (integer, integer)",
    ),
    (
        "CREATE CAST (base_mood AS integer) WITH INOUT",
        "cast (public.base_mood AS integer) is new",
        "COMMENT ON CAST (base_mood AS integer) IS 'x'",
        "cast (public.base_mood AS integer): comment is new: x",
        "DROP CAST (base_mood AS integer)",
    ),
    (
        "CREATE PUBLICATION pub FOR TABLE base",
        "publication pub is new",
        "ALTER PUBLICATION pub ADD TABLE parent",
        "publication pub: definition changed from",
        "DROP PUBLICATION pub",
    ),
    (
        "CREATE TEXT SEARCH CONFIGURATION k (COPY = simple)",
        "text search configuration public.k is new",
        "ALTER TEXT SEARCH CONFIGURATION k DROP MAPPING FOR word",
        "text search configuration public.k: definition changed from",
        "DROP TEXT SEARCH CONFIGURATION k",
    ),
    (
        "CREATE FOREIGN DATA WRAPPER fw; CREATE SERVER far FOREIGN DATA WRAPPER fw; CREATE FOREIGN TABLE ft (x integer) SERVER far",
        "table ft is new: (x)",
        "ALTER SERVER far OPTIONS (ADD host 'h')",
        "server far: definition changed from fw to fw {host=h}",
        "DROP FOREIGN DATA WRAPPER fw CASCADE",
    ),
    (
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO somebody",
        "default acl for role postgres on tables is new",
        "ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO somebody",
        "default acl for role postgres on tables: definition changed from",
        "ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM somebody",
    ),
];

#[test]
fn every_kind_of_object_is_seen_made_changed_and_dropped_as_pg_dump_sees_it() {
    let database = database();
    let major = major();
    // Roles belong to the cluster.
    for role in ["somebody", "anybody"] {
        let _ = cluster().try_psql("postgres", &format!("CREATE ROLE {role}"));
    }
    cluster().psql(&database.name, BASE);
    let base = read(&database, major);
    let dumped = cluster().dump(&database.name);
    let mut wrong = Vec::new();
    for (make, made, change, changed, drop) in CASES {
        let mut run = |sql: &str| {
            if let Err(error) = cluster().try_psql(&database.name, sql) {
                wrong.push(error);
            }
        };
        run(make);
        let (one, one_dump) = (read(&database, major), cluster().dump(&database.name));
        run(change);
        let (other, other_dump) = (read(&database, major), cluster().dump(&database.name));
        run(drop);
        let (end, end_dump) = (read(&database, major), cluster().dump(&database.name));
        for (what, (before, after), wanted, dumps) in [
            (make, (&base, &one), made, (&dumped, &one_dump)),
            (change, (&one, &other), changed, (&one_dump, &other_dump)),
        ] {
            let found = sentences(before, after);
            if !found.iter().any(|one| one.starts_with(wanted)) {
                wrong.push(format!("{what}: no {wanted:?} in {found:?}"));
            }
            if dumps.0 == dumps.1 {
                wrong.push(format!("{what}: pg_dump prints no difference"));
            }
        }
        let left = sentences(&base, &end);
        if !left.is_empty() || dumped != end_dump {
            wrong.push(format!(
                "{drop}: left {left:?}, pg_dump equal: {}",
                dumped == end_dump
            ));
        }
        if base.fingerprint() == one.fingerprint() || base.fingerprint() != end.fingerprint() {
            wrong.push(format!("{make}: the fingerprint does not follow"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Pairs of ways: the same catalog, and the same dump, or neither.
const PAIRS: &[(&str, &str, bool)] = &[
    (
        "CREATE TABLE t (a integer, b integer)",
        "CREATE TABLE t (x integer, a integer, b integer); ALTER TABLE t DROP COLUMN x",
        true,
    ),
    (
        "CREATE TABLE t (a integer, b integer)",
        "CREATE TABLE t (b integer, a integer)",
        false,
    ),
    (
        "CREATE TABLE t (a integer PRIMARY KEY)",
        "CREATE TABLE t (a integer); ALTER TABLE t ADD PRIMARY KEY (a)",
        true,
    ),
    (
        "CREATE TABLE t (a integer); CREATE UNIQUE INDEX t_a_key ON t (a)",
        "CREATE TABLE t (a integer UNIQUE)",
        false,
    ),
    (
        "CREATE TABLE t (a integer CHECK (a > 0) NOT NULL)",
        "CREATE TABLE t (a integer NOT NULL, CHECK (a > 0))",
        true,
    ),
    (
        "CREATE TABLE t (a serial)",
        "CREATE SEQUENCE t_a_seq AS integer; CREATE TABLE t (a integer NOT NULL DEFAULT nextval('t_a_seq')); ALTER SEQUENCE t_a_seq OWNED BY t.a",
        true,
    ),
    (
        "CREATE TABLE t (a integer)",
        "CREATE TABLE t (a integer); GRANT SELECT ON t TO PUBLIC; REVOKE SELECT ON t FROM PUBLIC",
        true,
    ),
    (
        "CREATE TABLE t (a timestamptz DEFAULT '2025-01-01 00:00+00')",
        "SET timezone = 'Asia/Tokyo'; CREATE TABLE t (a timestamptz DEFAULT '2025-01-01 09:00')",
        true,
    ),
    (
        "CREATE TYPE e AS ENUM ('a', 'b')",
        "CREATE TYPE e AS ENUM ('b', 'a')",
        false,
    ),
    (
        "CREATE TABLE t (a integer); CREATE TABLE u (b integer)",
        "CREATE TABLE u (b integer); CREATE TABLE t (a integer)",
        true,
    ),
    (
        "CREATE TABLE p (k integer) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE TABLE p (k integer) PARTITION BY LIST (k); CREATE TABLE p1 (k integer); ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1)",
        true,
    ),
    (
        "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); CREATE SCHEMA cofferdam; CREATE TABLE cofferdam.run (a integer)",
        "SELECT 1",
        true,
    ),
];

#[test]
fn catalogs_are_equal_where_dumps_are() {
    let major = major();
    for (one, other, equal) in PAIRS {
        let databases = [database(), database()];
        cluster().psql(&databases[0].name, one);
        cluster().psql(&databases[1].name, other);
        let found = sentences(&read(&databases[0], major), &read(&databases[1], major));
        assert_eq!(found.is_empty(), *equal, "{one} | {other}: {found:?}");
        let dumps = databases
            .each_ref()
            .map(|database| cluster().dump(&database.name));
        assert_eq!(dumps[0] == dumps[1], *equal, "{one} | {other}");
    }
}

#[test]
fn the_catalog_of_the_example_is_printed_and_read_in_little_time() {
    let project = project::example("observatory");
    let database = database();
    succeed(project.path(), &["--url", &database.url, "upgrade", "head"]);
    let started = Instant::now();
    let catalog = read(&database, major());
    println!(
        "{} objects of the example in {:?}",
        catalog.len(),
        started.elapsed()
    );
    let users = catalog.relation("public", "users").expect("the table");
    assert!(
        users
            .columns
            .iter()
            .any(|column| column.name == "email" && column.not_null)
    );
    let printed = succeed(
        project.path(),
        &["--url", &database.url, "catalog", "--format", "json"],
    )
    .out;
    let printed: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(printed, catalog.to_json());
    let tree = succeed(project.path(), &["--url", &database.url, "catalog"]).out;
    assert!(
        tree.contains("\ntable users\n") && !tree.contains("alembic_version"),
        "{tree}"
    );
}

#[test]
fn two_schemas_are_compared_by_name() {
    let project = project::example("observatory");
    let folder = project.path();
    let bin = cluster().bin().display().to_string();
    let database = database();
    let diff = |more: &[&str]| {
        let mut arguments = vec![
            "--pg-bin",
            &bin,
            "--url",
            &database.url,
            "catalog",
            "--diff",
        ];
        arguments.extend(more);
        run(folder, &arguments)
    };
    let ids = succeed(folder, &["history", "--format", "json"]).out;
    let ids: serde_json::Value = serde_json::from_str(&ids).expect("JSON");
    let head = ids[0]["revision"].as_str().expect("an id");
    let parent = ids[0]["down_revisions"][0].as_str().expect("a parent");
    // Two revisions.
    let found = diff(&[parent, head]);
    assert_eq!(found.code, Some(1), "{}{}", found.out, found.err);
    assert!(
        found
            .out
            .starts_with(&format!("{head} against {parent} (PostgreSQL "))
            && found.out.contains("  table subscription_history is new: ("),
        "{}",
        found.out
    );
    // A revision, and the database that has it.
    succeed(folder, &["--url", &database.url, "upgrade", "head"]);
    let same = diff(&["head", "live"]);
    assert_eq!(same.code, Some(0), "{}{}", same.out, same.err);
    assert!(same.out.contains("no difference"), "{}", same.out);
    cluster().psql(
        &database.name,
        "ALTER TABLE users ADD COLUMN drifted int; ALTER TABLE users OWNER TO pg_monitor",
    );
    let drifted = diff(&["head", "live", "--format", "json"]);
    assert_eq!(drifted.code, Some(1), "{}", drifted.err);
    let report: serde_json::Value = serde_json::from_str(&drifted.out).expect("JSON");
    assert_eq!(
        (&report["before"], &report["after"], &report["left_out"]),
        (
            &"head".into(),
            &"live".into(),
            &serde_json::json!(["order", "access"])
        )
    );
    let sentences: Vec<_> = report["differences"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["sentence"].clone())
        .collect();
    assert_eq!(sentences, ["column users.drifted is new: integer"]);
    // An environment that is the same database.
    let output = command()
        .current_dir(folder)
        .env("STAGING_DATABASE_URL", &database.url)
        .args([
            "--url",
            &database.url,
            "catalog",
            "--diff",
            "env:staging",
            "live",
        ])
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let unknown = diff(&["live", "env:nobody"]);
    assert_eq!(unknown.code, Some(1), "{}", unknown.out);
    assert!(unknown.err.contains("nobody"), "{}", unknown.err);
    let one = diff(&["head"]);
    assert_eq!(one.code, Some(2), "{}", one.err);
}
