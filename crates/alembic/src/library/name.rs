//! Names of tables, columns and constraints, and how SQLAlchemy's PostgreSQL preparer quotes them
//! (`sqlalchemy.sql.compiler.IdentifierPreparer`, `sqlalchemy.dialects.postgresql.base.RESERVED_WORDS`).

use super::Object;
use super::trouble::{Known, unknown};
use crate::value::Value;
use std::rc::Rc;

/// A name of something in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    pub text: Rc<str>,
    /// It is final: `op.f(…)`, `conv(…)`, or made by a naming convention. Such a name is shortened where it is too long.
    pub fixed: bool,
    /// `quoted_name(…, quote=…)`.
    pub quote: Option<bool>,
}

/// PostgreSQL's limit for a name.
pub const LONGEST: usize = 63;

const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "new",
    "not",
    "notnull",
    "null",
    "of",
    "off",
    "offset",
    "old",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "over",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
];

impl Name {
    pub fn new(text: impl AsRef<str>) -> Self {
        Name {
            text: Rc::from(text.as_ref()),
            fixed: false,
            quote: None,
        }
    }

    pub fn fixed(text: impl AsRef<str>) -> Self {
        Name {
            fixed: true,
            ..Name::new(text)
        }
    }

    /// As it stands in SQL.
    pub fn sql(&self) -> String {
        match self.quote {
            Some(true) => quoted(&self.text),
            Some(false) => self.text.to_string(),
            None => quote(&self.text),
        }
    }
}

/// A name as it stands in SQL: in quotes where it needs them.
pub fn quote(text: &str) -> String {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '$');
    let first = text.chars().next();
    let starts = first.is_some_and(|c| !c.is_ascii_digit() && c != '$');
    if plain && starts && RESERVED.binary_search(&text).is_err() {
        text.to_owned()
    } else {
        quoted(text)
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// `schema.name`.
pub fn qualified(schema: Option<&Name>, name: &Name) -> String {
    match schema {
        Some(schema) if !schema.text.is_empty() => format!("{}.{}", schema.sql(), name.sql()),
        _ => name.sql(),
    }
}

/// As in Alembic's own ALTER statements (`alembic.ddl.base.format_table_name`), where a dot in the schema separates two
/// names.
pub fn dotted(schema: Option<&Name>, name: &Name) -> String {
    match schema {
        Some(schema) if schema.quote.is_none() && !schema.fixed && schema.text.contains('.') => {
            let parts: Vec<String> = schema.text.split('.').map(quote).collect();
            format!("{}.{}", parts.join("."), name.sql())
        }
        _ => qualified(schema, name),
    }
}

/// The name that a value gives; none for None.
pub fn optional(value: Option<&Value>) -> Known<Option<Name>> {
    Ok(match value {
        None | Some(Value::None) => None,
        Some(Value::Str(text)) => Some(Name::new(text)),
        Some(Value::Member(member)) => match &member.value {
            Value::Str(text) => Some(Name::new(text)),
            _ => return Err(unknown("needs a name that is a string")),
        },
        Some(Value::Object(object)) => match &**object {
            Object::Name(name) => Some(name.clone()),
            _ => return Err(unknown("needs a name that is a string")),
        },
        Some(Value::Unknown(unknown)) => return Err(unknown.clone().into()),
        Some(other) => {
            return Err(unknown(format!(
                "needs a name, and has a value of type {}",
                other.type_name()
            )));
        }
    })
}

/// The name that a value gives.
pub fn required(value: &Value) -> Known<Name> {
    optional(Some(value))?.ok_or_else(|| unknown("needs a name, and has None"))
}
