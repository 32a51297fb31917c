//! Functions, procedures and aggregates.

use super::access::{Access, Grantable, Subject};
use super::op::Rank;
use super::rename::routine;
use super::restore::Restore;
use crate::catalog::{Defined, Kind};
use crate::sql::{fold, identifier};

fn access(routine: &Defined) -> Access<'_> {
    Access {
        owner: &routine.owner,
        grants: routine.grants.as_deref(),
        comment: routine.comment.as_deref(),
    }
}

/// Its name as DROP and ALTER have it: with the types of its arguments.
fn written(it: &Defined) -> String {
    let (name, arguments) = routine(&it.name);
    // An aggregate without arguments has an asterisk (manual, DROP AGGREGATE).
    format!("{}.{name}{arguments}", identifier(&it.schema))
}

/// Its name alone, as others mention it.
fn bare(it: &Defined) -> String {
    fold(routine(&it.name).0)
}

impl<'c> Restore<'c> {
    pub(super) fn drop_routine(&mut self, it: &'c Defined, kind: Kind) {
        let mut name = written(it);
        if kind == Kind::Aggregate && name.ends_with("()") {
            name = name.replace("()", "(*)");
        }
        let words = kind.words().to_ascii_uppercase();
        self.push_drop(
            Rank::DropRoutine,
            &it.schema,
            &bare(it),
            it.definition.clone(),
            format!("DROP {words} {name};"),
        );
    }

    pub(super) fn make_routine(&mut self, it: &'c Defined, kind: Kind) {
        let words = kind.words();
        if kind == Kind::Aggregate {
            self.miss(format!("{words} {}: create it again by hand.", written(it)));
            return;
        }
        let sql = format!("{};", it.definition.trim_end());
        self.push_make(Rank::MakeRoutine, &it.schema, &bare(it), sql);
        self.routine_access(kind, it, None);
    }

    pub(super) fn alter_routine(&mut self, now: &'c Defined, then: &'c Defined, kind: Kind) {
        if now.definition == then.definition {
            self.routine_access(kind, then, Some(now));
            return;
        }
        if kind == Kind::Aggregate {
            let words = kind.words();
            self.miss(format!(
                "{words} {}: create it again by hand.",
                written(then)
            ));
            return;
        }
        match head(now) == head(then) {
            true => {
                let sql = format!("{};", then.definition.trim_end());
                self.push_make(Rank::MakeRoutine, &then.schema, &bare(then), sql);
                self.routine_access(kind, then, Some(now));
            }
            false => {
                self.drop_routine(now, kind);
                self.make_routine(then, kind);
            }
        }
    }

    fn routine_access(&mut self, kind: Kind, then: &Defined, now: Option<&Defined>) {
        let words = kind.words().to_ascii_uppercase();
        let name = written(then);
        let subject = Subject {
            kind: &words,
            name: &name,
            grantable: Some(Grantable::Routine),
        };
        match now {
            Some(now) => self.access(subject, access(now), access(then)),
            None => self.access_of_new(subject, access(then)),
        }
    }
}

/// Name, arguments and result, which CREATE OR REPLACE cannot change (manual, CREATE FUNCTION).
fn head(it: &Defined) -> &str {
    let text = it.definition.as_str();
    text.split_once("\n LANGUAGE ")
        .map_or(text, |(head, _)| head)
}
