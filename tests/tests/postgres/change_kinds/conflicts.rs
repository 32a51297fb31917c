//! Changes that are open at the same time: those that commute end the same in any order, and the command line says what
//! stands in another's way.

use super::cases::{CASES, Case};
use super::*;

/// The order in which the parts of several changes are applied: by a change's place and a phase.
type Order = [(usize, Phase)];

const BOTH: [&Order; 2] = [
    &[
        (0, Phase::Expand),
        (1, Phase::Expand),
        (0, Phase::Migrate),
        (1, Phase::Migrate),
        (0, Phase::Contract),
        (1, Phase::Contract),
    ],
    &[
        (1, Phase::Expand),
        (1, Phase::Migrate),
        (0, Phase::Expand),
        (0, Phase::Migrate),
        (1, Phase::Contract),
        (0, Phase::Contract),
    ],
];

fn case(name: &str) -> &'static Case {
    let found = CASES.iter().find(|case| case.name == name);
    found.unwrap_or_else(|| panic!("no case {name}"))
}

/// Runs two changes of the same schema in an order, with all versions writing between the steps, and back; gives the catalog
/// of the end.
fn together(cases: [&Case; 2], order: &Order) -> Catalog {
    let first = Stage::new(cases[0]);
    let start = read(&first.database);
    let rows = first.ask(cases[0].rows);
    let changes = cases.map(|case| change(case, &start));
    let planned = [0, 1].map(|at| phases(&changes[at]).expect("phases"));
    // The first one's own revisions give way to those of both, in this order.
    for at in 1..=first.phases.parts.len() {
        let path = first.folder.path().join(format!("versions/{}.sql", id(at)));
        std::fs::remove_file(path).expect("a file");
    }
    let parts: Vec<(usize, Part)> = order
        .iter()
        .flat_map(|(change, phase)| {
            let of = planned[*change].of(*phase);
            of.map(|part| (*change, part.clone()))
        })
        .collect();
    for (at, (_, part)) in parts.iter().enumerate() {
        write(first.folder.path(), part, at + 1);
    }
    let stage = Stage {
        phases: Phases {
            parts: parts.iter().map(|(_, part)| part.clone()).collect(),
            ..Phases::default()
        },
        ..first
    };
    let mut number = 1_000_000;
    // Of each change the old version works until its contract begins, and the new one from the end of its expand on.
    let mut writes = |done: usize, when: &str| {
        for (change, case) in cases.iter().enumerate() {
            let count = |phase| {
                let is_such = |(of, part): &&(usize, Part)| *of == change && part.phase == phase;
                parts[..done].iter().filter(is_such).count()
            };
            let is_expanded = count(Phase::Expand) == planned[change].of(Phase::Expand).count();
            let old = case.old.iter().filter(|_| count(Phase::Contract) == 0);
            for sql in old.chain(case.new.iter().filter(|_| is_expanded)) {
                number += 1;
                let sql = sql.replace("{n}", &number.to_string());
                if let Err(error) = cluster().try_psql(&stage.database.name, &sql) {
                    panic!("{}: {when} {}: {sql}: {error}", case.name, id(done));
                }
            }
        }
    };
    let mut steps = vec![start];
    for at in 1..=parts.len() {
        stage.go(cases[0], "upgrade", at);
        writes(at, "after");
        steps.push(read(&stage.database));
    }
    for at in (0..parts.len()).rev() {
        stage.go(cases[0], "downgrade", at);
        let when = format!("back at {}", id(at));
        assert_same(cases[0], &when, &steps[at], &read(&stage.database));
        writes(at, &when);
    }
    for case in cases.iter().filter(|case| !case.holds.is_empty()) {
        assert_eq!(stage.ask(case.holds), "t", "{}: {}", case.name, case.holds);
    }
    assert!(!rows.is_empty());
    steps.pop().expect("the end")
}

#[test]
fn changes_that_commute_end_the_same_in_both_orders() {
    for (one, other) in [
        (
            "rename-column",
            "change-type that loses something on the way back",
        ),
        ("rename-column", "rename-column of a column with a default"),
        (
            "rename-column of a column with a default",
            "add-foreign-key",
        ),
        ("drop-column", "rename-column of a column with a default"),
    ] {
        let cases = [case(one), case(other)];
        let plain = database();
        cluster().psql(&plain.name, cases[0].schema);
        let found = {
            let start = read(&plain);
            let [one, other] = cases.map(|case| change(case, &start));
            conflicts::between(&one, &other).expect("a verdict")
        };
        assert_eq!(found.verdict, Verdict::Commute, "{}", found.reason);
        for case in cases {
            cluster().psql(&plain.name, case.plain);
        }
        let wanted = read(&plain);
        for order in BOTH {
            assert_same(cases[0], "in the end", &wanted, &together(cases, order));
        }
    }
}

#[test]
fn the_command_line_says_what_stands_in_anothers_way() {
    let base = "-- Base\n--\n-- Revision ID: r00\n-- Revises:\n\n-- +upgrade\nCREATE TABLE people (id integer PRIMARY KEY, name text);\nCREATE TABLE reports (id bigint PRIMARY KEY, tier text, note text, author integer);\nCREATE INDEX reports_author ON reports (author);\n\n-- +downgrade none: it is the base\n";
    let folder = project::of(&[("cofferdam.toml", CONFIG), ("versions/r00.sql", base)]);
    let database = database();
    let go = |arguments: &[&str]| {
        let all = [&["--url", &database.url], arguments].concat();
        succeed(folder.path(), &all)
    };
    go(&["upgrade", "head"]);
    let new = |id: &str, kind: &str, table: &str, fields: &[&str]| {
        let start = ["change", "new", kind, "--table", table, "--id", id];
        go(&[&start, fields].concat()).err
    };
    let first = new(
        "tier",
        "rename-column",
        "reports",
        &["column=tier", "to=plan"],
    );
    assert!(!first.contains("begin"), "{first}");
    let note = new(
        "note",
        "rename-column",
        "reports",
        &["column=note", "to=body"],
    );
    assert!(!note.contains("begin"), "{note}");
    let retype = new(
        "retype",
        "change-type",
        "reports",
        &["column=tier", "type=varchar(9)"],
    );
    assert!(
        retype.contains("tier changes reports.tier, with which retype works: begin the second")
            || retype.contains("retype changes reports.tier"),
        "{retype}"
    );
    let gone = new("gone", "drop-table", "reports", &[]);
    assert!(
        gone.contains("gone takes away reports, with which tier works"),
        "{gone}"
    );
    let wider = new(
        "wider",
        "change-type",
        "people",
        &["column=id", "type=bigint"],
    );
    assert!(!wider.contains("people.id"), "{wider}");
    let refer = new(
        "refer",
        "add-foreign-key",
        "reports",
        &["columns=author", "to=people"],
    );
    assert!(
        refer.contains("wider changes people.id, with which refer works"),
        "{refer}"
    );

    let begun = go(&["change", "write", "tier"]).err;
    assert!(begun.contains("gone takes away reports"), "{begun}");
    let late = go(&["change", "write", "retype"]).err;
    assert!(
        late.contains("begin retype when the contract of tier is applied"),
        "{late}"
    );

    let listed = go(&["change", "conflicts", "--format", "json"]).out;
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    let pairs = listed["conflicts"]["pairs"].as_array().expect("pairs");
    let verdict = |one: &str, other: &str| {
        let found = pairs.iter().find(|pair| {
            [(one, other), (other, one)].contains(&(
                pair["one"].as_str().unwrap_or_default(),
                pair["other"].as_str().unwrap_or_default(),
            ))
        });
        found.expect("a pair")["verdict"].clone()
    };
    assert_eq!(pairs.len(), 15);
    assert_eq!(verdict("tier", "note"), "commute");
    assert_eq!(verdict("tier", "retype"), "waits");
    assert_eq!(verdict("tier", "gone"), "exclude");
    assert_eq!(verdict("wider", "refer"), "waits");
    assert_eq!(verdict("wider", "note"), "commute");
    let text = go(&["change", "conflicts"]).out;
    assert!(
        text.contains("note, tier: commute\n    Nothing that"),
        "{text}"
    );
}
