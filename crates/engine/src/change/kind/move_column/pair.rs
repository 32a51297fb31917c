//! How the rows of two tables belong together.

use super::super::super::ChangeError;
use super::super::super::build::Builder;
use super::super::super::expression::items;
use crate::sql::{fold, identifier};

/// The columns by which a row of one table has at most one row of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub here: Vec<String>,
    pub there: Vec<String>,
}

impl Pair {
    /// By the foreign key between the two tables, of either, whose columns are unique; by the one called `on`, where that is
    /// given.
    ///
    /// # Errors
    /// Where there is none, or several to choose from, in words.
    pub fn find(
        here: &Builder<'_>,
        there: &Builder<'_>,
        on: Option<&str>,
    ) -> Result<Self, ChangeError> {
        let mut found = of(here, there);
        found.extend(of(there, here).into_iter().map(|(name, own)| {
            let turned = Pair {
                here: own.there,
                there: own.here,
            };
            (name, turned)
        }));
        if let Some(on) = on {
            found.retain(|(name, _)| *name == on);
        }
        let (one, other) = (here.name.words(), there.name.words());
        match found.as_slice() {
            [(_, pair)] => Ok(pair.clone()),
            [] => Err(ChangeError(match on {
                Some(on) => format!(
                    "{} is no foreign key between {one} and {other} whose columns are unique: leave `on` out, or name one that is",
                    identifier(on)
                ),
                None => format!(
                    "there is no foreign key between {one} and {other} whose columns are unique, so that one value would have several places, or none: add the foreign key and a unique key on its columns first"
                ),
            })),
            several => {
                let names: Vec<String> = several.iter().map(|(name, _)| identifier(name)).collect();
                Err(ChangeError(format!(
                    "there are several foreign keys between {one} and {other}: say with `on` which one it is, {}",
                    names.join(" or ")
                )))
            }
        }
    }
}

/// The foreign keys of a table that refer to another one, by their names, of which each row has a partner of its own.
fn of<'a>(from: &Builder<'a>, to: &Builder<'_>) -> Vec<(&'a str, Pair)> {
    let keys = from.table.constraints.iter();
    keys.filter(|one| one.type_ == "foreign key")
        .filter_map(|one| {
            let (table, pair) = read(&one.definition)?;
            let is_meant = table == to.name.sql() && from.is_unique(&pair.here);
            is_meant.then_some((one.name.as_str(), pair))
        })
        .collect()
}

/// What a foreign key refers to, as PostgreSQL prints it: the table, and the columns of both.
fn read(definition: &str) -> Option<(&str, Pair)> {
    let (own, rest) = definition
        .strip_prefix("FOREIGN KEY (")?
        .split_once(") REFERENCES ")?;
    let (table, rest) = rest.split_once('(')?;
    let (theirs, _) = rest.split_once(')')?;
    let names = |list: &str| items(list).into_iter().map(fold).collect();
    Some((
        table,
        Pair {
            here: names(own),
            there: names(theirs),
        },
    ))
}
