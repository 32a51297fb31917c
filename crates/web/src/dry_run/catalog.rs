//! A quick look at a schema: one line for each object, so that two moments can be compared.
//!
//! It covers what migrations change every day: relations with their columns, constraints, indexes, triggers,
//! policies, rules, views and sequences; functions; types; extensions; comments and privileges. It leaves out rows, the
//! order of columns, owners and the bookkeeping of Cofferdam and Alembic.

use cofferdam_engine::config;
use cofferdam_engine::run::Answer;
use cofferdam_engine::sql::literal;
use std::collections::BTreeMap;

const QUERY: &str = include_str!("catalog.sql");

/// One look at the schema; it changes nothing. Wants [`prepare`] first, as planning takes longer than looking.
pub const LOOK: &str = concat!(
    "SET LOCAL search_path = ''; SET LOCAL enable_seqscan = off; ",
    "EXECUTE cofferdam_look"
);

/// The error of [`LOOK`] where nothing is prepared, not yet or not any more: `invalid_sql_statement_name`.
pub const NOT_PREPARED: &str = "26000";

/// Prepares [`LOOK`] for the session.
pub fn prepare(project: &config::Project) -> String {
    let schema = project.version_table_schema.as_deref();
    let query = QUERY
        .replace(":version_table", &literal(&project.version_table))
        .replace(
            ":version_schema",
            &schema.map_or_else(|| "NULL::text".into(), literal),
        );
    format!(
        "SET LOCAL search_path = ''; SET LOCAL enable_seqscan = off; PREPARE cofferdam_look AS\n{query}"
    )
}

/// Name and kind of an object, so that a table's parts stand together.
type Key = (String, String);

/// A schema at one moment, in order of the bytes of names, then kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog(BTreeMap<Key, String>);

/// One object that is not the same at two moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub kind: String,
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Catalog {
    /// Reads the answer to [`LOOK`].
    pub fn read(answer: &Answer) -> Self {
        let rows = answer.rows.iter().filter_map(|row| match row.as_slice() {
            [Some(kind), Some(name), definition] => Some((
                (name.clone(), kind.clone()),
                definition.clone().unwrap_or_default(),
            )),
            _ => None,
        });
        Catalog(rows.collect())
    }

    /// What is different in `later`, in order of name and kind.
    pub fn differences(&self, later: &Catalog) -> Vec<Difference> {
        let mut keys: Vec<&Key> = self.0.keys().chain(later.0.keys()).collect();
        keys.sort();
        keys.dedup();
        let different = keys.into_iter().filter_map(|key| {
            let (before, after) = (self.0.get(key), later.0.get(key));
            (before != after).then(|| Difference {
                kind: key.1.clone(),
                name: key.0.clone(),
                before: before.cloned(),
                after: after.cloned(),
            })
        });
        different.collect()
    }
}

impl Difference {
    /// Whether `other` leaves the same object in the same state.
    fn leaves_the_same(&self, other: &Difference) -> bool {
        (&self.kind, &self.name, &self.after) == (&other.kind, &other.name, &other.after)
    }
}

/// What each step of a way down left different, where `up` are the looks on the way up (the first one before it) and
/// `down` those after each step down. A step answers only for what the steps before it did not leave already.
pub fn residues(up: &[Catalog], down: &[Catalog]) -> Vec<Vec<Difference>> {
    let mut left: Vec<Difference> = Vec::new();
    let steps = up.iter().rev().skip(1).zip(down).map(|(before, after)| {
        let all = before.differences(after);
        let own = all
            .iter()
            .filter(|found| !left.iter().any(|earlier| earlier.leaves_the_same(found)))
            .cloned()
            .collect();
        left = all;
        own
    });
    steps.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog(lines: &[(&str, &str)]) -> Catalog {
        Catalog(
            lines
                .iter()
                .map(|(name, definition)| {
                    (
                        ((*name).to_owned(), "table".to_owned()),
                        (*definition).to_owned(),
                    )
                })
                .collect(),
        )
    }

    #[test]
    fn what_came_went_and_changed_is_told_apart() {
        let before = catalog(&[("a", "1"), ("b", "1")]);
        let after = catalog(&[("b", "2"), ("c", "1")]);
        let found: Vec<_> = before
            .differences(&after)
            .into_iter()
            .map(|found| (found.name, found.before, found.after))
            .collect();
        let one = || Some("1".to_owned());
        assert_eq!(
            found,
            [
                ("a".into(), one(), None),
                ("b".into(), one(), Some("2".into())),
                ("c".into(), None, one())
            ]
        );
        assert_eq!(before.differences(&before), []);
    }

    #[test]
    fn a_step_answers_only_for_its_own_residue() {
        let base = catalog(&[]);
        let first = catalog(&[("a", "1")]);
        let second = catalog(&[("a", "1"), ("b", "1")]);
        // Undoing the second leaves b behind; undoing the first is right.
        let down = [second.clone(), catalog(&[("b", "1")])];
        let residues = residues(&[base, first, second], &down);
        assert_eq!(residues[0].len(), 1);
        assert_eq!(residues[0][0].name, "b");
        assert_eq!(residues[1], []);
    }
}
