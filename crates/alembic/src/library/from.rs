//! What a query reads: tables, aliases, subqueries, joins (`sqlalchemy.sql.selectable.FromClause`).

use super::column::Column;
use super::expression::{Context, E, Expression};
use super::name::{Name, qualified, quote};
use super::statement::Query;
use super::table::Table;
use super::trouble::{Known, raise, unknown};
use super::weight::Weight;
use std::rc::Rc;

/// Something to read from.
#[derive(Clone, Debug)]
pub enum From {
    Table(Rc<Table>),
    Alias {
        of: Rc<From>,
        name: Option<Name>,
        weight: Weight,
    },
    Subquery {
        query: Rc<Query>,
        name: Option<Name>,
        lateral: bool,
        weight: Weight,
    },
    /// Of a `WITH`.
    Common {
        query: Rc<Query>,
        name: Option<Name>,
        weight: Weight,
    },
    Join {
        left: Rc<From>,
        right: Rc<From>,
        on: E,
        kind: &'static str,
        weight: Weight,
    },
    Text(E),
}

impl From {
    pub fn weight(&self) -> Weight {
        match self {
            From::Table(_) => Weight::ONE,
            From::Alias { weight, .. }
            | From::Subquery { weight, .. }
            | From::Common { weight, .. }
            | From::Join { weight, .. } => *weight,
            From::Text(text) => text.weight,
        }
    }

    /// Another name of `of`.
    pub fn alias(of: &Rc<From>, name: Option<Name>) -> Known<Self> {
        Ok(From::Alias {
            of: of.clone(),
            name,
            weight: Weight::of([of.weight()]).checked()?,
        })
    }

    /// `(query)` after FROM.
    pub fn subquery(query: &Rc<Query>, name: Option<Name>, lateral: bool) -> Known<Self> {
        Ok(From::Subquery {
            query: query.clone(),
            name,
            lateral,
            weight: Weight::of([query.weight()]).checked()?,
        })
    }

    pub fn table(&self) -> Option<&Rc<Table>> {
        match self {
            From::Table(table) => Some(table),
            From::Alias { of, .. } => of.table(),
            _ => None,
        }
    }

    pub fn as_query(&self) -> Option<Rc<Query>> {
        match self {
            From::Subquery { query, .. } => Some(query.clone()),
            _ => None,
        }
    }

    /// What stands before a column's name.
    pub fn prefix(self: &Rc<Self>, context: &Context) -> Known<String> {
        Ok(match &**self {
            From::Table(table) => match context.schemas {
                true => qualified(table.schema.as_ref(), &table.name),
                false => table.name.sql(),
            },
            From::Alias {
                name: Some(name), ..
            }
            | From::Subquery {
                name: Some(name), ..
            }
            | From::Common {
                name: Some(name), ..
            } => name.sql(),
            From::Alias { of, .. } => {
                let base = of.table().map_or("anon", |table| &table.name.text);
                quote(&context.state.alias(self, base))
            }
            From::Subquery { .. } | From::Common { .. } => {
                quote(&context.state.alias(self, "anon"))
            }
            From::Join { .. } | From::Text(_) => {
                return Err(unknown("a column of a join is not known to Cofferdam"));
            }
        })
    }

    /// As it stands after FROM.
    pub fn sql(self: &Rc<Self>, context: &Context) -> Known<String> {
        Ok(match &**self {
            From::Table(table) => qualified(table.schema.as_ref(), &table.name),
            From::Alias { of, .. } => format!("{} AS {}", of.sql(context)?, self.prefix(context)?),
            From::Subquery { query, lateral, .. } => {
                let mut inside = context.clone();
                if !lateral {
                    inside.around.clear();
                }
                let word = if *lateral { "LATERAL " } else { "" };
                let sql = query.sql_inside(&inside)?;
                format!("{word}({sql}) AS {}", self.prefix(context)?)
            }
            From::Common { query, .. } => {
                let name = self.prefix(context)?;
                let key = Rc::as_ptr(self);
                if !context
                    .state
                    .common
                    .borrow()
                    .iter()
                    .any(|(known, _)| *known == key)
                {
                    let mut inside = context.clone();
                    inside.around.clear();
                    let sql = query.sql_inside(&inside)?;
                    context
                        .state
                        .common
                        .borrow_mut()
                        .push((key, format!("{name} AS \n({sql})")));
                }
                name
            }
            From::Join {
                left,
                right,
                on,
                kind,
                ..
            } => {
                let right = match **right {
                    From::Join { .. } => format!("({})", right.sql(context)?),
                    _ => right.sql(context)?,
                };
                format!(
                    "{} {kind} {right} ON {}",
                    left.sql(context)?,
                    on.sql(context)?
                )
            }
            From::Text(text) => text.sql(context)?,
        })
    }

    /// A column by its key.
    pub fn column(self: &Rc<Self>, key: &str) -> Known<E> {
        let found = self.columns()?.into_iter().find(|(known, _)| known == key);
        found
            .map(|(_, column)| column)
            .ok_or_else(|| match self.table() {
                Some(table) => raise(
                    "AttributeError",
                    format!("the table {} has no column {key} here", table.name.text),
                ),
                None => unknown(format!("the column {key} here is not known to Cofferdam")),
            })
    }

    /// All columns with their keys.
    pub fn columns(self: &Rc<Self>) -> Known<Vec<(String, E)>> {
        Ok(match &**self {
            From::Table(table) => table
                .columns
                .iter()
                .map(|column| (column.key.clone(), self.expression(column)))
                .collect(),
            From::Alias { of, .. } => of
                .columns()?
                .into_iter()
                .map(|(key, column)| (key, self.own(&column)))
                .collect(),
            From::Subquery { query, .. } | From::Common { query, .. } => query
                .columns()?
                .into_iter()
                .map(|(name, kind)| {
                    let column = Expression::column(Some(self.clone()), Name::new(&name), kind);
                    (name, column)
                })
                .collect(),
            From::Join { left, right, .. } => {
                let mut all = Vec::new();
                for side in [left, right] {
                    let prefix = side.table().map(|table| table.name.text.to_string());
                    for (key, column) in side.columns()? {
                        let key = match &prefix {
                            Some(prefix) => format!("{prefix}_{key}"),
                            None => key,
                        };
                        all.push((key, column));
                    }
                }
                all
            }
            From::Text(_) => Vec::new(),
        })
    }

    fn expression(self: &Rc<Self>, column: &Column) -> E {
        Expression::column(Some(self.clone()), column.name.clone(), column.kind.clone())
    }

    fn own(self: &Rc<Self>, column: &E) -> E {
        match &column.node {
            super::expression::Node::Column { name, kind, .. } => {
                Expression::column(Some(self.clone()), name.clone(), kind.clone())
            }
            _ => column.clone(),
        }
    }

    /// Those inside a join, and the join itself.
    pub fn members(self: &Rc<Self>, found: &mut Vec<Rc<From>>) {
        if let From::Join { left, right, .. } = &**self {
            left.members(found);
            right.members(found);
        }
        found.push(self.clone());
    }
}
