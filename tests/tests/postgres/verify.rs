//! `cofferdam verify` and `identify` on a throwaway PostgreSQL.

use cofferdam_tests::binary::{Printed, run, succeed};
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;
use serde_json::Value;
use std::path::Path;

const TOML: &str = "[project]\nname = \"proofs\"\n";

/// A project of revisions: id, parents, upgrade, and the downgrade section's lines.
fn revisions(list: &[(&str, &str, &str, &str)]) -> tempfile::TempDir {
    let files = list.iter().map(|(id, down, upgrade, downgrade)| {
        let text = format!(
            "-- revision {id}\n--\n-- Revision ID: {id}\n-- Revises: {down}\n\n-- +upgrade\n{upgrade}\n\n{downgrade}\n"
        );
        (format!("versions/{id}.sql"), text)
    });
    let files: Vec<(String, String)> = files.collect();
    let mut all = vec![("cofferdam.toml", TOML)];
    all.extend(
        files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    );
    project::of(&all)
}

fn verify(folder: &Path, more: &[&str]) -> Printed {
    let bin = cluster().bin().display().to_string();
    let mut arguments = vec!["--pg-bin", &bin, "verify"];
    arguments.extend(more);
    run(folder, &arguments)
}

fn json(printed: &Printed) -> Value {
    serde_json::from_str(&printed.out).unwrap_or_else(|_| panic!("{}{}", printed.out, printed.err))
}

/// The verdict of each revision, with the sentences of its differences.
fn verdicts(report: &Value) -> Vec<(String, String)> {
    let revisions = report["revisions"].as_array().expect("revisions");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let found = revisions
        .iter()
        .map(|one| (text(&one["revision"]), text(&one["verdict"])));
    found.collect()
}

fn revision<'r>(report: &'r Value, id: &str) -> &'r Value {
    let revisions = report["revisions"].as_array().expect("revisions");
    revisions
        .iter()
        .find(|one| one["revision"] == id)
        .expect("the revision")
}

#[test]
fn the_example_is_proved_and_what_it_loses_is_named() {
    let project = project::example("observatory");
    let printed = verify(project.path(), &["--format", "json"]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.out, printed.err);
    let report = json(&printed);
    assert_eq!(
        (&report["format"], &report["totals"]["revisions"]),
        (&1.into(), &30.into())
    );
    assert_eq!(report["seed"]["after"], "782ba409672f");
    // Undoing a rename of values cannot tell which rows had them.
    let lossy = revision(&report, "13342d0a1b93");
    assert_eq!(lossy["verdict"], "loses_data", "{lossy}");
    assert_eq!(lossy["lost"][0]["table"], "users");
    let without = verify(project.path(), &["14f966eaec6d", "--format", "json"]);
    let without = json(&without);
    assert_eq!(without["totals"]["revisions"], 1);
    assert_eq!(without["seed"], Value::Null);
    // Nothing of the throwaway PostgreSQL is left.
    let left = std::fs::read_dir(project.path().join(".cofferdam")).expect("the folder");
    let left: Vec<_> = left.flatten().map(|entry| entry.file_name()).collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().starts_with("scratch-")),
        "{left:?}"
    );
}

#[test]
fn each_revision_is_judged_and_one_bad_one_spoils_no_other() {
    let project = revisions(&[
        (
            "a1",
            "",
            "CREATE TABLE t (id integer PRIMARY KEY, a text, b text);",
            "-- +downgrade\nDROP TABLE t;",
        ),
        (
            "b1",
            "a1",
            "INSERT INTO t VALUES (1, 'x', 'y'), (2, 'u', 'v');",
            "-- +downgrade\nDELETE FROM t;",
        ),
        (
            "c1",
            "b1",
            "ALTER TABLE t DROP COLUMN a;",
            "-- +downgrade\nALTER TABLE t ADD COLUMN a text;",
        ),
        (
            "d1",
            "c1",
            "CREATE INDEX ib ON t (b);\nCREATE TABLE u (x integer);",
            "-- +downgrade\nDROP TABLE u;",
        ),
        ("e1", "d1", "CREATE TABLE e (x integer);", ""),
        (
            "f1",
            "e1",
            "CREATE TABLE f (x integer);",
            "-- +downgrade\n-- later",
        ),
        (
            "g1",
            "f1",
            "DROP TABLE f;",
            "-- +downgrade none: its rows are gone",
        ),
        (
            "h1",
            "g1",
            "CREATE TABLE h (x integer);",
            "-- +downgrade\nDROP TABLE hh;",
        ),
        (
            "i1",
            "h1",
            "CREATE INDEX CONCURRENTLY ic ON t (b);",
            "-- +downgrade\nDROP INDEX CONCURRENTLY ic;",
        ),
        (
            "j1",
            "i1",
            "CREATE TABLE j (x integer);\nCREATE INDEX jj ON j (x);",
            "-- +downgrade\nDROP INDEX CONCURRENTLY jj;\nDROP TABLE jx;",
        ),
        (
            "k1",
            "j1",
            "ALTER TABLE t ADD COLUMN k integer;",
            "-- +downgrade\nALTER TABLE t DROP COLUMN k;\nALTER TABLE t ALTER COLUMN b TYPE varchar(100);",
        ),
        (
            "l1",
            "k1",
            "CREATE ROLE verified;\nGRANT SELECT ON t TO verified;\nCOMMENT ON TABLE t IS 'x';",
            "-- +downgrade\nREVOKE ALL ON t FROM verified;\nCOMMENT ON TABLE t IS NULL;\nDROP ROLE verified;",
        ),
        (
            "m1",
            "l1",
            "CREATE TABLE t (x integer);",
            "-- +downgrade\nDROP TABLE t;",
        ),
        (
            "n1",
            "m1",
            "CREATE TABLE n (x integer);",
            "-- +downgrade\nDROP TABLE n;",
        ),
        ("o1", "l1", "SELECT 1;", "-- +downgrade\nDROP INDEX ib;"),
        ("p1", "o1", "", ""),
    ]);
    let printed = verify(project.path(), &["--format", "json"]);
    assert_eq!(printed.code, Some(1), "{}", printed.err);
    let report = json(&printed);
    let expected = [
        ("a1", "reversible"),
        ("b1", "reversible"),
        ("c1", "loses_data"),
        ("d1", "not_inverse"),
        ("e1", "missing_downgrade"),
        ("f1", "missing_downgrade"),
        ("g1", "irreversible"),
        ("h1", "fails"),
        ("i1", "reversible"),
        ("j1", "fails"),
        ("k1", "not_inverse"),
        ("l1", "reversible"),
        ("m1", "fails"),
        ("n1", "not_reached"),
        ("o1", "not_inverse"),
        ("p1", "missing_downgrade"),
    ];
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|(id, verdict)| ((*id).to_owned(), (*verdict).to_owned()))
        .collect();
    assert_eq!(verdicts(&report), expected);
    let lost = &revision(&report, "c1")["lost"][0];
    assert_eq!(
        (&lost["table"], &lost["rows"], &lost["lost"]),
        (&"t".into(), &2.into(), &2.into())
    );
    let sentence = |id: &str| {
        revision(&report, id)["down"][0]["sentence"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        sentence("d1"),
        "index ib on t is new: CREATE INDEX ib ON public.t USING btree (b)"
    );
    assert_eq!(
        sentence("k1"),
        "column t.b: type changed from text to character varying(100)"
    );
    assert_eq!(
        sentence("o1"),
        "index ib on t is gone: CREATE INDEX ib ON public.t USING btree (b)"
    );
    let failed = revision(&report, "j1");
    assert_eq!(
        (&failed["leg"], &failed["refused"]["line"]),
        (&"down".into(), &12.into())
    );
    assert_eq!(revision(&report, "n1")["after"], "m1");
    assert_eq!(report["totals"]["fine"], 6);

    let text = verify(project.path(), &["b1:d1"]);
    assert_eq!(text.code, Some(1));
    let lines: Vec<&str> = text.out.lines().collect();
    assert_eq!(lines[0], "c1  loses data        revision c1");
    assert_eq!(
        lines[1],
        "    t: 2 of 2 rows are gone or came back with other values"
    );
    assert!(text.out.contains("index ib on t is new"), "{}", text.out);
}

#[test]
fn what_statements_do_is_measured() {
    let project = revisions(&[
        (
            "a1",
            "",
            "CREATE TABLE t (id integer, a varchar(10));\nINSERT INTO t SELECT n, n FROM generate_series(1, 500) n;",
            "-- +downgrade\nDROP TABLE t;",
        ),
        (
            "b1",
            "a1",
            "ALTER TABLE t ALTER COLUMN id TYPE bigint;\nUPDATE t SET a = 'x';",
            "-- +downgrade\nALTER TABLE t ALTER COLUMN id TYPE integer;",
        ),
        (
            "c1",
            "b1",
            "CREATE INDEX CONCURRENTLY j ON t (id);",
            "-- +downgrade\nDROP INDEX j;",
        ),
        (
            "d1",
            "c1",
            "CREATE INDEX i ON t (a);",
            "-- +downgrade\nDROP INDEX i;",
        ),
    ]);
    let report = json(&verify(project.path(), &["a1:heads", "--format", "json"]));
    let legs = &revision(&report, "b1")["legs"];
    let steps = legs[0]["steps"].as_array().expect("steps");
    assert_eq!(
        steps[0]["measured"]["rewritten"],
        serde_json::json!(["public.t"])
    );
    assert_eq!(
        steps[0]["measured"]["locks"],
        serde_json::json!([{"relation": "public.t", "mode": "access-exclusive"}])
    );
    assert!(
        steps[0]["measured"]["wal_bytes"]
            .as_u64()
            .is_some_and(|bytes| bytes > 10_000),
        "{}",
        steps[0]
    );
    assert_eq!(
        revision(&report, "d1")["legs"][0]["steps"][0]["measured"]["locks"],
        serde_json::json!([{"relation": "public.t", "mode": "share"}])
    );
    assert_eq!(
        (&steps[1]["rows"], &steps[1]["line"]),
        (&500.into(), &8.into())
    );
    let concurrent = &revision(&report, "c1")["legs"][0]["steps"][0];
    assert_eq!(concurrent["measured"], Value::Null);
}

/// Definitions that mention each other: renaming one changes the words of the others.
#[test]
fn following_the_schema_step_by_step_misses_nothing() {
    let none = "-- +downgrade none: a test";
    let project = revisions(&[
        (
            "a1",
            "",
            "CREATE TYPE mood AS ENUM ('a');\nCREATE DOMAIN d AS integer CONSTRAINT low CHECK (value > 0);\nCREATE TABLE t (id integer PRIMARY KEY, m mood, d d, parent integer REFERENCES t);\nCREATE VIEW v AS SELECT id, m FROM t;\nCREATE FUNCTION f(x mood) RETURNS integer LANGUAGE sql AS 'SELECT 1';\nCREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;\nCREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch();\nCREATE POLICY p ON t USING (f(m) > 0);\nCREATE INDEX i ON t (m);\nCOMMENT ON FUNCTION f IS 'x';\nCOMMENT ON TYPE mood IS 'x';\nCREATE SEQUENCE s OWNED BY t.id;\nALTER TABLE t ALTER COLUMN parent SET DEFAULT nextval('s');",
            none,
        ),
        (
            "b1",
            "a1",
            "ALTER TABLE t RENAME TO people;",
            "-- +downgrade\nALTER TABLE people RENAME TO t;",
        ),
        (
            "c1",
            "b1",
            "ALTER TABLE people RENAME COLUMN id TO number;",
            "-- +downgrade\nALTER TABLE people RENAME COLUMN number TO id;",
        ),
        (
            "d1",
            "c1",
            "ALTER TYPE mood RENAME TO feeling;",
            "-- +downgrade\nALTER TYPE feeling RENAME TO mood;",
        ),
        (
            "e1",
            "d1",
            "ALTER FUNCTION f RENAME TO g;\nALTER FUNCTION touch RENAME TO tip;",
            "-- +downgrade\nALTER FUNCTION g RENAME TO f;\nALTER FUNCTION tip RENAME TO touch;",
        ),
        (
            "f1",
            "e1",
            "ALTER SEQUENCE s RENAME TO numbers;\nALTER INDEX i RENAME TO j;",
            "-- +downgrade\nALTER SEQUENCE numbers RENAME TO s;\nALTER INDEX j RENAME TO i;",
        ),
        (
            "g1",
            "f1",
            "DROP TRIGGER tr ON people;\nDROP POLICY p ON people;\nDROP INDEX j;\nCOMMENT ON FUNCTION g IS NULL;\nCOMMENT ON TYPE feeling IS NULL;\nALTER DOMAIN d DROP CONSTRAINT low;",
            none,
        ),
        (
            "h1",
            "g1",
            "CREATE SCHEMA other;\nALTER TABLE people SET SCHEMA other;\nALTER SCHEMA other RENAME TO others;",
            "-- +downgrade\nALTER SCHEMA others RENAME TO other;\nALTER TABLE other.people SET SCHEMA public;\nDROP SCHEMA other;",
        ),
        (
            "i1",
            "h1",
            "CREATE ROLE one_verified;\nGRANT SELECT (number) ON others.people TO one_verified;\nALTER ROLE one_verified RENAME TO two_verified;",
            "-- +downgrade\nREVOKE SELECT (number) ON others.people FROM two_verified;\nDROP ROLE two_verified;",
        ),
        (
            "j1",
            "i1",
            "CREATE EXTENSION hstore;\nALTER TYPE feeling ADD VALUE 'b';\nDROP VIEW v;",
            none,
        ),
    ]);
    let printed = verify(project.path(), &["--format", "json"]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.out, printed.err);
    let report = json(&printed);
    for (id, verdict) in verdicts(&report) {
        let irreversible = ["a1", "g1", "j1"].contains(&id.as_str());
        assert_eq!(
            verdict,
            if irreversible {
                "irreversible"
            } else {
                "reversible"
            },
            "{id}"
        );
    }
}

#[test]
fn what_needs_python_stops_what_stands_on_it() {
    let revision = |id: &str, down: &str, upgrade: &str| {
        format!(
            "revision = '{id}'\ndown_revision = {down}\nfrom alembic import op\nimport sqlalchemy as sa\nimport secret\ndef upgrade():\n    {upgrade}\ndef downgrade():\n    op.execute('DROP TABLE t_{id}')\n"
        )
    };
    let (one, two, three, four) = (
        revision(
            "a1",
            "None",
            "op.create_table('t_a1', sa.Column('id', sa.Integer))",
        ),
        revision("b1", "'a1'", "secret.run(op.get_bind())"),
        revision("c1", "'b1'", "op.execute('CREATE TABLE t_c1 ()')"),
        revision("d1", "'a1'", "op.execute('CREATE TABLE t_d1 ()')"),
    );
    let project = project::of(&[
        ("alembic.ini", "[alembic]\nscript_location = db\n"),
        ("db/env.py", ""),
        ("db/versions/a1.py", &one),
        ("db/versions/b1.py", &two),
        ("db/versions/c1.py", &three),
        ("db/versions/d1.py", &four),
    ]);
    let printed = verify(project.path(), &["--format", "json"]);
    assert_eq!(printed.code, Some(1), "{}{}", printed.out, printed.err);
    let report = json(&printed);
    let mut found = verdicts(&report);
    found.sort();
    let verdict = |at: usize| found[at].1.as_str();
    assert_eq!(
        [verdict(0), verdict(1), verdict(2), verdict(3)],
        ["reversible", "needs_python", "not_reached", "reversible"]
    );
    let text = verify(project.path(), &[]).out;
    assert!(
        text.contains("the upgrade cannot be known without running Python: db/versions/b1.py:7:"),
        "{text}"
    );
    assert!(
        text.contains("it stands on b1, which could not be applied"),
        "{text}"
    );
}

#[test]
fn heads_commute_or_not() {
    let base = (
        "a1",
        "",
        "CREATE TABLE t (id integer);",
        "-- +downgrade\nDROP TABLE t;",
    );
    let heads = |left: &str, right: &str| {
        let project = revisions(&[base, ("b1", "a1", left, ""), ("c1", "a1", right, "")]);
        let printed = verify(project.path(), &["--heads", "--format", "json"]);
        (printed.code, json(&printed)["pairs"][0].clone())
    };
    let (code, pair) = heads("ALTER TABLE t ADD COLUMN b integer;", "CREATE TABLE u ();");
    assert_eq!(
        (code, &pair["verdict"]),
        (Some(0), &"commutes".into()),
        "{pair}"
    );
    let (code, pair) = heads(
        "ALTER TABLE t ADD COLUMN b integer;",
        "ALTER TABLE t ADD COLUMN c integer;",
    );
    assert_eq!(
        (code, &pair["verdict"]),
        (Some(0), &"commutes".into()),
        "{pair}"
    );
    assert_eq!(pair["columns"][0]["layer"], "order");
    let (code, pair) = heads(
        "ALTER TABLE t ALTER COLUMN id SET DEFAULT 1;",
        "ALTER TABLE t ALTER COLUMN id SET DEFAULT 2;",
    );
    assert_eq!(
        (code, &pair["verdict"]),
        (Some(1), &"order_matters".into()),
        "{pair}"
    );
    assert_eq!(
        pair["differences"][0]["sentence"],
        "column t.id: default changed from 2 to 1"
    );
    let (code, pair) = heads("CREATE TABLE u ();", "CREATE TABLE u (x integer);");
    assert_eq!(
        (code, &pair["verdict"]),
        (Some(1), &"conflicts".into()),
        "{pair}"
    );
    assert_eq!(
        (&pair["revision"], &pair["after"]),
        (&"c1".into(), &"b1".into())
    );
    assert_eq!(pair["refused"]["error"]["code"], "42P07");
}

#[test]
fn a_database_is_found_in_the_history_by_its_schema() {
    let project = project::example("observatory");
    let database = database();
    let bin = cluster().bin().display().to_string();
    let url = ["--url", &database.url];
    let identify = |more: &[&str]| {
        let mut arguments = vec!["--pg-bin", &bin, url[0], url[1], "identify"];
        arguments.extend(more);
        run(project.path(), &arguments)
    };
    succeed(project.path(), &[url[0], url[1], "upgrade", "9b5e1a052466"]);
    let printed = identify(&[]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.out, printed.err);
    assert!(
        printed
            .out
            .contains("Its schema is that after 9b5e1a052466\nIts version rows say so too\n"),
        "{}",
        printed.out
    );

    cluster().psql(&database.name, "UPDATE alembic_version SET version_num = '14f966eaec6d'; ALTER TABLE users OWNER TO CURRENT_USER");
    let out = identify(&[]).out;
    assert!(out.contains("Its version rows say 14f966eaec6d: `cofferdam stamp 9b5e1a052466` would make them say so"), "{out}");

    cluster().psql(
        &database.name,
        "ALTER TABLE users ADD COLUMN nickname text; DROP TABLE alembic_version",
    );
    let printed = identify(&["--format", "json"]);
    assert_eq!(printed.code, Some(1));
    let report = json(&printed);
    assert_eq!(
        report["nearest"],
        serde_json::json!([{"heads": ["9b5e1a052466"]}])
    );
    let sentences: Vec<&str> = report["differences"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["sentence"].as_str())
        .collect();
    assert_eq!(sentences, ["column users.nickname is new: text"]);
    assert!(!identify(&[]).out.contains("stamp"));
}

#[test]
fn what_cannot_be_proved_is_refused_in_words() {
    let project = revisions(&[("a1", "", "SELECT 1;", "-- +downgrade\nSELECT 1;")]);
    let printed = verify(project.path(), &["a1:a1"]);
    assert_eq!(
        (printed.code, printed.err.as_str()),
        (Some(1), "error: there is no revision to prove in a1:a1\n")
    );
    std::fs::write(
        project.path().join("rows.sql"),
        "SELECT 1;\nINSERT INTO nowhere VALUES (1);",
    )
    .expect("a file");
    let rows = project.path().join("rows.sql").display().to_string();
    let printed = verify(project.path(), &["--seed", &rows]);
    assert!(
        printed.err.contains("say after which revision"),
        "{}",
        printed.err
    );
    let printed = verify(project.path(), &["--seed", &rows, "--seed-at", "a1"]);
    assert!(
        printed
            .err
            .contains("rows.sql, line 2: relation \"nowhere\" does not exist"),
        "{}",
        printed.err
    );
    let heads = verify(project.path(), &["--heads"]);
    assert_eq!(
        (heads.code, heads.err.as_str()),
        (Some(0), "There is one head (a1): nothing to merge\n")
    );
}
