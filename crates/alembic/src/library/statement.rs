//! Queries and changes of data: SELECT, INSERT, UPDATE, DELETE (`sqlalchemy.sql.selectable`,
//! `sqlalchemy.sql.dml`).

mod change;
pub mod method;
mod select;

pub use change::{Conflict, Delete, Insert, Update};
pub use select::{Compound, Select};

use super::Object;
use super::expression::{Context, E, Expression, Node};
use super::from::From;
use super::reader::{self, Reader};
use super::trouble::{Known, raise, unknown};
use super::types::Type;
use super::weight::Weight;
use crate::value::{Args, Value};
use std::rc::Rc;

/// A statement.
#[derive(Clone, Debug)]
pub enum Query {
    Select(Select),
    Compound(Compound),
    Insert(Insert),
    Update(Update),
    Delete(Delete),
}

impl Query {
    /// As a statement of its own.
    pub fn statement(&self) -> Known<String> {
        let context = Context::query();
        let sql = self.sql(&context)?;
        let common = context.state.common.borrow();
        if common.is_empty() {
            return Ok(sql);
        }
        let parts: Vec<&str> = common.iter().map(|(_, sql)| sql.as_str()).collect();
        let recursive = if *context.state.recursive.borrow() {
            "RECURSIVE "
        } else {
            ""
        };
        Ok(format!("WITH {recursive}{}\n {sql}", parts.join(", \n")))
    }

    /// Inside another statement or by itself.
    pub fn sql(&self, context: &Context) -> Known<String> {
        match self {
            Query::Select(select) => select.sql(context, false),
            Query::Compound(compound) => compound.sql(context, false),
            Query::Insert(insert) => insert.sql(context),
            Query::Update(update) => update.sql(context),
            Query::Delete(delete) => delete.sql(context),
        }
    }

    /// After FROM, where every column is given its name.
    pub fn sql_inside(&self, context: &Context) -> Known<String> {
        match self {
            Query::Select(select) => select.sql(context, true),
            Query::Compound(compound) => compound.sql(context, true),
            other => other.sql(context),
        }
    }

    pub fn weight(&self) -> Weight {
        match self {
            Query::Select(select) => select.weight(),
            Query::Compound(compound) => compound.weight,
            Query::Insert(insert) => {
                Weight::of(insert.query.iter().map(|(_, query)| query.weight()))
            }
            Query::Update(update) => Weight::of(update.conditions.iter().map(|part| part.weight)),
            Query::Delete(delete) => Weight::of(delete.conditions.iter().map(|part| part.weight)),
        }
    }

    /// The type of its first column.
    pub fn first_kind(&self) -> Type {
        match self {
            Query::Select(select) => select
                .columns
                .first()
                .map_or_else(Type::null, |column| column.kind()),
            _ => Type::null(),
        }
    }

    /// Names and types of its columns.
    pub fn columns(&self) -> Known<Vec<(String, Type)>> {
        let columns = match self {
            Query::Select(select) => &select.columns,
            Query::Compound(compound) => match compound.parts.first() {
                Some(first) => return first.columns(),
                None => return Ok(Vec::new()),
            },
            Query::Insert(Insert { returning, .. })
            | Query::Update(Update { returning, .. })
            | Query::Delete(Delete { returning, .. }) => returning,
        };
        Ok(columns
            .iter()
            .filter_map(|column| match &column.node {
                Node::Column { name, .. } | Node::Label { name, .. } => {
                    Some((name.text.to_string(), column.kind()))
                }
                _ => None,
            })
            .collect())
    }
}

/// What one of SQLAlchemy's functions makes; none where `name` is none of those here.
pub fn call(name: &str, args: &Args, postgresql: bool) -> Option<Known<Value>> {
    let reader = Reader::new(name, args);
    let made = match name {
        "select" | "Select" => Select::new(reader.rest()).map(Query::Select),
        "insert" | "Insert" => {
            table(&reader).map(|table| Query::Insert(Insert::new(table, postgresql)))
        }
        "update" | "Update" => table(&reader).map(|table| Query::Update(Update::new(table))),
        "delete" | "Delete" => table(&reader).map(|table| Query::Delete(Delete::new(table))),
        "union" => Compound::new("UNION", &reader).map(Query::Compound),
        "union_all" => Compound::new("UNION ALL", &reader).map(Query::Compound),
        "intersect" => Compound::new("INTERSECT", &reader).map(Query::Compound),
        "intersect_all" => Compound::new("INTERSECT ALL", &reader).map(Query::Compound),
        "except_" => Compound::new("EXCEPT", &reader).map(Query::Compound),
        "except_all" => Compound::new("EXCEPT ALL", &reader).map(Query::Compound),
        _ => return None,
    };
    Some(made.and_then(|made| {
        reader.finish()?;
        Ok(object(made))
    }))
}

/// A query as a value.
pub fn object(query: Query) -> Value {
    Value::object(Object::Query(Rc::new(query)))
}

fn table(reader: &Reader<'_>) -> Known<Rc<From>> {
    let found = from(reader.require("table")?)?;
    match *found {
        From::Table(_) => Ok(found),
        _ => Err(unknown("needs a table")),
    }
}

/// What a value reads from.
pub fn from(value: &Value) -> Known<Rc<From>> {
    match reader::known(value)? {
        Value::Object(object) => match &**object {
            Object::From(from) => Ok(from.clone()),
            Object::Expression(expression) => match &expression.node {
                Node::Text(_) | Node::Verbatim(_) | Node::Function(_) => {
                    Ok(Rc::new(From::Text(expression.clone())))
                }
                _ => Err(unknown(
                    "reading from this expression is not known to Cofferdam",
                )),
            },
            Object::Query(query) => From::subquery(query, None, false).map(Rc::new),
            other => Err(unknown(format!(
                "reading from {} is not known to Cofferdam",
                other.what()
            ))),
        },
        Value::Class(class) => Err(unknown(format!(
            "needs the application's code: the model {}",
            class.name
        ))),
        other => Err(raise(
            "ArgumentError",
            format!(
                "FROM expression expected, got a value of type {}",
                other.type_name()
            ),
        )),
    }
}

/// `exists(…)`.
pub fn exists(reader: &Reader<'_>) -> Known<E> {
    let query = match reader.rest() {
        [] => Rc::new(Query::Select(Select {
            columns: vec![Expression::new(Node::Verbatim("*".into()))?],
            ..Select::default()
        })),
        [Value::Object(object)] => match &**object {
            Object::Query(query) => query.clone(),
            Object::Expression(expression) => match &expression.node {
                Node::Scalar(query) => query.clone(),
                _ => Rc::new(Query::Select(Select::new(&[Value::Object(
                    object.clone(),
                )])?)),
            },
            _ => Rc::new(Query::Select(Select::new(&[Value::Object(
                object.clone(),
            )])?)),
        },
        columns => Rc::new(Query::Select(Select::new(columns)?)),
    };
    reader.finish()?;
    Expression::new(Node::Exists(query))
}
