//! Versioned views: the new version has a schema in its search_path, and an explicit NULL is one, whoever writes it.

use super::place::Place;
use super::*;
use sqlx::{Column, Connection, PgConnection, Row};

/// What a session of the new version begins with.
const NEW: &str = "SET search_path = v42, public; ";

/// The kinds of changes that may have a schema for the new version.
fn is_versioned(case: &Case) -> bool {
    let values = case.fields.iter();
    let values = values.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Kind::fill(case.kind, &values.collect()).is_ok_and(|kind| kind.takes_view_schema())
}

#[test]
fn the_kinds_with_two_sides_may_have_views() {
    let kinds: Vec<&str> = CASES
        .iter()
        .filter(|case| is_versioned(case))
        .map(|case| case.name)
        .collect();
    assert_eq!(
        kinds,
        [
            "rename-column",
            "rename-column of a column with a default",
            "rename-column, names that are quoted",
            "change-type with a new name",
            "split-column",
            "merge-columns",
            "rename-enum-value",
            "remove-enum-value with a new name",
        ]
    );
}

#[test]
fn a_change_with_views_ends_as_the_plain_migration_does_and_is_undone_step_by_step() {
    each(|case| {
        if is_versioned(case) {
            goes_step_by_step(case, &Stage::with(case, Some("v42")));
        }
    });
}

#[test]
fn both_versions_write_between_all_steps_with_views_and_nothing_is_lost() {
    each(|case| {
        if is_versioned(case) {
            is_written_by_both(case, &Stage::with(case, Some("v42")), NEW);
        }
    });
}

/// Writes a change that has a schema for the new version.
fn change(it: &Place, kind: &str, id: &str, table: &str, fields: &[&str]) {
    it.change(
        kind,
        id,
        table,
        &[&["--view-schema", "v42"], fields].concat(),
    );
}

/// Writes the rename of `column` of `table` to `to`.
fn rename(it: &Place, id: &str, table: &str, column: &str, to: &str) {
    let fields = [format!("column={column}"), format!("to={to}")];
    change(it, "rename-column", id, table, &[&fields[0], &fields[1]]);
}

/// What is written by whom, and what both sides of a row are then; row 1 has `a` on both sides, and row 2 is not filled yet.
const RULES: &[(&str, &str, i64, &str)] = &[
    ("", "INSERT INTO t (id, tier) VALUES (9, 'b')", 9, "b b"),
    ("", "INSERT INTO t (id) VALUES (9)", 9, "free free"),
    ("", "INSERT INTO t (id, tier) VALUES (9, NULL)", 9, "- -"),
    ("", "UPDATE t SET tier = NULL WHERE id = 1", 1, "- -"),
    ("", "UPDATE t SET tier = NULL WHERE id = 2", 2, "- -"),
    ("", "UPDATE t SET tier = NULL", 1, "- -"),
    ("", "UPDATE t SET note = 'x' WHERE id = 2", 2, "a a"),
    (
        "",
        "INSERT INTO t (id, tier) VALUES (1, NULL) ON CONFLICT (id) DO UPDATE SET tier = excluded.tier",
        1,
        "- -",
    ),
    (
        "",
        "COPY t (id, tier) FROM PROGRAM 'echo \"9 x\"' (DELIMITER ' ', NULL 'x')",
        9,
        "- -",
    ),
    (
        "",
        "SET session_replication_role = replica; INSERT INTO t (id, tier) VALUES (9, NULL)",
        9,
        "- -",
    ),
    (
        "",
        "SET session_replication_role = replica; INSERT INTO t (id, tier, plan) VALUES (9, 'b', 'b')",
        9,
        "b b",
    ),
    // Who has not the schema and names the new column knows it all the same.
    ("", "INSERT INTO t (id, plan) VALUES (9, 'b')", 9, "b b"),
    (
        "",
        "UPDATE t SET plan = tier WHERE plan IS NULL AND tier IS NOT NULL",
        2,
        "a a",
    ),
    (NEW, "INSERT INTO t (id, plan) VALUES (9, 'b')", 9, "b b"),
    (NEW, "INSERT INTO t VALUES (9, 'b', 'x')", 9, "b b"),
    (NEW, "INSERT INTO t (id) VALUES (9)", 9, "free free"),
    (
        NEW,
        "INSERT INTO t (id, plan) VALUES (9, DEFAULT)",
        9,
        "free free",
    ),
    (NEW, "INSERT INTO t (id, plan) VALUES (9, NULL)", 9, "- -"),
    (
        NEW,
        "INSERT INTO t (id, plan) SELECT n, nullif(n, 9) FROM generate_series(7, 11) n",
        9,
        "- -",
    ),
    (NEW, "UPDATE t SET plan = 'b' WHERE id = 1", 1, "b b"),
    (NEW, "UPDATE t SET plan = 'b' WHERE id = 2", 2, "b b"),
    (NEW, "UPDATE t SET plan = NULL WHERE id = 1", 1, "- -"),
    (NEW, "UPDATE t SET plan = NULL", 1, "- -"),
    (
        NEW,
        "UPDATE t SET plan = DEFAULT WHERE id = 1",
        1,
        "free free",
    ),
    (NEW, "UPDATE t SET note = 'x' WHERE id = 1", 1, "a a"),
    (NEW, "UPDATE t SET note = 'x' WHERE id = 2", 2, "a a"),
    (NEW, "UPDATE t SET plan = plan || '!'", 1, "a! a!"),
    (
        NEW,
        "INSERT INTO t (id, plan) VALUES (1, NULL) ON CONFLICT (id) DO UPDATE SET plan = excluded.plan",
        1,
        "- -",
    ),
    (
        NEW,
        "INSERT INTO t (id, plan) VALUES (1, NULL) ON CONFLICT DO NOTHING",
        1,
        "a a",
    ),
    (
        NEW,
        "COPY public.t (id, plan) FROM PROGRAM 'echo \"9 x\"' (DELIMITER ' ', NULL 'x')",
        9,
        "- -",
    ),
    (
        NEW,
        "COPY public.t (id, plan) FROM PROGRAM 'echo \"9 b\"' (DELIMITER ' ')",
        9,
        "b b",
    ),
    (
        NEW,
        "INSERT INTO public.t (id, tier, plan) VALUES (9, 'b', NULL)",
        9,
        "- -",
    ),
    (
        "SET search_path TO \"$user\", \"v42\", public; ",
        "INSERT INTO t (id, plan) VALUES (9, NULL)",
        9,
        "- -",
    ),
    // A NULL stays one when something else is written, by whomever.
    (
        "",
        "INSERT INTO t (id, tier) VALUES (9, NULL); UPDATE t SET note = 'x' WHERE id = 9",
        9,
        "- -",
    ),
    (
        NEW,
        "INSERT INTO t (id, plan) VALUES (9, NULL); UPDATE t SET note = 'x' WHERE id = 9; RESET search_path; UPDATE t SET note = 'y' WHERE id = 9",
        9,
        "- -",
    ),
];

#[test]
fn a_null_is_one_whoever_writes_it() {
    let it = Place::new(
        "CREATE TABLE t (id bigint PRIMARY KEY, tier text DEFAULT 'free', note text);\nINSERT INTO t VALUES (1, 'a'), (2, 'a');",
    );
    rename(&it, "it", "t", "tier", "plan");
    it.go(&["upgrade", "+1"]);
    it.ask("UPDATE t SET tier = tier WHERE id = 1");
    for (session, sql, row, wanted) in RULES {
        let found = it.ask(&format!(
            "BEGIN; {session}{sql}; SELECT coalesce(tier, '-') || ' ' || coalesce(plan, '-') FROM public.t WHERE id = {row}; ROLLBACK"
        ));
        assert_eq!(found, *wanted, "{session}{sql}");
    }
    // What filled the rows finds nothing more to fill.
    it.go(&["upgrade", "head"]);
    it.ask(&format!("{NEW}UPDATE t SET plan = NULL WHERE id = 2"));
    assert_eq!(
        it.ask("SELECT tier IS NULL AND plan IS NULL FROM t WHERE id = 2"),
        "t"
    );
}

/// What is written by whom to a row that the new version, or the old one, has made, and what is in it then.
const MADE: &[(&str, &str)] = &[
    ("N: INSERT INTO people (id, name) VALUES (9, NULL)", "- - -"),
    (
        "N: INSERT INTO people (id, name) VALUES (9, NULL); O: UPDATE people SET age = 1",
        "- - -",
    ),
    ("O: INSERT INTO people (id) VALUES (9)", "- - ' '"),
    (
        "O: INSERT INTO people (id) VALUES (9); N: UPDATE people SET age = 1",
        "- - ' '",
    ),
    (
        "O: INSERT INTO people (id) VALUES (9); O: UPDATE people SET first = 'A'",
        "'A' - 'A '",
    ),
    (
        "O: INSERT INTO people (id, first, last) VALUES (9, 'A', 'B'); O: UPDATE people SET last = NULL",
        "'A' - 'A '",
    ),
    // What the old side cannot tell stays on the new one until the old one is written.
    (
        "N: INSERT INTO people (id, name) VALUES (9, 'A B C'); O: UPDATE people SET age = 1",
        "'A' 'B' 'A B C'",
    ),
    (
        "N: INSERT INTO people (id, name) VALUES (9, 'A B C'); O: UPDATE people SET first = 'D'",
        "'D' 'B' 'D B'",
    ),
];

#[test]
fn what_both_sides_make_of_a_null_stays() {
    let it = Place::new(
        "CREATE TABLE people (id bigint PRIMARY KEY, first text, last text, age int);\n",
    );
    change(
        &it,
        "merge-columns",
        "it",
        "people",
        &[
            "columns=first, last",
            "to=name",
            "type=text",
            "up=coalesce(first, '') || ' ' || coalesce(last, '')",
            "down=split_part(name, ' ', 1), split_part(name, ' ', 2)",
        ],
    );
    it.go(&["upgrade", "head"]);
    for (sql, wanted) in MADE {
        let own = sql
            .replace("N: ", NEW)
            .replace("O: ", "RESET search_path; ");
        let found = it.ask(&format!(
            "BEGIN; {own}; SELECT concat_ws(' ', coalesce(quote_literal(first), '-'), coalesce(quote_literal(last), '-'), coalesce(quote_literal(name), '-')) FROM public.people; ROLLBACK"
        ));
        assert_eq!(found, *wanted, "{sql}");
    }
}

#[test]
fn what_a_view_cannot_do_goes_to_the_table_by_its_own_schema() {
    let it = Place::new("CREATE TABLE t (id bigint PRIMARY KEY, tier text);\n");
    rename(&it, "it", "t", "tier", "plan");
    it.go(&["upgrade", "head"]);
    for (sql, words) in [
        ("COPY t (id) FROM PROGRAM 'echo 9'", "cannot copy to view"),
        ("TRUNCATE t", "is not a table"),
        (
            "INSERT INTO t (id) VALUES (1) ON CONFLICT ON CONSTRAINT t_pkey DO NOTHING",
            "does not exist",
        ),
        ("SELECT tier FROM t", "does not exist"),
    ] {
        let refused = cluster().try_psql(&it.database.name, &format!("{NEW}{sql}"));
        let error = refused.expect_err(sql);
        assert!(error.contains(words), "{sql}: {error}");
        if !sql.contains("tier") {
            it.ask(&format!(
                "{NEW}{}",
                sql.replacen(" t ", " public.t ", 1)
                    .replace("TRUNCATE t", "TRUNCATE public.t")
            ));
        }
    }
}

#[test]
fn what_another_table_does_to_the_old_side_is_followed_in_sessions_of_the_new_version() {
    let it = Place::new(
        "CREATE TABLE people (id bigint PRIMARY KEY);\nCREATE TABLE t (id bigint PRIMARY KEY, author bigint REFERENCES people ON DELETE SET NULL);\nINSERT INTO people VALUES (1), (2);\nINSERT INTO t VALUES (1, 1), (2, 2);\n",
    );
    rename(&it, "it", "t", "author", "writer");
    it.go(&["upgrade", "head"]);
    it.ask(&format!("{NEW}DELETE FROM people WHERE id = 1"));
    assert_eq!(
        it.ask("SELECT count(*) FROM t WHERE author IS NULL AND writer IS NULL"),
        "1"
    );
}

#[test]
fn a_prepared_statement_goes_from_the_view_to_the_table() {
    let it = Place::new(
        "CREATE TABLE t (id bigint PRIMARY KEY, tier text, note text);\nINSERT INTO t VALUES (1, 'a', 'x');\n",
    );
    rename(&it, "it", "t", "tier", "plan");
    it.go(&["upgrade", "head"]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut connection = runtime
        .block_on(PgConnection::connect(&it.database.url))
        .expect("a connection");
    let mut send = |sql: &'static str| {
        let sent = sqlx::raw_sql(sql).fetch_all(&mut connection);
        let rows = runtime.block_on(sent).expect(sql);
        rows.first().map(|row| {
            let names = row.columns().iter().map(|column| column.name());
            (
                names.collect::<Vec<_>>().join(" "),
                row.get::<String, _>("plan"),
            )
        })
    };
    send("SET search_path = v42, public");
    send("PREPARE all_of_it AS SELECT * FROM t");
    send("PREPARE another AS UPDATE t SET plan = $1");
    let row = |plan: &str| Some(("id plan note".to_owned(), plan.to_owned()));
    assert_eq!(send("EXECUTE all_of_it"), row("a"));
    it.contract("it");
    assert_eq!(send("EXECUTE all_of_it"), row("a"));
    send("EXECUTE another ('b')");
    assert_eq!(send("EXECUTE all_of_it"), row("b"));
}

#[test]
fn a_schema_goes_with_its_last_view() {
    let it = Place::new(
        "CREATE TABLE one (id bigint PRIMARY KEY, a text);\nCREATE TABLE other (id bigint PRIMARY KEY, a text);\n",
    );
    rename(&it, "one", "one", "a", "b");
    rename(&it, "other", "other", "a", "b");
    it.go(&["upgrade", "head"]);
    let views = "SELECT coalesce(string_agg(c.relname, ' ' ORDER BY 1), 'none') FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid WHERE nspname = 'v42' GROUP BY n.oid";
    assert_eq!(it.ask(views), "one other");
    it.contract("one");
    assert_eq!(it.ask(views), "other");
    it.contract("other");
    assert_eq!(it.ask(views), "");
}

/// Roles are of the whole cluster, and other tests make them, too.
const SECURED: &str = "
DO $$ BEGIN CREATE ROLE views_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE views_web; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE views_nobody; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TABLE t (id bigint PRIMARY KEY, who name NOT NULL, tier text DEFAULT 'free');
ALTER TABLE t OWNER TO views_owner;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON t USING (who = current_user);
GRANT SELECT, INSERT, UPDATE ON t TO views_web;
INSERT INTO t VALUES (1, 'views_web', 'a'), (2, 'somebody', 'a');
";

#[test]
fn row_security_and_privileges_are_those_of_whoever_writes() {
    let it = Place::new(SECURED);
    rename(&it, "it", "t", "tier", "plan");
    it.go(&["upgrade", "head"]);
    let as_role = |role: &str, sql: &str| {
        cluster().try_psql(&it.database.name, &format!("SET ROLE {role}; {NEW}{sql}"))
    };
    let refused = |role: &str, sql: &str, words: &str| {
        let error = as_role(role, sql).expect_err(sql);
        assert!(error.contains(words), "{sql}: {error}");
    };
    assert_eq!(as_role("views_web", "SELECT id FROM t").as_deref(), Ok("1"));
    assert_eq!(
        as_role("views_web", "UPDATE t SET plan = NULL RETURNING id").as_deref(),
        Ok("1")
    );
    assert_eq!(
        as_role(
            "views_web",
            "INSERT INTO t VALUES (3, 'views_web', NULL) RETURNING id"
        )
        .as_deref(),
        Ok("3")
    );
    refused(
        "views_web",
        "INSERT INTO t VALUES (4, 'somebody', 'b')",
        "row-level security",
    );
    refused("views_web", "DELETE FROM t", "permission denied");
    refused("views_nobody", "SELECT id FROM v42.t", "permission denied");
    assert_eq!(
        it.ask("SELECT string_agg(concat_ws(' ', id, coalesce(tier, '-'), coalesce(plan, '-')), ', ' ORDER BY id) FROM t"),
        "1 - -, 2 a a, 3 - -"
    );
    // The view is its table's owner's, who sees everything.
    assert_eq!(
        as_role("views_owner", "SELECT count(*) FROM t").as_deref(),
        Ok("3")
    );
    it.contract("it");
    assert_eq!(
        as_role("views_web", "SELECT plan IS NULL FROM t WHERE id = 3").as_deref(),
        Ok("t")
    );
}

/// Who owns the database and the schema is not who owns the table.
const ROLES: &str = "
DO $$ BEGIN CREATE ROLE views_runner LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE views_table; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT views_table TO views_runner;
ALTER SCHEMA public OWNER TO views_runner;
GRANT ALL ON SCHEMA public TO views_table;
";

#[test]
fn who_makes_the_view_need_not_own_the_table() {
    let mut database = database();
    cluster().psql(&database.name, ROLES);
    let owner = format!("ALTER DATABASE {} OWNER TO views_runner", database.name);
    cluster().psql("postgres", &owner);
    database.url = database.url.replace("//postgres@", "//views_runner@");
    let it = Place::on(
        database,
        "CREATE TABLE t (id bigint PRIMARY KEY, tier text);\nALTER TABLE t OWNER TO views_table;\n",
    );
    rename(&it, "it", "t", "tier", "plan");
    let write = format!(
        "SET ROLE views_table; {NEW}INSERT INTO t SELECT coalesce(max(id), 0) + 1, 'b' FROM t"
    );
    it.go(&["upgrade", "head"]);
    it.ask(&write);
    it.go(&["downgrade", "r00"]);
    it.go(&["upgrade", "head"]);
    it.ask(&write);
    it.go(&[
        "change",
        "force",
        "it",
        "--reason",
        "the runner sees no sessions",
    ]);
    it.go(&["change", "contract", "it"]);
    it.go(&["upgrade", "head"]);
    it.ask(&write);
    assert_eq!(it.ask("SELECT count(*) FROM t WHERE plan = 'b'"), "3");
    assert_eq!(
        it.ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'v42'"),
        "0"
    );
}
