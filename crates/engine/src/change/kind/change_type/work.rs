//! The phases of a change of type.

use super::super::super::build::Builder;
use super::super::super::columns;
use super::super::super::mirror::{add, dress};
use super::super::super::names::TableName;
use super::super::super::not_null::NotNull;
use super::super::super::parity::Parity;
use super::super::super::quarantine::Quarantine;
use super::super::super::section::Section;
use super::super::super::sync::{Follower, Sync, differ};
use super::super::super::view::{NewColumn, Place, VersionView};
use super::super::super::{ChangeError, Phase};
use super::ChangeType;
use super::carried::Carried;
use super::labels::Labels;
use crate::catalog::{Column, Object, Sequence};
use crate::sql::identifier;
use std::collections::BTreeSet;

/// The names of the two columns at one time: of the old type, and of the new one; and those of the types then, as SQL.
#[derive(Clone, Debug)]
pub struct Names {
    pub old: String,
    pub new: String,
    pub old_type: String,
    pub new_type: String,
}

/// A revision, before it is written.
pub type NewPart = (Phase, String, Section, Section);

/// The change, with what it takes.
pub struct Work<'b, 'a> {
    pub builder: &'b Builder<'a>,
    pub change: &'b ChangeType,
    pub column: &'a Column,
    pub before: Names,
    pub after: Names,
    pub carried: Carried<'a>,
    /// Both types are enums, and the new one takes over the old one's name.
    pub labels: Option<&'b Labels<'b>>,
}

impl<'a> Work<'_, 'a> {
    /// The new value, in terms of the column of the old type.
    fn up(&self, names: &Names) -> String {
        let (column, old) = (&self.change.column, identifier(&names.old));
        match (&self.change.up, self.labels) {
            (_, Some(labels)) => labels.up(&old, &names.new_type),
            (Some(up), None) => {
                columns::replace(up, &BTreeSet::from([column.as_str()]), |_| old.clone())
            }
            (None, None) => format!("{old}::{}", names.new_type),
        }
    }

    /// The old value, in terms of the column of the new type.
    fn down(&self, names: &Names) -> String {
        let name = self.change.to.as_deref().unwrap_or(&self.change.column);
        let new = identifier(&names.new);
        match (&self.change.down, self.labels) {
            (_, Some(labels)) => labels.down(&new, &names.old_type),
            (Some(down), None) => columns::replace(down, &BTreeSet::from([name]), |_| new.clone()),
            (None, None) => format!("{new}::{}", names.old_type),
        }
    }

    fn old_follower(&self, names: &Names, follows: bool) -> Follower {
        Follower {
            name: names.old.clone(),
            type_: names.old_type.clone(),
            collation: self.column.collation.clone(),
            from: follows.then(|| self.down(names)),
        }
    }

    fn new_follower(&self, names: &Names, follows: bool) -> Follower {
        Follower {
            name: names.new.clone(),
            type_: names.new_type.clone(),
            collation: None,
            from: follows.then(|| self.up(names)),
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
            view_schema: self.builder.change.view_schema.as_deref(),
        }
    }

    /// What the new version sees while both columns are there, under these names, where it has a schema of its own.
    fn view(&self, names: &Names) -> Result<Option<VersionView>, ChangeError> {
        let default = self.change.new_default(self.column).cloned();
        let default = match (self.labels, self.is_contracted(names)) {
            (Some(labels), false) => default.map(|new| labels.default_before(&new)),
            _ => default,
        };
        let shown = NewColumn {
            name: &names.new,
            like: Some(self.column),
            default: default.as_deref(),
        };
        VersionView::of(self.builder, &[self.column], &[shown], Place::Last)
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

    /// Its revisions in their order, and what both sides have to agree on.
    pub fn parts(&self) -> Result<(Vec<NewPart>, Parity), ChangeError> {
        let (table, words) = (self.builder.name, self.builder.name.words());
        let (old, new) = (identifier(&self.before.old), identifier(&self.before.new));
        let id = &self.builder.change.id;
        let forward = self.forward();
        let required = self.required(&self.before.new);
        let mut parts: Vec<NewPart> = Vec::new();

        let (mut up, mut down) = Section::both();
        up.change(table);
        if let Some(labels) = self.labels {
            labels.make_new(&mut up);
        }
        add(
            &mut up,
            &table.sql(),
            &self.before.new,
            &self.before.new_type,
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
        if let Some(view) = self.view(&self.before)? {
            view.make(&mut up);
            view.unmake(&mut down);
        }
        forward.trigger().unmake(&mut down);
        down.push(format!("ALTER TABLE {table} DROP COLUMN {new}"));
        if let Some(labels) = self.labels {
            labels.drop_new(&mut down);
        }
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
        let value = self.up(&self.before);
        up.batches(
            &self.key(&self.before)?,
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
        if let Some(labels) = self.labels {
            labels.swap(section);
        }
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
            &format!("({})", self.up(&self.after)),
            &self.new_follower(&self.after, false),
        );
        section.batches(
            &self.key(&self.after)?,
            format!(
                "UPDATE {table} SET {old} = {} WHERE {differs}",
                self.down(&self.after)
            ),
        );
        required.keep(section);
        self.carried
            .prove(section, id, table, &self.change.column, &self.after.old);
        section.change(table);
        backward.trigger().unmake(section);
        self.carried.let_go(section, id, table);
        if let Some(labels) = self.labels {
            labels.swap_back(section);
        }
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
        let (old, new) = (&self.column.default, self.change.new_default(self.column));
        let (had, has) = match is_contract {
            true => (old.as_ref(), new),
            false => (new, old.as_ref()),
        };
        if let Some(default) = has {
            section.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {taking} SET DEFAULT {default}"
            ));
        }
        if had.is_some() {
            section.push(format!(
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
        let value = self.up(&self.after);
        let same = self.new_follower(&self.after, false);
        // Where the new value was written since, the old one comes from that.
        let mut only = format!("NOT ({})", differ(&new, &format!("({value})"), &same));
        if let Some(labels) = self.labels {
            only.push_str(&format!(" AND {}", labels.is_old(&old)));
        }
        let quarantine = Quarantine {
            id: self.builder.change.id.clone(),
            table: table.clone(),
            key: self.key(&self.after)?,
            columns: vec![self.after.old.clone()],
            only: Some(only),
            as_text: self.labels.map(|_| self.after.old_type.clone()),
        };
        if !self.is_lossless() {
            quarantine.keep(up);
        }
        let view = self.view(&self.after)?;
        up.change(table);
        if let Some(view) = &view {
            view.unmake(up);
        }
        up.allow("ban-drop-column", "the new column has its values")
            .push(format!("ALTER TABLE {table} DROP COLUMN {old}"));
        down.change(table);
        if let Some(labels) = self.labels {
            labels.drop_old(up);
            labels.make_old(down);
        }
        add(
            down,
            &table.sql(),
            &self.after.old,
            &self.after.old_type,
            self.column.collation.as_deref(),
        );
        dress(down, &table.sql(), &self.after.old, self.column);
        if let Some(view) = &view {
            view.make(down);
        }
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
        if let Some(labels) = self.labels {
            return labels.is_lossless();
        }
        match (rank(&self.column.type_), rank(&self.change.type_)) {
            (Some(old), Some(new)) => casts && old < new,
            _ => false,
        }
    }
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
