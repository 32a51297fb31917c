//! Values as literals in SQL, as SQLAlchemy writes them with `literal_binds` (the `literal_processor`s of
//! `sqlalchemy.sql.sqltypes` and of its PostgreSQL dialect).
//!
//! Where SQLAlchemy has no literal (a value for a column without a type, JSON), the literal is what the
//! migration sends when it runs on a database.

use super::Object;
use super::python::Python;
use super::trouble::{Known, unknown};
use super::types::{Holds, Kind, Type};
use crate::value::json::{self, Style};
use crate::value::{Value, equal, float};

/// A string.
pub fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A value of a type.
pub fn write(value: &Value, kind: &Type) -> Known<String> {
    match value {
        Value::Unknown(unknown) => return Err(unknown.clone().into()),
        Value::None => return Ok("NULL".to_owned()),
        _ => {}
    }
    if let Kind::Enumeration(found) = &kind.kind {
        let member = |(member, _): &&(Value, String)| equal(member, value) == Some(true);
        if let Some((_, held)) = found.members.iter().find(member) {
            return Ok(text(held));
        }
    }
    if let Kind::Array { item, dimensions } = &kind.kind {
        return array(value, item, *dimensions);
    }
    let mismatch = || {
        unknown(format!(
            "a value of type {} as a literal of type {} is not known to Cofferdam",
            value.type_name(),
            kind.sql(None).unwrap_or_else(|_| "NULL".into())
        ))
    };
    match (kind.holds, value) {
        (Holds::Null | Holds::Other, _) => plain(value).ok_or_else(mismatch),
        (Holds::Json, value) => {
            if let Value::Object(_) = value {
                return Err(mismatch());
            }
            Ok(text(
                &json::dumps(value, &Style::default()).map_err(|_| mismatch())?,
            ))
        }
        (Holds::Boolean, Value::Bool(flag)) => Ok(flag.to_string()),
        (Holds::Boolean, Value::Int(number @ (0 | 1))) => Ok((*number == 1).to_string()),
        (holds, Value::Bool(flag)) if holds.is_integer() => Ok(i64::from(*flag).to_string()),
        (holds, Value::Int(number)) if holds.is_integer() => Ok(number.to_string()),
        (holds, Value::Str(digits)) if holds.is_integer() => {
            let number: i64 = digits.trim().parse().map_err(|_| mismatch())?;
            Ok(number.to_string())
        }
        (Holds::Numeric | Holds::Float, Value::Int(number)) => Ok(number.to_string()),
        (Holds::Numeric | Holds::Float, Value::Float(_)) => plain(value).ok_or_else(mismatch),
        (Holds::Numeric | Holds::Float, Value::Str(digits))
            if digits.trim().parse::<f64>().is_ok() =>
        {
            Ok(digits.to_string())
        }
        (Holds::Numeric | Holds::Float, Value::Object(_)) => match python(value) {
            Some(Python::Decimal(digits)) => Ok(digits.clone()),
            _ => Err(mismatch()),
        },
        (Holds::Uuid { native: false }, Value::Object(_)) => match python(value) {
            Some(Python::Uuid(id)) => Ok(text(&id.replace('-', ""))),
            _ => Err(mismatch()),
        },
        (Holds::Uuid { .. }, Value::Str(id)) => Ok(text(id)),
        (Holds::Bytes, Value::Bytes(bytes)) => match std::str::from_utf8(bytes) {
            Ok(string) => Ok(text(string)),
            Err(_) => Err(mismatch()),
        },
        (
            Holds::Text | Holds::Date | Holds::DateTime | Holds::Time | Holds::Interval,
            Value::Str(string),
        ) => Ok(text(string)),
        (Holds::Text, Value::Member(member)) => match &member.value {
            Value::Str(string) => Ok(text(string)),
            _ => Err(mismatch()),
        },
        (
            Holds::Date | Holds::DateTime | Holds::Time | Holds::Interval | Holds::Uuid { .. },
            Value::Object(_),
        ) => plain(value).ok_or_else(mismatch),
        _ => Err(mismatch()),
    }
}

fn finite(number: f64) -> Option<String> {
    number.is_finite().then(|| float::repr(number))
}

/// A value whose type is its own.
pub fn plain(value: &Value) -> Option<String> {
    Some(match value {
        Value::None => "NULL".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => finite(*number)?,
        Value::Str(string) => text(string),
        Value::Bytes(bytes) => text(std::str::from_utf8(bytes).ok()?),
        Value::Member(member) => text(member.value.as_str()?),
        Value::Dict(_) => text(&json::dumps(value, &Style::default()).ok()?),
        Value::List(items) => {
            let items: Vec<String> = items.borrow().iter().map(plain).collect::<Option<_>>()?;
            format!("ARRAY[{}]", items.join(", "))
        }
        Value::Object(object) => match &**object {
            Object::Name(name) => text(&name.text),
            Object::Python(python) => match python {
                Python::DateTime(iso) => text(&iso.replacen('T', " ", 1)),
                Python::Date(iso) | Python::Time(iso) | Python::Uuid(iso) => text(iso),
                Python::Duration { microseconds } => {
                    format!(
                        "make_interval(secs=>{})",
                        finite(*microseconds as f64 / 1e6)?
                    )
                }
                Python::Decimal(digits) => digits.clone(),
                Python::Zone(_) => return None,
            },
            _ => return None,
        },
        _ => return None,
    })
}

/// The type that a value has by itself.
pub fn own(value: &Value) -> Holds {
    match value {
        Value::Bool(_) => Holds::Boolean,
        Value::Int(_) => Holds::Integer,
        Value::Float(_) => Holds::Float,
        Value::Str(_) | Value::Member(_) => Holds::Text,
        Value::Bytes(_) => Holds::Bytes,
        value => match python(value) {
            Some(Python::DateTime(_)) => Holds::DateTime,
            Some(Python::Date(_)) => Holds::Date,
            Some(Python::Time(_)) => Holds::Time,
            Some(Python::Duration { .. }) => Holds::Interval,
            Some(Python::Uuid(_)) => Holds::Uuid { native: true },
            Some(Python::Decimal(_)) => Holds::Numeric,
            _ => Holds::Null,
        },
    }
}

fn python(value: &Value) -> Option<&Python> {
    match value {
        Value::Object(object) => match &**object {
            Object::Python(python) => Some(python),
            _ => None,
        },
        _ => None,
    }
}

fn array(value: &Value, item: &Type, dimensions: usize) -> Known<String> {
    let (Value::List(_) | Value::Tuple(_) | Value::Set(_)) = value else {
        return match value {
            Value::Str(string) => Ok(text(string)),
            other => Err(unknown(format!(
                "a value of type {} as an array is not known to Cofferdam",
                other.type_name()
            ))),
        };
    };
    let mut items = Vec::new();
    for element in value.items().unwrap_or_default() {
        items.push(match (dimensions, &element) {
            (2.., Value::List(_) | Value::Tuple(_)) => array(&element, item, dimensions - 1)?,
            _ => write(&element, item)?,
        });
    }
    Ok(format!("ARRAY[{}]", items.join(", ")))
}
