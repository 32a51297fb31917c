//! `op.get_bind()` and `op.get_context()`: in Alembic's offline mode a connection that prints
//! (`sqlalchemy.engine.mock.MockConnection`, `alembic.runtime.migration.MigrationContext`). What it answers is data from the
//! database.

use super::expression::{self, Node};
use super::inspector;
use super::operation;
use super::reader::{self, Reader};
use super::statement::Query;
use super::trouble::{self, Known, unknown};
use super::types;
use super::{Object, report};
use crate::value::{Args, Stop, Value};
use crate::world::World;

/// Calls a method of the connection.
pub fn method(world: &mut World<'_>, name: &str, args: &Args) -> Result<Value, Stop> {
    match name {
        "execute" | "scalar" | "scalars" | "exec_driver_sql" => {
            let statements = statements(name, args);
            if let Some(statements) = report(world, statements)? {
                for statement in statements {
                    operation::send(world, &statement);
                }
            }
            Ok(Value::unknown(world.line, "needs data from the database"))
        }
        "connect" | "execution_options" | "get_bind" => Ok(Value::object(Object::Bind)),
        "commit" | "rollback" | "begin" | "begin_nested" | "in_transaction" => {
            let known: Known<()> = Err(unknown(format!(
                "{name}() of the connection changes the transaction"
            )));
            report(world, known)?;
            Ok(Value::unknown(world.line, "needs the transaction"))
        }
        _ => {
            let known: Known<()> = Err(unknown(format!(
                "{name}() of the connection is not known to Cofferdam"
            )));
            report(world, known)?;
            Ok(Value::unknown(world.line, "needs the connection"))
        }
    }
}

/// What is executed, once for each set of values.
fn statements(name: &str, args: &Args) -> Known<Vec<String>> {
    let reader = Reader::new(name, args);
    let value = reader.require("statement")?;
    if name == "exec_driver_sql" {
        if let Some(values) = reader.take("parameters")
            && !matches!(values, Value::None)
        {
            return Err(unknown(
                "exec_driver_sql() with values is not known to Cofferdam",
            ));
        }
        return Ok(vec![reader::text(value)?]);
    }
    let mut sets: Vec<Vec<(String, Value)>> = Vec::new();
    let given = reader
        .take("parameters")
        .or_else(|| reader.option("params"));
    match given {
        None | Some(Value::None) => {}
        Some(value @ Value::Dict(_)) => sets.push(set(value)?),
        Some(value) => {
            for value in reader::items(value)? {
                sets.push(set(&value)?);
            }
        }
    }
    reader.ignore(&["execution_options"]);
    let named: Vec<(String, Value)> = reader
        .others()
        .into_iter()
        .map(|(name, value)| Ok((name.to_string(), reader::known(value)?.clone())))
        .collect::<Known<_>>()?;
    if !named.is_empty() {
        sets.push(named);
    }
    if sets.is_empty() {
        return Ok(vec![operation::execute(value)?]);
    }
    sets.into_iter().map(|values| with(value, values)).collect()
}

fn set(value: &Value) -> Known<Vec<(String, Value)>> {
    reader::pairs(value)?
        .into_iter()
        .map(|(key, value)| Ok((reader::text(&key)?, value)))
        .collect()
}

/// A statement with values that were given beside it.
fn with(value: &Value, values: Vec<(String, Value)>) -> Known<String> {
    let not_known = || unknown("values beside this statement are not known to Cofferdam");
    match value {
        Value::Object(object) => match &**object {
            Object::Query(query) => match &**query {
                Query::Insert(insert) => {
                    let mut insert = insert.clone();
                    let mut row = insert.rows.pop().unwrap_or_default();
                    for (key, value) in values {
                        row.retain(|(known, _)| *known != key);
                        row.push((key, value));
                    }
                    insert.rows.push(row);
                    insert.inline = true;
                    Query::Insert(insert).statement()
                }
                _ => Err(not_known()),
            },
            Object::Expression(it) => match &it.node {
                Node::Text(text) => {
                    let mut text = text.clone();
                    for (key, value) in values {
                        let value = match &value {
                            Value::Tuple(_) => expression::text::expanding(&value)?,
                            value => expression::alone(value)?,
                        };
                        text = text.with(&key, value);
                    }
                    text.write(|value| value.sql(&expression::Context::query()))
                }
                _ => Err(not_known()),
            },
            _ => Err(not_known()),
        },
        _ => Err(not_known()),
    }
}

/// An attribute of the connection.
pub fn attribute(name: &str) -> Option<Known<Value>> {
    match name {
        "dialect" => Some(Ok(Value::object(Object::Dialect))),
        "engine" | "bind" => Some(Ok(Value::object(Object::Bind))),
        "name" => Some(Ok(Value::str("postgresql"))),
        "execute" | "scalar" | "scalars" | "exec_driver_sql" | "connect" | "execution_options"
        | "commit" | "rollback" | "begin" | "begin_nested" | "in_transaction" | "get_bind" => None,
        _ => Some(Err(unknown(format!(
            "{name} of the connection is not known to Cofferdam"
        )))),
    }
}

/// Calls a method of the migration context.
pub fn migration(world: &mut World<'_>, name: &str, args: &Args) -> Result<Value, Stop> {
    match name {
        "autocommit_block" => Ok(Value::object(Object::Autocommit)),
        "execute" => operation::call(world, "execute", args),
        "get_bind" => Ok(Value::object(Object::Bind)),
        _ => {
            let known: Known<()> = Err(unknown(format!(
                "{name}() of the migration context is not known to Cofferdam"
            )));
            report(world, known)?;
            Ok(Value::unknown(world.line, "needs the migration context"))
        }
    }
}

pub fn migration_attribute(name: &str) -> Option<Known<Value>> {
    match name {
        "dialect" => Some(Ok(Value::object(Object::Dialect))),
        "bind" | "connection" => Some(Ok(Value::object(Object::Bind))),
        "as_sql" => Some(Ok(Value::Bool(true))),
        "autocommit_block" | "execute" | "get_bind" => None,
        _ => Some(Err(unknown(format!(
            "{name} of the migration context is not known to Cofferdam"
        )))),
    }
}

/// Calls a method of the dialect.
pub fn dialect(world: &mut World<'_>, name: &str, args: &Args) -> Result<Value, Stop> {
    let reader = Reader::new(name, args);
    let answer = (|| {
        if name == "type_descriptor" {
            let kind = types::of(reader.require("typeobj")?)?;
            return Ok(Value::object(Object::Type(kind)));
        }
        if name != "has_table" {
            return Err(unknown(format!("the dialect's {name}() asks the database")));
        }
        reader.take("connection");
        let table = reader::text(reader.require("table_name")?)?;
        let schema = reader.maybe("schema")?.map(reader::text).transpose()?;
        inspector::has_table(world, &table, schema.filter(|schema| schema != "public"))
            .ok_or_else(|| unknown("the dialect's has_table() asks the database"))
    })();
    trouble::value(world.line, answer)
}

pub fn dialect_attribute(name: &str) -> Option<Known<Value>> {
    match name {
        "name" => Some(Ok(Value::str("postgresql"))),
        "has_table" | "has_type" | "has_sequence" | "has_index" | "type_descriptor" => None,
        _ => Some(Err(unknown(format!(
            "{name} of the dialect is not known to Cofferdam"
        )))),
    }
}
