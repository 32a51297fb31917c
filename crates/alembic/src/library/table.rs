//! Tables, and what they are made of (`sqlalchemy.sql.schema.Table`).

mod create;

use super::Object;
use super::column::Column;
use super::constraint::{self, Common, Constraint};
use super::expression::Expression;
use super::index::Index;
use super::name::{Name, qualified};
use super::naming::Parts;
use super::reader::{self, Reader};
use super::trouble::{Known, raise, unknown};
use super::types::{Kind, SpatialIndex, Type};
use crate::settings::Settings;
use crate::value::Value;
use std::rc::Rc;

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: Name,
    pub schema: Option<Name>,
    pub columns: Vec<Rc<Column>>,
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<Index>,
    pub comment: Option<String>,
    prefixes: Vec<String>,
    /// What follows the parentheses.
    end: String,
    /// `table(…)`: nothing but names.
    pub light: bool,
    /// Of its own `MetaData`.
    pub settings: Option<Rc<Settings>>,
}

impl Table {
    /// `table(name, *columns)`.
    pub fn light(reader: &Reader<'_>) -> Known<Self> {
        let name = reader.require_name("name")?;
        let mut columns = Vec::new();
        for value in reader.rest() {
            let Value::Object(object) = reader::known(value)? else {
                return Err(unknown("table() needs columns"));
            };
            columns.push(match &**object {
                Object::Column(column) => column.clone(),
                Object::Expression(expression) => match &expression.node {
                    super::expression::Node::Column { name, kind, .. } => {
                        Rc::new(Column::plain(name.clone(), kind.clone()))
                    }
                    super::expression::Node::Verbatim(text) => {
                        Rc::new(Column::plain(Name::new(&**text), Type::null()))
                    }
                    _ => return Err(unknown("table() needs columns")),
                },
                _ => return Err(unknown("table() needs columns")),
            });
        }
        let schema = reader.name("schema")?;
        reader.finish()?;
        Ok(Table {
            light: true,
            columns,
            ..Table::bare(name, schema)
        })
    }

    /// A table of which nothing is known but its name.
    pub fn bare(name: Name, schema: Option<Name>) -> Self {
        Table {
            name,
            schema,
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            comment: None,
            prefixes: Vec::new(),
            end: String::new(),
            light: false,
            settings: None,
        }
    }

    /// Its columns, constraints and indexes, and the options of a table.
    pub fn with(mut self, items: &[Value], reader: &Reader<'_>) -> Known<Self> {
        let quote = reader.flag("quote")?;
        self.name.quote = quote.or(self.name.quote);
        self.comment = reader.text("comment")?;
        if let Some(prefixes) = reader.set("prefixes")? {
            self.prefixes = reader::items(prefixes)?
                .iter()
                .map(reader::text)
                .collect::<Known<_>>()?;
        }
        self.end = create::end(reader)?;
        reader.ignore(&[
            "info",
            "listeners",
            "extend_existing",
            "keep_existing",
            "implicit_returning",
            "must_exist",
            "quote_schema",
            "resolve_fks",
            "postgresql_ignore_search_path",
            "sqlite_autoincrement",
        ]);
        self.add(items)?;
        Ok(self)
    }

    /// Adds columns, constraints and indexes, and what the columns bring with them.
    pub fn add(&mut self, items: &[Value]) -> Known<()> {
        let mut indexes = Vec::new();
        for item in items {
            match reader::known(item)? {
                Value::Object(object) => match &**object {
                    Object::Column(column) => {
                        if self.columns.iter().any(|known| known.key == column.key) {
                            return Err(raise(
                                "DuplicateColumnError",
                                format!(
                                    "A column with name '{}' is already present in table '{}'.",
                                    column.key, self.name.text
                                ),
                            ));
                        }
                        self.columns.push(column.clone());
                    }
                    // It is a schema item that adds nothing.
                    Object::MetaData(_) => {}
                    Object::Constraint(constraint) => self.constraints.push(constraint.clone()),
                    Object::Index(index) => indexes.push(index.clone()),
                    other => {
                        return Err(unknown(format!(
                            "a table with {} is not known to Cofferdam",
                            other.what()
                        )));
                    }
                },
                Value::None => {}
                other => {
                    return Err(raise(
                        "ArgumentError",
                        format!(
                            "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got a value of type {}",
                            other.type_name()
                        ),
                    ));
                }
            }
        }
        for column in self.columns.clone() {
            self.bring(&column)?;
        }
        self.indexes.extend(indexes);
        let columns = self.columns.clone();
        let named = |key: &Name| -> Known<Name> {
            match columns.iter().find(|column| *column.key == *key.text) {
                Some(column) => Ok(column.name.clone()),
                None => Err(raise(
                    "ConstraintColumnNotFoundError",
                    format!(
                        "Can't create a constraint on table '{}': no column named '{}' is present.",
                        self.name.text, key.text
                    ),
                )),
            }
        };
        for constraint in &mut self.constraints {
            constraint.rename(named)?;
        }
        Ok(())
    }

    /// The constraints and indexes that a column brings with it.
    fn bring(&mut self, column: &Column) -> Known<()> {
        if let Kind::Spatial {
            index: Some(kind), ..
        } = &column.kind.kind
        {
            self.indexes.push(spatial(self, column, *kind)?);
        }
        let own = || Expression::column(None, column.name.clone(), column.kind.clone());
        if column.index {
            self.indexes.push(Index {
                columns: vec![own()],
                unique: column.unique,
                ..Index::default()
            });
        } else if column.unique {
            self.constraints.push(Constraint::Unique {
                common: Common::default(),
                columns: vec![Name::new(&column.key)],
                include: Vec::new(),
                nulls_not_distinct: None,
            });
        }
        if let Kind::Enumeration(found) = &column.kind.kind
            && !found.native
            && found.constraint
        {
            self.constraints.push(constraint::of_values(
                &column.name,
                &found.values,
                found.name.as_ref(),
            )?);
        }
        for reference in &column.references {
            self.constraints
                .push(reference.constraint(&Name::new(&column.key)));
        }
        Ok(())
    }

    pub fn parts(&self) -> Parts {
        Parts {
            table: self.name.text.to_string(),
            schema: self.schema.as_ref().map(|schema| schema.text.to_string()),
            siblings: self
                .columns
                .iter()
                .map(|column| column.key.clone())
                .collect(),
            ..Parts::default()
        }
    }

    pub fn sql_name(&self) -> String {
        qualified(self.schema.as_ref(), &self.name)
    }

    /// The names of the columns of its primary key.
    pub fn key(&self) -> Vec<Name> {
        let explicit = self
            .constraints
            .iter()
            .find_map(|constraint| match constraint {
                Constraint::Primary { columns, .. } if !columns.is_empty() => Some(columns.clone()),
                _ => None,
            });
        explicit.unwrap_or_else(|| {
            let keys = self.columns.iter().filter(|column| column.primary);
            let mut names: Vec<&Rc<Column>> = keys.collect();
            names.sort_by_key(|column| !self.is_serial(column));
            names.iter().map(|column| column.name.clone()).collect()
        })
    }

    /// Whether it is in the primary key: one that names its columns decides alone.
    fn in_key(&self, column: &Column) -> bool {
        let explicit = self
            .constraints
            .iter()
            .find_map(|constraint| match constraint {
                Constraint::Primary { columns, .. } if !columns.is_empty() => Some(columns),
                _ => None,
            });
        match explicit {
            Some(columns) => columns.contains(&column.name),
            None => column.primary,
        }
    }

    pub fn is_key(&self, column: &Column) -> bool {
        self.in_key(column)
    }

    /// Whether the server numbers it (`PrimaryKeyConstraint._autoincrement_column`).
    pub fn is_serial(&self, column: &Column) -> bool {
        if !self.in_key(column) {
            return false;
        }
        let referring = |column: &Column| {
            !column.references.is_empty()
                || self.constraints.iter().any(|constraint| {
                    matches!(constraint, Constraint::Foreign { columns, .. } if columns.contains(&column.name))
                })
        };
        let keys = self
            .columns
            .iter()
            .filter(|column| self.in_key(column))
            .count();
        match keys {
            1 => column.numbers(referring(column)),
            _ => {
                column.numbered == super::column::Numbered::Yes && column.numbers(referring(column))
            }
        }
    }
}

/// The index that geoalchemy2 gives a column (`geoalchemy2.admin.dialects.postgresql`).
fn spatial(table: &Table, column: &Column, kind: SpatialIndex) -> Known<Index> {
    let args = crate::value::Args {
        positional: vec![Value::str(format!(
            "idx_{}_{}",
            table.name.text, column.name.text
        ))],
        named: vec![
            ("postgresql_using".into(), Value::str("gist")),
            (
                "postgresql_ops".into(),
                match kind {
                    SpatialIndex::Deep => Value::dict(vec![(
                        Value::str(&column.name.text),
                        Value::str("gist_geometry_ops_nd"),
                    )]),
                    SpatialIndex::Plain | SpatialIndex::Hull => Value::None,
                },
            ),
        ],
    };
    let mut index = Index::new(&args)?;
    let own = Expression::column(None, column.name.clone(), Type::null());
    index.columns = vec![match kind {
        SpatialIndex::Hull => {
            let own = crate::value::Args {
                positional: vec![Value::object(Object::Expression(own))],
                named: Vec::new(),
            };
            super::expression::function::call("ST_ConvexHull", &own)?
        }
        SpatialIndex::Plain | SpatialIndex::Deep => own,
    }];
    index.name = index.name.map(|name| Name {
        fixed: true,
        ..name
    });
    Ok(index)
}
