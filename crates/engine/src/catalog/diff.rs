//! What is different between two catalogs: a list of places, each with what stood and what stands there, and a sentence.

use super::object::Kind;
use super::words::{definition, summary, text};
use super::{Catalog, CatalogError, Key, value};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a difference is about. Some comparisons leave layers out: owners are other people on other machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    Structure,
    /// The order of a table's columns: what only `SELECT *` and the like see, and no downgrade can bring back.
    Order,
    /// Owners and privileges.
    Access,
    Comment,
}

impl Layer {
    fn of(field: &str) -> Self {
        match field {
            ORDER => Layer::Order,
            "owner" | "grants" => Layer::Access,
            "comment" => Layer::Comment,
            _ => Layer::Structure,
        }
    }

    /// Takes owners, privileges and comments out of an object's JSON.
    pub(super) fn keep_structure(object: &mut Value) {
        let Value::Object(fields) = object else {
            return;
        };
        fields.retain(|field, _| Layer::of(field) == Layer::Structure);
        for list in fields.values_mut().filter_map(Value::as_array_mut) {
            list.iter_mut().for_each(Layer::keep_structure);
        }
    }
}

/// A part of an object: a column, constraint, index, trigger, policy, rule or label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Part {
    /// Such as `column`.
    pub kind: String,
    pub name: String,
}

/// One place that is not the same in two catalogs. Sorted, the places of an object stand together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Difference {
    pub kind: Kind,
    /// Empty for what is in none.
    pub schema: String,
    pub name: String,
    /// The part of it; none for the object itself.
    pub part: Option<Part>,
    /// What of it; none where it came or went as a whole.
    pub field: Option<String>,
    pub layer: Layer,
    /// None where there was nothing.
    pub before: Option<String>,
    /// None where there is nothing.
    pub after: Option<String>,
    /// It in words.
    pub sentence: String,
}

/// Every difference of `after` against `before`, in order of [`Key`], then the object itself before its parts, these in order
/// of kind and name, then fields by name.
///
/// # Errors
/// Where they are of different major versions.
pub fn diff(before: &Catalog, after: &Catalog) -> Result<Vec<Difference>, CatalogError> {
    if before.major != after.major {
        return Err(CatalogError::OtherMajor(before.major, after.major));
    }
    let mut found = Vec::new();
    for key in changed(before, after) {
        let (one, other) = (before.objects.get(key), after.objects.get(key));
        let place = Place { key, part: None };
        match (one, other) {
            (Some(one), None) => found.push(place.whole(Some(summary(one)), None)),
            (None, Some(other)) => found.push(place.whole(None, Some(summary(other)))),
            (Some(one), Some(other)) => {
                place.fields(value(one), value(other), &mut found);
            }
            (None, None) => {}
        }
    }
    Ok(found)
}

/// The keys of the objects that are not the same, in order.
fn changed<'c>(before: &'c Catalog, after: &'c Catalog) -> BTreeSet<&'c Key> {
    let differs = |key: &Key| match (before.objects.get(key), after.objects.get(key)) {
        (Some(one), Some(other)) => !Arc::ptr_eq(one, other) && one != other,
        _ => true,
    };
    let keys = before.objects.keys().chain(after.objects.keys());
    keys.filter(|key| differs(key)).collect()
}

/// What each step of a way down left different, where `up` are the catalogs on the way up (the first one before it) and
/// `down` those after each step down. A step answers only for what the steps before it did not leave already.
///
/// # Errors
/// Where they are of different major versions.
pub fn residues(up: &[Catalog], down: &[Catalog]) -> Result<Vec<Vec<Difference>>, CatalogError> {
    let leaves_the_same = |one: &Difference, other: &Difference| {
        (one.kind, &one.schema, &one.name, &one.part, &one.field)
            == (
                other.kind,
                &other.schema,
                &other.name,
                &other.part,
                &other.field,
            )
            && one.after == other.after
    };
    let mut left: Vec<Difference> = Vec::new();
    let mut steps = Vec::new();
    for (before, after) in up.iter().rev().skip(1).zip(down) {
        let all = diff(before, after)?;
        let own = all
            .iter()
            .filter(|found| !left.iter().any(|earlier| leaves_the_same(earlier, found)));
        steps.push(own.cloned().collect());
        left = all;
    }
    Ok(steps)
}

/// The field of a difference in order.
const ORDER: &str = "order of columns";

/// A place under comparison.
struct Place<'k> {
    key: &'k Key,
    part: Option<Part>,
}

/// Lists of parts, with what one of them is called.
pub(super) const PARTS: [(&str, &str); 6] = [
    ("columns", "column"),
    ("constraints", "constraint"),
    ("indexes", "index"),
    ("triggers", "trigger"),
    ("policies", "policy"),
    ("rules", "rule"),
];

impl Place<'_> {
    /// Compares two objects, or parts, field by field.
    fn fields(&self, before: Value, after: Value, found: &mut Vec<Difference>) {
        let (before, after) = (map(before), map(after));
        let fields: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let mut parts = Vec::new();
        for field in fields {
            let (one, other) = (before.get(field), after.get(field));
            if one == other {
                continue;
            }
            match PARTS.iter().find(|(list, _)| list == field) {
                Some((_, kind)) if self.part.is_none() => {
                    self.parts(kind, one, other, &mut parts);
                }
                _ => found.push(self.field(field, one, other)),
            }
        }
        parts.sort();
        found.extend(parts);
    }

    fn parts(
        &self,
        kind: &str,
        before: Option<&Value>,
        after: Option<&Value>,
        found: &mut Vec<Difference>,
    ) {
        let (one, other) = (named(before), named(after));
        let mut common = (Vec::new(), Vec::new());
        let names: BTreeSet<&str> = one.iter().chain(&other).map(|(name, _)| *name).collect();
        let before: BTreeMap<&str, &Value> = one.iter().copied().collect();
        let after: BTreeMap<&str, &Value> = other.iter().copied().collect();
        for name in names {
            let place = Place {
                key: self.key,
                part: Some(Part {
                    kind: kind.to_owned(),
                    name: name.to_owned(),
                }),
            };
            match (before.get(name), after.get(name)) {
                (Some(one), None) => {
                    found.push(place.whole(Some(definition(kind, one).words), None))
                }
                (None, Some(other)) => {
                    found.push(place.whole(None, Some(definition(kind, other).words)))
                }
                (Some(one), Some(other)) => {
                    place.fields((*one).clone(), (*other).clone(), found);
                }
                (None, None) => {}
            }
        }
        common.0.extend(
            one.iter()
                .map(|(name, _)| *name)
                .filter(|name| after.contains_key(name)),
        );
        common.1.extend(
            other
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| before.contains_key(name)),
        );
        if kind == "column" && common.0 != common.1 {
            let list = |names: Vec<&str>| Some(names.join(", "));
            found.push(self.difference(Some(ORDER), list(common.0), list(common.1)));
        }
    }

    fn field(&self, field: &str, before: Option<&Value>, after: Option<&Value>) -> Difference {
        self.difference(Some(field), before.and_then(text), after.and_then(text))
    }

    fn whole(&self, before: Option<String>, after: Option<String>) -> Difference {
        self.difference(None, before, after)
    }

    fn difference(
        &self,
        field: Option<&str>,
        before: Option<String>,
        after: Option<String>,
    ) -> Difference {
        let sentence = self.sentence(field, before.as_deref(), after.as_deref());
        Difference {
            kind: self.key.kind,
            schema: self.key.schema.clone(),
            name: self.key.name.clone(),
            part: self.part.clone(),
            field: field.map(str::to_owned),
            layer: field.map_or(Layer::Structure, Layer::of),
            before,
            after,
            sentence,
        }
    }

    /// Such as "column users.email: type changed from varchar(50) to text".
    fn sentence(&self, field: Option<&str>, before: Option<&str>, after: Option<&str>) -> String {
        let subject = self.subject();
        let Some(field) = field else {
            let (definition, came) = match (before, after) {
                (None, Some(after)) => (after, "is new"),
                (before, _) => (before.unwrap_or_default(), "is gone"),
            };
            return match definition {
                "" => format!("{subject} {came}"),
                definition => format!("{subject} {came}: {definition}"),
            };
        };
        let words = field.replace('_', " ");
        match (before, after) {
            (Some("yes"), None) => format!("{subject}: {words} went away"),
            (None, Some("yes")) => format!("{subject}: {words} was added"),
            (Some(before), Some(after)) => {
                format!("{subject}: {words} changed from {before} to {after}")
            }
            (None, Some(after)) => format!("{subject}: {words} is new: {after}"),
            (Some(before), None) => format!("{subject}: {words} went away: {before}"),
            (None, None) => subject,
        }
    }

    /// Such as `column users.email`, or `index users_email on users`; the schema `public` is left out.
    fn subject(&self) -> String {
        let Key { kind, schema, name } = self.key;
        let own = |name: &str| match kind {
            Kind::Function | Kind::Procedure | Kind::Aggregate | Kind::Other => name.to_owned(),
            _ => identifier(name),
        };
        let full = match schema.as_str() {
            _ if *kind == Kind::Other => name.clone(),
            "" | "public" => own(name),
            schema => format!("{}.{}", identifier(schema), own(name)),
        };
        match &self.part {
            None if *kind == Kind::Other => format!("{schema} {full}"),
            None => format!("{} {full}", kind.words()),
            Some(part) if part.kind == "column" => {
                format!("column {full}.{}", identifier(&part.name))
            }
            Some(part) => format!("{} {} on {full}", part.kind, identifier(&part.name)),
        }
    }
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// The parts of a list with their names, in its order.
fn named(list: Option<&Value>) -> Vec<(&str, &Value)> {
    let parts = list.and_then(Value::as_array).into_iter().flatten();
    parts
        .filter_map(|part| Some((part.get("name")?.as_str()?, part)))
        .collect()
}
