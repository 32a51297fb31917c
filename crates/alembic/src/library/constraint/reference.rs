//! What a foreign key refers to.

use super::{Common, Constraint, phrase};
use crate::library::Object;
use crate::library::expression::Node;
use crate::library::name::{Name, qualified};
use crate::library::reader::{self, Reader};
use crate::library::trouble::{Known, unknown};
use crate::value::{Args, Value};

/// What a foreign key refers to, and how.
#[derive(Clone, Debug)]
pub struct Reference {
    pub schema: Option<Name>,
    pub table: Name,
    pub columns: Vec<Name>,
    pub on_delete: Option<String>,
    pub on_update: Option<String>,
    pub matching: Option<String>,
    /// It is added by an ALTER of its own, so that CREATE TABLE leaves it out.
    pub use_alter: bool,
    pub not_valid: bool,
}

/// `ForeignKey(…)` inside a column.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    pub common: Common,
    pub reference: Reference,
}

impl Reference {
    pub fn read(reader: &Reader<'_>) -> Known<Self> {
        Ok(Reference {
            schema: None,
            table: Name::new(""),
            columns: Vec::new(),
            on_update: reader.text("onupdate")?.map(phrase).transpose()?,
            on_delete: reader.text("ondelete")?.map(phrase).transpose()?,
            matching: reader.text("match")?.map(phrase).transpose()?,
            use_alter: reader.flag("use_alter")?.unwrap_or(false),
            not_valid: reader.flag("postgresql_not_valid")?.unwrap_or(false),
        })
    }

    /// Sets what it refers to: `schema.table.column`, or a column of a table.
    pub fn to(&mut self, value: &Value) -> Known<()> {
        match reader::known(value)? {
            Value::Object(object) => match &**object {
                Object::Expression(expression) => match &expression.node {
                    Node::Column {
                        from: Some(from),
                        name,
                        ..
                    } => {
                        let table = from.table().ok_or_else(|| {
                            unknown("a foreign key to this is not known to Cofferdam")
                        })?;
                        self.schema = table.schema.clone();
                        self.table = table.name.clone();
                        self.columns.push(name.clone());
                        Ok(())
                    }
                    _ => Err(unknown("a foreign key to this is not known to Cofferdam")),
                },
                Object::Name(name) => self.path(&name.text),
                _ => Err(unknown("a foreign key to this is not known to Cofferdam")),
            },
            Value::Str(path) => self.path(path),
            _ => Err(unknown("a foreign key to this is not known to Cofferdam")),
        }
    }

    fn path(&mut self, path: &str) -> Known<()> {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            [schema @ .., table, column] => {
                self.schema = (!schema.is_empty()).then(|| Name::new(schema.join(".")));
                self.table = Name::new(table);
                self.columns.push(Name::new(column));
                Ok(())
            }
            _ => Err(unknown(format!(
                "the foreign key to {path:?} has no column"
            ))),
        }
    }

    /// `REFERENCES table (columns)`, with what follows.
    pub fn sql(&self, common: &Common) -> String {
        let columns: Vec<String> = self.columns.iter().map(Name::sql).collect();
        let mut sql = format!(
            "REFERENCES {} ({})",
            qualified(self.schema.as_ref(), &self.table),
            columns.join(", ")
        );
        if let Some(matching) = &self.matching {
            sql.push_str(&format!(" MATCH {matching}"));
        }
        if let Some(action) = &self.on_delete {
            sql.push_str(&format!(" ON DELETE {action}"));
        }
        if let Some(action) = &self.on_update {
            sql.push_str(&format!(" ON UPDATE {action}"));
        }
        sql.push_str(&common.end());
        sql
    }
}

impl ForeignKey {
    pub fn new(args: &Args) -> Known<Self> {
        let reader = Reader::new("ForeignKey", args);
        let target = reader.require("column")?;
        let mut reference = Reference::read(&reader)?;
        reference.to(target)?;
        let common = Common::read(&reader)?;
        reader.ignore(&["info", "link_to_name", "comment", "_constraint"]);
        reader.finish()?;
        Ok(ForeignKey { common, reference })
    }

    pub fn constraint(&self, column: &Name) -> Constraint {
        Constraint::Foreign {
            common: self.common.clone(),
            columns: vec![column.clone()],
            reference: self.reference.clone(),
        }
    }
}
