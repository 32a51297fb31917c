//! The trigger that keeps two sides of a change true while both versions of the application write.
//!
//! The rule, for each row that is written (docs/changes.md has it as a table, which a test walks):
//! * INSERT: where the new side is left out (or NULL), it follows the old one. Where it is given and says something else than
//!   the old one, the old one follows it: the version that knows both sides is the newer one, and a value on the old side may
//!   be no more than its default.
//! * UPDATE: the side that the statement changed is followed by the other; where both were changed and disagree, the new one
//!   counts. A side that is NULL because it is not filled yet is filled.
//!
//! Where the new version has a schema in its search_path, its sessions are told by that: a NULL that they insert is one, and
//! a side that is NULL is filled only where that is not what the other side says.

use super::names::{ChangeId, TableName};
use super::trigger::{Fires, Trigger};
use crate::catalog::Relation;
use crate::sql::{identifier, literal};
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
    /// The schema that sessions of the new version have in their search_path, where they have one.
    pub view_schema: Option<&'a str>,
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
/// (manual, 9.25.6); as records, for two row constructors are compared column by column.
pub fn differ(one: &str, other: &str, follower: &Follower) -> String {
    let base = follower.type_.split('(').next().unwrap_or_default();
    match EXACT.contains(&base) && follower.collation.is_none() {
        true => format!("{one} IS DISTINCT FROM {other}"),
        false => format!(
            "ROW({one})::record OPERATOR(pg_catalog.*<>) ROW(({other})::{})::record",
            follower.type_
        ),
    }
}

impl Sync<'_> {
    /// The trigger that does it.
    pub fn trigger(&self) -> Trigger<'_> {
        Trigger {
            id: self.id,
            table: self.table,
            relation: self.relation,
            what: "",
            fires: Fires::Before,
            body: self.body(),
            reason: "it keeps both sides in step for every version that writes",
        }
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
        let disagrees = |list: &[Follower]| self.disagrees(list, "NEW");
        let follow = |list: &[Follower], depth: usize| {
            let indent = "    ".repeat(depth);
            all(
                list,
                &|one| match one.from {
                    Some(_) => format!("{indent}{} := {};\n", new(one), self.value(one, "NEW")),
                    None => String::new(),
                },
                "",
            )
        };
        let both_ways = self.old.iter().any(|one| one.from.is_some());
        let mut text = String::from("BEGIN\n");
        for (side, other) in [(&self.new, &self.old), (&self.old, &self.new)] {
            if both_ways && side.len() > 1 {
                text.push_str(&self.complete(side, other));
            }
        }
        text.push_str("    IF TG_OP = 'INSERT' THEN\n");
        if both_ways {
            text.push_str(&format!(
                "        IF {}{} THEN\n{}        ELSIF {} THEN\n{}        END IF;\n",
                absent(&self.new),
                self.not_by_new_version(),
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
                "    ELSIF ({} AND {}) OR ({}{}) THEN\n{}",
                changed(&self.old),
                disagrees(&self.old),
                absent(&self.new),
                self.not_meant(&self.old, "NEW"),
                follow(&self.new, 2),
            ));
            text.push_str(&format!(
                "    ELSIF {}{} THEN\n{}    END IF;\n",
                absent(&self.old),
                self.not_meant(&self.new, "NEW"),
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

    /// A side of several columns that is not filled yet is filled before a statement that writes only some of them is judged.
    fn complete(&self, side: &[Follower], other: &[Follower]) -> String {
        let empty: Vec<String> = side
            .iter()
            .map(|one| format!("OLD.{} IS NULL", identifier(&one.name)))
            .collect();
        let mut text = format!(
            "    IF TG_OP = 'UPDATE' AND {}{} THEN\n",
            empty.join(" AND "),
            self.not_meant(other, "OLD"),
        );
        for one in side {
            let name = identifier(&one.name);
            text.push_str(&format!(
                "        NEW.{name} := coalesce(NEW.{name}, {});\n",
                self.value(one, "NEW")
            ));
        }
        text.push_str("    END IF;\n");
        text
    }

    /// A condition for the end of others: it is not the new version that inserts.
    fn not_by_new_version(&self) -> String {
        match self.view_schema {
            Some(schema) => format!(
                " AND NOT {} OPERATOR(pg_catalog.=) ANY (pg_catalog.current_schemas(false))",
                literal(schema)
            ),
            None => String::new(),
        }
    }

    /// A condition for the end of others, by which one side is NULL: that is not what the other side, `list`, says.
    fn not_meant(&self, list: &[Follower], row: &str) -> String {
        match self.view_schema {
            Some(_) => format!(" AND {}", self.disagrees(list, row)),
            None => String::new(),
        }
    }

    /// A condition: this side is not what follows from the other one, in `row`.
    fn disagrees(&self, list: &[Follower], row: &str) -> String {
        let parts: Vec<String> = list
            .iter()
            .filter(|one| one.from.is_some())
            .map(|one| {
                let own = format!("{row}.{}", identifier(&one.name));
                differ(&own, &self.value(one, row), one)
            })
            .collect();
        bracket(&parts.join(" OR "), parts.len())
    }

    /// What a column follows from, of `row`.
    fn value(&self, follower: &Follower, row: &str) -> String {
        let names: BTreeSet<&str> = self.names();
        let from = follower.from.as_deref().unwrap_or("NULL");
        super::columns::replace(from, &names, |name| format!("{row}.{}", identifier(name)))
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
