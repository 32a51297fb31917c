//! Columns that follow others of their table: made empty with the trigger that fills them, filled in batches, made NOT NULL.

use super::build::Builder;
use super::not_null::NotNull;
use super::section::Section;
use super::sync::{Follower, Sync};
use super::view::VersionView;
use super::{ChangeError, parity::Parity, quarantine::Quarantine};
use crate::catalog::Column;
use crate::draft::grant_column;
use crate::sql::{identifier, literal};

/// One of the columns.
#[derive(Clone, Debug)]
pub struct Added<'a> {
    pub follower: Follower,
    pub not_null: bool,
    /// The column whose comment, privileges and storage it takes over, where there is one.
    pub like: Option<&'a Column>,
}

/// The columns that are added, and the trigger between them and the others.
#[derive(Clone, Debug)]
pub struct Mirror<'b, 'a> {
    pub builder: &'b Builder<'a>,
    pub sync: Sync<'a>,
    pub added: Vec<Added<'a>>,
    /// What the new version sees while both sides are there, where it has a schema of its own.
    pub view: Option<&'b VersionView>,
}

impl<'a> Mirror<'_, 'a> {
    fn table(&self) -> String {
        self.builder.name.sql()
    }

    fn names(&self) -> Vec<&str> {
        self.added
            .iter()
            .map(|one| one.follower.name.as_str())
            .collect()
    }

    fn required(&self) -> NotNull<'_> {
        let required = self.added.iter().filter(|one| one.not_null);
        let names = required.map(|one| one.follower.name.as_str());
        NotNull::new(&self.builder.change.id, self.builder.name, names)
    }

    /// Adds the columns, empty, and what keeps them in step from now on.
    pub fn make(&self, section: &mut Section) {
        let table = self.table();
        section.change(self.builder.name);
        for one in &self.added {
            let of = &one.follower;
            add(
                section,
                &table,
                &of.name,
                &of.type_,
                of.collation.as_deref(),
            );
            if let Some(like) = one.like {
                dress(section, &table, &of.name, like);
            }
        }
        self.sync.trigger().make(section);
        self.required().promise(section);
        if let Some(view) = self.view {
            view.make(section);
        }
    }

    /// Takes the columns away again; what is in them is on the other side, too.
    pub fn unmake(&self, section: &mut Section) {
        section.change(self.builder.name);
        if let Some(view) = self.view {
            view.unmake(section);
        }
        self.sync.trigger().unmake(section);
        for name in self.names() {
            section
                .allow(
                    "ban-drop-column",
                    "the other side of the change has its values",
                )
                .push(format!(
                    "ALTER TABLE {} DROP COLUMN {}",
                    self.table(),
                    identifier(name)
                ));
        }
    }

    /// Fills the columns of the rows that there are, and makes them NOT NULL.
    ///
    /// # Errors
    /// Where the table has no key.
    pub fn fill(&self, section: &mut Section) -> Result<(), ChangeError> {
        let key = self.builder.key()?;
        let table = self.table();
        let followers = || self.added.iter().map(|one| &one.follower);
        let from = |one: &Follower| one.from.clone().unwrap_or_else(|| "NULL".into());
        let values: Vec<String> = followers()
            .map(|one| format!("{} = {}", identifier(&one.name), from(one)))
            .collect();
        let absent: Vec<String> = followers()
            .map(|one| format!("{} IS NULL", identifier(&one.name)))
            .collect();
        let present: Vec<String> = followers()
            .map(|one| format!("({}) IS NOT NULL", from(one)))
            .collect();
        let present = match present.as_slice() {
            [one] => one.clone(),
            several => format!("({})", several.join(" OR ")),
        };
        section.batches(
            &key,
            format!(
                "UPDATE {table} SET {} WHERE {} AND {present}",
                values.join(", "),
                absent.join(" AND ")
            ),
        );
        self.required().keep(section);
        Ok(())
    }

    /// Takes back that they are NOT NULL; nothing that was filled.
    pub fn unfill(&self, section: &mut Section) {
        self.required().release(section);
    }

    /// Where the two sides disagree.
    ///
    /// # Errors
    /// Where the table has no key.
    pub fn parity(&self) -> Result<Parity, ChangeError> {
        Parity::of(&self.sync, &self.builder.key()?)
    }

    /// What keeps the values of the columns that are taken away, where they disagree with the other side.
    ///
    /// # Errors
    /// Where the table has no key.
    pub fn quarantine(&self) -> Result<Quarantine, ChangeError> {
        let parity = self.parity()?;
        Ok(Quarantine {
            id: self.builder.change.id.clone(),
            table: self.builder.name.clone(),
            key: parity.key,
            columns: self.names().into_iter().map(str::to_owned).collect(),
            only: Some(parity.differ),
            as_text: None,
        })
    }
}

/// Adds a column, empty.
pub fn add(section: &mut Section, table: &str, name: &str, type_: &str, collation: Option<&str>) {
    let collation = match collation {
        Some(collation) => format!(" COLLATE {collation}"),
        None => String::new(),
    };
    section.push(format!(
        "ALTER TABLE {table} ADD COLUMN {} {type_}{collation}",
        identifier(name)
    ));
}

/// Gives a column what another one has besides its values: storage, statistics, options, privileges and comment.
pub fn dress(section: &mut Section, table: &str, name: &str, like: &Column) {
    let name = identifier(name);
    let mut alter = |what: String| {
        section.push(format!("ALTER TABLE {table} ALTER COLUMN {name} {what}"));
    };
    if let Some(storage) = &like.storage {
        alter(format!("SET STORAGE {storage}"));
    }
    if let Some(method) = &like.compression {
        alter(format!("SET COMPRESSION {method}"));
    }
    if let Some(target) = like.statistics {
        alter(format!("SET STATISTICS {target}"));
    }
    if !like.options.is_empty() {
        alter(format!("SET ({})", like.options.join(", ")));
    }
    for grant in grant_column(table, &name, like.grants.as_deref().unwrap_or_default()) {
        section.push(grant);
    }
    if let Some(comment) = &like.comment {
        section.push(format!(
            "COMMENT ON COLUMN {table}.{name} IS {}",
            literal(comment)
        ));
    }
}
