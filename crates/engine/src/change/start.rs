//! What of a database's schema a change starts from.

use super::columns;
use super::names::TableName;
use crate::catalog::{Catalog, Kind, Object};
use crate::draft::mentions;
use std::collections::BTreeSet;

/// The part of `catalog` that a change of `table` has to know: the table, what it refers to, and all that mentions it.
pub fn start(catalog: &Catalog, table: &TableName) -> Catalog {
    let own = catalog.relation(&table.schema, &table.name);
    let own_text = own.map(text).unwrap_or_default();
    let referred = mentions(&own_text);
    let wanted = (table.schema.clone(), table.name.clone());
    // Whether an enum can be changed is known by all that uses it.
    let enums: BTreeSet<(String, String)> = catalog
        .objects()
        .filter(|object| object.kind() == Kind::Enum)
        .map(|object| (object.name().0.to_owned(), object.name().1.to_owned()))
        .filter(|name| referred.contains(name))
        .collect();
    let objects = catalog.objects().filter(|object| {
        let (schema, name) = object.name();
        let is_own = (schema, name) == (wanted.0.as_str(), wanted.1.as_str())
            && matches!(
                object.kind(),
                Kind::Table | Kind::View | Kind::MaterializedView
            );
        // A routine's name has the types of its arguments, and its body need not say the schema.
        let is_routine = matches!(object.kind(), Kind::Function | Kind::Procedure);
        let called = name.split('(').next().unwrap_or(name);
        // A publication of all tables names none.
        let is_publication = matches!(object, Object::Other(it) if it.type_ == "publication");
        is_own
            || is_publication
            || referred.contains(&(schema.to_owned(), called.to_owned()))
            || is_routine && columns::mentions(&text(*object), &wanted.1)
            || {
                let mentioned = mentions_of(object);
                mentioned.contains(&wanted) || !mentioned.is_disjoint(&enums)
            }
    });
    Catalog::new(catalog.major, objects.cloned())
}

/// The names with a schema that an object mentions.
pub(super) fn mentions_of(object: &Object) -> BTreeSet<(String, String)> {
    mentions(&text(object))
}

/// Everything that is printed of an object, in one text.
fn text(object: &impl serde::Serialize) -> String {
    fn gather(value: &serde_json::Value, text: &mut String) {
        match value {
            serde_json::Value::String(word) => {
                text.push_str(word);
                // Two texts are not one name.
                text.push_str("\n;\n");
            }
            serde_json::Value::Array(list) => list.iter().for_each(|one| gather(one, text)),
            serde_json::Value::Object(map) => map.values().for_each(|one| gather(one, text)),
            _ => {}
        }
    }
    let mut found = String::new();
    gather(
        &serde_json::to_value(object).unwrap_or_default(),
        &mut found,
    );
    found
}
