//! The words and badges for states, kinds and counts.

use cofferdam_engine::api::{PlanState, RunState, Verdict};
use cofferdam_engine::plan::{Kind, Plan, StepKind};
use cofferdam_engine::revision::Direction;
use cofferdam_engine::run::Outcome;
use leptos::prelude::*;

pub fn plan_state(state: PlanState) -> &'static str {
    match state {
        PlanState::Open => "open",
        PlanState::Approved => "approved",
        PlanState::Rejected => "rejected",
        PlanState::Withdrawn => "withdrawn",
        PlanState::Running => "running",
        PlanState::Applied => "applied",
        PlanState::Failed => "failed",
    }
}

#[component]
pub fn PlanBadge(state: PlanState) -> impl IntoView {
    let tone = match state {
        PlanState::Open => "info",
        PlanState::Approved | PlanState::Applied => "good",
        PlanState::Running => "accent",
        PlanState::Withdrawn => "",
        PlanState::Rejected | PlanState::Failed => "danger",
    };
    view! { <span class=format!("badge {tone}")>{plan_state(state)}</span> }
}

#[component]
pub fn RunBadge(state: RunState) -> impl IntoView {
    let (tone, word) = match state {
        RunState::Running => ("accent", "running"),
        RunState::Done => ("good", "done"),
        RunState::Failed => ("danger", "failed"),
        RunState::Cancelled => ("caution", "cancelled"),
        RunState::Lost => ("danger", "lost"),
    };
    view! { <span class=format!("badge {tone}")>{word}</span> }
}

/// What a run that ended so counts as.
pub fn run_state(outcome: &Outcome) -> RunState {
    match outcome {
        Outcome::Done => RunState::Done,
        Outcome::Failed { .. } | Outcome::Refused { .. } => RunState::Failed,
        Outcome::Cancelled { .. } => RunState::Cancelled,
        Outcome::Lost { .. } => RunState::Lost,
    }
}

pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Approve => "approved",
        Verdict::Reject => "rejected",
    }
}

/// "Upgrade staging to heads", as a headline.
pub fn headline(kind: Kind, environment: &str, target: &str) -> String {
    let way = match target.strip_prefix(['+', '-']).and_then(|n| n.parse().ok()) {
        Some(n) => format!("by {}", count(n, "revision")),
        None => format!("to {target}"),
    };
    match kind {
        Kind::Upgrade => format!("Upgrade {environment} {way}"),
        Kind::Downgrade => format!("Downgrade {environment} {way}"),
        Kind::Stamp => format!("Stamp {environment} as {target}"),
        Kind::Undo => format!("Undo {target} on {environment}"),
    }
}

/// "1 revision", "4 revisions".
pub fn count(n: usize, one: &str) -> String {
    let ending = match (n, one.ends_with("ch")) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{n} {one}{ending}")
}

/// "4 revisions, 11 statements".
pub fn counts(revisions: usize, statements: usize) -> String {
    format!(
        "{}, {}",
        count(revisions, "revision"),
        count(statements, "statement")
    )
}

/// What applying `plan` does, as a button's words.
pub fn deed(plan: &Plan, environment: &str) -> String {
    let counts = counts(plan.revisions.len(), plan.statement_count());
    match plan.kind {
        Kind::Upgrade => format!("Apply {counts} to {environment}"),
        Kind::Downgrade => format!("Downgrade {environment} by {counts}"),
        Kind::Stamp => headline(plan.kind, environment, &plan.target),
        Kind::Undo => format!(
            "Undo {} on {environment}, {}",
            plan.target,
            count(plan.statement_count(), "statement")
        ),
    }
}

/// "12 ms", "3.4 s", "2 min 5 s".
pub fn duration(ms: f64) -> String {
    if ms < 10.0 {
        format!("{ms:.1} ms")
    } else if ms < 1_000.0 {
        format!("{ms:.0} ms")
    } else if ms < 60_000.0 {
        format!("{:.1} s", ms / 1_000.0)
    } else {
        let seconds = (ms / 1_000.0).floor();
        format!("{} min {} s", (seconds / 60.0).floor(), seconds % 60.0)
    }
}

/// The statements of `plan` that take something away, by their labels. A label names a statement's first
/// action only, so this is what is known, not all there may be.
pub fn destroys(plan: &Plan) -> Vec<String> {
    plan.steps()
        .filter(|(_, step)| step.kind == StepKind::Statement)
        .filter_map(|(_, step)| destroys_what(&step.sql))
        .collect()
}

/// The label of `sql` where it says that something is taken away.
pub fn destroys_what(sql: &str) -> Option<String> {
    const HARMLESS: [&str; 4] = [
        " DROP NOT NULL",
        " DROP DEFAULT",
        " DROP IDENTITY",
        " DROP EXPRESSION",
    ];
    let label = cofferdam_engine::sql::label(sql);
    let begins = ["DROP ", "TRUNCATE", "DELETE FROM "]
        .iter()
        .any(|word| label.starts_with(word));
    let within = label.starts_with("ALTER ")
        && label.contains(" DROP ")
        && !HARMLESS.iter().any(|words| label.contains(words));
    (begins || within).then_some(label)
}

/// Whether `plan` takes something away: it goes down, or a statement says so. Version rows do not count.
pub fn is_dangerous(plan: &Plan) -> bool {
    plan.kind != Kind::Stamp
        && plan
            .revisions
            .iter()
            .any(|planned| planned.direction == Direction::Downgrade)
        || !destroys(plan).is_empty()
}
