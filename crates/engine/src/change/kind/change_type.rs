//! Change a column's type. A second column of the new type follows the old one, with indexes and constraints like its; in the
//! contract it takes over names, default and sequence, and the old one goes.

mod carried;

use super::super::columns;
use super::super::dependents::{dependents, named};
use super::super::expression::{expression, type_name};
use super::super::mirror::{add, dress};
use super::super::not_null::NotNull;
use super::super::parity::Parity;
use super::super::quarantine::Quarantine;
use super::super::section::Section;
use super::super::sync::{Follower, Sync, differ};
use super::super::{ChangeError, Phase, build::list};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::catalog::{Column, Kind, Object, Sequence};
use crate::sql::identifier;
use carried::Carried;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeType {
    pub column: String,
    #[serde(rename = "type")]
    pub type_: String,
    /// The new value, from the row's columns; a cast where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up: Option<String>,
    /// The old value, from the row's columns; a cast where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down: Option<String>,
    /// A new name, under which the new version reads and writes the new type while the old one keeps the old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

pub const ABOUT: About = About {
    name: "change-type",
    title: "Change a column's type",
    about: "With its indexes, constraints and sequence; rows are rewritten in batches.",
    fields: &[
        Field::needed("column", "Column", "id", FieldKind::Column),
        Field::needed("type", "New type", "bigint", FieldKind::Sql),
        Field::optional("up", "New value", "id::bigint", FieldKind::Sql),
        Field::optional("down", "Old value", "id::integer", FieldKind::Sql),
        Field::optional("to", "New name", "id_wide", FieldKind::Name),
    ],
};

impl ChangeType {
    pub fn title(&self, table: &TableName) -> String {
        format!(
            "Change type of {}.{} to {}",
            table.words(),
            identifier(&self.column),
            self.type_
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec![&self.column, self.to.as_deref().unwrap_or(&self.type_)]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let column = builder.column(&self.column)?;
        self.check(builder, column)?;
        builder.note_triggers();
        let second = match &self.to {
            Some(to) => to.clone(),
            None => builder.change.id.made("c"),
        };
        let work = Work {
            builder,
            change: self,
            column,
            // Before the contract, and after it.
            before: Names::new(&self.column, &second),
            after: match &self.to {
                Some(to) => Names::new(&self.column, to),
                None => Names::new(&second, &self.column),
            },
            carried: Carried::of(builder, &self.column),
        };
        let (parts, parity) = work.parts()?;
        for (phase, message, up, down) in parts {
            builder.part(phase, message, up, down);
        }
        builder.parity(parity);
        if self.to.is_none() {
            builder.note(format!(
                "Both versions see the old type until the contract, and {} from then on, under the same name: see that both can read it.",
                self.type_
            ));
        }
        builder.note(
            "Undoing the contract stops at a value that the old type cannot hold, and says which it is.",
        );
        Ok(())
    }

    fn check(&self, builder: &mut Builder<'_>, column: &Column) -> Result<(), ChangeError> {
        let words = format!("{}.{}", builder.name.words(), identifier(&self.column));
        let no = |why: String| Err(ChangeError(format!("{words} {why}")));
        type_name(&self.type_)?;
        for (what, text) in [("up", &self.up), ("down", &self.down)] {
            if let Some(text) = text {
                expression(what, text, builder.name)?;
            }
        }
        if column.type_ == self.type_ {
            return no(format!(
                "is {} already: nothing has to be changed",
                self.type_
            ));
        }
        if column.generated.is_some() {
            return no("is generated: drop it, and add it with the new type".into());
        }
        if column.identity.is_some() {
            return no("is an identity, which cannot go from one column to another: in a revision before, DROP IDENTITY, make a sequence OWNED BY the column, and let it be the default".into());
        }
        if let Some(to) = &self.to {
            builder.free_column(to)?;
        }
        let indexes = builder.indexes_on(&self.column);
        if let Some(index) = indexes
            .iter()
            .find(|one| one.replica_identity || one.clustered)
        {
            return no(format!(
                "is in {}, by which the table is replicated or clustered: let another index be that first",
                identifier(&index.name)
            ));
        }
        let excluded =
            builder.table.constraints.iter().find(|one| {
                one.type_ == "exclusion" && columns::has(&one.definition, &self.column)
            });
        if let Some(excluded) = excluded {
            return no(format!(
                "is in the exclusion constraint {}, which cannot be built beside writers: drop that first",
                identifier(&excluded.name)
            ));
        }
        // Under the same name, functions find the column still.
        let stays = self.to.is_none();
        let (routines, others): (Vec<_>, Vec<_>) = dependents(builder, Some(&self.column))
            .into_iter()
            .partition(|(kind, _)| stays && matches!(kind, Kind::Function | Kind::Procedure));
        if !others.is_empty() {
            return no(format!(
                "is used by {}: change or drop what uses it in a revision before, and then make this change anew",
                named(&others)
            ));
        }
        if !routines.is_empty() {
            builder.note(format!(
                "These name {words}: see that they can do with the new type: {}.",
                named(&routines)
            ));
        }
        Ok(())
    }
}

/// The names of the two columns at one time: of the old type, and of the new one.
#[derive(Clone, Debug)]
struct Names {
    old: String,
    new: String,
}

impl Names {
    fn new(old: &str, new: &str) -> Self {
        Names {
            old: old.to_owned(),
            new: new.to_owned(),
        }
    }
}

type NewPart = (Phase, String, Section, Section);

/// The change, with what it takes.
struct Work<'b, 'a> {
    builder: &'b Builder<'a>,
    change: &'b ChangeType,
    column: &'a Column,
    before: Names,
    after: Names,
    carried: Carried<'a>,
}

impl<'a> Work<'_, 'a> {
    /// The new value, in terms of a column of the old type.
    fn up(&self, old: &str) -> String {
        let (column, type_) = (&self.change.column, &self.change.type_);
        match &self.change.up {
            Some(up) => {
                columns::replace(up, &BTreeSet::from([column.as_str()]), |_| identifier(old))
            }
            None => format!("{}::{type_}", identifier(old)),
        }
    }

    /// The old value, in terms of a column of the new type.
    fn down(&self, new: &str) -> String {
        let name = self.change.to.as_deref().unwrap_or(&self.change.column);
        match &self.change.down {
            Some(down) => columns::replace(down, &BTreeSet::from([name]), |_| identifier(new)),
            None => format!("{}::{}", identifier(new), self.column.type_),
        }
    }

    fn old_follower(&self, names: &Names, follows: bool) -> Follower {
        Follower {
            name: names.old.clone(),
            type_: self.column.type_.clone(),
            collation: self.column.collation.clone(),
            from: follows.then(|| self.down(&names.new)),
        }
    }

    fn new_follower(&self, names: &Names, follows: bool) -> Follower {
        Follower {
            name: names.new.clone(),
            type_: self.change.type_.clone(),
            collation: None,
            from: follows.then(|| self.up(&names.old)),
        }
    }

    /// Until the contract: the new one follows the old, and where it has a name of its own, the old one follows it, too.
    fn forward(&self) -> Sync<'_> {
        Sync {
            id: &self.builder.change.id,
            table: self.builder.name,
            relation: self.builder.table,
            old: vec![self.old_follower(&self.before, self.change.to.is_some())],
            new: vec![self.new_follower(&self.before, true)],
        }
    }

    /// While the contract is undone: the old one follows the new.
    fn backward(&self) -> Sync<'_> {
        Sync {
            old: vec![self.new_follower(&self.after, false)],
            new: vec![self.old_follower(&self.after, true)],
            ..self.forward()
        }
    }

    /// The table's key, as its columns are called then.
    fn key(&self, names: &Names) -> Result<Vec<String>, ChangeError> {
        let key = self.builder.key()?.into_iter();
        let is_own = |name: &str| name == self.change.column;
        let now = match self.is_contracted(names) {
            true => &names.new,
            false => &names.old,
        };
        Ok(key
            .map(|name| {
                if is_own(name) {
                    now.clone()
                } else {
                    name.to_owned()
                }
            })
            .collect())
    }

    fn is_contracted(&self, names: &Names) -> bool {
        std::ptr::eq(names, &self.after)
    }

    fn required(&self, column: &str) -> NotNull<'_> {
        let id = &self.builder.change.id;
        NotNull::new(
            id,
            self.builder.name,
            self.column.not_null.then_some(column),
        )
    }

    fn parts(&self) -> Result<(Vec<NewPart>, Parity), ChangeError> {
        let (table, words) = (self.builder.name, self.builder.name.words());
        let (old, new) = (identifier(&self.before.old), identifier(&self.before.new));
        let id = &self.builder.change.id;
        let forward = self.forward();
        let required = self.required(&self.before.new);
        let mut parts: Vec<NewPart> = Vec::new();

        let (mut up, mut down) = Section::both();
        up.change(table);
        add(
            &mut up,
            &table.sql(),
            &self.before.new,
            &self.change.type_,
            None,
        );
        let like = Column {
            storage: None,
            compression: None,
            ..self.column.clone()
        };
        dress(&mut up, &table.sql(), &self.before.new, &like);
        forward.trigger().make(&mut up);
        required.promise(&mut up);
        down.change(table);
        forward.trigger().unmake(&mut down);
        down.push(format!("ALTER TABLE {table} DROP COLUMN {new}"));
        parts.push((
            Phase::Expand,
            format!(
                "{words}: a second column for {old}, as {}",
                self.change.type_
            ),
            up,
            down,
        ));

        let (mut up, mut down) = Section::both();
        let value = self.up(&self.before.old);
        up.batches(
            &key_list(&self.key(&self.before)?),
            format!(
                "UPDATE {table} SET {new} = {value} WHERE {new} IS NULL AND ({value}) IS NOT NULL"
            ),
        );
        required.keep(&mut up);
        required.release(&mut down);
        parts.push((
            Phase::Migrate,
            format!("{words}: fill the second column"),
            up,
            down,
        ));
        self.carried
            .migrate(id, table, &self.change.column, &self.before.new, &mut parts);

        let (mut up, mut down) = Section::both();
        self.contract(&mut up);
        self.uncontract(&mut down)?;
        parts.push((
            Phase::Contract,
            format!("{words}: the new column takes over"),
            up,
            down,
        ));
        self.carried
            .drop_indexes(id, table, &self.change.column, &self.after.old, &mut parts);
        let (mut up, mut down) = Section::both();
        self.drop_old(&mut up, &mut down)?;
        parts.push((
            Phase::Contract,
            format!("{words}: drop the old column"),
            up,
            down,
        ));
        let key = self.key(&self.before)?;
        let key: Vec<&str> = key.iter().map(String::as_str).collect();
        Ok((parts, Parity::of(&forward, &key)?))
    }

    /// The new column takes the place of the old one, in one transaction.
    fn contract(&self, section: &mut Section) {
        let (table, id) = (self.builder.name, &self.builder.change.id);
        section.change(table);
        self.forward().trigger().unmake(section);
        self.carried.release(section, table);
        self.swap(section, &self.before, &self.after);
        self.carried.take(section, id, table);
    }

    fn uncontract(&self, section: &mut Section) -> Result<(), ChangeError> {
        let (table, id) = (self.builder.name, &self.builder.change.id);
        let (old, new) = (identifier(&self.after.old), identifier(&self.after.new));
        let backward = self.backward();
        let required = self.required(&self.after.old);
        self.carried
            .rebuild(section, id, table, &self.change.column, &self.after);
        section.change(table);
        backward.trigger().make(section);
        required.promise(section);
        let differs = differ(
            &new,
            &format!("({})", self.up(&self.after.old)),
            &self.new_follower(&self.after, false),
        );
        section.batches(
            &key_list(&self.key(&self.after)?),
            format!(
                "UPDATE {table} SET {old} = {} WHERE {differs}",
                self.down(&self.after.new)
            ),
        );
        required.keep(section);
        self.carried
            .prove(section, id, table, &self.change.column, &self.after.old);
        section.change(table);
        backward.trigger().unmake(section);
        self.carried.let_go(section, id, table);
        self.swap(section, &self.after, &self.before);
        self.carried.give_back(section, id, table);
        self.forward().trigger().make(section);
        self.carried
            .refer_again(section, id, table, &self.change.column, &self.before.new);
        Ok(())
    }

    /// Names, default, sequence and NOT NULL go from one column to the other.
    fn swap(&self, section: &mut Section, from: &Names, to: &Names) {
        let table = self.builder.name;
        let is_contract = self.is_contracted(to);
        let (giving, taking) = match is_contract {
            true => (&from.old, &from.new),
            false => (&from.new, &from.old),
        };
        let (giving, taking) = (identifier(giving), identifier(taking));
        if let Some(default) = &self.column.default {
            section
                .push(format!(
                    "ALTER TABLE {table} ALTER COLUMN {taking} SET DEFAULT {default}"
                ))
                .push(format!(
                    "ALTER TABLE {table} ALTER COLUMN {giving} DROP DEFAULT"
                ));
        }
        if let Some(sequence) = self.sequence() {
            let name = TableName::new(&sequence.schema, &sequence.name);
            let type_ = match is_contract {
                true => sequence_type(&self.change.type_).unwrap_or(&sequence.type_),
                false => &sequence.type_,
            };
            section.push(format!(
                "ALTER SEQUENCE {name} AS {type_} OWNED BY {table}.{taking}"
            ));
        }
        if self.column.not_null && is_contract {
            section.allow("ban-drop-not-null", "nothing fills it any more");
            section.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {giving} DROP NOT NULL"
            ));
        }
        if self.change.to.is_none() {
            let aside = self.builder.change.id.made("");
            let (one, other) = (identifier(&from.old), identifier(&from.new));
            for (from, to) in [(&one, &aside), (&other, &one), (&aside, &other)] {
                section
                    .allow("renaming-column", "both columns have the same values")
                    .push(format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}"));
            }
        }
    }

    /// The sequence that goes with the column.
    fn sequence(&self) -> Option<&'a Sequence> {
        let own = format!("{}.{}", self.builder.name, identifier(&self.change.column));
        self.builder
            .change
            .start
            .objects()
            .find_map(|object| match object {
                Object::Sequence(it) if it.owned_by.as_deref() == Some(own.as_str()) => Some(it),
                _ => None,
            })
    }

    fn drop_old(&self, up: &mut Section, down: &mut Section) -> Result<(), ChangeError> {
        let (table, old) = (self.builder.name, identifier(&self.after.old));
        let new = identifier(&self.after.new);
        let value = self.up(&self.after.old);
        let same = self.new_follower(&self.after, false);
        let quarantine = Quarantine {
            id: self.builder.change.id.clone(),
            table: table.clone(),
            key: self.key(&self.after)?,
            columns: vec![self.after.old.clone()],
            // Where the new value was written since, the old one comes from that.
            only: Some(format!(
                "NOT ({})",
                differ(&new, &format!("({value})"), &same)
            )),
        };
        if !self.is_lossless() {
            quarantine.keep(up);
        }
        up.change(table)
            .allow("ban-drop-column", "the new column has its values")
            .push(format!("ALTER TABLE {table} DROP COLUMN {old}"));
        down.change(table);
        add(
            down,
            &table.sql(),
            &self.after.old,
            &self.column.type_,
            self.column.collation.as_deref(),
        );
        dress(down, &table.sql(), &self.after.old, self.column);
        if !self.is_lossless() {
            quarantine.restore(down);
            down.check(table);
            quarantine.forget(down);
        }
        Ok(())
    }

    /// Whether the new value always gives the old one back: an integer that became wider.
    fn is_lossless(&self) -> bool {
        let rank = |type_: &str| {
            ["smallint", "integer", "bigint"]
                .iter()
                .position(|one| Some(*one) == sequence_type(type_))
        };
        let casts = self.change.up.is_none() && self.change.down.is_none();
        match (rank(&self.column.type_), rank(&self.change.type_)) {
            (Some(old), Some(new)) => casts && old < new,
            _ => false,
        }
    }
}

fn key_list(key: &[String]) -> String {
    let names: Vec<&str> = key.iter().map(String::as_str).collect();
    list(&names).replace(", ", ",")
}

/// The integer type by the name that PostgreSQL prints; none for another.
fn sequence_type(type_: &str) -> Option<&'static str> {
    match type_.trim().to_ascii_lowercase().as_str() {
        "smallint" | "int2" => Some("smallint"),
        "integer" | "int" | "int4" => Some("integer"),
        "bigint" | "int8" => Some("bigint"),
        _ => None,
    }
}
