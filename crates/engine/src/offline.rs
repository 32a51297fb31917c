//! Offline SQL: a plan as a script for psql, in the shape of `alembic upgrade --sql`.

use crate::config::Config;
use crate::plan::{Kind, Mode, Plan, PlannedRevision, Segment, StepKind};
use crate::revision::{Direction, RevisionId};

/// How many transactions a script has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transactions {
    /// One for each revision, with its version row: Cofferdam's way, and Alembic's `transaction_per_migration`.
    Each,
    /// One for all revisions, interrupted only by what runs outside a transaction: Alembic's way.
    One,
}

impl Transactions {
    /// As the project says, or its Alembic configuration.
    pub fn of(config: &Config) -> Self {
        match config.alembic.transaction_per_migration {
            Some(false) => Transactions::One,
            _ => Transactions::Each,
        }
    }
}

/// Writes `plan` as a script. Each transaction stands between BEGIN and COMMIT; a statement that
/// runs outside one stands by itself. The journal is not written: a script leaves none.
pub fn script(plan: &Plan, transactions: Transactions) -> String {
    let steps = plan.revisions.iter().flat_map(|planned| &planned.segments);
    let steps = steps.flat_map(|segment| &segment.steps);
    let mut writer = Writer {
        // Room for the statements, and for what stands around those of each revision.
        out: String::with_capacity(
            steps.map(|step| step.sql.len() + 4).sum::<usize>() + 128 * plan.revisions.len(),
        ),
        open: false,
    };
    let settings = plan.settings.len() > 1;
    if plan.from.is_empty() {
        // The journal's tables come last among the preparations, and a script needs only the
        // version table (and its schema). As Alembic prints it, the first revision shares their
        // transaction where it can.
        writer.begin();
        for preparation in plan
            .prepare
            .iter()
            .take_while(|p| !p.check.contains("'cofferdam'"))
        {
            writer.write(&preparation.sql);
        }
        if settings {
            writer.commit();
        }
    }
    for planned in &plan.revisions {
        if settings {
            writer.commit();
            for setting in &plan.settings {
                writer.write(setting);
            }
        }
        for (at, segment) in planned.segments.iter().enumerate() {
            match segment.mode {
                Mode::Transaction => writer.begin(),
                // What ran before it is committed; the headline of Alembic's own stands inside.
                Mode::Outside | Mode::Batches if at > 0 || transactions == Transactions::Each => {
                    writer.commit();
                }
                Mode::Outside | Mode::Batches => {}
            }
            if at == 0 {
                writer.write(&headline(plan.kind, planned));
            }
            if segment.mode != Mode::Transaction {
                writer.commit();
            }
            if segment.mode == Mode::Batches {
                writer.batches(segment);
                continue;
            }
            for step in &segment.steps {
                match step.sql.ends_with(';') {
                    true => writer.write(&step.sql),
                    // A line of its own, in case the statement ends in a comment.
                    false => writer.write(&format!("{}\n;", step.sql)),
                }
            }
            let last = at + 1 == planned.segments.len();
            if transactions == Transactions::Each || (settings && last) {
                writer.commit();
            }
        }
    }
    writer.commit();
    writer.out
}

struct Writer {
    out: String,
    /// Whether a transaction is open.
    open: bool,
}

impl Writer {
    fn write(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn begin(&mut self) {
        if !std::mem::replace(&mut self.open, true) {
            self.write("BEGIN;");
        }
    }

    fn commit(&mut self) {
        if std::mem::take(&mut self.open) {
            self.write("COMMIT;");
        }
    }
}

impl Writer {
    /// Writes a loop over the ranges, each committed: what a run does, as a statement (PostgreSQL manual, 43.8).
    fn batches(&mut self, segment: &Segment) {
        let of = |kind| segment.steps.iter().filter(move |step| step.kind == kind);
        let (mut range, mut statement) = (of(StepKind::Range), of(StepKind::Statement));
        let (Some(range), Some(statement)) = (range.next(), statement.next()) else {
            return;
        };
        let opens = segment
            .steps
            .iter()
            .take_while(|step| step.kind != StepKind::Range);
        self.write("CREATE SCHEMA IF NOT EXISTS cofferdam;");
        for step in opens {
            self.write(&step.sql);
        }
        let own = statement.sql.trim_end().trim_end_matches(';');
        let mut tag = "$cofferdam$".to_owned();
        while own.contains(&tag) {
            tag.insert_str(1, "x_");
        }
        let measure: String = of(StepKind::Measure)
            .map(|step| format!("{}\n", step.sql))
            .collect();
        let (written, rest) = match segment.rate {
            Some(rate) => (
                "GET DIAGNOSTICS cofferdam_rows = ROW_COUNT;\n",
                format!(
                    "PERFORM pg_sleep(greatest(0, cofferdam_rows / {rate}.0 - extract(epoch FROM clock_timestamp() - cofferdam_began)));\nCOMMIT;\n"
                ),
            ),
            None => ("", String::new()),
        };
        self.write(&format!(
            "DO {tag}\nDECLARE\n    cofferdam_rows bigint;\n    cofferdam_began timestamptz;\nBEGIN\n    LOOP\ncofferdam_began := clock_timestamp();\n{}\nGET DIAGNOSTICS cofferdam_rows = ROW_COUNT;\nEXIT WHEN cofferdam_rows = 0;\n{own}\n;\n{written}{measure}COMMIT;\n{rest}    END LOOP;\nEND\n{tag};",
            range.sql
        ));
        if let Some(close) = of(StepKind::Cursor).next_back() {
            self.write(&close.sql);
        }
    }
}

fn headline(kind: Kind, planned: &PlannedRevision) -> String {
    let revision: Vec<RevisionId> = planned.revision.clone().into_iter().collect();
    match (kind, planned.direction) {
        (Kind::Stamp, _) => format!(
            "-- Running stamp_revision {} -> {}",
            names(&planned.heads_before),
            names(&planned.heads_after)
        ),
        (_, Direction::Upgrade) => format!(
            "-- Running upgrade {} -> {}",
            names(&planned.down),
            names(&revision)
        ),
        (_, Direction::Downgrade) => format!(
            "-- Running downgrade {} -> {}",
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
