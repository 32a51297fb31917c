//! SQL of a change that a person wrote otherwise: it stands in the change's file, and in its phases.

use super::change;
use cofferdam_engine::change::{Change, Edit, Phase, phases, unedited};
use cofferdam_engine::revision::RevisionId;

fn rename() -> Change {
    change("rename-column", &[("column", "tier"), ("to", "plan")]).expect("a change")
}

/// The rename with other SQL in its contract.
fn edited() -> Change {
    let mut change = rename();
    let all = phases(&change).expect("phases");
    let part = all.of(Phase::Contract).next().expect("a contract");
    let upgrade = format!("-- Agreed with the team.\n{}", part.upgrade);
    let edit = Edit::new(part, upgrade, part.downgrade.clone()).expect("an edit");
    change.edits.push(edit);
    change
}

#[test]
fn what_was_edited_stands_in_the_phases_and_in_the_file() {
    let change = edited();
    let read = Change::read(change.id.clone(), &change.write()).expect("a file");
    assert_eq!(read, change);
    let (with, without) = (phases(&read).unwrap(), unedited(&read).unwrap());
    assert_eq!(without, phases(&rename()).unwrap());
    for (one, other) in with.parts.iter().zip(&without.parts) {
        let is_edited = read.edits[0].is_for(other);
        assert_eq!(one != other, is_edited, "{}", one.message);
        assert_eq!(
            one.upgrade.starts_with("-- Agreed with the team.\n"),
            is_edited
        );
        assert_eq!(one.downgrade, other.downgrade);
    }
    assert_eq!(with.notes, without.notes);
}

#[test]
fn an_edit_is_for_the_sql_that_it_was_made_of_and_for_no_other() {
    let mut change = edited();
    change.kind = rename_to("level");
    let found = phases(&change).expect("phases");
    assert_eq!(found.parts, unedited(&change).unwrap().parts);
    let note = found.notes.last().expect("a note");
    assert!(
        note.contains("The SQL of contract") && note.contains("edit it again"),
        "{note}"
    );
    // A revision that is written has the SQL that was written.
    let id = RevisionId::new("abc").expect("an id");
    change.written.push((Phase::Contract, id));
    let found = phases(&change).expect("phases");
    assert_eq!(found.notes, unedited(&change).unwrap().notes);
}

fn rename_to(name: &str) -> cofferdam_engine::change::Kind {
    let change = change("rename-column", &[("column", "tier"), ("to", name)]);
    change.expect("a change").kind
}

#[test]
fn what_cannot_be_a_section_is_refused() {
    let all = phases(&rename()).expect("phases");
    let part = &all.parts[0];
    for (upgrade, downgrade) in [
        ("SELECT 1;\n-- +downgrade\nSELECT 2;", "SELECT 3;"),
        ("SELECT 1;", "SELECT 2;\n-- +upgrade\nSELECT 3;"),
        ("", "SELECT 1;"),
        ("SELECT 1;", " \n"),
    ] {
        let edit = Edit::new(part, upgrade.into(), downgrade.into());
        let words = edit.expect_err(upgrade).0;
        assert!(words.contains("cannot stand in it"), "{words}");
    }
    assert!(Edit::new(part, "SELECT 1".into(), "SELECT 2".into()).is_ok());
}
