//! Proving revisions on a throwaway database: what up, down, up says of each, what merging heads would mean, at which
//! revision a database is. The work itself is a driver's; here is what it asks and how its findings are judged.

pub mod contents;
pub mod identify;
pub mod measure;
pub mod merging;

use crate::catalog::{Catalog, CatalogError, Difference, Layer, diff};
use crate::revision::{Direction, Downgrade, RevisionId, Script, Unreadable};
use crate::run::DbError;
use contents::{Contents, Lost};
pub use merging::Merging;
use serde::{Deserialize, Serialize};

/// The format of reports as JSON.
pub const FORMAT: u32 = 1;

/// One of the three ways on which a revision is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    Up,
    Down,
    UpAgain,
}

impl Leg {
    pub fn words(self) -> &'static str {
        match self {
            Leg::Up => "the upgrade",
            Leg::Down => "the downgrade",
            Leg::UpAgain => "the upgrade after the downgrade",
        }
    }
}

/// A statement that the database refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// None where it is no statement of the file.
    pub sql: Option<String>,
    /// 1-based line in the file.
    pub line: Option<u32>,
    pub error: DbError,
}

/// What is known of a revision's two ways.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// The downgrade takes back exactly what the upgrade does, and the upgrade can be run again.
    Reversible,
    /// The schema comes back as it was; some rows do not.
    LosesData { lost: Vec<Lost> },
    /// The file says that it cannot be undone (`+downgrade none`).
    Irreversible { reason: String },
    /// There is no downgrade, or an empty one of an upgrade that is not empty.
    MissingDowngrade,
    /// The schema after the downgrade is not the one before the upgrade, or the second upgrade gives another one than the first.
    NotInverse {
        down: Vec<Difference>,
        again: Vec<Difference>,
        /// Why there is no second upgrade to compare.
        refused: Option<Refused>,
    },
    /// The database refused it.
    Fails { leg: Leg, refused: Refused },
    /// A part of it cannot be known without running Python.
    NeedsPython {
        direction: Direction,
        unreadable: Vec<Unreadable>,
    },
    /// Its file cannot be planned; a sentence.
    Unplanned { reason: String },
    /// A revision on which it stands could not be applied.
    NotReached { after: RevisionId },
}

impl Verdict {
    /// Whether nothing about it has to be put right. A revision that loses data, or that says that it cannot be undone, is as
    /// its author wants it.
    pub fn is_fine(&self) -> bool {
        matches!(
            self,
            Verdict::Reversible | Verdict::LosesData { .. } | Verdict::Irreversible { .. }
        )
    }

    /// In one or two words.
    pub fn words(&self) -> &'static str {
        match self {
            Verdict::Reversible => "reversible",
            Verdict::LosesData { .. } => "loses data",
            Verdict::Irreversible { .. } => "irreversible",
            Verdict::MissingDowngrade => "downgrade missing",
            Verdict::NotInverse { .. } => "not the inverse",
            Verdict::Fails { .. } => "fails",
            Verdict::NeedsPython { .. } => "needs Python",
            Verdict::Unplanned { .. } => "cannot be planned",
            Verdict::NotReached { .. } => "not reached",
        }
    }
}

/// A database at one moment.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    pub catalog: Catalog,
    pub contents: Contents,
}

/// The differences that are more than the order of columns, and those that are not: a column that a downgrade adds again
/// always comes last.
pub fn ordered(found: Vec<Difference>) -> (Vec<Difference>, Vec<Difference>) {
    found.into_iter().partition(|one| one.layer != Layer::Order)
}

/// Judges up, down, up by the moments before, after each. The order of columns does not count.
///
/// # Errors
/// Where the catalogs are of different major versions.
pub fn judge(
    before: &Moment,
    up: &Moment,
    down: &Moment,
    again: &Moment,
) -> Result<Verdict, CatalogError> {
    let (left, _) = ordered(diff(&before.catalog, &down.catalog)?);
    let (other, _) = ordered(diff(&up.catalog, &again.catalog)?);
    if !(left.is_empty() && other.is_empty()) {
        return Ok(Verdict::NotInverse {
            down: left,
            again: other,
            refused: None,
        });
    }
    let lost = contents::lost(&before.contents, &down.contents);
    Ok(match lost.is_empty() {
        true => Verdict::Reversible,
        false => Verdict::LosesData { lost },
    })
}

/// Whether the downgrade of `script` is missing: it has none, or an empty one, while its upgrade does something, and does
/// not say that it cannot be undone.
pub fn is_downgrade_missing(script: &Script) -> bool {
    let unknown = |direction| {
        let body = script.body(direction);
        body.is_some_and(|body| !body.unreadable.is_empty())
    };
    let is_empty = |direction| script.is_empty(direction) && !unknown(direction);
    let says_so = matches!(script.revision.downgrade, Downgrade::Impossible { .. });
    !says_so && is_empty(Direction::Downgrade) && !is_empty(Direction::Upgrade)
}

#[cfg(test)]
mod tests;
