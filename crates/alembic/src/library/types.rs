//! Column types: what they are called in PostgreSQL's SQL (`sqlalchemy.dialects.postgresql.base.PGTypeCompiler`), and what
//! kind of value they hold.

mod foreign;
mod generic;
mod named;

pub use named::{Domain, Enumeration};

use super::Object;
use super::name::Name;
use super::reader;
use super::trouble::{Known, raise, unknown};
use crate::value::{Args, Value};
use std::rc::Rc;

/// A column type.
#[derive(Clone, Debug)]
pub struct Type {
    pub kind: Kind,
    pub holds: Holds,
}

/// How a type is written.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Its SQL.
    Plain(Rc<str>),
    /// None was given.
    Null,
    Array {
        item: Rc<Type>,
        dimensions: usize,
    },
    Enumeration(Rc<Enumeration>),
    Domain(Rc<Domain>),
    /// geoalchemy2's, which index themselves.
    Spatial {
        sql: Rc<str>,
        index: Option<SpatialIndex>,
    },
}

/// The index that geoalchemy2 gives a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpatialIndex {
    Plain,
    /// Of all dimensions.
    Deep,
    /// Of a raster's convex hull.
    Hull,
}

/// What kind of value a type holds; by this its literals are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Null,
    Text,
    SmallInteger,
    Integer,
    BigInteger,
    Numeric,
    Float,
    Boolean,
    Date,
    DateTime,
    Time,
    Interval,
    Bytes,
    /// With its hyphens or without.
    Uuid {
        native: bool,
    },
    Json,
    Array,
    Other,
    /// What the methods of a class of the file make of a value.
    Processed,
}

impl Holds {
    pub fn is_integer(self) -> bool {
        matches!(
            self,
            Holds::SmallInteger | Holds::Integer | Holds::BigInteger
        )
    }
}

impl Type {
    pub fn plain(sql: impl AsRef<str>, holds: Holds) -> Self {
        Type {
            kind: Kind::Plain(Rc::from(sql.as_ref())),
            holds,
        }
    }

    pub fn null() -> Self {
        Type {
            kind: Kind::Null,
            holds: Holds::Null,
        }
    }

    pub fn array(item: Type, dimensions: usize) -> Self {
        Type {
            kind: Kind::Array {
                item: Rc::new(item),
                dimensions,
            },
            holds: Holds::Array,
        }
    }

    /// Fails where it is an array of arrays without end.
    pub fn checked_depth(&self) -> Known<()> {
        let (mut kind, mut depth) = (self, 0);
        while let Kind::Array { item, .. } = &kind.kind {
            (kind, depth) = (item, depth + 1);
        }
        match depth {
            0..16 => Ok(()),
            _ => Err(unknown("an array nested so deep is not known to Cofferdam")),
        }
    }

    /// As it stands in SQL, in a table of `schema`.
    pub fn sql(&self, schema: Option<&Name>) -> Known<String> {
        Ok(match &self.kind {
            Kind::Plain(sql) | Kind::Spatial { sql, .. } => sql.to_string(),
            Kind::Null => {
                return Err(raise(
                    "CompileError",
                    "Can't generate DDL for NullType(); did you forget to specify a type on this Column?",
                ));
            }
            Kind::Array { item, dimensions } => {
                let item = item.sql(schema)?;
                let brackets = "[]".repeat(*dimensions);
                match item.split_once(" COLLATE ") {
                    Some((name, collation)) => format!("{name}{brackets} COLLATE {collation}"),
                    None => format!("{item}{brackets}"),
                }
            }
            Kind::Enumeration(enumeration) => enumeration.sql(schema)?,
            Kind::Domain(domain) => domain.sql(),
        })
    }

    /// The enumeration or domain that it is, or that its elements are.
    pub fn innermost(&self) -> &Type {
        match &self.kind {
            Kind::Array { item, .. } => item.innermost(),
            _ => self,
        }
    }
}

/// The type that a dotted name means, called with `args` or not; none where it is no type's.
pub fn make(name: &str, args: &Args) -> Option<Known<Type>> {
    let last = name.rsplit('.').next().unwrap_or_default();
    let root = name.split('.').next().unwrap_or_default();
    match root {
        "sqlalchemy" | "sqlmodel" if !name.contains(".func.") => {
            if root == "sqlmodel"
                && let Some(found) = foreign::make(root, last, args)
            {
                return Some(found);
            }
            let dialect = name.split(".dialects.").nth(1);
            let dialect = dialect.and_then(|rest| rest.split('.').next());
            match dialect {
                Some("postgresql") => named::make(last, args, true)
                    .or_else(|| generic::postgresql(last, args))
                    .or_else(|| generic::make(last, args)),
                Some(_) => None,
                None => named::make(last, args, false).or_else(|| generic::make(last, args)),
            }
        }
        _ => foreign::make(root, last, args),
    }
}

/// The type that a value is: an instance, or a class.
pub fn of(value: &Value) -> Known<Type> {
    match value {
        Value::None => Ok(Type::null()),
        Value::Object(object) => match &**object {
            Object::Type(kind) => Ok(kind.clone()),
            _ => Err(unknown(
                "needs a type, and has something else of SQLAlchemy's",
            )),
        },
        Value::Name(name) => make(name, &Args::default()).unwrap_or_else(|| {
            Err(unknown(format!(
                "{name} is not a type that Cofferdam knows"
            )))
        }),
        Value::Class(class) => Err(unknown(format!(
            "needs the application's code: the type {}",
            class.name
        ))),
        Value::Unknown(unknown) => Err(unknown.clone().into()),
        other => Err(unknown(format!(
            "needs a type, and has a value of type {}",
            other.type_name()
        ))),
    }
}

/// The type of a class of the file that is written as another type, or as a text.
pub fn decorated(written: &Value, processed: bool) -> Known<Type> {
    let made = match written {
        Value::Str(sql) => Type::plain(sql, Holds::Other),
        written => of(written)?,
    };
    match made.kind {
        Kind::Enumeration(_) | Kind::Domain(_) | Kind::Spatial { .. } => Err(unknown(
            "a TypeDecorator around such a type is not known to Cofferdam",
        )),
        kind => Ok(Type {
            kind,
            holds: match processed {
                true => Holds::Processed,
                false => made.holds,
            },
        }),
    }
}

/// The type in a value where there is one: an instance or a class.
pub fn maybe(value: &Value) -> Option<Type> {
    match value {
        Value::Object(object) => match &**object {
            Object::Type(kind) => Some(kind.clone()),
            _ => None,
        },
        Value::Name(name) => make(name, &Args::default())?.ok(),
        _ => None,
    }
}

/// `type.with_variant(other, "postgresql", …)`.
pub fn with_variant(kind: &Type, args: &Args) -> Known<Type> {
    let reader = reader::Reader::new("with_variant", args);
    let variant = reader.take("type_");
    for dialect in reader.rest() {
        if reader::text(dialect)? == "postgresql" {
            return of(reader::known(variant.unwrap_or(&Value::None))?);
        }
    }
    Ok(kind.clone())
}

/// Whether a package's types are known here.
pub fn is_package(root: &str) -> bool {
    foreign::PACKAGES.contains(&root)
}
