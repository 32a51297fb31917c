//! A change with what follows from it: its phases, and what each of their statements does.

use crate::pages::dry_run::figures::{counted, grouped};
use crate::state::{Workspace, judging};
use cofferdam_engine::change::gate::{self, Condition};
use cofferdam_engine::change::{self, Change, Edit, Part, Phase, Phases};
use cofferdam_engine::hazard::{Judge, Statistics, TableStatistics};
use cofferdam_engine::revision::RevisionId;
use cofferdam_engine::sql::effect::Effect;
use cofferdam_engine::{plan, sql};
use std::collections::BTreeSet;

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
    /// The part as it follows from the change, whatever a person wrote in its place.
    pub made: Part,
    pub upgrade: Vec<Transaction>,
    pub downgrade: Vec<Transaction>,
}

impl Revision {
    /// Whether a person wrote its SQL otherwise.
    pub fn is_edited(&self) -> bool {
        self.part != self.made
    }
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
    /// What it has to go through in production, in words, where that is known.
    pub amount: Option<String>,
}

impl Drawn {
    /// Draws `change` on the open project, of which `judge` knows what is applied before the change.
    ///
    /// # Errors
    /// Where it has no phases, in words.
    pub fn new(workspace: &Workspace, mut judge: Judge, change: Change) -> Result<Self, String> {
        let made = change::unedited(&change).map_err(|error| error.to_string())?;
        let phases = change::edited(&change, made.clone());
        let project = &workspace.config.project;
        let conditions = gate::conditions(&change, &phases, &plan::version_table(project))
            .map_err(|error| error.to_string())?;
        let statistics = workspace.statistics();
        let parts = phases.parts.iter().zip(made.parts).map(|(part, made)| {
            let upgrade = transactions(&part.upgrade, &mut judge, &statistics);
            Revision {
                part: part.clone(),
                made,
                upgrade,
                // Undoing begins where the part has ended.
                downgrade: transactions(&part.downgrade, &mut judge.clone(), &statistics),
            }
        });
        let table = match change.table.schema.as_str() {
            "public" => change.table.name.clone(),
            schema => format!("{schema}.{}", change.table.name),
        };
        Ok(Drawn {
            parts: parts.collect(),
            statistics: statistics.tables.get(&table).copied(),
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

    /// The change, without edits of what it came to before.
    pub fn to_keep(&self) -> Change {
        let mut change = self.change.clone();
        let is_used = |edit: &Edit| self.parts.iter().any(|one| edit.is_for(&one.made));
        change.edits.retain(is_used);
        change
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

fn transactions(text: &str, judge: &mut Judge, statistics: &Statistics) -> Vec<Transaction> {
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
                    let effect = effects.next().unwrap_or_else(unknown);
                    Line {
                        sql: text[statement.body.clone()].to_owned(),
                        batches: said,
                        amount: amount(&effect, statistics),
                        effect,
                    }
                })
                .collect(),
        })
        .collect()
}

/// The rows and bytes of the tables of which a statement reads or writes every row.
fn amount(effect: &Effect, statistics: &Statistics) -> Option<String> {
    let Effect::Known(facts) = effect else {
        return None;
    };
    let tables: BTreeSet<_> = facts.work.iter().map(|work| &work.table).collect();
    let known = tables.into_iter().filter_map(|table| {
        let known = statistics.of(table)?;
        Some(format!("{table} {}", size(&known)))
    });
    let known: Vec<String> = known.collect();
    (!known.is_empty()).then(|| format!("In production: {}.", known.join(", ")))
}

/// How large a table is in production.
pub fn size(known: &TableStatistics) -> String {
    let rows = counted(known.rows, "row", "rows");
    format!("{rows}, {} MB", grouped(known.bytes.div_ceil(1 << 20)))
}

/// Effects are as many as statements.
fn unknown() -> Effect {
    Effect::Unknown {
        reason: "it cannot be read".into(),
    }
}
