//! Alembic's operations for the statements that have one.
//!
//! An operation is used only where this crate's own reader gives the statement's tokens back for it.

mod change;
mod cursor;
mod kind;
mod table;

use super::bind;
use super::body::LINE;
use super::literal::line as text;
use crate::read::{Depth, Source, read};
use crate::settings::Settings;
use cofferdam_engine::sql;
use cursor::Cursor;

/// The operation that sends `statement`, as lines of Python.
pub fn operation(statement: &str, settings: &Settings) -> Option<String> {
    candidate(statement, settings).filter(|code| gives(code, statement, settings))
}

/// How names are written.
#[derive(Clone, Copy, Debug)]
struct Names {
    /// A naming convention would change them, unless they say that they are final.
    is_conventional: bool,
}

impl Names {
    /// The name of a constraint or an index: <https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.f>
    fn constraint(self, name: &str) -> String {
        match self.is_conventional {
            true => format!("op.f({})", text(name)),
            false => text(name),
        }
    }
}

/// The operation that probably sends `statement`.
fn candidate(statement: &str, settings: &Settings) -> Option<String> {
    let convention = !settings.naming_convention.is_empty();
    let names = Names {
        is_conventional: convention || settings.unknown_convention.is_some(),
    };
    let mut at = Cursor::new(statement);
    let (operation, arguments) = if at.eat("create table") {
        ("op.create_table", table::create(at, &names)?)
    } else if at.eat("create") {
        change::create_index(at, &names)?
    } else if at.eat("alter table") {
        change::alter_table(at, &names)?
    } else if at.eat("drop table") {
        change::drop_table(at)?
    } else if at.eat("drop index") {
        change::drop_index(at, &names)?
    } else if at.eat("comment on") {
        change::comment(at)?
    } else {
        return None;
    };
    Some(call(operation, &arguments))
}

/// A call on one line, or with a line for each argument.
fn call(operation: &str, arguments: &[String]) -> String {
    let line = format!("{operation}({})", arguments.join(", "));
    if line.chars().count() <= LINE && operation != "op.create_table" {
        return line;
    }
    let lines: Vec<String> = arguments.iter().map(|it| format!("    {it},\n")).collect();
    format!("{operation}(\n{})", lines.concat())
}

/// `sa.text(…)` of an expression.
fn sql_text(expression: &str) -> String {
    format!("sa.text({})", text(&bind::escape(expression)))
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| text(item)).collect();
    format!("[{}]", items.join(", "))
}

/// Whether `code` sends `statement` and nothing else.
fn gives(code: &str, statement: &str, settings: &Settings) -> bool {
    let mut module = String::from(
        "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\nrevision = 'a'\ndown_revision = None\n\n\ndef upgrade():\n",
    );
    for line in code.lines() {
        module.push_str("    ");
        module.push_str(line);
        module.push('\n');
    }
    let file = Source {
        path: "a.py",
        bytes: module.as_bytes(),
    };
    let reading = read(&[file], settings, Depth::Whole).pop();
    let Some(script) = reading.and_then(|reading| reading.script) else {
        return false;
    };
    let is_known = script
        .python
        .is_some_and(|python| python.upgrade.unreadable.is_empty());
    is_known && sql::same_tokens(&script.revision.upgrade, &format!("{statement};"))
}

#[cfg(test)]
mod tests;
