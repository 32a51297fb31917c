//! The statements with which a run holds its session together: lock, guard, bookkeeping.

use crate::plan::Plan;

/// Tells PostgreSQL to notice a client that is gone (14 and newer; refused, harmlessly, where the
/// platform cannot: PostgreSQL manual, client_connection_check_interval).
pub(super) const CHECK_CLIENT: &str = "SET client_connection_check_interval = '2s';";

pub(super) const BEGIN: &str = "BEGIN;";
pub(super) const COMMIT: &str = "COMMIT;";
pub(super) const ROLLBACK: &str = "ROLLBACK;";
pub(super) const SAVEPOINT: &str = "SAVEPOINT cofferdam_undo;";
pub(super) const RELEASE: &str = "RELEASE SAVEPOINT cofferdam_undo;";
pub(super) const ROLLBACK_TO: &str = "ROLLBACK TO SAVEPOINT cofferdam_undo;";

/// First half of the advisory lock's key: "coff" in ASCII. The second half is made from the
/// version table's name, so that two projects in one database do not wait for each other.
const LOCK_CLASS: i32 = 0x636f_6666;

fn lock_key(version_table: &str) -> i32 {
    let digest = crate::digest::sha256(version_table.as_bytes());
    i32::from_str_radix(&digest[..7], 16).unwrap_or(0)
}

/// Asks for the session advisory lock without waiting: `true` or `false`, and this backend's pid.
/// Waiting inside `pg_advisory_lock` would deadlock with a concurrent index build.
pub(super) fn try_lock(plan: &Plan) -> String {
    format!(
        "SELECT pg_try_advisory_lock({LOCK_CLASS}, {})::text, pg_backend_pid()::text;",
        lock_key(&plan.version_table)
    )
}

/// Who holds the lock, in words: one row, or none when it was let go meanwhile.
pub(super) fn holder(plan: &Plan) -> String {
    format!(
        "SELECT concat_ws(', ', 'process ' || a.pid, nullif(a.application_name, ''), 'user ' || a.usename, 'from ' || host(a.client_addr), 'since ' || to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC') \
         FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
         WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) AND l.classid::bigint = {LOCK_CLASS} AND l.objid::bigint = {} AND l.granted;",
        lock_key(&plan.version_table)
    )
}

/// This backend's pid, and whether it still holds the lock: a pooler, or DISCARD ALL, may have
/// taken either away.
pub(super) fn guard(plan: &Plan) -> String {
    format!(
        "SELECT pg_backend_pid()::text, EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND classid::bigint = {LOCK_CLASS} AND objid::bigint = {} AND granted)::text;",
        lock_key(&plan.version_table)
    )
}

/// Whom the run keeps waiting, asked on the other connection: how many sessions wait for a lock that it holds; how many
/// milliseconds the streaming replica that is furthest behind takes to apply what was written; and how many replicas hide that
/// from this user (PostgreSQL manual, pg_stat_replication: it needs pg_read_all_stats).
pub(super) fn look(plan: &Plan) -> String {
    format!(
        "SELECT (SELECT count(DISTINCT w.pid) FROM pg_catalog.pg_locks w WHERE NOT w.granted AND EXISTS (\
         SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) AND l.classid::bigint = {LOCK_CLASS} AND l.objid::bigint = {} AND l.granted AND l.pid = ANY (pg_blocking_pids(w.pid))))::text, \
         (SELECT (extract(epoch FROM max(replay_lag)) * 1000)::bigint FROM pg_catalog.pg_stat_replication WHERE state = 'streaming')::text, \
         (SELECT count(*) FROM pg_catalog.pg_stat_replication WHERE state IS NULL)::text;",
        lock_key(&plan.version_table)
    )
}

pub(super) fn unlock(plan: &Plan) -> String {
    format!(
        "SELECT pg_advisory_unlock({LOCK_CLASS}, {})::text;",
        lock_key(&plan.version_table)
    )
}

/// Keeps Alembic's writes out until the transaction ends.
pub(super) fn lock_versions(plan: &Plan) -> String {
    format!(
        "LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE;",
        plan.version_table
    )
}
