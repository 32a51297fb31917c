use super::check;
use crate::finding::{Code, Finding, Severity};

fn findings(sql: &str) -> Vec<Finding> {
    check("a.sql", sql, 0..sql.len())
}

/// The only finding, and the text that it underlines.
fn one(sql: &str) -> (Code, Severity, &str) {
    let all = findings(sql);
    assert_eq!(all.len(), 1, "{sql}: {all:#?}");
    (all[0].code, all[0].severity, &sql[all[0].start..all[0].end])
}

#[test]
fn what_postgresql_runs_has_no_findings() {
    for sql in [
        "",
        "-- a\n;",
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL);",
        "SAVEPOINT a; ROLLBACK TO a; ROLLBACK TRANSACTION TO SAVEPOINT a; RELEASE a;",
        "ALTER TYPE t ADD VALUE IF NOT EXISTS 'x' BEFORE 'y';",
        "DO $$ BEGIN PERFORM 1; END $$;",
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $f$ SELECT a + 1; $f$;",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT ''a''';",
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'a', 'b';",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b;);",
        "CREATE INDEX CONCURRENTLY i ON t (a);",
        "-- +no-transaction\nCALL p();",
        "-- +allow drop-column: nobody reads it\nALTER TABLE t DROP COLUMN a;",
        "SELECT 1;\n-- +commit\nSELECT 2;",
        "COPY t FROM '/tmp/a';",
        "SELECT 'BEGIN', '\\', 'COPY t FROM stdin';",
        "CREATE VIEW v AS SELECT 1 AS \"end\";",
        "GRANT SELECT ON t TO r; REVOKE ALL ON SCHEMA s FROM PUBLIC;",
        "ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (x) REFERENCES b (id) NOT VALID;",
        "ALTER TABLE a VALIDATE CONSTRAINT c;",
        "ALTER USER u SUPERUSER;",
        "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();",
        "INSERT INTO t (a) VALUES (1), (2) ON CONFLICT (a) DO UPDATE SET a = excluded.a;",
        "CREATE SCHEMA s AUTHORIZATION r CREATE TABLE t (a int) CREATE VIEW v AS SELECT 1;",
    ] {
        assert_eq!(findings(sql), [], "{sql}");
    }
}

#[test]
fn refused_statements_are_underlined() {
    use Code::*;
    for (sql, code, at) in [
        ("BEGIN;", TransactionControl, "BEGIN;"),
        (
            "START TRANSACTION;",
            TransactionControl,
            "START TRANSACTION;",
        ),
        ("-- a\nCOMMIT;", TransactionControl, "COMMIT;"),
        ("END;", TransactionControl, "END;"),
        ("ROLLBACK;", TransactionControl, "ROLLBACK;"),
        ("ABORT;", TransactionControl, "ABORT;"),
        (
            "PREPARE TRANSACTION 'a';",
            TransactionControl,
            "PREPARE TRANSACTION 'a';",
        ),
        (
            "COMMIT PREPARED 'a';",
            TransactionControl,
            "COMMIT PREPARED 'a';",
        ),
        ("\\connect x\nSELECT 1;", PsqlCommand, "\\connect x"),
        ("SELECT 1 \\gexec\n", PsqlCommand, "\\gexec"),
        (
            "COPY t (a, b) FROM STDIN WITH (FORMAT csv);\n1;'2\n\\.\nSELECT 1;",
            CopyFromStdin,
            "COPY t (a, b) FROM STDIN WITH (FORMAT csv);",
        ),
        (
            "COPY (SELECT 1) TO stdout;",
            Unsupported,
            "COPY (SELECT 1) TO stdout;",
        ),
        ("DISCARD ALL;", Unsupported, "DISCARD ALL;"),
        (
            "CREATE INDEX CONCURRENTLY ON t (a);",
            UnnamedConcurrentIndex,
            "CREATE INDEX CONCURRENTLY ON t (a);",
        ),
        ("SELECT 'a\nb", UnterminatedToken, "'a"),
        ("SELECT $x$\nb", UnterminatedToken, "$x$"),
        ("SELECT 1; /* a\nb", UnterminatedToken, "/* a"),
        ("frobnicate the table;", SyntaxError, "frobnicate"),
        ("ALTER TABLE t ADD COLUMN;", SyntaxError, ";"),
        ("CREATE TABLE t (a int,);", SyntaxError, ","),
        ("SELECT\n\u{0}1;", SyntaxError, "\u{0}"),
        ("\u{feff}SELECT 1;", ByteOrderMark, "\u{feff}SELECT"),
        ("-- +comit\nSELECT 1;", UnknownDirective, "-- +comit"),
        ("-- +upgrade\nSELECT 1;", UnknownDirective, "-- +upgrade"),
        ("SELECT\n-- +commit\n1;", UnknownDirective, "-- +commit"),
        (
            "SELECT 1;\n-- +allow a: b",
            UnknownDirective,
            "-- +allow a: b",
        ),
        ("-- +allow a\nSELECT 1;", BadDirective, "-- +allow a"),
        (
            "-- +backfill key=id\nINSERT INTO t SELECT 1;",
            BadDirective,
            "-- +backfill key=id",
        ),
        (
            "-- +backfill batch=5\nUPDATE t SET a = 1;",
            BadDirective,
            "-- +backfill batch=5",
        ),
    ] {
        assert_eq!(one(sql), (code, Severity::Error, at), "{sql}");
    }
}

#[test]
fn warnings_are_underlined() {
    use Code::*;
    let long = "a".repeat(64);
    let drop = format!("DROP TABLE {long};");
    assert_eq!(
        one(&drop),
        (IdentifierTooLong, Severity::Warning, long.as_str())
    );
    let accents = format!("DROP TABLE \"{}\";", "é".repeat(32));
    assert!(
        findings(&accents)[0]
            .message
            .contains(&format!("\"{}\"", "é".repeat(31)))
    );
    for (sql, code, at) in [
        ("-- +commit\nSELECT 1;", UnknownDirective, "-- +commit"),
        ("SELECT 1;\n-- +commit\n", UnknownDirective, "-- +commit"),
        ("SELECT 1;\nVACUUM t;", MixedTransactions, "VACUUM t;"),
        (
            "SELECT 1;\n-- +no-transaction\nCALL p();",
            MixedTransactions,
            "CALL p();",
        ),
    ] {
        assert_eq!(one(sql), (code, Severity::Warning, at), "{sql}");
    }
}

#[test]
fn places_are_those_of_the_file() {
    let text = "é\n-- +upgrade\nSELECT 1;\n  SELEC 2;\n";
    let start = text.find("SELECT").expect("the section");
    let found = check("v/a.sql", text, start..text.len());
    assert_eq!(found[0].to_string().split(": ").next(), Some("v/a.sql:4:3"));
    assert_eq!(&text[found[0].start..found[0].end], "SELEC");
}

#[test]
fn syntax_errors_are_sentences() {
    for (sql, want) in [
        ("SELEC 1;", "Syntax error at `SELEC`: expected command."),
        (
            "CREATE INDEX i ON t (a;",
            "Syntax error at `;`: expected `)`.",
        ),
    ] {
        assert_eq!(findings(sql)[0].message, want);
    }
}

#[test]
fn a_misspelt_section_is_told_what_sections_are_called() {
    let all = findings("SELECT 1;\n-- +downgrad\nSELECT 2;");
    assert!(
        all[0]
            .message
            .contains("sections begin with `+upgrade` and `+downgrade`"),
        "{}",
        all[0].message
    );
}

#[test]
fn a_missing_semicolon_is_an_error() {
    for sql in [
        "CREATE TABLE a (b int)\nCREATE TABLE c (d int);",
        "SELECT 1 DROP TABLE a;",
    ] {
        assert_eq!(findings(sql)[0].code, Code::SyntaxError, "{sql}");
    }
}

#[test]
fn errors_in_sql_bodies_are_placed() {
    let sql = "CREATE FUNCTION f() RETURNS int AS $f$\nSELECT 1;\nSELEC 2;\n$f$ LANGUAGE sql;";
    let found = findings(sql);
    assert_eq!((found[0].code, found[0].line), (Code::SyntaxError, 3));
    let other = sql.replace("LANGUAGE sql", "LANGUAGE plpgsql");
    assert_eq!(findings(&other), []);
}

#[test]
fn what_needs_its_transaction_may_not_be_split_from_it() {
    for (first, what) in [
        ("SET LOCAL work_mem = '1MB'", "SET LOCAL"),
        ("LOCK TABLE t", "LOCK TABLE"),
        ("SAVEPOINT a", "SAVEPOINT"),
        ("DECLARE c CURSOR FOR SELECT 1", "A cursor"),
        ("CREATE TEMP TABLE t (a int) ON COMMIT DROP", "A table"),
    ] {
        let sql = format!("{first};\nSELECT 1;\n-- +commit\nSELECT 2;");
        let found = findings(&sql);
        assert_eq!(found.len(), 1, "{sql}: {found:#?}");
        assert_eq!((found[0].code, found[0].line), (Code::SplitTransaction, 1));
        assert!(found[0].message.starts_with(what), "{}", found[0].message);
        assert!(found[0].message.contains("line 4"), "{}", found[0].message);
        let sql = format!("{first};\nVACUUM t;");
        let codes: Vec<Code> = findings(&sql).iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [Code::SplitTransaction, Code::MixedTransactions]);
        let last = format!("SELECT 1;\n-- +commit\n{first};\nSELECT 2;");
        assert_eq!(findings(&last), []);
    }
    let held = "DECLARE c CURSOR WITH HOLD FOR SELECT 1;\n-- +commit\nFETCH c;";
    assert_eq!(findings(held), []);
}

#[test]
fn findings_are_bounded() {
    assert!(findings(&"frobnicate;\n".repeat(1000)).len() <= 100);
}
