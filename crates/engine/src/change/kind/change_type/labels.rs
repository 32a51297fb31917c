//! Two enums with the same labels but one. The second takes over the name of the first where its column takes over.

use super::super::super::names::{ChangeId, TableName};
use super::super::super::section::Section;
use crate::catalog::Enum;
use crate::sql::{identifier, literal};

/// What becomes of an enum.
#[derive(Clone, Debug)]
pub struct Labels<'a> {
    id: &'a ChangeId,
    old: &'a Enum,
    /// The labels of the new one.
    new: Vec<String>,
    /// What is not there any more, and what stands in its place.
    from: &'a str,
    to: &'a str,
    /// Nothing else has the label in its place, so that it can be told where it came from.
    is_lossless: bool,
}

impl<'a> Labels<'a> {
    /// A label is called `to` from now on.
    pub fn renamed(id: &'a ChangeId, old: &'a Enum, from: &'a str, to: &'a str) -> Self {
        let all = old.labels.iter();
        let new = all.map(|label| if label == from { to } else { label });
        Labels {
            id,
            old,
            new: new.map(str::to_owned).collect(),
            from,
            to,
            is_lossless: true,
        }
    }

    /// A label is gone, and `to` stands in its place.
    pub fn removed(id: &'a ChangeId, old: &'a Enum, from: &'a str, to: &'a str) -> Self {
        let all = old.labels.iter().filter(|label| *label != from);
        Labels {
            id,
            old,
            new: all.cloned().collect(),
            from,
            to,
            is_lossless: false,
        }
    }

    pub fn is_lossless(&self) -> bool {
        self.is_lossless
    }

    /// The type that both versions know.
    fn own(&self) -> TableName {
        TableName::new(&self.old.schema, &self.old.name)
    }

    /// The new type, until it takes over the name.
    pub fn second(&self) -> TableName {
        TableName::new(&self.old.schema, &self.id.made("t"))
    }

    /// The old one, from then on.
    fn aside(&self) -> TableName {
        TableName::new(&self.old.schema, &self.id.made("s"))
    }

    /// The names of the old and the new type when the contract begins, as SQL.
    pub fn types_after(&self) -> (String, String) {
        (self.aside().sql(), self.own().sql())
    }

    /// A default of the old type in the new one, which has the old one's name by then; none where it is no label.
    pub fn default(&self, old: &str) -> Option<String> {
        let own = self.own();
        let label = self.old.labels.iter().find(|label| {
            let written = literal(label);
            old == format!("{written}::{own}")
        })?;
        let label = if label == self.from { self.to } else { label };
        Some(format!("{}::{own}", literal(label)))
    }

    /// The same default while the new type has a name of its own, from what [`Labels::default`] gives.
    pub fn default_before(&self, new: &str) -> String {
        let end = format!("::{}", self.own());
        let label = new.strip_suffix(&end).unwrap_or(new);
        format!("{label}::{}", self.second())
    }

    /// A value of the new type, called `type_`, from one of the old.
    pub fn up(&self, old: &str, type_: &str) -> String {
        format!("({})::{type_}", exchanged(old, self.from, self.to))
    }

    /// A value of the old type, called `type_`, from one of the new.
    pub fn down(&self, new: &str, type_: &str) -> String {
        match self.is_lossless {
            true => format!("({})::{type_}", exchanged(new, self.to, self.from)),
            false => format!("{new}::text::{type_}"),
        }
    }

    /// A condition: a column of the old type has what is not there any more.
    pub fn is_old(&self, column: &str) -> String {
        format!("{column}::text = {}", literal(self.from))
    }

    pub fn make_new(&self, section: &mut Section) {
        make(section, &self.second(), &self.new, self.old);
    }

    pub fn drop_new(&self, section: &mut Section) {
        drop(section, &self.second());
    }

    /// The new type takes over the name, in the transaction under way.
    pub fn swap(&self, section: &mut Section) {
        rename(section, &self.own(), &self.aside());
        rename(section, &self.second(), &self.own());
    }

    /// It gives the name back.
    pub fn swap_back(&self, section: &mut Section) {
        rename(section, &self.own(), &self.second());
        rename(section, &self.aside(), &self.own());
    }

    pub fn drop_old(&self, section: &mut Section) {
        drop(section, &self.aside());
    }

    pub fn make_old(&self, section: &mut Section) {
        make(section, &self.aside(), &self.old.labels, self.old);
    }
}

/// The label of a column, as text, with one label for another.
fn exchanged(column: &str, from: &str, to: &str) -> String {
    format!(
        "CASE {column}::text WHEN {} THEN {} ELSE {column}::text END",
        literal(from),
        literal(to)
    )
}

fn make(section: &mut Section, name: &TableName, labels: &[String], like: &Enum) {
    let labels: Vec<String> = labels.iter().map(|label| literal(label)).collect();
    section.push(format!(
        "CREATE TYPE {name} AS ENUM ({})",
        labels.join(", ")
    ));
    if let Some(comment) = &like.comment {
        section.push(format!("COMMENT ON TYPE {name} IS {}", literal(comment)));
    }
}

fn drop(section: &mut Section, name: &TableName) {
    section
        .allow("ban-drop-type", "nothing has it any more")
        .push(format!("DROP TYPE {name}"));
}

fn rename(section: &mut Section, from: &TableName, to: &TableName) {
    section
        .allow("renaming-object", "the other type takes its name at once")
        .push(format!(
            "ALTER TYPE {from} RENAME TO {}",
            identifier(&to.name)
        ));
}
