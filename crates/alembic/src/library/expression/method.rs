//! The methods, attributes and operators of expressions (`sqlalchemy.sql.operators.ColumnOperators`).

use super::build::{casted, not, suffixed};
use super::operator::{Operator, group};
use super::text::Text;
use super::{E, Expression, Node, alone, beside, condition, function, own_type};
use crate::library::Object;
use crate::library::name::Name;
use crate::library::reader::{self, Reader};
use crate::library::statement::Query;
use crate::library::trouble::{Known, unknown};
use crate::library::types::{self, Holds, Kind, Type};
use crate::library::{literal, name};
use crate::value::{Args, Value};
use std::rc::Rc;

/// Calls a method.
pub fn call(it: &E, name: &str, args: &Args) -> Known<Value> {
    if let Node::Text(text) = &it.node {
        return text_method(text, name, args);
    }
    let reader = Reader::new(name, args);
    let made = match name {
        "label" => {
            let name = match reader.take("name") {
                None | Some(Value::None) => {
                    Err(unknown("label() without a name is not known to Cofferdam"))
                }
                Some(value) => name::required(value),
            }?;
            Expression::new(Node::Label {
                name,
                value: it.clone(),
            })
        }
        "desc" => suffixed(it, " DESC"),
        "asc" => suffixed(it, " ASC"),
        "nulls_first" | "nullsfirst" => suffixed(it, " NULLS FIRST"),
        "nulls_last" | "nullslast" => suffixed(it, " NULLS LAST"),
        "distinct" => Expression::new(Node::Unary {
            before: "DISTINCT ".into(),
            after: "".into(),
            operand: it.clone(),
            operator: None,
        }),
        "is_" => is(it, reader.require("other")?, Operator::Is),
        "is_not" | "isnot" => is(it, reader.require("other")?, Operator::IsNot),
        "is_distinct_from" => binary(Operator::Distinct, it, reader.require("other")?),
        "is_not_distinct_from" | "isnot_distinct_from" => {
            binary(Operator::NotDistinct, it, reader.require("other")?)
        }
        "in_" => contained(it, reader.require("other")?, false),
        "not_in" | "notin_" => contained(it, reader.require("other")?, true),
        "like" => like(Operator::Like, it, &reader),
        "ilike" => like(Operator::ILike, it, &reader),
        "not_like" | "notlike" => like(Operator::NotLike, it, &reader),
        "not_ilike" | "notilike" => like(Operator::NotILike, it, &reader),
        "startswith" => affix(false, it, &reader, false, true),
        "endswith" => affix(false, it, &reader, true, false),
        "istartswith" => affix(true, it, &reader, false, true),
        "iendswith" => affix(true, it, &reader, true, false),
        "contains" if matches!(it.kind().holds, Holds::Json | Holds::Array | Holds::Other) => {
            custom("@>", 5, it, reader.require("other")?)
        }
        "contained_by" => custom("<@", 5, it, reader.require("other")?),
        "overlap" | "overlaps" => custom("&&", 5, it, reader.require("other")?),
        "has_key" => custom("?", 5, it, reader.require("other")?),
        "has_any" => custom("?|", 5, it, reader.require("other")?),
        "has_all" => custom("?&", 5, it, reader.require("other")?),
        "contains" => affix(false, it, &reader, true, true),
        "icontains" => affix(true, it, &reader, true, true),
        "between" => {
            let kind = it.kind();
            let low = beside(reader.require("cleft")?, &kind)?;
            let high = beside(reader.require("cright")?, &kind)?;
            between(it, low, high)
        }
        "concat" => binary(Operator::Concat, it, reader.require("other")?),
        "regexp_match" => binary(Operator::Match, it, reader.require("pattern")?),
        "collate" => collate(it, reader.require("collation")?),
        "cast" => casted(it.clone(), types::of(reader.require("type_")?)?),
        "any_" => super::build::quantified("ANY", it),
        "all_" => super::build::quantified("ALL", it),
        "over" => return function::over(it, args).map(object),
        "filter" => {
            let conditions = reader
                .rest()
                .iter()
                .map(condition)
                .collect::<Known<Vec<E>>>()?;
            Expression::new(Node::Filter {
                value: it.clone(),
                condition: super::build::joined(Operator::And, conditions)?,
            })
        }
        "self_group" | "scalar_subquery" | "as_scalar" | "execution_options" | "correlate" => {
            reader.rest();
            reader.others();
            Ok(it.clone())
        }
        "op" | "bool_op" => {
            let sql = reader::text(reader.require("opstring")?)?;
            let precedence = reader
                .take("precedence")
                .map(reader::integer)
                .transpose()?
                .unwrap_or(0);
            reader.take("is_comparison");
            reader.ignore(&["return_type"]);
            reader.finish()?;
            return Ok(Value::object(Object::Operator(
                it.clone(),
                Operator::Custom {
                    sql: Rc::from(sql),
                    precedence: i32::try_from(precedence).unwrap_or(0),
                },
            )));
        }
        "where" => match &it.node {
            Node::Exists(query) => {
                let query = crate::library::statement::method::filtered(query, &reader)?;
                Expression::new(Node::Exists(query))
            }
            _ => Err(unknown("where() here is not known to Cofferdam")),
        },
        "select_from" => match &it.node {
            Node::Exists(query) => {
                let query = crate::library::statement::method::selected_from(query, &reader)?;
                Expression::new(Node::Exists(query))
            }
            _ => Err(unknown("select_from() here is not known to Cofferdam")),
        },
        "select" => Ok(it.clone()),
        _ => Err(unknown(format!(
            "the method {name} of an expression is not known to Cofferdam"
        ))),
    }?;
    reader.finish()?;
    Ok(object(made))
}

fn object(made: E) -> Value {
    Value::object(Object::Expression(made))
}

/// An attribute.
pub fn attribute(it: &E, name: &str) -> Option<Known<Value>> {
    match (&it.node, name) {
        (Node::Column { name: own, .. }, "name" | "key") => Some(Ok(Value::str(&own.text))),
        (Node::Column { kind, .. }, "type") => Some(Ok(Value::object(Object::Type(kind.clone())))),
        (Node::Text(text), "text") => Some(Ok(Value::str(&text.sql))),
        (_, "astext") => Some(as_text(it).map(object)),
        (_, "expression" | "comparator") => Some(Ok(object(it.clone()))),
        _ => None,
    }
}

fn text_method(text: &Text, name: &str, args: &Args) -> Known<Value> {
    let reader = Reader::new(name, args);
    match name {
        "bindparams" => {
            let mut text = text.clone();
            for given in reader.rest() {
                match super::of(given)?.as_deref() {
                    Some(Expression {
                        node: Node::Parameter { key, value },
                        ..
                    }) => text = text.with(key, value.clone()),
                    _ => return Err(unknown("bindparams() needs bindparam(…)")),
                }
            }
            for (name, value) in reader.others() {
                text = text.with(&name, alone(value)?);
            }
            Expression::new(Node::Text(text)).map(object)
        }
        "execution_options" | "columns" | "self_group" => {
            Expression::new(Node::Text(text.clone())).map(object)
        }
        "__str__" => Ok(Value::str(&text.sql)),
        _ => Err(unknown(format!(
            "the method {name} of text() is not known to Cofferdam"
        ))),
    }
}

/// `left operator right`, where one of them is an expression.
pub fn operate(sign: &str, left: &Value, right: &Value) -> Known<E> {
    let (l, r) = (super::of(left)?, super::of(right)?);
    let operator = match sign {
        "==" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterEqual,
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        "*" => Operator::Multiply,
        "/" => Operator::Divide,
        "//" => Operator::FloorDivide,
        "%" => Operator::Modulo,
        "<<" => Operator::ShiftLeft,
        ">>" => Operator::ShiftRight,
        "&" | "|" => {
            let operator = if sign == "&" {
                Operator::And
            } else {
                Operator::Or
            };
            return super::build::joined(operator, vec![condition(left)?, condition(right)?]);
        }
        _ => {
            return Err(unknown(format!(
                "the operator {sign} of SQLAlchemy is not known to Cofferdam"
            )));
        }
    };
    match (l, r) {
        (Some(l), _) => binary(operator, &l, right),
        (None, Some(r)) => {
            let mirrored = match operator {
                Operator::Less => Operator::Greater,
                Operator::LessEqual => Operator::GreaterEqual,
                Operator::Greater => Operator::Less,
                Operator::GreaterEqual => Operator::LessEqual,
                Operator::Equal | Operator::NotEqual => operator,
                other => return made(other, beside(left, &r.kind())?, r),
            };
            binary(mirrored, &r, left)
        }
        (None, None) => Err(unknown(format!("the operator {sign} is not known here"))),
    }
}

/// `it operator value`.
pub fn binary(operator: Operator, it: &E, value: &Value) -> Known<E> {
    if let Operator::Equal | Operator::NotEqual = operator {
        let null = match value {
            Value::None => true,
            value => matches!(
                super::of(value)?.as_deref(),
                Some(Expression {
                    node: Node::Constant("NULL"),
                    ..
                })
            ),
        };
        if null {
            let operator = if operator == Operator::Equal {
                Operator::Is
            } else {
                Operator::IsNot
            };
            return made(operator, it.clone(), Expression::constant("NULL"));
        }
        if let Value::Bool(flag) = value {
            let constant = Expression::constant(if *flag { "true" } else { "false" });
            return made(operator, it.clone(), constant);
        }
    }
    let right = beside(value, &it.kind())?;
    made(operator, it.clone(), right)
}

fn made(operator: Operator, left: E, right: E) -> Known<E> {
    let (l, r) = (left.kind(), right.kind());
    let operator = match operator {
        Operator::Add
            if (l.holds == Holds::Text && matches!(r.holds, Holds::Text | Holds::Null))
                || (r.holds == Holds::Text && l.holds == Holds::Null) =>
        {
            Operator::Concat
        }
        other => other,
    };
    let kind = match operator.precedence() {
        7 | 8
            if l.holds.is_integer()
                && matches!(r.holds, Holds::Numeric | Holds::Float | Holds::Interval) =>
        {
            r
        }
        7 | 8 if operator == Operator::Divide && l.holds.is_integer() => own_type(Holds::Numeric),
        7 | 8 if l.holds == Holds::Null => r,
        7 | 8 => l,
        _ if operator == Operator::Concat => own_type(Holds::Text),
        _ if matches!(operator, Operator::Custom { .. }) => l,
        _ => own_type(Holds::Boolean),
    };
    Expression::new(Node::Binary {
        left: group(&left, &operator)?,
        right: group(&right, &operator)?,
        operator,
        escape: None,
        kind,
    })
}

fn custom(sql: &str, precedence: i32, it: &E, value: &Value) -> Known<E> {
    let operator = Operator::Custom {
        sql: Rc::from(sql),
        precedence,
    };
    let right = match (value, it.kind().holds) {
        (Value::Dict(_) | Value::List(_), Holds::Json) => super::valued(value, &it.kind())?,
        _ => beside(value, &it.kind())?,
    };
    made(operator, it.clone(), right)
}

/// `it.op("…")(value)`.
pub fn applied(it: &E, operator: &Operator, value: &Value) -> Known<E> {
    let right = beside(value, &it.kind())?;
    made(operator.clone(), it.clone(), right)
}

fn is(it: &E, value: &Value, operator: Operator) -> Known<E> {
    let right = match value {
        Value::None => Expression::constant("NULL"),
        Value::Bool(true) => Expression::constant("true"),
        Value::Bool(false) => Expression::constant("false"),
        value => alone(value)?,
    };
    made(operator, it.clone(), right)
}

fn contained(it: &E, value: &Value, not: bool) -> Known<E> {
    let left = group(it, &Operator::In)?;
    if let Some(query) = query(value) {
        return Expression::new(Node::InQuery {
            value: left,
            query,
            not,
        });
    }
    let kind = it.kind();
    let mut items = Vec::new();
    for item in reader::items(value)? {
        items.push(match &item {
            Value::Tuple(parts) => {
                let parts = parts.iter().map(alone).collect::<Known<_>>()?;
                Expression::new(Node::Comma(parts))?
            }
            item => beside(item, &kind)?,
        });
    }
    Expression::new(Node::In {
        value: left,
        items,
        not,
    })
}

fn query(value: &Value) -> Option<Rc<Query>> {
    match value {
        Value::Object(object) => match &**object {
            Object::Query(query) => Some(query.clone()),
            Object::From(from) => from.as_query(),
            Object::Expression(expression) => match &expression.node {
                Node::Scalar(query) => Some(query.clone()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn like(operator: Operator, it: &E, reader: &Reader<'_>) -> Known<E> {
    let right = beside(reader.require("other")?, &it.kind())?;
    let escape = reader.maybe("escape")?.map(reader::text).transpose()?;
    Expression::new(Node::Binary {
        left: group(it, &operator)?,
        right: group(&right, &operator)?,
        operator,
        escape,
        kind: own_type(Holds::Boolean),
    })
}

fn affix(ilike: bool, it: &E, reader: &Reader<'_>, before: bool, after: bool) -> Known<E> {
    let value = beside(reader.require("other")?, &own_type(Holds::Text))?;
    let percent = || Expression::new(Node::Verbatim(literal::text("%").into()));
    let concat = |left: E, right: E| -> Known<E> {
        Expression::new(Node::Binary {
            operator: Operator::Concat,
            left,
            right,
            escape: None,
            kind: own_type(Holds::Text),
        })
    };
    let mut right = value;
    if before {
        right = concat(percent()?, right)?;
    }
    if after {
        right = concat(right, percent()?)?;
    }
    let operator = Operator::Affix { ilike, not: false };
    Expression::new(Node::Binary {
        operator,
        left: group(it, &Operator::Like)?,
        right,
        escape: None,
        kind: own_type(Holds::Boolean),
    })
}

pub fn between(it: &E, low: E, high: E) -> Known<E> {
    Expression::new(Node::Between {
        value: group(it, &Operator::Between)?,
        low: group(&low, &Operator::And)?,
        high: group(&high, &Operator::And)?,
        not: false,
    })
}

pub fn collate(it: &E, collation: &Value) -> Known<E> {
    let collation = name::required(collation)?;
    Expression::new(Node::Binary {
        operator: Operator::Collate,
        left: group(it, &Operator::Collate)?,
        right: Expression::new(Node::Verbatim(collation.sql().into()))?,
        escape: None,
        kind: it.kind(),
    })
}

/// `-it`, `~it`, `not it`.
pub fn unary(sign: &str, it: &E) -> Known<E> {
    match sign {
        "~" => not(it),
        "-" => Expression::new(Node::Unary {
            before: "-".into(),
            after: "".into(),
            operand: group(it, &Operator::Negate)?,
            operator: Some(Operator::Negate),
        }),
        _ => Err(unknown(format!(
            "{sign} of an expression is not known to Cofferdam"
        ))),
    }
}

/// `it[key]`.
pub fn subscript(it: &E, key: &Value) -> Known<E> {
    let kind = it.kind();
    match (&kind.kind, kind.holds) {
        (Kind::Plain(sql), Holds::Json) => {
            if let Value::Tuple(_) | Value::List(_) = key {
                return arrow("#>", it, path(key)?, kind.clone());
            }
            let key = beside(key, &Type::null())?;
            if &**sql == "JSONB" {
                let value = match it.node {
                    Node::Function(_) | Node::Cast { .. } => {
                        Expression::new(Node::Group(it.clone()))?
                    }
                    _ => it.clone(),
                };
                Expression::new(Node::Binary {
                    operator: Operator::Arrow("[]"),
                    left: value,
                    right: key,
                    escape: None,
                    kind: kind.clone(),
                })
            } else {
                arrow("->", it, key, kind.clone())
            }
        }
        (Kind::Array { .. }, _) => Expression::new(Node::Subscript {
            value: it.clone(),
            key: beside(key, &own_type(Holds::Integer))?,
        }),
        _ => Err(unknown(
            "an element of this expression is not known to Cofferdam",
        )),
    }
}

fn path(key: &Value) -> Known<E> {
    let parts: Vec<String> = reader::items(key)?
        .iter()
        .map(|part| match part {
            Value::Str(text) => Ok(text.to_string()),
            Value::Int(number) => Ok(number.to_string()),
            _ => Err(unknown("this path is not known to Cofferdam")),
        })
        .collect::<Known<_>>()?;
    let sql = literal::text(&format!("{{{}}}", parts.join(", ")));
    Expression::new(Node::Verbatim(sql.into()))
}

fn arrow(sql: &'static str, left: &E, right: E, kind: Type) -> Known<E> {
    let left = match &left.node {
        Node::Binary {
            operator: Operator::Arrow("[]"),
            ..
        } => Expression::new(Node::Group(left.clone()))?,
        _ => left.clone(),
    };
    Expression::new(Node::Binary {
        operator: Operator::Arrow(sql),
        left,
        right,
        escape: None,
        kind,
    })
}

fn as_text(it: &E) -> Known<E> {
    match &it.node {
        Node::Binary {
            operator: Operator::Arrow(sql),
            left,
            right,
            ..
        } => {
            let sql = if *sql == "#>" { "#>>" } else { "->>" };
            arrow(sql, left, right.clone(), own_type(Holds::Text))
        }
        _ => Err(unknown("astext here is not known to Cofferdam")),
    }
}

/// The name of a column, for a key of values.
pub fn key(value: &Value) -> Known<Name> {
    match value {
        Value::Object(object) => match &**object {
            Object::Expression(expression) => match &expression.node {
                Node::Column { name, .. } => Ok(name.clone()),
                _ => Err(unknown(
                    "an expression as the name of a column is not known to Cofferdam",
                )),
            },
            Object::Column(column) => Ok(column.name.clone()),
            _ => name::required(value),
        },
        value => name::required(value),
    }
}
