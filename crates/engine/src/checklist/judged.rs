//! What judging the revisions gives a checklist.

use super::{Occasion, Question};
use crate::finding::Severity;
use crate::hazard::Judge;
use crate::lint::{self, Found};
use crate::revision::Direction;
use crate::sql::effect::{Effect, Loss};

/// A line each.
#[derive(Default)]
pub struct Judged {
    /// Those that nothing answers.
    pub hazards: Vec<String>,
    /// Those that are allowed with a reason.
    pub answered: Vec<String>,
    pub bad_names: Vec<String>,
    pub destroyed: Vec<String>,
    /// How many of them no suppression answers.
    pub destroyed_unallowed: usize,
    /// A part of the revisions needs Python.
    pub is_unknown: bool,
}

/// Rules about what is destroyed.
const DESTROYS: [&str; 12] = [
    "ban-drop-column",
    "ban-drop-database",
    "ban-drop-domain",
    "ban-drop-extension",
    "ban-drop-schema",
    "ban-drop-sequence",
    "ban-drop-table",
    "ban-drop-type",
    "ban-truncate-cascade",
    "create-after-drop",
    "drop-cascade",
    "truncating",
];

/// Rules about names and messages.
const NAMES: [&str; 3] = [
    "meaningless-message",
    "identifier-too-long",
    "naming-convention",
];

/// Reads the wanted revisions with what those before them made.
pub fn judge(question: &Question<'_>) -> Judged {
    let mut judge = Judge::new(question.options);
    let mut judged = Judged::default();
    let direction = question.occasion.direction();
    let mut is_first = true;
    for script in question.history.scripts() {
        let revision = &script.revision;
        if !question.wanted.contains(&revision.id) {
            judge.replay(revision.sql(Direction::Upgrade));
            continue;
        }
        if is_first || !question.together {
            judge.mark();
        }
        is_first = false;
        judged.is_unknown |= script
            .body(direction)
            .is_some_and(|body| !body.unreadable.is_empty());
        let mut reading = judge.clone();
        let up = reading.effects(revision.sql(Direction::Upgrade));
        let effects = match question.occasion {
            Occasion::Deployment => up,
            Occasion::Rollback => reading.effects(revision.sql(Direction::Downgrade)),
        };
        let losses = effects.into_iter().filter_map(|effect| match effect {
            Effect::Known(facts) => Some(facts.losses),
            Effect::Unknown { .. } => None,
        });
        let losses = losses.flatten().map(|loss| words(&loss));
        judged
            .destroyed
            .extend(losses.map(|what| format!("{}: {what}", revision.id)));
        let text = (question.text)(script);
        for found in lint::script(script, &text, &[], &mut judge) {
            judged.take(&found);
        }
    }
    // Taking back is what a rollback is for; a person reads the list.
    if question.occasion == Occasion::Rollback {
        judged.destroyed_unallowed = 0;
    }
    judged
}

impl Judged {
    fn take(&mut self, found: &Found) {
        let is_name = NAMES.contains(&found.code);
        let place = format!("{}:{} {}", found.path, found.line, found.code);
        let counts = found.severity > Severity::Note || found.code == "meaningless-message";
        match &found.allowed {
            Some(reason) => self.answered.push(format!("{place} is allowed: {reason}")),
            None => {
                self.destroyed_unallowed += usize::from(DESTROYS.contains(&found.code));
                let said = format!("{place}: {}", found.message);
                if is_name && counts {
                    self.bad_names.push(said);
                } else if !is_name && found.is_serious() {
                    self.hazards.push(said);
                }
            }
        }
    }
}

fn words(loss: &Loss) -> String {
    match loss {
        Loss::Table(table) => format!("the table {table} with its rows"),
        Loss::Column { table, column } => format!("the column {column} of {table}"),
        Loss::Rows(table) => format!("rows of {table}"),
        Loss::Narrowed { table, column } => {
            format!("what {column} of {table} holds beyond its new type")
        }
        Loss::Dependents(name) => format!("what depends on {name}"),
    }
}
