//! The journal: what Cofferdam writes about its own runs, in the schema `cofferdam` of the target
//! database. The only place with these statements' text.
//!
//! * `cofferdam.run`: one row a run. Its `state` is the fence: a run whose row is no longer
//!   `running` can journal nothing more, so its transactions fail.
//! * `cofferdam.journal`: appended once per committed segment, in the same transaction.
//! * `cofferdam.backfill`: every range of keys of a statement that ran in batches, once it is done; until then its own
//!   table, the cursor, has them.
//! * `cofferdam.gate`: what was measured, confirmed or forced of a change's gate.
//! * `cofferdam.half_applied`: the revisions of which some segments, not all, have committed.

use crate::plan::{Plan, PlannedRevision, Preparation, Step};
use crate::revision::RevisionId;
use crate::sql::literal;

/// The schema of the journal; fingerprints and dumps leave it out.
pub const SCHEMA: &str = "cofferdam";

const RUN: &str = "CREATE TABLE cofferdam.run (
    id text PRIMARY KEY,
    plan_digest text NOT NULL,
    version_table text NOT NULL,
    kind text NOT NULL,
    target text NOT NULL,
    heads_from text[] NOT NULL,
    heads_to text[] NOT NULL,
    actor text NOT NULL,
    approval text,
    backend_pid integer NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'lost')),
    error text,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz
);";

const JOURNAL: &str = "CREATE TABLE cofferdam.journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run text NOT NULL REFERENCES cofferdam.run (id),
    plan_digest text NOT NULL,
    version_table text NOT NULL,
    revision text,
    direction text NOT NULL,
    segment integer NOT NULL,
    segments integer NOT NULL,
    complete boolean NOT NULL,
    segment_sha256 text NOT NULL,
    path text NOT NULL,
    file_sha256 text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);";

const HALF_APPLIED: &str = "CREATE TABLE cofferdam.half_applied (
    version_table text NOT NULL,
    revision text NOT NULL,
    direction text NOT NULL,
    segments_done integer NOT NULL,
    segments integer NOT NULL,
    in_flight boolean NOT NULL,
    digest text NOT NULL,
    run text NOT NULL REFERENCES cofferdam.run (id),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (version_table, revision)
);";

const BACKFILL: &str = "CREATE TABLE cofferdam.backfill (
    version_table text NOT NULL,
    revision text NOT NULL,
    direction text NOT NULL,
    statement integer NOT NULL,
    batch bigint NOT NULL,
    lower text NOT NULL,
    upper text NOT NULL,
    at timestamptz NOT NULL
);";

const GATE: &str = "CREATE TABLE cofferdam.gate (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_table text NOT NULL,
    change text NOT NULL,
    condition text NOT NULL,
    holds boolean NOT NULL,
    found text NOT NULL,
    actor text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);";

/// What has to be there before a run can be journalled.
pub fn tables() -> Vec<Preparation> {
    let table = |name: &str, sql: &str| Preparation {
        check: format!("SELECT (to_regclass('cofferdam.{name}') IS NOT NULL)::text;"),
        sql: sql.to_owned(),
    };
    vec![
        Preparation {
            check: "SELECT (to_regnamespace('cofferdam') IS NOT NULL)::text;".into(),
            sql: "CREATE SCHEMA cofferdam;".into(),
        },
        table("run", RUN),
        table("journal", JOURNAL),
        table("half_applied", HALF_APPLIED),
        table("backfill", BACKFILL),
        table("gate", GATE),
    ]
}

/// A run as its journal knows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub run: &'a str,
    pub plan_digest: &'a str,
    pub plan: &'a Plan,
}

impl Entry<'_> {
    fn table(&self) -> String {
        literal(&self.plan.version_table)
    }

    /// Shuts out every earlier run of this version table that never said how it ended.
    pub fn lose_others(&self) -> String {
        format!(
            "UPDATE cofferdam.run SET state = 'lost', finished_at = clock_timestamp() WHERE version_table = {} AND state = 'running';",
            self.table()
        )
    }

    pub fn open(&self, actor: &str, approval: Option<&str>) -> String {
        format!(
            "INSERT INTO cofferdam.run (id, plan_digest, version_table, kind, target, heads_from, heads_to, actor, approval, backend_pid, state) \
             VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, pg_backend_pid(), 'running');",
            literal(self.run),
            literal(self.plan_digest),
            self.table(),
            literal(self.plan.kind.as_str()),
            literal(&self.plan.target),
            array(&self.plan.from),
            array(&self.plan.to),
            literal(actor),
            approval.map_or_else(|| "NULL".into(), literal),
        )
    }

    pub fn close(&self, state: &str, error: Option<&str>) -> String {
        format!(
            "UPDATE cofferdam.run SET state = {}, error = {}, finished_at = clock_timestamp() WHERE id = {} AND state = 'running';",
            literal(state),
            error.map_or_else(|| "NULL".into(), literal),
            literal(self.run),
        )
    }

    /// Appends a segment's row; it affects no row when the run has been fenced off.
    pub fn segment(&self, planned: &PlannedRevision, segment: usize) -> String {
        let segments = planned.segments.len();
        let statements: String = planned
            .segments
            .get(segment)
            .into_iter()
            .flat_map(|part| &part.steps)
            .map(Step::sha256)
            .collect();
        format!(
            "INSERT INTO cofferdam.journal (run, plan_digest, version_table, revision, direction, segment, segments, complete, segment_sha256, path, file_sha256) \
             SELECT id, plan_digest, version_table, {}, {}, {segment}, {segments}, {}, {}, {}, {} FROM cofferdam.run WHERE id = {} AND state = 'running';",
            planned
                .revision
                .as_ref()
                .map_or_else(|| "NULL".into(), |id| literal(id.as_str())),
            literal(planned.direction.as_str()),
            segment + 1 == segments,
            literal(&crate::digest::sha256(statements.as_bytes())),
            literal(&planned.path),
            literal(&planned.sha256),
            literal(self.run),
        )
    }

    /// Remembers that `done` segments of `planned` have committed, and whether the next one,
    /// which runs outside a transaction, may be under way.
    pub fn half_applied(
        &self,
        revision: &RevisionId,
        planned: &PlannedRevision,
        done: usize,
        in_flight: bool,
    ) -> String {
        format!(
            "INSERT INTO cofferdam.half_applied (version_table, revision, direction, segments_done, segments, in_flight, digest, run) \
             VALUES ({}, {}, {}, {done}, {}, {in_flight}, {}, {}) \
             ON CONFLICT (version_table, revision) DO UPDATE SET direction = excluded.direction, segments_done = excluded.segments_done, segments = excluded.segments, in_flight = excluded.in_flight, digest = excluded.digest, run = excluded.run, updated_at = clock_timestamp();",
            self.table(),
            literal(revision.as_str()),
            literal(planned.direction.as_str()),
            planned.segments.len(),
            literal(&planned.digest()),
            literal(self.run),
        )
    }

    pub fn whole_again(&self, revision: &RevisionId) -> String {
        format!(
            "DELETE FROM cofferdam.half_applied WHERE version_table = {} AND revision = {};",
            self.table(),
            literal(revision.as_str())
        )
    }
}

/// The query for half-applied revisions of `version_table` (SQL text): revision, direction,
/// segments_done, segments, in_flight, digest, as text.
pub fn read_half_applied(version_table: &str) -> String {
    format!(
        "SELECT revision, direction, segments_done::text, segments::text, in_flight::text, digest FROM cofferdam.half_applied WHERE version_table = {} ORDER BY revision COLLATE \"C\";",
        literal(version_table)
    )
}

/// The query for the last complete journal row of each revision of `version_table` (SQL text):
/// revision, direction, path, file_sha256, at (ISO 8601, UTC), as text.
pub fn read_applied(version_table: &str) -> String {
    format!(
        "SELECT DISTINCT ON (revision) revision, direction, path, file_sha256, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM cofferdam.journal WHERE version_table = {} AND complete AND revision IS NOT NULL ORDER BY revision, id DESC;",
        literal(version_table)
    )
}

/// The query for the version rows, sorted.
pub fn read_versions(version_table: &str) -> String {
    format!("SELECT version_num FROM {version_table} ORDER BY version_num COLLATE \"C\";")
}

fn array(ids: &[RevisionId]) -> String {
    let items: Vec<String> = ids.iter().map(|id| literal(id.as_str())).collect();
    format!("ARRAY[{}]::text[]", items.join(", "))
}
