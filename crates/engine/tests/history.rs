//! Histories written as text: checks, order, targets, version rows; and their properties on random histories.

use cofferdam_engine::history::heads::{Rows, VersionWrite};
use cofferdam_engine::history::stamp;
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
        python: None,
        cuts: None,
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
    assert_eq!(up(&history, "", "head"), "a b c2 c1 d1 m n");
    assert_eq!(up(&history, "c1", "m"), "c2 d1 m");
    assert_eq!(up(&history, "", "+2"), "a b");
    assert_eq!(up(&history, "c1", "+2"), "c2 d1 m");
    assert_eq!(up(&history, "n", "head"), "");
    assert_eq!(up(&history, "n", "a"), "");
    assert_eq!(up(&history, "d1 c2", "heads"), "m n");
    assert_eq!(
        up(&history, "b", "+1"),
        "! +1 reaches b, which has several children (c1, c2): name the one that is meant"
    );
    assert_eq!(
        up(&history, "m", "+3"),
        "! +3 goes 2 steps beyond the end of the history"
    );
    assert_eq!(
        up(&history, "c1 c2", "+1"),
        "! there are several current revisions (c1, c2): name one instead of counting, or the branch as in label@+1"
    );
    // As in Alembic.
    assert_eq!(up(&history, "", "base"), "");
    assert_eq!(up(&history, "c1", "current"), "");
    assert_eq!(up(&history, "c1", "d1+1"), "c2 d1 m");
    assert_eq!(
        up(&history, "", "-1"),
        "! -1 is no target for an upgrade: write head, heads, a revision id or +N, or use downgrade"
    );
    assert_eq!(
        up(&history, "b c1", "head"),
        "! the version table has both c1 and b, and c1 contains b already: delete the row b from it"
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
        "! head could be any of several heads (c, y): merge them (`cofferdam merge c y`), or say `heads`, or name one"
    );
    assert_eq!(up(&history, "", "heads"), "a b x y c");
    assert_eq!(up(&history, "", "y"), "a b x y");
    assert_eq!(up(&history, "a", "right"), "x");
    assert_eq!(up(&history, "a", "right@head"), "b x y");
    assert_eq!(up(&history, "a", "right@+2"), "b x y");
    assert_eq!(up(&history, "", "left@+1"), "a");
    assert_eq!(
        up(&history, "", "wrong@+1"),
        "! there is no branch \"wrong\" in this history: a branch is named by its label, or by one of its revisions"
    );
    assert_eq!(up(&history, "", "left@x"), "! x is not on branch left");
    assert_eq!(
        up(&history, "", "+1"),
        "! the history begins in several places (a, x): name the revision instead of counting from nothing"
    );
    assert_eq!(down(&history, "y c", "a"), "c y b");
    assert_eq!(down(&history, "y c", "x"), "y");
    assert_eq!(down(&history, "y", "-2"), "y x");
    assert_eq!(down(&history, "y c", "right@base"), "y x");
    assert_eq!(down(&history, "y c", "left@-1"), "c");
    assert_eq!(down(&history, "y", "left@-1"), "y b");
    assert_eq!(down(&history, "c y", "-1"), "c");
    assert_eq!(
        down(&history, "y", "b"),
        "! b is not below the current revisions on their branches, so there is nothing to downgrade to it"
    );
}

#[test]
fn downgrades() {
    let history = history(DIAMOND);
    assert_eq!(down(&history, "n", "base"), "n m d1 c1 c2 b a");
    assert_eq!(down(&history, "n", "-1"), "n");
    assert_eq!(down(&history, "n", "n"), "");
    assert_eq!(down(&history, "n", "head"), "");
    assert_eq!(down(&history, "", "base"), "");
    assert_eq!(down(&history, "n", "c2"), "n m");
    assert_eq!(down(&history, "n", "c1"), "n m d1");
    assert_eq!(down(&history, "n", "b"), "n m d1 c1 c2");
    assert_eq!(down(&history, "b", "-2"), "b a");
    assert_eq!(
        down(&history, "b", "-3"),
        "! -3 goes 1 step beyond the end of the history"
    );
    assert_eq!(
        down(&history, "n", "-2"),
        "! -2 reaches m, which has several parents (d1, c2): name the one that is meant"
    );
    assert_eq!(
        down(&history, "c1", "c2"),
        "! c2 is not below the current revisions on their branches, so there is nothing to downgrade to it"
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
            candidates: vec!["abc1".into(), "abd2".into(), "abd3".into()]
        })
    );
    assert_eq!(target::resolve(&history, "base"), Ok(vec![]));
    for bad in ["", "+", "-x", "+-1", "a b", "abc1:abd2"] {
        assert_eq!(
            target::resolve(&history, bad),
            Err(TargetError::Malformed(bad.into()))
        );
    }
    for counted in ["+0", "+1", "-0"] {
        assert_eq!(
            target::resolve(&history, counted),
            Err(TargetError::Counted(counted.into()))
        );
    }
    assert_eq!(target::resolve(&history, "-1"), Ok(ids("abd2")));
    assert_eq!(target::resolve(&History::default(), "head"), Ok(vec![]));
}

fn written(history: &History, rows: &str, revision: &str, direction: Direction) -> String {
    let mut rows = Rows::new(history, &ids(rows));
    let text = lines(&rows.step(&id(revision), direction));
    format!("{text}= {}", words(&rows.ids()))
}

fn lines(writes: &[VersionWrite]) -> String {
    let mut text = String::new();
    for write in writes {
        text += &match write {
            VersionWrite::Insert(id) => format!("+{id} "),
            VersionWrite::Delete(id) => format!("-{id} "),
            VersionWrite::Update { from, to } => format!("{from}>{to} "),
        };
    }
    text
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

fn listed(history: &History, range: &str, rows: &str) -> String {
    let (from, to) = range.split_once(':').expect("a range");
    match target::range(history, from, to, &ids(rows)) {
        Ok(found) => words(&found),
        Err(error) => format!("! {error}"),
    }
}

#[test]
fn ranges() {
    let history = history(&format!("{DIAMOND}\n x #apart\n y < x"));
    let list = |range: &str, rows: &str| listed(&history, range, rows);
    assert_eq!(list(":", ""), "n m d1 c1 c2 y x b a");
    assert_eq!(list("b:m", ""), "m d1 c1 c2 b");
    assert_eq!(list("c1:n", ""), "n m d1 c1");
    assert_eq!(list(":c1", ""), "c1 b a");
    assert_eq!(list("a:+1", ""), "b a");
    assert_eq!(list("apart@base:", ""), "y x");
    assert_eq!(list("current:n", "d1"), "n m d1");
    assert_eq!(list("-1:current", "n y"), "n m y x");
    assert_eq!(list(":current", ""), "");
    assert_eq!(
        list("n:b", ""),
        "! n is not below b, so there is no range from one to the other"
    );
}

fn stamped(history: &History, rows: &str, targets: &str) -> String {
    match stamp::steps(history, &ids(rows), targets) {
        Ok(steps) => steps
            .iter()
            .map(|step| lines(&step.writes))
            .collect::<String>()
            .trim_end()
            .to_owned(),
        Err(error) => format!("! {error}"),
    }
}

#[test]
fn stamping_moves_the_rows_of_a_lineage() {
    let history = history(
        "a
         b1 < a
         c1 < b1 #left
         b2 < a
         c2 < b2
         x
         y < x",
    );
    let stamp = |rows: &str, targets: &str| stamped(&history, rows, targets);
    assert_eq!(stamp("", "c1"), "+c1");
    assert_eq!(stamp("a", "c1"), "a>c1");
    assert_eq!(stamp("a x", "c1"), "a>c1");
    assert_eq!(stamp("c1 b2 y", "a"), "-c1 b2>a");
    assert_eq!(stamp("c1 y", "b2"), "+b2");
    assert_eq!(stamp("c1 y", "base"), "-c1 -y");
    assert_eq!(stamp("c1 c2 y", "left@base"), "-c1");
    assert_eq!(stamp("c1", "left"), "");
    assert_eq!(stamp("a x", "heads"), "-a x>c1 +c2 +y");
    assert_eq!(stamp("a", "c1, c2"), "a>c1 +c2");
    assert_eq!(stamp("c1 y", "current"), "");
    assert_eq!(stamp("", "-1"), "+b1 +b2 +x");
    assert_eq!(stamp("gone y", "x"), "-gone y>x");
    assert_eq!(
        stamp("", "head"),
        "! head could be any of several heads (c1, c2, y): merge them (`cofferdam merge c1 c2 y`), or say `heads`, or name one"
    );
    // Here Alembic fails, or ends without one of the targets.
    assert_eq!(stamp("c1 c2", "b1 b2"), "c1>b1 c2>b2");
    assert_eq!(stamp("b1 c2 y", "heads"), "b1>c1");
    assert_eq!(stamp("c1 y", "b1 x"), "c1>b1 y>x");
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
