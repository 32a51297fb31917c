//! Writing revision files: what is written, and that it means the same.

use cofferdam_alembic::write::{GENERIC, Written, write};
use cofferdam_alembic::{Depth, Settings, Source, read};
use cofferdam_engine::revision::{Direction, Downgrade, Revision, Script};
use cofferdam_engine::{script, sql};
use proptest::prelude::*;

fn native(sections: &str) -> Revision {
    let text = format!(
        "-- Add users\n--\n-- For the shop.\n--\n-- Revision ID: b2\n-- Revises: a1\n-- Author: Ann\n-- Create Date: 2025-10-02 09:14:27.481920\n\n{sections}"
    );
    let reading = script::read("versions/b2.sql", text.as_bytes());
    let script = reading
        .script
        .unwrap_or_else(|| panic!("{:?}", reading.findings));
    script.revision
}

fn python(revision: &Revision, template: Option<&str>) -> Written {
    write(revision, template, &Settings::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn back(text: &str) -> Script {
    let file = Source {
        path: "a.py",
        bytes: text.as_bytes(),
    };
    let reading = read(&[file], &Settings::default(), Depth::Whole).remove(0);
    reading
        .script
        .unwrap_or_else(|| panic!("{text}{:?}", reading.findings))
}

/// The body of `upgrade()`.
fn up(sections: &str) -> String {
    let text = python(&native(sections), None).text;
    let (_, body) = text
        .split_once("    \"\"\"Upgrade schema.\"\"\"\n")
        .expect("upgrade");
    let (body, _) = body.split_once("\n\n\ndef downgrade").expect("downgrade");
    body.to_owned()
}

#[test]
fn a_revision_has_the_form_of_alembics_generic_template() {
    let mut revision = native("-- +upgrade\nALTER TABLE users SET LOGGED;\n\n-- +downgrade\n");
    revision.down = ["a1", "c3"].map(|id| id.parse_id()).into();
    revision.branch_labels = vec!["shop".into()];
    revision.depends_on = vec!["d4".into()];
    let written = python(&revision, None);
    assert_eq!(written.notice, None);
    assert_eq!(
        written.text,
        "\"\"\"Add users\n\nFor the shop.\n\nAuthor: Ann\n\nRevision ID: b2\nRevises: a1, c3\nCreate Date: 2025-10-02 09:14:27.481920\n\n\"\"\"\nfrom typing import Sequence, Union\n\nfrom alembic import op\nimport sqlalchemy as sa\n\n\n# revision identifiers, used by Alembic.\nrevision: str = 'b2'\ndown_revision: Union[str, Sequence[str], None] = ('a1', 'c3')\nbranch_labels: Union[str, Sequence[str], None] = ('shop',)\ndepends_on: Union[str, Sequence[str], None] = 'd4'\n\n\ndef upgrade() -> None:\n    \"\"\"Upgrade schema.\"\"\"\n    op.execute(\"ALTER TABLE users SET LOGGED\")\n\n\ndef downgrade() -> None:\n    \"\"\"Downgrade schema.\"\"\"\n    pass\n"
    );
    let read = back(&written.text).revision;
    assert_eq!(read.description, ["For the shop."]);
    assert_eq!(read.author.as_deref(), Some("Ann"));
}

#[test]
fn statements_are_indented_between_their_tokens_only() {
    assert_eq!(
        up(
            "-- +upgrade\n-- Twice.\n-- +allow drop-column: unused\nSELECT 'a\n  b',\n\n  $$\n;\n$$ -- c\n;\n-- Done.\n"
        ),
        "    # Twice.\n    # +allow drop-column: unused\n    op.execute(\n        \"\"\"\n        SELECT 'a\n  b',\n\n          $$\n;\n$$\n        \"\"\"\n    )\n    # Done."
    );
    assert_eq!(up("-- +upgrade\n-- Nothing.\n"), "    # Nothing.\n    pass");
    assert_eq!(
        up("-- +upgrade\nSELECT E'\\n', ':a', x ~ '\\d';"),
        "    op.execute(r\"SELECT E'\\n', '\\:a', x ~ '\\d'\")"
    );
}

#[test]
fn transactions_stay_as_they_are() {
    let sections = "-- +upgrade\nA;\nCREATE INDEX CONCURRENTLY i ON t (a);\n\nB;\n-- +commit\nC;\nD;\n-- +commit\nE;\n-- +no-transaction\nDO $$ BEGIN COMMIT; END $$;\n-- +downgrade\n";
    assert_eq!(
        up(sections),
        "    op.execute(\"A\")\n    with op.get_context().autocommit_block():\n        op.create_index(\"i\", \"t\", [\"a\"], postgresql_concurrently=True)\n    op.execute(\"B\")\n    with op.get_context().autocommit_block():\n        pass  # ends the transaction\n    op.execute(\"C\")\n    op.execute(\"D\")\n    with op.get_context().autocommit_block():\n        op.execute(\"E\")\n    with op.get_context().autocommit_block():\n        op.execute(\"DO $$ BEGIN COMMIT; END $$\")"
    );
}

#[test]
fn a_downgrade_that_cannot_be_run_raises() {
    let revision = native("-- +upgrade\nA;\n-- +downgrade none: the \"rows\" are gone\n");
    let text = python(&revision, None).text;
    let raises = "    raise NotImplementedError('the \"rows\" are gone')\n";
    assert!(text.ends_with(raises), "{text}");
    let text = python(&native("-- +upgrade\nA;\n"), None).text;
    assert!(text.contains("raise NotImplementedError(\"this revision has no downgrade\")"));
    let text = python(&native("-- +upgrade\n"), None).text;
    assert!(!text.contains("raise"), "{text}");
}

#[test]
fn the_projects_template_is_filled_in_or_it_is_said_why_not() {
    let revision = native("-- +upgrade\nA;\n-- +downgrade\nB;\n");
    let own = "# House style\n'''${message}\n\nCreate Date: ${create_date}\n'''\nfrom alembic import op\n${imports or \"\"}\nrevision = ${ repr(up_revision) }\ndown_revision = ${repr(down_revision)}\nbranch_labels = ${repr(branch_labels)}\ndepends_on = ${depends_on | n}\n\n\ndef upgrade():\n  if True:\n      ${upgrades if upgrades else 'pass'}\n\n\ndef downgrade():\n    ${downgrades if downgrades else \"pass\"}\n";
    let written = python(&revision, Some(own));
    assert_eq!(written.notice, None);
    assert_eq!(
        written.text,
        "# House style\n'''Add users\n\nFor the shop.\n\nAuthor: Ann\n\nCreate Date: 2025-10-02 09:14:27.481920\n'''\nfrom alembic import op\n\nrevision = 'b2'\ndown_revision = 'a1'\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n  if True:\n      op.execute(\"A\")\n\n\ndef downgrade():\n    op.execute(\"B\")\n"
    );
    for (template, told) in [
        ("%if a:\n", "line 1, has `%`"),
        ("a\n<%! x %>\n", "line 2, has `<%`"),
        (
            "${config.get_main_option('x')}",
            "line 1, has `${config.get_main_option('x')}`",
        ),
        ("a\\\nb", "line 1, has `\\` at its end"),
        ("${message", "line 1, has `${`"),
        (
            "revision = 'x'\ndown_revision = None\n",
            "the id is not read back",
        ),
        ("x = 1\n", "the file has no `revision`"),
    ] {
        let written = python(&revision, Some(template));
        assert_eq!(written.text, python(&revision, Some(GENERIC)).text);
        let notice = written.notice.expect("a notice");
        assert!(notice.contains(told), "{notice}");
    }
}

trait ParseId {
    fn parse_id(self) -> cofferdam_engine::revision::RevisionId;
}

impl ParseId for &str {
    fn parse_id(self) -> cofferdam_engine::revision::RevisionId {
        cofferdam_engine::revision::RevisionId::new(self).expect("an id")
    }
}

/// Pieces of SQL with everything that is special to SQL, to Python or to SQLAlchemy.
const PIECES: [&str; 34] = [
    "SELECT ",
    "a ",
    "1",
    "'",
    "''",
    "\"",
    "\"\"\"",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "$$",
    "$a$",
    ":a",
    "::",
    ":",
    "\\:",
    "%",
    "%(a)s",
    "{",
    "}",
    ";",
    "-- c\n",
    "/* c */",
    "E'",
    "\u{e9}",
    "a\u{2028}b",
    "(",
    ")",
    "'''",
    "r'",
    "\u{7f}",
    "-- +commit\n",
    "DO ",
];

/// A piece of SQL that is whole, whatever is in it; or as it is.
fn piece() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..6);
    (pieces, 0..4).prop_map(|(pieces, form)| {
        let text = pieces.concat();
        match form {
            0 => text,
            1 => sql::literal(&text),
            2 => format!("$q${text}$q$"),
            _ => format!("\"{}\"", text.replace('"', "\"\"")),
        }
    })
}

proptest! {
    #[test]
    fn any_sql_survives(pieces in prop::collection::vec(piece(), 0..12)) {
        let text = format!("{}\n", pieces.join(" "));
        // A text that never ends is shown and never run.
        let end = format!("{text}\n;SELECT 0;");
        let split = sql::split(&end);
        let last = split.statements.last().map(|last| &end[last.body.clone()]);
        if last == Some("SELECT 0;") {
            let mut revision = native("-- +upgrade\n");
            revision.upgrade = text.clone();
            revision.downgrade = Downgrade::Sql(text.clone());
            let script = back(&python(&revision, None).text);
            for direction in [Direction::Upgrade, Direction::Downgrade] {
                let read = script.revision.sql(direction);
                let bare = |statement: &str| format!("{}\n;", statement.trim_end_matches(';'));
                let bodies = |text: &str| -> Vec<String> {
                    let split = sql::split(text);
                    split.statements.iter().map(|it| bare(&text[it.body.clone()])).collect()
                };
                let (ours, theirs) = (bodies(&text), bodies(read));
                prop_assert_eq!(ours.len(), theirs.len());
                for (ours, theirs) in ours.iter().zip(&theirs) {
                    prop_assert!(sql::same_tokens(ours, theirs), "{} | {}", ours, theirs);
                }
            }
        }
    }

    #[test]
    fn any_words_survive(message in any::<String>(), line in any::<String>(), author in "[a-z\"'\\\\ ]{0,12}") {
        let mut revision = native("-- +upgrade\n");
        revision.message = message;
        revision.description = vec![line];
        revision.author = Some(author).filter(|author| !author.trim().is_empty());
        python(&revision, None);
    }
}
