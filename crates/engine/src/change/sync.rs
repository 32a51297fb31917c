//! The trigger that keeps two sides of a change true while both versions of the application write.
//!
//! The rule, for each row that is written (docs/changes.md has it as a table, which a test walks):
//! * INSERT: where the new side is left out (or NULL), it follows the old one. Where it is given and says something else than
//!   the old one, the old one follows it: the version that knows both sides is the newer one, and a value on the old side may
//!   be no more than its default.
//! * UPDATE: the side that the statement changed is followed by the other; where both were changed and disagree, the new one
//!   counts. A side that is NULL because it is not filled yet is filled.

use super::names::{ChangeId, TableName};
use super::section::Section;
use crate::catalog::{Relation, Trigger};
use crate::sql::identifier;
use std::collections::BTreeSet;

/// A column of one side, with what it follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follower {
    pub name: String,
    pub type_: String,
    pub collation: Option<String>,
    /// Its value, in terms of the other side's columns; none where it does not follow.
    pub from: Option<String>,
}

/// Two sides of a table.
#[derive(Clone, Debug)]
pub struct Sync<'a> {
    pub id: &'a ChangeId,
    pub table: &'a TableName,
    pub relation: &'a Relation,
    pub old: Vec<Follower>,
    pub new: Vec<Follower>,
}

/// Types whose `=` says that two values are the same to the last byte.
const EXACT: [&str; 16] = [
    "bigint",
    "integer",
    "smallint",
    "boolean",
    "text",
    "uuid",
    "date",
    "timestamp without time zone",
    "timestamp with time zone",
    "time without time zone",
    "bytea",
    "oid",
    "character varying",
    "name",
    "inet",
    "cidr",
];

/// A condition: `one` and `other`, of the same type, are not the same, NULLs included. Where the type's own `=` may call
/// different values equal (numeric's scale, citext, other collations) or is missing (json), their images are compared
/// (manual, 9.25.6).
pub fn differ(one: &str, other: &str, follower: &Follower) -> String {
    let base = follower.type_.split('(').next().unwrap_or_default();
    match EXACT.contains(&base) && follower.collation.is_none() {
        true => format!("{one} IS DISTINCT FROM {other}"),
        false => format!(
            "ROW({one}) OPERATOR(pg_catalog.*<>) ROW(({other})::{})",
            follower.type_
        ),
    }
}

impl Sync<'_> {
    /// The name of the function and its trigger, the trigger's sorting after every other one: triggers fire in the order of
    /// their names (manual, 39.1), and a later one would put the sides out of step.
    fn trigger_name(&self) -> String {
        let own = self.id.made("");
        let last = self
            .relation
            .triggers
            .iter()
            .map(|one: &Trigger| one.name.as_str())
            .max();
        let mut prefixes = ["zz_", "zzzz_", "~", "\u{fffd}"].into_iter();
        prefixes
            .find(|prefix| last.is_none_or(|last| format!("{prefix}{own}").as_str() > last))
            .map_or_else(|| own.clone(), |prefix| format!("{prefix}{own}"))
    }

    fn function(&self) -> String {
        format!("{}.{}", identifier(&self.table.schema), self.id.made(""))
    }

    /// Writes what makes function and trigger.
    pub fn make(&self, section: &mut Section) {
        let (function, trigger) = (self.function(), identifier(&self.trigger_name()));
        section.push(format!(
            "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $cofferdam$\n{}$cofferdam$",
            self.body()
        ));
        section.allow(
            "trigger-on-existing-table",
            "it keeps both sides in step for every version that writes",
        );
        section.push(format!(
            "CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION {function}()",
            self.table
        ));
        // Rows that a subscription applies are kept in step, too.
        section.push(format!(
            "ALTER TABLE {} ENABLE ALWAYS TRIGGER {trigger}",
            self.table
        ));
    }

    /// Writes what takes them away.
    pub fn unmake(&self, section: &mut Section) {
        section.allow("ban-drop-trigger", "one side goes with it");
        section.push(format!(
            "DROP TRIGGER {} ON {}",
            identifier(&self.trigger_name()),
            self.table
        ));
        section.allow("ban-drop-function", "only its trigger called it");
        section.push(format!("DROP FUNCTION {}()", self.function()));
    }

    fn body(&self) -> String {
        let new = |follower: &Follower| format!("NEW.{}", identifier(&follower.name));
        let old = |follower: &Follower| format!("OLD.{}", identifier(&follower.name));
        let all = |list: &[Follower], of: &dyn Fn(&Follower) -> String, with: &str| {
            let parts: Vec<String> = list.iter().map(of).collect();
            parts.join(with)
        };
        let absent = |list: &[Follower]| all(list, &|one| format!("{} IS NULL", new(one)), " AND ");
        let changed = |list: &[Follower]| {
            let any = all(list, &|one| differ(&new(one), &old(one), one), " OR ");
            bracket(&any, list.len())
        };
        let disagrees = |list: &[Follower]| {
            let followers: Vec<Follower> = list
                .iter()
                .filter(|one| one.from.is_some())
                .cloned()
                .collect();
            let any = all(
                &followers,
                &|one| differ(&new(one), &self.value(one), one),
                " OR ",
            );
            bracket(&any, followers.len())
        };
        let follow = |list: &[Follower], depth: usize| {
            let indent = "    ".repeat(depth);
            all(
                list,
                &|one| match one.from {
                    Some(_) => format!("{indent}{} := {};\n", new(one), self.value(one)),
                    None => String::new(),
                },
                "",
            )
        };
        let both_ways = self.old.iter().any(|one| one.from.is_some());
        let mut text = String::from("BEGIN\n    IF TG_OP = 'INSERT' THEN\n");
        if both_ways {
            text.push_str(&format!(
                "        IF {} THEN\n{}        ELSIF {} THEN\n{}        END IF;\n",
                absent(&self.new),
                follow(&self.new, 3),
                disagrees(&self.new),
                follow(&self.old, 3),
            ));
            text.push_str(&format!(
                "    ELSIF {} AND {} THEN\n{}",
                changed(&self.new),
                disagrees(&self.new),
                follow(&self.old, 2),
            ));
            text.push_str(&format!(
                "    ELSIF ({} AND {}) OR ({}) THEN\n{}",
                changed(&self.old),
                disagrees(&self.old),
                absent(&self.new),
                follow(&self.new, 2),
            ));
            text.push_str(&format!(
                "    ELSIF {} THEN\n{}    END IF;\n",
                absent(&self.old),
                follow(&self.old, 2),
            ));
        } else {
            text.push_str(&follow(&self.new, 2));
            text.push_str(&format!(
                "    ELSIF {} OR ({}) THEN\n{}    END IF;\n",
                changed(&self.old),
                absent(&self.new),
                follow(&self.new, 2),
            ));
        }
        text.push_str("    RETURN NEW;\nEND\n");
        text
    }

    /// What a column follows from, of the row that is written.
    fn value(&self, follower: &Follower) -> String {
        let names: BTreeSet<&str> = self.names();
        let from = follower.from.as_deref().unwrap_or("NULL");
        super::columns::replace(from, &names, |name| format!("NEW.{}", identifier(name)))
    }

    fn names(&self) -> BTreeSet<&str> {
        let of_table = self.relation.columns.iter().map(|one| one.name.as_str());
        let sides = self
            .old
            .iter()
            .chain(&self.new)
            .map(|one| one.name.as_str());
        of_table.chain(sides).collect()
    }
}

fn bracket(condition: &str, parts: usize) -> String {
    match parts {
        0 | 1 => condition.to_owned(),
        _ => format!("({condition})"),
    }
}
