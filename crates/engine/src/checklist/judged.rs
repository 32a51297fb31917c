//! What judging the revisions gives a checklist.

use super::{Occasion, Question};
use crate::finding::Severity;
use crate::hazard::Judge;
use crate::lint::{self, Found};
use crate::revision::{Direction, Script};
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

/// Judges one revision after the other, parents before children.
pub struct Judging {
    judge: Judge,
    is_begun: bool,
    pub judged: Judged,
}

impl Judging {
    pub fn new(question: &Question<'_>) -> Self {
        Judging {
            judge: Judge::new(question.options),
            is_begun: false,
            judged: Judged::default(),
        }
    }

    /// Only takes in what a revision made that is not asked for.
    pub fn replay(&mut self, script: &Script) {
        self.judge.replay(script.revision.sql(Direction::Upgrade));
    }

    pub fn judge(&mut self, question: &Question<'_>, script: &Script) {
        let revision = &script.revision;
        let judged = &mut self.judged;
        if !self.is_begun || !question.together {
            self.judge.mark();
        }
        self.is_begun = true;
        judged.is_unknown |= script
            .body(question.occasion.direction())
            .is_some_and(|body| !body.unreadable.is_empty());
        let mut reading = self.judge.clone();
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
        // While a copy is kept, each change is one more for the next copy to carry.
        drop(reading);
        let text = (question.text)(script);
        for found in lint::script(script, &text, &[], &mut self.judge) {
            judged.take(&found);
        }
        // Taking back is what a rollback is for; a person reads the list.
        if question.occasion == Occasion::Rollback {
            judged.destroyed_unallowed = 0;
        }
    }
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
