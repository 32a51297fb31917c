//! Operations on rows, and SQL as it is.

use super::{Call, table_of};
use crate::library::Object;
use crate::library::entity::Action;
use crate::library::expression::{self, Context, Expression, Node};
use crate::library::reader;
use crate::library::statement::{Insert, Query};
use crate::library::trouble::{Known, raise, unknown};
use crate::library::types;
use crate::value::Value;

pub fn op_execute(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let value = call.reader.require("sqltext")?;
    call.reader.ignore(&["execution_options"]);
    Ok(vec![execute(value)?])
}

/// The SQL of what is executed.
pub fn execute(value: &Value) -> Known<String> {
    match value {
        Value::Str(_) => expression::ddl(value)?.sql(&Context::query()),
        Value::Object(object) => match &**object {
            Object::Query(query) => query.statement(),
            Object::Expression(expression) => expression.sql(&Context::query()),
            Object::Statement(sql) => Ok(sql.to_string()),
            Object::Name(name) => Ok(name.text.to_string()),
            other => Err(unknown(format!(
                "executing {} is not known to Cofferdam",
                other.what()
            ))),
        },
        Value::Unknown(unknown) => Err(unknown.clone().into()),
        other => Err(raise(
            "AttributeError",
            format!("'{}' object has no attribute 'compile'", other.type_name()),
        )),
    }
}

pub fn inline_literal(call: &Call<'_, '_>) -> Known<Value> {
    let value = call.reader.require("value")?;
    let kind = call.reader.maybe("type_")?.map(types::of).transpose()?;
    let made = match kind {
        Some(kind) => expression::valued(value, &kind)?,
        None => expression::alone(value)?,
    };
    Ok(Value::object(Object::Expression(made)))
}

/// alembic_utils' operations.
pub fn entity(call: &Call<'_, '_>, name: &str) -> Known<Vec<String>> {
    let Value::Object(object) = call.reader.require("target")? else {
        return Err(unknown(format!("op.{name} needs an entity")));
    };
    let Object::Entity(entity) = &**object else {
        return Err(unknown(format!("op.{name} needs an entity")));
    };
    let action = match name {
        "create_entity" => Action::Create,
        "replace_entity" => Action::Replace,
        _ => Action::Drop {
            cascade: call
                .reader
                .take("cascade")
                .map(reader::truth)
                .transpose()?
                .unwrap_or(false),
        },
    };
    let texts = entity.texts(action)?;
    texts
        .iter()
        .map(|text| execute(&Value::str(text)))
        .collect()
}

/// One INSERT for each row.
pub fn bulk_insert(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let Some(table) = table_of(call.reader.require("table")?) else {
        return Err(unknown("op.bulk_insert needs a table"));
    };
    let rows = call.reader.require("rows")?;
    call.reader.ignore(&["multiinsert"]);
    let Value::List(rows) = rows else {
        return Err(raise("TypeError", "List expected"));
    };
    let mut statements = Vec::new();
    for row in rows.borrow().iter() {
        let Value::Dict(_) = row else {
            return Err(raise("TypeError", "List of dictionaries expected"));
        };
        let row = reader::pairs(row)?
            .into_iter()
            .map(|(key, value)| Ok((reader::text(&key)?, plain(value))))
            .collect::<Known<Vec<(String, Value)>>>()?;
        let mut insert = Insert::new(table.clone(), false);
        insert.inline = true;
        insert.rows.push(row);
        statements.push(Query::Insert(insert).statement()?);
    }
    Ok(statements)
}

/// The value of an inline literal, which takes the type of its column.
fn plain(value: Value) -> Value {
    if let Value::Object(object) = &value
        && let Object::Expression(expression) = &**object
        && let Expression {
            node: Node::Constant("NULL"),
            ..
        } = **expression
    {
        return Value::None;
    }
    value
}
