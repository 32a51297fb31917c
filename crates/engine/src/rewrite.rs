//! A revision file's text, changed one part at a time: what is not changed keeps every byte.

use crate::revision::{Downgrade, Revision, Script};
use crate::script;
use std::ops::Range;

/// The header of `revision` as a file begins with it.
fn header(revision: &Revision) -> String {
    let bare = Revision {
        upgrade: String::new(),
        downgrade: Downgrade::Missing,
        ..revision.clone()
    };
    let text = script::write(&bare);
    text.strip_suffix("-- +upgrade\n")
        .unwrap_or(&text)
        .to_owned()
}

/// Where the first section's own line begins in `text`, which was read as `script`.
fn sections_at(text: &str, script: &Script) -> usize {
    let first = if script.downgrade_line == 0 {
        script.upgrade_at
    } else {
        script.upgrade_at.min(script.downgrade_at)
    };
    let before = text.get(..first).unwrap_or(text);
    let before = before.strip_suffix('\n').unwrap_or(before);
    before.rfind('\n').map_or(0, |at| at + 1)
}

/// `text` with the header of `revision` in place of its own.
pub fn with_header(text: &str, script: &Script, revision: &Revision) -> String {
    header(revision) + &text[sections_at(text, script)..]
}

/// `text` with both sections of `revision` in place of its own.
pub fn with_sections(text: &str, script: &Script, revision: &Revision) -> String {
    let written = script::write(revision);
    let own = &text[..sections_at(text, script)];
    own.to_owned() + &written[header(revision).len()..]
}

/// Line feeds only, and no byte order mark: as the editor holds it.
pub fn plain(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.to_owned()
    }
}

/// The smallest single change from `old` to `new`: a range of `old`, and what stands there in `new`.
pub fn splice<'n>(old: &str, new: &'n str) -> Option<(Range<usize>, &'n str)> {
    if old == new {
        return None;
    }
    let start: usize = old
        .chars()
        .zip(new.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let end: usize = old[start..]
        .chars()
        .rev()
        .zip(new[start..].chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    Some((start..old.len() - end, &new[start..new.len() - end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "-- Add a\n--\n-- Revision ID: aa\n-- Revises: bb\n-- Ticket: 5\n\n-- +upgrade\nSELECT 1;\n\n-- +downgrade\nSELECT 2; -- é";

    fn read(text: &str) -> Script {
        script::read("versions/a.sql", text.as_bytes())
            .script
            .expect("a script")
    }

    #[test]
    fn a_new_header_leaves_the_sections_alone() {
        let script = read(FILE);
        let mut revision = script.revision.clone();
        revision.message = "Add b".into();
        revision.down.clear();
        let text = with_header(FILE, &script, &revision);
        assert!(text.starts_with(
            "-- Add b\n--\n-- Revision ID: aa\n-- Revises:\n-- Ticket: 5\n\n-- +upgrade\n"
        ));
        assert!(text.ends_with(&FILE[FILE.find("-- +upgrade").expect("there")..]));
        assert_eq!(read(&text).revision, revision);
    }

    #[test]
    fn new_sections_leave_the_header_alone() {
        let text = FILE.replace("-- Revises: bb", "--   revises:bb");
        let script = read(&text);
        let mut revision = script.revision.clone();
        revision.upgrade = "SELECT 3;\n".into();
        revision.downgrade = Downgrade::Impossible {
            reason: "gone".into(),
        };
        let changed = with_sections(&text, &script, &revision);
        assert!(changed.contains("--   revises:bb\n"));
        assert!(changed.ends_with("-- +upgrade\nSELECT 3;\n-- +downgrade none: gone\n"));
        assert_eq!(read(&changed).revision, revision);
    }

    #[test]
    fn a_file_that_ends_with_its_section_is_changed_too() {
        let text = "-- a\n-- Revision ID: aa\n-- Revises:\n-- +upgrade";
        let script = read(text);
        let mut revision = script.revision.clone();
        revision.message = "b".into();
        assert!(with_header(text, &script, &revision).ends_with("\n-- +upgrade"));
        revision.upgrade = "SELECT 1;\n".into();
        assert!(
            with_sections(text, &script, &revision)
                .ends_with("-- Revises:\n-- +upgrade\nSELECT 1;\n")
        );
    }

    #[test]
    fn the_smallest_change_is_found() {
        assert_eq!(splice("abc", "abc"), None);
        assert_eq!(splice("abc", "axc"), Some((1..2, "x")));
        assert_eq!(splice("aa", "aaa"), Some((2..2, "a")));
        assert_eq!(splice("é", "è"), Some((0..2, "è")));
        assert_eq!(splice("", "x"), Some((0..0, "x")));
    }

    #[test]
    fn text_is_as_the_editor_holds_it() {
        assert_eq!(plain("\u{feff}a\r\nb\rc\n"), "a\nb\nc\n");
    }
}
