//! Hazards of a revision, judged with what the revisions before it made.

use super::Workspace;
pub use super::replayed::before;
use cofferdam_engine::hazard::{Frame, Hazard, Judge, Options};
use cofferdam_engine::lint::{self, Found};
use cofferdam_engine::plan::{Plan, PlannedRevision, StepKind};
use cofferdam_engine::revision::{Direction, Script};
use cofferdam_engine::sql::effect::Effect;

/// What is to be said of a revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub found: Vec<Found>,
    /// What each statement does, in order.
    pub upgrade: Vec<Effect>,
    pub downgrade: Vec<Effect>,
}

impl Judged {
    pub fn effects(&self, direction: Direction) -> &[Effect] {
        match direction {
            Direction::Upgrade => &self.upgrade,
            Direction::Downgrade => &self.downgrade,
        }
    }
}

/// Judges `script`, whose file has this text.
pub fn judge(workspace: &Workspace, script: &Script, text: &str) -> Judged {
    let mut judge = before(workspace, &script.revision.down);
    let mut reading = judge.clone();
    let upgrade = reading.effects(script.revision.sql(Direction::Upgrade));
    let downgrade = reading.effects(script.revision.sql(Direction::Downgrade));
    Judged {
        found: lint::script(script, text, &[], &mut judge),
        upgrade,
        downgrade,
    }
}

/// What one statement of a plan does, and its hazards.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub effect: Option<Effect>,
    pub hazards: Vec<Hazard>,
}

/// What the statements of a plan do, by revision and by the statement's place in its section. All of it is one plan: what
/// an earlier revision makes is empty for the later ones.
pub fn plan(workspace: Option<&Workspace>, plan: &Plan) -> Vec<Vec<Step>> {
    let mut judge = match workspace {
        Some(workspace) => before(workspace, &plan.from),
        None => Judge::new(&Options::default()),
    };
    judge.mark();
    plan.revisions
        .iter()
        .map(|planned| steps(workspace, planned, &mut judge))
        .collect()
}

fn steps(workspace: Option<&Workspace>, planned: &PlannedRevision, judge: &mut Judge) -> Vec<Step> {
    let frame = match planned.direction {
        Direction::Upgrade => Frame::Upgrade,
        Direction::Downgrade => Frame::Downgrade,
    };
    // The file as it is planned has the suppressions; the plan has only what runs.
    let file = workspace.and_then(|workspace| {
        let file = workspace.files.get(&planned.path)?;
        let script = workspace.script(planned.revision.as_ref()?)?;
        (file.sha256 == planned.sha256).then(|| (script, file.text()))
    });
    let sql = match &file {
        Some((script, _)) => script.revision.sql(planned.direction).to_owned(),
        None => text(planned),
    };
    let effects = judge.clone().effects(&sql);
    let mut hazards = judge.judge(&sql, frame, None);
    if let Some((_, text)) = &file {
        judge.allow_in_file(text, &mut hazards);
    }
    let mut steps: Vec<Step> = effects
        .into_iter()
        .map(|effect| Step {
            effect: Some(effect),
            hazards: vec![],
        })
        .collect();
    for hazard in hazards {
        if let Some(step) = hazard.statement.and_then(|at| steps.get_mut(at)) {
            step.hazards.push(hazard);
        }
    }
    steps
}

/// The statements of a planned revision as a section.
pub fn text(planned: &PlannedRevision) -> String {
    let mut text = String::new();
    for (at, segment) in planned.segments.iter().enumerate() {
        if at > 0 {
            text.push_str("-- +commit\n");
        }
        let steps = segment.steps.iter();
        for step in steps.filter(|step| step.kind == StepKind::Statement) {
            text.push_str(&step.sql);
            text.push('\n');
        }
    }
    text
}
