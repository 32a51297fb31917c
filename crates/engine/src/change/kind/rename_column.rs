//! Rename a column. The new name is a second column that a trigger keeps equal; in the end the two change names, so that
//! indexes, constraints, views, policies and all else that stands on the old column follow as they do when it is renamed at
//! once, and the second column is dropped.

use super::super::build::{Builder, own_part};
use super::super::columns;
use super::super::mirror::{Added, Mirror};
use super::super::section::Section;
use super::super::sync::{Follower, Sync};
use super::super::view::{NewColumn, Place, VersionView};
use super::super::{ChangeError, Phase};
use super::{About, Field, FieldKind, TableName};
use crate::catalog::{Column, Index};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameColumn {
    pub column: String,
    pub to: String,
}

pub const ABOUT: About = About {
    name: "rename-column",
    title: "Rename a column",
    about: "Both names work until the old version is gone.",
    fields: &[
        Field::needed("column", "Column", "tier", FieldKind::Column),
        Field::needed("to", "New name", "plan", FieldKind::Name),
    ],
};

impl RenameColumn {
    pub fn title(&self, table: &TableName) -> String {
        format!(
            "Rename column {}.{} to {}",
            table.words(),
            identifier(&self.column),
            identifier(&self.to)
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec![&self.column, &self.to]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let column = builder.column(&self.column)?;
        builder.free_column(&self.to)?;
        self.check(builder, column)?;
        builder.note_triggers();
        let (table, old, new) = (builder.name, identifier(&self.column), identifier(&self.to));
        let (words, id) = (table.words(), &builder.change.id);

        let follower = |name: &str, from: &str| Follower {
            name: name.to_owned(),
            type_: column.type_.clone(),
            collation: column.collation.clone(),
            from: Some(identifier(from)),
        };
        let sync = Sync {
            id,
            table,
            relation: builder.table,
            old: vec![follower(&self.column, &self.to)],
            new: vec![follower(&self.to, &self.column)],
            view_schema: builder.change.view_schema.as_deref(),
        };
        let shown = NewColumn {
            name: &self.to,
            like: Some(column),
            default: column.default.as_deref(),
        };
        let view = VersionView::of(builder, &[column], &[shown], Place::OfTheOld)?;
        let mirror = |name: &str, from: &str| Mirror {
            builder,
            sync: sync.clone(),
            added: vec![Added {
                follower: follower(name, from),
                not_null: column.not_null,
                like: Some(column),
            }],
            view: view.as_ref(),
        };
        let (before, after) = (
            mirror(&self.to, &self.column),
            mirror(&self.column, &self.to),
        );
        let indexes: Vec<Second<'_>> = builder
            .indexes_on(&self.column)
            .into_iter()
            .enumerate()
            .map(|(at, like)| Second {
                name: id.made(&format!("i{}", at + 1)),
                like,
            })
            .collect();
        let parity = before.parity()?;

        let mut parts = Vec::new();
        let (mut up, mut down) = Section::both();
        before.make(&mut up);
        before.unmake(&mut down);
        parts.push((
            Phase::Expand,
            format!("{words}: add {new}, kept equal to {old}"),
            up,
            down,
        ));

        let (mut up, mut down) = Section::both();
        before.fill(&mut up)?;
        before.unfill(&mut down);
        parts.push((
            Phase::Migrate,
            format!("{words}: fill {new} from {old}"),
            up,
            down,
        ));
        for index in &indexes {
            let (mut up, mut down) = Section::both();
            self.index(&mut up, table, index, &self.to);
            index.drop(&mut down, table);
            let message = format!("{words}: index {new} as {} does {old}", index.like.name);
            parts.push((Phase::Migrate, message, up, down));
        }

        // From here on the old column has the new name, and the second one the old.
        let (mut up, mut down) = Section::both();
        self.swap(&mut up, builder, view.as_ref(), &old, &new);
        self.swap(&mut down, builder, view.as_ref(), &new, &old);
        parts.push((
            Phase::Contract,
            format!("{words}: {old} becomes {new}"),
            up,
            down,
        ));
        for index in indexes.iter().rev() {
            let (mut up, mut down) = Section::both();
            index.drop(&mut up, table);
            self.index(&mut down, table, index, &self.column);
            let message = format!(
                "{words}: drop the index {} of the second column",
                index.name
            );
            parts.push((Phase::Contract, message, up, down));
        }
        let (mut up, mut down) = Section::both();
        after.quarantine()?.keep(&mut up);
        after.unmake(&mut up);
        after.make(&mut down);
        after.fill(&mut down)?;
        parts.push((
            Phase::Contract,
            format!("{words}: drop the second column {old}"),
            up,
            down,
        ));

        for (phase, message, up, down) in parts {
            builder.part(phase, message, up, down);
        }
        builder.parity(parity);
        Ok(())
    }

    fn check(&self, builder: &Builder<'_>, column: &Column) -> Result<(), ChangeError> {
        let words = format!("{}.{}", builder.name.words(), identifier(&self.column));
        if column.generated.is_some() {
            return Err(ChangeError(format!(
                "{words} is generated, and a second generated column would be written for all rows at once: change the applications to read both names, or add the new one as a change of its own"
            )));
        }
        if column.identity.as_deref() == Some("always") {
            return Err(ChangeError(format!(
                "{words} is GENERATED ALWAYS AS IDENTITY, so no version of the application writes it and a trigger may not: rename it in one revision, with a view for those who read the old name"
            )));
        }
        Ok(())
    }

    /// The two columns change names, and the new version sees the other one by the name that it knows.
    fn swap(
        &self,
        section: &mut Section,
        builder: &Builder<'_>,
        view: Option<&VersionView>,
        from: &str,
        to: &str,
    ) {
        let table = builder.name;
        let aside = builder.change.id.made("");
        section.change(table);
        if let Some(view) = view {
            view.hide(section);
        }
        for (from, to) in [(to, aside.as_str()), (from, to), (aside.as_str(), from)] {
            section
                .allow("renaming-column", "both columns have the same values")
                .push(format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}"));
        }
        if let Some(view) = view {
            view.show(section);
        }
    }

    /// Builds an index like `index` on `column`.
    fn index(&self, section: &mut Section, table: &TableName, index: &Second<'_>, column: &str) {
        let columns = BTreeSet::from([self.column.as_str()]);
        let own = columns::replace(own_part(index.like), &columns, |_| identifier(column));
        let unique = match index.like.definition.starts_with("CREATE UNIQUE ") {
            true => "UNIQUE ",
            false => "",
        };
        if !unique.is_empty() {
            section.allow("unique-index-may-fail", "the one that it is like is unique");
        }
        section.alone(format!(
            "CREATE {unique}INDEX CONCURRENTLY {} ON {table} USING {own}",
            index.name
        ));
    }
}

/// An index that the second column has while it is there.
struct Second<'a> {
    name: String,
    like: &'a Index,
}

impl Second<'_> {
    fn drop(&self, section: &mut Section, table: &TableName) {
        section.allow(
            "ban-drop-index",
            "the second column goes, and the first has its own",
        );
        section.alone(format!(
            "DROP INDEX CONCURRENTLY {}.{}",
            identifier(&table.schema),
            self.name
        ));
    }
}
