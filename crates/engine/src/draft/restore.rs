//! From one catalog to another: the statements, object by object.

use super::op::{Op, Rank, ordered};
use super::words::qualified;
use crate::catalog::{Catalog, Key, Kind, Object, Relation};
use std::collections::BTreeSet;

/// What a restoration comes to.
#[derive(Clone, Debug, Default)]
pub struct Restored {
    /// In the order in which they run; each ends with `;`.
    pub statements: Vec<String>,
    /// What it does not bring back, a sentence each.
    pub missing: Vec<String>,
}

/// The way from the schema `from` to the schema `to`.
#[derive(Debug)]
pub struct Restore<'c> {
    pub from: &'c Catalog,
    pub to: &'c Catalog,
    pub role: &'c str,
    /// Indexes are built and dropped, partitions detached, beside the application's work.
    pub concurrently: bool,
    ops: Vec<Op>,
    missing: Vec<String>,
}

/// Whether something went while something of its kind came, which may be one thing with another name.
pub fn may_be_renamed(from: &Catalog, to: &Catalog) -> bool {
    let keys = |catalog: &Catalog| -> BTreeSet<Key> { catalog.objects().map(Key::of).collect() };
    let (ours, theirs) = (keys(from), keys(to));
    let kinds = |some: &mut dyn Iterator<Item = &Key>| -> BTreeSet<Kind> {
        some.map(|key| key.kind).collect()
    };
    let gone = kinds(&mut ours.difference(&theirs));
    let came = kinds(&mut theirs.difference(&ours));
    if gone.intersection(&came).next().is_some() {
        return true;
    }
    let both = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).next().is_some() && other.difference(one).next().is_some()
    };
    ours.intersection(&theirs).any(|key| {
        let (Some(one), Some(other)) = (from.get(key), to.get(key)) else {
            return false;
        };
        if one == other {
            return false;
        }
        let (ours, theirs) = (parts(one), parts(other));
        ours.iter()
            .zip(&theirs)
            .any(|(one, other)| both(one, other))
    })
}

/// The names of an object's parts, by kind.
fn parts(object: &Object) -> Vec<BTreeSet<String>> {
    fn names<T>(list: &[T], name: impl Fn(&T) -> &str) -> BTreeSet<String> {
        list.iter().map(|one| name(one).to_owned()).collect()
    }
    match object {
        Object::Composite(it) => vec![names(&it.columns, |one| &one.name)],
        Object::Enum(it) => vec![it.labels.iter().cloned().collect()],
        Object::Domain(it) => vec![names(&it.constraints, |one| &one.name)],
        Object::Table(it) | Object::View(it) | Object::MaterializedView(it) => vec![
            names(&it.columns, |one| &one.name),
            names(&it.constraints, |one| &one.name),
            names(&it.indexes, |one| &one.name),
            names(&it.triggers, |one| &one.name),
            names(&it.policies, |one| &one.name),
            names(&it.rules, |one| &one.name),
        ],
        _ => Vec::new(),
    }
}

impl<'c> Restore<'c> {
    pub fn new(from: &'c Catalog, to: &'c Catalog, role: &'c str, concurrently: bool) -> Self {
        Restore {
            from,
            to,
            role,
            concurrently,
            ops: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// The whole way.
    pub fn all(mut self) -> Restored {
        let keys: BTreeSet<Key> = self
            .from
            .objects()
            .chain(self.to.objects())
            .map(Key::of)
            .collect();
        for key in &keys {
            match (self.from.get(key), self.to.get(key)) {
                (Some(made), None) => self.drop(made),
                (None, Some(gone)) => self.make(gone),
                (Some(now), Some(then)) if now != then => self.alter(now, then),
                _ => {}
            }
        }
        Restored {
            statements: ordered(self.ops),
            missing: self.missing,
        }
    }

    fn drop(&mut self, object: &'c Object) {
        match object {
            Object::Table(it) => self.drop_table(it),
            Object::View(it) => self.drop_view(it, "VIEW"),
            Object::MaterializedView(it) => self.drop_view(it, "MATERIALIZED VIEW"),
            Object::Sequence(it) => self.drop_sequence(it),
            Object::Enum(it) => self.drop_type(&it.schema, &it.name, "TYPE"),
            Object::Range(it) => self.drop_type(&it.schema, &it.name, "TYPE"),
            Object::Composite(it) => self.drop_type(&it.schema, &it.name, "TYPE"),
            Object::Domain(it) => self.drop_type(&it.schema, &it.name, "DOMAIN"),
            Object::Function(it) | Object::Procedure(it) | Object::Aggregate(it) => {
                self.drop_routine(it, object.kind());
            }
            Object::Schema(it) => self.drop_schema(it),
            Object::Extension(it) => self.drop_extension(it),
            Object::Statistics(it) => self.drop_statistics(it),
            Object::EventTrigger(it) => self.drop_event_trigger(it),
            Object::Other(it) => self.drop_other(it),
        }
    }

    fn make(&mut self, object: &'c Object) {
        match object {
            Object::Table(it) => self.make_table(it),
            Object::View(it) => self.make_view(it, "VIEW"),
            Object::MaterializedView(it) => self.make_view(it, "MATERIALIZED VIEW"),
            Object::Sequence(it) => self.make_sequence(it),
            Object::Enum(it) => self.make_enum(it),
            Object::Range(it) => self.make_range(it),
            Object::Composite(it) => self.make_composite(it),
            Object::Domain(it) => self.make_domain(it),
            Object::Function(it) | Object::Procedure(it) | Object::Aggregate(it) => {
                self.make_routine(it, object.kind());
            }
            Object::Schema(it) => self.make_schema(it),
            Object::Extension(it) => self.make_extension(it),
            Object::Statistics(it) => self.make_statistics(it),
            Object::EventTrigger(it) => self.make_event_trigger(it),
            Object::Other(it) => self.make_other(it),
        }
    }

    fn alter(&mut self, now: &'c Object, then: &'c Object) {
        match (now, then) {
            (Object::Table(now), Object::Table(then)) => self.alter_table(now, then),
            (Object::View(now), Object::View(then)) => self.alter_view(now, then, "VIEW"),
            (Object::MaterializedView(now), Object::MaterializedView(then)) => {
                self.alter_view(now, then, "MATERIALIZED VIEW");
            }
            (Object::Sequence(now), Object::Sequence(then)) => self.alter_sequence(now, then),
            (Object::Enum(now), Object::Enum(then)) => self.alter_enum(now, then),
            (Object::Range(now), Object::Range(then)) => self.alter_range(now, then),
            (Object::Composite(now), Object::Composite(then)) => self.alter_composite(now, then),
            (Object::Domain(now), Object::Domain(then)) => self.alter_domain(now, then),
            (Object::Function(one), Object::Function(other))
            | (Object::Procedure(one), Object::Procedure(other))
            | (Object::Aggregate(one), Object::Aggregate(other)) => {
                self.alter_routine(one, other, then.kind());
            }
            (Object::Schema(now), Object::Schema(then)) => self.alter_schema(now, then),
            (Object::Extension(now), Object::Extension(then)) => self.alter_extension(now, then),
            (Object::Statistics(now), Object::Statistics(then)) => {
                self.alter_statistics(now, then);
            }
            (Object::EventTrigger(now), Object::EventTrigger(then)) => {
                self.alter_event_trigger(now, then);
            }
            (Object::Other(now), Object::Other(then)) => self.alter_other(now, then),
            _ => {}
        }
    }

    /// Adds statements; what they mention decides their place, besides `rank`.
    pub(super) fn push(&mut self, rank: Rank, statement: impl Into<String>) {
        let statement = statement.into();
        self.ops.push(Op {
            rank,
            name: None,
            makes: false,
            definition: statement.clone(),
            statements: vec![statement],
        });
    }

    /// Adds statements that stay together.
    pub(super) fn push_all(&mut self, rank: Rank, statements: Vec<String>) {
        self.ops.push(Op {
            rank,
            name: None,
            makes: false,
            definition: statements.join("\n"),
            statements,
        });
    }

    /// Adds what makes an object.
    pub(super) fn push_make(&mut self, rank: Rank, schema: &str, name: &str, sql: String) {
        self.ops.push(Op {
            rank,
            name: Some((schema.to_owned(), name.to_owned())),
            makes: true,
            definition: sql.clone(),
            statements: vec![sql],
        });
    }

    /// Adds what drops an object, which stood on what its `definition` mentions.
    pub(super) fn push_drop(
        &mut self,
        rank: Rank,
        schema: &str,
        name: &str,
        definition: String,
        sql: String,
    ) {
        self.ops.push(Op {
            rank,
            name: Some((schema.to_owned(), name.to_owned())),
            makes: false,
            definition,
            statements: vec![sql],
        });
    }

    /// Says what is not restored.
    pub(super) fn miss(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if !self.missing.contains(&sentence) {
            self.missing.push(sentence);
        }
    }

    /// A table, view or materialized view of `catalog` by the name that PostgreSQL prints of it.
    pub(super) fn printed<'a>(catalog: &'a Catalog, printed: &str) -> Option<&'a Relation> {
        let relations = catalog.objects().filter_map(Object::relation);
        let mut named = relations.filter(|one| qualified(&one.schema, &one.name) == printed);
        named.next()
    }
}
