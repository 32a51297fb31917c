//! A change with what follows from it: its phases, and what each of their statements does.

use crate::state::{Workspace, judging};
use cofferdam_engine::change::gate::{self, Condition};
use cofferdam_engine::change::{self, Change, Part, Phase, Phases};
use cofferdam_engine::hazard::{Judge, TableStatistics};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::sql::effect::Effect;
use cofferdam_engine::{plan, sql};

/// A change as the page shows it. Two are the same when their files are.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub change: Change,
    pub phases: Phases,
    /// The parts in their order, with their statements.
    pub parts: Vec<Revision>,
    /// What the gate asks, without its answers.
    pub conditions: Vec<Condition>,
    /// What is known of the table in production.
    pub statistics: Option<TableStatistics>,
}

impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        self.change == other.change
            && self.phases == other.phases
            && self.statistics == other.statistics
    }
}

/// One revision of a change.
#[derive(Clone, Debug)]
pub struct Revision {
    pub part: Part,
    pub upgrade: Vec<Transaction>,
    pub downgrade: Vec<Transaction>,
}

/// Statements that commit together, or one that commits by itself.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub is_outside: bool,
    pub statements: Vec<Line>,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub sql: String,
    /// What is said of its batches, where it runs in some.
    pub batches: Option<String>,
    pub effect: Effect,
}

impl Drawn {
    /// Draws `change` on the open project, of which `judge` knows what is applied before the change.
    ///
    /// # Errors
    /// Where it has no phases, in words.
    pub fn new(workspace: &Workspace, mut judge: Judge, change: Change) -> Result<Self, String> {
        let phases = change::phases(&change).map_err(|error| error.to_string())?;
        let project = &workspace.config.project;
        let conditions = gate::conditions(&change, &phases, &plan::version_table(project))
            .map_err(|error| error.to_string())?;
        let parts = phases.parts.iter().map(|part| {
            let upgrade = transactions(&part.upgrade, &mut judge);
            Revision {
                part: part.clone(),
                upgrade,
                // Undoing begins where the part has ended.
                downgrade: transactions(&part.downgrade, &mut judge.clone()),
            }
        });
        let table = match change.table.schema.as_str() {
            "public" => change.table.name.clone(),
            schema => format!("{schema}.{}", change.table.name),
        };
        Ok(Drawn {
            parts: parts.collect(),
            statistics: workspace.statistics().tables.get(&table).copied(),
            conditions,
            phases,
            change,
        })
    }

    /// The revisions of one phase.
    pub fn of(&self, phase: Phase) -> impl Iterator<Item = &Revision> {
        let all = self.parts.iter();
        all.filter(move |revision| revision.part.phase == phase)
    }

    /// How many revisions are written before the contract.
    pub fn count_before_contract(&self) -> usize {
        self.phases.before_contract().count()
    }
}

/// A judge that knows what is applied before a change whose revisions are `written` begins.
pub fn judge(workspace: &Workspace, written: &[(Phase, RevisionId)]) -> Judge {
    let first = written.first();
    let down = match first.and_then(|(_, id)| workspace.script(id)) {
        Some(script) => script.revision.down.clone(),
        None => workspace.heads(),
    };
    judging::before(workspace, &down)
}

fn transactions(text: &str, judge: &mut Judge) -> Vec<Transaction> {
    let mut effects = judge.effects(text).into_iter();
    let segments = sql::segments(text).into_iter();
    segments
        .map(|segment| Transaction {
            is_outside: segment.is_outside(),
            statements: segment
                .statements
                .iter()
                .map(|statement| {
                    let above = &text[statement.range.start..statement.body.start];
                    let said = above.lines().find_map(|line| {
                        let said = line.trim().strip_prefix("-- +backfill")?;
                        Some(said.trim().to_owned())
                    });
                    Line {
                        sql: text[statement.body.clone()].to_owned(),
                        batches: said,
                        effect: effects.next().unwrap_or_else(unknown),
                    }
                })
                .collect(),
        })
        .collect()
}

/// Effects are as many as statements.
fn unknown() -> Effect {
    Effect::Unknown {
        reason: "it cannot be read".into(),
    }
}
