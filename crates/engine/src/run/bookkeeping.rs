//! The statements that a run sends besides its plan's, for a person to read.

use super::{journal, session};
use crate::plan::{Kind, Mode, Plan};

/// Every statement that a run of `plan` may send besides the plan's own, with words for each. `…`
/// stands for the run's id, who runs it, who approved it, and an error's text. What is shown is
/// what runs.
pub fn bookkeeping(plan: &Plan) -> Vec<(&'static str, String)> {
    let entry = journal::Entry {
        run: "…",
        plan_digest: "…",
        plan,
    };
    let mut all = vec![
        (
            "Notice when the client is gone",
            session::CHECK_CLIENT.to_owned(),
        ),
        ("Take the lock", session::try_lock(plan)),
        ("See who holds it", session::holder(plan)),
        (
            "Read the version rows",
            journal::read_versions(&plan.version_table),
        ),
        (
            "Read what is half applied",
            journal::read_half_applied(&plan.version_table),
        ),
        ("Shut out runs that died", entry.lose_others()),
        ("Open the run", entry.open("…", Some("…"))),
        ("Begin", session::BEGIN.to_owned()),
        ("Check lock and session", session::guard(plan)),
        ("Keep other tools out", session::lock_versions(plan)),
    ];
    if plan.kind == Kind::Undo {
        all.push(("Try a statement", session::SAVEPOINT.to_owned()));
        all.push(("Keep it", session::RELEASE.to_owned()));
        all.push(("Skip it", session::ROLLBACK_TO.to_owned()));
    }
    let segments = || plan.revisions.iter().flat_map(|planned| &planned.segments);
    if segments().any(|segment| segment.mode == Mode::Batches) {
        all.push(("See who waits for the batches", session::look(plan)));
    }
    for planned in &plan.revisions {
        for (index, segment) in planned.segments.iter().enumerate() {
            if let Some(id) = planned
                .revision
                .as_ref()
                .filter(|_| plan.kind != Kind::Undo)
            {
                if segment.mode == Mode::Batches {
                    let begun = entry.half_applied(id, planned, index, false);
                    all.push(("Note that batches have begun", begun));
                }
                if segment.mode == Mode::Outside {
                    let under_way = entry.half_applied(id, planned, index, true);
                    all.push(("Note that the next step is under way", under_way));
                    let failed = entry.half_applied(id, planned, index, false);
                    all.push(("Note that it failed", failed));
                }
                if index + 1 < planned.segments.len() {
                    let half = entry.half_applied(id, planned, index + 1, false);
                    all.push(("Note what is half applied", half));
                }
            }
            all.push(("Journal a segment", entry.segment(planned, index)));
        }
        if let Some(id) = &planned.revision
            && (planned.segments.len() > 1 || plan.kind == Kind::Undo)
        {
            all.push(("Forget that it was half applied", entry.whole_again(id)));
        }
    }
    all.push(("Commit", session::COMMIT.to_owned()));
    all.push(("Roll back", session::ROLLBACK.to_owned()));
    all.push(("Close the run", entry.close("…", Some("…"))));
    all.push(("Let the lock go", session::unlock(plan)));
    all
}
