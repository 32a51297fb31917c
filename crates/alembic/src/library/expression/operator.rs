//! Operators, and when an operand is put in parentheses (`sqlalchemy.sql.operators`).

use super::{E, Expression, Node};
use crate::library::trouble::Known;
use std::rc::Rc;

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    And,
    Or,
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Concat,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Is,
    IsNot,
    Distinct,
    NotDistinct,
    Like,
    NotLike,
    ILike,
    NotILike,
    Match,
    NotMatch,
    In,
    Between,
    Collate,
    Negate,
    Invert,
    Exists,
    ShiftLeft,
    ShiftRight,
    /// `startswith` and its like, which are always put in parentheses.
    Affix {
        ilike: bool,
        not: bool,
    },
    /// JSON's arrows, with their own precedence.
    Arrow(&'static str),
    /// `.op("…")`.
    Custom {
        sql: Rc<str>,
        precedence: i32,
    },
}

impl Operator {
    /// Between its operands.
    pub fn sql(&self) -> &str {
        match self {
            Operator::And => "AND",
            Operator::Or => "OR",
            Operator::Add => "+",
            Operator::Subtract | Operator::Negate => "-",
            Operator::Multiply => "*",
            Operator::Divide | Operator::FloorDivide => "/",
            Operator::Modulo => "%",
            Operator::Concat => "||",
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
            Operator::Is => "IS",
            Operator::IsNot => "IS NOT",
            Operator::Distinct => "IS DISTINCT FROM",
            Operator::NotDistinct => "IS NOT DISTINCT FROM",
            Operator::Like => "LIKE",
            Operator::NotLike => "NOT LIKE",
            Operator::ILike => "ILIKE",
            Operator::NotILike => "NOT ILIKE",
            Operator::Match => "~",
            Operator::NotMatch => "!~",
            Operator::In => "IN",
            Operator::Between => "BETWEEN",
            Operator::Collate => "COLLATE",
            Operator::Invert => "NOT",
            Operator::Exists => "EXISTS",
            Operator::ShiftLeft => "<<",
            Operator::ShiftRight => ">>",
            Operator::Affix { ilike, not } => match (ilike, not) {
                (false, false) => "LIKE",
                (false, true) => "NOT LIKE",
                (true, false) => "ILIKE",
                (true, true) => "NOT ILIKE",
            },
            Operator::Arrow(sql) => sql,
            Operator::Custom { sql, .. } => sql,
        }
    }

    pub fn precedence(&self) -> i32 {
        match self {
            Operator::Exists => 0,
            Operator::Or => 2,
            Operator::And => 3,
            Operator::Collate => 4,
            Operator::Add | Operator::Subtract | Operator::ShiftLeft | Operator::ShiftRight => 7,
            Operator::Multiply
            | Operator::Divide
            | Operator::FloorDivide
            | Operator::Modulo
            | Operator::Negate => 8,
            Operator::Affix { .. } => -100,
            Operator::Arrow(_) => 15,
            Operator::Custom { precedence, .. } => *precedence,
            _ => 5,
        }
    }

    /// Whether it needs no parentheses inside itself.
    fn is_natural(&self) -> bool {
        matches!(
            self,
            Operator::And
                | Operator::Or
                | Operator::Add
                | Operator::Multiply
                | Operator::Concat
                | Operator::Arrow(_)
        )
    }

    /// The operator that says the opposite.
    pub fn opposite(&self) -> Option<Operator> {
        Some(match self {
            Operator::Equal => Operator::NotEqual,
            Operator::NotEqual => Operator::Equal,
            Operator::Less => Operator::GreaterEqual,
            Operator::GreaterEqual => Operator::Less,
            Operator::Greater => Operator::LessEqual,
            Operator::LessEqual => Operator::Greater,
            Operator::Is => Operator::IsNot,
            Operator::IsNot => Operator::Is,
            Operator::Distinct => Operator::NotDistinct,
            Operator::NotDistinct => Operator::Distinct,
            Operator::Like => Operator::NotLike,
            Operator::NotLike => Operator::Like,
            Operator::ILike => Operator::NotILike,
            Operator::NotILike => Operator::ILike,
            Operator::Match => Operator::NotMatch,
            Operator::NotMatch => Operator::Match,
            Operator::Affix { ilike, not } => Operator::Affix {
                ilike: *ilike,
                not: !not,
            },
            _ => return None,
        })
    }
}

/// `expression` as an operand of `against`.
pub fn group(expression: &E, against: &Operator) -> Known<E> {
    let own = match &expression.node {
        Node::Binary { operator, .. } => operator.clone(),
        Node::All(operator, parts) if !parts.is_empty() => operator.clone(),
        Node::Unary {
            operator: Some(operator),
            ..
        } => operator.clone(),
        Node::Between { .. } => Operator::Between,
        Node::In { .. } | Node::InQuery { .. } => Operator::In,
        Node::Exists(_) => Operator::Exists,
        Node::Label { value, .. } => return group(value, against),
        _ => return Ok(expression.clone()),
    };
    let natural = own == *against && own.is_natural();
    if !natural && own.precedence() <= against.precedence() {
        Expression::new(Node::Group(expression.clone()))
    } else {
        Ok(expression.clone())
    }
}

/// `expression` in parentheses if it is made with an operator (`self_group()` against nothing).
pub fn parenthesized(expression: &E) -> Known<E> {
    match &expression.node {
        Node::Binary { .. }
        | Node::All(..)
        | Node::Between { .. }
        | Node::In { .. }
        | Node::InQuery { .. }
        | Node::Exists(_)
        | Node::Unary {
            operator: Some(_), ..
        } => Expression::new(Node::Group(expression.clone())),
        Node::Label { value, .. } => parenthesized(value),
        _ => Ok(expression.clone()),
    }
}
