//! The steps of a statement that is run in batches. Where it stands is kept in a table of its own, the cursor, whose
//! columns have the key's own types: batch 0 is the largest key when it began, with the table's estimated rows, and each later
//! row is a range that was taken, with the rows of the table that were passed.

use super::{Place, Step, StepKind};
use crate::revision::{Direction, RevisionId};
use crate::sql::batches::{Batched, Size, row};
use crate::sql::{identifier, literal};

/// A batch whose size steers itself is one row and so many hops of so many rows: at first, and at most. Each hop is found by
/// the index, whatever PostgreSQL thinks of the batch.
const HOP_ROWS: u32 = 10;
const FIRST_HOPS: u32 = 50;
const MOST_HOPS: u32 = 99_999;

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
    let of = Cursor { batched, cursor };
    let place_of_journal = place.ordinal;
    let statement = Step {
        place: Some(place),
        ..step(StepKind::Statement, of.statement())
    };
    let mut steps = of.open();
    steps.push(step(StepKind::Range, of.range()));
    steps.push(statement);
    if let Size::Auto { .. } = batched.backfill.size {
        steps.push(step(StepKind::Measure, format!("UPDATE {cursor} SET took = clock_timestamp() - at WHERE batch = (SELECT max(batch) FROM {cursor});")));
    }
    steps.push(step(StepKind::Progress, of.progress()));
    steps.push(step(
        StepKind::Cursor,
        format!(
            "INSERT INTO cofferdam.backfill (version_table, revision, direction, statement, batch, lower, upper, at) SELECT {}, {}, {}, {}, batch, {}, {}, at FROM {cursor} WHERE batch > 0;",
            literal(version_table),
            literal(revision.as_str()),
            literal(direction.as_str()),
            place_of_journal,
            as_text(&of.columns("lower")),
            as_text(&of.columns("upper")),
        ),
    ));
    steps.push(step(StepKind::Cursor, format!("DROP TABLE {cursor};")));
    steps
}

fn step(kind: StepKind, sql: String) -> Step {
    Step {
        kind,
        sql,
        place: None,
        tolerate: Vec::new(),
        recovery: None,
    }
}

/// Several values as one text.
fn as_text(columns: &[String]) -> String {
    match columns {
        [one] => format!("{one}::text"),
        several => format!("ROW({})::text", several.join(", ")),
    }
}

/// The statements over a cursor.
struct Cursor<'a> {
    batched: &'a Batched<'a>,
    cursor: &'a str,
}

impl Cursor<'_> {
    /// The key's columns.
    fn key(&self) -> Vec<String> {
        let key = self.batched.backfill.key.iter();
        key.map(|column| identifier(column)).collect()
    }

    /// One name for each column of the key: `lower_1`, `lower_2`.
    fn columns(&self, name: &str) -> Vec<String> {
        (1..=self.batched.backfill.key.len())
            .map(|at| format!("{name}_{at}"))
            .collect()
    }

    /// The key's columns under such names.
    fn named(&self, name: &str) -> String {
        let columns = self.columns(name);
        let named = self.key().into_iter().zip(columns);
        let named = named.map(|(column, name)| format!("{column} AS {name}"));
        named.collect::<Vec<_>>().join(", ")
    }

    /// A bound of the range that was taken last, or with `AND batch = 0`, of the whole.
    fn bound(&self, name: &str, of: &str) -> Vec<String> {
        let columns = self.columns(name).into_iter();
        columns
            .map(|column| format!("(SELECT {column} FROM {} {of})", self.cursor))
            .collect()
    }

    fn statement(&self) -> String {
        let last = "ORDER BY batch DESC LIMIT 1";
        self.batched
            .between(&self.bound("lower", last), &self.bound("upper", last))
    }

    fn open(&self) -> Vec<Step> {
        let Cursor { batched, cursor } = self;
        let table = batched.table;
        let index = cursor.trim_start_matches("cofferdam.");
        let key = self.key();
        let order: Vec<String> = key.iter().map(|column| format!("{column} DESC")).collect();
        let known: Vec<String> = key
            .iter()
            .map(|column| format!("{column} IS NOT NULL"))
            .collect();
        let relation = literal(&batched.relation);
        let (hops, _) = self.hops();
        let sql = [
            format!(
                "CREATE TABLE IF NOT EXISTS {cursor} AS SELECT 0::bigint AS batch, {}, {}, 0 AS hops, 0::bigint AS rows, clock_timestamp() AS at, NULL::interval AS took FROM {table} WITH NO DATA;",
                self.named("lower"),
                self.named("upper"),
            ),
            format!("CREATE UNIQUE INDEX IF NOT EXISTS {index}_batch ON {cursor} (batch);"),
            format!(
                "INSERT INTO {cursor} (batch, {}, {}, hops, rows, at) SELECT 0, {key}, {key}, {hops}, \
                 (SELECT nullif(sum(greatest(c.reltuples, 0)), 0)::bigint FROM pg_catalog.pg_class c WHERE c.relkind = 'r' AND (c.oid = to_regclass({relation}) OR c.oid IN (SELECT relid FROM pg_partition_tree(to_regclass({relation}))))), \
                 clock_timestamp() FROM {table} WHERE NOT EXISTS (SELECT FROM {cursor}) AND {} ORDER BY {} LIMIT 1;",
                self.columns("lower").join(", "),
                self.columns("upper").join(", "),
                known.join(" AND "),
                order.join(", "),
                key = key.join(", "),
            ),
        ];
        sql.map(|sql| step(StepKind::Cursor, sql)).into()
    }

    /// How many hops the first batch has, and how many rows each.
    fn hops(&self) -> (u32, u32) {
        match self.batched.backfill.size {
            Size::Rows(1) => (0, 1),
            Size::Rows(rows) => (1, rows - 1),
            Size::Auto { .. } => (FIRST_HOPS.min(self.most_hops()), HOP_ROWS),
        }
    }

    /// What a batch has at most: where there is a rate, what it allows in a second.
    fn most_hops(&self) -> u32 {
        let rate = self.batched.backfill.rate;
        rate.map_or(MOST_HOPS, |rate| (rate / HOP_ROWS).clamp(1, MOST_HOPS))
    }

    /// Takes the rows after the last range: the first of them, and hop by hop the end of the range, which is the end of all
    /// where there are too few for a hop. A batch that took longer than meant has fewer hops the next time at once, and one
    /// that took less at most twice as many: as many as would have taken what is meant.
    fn range(&self) -> String {
        let Cursor { batched, cursor } = self;
        let table = batched.table;
        let (first_hops, rows) = self.hops();
        let key = self.key();
        let order = key.join(", ");
        let (keys, uppers) = (self.columns("key"), self.columns("upper"));
        let of = |name: &str, columns: &[String]| -> Vec<String> {
            columns
                .iter()
                .map(|column| format!("{name}.{column}"))
                .collect()
        };
        let until = self.bound("upper", "WHERE batch = 0");
        let last: Vec<String> = uppers
            .iter()
            .map(|column| format!("(SELECT {column} FROM cofferdam_last)"))
            .collect();
        let hops = match batched.backfill.size {
            Size::Rows(_) => first_hops.to_string(),
            Size::Auto { target_ms } => format!(
                "coalesce((SELECT greatest(0, least({}, greatest(hops * 2, 1), floor(((1 + hops * {rows}::bigint) * {target_ms} / greatest(extract(epoch FROM took) * 1000, 0.001) - 1) / {rows})))::integer FROM cofferdam_last), {first_hops})",
                self.most_hops()
            ),
        };
        let ends: Vec<String> = keys
            .iter()
            .zip(&until)
            .map(|(key, until)| {
                format!("CASE WHEN cofferdam_end.hop = cofferdam_size.hops THEN cofferdam_end.{key} ELSE {until} END")
            })
            .collect();
        format!(
            "WITH RECURSIVE cofferdam_last AS (SELECT {uppers}, hops, rows, took FROM {cursor} WHERE batch > 0 ORDER BY batch DESC LIMIT 1), \
             cofferdam_size AS MATERIALIZED (SELECT {hops} AS hops), \
             cofferdam_first AS MATERIALIZED (SELECT * FROM (\
             (SELECT {named} FROM {table} WHERE {key} > {last} ORDER BY {order} LIMIT 1) \
             UNION ALL (SELECT {order} FROM {table} WHERE NOT EXISTS (SELECT FROM cofferdam_last) ORDER BY {order} LIMIT 1)) AS cofferdam_next WHERE {next} <= {until}), \
             cofferdam_hop AS (SELECT 0 AS hop, {keys} FROM cofferdam_first \
             UNION ALL SELECT cofferdam_hop.hop + 1, {next_keys} FROM cofferdam_hop CROSS JOIN LATERAL \
             (SELECT {named} FROM {table} WHERE {key} > {hop} ORDER BY {order} OFFSET {offset} LIMIT 1) AS cofferdam_next \
             WHERE cofferdam_hop.hop < (SELECT hops FROM cofferdam_size) AND {next} <= {until}) \
             INSERT INTO {cursor} (batch, {lowers}, {uppers}, hops, rows, at) \
             SELECT (SELECT max(batch) FROM {cursor}) + 1, {firsts}, {ends}, cofferdam_size.hops, coalesce((SELECT rows FROM cofferdam_last), 0) + 1 + cofferdam_end.hop::bigint * {rows}, clock_timestamp() \
             FROM cofferdam_first, cofferdam_size, (SELECT * FROM cofferdam_hop ORDER BY hop DESC LIMIT 1) AS cofferdam_end;",
            uppers = uppers.join(", "),
            lowers = self.columns("lower").join(", "),
            keys = keys.join(", "),
            named = self.named("key"),
            key = row(&key),
            last = row(&last),
            next = row(&of("cofferdam_next", &keys)),
            next_keys = of("cofferdam_next", &keys).join(", "),
            hop = row(&of("cofferdam_hop", &keys)),
            firsts = of("cofferdam_first", &keys).join(", "),
            ends = ends.join(", "),
            until = row(&until),
            offset = rows - 1,
        )
    }

    /// How far it is, from 0 to 1: by the rows that the table is estimated to have; where there are more, or nobody has
    /// estimated them, by the key, if its first column is a number; and otherwise NULL.
    fn progress(&self) -> String {
        let cursor = self.cursor;
        let number = |value: &str| format!("({value}::text)::numeric");
        format!(
            "SELECT (CASE WHEN passed.rows <= whole.rows THEN passed.rows::double precision / whole.rows \
             WHEN jsonb_typeof(to_jsonb(whole.upper_1)) = 'number' AND whole.upper_1 > start.lower_1 \
             THEN (({upper} - {lower}) / ({until} - {lower}))::double precision END)::text \
             FROM {cursor} whole, {cursor} start, (SELECT * FROM {cursor} WHERE batch > 0 ORDER BY batch DESC LIMIT 1) passed \
             WHERE whole.batch = 0 AND start.batch = 1;",
            upper = number("passed.upper_1"),
            lower = number("start.lower_1"),
            until = number("whole.upper_1"),
        )
    }
}

/// Forgets where a statement that was left half done stood.
pub(super) fn forget(cursor: &str) -> Step {
    step(StepKind::Cursor, format!("DROP TABLE IF EXISTS {cursor};"))
}
