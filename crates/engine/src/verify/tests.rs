use super::*;
use crate::catalog::{Object, Relation};
use crate::run::Answer;
use crate::script;

fn moment(tables: &[&str], rows: &[i64]) -> Moment {
    let tables = tables.iter().map(|name| {
        Object::Table(Relation {
            schema: "public".into(),
            name: (*name).into(),
            ..Relation::default()
        })
    });
    let mut contents = Contents::default();
    let row = |hash: i64| {
        vec![
            Some("public".into()),
            Some("t".into()),
            Some(hash.to_string()),
        ]
    };
    contents.take(&Answer {
        rows: rows.iter().map(|hash| row(*hash)).collect(),
        ..Answer::default()
    });
    Moment {
        catalog: Catalog::new(15, tables),
        contents,
    }
}

#[test]
fn up_down_up_is_judged() {
    let (before, up) = (moment(&["t"], &[1, 2]), moment(&["t", "u"], &[1, 2]));
    let judged =
        |down: &Moment, again: &Moment| judge(&before, &up, down, again).expect("one version");
    assert_eq!(judged(&before, &up), Verdict::Reversible);
    let Verdict::LosesData { lost } = judged(&moment(&["t"], &[1]), &up) else {
        panic!("rows were lost");
    };
    assert_eq!(
        (lost[0].table.as_str(), lost[0].rows, lost[0].lost),
        ("t", 2, 1)
    );
    let Verdict::NotInverse { down, again, .. } = judged(&up, &up) else {
        panic!("a table was left");
    };
    assert_eq!(down[0].sentence, "table u is new: ()");
    assert_eq!(again, []);
    let Verdict::NotInverse { down, again, .. } = judged(&before, &before) else {
        panic!("the second upgrade did nothing");
    };
    assert_eq!((down.len(), again.len()), (0, 1));
}

#[test]
fn a_downgrade_that_does_nothing_is_missing_unless_the_upgrade_does_nothing() {
    let missing = |sections: &str| {
        let text = format!("-- m\n--\n-- Revision ID: a\n-- Revises:\n\n{sections}");
        let script = script::read("a.sql", text.as_bytes()).script;
        is_downgrade_missing(&script.expect("a script"))
    };
    let up = "-- +upgrade\nSELECT 1;\n";
    assert!(missing(up));
    assert!(missing(&format!("{up}-- +downgrade\n-- later\n")));
    assert!(!missing(&format!("{up}-- +downgrade\nSELECT 2;\n")));
    assert!(!missing("-- +upgrade\n-- +downgrade\n"));
}
