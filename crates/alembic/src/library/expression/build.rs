//! SQLAlchemy's functions that make expressions: `and_`, `case`, `cast` and their like.

use super::operator::{Operator, group};
use super::text::Text;
use super::{E, Expression, Node, alone, beside, condition, ddl, method, named, text};
use crate::library::Object;
use crate::library::reader::{self, Reader};
use crate::library::statement;
use crate::library::trouble::{Known, unknown};
use crate::library::types::{self, Holds, Type};
use crate::value::{Args, Value};
use std::rc::Rc;

/// What one of SQLAlchemy's functions makes; none where `name` is none of those here.
pub fn call(name: &str, args: &Args) -> Option<Known<Value>> {
    let reader = Reader::new(name, args);
    let made = match name {
        "text" => text_clause(&reader),
        "literal_column" => literal_column(&reader),
        "column" => column(&reader),
        "literal" => literal(&reader),
        "bindparam" => bindparam(&reader),
        "null" => Ok(Expression::constant("NULL")),
        "true" => Ok(Expression::constant("true")),
        "false" => Ok(Expression::constant("false")),
        "and_" => all(Operator::And, &reader),
        "or_" => all(Operator::Or, &reader),
        "not_" => reader
            .require("clause")
            .and_then(condition)
            .and_then(|it| not(&it)),
        "case" => case(&reader),
        "cast" | "try_cast" => cast(args),
        "type_coerce" => coerce(&reader),
        "extract" => extract(args),
        "distinct" => one(&reader).and_then(|it| prefixed("DISTINCT ", &it)),
        "desc" => one(&reader).and_then(|it| suffixed(&it, " DESC")),
        "asc" => one(&reader).and_then(|it| suffixed(&it, " ASC")),
        "nulls_first" | "nullsfirst" => one(&reader).and_then(|it| suffixed(&it, " NULLS FIRST")),
        "nulls_last" | "nullslast" => one(&reader).and_then(|it| suffixed(&it, " NULLS LAST")),
        "any_" => one(&reader).and_then(|it| quantified("ANY", &it)),
        "all_" => one(&reader).and_then(|it| quantified("ALL", &it)),
        "tuple_" => tuple(&reader),
        "collate" => one(&reader).and_then(|it| method::collate(&it, reader.require("collation")?)),
        "between" => between(&reader),
        "label" => labelled(&reader),
        "exists" => statement::exists(&reader),
        "array" => array(&reader),
        "aggregate_order_by" => aggregate(&reader),
        "hstore" => Err(unknown("postgresql.hstore is not known to Cofferdam")),
        _ => return None,
    };
    Some(made.map(|made| Value::object(Object::Expression(made))))
}

fn one(reader: &Reader<'_>) -> Known<E> {
    named(reader.require("expr")?)
}

fn text_clause(reader: &Reader<'_>) -> Known<E> {
    let sql = reader::text(reader.require("text")?)?;
    reader.ignore(&["bind", "autocommit"]);
    reader.finish()?;
    Expression::new(Node::Text(Text::new(&sql)))
}

fn literal_column(reader: &Reader<'_>) -> Known<E> {
    let sql = reader::text(reader.require("text")?)?;
    reader.take("type_");
    reader.finish()?;
    Expression::new(Node::Verbatim(Rc::from(sql)))
}

fn column(reader: &Reader<'_>) -> Known<E> {
    let name = reader.require_name("text")?;
    let kind = match reader.take("type_") {
        Some(kind) => types::of(kind)?,
        None => Type::null(),
    };
    if let Some(literal) = reader.take("is_literal")
        && reader::truth(literal)?
    {
        return Expression::new(Node::Verbatim(name.text));
    }
    reader.ignore(&["_selectable"]);
    reader.finish()?;
    Ok(Expression::column(None, name, kind))
}

fn literal(reader: &Reader<'_>) -> Known<E> {
    let value = reader.require("value")?;
    let kind = reader.maybe("type_")?.map(types::of).transpose()?;
    reader.ignore(&["literal_execute"]);
    reader.finish()?;
    match kind {
        Some(kind) => super::valued(value, &kind),
        None => alone(value),
    }
}

fn bindparam(reader: &Reader<'_>) -> Known<E> {
    let key = reader::text(reader.require("key")?)?;
    let value = reader.take("value").cloned();
    let kind = reader.maybe("type_")?.map(types::of).transpose()?;
    let expanding = reader.flag("expanding")?.unwrap_or(false);
    reader.ignore(&[
        "unique",
        "required",
        "quote",
        "literal_execute",
        "isoutparam",
    ]);
    reader.finish()?;
    let Some(value) = value else {
        return Err(unknown(format!("the parameter {key} has no value")));
    };
    let made = match kind {
        _ if expanding => text::expanding(&value)?,
        Some(kind) => super::valued(&value, &kind)?,
        None => alone(&value)?,
    };
    Expression::new(Node::Parameter { key, value: made })
}

/// `and_`, `or_`: True and False among the clauses are taken out as SQLAlchemy does.
fn all(operator: Operator, reader: &Reader<'_>) -> Known<E> {
    let mut parts = Vec::new();
    for value in reader.rest() {
        match value {
            Value::List(_) | Value::Tuple(_) => {
                for value in reader::items(value)? {
                    parts.push(condition(&value)?);
                }
            }
            value => parts.push(condition(value)?),
        }
    }
    reader.finish()?;
    joined(operator, parts)
}

/// Conditions joined by `AND` or `OR`.
pub fn joined(operator: Operator, parts: Vec<E>) -> Known<E> {
    let (neutral, deciding) = match operator {
        Operator::And => ("true", "false"),
        _ => ("false", "true"),
    };
    let is =
        |part: &E, constant: &str| matches!(part.node, Node::Constant(text) if text == constant);
    if parts.iter().any(|part| is(part, deciding)) {
        return Ok(Expression::constant(deciding));
    }
    let mut kept: Vec<E> = Vec::new();
    let mut last = None;
    for part in parts {
        if is(&part, neutral) {
            last = Some(part);
        } else {
            kept.push(part);
        }
    }
    if kept.is_empty() {
        return match last {
            Some(neutral) => Ok(neutral),
            None => Expression::new(Node::All(operator, Vec::new())),
        };
    }
    if let [only] = kept.as_slice() {
        return Ok(only.clone());
    }
    let parts = kept
        .iter()
        .map(|part| group(part, &operator))
        .collect::<Known<_>>()?;
    Expression::new(Node::All(operator, parts))
}

/// `not_(…)`, `~…`.
pub fn not(it: &E) -> Known<E> {
    match &it.node {
        Node::Constant("true") => return Ok(Expression::constant("false")),
        Node::Constant("false") => return Ok(Expression::constant("true")),
        Node::Binary {
            operator,
            left,
            right,
            escape,
            kind,
        } => {
            if let Some(operator) = operator.opposite() {
                return Expression::new(Node::Binary {
                    operator,
                    left: left.clone(),
                    right: right.clone(),
                    escape: escape.clone(),
                    kind: kind.clone(),
                });
            }
        }
        Node::In { value, items, not } => {
            return Expression::new(Node::In {
                value: value.clone(),
                items: items.clone(),
                not: !not,
            });
        }
        Node::InQuery { value, query, not } => {
            return Expression::new(Node::InQuery {
                value: value.clone(),
                query: query.clone(),
                not: !not,
            });
        }
        Node::Between {
            value,
            low,
            high,
            not,
        } => {
            return Expression::new(Node::Between {
                value: value.clone(),
                low: low.clone(),
                high: high.clone(),
                not: !not,
            });
        }
        Node::Unary {
            before,
            operand,
            operator,
            ..
        } if &**before == "NOT " => {
            return Ok(match (&operand.node, operator) {
                (Node::Group(inner), _) => inner.clone(),
                _ => operand.clone(),
            });
        }
        _ => {}
    }
    let operand = group(it, &Operator::Invert)?;
    let plain = matches!(it.node, Node::Column { .. });
    Expression::new(Node::Unary {
        before: "NOT ".into(),
        after: "".into(),
        operand,
        operator: (!plain).then_some(Operator::Invert),
    })
}

fn case(reader: &Reader<'_>) -> Known<E> {
    let value = match reader.option("value") {
        None | Some(Value::None) => None,
        Some(value) => Some(named(value)?),
    };
    let mut pairs: Vec<(Value, Value)> = Vec::new();
    for given in reader.rest() {
        match given {
            Value::Dict(_) => pairs.extend(reader::pairs(given)?),
            Value::Tuple(pair) => match &**pair {
                [when, then] => pairs.push((when.clone(), then.clone())),
                _ => return Err(unknown("case() needs pairs")),
            },
            Value::List(_) => {
                for pair in reader::items(given)? {
                    match pair.items().as_deref() {
                        Some([when, then]) => pairs.push((when.clone(), then.clone())),
                        _ => return Err(unknown("case() needs pairs")),
                    }
                }
            }
            other => {
                reader::known(other)?;
                return Err(unknown("case() needs pairs"));
            }
        }
    }
    let mut whens = Vec::new();
    for (when, then) in &pairs {
        let when = match &value {
            Some(value) => beside(when, &value.kind())?,
            None => match condition(when)? {
                made if matches!(
                    made.node,
                    Node::Binary { .. }
                        | Node::All(..)
                        | Node::In { .. }
                        | Node::InQuery { .. }
                        | Node::Between { .. }
                ) =>
                {
                    Expression::new(Node::Group(made))?
                }
                made => made,
            },
        };
        whens.push((when, alone(then)?));
    }
    let otherwise = match reader.option("else_") {
        None | Some(Value::None) => None,
        Some(value) => Some(alone(value)?),
    };
    reader.finish()?;
    Expression::new(Node::Case {
        value,
        whens,
        otherwise,
    })
}

/// `cast(value, type)`.
pub fn cast(args: &Args) -> Known<E> {
    let reader = Reader::new("cast", args);
    let value = reader.require("expression")?;
    let kind = types::of(reader.require("type_")?)?;
    reader.finish()?;
    casted(super::valued(value, &kind)?, kind)
}

pub fn casted(value: E, kind: Type) -> Known<E> {
    Expression::new(Node::Cast { value, kind })
}

fn coerce(reader: &Reader<'_>) -> Known<E> {
    let value = reader.require("expression")?;
    let kind = types::of(reader.require("type_")?)?;
    let made = super::valued(value, &kind)?;
    match &made.node {
        Node::Column { name, .. } => Expression::new(Node::Label {
            name: name.clone(),
            value: made.clone(),
        }),
        _ => Ok(made),
    }
}

/// `extract(field, value)`.
pub fn extract(args: &Args) -> Known<E> {
    let reader = Reader::new("extract", args);
    let field = reader::text(reader.require("field")?)?;
    let value = alone(reader.require("expr")?)?;
    reader.finish()?;
    Expression::new(Node::Extract { field, value })
}

fn prefixed(before: &str, operand: &E) -> Known<E> {
    Expression::new(Node::Unary {
        before: before.into(),
        after: "".into(),
        operand: operand.clone(),
        operator: None,
    })
}

/// `x DESC` and its like.
pub fn suffixed(operand: &E, after: &str) -> Known<E> {
    Expression::new(Node::Unary {
        before: "".into(),
        after: after.into(),
        operand: operand.clone(),
        operator: None,
    })
}

/// `ANY (x)`.
pub fn quantified(word: &str, operand: &E) -> Known<E> {
    let query = matches!(operand.node, Node::Scalar(_));
    Expression::new(Node::Unary {
        before: if query {
            format!("{word} ")
        } else {
            format!("{word} (")
        }
        .into(),
        after: if query { "" } else { ")" }.into(),
        operand: operand.clone(),
        operator: None,
    })
}

fn tuple(reader: &Reader<'_>) -> Known<E> {
    let parts = reader.rest().iter().map(named).collect::<Known<_>>()?;
    reader.ignore(&["types"]);
    reader.finish()?;
    Expression::new(Node::Comma(parts))
}

fn between(reader: &Reader<'_>) -> Known<E> {
    let value = one(reader)?;
    let kind = value.kind();
    let low = beside(reader.require("lower_bound")?, &kind)?;
    let high = beside(reader.require("upper_bound")?, &kind)?;
    reader.finish()?;
    method::between(&value, low, high)
}

fn labelled(reader: &Reader<'_>) -> Known<E> {
    let name = reader.require_name("name")?;
    let value = alone(reader.require("element")?)?;
    Expression::new(Node::Label { name, value })
}

fn array(reader: &Reader<'_>) -> Known<E> {
    let items = reader::items(reader.require("clauses")?)?;
    let kind = reader.set("type_")?.map(types::of).transpose()?;
    reader.finish()?;
    let parts = items.iter().map(alone).collect::<Known<_>>()?;
    Expression::new(Node::Array(parts, kind.map(|item| Type::array(item, 1))))
}

fn aggregate(reader: &Reader<'_>) -> Known<E> {
    let target = ddl(reader.require("target")?)?;
    let order = reader.rest().iter().map(alone).collect::<Known<Vec<E>>>()?;
    let [order] = order.as_slice() else {
        return Err(unknown(
            "aggregate_order_by with several orders is not known to Cofferdam",
        ));
    };
    Expression::new(Node::Binary {
        operator: Operator::Custom {
            sql: "ORDER BY".into(),
            precedence: -1,
        },
        left: target,
        right: order.clone(),
        escape: None,
        kind: Type::plain("", Holds::Other),
    })
}
