//! A change's revisions in a history before they are written, so that they can be proved, and queries be prepared among them.

use super::queries::Point;
use super::{Change, ChangeError, ChangeId, Part, Phase, Phases, header};
use crate::config;
use crate::history::History;
use crate::revision::{Downgrade, Revision, RevisionId, Script};
use crate::script;

/// A history with a whole change in it.
#[derive(Clone, Debug)]
pub struct Proposed {
    pub history: History,
    /// The change's revisions, in their order: the written ones, then the others under ids of their own.
    pub revisions: Vec<(Phase, RevisionId)>,
}

impl Proposed {
    /// The project's history with what of the change is not written yet after its head.
    ///
    /// # Errors
    /// Where the history has several heads, or is none with them, in words.
    pub fn new(
        history: &History,
        project: &config::Project,
        change: &Change,
        phases: &Phases,
    ) -> Result<Self, ChangeError> {
        let mut scripts: Vec<Script> = history.scripts().cloned().collect();
        let mut revisions = change.written.clone();
        let mut down = head(history)?;
        for (at, part) in phases.unwritten(change).enumerate() {
            let id = RevisionId::new(format!("proof{at}")).map_err(|it| words(&it))?;
            if history.get(&id).is_some() {
                return Err(ChangeError(format!(
                    "the history has a revision {id}, which is the name of one that is to be proved: rename it"
                )));
            }
            let revision = part.revision(&change.id, id.clone(), down);
            let text = script::write(&revision);
            let reading = script::read(&format!("versions/{id}.sql"), text.as_bytes());
            let script = reading.script.ok_or_else(|| {
                let findings: Vec<String> =
                    reading.findings.iter().map(ToString::to_string).collect();
                ChangeError(findings.join("\n"))
            })?;
            scripts.push(script);
            down = vec![id.clone()];
            revisions.push((part.phase, id));
        }
        let history = History::of_project(scripts, project).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            ChangeError(errors.join("\n"))
        })?;
        Ok(Proposed { history, revisions })
    }

    /// What is applied before the change begins.
    pub fn today(&self) -> Vec<RevisionId> {
        match self.revisions.first() {
            Some((_, first)) => self.history.parents(first),
            None => self.history.heads(),
        }
    }

    /// The points at which queries are prepared, with what each is called: after every revision of the change.
    pub fn points(&self) -> Vec<(Point, String)> {
        let all = self.revisions.iter().enumerate();
        all.map(|(at, (phase, id))| {
            let next = self.revisions.get(at + 1);
            let point = Point {
                phase: *phase,
                is_last: next.is_none_or(|(next, _)| next != phase),
            };
            let message = self
                .history
                .get(id)
                .map(|one| one.revision.message.as_str());
            (point, format!("{phase}: {}", message.unwrap_or_default()))
        })
        .collect()
    }
}

/// The head that revisions are written onto; none in a project without revisions.
///
/// # Errors
/// Where there are several.
pub fn head(history: &History) -> Result<Vec<RevisionId>, ChangeError> {
    let heads = history.heads();
    match heads.len() {
        0 | 1 => Ok(heads),
        _ => {
            let names: Vec<&str> = heads.iter().map(RevisionId::as_str).collect();
            Err(ChangeError(format!(
                "there are several heads ({}): merge them first",
                names.join(", ")
            )))
        }
    }
}

impl Part {
    /// The part as a revision after `down`, with the header's lines that say what it is of.
    pub fn revision(&self, change: &ChangeId, id: RevisionId, down: Vec<RevisionId>) -> Revision {
        Revision {
            id,
            down,
            depends_on: Vec::new(),
            branch_labels: Vec::new(),
            message: self.message.clone(),
            description: Vec::new(),
            author: None,
            create_date: None,
            extra: header(change, self.phase),
            upgrade: self.upgrade.clone(),
            downgrade: Downgrade::Sql(self.downgrade.clone()),
        }
    }
}

impl Phases {
    /// The parts of the phases for which nothing is written.
    pub fn unwritten<'p>(&'p self, change: &Change) -> impl Iterator<Item = &'p Part> {
        let parts = self.parts.iter();
        parts.filter(|part| change.revisions(part.phase).next().is_none())
    }

    /// What is written when the planner says so: expand and migrate.
    pub fn before_contract(&self) -> impl Iterator<Item = &Part> {
        let parts = self.parts.iter();
        parts.filter(|part| part.phase != Phase::Contract)
    }

    /// What brings back what the contract took: it is where migrate left it then, and the contract can be written again.
    pub fn restoration(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = self
            .of(Phase::Contract)
            .map(|part| Part {
                phase: Phase::Migrate,
                message: format!("Bring back: {}", part.message),
                upgrade: part.downgrade.clone(),
                downgrade: part.upgrade.clone(),
            })
            .collect();
        parts.reverse();
        parts
    }
}

fn words(error: &impl ToString) -> ChangeError {
    ChangeError(error.to_string())
}
