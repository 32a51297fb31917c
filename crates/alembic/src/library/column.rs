//! `Column(…)` (`sqlalchemy.sql.schema.Column`), and how it stands in CREATE TABLE and ADD COLUMN
//! (`PGDDLCompiler.get_column_specification`).

use super::Object;
use super::constraint::{Constraint, ForeignKey};
use super::default::{self, Computed, Default, Identity};
use super::name::{self, Name};
use super::reader::{self, Reader};
use super::trouble::{Known, unknown};
use super::types::{self, Holds, Type};
use crate::value::{Args, Value};

/// Whether the server numbers a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbered {
    Auto,
    Yes,
    No,
    /// Even where it has a foreign key.
    DespiteForeignKey,
}

/// A column of a table to be made.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: Name,
    pub key: String,
    pub kind: Type,
    pub primary: bool,
    pub nullable: Option<bool>,
    pub unique: bool,
    pub index: bool,
    pub server_default: Option<Default>,
    pub identity: Option<Identity>,
    pub computed: Option<Computed>,
    /// Python's default for an INSERT.
    pub default: Option<Value>,
    /// Python changes it in an UPDATE.
    pub changes: bool,
    /// It takes its numbers from a named sequence, so that it is no SERIAL.
    pub sequence: bool,
    pub numbered: Numbered,
    pub comment: Option<String>,
    pub references: Vec<ForeignKey>,
    pub checks: Vec<Constraint>,
}

impl Column {
    pub fn new(args: &Args) -> Known<Self> {
        let reader = Reader::new("Column", args);
        let (mut name, mut kind) = (None, None);
        let mut rest = reader.rest();
        if let [first @ (Value::Str(_) | Value::Object(_)), more @ ..] = rest
            && let Ok(Some(found)) = name::optional(Some(first))
        {
            name = Some(found);
            rest = more;
        }
        if let [first, more @ ..] = rest {
            if let Value::Unknown(unknown) = first {
                return Err(unknown.clone().into());
            }
            if let Some(found) = types::maybe(first) {
                kind = Some(found);
                rest = more;
            } else if let Value::None = first {
                rest = more;
            } else if let Value::Name(_) | Value::Class(_) = first
                && !matches!(first, Value::Name(name) if name.ends_with("FetchedValue"))
            {
                kind = Some(types::of(first)?);
                rest = more;
            }
        }
        if let Some(value) = reader.option("name") {
            name = name::optional(Some(value))?;
        }
        if let Some(value) = reader.option("type_") {
            kind = Some(types::of(value)?);
        }
        let name =
            name.ok_or_else(|| unknown("a Column without a name is not known to Cofferdam"))?;
        let quote = reader.flag("quote")?;
        let primary = reader.flag("primary_key")?.unwrap_or(false);
        let mut column = Column {
            key: reader.text("key")?.unwrap_or_else(|| name.text.to_string()),
            name: Name {
                quote: quote.or(name.quote),
                ..name
            },
            kind: kind.unwrap_or_else(Type::null),
            primary,
            nullable: reader.flag("nullable")?,
            unique: reader.flag("unique")?.unwrap_or(false),
            index: reader.flag("index")?.unwrap_or(false),
            server_default: None,
            identity: None,
            computed: None,
            default: None,
            changes: reader
                .option("onupdate")
                .is_some_and(|value| !matches!(value, Value::None)),
            sequence: false,
            numbered: match reader.option("autoincrement") {
                None => Numbered::Auto,
                Some(Value::Str(word)) if &**word == "ignore_fk" => Numbered::DespiteForeignKey,
                Some(Value::Str(word)) if &**word == "auto" => Numbered::Auto,
                Some(Value::Bool(true)) => Numbered::Yes,
                Some(value) => {
                    reader::known(value)?;
                    Numbered::No
                }
            },
            comment: reader.text("comment")?,
            references: Vec::new(),
            checks: Vec::new(),
        };
        if let Some(value) = reader.option("server_default") {
            column.put(default::of(value)?);
        }
        match reader
            .option("default")
            .or_else(|| reader.option("insert_default"))
        {
            None | Some(Value::None) => {}
            Some(Value::Object(object)) if matches!(**object, Object::Sequence(_)) => {
                column.attach(&Value::Object(object.clone()))?;
            }
            Some(value) => column.default = Some(value.clone()),
        }
        for value in rest {
            column.attach(value)?;
        }
        reader.ignore(&[
            "info",
            "doc",
            "server_onupdate",
            "system",
            "sort_order",
            "_proxies",
            "insert_sentinel",
        ]);
        reader.finish()?;
        Ok(column)
    }

    /// A column that is named and nothing else.
    pub fn plain(name: Name, kind: Type) -> Self {
        Column {
            key: name.text.to_string(),
            name,
            kind,
            primary: false,
            nullable: None,
            unique: false,
            index: false,
            server_default: None,
            identity: None,
            computed: None,
            default: None,
            changes: false,
            sequence: false,
            numbered: Numbered::Auto,
            comment: None,
            references: Vec::new(),
            checks: Vec::new(),
        }
    }

    fn put(&mut self, default: Option<Default>) {
        match default {
            Some(Default::Identity(identity)) => self.identity = Some(identity),
            Some(Default::Computed(computed)) => self.computed = Some(computed),
            other => self.server_default = other,
        }
    }

    fn attach(&mut self, value: &Value) -> Known<()> {
        match reader::known(value)? {
            Value::Object(object) => match &**object {
                Object::ForeignKey(key) => self.references.push(key.clone()),
                Object::Constraint(constraint @ Constraint::Check { .. }) => {
                    self.checks.push(constraint.clone());
                }
                Object::Default(default) => self.put(Some(default.clone())),
                Object::Sequence(sequence) => self.sequence = !sequence.optional,
                other => {
                    return Err(unknown(format!(
                        "Column with {} is not known to Cofferdam",
                        other.what()
                    )));
                }
            },
            Value::Name(name) if name.ends_with(".FetchedValue") => {
                self.server_default = Some(Default::Fetched);
            }
            Value::Name(name) if name.ends_with(".Identity") => {
                self.identity = Some(Identity::default());
            }
            Value::None => {}
            other => {
                return Err(unknown(format!(
                    "Column with an argument of type {} is not known to Cofferdam",
                    other.type_name()
                )));
            }
        }
        Ok(())
    }

    pub fn is_nullable(&self) -> bool {
        self.nullable
            .unwrap_or(!self.primary && self.identity.is_none())
    }

    /// Whether the server would number it, if it is the whole primary key and `references` tells whether it has a
    /// foreign key.
    pub fn numbers(&self, references: bool) -> bool {
        if !self.kind.holds.is_integer() {
            return false;
        }
        match self.numbered {
            Numbered::Yes => true,
            Numbered::No => false,
            numbered => {
                self.default.is_none()
                    && self.server_default.is_none()
                    && self.computed.is_none()
                    && (!references || numbered == Numbered::DespiteForeignKey)
            }
        }
    }

    /// Its line in CREATE TABLE, without its own constraints.
    pub fn sql(&self, serial: bool, schema: Option<&Name>, key: bool) -> Known<String> {
        let mut sql = self.name.sql();
        if serial && self.identity.is_none() && self.default.is_none() && !self.sequence {
            sql.push_str(match self.kind.holds {
                Holds::BigInteger => " BIGSERIAL",
                Holds::SmallInteger => " SMALLSERIAL",
                _ => " SERIAL",
            });
        } else {
            sql.push(' ');
            sql.push_str(&self.kind.sql(schema)?);
            if let Some(Default::Sql(default)) = &self.server_default {
                sql.push_str(&format!(" DEFAULT {default}"));
            }
        }
        if let Some(computed) = &self.computed {
            sql.push(' ');
            sql.push_str(&computed.sql());
        }
        if let Some(identity) = &self.identity {
            sql.push(' ');
            sql.push_str(&identity.sql());
        }
        let nullable = self.is_nullable() && !key;
        match (nullable, self.identity.is_some()) {
            (false, false) => sql.push_str(" NOT NULL"),
            (true, true) => sql.push_str(" NULL"),
            _ => {}
        }
        Ok(sql)
    }
}
