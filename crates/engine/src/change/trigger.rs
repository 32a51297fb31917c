//! A trigger that a change makes, with its function.

use super::names::{ChangeId, TableName};
use super::section::Section;
use crate::catalog::Relation;
use crate::sql::identifier;

/// When it fires, for each row but where it says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fires {
    /// Before the row is inserted or updated, as whoever writes it.
    Before,
    /// After it is inserted, updated or deleted, as the function's owner, as it writes where others may not.
    After,
    /// After it is inserted or updated, as the function's owner, too.
    AfterWrite,
    /// After the table is truncated, once, as the function's owner.
    AfterTruncate,
}

/// A trigger and its function.
#[derive(Clone, Debug)]
pub struct Trigger<'a> {
    pub id: &'a ChangeId,
    pub table: &'a TableName,
    pub relation: &'a Relation,
    /// What tells it from the change's other triggers; empty for the one that gates look for.
    pub what: &'static str,
    pub fires: Fires,
    /// The function's body.
    pub body: String,
    /// What it is for, as the reason of what is allowed.
    pub reason: &'static str,
}

impl Trigger<'_> {
    /// The name of the function and its trigger, the trigger's sorting after every other one: triggers fire in the order of
    /// their names (manual, 39.1), and a later one would undo what it did.
    fn name(&self) -> String {
        let own = self.id.made(self.what);
        let names = self.relation.triggers.iter();
        let last = names.map(|one| one.name.as_str()).max();
        let mut prefixes = ["zz_", "zzzz_", "~", "\u{fffd}"].into_iter();
        prefixes
            .find(|prefix| last.is_none_or(|last| format!("{prefix}{own}").as_str() > last))
            .map_or_else(|| own.clone(), |prefix| format!("{prefix}{own}"))
    }

    fn function(&self) -> String {
        let own = self.id.made(self.what);
        format!("{}.{own}", identifier(&self.table.schema))
    }

    /// Writes what makes function and trigger.
    pub fn make(&self, section: &mut Section) {
        let (function, trigger) = (self.function(), identifier(&self.name()));
        let as_owner = " SECURITY DEFINER SET search_path = pg_catalog, pg_temp";
        let (when, security) = match self.fires {
            Fires::Before => ("BEFORE INSERT OR UPDATE", ""),
            Fires::After => ("AFTER INSERT OR UPDATE OR DELETE", as_owner),
            Fires::AfterWrite => ("AFTER INSERT OR UPDATE", as_owner),
            Fires::AfterTruncate => ("AFTER TRUNCATE", as_owner),
        };
        let each = match self.fires {
            Fires::AfterTruncate => "STATEMENT",
            _ => "ROW",
        };
        section.push(format!(
            "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql{security} AS $cofferdam$\n{}$cofferdam$",
            self.body
        ));
        section.allow("trigger-on-existing-table", self.reason);
        section.push(format!(
            "CREATE TRIGGER {trigger} {when} ON {} FOR EACH {each} EXECUTE FUNCTION {function}()",
            self.table
        ));
        // Rows that a subscription applies are no exception.
        section.push(format!(
            "ALTER TABLE {} ENABLE ALWAYS TRIGGER {trigger}",
            self.table
        ));
    }

    /// Writes what takes them away.
    pub fn unmake(&self, section: &mut Section) {
        section.allow("ban-drop-trigger", "its work is done");
        section.push(format!(
            "DROP TRIGGER {} ON {}",
            identifier(&self.name()),
            self.table
        ));
        section.allow("ban-drop-function", "only its trigger called it");
        section.push(format!("DROP FUNCTION {}()", self.function()));
    }
}
