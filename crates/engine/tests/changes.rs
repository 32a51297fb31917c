//! Breaking changes: what each kind writes, what is refused, and the documentation's page of each, made from the same code.
//! `COFFERDAM_WRITE_DOCS=1 cargo test -p cofferdam-engine --test changes` writes the pages anew.

#[path = "changes/cases.rs"]
mod cases;
#[path = "changes/conflicts.rs"]
mod conflicts;
#[path = "changes/edits.rs"]
mod edits;
#[path = "changes/queries.rs"]
mod queries;
#[path = "changes/views.rs"]
mod views;

use cases::{CHANGES, REFUSED};

use cofferdam_engine::catalog::{
    Catalog, Column, Constraint, Defined, Enum, Index, Object, Policy, Relation,
};
use cofferdam_engine::change::gate::Conditions;
use cofferdam_engine::change::{
    About, Change, ChangeError, ChangeId, Kind, Phase, TableName, header, of_revision, phases,
};
use cofferdam_engine::hazard::{Judge, Options};
use cofferdam_engine::revision::{Downgrade, Revision, RevisionId};
use cofferdam_engine::{lint, script};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The schema that the changes of these tests start from, as statements.
const SCHEMA: &str = "CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free', note text, author bigint, seen_at date);\n\
    CREATE INDEX reports_tier ON reports (tier);\n\
    CREATE TABLE people (id bigint PRIMARY KEY);\n\
    CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);\n\
    CREATE TABLE events_rest PARTITION OF events DEFAULT;\n\
    CREATE TABLE events_2026 (at date NOT NULL);\n\
    CREATE TABLE orders (id bigint PRIMARY KEY, remark text, state text NOT NULL);\n\
    CREATE TABLE shipments (order_id bigint PRIMARY KEY REFERENCES orders (id), weight integer);\n\
    CREATE TYPE level AS ENUM ('free', 'gold', 'it''s');\n\
    CREATE TABLE plans (id bigint PRIMARY KEY, level level NOT NULL DEFAULT 'gold');\n";

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
            Column {
                not_null: false,
                ..column("note", "text", None)
            },
            Column {
                not_null: false,
                ..column("author", "bigint", None)
            },
            Column {
                not_null: false,
                ..column("seen_at", "date", None)
            },
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
        policies: vec![Policy {
            name: "lately".into(),
            command: "select".into(),
            roles: vec!["public".into()],
            using: Some("(seen_at > '2025-01-01'::date)".into()),
            ..Policy::default()
        }],
        ..Relation::default()
    };
    let events = Relation {
        schema: "public".into(),
        name: "events".into(),
        partition_key: Some("RANGE (at)".into()),
        columns: vec![column("at", "date", None)],
        ..Relation::default()
    };
    let rest = Relation {
        schema: "public".into(),
        name: "events_rest".into(),
        partition_bound: Some("DEFAULT".into()),
        parents: vec!["public.events".into()],
        columns: vec![column("at", "date", None)],
        ..Relation::default()
    };
    let people = Relation {
        schema: "public".into(),
        name: "people".into(),
        columns: vec![column("id", "bigint", None)],
        ..Relation::default()
    };
    let key_of = |table: &str, column: &str| Index {
        name: format!("{table}_pkey"),
        definition: format!(
            "CREATE UNIQUE INDEX {table}_pkey ON public.{table} USING btree ({column})"
        ),
        constraint: Some(format!("{table}_pkey")),
        ..Index::default()
    };
    let orders = Relation {
        schema: "public".into(),
        name: "orders".into(),
        columns: vec![
            column("id", "bigint", None),
            Column {
                not_null: false,
                ..column("remark", "text", None)
            },
            column("state", "text", None),
        ],
        constraints: vec![Constraint {
            name: "orders_pkey".into(),
            type_: "primary key".into(),
            definition: "PRIMARY KEY (id)".into(),
            ..Constraint::default()
        }],
        indexes: vec![key_of("orders", "id")],
        ..Relation::default()
    };
    let shipments = Relation {
        schema: "public".into(),
        name: "shipments".into(),
        columns: vec![
            column("order_id", "bigint", None),
            column("weight", "integer", None),
        ],
        constraints: vec![Constraint {
            name: "shipments_order_id_fkey".into(),
            type_: "foreign key".into(),
            definition: "FOREIGN KEY (order_id) REFERENCES public.orders(id)".into(),
            ..Constraint::default()
        }],
        indexes: vec![key_of("shipments", "order_id")],
        ..Relation::default()
    };
    let level = Enum {
        schema: "public".into(),
        name: "level".into(),
        labels: ["free", "gold", "it's"].map(str::to_owned).into(),
        ..Enum::default()
    };
    let plans = Relation {
        schema: "public".into(),
        name: "plans".into(),
        columns: vec![
            column("id", "bigint", None),
            column("level", "public.level", Some("'gold'::public.level")),
        ],
        indexes: vec![key_of("plans", "id")],
        ..Relation::default()
    };
    let seen = Relation {
        schema: "public".into(),
        name: "seen".into(),
        definition: Some(" SELECT reports.seen_at FROM public.reports".into()),
        ..Relation::default()
    };
    let routine = Defined {
        schema: "public".into(),
        name: "last_seen()".into(),
        definition: "CREATE FUNCTION public.last_seen() RETURNS date LANGUAGE sql AS $$SELECT max(seen_at) FROM reports$$".into(),
        ..Defined::default()
    };
    let tables = [reports, events, rest, people, orders, shipments, plans].map(Object::Table);
    let others = [
        Object::View(seen),
        Object::Function(routine),
        Object::Enum(level),
    ];
    Catalog::new(15, tables.into_iter().chain(others))
}

fn change(kind: &str, fields: &[(&str, &str)]) -> Result<Change, ChangeError> {
    let values: BTreeMap<String, String> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Ok(Change {
        id: ChangeId::new("reports_change")?,
        table: TableName::read(match kind {
            "attach-partition" => "events",
            "drop-table" => "people",
            "move-column" => "orders",
            "rename-enum-value" | "remove-enum-value" => "plans",
            _ => "reports",
        })?,
        kind: Kind::fill(kind, &values)?,
        key: Vec::new(),
        view_schema: None,
        conditions: Conditions::default(),
        written: Vec::new(),
        edits: Vec::new(),
        start: schema(),
    })
}

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
            downgrade: Downgrade::Sql(part.downgrade.clone()),
        };
        files.push(script::write(&revision));
    }
    files
}

#[test]
fn there_is_a_test_of_every_kind() {
    for about in Kind::ALL {
        assert!(
            CHANGES.iter().any(|(name, _)| *name == about.name)
                || REFUSED.iter().any(|(name, ..)| *name == about.name),
            "{} has no change here",
            about.name
        );
    }
}

/// What is found in the revisions of a change, each with the file that it is in: judged as one plan, or each as what runs when
/// those before it are long applied.
fn found_in(change: &Change) -> Vec<String> {
    [true, false]
        .into_iter()
        .flat_map(|together| judged(change, together))
        .collect()
}

fn judged(change: &Change, together: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut judge = Judge::new(&Options::default());
    judge.replay(SCHEMA);
    judge.mark();
    for (at, text) in files(change).iter().enumerate() {
        if !together {
            judge.mark();
        }
        let reading = script::read(&format!("versions/{at}.sql"), text.as_bytes());
        let script = reading.script.expect("a revision");
        let (id, phase) = of_revision(&script.revision).expect("the change's revision");
        assert_eq!(
            (id, phase),
            (
                change.id.clone(),
                phases(change).expect("phases").parts[at].phase
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
        if !found.is_empty() {
            wrong.push(format!("{}\n{text}\n{}", change.title(), found.join("\n")));
        }
    }
    wrong
}

#[test]
fn what_is_written_has_no_hazard_and_no_finding() {
    let mut wrong = Vec::new();
    for (name, fields) in CHANGES {
        wrong.extend(found_in(&change(name, fields).expect("a change")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
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

#[test]
fn what_cannot_be_done_is_refused_in_words() {
    let mut wrong = Vec::new();
    for (kind, fields, words) in REFUSED {
        let tried = change(kind, fields).and_then(|change| phases(&change));
        let error = tried.err().map(|error| error.0).unwrap_or_default();
        if !error.contains(words) {
            wrong.push(format!("{kind} {fields:?}: {words}: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page of a kind, from the change that stands for it here.
fn page(about: &About, change: &Change) -> String {
    let phases = phases(change).expect("phases");
    let mut text = format!("# {}: {}\n\n{}\n\n", about.name, about.title, about.about);
    text.push_str("| field | | |\n|---|---|---|\n");
    for field in about.fields {
        let need = if field.required { "" } else { "optional" };
        let line = format!(
            "| `{}={}` | {} | {need} |\n",
            field.name, field.example, field.label
        );
        text.push_str(&line);
    }
    let _ = write!(text, "\nThe example: {}.\n", change.title());
    for note in &phases.notes {
        let _ = write!(text, "\n{note}\n");
    }
    for phase in Phase::ALL {
        if phases.of(phase).next().is_some() {
            let _ = write!(text, "\n## {phase}\n");
        }
        for part in phases.of(phase) {
            let _ = write!(
                text,
                "\n{}\n\n```sql\n-- +upgrade\n{}\n-- +downgrade\n{}```\n",
                part.message, part.upgrade, part.downgrade
            );
        }
    }
    text
}

#[test]
fn the_documentation_has_a_page_of_every_kind() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/changes");
    for about in Kind::ALL {
        let Some((name, fields)) = CHANGES.iter().find(|(name, _)| *name == about.name) else {
            continue;
        };
        let text = page(about, &change(name, fields).expect("a change"));
        let path = folder.join(format!("{name}.md"));
        if std::env::var_os("COFFERDAM_WRITE_DOCS").is_some() {
            std::fs::write(&path, &text).expect("a page");
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            there == text,
            "{} is not what the code says: run this test with COFFERDAM_WRITE_DOCS=1",
            path.display()
        );
    }
}
