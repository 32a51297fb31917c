//! SELECT, and queries joined by UNION and its like.

use super::Query;
use crate::library::Object;
use crate::library::expression::{Context, E, Expression, Node, alone, froms};
use crate::library::from::From;
use crate::library::name::Name;
use crate::library::reader::{self, Reader};
use crate::library::trouble::{Known, raise, unknown};
use crate::library::weight::Weight;
use crate::value::Value;
use std::rc::Rc;

/// A SELECT.
#[derive(Clone, Debug, Default)]
pub struct Select {
    pub columns: Vec<E>,
    pub from: Vec<Rc<From>>,
    pub conditions: Vec<E>,
    pub group: Vec<E>,
    pub having: Vec<E>,
    pub order: Vec<E>,
    pub limit: Option<E>,
    pub offset: Option<E>,
    pub distinct: Option<Vec<E>>,
    /// `FOR UPDATE` and its like.
    pub lock: String,
}

/// Queries joined by a word.
#[derive(Clone, Debug)]
pub struct Compound {
    pub word: &'static str,
    pub parts: Vec<Rc<Query>>,
    pub weight: Weight,
    pub order: Vec<E>,
    pub limit: Option<E>,
    pub offset: Option<E>,
}

impl Select {
    pub fn new(values: &[Value]) -> Known<Self> {
        let mut select = Select::default();
        for value in values {
            match value {
                Value::List(_) | Value::Tuple(_) => {
                    for value in reader::items(value)? {
                        select.add(&value)?;
                    }
                }
                value => select.add(value)?,
            }
        }
        Ok(select)
    }

    /// One column more, or all columns of a table.
    pub fn add(&mut self, value: &Value) -> Known<()> {
        match value {
            Value::Object(object) => match &**object {
                Object::From(from) => {
                    self.columns
                        .extend(from.columns()?.into_iter().map(|(_, column)| column));
                    if let From::Join { .. } = &**from {
                        self.from.push(from.clone());
                    }
                }
                Object::Columns(from) => {
                    self.columns
                        .extend(from.columns()?.into_iter().map(|(_, column)| column));
                }
                _ => self.columns.push(alone(value)?),
            },
            Value::Str(_) => {
                return Err(unknown(
                    "a string as a column of select() is not known to Cofferdam",
                ));
            }
            Value::Int(number) => {
                self.columns
                    .push(Expression::new(Node::Verbatim(number.to_string().into()))?);
            }
            value => self.columns.push(alone(value)?),
        }
        Ok(())
    }

    pub fn weight(&self) -> Weight {
        let parts = self
            .columns
            .iter()
            .chain(&self.conditions)
            .chain(&self.group)
            .chain(&self.having)
            .chain(&self.order);
        let reads = self.reads();
        Weight::of(
            parts
                .map(|part| part.weight)
                .chain(reads.iter().map(|from| from.weight())),
        )
    }

    fn reads(&self) -> Vec<Rc<From>> {
        let mut found: Vec<Rc<From>> = Vec::new();
        for from in &self.from {
            if !found.iter().any(|known| Rc::ptr_eq(known, from)) {
                found.push(from.clone());
            }
        }
        for part in self.columns.iter().chain(&self.conditions) {
            froms(part, &mut found);
        }
        found
    }

    pub fn sql(&self, context: &Context, named: bool) -> Known<String> {
        let all = self.reads();
        let mut joined = Vec::new();
        for from in &all {
            if let From::Join { .. } = **from {
                from.members(&mut joined);
                joined.pop();
            }
        }
        let is_in =
            |from: &Rc<From>, list: &[Rc<From>]| list.iter().any(|known| Rc::ptr_eq(known, from));
        let shown: Vec<Rc<From>> = all
            .iter()
            .filter(|from| !is_in(from, &joined))
            .cloned()
            .collect();
        // A subquery leaves out what is read around it, where it reads something else too.
        let shown = match shown.len() {
            0 | 1 => shown,
            _ => {
                let own = shown.iter().filter(|from| !is_in(from, &context.around));
                let own: Vec<Rc<From>> = own.cloned().collect();
                if own.is_empty() {
                    return Err(raise(
                        "InvalidRequestError",
                        "Select statement returned no FROM clauses due to auto-correlation",
                    ));
                }
                own
            }
        };
        let mut inside = context.clone();
        inside.operand = false;
        for from in shown.iter().chain(&joined) {
            inside.around.push(from.clone());
        }
        let mut seen = Vec::new();
        let mut columns = Vec::new();
        for column in &self.columns {
            let text = column.listed(&inside, &mut seen)?;
            columns.push(match &column.node {
                Node::Column { name, .. } if named && !text.contains(" AS ") => {
                    format!("{text} AS {}", name.sql())
                }
                _ => text,
            });
        }
        let mut sql = "SELECT ".to_owned();
        match &self.distinct {
            Some(on) if on.is_empty() => sql.push_str("DISTINCT "),
            Some(on) => sql.push_str(&format!("DISTINCT ON ({}) ", list(on, &inside)?)),
            None => {}
        }
        sql.push_str(&columns.join(", "));
        if !shown.is_empty() {
            let from: Vec<String> = shown
                .iter()
                .map(|from| from.sql(&inside))
                .collect::<Known<_>>()?;
            sql.push_str(&format!(" \nFROM {}", from.join(", ")));
        }
        if let Some(condition) = conditions(&self.conditions, &inside)? {
            sql.push_str(&format!(" \nWHERE {condition}"));
        }
        if !self.group.is_empty() {
            let group = ordered(&self.group, &self.columns)?;
            sql.push_str(&format!(" GROUP BY {}", list(&group, &inside)?));
        }
        if let Some(having) = conditions(&self.having, &inside)? {
            sql.push_str(&format!(" \nHAVING {having}"));
        }
        if !self.order.is_empty() {
            let order = ordered(&self.order, &self.columns)?;
            sql.push_str(&format!(" ORDER BY {}", list(&order, &inside)?));
        }
        sql.push_str(&limits(self.limit.as_ref(), self.offset.as_ref(), &inside)?);
        sql.push_str(&self.lock);
        Ok(sql)
    }
}

impl Compound {
    pub fn new(word: &'static str, reader: &Reader<'_>) -> Known<Self> {
        let mut parts = Vec::new();
        for value in reader.rest() {
            match value {
                Value::Object(object) => match &**object {
                    Object::Query(query) => parts.push(query.clone()),
                    _ => return Err(unknown("a union of this is not known to Cofferdam")),
                },
                value => {
                    reader::known(value)?;
                    return Err(unknown("a union of this is not known to Cofferdam"));
                }
            }
        }
        Ok(Compound {
            word,
            weight: Weight::of(parts.iter().map(|part: &Rc<Query>| part.weight())).checked()?,
            parts,
            order: Vec::new(),
            limit: None,
            offset: None,
        })
    }

    pub fn sql(&self, context: &Context, named: bool) -> Known<String> {
        let mut parts = Vec::new();
        for part in &self.parts {
            let sql = match named {
                true => part.sql_inside(context)?,
                false => part.sql(context)?,
            };
            let wrapped = match &**part {
                Query::Select(select) => {
                    !select.order.is_empty() || select.limit.is_some() || select.offset.is_some()
                }
                _ => true,
            };
            parts.push(if wrapped { format!("({sql})") } else { sql });
        }
        let mut sql = parts.join(&format!(" {} ", self.word));
        if !self.order.is_empty() {
            sql.push_str(&format!(" ORDER BY {}", list(&self.order, context)?));
        }
        sql.push_str(&limits(self.limit.as_ref(), self.offset.as_ref(), context)?);
        Ok(sql)
    }
}

/// In the order of `order`, where a name means the column or the label of the list.
fn ordered(order: &[E], columns: &[E]) -> Known<Vec<E>> {
    order.iter().map(|part| resolved(part, columns)).collect()
}

fn resolved(part: &E, columns: &[E]) -> Known<E> {
    match &part.node {
        Node::Unary {
            before,
            after,
            operand,
            operator,
        } if after.starts_with(' ') => Expression::new(Node::Unary {
            before: before.clone(),
            after: after.clone(),
            operand: resolved(operand, columns)?,
            operator: operator.clone(),
        }),
        Node::Label { name, .. } => match columns.iter().any(|column| Rc::ptr_eq(column, part)) {
            true => Ok(Expression::column(None, name.clone(), part.kind())),
            false => Ok(part.clone()),
        },
        Node::Column {
            from: None, name, ..
        } => {
            let is = |column: &&E| matches!(&column.node, Node::Column { name: own, .. } | Node::Label { name: own, .. } if own.text == name.text);
            Ok(match columns.iter().find(is) {
                Some(column) => match &column.node {
                    Node::Label { name, .. } => {
                        Expression::column(None, Name::clone(name), part.kind())
                    }
                    _ => column.clone(),
                },
                None => part.clone(),
            })
        }
        _ => Ok(part.clone()),
    }
}

/// Conditions joined by AND; none where there are none.
pub fn conditions(parts: &[E], context: &Context) -> Known<Option<String>> {
    if parts.is_empty() {
        return Ok(None);
    }
    let all = crate::library::expression::build::joined(
        crate::library::expression::operator::Operator::And,
        parts.to_vec(),
    )?;
    all.sql(context).map(Some)
}

pub fn list(parts: &[E], context: &Context) -> Known<String> {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| part.sql(context))
        .collect::<Known<_>>()?;
    Ok(parts.join(", "))
}

fn limits(limit: Option<&E>, offset: Option<&E>, context: &Context) -> Known<String> {
    let mut sql = String::new();
    if let Some(limit) = limit {
        sql.push_str(&format!(" \n LIMIT {}", limit.sql(context)?));
    }
    if let Some(offset) = offset {
        if limit.is_none() {
            sql.push_str("\n LIMIT ALL");
        }
        sql.push_str(&format!(" OFFSET {}", offset.sql(context)?));
    }
    Ok(sql)
}
