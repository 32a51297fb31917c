//! What a person asks for: a range, and which way to run it.

use super::range::Range;
use super::record::{Entry, Kind, Phase, Subject};
use crate::state::judging;
use cofferdam_engine::hazard::{Judge, Options};
use cofferdam_engine::plan::{PlanError, PlannedRevision, Sealed, StepKind};
use cofferdam_engine::revision::Direction;
use std::sync::Arc;

/// Revisions whose statements are read before they run; of more only the measured is shown.
const PREDICTED: usize = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Upgrade,
    Downgrade,
    /// Up, down, up, comparing the schema.
    Prove,
}

impl Mode {
    pub fn read(text: &str) -> Option<Self> {
        [Mode::Upgrade, Mode::Downgrade, Mode::Prove]
            .into_iter()
            .find(|mode| mode.address() == text)
    }

    /// As it stands in an address.
    pub fn address(self) -> &'static str {
        match self {
            Mode::Upgrade => "upgrade",
            Mode::Downgrade => "downgrade",
            Mode::Prove => "prove",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Order {
    pub mode: Mode,
    pub range: Arc<Range>,
}

/// One phase's plans, in order.
#[derive(Clone, Copy, Debug)]
pub struct Leg<'a> {
    pub kind: Kind,
    pub plans: &'a [Sealed],
}

impl Order {
    /// The phases after the database has started, in order.
    pub fn legs(&self) -> Result<Vec<Leg<'_>>, PlanError> {
        let range = &self.range;
        let leg = |kind, plans| Leg { kind, plans };
        let down = || range.down.as_deref().map_err(Clone::clone);
        let mut legs = Vec::new();
        if !range.replay.is_empty() {
            legs.push(leg(Kind::Replay, range.replay.as_slice()));
        }
        match self.mode {
            Mode::Upgrade => legs.push(leg(Kind::Up, &range.up)),
            Mode::Downgrade => {
                let plans = down()?;
                legs.push(leg(Kind::Climb, &range.up));
                legs.push(leg(Kind::Down, plans));
            }
            Mode::Prove => {
                legs.push(leg(Kind::Up, &range.up));
                legs.push(leg(Kind::Down, down()?));
                legs.push(leg(Kind::UpAgain, &range.up));
            }
        }
        Ok(legs)
    }

    /// The record of each phase before anything has run: every line is there from the start.
    pub fn phases(&self) -> Result<Vec<Phase>, PlanError> {
        let legs = self.legs()?;
        let all = legs.iter().flat_map(|leg| leg.plans);
        let count: usize = all.map(|sealed| sealed.plan().revisions.len()).sum();
        let mut judge = (count <= PREDICTED).then(|| Judge::new(&Options::default()));
        let phases = legs.into_iter().map(|leg| {
            let revisions = leg.plans.iter().flat_map(|sealed| &sealed.plan().revisions);
            let mut entries = Vec::new();
            for planned in revisions {
                let effects = judge
                    .as_mut()
                    .map(|judge| judge.effects(&judging::text(planned)));
                entries.push(revision(planned).predicting(effects.unwrap_or_default()));
                entries.extend(self.seed_after(planned));
            }
            Phase::new(leg.kind, entries)
        });
        Ok(std::iter::once(Phase::new(Kind::Boot, Vec::new()))
            .chain(phases)
            .collect())
    }

    /// The seed's entry, where it is loaded right after `planned`.
    fn seed_after(&self, planned: &PlannedRevision) -> Option<Entry> {
        let seed = self.range.seed.as_ref()?;
        if !loads_after(&seed.revision, planned) {
            return None;
        }
        let statements = seed.statements().into_iter().map(|body| {
            let (line, _) = cofferdam_engine::finding::line_column(&seed.text, body.start);
            (seed.text[body].to_owned(), StepKind::Statement, Some(line))
        });
        Some(Entry::new(
            Subject::Seed {
                path: seed.path.clone(),
                after: seed.revision.clone(),
            },
            statements,
        ))
    }
}

/// Whether a seed that belongs after `revision` is loaded when `planned` is done.
pub fn loads_after(
    revision: &cofferdam_engine::revision::RevisionId,
    planned: &PlannedRevision,
) -> bool {
    planned.direction == Direction::Upgrade && planned.revision.as_ref() == Some(revision)
}

fn revision(planned: &PlannedRevision) -> Entry {
    let steps = planned.segments.iter().flat_map(|segment| &segment.steps);
    Entry::new(
        Subject::Revision {
            id: planned.revision.clone(),
            message: planned.message.clone(),
            direction: planned.direction,
        },
        steps.map(|step| {
            (
                step.sql.clone(),
                step.kind,
                step.place.as_ref().map(|place| place.line),
            )
        }),
    )
}
