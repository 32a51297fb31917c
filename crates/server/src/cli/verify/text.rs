//! What proving gave, for people.

use crate::cli::duration;
use crate::verify::{Checked, Merged, Report, Step};
use cofferdam_engine::catalog::Difference;
use cofferdam_engine::verify::{Merging, Refused, Verdict};
use std::fmt::Write;
use std::time::Duration;

/// Longest list of differences that is shown whole.
const SHOWN: usize = 20;

/// A line a revision, what is to be known of those that are not reversible, and the totals.
pub fn report(report: &Report, verbose: bool) -> String {
    let mut text = String::new();
    let width = report
        .revisions
        .iter()
        .map(|one| one.revision.as_str().len())
        .max();
    for checked in &report.revisions {
        let id = checked.revision.as_str();
        let line = format!(
            "{id:<width$}  {:<18}{}",
            checked.verdict.words(),
            checked.message,
            width = width.unwrap_or(0)
        );
        let _ = writeln!(text, "{}", line.trim_end());
        details(&mut text, checked);
        if verbose {
            steps(&mut text, checked);
        }
    }
    let totals = &report.totals;
    let parts: Vec<String> = totals
        .verdicts
        .iter()
        .map(|(words, count)| format!("{count} {words}"))
        .collect();
    let taken = duration::show(Duration::from_secs_f64(report.elapsed_ms / 1000.0));
    let revisions = match totals.revisions {
        1 => "1 revision".to_owned(),
        count => format!("{count} revisions"),
    };
    let _ = writeln!(
        text,
        "\n{revisions} on PostgreSQL {} in {taken}: {}",
        report.postgres,
        parts.join(", ")
    );
    match &report.seed {
        Some(seed) => {
            let _ = writeln!(text, "With the rows of {} after {}", seed.file, seed.after);
        }
        None => text.push_str("Without rows besides those of the revisions: what a downgrade loses of others shows with --seed FILE\n"),
    }
    text
}

pub fn details(text: &mut String, checked: &Checked) {
    match &checked.verdict {
        Verdict::Reversible => {}
        Verdict::LosesData { lost } => {
            for lost in lost {
                let _ = writeln!(
                    text,
                    "    {}: {} of {} rows are gone or came back with other values",
                    lost.table, lost.lost, lost.rows
                );
            }
        }
        Verdict::Irreversible { reason } => {
            let _ = writeln!(text, "    +downgrade none: {reason}");
        }
        Verdict::MissingDowngrade => {
            let _ = writeln!(
                text,
                "    {} has no downgrade: write it, or say `-- +downgrade none: reason`",
                checked.path
            );
        }
        Verdict::NotInverse {
            down,
            again,
            refused: error,
        } => {
            list(
                text,
                "after the downgrade, against before the upgrade:",
                down,
            );
            list(text, "after the second upgrade, against the first:", again);
            if let Some(error) = error {
                let _ = writeln!(text, "    the second upgrade fails:");
                refused(text, &checked.path, error);
            }
        }
        Verdict::Fails {
            leg,
            refused: error,
        } => {
            let _ = writeln!(text, "    {} fails:", leg.words());
            refused(text, &checked.path, error);
        }
        Verdict::NeedsPython {
            direction,
            unreadable,
        } => {
            for part in unreadable {
                let _ = writeln!(
                    text,
                    "    the {direction} cannot be known without running Python: {}:{}: {}",
                    checked.path, part.line, part.reason
                );
            }
        }
        Verdict::Unplanned { reason } => {
            let _ = writeln!(text, "    {reason}");
        }
        Verdict::NotReached { after } => {
            let _ = writeln!(text, "    it stands on {after}, which could not be applied");
        }
    }
}

fn list(text: &mut String, title: &str, found: &[Difference]) {
    if found.is_empty() {
        return;
    }
    let _ = writeln!(text, "    {title}");
    for one in found.iter().take(SHOWN) {
        let _ = writeln!(text, "      {}", first_line(&one.sentence));
    }
    if found.len() > SHOWN {
        let _ = writeln!(
            text,
            "      … and {} more (--format json has them all)",
            found.len() - SHOWN
        );
    }
}

fn refused(text: &mut String, path: &str, refused: &Refused) {
    let _ = writeln!(text, "      {}", refused.error);
    if let Some(sql) = &refused.sql {
        let place = refused
            .line
            .map(|line| format!("{path}:{line}: "))
            .unwrap_or_default();
        let _ = writeln!(text, "      {place}{}", first_line(sql));
    }
}

/// A long text in one line.
fn first_line(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    match lines.next() {
        Some(_) => format!("{first} …"),
        None => first.to_owned(),
    }
}

fn steps(text: &mut String, checked: &Checked) {
    for leg in &checked.legs {
        for step in &leg.work.steps {
            let _ = writeln!(text, "    {}: {}", leg.leg.words(), figures(step));
        }
    }
}

/// Such as `CREATE INDEX x, 1.2 ms, 8 kB of WAL, SHARE on public.users`.
fn figures(step: &Step) -> String {
    let mut words = vec![step.statement.clone(), format!("{:.1} ms", step.elapsed_ms)];
    words.extend(step.rows.map(|rows| format!("{rows} rows")));
    match &step.measured {
        None => words.push("not measurable: it commits by itself".into()),
        Some(figures) => {
            words.push(format!("{} bytes of WAL", figures.wal_bytes));
            words.extend(
                figures
                    .locks
                    .iter()
                    .map(|lock| format!("{} on {}", lock.mode, lock.relation)),
            );
            words.extend(
                figures
                    .rewritten
                    .iter()
                    .map(|name| format!("rewrites {name}")),
            );
        }
    }
    words.join(", ")
}

/// Whether heads can be merged, a line a pair.
pub fn merging(merged: &[Merged]) -> String {
    let mut text = String::new();
    for pair in merged {
        let [one, other] = &pair.heads;
        let _ = writeln!(text, "{one} and {other}: {}", pair.merging.words());
        let title = pair.sentence.as_str();
        match &pair.merging {
            Merging::Commutes { columns } => list(&mut text, title, columns),
            Merging::OrderMatters { differences } => list(&mut text, title, differences),
            Merging::Conflicts { refused: error, .. } => {
                let _ = writeln!(text, "    {title}");
                let path = pair.path.as_deref().unwrap_or_default();
                refused(&mut text, path, error);
            }
        }
    }
    text
}
