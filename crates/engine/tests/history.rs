//! Histories written as text: checks, order, targets, version rows; and their properties on random histories.

use cofferdam_engine::history::heads::{self, VersionWrite};
use cofferdam_engine::history::target::{self, TargetError};
use cofferdam_engine::history::{History, HistoryError, draw};
use cofferdam_engine::revision::{Direction, Downgrade, Revision, RevisionId, Script};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn id(text: &str) -> RevisionId {
    RevisionId::new(text).expect("a test's id is good")
}

fn ids(text: &str) -> Vec<RevisionId> {
    text.split_whitespace().map(id).collect()
}

fn words(ids: &[RevisionId]) -> String {
    ids.iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Reads a line such as `c < a b ~ x #label @2025-01-01`: c comes after a and b, depends on x, and carries
/// a label and a create date.
fn script(line: &str) -> Script {
    let mut revision = Revision {
        id: id(line.split_whitespace().next().expect("a line has an id")),
        down: Vec::new(),
        depends_on: Vec::new(),
        branch_labels: Vec::new(),
        message: String::new(),
        description: Vec::new(),
        author: None,
        create_date: None,
        extra: Vec::new(),
        upgrade: String::new(),
        downgrade: Downgrade::Missing,
    };
    let mut path = revision.id.to_string();
    let mut depends = false;
    for word in line.split_whitespace().skip(1) {
        match (word.chars().next(), word.get(1..)) {
            (Some('<'), _) => depends = false,
            (Some('~'), _) => depends = true,
            (Some('#'), Some(label)) => revision.branch_labels.push(label.into()),
            (Some('@'), Some(date)) => revision.create_date = Some(date.into()),
            (Some('/'), Some(name)) => path = name.into(),
            _ if depends => revision.depends_on.push(word.into()),
            _ => revision.down.push(id(word)),
        }
    }
    Script {
        revision,
        path: format!("versions/{path}.sql"),
        sha256: String::new(),
        upgrade_at: 0,
        downgrade_at: 0,
        upgrade_line: 1,
        downgrade_line: 1,
    }
}

fn build(text: &str) -> Result<History, Vec<HistoryError>> {
    History::new(
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(script)
            .collect(),
    )
}

fn history(text: &str) -> History {
    build(text).expect("a test's history holds")
}

fn errors(text: &str) -> String {
    let errors = build(text).expect_err("this is no history");
    errors
        .iter()
        .map(|error| format!("{error}\n"))
        .collect::<String>()
}

const DIAMOND: &str = "a\n b < a\n c1 < b\n c2 < b\n d1 < c1\n m < d1 c2\n n < m";

#[test]
fn every_error_is_told_with_ids_and_files() {
    let told = errors(
        "a
         a /a_again
         b < b
         c < nowhere
         d < e
         e < f
         f < d
         g < d e
         h < a ~ nothing
         i < a #left
         j < a #left
         k < a #a
         x11 < a
         x12 < a
         y < a ~ x1 y",
    );
    assert_eq!(
        told,
        "\
revision a is in two files: versions/a.sql and versions/a_again.sql; give one of them another id
versions/b.sql says that b comes after itself; correct its `Revises:`
versions/c.sql says that c comes after nowhere, and no file has that revision; add the file, or correct `Revises:`
these revisions go in a circle: d (versions/d.sql) after e (versions/e.sql) after f (versions/f.sql) after d; correct the `Revises:` or `Depends on:` of one of them
versions/h.sql says that h depends on nothing, and no file has that revision or branch label; add the file, or correct `Depends on:`
branch label left is in two files: versions/i.sql and versions/j.sql; give one of them another name
branch label a in versions/k.sql is also the id of the revision in versions/a.sql; give the label another name
versions/y.sql says that y depends on x1, which could be any of x11, x12; write more of the id
versions/y.sql says that y comes after itself; correct its `Revises:`
"
    );
}

#[test]
fn a_circle_through_a_dependency_is_a_circle() {
    assert_eq!(
        errors("a ~ b\n b < a"),
        "these revisions go in a circle: a (versions/a.sql) after b (versions/b.sql) after a; correct the `Revises:` or `Depends on:` of one of them\n"
    );
}

#[test]
fn the_order_is_topological_then_by_date_then_by_id() {
    let history = history(
        "z @2025-01-01
         b < z @2025-03-01
         a < z @2025-04-01
         d < z @2025-03-01
         e < b @2025-01-01
         m < a e d",
    );
    let order: Vec<RevisionId> = history
        .scripts()
        .map(|script| script.revision.id.clone())
        .collect();
    assert_eq!(words(&order), "z b e d a m");
    assert_eq!(words(&history.parents(&id("m"))), "a e d");
    assert_eq!(words(&history.children(&id("z"))), "b d a");
    assert_eq!(history.position(&id("m")), Some(5));
}

#[test]
fn the_shape_is_known() {
    let history = history(&format!("{DIAMOND}\n x ~ b\n y < x"));
    assert_eq!(words(&history.heads()), "n y");
    assert_eq!(words(&history.bases()), "a x");
    assert_eq!(words(&history.branch_points()), "b");
    assert_eq!(words(&history.merge_points()), "m");
    assert_eq!(words(&history.dependencies(&id("x"))), "b");
    let below: Vec<RevisionId> = history.ancestors(&ids("x")).into_iter().collect();
    assert_eq!(words(&below), "a b x");
    let above: Vec<RevisionId> = history.descendants(&ids("c2 x")).into_iter().collect();
    assert_eq!(words(&above), "c2 m n x y");
    assert!(history.get(&id("nope")).is_none());
    assert!(history.ancestors(&ids("nope")).is_empty());
}

#[test]
fn a_dependency_is_a_full_id_a_label_or_the_beginning_of_an_id() {
    let history = history(
        "abc1
         abc12
         xyz9 #left
         one ~ abc1
         two ~ left
         three ~ xy
         four < abc12 ~ abc12",
    );
    assert_eq!(words(&history.dependencies(&id("one"))), "abc1");
    assert_eq!(words(&history.dependencies(&id("two"))), "xyz9");
    assert_eq!(words(&history.dependencies(&id("three"))), "xyz9");
    assert_eq!(words(&history.dependencies(&id("four"))), "");
}

#[test]
fn labels_go_along_the_branch() {
    let history = history(
        "a
         b < a
         l0 < b
         l1 < l0 #left
         l2 < l1
         r1 < b #right
         m < l2 r1
         x #apart
         y < x
         z < y #late",
    );
    assert_eq!(history.labels(&id("l0")), [] as [&str; 0]);
    assert_eq!(history.labels(&id("l2")), ["left"]);
    assert_eq!(history.labels(&id("m")), ["left", "right"]);
    assert_eq!(history.labels(&id("y")), ["apart", "late"]);
    assert_eq!(history.labels(&id("b")), [] as [&str; 0]);
}

fn up(history: &History, current: &str, target: &str) -> String {
    match target::upgrade(history, &ids(current), target) {
        Ok(found) => words(&found),
        Err(error) => format!("! {error}"),
    }
}

fn down(history: &History, current: &str, target: &str) -> String {
    match target::downgrade(history, &ids(current), target) {
        Ok(found) => words(&found),
        Err(error) => format!("! {error}"),
    }
}

#[test]
fn upgrades() {
    let history = history(DIAMOND);
    assert_eq!(up(&history, "", "head"), "a b c1 c2 d1 m n");
    assert_eq!(up(&history, "c1", "m"), "c2 d1 m");
    assert_eq!(up(&history, "", "+2"), "a b");
    assert_eq!(up(&history, "c1", "+2"), "c2 d1 m");
    assert_eq!(up(&history, "n", "head"), "");
    assert_eq!(up(&history, "n", "a"), "");
    assert_eq!(up(&history, "d1 c2", "heads"), "m n");
    assert_eq!(
        up(&history, "b", "+1"),
        "! +1 reaches b, which has several children: name the one that is meant"
    );
    assert_eq!(
        up(&history, "m", "+3"),
        "! +3 goes 2 steps beyond the end of the history"
    );
    assert_eq!(
        up(&history, "c1 c2", "+1"),
        "! there are several current revisions (c1, c2): name one instead of counting"
    );
    assert_eq!(
        up(&history, "", "base"),
        "! base is no target for an upgrade: write head, heads, a revision id or +N, or use downgrade"
    );
    assert_eq!(
        up(&history, "gone", "head"),
        "! the database is at gone, which no file of this project has; add the file, or stamp a revision that is here"
    );
}

#[test]
fn upgrades_with_several_heads_and_dependencies() {
    let history = history(
        "a #left
         b < a
         x #right
         y < x ~ b
         c < b",
    );
    assert_eq!(
        up(&history, "", "head"),
        "! there are several heads (c, y): merge them, or say `heads`, or name one"
    );
    assert_eq!(up(&history, "", "heads"), "a b c x y");
    assert_eq!(up(&history, "", "y"), "a b x y");
    assert_eq!(up(&history, "a", "right"), "b x y");
    assert_eq!(
        up(&history, "", "+1"),
        "! the history begins in several places (a, x): name the revision instead of counting from nothing"
    );
    assert_eq!(down(&history, "y c", "a"), "y c b");
    assert_eq!(down(&history, "y c", "x"), "y");
    assert_eq!(down(&history, "y", "-2"), "y x");
    assert_eq!(down(&history, "y", "b"), "");
}

#[test]
fn downgrades() {
    let history = history(DIAMOND);
    assert_eq!(down(&history, "n", "base"), "n m d1 c2 c1 b a");
    assert_eq!(down(&history, "n", "-1"), "n");
    assert_eq!(down(&history, "n", "n"), "");
    assert_eq!(down(&history, "n", "head"), "");
    assert_eq!(down(&history, "", "base"), "");
    assert_eq!(down(&history, "n", "c2"), "n m");
    assert_eq!(down(&history, "n", "c1"), "n m d1");
    assert_eq!(down(&history, "n", "b"), "n m d1 c2 c1");
    assert_eq!(down(&history, "b", "-2"), "b a");
    assert_eq!(
        down(&history, "b", "-3"),
        "! -3 goes 1 steps beyond the end of the history"
    );
    assert_eq!(
        down(&history, "n", "-2"),
        "! -2 reaches m, which has several parents: name the one that is meant"
    );
    assert_eq!(
        down(&history, "c1", "c2"),
        "! c2 is not below the current revisions, so there is nothing to downgrade to it"
    );
    assert_eq!(
        down(&history, "n", "+1"),
        "! +1 is no target for a downgrade: write base, a revision id or -N, or use upgrade"
    );
}

#[test]
fn names_of_targets() {
    let history = history("abc1\n abd2 < abc1\n abd3 < abd2 #a");
    assert_eq!(target::resolve(&history, "abc"), Ok(ids("abc1")));
    assert_eq!(target::resolve(&history, "a"), Ok(ids("abd3")));
    assert_eq!(
        target::resolve(&history, "ab"),
        Err(TargetError::Ambiguous {
            text: "ab".into(),
            candidates: ids("abc1 abd2 abd3")
        })
    );
    assert_eq!(target::resolve(&history, "base"), Ok(vec![]));
    for bad in ["", "+", "-x", "+-1", "+0", "a b", "x@head", "abc1:abd2"] {
        assert_eq!(
            target::resolve(&history, bad),
            Err(TargetError::Malformed(bad.into()))
        );
    }
    for counted in ["+1", "-1"] {
        assert_eq!(
            target::resolve(&history, counted),
            Err(TargetError::Counted(counted.into()))
        );
    }
    assert_eq!(
        target::resolve(&History::default(), "head"),
        Err(TargetError::Empty)
    );
}

fn written(history: &History, rows: &str, revision: &str, direction: Direction) -> String {
    let (after, writes) = heads::step(history, &ids(rows), &id(revision), direction);
    let mut text = String::new();
    for write in writes {
        text += &match write {
            VersionWrite::Insert(id) => format!("+{id} "),
            VersionWrite::Delete(id) => format!("-{id} "),
            VersionWrite::Update { from, to } => format!("{from}>{to} "),
        };
    }
    format!("{text}= {}", words(&after))
}

#[test]
fn version_rows() {
    use Direction::{Downgrade, Upgrade};
    let history = history(&format!(
        "{DIAMOND}
         x ~ b
         y < x ~ c2
         z < y ~ b c2 n"
    ));
    let write =
        |rows: &str, revision: &str, direction| written(&history, rows, revision, direction);
    assert_eq!(write("", "a", Upgrade), "+a = a");
    assert_eq!(write("a", "b", Upgrade), "a>b = b");
    assert_eq!(write("c1", "c2", Upgrade), "+c2 = c1 c2");
    assert_eq!(write("d1 c2", "m", Upgrade), "-d1 c2>m = m");
    assert_eq!(write("n", "x", Upgrade), "+x = n x");
    assert_eq!(write("b", "x", Upgrade), "b>x = x");
    assert_eq!(write("n x", "y", Upgrade), "x>y = n y");
    // The dependencies on b and c2 are those of y and x already.
    assert_eq!(write("n y", "z", Upgrade), "-y n>z = z");
    assert_eq!(write("n", "n", Upgrade), "= n");

    assert_eq!(write("a", "a", Downgrade), "-a = ");
    assert_eq!(write("b", "b", Downgrade), "b>a = a");
    assert_eq!(write("c1 c2", "c2", Downgrade), "-c2 = c1");
    assert_eq!(write("m", "m", Downgrade), "+d1 m>c2 = c2 d1");
    assert_eq!(write("z", "z", Downgrade), "+y z>n = n y");
    assert_eq!(write("n y", "y", Downgrade), "y>x = n x");
    assert_eq!(write("y", "y", Downgrade), "+x y>c2 = c2 x");
    assert_eq!(write("n x", "x", Downgrade), "-x = n");
    assert_eq!(write("n", "m", Downgrade), "= n");
    assert_eq!(write("n", "nowhere", Upgrade), "= n");
}

#[test]
fn stamping_pairs_up_rows() {
    let write = |before: &str, after: &str| heads::stamp(&ids(before), &ids(after));
    let update = |from: &str, to: &str| VersionWrite::Update {
        from: id(from),
        to: id(to),
    };
    assert_eq!(
        write("a b", "c"),
        [update("a", "c"), VersionWrite::Delete(id("b"))]
    );
    assert_eq!(
        write("a", "a b c"),
        [VersionWrite::Insert(id("b")), VersionWrite::Insert(id("c"))]
    );
    assert_eq!(write("a b", "b"), [VersionWrite::Delete(id("a"))]);
    assert_eq!(write("a b", "b a"), []);
}

#[test]
fn a_history_is_drawn_newest_first() {
    let history = history(&format!("{DIAMOND}\n x < b ~ c2"));
    assert_eq!(
        draw::text(&history, |script| script.revision.id.to_string()),
        "\
●   x
├─╮
│ ╎ ● n
│ ╎ ●   m
│ ╎ ├─╮
│ ╎ ● │ d1
│ ╰─┼─┤
│   │ ● c2
│   ● │ c1
├───┴─╯
●       b
● a
",
    );
}

/// A deep history neither overflows the stack nor takes long.
#[test]
fn ten_thousand_revisions_in_a_line() {
    let mut text = String::from("r0");
    for at in 1..10_000 {
        text += &format!("\n r{at} < r{}", at - 1);
    }
    let history = history(&text);
    let all = target::upgrade(&history, &[], "head").expect("there is one head");
    assert_eq!(all.len(), 10_000);
    let undone = target::downgrade(&history, &history.heads(), "base").expect("base is below");
    assert_eq!(undone.len(), 10_000);
}

/// A circle of ten thousand is found without recursion.
#[test]
fn ten_thousand_revisions_in_a_circle() {
    let mut text = String::from("r0 < r9999");
    for at in 1..10_000 {
        text += &format!("\n r{at} < r{}", at - 1);
    }
    let errors = build(&text).expect_err("it is a circle");
    assert!(matches!(&errors[..], [HistoryError::Cycle { members }] if members.len() == 10_000));
}

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
    let mut rows = rows.to_vec();
    for revision in list {
        rows = heads::step(history, &rows, revision, way).0;
    }
    rows
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
        let mut rows: Vec<RevisionId> = Vec::new();
        let mut path: Vec<BTreeSet<RevisionId>> = Vec::new();
        for (at, revision) in order.iter().enumerate() {
            path.push(rows.iter().cloned().collect());
            rows = heads::step(&history, &rows, revision, Direction::Upgrade).0;
            prop_assert_eq!(applied(&history, &rows), order[..=at].iter().cloned().collect());
            for row in &rows {
                let others: Vec<RevisionId> = rows.iter().filter(|other| *other != row).cloned().collect();
                prop_assert!(!applied(&history, &others).contains(row));
            }
        }
        for revision in order.iter().rev() {
            rows = heads::step(&history, &rows, revision, Direction::Downgrade).0;
            prop_assert_eq!(rows.iter().cloned().collect::<BTreeSet<_>>(), path.pop().expect("as many"));
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

        let undo = target::downgrade(&history, &above, from.as_str()).expect("it is applied");
        let below = run(&history, &above, &undo, Direction::Downgrade);
        let again = target::upgrade(&history, &below, to.as_str()).expect("a known id");
        let back = run(&history, &below, &again, Direction::Upgrade);
        let (back, above) = (applied(&history, &back), applied(&history, &above));
        prop_assert!(back.is_subset(&above) && back.contains(to) && back.contains(from));
    }
}
