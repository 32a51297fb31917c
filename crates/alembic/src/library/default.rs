//! What the server puts into a column: defaults, identities, computed values, sequences
//! (`sqlalchemy.sql.schema`).

use super::Object;
use super::expression::{self, Context};
use super::literal;
use super::name::{Name, qualified};
use super::reader::{self, Reader};
use super::trouble::{Known, unknown};
use super::types;
use crate::value::{Args, Value};

/// `GENERATED … AS IDENTITY`.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    pub always: bool,
    pub options: Options,
}

/// The options of an identity or a sequence.
#[derive(Clone, Debug, Default)]
pub struct Options {
    start: Option<i64>,
    increment: Option<i64>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    no_minimum: bool,
    no_maximum: bool,
    cycle: Option<bool>,
    cache: Option<i64>,
}

/// `GENERATED ALWAYS AS (…)`.
#[derive(Clone, Debug)]
pub struct Computed {
    pub sql: String,
    pub stored: Option<bool>,
}

/// A sequence.
#[derive(Clone, Debug)]
pub struct Sequence {
    pub name: Name,
    pub schema: Option<Name>,
    pub optional: bool,
    options: Options,
    kind: Option<String>,
}

impl Options {
    fn read(reader: &Reader<'_>) -> Known<Self> {
        let number = |name: &str| -> Known<Option<i64>> {
            reader.maybe(name)?.map(reader::integer).transpose()
        };
        let flag = |name: &str| -> Known<Option<bool>> {
            reader.maybe(name)?.map(reader::truth).transpose()
        };
        Ok(Options {
            start: number("start")?,
            increment: number("increment")?,
            minimum: number("minvalue")?,
            maximum: number("maxvalue")?,
            no_minimum: flag("nominvalue")?.is_some(),
            no_maximum: flag("nomaxvalue")?.is_some(),
            cycle: flag("cycle")?,
            cache: number("cache")?,
        })
    }

    /// Each option with what changes it.
    fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        let mut number = |word: &str, value: Option<i64>| {
            if let Some(value) = value {
                parts.push(format!("{word} {value}"));
            }
        };
        number("INCREMENT BY", self.increment);
        number("START WITH", self.start);
        number("MINVALUE", self.minimum);
        number("MAXVALUE", self.maximum);
        if self.no_minimum {
            parts.push("NO MINVALUE".to_owned());
        }
        if self.no_maximum {
            parts.push("NO MAXVALUE".to_owned());
        }
        if let Some(cache) = self.cache {
            parts.push(format!("CACHE {cache}"));
        }
        if let Some(cycle) = self.cycle {
            parts.push(if cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
        }
        parts
    }
}

impl Identity {
    pub fn new(args: &Args) -> Known<Self> {
        let reader = Reader::new("Identity", args);
        let always = match reader.take("always") {
            Some(value) => reader::truth(reader::known(value)?)?,
            None => false,
        };
        reader.take("on_null");
        let options = Options::read(&reader)?;
        reader.ignore(&["order"]);
        reader.finish()?;
        Ok(Identity { always, options })
    }

    fn word(&self) -> &'static str {
        if self.always { "ALWAYS" } else { "BY DEFAULT" }
    }

    pub fn sql(&self) -> String {
        let parts = self.options.parts();
        let options = match parts.is_empty() {
            true => String::new(),
            false => format!(" ({})", parts.join(" ")),
        };
        format!("GENERATED {} AS IDENTITY{options}", self.word())
    }

    /// What changes `from` into this one (`alembic.ddl.postgresql.visit_identity_column`).
    pub fn changed(&self, from: &Identity) -> Known<String> {
        let mut parts = Vec::new();
        if self.always != from.always {
            parts.push(format!("SET GENERATED {}", self.word()));
        }
        let (new, old) = (self.options.parts(), from.options.parts());
        let word = |part: &str| {
            let mut words = part.split(' ');
            match words.next() {
                Some("NO") => words.next().map(str::to_owned),
                first => first.map(str::to_owned),
            }
        };
        for part in &new {
            if !old.contains(part) {
                parts.push(format!("SET {part}"));
            }
        }
        if old
            .iter()
            .any(|part| !new.iter().any(|new| word(new) == word(part)))
        {
            return Err(unknown(
                "taking an option from an identity is not known to Cofferdam",
            ));
        }
        Ok(parts.join(" "))
    }
}

impl Computed {
    pub fn new(args: &Args) -> Known<Self> {
        let reader = Reader::new("Computed", args);
        let text = expression::ddl(reader.require("sqltext")?)?;
        let stored = match reader.maybe("persisted")? {
            Some(Value::Bool(stored)) => Some(*stored),
            _ => None,
        };
        reader.finish()?;
        Ok(Computed {
            sql: text.sql(&Context::ddl())?,
            stored,
        })
    }

    /// SQLAlchemy without a server writes for the newest PostgreSQL, which has virtual columns.
    pub fn sql(&self) -> String {
        let word = match self.stored {
            Some(true) => " STORED",
            Some(false) => " VIRTUAL",
            None => "",
        };
        format!("GENERATED ALWAYS AS ({}){word}", self.sql)
    }
}

impl Sequence {
    pub fn new(args: &Args) -> Known<Self> {
        let reader = Reader::new("Sequence", args);
        let name = reader.require_name("name")?;
        let options = Options::read(&reader)?;
        let schema = reader.name("schema")?;
        let optional = reader.flag("optional")?.unwrap_or(false);
        let kind = match reader.set("data_type")? {
            Some(kind) => Some(types::of(kind)?.sql(None)?),
            None => None,
        };
        reader.ignore(&["metadata", "quote", "order", "for_update", "quote_schema"]);
        reader.finish()?;
        Ok(Sequence {
            name,
            schema,
            optional,
            options,
            kind,
        })
    }

    pub fn sql(&self) -> String {
        qualified(self.schema.as_ref(), &self.name)
    }

    pub fn create_sql(&self, if_not_exists: bool) -> String {
        let exists = if if_not_exists { "IF NOT EXISTS " } else { "" };
        let kind = self
            .kind
            .as_ref()
            .map(|kind| format!(" AS {kind}"))
            .unwrap_or_default();
        let options: String = self
            .options
            .parts()
            .iter()
            .map(|part| format!(" {part}"))
            .collect();
        format!("CREATE SEQUENCE {exists}{}{kind}{options}", self.sql())
    }

    pub fn drop_sql(&self, if_exists: bool) -> String {
        let exists = if if_exists { "IF EXISTS " } else { "" };
        format!("DROP SEQUENCE {exists}{}", self.sql())
    }
}

/// A `server_default`.
#[derive(Clone, Debug)]
pub enum Default {
    Sql(String),
    /// The server has one that is not written here (`FetchedValue()`).
    Fetched,
    Identity(Identity),
    Computed(Computed),
}

/// What `server_default=…` gives; none for None.
pub fn of(value: &Value) -> Known<Option<Default>> {
    if let Value::Object(object) = reader::known(value)? {
        match &**object {
            Object::Default(default) => return Ok(Some(default.clone())),
            Object::Sequence(_) => {
                return Err(unknown(
                    "a Sequence as a server default needs its next_value()",
                ));
            }
            _ => {}
        }
    }
    match value {
        Value::None => Ok(None),
        Value::Name(name) if name.ends_with(".FetchedValue") => Ok(Some(Default::Fetched)),
        Value::Str(_) | Value::Object(_) => text(value).map(|text| Some(Default::Sql(text))),
        Value::Member(member) if matches!(member.value, Value::Str(_)) => {
            text(&member.value).map(|text| Some(Default::Sql(text)))
        }
        other => Err(super::trouble::raise(
            "ArgumentError",
            format!(
                "Argument 'arg' is expected to be one of type '<class 'str'>' or '<class 'ClauseElement'>', got a value of type {}",
                other.type_name()
            ),
        )),
    }
}

/// The SQL after DEFAULT: a string is a literal.
pub fn text(value: &Value) -> Known<String> {
    match value {
        Value::Str(text) => Ok(literal::text(text)),
        Value::Object(object) => match &**object {
            Object::Name(name) => Ok(literal::text(&name.text)),
            Object::Default(Default::Sql(sql)) => Ok(sql.clone()),
            _ => expression::alone(value)?.sql(&Context::ddl()),
        },
        value => expression::alone(value)?.sql(&Context::ddl()),
    }
}
