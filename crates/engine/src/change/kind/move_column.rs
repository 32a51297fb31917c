//! Move a column to another table, where each row of one has at most one row of the other. A trigger on each of them carries
//! over what is written there; in the contract the old column goes, and what had no place in the other table is kept.

mod pair;
mod side;

use super::super::fill::Fill;
use super::super::mirror::{add, dress};
use super::super::not_null::NotNull;
use super::super::parity::Parity;
use super::super::quarantine::Quarantine;
use super::super::replaced;
use super::super::section::Section;
use super::super::sync::Follower;
use super::super::trigger::Trigger;
use super::super::{Change, ChangeError, Phase};
use super::drop_column::{drop_index, make_index, require_again};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::catalog::Column;
use crate::sql::identifier;
use pair::Pair;
use serde::{Deserialize, Serialize};
use side::{Moved, Side};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveColumn {
    pub column: String,
    /// The other table, such as `app.profiles`.
    pub to: String,
    /// The foreign key between the two tables, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Its name there; the same where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the new version's rows have in the old column as long as it is there; where that is required and has no default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill: Option<String>,
}

pub const ABOUT: About = About {
    name: "move-column",
    title: "Move a column to another table",
    about: "Both tables have it, and follow each other, until the old version is gone.",
    fields: &[
        Field::needed("column", "Column", "bio", FieldKind::Column),
        Field::needed("to", "The other table", "profiles", FieldKind::Sql),
        Field::optional(
            "on",
            "The foreign key between them",
            "profiles_person_fkey",
            FieldKind::Name,
        ),
        Field::optional("name", "Its name there", "about", FieldKind::Name),
        Field::optional(
            "fill",
            "Value where the new version gives none",
            "''",
            FieldKind::Sql,
        ),
    ],
};

impl MoveColumn {
    pub fn title(&self, table: &TableName) -> String {
        format!(
            "Move column {}.{} to {}",
            table.words(),
            identifier(&self.column),
            self.to
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec![&self.column, "to", &self.to]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let column = builder.column(&self.column)?;
        replaced::check(builder, column)?;
        let other = Change {
            table: TableName::read(&self.to)?,
            key: Vec::new(),
            ..builder.change.clone()
        };
        if other.table == *builder.name {
            return Err(ChangeError(format!(
                "{} is the table that the column is in: name another one",
                builder.name.words()
            )));
        }
        let mut there = Builder::new(&other)?;
        there.plain_table()?;
        let name = self.name.as_ref().unwrap_or(&self.column);
        there.free_column(name)?;
        let pair = Pair::find(builder, &there, self.on.as_deref())?;

        builder.comparable(&pair.here)?;
        there.comparable(&pair.there)?;
        let fallback = self.fallback(builder, column)?;

        builder.note_triggers();
        there.note_triggers();
        let value = |name: &str| Follower {
            name: name.to_owned(),
            type_: column.type_.clone(),
            collation: column.collation.clone(),
            from: None,
        };
        let moved = Moved {
            id: &builder.change.id,
            old: Side {
                name: builder.name,
                relation: builder.table,
                key: pair.here,
                value: value(&self.column),
            },
            new: Side {
                name: there.name,
                relation: there.table,
                key: pair.there,
                value: value(name),
            },
            fallback,
        };
        let keys = (owned(builder.key()?), owned(there.key()?));
        let work = Work {
            builder,
            column,
            moved: &moved,
            fill: self.fill.as_deref(),
            keys: &keys,
        };
        let parts = work.parts()?;
        for (phase, message, up, down) in parts {
            builder.part(phase, message, up, down);
        }
        builder.parity(Parity {
            table: builder.name.clone(),
            key: keys.0.clone(),
            differ: moved.disagrees("page"),
            columns: vec![self.column.clone()],
            back: None,
            functions: [(builder.name, ""), (moved.new.name, "t")]
                .map(|(table, what)| TableName::new(&table.schema, &builder.change.id.made(what)))
                .to_vec(),
        });
        for note in there.finish().notes {
            builder.note(note);
        }
        moved.notes(builder, column);
        Ok(())
    }

    /// What a row of the old column's table has where it is left out.
    fn fallback<'f>(
        &'f self,
        builder: &Builder<'_>,
        column: &'f Column,
    ) -> Result<Option<&'f str>, ChangeError> {
        let words = format!("{}.{}", builder.name.words(), identifier(&self.column));
        let value = self.fill.as_ref().or(column.default.as_ref());
        match value {
            None if column.not_null => Err(ChangeError(format!(
                "{words} is NOT NULL and has no default, so the new version cannot leave it out: say with `fill` what its rows have there"
            ))),
            Some(value) if !side::is_constant(value) => Err(ChangeError(format!(
                "{words} has {value} where it is left out, which is another value each time: a row of which the new version leaves it out could not be told from others. Let the default be a constant, or drop it, in a revision before"
            ))),
            value => Ok(value.map(String::as_str)),
        }
    }
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// The phases of the move.
struct Work<'b, 'a> {
    builder: &'b Builder<'a>,
    column: &'a Column,
    moved: &'b Moved<'b>,
    fill: Option<&'b str>,
    /// By whose ranges the rows of both tables are taken.
    keys: &'b (Vec<String>, Vec<String>),
}

type NewPart = (Phase, String, Section, Section);

impl Work<'_, '_> {
    fn parts(&self) -> Result<Vec<NewPart>, ChangeError> {
        let (old, new) = (&self.moved.old, &self.moved.new);
        let (here, there) = (old.words(), new.words());
        let mut parts = Vec::new();

        let (mut up, mut down) = Section::both();
        up.change_all(&self.both());
        self.add(&mut up, new);
        // Where the values come from has its trigger first: what is written meanwhile is filled later.
        up.change_all(&self.both());
        self.make_old(&mut up);
        up.change_all(&self.both());
        self.moved.on_new().make(&mut up);
        down.change_all(&self.both());
        self.moved.on_new().unmake(&mut down);
        down.change_all(&self.both());
        self.moved.on_old().unmake(&mut down);
        self.unmake_fill(&mut down);
        down.change_all(&self.both());
        drop(&mut down, new, "the other table has its values");
        parts.push((
            Phase::Expand,
            format!("{there}: add it, in step with {here}"),
            up,
            down,
        ));

        let (mut up, mut down) = Section::both();
        side::touch(&mut up, old, &self.keys.0, new);
        down.nothing("What was filled stays.");
        parts.push((
            Phase::Migrate,
            format!("{there}: fill it from {here}"),
            up,
            down,
        ));

        for index in self.builder.indexes_on(&self.column.name) {
            let (mut up, mut down) = Section::both();
            drop_index(&mut up, old.name, index);
            make_index(&mut down, old.name, index);
            let message = format!("{here}: drop the index {}", identifier(&index.name));
            parts.push((Phase::Contract, message, up, down));
        }
        if self.column.not_null {
            let (mut up, mut down) = Section::both();
            let name = self.column.name.as_str();
            up.change(old.name)
                .allow("ban-drop-not-null", "the other table has its values")
                .push(format!(
                    "ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL",
                    old.name,
                    identifier(name)
                ));
            let required = NotNull::new(&self.builder.change.id, old.name, [name]);
            let fallback = self.moved.fallback;
            require_again(&mut down, self.builder, &required, name, fallback)?;
            parts.push((Phase::Contract, format!("{here}: it may be NULL"), up, down));
        }
        let (mut up, mut down) = Section::both();
        self.contract(&mut up);
        self.uncontract(&mut down);
        parts.push((Phase::Contract, format!("{here}: drop it"), up, down));
        Ok(parts)
    }

    fn add(&self, section: &mut Section, side: &Side<'_>) {
        let (table, value) = (side.name.sql(), &side.value);
        let collation = value.collation.as_deref();
        add(section, &table, &value.name, &value.type_, collation);
        dress(section, &table, &value.name, self.column);
    }

    fn make_old(&self, section: &mut Section) {
        if let Some(trigger) = self.fill_trigger() {
            trigger.make(section);
        }
        self.moved.on_old().make(section);
    }

    fn unmake_fill(&self, section: &mut Section) {
        if let Some(trigger) = self.fill_trigger() {
            trigger.unmake(section);
        }
    }

    /// What fills the old column in rows of the new version.
    fn fill_trigger(&self) -> Option<Trigger<'_>> {
        let fill = Fill {
            builder: self.builder,
            column: &self.column.name,
            value: self.fill?,
            follows: false,
        };
        Some(Trigger {
            what: "f",
            ..fill.trigger()
        })
    }

    fn quarantine(&self) -> Quarantine {
        let old = &self.moved.old;
        Quarantine {
            id: self.builder.change.id.clone(),
            table: old.name.clone(),
            key: self.keys.0.clone(),
            columns: vec![self.column.name.clone()],
            only: Some(self.moved.has_no_place()),
            as_text: None,
        }
    }

    /// The two tables.
    fn both(&self) -> [TableName; 2] {
        [&self.moved.old, &self.moved.new].map(|side| side.name.clone())
    }

    fn contract(&self, section: &mut Section) {
        let (old, new) = (&self.moved.old, &self.moved.new);
        self.quarantine().keep(section);
        section.change_all(&self.both());
        self.moved.on_old().unmake(section);
        section.change_all(&self.both());
        self.moved.on_new().unmake(section);
        set_default(section, new, self.column.default.as_deref());
        section.change_all(&self.both());
        self.unmake_fill(section);
        drop(section, old, "the other table has its values");
    }

    fn uncontract(&self, section: &mut Section) {
        let (old, new) = (&self.moved.old, &self.moved.new);
        section.change_all(&self.both());
        self.add(section, old);
        section.change_all(&self.both());
        if self.column.default.is_some() {
            section.push(format!(
                "ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT",
                new.name,
                identifier(&new.value.name)
            ));
        }
        self.moved.on_new().make(section);
        section.change_all(&self.both());
        set_default(section, old, self.column.default.as_deref());
        self.make_old(section);
        side::touch(section, new, &self.keys.1, old);
        let quarantine = self.quarantine();
        quarantine.restore_where(section, &side::is_alone(old, "here", new));
        section.change_all(&self.both());
        quarantine.forget(section);
    }
}

fn drop(section: &mut Section, side: &Side<'_>, why: &str) {
    section.allow("ban-drop-column", why).push(format!(
        "ALTER TABLE {} DROP COLUMN {}",
        side.name,
        identifier(&side.value.name)
    ));
}

fn set_default(section: &mut Section, side: &Side<'_>, default: Option<&str>) {
    if let Some(default) = default {
        section.push(format!(
            "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {default}",
            side.name,
            identifier(&side.value.name)
        ));
    }
}
