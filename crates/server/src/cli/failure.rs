//! How a run that did not end well is told: what, where, what is kept, what to do.

use super::progress::Committed;
use super::words;
use cofferdam_engine::plan::{Kind, Plan, PlannedRevision, Step, StepAt};
use cofferdam_engine::run::{DbError, Outcome};
use cofferdam_engine::trouble;
use std::fmt::Write;

/// Longest statement that is shown whole, in lines; of a longer one, those around the error.
const LINES: usize = 12;

/// The words for an outcome other than `Done`.
pub fn text(plan: &Plan, outcome: &Outcome, committed: Committed) -> String {
    let mut text = String::new();
    let half = match outcome {
        Outcome::Done => return text,
        Outcome::Refused { refusal } => {
            let _ = writeln!(text, "error: {refusal}");
            if committed == Committed::default() {
                text.truncate(text.trim_end().len());
                return text;
            }
            committed.segments > 0
        }
        Outcome::Failed {
            at,
            what,
            error,
            half_applied,
        } => {
            failed(&mut text, plan, *at, what, error);
            *half_applied
        }
        Outcome::Cancelled { at, half_applied } => {
            let _ = writeln!(text, "cancelled{}", place(plan, *at));
            *half_applied
        }
        Outcome::Lost { at, message } => {
            let _ = writeln!(
                text,
                "error: the connection to the database broke{}: {message}",
                place(plan, *at)
            );
            text.push_str(
                "Run the same command again: it finds out what was done, and goes on from there.",
            );
            return text;
        }
    };
    kept(&mut text, plan, committed, half);
    text.truncate(text.trim_end().len());
    text
}

fn failed(text: &mut String, plan: &Plan, at: Option<StepAt>, what: &str, error: &DbError) {
    let code = if error.code.is_empty() {
        String::new()
    } else {
        format!(" (SQLSTATE {})", error.code)
    };
    let step = at.and_then(|at| plan.step(at));
    let context = if step.is_some() {
        String::new()
    } else {
        format!("cannot {what}: ")
    };
    let _ = writeln!(
        text,
        "error{}: {context}{}{code}",
        place(plan, at),
        error.message
    );
    for (label, words) in [
        ("detail", &error.detail),
        ("hint", &error.hint),
        ("context", &error.context),
    ] {
        if let Some(words) = words {
            let _ = writeln!(text, "  {label}: {}", words.replace('\n', "\n    "));
        }
    }
    if let Some(step) = step {
        let _ = writeln!(text);
        statement(text, step, error.position);
    }
    if let Some(trouble) = trouble::of(error) {
        let _ = writeln!(text, "{}", super::explain::words(&trouble));
    }
}

/// ` in a1b2 (versions/x.sql:12)`.
fn place(plan: &Plan, at: Option<StepAt>) -> String {
    let Some(planned) = at.and_then(|at| plan.revisions.get(at.revision)) else {
        return String::new();
    };
    let id = planned
        .revision
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let line = at
        .and_then(|at| plan.step(at)?.place.as_ref())
        .map(|place| place.line);
    match (id.as_str(), line) {
        ("", _) => String::new(),
        (id, Some(line)) => format!(" in {id} ({}:{line})", planned.path),
        (id, None) => format!(" in {id}"),
    }
}

/// The statement with its lines' numbers in the file, and a caret under `position`.
fn statement(text: &mut String, step: &Step, position: Option<u32>) {
    let first = step.place.as_ref().map_or(1, |place| place.line as usize);
    let caret = position.and_then(|position| line_and_column(&step.sql, position as usize));
    let lines: Vec<&str> = step.sql.lines().collect();
    let middle = caret.map_or(0, |(line, _)| line);
    let start = middle
        .saturating_sub(LINES / 2)
        .min(lines.len().saturating_sub(LINES));
    let width = (first + lines.len()).to_string().len();
    for (at, line) in lines.iter().enumerate().skip(start).take(LINES) {
        let _ = writeln!(text, "{:>width$} | {line}", first + at);
        if let Some((_, column)) = caret.filter(|(caret, _)| *caret == at) {
            // Tabs stay tabs, so that the caret stands under its character.
            let gap: String = line
                .chars()
                .take(column)
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            let _ = writeln!(text, "{:>width$} | {gap}^", "");
        }
    }
    if start + LINES < lines.len() {
        let _ = writeln!(text, "{:>width$} | …", "");
    }
    let _ = writeln!(text);
}

/// 0-based line and column of a 1-based position in code points.
fn line_and_column(sql: &str, position: usize) -> Option<(usize, usize)> {
    let before: String = sql.chars().take(position.checked_sub(1)?).collect();
    let line = before.matches('\n').count();
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count();
    Some((line, column))
}

fn kept(text: &mut String, plan: &Plan, committed: Committed, half: bool) {
    let done = &plan.revisions[..committed.revisions.min(plan.revisions.len())];
    let next = plan.revisions.get(committed.revisions);
    let id = |planned: &PlannedRevision| planned.revision.as_ref().map(ToString::to_string);
    let rows = done
        .last()
        .map_or(&plan.from, |planned| &planned.heads_after);
    let at = words::place(rows);
    match (next.and_then(id), half) {
        (Some(id), true) if plan.kind == Kind::Undo => {
            let _ = writeln!(
                text,
                "{id} is still half applied: correct what stopped the undo, and run it again."
            );
        }
        (Some(id), true) => {
            let all = next.map_or(0, |planned| planned.segments.len());
            let _ = writeln!(
                text,
                "{id} is half applied: {} of {all} parts are committed and stay; the version row is at {at}.",
                committed.segments
            );
            let _ = writeln!(
                text,
                "Remove the cause and run `cofferdam {} {}` again, or take the revision back with `cofferdam undo {id}`; where the file itself is wrong, do that before changing it.",
                plan.kind, plan.target
            );
        }
        _ => {
            let count = done.len();
            let before = match count {
                0 => "Nothing was changed".to_owned(),
                1 => "The revision before it was committed and stays".to_owned(),
                _ => format!("The {count} revisions before it were committed and stay"),
            };
            let _ = writeln!(text, "{before}; the database is at {at}.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cofferdam_engine::plan::{Place, StepKind};

    fn shown(sql: &str, position: Option<u32>) -> String {
        let step = Step {
            kind: StepKind::Statement,
            sql: sql.into(),
            place: Some(Place {
                ordinal: 0,
                line: 9,
                start: 0,
                end: 0,
            }),
            tolerate: Vec::new(),
            recovery: None,
        };
        let mut text = String::new();
        statement(&mut text, &step, position);
        text
    }

    #[test]
    fn the_caret_stands_under_the_character() {
        assert_eq!(
            shown("ALTER TABLE é\n\tDROP COLUMN x;", Some(16)),
            " 9 | ALTER TABLE é\n10 | \tDROP COLUMN x;\n   | \t^\n\n"
        );
        assert_eq!(shown("SELECT 1;", None), " 9 | SELECT 1;\n\n");
    }

    #[test]
    fn a_long_statement_is_shown_around_the_error() {
        let sql = (0..100).map(|n| format!("line{n}\n")).collect::<String>();
        let position = sql
            .chars()
            .take_while(|c| *c != '\0')
            .collect::<String>()
            .find("line50")
            .unwrap_or(0);
        let text = shown(&sql, u32::try_from(position + 1).ok());
        assert!(text.contains(" 59 | line50\n    | ^\n"), "{text}");
        assert!(
            !text.contains("line0\n") && text.lines().count() < 20,
            "{text}"
        );
    }

    #[test]
    fn a_position_beyond_the_end_is_its_end() {
        assert_eq!(line_and_column("ab", 99), Some((0, 2)));
        assert_eq!(line_and_column("ab", 0), None);
    }
}
