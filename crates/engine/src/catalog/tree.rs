//! A catalog as an indented text for people.

use super::diff::definition;
use super::{Catalog, Kind, Object, value};
use serde_json::Value;
use std::fmt::Write;

/// The catalog as lines, kind by kind: each object, and below it what it is made of.
pub fn tree(catalog: &Catalog) -> String {
    let mut text = String::new();
    for kind in Kind::ALL {
        let mut objects = catalog
            .objects()
            .filter(|one| one.kind() == kind)
            .peekable();
        if objects.peek().is_none() {
            continue;
        }
        for object in objects {
            write_object(&mut text, object);
        }
    }
    text
}

fn write_object(text: &mut String, object: &Object) {
    let (schema, name) = object.name();
    let full = match schema {
        "" => name.to_owned(),
        schema if object.kind() == Kind::Other => format!("{schema} {name}"),
        schema => format!("{schema}.{name}"),
    };
    let _ = match object.kind() {
        Kind::Other => writeln!(text, "{full}"),
        kind => writeln!(text, "{} {full}", kind.words()),
    };
    let Value::Object(fields) = value(object) else {
        return;
    };
    let named = ["kind", "schema", "name"];
    for (field, value) in &fields {
        if named.contains(&field.as_str()) || (object.kind() == Kind::Other && field == "type") {
            continue;
        }
        match value {
            Value::Array(parts) if parts.iter().all(Value::is_object) => {
                let _ = writeln!(text, "  {field}");
                for part in parts {
                    let name = part.get("name").and_then(Value::as_str).unwrap_or_default();
                    let kind = if field == "columns" { "column" } else { "" };
                    let words = definition(kind, part);
                    let _ = writeln!(text, "    {name}  {}", one_line(&words));
                }
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(plain).collect();
                let _ = writeln!(text, "  {}: {}", field.replace('_', " "), items.join(", "));
            }
            value => {
                let words = plain(value);
                let _ = writeln!(text, "  {}: {}", field.replace('_', " "), one_line(&words));
            }
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".into(),
        other => other.to_string(),
    }
}

/// A text of several lines as one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
