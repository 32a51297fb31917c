//! What makes a history, its order, its labels, its picture.

use super::*;
use cofferdam_engine::history::{draw, target};

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
