//! INSERT, UPDATE and DELETE (`sqlalchemy.sql.crud`, `SQLCompiler.visit_insert` and its like).

use super::Query;
use super::select::{conditions, list};
use crate::library::expression::operator::parenthesized;
use crate::library::expression::{Context, E, froms, valued};
use crate::library::from::From;
use crate::library::name::{Name, qualified, quote};
use crate::library::table::Table;
use crate::library::trouble::{Known, raise, unknown};
use crate::value::Value;
use std::rc::Rc;

/// An INSERT.
#[derive(Clone, Debug)]
pub struct Insert {
    pub table: Rc<From>,
    /// Rows of values by the keys of their columns.
    pub rows: Vec<Vec<(String, Value)>>,
    /// It was given several rows at once, or a list of one.
    pub several: bool,
    pub query: Option<(Vec<Name>, Rc<Query>)>,
    pub returning: Vec<E>,
    pub conflict: Option<Conflict>,
    /// Nothing is read back: `inline()`, `op.bulk_insert`.
    pub inline: bool,
    pub postgresql: bool,
}

/// `ON CONFLICT`.
#[derive(Clone, Debug)]
pub struct Conflict {
    pub constraint: Option<Name>,
    pub elements: Vec<E>,
    pub elements_where: Option<E>,
    /// What is set; none where nothing is done.
    pub set: Option<Vec<(String, Value)>>,
    pub condition: Option<E>,
}

/// An UPDATE.
#[derive(Clone, Debug)]
pub struct Update {
    pub table: Rc<From>,
    pub values: Vec<(String, Value)>,
    /// In the order that was given.
    pub ordered: bool,
    pub conditions: Vec<E>,
    pub returning: Vec<E>,
}

/// A DELETE.
#[derive(Clone, Debug)]
pub struct Delete {
    pub table: Rc<From>,
    pub conditions: Vec<E>,
    pub returning: Vec<E>,
}

fn target(from: &Rc<From>) -> Known<&Rc<Table>> {
    from.table().ok_or_else(|| unknown("needs a table"))
}

fn unconsumed(table: &Table, values: &[(String, Value)]) -> Known<()> {
    let missing: Vec<&str> = values
        .iter()
        .map(|(key, _)| key.as_str())
        .filter(|key| !table.columns.iter().any(|column| column.key == *key))
        .collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(raise(
            "CompileError",
            format!("Unconsumed column names: {}", missing.join(", ")),
        )),
    }
}

fn returning(parts: &[E], context: &Context) -> Known<String> {
    if parts.is_empty() {
        return Ok(String::new());
    }
    let mut seen = Vec::new();
    let parts: Vec<String> = parts
        .iter()
        .map(|part| part.listed(context, &mut seen))
        .collect::<Known<_>>()?;
    Ok(format!(" RETURNING {}", parts.join(", ")))
}

impl Insert {
    pub fn new(table: Rc<From>, postgresql: bool) -> Self {
        Insert {
            table,
            rows: Vec::new(),
            several: false,
            query: None,
            returning: Vec::new(),
            conflict: None,
            inline: false,
            postgresql,
        }
    }

    pub fn sql(&self, context: &Context) -> Known<String> {
        let table = target(&self.table)?;
        let mut sql = format!(
            "INSERT INTO {} ",
            qualified(table.schema.as_ref(), &table.name)
        );
        let mut implicit = Vec::new();
        if let Some((names, query)) = &self.query {
            let names: Vec<String> = names.iter().map(Name::sql).collect();
            sql.push_str(&format!("({}) {}", names.join(", "), query.sql(context)?));
        } else {
            let first = self
                .rows
                .first()
                .ok_or_else(|| unknown("an insert() without values needs the values of its run"))?;
            for row in &self.rows {
                unconsumed(table, row)?;
            }
            let mut columns = Vec::new();
            for column in &table.columns {
                let given = first.iter().any(|(key, _)| *key == column.key);
                let computed = !given && column.default.is_some();
                if given || computed {
                    columns.push(column);
                }
                if !table.light
                    && table.is_key(column)
                    && !self.inline
                    && !self.several
                    && self.returning.is_empty()
                {
                    let value = first.iter().find(|(key, _)| *key == column.key);
                    let written = match value {
                        Some((_, value)) => crate::library::expression::of(value)?.is_some(),
                        None => {
                            table.is_serial(column)
                                || column.server_default.is_some()
                                || column.identity.is_some()
                        }
                    };
                    if written {
                        implicit.push(column.name.clone());
                    }
                }
            }
            if columns.is_empty() {
                sql.push_str("DEFAULT VALUES");
            } else {
                let names: Vec<String> = columns.iter().map(|column| column.name.sql()).collect();
                let mut rows = Vec::new();
                for row in &self.rows {
                    let mut values = Vec::new();
                    for column in &columns {
                        let value = row
                            .iter()
                            .find(|(key, _)| *key == column.key)
                            .map(|(_, value)| value);
                        let value = match (value, &column.default) {
                            (Some(value), _) | (None, Some(value)) => value,
                            (None, None) => {
                                return Err(raise(
                                    "CompileError",
                                    format!(
                                        "INSERT value for column {} is explicitly rendered as a boundparameter in the VALUES clause",
                                        column.name.text
                                    ),
                                ));
                            }
                        };
                        let value = valued(value, &column.kind)?;
                        values.push(parenthesized(&value)?.sql(context)?);
                    }
                    rows.push(format!("({})", values.join(", ")));
                }
                sql.push_str(&format!(
                    "({}) VALUES {}",
                    names.join(", "),
                    rows.join(", ")
                ));
            }
        }
        if let Some(conflict) = &self.conflict {
            sql.push_str(&conflict.sql(table, context)?);
        }
        sql.push_str(&returning(&self.returning, context)?);
        if !implicit.is_empty() {
            let prefix = qualified(table.schema.as_ref(), &table.name);
            let names: Vec<String> = implicit
                .iter()
                .map(|name| format!("{prefix}.{}", name.sql()))
                .collect();
            sql.push_str(&format!(" RETURNING {}", names.join(", ")));
        }
        Ok(sql)
    }
}

impl Conflict {
    fn sql(&self, table: &Table, context: &Context) -> Known<String> {
        let mut alone_context = context.clone();
        alone_context.tables = false;
        let mut sql = " ON CONFLICT".to_owned();
        if let Some(constraint) = &self.constraint {
            sql.push_str(&format!(
                " ON CONSTRAINT {}",
                crate::library::naming::sql(constraint)?
            ));
        } else if !self.elements.is_empty() {
            sql.push_str(&format!(" ({})", list(&self.elements, &alone_context)?));
            if let Some(condition) = &self.elements_where {
                sql.push_str(&format!(" WHERE {}", condition.sql(&alone_context)?));
            }
        }
        let Some(set) = &self.set else {
            sql.push_str(" DO NOTHING");
            return Ok(sql);
        };
        let mut parts = Vec::new();
        let known = table.columns.iter().filter_map(|column| {
            let value = set.iter().find(|(key, _)| *key == column.key)?;
            Some((column.name.sql(), &value.1, column.kind.clone()))
        });
        let others = set
            .iter()
            .filter(|(key, _)| !table.columns.iter().any(|column| column.key == *key))
            .map(|(key, value)| (quote(key), value, crate::library::types::Type::null()));
        for (name, value, kind) in known.chain(others) {
            let value = valued(value, &kind)?;
            parts.push(format!("{name} = {}", parenthesized(&value)?.sql(context)?));
        }
        sql.push_str(&format!(" DO UPDATE SET {}", parts.join(", ")));
        if let Some(condition) = &self.condition {
            sql.push_str(&format!(" WHERE {}", condition.sql(context)?));
        }
        Ok(sql)
    }
}

impl Update {
    pub fn new(table: Rc<From>) -> Self {
        Update {
            table,
            values: Vec::new(),
            ordered: false,
            conditions: Vec::new(),
            returning: Vec::new(),
        }
    }

    pub fn sql(&self, context: &Context) -> Known<String> {
        let table = target(&self.table)?;
        if self.values.is_empty() {
            return Err(unknown(
                "an update() without values needs the values of its run",
            ));
        }
        unconsumed(table, &self.values)?;
        let mut inside = context.clone();
        inside.around.push(self.table.clone());
        let mut others = Vec::new();
        let mut parts = Vec::new();
        let column_of = |key: &str| table.columns.iter().find(|column| column.key == key);
        let keys: Vec<&str> = match self.ordered {
            true => self.values.iter().map(|(key, _)| key.as_str()).collect(),
            false => table
                .columns
                .iter()
                .map(|column| column.key.as_str())
                .collect(),
        };
        for key in keys {
            let (Some(column), Some((_, value))) = (
                column_of(key),
                self.values.iter().find(|(own, _)| own == key),
            ) else {
                if column_of(key).is_some_and(|column| column.changes) {
                    return Err(unknown(format!(
                        "the column {key} has an onupdate= of its own"
                    )));
                }
                continue;
            };
            let value = valued(value, &column.kind)?;
            froms(&value, &mut others);
            parts.push(format!(
                "{}={}",
                column.name.sql(),
                parenthesized(&value)?.sql(&inside)?
            ));
        }
        let (from, condition) = rest(&self.table, others, &self.conditions, &mut inside)?;
        let mut sql = format!(
            "UPDATE {} SET {}",
            qualified(table.schema.as_ref(), &table.name),
            parts.join(", ")
        );
        if let Some(from) = from {
            sql.push_str(&format!(" FROM {from}"));
        }
        if let Some(condition) = condition {
            sql.push_str(&format!(" WHERE {condition}"));
        }
        sql.push_str(&returning(&self.returning, &inside)?);
        Ok(sql)
    }
}

impl Delete {
    pub fn new(table: Rc<From>) -> Self {
        Delete {
            table,
            conditions: Vec::new(),
            returning: Vec::new(),
        }
    }

    pub fn sql(&self, context: &Context) -> Known<String> {
        let table = target(&self.table)?;
        let mut inside = context.clone();
        inside.around.push(self.table.clone());
        let (from, condition) = rest(&self.table, Vec::new(), &self.conditions, &mut inside)?;
        let mut sql = format!(
            "DELETE FROM {}",
            qualified(table.schema.as_ref(), &table.name)
        );
        if let Some(from) = from {
            sql.push_str(&format!(" USING {from}"));
        }
        if let Some(condition) = condition {
            sql.push_str(&format!(" WHERE {condition}"));
        }
        sql.push_str(&returning(&self.returning, &inside)?);
        Ok(sql)
    }
}

/// The other tables that a change reads, those of its conditions first, then `more`; and its conditions.
fn rest(
    table: &Rc<From>,
    more: Vec<Rc<From>>,
    parts: &[E],
    inside: &mut Context,
) -> Known<(Option<String>, Option<String>)> {
    let mut others = Vec::new();
    for part in parts {
        froms(part, &mut others);
    }
    for from in more {
        if !others.iter().any(|known| Rc::ptr_eq(known, &from)) {
            others.push(from);
        }
    }
    others.retain(|from| !Rc::ptr_eq(from, table));
    inside.around.extend(others.iter().cloned());
    let condition = conditions(parts, inside)?;
    let from: Vec<String> = others
        .iter()
        .map(|from| from.sql(inside))
        .collect::<Known<_>>()?;
    Ok(((!from.is_empty()).then(|| from.join(", ")), condition))
}
