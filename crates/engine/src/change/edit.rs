//! SQL of a change that a person wrote in the place of what follows from its kind.

use super::{Change, ChangeError, ChangeId, Part, Phase, Phases};
use crate::digest::sha256;
use crate::revision::{Downgrade, RevisionId};
use crate::script;
use serde::{Deserialize, Serialize};

/// A part with other SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    pub phase: Phase,
    /// The part's message.
    pub message: String,
    /// The digest of the SQL in whose place it stands: it is for no other.
    pub of: String,
    pub upgrade: String,
    pub downgrade: String,
}

impl Edit {
    /// Other SQL for `part`, as it follows from the change.
    ///
    /// # Errors
    /// Where it cannot be the sections of a revision.
    pub fn new(part: &Part, upgrade: String, downgrade: String) -> Result<Self, ChangeError> {
        let edit = Edit {
            phase: part.phase,
            message: part.message.clone(),
            of: digest(part),
            upgrade: with_end(upgrade),
            downgrade: with_end(downgrade),
        };
        let mut edited = part.clone();
        edit.put(&mut edited);
        match comes_back(&edited) {
            true => Ok(edit),
            false => Err(ChangeError(
                "as a revision it would be read otherwise: a line that begins with `-- +upgrade` or `-- +downgrade` cannot stand in it, and neither section can be without a statement".into(),
            )),
        }
    }

    pub fn is_for(&self, part: &Part) -> bool {
        self.phase == part.phase && self.message == part.message && self.of == digest(part)
    }

    fn put(&self, part: &mut Part) {
        part.upgrade.clone_from(&self.upgrade);
        part.downgrade.clone_from(&self.downgrade);
    }
}

/// The phases, as they follow from the change, with what a person wrote otherwise in its place.
pub fn edited(change: &Change, mut phases: Phases) -> Phases {
    for edit in &change.edits {
        match phases.parts.iter_mut().find(|part| edit.is_for(part)) {
            Some(part) => edit.put(part),
            None if change.revisions(edit.phase).next().is_some() => {}
            None => phases.notes.push(format!(
                "The SQL of {}, \u{201c}{}\u{201d}, was edited for what the change came to before, so the edit is not used: edit it again.",
                edit.phase, edit.message
            )),
        }
    }
    phases
}

fn digest(part: &Part) -> String {
    sha256(format!("{}\0{}", part.upgrade, part.downgrade).as_bytes())
}

fn with_end(sql: String) -> String {
    format!("{}\n", sql.trim_end())
}

/// Whether a revision with this SQL is read as it was written.
fn comes_back(part: &Part) -> bool {
    let (Ok(change), Ok(id)) = (ChangeId::new("edited"), RevisionId::new("edited")) else {
        return false;
    };
    let text = script::write(&part.revision(&change, id, Vec::new()));
    let read = script::read("versions/edited.sql", text.as_bytes());
    let Some(revision) = read.script.map(|script| script.revision) else {
        return false;
    };
    let is_same = |one: &str, other: &str| !one.trim().is_empty() && one.trim() == other.trim();
    let Downgrade::Sql(downgrade) = &revision.downgrade else {
        return false;
    };
    is_same(&revision.upgrade, &part.upgrade) && is_same(downgrade, &part.downgrade)
}
