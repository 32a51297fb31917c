//! Properties of reading scripts and SQL: nothing panics, overflows or loses a byte.

use cofferdam_engine::finding::Severity;
use cofferdam_engine::revision::{Downgrade, Revision, RevisionId};
use cofferdam_engine::script::{read, write};
use cofferdam_engine::sql::{check, execution, label, split};
use proptest::prelude::*;
use std::path::Path;

/// Pieces of SQL that meet each other in surprising ways.
const PIECES: &[&str] = &[
    "SELECT 1",
    ";",
    ";",
    ";\n",
    "\n",
    " ",
    "'",
    "''",
    "\"",
    "E'",
    "\\",
    "$$",
    "$a$",
    "$",
    "(",
    ")",
    "[",
    "]",
    "/*",
    "*/",
    "--",
    "-- +commit\n",
    "-- +allow x: y\n",
    "\n-- +upgrade\n",
    "\n-- +downgrade\n",
    "-- +downgrade none: so\n",
    "-- +no-transaction\n",
    "-- +x\n",
    "BEGIN",
    " ATOMIC ",
    "END",
    " CASE ",
    "CREATE FUNCTION f() RETURNS int ",
    "CREATE OR REPLACE PROCEDURE ",
    "LANGUAGE sql AS ",
    "LANGUAGE plpgsql ",
    "CREATE INDEX CONCURRENTLY i ON t (a)",
    "VACUUM",
    "COPY t FROM stdin",
    "\\.\n",
    "\r",
    "\r\n",
    "\u{feff}",
    "é",
    "\0",
    "U&\"",
    "N'",
    "X'",
    "1e",
    "0x",
    ".",
    ",",
    "::",
    "- ",
    "+",
    "NOT ",
    " BETWEEN 1 AND ",
    " UNION SELECT ",
    " JOIN ",
    "EXPLAIN ",
    "INSERT INTO t VALUES (",
    "ALTER TABLE t ADD COLUMN c ",
    "DROP TABLE ",
    "CREATE TABLE t (",
    "CREATE RULE r AS ON INSERT TO t DO ALSO (",
    "PREPARE a AS ",
    "WITH a AS (",
    "SET LOCAL ",
    "-- Revision ID: a\n",
    "-- Revises: b\n",
    "-- m\n",
];

fn sql() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn id() -> impl Strategy<Value = RevisionId> {
    any::<u64>().prop_map(RevisionId::from_random)
}

/// One line of words, without white space around it.
fn line() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("a".to_owned()),
        Just("Author:".to_owned()),
        Just("é".to_owned()),
        Just("--".to_owned()),
        Just("(b)".to_owned()),
    ];
    proptest::collection::vec(word, 1..4).prop_map(|words| format!("x {}", words.join(" ")))
}

/// SQL that leaves nothing open, and has no section inside.
fn closed() -> impl Strategy<Value = String> {
    let statement = prop_oneof![
        Just("SELECT 1;\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("DO $$\n-- +downgrade\n$$;\n".to_owned()),
        Just("-- +commit\n/* ; */ SELECT ';'\n".to_owned()),
        Just("-- é\n".to_owned()),
    ];
    proptest::collection::vec(statement, 0..5).prop_map(|statements| statements.concat())
}

prop_compose! {
    fn revision()(
        id in id(),
        down in proptest::collection::btree_set(id(), 0..3),
        depends_on in proptest::collection::vec("[a-z0-9]{1,8}", 0..3),
        branch_labels in proptest::collection::vec("[a-z_-]{1,8}", 0..3),
        message in prop_oneof![Just(String::new()), line()],
        description in proptest::collection::vec(line(), 0..3),
        author in proptest::option::of(line()),
        create_date in proptest::option::of(Just("2025-11-23 10:30:45.123456+02:00".to_owned())),
        extra in proptest::collection::vec(line(), 0..2),
        upgrade in closed(),
        downgrade in prop_oneof![
            closed().prop_map(Downgrade::Sql),
            line().prop_map(|reason| Downgrade::Impossible { reason }),
            Just(Downgrade::Missing),
        ],
    ) -> Revision {
        // The word alone means none.
        let list = |words: Vec<String>| {
            words.into_iter().map(|word| if word == "none" { "some".to_owned() } else { word })
        };
        Revision {
            id,
            down: down.into_iter().collect(),
            depends_on: list(depends_on).collect(),
            branch_labels: list(branch_labels).collect(),
            message,
            description,
            author,
            create_date,
            extra,
            upgrade,
            downgrade,
        }
    }
}

/// Reads it, and where it is a script, writes it and reads it again.
fn round_trip(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Some(script) = read("a.sql", bytes).script else {
        return Ok(());
    };
    let text = write(&script.revision);
    let again = read("a.sql", text.as_bytes());
    prop_assert_eq!(
        again.script.map(|script| script.revision),
        Some(script.revision),
        "{:?} {:#?}",
        text,
        again.findings
    );
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        round_trip(&bytes)?;
    }

    #[test]
    fn any_script_reads_back(sections in sql(), header in sql()) {
        round_trip(sections.as_bytes())?;
        round_trip(format!("{header}\n-- Revision ID: a\n{sections}").as_bytes())?;
        round_trip(format!("-- m\n-- Revision ID: a\n-- +upgrade\n{sections}").as_bytes())?;
    }

    #[test]
    fn a_revision_reads_back(revision in revision()) {
        let text = write(&revision);
        let reading = read("a.sql", text.as_bytes());
        let script = reading.script;
        prop_assert_eq!(script.as_ref().map(|script| &script.revision), Some(&revision), "{}", text);
        prop_assert_eq!(write(&revision), text);
    }

    #[test]
    fn a_changed_file_reads_back(revision in revision(), at in any::<prop::sample::Index>(), piece in sql(), cut in 0usize..8) {
        let mut text = write(&revision);
        let mut start = at.index(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = (start + cut).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.replace_range(start..end, &piece);
        round_trip(text.as_bytes())?;
    }

    #[test]
    fn statements_tile_the_text(sql in prop_oneof![sql(), any::<String>()]) {
        let cut = split(&sql);
        let mut at = 0;
        for statement in &cut.statements {
            prop_assert_eq!(statement.range.start, at);
            prop_assert!(statement.body.start >= at && statement.body.end == statement.range.end);
            let body = &sql[statement.body.clone()];
            prop_assert!(!body.is_empty() && body != ";");
            // What was cut once is cut the same way by itself.
            let part = &sql[statement.range.clone()];
            let again = split(part);
            prop_assert_eq!(again.statements.len(), 1, "{:?} in {:?}", part, &sql);
            prop_assert_eq!(&part[again.statements[0].body.clone()], body);
            if at == 0 || sql[..at].ends_with(['\n', '\r']) {
                prop_assert_eq!(&again.statements[0].directives, &statement.directives);
            }
            prop_assert_eq!(split(body).statements.len(), 1);
            label(body);
            execution(body, &statement.directives);
            at = statement.range.end;
        }
        prop_assert_eq!(cut.trailing, at..sql.len());
    }

    #[test]
    fn findings_lie_in_the_text(before in "[a-zé\n]{0,9}", sql in sql()) {
        let text = format!("{before}{sql}");
        let findings = check("a.sql", &text, before.len()..text.len());
        for finding in &findings {
            prop_assert!(finding.start >= before.len() && finding.end <= text.len());
            prop_assert!(text.get(finding.start..finding.end).is_some(), "{finding:?}");
        }
        prop_assert!(findings.is_sorted_by_key(|finding| (finding.start, finding.code)));
    }
}

/// Checks a text on a stack as small as a browser's.
fn check_on_small_stack(text: String) {
    std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || {
            check("a.sql", &text, 0..text.len());
            label(&text);
            execution(&text, &[]);
        })
        .expect("a thread")
        .join()
        .expect("no panic");
}

#[test]
fn nothing_overflows_a_stack_of_one_megabyte() {
    for (start, unit, end) in [
        ("SELECT ", "(", ")"),
        ("SELECT ", "(SELECT ", ")"),
        ("SELECT 1 ", "FROM (SELECT 1 ", ") x"),
        ("SELECT ", "ARRAY[", "]"),
        ("SELECT ", "CASE WHEN ", " THEN 1 END"),
        ("SELECT ", "a.f((CASE WHEN (SELECT ", ") THEN 1 END))"),
        ("SELECT ", "NOT ", ""),
        ("SELECT ", "- ", ""),
        ("SELECT ", "- + ", ""),
        ("SELECT 1", "+1", ""),
        ("SELECT 1", " + - 1", ""),
        ("SELECT 1", "::int", ""),
        ("SELECT 1", " AND a = 1", ""),
        ("SELECT 1", " OR NOT a", ""),
        ("SELECT 1", " || 'a'", ""),
        ("SELECT 1", " = 1", ""),
        ("SELECT 1", " <= 1", ""),
        ("SELECT 1", " BETWEEN 1 AND 2", ""),
        ("SELECT 1", " BETWEEN 1", " AND 2"),
        ("SELECT a", ".a", ""),
        ("SELECT a", "[1]", ""),
        ("SELECT a", "(1)", ""),
        ("SELECT a", " IS NULL", ""),
        ("SELECT a", " COLLATE \"C\"", ""),
        ("SELECT 1", " UNION ALL SELECT 1, 2", ""),
        ("SELECT 1 FROM a", " JOIN b", " ON true"),
        ("SELECT 1 FROM a", " JOIN b ON true", ""),
        ("", "EXPLAIN ", ""),
        ("", "PREPARE a AS ", ""),
        ("", "WITH a AS (", ") SELECT 1"),
        ("INSERT INTO t VALUES (1)", ", (1)", ""),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $f$ SELECT ",
            "(",
            " $f$",
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS E'SELECT ",
            "\\x28",
            "'",
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT '\n",
            "'(('\n",
            "",
        ),
        (
            "SELECT 1 ",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC ",
            "",
        ),
        ("CREATE FUNCTION f() RETURNS int ", "BEGIN ATOMIC ", "END "),
    ] {
        for n in [100, 190, 400, 900, 5_000] {
            check_on_small_stack(format!("{start}{}1{}", unit.repeat(n), end.repeat(n)));
            check_on_small_stack(format!("{start}{}", unit.repeat(n)));
        }
    }
}

#[test]
fn the_example_project_reads_and_writes_back_byte_for_byte() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/observatory/versions");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the example's folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        let reading = read(&path.display().to_string(), &bytes);
        let errors = reading
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error);
        let errors: Vec<String> = errors.map(ToString::to_string).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let text = write(&reading.script.expect("a script").revision);
        assert_eq!(text.as_bytes(), bytes, "{}", path.display());
        count += 1;
    }
    assert!(count >= 30, "{count} files");
}
