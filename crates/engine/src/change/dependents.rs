//! What stands on a table or column and cannot go along with it.

use super::build::Builder;
use super::columns::mentions as has_word;
use crate::catalog::{Kind, Object, Relation};
use crate::draft::mentions;
use crate::sql::identifier;

/// What mentions the table, or a column of it where one is given, besides its own indexes and constraints: in words, in the
/// order of the catalog, each with the kind of object that it is or belongs to.
pub fn dependents(builder: &Builder<'_>, column: Option<&str>) -> Vec<(Kind, String)> {
    let mut found = Vec::new();
    let table = builder.name;
    let is_named = |text: &str| column.is_none_or(|column| has_word(text, column));
    let is_meant = |text: &str| {
        mentions(text).contains(&(table.schema.clone(), table.name.clone())) && is_named(text)
    };
    for object in builder.change.start.objects() {
        let (_, name) = object.name();
        let kind = object.kind();
        let mut add = || found.push((kind, in_words(object)));
        match object {
            Object::View(it) | Object::MaterializedView(it)
                if it.definition.as_deref().is_some_and(is_meant) =>
            {
                add();
            }
            Object::Function(it) | Object::Procedure(it) => {
                // A trigger's function names columns and no table.
                let calls = builder.table.triggers.iter().any(|one| {
                    let called = name.split('(').next().unwrap_or(name);
                    column.is_some() && has_call(&one.definition, called)
                });
                let of_table = has_word(&it.definition, &table.name);
                if (calls || of_table) && is_named(&it.definition) {
                    add();
                }
            }
            Object::Statistics(it) if column.is_some() && is_meant(&it.definition) => add(),
            Object::Other(it) if it.definition.as_deref().is_some_and(is_meant) => {
                found.push((kind, format!("{} {}", it.type_, it.name)));
            }
            Object::Table(it) => {
                let is_own = it.schema == table.schema && it.name == table.name;
                of_table(it, is_own, column, &is_meant, &mut found);
            }
            _ => {}
        }
    }
    found
}

/// An object as it stands in the list.
pub fn in_words(object: &Object) -> String {
    let (schema, name) = object.name();
    let name = match schema {
        "" | "public" => name.to_owned(),
        schema => format!("{schema}.{name}"),
    };
    format!("{} {name}", object.kind().words())
}

fn has_call(definition: &str, function: &str) -> bool {
    let all = mentions(definition);
    all.iter().any(|(_, name)| name == function)
}

/// Policies, rules, triggers and generated columns: the table's own where it is about a column, and other tables' ones.
fn of_table(
    table: &Relation,
    is_own: bool,
    column: Option<&str>,
    is_meant: &dyn Fn(&str) -> bool,
    found: &mut Vec<(Kind, String)>,
) {
    let of = |text: &str| match (is_own, column) {
        (true, Some(column)) => has_word(text, column),
        (true, None) => false,
        (false, _) => is_meant(text),
    };
    let name = identifier(&table.name);
    let mut add = |words: String| found.push((Kind::Table, words));
    for policy in &table.policies {
        let texts = [&policy.using, &policy.check];
        if texts.into_iter().flatten().any(|text| of(text)) {
            add(format!("policy {} on {name}", identifier(&policy.name)));
        }
    }
    for rule in &table.rules {
        if of(&rule.definition) {
            add(format!("rule {} on {name}", identifier(&rule.name)));
        }
    }
    for trigger in &table.triggers {
        if of(&trigger.definition) {
            add(format!("trigger {} on {name}", identifier(&trigger.name)));
        }
    }
    for other in &table.columns {
        if other.expression.as_deref().is_some_and(of) {
            add(format!(
                "generated column {name}.{}",
                identifier(&other.name)
            ));
        }
    }
}

/// Names of them, as a list.
pub fn named(dependents: &[(Kind, String)]) -> String {
    let words: Vec<&str> = dependents.iter().map(|(_, words)| words.as_str()).collect();
    words.join(", ")
}
