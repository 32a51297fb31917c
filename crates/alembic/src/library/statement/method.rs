//! The methods of statements.

use super::{Compound, Conflict, Query, Select, from, object};
use crate::library::Object;
use crate::library::expression::{
    E, Expression, Node, alone, beside, condition, ddl, method, named, own_type,
};
use crate::library::from::From;
use crate::library::name::{self, Name};
use crate::library::reader::{self, Reader};
use crate::library::trouble::{Known, unknown};
use crate::library::types::Holds;
use crate::library::weight::Weight;
use crate::value::{Args, Value};
use std::rc::Rc;

/// Calls a method.
pub fn call(query: &Rc<Query>, name: &str, args: &Args) -> Known<Value> {
    let reader = Reader::new(name, args);
    query.weight().checked()?;
    let mut made = (**query).clone();
    match (&mut made, name) {
        (_, "where" | "filter") => {
            return filtered(query, &reader).map(|query| Value::object(Object::Query(query)));
        }
        (
            _,
            "execution_options" | "correlate" | "correlate_except" | "with_only_columns_"
            | "inline",
        ) => {
            if let (Query::Insert(insert), "inline") = (&mut made, name) {
                insert.inline = true;
            }
            return Ok(object(made));
        }
        (Query::Select(select), _) => {
            if let Some(value) = select_method(query, select, name, &reader)? {
                return Ok(value);
            }
        }
        (Query::Compound(compound), "order_by") => {
            for value in reader.rest() {
                compound.order.push(named(value)?);
            }
        }
        (Query::Compound(compound), "limit") => compound.limit = limit(&reader)?,
        (Query::Compound(compound), "offset") => compound.offset = limit(&reader)?,
        (Query::Compound(_), "subquery" | "alias" | "cte" | "scalar_subquery") => {
            return derived(query, name, &reader);
        }
        (Query::Insert(insert), "values") => values(
            &mut insert.rows,
            &mut insert.several,
            &insert.table,
            &reader,
        )?,
        (Query::Insert(insert), "from_select") => {
            let names = reader::items(reader.require("names")?)?;
            let names = names
                .iter()
                .map(method::key)
                .collect::<Known<Vec<Name>>>()?;
            let value = reader.require("select")?;
            let Some(found) = as_query(value) else {
                return Err(unknown("from_select() needs a query"));
            };
            reader.take("include_defaults");
            insert.query = Some((names, found));
        }
        (Query::Insert(insert), "on_conflict_do_nothing") if insert.postgresql => {
            insert.conflict = Some(conflict(&reader)?);
        }
        (Query::Insert(insert), "on_conflict_do_update") if insert.postgresql => {
            let mut found = conflict(&reader)?;
            found.set = Some(assignments(reader.option("set_").unwrap_or(&Value::None))?);
            found.condition = match reader.option("where") {
                None | Some(Value::None) => None,
                Some(value) => Some(condition(value)?),
            };
            insert.conflict = Some(found);
        }
        (Query::Insert(insert), "returning") => insert.returning = columns(&reader)?,
        (Query::Update(update), "values") => {
            let (mut rows, mut several) = (Vec::new(), false);
            values(&mut rows, &mut several, &update.table, &reader)?;
            for (key, value) in rows.into_iter().flatten() {
                update.values.retain(|(known, _)| *known != key);
                update.values.push((key, value));
            }
        }
        (Query::Update(update), "ordered_values") => {
            update.ordered = true;
            for pair in reader.rest() {
                match pair.items().as_deref() {
                    Some([key, value]) => update
                        .values
                        .push((method::key(key)?.text.to_string(), value.clone())),
                    _ => return Err(unknown("ordered_values() needs pairs")),
                }
            }
        }
        (Query::Update(update), "returning") => update.returning = columns(&reader)?,
        (Query::Delete(delete), "returning") => delete.returning = columns(&reader)?,
        _ => {
            return Err(unknown(format!(
                "the method {name} of a statement is not known to Cofferdam"
            )));
        }
    }
    reader.finish()?;
    Ok(object(made))
}

/// An attribute.
pub fn attribute(query: &Rc<Query>, name: &str) -> Option<Known<Value>> {
    match (&**query, name) {
        (Query::Insert(insert), "excluded") if insert.postgresql => {
            Some(Ok(Value::object(Object::Excluded)))
        }
        (_, "c" | "columns" | "selected_columns") => Some(Err(unknown(
            "the columns of a query that is no subquery are not known to Cofferdam",
        ))),
        _ => None,
    }
}

fn select_method(
    query: &Rc<Query>,
    select: &mut Select,
    name: &str,
    reader: &Reader<'_>,
) -> Known<Option<Value>> {
    match name {
        "select_from" => {
            return selected_from(query, reader)
                .map(|query| Some(Value::object(Object::Query(query))));
        }
        "add_columns" | "column" => {
            for value in reader.rest() {
                select.add(value)?;
            }
        }
        "with_only_columns" => {
            *select = Select {
                columns: Select::new(reader.rest())?.columns,
                ..select.clone()
            };
        }
        "join" | "outerjoin" => {
            let right = from(reader.require("target")?)?;
            let on = reader.take("onclause");
            let outer = name == "outerjoin" || reader.flag("isouter")?.unwrap_or(false);
            let full = reader.flag("full")?.unwrap_or(false);
            let left = match select.from.pop() {
                Some(left) => left,
                None => {
                    let mut found = Vec::new();
                    for column in &select.columns {
                        crate::library::expression::froms(column, &mut found);
                    }
                    found.retain(|from| !Rc::ptr_eq(from, &right));
                    match found.as_slice() {
                        [only] => only.clone(),
                        _ => {
                            return Err(unknown(
                                "join() without a clear left side is not known to Cofferdam",
                            ));
                        }
                    }
                }
            };
            select.from.push(join(left, right, on, outer, full)?);
        }
        "order_by" | "group_by" => {
            let to = if name == "order_by" {
                &mut select.order
            } else {
                &mut select.group
            };
            for value in reader.rest() {
                match value {
                    Value::None => to.clear(),
                    value => to.push(named(value)?),
                }
            }
        }
        "having" => {
            for value in reader.rest() {
                select.having.push(condition(value)?);
            }
        }
        "limit" => select.limit = limit(reader)?,
        "offset" => select.offset = limit(reader)?,
        "distinct" => {
            let on = reader.rest().iter().map(alone).collect::<Known<Vec<E>>>()?;
            select.distinct = Some(on);
        }
        "with_for_update" => {
            let mut lock = match (reader.flag("read")?, reader.flag("key_share")?) {
                (Some(true), Some(true)) => " FOR KEY SHARE",
                (Some(true), _) => " FOR SHARE",
                (_, Some(true)) => " FOR NO KEY UPDATE",
                _ => " FOR UPDATE",
            }
            .to_owned();
            if reader.flag("nowait")? == Some(true) {
                lock.push_str(" NOWAIT");
            }
            if reader.flag("skip_locked")? == Some(true) {
                lock.push_str(" SKIP LOCKED");
            }
            select.lock = lock;
        }
        "union" | "union_all" | "intersect" | "except_" => {
            let word = match name {
                "union" => "UNION",
                "union_all" => "UNION ALL",
                "intersect" => "INTERSECT",
                _ => "EXCEPT",
            };
            let mut compound = Compound::new(word, reader)?;
            compound.parts.insert(0, query.clone());
            compound.weight = Weight::of([compound.weight, query.weight()]).checked()?;
            return Ok(Some(object(Query::Compound(compound))));
        }
        "exists" => {
            return Expression::new(Node::Exists(query.clone()))
                .map(|made| Some(Value::object(Object::Expression(made))));
        }
        _ => return derived(query, name, reader).map(Some),
    }
    Ok(None)
}

/// A subquery, a common table expression or a scalar.
fn derived(query: &Rc<Query>, name: &str, reader: &Reader<'_>) -> Known<Value> {
    let made = match name {
        "scalar_subquery" | "as_scalar" | "self_group" => {
            return Expression::new(Node::Scalar(query.clone()))
                .map(|made| Value::object(Object::Expression(made)));
        }
        "label" => {
            let name = reader.require_name("name")?;
            let value = Expression::new(Node::Scalar(query.clone()))?;
            return Expression::new(Node::Label { name, value })
                .map(|made| Value::object(Object::Expression(made)));
        }
        "subquery" | "alias" | "lateral" => From::subquery(
            query,
            name::optional(reader.take("name"))?,
            name == "lateral",
        )?,
        "cte" => {
            let name = name::optional(reader.take("name"))?;
            if reader.take("recursive").map(reader::truth).transpose()? == Some(true) {
                return Err(unknown("a recursive cte() is not known to Cofferdam"));
            }
            From::Common {
                query: query.clone(),
                name,
                weight: Weight::of([query.weight()]).checked()?,
            }
        }
        _ => {
            return Err(unknown(format!(
                "the method {name} of a query is not known to Cofferdam"
            )));
        }
    };
    reader.finish()?;
    Ok(Value::object(Object::From(Rc::new(made))))
}

fn as_query(value: &Value) -> Option<Rc<Query>> {
    match value {
        Value::Object(object) => match &**object {
            Object::Query(query) => Some(query.clone()),
            Object::From(from) => from.as_query(),
            _ => None,
        },
        _ => None,
    }
}

/// With conditions more.
pub fn filtered(query: &Rc<Query>, reader: &Reader<'_>) -> Known<Rc<Query>> {
    let mut made = (**query).clone();
    let to = match &mut made {
        Query::Select(select) => &mut select.conditions,
        Query::Update(update) => &mut update.conditions,
        Query::Delete(delete) => &mut delete.conditions,
        _ => return Err(unknown("where() of this is not known to Cofferdam")),
    };
    for value in reader.rest() {
        to.push(condition(value)?);
    }
    reader.finish()?;
    Ok(Rc::new(made))
}

/// With tables more.
pub fn selected_from(query: &Rc<Query>, reader: &Reader<'_>) -> Known<Rc<Query>> {
    let mut made = (**query).clone();
    let Query::Select(select) = &mut made else {
        return Err(unknown("select_from() of this is not known to Cofferdam"));
    };
    for value in reader.rest() {
        select.from.push(from(value)?);
    }
    reader.finish()?;
    Ok(Rc::new(made))
}

/// `left JOIN right`.
pub fn join(
    left: Rc<From>,
    right: Rc<From>,
    on: Option<&Value>,
    outer: bool,
    full: bool,
) -> Known<Rc<From>> {
    let Some(on) = on.filter(|on| !matches!(on, Value::None)) else {
        return Err(unknown(
            "a join without its condition is not known to Cofferdam",
        ));
    };
    let on = condition(on)?;
    let weight = Weight::of([left.weight(), right.weight(), on.weight]).checked()?;
    Ok(Rc::new(From::Join {
        left,
        right,
        on,
        kind: match (full, outer) {
            (true, _) => "FULL OUTER JOIN",
            (false, true) => "LEFT OUTER JOIN",
            (false, false) => "JOIN",
        },
        weight,
    }))
}

fn limit(reader: &Reader<'_>) -> Known<Option<E>> {
    Ok(match reader.require("limit")? {
        Value::None => None,
        value => Some(beside(value, &own_type(Holds::Integer))?),
    })
}

fn columns(reader: &Reader<'_>) -> Known<Vec<E>> {
    Select::new(reader.rest()).map(|select| select.columns)
}

fn conflict(reader: &Reader<'_>) -> Known<Conflict> {
    let constraint = match reader.take("constraint") {
        Some(Value::Object(object))
            if matches!(**object, Object::Constraint(_) | Object::Index(_)) =>
        {
            return Err(unknown(
                "a constraint object in on_conflict is not known to Cofferdam",
            ));
        }
        value => name::optional(value)?,
    };
    let elements = match reader.take("index_elements") {
        None | Some(Value::None) => Vec::new(),
        Some(value) => reader::items(value)?
            .iter()
            .map(named)
            .collect::<Known<_>>()?,
    };
    let elements_where = match reader.take("index_where") {
        None | Some(Value::None) => None,
        Some(value) => Some(ddl(value)?),
    };
    Ok(Conflict {
        constraint,
        elements,
        elements_where,
        set: None,
        condition: None,
    })
}

fn assignments(value: &Value) -> Known<Vec<(String, Value)>> {
    reader::pairs(value)?
        .into_iter()
        .map(|(key, value)| Ok((method::key(&key)?.text.to_string(), value)))
        .collect()
}

fn values(
    rows: &mut Vec<Vec<(String, Value)>>,
    several: &mut bool,
    table: &Rc<From>,
    reader: &Reader<'_>,
) -> Known<()> {
    let keys =
        || -> Known<Vec<String>> { Ok(table.columns()?.into_iter().map(|(key, _)| key).collect()) };
    let mut row: Vec<(String, Value)> = rows.pop().unwrap_or_default();
    let mut add = |found: Vec<(String, Value)>| {
        for (key, value) in found {
            row.retain(|(known, _)| *known != key);
            row.push((key, value));
        }
    };
    for given in reader.rest() {
        match reader::known(given)? {
            Value::Dict(_) => add(assignments(given)?),
            Value::Tuple(items) => {
                add(keys()?.into_iter().zip(items.iter().cloned()).collect());
            }
            Value::List(items) => {
                *several = true;
                for item in items.borrow().iter() {
                    rows.push(match item {
                        Value::Dict(_) => assignments(item)?,
                        item => keys()?.into_iter().zip(reader::items(item)?).collect(),
                    });
                }
            }
            _ => return Err(unknown("values() of this is not known to Cofferdam")),
        }
    }
    let named: Vec<(String, Value)> = reader
        .others()
        .into_iter()
        .map(|(name, value)| (name.to_string(), value.clone()))
        .collect();
    add(named);
    for (_, value) in &row {
        reader::known(value)?;
    }
    if !row.is_empty() || rows.is_empty() {
        rows.push(row);
    }
    Ok(())
}
