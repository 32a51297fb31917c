use super::*;
use crate::script;

fn history(revisions: &[(&str, &str, &str)]) -> History {
    let scripts = revisions.iter().map(|(id, down, body)| {
        let text = format!(
            "-- Add what {id} needs\n--\n-- Revision ID: {id}\n-- Revises: {down}\n\n{body}"
        );
        let read = script::read(&format!("{id}.sql"), text.as_bytes());
        read.script.expect("a script")
    });
    History::new(scripts.collect()).expect("a history")
}

fn list(history: &History, wanted: &[&str], occasion: Occasion) -> Vec<Item> {
    listed(history, wanted, occasion, false)
}

fn listed(history: &History, wanted: &[&str], occasion: Occasion, together: bool) -> Vec<Item> {
    let wanted = wanted
        .iter()
        .map(|id| RevisionId::new(*id).expect("an id"))
        .collect();
    computed(&Question {
        history,
        wanted: &wanted,
        occasion,
        together,
        options: &Options::default(),
        text: &|script| format!("-- +upgrade\n{}", script.revision.sql(Direction::Upgrade)),
        preview: "they stand here",
    })
}

fn open(items: &[Item]) -> Vec<&str> {
    let open = items.iter().filter(|item| !item.is_done);
    open.map(|item| item.item).collect()
}

#[test]
fn the_files_answer_for_themselves() {
    let history = history(&[
        (
            "a1",
            "",
            "-- +upgrade\nCREATE TABLE t (id bigint);\n-- +downgrade\nDROP TABLE t;\n",
        ),
        ("b1", "a1", "-- +upgrade\nDROP TABLE t;\n"),
        ("c1", "a1", "-- +upgrade\n-- +downgrade\n"),
    ]);
    let items = list(&history, &["b1"], Occasion::Deployment);
    assert_eq!(open(&items)[..3], ["heads", "downgrades", "destroys"]);
    let of = |name: &str| {
        items
            .iter()
            .find(|item| item.item == name)
            .expect("an item")
    };
    assert_eq!(of("destroys").evidence, ["b1: the table t with its rows"]);
    assert_eq!(of("preview").evidence, ["1 statements: they stand here"]);

    let items = list(&history, &["a1"], Occasion::Rollback);
    assert!(open(&items).contains(&"dependents"), "{items:?}");
}

#[test]
fn what_is_made_in_the_same_deployment_is_nobodys_loss() {
    let history = history(&[
        (
            "a1",
            "",
            "-- +upgrade\nCREATE TABLE t (id bigint, n int);\n-- +downgrade\nDROP TABLE t;\n",
        ),
        (
            "b1",
            "a1",
            "-- +upgrade\nSET lock_timeout = '1s';\nALTER TABLE t ALTER COLUMN n SET NOT NULL;\n-- +downgrade none: kept\n",
        ),
    ]);
    let hazards = |together| {
        let items = listed(&history, &["a1", "b1"], Occasion::Deployment, together);
        let hazards = items.into_iter().find(|item| item.item == "hazards");
        hazards.expect("an item").evidence
    };
    let of_second = |lines: Vec<String>| lines.into_iter().any(|line| line.starts_with("b1.sql"));
    assert!(of_second(hazards(false)));
    assert!(!of_second(hazards(true)));
}

#[test]
fn a_persons_last_word_counts() {
    let yes = comment("backup", true);
    let no = comment("backup", false);
    let said = |comments: &[(&'static str, &str)]| {
        let comments = comments.iter().map(|(author, text)| (*author, *text));
        confirmations(Occasion::Deployment, comments)
    };
    let confirmed = said(&[("ada", &yes), ("bob", "Checklist: backup is nice.")]);
    assert_eq!(confirmed.get("backup").map(String::as_str), Some("ada"));
    assert!(said(&[("ada", &yes), ("bob", &no)]).is_empty());

    let items = persons(Occasion::Deployment, &confirmed, |item| {
        format!("say {item}")
    });
    assert_eq!(items[0].evidence, ["confirmed by ada"]);
    assert_eq!(items[1].evidence, ["say staging"]);
    assert_eq!(open(&items), ["staging", "team", "window", "monitoring"]);
}
