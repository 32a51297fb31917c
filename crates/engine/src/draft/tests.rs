//! How a draft is written; that it undoes what it says is tested on a real PostgreSQL (tests/tests/postgres/draft.rs).

use super::*;
use crate::catalog::{Column, Object, Relation};

fn table(columns: &[&str]) -> Object {
    let columns = columns.iter().map(|name| Column {
        name: (*name).to_owned(),
        type_: "integer".to_owned(),
        ..Column::default()
    });
    Object::Table(Relation {
        schema: "public".to_owned(),
        name: "t".to_owned(),
        owner: "me".to_owned(),
        columns: columns.collect(),
        ..Relation::default()
    })
}

fn catalog(objects: impl IntoIterator<Item = Object>) -> Catalog {
    Catalog::new(15, objects)
}

/// The draft of statements, each with its segment and the schema after it.
fn drafted(before: Catalog, steps: &[(&str, usize, Catalog)]) -> Draft {
    let mut last = &before;
    let mut all = Vec::new();
    for (sql, segment, after) in steps {
        all.push(Step {
            sql,
            segment: *segment,
            before: last,
            after,
        });
        last = after;
    }
    draft(&all, "me").expect("one version")
}

#[test]
fn the_last_statement_is_undone_first_and_each_is_named() {
    let draft = drafted(
        catalog([]),
        &[
            ("SET lock_timeout = '5s';", 0, catalog([])),
            ("CREATE TABLE t (a int);", 0, catalog([table(&["a"])])),
            (
                "ALTER TABLE t ADD COLUMN b int;",
                0,
                catalog([table(&["a", "b"])]),
            ),
        ],
    );
    assert_eq!(
        draft.sql,
        "SET lock_timeout = '5s';\n\
         \n-- Undoes ALTER TABLE t ADD COLUMN b\nALTER TABLE public.t DROP COLUMN b;\n\
         \n-- Undoes CREATE TABLE t\nDROP TABLE public.t;\n"
    );
    assert_eq!(draft.unrestored, []);
}

#[test]
fn what_committed_by_itself_is_undone_by_itself() {
    let draft = drafted(
        catalog([]),
        &[
            ("CREATE TABLE t (a int);", 0, catalog([table(&["a"])])),
            (
                "ALTER TABLE t ADD COLUMN b int;",
                1,
                catalog([table(&["a", "b"])]),
            ),
        ],
    );
    assert!(
        draft.sql.contains("-- +commit\nDROP TABLE public.t;"),
        "{}",
        draft.sql
    );
    assert_eq!(sql::segments(&draft.sql).len(), 2);
}

#[test]
fn rows_and_what_is_gone_are_told() {
    let both = || catalog([table(&["a", "b"])]);
    let draft = drafted(
        both(),
        &[
            ("UPDATE t SET a = b;", 0, both()),
            ("ALTER TABLE t DROP COLUMN a;", 0, catalog([table(&["b"])])),
        ],
    );
    let told: Vec<&str> = draft
        .unrestored
        .iter()
        .map(|one| one.sentence.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "the values of public.t.a.",
            "the place of public.t.a among the columns: it comes last.",
            "the rows of t as they were before: which of them it changed is not known.",
        ]
    );
    for sentence in told {
        let line = format!("-- Not restored: {sentence}\n");
        assert!(draft.sql.contains(&line), "{}", draft.sql);
    }
    assert!(
        draft
            .sql
            .contains("ALTER TABLE public.t ADD COLUMN a integer;")
    );
}

#[test]
fn code_that_may_have_renamed_is_never_guessed() {
    let draft = drafted(
        catalog([table(&["a"])]),
        &[("DO $$ BEGIN END $$;", 0, catalog([table(&["b"])]))],
    );
    assert_eq!(sql::split(&draft.sql).statements, []);
    let told: Vec<&str> = draft
        .unrestored
        .iter()
        .map(|one| one.sentence.as_str())
        .collect();
    assert!(
        told[1].starts_with("What it did to the schema may be a rename"),
        "{told:?}"
    );
    assert!(
        told.contains(&"To do by hand: column t.a is new: integer."),
        "{told:?}"
    );
}

#[test]
fn a_rename_is_taken_back_as_one() {
    let draft = drafted(
        catalog([table(&["a"])]),
        &[(
            "ALTER TABLE t RENAME COLUMN a TO b;",
            0,
            catalog([table(&["b"])]),
        )],
    );
    assert!(
        draft
            .sql
            .ends_with("ALTER TABLE public.t RENAME COLUMN b TO a;\n"),
        "{}",
        draft.sql
    );
    assert_eq!(draft.unrestored, []);
}

#[test]
fn a_statement_that_leaves_nothing_needs_nothing() {
    let none = || catalog([]);
    for statement in [
        "SET x.y = 1;",
        "ANALYZE;",
        "DROP TABLE IF EXISTS t;",
        "SELECT 1;",
    ] {
        let draft = drafted(none(), &[(statement, 0, none())]);
        assert_eq!(draft, Draft::default(), "{statement}");
    }
    let draft = drafted(none(), &[("CREATE ROLE app;", 0, none())]);
    assert_eq!(draft.unrestored.len(), 1);
    assert!(
        draft
            .sql
            .starts_with("-- Undoes CREATE ROLE app\n-- Not restored: ")
    );
}

#[test]
fn catalogs_of_two_versions_are_refused() {
    let (before, after) = (Catalog::new(15, []), Catalog::new(16, [table(&["a"])]));
    let step = Step {
        sql: "CREATE TABLE t (a int);",
        segment: 0,
        before: &before,
        after: &after,
    };
    assert_eq!(draft(&[step], "me"), Err(CatalogError::OtherMajor(16, 15)));
}
