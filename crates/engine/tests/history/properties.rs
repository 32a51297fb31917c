//! Properties of random histories.

use super::*;
use cofferdam_engine::history::heads::Rows;
use cofferdam_engine::history::target::{self, TargetError};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A random history: each revision comes after up to three of those before it, and may depend on one.
fn any_history() -> impl Strategy<Value = (History, String)> {
    let node = (
        proptest::collection::vec(0.0..1.0_f64, 0..=3),
        proptest::option::weighted(0.2, 0.0..1.0_f64),
        0..5_u8,
        0.0..1.0_f64,
    );
    proptest::collection::vec(node, 1..24).prop_map(|nodes| {
        let mut lines = Vec::new();
        for (at, (parents, dependency, day, recent)) in nodes.iter().enumerate() {
            // Most parents are near, so that branches live for a while.
            let pick = |share: &f64| at - 1 - (share * share * (at as f64) * recent) as usize;
            let mut line = format!("r{at:02} @{day} <");
            if at > 0 {
                for parent in parents.iter().map(pick).collect::<BTreeSet<usize>>() {
                    line += &format!(" r{parent:02}");
                }
                if let Some(dependency) = dependency {
                    line += &format!(" ~ r{:02}", pick(dependency));
                }
            }
            lines.push(line);
        }
        let text = lines.join("\n");
        (history(&text), text)
    })
}

fn all_of(history: &History) -> Vec<RevisionId> {
    history
        .scripts()
        .map(|script| script.revision.id.clone())
        .collect()
}

/// What `rows` imply.
fn applied(history: &History, rows: &[RevisionId]) -> BTreeSet<RevisionId> {
    history.ancestors(rows)
}

fn run(
    history: &History,
    rows: &[RevisionId],
    list: &[RevisionId],
    way: Direction,
) -> Vec<RevisionId> {
    let mut rows = Rows::new(history, rows);
    for revision in list {
        rows.step(revision, way);
    }
    rows.ids()
}

proptest! {
    #[test]
    fn parents_and_dependencies_come_first((history, _) in any_history()) {
        let mut seen = BTreeSet::new();
        for script in history.scripts() {
            let id = &script.revision.id;
            for below in history.parents(id).iter().chain(&history.dependencies(id)) {
                prop_assert!(seen.contains(below));
            }
            seen.insert(id.clone());
        }
        prop_assert_eq!(seen.len(), history.len());
    }

    #[test]
    fn the_order_of_files_does_not_matter((history, text) in any_history()) {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.reverse();
        let other = build(&lines.join("\n")).expect("the same history");
        prop_assert_eq!(all_of(&history), all_of(&other));
        prop_assert_eq!(history.heads(), other.heads());
    }

    /// The rows always imply exactly what has run, none of them implies another, and undoing goes back
    /// through the same sets of rows.
    #[test]
    fn rows_imply_what_ran((history, _) in any_history()) {
        let order = all_of(&history);
        let mut table = Rows::new(&history, &[]);
        let mut path: Vec<BTreeSet<RevisionId>> = Vec::new();
        for (at, revision) in order.iter().enumerate() {
            path.push(table.ids().into_iter().collect());
            table.step(revision, Direction::Upgrade);
            let rows = table.ids();
            prop_assert_eq!(applied(&history, &rows), order[..=at].iter().cloned().collect());
            for row in &rows {
                let others: Vec<RevisionId> = rows.iter().filter(|other| *other != row).cloned().collect();
                prop_assert!(!applied(&history, &others).contains(row));
            }
        }
        for revision in order.iter().rev() {
            table.step(revision, Direction::Downgrade);
            prop_assert_eq!(table.ids().iter().cloned().collect::<BTreeSet<_>>(), path.pop().expect("as many"));
        }
    }

    /// What an upgrade to a revision applied, a downgrade to what was there before undoes, and the other way round.
    #[test]
    fn downgrade_is_the_inverse_of_upgrade((history, _) in any_history(), from in 0..24_usize, to in 0..24_usize) {
        let order = all_of(&history);
        let (from, to) = (&order[from % order.len()], &order[to % order.len()]);
        let start = target::upgrade(&history, &[], from.as_str()).expect("a known id");
        let rows = run(&history, &[], &start, Direction::Upgrade);
        prop_assert_eq!(&rows, std::slice::from_ref(from));

        let list = target::upgrade(&history, &rows, to.as_str()).expect("a known id");
        let above = run(&history, &rows, &list, Direction::Upgrade);
        let mut expected = applied(&history, &rows);
        expected.extend(applied(&history, std::slice::from_ref(to)));
        prop_assert_eq!(applied(&history, &above), expected);

        let base = target::downgrade(&history, &above, "base").expect("base is below everything");
        prop_assert_eq!(run(&history, &above, &base, Direction::Downgrade), []);

        let undo = match target::downgrade(&history, &above, from.as_str()) {
            Ok(undo) => undo,
            // As in Alembic: it has dependants only, and no children to undo.
            Err(error) => {
                let only_dependants = matches!(error, TargetError::NotBelow { .. });
                prop_assert!(only_dependants);
                return Ok(());
            }
        };
        let below = run(&history, &above, &undo, Direction::Downgrade);
        let again = target::upgrade(&history, &below, to.as_str()).expect("a known id");
        let back = run(&history, &below, &again, Direction::Upgrade);
        let (back, above) = (applied(&history, &back), applied(&history, &above));
        prop_assert!(back.is_subset(&above) && back.contains(to) && back.contains(from));
    }
}
