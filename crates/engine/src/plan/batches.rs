//! The steps of a statement that is run in batches. Where it stands is kept in a table of its own, the cursor, whose
//! columns have the key's own type: batch 0 is the largest key when it began, and each later row is a range that was taken.

use super::{Place, Step, StepKind};
use crate::revision::{Direction, RevisionId};
use crate::sql::batches::Batched;
use crate::sql::{identifier, literal};

/// The cursor's name as SQL text, the same whenever the revision is planned.
pub(super) fn cursor(
    version_table: &str,
    revision: &RevisionId,
    direction: Direction,
    ordinal: usize,
) -> String {
    let place = format!("{version_table}\n{revision}\n{direction}\n{ordinal}");
    let digest = crate::digest::sha256(place.as_bytes());
    format!("cofferdam.backfill_{}", &digest[..16])
}

/// What opens the cursor, takes the next range, writes its rows, and in the end keeps the ranges and closes the cursor.
pub(super) fn steps(
    batched: &Batched<'_>,
    cursor: &str,
    version_table: &str,
    revision: &RevisionId,
    direction: Direction,
    place: Place,
) -> Vec<Step> {
    let (table, rows) = (batched.table, batched.backfill.rows);
    let key = identifier(&batched.backfill.key);
    let step = |kind, sql| Step {
        kind,
        sql,
        place: None,
        tolerate: Vec::new(),
        recovery: None,
    };
    let index = cursor.trim_start_matches("cofferdam.");
    let until = format!("(SELECT upper FROM {cursor} WHERE batch = 0)");
    let last = format!("SELECT upper FROM {cursor} WHERE batch > 0 ORDER BY batch DESC LIMIT 1");
    let bound = |of: &str| format!("(SELECT {of} FROM {cursor} ORDER BY batch DESC LIMIT 1)");
    let statement = Step {
        place: Some(place.clone()),
        ..step(
            StepKind::Statement,
            batched.between(&bound("lower"), &bound("upper")),
        )
    };
    vec![
        step(
            StepKind::Cursor,
            format!(
                "CREATE TABLE IF NOT EXISTS {cursor} AS SELECT 0::bigint AS batch, {key} AS lower, {key} AS upper, clock_timestamp() AS at FROM {table} WITH NO DATA;"
            ),
        ),
        step(
            StepKind::Cursor,
            format!("CREATE UNIQUE INDEX IF NOT EXISTS {index}_batch ON {cursor} (batch);"),
        ),
        step(
            StepKind::Cursor,
            format!(
                "INSERT INTO {cursor} (batch, lower, upper, at) SELECT 0, {key}, {key}, clock_timestamp() FROM {table} WHERE NOT EXISTS (SELECT FROM {cursor}) ORDER BY {key} DESC LIMIT 1;"
            ),
        ),
        step(
            StepKind::Range,
            format!(
                "WITH last AS ({last}), page AS MATERIALIZED (\
                 (SELECT {key} AS key FROM {table} WHERE {key} > (SELECT upper FROM last) AND {key} <= {until} ORDER BY {key} LIMIT {rows}) \
                 UNION ALL (SELECT {key} FROM {table} WHERE NOT EXISTS (SELECT FROM last) AND {key} <= {until} ORDER BY {key} LIMIT {rows})) \
                 INSERT INTO {cursor} (batch, lower, upper, at) SELECT (SELECT max(batch) FROM {cursor}) + 1, (SELECT key FROM page ORDER BY key LIMIT 1), (SELECT key FROM page ORDER BY key DESC LIMIT 1), clock_timestamp() WHERE EXISTS (SELECT FROM page);"
            ),
        ),
        statement,
        step(
            StepKind::Cursor,
            format!(
                "INSERT INTO cofferdam.backfill (version_table, revision, direction, statement, batch, lower, upper, at) SELECT {}, {}, {}, {}, batch, lower::text, upper::text, at FROM {cursor} WHERE batch > 0;",
                literal(version_table),
                literal(revision.as_str()),
                literal(direction.as_str()),
                place.ordinal,
            ),
        ),
        step(StepKind::Cursor, format!("DROP TABLE {cursor};")),
    ]
}

/// Forgets where a statement that was left half done stood.
pub(super) fn forget(cursor: &str) -> Step {
    Step {
        kind: StepKind::Cursor,
        sql: format!("DROP TABLE IF EXISTS {cursor};"),
        place: None,
        tolerate: Vec::new(),
        recovery: None,
    }
}
