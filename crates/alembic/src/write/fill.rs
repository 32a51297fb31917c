//! The functions of a Python file, given other bodies; everything else keeps every byte.

use super::body::Body;
use super::difference;
use crate::read::{Depth, Source, read};
use crate::settings::Settings;
use cofferdam_engine::revision::{Downgrade, Revision};
use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;
use std::ops::Range;

/// What the bodies name, and the line that imports it.
const IMPORTS: [(&str, &str); 3] = [
    ("op", "from alembic import op"),
    ("sa", "import sqlalchemy as sa"),
    ("postgresql", "from sqlalchemy.dialects import postgresql"),
];

/// `text` with the statements of `upgrade` and `downgrade` in its functions, each where it is given. None where the file's
/// form does not allow it, or where reading it back would not give them: it is then changed by hand.
pub fn fill(
    text: &str,
    upgrade: Option<&str>,
    downgrade: Option<&Downgrade>,
    settings: &Settings,
) -> Option<String> {
    let old = whole(text, settings)?;
    let revision = Revision {
        upgrade: upgrade.map_or_else(|| old.upgrade.clone(), str::to_owned),
        downgrade: downgrade.cloned().unwrap_or_else(|| old.downgrade.clone()),
        ..old
    };
    let parsed = parse_module(text).ok()?;
    let module: &[Stmt] = parsed.suite();
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    if let Some(sql) = upgrade {
        edits.push(edit(text, module, "upgrade", &Body::of(sql, settings))?);
    }
    if let Some(downgrade) = downgrade {
        let body = match downgrade {
            Downgrade::Sql(sql) => Body::of(sql, settings),
            Downgrade::Impossible { reason } => Body::impossible(reason),
            Downgrade::Missing => Body::default(),
        };
        edits.push(edit(text, module, "downgrade", &body)?);
    }
    edits.extend(imports(module, &edits));
    edits.sort_by_key(|(range, _)| range.start);
    let mut changed = text.to_owned();
    for (range, new) in edits.into_iter().rev() {
        changed.replace_range(range, &new);
    }
    difference(&revision, &changed, settings)
        .is_none()
        .then_some(changed)
}

fn whole(text: &str, settings: &Settings) -> Option<Revision> {
    let file = Source {
        path: "a.py",
        bytes: text.as_bytes(),
    };
    let reading = read(&[file], settings, Depth::Whole).pop()?;
    Some(reading.script?.revision)
}

/// What `body` replaces in the function `name`, which is there once.
fn edit(text: &str, module: &[Stmt], name: &str, body: &Body) -> Option<(Range<usize>, String)> {
    let mut functions = module.iter().filter_map(|statement| match statement {
        Stmt::FunctionDef(function) if function.name.as_str() == name => Some(function),
        _ => None,
    });
    let function = functions.next()?;
    if functions.next().is_some() {
        return None;
    }
    let last = function.body.last()?.end().to_usize();
    let first = function.body.first()?.start().to_usize();
    let line = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..first];
    let stands_alone = before.chars().all(char::is_whitespace);
    let indent = if stands_alone { before } else { "    " };
    let written = body.text(indent).unwrap_or_else(|| "pass".into());
    if let Some(end) = docstring(function) {
        let start = match function.body.get(1) {
            Some(next) => without_comments(text, end, next.start().to_usize()),
            None => return Some((end..end, format!("\n{indent}{written}"))),
        };
        return Some((start..last, written));
    }
    Some(match stands_alone {
        true => {
            let head = function.start().to_usize();
            (without_comments(text, head, first)..last, written)
        }
        false => (first..last, format!("\n{indent}{written}")),
    })
}

fn docstring(function: &StmtFunctionDef) -> Option<usize> {
    let Some(Stmt::Expr(first)) = function.body.first() else {
        return None;
    };
    matches!(*first.value, Expr::StringLiteral(_)).then(|| first.end().to_usize())
}

/// Where the comments begin that stand directly above the statement at `at`, but for Alembic's own; they belong to the
/// statement, which goes. Nothing before `from` is theirs.
fn without_comments(text: &str, from: usize, at: usize) -> usize {
    let mut start = at;
    loop {
        let Some(end) = text[..start].rfind('\n') else {
            return start;
        };
        let line = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let words = text[line..end].trim();
        if line <= from
            || !words.starts_with('#')
            || words.starts_with("###")
            || words.starts_with("# ###")
        {
            return start;
        }
        start = line + (text[line..end].len() - text[line..end].trim_start().len());
    }
}

/// Imports of what the new bodies name and the file does not.
fn imports(module: &[Stmt], edits: &[(Range<usize>, String)]) -> Vec<(Range<usize>, String)> {
    let is_import = |statement: &&Stmt| matches!(statement, Stmt::Import(_) | Stmt::ImportFrom(_));
    let Some(last) = module.iter().rfind(is_import) else {
        return Vec::new();
    };
    let end = last.end().to_usize();
    let is_known = |name: &str| {
        module.iter().any(|statement| {
            let names = match statement {
                Stmt::Import(it) => &it.names,
                Stmt::ImportFrom(it) => &it.names,
                _ => return false,
            };
            names.iter().any(|alias| {
                let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                bound.as_str() == name
            })
        })
    };
    let is_named = |name: &str| {
        let dotted = format!("{name}.");
        edits.iter().any(|(_, new)| new.contains(&dotted))
    };
    let missing = IMPORTS
        .iter()
        .filter(|(name, _)| is_named(name) && !is_known(name));
    missing
        .map(|(_, line)| (end..end, format!("\n{line}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(imports: &str, upgrade: &str, downgrade: &str) -> String {
        format!(
            "\"\"\"Add a\n\nRevision ID: aa\nRevises:\n\n\"\"\"\n{imports}\n\nrevision = 'aa'\ndown_revision = None\nEXTRA = 1  # é\n\n\ndef upgrade() -> None:{upgrade}\n\n\ndef downgrade() -> None:{downgrade}\n"
        )
    }

    const IMPORTED: &str = "from alembic import op\nimport sqlalchemy as sa";

    fn filled(text: &str, upgrade: &str, downgrade: &str) -> Option<String> {
        let downgrade = Downgrade::Sql(downgrade.into());
        fill(text, Some(upgrade), Some(&downgrade), &Settings::default())
    }

    #[test]
    fn statements_take_the_place_of_pass_and_of_statements() {
        let empty = file(
            IMPORTED,
            "\n    \"\"\"Upgrade schema.\"\"\"\n    pass",
            "\n    # ### by Alembic ###\n    pass\n    # ### end ###",
        );
        let up = "-- why\nCREATE TABLE t (a INTEGER);\n\n-- +commit\nCREATE INDEX CONCURRENTLY i ON t (a);\n";
        let down = "DROP TABLE t;\n";
        let once = filled(&empty, up, down).expect("a file");
        let twice = filled(&once, up, down).expect("a file");
        assert_eq!(once, twice);
        assert!(
            once.contains("\"\"\"Upgrade schema.\"\"\"\n    # why\n    op.create_table("),
            "{once}"
        );
        assert!(
            once.contains(
                "    # ### by Alembic ###\n    op.drop_table(\"t\")\n    # ### end ###\n"
            ),
            "{once}"
        );
        assert!(once.contains("EXTRA = 1  # é"), "{once}");
        assert_eq!(filled(&once, "\n", ""), Some(empty));
    }

    #[test]
    fn what_is_named_is_imported() {
        let text = file("from alembic import op", " pass", "\n  \"\"\"Back.\"\"\"");
        let up = "CREATE TABLE t (a INTEGER, b JSONB);\n";
        let text = filled(&text, up, "SELECT 1;\n").expect("a file");
        assert!(
            text.contains(
                "op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\n"
            ),
            "{text}"
        );
        assert!(
            text.contains("\n  \"\"\"Back.\"\"\"\n  op.execute("),
            "{text}"
        );
    }

    #[test]
    fn one_direction_alone_is_changed() {
        let computed =
            "\n    for name in ('a', 'b'):\n        op.execute(f'CREATE TABLE {name} ()')";
        let text = file(IMPORTED, computed, "\n    pass");
        let reason = Downgrade::Impossible {
            reason: "the old \"values\" are gone".into(),
        };
        let filled = fill(&text, None, Some(&reason), &Settings::default()).expect("a file");
        assert!(filled.contains(computed), "{filled}");
        assert!(
            filled.contains("    raise NotImplementedError("),
            "{filled}"
        );
    }

    #[test]
    fn what_cannot_be_changed_is_left_to_a_person() {
        let missing =
            file(IMPORTED, "\n    pass", "\n    pass").replace("def downgrade", "def back");
        let twice = format!(
            "{}\n\ndef upgrade():\n    pass\n",
            file(IMPORTED, "\n    pass", "\n    pass")
        );
        let shadowed = file("op = sa = None", "\n    pass", "\n    pass");
        for text in [missing.as_str(), &twice, &shadowed, "x", "def upgrade(:"] {
            assert_eq!(filled(text, "SELECT 1;\n", "SELECT 2;\n"), None, "{text}");
        }
    }
}
