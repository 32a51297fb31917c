//! `sqlalchemy.MetaData`: a collection of tables (`sqlalchemy.sql.schema.MetaData`, `sqlalchemy.sql.ddl`).

use super::Object;
use super::column::Column;
use super::from::From;
use super::name::{self, Name};
use super::operation;
use super::reader::{self, Reader};
use super::table::Table;
use super::trouble::{Known, unknown};
use super::types::{Kind, Type};
use crate::settings::Settings;
use crate::value::Value;
use crate::world::World;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// `MetaData(…)`.
#[derive(Debug, Default)]
pub struct MetaData {
    pub schema: Option<Name>,
    settings: Option<Rc<Settings>>,
    tables: RefCell<Vec<Rc<From>>>,
    /// Whether `reflect()` filled it with what the database has.
    reflected: Cell<bool>,
}

impl MetaData {
    pub fn new(reader: &Reader<'_>) -> Known<Self> {
        let schema = name::optional(reader.take("schema"))?;
        let settings = match reader.set("naming_convention")? {
            None => None,
            Some(value) => {
                let mut settings = Settings::default();
                for (key, template) in reader::pairs(value)? {
                    settings
                        .naming_convention
                        .insert(reader::text(&key)?, reader::text(&template)?);
                }
                Some(Rc::new(settings))
            }
        };
        reader.ignore(&["info", "quote_schema"]);
        reader.finish()?;
        Ok(MetaData {
            schema,
            settings,
            ..MetaData::default()
        })
    }

    /// What its tables' names follow.
    pub fn settings(&self) -> Rc<Settings> {
        self.settings.clone().unwrap_or_default()
    }

    pub fn add(&self, table: Rc<Table>) -> Rc<From> {
        let table = Rc::new(From::Table(table));
        self.tables.borrow_mut().push(table.clone());
        table
    }

    /// An attribute; none where it is a method.
    pub fn attribute(&self, name: &str) -> Option<Known<Value>> {
        match name {
            "tables" if self.reflected.get() => Some(Err(unknown(
                "MetaData.reflect() asks the database for its tables",
            ))),
            "tables" => Some(Ok(Value::dict(
                self.tables
                    .borrow()
                    .iter()
                    .filter_map(|from| {
                        let table = from.table()?;
                        let key = match &table.schema {
                            Some(schema) => format!("{}.{}", schema.text, table.name.text),
                            None => table.name.text.to_string(),
                        };
                        Some((Value::str(key), Value::object(Object::From(from.clone()))))
                    })
                    .collect(),
            ))),
            _ => None,
        }
    }

    /// `reflect()`: it reads the database, and changes nothing there.
    pub fn reflect(&self) {
        self.reflected.set(true);
    }

    /// A table whose columns without a type have that of the column to which they refer.
    fn with_types(&self, table: &Rc<Table>) -> Rc<Table> {
        let is_open = |column: &Rc<Column>| matches!(column.kind.kind, Kind::Null);
        if !table.columns.iter().any(is_open) {
            return table.clone();
        }
        let mut table = (**table).clone();
        for column in &mut table.columns {
            if let Some(kind) = self.referred_type(column, 0) {
                *column = Rc::new(Column {
                    kind,
                    ..(**column).clone()
                });
            }
        }
        Rc::new(table)
    }

    /// The type of the column to which a column without a type refers, from one to the next.
    fn referred_type(&self, column: &Column, steps: u32) -> Option<Type> {
        let (Kind::Null, [reference]) = (&column.kind.kind, column.references.as_slice()) else {
            return None;
        };
        let reference = reference.constraint(&column.name);
        let (schema, name) = reference.referred()?;
        let key = reference.referred_columns().first()?.clone();
        let tables = self.tables.borrow();
        let table = tables
            .iter()
            .filter_map(|from| from.table())
            .find(|table| table.name == *name && table.schema == *schema)?;
        let found = table.columns.iter().find(|other| *other.key == *key.text)?;
        match found.kind.kind {
            Kind::Null if steps < 16 => self.referred_type(found, steps + 1),
            Kind::Null => None,
            _ => Some(found.kind.clone()),
        }
    }

    /// `create_all` and `drop_all`: each table after those that it refers to, or before them.
    pub fn effects(
        &self,
        world: &mut World<'_>,
        reader: &Reader<'_>,
        create: bool,
    ) -> Known<Vec<String>> {
        if self.reflected.get() {
            return Err(unknown(
                "MetaData.reflect() asks the database for its tables",
            ));
        }
        let chosen: Vec<Rc<From>> = match reader.set("tables")? {
            None => self.tables.borrow().clone(),
            Some(tables) => reader::items(tables)?
                .iter()
                .map(super::statement::from)
                .collect::<Known<_>>()?,
        };
        reader.finish()?;
        let mut tables = Vec::new();
        for table in chosen.iter().filter_map(|from| from.table()) {
            tables.push(self.with_types(table));
        }
        let mut types: Vec<String> = Vec::new();
        for column in tables.iter().flat_map(|table| &table.columns) {
            let sql = match &column.kind.innermost().kind {
                Kind::Enumeration(found) if found.native && found.create => found.drop_sql()?,
                Kind::Domain(found) if found.create => found.drop_sql(),
                _ => continue,
            };
            if !types.contains(&sql) {
                types.push(sql);
            }
        }
        if types.len() > 1 {
            return Err(unknown(
                "create_all() and drop_all() of several types are not known to Cofferdam",
            ));
        }
        let ordered = ordered(tables.iter().collect())?;
        if !create {
            let tables = ordered.iter().rev();
            let tables = tables.map(|table| format!("DROP TABLE {}", table.sql_name()));
            return Ok(tables.chain(types).collect());
        }
        let mut statements = Vec::new();
        for table in ordered {
            statements.extend(operation::create_table(world, table, false)?);
        }
        // The type comes before all tables.
        statements.sort_by_key(|statement| {
            !(statement.starts_with("CREATE TYPE") || statement.starts_with("CREATE DOMAIN"))
        });
        Ok(statements)
    }
}

/// Tables, each after those that it refers to, round by round (`sqlalchemy.util.topological`).
fn ordered(mut waiting: Vec<&Rc<Table>>) -> Known<Vec<&Rc<Table>>> {
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let is_ready = |table: &Rc<Table>| {
            table.constraints.iter().all(|constraint| {
                constraint.referred().is_none_or(|(schema, name)| {
                    let itself = table.name == *name && table.schema == *schema;
                    itself
                        || !waiting
                            .iter()
                            .any(|other| other.name == *name && other.schema == *schema)
                })
            })
        };
        let (ready, rest): (Vec<_>, Vec<_>) =
            waiting.iter().copied().partition(|table| is_ready(table));
        if ready.is_empty() {
            return Err(unknown(
                "create_all() and drop_all() of tables that refer to each other are not known to Cofferdam",
            ));
        }
        ordered.extend(ready);
        waiting = rest;
    }
    Ok(ordered)
}
