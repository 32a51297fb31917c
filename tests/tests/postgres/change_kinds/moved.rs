//! A column that is moved to another table: what is written on one side is on the other, whoever writes, and while both
//! versions write without pause.

use super::cases::CASES;
use super::*;
use cofferdam_tests::clients::{Client, Done, Version};

/// What is written, and what stands in both tables then; order 9001 has `a` on both sides, and order 2 is not filled yet.
const RULES: &[(&str, i64, &str)] = &[
    (
        "UPDATE orders SET remark = 'b' WHERE id = 9001",
        9001,
        "b b",
    ),
    (
        "UPDATE shipments SET \"The Remark\" = 'b' WHERE \"Order Id\" = 9001",
        9001,
        "b b",
    ),
    (
        "INSERT INTO orders (id, remark) VALUES (9002, 'b'); INSERT INTO shipments (\"Order Id\") VALUES (9002)",
        9002,
        "b b",
    ),
    (
        "INSERT INTO orders (id) VALUES (9002); INSERT INTO shipments (\"Order Id\", \"The Remark\") VALUES (9002, 'b')",
        9002,
        "b b",
    ),
    (
        "INSERT INTO orders (id, remark) VALUES (9002, 'b'); INSERT INTO shipments (\"Order Id\", \"The Remark\") VALUES (9002, 'c')",
        9002,
        "c c",
    ),
    (
        "INSERT INTO orders (id) VALUES (9002); INSERT INTO shipments (\"Order Id\") VALUES (9002)",
        9002,
        "none none",
    ),
    (
        "UPDATE orders SET remark = NULL WHERE id = 9001",
        9001,
        "- -",
    ),
    (
        "UPDATE shipments SET \"The Remark\" = NULL WHERE \"Order Id\" = 9001",
        9001,
        "- -",
    ),
    (
        "UPDATE shipments SET weight = 1 WHERE \"Order Id\" = 2",
        2,
        "r2 -",
    ),
    ("UPDATE orders SET state = 'x' WHERE id = 2", 2, "r2 r2"),
    ("UPDATE orders SET remark = 'b' WHERE id = 2", 2, "b b"),
    (
        "UPDATE shipments SET \"The Remark\" = 'b' WHERE \"Order Id\" = 2",
        2,
        "b b",
    ),
    (
        "UPDATE shipments SET \"Order Id\" = 2999 WHERE \"Order Id\" = 9001",
        2999,
        "a a",
    ),
    (
        "INSERT INTO shipments (\"Order Id\", \"The Remark\") VALUES (9001, 'b') ON CONFLICT (\"Order Id\") DO UPDATE SET \"The Remark\" = excluded.\"The Remark\"",
        9001,
        "b b",
    ),
    (
        "INSERT INTO shipments (\"Order Id\", \"The Remark\") VALUES (9001, 'b') ON CONFLICT DO NOTHING",
        9001,
        "a a",
    ),
    (
        "INSERT INTO orders (id, remark) VALUES (9001, 'b') ON CONFLICT (id) DO NOTHING",
        9001,
        "a a",
    ),
    (
        "SET session_replication_role = replica; UPDATE orders SET remark = 'b' WHERE id = 9001",
        9001,
        "b b",
    ),
];

#[test]
fn what_is_written_in_one_table_is_in_the_other() {
    let case = CASES
        .iter()
        .find(|case| case.name == "move-column to a table that refers to this one")
        .expect("the case");
    let stage = Stage::new(case);
    stage.go(case, "upgrade", 1);
    stage.ask("INSERT INTO orders (id, remark) VALUES (9001, 'a'); INSERT INTO shipments (\"Order Id\") VALUES (9001)");
    for (sql, order, wanted) in RULES {
        let found = stage.ask(&format!(
            "BEGIN; {sql}; SELECT coalesce(remark, '-') || ' ' || coalesce(\"The Remark\", '-') FROM orders JOIN shipments ON \"Order Id\" = orders.id WHERE orders.id = {order}; ROLLBACK"
        ));
        assert_eq!(found, *wanted, "{sql}");
    }
}

const ROWS: i64 = 20_000;

const OLD: Version = Version {
    name: "old",
    rows: "SELECT id, remark FROM orders",
    insert: "WITH made AS (INSERT INTO orders (id, remark) VALUES ($1, $2)) INSERT INTO shipments (order_id) VALUES ($1)",
    update: "UPDATE orders SET remark = $2 WHERE id = $1",
    delete: "DELETE FROM orders WHERE id = $1",
};

const NEW: Version = Version {
    name: "new",
    rows: "SELECT order_id, remark FROM shipments",
    insert: "WITH made AS (INSERT INTO orders (id) VALUES ($1)) INSERT INTO shipments (order_id, remark) VALUES ($1, $2)",
    update: "UPDATE shipments SET remark = $2 WHERE order_id = $1",
    delete: "DELETE FROM orders WHERE id = $1",
};

#[test]
fn both_versions_write_without_pause_while_a_column_is_moved_and_back() {
    let base = format!(
        "-- Base\n--\n-- Revision ID: r00\n-- Revises:\n\n-- +upgrade\nCREATE TABLE orders (id bigint PRIMARY KEY, remark text);\nCREATE TABLE shipments (order_id bigint PRIMARY KEY REFERENCES orders ON DELETE CASCADE, weight int);\nINSERT INTO orders SELECT n, 'first ' || n FROM generate_series(0, {0}) n;\nINSERT INTO shipments SELECT n, 1 FROM generate_series(0, {0}) n;\n\n-- +downgrade none: it is the base\n",
        ROWS + 3
    );
    let folder = project::of(&[("cofferdam.toml", CONFIG), ("versions/r00.sql", &base)]);
    let database = database();
    let go = |arguments: &[&str]| {
        let all = [&["--url", &database.url], arguments].concat();
        succeed(folder.path(), &all).out
    };
    go(&["upgrade", "head"]);
    let start = [
        "change",
        "new",
        "move-column",
        "--table",
        "orders",
        "--id",
        "it",
    ];
    go(&[&start[..], &["column=remark", "to=shipments"]].concat());
    go(&["change", "write", "it"]);
    let mut done = Done::default();

    let old = Client::start(&database.url, OLD, 0, ROWS, 1_000_000);
    go(&["upgrade", "+1"]);
    let new = Client::start(&database.url, NEW, 1, ROWS, 2_000_000);
    go(&["upgrade", "head"]);
    go(&["change", "parity", "it"]);
    done.then(old.stop());
    go(&["change", "contract", "it"]);
    go(&["upgrade", "head"]);
    go(&["downgrade", "-1"]);
    let old = Client::start(&database.url, OLD, 0, ROWS, 3_000_000);
    go(&["change", "parity", "it"]);
    done.then(new.stop());
    done.then(old.stop());

    assert!(done.errors.is_empty(), "{:#?}", done.errors);
    let read = |query: &str| -> std::collections::BTreeMap<i64, String> {
        let text = cluster().psql(&database.name, query);
        let cells = text.lines().filter_map(|line| line.split_once(' '));
        let rows = cells.map(|(id, value)| (id.parse().expect("a key"), value.to_owned()));
        rows.collect()
    };
    let orders = read("SELECT id || ' ' || remark FROM orders");
    let shipments = read("SELECT order_id || ' ' || remark FROM shipments");
    assert!(orders == shipments, "both tables have the same");
    assert!(orders.len() as i64 > ROWS);
    for (id, value) in &done.rows {
        assert_eq!(orders.get(id), value.as_ref(), "order {id}");
    }
    println!(
        "{} statements of two versions, the longest wait {:?}",
        done.statements, done.longest
    );
}
