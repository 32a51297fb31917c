//! Taking a new name, or a new schema, back.

use super::words::{object_name, qualified};
use crate::catalog::{Catalog, Key, Kind, Object, Relation};
use crate::operation::{Operation, ident};
use crate::sql::reader::Reader;
use crate::sql::{identifier, literal};
use std::collections::BTreeSet;

/// What takes back a statement that renames, or moves to another schema: found by the one name that went and the one that
/// came. None where that is not so.
pub fn back(sql: &str, before: &Catalog, after: &Catalog) -> Option<Vec<String>> {
    let mut reader = Reader::new(sql);
    reader.eat("alter");
    let object = ["materialized", "foreign", "event"]
        .into_iter()
        .find(|word| reader.eat(word));
    let word = reader.peek_text().to_ascii_lowercase();
    let kinds: &[Kind] = match (object, word.as_str()) {
        (Some("event"), _) => &[Kind::EventTrigger],
        (Some(_), _) | (None, "table" | "view" | "index" | "sequence") => &[
            Kind::Table,
            Kind::View,
            Kind::MaterializedView,
            Kind::Sequence,
        ],
        (None, "type" | "domain") => &[Kind::Enum, Kind::Composite, Kind::Range, Kind::Domain],
        (None, "function" | "procedure" | "routine" | "aggregate") => {
            &[Kind::Function, Kind::Procedure, Kind::Aggregate]
        }
        (None, "schema") => &[Kind::Schema],
        (None, "statistics") => &[Kind::Statistics],
        (None, "trigger" | "policy" | "rule") => &[],
        _ => return None,
    };
    let whole = kinds
        .iter()
        .find_map(|kind| object_back(*kind, before, after));
    let statements = whole.or_else(|| part_back(before, after));
    statements.map(|statement| vec![statement])
}

/// The one key of that kind that went, and the one that came.
fn object_back(kind: Kind, before: &Catalog, after: &Catalog) -> Option<String> {
    let only = |one: &Catalog, other: &Catalog| -> Option<Key> {
        let mut gone = one
            .objects()
            .map(Key::of)
            .filter(|key| key.kind == kind && other.get(key).is_none());
        let first = gone.next()?;
        gone.next().is_none().then_some(first)
    };
    let (old, new) = (only(before, after)?, only(after, before)?);
    if kind == Kind::Table && old.schema == new.schema {
        let rename = Operation::RenameTable {
            table: object_name(&new.schema, &new.name),
            to: ident(&old.name),
        };
        return Some(rename.to_string());
    }
    let (words, written, name) = match kind {
        Kind::Function | Kind::Procedure | Kind::Aggregate => {
            let (own, arguments) = routine(&new.name);
            let written = format!("{}.{own}{arguments}", identifier(&new.schema));
            (
                kind.words().to_ascii_uppercase(),
                written,
                routine(&old.name).0.to_owned(),
            )
        }
        Kind::Statistics => (
            "STATISTICS".to_owned(),
            qualified(&new.schema, &new.name),
            identifier(&old.name),
        ),
        Kind::Enum | Kind::Composite | Kind::Range => (
            "TYPE".to_owned(),
            qualified(&new.schema, &new.name),
            identifier(&old.name),
        ),
        _ => (
            kind.words().to_ascii_uppercase(),
            qualified(&new.schema, &new.name),
            identifier(&old.name),
        ),
    };
    Some(match old.schema == new.schema {
        true => format!("ALTER {words} {written} RENAME TO {name};"),
        false => format!(
            "ALTER {words} {written} SET SCHEMA {};",
            identifier(&old.schema)
        ),
    })
}

/// A routine's name and its arguments in parentheses.
pub fn routine(name: &str) -> (&str, &str) {
    let quoted = name.strip_prefix('"').and_then(|rest| {
        let mut end = None;
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c == '"' && chars.next_if(|(_, next)| *next == '"').is_none() {
                end = Some(at + 2);
                break;
            }
        }
        end
    });
    let end = quoted.unwrap_or_else(|| name.find('(').unwrap_or(name.len()));
    name.split_at(end)
}

/// The one part of one object that got another name. Where a table passes it on, the table is meant and not its heirs.
fn part_back(before: &Catalog, after: &Catalog) -> Option<String> {
    let mut found: Vec<(bool, String)> = Vec::new();
    for object in before.objects() {
        let Some(other) = after.get(&Key::of(object)) else {
            continue;
        };
        if object == other {
            continue;
        }
        match (object, other) {
            (Object::Enum(old), Object::Enum(new)) => {
                let changed = old.labels.iter().zip(&new.labels).filter(|(a, b)| a != b);
                let mut changed = changed.map(|(old_label, new_label)| {
                    format!(
                        "ALTER TYPE {} RENAME VALUE {} TO {};",
                        qualified(&new.schema, &new.name),
                        literal(new_label),
                        literal(old_label)
                    )
                });
                if old.labels.len() == new.labels.len() {
                    found.extend(changed.next().map(|statement| (false, statement)));
                }
            }
            (Object::Domain(old), Object::Domain(new)) => {
                let pair = one_name(
                    old.constraints.iter().map(|one| one.name.as_str()),
                    new.constraints.iter().map(|one| one.name.as_str()),
                );
                found.extend(pair.map(|(old_name, new_name)| {
                    let domain = qualified(&new.schema, &new.name);
                    let (from, to) = (identifier(new_name), identifier(old_name));
                    (
                        false,
                        format!("ALTER DOMAIN {domain} RENAME CONSTRAINT {from} TO {to};"),
                    )
                }));
            }
            (Object::Composite(old), Object::Composite(new)) => {
                let pair = one_name(
                    old.columns.iter().map(|one| one.name.as_str()),
                    new.columns.iter().map(|one| one.name.as_str()),
                );
                found.extend(pair.map(|(old_name, new_name)| {
                    let type_ = qualified(&new.schema, &new.name);
                    let (from, to) = (identifier(new_name), identifier(old_name));
                    (
                        false,
                        format!("ALTER TYPE {type_} RENAME ATTRIBUTE {from} TO {to} CASCADE;"),
                    )
                }));
            }
            _ => {
                if let (Some(old), Some(new)) = (object.relation(), other.relation()) {
                    let heir = !new.parents.is_empty();
                    found.extend(relation_back(old, new).map(|statement| (heir, statement)));
                }
            }
        }
    }
    // The first one that inherits it from nobody; all others follow it.
    found.sort_by_key(|(heir, _)| *heir);
    found.into_iter().next().map(|(_, statement)| statement)
}

fn relation_back(old: &Relation, new: &Relation) -> Option<String> {
    let table = qualified(&new.schema, &new.name);
    let columns = one_name(
        old.columns.iter().map(|one| one.name.as_str()),
        new.columns.iter().map(|one| one.name.as_str()),
    );
    if let Some((old_name, new_name)) = columns {
        let rename = Operation::RenameColumn {
            table: object_name(&new.schema, &new.name),
            from: ident(new_name),
            to: ident(old_name),
        };
        return Some(rename.to_string());
    }
    let constraints = one_name(
        old.constraints.iter().map(|one| one.name.as_str()),
        new.constraints.iter().map(|one| one.name.as_str()),
    );
    if let Some((old_name, new_name)) = constraints {
        let (from, to) = (identifier(new_name), identifier(old_name));
        return Some(format!(
            "ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to};"
        ));
    }
    let names = |list: (&'static str, Vec<&str>, Vec<&str>)| -> Option<String> {
        let (kind, old_names, new_names) = list;
        let (old_name, new_name) = one_name(old_names.into_iter(), new_names.into_iter())?;
        let (from, to) = (identifier(new_name), identifier(old_name));
        Some(match kind {
            "INDEX" => format!(
                "ALTER INDEX {}.{from} RENAME TO {to};",
                identifier(&new.schema)
            ),
            kind => format!("ALTER {kind} {from} ON {table} RENAME TO {to};"),
        })
    };
    let lists = [
        (
            "INDEX",
            old.indexes.iter().map(|one| one.name.as_str()).collect(),
            new.indexes.iter().map(|one| one.name.as_str()).collect(),
        ),
        (
            "TRIGGER",
            old.triggers.iter().map(|one| one.name.as_str()).collect(),
            new.triggers.iter().map(|one| one.name.as_str()).collect(),
        ),
        (
            "POLICY",
            old.policies.iter().map(|one| one.name.as_str()).collect(),
            new.policies.iter().map(|one| one.name.as_str()).collect(),
        ),
        (
            "RULE",
            old.rules.iter().map(|one| one.name.as_str()).collect(),
            new.rules.iter().map(|one| one.name.as_str()).collect(),
        ),
    ];
    lists.into_iter().find_map(names)
}

/// The one name that went, and the one that came.
fn one_name<'n>(
    old: impl Iterator<Item = &'n str>,
    new: impl Iterator<Item = &'n str>,
) -> Option<(&'n str, &'n str)> {
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (old.collect(), new.collect());
    let mut gone = old.difference(&new);
    let mut came = new.difference(&old);
    let pair = (*gone.next()?, *came.next()?);
    (gone.next().is_none() && came.next().is_none()).then_some(pair)
}
