//! A look, before a second table takes the place of the first, whether that is still as it was.

use super::super::build::Builder;
use super::super::names::TableName;
use crate::sql::literal;

/// A statement that stops where the table has other columns than the second one, or other indexes, constraints, triggers or
/// policies than it had when the change was made: they would be lost.
pub fn statement(builder: &Builder<'_>, second: &TableName) -> String {
    let table = builder.table;
    let of = |what: &str, names: Vec<&str>| -> Vec<String> {
        names
            .iter()
            .map(|name| literal(&format!("{what} {name}")))
            .collect()
    };
    let constraints = table
        .constraints
        .iter()
        .filter(|one| one.type_ != "not null");
    let known: Vec<String> = [
        of(
            "index",
            table.indexes.iter().map(|one| one.name.as_str()).collect(),
        ),
        of(
            "constraint",
            constraints.map(|one| one.name.as_str()).collect(),
        ),
        of(
            "trigger",
            table.triggers.iter().map(|one| one.name.as_str()).collect(),
        ),
        of(
            "policy",
            table.policies.iter().map(|one| one.name.as_str()).collect(),
        ),
    ]
    .concat();
    let (own, other) = (literal(&builder.name.sql()), literal(&second.sql()));
    let words = builder.name.words().replace('%', "%%");
    format!(
        "DO $cofferdam$
DECLARE
    own CONSTANT pg_catalog.oid := {own}::pg_catalog.regclass;
    known CONSTANT text[] := ARRAY[{}]::text[];
    other text;
BEGIN
    SELECT string_agg(one, ', ') INTO other FROM (
        SELECT 'column ' || attname AS one FROM (
            SELECT attname, atttypid, atttypmod, attnotnull, attcollation FROM pg_catalog.pg_attribute WHERE attrelid = own AND attnum > 0 AND NOT attisdropped
            EXCEPT
            SELECT attname, atttypid, atttypmod, attnotnull, attcollation FROM pg_catalog.pg_attribute WHERE attrelid = {other}::pg_catalog.regclass
        ) AS columns
        UNION ALL
        SELECT one FROM (
            SELECT 'index ' || relname AS one FROM pg_catalog.pg_index JOIN pg_catalog.pg_class ON pg_class.oid = indexrelid WHERE indrelid = own
            UNION ALL SELECT 'constraint ' || conname FROM pg_catalog.pg_constraint WHERE conrelid = own AND contype IN ('c', 'f', 'p', 'u', 'x')
            UNION ALL SELECT 'trigger ' || tgname FROM pg_catalog.pg_trigger WHERE tgrelid = own AND NOT tgisinternal AND tgname NOT LIKE '%cofferdam\\_%'
            UNION ALL SELECT 'policy ' || polname FROM pg_catalog.pg_policy WHERE polrelid = own
        ) AS found WHERE one <> ALL (known)
    ) AS others;
    IF other IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = {} || other, HINT = 'Undo migrate and expand, make the change anew, and apply it.';
    END IF;
END
$cofferdam$",
        known.join(", "),
        literal(&format!("{words} was changed since its second table was made: ")),
    )
}
