//! Operations for statements, before they are read back.

use super::*;

fn written(statement: &str) -> Option<String> {
    candidate(statement, &Settings::default())
}

#[test]
fn a_table_is_written_with_its_columns_and_constraints() {
    let sql = "CREATE TABLE shop.orders (id SERIAL NOT NULL, code INTEGER NOT NULL, price NUMERIC(10, 2) DEFAULT 0 NOT NULL, tags VARCHAR(20)[], at TIMESTAMP WITH TIME ZONE DEFAULT now(), CONSTRAINT pk PRIMARY KEY (id, code), UNIQUE (code), CHECK (price > 0), FOREIGN KEY(code) REFERENCES shop.codes (id) ON DELETE SET NULL)";
    assert_eq!(
        written(sql).as_deref(),
        Some(
            "op.create_table(\n    \"orders\",\n    sa.Column(\"id\", sa.Integer(), autoincrement=True, nullable=False),\n    sa.Column(\"code\", sa.Integer(), autoincrement=False, nullable=False),\n    sa.Column(\"price\", sa.Numeric(precision=10, scale=2), server_default=sa.text(\"0\"), nullable=False),\n    sa.Column(\"tags\", postgresql.ARRAY(sa.String(length=20)), nullable=True),\n    sa.Column(\"at\", sa.DateTime(timezone=True), server_default=sa.text(\"now()\"), nullable=True),\n    sa.PrimaryKeyConstraint(\"id\", \"code\", name=\"pk\"),\n    sa.UniqueConstraint(\"code\"),\n    sa.CheckConstraint(\"price > 0\"),\n    sa.ForeignKeyConstraint([\"code\"], [\"shop.codes.id\"], ondelete=\"SET NULL\"),\n    schema=\"shop\",\n)"
        )
    );
}

#[test]
fn changes_are_written_as_operations() {
    for (sql, python) in [
        ("DROP TABLE a", "op.drop_table(\"a\")"),
        (
            "DROP TABLE IF EXISTS s.a",
            "op.drop_table(\"a\", schema=\"s\", if_exists=True)",
        ),
        ("ALTER TABLE a RENAME TO b", "op.rename_table(\"a\", \"b\")"),
        (
            "ALTER TABLE a RENAME b TO c",
            "op.alter_column(\"a\", \"b\", new_column_name=\"c\")",
        ),
        (
            "ALTER TABLE a ADD COLUMN b JSONB DEFAULT '{}'::jsonb NOT NULL",
            "op.add_column(\n    \"a\",\n    sa.Column(\"b\", postgresql.JSONB(), server_default=sa.text(\"'{}'::jsonb\"), nullable=False),\n)",
        ),
        (
            "ALTER TABLE a DROP COLUMN \"B\"",
            "op.drop_column(\"a\", \"B\")",
        ),
        (
            "ALTER TABLE a ALTER COLUMN b SET NOT NULL",
            "op.alter_column(\"a\", \"b\", nullable=False)",
        ),
        (
            "ALTER TABLE a ALTER COLUMN b TYPE INTEGER USING b::integer",
            "op.alter_column(\"a\", \"b\", type_=sa.Integer(), postgresql_using=\"b::integer\")",
        ),
        (
            "ALTER TABLE a ALTER COLUMN b SET DEFAULT 'x'",
            "op.alter_column(\"a\", \"b\", server_default=sa.text(\"'x'\"))",
        ),
        (
            "ALTER TABLE a ALTER COLUMN b DROP DEFAULT",
            "op.alter_column(\"a\", \"b\", server_default=None)",
        ),
        (
            "ALTER TABLE a ADD CONSTRAINT k UNIQUE (b, c)",
            "op.create_unique_constraint(\"k\", \"a\", [\"b\", \"c\"])",
        ),
        (
            "ALTER TABLE a ADD CONSTRAINT k CHECK (b ~ ':x') NOT VALID",
            "op.create_check_constraint(\"k\", \"a\", r\"b ~ '\\:x'\", postgresql_not_valid=True)",
        ),
        (
            "ALTER TABLE s.a ADD CONSTRAINT k FOREIGN KEY(b) REFERENCES t.c (d) ON DELETE CASCADE",
            "op.create_foreign_key(\n    \"k\",\n    \"a\",\n    \"c\",\n    [\"b\"],\n    [\"d\"],\n    ondelete=\"CASCADE\",\n    source_schema=\"s\",\n    referent_schema=\"t\",\n)",
        ),
        (
            "ALTER TABLE a DROP CONSTRAINT k",
            "op.drop_constraint(\"k\", \"a\")",
        ),
        (
            "CREATE UNIQUE INDEX CONCURRENTLY i ON a USING gin (b, lower(c) DESC) INCLUDE (d) WHERE b > 0",
            "op.create_index(\n    \"i\",\n    \"a\",\n    [\"b\", sa.text(\"lower(c) DESC\")],\n    unique=True,\n    postgresql_using=\"gin\",\n    postgresql_include=[\"d\"],\n    postgresql_where=sa.text(\"b > 0\"),\n    postgresql_concurrently=True,\n)",
        ),
        (
            "DROP INDEX CONCURRENTLY IF EXISTS i",
            "op.drop_index(\"i\", postgresql_concurrently=True, if_exists=True)",
        ),
        (
            "COMMENT ON TABLE a IS 'it''s'",
            "op.create_table_comment(\"a\", \"it's\")",
        ),
        ("COMMENT ON TABLE a IS NULL", "op.drop_table_comment(\"a\")"),
        (
            "COMMENT ON COLUMN s.a.b IS 'x'",
            "op.alter_column(\"a\", \"b\", comment=\"x\", schema=\"s\")",
        ),
        (
            "COMMENT ON COLUMN a.b IS NULL",
            "op.alter_column(\"a\", \"b\", comment=None)",
        ),
    ] {
        assert_eq!(written(sql).as_deref(), Some(python), "{sql}");
    }
    for sql in [
        "ALTER TABLE a SET LOGGED",
        "ALTER TABLE a ADD COLUMN b geometry",
        "CREATE TABLE a (b INTEGER PRIMARY KEY)",
        "CREATE TABLE a (b INTEGER) PARTITION BY RANGE (b)",
        "DROP TABLE a CASCADE",
        "CREATE VIEW a AS SELECT 1",
        "COMMENT ON TABLE a IS E'x'",
        "ALTER TABLE a",
        "",
    ] {
        assert_eq!(written(sql), None, "{sql}");
    }
}

#[test]
fn names_are_final_where_a_convention_would_change_them() {
    let mut settings = Settings::default();
    settings
        .naming_convention
        .insert("ck".into(), "ck_%(table_name)s_%(constraint_name)s".into());
    assert_eq!(
        candidate("ALTER TABLE a DROP CONSTRAINT k", &settings).as_deref(),
        Some("op.drop_constraint(op.f(\"k\"), \"a\")")
    );
}
