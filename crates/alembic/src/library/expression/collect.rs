//! The parts of an expression, and the tables that it reads.

use super::{E, Expression, Node};
use crate::library::from::From;
use crate::library::statement::Query;
use std::rc::Rc;

/// The expressions directly inside.
pub fn children(node: &Node) -> Vec<&E> {
    match node {
        Node::Column { .. }
        | Node::Bound { .. }
        | Node::Verbatim(_)
        | Node::Constant(_)
        | Node::Scalar(_)
        | Node::Exists(_)
        | Node::Excluded(_)
        | Node::NextValue(_) => Vec::new(),
        Node::Text(text) => text.values.iter().map(|(_, value)| value).collect(),
        Node::Binary { left, right, .. } => vec![left, right],
        Node::Unary { operand, .. } => vec![operand],
        Node::All(_, parts) | Node::Comma(parts) | Node::Array(parts, _) => parts.iter().collect(),
        Node::Group(inner) => vec![inner],
        Node::Between {
            value, low, high, ..
        } => vec![value, low, high],
        Node::In { value, items, .. } => std::iter::once(value).chain(items).collect(),
        Node::InQuery { value, .. }
        | Node::Cast { value, .. }
        | Node::Extract { value, .. }
        | Node::Label { value, .. }
        | Node::Parameter { value, .. } => vec![value],
        Node::Function(function) => function.args.iter().collect(),
        Node::Case {
            value,
            whens,
            otherwise,
        } => value
            .iter()
            .chain(whens.iter().flat_map(|(when, then)| [when, then]))
            .chain(otherwise)
            .collect(),
        Node::Subscript { value, key } => vec![value, key],
        Node::Over {
            value,
            partition,
            order,
        } => std::iter::once(value)
            .chain(partition)
            .chain(order)
            .collect(),
        Node::Filter { value, condition } => vec![value, condition],
    }
}

/// The queries directly inside.
pub fn queries(node: &Node) -> Vec<&Rc<Query>> {
    match node {
        Node::Scalar(query) | Node::Exists(query) | Node::InQuery { query, .. } => vec![query],
        _ => Vec::new(),
    }
}

/// The tables that an expression reads, without those of its subqueries.
pub fn froms(expression: &Expression, found: &mut Vec<Rc<From>>) {
    if let Node::Column {
        from: Some(from), ..
    } = &expression.node
        && !found.iter().any(|known| Rc::ptr_eq(known, from))
    {
        found.push(from.clone());
    }
    for child in children(&expression.node) {
        froms(child, found);
    }
}
