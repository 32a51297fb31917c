//! What targets and ranges mean, and what an upgrade or a downgrade to one runs.

use super::*;
use cofferdam_engine::history::target::{self, TargetError};

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
