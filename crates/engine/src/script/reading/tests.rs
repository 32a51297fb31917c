use crate::finding::{Code, Severity};
use crate::revision::Downgrade;
use crate::script::{Reading, read, write};

const CANONICAL: &str = include_str!("../../../test_data/script/canonical.sql");
const MERGE: &str = include_str!("../../../test_data/script/merge.sql");
const IRREVERSIBLE: &str = include_str!("../../../test_data/script/irreversible.sql");
const LOOSE: &str = include_str!("../../../test_data/script/loose.sql");

fn codes(reading: &Reading) -> Vec<(Code, Severity, u32)> {
    reading
        .findings
        .iter()
        .map(|f| (f.code, f.severity, f.line))
        .collect()
}

#[test]
fn canonical_files_are_written_as_they_were() {
    for text in [CANONICAL, MERGE, IRREVERSIBLE] {
        let reading = read("v/a.sql", text.as_bytes());
        assert_eq!(reading.findings, [], "{text}");
        assert_eq!(write(&reading.script.expect("a script").revision), text);
    }
}

#[test]
fn every_part_of_the_file_is_read() {
    let script = read("v/a.sql", CANONICAL.as_bytes())
        .script
        .expect("a script");
    let revision = &script.revision;
    assert_eq!(revision.id.as_str(), "3f2a9c1b7d40");
    assert_eq!(revision.message, "Add email_verified to users");
    assert_eq!(
        revision.description,
        [
            "The mail job needs it:",
            "  see the ticket.",
            "",
            "No default."
        ]
    );
    assert_eq!(revision.down[0].as_str(), "9b5e1a052466");
    assert_eq!(revision.branch_labels, ["mail", "jobs"]);
    assert_eq!(revision.depends_on, ["1975ea83b712"]);
    assert_eq!(
        revision.author.as_deref(),
        Some("Ana Prado <ana@example.org>")
    );
    assert_eq!(
        revision.create_date.as_deref(),
        Some("2025-11-23 10:30:45.123456")
    );
    assert_eq!(revision.extra, ["Ticket: OPS-5", "Reviewed in March."]);
    assert_eq!(
        &CANONICAL[script.upgrade_at..script.upgrade_at + revision.upgrade.len()],
        revision.upgrade
    );
    assert!(revision.upgrade.starts_with("-- A comment"));
    assert!(revision.upgrade.ends_with(";\n\n"));
    assert_eq!((script.upgrade_line, script.downgrade_line), (18, 28));
    assert_eq!(
        &CANONICAL[script.downgrade_at..],
        revision.sql(crate::revision::Direction::Downgrade)
    );
}

#[test]
fn a_directive_inside_a_body_is_no_section() {
    let script = read("a", CANONICAL.as_bytes()).script.expect("a script");
    assert!(script.revision.upgrade.contains("-- +downgrade\n"));
}

#[test]
fn a_merge_may_be_empty() {
    let revision = read("a", MERGE.as_bytes())
        .script
        .expect("a script")
        .revision;
    assert!(revision.is_merge());
    assert_eq!(revision.upgrade, "\n");
    assert_eq!(revision.downgrade, Downgrade::Sql(String::new()));
}

#[test]
fn what_cannot_be_undone_says_why() {
    let revision = read("a", IRREVERSIBLE.as_bytes())
        .script
        .expect("a script")
        .revision;
    let reason = "the old values are gone".to_owned();
    assert_eq!(revision.downgrade, Downgrade::Impossible { reason });
}

#[test]
fn a_loose_header_is_read_and_made_canonical() {
    let reading = read("a", LOOSE.as_bytes());
    assert_eq!(codes(&reading), [(Code::BadHeader, Severity::Note, 1)]);
    let revision = reading.script.expect("a script").revision;
    assert_eq!(revision.message, "");
    assert_eq!(revision.id.as_str(), "loose_1");
    let down: Vec<&str> = revision.down.iter().map(|id| id.as_str()).collect();
    assert_eq!(down, ["a", "b", "c"]);
    assert_eq!(revision.depends_on, Vec::<String>::new());
    let again = read("a", write(&revision).as_bytes());
    assert_eq!(again.findings, []);
    assert_eq!(again.script.expect("a script").revision, revision);
}

#[test]
fn a_section_without_line_end_is_written_last() {
    let text = "-- m\n-- Revision ID: a\n-- +downgrade\nSELECT 1;\n-- +upgrade\nSELECT 2;";
    let revision = read("a", text.as_bytes())
        .script
        .expect("a script")
        .revision;
    let again = read("a", write(&revision).as_bytes())
        .script
        .expect("a script")
        .revision;
    assert_eq!(again, revision);
}

/// A file of these header lines and sections.
fn file(header: &str, rest: &str) -> String {
    format!("-- m\n--\n{header}\n{rest}")
}

#[test]
fn what_makes_a_file_no_revision() {
    use Code::*;
    let id = "-- Revision ID: a";
    let sections = "-- +upgrade\nSELECT 1;\n-- +downgrade\nSELECT 2;\n";
    let cases = [
        (file("", sections), MissingRevisionId, 1),
        (file("-- Revision ID:", sections), BadHeader, 3),
        (file("-- Revision ID: a-b", sections), BadHeader, 3),
        (
            file(&format!("-- Revision ID: {}", "a".repeat(33)), sections),
            BadHeader,
            3,
        ),
        (
            file("-- Revision ID: a\n-- Revises: head", sections),
            BadHeader,
            4,
        ),
        (
            file("-- Revision ID: a\n-- Revises: b, b", sections),
            BadHeader,
            4,
        ),
        (
            file("-- Revision ID: a\n-- Branch labels: x@y", sections),
            BadHeader,
            4,
        ),
        (
            file("-- Revision ID: a\n-- Revision ID: b", sections),
            DuplicateHeader,
            4,
        ),
        (file(id, "-- +downgrade\nSELECT 1;\n"), MissingUpgrade, 6),
        (
            file(id, &format!("{sections}-- +upgrade\n")),
            DuplicateSection,
            8,
        ),
        (
            file(id, &format!("{sections}-- +downgrade\n")),
            DuplicateSection,
            8,
        ),
        (
            file(id, &format!("SELECT 0;\n{sections}")),
            SqlBeforeSection,
            4,
        ),
        (
            file(id, &format!("-- +commit\n{sections}")),
            UnknownDirective,
            4,
        ),
        (
            file(id, &format!("-- +up\n{sections}")),
            UnknownDirective,
            4,
        ),
        (
            file(id, "-- +upgrade now\n-- +downgrade\n"),
            BadDirective,
            4,
        ),
        (
            file(id, "-- +upgrade\n-- +downgrade none\n"),
            BadDirective,
            5,
        ),
        (
            file(id, "-- +upgrade\n-- +downgrade none: x\nSELECT 1;\n"),
            BadDirective,
            5,
        ),
    ];
    for (text, code, line) in cases {
        let reading = read("a.sql", text.as_bytes());
        assert!(reading.script.is_none(), "{text}");
        assert_eq!(codes(&reading)[0], (code, Severity::Error, line), "{text}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_placed() {
    let reading = read("a.sql", b"-- m\n-- caf\xe9\n");
    assert!(reading.script.is_none());
    let finding = &reading.findings[0];
    assert_eq!(
        (finding.code, finding.line, finding.column),
        (Code::NotUtf8, 2, 7)
    );
    assert_eq!((finding.start, finding.end), (11, 12));
    assert!(
        finding.message.contains("byte 11 (0xe9), on line 2"),
        "{}",
        finding.message
    );
}

#[test]
fn marks_and_line_ends_are_warnings() {
    let text = format!("\u{feff}{}", CANONICAL.replace('\n', "\r\n"));
    let reading = read("a.sql", text.as_bytes());
    assert_eq!(
        codes(&reading),
        [
            (Code::ByteOrderMark, Severity::Warning, 1),
            (Code::CrlfLineEnds, Severity::Warning, 1)
        ]
    );
    let script = reading.script.expect("a script");
    let unix = read("a.sql", CANONICAL.as_bytes())
        .script
        .expect("a script");
    assert_eq!(
        script.revision.upgrade,
        unix.revision.upgrade.replace('\n', "\r\n")
    );
    assert_eq!(script.revision.description, unix.revision.description);
    assert_eq!(script.upgrade_line, unix.upgrade_line);
    assert!(text["\u{feff}".len()..][script.upgrade_at..].starts_with("-- A comment"));
    let again = read("a.sql", write(&script.revision).as_bytes())
        .script
        .expect("a script");
    assert_eq!(again.revision, script.revision);
}

#[test]
fn a_missing_or_empty_downgrade_is_a_warning() {
    let id = "-- Revision ID: a";
    for (rest, line) in [
        ("-- +upgrade\nSELECT 1;\n", 6),
        ("-- +upgrade\nSELECT 1;\n-- +downgrade\n-- nothing\n", 6),
    ] {
        let reading = read("a", file(id, rest).as_bytes());
        assert_eq!(
            codes(&reading),
            [(Code::MissingDowngrade, Severity::Warning, line)],
            "{rest}"
        );
        assert!(reading.script.is_some());
    }
}

#[test]
fn a_script_with_sql_errors_is_still_a_script() {
    let text = file(
        "-- Revision ID: a",
        "-- +upgrade\nfrobnicate the table;\n-- +downgrade\nSELECT 1;\n",
    );
    let reading = read("a", text.as_bytes());
    assert!(reading.script.is_some());
    assert_eq!(codes(&reading)[0], (Code::SyntaxError, Severity::Error, 5));
}

#[test]
fn a_message_that_looks_like_something_else_stays_a_message() {
    let mut revision = read("a", MERGE.as_bytes())
        .script
        .expect("a script")
        .revision;
    for (message, want) in [
        ("Author: add the column", "Author: add the column"),
        ("Revision ID: x", "> Revision ID: x"),
        ("+upgrade", "> +upgrade"),
        (" two\nlines ", "two lines"),
    ] {
        revision.message = message.to_owned();
        let reading = read("a", write(&revision).as_bytes());
        assert_eq!(reading.script.expect("a script").revision.message, want);
    }
}
