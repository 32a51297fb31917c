//! Statements whose effect is measured: the cases, how they are run, and where prediction and measurement differ.
//!
//! The same cases run on a PostgreSQL server and on PGlite in the browser.

mod page;

pub use page::page;

use cofferdam_engine::lock::LockMode;
use cofferdam_engine::sql;
use cofferdam_engine::sql::effect::{Effect, Facts, WorkKind, effect};
use cofferdam_engine::sql::schema::{Schema, TableName};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

const TEXT: &str = include_str!("effects/cases.sql");

/// A statement, and what is done before it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its line in `effects/cases.sql`.
    pub line: usize,
    /// Its own set-up, in order.
    pub before: Vec<String>,
    pub statement: String,
    /// The first and the last major version that it is for.
    pub versions: (u32, u32),
}

/// The statements that run before each case, in order.
pub fn base() -> Vec<String> {
    statements(TEXT.split_once("--- cases").expect("the cases").0)
}

/// The cases that run in a transaction, in order.
pub fn cases() -> Vec<Case> {
    let between = part("--- cases").take_while(|(_, line)| *line != "--- outside");
    between.map(|(line, text)| case(line, text)).collect()
}

/// The cases that run outside a transaction block, in order, each with a relation whose lock is watched.
pub fn outside() -> Vec<(String, Case)> {
    part("--- outside")
        .map(|(line, text)| {
            let (relation, text) = text.split_once(": ").expect("a relation");
            (relation.to_owned(), case(line, text))
        })
        .collect()
}

/// The lines of the cases behind a heading, with their numbers.
fn part(heading: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    let lines = TEXT.lines().zip(1..).map(|(line, at)| (at, line));
    lines
        .skip_while(move |(_, line)| *line != heading)
        .skip(1)
        .filter(|(_, line)| {
            !line.is_empty() && (!line.starts_with("--") || line.starts_with("---"))
        })
}

fn case(line: usize, text: &str) -> Case {
    let (versions, text) = match text.strip_prefix('@') {
        Some(rest) => {
            let (versions, text) = rest.split_once(' ').expect("a version");
            let (from, to) = versions.split_once('-').unwrap_or((versions, "999"));
            let number = |text: &str| text.parse().expect("a version");
            ((number(from), number(to)), text)
        }
        None => ((12, 999), text),
    };
    let mut before = statements(text);
    let statement = before.pop().expect("a statement");
    Case {
        line,
        before,
        statement,
        versions,
    }
}

impl Case {
    pub fn is_for(&self, version: u32) -> bool {
        (self.versions.0..=self.versions.1).contains(&version)
    }
}

fn statements(text: &str) -> Vec<String> {
    let body = |one: sql::Statement| text[one.body].to_owned();
    sql::split(text).statements.into_iter().map(body).collect()
}

/// The schema that a case finds.
pub fn schema(case: &Case) -> Schema {
    static BASE: LazyLock<Schema> = LazyLock::new(|| {
        let mut schema = Schema::default();
        for one in base() {
            assert!(schema.apply(&one), "{one}");
        }
        schema
    });
    let mut schema = BASE.clone();
    for one in &case.before {
        assert!(schema.apply(one), "{one}");
    }
    schema
}

/// Runs once, before all else.
pub const ROLE: &str =
    "DO $$ BEGIN CREATE ROLE cofferdam_other; EXCEPTION WHEN duplicate_object THEN NULL; END $$";

/// Remembers, in the transaction, which relations there are; earlier transactions may have left counts that are not
/// flushed yet.
pub const REMEMBER: &str = "CREATE TEMP TABLE cofferdam_before AS
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relfilenode, i.indrelid,
 COALESCE(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0) AS scans,
 COALESCE(pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid), 0) + COALESCE(pg_catalog.pg_stat_get_xact_tuples_updated(c.oid), 0)
 + COALESCE(pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid), 0) AS rows
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I')";

/// What happened to them in this transaction, as one JSON text.
pub const LOOK: &str = "SELECT pg_catalog.jsonb_build_object(
 'version', pg_catalog.current_setting('server_version_num')::int,
 'relations', (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
   'schema', b.nspname, 'name', b.relname, 'kind', b.relkind,
   'table', (SELECT pg_catalog.jsonb_build_array(t.nspname, t.relname) FROM pg_temp.cofferdam_before t WHERE t.oid = b.indrelid),
   'locks', (SELECT pg_catalog.jsonb_agg(l.mode) FROM pg_catalog.pg_locks l WHERE l.locktype = 'relation' AND l.granted
     AND l.pid = pg_catalog.pg_backend_pid() AND l.relation = b.oid),
   'moved', c.relfilenode IS DISTINCT FROM b.relfilenode AND c.oid IS NOT NULL,
   'indexed', EXISTS (SELECT 1 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
     WHERE i.indrelid = b.oid AND x.relkind = 'i' AND NOT EXISTS
     (SELECT 1 FROM pg_temp.cofferdam_before o WHERE o.oid = x.oid OR o.relfilenode = x.relfilenode)),
   'scans', COALESCE(pg_catalog.pg_stat_get_xact_numscans(b.oid), 0) - b.scans,
   'rows', COALESCE(pg_catalog.pg_stat_get_xact_tuples_inserted(b.oid), 0) + COALESCE(pg_catalog.pg_stat_get_xact_tuples_updated(b.oid), 0)
     + COALESCE(pg_catalog.pg_stat_get_xact_tuples_deleted(b.oid), 0) - b.rows
   )) FROM pg_temp.cofferdam_before b LEFT JOIN pg_catalog.pg_class c ON c.oid = b.oid))::text";

/// What was measured of one statement.
#[derive(Clone, Debug, Deserialize)]
pub struct Measured {
    /// As `server_version_num`.
    version: u32,
    relations: Vec<Relation>,
}

#[derive(Clone, Debug, Deserialize)]
struct Relation {
    schema: String,
    name: String,
    kind: char,
    /// The table of an index.
    table: Option<(String, String)>,
    locks: Option<Vec<String>>,
    /// It has another file.
    moved: bool,
    /// It has an index that was not there, and that has not taken over another's file.
    indexed: bool,
    scans: i64,
    rows: i64,
}

fn name(schema: &str, name: &str) -> TableName {
    TableName {
        schema: (schema != "public").then(|| schema.to_owned()),
        name: name.to_owned(),
    }
}

impl Measured {
    /// The strongest lock on each relation.
    fn locks(&self) -> BTreeMap<TableName, LockMode> {
        let mut all = BTreeMap::new();
        for relation in &self.relations {
            let modes = relation.locks.iter().flatten();
            let strongest = modes.filter_map(|mode| LockMode::from_pg_locks(mode)).max();
            if let Some(mode) = strongest {
                all.insert(name(&relation.schema, &relation.name), mode);
            }
        }
        all
    }

    /// The locks on indexes that are no stronger than the one on their table.
    fn implied(&self) -> BTreeSet<TableName> {
        let locks = self.locks();
        let implied = |relation: &&Relation| {
            let (schema, table) = relation.table.as_ref()?;
            let own = locks.get(&name(&relation.schema, &relation.name))?;
            let of_table = locks.get(&name(schema, table))?;
            (own <= of_table).then(|| name(&relation.schema, &relation.name))
        };
        self.relations
            .iter()
            .filter_map(|one| implied(&one))
            .collect()
    }

    /// The work on each table.
    fn work(&self) -> BTreeSet<(TableName, WorkKind)> {
        let mut all = BTreeSet::new();
        let rebuilt = |table: &TableName| {
            self.relations.iter().any(|index| {
                let of = index
                    .table
                    .as_ref()
                    .map(|(schema, table)| name(schema, table));
                index.moved && of.as_ref() == Some(table)
            })
        };
        for relation in &self.relations {
            if !['r', 'm'].contains(&relation.kind) {
                continue;
            }
            let table = name(&relation.schema, &relation.name);
            if relation.moved {
                all.insert((table.clone(), WorkKind::Rewrite));
            }
            if relation.indexed || !relation.moved && rebuilt(&table) {
                all.insert((table.clone(), WorkKind::Index));
            }
            if relation.rows > 0 && !relation.moved {
                all.insert((table.clone(), WorkKind::Rows));
            }
            if relation.scans > 0 {
                all.insert((table, WorkKind::Scan));
            }
        }
        all
    }
}

/// A difference between prediction and measurement that is known.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    /// The first and the last version that it is for, as `server_version_num`.
    pub versions: (u32, u32),
    /// The statement; the set-up does not count.
    pub statement: &'static str,
    /// The difference, as [`differences`] words it.
    pub difference: &'static str,
    pub reason: &'static str,
}

include!("effects/exceptions.rs");

/// Where the prediction differs from what was measured, in order; none where they agree.
pub fn differences(case: &Case, measured: &Measured) -> Vec<String> {
    match effect(&case.statement, &schema(case), measured.version / 10_000) {
        Effect::Known(facts) => compare(&facts, measured, case.statement.contains("IF EXISTS")),
        Effect::Unknown { reason } => vec![format!("not known: {reason}")],
    }
}

fn compare(facts: &Facts, measured: &Measured, may_be_missing: bool) -> Vec<String> {
    let mut all = Vec::new();
    let predicted: BTreeMap<&TableName, LockMode> = facts
        .locks
        .iter()
        .map(|lock| (&lock.relation, lock.mode))
        .collect();
    let (locks, implied) = (measured.locks(), measured.implied());
    let there: BTreeSet<TableName> = measured
        .relations
        .iter()
        .map(|one| name(&one.schema, &one.name))
        .collect();
    for (relation, mode) in &predicted {
        match locks.get(relation) {
            Some(real) if real == mode => {}
            Some(real) => all.push(format!(
                "lock on {relation}: predicted {mode}, measured {real}"
            )),
            None if there.contains(relation) => {
                all.push(format!(
                    "lock on {relation}: predicted {mode}, measured none"
                ));
            }
            // IF EXISTS may find nothing.
            None if may_be_missing => {}
            None => all.push(format!(
                "lock on {relation}: predicted {mode}, but it was not there"
            )),
        }
    }
    for (relation, mode) in &locks {
        // What the engine leaves open is more than it says.
        let said = facts.open.is_some() || implied.contains(relation);
        if !predicted.contains_key(relation) && !said {
            all.push(format!(
                "lock on {relation}: predicted none, measured {mode}"
            ));
        }
    }
    compare_work(facts, measured, &there, &mut all);
    all
}

fn compare_work(
    facts: &Facts,
    measured: &Measured,
    there: &BTreeSet<TableName>,
    all: &mut Vec<String>,
) {
    let real = measured.work();
    let truncates = facts.kinds.iter().any(|kind| kind == "TRUNCATE");
    // A query's way through the tables that it reads is for the planner to say.
    let used = |table: &TableName| {
        facts
            .locks
            .iter()
            .any(|lock| lock.relation == *table && lock.mode <= LockMode::RowExclusive)
    };
    let has = |table: &TableName, kind: WorkKind| real.contains(&(table.clone(), kind));
    for work in &facts.work {
        if work.is_certain && there.contains(&work.table) && !has(&work.table, work.kind) {
            all.push(format!(
                "work on {}: predicted {:?}, not measured",
                work.table, work.kind
            ));
        }
    }
    for (table, kind) in &real {
        let predicted = facts
            .work
            .iter()
            .any(|work| work.table == *table && work.kind == *kind);
        // Reading rows is a part of writing them again, of building an index, and of every query.
        let part = *kind == WorkKind::Scan
            && (used(table) || has(table, WorkKind::Rewrite) || has(table, WorkKind::Index) || has(table, WorkKind::Rows))
            // And writing them again builds every index again.
            || *kind == WorkKind::Index && has(table, WorkKind::Rewrite);
        // TRUNCATE gives a table a new, empty file.
        let emptied = *kind == WorkKind::Rewrite && truncates;
        if !predicted && !part && !emptied {
            all.push(format!(
                "work on {table}: predicted none, measured {kind:?}"
            ));
        }
    }
}

/// What came of all cases on one server.
#[derive(Debug, Default)]
pub struct Report {
    pub agreed: usize,
    pub excepted: usize,
    pub skipped: usize,
    /// What a person must look at.
    pub failures: Vec<String>,
}

impl Report {
    /// Takes in one case; `measured` is an error where the statement failed.
    pub fn take(&mut self, case: &Case, measured: Result<Measured, String>) {
        let place = format!("line {}: {}", case.line, case.statement);
        let measured = match measured {
            Ok(measured) => measured,
            Err(error) => {
                self.failures.push(format!("{place}\n    failed: {error}"));
                return;
            }
        };
        let known: Vec<&Exception> = EXCEPTIONS
            .iter()
            .filter(|one| one.statement == case.statement.trim_end_matches(';'))
            .filter(|one| (one.versions.0..=one.versions.1).contains(&measured.version))
            .collect();
        let all = differences(case, &measured);
        let mut text = String::new();
        for difference in &all {
            if !known.iter().any(|one| one.difference == difference) {
                let _ = write!(text, "\n    {difference}");
            }
        }
        for one in &known {
            if !all.iter().any(|difference| difference == one.difference) {
                let _ = write!(text, "\n    an exception that is none: {}", one.difference);
            }
        }
        if !text.is_empty() {
            self.failures.push(format!("{place}{text}"));
        } else if known.is_empty() {
            self.agreed += 1;
        } else {
            self.excepted += 1;
        }
    }

    /// Prints the counts.
    ///
    /// # Panics
    /// Where there is a failure, with all of them.
    pub fn end(&self, server: &str) {
        println!(
            "effects on {server}: {} statements agree, {} differ for a known reason, {} are for other versions",
            self.agreed, self.excepted, self.skipped
        );
        assert!(
            self.failures.is_empty(),
            "{} statements do something else on {server}:\n{}",
            self.failures.len(),
            self.failures.join("\n")
        );
    }
}
