//! Offline SQL: a plan as a script for psql, in the shape of `alembic upgrade --sql`.

use crate::plan::{Kind, Mode, Plan, PlannedRevision};
use crate::revision::{Direction, RevisionId};

/// Writes `plan` as a script. Each transaction stands between BEGIN and COMMIT; a statement that
/// runs outside one stands by itself. The journal is not written: a script leaves none.
pub fn script(plan: &Plan) -> String {
    let mut out = String::new();
    let settings = plan.settings.len() > 1;
    let mut open = false;
    if plan.from.is_empty() {
        // The journal's tables come last among the preparations, and a script needs only the
        // version table (and its schema). As Alembic prints it, the first revision shares their
        // transaction where it can.
        out.push_str("BEGIN;\n\n");
        for preparation in plan
            .prepare
            .iter()
            .take_while(|p| !p.check.contains("'cofferdam'"))
        {
            out.push_str(&preparation.sql);
            out.push_str("\n\n");
        }
        let first = plan
            .revisions
            .first()
            .and_then(|planned| planned.segments.first());
        open = !settings && first.is_some_and(|segment| segment.mode == Mode::Transaction);
        if !open {
            out.push_str("COMMIT;\n\n");
        }
    }
    for planned in &plan.revisions {
        if settings {
            for setting in &plan.settings {
                out.push_str(setting);
                out.push_str("\n\n");
            }
        }
        let mut first = true;
        for segment in &planned.segments {
            let transaction = segment.mode == Mode::Transaction;
            if transaction && !std::mem::take(&mut open) {
                out.push_str("BEGIN;\n\n");
            }
            if first {
                out.push_str(&headline(plan.kind, planned));
                first = false;
            }
            for step in &segment.steps {
                out.push_str(&step.sql);
                if !step.sql.ends_with(';') {
                    // A line of its own, in case the statement ends in a comment.
                    out.push_str("\n;");
                }
                out.push_str("\n\n");
            }
            if transaction {
                out.push_str("COMMIT;\n\n");
            }
        }
    }
    out
}

fn headline(kind: Kind, planned: &PlannedRevision) -> String {
    let revision: Vec<RevisionId> = planned.revision.clone().into_iter().collect();
    match (kind, planned.direction) {
        (Kind::Stamp, _) => format!(
            "-- Running stamp_revision {} -> {}\n\n",
            names(&planned.heads_before),
            names(&planned.heads_after)
        ),
        (_, Direction::Upgrade) => format!(
            "-- Running upgrade {} -> {}\n\n",
            names(&planned.down),
            names(&revision)
        ),
        (_, Direction::Downgrade) => format!(
            "-- Running downgrade {} -> {}\n\n",
            names(&revision),
            names(&planned.down)
        ),
    }
}

fn names(ids: &[RevisionId]) -> String {
    ids.iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
