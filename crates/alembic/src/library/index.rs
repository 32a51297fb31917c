//! Indexes (`sqlalchemy.sql.schema.Index`, `PGDDLCompiler.visit_create_index`).

use super::constraint::{class_of, classes, named_columns};
use super::expression::operator::parenthesized;
use super::expression::{self, Context, E, Node};
use super::name::{self, Name, qualified};
use super::naming::{self, Parts};
use super::reader::{self, Reader};
use super::trouble::{Known, raise};
use crate::settings::Settings;
use crate::value::{Args, Value};

/// An index.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub name: Option<Name>,
    pub columns: Vec<E>,
    pub unique: bool,
    pub using: Option<String>,
    pub condition: Option<E>,
    pub classes: Vec<(String, String)>,
    pub with: Vec<(String, Option<String>)>,
    pub tablespace: Option<Name>,
    pub include: Vec<Name>,
    pub concurrently: bool,
    pub nulls_not_distinct: Option<bool>,
}

impl Index {
    /// `Index(name, *columns, …)`.
    pub fn new(args: &Args) -> Known<Self> {
        let reader = Reader::new("Index", args);
        let name = name::optional(reader.take("name"))?;
        let columns = reader
            .rest()
            .iter()
            .map(expression::named)
            .collect::<Known<_>>()?;
        let index = Index {
            name,
            columns,
            ..Index::default()
        }
        .with_options(&reader)?;
        reader.finish()?;
        Ok(index)
    }

    /// Takes the options that an index can have.
    pub fn with_options(mut self, reader: &Reader<'_>) -> Known<Self> {
        self.unique = reader.flag("unique")?.unwrap_or(false);
        self.using = reader
            .text("postgresql_using")?
            .filter(|using| !using.is_empty())
            .map(|using| using.to_lowercase());
        self.condition = match reader.option("postgresql_where") {
            None | Some(Value::None) => None,
            Some(value) => Some(expression::ddl(value)?),
        };
        self.classes = reader
            .set("postgresql_ops")?
            .map(classes)
            .transpose()?
            .unwrap_or_default();
        if let Some(with) = reader.set("postgresql_with")? {
            self.with = options(with)?;
        }
        self.tablespace = reader.name("postgresql_tablespace")?;
        self.include = reader
            .set("postgresql_include")?
            .map(reader::names)
            .transpose()?
            .unwrap_or_default();
        self.concurrently = reader.flag("postgresql_concurrently")?.unwrap_or(false);
        self.nulls_not_distinct = reader.exact_flag("postgresql_nulls_not_distinct")?;
        let quote = reader.flag("quote")?;
        if let (Some(name), Some(_)) = (&mut self.name, quote) {
            name.quote = quote;
        }
        reader.ignore(&["info", "_table", "_column_flag"]);
        Ok(self)
    }

    pub fn named(&self, settings: &Settings, parts: &Parts) -> Known<Name> {
        let mut parts = parts.clone();
        let mut found = Vec::new();
        for column in &self.columns {
            match &column.node {
                Node::Text(text) => found.push(Name::new(&*text.sql)),
                _ => named_columns(column, &mut found),
            }
        }
        parts.columns = found
            .iter()
            .map(|name| (name.text.to_string(), name.text.to_string()))
            .collect();
        if let Some(schema) = parts.schema.clone() {
            parts.schema = Some(schema);
        }
        naming::name(settings, "ix", self.name.as_ref(), &parts)?.ok_or_else(|| {
            raise(
                "CompileError",
                "CREATE INDEX requires that the index have a name",
            )
        })
    }

    pub fn create_sql(
        &self,
        settings: &Settings,
        table: &Name,
        schema: Option<&Name>,
        parts: &Parts,
        if_not_exists: bool,
    ) -> Known<String> {
        let mut sql = "CREATE ".to_owned();
        if self.unique {
            sql.push_str("UNIQUE ");
        }
        sql.push_str("INDEX ");
        if self.concurrently {
            sql.push_str("CONCURRENTLY ");
        }
        if if_not_exists {
            sql.push_str("IF NOT EXISTS ");
        }
        let name = self.named(settings, parts)?;
        sql.push_str(&format!(
            "{} ON {} ",
            naming::sql(&name)?,
            qualified(schema, table)
        ));
        if let Some(using) = &self.using {
            sql.push_str(&format!("USING {using} "));
        }
        let mut columns = Vec::new();
        for column in &self.columns {
            let class = class_of(column, &self.classes)
                .map(|class| format!(" {class}"))
                .unwrap_or_default();
            columns.push(format!(
                "{}{class}",
                parenthesized(column)?.sql(&Context::ddl())?
            ));
        }
        sql.push_str(&format!("({})", columns.join(", ")));
        if !self.include.is_empty() {
            let names: Vec<String> = self.include.iter().map(Name::sql).collect();
            sql.push_str(&format!(" INCLUDE ({})", names.join(", ")));
        }
        match self.nulls_not_distinct {
            Some(true) => sql.push_str(" NULLS NOT DISTINCT"),
            Some(false) => sql.push_str(" NULLS DISTINCT"),
            None => {}
        }
        if !self.with.is_empty() {
            sql.push_str(&format!(" WITH ({})", written(&self.with)));
        }
        if let Some(tablespace) = &self.tablespace {
            sql.push_str(&format!(" TABLESPACE {}", tablespace.sql()));
        }
        if let Some(condition) = &self.condition {
            sql.push_str(&format!(" WHERE {}", condition.sql(&Context::ddl())?));
        }
        Ok(sql)
    }

    pub fn drop_sql(
        &self,
        settings: &Settings,
        schema: Option<&Name>,
        parts: &Parts,
        if_exists: bool,
    ) -> Known<String> {
        let concurrently = if self.concurrently {
            "CONCURRENTLY "
        } else {
            ""
        };
        let exists = if if_exists { "IF EXISTS " } else { "" };
        let name = naming::sql(&self.named(settings, parts)?)?;
        let name = match schema {
            Some(schema) => format!("{}.{name}", schema.sql()),
            None => name,
        };
        Ok(format!("DROP INDEX {concurrently}{exists}{name}"))
    }
}

/// The options of `WITH (…)`.
pub fn options(value: &Value) -> Known<Vec<(String, Option<String>)>> {
    reader::pairs(value)?
        .iter()
        .map(|(key, value)| {
            let value = match value {
                Value::None => None,
                Value::Str(text) => Some(text.to_string()),
                value => Some(super::literal::plain(value).ok_or_else(|| {
                    super::trouble::unknown("this value of a WITH option is not known to Cofferdam")
                })?),
            };
            Ok((reader::text(key)?, value))
        })
        .collect()
}

pub fn written(options: &[(String, Option<String>)]) -> String {
    let parts: Vec<String> = options
        .iter()
        .map(|(key, value)| match value {
            Some(value) => format!("{key} = {value}"),
            None => key.clone(),
        })
        .collect();
    parts.join(", ")
}
