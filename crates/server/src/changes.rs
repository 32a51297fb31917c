//! Breaking changes in a project's folder: their files, and which contracts a plan begins.

use crate::database::ConnectError;
use crate::environment::StateError;
use crate::project::{CHANGE, CHANGES, Folder, ProjectError, change_of};
use cofferdam_engine::change::gate::Gate;
use cofferdam_engine::change::{self, Change, ChangeError, ChangeId, FileError, Phase};
use cofferdam_engine::plan::Plan;
use cofferdam_engine::revision::{Direction, RevisionId, Script};
use std::collections::BTreeSet;

/// Why there is no answer about a change.
#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Change(#[from] ChangeError),
    #[error(transparent)]
    Id(ChangeError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    State(#[from] StateError),
    #[error("there is no change {id}: {known}")]
    Unknown { id: String, known: String },
    #[error("cannot {what}: {error}")]
    Query { what: &'static str, error: String },
    #[error("{}", shut_words(gate))]
    Shut {
        gate: Box<Gate>,
        environment: Option<String>,
    },
    #[error("{words:?} is nothing that {id} asks for: {asked}")]
    NotAsked {
        id: ChangeId,
        words: String,
        asked: String,
    },
    #[error("say why the gate is to be opened by force: the reason stays in the database")]
    NoReason,
    #[error("the change {0} has no two sides to compare")]
    OneSided(ChangeId),
}

/// What keeps a gate shut, in lines.
fn shut_words(gate: &Gate) -> String {
    let mut text = format!(
        "the gate before the contract of {} is shut, so nothing of it can run:",
        gate.change
    );
    for one in gate.shut() {
        text.push_str(&format!(
            "\n  {} (found: {}); {}",
            one.condition.words, one.found, one.condition.help
        ));
    }
    text
}

/// Every change of the project, by id.
pub fn all(folder: &Folder) -> Result<Vec<Change>, ChangesError> {
    let paths = folder.list(CHANGES, &[CHANGE])?.unwrap_or_default();
    paths.iter().map(|path| read(folder, path)).collect()
}

/// The change of that id.
pub fn find(folder: &Folder, id: &str) -> Result<Change, ChangesError> {
    let unknown = |known: String| ChangesError::Unknown {
        id: id.to_owned(),
        known,
    };
    let wanted = ChangeId::new(id).map_err(ChangesError::Id)?.path();
    let paths = folder.list(CHANGES, &[CHANGE])?.unwrap_or_default();
    if paths.contains(&wanted) {
        return read(folder, &wanted);
    }
    let names: Vec<&str> = paths.iter().filter_map(|path| change_of(path)).collect();
    Err(unknown(match names.is_empty() {
        true => "the project has none; make one with `cofferdam change new`".into(),
        false => format!("there are {}", names.join(", ")),
    }))
}

fn read(folder: &Folder, path: &str) -> Result<Change, ChangesError> {
    let id = id_of(path)?;
    let fail = |message: &str| file_error(path, message);
    let bytes = folder.read(path)?.ok_or_else(|| fail("the file is gone"))?;
    let text = String::from_utf8(bytes).map_err(|_| fail("it is not UTF-8"))?;
    Ok(Change::read(id, &text)?)
}

/// The id of the change whose file has that path.
fn id_of(path: &str) -> Result<ChangeId, FileError> {
    let id = ChangeId::new(change_of(path).unwrap_or_default());
    id.map_err(|error| file_error(path, &error.to_string()))
}

fn file_error(path: &str, message: &str) -> FileError {
    FileError {
        path: path.to_owned(),
        message: message.to_owned(),
    }
}

/// Refuses a text that cannot stand in a change's file of that path.
pub fn check_file(path: &str, text: &str) -> Result<(), ChangesError> {
    let id = id_of(path)?;
    if path.ends_with(CHANGE) {
        Change::read(id, text)?;
    }
    Ok(())
}

/// The changes whose contract begins among revisions that are upgraded: what comes before it is of another change, or of another
/// phase.
pub fn begun<'s>(
    upgraded: impl IntoIterator<Item = &'s RevisionId>,
    find: impl Fn(&RevisionId) -> Option<&'s Script>,
) -> BTreeSet<ChangeId> {
    let of = |script: &Script| {
        let (change, phase) = change::of_revision(&script.revision)?;
        (phase == Phase::Contract).then_some(change)
    };
    upgraded
        .into_iter()
        .filter_map(|id| {
            let script = find(id)?;
            let change = of(script)?;
            let mut before = script.revision.down.iter().filter_map(&find);
            (!before.any(|script| of(script).as_ref() == Some(&change))).then_some(change)
        })
        .collect()
}

/// The revisions that a plan upgrades.
pub fn upgraded(plan: &Plan) -> impl Iterator<Item = &RevisionId> {
    let upgrades = plan.revisions.iter();
    let upgrades = upgrades.filter(|one| one.direction == Direction::Upgrade);
    upgrades.filter_map(|one| one.revision.as_ref())
}

/// What is to be known of the contract of `change` where no database was asked.
pub fn unmeasured(change: &ChangeId) -> String {
    format!(
        "it contains the contract of {change}, whose gate was not measured: see that it is open on the database (`cofferdam change gate {change}`) before anything of it runs"
    )
}
