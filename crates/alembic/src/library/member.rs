//! Methods and attributes of types, tables and columns.

use super::Object;
use super::column::Column;
use super::expression::{self, Expression};
use super::from::From;
use super::name;
use super::reader::{self, Reader};
use super::statement::{self, Delete, Insert, Query, Select, Update};
use super::trouble::{Known, unknown};
use super::types::{self, Kind, Type};
use crate::value::{Args, Value};
use std::rc::Rc;

/// A method of a type.
pub fn type_method(kind: &Type, name: &str, args: &Args) -> Known<Value> {
    match name {
        "with_variant" => {
            types::with_variant(kind, args).map(|made| Value::object(Object::Type(made)))
        }
        "evaluates_none" | "copy" => Ok(Value::object(Object::Type(kind.clone()))),
        _ => Err(unknown(format!(
            "{name}() of a type is not known to Cofferdam"
        ))),
    }
}

/// An attribute of a type.
pub fn type_attribute(kind: &Type, name: &str) -> Option<Known<Value>> {
    match (&kind.kind, name) {
        (Kind::Enumeration(found), "name") => Some(Ok(match &found.name {
            Some(name) => Value::str(&name.text),
            None => Value::None,
        })),
        (Kind::Enumeration(found), "enums") => Some(Ok(Value::list(
            found.values.iter().map(Value::str).collect(),
        ))),
        (Kind::Enumeration(found), "schema") => Some(Ok(match &found.schema {
            Some(schema) => Value::str(&schema.text),
            None => Value::None,
        })),
        (_, "create" | "drop" | "with_variant" | "evaluates_none" | "copy") => None,
        _ => Some(Err(unknown(format!(
            "{name} of a type is not known to Cofferdam"
        )))),
    }
}

/// A method of a table or another thing to read from.
pub fn from_method(from: &Rc<From>, name: &str, args: &Args) -> Known<Value> {
    let reader = Reader::new(name, args);
    let object = |query: Query| statement::object(query);
    let made = match name {
        "insert" => {
            let mut insert = Insert::new(from.clone(), false);
            if let Some(values) = reader.take("values") {
                let args = Args {
                    positional: vec![values.clone()],
                    named: Vec::new(),
                };
                return statement::method::call(&Rc::new(Query::Insert(insert)), "values", &args);
            }
            insert.inline = reader.flag("inline")?.unwrap_or(false);
            object(Query::Insert(insert))
        }
        "update" => object(Query::Update(Update::new(from.clone()))),
        "delete" => object(Query::Delete(Delete::new(from.clone()))),
        "select" => object(Query::Select(Select::new(&[Value::object(Object::From(
            from.clone(),
        ))])?)),
        "alias" => Value::object(Object::From(Rc::new(From::alias(
            from,
            name::optional(reader.take("name"))?,
        )?))),
        "join" | "outerjoin" => {
            let right = statement::from(reader.require("right")?)?;
            let on = reader.take("onclause");
            let outer = name == "outerjoin" || reader.flag("isouter")?.unwrap_or(false);
            let full = reader.flag("full")?.unwrap_or(false);
            Value::object(Object::From(statement::method::join(
                from.clone(),
                right,
                on,
                outer,
                full,
            )?))
        }
        _ => {
            return Err(unknown(format!(
                "{name}() of a table is not known to Cofferdam"
            )));
        }
    };
    reader.finish()?;
    Ok(made)
}

/// An attribute of a table.
pub fn from_attribute(from: &Rc<From>, name: &str) -> Option<Known<Value>> {
    let table = from.table();
    match (name, table) {
        ("c" | "columns", _) => Some(Ok(Value::object(Object::Columns(from.clone())))),
        ("name" | "description", Some(table)) => Some(Ok(Value::str(&table.name.text))),
        ("fullname", Some(table)) => Some(Ok(Value::str(match &table.schema {
            Some(schema) => format!("{}.{}", schema.text, table.name.text),
            None => table.name.text.to_string(),
        }))),
        ("schema", Some(table)) => Some(Ok(match &table.schema {
            Some(schema) => Value::str(&schema.text),
            None => Value::None,
        })),
        (
            "insert" | "update" | "delete" | "select" | "alias" | "join" | "outerjoin" | "create"
            | "drop",
            _,
        ) => None,
        _ => Some(Err(unknown(format!(
            "{name} of a table is not known to Cofferdam"
        )))),
    }
}

/// Whether a name is a method of `table.c`.
pub fn is_columns_method(name: &str) -> bool {
    matches!(
        name,
        "keys" | "values" | "items" | "get" | "contains_column"
    )
}

/// A method of `table.c`.
pub fn columns_method(from: &Rc<From>, name: &str, args: &Args) -> Known<Value> {
    let columns = from.columns()?;
    let expression = |column: &expression::E| Value::object(Object::Expression(column.clone()));
    Ok(match name {
        "keys" => Value::list(columns.iter().map(|(key, _)| Value::str(key)).collect()),
        "values" => Value::list(
            columns
                .iter()
                .map(|(_, column)| expression(column))
                .collect(),
        ),
        "items" => Value::list(
            columns
                .iter()
                .map(|(key, column)| Value::Tuple(Rc::from([Value::str(key), expression(column)])))
                .collect(),
        ),
        "get" => {
            let reader = Reader::new(name, args);
            let key = reader::text(reader.require("key")?)?;
            match columns.iter().find(|(known, _)| *known == key) {
                Some((_, column)) => expression(column),
                None => reader.take("default").cloned().unwrap_or(Value::None),
            }
        }
        _ => {
            return Err(unknown(format!(
                "{name}() of columns is not known to Cofferdam"
            )));
        }
    })
}

/// An attribute of a Column that stands alone.
pub fn column_attribute(column: &Rc<Column>, name: &str) -> Option<Known<Value>> {
    match name {
        "name" => Some(Ok(Value::str(&column.name.text))),
        "key" => Some(Ok(Value::str(&column.key))),
        "type" => Some(Ok(Value::object(Object::Type(column.kind.clone())))),
        "nullable" => Some(Ok(Value::Bool(column.is_nullable()))),
        "primary_key" => Some(Ok(Value::Bool(column.primary))),
        _ => {
            let own = Expression::column(None, column.name.clone(), column.kind.clone());
            expression::method::attribute(&own, name)
        }
    }
}

/// An operator between values that are no expressions: names are strings, `in` asks for a column.
pub fn plain_binary(operator: &str, left: &Value, right: &Value) -> Option<Value> {
    if let (true, Value::Object(object)) = (matches!(operator, "in" | "not in"), right)
        && let (Object::Columns(from), Value::Str(key)) = (&**object, left)
    {
        let found = from
            .columns()
            .ok()?
            .iter()
            .any(|(known, _)| **known == **key);
        return Some(Value::Bool(found == (operator == "in")));
    }
    let text = |value: &Value| match value {
        Value::Str(text) => Some(text.to_string()),
        Value::Object(object) => match &**object {
            Object::Name(name) => Some(name.text.to_string()),
            _ => None,
        },
        _ => None,
    };
    let (l, r) = (text(left)?, text(right)?);
    Some(match operator {
        "+" => Value::str(format!("{l}{r}")),
        "==" => Value::Bool(l == r),
        "!=" => Value::Bool(l != r),
        _ => return None,
    })
}
