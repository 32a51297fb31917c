//! The gate before a change's contract: conditions that each are a query with one answer. What cannot be known is shut.

use super::parity::Parity;
use super::{Change, ChangeError, Phase, Phases};
use crate::run::Answer;
use crate::sql::literal;
use serde::{Deserialize, Serialize};

/// What the planner wants to be true, besides what holds for every change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Conditions {
    /// A pattern (of LIKE) for the `application_name` of the old version's sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_application: Option<String>,
    /// The role as which the old version connects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_role: Option<String>,
    /// What a person has to confirm, such as `app 42 is deployed everywhere`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub confirm: Vec<String>,
}

/// One condition of a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Condition {
    /// Stable: `applied`, `parity`, `in-step`, `old-sessions`, `old-role`, `old-transactions`, `replicas`, or `confirm: …`.
    pub code: String,
    /// What has to be true, in a few words.
    pub words: String,
    /// What to do while it is not.
    pub help: String,
    /// Answers one row: whether it holds (`t`, `f` or NULL for unknown), what was found, and since when it is known (NULL: now).
    /// No row is `f`.
    pub query: String,
}

/// What was found of a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Measured {
    pub condition: Condition,
    /// None where it cannot be known, which is shut.
    pub holds: Option<bool>,
    pub found: String,
    /// When it was measured or confirmed, where that was not just now.
    pub at: Option<String>,
}

impl Measured {
    /// Reads the answer of a condition's query.
    pub fn read(condition: Condition, answer: Result<&Answer, &str>) -> Self {
        let row = match answer {
            Ok(answer) => answer.rows.first(),
            Err(error) => {
                return Measured {
                    condition,
                    holds: None,
                    found: format!("cannot be known: {error}"),
                    at: None,
                };
            }
        };
        let cell = |at: usize| row.and_then(|row| row.get(at)).cloned().flatten();
        let holds = match (row, cell(0).as_deref()) {
            (None, _) => Some(false),
            (_, Some("t" | "true")) => Some(true),
            (_, Some(_)) => Some(false),
            (_, None) => None,
        };
        let found = cell(1).unwrap_or_else(|| match row {
            None => "nothing is recorded".into(),
            Some(_) => "cannot be known".into(),
        });
        Measured {
            condition,
            holds,
            found,
            at: cell(2),
        }
    }
}

/// The state of a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gate {
    pub change: String,
    /// In their stated order.
    pub conditions: Vec<Measured>,
    /// Who opened it by force, when and why, where somebody did.
    pub forced: Option<String>,
    /// When the contract was applied here, where it is: what the gate asks need not hold any more.
    pub passed: Option<String>,
}

impl Gate {
    pub fn is_open(&self) -> bool {
        self.forced.is_some() || self.conditions.iter().all(|one| one.holds == Some(true))
    }

    /// The conditions that keep it shut.
    pub fn shut(&self) -> impl Iterator<Item = &Measured> {
        self.conditions.iter().filter(|one| one.holds != Some(true))
    }
}

/// Rows of the table in which gates are kept, newest first, of one change and condition.
fn last_entry(change: &Change, version_table: &str, condition: &str) -> String {
    format!(
        "SELECT holds::text, found || ' (' || actor || ')', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM cofferdam.gate WHERE version_table = {} AND change = {} AND condition = {} AND at > {} ORDER BY id DESC LIMIT 1;",
        literal(version_table),
        literal(change.id.as_str()),
        literal(condition),
        applied_at(change, version_table, last_phase(change)),
    )
}

/// The last phase before the contract that has revisions.
fn last_phase(change: &Change) -> Phase {
    match change.revisions(Phase::Migrate).next() {
        Some(_) => Phase::Migrate,
        None => Phase::Expand,
    }
}

/// When the last revision of a phase was applied here; NULL where it is not applied now.
fn applied_at(change: &Change, version_table: &str, phase: Phase) -> String {
    let last = change.revisions(phase).last();
    format!(
        "(SELECT CASE j.direction WHEN 'upgrade' THEN j.at END FROM cofferdam.journal j WHERE j.version_table = {} AND j.revision = {} AND j.complete ORDER BY j.id DESC LIMIT 1)",
        literal(version_table),
        literal(last.map_or("", |id| id.as_str())),
    )
}

/// Answers when the contract was applied here, in one row; NULL where it is not.
pub fn passed(change: &Change, version_table: &str) -> String {
    format!(
        "SELECT to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"');",
        applied_at(change, version_table, Phase::Contract)
    )
}

/// The gate's conditions on a database whose version table is `version_table` (SQL text), in order.
///
/// # Errors
/// Where the change has no phases.
pub fn conditions(
    change: &Change,
    phases: &Phases,
    version_table: &str,
) -> Result<Vec<Condition>, ChangeError> {
    let mut list = Vec::new();
    let mut add = |code: &str, words: String, help: String, query: String| {
        list.push(Condition {
            code: code.to_owned(),
            words,
            help,
            query,
        });
    };
    let moves_data = phases.of(Phase::Migrate).next().is_some();
    let last = match change.written.is_empty() && moves_data {
        true => Phase::Migrate,
        false => last_phase(change),
    };
    let since = match phases.replaces_table {
        true => last,
        false => Phase::Expand,
    };
    let since_at = applied_at(change, version_table, since);
    add(
        "applied",
        format!("{last} is applied here"),
        "upgrade this database first".into(),
        format!(
            "SELECT (at IS NOT NULL)::text, CASE WHEN at IS NULL THEN 'not applied by Cofferdam' ELSE 'applied at ' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' END, NULL FROM (SELECT {} AS at) AS found;",
            applied_at(change, version_table, last)
        ),
    );
    if let Some(parity) = &phases.parity {
        add(
            "in-step",
            format!(
                "the trigger on {} keeps both sides in step",
                parity.table.words()
            ),
            "somebody dropped or disabled it: undo and apply expand again".into(),
            in_step(parity),
        );
        add(
            PARITY,
            "both sides agree on every row".into(),
            format!("measure it: cofferdam change parity {}", change.id),
            last_entry(change, version_table, PARITY),
        );
    }
    let conditions = &change.conditions;
    if let Some(pattern) = &conditions.old_application {
        add(
            "old-sessions",
            format!("no session of the old version ({pattern})"),
            "stop or deploy what still runs it".into(),
            sessions(&format!("application_name LIKE {}", literal(pattern))),
        );
    }
    if let Some(role) = &conditions.old_role {
        add(
            "old-role",
            format!("no session of the role {role}"),
            "stop or deploy what still connects as it".into(),
            sessions(&format!("usename = {}", literal(role))),
        );
    }
    add(
        "old-transactions",
        format!("no transaction is older than the {since}, prepared ones included"),
        "wait for it, or end it (pg_terminate_backend, ROLLBACK PREPARED)".into(),
        format!(
            "SELECT CASE WHEN {since_at} IS NULL OR older > 0 THEN false WHEN NOT all_seen THEN NULL ELSE true END::text, \
             CASE WHEN {since_at} IS NULL THEN '{since} is not applied here' WHEN older > 0 THEN older || ' older' WHEN NOT all_seen THEN 'cannot be known without the role pg_read_all_stats' ELSE 'none' END, NULL \
             FROM (SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database() AND xact_start < {since_at}) + (SELECT count(*) FROM pg_catalog.pg_prepared_xacts WHERE database = current_database() AND prepared < {since_at}) AS older, pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS all_seen) AS found;"
        ),
    );
    add(
        "replicas",
        "replicas have caught up".into(),
        "wait until they have".into(),
        "SELECT CASE WHEN behind > 0 THEN false WHEN unseen > 0 THEN NULL ELSE true END::text, \
         CASE WHEN behind > 0 THEN behind || ' of ' || there || ' are more than 10 seconds behind' WHEN unseen > 0 THEN 'cannot be known without the role pg_read_all_stats' ELSE there || ' connected' END, NULL \
         FROM (SELECT count(*) AS there, count(*) FILTER (WHERE replay_lag > interval '10 seconds' AND replay_lsn < sent_lsn) AS behind, count(*) FILTER (WHERE state IS NULL) AS unseen FROM pg_catalog.pg_stat_replication) AS found;"
            .into(),
    );
    for words in &conditions.confirm {
        add(
            &confirmed(words),
            words.clone(),
            format!(
                "confirm it: cofferdam change confirm {} {}",
                change.id,
                shell(words)
            ),
            last_entry(change, version_table, &confirmed(words)),
        );
    }
    Ok(list)
}

/// A word of a shell's command line.
fn shell(words: &str) -> String {
    format!("'{}'", words.replace('\'', "'\\''"))
}

fn sessions(condition: &str) -> String {
    format!(
        "SELECT (count(*) = 0)::text, CASE count(*) WHEN 0 THEN 'none' ELSE count(*) || ': ' || string_agg('process ' || pid, ', ' ORDER BY pid) END, NULL FROM pg_catalog.pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition};"
    )
}

/// Whether the triggers that keep the sides in step are there, and fire always.
fn in_step(parity: &Parity) -> String {
    let wanted = parity.functions.len();
    let functions = parity.functions.iter().map(|function| {
        let (schema, name) = (literal(&function.schema), literal(&function.name));
        format!("({schema}, {name})")
    });
    format!(
        "SELECT (count(*) = {wanted} AND bool_and(t.tgenabled = 'A'))::text, CASE count(*) WHEN 0 THEN 'there is no such trigger' ELSE string_agg(t.tgname || CASE t.tgenabled WHEN 'A' THEN ' fires always' ELSE ' does not fire always' END, ', ') || CASE WHEN count(*) < {wanted} THEN ', and another one is missing' ELSE '' END END, NULL \
         FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE (n.nspname, p.proname) IN ({});",
        functions.collect::<Vec<_>>().join(", ")
    )
}

/// Records that `condition` was found to hold, or not, by `actor`.
pub fn record(
    change: &Change,
    version_table: &str,
    condition: &str,
    holds: bool,
    found: &str,
    actor: &str,
) -> String {
    format!(
        "INSERT INTO cofferdam.gate (version_table, change, condition, holds, found, actor) VALUES ({}, {}, {}, {holds}, {}, {});",
        literal(version_table),
        literal(change.id.as_str()),
        literal(condition),
        literal(found),
        literal(actor),
    )
}

/// The condition that both sides agree.
pub const PARITY: &str = "parity";

/// The condition that a person confirms with these words.
pub fn confirmed(words: &str) -> String {
    format!("confirm: {words}")
}

/// The condition under which a gate that was opened by force is recorded.
pub const FORCED: &str = "forced";

/// The query for the force with which the gate was opened since the last phase: no row where it was not.
pub fn forced(change: &Change, version_table: &str) -> String {
    last_entry(change, version_table, FORCED)
}
