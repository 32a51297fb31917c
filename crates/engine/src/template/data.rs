//! The template of data migrations: an UPDATE, or the author's own SQL.

use super::input::{Form, last};
use super::{TemplateError, Written};
use crate::sql;

/// Writes an UPDATE from its parts where a table is given, and the author's SQL after it. What changed
/// cannot be known from outside, so that the downgrade is the author's alone; empty, it counts as missing.
pub fn migration(form: &Form<'_>) -> Result<Written, TemplateError> {
    let mut parts = Vec::new();
    let mut message = "Migrate data".to_owned();
    if form.text("table").is_empty() {
        for field in ["set", "where"] {
            if !form.text(field).is_empty() {
                return Err(form.error("table", "this is needed for an UPDATE"));
            }
        }
    } else {
        let table = form.object("table")?;
        message = format!("Migrate data of {}", last(&table));
        let mut update = format!("UPDATE {table}\nSET {}", form.required("set")?);
        if !form.text("where").is_empty() {
            update += &format!("\nWHERE {}", form.text("where"));
        }
        let update = ended(&update);
        if sql::split(&update).statements.len() != 1 {
            return Err(form.error("set", "this makes more than one statement"));
        }
        parts.push(update);
    }
    let own = ended(form.text("upgrade"));
    if !own.is_empty() {
        parts.push(own);
    }
    if parts.is_empty() {
        return Err(form.error("upgrade", "write it, or name a table to update"));
    }
    let downgrade = ended(form.text("downgrade"));
    Ok(Written {
        upgrade: parts.join("\n\n") + "\n",
        downgrade: if downgrade.is_empty() {
            downgrade
        } else {
            downgrade + "\n"
        },
        message,
    })
}

/// `text` with a `;` after its last statement.
fn ended(text: &str) -> String {
    match sql::split(text).statements.last() {
        Some(last) if !text[last.body.clone()].ends_with(';') => {
            format!("{};{}", &text[..last.body.end], &text[last.body.end..])
        }
        _ => text.to_owned(),
    }
}
