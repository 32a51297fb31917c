//! SQL expressions (`sqlalchemy.sql.elements`), and what becomes one.

pub mod build;
mod collect;
pub mod function;
pub mod method;
pub mod operator;
mod render;
pub mod text;

pub use collect::{children, froms};
pub use render::Context;

use super::Object;
use super::from::From;
use super::literal;
use super::name::Name;
use super::statement::Query;
use super::trouble::{Known, unknown};
use super::types::{Holds, Type};
use super::weight::Weight;
use crate::value::Value;
use operator::Operator;
use std::rc::Rc;
use text::Text;

/// An expression.
#[derive(Clone, Debug)]
pub struct Expression {
    pub node: Node,
    pub weight: Weight,
}

/// A shared expression.
pub type E = Rc<Expression>;

/// What an expression is.
#[derive(Clone, Debug)]
pub enum Node {
    Column {
        from: Option<Rc<From>>,
        name: Name,
        kind: Type,
    },
    /// A value, written as a literal.
    Bound {
        value: Value,
        kind: Type,
    },
    Text(Text),
    /// `literal_column`.
    Verbatim(Rc<str>),
    /// `NULL`, `true`, `false`.
    Constant(&'static str),
    Binary {
        operator: Operator,
        left: E,
        right: E,
        escape: Option<String>,
        kind: Type,
    },
    /// Before and after the operand: `NOT x`, `x DESC`.
    Unary {
        before: Rc<str>,
        after: Rc<str>,
        operand: E,
        /// By which it is put in parentheses; none where it never is.
        operator: Option<Operator>,
    },
    /// `AND` or `OR`.
    All(Operator, Vec<E>),
    /// In parentheses.
    Group(E),
    /// Separated by commas.
    Comma(Vec<E>),
    Between {
        value: E,
        low: E,
        high: E,
        not: bool,
    },
    In {
        value: E,
        items: Vec<E>,
        not: bool,
    },
    InQuery {
        value: E,
        query: Rc<Query>,
        not: bool,
    },
    Function(function::Function),
    Cast {
        value: E,
        kind: Type,
    },
    Extract {
        field: String,
        value: E,
    },
    Case {
        value: Option<E>,
        whens: Vec<(E, E)>,
        otherwise: Option<E>,
    },
    Label {
        name: Name,
        value: E,
    },
    /// `bindparam(key, value)`.
    Parameter {
        key: String,
        value: E,
    },
    /// `(SELECT …)`.
    Scalar(Rc<Query>),
    Exists(Rc<Query>),
    Array(Vec<E>, Option<Type>),
    /// `x[y]`.
    Subscript {
        value: E,
        key: E,
    },
    /// `excluded.x`.
    Excluded(Name),
    /// `nextval('x')`.
    NextValue(String),
    Over {
        value: E,
        partition: Vec<E>,
        order: Vec<E>,
    },
    Filter {
        value: E,
        condition: E,
    },
}

impl Expression {
    /// Fails where it would be too large.
    pub fn new(node: Node) -> Known<E> {
        let parts = collect::children(&node);
        let queries = collect::queries(&node);
        let parts = parts.iter().map(|part| part.weight);
        let queries = queries.iter().map(|query| query.weight());
        let weight = Weight::of(parts.chain(queries)).checked()?;
        Ok(Rc::new(Expression { node, weight }))
    }

    pub fn constant(text: &'static str) -> E {
        Rc::new(Expression {
            node: Node::Constant(text),
            weight: Weight::ONE,
        })
    }

    pub fn column(from: Option<Rc<From>>, name: Name, kind: Type) -> E {
        Rc::new(Expression {
            node: Node::Column { from, name, kind },
            weight: Weight::ONE,
        })
    }

    pub fn bound(value: Value, kind: Type) -> E {
        Rc::new(Expression {
            node: Node::Bound { value, kind },
            weight: Weight::ONE,
        })
    }

    /// What kind of value it gives.
    pub fn kind(&self) -> Type {
        match &self.node {
            Node::Column { kind, .. }
            | Node::Bound { kind, .. }
            | Node::Binary { kind, .. }
            | Node::Cast { kind, .. } => kind.clone(),
            Node::Function(function) => function.kind.clone(),
            Node::Group(inner)
            | Node::Label { value: inner, .. }
            | Node::Parameter { value: inner, .. }
            | Node::Filter { value: inner, .. }
            | Node::Over { value: inner, .. } => inner.kind(),
            Node::Unary {
                operand, operator, ..
            } if *operator == Some(Operator::Negate) || operator.is_none() => operand.kind(),
            Node::Unary { .. }
            | Node::All(..)
            | Node::Between { .. }
            | Node::In { .. }
            | Node::InQuery { .. }
            | Node::Exists(_) => Type::plain("BOOLEAN", Holds::Boolean),
            Node::Constant("true" | "false") => Type::plain("BOOLEAN", Holds::Boolean),
            Node::Case {
                whens, otherwise, ..
            } => {
                let results = whens.iter().map(|(_, then)| then).chain(otherwise);
                results
                    .map(|result| result.kind())
                    .find(|kind| kind.holds != Holds::Null)
                    .unwrap_or_else(Type::null)
            }
            Node::Extract { .. } => Type::plain("INTEGER", Holds::Integer),
            Node::Scalar(query) => query.first_kind(),
            _ => Type::null(),
        }
    }
}

/// The expression that a value is; none where it is a plain Python value.
pub fn of(value: &Value) -> Known<Option<E>> {
    match value {
        Value::Unknown(unknown) => Err(unknown.clone().into()),
        Value::Name(name) => Ok(function::constant(name)),
        Value::Object(object) => Ok(match &**object {
            Object::Expression(expression) => Some(expression.clone()),
            Object::Column(column) => Some(Expression::column(
                None,
                column.name.clone(),
                column.kind.clone(),
            )),
            Object::Query(query) => Some(Expression::new(Node::Scalar(query.clone()))?),
            Object::From(from) => match from.as_query() {
                Some(query) => Some(Expression::new(Node::Scalar(query))?),
                None => return Err(unknown("a table as a value is not known to Cofferdam")),
            },
            Object::Sequence(sequence) => Some(Expression::new(Node::NextValue(sequence.sql()))?),
            Object::Name(_) | Object::Python(_) => None,
            other => {
                return Err(unknown(format!(
                    "{} as a value is not known to Cofferdam",
                    other.what()
                )));
            }
        }),
        _ => Ok(None),
    }
}

/// A value beside an expression of type `beside`: an expression, or a literal (`TypeEngine.coerce_compared_value`).
pub fn beside(value: &Value, beside: &Type) -> Known<E> {
    if let Some(expression) = of(value)? {
        return Ok(expression);
    }
    if let Value::None = value {
        return Ok(Expression::constant("NULL"));
    }
    let own = literal::own(value);
    let same = own == Holds::Null
        || own == beside.holds
        || (own.is_integer() && beside.holds.is_integer())
        || matches!(
            (own, beside.holds),
            (Holds::Uuid { .. }, Holds::Uuid { .. })
        );
    let kind = if same { beside.clone() } else { own_type(own) };
    checked(value, kind)
}

/// A value of a column of type `kind`: an expression, or a literal.
pub fn valued(value: &Value, kind: &Type) -> Known<E> {
    match of(value)? {
        Some(expression) => match &expression.node {
            Node::Bound { value, kind: own } if own.holds == Holds::Null => {
                checked(value, kind.clone())
            }
            _ => Ok(expression),
        },
        None => checked(value, kind.clone()),
    }
}

/// A value by itself: an expression, or a literal.
pub fn alone(value: &Value) -> Known<E> {
    match of(value)? {
        Some(expression) => Ok(expression),
        None if matches!(value, Value::None) => Ok(Expression::constant("NULL")),
        None => checked(value, own_type(literal::own(value))),
    }
}

/// An expression in DDL, where a string is SQL.
pub fn ddl(value: &Value) -> Known<E> {
    match value {
        Value::Str(text) => Expression::new(Node::Text(Text::new(text))),
        value => alone(value),
    }
}

/// In a clause where a string names a column.
pub fn named(value: &Value) -> Known<E> {
    match value {
        Value::Str(text) => Ok(Expression::column(None, Name::new(text), Type::null())),
        value => alone(value),
    }
}

/// Conditions are expressions; Python's True and False are `true` and `false`.
pub fn condition(value: &Value) -> Known<E> {
    match value {
        Value::Bool(true) => Ok(Expression::constant("true")),
        Value::Bool(false) => Ok(Expression::constant("false")),
        Value::Str(_) => Err(unknown("a string as a condition is not known to Cofferdam")),
        value => {
            let made = alone(value)?;
            match &made.node {
                Node::Binary {
                    operator: Operator::Affix { .. },
                    ..
                } => Expression::new(Node::Group(made)),
                _ => Ok(made),
            }
        }
    }
}

fn checked(value: &Value, kind: Type) -> Known<E> {
    if let Some(unknown) = value.find_unknown() {
        return Err(unknown.into());
    }
    literal::write(value, &kind)?;
    Ok(Expression::bound(value.clone(), kind))
}

pub fn own_type(own: Holds) -> Type {
    let sql = match own {
        Holds::Null => return Type::null(),
        Holds::Text => "VARCHAR",
        Holds::Boolean => "BOOLEAN",
        Holds::Integer => "INTEGER",
        Holds::Float => "FLOAT",
        Holds::Numeric => "NUMERIC",
        Holds::Date => "DATE",
        Holds::DateTime => "TIMESTAMP WITHOUT TIME ZONE",
        Holds::Time => "TIME WITHOUT TIME ZONE",
        Holds::Interval => "INTERVAL",
        Holds::Bytes => "BYTEA",
        Holds::Uuid { .. } => "UUID",
        _ => return Type::null(),
    };
    Type::plain(sql, own)
}
