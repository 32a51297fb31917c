//! Breaking changes in phases: expand, migrate, contract. A [`Change`] is data; [`phases`] turns it into the text of ordinary
//! revisions, as a pure function of the change and the schema that it starts from.
//!
//! At every moment between two phases both versions of the application work: what one writes, the other reads.

mod build;
mod columns;
pub mod conflicts;
mod constraints;
mod dependents;
mod edit;
mod expression;
mod file;
mod fill;
pub mod gate;
mod kind;
mod mirror;
mod names;
mod not_null;
pub mod parity;
mod propose;
mod quarantine;
pub mod queries;
mod rebuild;
mod replaced;
mod section;
mod start;
mod sweep;
mod sync;
mod trigger;
mod view;

pub use edit::{Edit, edited};
pub use file::FileError;
pub use kind::{About, Field, FieldKind, Kind};
pub use names::{ChangeId, TableName};
pub use propose::{Proposed, head};
pub use quarantine::SCHEMA as QUARANTINE;
pub use start::start;
pub use sweep::{KEPT_DAYS, has_quarantine, is_sweep, sweep};
pub use view::view_schema;

use crate::catalog::Catalog;
use crate::revision::{Revision, RevisionId};
use gate::Conditions;
use serde::{Deserialize, Serialize};

/// A phase of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Adds what the new version needs, and keeps both sides true.
    Expand,
    /// Moves the data.
    Migrate,
    /// Takes away what only the old version needs.
    Contract,
}

impl Phase {
    pub const ALL: [Phase; 3] = [Phase::Expand, Phase::Migrate, Phase::Contract];

    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Expand => "expand",
            Phase::Migrate => "migrate",
            Phase::Contract => "contract",
        }
    }

    /// Reads what [`Phase::as_str`] gives.
    pub fn read(text: &str) -> Option<Self> {
        Phase::ALL.into_iter().find(|phase| phase.as_str() == text)
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A breaking change of one table, as its file `changes/<id>.toml` holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub id: ChangeId,
    pub table: TableName,
    pub kind: Kind,
    /// The columns by whose ranges rows are taken; none for the primary key, or another unique key that is not null.
    pub key: Vec<String>,
    /// A schema that the new version has in its search_path, and its old one has not, in which a view shows it the table as it
    /// will be; none where what a statement writes says which version it is of.
    pub view_schema: Option<String>,
    pub conditions: Conditions,
    /// The revisions that were written for it, in their order.
    pub written: Vec<(Phase, RevisionId)>,
    /// What of its SQL a person wrote otherwise.
    pub edits: Vec<Edit>,
    /// What of the schema it starts from: its table, and all that mentions it.
    pub start: Catalog,
}

impl Change {
    /// The revisions written for `phase`.
    pub fn revisions(&self, phase: Phase) -> impl Iterator<Item = &RevisionId> {
        let of_phase = move |(of, _): &&(Phase, RevisionId)| *of == phase;
        self.written.iter().filter(of_phase).map(|(_, id)| id)
    }

    /// What it does, in a few words: a title, and the beginning of its revisions' messages.
    pub fn title(&self) -> String {
        self.kind.title(&self.table)
    }
}

/// One revision to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub phase: Phase,
    pub message: String,
    /// The SQL of its two sections.
    pub upgrade: String,
    pub downgrade: String,
}

/// What a change comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// In the order in which they run: those of expand first.
    pub parts: Vec<Part>,
    /// What the planner has to know, a sentence each.
    pub notes: Vec<String>,
    /// What is to be true between migrate (or expand, where nothing is moved) and contract, besides what holds for every change.
    pub parity: Option<parity::Parity>,
    /// The contract puts another table in the place of this one: a transaction that began before all rows were copied would
    /// see too few (manual, 13.6).
    pub replaces_table: bool,
}

impl Phases {
    /// The revisions of one phase, in order.
    pub fn of(&self, phase: Phase) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.phase == phase)
    }
}

/// Why there are no phases: a sentence that says what would help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ChangeError(pub String);

/// The phases of a change, from the schema that it starts from.
///
/// # Errors
/// Where the table or a column is not there, or where it cannot be done without standing in somebody's way.
pub fn phases(change: &Change) -> Result<Phases, ChangeError> {
    Ok(edited(change, unedited(change)?))
}

/// The phases as they follow from the kind, whatever a person wrote in their place.
///
/// # Errors
/// As [`phases`].
pub fn unedited(change: &Change) -> Result<Phases, ChangeError> {
    let mut builder = build::Builder::new(change)?;
    view::check(&builder)?;
    kind::build(&change.kind, &mut builder)?;
    view::note(&mut builder);
    Ok(builder.finish())
}

/// The change and phase that a revision is of, as its header's lines `Change:` and `Phase:` say.
pub fn of_revision(revision: &Revision) -> Option<(ChangeId, Phase)> {
    let id = ChangeId::new(header_of(revision, "change")?).ok()?;
    Some((id, Phase::read(header_of(revision, "phase")?)?))
}

/// What a line of the revision's header says.
fn header_of<'r>(revision: &'r Revision, name: &str) -> Option<&'r str> {
    revision.extra.iter().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The header's lines of a revision of a change: of a phase, or of what comes after the last one.
pub fn header(id: &ChangeId, phase: impl std::fmt::Display) -> Vec<String> {
    vec![format!("Change: {id}"), format!("Phase: {phase}")]
}
