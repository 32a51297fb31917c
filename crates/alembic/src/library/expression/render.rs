//! Expressions as SQL (`sqlalchemy.sql.compiler.SQLCompiler`, `sqlalchemy.dialects.postgresql.base.PGCompiler`).

use super::operator::Operator;
use super::{E, Expression, Node};
use crate::library::from::From;
use crate::library::literal;
use crate::library::name::quote;
use crate::library::trouble::Known;
use crate::library::types::Holds;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What one statement has given names to so far.
#[derive(Debug, Default)]
pub struct State {
    counts: RefCell<BTreeMap<String, u32>>,
    aliases: RefCell<Vec<(*const From, String)>>,
    /// Names and bodies of `WITH`.
    pub common: RefCell<Vec<(*const From, String)>>,
    pub recursive: RefCell<bool>,
}

impl State {
    /// `base_1`, `base_2` and so on.
    pub fn next(&self, base: &str) -> String {
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(base.to_owned()).or_default();
        *count += 1;
        format!("{base}_{count}")
    }

    /// The name of an alias that has none of its own.
    pub fn alias(&self, from: &Rc<From>, base: &str) -> String {
        let key = Rc::as_ptr(from);
        let known = self
            .aliases
            .borrow()
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, name)| name.clone());
        known.unwrap_or_else(|| {
            let name = self.next(base);
            self.aliases.borrow_mut().push((key, name.clone()));
            name
        })
    }
}

/// Where an expression stands.
#[derive(Clone, Debug)]
pub struct Context {
    /// Columns are written with their tables.
    pub tables: bool,
    pub schemas: bool,
    pub state: Rc<State>,
    /// Inside an operator, where JSON's arrows are put in parentheses.
    pub operand: bool,
    /// What the statements around read, which a subquery does not repeat.
    pub around: Vec<Rc<From>>,
}

impl Context {
    /// In DDL, where columns stand alone.
    pub fn ddl() -> Self {
        Context {
            tables: false,
            ..Context::query()
        }
    }

    fn inside_operator(&self) -> Self {
        Context {
            operand: true,
            ..self.clone()
        }
    }

    pub fn query() -> Self {
        Context {
            tables: true,
            schemas: true,
            operand: false,
            state: Rc::default(),
            around: Vec::new(),
        }
    }
}

impl Expression {
    pub fn sql(&self, context: &Context) -> Known<String> {
        let sql = |expression: &E| expression.sql(context);
        let list = |parts: &[E]| -> Known<String> {
            let parts: Vec<String> = parts.iter().map(sql).collect::<Known<_>>()?;
            Ok(parts.join(", "))
        };
        Ok(match &self.node {
            Node::Column { from, name, .. } => match from {
                Some(from) if context.tables => {
                    format!("{}.{}", from.prefix(context)?, name.sql())
                }
                _ => name.sql(),
            },
            Node::Bound { value, kind } => literal::write(value, kind)?,
            Node::Text(text) => text.write(sql)?,
            Node::Verbatim(text) => text.to_string(),
            Node::Constant(text) => (*text).to_owned(),
            Node::Binary {
                operator,
                left,
                right,
                escape,
                ..
            } => binary(operator, left, right, escape.as_deref(), context)?,
            Node::Unary {
                before,
                after,
                operand,
                ..
            } => format!("{before}{}{after}", sql(operand)?),
            Node::All(operator, parts) => {
                let parts: Vec<String> = parts.iter().map(sql).collect::<Known<_>>()?;
                parts.join(&format!(" {} ", operator.sql()))
            }
            Node::Group(inner) => format!("({})", sql(inner)?),
            Node::Comma(parts) => format!("({})", list(parts)?),
            Node::Between {
                value,
                low,
                high,
                not,
            } => {
                let not = if *not { "NOT " } else { "" };
                format!(
                    "{} {not}BETWEEN {} AND {}",
                    sql(value)?,
                    sql(low)?,
                    sql(high)?
                )
            }
            Node::In { value, items, not } => {
                let value = sql(value)?;
                match (items.is_empty(), not) {
                    (true, false) => format!("{value} IN (NULL) AND (1 != 1)"),
                    (true, true) => format!("({value} NOT IN (NULL) OR (1 = 1))"),
                    (false, false) => format!("{value} IN ({})", list(items)?),
                    (false, true) => format!("({value} NOT IN ({}))", list(items)?),
                }
            }
            Node::InQuery { value, query, not } => {
                let value = sql(value)?;
                let query = query.sql(context)?;
                match not {
                    false => format!("{value} IN ({query})"),
                    true => format!("({value} NOT IN ({query}))"),
                }
            }
            Node::Function(function) => function.sql(context)?,
            Node::Cast { value, kind } => format!("CAST({} AS {})", sql(value)?, kind.sql(None)?),
            Node::Extract { field, value } => format!("EXTRACT({field} FROM {})", sql(value)?),
            Node::Case {
                value,
                whens,
                otherwise,
            } => {
                let mut text = "CASE ".to_owned();
                if let Some(value) = value {
                    text.push_str(&format!("{} ", sql(value)?));
                }
                for (when, then) in whens {
                    text.push_str(&format!("WHEN {} THEN {} ", sql(when)?, sql(then)?));
                }
                if let Some(otherwise) = otherwise {
                    text.push_str(&format!("ELSE {} ", sql(otherwise)?));
                }
                text.push_str("END");
                text
            }
            Node::Label { value, .. } | Node::Parameter { value, .. } => sql(value)?,
            Node::Scalar(query) => format!("({})", query.sql(context)?),
            Node::Exists(query) => format!("EXISTS ({})", query.sql(context)?),
            Node::Array(parts, kind) => match (parts.is_empty(), kind) {
                (true, Some(kind)) => format!("ARRAY[]::{}", kind.sql(None)?),
                _ => format!("ARRAY[{}]", list(parts)?),
            },
            Node::Subscript { value, key } => format!("{}[{}]", sql(value)?, sql(key)?),
            Node::Excluded(name) => match context.tables {
                true => format!("excluded.{}", name.sql()),
                false => name.sql(),
            },
            Node::NextValue(name) => format!("nextval({})", literal::text(name)),
            Node::Over {
                value,
                partition,
                order,
            } => {
                let mut parts = Vec::new();
                if !partition.is_empty() {
                    parts.push(format!("PARTITION BY {}", list(partition)?));
                }
                if !order.is_empty() {
                    parts.push(format!("ORDER BY {}", list(order)?));
                }
                format!("{} OVER ({})", sql(value)?, parts.join(" "))
            }
            Node::Filter { value, condition } => {
                format!("{} FILTER (WHERE {})", sql(value)?, sql(condition)?)
            }
        })
    }

    /// In the list of a SELECT: with the name that it has there, if any.
    pub fn listed(
        &self,
        context: &Context,
        seen: &mut Vec<(String, *const From)>,
    ) -> Known<String> {
        let sql = self.sql(context)?;
        let name = match &self.node {
            Node::Label { name, .. } => {
                seen.push((name.text.to_string(), std::ptr::null()));
                return Ok(format!("{sql} AS {}", name.sql()));
            }
            Node::Column { name, from, .. } => {
                let from = from.as_ref().map_or(std::ptr::null(), Rc::as_ptr);
                let own = (name.text.to_string(), from);
                if seen.contains(&own) {
                    format!("{}__1", name.text)
                } else if seen.iter().any(|(known, _)| **known == *name.text) {
                    context.state.next(&name.text)
                } else {
                    seen.push(own);
                    return Ok(sql);
                }
            }
            Node::Verbatim(_) | Node::Text(_) => return Ok(sql),
            Node::Unary { operand, .. } if matches!(operand.node, Node::Column { .. }) => {
                return Ok(sql);
            }
            Node::Cast { value, .. } => match &value.node {
                Node::Column { name, .. } => {
                    let mut label = name.text.to_string();
                    if seen.iter().any(|(known, _)| *known == label) {
                        label = format!("{label}__1");
                    }
                    seen.push((label.clone(), std::ptr::null()));
                    label
                }
                _ => context.state.next("anon"),
            },
            Node::Function(function) => context.state.next(&function.label),
            Node::NextValue(_) => context.state.next("next_value"),
            _ => context.state.next("anon"),
        };
        Ok(format!("{sql} AS {}", quote(&name)))
    }
}

fn binary(
    operator: &Operator,
    left: &E,
    right: &E,
    escape: Option<&str>,
    context: &Context,
) -> Known<String> {
    let kind = right.kind();
    let inside = match operator {
        Operator::Like
        | Operator::NotLike
        | Operator::ILike
        | Operator::NotILike
        | Operator::Distinct
        | Operator::NotDistinct
        | Operator::Affix { .. } => context.clone(),
        _ => context.inside_operator(),
    };
    let (left, right) = (left.sql(&inside)?, right.sql(&inside)?);
    let escape = escape
        .map(|escape| format!(" ESCAPE {}", literal::text(escape)))
        .unwrap_or_default();
    Ok(match operator {
        Operator::Divide => {
            let to = match kind.holds {
                Holds::Numeric | Holds::Float => kind.sql(None)?,
                _ => "NUMERIC".to_owned(),
            };
            format!("{left} / CAST({right} AS {to})")
        }
        Operator::Arrow("[]") => format!("{left}[{right}]"),
        Operator::Arrow(arrow) if context.operand => format!("({left} {arrow} {right})"),
        Operator::FloorDivide if !kind.holds.is_integer() => format!("FLOOR({left} / {right})"),
        _ => format!("{left} {} {right}{escape}", operator.sql()),
    })
}
