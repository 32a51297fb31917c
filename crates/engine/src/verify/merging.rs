//! Two heads beside each other: what they have in common, and what both orders of their branches say.

use super::{Refused, ordered};
use crate::catalog::{Catalog, CatalogError, Difference, diff};
use crate::history::History;
use crate::revision::RevisionId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The revisions that have to be applied before either branch, without those that they stand on themselves; in order of
/// [`History::scripts`].
pub fn shared(history: &History, one: &RevisionId, other: &RevisionId) -> Vec<RevisionId> {
    let above = |id: &RevisionId| history.ancestors(std::slice::from_ref(id));
    let common: BTreeSet<RevisionId> = above(one).intersection(&above(other)).cloned().collect();
    let below: BTreeSet<RevisionId> = common
        .iter()
        .flat_map(|id| {
            let mut below = history.parents(id);
            below.extend(history.dependencies(id));
            below
        })
        .collect();
    let ids = history.scripts().map(|script| &script.revision.id);
    ids.filter(|id| common.contains(*id) && !below.contains(*id))
        .cloned()
        .collect()
}

/// What two branches mean to each other, from both orders of applying them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Merging {
    /// Both orders give the same schema, but for the order of columns in tables where both add some.
    Commutes { columns: Vec<Difference> },
    /// They do not: what is different where the second branch was applied first.
    OrderMatters { differences: Vec<Difference> },
    /// One of the orders cannot be applied.
    Conflicts {
        /// The revision that fails.
        revision: RevisionId,
        /// The head whose branch was applied before.
        after: RevisionId,
        refused: Refused,
    },
}

impl Merging {
    /// Judges by the catalogs after both orders.
    ///
    /// # Errors
    /// Where they are of different major versions.
    pub fn judge(first: &Catalog, second: &Catalog) -> Result<Self, CatalogError> {
        let (differences, columns) = ordered(diff(first, second)?);
        Ok(match differences.is_empty() {
            true => Merging::Commutes { columns },
            false => Merging::OrderMatters { differences },
        })
    }

    /// What was found, and what it means for whoever merges, in a sentence; `heads` are the two, in their order.
    pub fn sentence(&self, history: &History, heads: [&RevisionId; 2]) -> String {
        let [one, other] = heads.map(RevisionId::short);
        match self {
            Merging::Commutes { columns } if columns.is_empty() => {
                "Both orders give the same schema.".to_owned()
            }
            Merging::Commutes { .. } => {
                "Both orders give the same schema, but for the order of columns, which is of no harm.".to_owned()
            }
            Merging::OrderMatters { .. } => format!(
                "The schema depends on which branch was applied first; it differs with {other} first, against {one} first. Decide which is meant, and write it into the merge revision."
            ),
            Merging::Conflicts {
                revision, after, ..
            } if history.ancestors(std::slice::from_ref(after)).contains(revision) => format!(
                "{} cannot be applied, whatever the other branch does.",
                revision.short()
            ),
            Merging::Conflicts {
                revision, after, ..
            } => format!(
                "{} fails where {} was applied before it.",
                revision.short(),
                after.short()
            ),
        }
    }

    /// In one or two words.
    pub fn words(&self) -> &'static str {
        match self {
            Merging::Commutes { .. } => "commutes",
            Merging::OrderMatters { .. } => "order matters",
            Merging::Conflicts { .. } => "conflicts",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;

    fn history(revisions: &[(&str, &str)]) -> History {
        let scripts = revisions.iter().map(|(id, down)| {
            let text = format!(
                "-- m\n--\n-- Revision ID: {id}\n-- Revises: {down}\n\n-- +upgrade\nSELECT 1;\n"
            );
            let read = script::read(&format!("{id}.sql"), text.as_bytes());
            read.script.expect("a script")
        });
        History::new(scripts.collect()).expect("a history")
    }

    fn id(text: &str) -> RevisionId {
        RevisionId::new(text).expect("an id")
    }

    #[test]
    fn what_two_heads_share_is_named_by_its_newest_revisions() {
        let history = history(&[("a", ""), ("b", "a"), ("c", "b"), ("d", "b"), ("x", "")]);
        assert_eq!(shared(&history, &id("c"), &id("d")), [id("b")]);
        assert_eq!(shared(&history, &id("c"), &id("x")), []);
        // Where one stands on the other, that is all they share.
        assert_eq!(shared(&history, &id("c"), &id("b")), [id("b")]);
    }

    #[test]
    fn a_branch_that_fails_by_itself_is_no_fault_of_the_other() {
        let history = history(&[("a", ""), ("b", "a"), ("c", "a")]);
        let conflict = |revision: &str| Merging::Conflicts {
            revision: id(revision),
            after: id("b"),
            refused: Refused {
                sql: None,
                line: None,
                error: Default::default(),
            },
        };
        let (b, c) = (id("b"), id("c"));
        let said = |revision: &str| conflict(revision).sentence(&history, [&b, &c]);
        assert_eq!(said("c"), "c fails where b was applied before it.");
        assert_eq!(
            said("b"),
            "b cannot be applied, whatever the other branch does."
        );
        assert_eq!(
            said("a"),
            "a cannot be applied, whatever the other branch does."
        );
    }
}
