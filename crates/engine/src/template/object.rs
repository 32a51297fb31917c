//! Templates of enums, extensions and triggers.

use super::input::{Form, last};
use super::{Draft, TemplateError, name};
use crate::operation::{Operation, SqlText, ident};

pub fn enumeration(form: &Form<'_>) -> Result<Draft, TemplateError> {
    let name = form.object("name")?;
    let mut labels: Vec<String> = Vec::new();
    for (number, label) in form.lines("values") {
        if labels.iter().any(|other| other == label) {
            return Err(form.error("values", format!("line {number}: `{label}` is there twice")));
        }
        if label.len() > name::LONGEST {
            let message = format!("line {number}: `{label}` is longer than PostgreSQL's 63 bytes");
            return Err(form.error("values", message));
        }
        labels.push(label.to_owned());
    }
    if labels.is_empty() {
        return Err(form.error("values", "this is needed"));
    }
    let message = format!("Add {} enum", last(&name));
    let mut operations = vec![Operation::CreateEnum {
        name: name.clone(),
        labels,
    }];
    let comment = form.text("comment");
    if !comment.is_empty() {
        operations.push(Operation::CommentOnType {
            name,
            text: comment.to_owned(),
        });
    }
    Ok(Draft::new(message, operations))
}

/// An extension's name may hold `-`, and is written here without the quotes that it then needs.
pub fn extension(form: &Form<'_>) -> Result<Draft, TemplateError> {
    let text = form.required("name")?;
    let name = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(text);
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || name.len() > name::LONGEST || !name.chars().all(good) {
        return Err(form.error("name", format!("`{text}` is not the name of an extension")));
    }
    let operation = Operation::CreateExtension(ident(name));
    Ok(Draft::new(format!("Add {name} extension"), vec![operation]))
}

const FUNCTION: &str = "\
CREATE FUNCTION set_updated_at() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;";

/// Triggers that set `updated_at`. The function is created, not replaced, so that the downgrade undoes
/// exactly what the upgrade did.
pub fn updated_at_trigger(form: &Form<'_>) -> Result<Draft, TemplateError> {
    let mut operations = Vec::new();
    if form.checked("function") {
        operations.push(reversible(
            FUNCTION.to_owned(),
            "DROP FUNCTION set_updated_at();".to_owned(),
        ));
    }
    let mut names: Vec<String> = Vec::new();
    for (_, text) in form.lines("tables") {
        let table = form.object_of("tables", text.strip_suffix(',').unwrap_or(text))?;
        let create = format!(
            "CREATE TRIGGER set_updated_at\n    BEFORE UPDATE ON {table}\n    FOR EACH ROW EXECUTE FUNCTION set_updated_at();"
        );
        operations.push(reversible(
            create,
            format!("DROP TRIGGER set_updated_at ON {table};"),
        ));
        names.push(last(&table).to_owned());
    }
    if names.is_empty() {
        return Err(form.error("tables", "this is needed"));
    }
    Ok(Draft::new(
        format!("Add updated_at trigger to {}", names.join(", ")),
        operations,
    ))
}

fn reversible(text: String, undo: String) -> Operation {
    Operation::Sql {
        text: SqlText(text),
        undo: Some(SqlText(undo)),
    }
}
