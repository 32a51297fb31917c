//! Version rows: what a step and what stamping writes.

use super::*;
use cofferdam_engine::history::heads::{Rows, VersionWrite};
use cofferdam_engine::history::stamp;

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
