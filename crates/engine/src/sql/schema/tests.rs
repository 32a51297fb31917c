use super::{ConstraintKind, OwnType, Schema, TableName};

fn after(statements: &[&str]) -> Vec<String> {
    let mut schema = Schema::default();
    for statement in statements {
        schema.apply(statement);
    }
    let one = |(name, table): (&TableName, &super::Table)| {
        let columns: Vec<&str> = table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        format!("{name}({})", columns.join(" "))
    };
    schema.lasting_tables().map(one).collect()
}

const USERS: &str =
    "CREATE TABLE users (id int PRIMARY KEY, price numeric(8, 2) DEFAULT 0, \"Odd, name\" text,
    CONSTRAINT c CHECK (id > 0), UNIQUE (id, price));";

#[test]
fn tables_are_made_and_go() {
    for (statements, want) in [
        (vec![USERS], vec!["users(id price Odd, name)"]),
        (
            vec![USERS, "create table if not exists public.users (x int)"],
            vec!["users(id price Odd, name)"],
        ),
        (
            vec![
                USERS,
                "ALTER TABLE users RENAME TO people;",
                "DROP TABLE other",
            ],
            vec!["people(id price Odd, name)"],
        ),
        (
            vec![USERS, "ALTER TABLE IF EXISTS users SET SCHEMA s"],
            vec!["s.users(id price Odd, name)"],
        ),
        (
            vec![
                USERS,
                "CREATE TABLE b AS SELECT 1",
                "DROP TABLE IF EXISTS b, public.users CASCADE",
            ],
            vec![],
        ),
        (
            vec![
                USERS,
                "CREATE TABLE p PARTITION OF users FOR VALUES IN (1)",
                "CREATE TABLE l (LIKE users INCLUDING ALL, more text)",
                "CREATE TABLE i (own int) INHERITS (users)",
                "CREATE OR REPLACE VIEW v (a, b) AS SELECT 1, 2",
                "CREATE TEMP TABLE t (a int)",
                "CREATE INDEX ON users (id)",
            ],
            vec![
                "i(id price Odd, name own)",
                "l(id price Odd, name more)",
                "p(id price Odd, name)",
                "users(id price Odd, name)",
                "v(a b)",
            ],
        ),
    ] {
        assert_eq!(after(&statements), want, "{statements:?}");
    }
}

#[test]
fn columns_come_and_go() {
    for (statement, want) in [
        (
            "ALTER TABLE ONLY users ADD COLUMN IF NOT EXISTS phone text, DROP price, ADD CHECK (id > 0), ADD id int",
            "users(id Odd, name phone)",
        ),
        (
            "ALTER TABLE users RENAME COLUMN price TO \"Cost\"",
            "users(id Cost Odd, name)",
        ),
        (
            "ALTER TABLE users RENAME price TO cost",
            "users(id cost Odd, name)",
        ),
        (
            "ALTER TABLE users RENAME CONSTRAINT c TO d",
            "users(id price Odd, name)",
        ),
        (
            "ALTER TABLE users DROP CONSTRAINT price",
            "users(id price Odd, name)",
        ),
        ("ALTER TABLE users ADD", "users(id price Odd, name)"),
        ("ALTER TABLE gone ADD x int", "users(id price Odd, name)"),
    ] {
        assert_eq!(after(&[USERS, statement]), [want], "{statement}");
    }
}

fn schema(statements: &[&str]) -> Schema {
    let mut schema = Schema::default();
    for statement in statements {
        assert!(schema.apply(statement), "{statement}");
    }
    schema
}

fn table(name: &str) -> TableName {
    TableName::new(None, name.to_owned())
}

const ORDERS: &str = "CREATE TABLE orders (id bigserial PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE,
    code varchar(10) UNIQUE, CHECK (code <> ''))";

#[test]
fn columns_and_constraints_are_known() {
    let schema = schema(&[USERS, ORDERS]);
    let orders = schema.table(&table("orders")).expect("a table");
    let code = orders.column("code").expect("a column");
    assert_eq!(
        (code.written.as_str(), code.sql_type.to_string().as_str()),
        ("varchar(10)", "character varying(10)")
    );
    assert!(code.is_nullable && !orders.column("id").expect("a column").is_nullable);
    let names: Vec<&str> = orders
        .constraints
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "orders_pkey",
            "orders_user_id_not_null",
            "orders_user_id_fkey",
            "orders_code_key",
            "orders_code_check"
        ]
    );
    assert!(schema.sequence(&table("orders_id_seq")).is_some());
    let indexes: Vec<String> = schema
        .indexes_of(&table("orders"))
        .map(|(name, _)| name.to_string())
        .collect();
    assert_eq!(indexes, ["orders_code_key", "orders_pkey"]);
    let referencing: Vec<String> = schema
        .referencing(&table("users"))
        .map(|(name, _)| name.to_string())
        .collect();
    assert_eq!(referencing, ["orders"]);
}

#[test]
fn what_is_made_after_the_mark_is_new() {
    let mut schema = schema(&[USERS]);
    schema.mark();
    schema.apply(ORDERS);
    schema.apply("CREATE INDEX ON users (price)");
    schema.apply("ALTER TABLE orders RENAME TO sales");
    assert!(schema.is_new(&table("sales")) && schema.is_new(&table("users_price_idx")));
    assert!(!schema.is_new(&table("users")) && !schema.is_new(&table("orders")));
    schema.apply("DROP TABLE sales");
    assert!(!schema.is_new(&table("sales")));
}

#[test]
fn a_renamed_table_keeps_its_friends() {
    let schema = schema(&[
        USERS,
        ORDERS,
        "CREATE VIEW names AS SELECT id FROM users",
        "ALTER TABLE users RENAME TO people",
        "ALTER TABLE people SET SCHEMA hr",
    ]);
    let people = TableName::new(Some("hr".to_owned()), "people".to_owned());
    assert_eq!(schema.referencing(&people).count(), 1);
    assert_eq!(schema.views_of(&people).count(), 1);
    assert_eq!(schema.indexes_of(&people).count(), 2);
    assert!(
        schema
            .index(&TableName::new(
                Some("hr".to_owned()),
                "users_pkey".to_owned()
            ))
            .is_some()
    );
}

#[test]
fn dropping_takes_what_depends_along() {
    let schema = schema(&[
        USERS,
        ORDERS,
        "CREATE VIEW names AS SELECT id FROM users",
        "CREATE VIEW more AS SELECT id FROM names",
        "DROP TABLE users CASCADE",
    ]);
    assert!(schema.table(&table("more")).is_none());
    let orders = schema.table(&table("orders")).expect("a table");
    assert_eq!(orders.foreign_keys().count(), 0);
    assert!(schema.index(&table("users_pkey")).is_none());
}

#[test]
fn checks_follow_a_renamed_column() {
    let schema = schema(&[
        "CREATE TABLE t (a int, CONSTRAINT c CHECK (a IS NOT NULL))",
        "ALTER TABLE t RENAME a TO b",
        "ALTER TABLE t VALIDATE CONSTRAINT c",
    ]);
    let t = schema.table(&table("t")).expect("a table");
    let check = t.constraint("c").expect("a constraint");
    assert_eq!(
        check.kind,
        ConstraintKind::Check("b IS NOT NULL".to_owned())
    );
    assert_eq!(check.columns, ["b"]);
}

#[test]
fn labels_stand_where_they_are_put() {
    let schema = schema(&[
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "ALTER TYPE mood ADD VALUE 'meh' BEFORE 'ok'",
        "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'meh'",
        "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'",
        "ALTER TYPE mood ADD VALUE 'great'",
    ]);
    let labels = ["sad", "meh", "fine", "great"].map(str::to_owned).to_vec();
    assert_eq!(
        schema.own_type(&table("mood")),
        Some(&OwnType::Enum(labels))
    );
}

#[test]
fn partitions_get_columns_indexes_and_keys() {
    let schema = schema(&[
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE TABLE e (at date, id int REFERENCES users, PRIMARY KEY (at)) PARTITION BY RANGE (at)",
        "CREATE INDEX ON e (id)",
        "CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "ALTER TABLE e ADD COLUMN more text",
    ]);
    let part = schema.table(&table("e1")).expect("a partition");
    assert!(part.column("more").is_some());
    assert_eq!(part.foreign_keys().count(), 1);
    let indexes: Vec<String> = schema
        .indexes_of(&table("e1"))
        .map(|(name, _)| name.to_string())
        .collect();
    assert_eq!(indexes, ["e1_id_idx", "e1_pkey"]);
    assert_eq!(schema.descendants(&table("e")).len(), 1);
}

#[test]
fn what_cannot_be_read_is_said() {
    let mut schema = Schema::default();
    assert!(!schema.apply("ALTER TABLE"));
    assert!(schema.apply("/* a */ -- b\nUPDATE t SET a = 1"));
}
