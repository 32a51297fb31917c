//! At which revision a database is, by what is in it: its catalog beside the catalogs after revisions.

use crate::catalog::{Catalog, CatalogError, Difference, Layer, diff};
use crate::revision::RevisionId;
use serde::Serialize;

/// A state of the history: a database with exactly these version rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct State {
    /// Sorted; empty for the base.
    pub heads: Vec<RevisionId>,
}

/// What is found of a database.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Identified {
    /// The states whose structure is the database's, in order of the history. Several where revisions between them change no
    /// structure.
    pub matches: Vec<State>,
    /// Where none matches: the states with the fewest differences, and the differences of the last of them, read as from the
    /// state to the database.
    pub nearest: Vec<State>,
    pub differences: Vec<Difference>,
}

/// Compares states one by one, keeping those that fit best.
#[derive(Debug)]
pub struct Search<'c> {
    live: &'c Catalog,
    least: usize,
    best: Vec<State>,
    differences: Vec<Difference>,
}

impl<'c> Search<'c> {
    /// Looks for `live`. Owners, privileges, comments and the order of columns do not count: a
    /// database of the same revision may have others.
    pub fn new(live: &'c Catalog) -> Self {
        Search {
            live,
            least: usize::MAX,
            best: Vec::new(),
            differences: Vec::new(),
        }
    }

    /// Compares the catalog after a state.
    ///
    /// # Errors
    /// Where it is of another major version.
    pub fn compare(&mut self, state: State, catalog: &Catalog) -> Result<(), CatalogError> {
        let mut found = diff(catalog, self.live)?;
        found.retain(|one| one.layer == Layer::Structure);
        match found.len().cmp(&self.least) {
            std::cmp::Ordering::Greater => return Ok(()),
            std::cmp::Ordering::Less => self.best.clear(),
            std::cmp::Ordering::Equal => {}
        }
        self.least = found.len();
        self.best.push(state);
        self.differences = found;
        Ok(())
    }

    pub fn end(self) -> Identified {
        match self.least {
            0 => Identified {
                matches: self.best,
                ..Identified::default()
            },
            _ => Identified {
                matches: Vec::new(),
                nearest: self.best,
                differences: self.differences,
            },
        }
    }
}
