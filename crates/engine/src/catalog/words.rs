//! Objects and their parts in short, in SQL's words.

use super::object::Object;
use crate::sql::identifier;
use serde_json::Value;

/// A field's value for people.
pub(super) fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.is_empty() => "nothing".into(),
        Value::Array(list) => {
            let items: Vec<String> = list.iter().filter_map(text).collect();
            items.join(", ")
        }
        other => other.to_string(),
    })
}

/// An object in short, where it came or went.
pub(super) fn summary(object: &Object) -> String {
    match object {
        Object::Table(it) => {
            let names: Vec<String> = it.columns.iter().map(|one| identifier(&one.name)).collect();
            format!("({})", names.join(", "))
        }
        Object::View(it) | Object::MaterializedView(it) => {
            it.definition.clone().unwrap_or_default().trim().to_owned()
        }
        Object::Enum(it) => format!("({})", it.labels.join(", ")),
        Object::Domain(it) => it.type_.clone(),
        Object::Composite(it) => {
            let columns = it.columns.iter();
            let parts: Vec<String> = columns
                .map(|one| format!("{} {}", identifier(&one.name), one.type_))
                .collect();
            format!("({})", parts.join(", "))
        }
        Object::Sequence(it) => it.type_.clone(),
        Object::Range(it) => it.definition.clone(),
        Object::Statistics(it) => it.definition.clone(),
        Object::EventTrigger(it) => format!("on {} call {}", it.event, it.function),
        Object::Extension(it) => it.version.clone(),
        Object::Schema(_)
        | Object::Function(_)
        | Object::Procedure(_)
        | Object::Aggregate(_)
        | Object::Other(_) => String::new(),
    }
}

/// A part in short.
pub(super) struct Described {
    pub words: String,
    /// The fields that the words tell.
    pub said: &'static [&'static str],
}

/// A part in short, where it came or went.
pub(super) fn definition(kind: &str, part: &Value) -> Described {
    let field = |name: &str| part.get(name).and_then(Value::as_str);
    if let Some(definition) = field("definition") {
        return Described {
            words: definition.to_owned(),
            said: &["definition", "type"],
        };
    }
    let mut words: Vec<String> = Vec::new();
    let said: &[&str] = match kind {
        "column" => {
            words.extend(field("type").map(str::to_owned));
            words.extend(field("collation").map(|name| format!("COLLATE {name}")));
            if part.get("not_null").is_some() {
                words.push("NOT NULL".into());
            }
            words.extend(field("default").map(|default| format!("DEFAULT {default}")));
            words.extend(
                field("identity")
                    .map(|how| format!("GENERATED {} AS IDENTITY", how.to_ascii_uppercase())),
            );
            words.extend(field("expression").map(|expression| {
                let kind = field("generated").unwrap_or_default().to_ascii_uppercase();
                format!("GENERATED ALWAYS AS ({expression}) {kind}")
            }));
            &[
                "type",
                "collation",
                "not_null",
                "default",
                "identity",
                "expression",
                "generated",
            ]
        }
        _ => {
            words.extend(field("command").map(|command| format!("FOR {command}")));
            words.extend(field("using").map(|using| format!("USING ({using})")));
            words.extend(field("check").map(|check| format!("WITH CHECK ({check})")));
            &["command", "using", "check"]
        }
    };
    Described {
        words: words.join(" "),
        said,
    }
}
