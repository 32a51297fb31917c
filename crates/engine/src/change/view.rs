//! Views of a table: the statements that make one, and the view through which a version of the application that has a
//! schema in its search_path sees the table as it will be.

use super::ChangeError;
use super::build::{Builder, list};
use super::names::{LONGEST, TableName, name};
use super::quarantine::SCHEMA as QUARANTINE;
use super::section::Section;
use crate::catalog::Column;
use crate::draft::{grant_column, grant_table, grantees};
use crate::sql::{identifier, literal};
use std::collections::BTreeSet;

/// A column of a view, and who may do what with it, as `aclitem`s.
pub type Shown<'c> = (&'c str, &'c [String]);

/// A table's column as a view shows it.
pub fn shown(column: &Column) -> Shown<'_> {
    (&column.name, column.grants.as_deref().unwrap_or_default())
}

/// Whether a view may read as whoever asks (manual, CREATE VIEW: from version 15 on).
pub fn knows_invoker(builder: &Builder<'_>) -> bool {
    builder.change.start.major >= 15
}

/// The statement that makes a view of these columns of the builder's table, and those that give privileges on it to whoever
/// has them on the table.
pub fn statements(
    builder: &Builder<'_>,
    view: &TableName,
    columns: &[Shown<'_>],
) -> (String, Vec<String>) {
    let invoker = match knows_invoker(builder) {
        true => " WITH (security_invoker = true)",
        false => "",
    };
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let make = format!(
        "CREATE VIEW {view}{invoker} AS SELECT {} FROM {}",
        list(&names),
        builder.name
    );
    let of_table = builder.table.grants.as_deref().unwrap_or_default();
    let mut grants = grant_table(&view.sql(), &builder.table.owner, of_table);
    for (name, of_column) in columns {
        grants.extend(grant_column(&view.sql(), &identifier(name), of_column));
    }
    (make, grants)
}

/// The name of a schema for the new version, from SQL text.
///
/// # Errors
/// Where it is no name or too long, in words.
pub fn view_schema(text: &str) -> Result<String, ChangeError> {
    name(text)
}

/// Whether the change may have the schema that it names for its new version; it may where it names none.
///
/// # Errors
/// Where it may not, in words.
pub fn check(builder: &Builder<'_>) -> Result<(), ChangeError> {
    let Some(schema) = &builder.change.view_schema else {
        return Ok(());
    };
    let words = identifier(schema);
    let no = |why: String| Err(ChangeError(why));
    if !builder.change.kind.takes_view_schema() {
        return no(format!(
            "the schema {words} would bring nothing: only where a table has an old and a new column beside each other (rename-column, split-column, merge-columns, rename-enum-value, and change-type and remove-enum-value with a new name) can a view show each version its own, so leave view_schema out"
        ));
    }
    if schema.is_empty() || schema.len() > LONGEST {
        return no(format!(
            "{words} cannot name the schema of the new version: write 1 to {LONGEST} bytes"
        ));
    }
    let is_own = schema.starts_with("pg_")
        || ["information_schema", "cofferdam", QUARANTINE].contains(&schema.as_str());
    if is_own {
        return no(format!(
            "{words} is a schema of PostgreSQL or Cofferdam itself: take another view_schema, such as v42"
        ));
    }
    if schema == "public" || *schema == builder.name.schema {
        return no(format!(
            "the old version has {words} in its search_path, too, so it cannot tell the versions apart: take a view_schema of its own, such as v42"
        ));
    }
    let view = TableName::new(schema, &builder.name.name);
    if builder
        .change
        .start
        .relation(&view.schema, &view.name)
        .is_some()
    {
        return no(format!(
            "there is a {view} already: take another view_schema"
        ));
    }
    if builder.table.row_security && !knows_invoker(builder) {
        return no(format!(
            "{} has row-level security, which a view gets round before PostgreSQL 15: leave view_schema out",
            builder.name.words()
        ));
    }
    Ok(())
}

/// Tells the planner what the sessions of the new version have to do.
pub fn note(builder: &mut Builder<'_>) {
    let change = builder.change;
    let Some(schema) = &change.view_schema else {
        return;
    };
    let (schema, own) = (identifier(schema), identifier(&builder.name.schema));
    let (table, name) = (builder.name, identifier(&builder.name.name));
    builder.note(format!(
        "The new version connects with `options=-c search_path={schema},{own}` and names {name} without a schema, from its first session until the contract is applied. COPY into it, TRUNCATE, ON CONFLICT ON CONSTRAINT, and MERGE before PostgreSQL 17 need {table}, where a column that is left out has no default."
    ));
}

/// What the new version sees of the builder's table while both sides are there.
#[derive(Clone, Debug)]
pub struct VersionView {
    name: TableName,
    table: TableName,
    /// The roles that may use the table, as SQL, but for its owner.
    users: BTreeSet<String>,
    make: String,
    /// What follows that: privileges and defaults.
    then: Vec<String>,
}

/// A column of the new side, in the view.
#[derive(Clone, Debug)]
pub struct NewColumn<'c> {
    pub name: &'c str,
    /// The column whose privileges it takes over.
    pub like: Option<&'c Column>,
    /// Its value where a statement leaves it out, as SQL.
    pub default: Option<&'c str>,
}

/// Where the table has the new side's columns in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    OfTheOld,
    Last,
}

impl VersionView {
    /// The view of the table with the columns of `new`, and without those of `old`; none where the change has no schema for it.
    ///
    /// # Errors
    /// Where a view cannot do what the table does, in words.
    pub fn of(
        builder: &Builder<'_>,
        old: &[&Column],
        new: &[NewColumn<'_>],
        place: Place,
    ) -> Result<Option<Self>, ChangeError> {
        let Some(schema) = &builder.change.view_schema else {
            return Ok(None);
        };
        if let Some(column) = old.iter().find(|one| one.identity.is_some()) {
            return Err(ChangeError(format!(
                "{}.{} is an identity, whose next value no view gives: leave view_schema out",
                builder.name.words(),
                identifier(&column.name)
            )));
        }
        let is_old = |column: &Column| old.iter().any(|one| one.name == column.name);
        let all = &builder.table.columns;
        let mut columns: Vec<Shown<'_>> =
            all.iter().filter(|one| !is_old(one)).map(shown).collect();
        let at = match place {
            Place::OfTheOld => all.iter().take_while(|one| !is_old(one)).count(),
            Place::Last => columns.len(),
        };
        let added = new.iter().map(|one| {
            let grants = one.like.and_then(|like| like.grants.as_deref());
            (one.name, grants.unwrap_or_default())
        });
        columns.splice(at..at, added);
        let name = TableName::new(schema, &builder.name.name);
        let (make, mut then) = statements(builder, &name, &columns);
        let items = |column: &Column| column.grants.clone().unwrap_or_default();
        let mut all = builder.table.grants.clone().unwrap_or_default();
        all.extend(builder.table.columns.iter().flat_map(items));
        let users = grantees(&all, &builder.table.owner);
        for column in new {
            if let Some(default) = column.default {
                then.push(format!(
                    "ALTER VIEW {name} ALTER COLUMN {} SET DEFAULT {default}",
                    identifier(column.name)
                ));
            }
        }
        Ok(Some(VersionView {
            name,
            table: builder.name.clone(),
            users,
            make,
            then,
        }))
    }

    /// Makes the schema, where no other change has made it, and the view, in the transaction under way.
    pub fn make(&self, section: &mut Section) {
        let schema = identifier(&self.name.schema);
        section.push(format!("CREATE SCHEMA IF NOT EXISTS {schema}"));
        for role in &self.users {
            push(
                section,
                &format!("GRANT USAGE ON SCHEMA {schema} TO {role}"),
            );
        }
        self.show(section);
    }

    /// Makes the view, of the columns that have these names by then.
    pub fn show(&self, section: &mut Section) {
        section.push(&self.make);
        for statement in &self.then {
            push(section, statement);
        }
        section
            .allow("opaque-statement", "the view gets the table's owner")
            .push(give("VIEW", &self.name, &self.table));
    }

    /// Takes the view away. It has to be locked before its table, as its users lock them in that order.
    pub fn hide(&self, section: &mut Section) {
        section.push(format!("DROP VIEW {}", self.name));
    }

    /// Takes the view away, and the schema where nothing else is in it.
    pub fn unmake(&self, section: &mut Section) {
        section.allow("ban-drop-view", "the table is by now as it shows it");
        self.hide(section);
        section
            .allow("opaque-statement", "the schema goes with its last view")
            .push(format!(
                "DO $cofferdam$\nBEGIN\n    DROP SCHEMA {};\nEXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN\n    NULL;\nEND\n$cofferdam$",
                identifier(&self.name.schema)
            ));
    }
}

/// A statement that lets the owner of `table` have the `made` one, a `TABLE` or `VIEW` that somebody else may have made, with
/// its schema where that is another one.
pub fn give(kind: &str, made: &TableName, table: &TableName) -> String {
    let (schema, name) = (literal(&made.schema), literal(&made.name));
    let use_schema = match made.schema == table.schema {
        true => String::new(),
        false => format!(
            "        EXECUTE pg_catalog.format('GRANT USAGE, CREATE ON SCHEMA %I TO %I', {schema}, owner);\n"
        ),
    };
    format!(
        "DO $cofferdam$\nDECLARE\n    owner name := (SELECT pg_catalog.pg_get_userbyid(relowner) FROM pg_catalog.pg_class WHERE oid = {}::pg_catalog.regclass);\nBEGIN\n    IF owner <> current_user THEN\n{use_schema}        EXECUTE pg_catalog.format('ALTER {kind} %I.%I OWNER TO %I', {schema}, {name}, owner);\n    END IF;\nEND\n$cofferdam$",
        literal(&table.sql())
    )
}

/// A statement, which may be a grant of what is granted on the table.
pub fn push(section: &mut Section, statement: &str) {
    if statement.ends_with(" TO PUBLIC") {
        section.allow("privileges-changed", "as on the table");
    }
    section.push(statement);
}
