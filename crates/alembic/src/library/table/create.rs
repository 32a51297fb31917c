//! CREATE TABLE (`DDLCompiler.visit_create_table`).

use super::Table;
use crate::library::column::Column;
use crate::library::constraint::{Common, Constraint};
use crate::library::index;
use crate::library::literal;
use crate::library::name::Name;
use crate::library::reader::{self, Reader};
use crate::library::trouble::{Known, Trouble, raise};
use crate::settings::Settings;

impl Table {
    /// A column as it stands in CREATE TABLE, with its own checks.
    pub fn column_sql(&self, column: &Column, settings: &Settings) -> Known<String> {
        let key = self.in_key(column) && column.nullable.is_none() && column.identity.is_none();
        let mut sql = column.sql(self.is_serial(column), self.schema.as_ref(), key)?;
        for check in &column.checks {
            sql.push_str(&format!(" {}", check.sql(settings, &self.parts())?));
        }
        Ok(sql)
    }

    /// CREATE TABLE, its indexes and comments.
    pub fn create_sql(&self, settings: &Settings, if_not_exists: bool) -> Known<Vec<String>> {
        let settings = self.settings.as_deref().unwrap_or(settings);
        let mut lines = Vec::new();
        for column in &self.columns {
            let line = self
                .column_sql(column, settings)
                .map_err(|trouble| in_table(trouble, &self.name.text, &column.name.text))?;
            lines.push(line);
        }
        let parts = self.parts();
        let key = self.key();
        if !key.is_empty() {
            let mut primary = self
                .constraints
                .iter()
                .find(|constraint| matches!(constraint, Constraint::Primary { .. }))
                .cloned()
                .unwrap_or(Constraint::Primary {
                    common: Common::default(),
                    columns: Vec::new(),
                    include: Vec::new(),
                });
            if let Constraint::Primary { columns, .. } = &mut primary {
                *columns = key;
            }
            lines.push(primary.sql(settings, &parts)?);
        }
        for constraint in &self.constraints {
            match constraint {
                Constraint::Primary { .. } => continue,
                Constraint::Foreign { reference, .. } if reference.use_alter => continue,
                Constraint::Unique { columns, .. } if columns.is_empty() => continue,
                _ => lines.push(constraint.sql(settings, &parts)?),
            }
        }
        let prefixes: String = self
            .prefixes
            .iter()
            .map(|prefix| format!("{prefix} "))
            .collect();
        let exists = if if_not_exists { "IF NOT EXISTS " } else { "" };
        let lines: Vec<String> = lines.iter().map(|line| format!("\n    {line}")).collect();
        let mut made = vec![format!(
            "CREATE {prefixes}TABLE {exists}{} ({}\n){}",
            self.sql_name(),
            lines.join(", "),
            self.end
        )];
        for index in &self.indexes {
            made.push(index.create_sql(
                settings,
                &self.name,
                self.schema.as_ref(),
                &parts,
                false,
            )?);
        }
        if let Some(comment) = &self.comment {
            made.push(format!(
                "COMMENT ON TABLE {} IS {}",
                self.sql_name(),
                literal::text(comment)
            ));
        }
        made.extend(
            self.columns
                .iter()
                .filter_map(|column| self.comment_sql(column)),
        );
        Ok(made)
    }

    /// The comment of a column, if it has one.
    pub fn comment_sql(&self, column: &Column) -> Option<String> {
        let comment = column.comment.as_ref()?;
        Some(format!(
            "COMMENT ON COLUMN {}.{} IS {}",
            self.sql_name(),
            column.name.sql(),
            literal::text(comment)
        ))
    }
}

fn in_table(trouble: Trouble, table: &str, column: &str) -> Trouble {
    match trouble {
        Trouble::Stop(crate::value::Stop::Raise(exception)) => raise(
            &exception.class,
            format!(
                "(in table '{table}', column '{column}'): {}",
                exception.message
            ),
        ),
        other => other,
    }
}

/// What follows the parentheses of CREATE TABLE (`PGDDLCompiler.post_create_table`).
pub fn end(reader: &Reader<'_>) -> Known<String> {
    let mut sql = String::new();
    if let Some(inherits) = reader.set("postgresql_inherits")? {
        let names: Vec<String> = reader::names(inherits)?.iter().map(Name::sql).collect();
        sql.push_str(&format!("\n INHERITS ({})", names.join(", ")));
    }
    if let Some(by) = reader
        .text("postgresql_partition_by")?
        .filter(|by| !by.is_empty())
    {
        sql.push_str(&format!("\n PARTITION BY {by}"));
    }
    if let Some(using) = reader
        .text("postgresql_using")?
        .filter(|using| !using.is_empty())
    {
        sql.push_str(&format!("\n USING {using}"));
    }
    if let Some(with) = reader.set("postgresql_with")? {
        let options = index::options(with)?;
        if !options.is_empty() {
            sql.push_str(&format!("\n WITH ({})", index::written(&options)));
        }
    }
    match reader.exact_flag("postgresql_with_oids")? {
        Some(true) => sql.push_str("\n WITH OIDS"),
        Some(false) => sql.push_str("\n WITHOUT OIDS"),
        None => {}
    }
    if let Some(action) = reader
        .text("postgresql_on_commit")?
        .filter(|action| !action.is_empty())
    {
        sql.push_str(&format!(
            "\n ON COMMIT {}",
            action.replace('_', " ").to_uppercase()
        ));
    }
    if let Some(tablespace) = reader.name("postgresql_tablespace")? {
        sql.push_str(&format!("\n TABLESPACE {}", tablespace.sql()));
    }
    Ok(sql)
}
