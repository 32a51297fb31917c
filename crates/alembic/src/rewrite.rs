//! A Python file's header, changed; everything else keeps every byte.
//!
//! Invariant: a text is given only where reading it back gives the changed header.

use crate::read::{Depth, Source, read};
use crate::settings::Settings;
use crate::write::literal;
use cofferdam_engine::revision::{Revision, Script};
use ruff_python_ast::{Expr, Stmt};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;
use std::ops::Range;

/// `text` with the message, the author and the place in the history of `revision` in place of its own. None where
/// the file's form does not allow it: it is then changed by hand.
pub fn with_header(text: &str, revision: &Revision) -> Option<String> {
    let old = header(text)?.revision;
    let parsed = parse_module(text).ok()?;
    let down: Vec<String> = revision.down.iter().map(ToString::to_string).collect();
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (name, changed, new) in [
        ("down_revision", old.down != revision.down, scalar(&down)),
        (
            "depends_on",
            old.depends_on != revision.depends_on,
            scalar(&revision.depends_on),
        ),
        (
            "branch_labels",
            old.branch_labels != revision.branch_labels,
            tuple(&revision.branch_labels),
        ),
    ] {
        if changed {
            edits.push((value_of(parsed.suite(), name)?, new));
        }
    }
    let in_words = old.down != revision.down
        || old.message != revision.message
        || old.author != revision.author;
    if in_words {
        edits.push(docstring(text, parsed.suite(), revision, &down)?);
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut changed = text.to_owned();
    for (range, new) in edits.into_iter().rev() {
        changed.replace_range(range, &new);
    }
    let read = header(&changed)?.revision;
    let same = read.id == revision.id
        && read.down == revision.down
        && read.depends_on == revision.depends_on
        && read.branch_labels == revision.branch_labels
        && read.message == revision.message
        && read.author == revision.author;
    same.then_some(changed)
}

fn header(text: &str) -> Option<Script> {
    let file = Source {
        path: "a.py",
        bytes: text.as_bytes(),
    };
    read(&[file], &Settings::default(), Depth::Header)
        .pop()?
        .script
}

/// Where the value of a module's variable stands, which is assigned once.
fn value_of(body: &[Stmt], name: &str) -> Option<Range<usize>> {
    let is_name = |target: &Expr| matches!(target, Expr::Name(found) if found.id.as_str() == name);
    let mut values = body.iter().filter_map(|statement| match statement {
        Stmt::Assign(it) if it.targets.iter().any(is_name) => Some(it.value.range()),
        Stmt::AnnAssign(it) if is_name(&it.target) => it.value.as_ref().map(|it| it.range()),
        _ => None,
    });
    let range = values.next()?;
    values
        .next()
        .is_none()
        .then(|| range.start().to_usize()..range.end().to_usize())
}

/// The docstring's own text: its first line, and the lines of it that repeat the header.
fn docstring(
    text: &str,
    body: &[Stmt],
    revision: &Revision,
    down: &[String],
) -> Option<(Range<usize>, String)> {
    let Stmt::Expr(statement) = body.first()? else {
        return None;
    };
    let Expr::StringLiteral(_) = &*statement.value else {
        return None;
    };
    let range = statement.value.range();
    let range = range.start().to_usize()..range.end().to_usize();
    let source = &text[range.clone()];
    let quotes = source.find("\"\"\"").or(source.find("'''"))?;
    let (open, rest) = source.split_at(quotes + 3);
    let (inner, close) = rest.split_at_checked(rest.len().checked_sub(3)?)?;
    let message = literal::inside_quotes(&revision.message);
    let author = revision.author.as_deref().map(literal::inside_quotes);
    let mut lines: Vec<String> = Vec::new();
    let mut is_signed = false;
    for (index, line) in inner.split('\n').enumerate() {
        let key = line.split_once(':').map_or("", |(key, _)| key.trim());
        match key {
            _ if index == 0 => lines.push(message.clone()),
            "Revises" => lines.push(
                format!("Revises: {}", down.join(", "))
                    .trim_end()
                    .to_owned(),
            ),
            "Author" => {
                is_signed = true;
                lines.extend(author.as_ref().map(|author| format!("Author: {author}")));
            }
            _ => lines.push(line.to_owned()),
        }
    }
    if let Some(author) = author.filter(|_| !is_signed) {
        let blank = lines.iter().rev().take_while(|line| line.trim().is_empty());
        let end = lines.len() - blank.count();
        lines.insert(end, format!("Author: {author}"));
        if end + 1 == lines.len() {
            lines.push(String::new());
        }
        if end == 1 {
            lines.insert(1, String::new());
        }
    }
    Some((range, format!("{open}{}{close}", lines.join("\n"))))
}

/// Ids as Alembic writes them: None, one, or a tuple.
fn scalar(items: &[String]) -> String {
    match items {
        [only] => literal::repr(only),
        items => tuple(items),
    }
}

fn tuple(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| literal::repr(item)).collect();
    match items.as_slice() {
        [] => "None".into(),
        [only] => format!("({only},)"),
        several => format!("({})", several.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cofferdam_engine::revision::RevisionId;

    const FILE: &str = "\"\"\"Add a\n\nRevision ID: aa\nRevises: bb\nCreate Date: 2025-01-02 03:04:05\n\nWhy.\n\n\"\"\"\nfrom alembic import op\n\nrevision: str = 'aa'\ndown_revision: Union[str, None] = 'bb'  # kept\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n    op.execute('SELECT 1')  # é\n\n\ndef downgrade():\n    pass\n";

    fn changed(text: &str, change: impl FnOnce(&mut Revision)) -> Option<String> {
        let mut revision = header(text)?.revision;
        change(&mut revision);
        with_header(text, &revision)
    }

    #[test]
    fn what_is_not_changed_keeps_every_byte() {
        assert_eq!(changed(FILE, |_| ()).as_deref(), Some(FILE));
        let message = changed(FILE, |it| it.message = "Add \"b\" \\".into());
        let expected = FILE.replacen("Add a", "Add \"b\" \\\\", 1);
        assert_eq!(message.as_deref(), Some(expected.as_str()));
    }

    #[test]
    fn a_merge_names_its_parents_twice() {
        let id = |text: &str| RevisionId::new(text).expect("an id");
        let merged = changed(FILE, |it| it.down = vec![id("bb"), id("cc")]).expect("a text");
        assert!(merged.contains("Revises: bb, cc\n"), "{merged}");
        assert!(merged.contains("= ('bb', 'cc')  # kept\n"), "{merged}");
        let base = changed(&merged, |it| it.down.clear()).expect("a text");
        assert!(
            base.contains("Revises:\n") && base.contains("= None  # kept\n"),
            "{base}"
        );
    }

    #[test]
    fn an_author_comes_and_goes() {
        let signed = changed(FILE, |it| it.author = Some("Ada".into())).expect("a text");
        assert!(signed.contains("Why.\nAuthor: Ada\n\n\"\"\""), "{signed}");
        let unsigned = changed(&signed, |it| it.author = None);
        assert_eq!(unsigned.as_deref(), Some(FILE));
    }

    #[test]
    fn what_cannot_be_changed_is_left_to_a_person() {
        let computed = FILE.replacen(
            "= 'bb'",
            "= 'b' + 'b'\nif True:\n    down_revision = 'bb'",
            1,
        );
        for text in [computed.as_str(), "revision = 'aa'\n"] {
            let down = changed(text, |it| it.down.clear());
            assert!(down.is_none_or(|it| it == text), "{text}");
        }
    }
}
