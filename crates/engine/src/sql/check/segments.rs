//! What the cutting of a section into transactions means for its statements.

use super::super::label::label;
use super::super::reader::Reader;
use super::super::split::{Cut, Piece};
use super::super::{Directive, Execution, execution};
use super::{Report, head};
use crate::finding::Code;

/// One statement and the transaction it runs in.
struct Place<'a> {
    piece: &'a Piece,
    segment: usize,
    outside: bool,
}

pub(super) fn check(report: &mut Report, cut: &Cut) {
    let places = places(cut);
    if places.len() > 1 {
        for place in places.iter().filter(|place| place.outside) {
            report.warning(
                Code::MixedTransactions,
                head(cut, place.piece),
                format!(
                    "`{}` runs outside a transaction, so a failure beside it leaves the revision \
                     half applied; give it a revision of its own.",
                    label(&cut.text[place.piece.body.clone()])
                ),
            );
        }
    }
    let last = places.last().map_or(0, |place| place.segment);
    for (index, place) in places.iter().enumerate() {
        if place.outside || place.segment == last {
            continue;
        }
        let body = &cut.text[place.piece.body.clone()];
        let Some(what) = needs_transaction(body) else {
            continue;
        };
        let Some(next) = places[index..]
            .iter()
            .find(|next| next.segment != place.segment)
        else {
            continue;
        };
        let line = report.line(next.piece.body.start);
        let end = if next.outside {
            format!(
                "`{}` on line {line} ends",
                label(&cut.text[next.piece.body.clone()])
            )
        } else {
            format!("the cut above line {line} ends")
        };
        report.error(
            Code::SplitTransaction,
            head(cut, place.piece),
            format!(
                "{what} lasts for its transaction only, which {end}; repeat it or move what needs it \
                 into a revision of its own."
            ),
        );
    }
}

fn places<'a>(cut: &'a Cut) -> Vec<Place<'a>> {
    let mut segment = 0;
    let mut closed = false;
    let mut places = Vec::new();
    for piece in &cut.pieces {
        let directives: Vec<Directive> = piece
            .above
            .iter()
            .filter_map(|raw| raw.parse().ok())
            .collect();
        let outside = matches!(
            execution(&cut.text[piece.body.clone()], &directives),
            Execution::Outside(_)
        );
        let cuts = closed || outside || directives.contains(&Directive::Commit);
        segment += usize::from(cuts && !places.is_empty());
        closed = outside;
        places.push(Place {
            piece,
            segment,
            outside,
        });
    }
    places
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
