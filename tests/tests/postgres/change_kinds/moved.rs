//! A column that is moved to another table: what is written on one side is on the other, whoever writes.

use super::cases::CASES;
use super::*;

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
