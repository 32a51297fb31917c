//! What need not be undone by itself, as it goes with an object that the same upgrade made.

use super::Step;
use super::words::mentions;
use crate::catalog::{Catalog, Difference, Key, Kind, Layer, Object};
use crate::sql::schema::TableName;

/// Whether a statement changed nothing but indexes, comments, owners and privileges of tables and views that were not there
/// before the upgrade: dropping them takes all that along. What stands on another object that is new is undone by itself, so
/// that this one can be dropped, too.
pub fn along(step: &Step<'_>, first: &Catalog, changes: &[Difference]) -> bool {
    changes.iter().all(|change| {
        let key = Key {
            kind: change.kind,
            schema: change.schema.clone(),
            name: change.name.clone(),
        };
        let lasts = step.before.get(&key).is_some() && step.after.get(&key).is_some();
        let is_index = change
            .part
            .as_ref()
            .is_some_and(|part| part.kind == "index");
        let is_harmless = match change.layer {
            Layer::Comment | Layer::Access => true,
            Layer::Structure => is_index && !stands_on_new(change, first, step, &key),
            Layer::Order => false,
        };
        lasts && is_relation(key.kind) && first.get(&key).is_none() && is_harmless
    })
}

fn is_relation(kind: Kind) -> bool {
    matches!(kind, Kind::Table | Kind::View | Kind::MaterializedView)
}

/// Whether the definition of an index mentions another object that is new.
fn stands_on_new(change: &Difference, first: &Catalog, step: &Step<'_>, own: &Key) -> bool {
    let definitions = [&change.before, &change.after].into_iter().flatten();
    let mut mentioned = definitions.flat_map(|text| mentions(text));
    mentioned.any(|(schema, name)| {
        let is_own = (schema.as_str(), name.as_str()) == (own.schema.as_str(), own.name.as_str());
        !is_own && has_name(step.after, &schema, &name) && !has_name(first, &schema, &name)
    })
}

/// Whether there is anything of that name; of routines, whatever their arguments are.
fn has_name(catalog: &Catalog, schema: &str, name: &str) -> bool {
    catalog.objects().any(|object| {
        let (in_schema, named) = object.name();
        let named = match object {
            Object::Function(_) | Object::Procedure(_) | Object::Aggregate(_) => {
                crate::sql::fold(super::rename::routine(named).0)
            }
            _ => named.to_owned(),
        };
        in_schema == schema && named == name
    })
}

/// Whether the rows of a table go with it, as it was not there before the upgrade.
pub fn with_table(step: &Step<'_>, first: &Catalog, table: &TableName) -> bool {
    let named = |catalog: &Catalog| {
        catalog.objects().any(|object| {
            let (schema, name) = object.name();
            object.kind() == Kind::Table
                && name == table.name
                && table.schema.as_ref().is_none_or(|one| one == schema)
        })
    };
    named(step.before) && !named(first)
}
