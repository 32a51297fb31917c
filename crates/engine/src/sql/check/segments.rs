//! What the cutting of a section into transactions means for its statements.

use super::super::label::label;
use super::super::reader::Reader;
use super::super::segments::segments;
use super::super::split::Cut;
use super::super::{Directive, Execution, Segment, Statement};
use super::{Report, head};
use crate::finding::Code;

pub(super) fn check(report: &mut Report, cut: &Cut) {
    let segments = segments(cut.text, cut.statements());
    let alone = segments.len() == 1;
    for segment in segments
        .iter()
        .filter(|segment| matches!(segment.execution, Execution::Outside(_)) && !alone)
    {
        let is_known = |statement: &Statement| {
            statement.directives.iter().any(|one| {
                matches!(one, Directive::Allow { code, .. } if code == Code::MixedTransactions.as_str())
            })
        };
        for statement in segment.statements.iter().filter(|one| !is_known(one)) {
            report.warning(
                Code::MixedTransactions,
                head(cut, &statement.body),
                format!(
                    "`{}` runs outside a transaction, so a failure beside it leaves the revision \
                     half applied; give it a revision of its own.",
                    label(&cut.text[statement.body.clone()])
                ),
            );
        }
    }
    for (at, (segment, next)) in segments.iter().zip(segments.iter().skip(1)).enumerate() {
        if segment.is_outside() {
            continue;
        }
        let Some(first) = next.statements.first() else {
            continue;
        };
        let line = report.line(first.body.start);
        let end = if next.is_outside() {
            format!(
                "`{}` on line {line} ends",
                label(&cut.text[first.body.clone()])
            )
        } else {
            format!("the cut above line {line} ends")
        };
        for statement in &segment.statements {
            let needed = needs_transaction(&cut.text[statement.body.clone()]);
            let is_said_again =
                || is_repeated(&cut.text[statement.body.clone()], cut, &segments[at + 1..]);
            if let Some(what) = needed.filter(|_| !is_said_again()) {
                report.error(
                    Code::SplitTransaction,
                    head(cut, &statement.body),
                    format!(
                        "{what} lasts for its transaction only, which {end}; repeat it or move \
                         what needs it into a revision of its own."
                    ),
                );
            }
        }
    }
}

/// Whether each of the transactions that follow says it again: the same setting, or the same lock. A statement in batches
/// needs it in none of them.
fn is_repeated(statement: &str, cut: &Cut, later: &[Segment]) -> bool {
    let same: fn(&str) -> Option<String> = match needs_transaction(statement) {
        Some("SET LOCAL") => setting,
        Some("LOCK TABLE") => |statement| Some(statement.to_owned()),
        _ => return false,
    };
    let said = same(statement);
    later.iter().all(|segment| match segment.execution {
        Execution::Batches(_) => true,
        Execution::Outside(_) => false,
        Execution::Transactional => segment
            .statements
            .iter()
            .any(|again| same(&cut.text[again.body.clone()]) == said),
    })
}

/// The name of what `SET LOCAL` sets.
fn setting(statement: &str) -> Option<String> {
    let mut reader = Reader::new(statement);
    (reader.eat("set") && reader.eat("local")).then(|| reader.word().map(super::super::fold))?
}

/// What of the statement lasts only as long as its transaction.
fn needs_transaction(statement: &str) -> Option<&'static str> {
    let mut reader = Reader::new(statement);
    if reader.eat("set") {
        return if reader.is("local") {
            Some("SET LOCAL")
        } else if reader.is("transaction") {
            Some("SET TRANSACTION")
        } else if reader.is("constraints") {
            Some("SET CONSTRAINTS")
        } else {
            None
        };
    }
    if reader.is("lock") {
        return Some("LOCK TABLE");
    }
    if reader.is("savepoint") {
        return Some("SAVEPOINT");
    }
    if reader.eat("declare") {
        while !reader.is_any(&["select", "with", "values", "for"]) && !reader.is_end() {
            if reader.eat_all(&["with", "hold"]) {
                return None;
            }
            reader.skip();
        }
        return (!reader.is("with") || !reader.eat_all(&["with", "hold"])).then_some("A cursor");
    }
    if reader.eat("create") {
        reader.eat_any(&["global", "local"]);
        if reader.eat_any(&["temp", "temporary"]) {
            while !reader.is_end() {
                if reader.eat_all(&["on", "commit", "drop"]) {
                    return Some("A table that is dropped on commit");
                }
                reader.skip();
            }
        }
    }
    None
}
