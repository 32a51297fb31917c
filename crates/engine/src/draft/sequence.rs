//! Sequences, and those of identity columns.

use super::access::{Access, Grantable, Subject};
use super::op::Rank;
use super::restore::Restore;
use super::words::qualified;
use crate::catalog::{Catalog, Column, Object, Relation, Sequence};
use crate::sql::identifier;

fn access(sequence: &Sequence) -> Access<'_> {
    Access {
        owner: &sequence.owner,
        grants: sequence.grants.as_deref(),
        comment: sequence.comment.as_deref(),
    }
}

/// The column that a sequence goes with, as PostgreSQL prints it.
fn column_name(table: &Relation, column: &Column) -> String {
    format!(
        "{}.{}",
        qualified(&table.schema, &table.name),
        identifier(&column.name)
    )
}

/// The column that a sequence goes with.
fn owner<'a>(catalog: &'a Catalog, sequence: &Sequence) -> Option<(&'a Relation, &'a Column)> {
    let wanted = sequence.owned_by.as_deref()?;
    let tables = catalog.objects().filter_map(Object::relation);
    let mut columns = tables.flat_map(|table| table.columns.iter().map(move |one| (table, one)));
    columns.find(|(table, column)| column_name(table, column) == wanted)
}

/// What a sequence has where nothing is said (manual, CREATE SEQUENCE): its least, its greatest and its first value.
fn defaults(type_: &str, increment: i64) -> (i64, i64, i64) {
    let (least, greatest) = match type_ {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    match increment < 0 {
        false => (1, greatest, 1),
        true => (least, -1, -1),
    }
}

/// Its options where they are not as by default; `type_` is told apart for a sequence of its own.
fn options(sequence: &Sequence) -> Vec<String> {
    let (least, greatest, _) = defaults(&sequence.type_, sequence.increment);
    let first = match sequence.increment < 0 {
        false => sequence.minimum,
        true => sequence.maximum,
    };
    let all = [
        (sequence.increment != 1).then(|| format!("INCREMENT BY {}", sequence.increment)),
        (sequence.minimum != least).then(|| format!("MINVALUE {}", sequence.minimum)),
        (sequence.maximum != greatest).then(|| format!("MAXVALUE {}", sequence.maximum)),
        (sequence.start != first).then(|| format!("START WITH {}", sequence.start)),
        (sequence.cache != 1).then(|| format!("CACHE {}", sequence.cache)),
        sequence.cycle.then(|| "CYCLE".to_owned()),
    ];
    all.into_iter().flatten().collect()
}

impl<'c> Restore<'c> {
    /// The options of an identity column's sequence, in parentheses; nothing where they are as by default.
    pub(super) fn identity_options(&self, table: &Relation, column: &Column) -> String {
        let wanted = column_name(table, column);
        let mut sequences = self.to.objects().filter_map(|object| match object {
            Object::Sequence(it) => Some(it),
            _ => None,
        });
        let found = sequences.find(|one| one.owned_by.as_deref() == Some(wanted.as_str()));
        let Some(sequence) = found else {
            return String::new();
        };
        let mut all = Vec::new();
        if sequence.schema != table.schema
            || sequence.name != format!("{}_{}_seq", table.name, column.name)
        {
            all.push(format!(
                "SEQUENCE NAME {}",
                qualified(&sequence.schema, &sequence.name)
            ));
        }
        all.extend(options(sequence));
        match all.is_empty() {
            true => String::new(),
            false => format!(" ({})", all.join(" ")),
        }
    }

    pub(super) fn drop_sequence(&mut self, sequence: &'c Sequence) {
        // One that goes with a column goes with it.
        if let Some((table, column)) = owner(self.from, sequence) {
            let kept = self.to.relation(&table.schema, &table.name);
            let kept = kept.and_then(|one| one.columns.iter().find(|one| one.name == column.name));
            if kept.is_none_or(|kept| column.identity.is_some() && kept.identity.is_none()) {
                return;
            }
        }
        let name = qualified(&sequence.schema, &sequence.name);
        self.push_drop(
            Rank::DropSequence,
            &sequence.schema,
            &sequence.name,
            String::new(),
            format!("DROP SEQUENCE {name};"),
        );
    }

    pub(super) fn make_sequence(&mut self, sequence: &'c Sequence) {
        let name = qualified(&sequence.schema, &sequence.name);
        self.miss(format!("the value of sequence {name}: it begins anew."));
        let owned = owner(self.to, sequence);
        let is_identity = owned.is_some_and(|(_, column)| column.identity.is_some());
        if !is_identity {
            let mut sql = format!(
                "CREATE {}SEQUENCE {name}",
                if sequence.unlogged { "UNLOGGED " } else { "" }
            );
            if sequence.type_ != "bigint" {
                sql.push_str(&format!(" AS {}", sequence.type_));
            }
            for option in options(sequence) {
                sql.push_str(&format!(" {option}"));
            }
            sql.push(';');
            self.push_make(Rank::MakeSequence, &sequence.schema, &sequence.name, sql);
            if let Some(column) = &sequence.owned_by {
                self.push(
                    Rank::Setting,
                    format!("ALTER SEQUENCE {name} OWNED BY {column};"),
                );
            }
        }
        // An owned sequence has its table's owner.
        let role = match owned {
            Some(_) => Access {
                owner: self.role,
                ..access(sequence)
            },
            None => access(sequence),
        };
        let subject = Subject {
            kind: "SEQUENCE",
            name: &name,
            grantable: Some(Grantable::Sequence),
        };
        match sequence.owner == self.role {
            true => self.access_of_new(subject, access(sequence)),
            false => self.access_of_new(subject, role),
        }
    }

    pub(super) fn alter_sequence(&mut self, now: &'c Sequence, then: &'c Sequence) {
        let name = qualified(&then.schema, &then.name);
        let mut changes = Vec::new();
        if now.type_ != then.type_ {
            changes.push(format!("AS {}", then.type_));
        }
        let numbers = [
            ("INCREMENT BY", now.increment, then.increment),
            ("MINVALUE", now.minimum, then.minimum),
            ("MAXVALUE", now.maximum, then.maximum),
            ("START WITH", now.start, then.start),
            ("CACHE", now.cache, then.cache),
        ];
        for (word, one, other) in numbers {
            // A new type brings bounds of its own.
            if one != other || (now.type_ != then.type_ && word.ends_with("VALUE")) {
                changes.push(format!("{word} {other}"));
            }
        }
        if now.cycle != then.cycle {
            changes.push(if then.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
        }
        if !changes.is_empty() {
            self.push(
                Rank::Setting,
                format!("ALTER SEQUENCE {name} {};", changes.join(" ")),
            );
        }
        if now.owned_by != then.owned_by {
            // The column of the same name may be another one by now: what is dropped or renamed takes the sequence along.
            let column = then.owned_by.as_deref().unwrap_or("NONE");
            self.push(
                Rank::Setting,
                format!("ALTER SEQUENCE {name} OWNED BY {column};"),
            );
        }
        if now.unlogged != then.unlogged {
            let state = if then.unlogged { "UNLOGGED" } else { "LOGGED" };
            self.push(Rank::Setting, format!("ALTER SEQUENCE {name} SET {state};"));
        }
        let subject = Subject {
            kind: "SEQUENCE",
            name: &name,
            grantable: Some(Grantable::Sequence),
        };
        let mut before = access(now);
        // With its table's owner changes its own.
        if owner(self.to, then).is_some() {
            before.owner = &then.owner;
        }
        self.access(subject, before, access(then));
    }
}
