use super::*;
use crate::catalog::{Catalog, Column, Constraint, Index, Object, Relation};
use crate::hazard::{Judge, Options};
use crate::{lint, script};
use std::collections::BTreeMap;

/// The schema that the changes of these tests start from, as statements.
const SCHEMA: &str = "CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free');\n\
    CREATE INDEX reports_tier ON reports (tier);\n";

/// The same as a catalog.
fn schema() -> Catalog {
    let column = |name: &str, type_: &str, default: Option<&str>| Column {
        name: name.into(),
        type_: type_.into(),
        not_null: true,
        default: default.map(str::to_owned),
        ..Column::default()
    };
    let index = |name: &str, definition: &str, constraint: Option<&str>| Index {
        name: name.into(),
        definition: definition.into(),
        constraint: constraint.map(str::to_owned),
        ..Index::default()
    };
    let reports = Relation {
        schema: "public".into(),
        name: "reports".into(),
        owner: "postgres".into(),
        columns: vec![
            column("id", "bigint", None),
            column("tier", "text", Some("'free'::text")),
        ],
        constraints: vec![Constraint {
            name: "reports_pkey".into(),
            type_: "primary key".into(),
            definition: "PRIMARY KEY (id)".into(),
            ..Constraint::default()
        }],
        indexes: vec![
            index(
                "reports_pkey",
                "CREATE UNIQUE INDEX reports_pkey ON public.reports USING btree (id)",
                Some("reports_pkey"),
            ),
            index(
                "reports_tier",
                "CREATE INDEX reports_tier ON public.reports USING btree (tier)",
                None,
            ),
        ],
        ..Relation::default()
    };
    Catalog::new(15, [Object::Table(reports)])
}

fn change(kind: &str, fields: &[(&str, &str)]) -> Result<Change, ChangeError> {
    let values: BTreeMap<String, String> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Ok(Change {
        id: ChangeId::new("reports_change")?,
        table: TableName::read("reports")?,
        kind: Kind::fill(kind, &values)?,
        key: Vec::new(),
        conditions: Conditions::default(),
        written: Vec::new(),
        start: schema(),
    })
}

/// A change of each kind.
const CHANGES: &[(&str, &[(&str, &str)])] =
    &[("rename-column", &[("column", "tier"), ("to", "plan")])];

/// The revision files of a change, in order.
fn files(change: &Change) -> Vec<String> {
    let phases = phases(change).expect("phases");
    let mut down: Vec<RevisionId> = Vec::new();
    let mut files = Vec::new();
    for (at, part) in phases.parts.iter().enumerate() {
        let id = RevisionId::new(format!("r{at}")).expect("an id");
        let revision = Revision {
            id: id.clone(),
            down: std::mem::replace(&mut down, vec![id]),
            depends_on: Vec::new(),
            branch_labels: Vec::new(),
            message: part.message.clone(),
            description: Vec::new(),
            author: None,
            create_date: None,
            extra: header(&change.id, part.phase),
            upgrade: part.upgrade.clone(),
            downgrade: crate::revision::Downgrade::Sql(part.downgrade.clone()),
        };
        files.push(script::write(&revision));
    }
    files
}

#[test]
fn there_is_a_test_of_every_kind() {
    for about in Kind::ALL {
        assert!(
            CHANGES.iter().any(|(name, _)| *name == about.name),
            "{} has no change here",
            about.name
        );
    }
}

#[test]
fn what_is_written_has_no_hazard_and_no_finding() {
    for (name, fields) in CHANGES {
        let change = change(name, fields).expect("a change");
        let mut judge = Judge::new(&Options::default());
        judge.replay(SCHEMA);
        judge.mark();
        for (at, text) in files(&change).iter().enumerate() {
            let reading = script::read(&format!("versions/{at}.sql"), text.as_bytes());
            let script = reading.script.expect("a revision");
            let (id, phase) = of_revision(&script.revision).expect("the change's revision");
            assert_eq!(
                (id, phase),
                (
                    change.id.clone(),
                    phases(&change).expect("phases").parts[at].phase
                )
            );
            let found: Vec<String> = lint::script(&script, text, &reading.findings, &mut judge)
                .into_iter()
                .filter(|found| found.allowed.is_none())
                .map(|found| {
                    format!(
                        "{}:{} {} {}",
                        found.line, found.column, found.code, found.message
                    )
                })
                .collect();
            assert!(found.is_empty(), "{name}\n{text}\n{}", found.join("\n"));
        }
    }
}

#[test]
fn a_file_is_read_as_it_was_written() {
    for (name, fields) in CHANGES {
        let mut change = change(name, fields).expect("a change");
        change.key = vec!["id".into()];
        change.conditions.confirm = vec!["app 42 is \"everywhere\"".into()];
        change.written = vec![(Phase::Expand, RevisionId::new("abc").expect("an id"))];
        let text = change.write();
        let again = Change::read(change.id.clone(), &text);
        assert_eq!(again.as_ref(), Ok(&change), "{text}");
    }
}
