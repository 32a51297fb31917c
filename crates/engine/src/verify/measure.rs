//! What a statement did, measured from within its transaction: locks, rewritten relations, WAL.
//!
//! `pg_locks` lists what this session holds (manual, 54.12 of 18), and a transaction keeps its locks to its end. A relation
//! whose `pg_class.relfilenode` changed was written anew. A second session, which sees none of the transaction's changes,
//! tells how relations were called before it and which files they had.

use crate::catalog::Touched;
use crate::lock::LockMode;
use crate::plan::{Mode, Plan, StepAt, StepKind};
use crate::run::Answer;
use crate::verify::contents::Table;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A lock that a statement took on a relation that was there before its transaction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lock {
    /// As SQL writes it, with its schema.
    pub relation: String,
    pub mode: LockMode,
}

/// What a statement did. Its time and rows come with its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// On each relation the strongest that it took and that its transaction did not hold already; sorted.
    pub locks: Vec<Lock>,
    /// Relations that were written anew, or emptied; sorted.
    pub rewritten: Vec<String>,
    /// Of the whole server while it ran.
    pub wal_bytes: u64,
}

/// Asked in the session of the run, before the first statement of a transaction and after each.
pub const LOOK: &str = "SELECT 'wal', pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::text, NULL, NULL \
UNION ALL SELECT 'relation', l.relation::text, l.mode, (SELECT c.relfilenode::text FROM pg_catalog.pg_class c WHERE c.oid = l.relation) \
FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid() AND l.granted AND l.locktype = 'relation' AND l.relation >= 16384 \
AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) \
UNION ALL SELECT 'object', l.objid::text, l.mode, NULL \
FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid() AND l.granted AND l.locktype = 'object' AND l.objid >= 16384";

/// Every relation that is there, asked in the run's own session before a transaction's first statement, where there is no
/// other session to ask (PGlite).
pub const RELATIONS: &str = "SELECT c.oid::text, n.nspname::text, c.relname::text, c.relfilenode::text, c.relkind::text FROM pg_catalog.pg_class c \
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid >= 16384";

/// Whether the step is a statement of a revision, inside a transaction: others cannot be measured.
pub fn is_measurable(plan: &Plan, at: StepAt) -> bool {
    let segment = plan
        .revisions
        .get(at.revision)
        .and_then(|planned| planned.segments.get(at.segment));
    let statement = plan
        .step(at)
        .is_some_and(|step| step.kind == StepKind::Statement);
    statement && segment.is_some_and(|segment| segment.mode == Mode::Transaction)
}

/// How a relation was before the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Before {
    schema: String,
    name: String,
    file: String,
    /// `pg_class.relkind`.
    kind: String,
}

impl Before {
    fn words(&self) -> String {
        let quoted = crate::sql::identifier;
        format!("{}.{}", quoted(&self.schema), quoted(&self.name))
    }
}

/// Measures the statements of one transaction after the other.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    /// The relations that were asked about; none of those that the transaction made.
    before: BTreeMap<u32, Option<Before>>,
    held: BTreeSet<(u32, LockMode)>,
    files: BTreeMap<u32, String>,
    wal: u64,
    /// What the transactions since [`Meter::take_touched`] have locked.
    touched: Touched,
    written: BTreeSet<Table>,
    latest: Option<Look>,
}

#[derive(Clone, Debug, Default)]
struct Look {
    locks: BTreeMap<(u32, LockMode), Option<String>>,
    wal: u64,
}

impl Meter {
    /// A transaction begins, whose first look is that of `answer`.
    pub fn begin(&mut self, answer: &Answer) {
        let look = Look::read(answer);
        self.before.clear();
        self.files.clear();
        self.held = look.locks.keys().copied().collect();
        self.wal = look.wal;
        self.latest = None;
    }

    /// As [`Meter::begin`], with all relations that are there, the answer of [`RELATIONS`]: then no other session is needed,
    /// and what [`Meter::hear`] gives need not be asked.
    pub fn begin_alone(&mut self, look: &Answer, relations: &Answer) {
        self.begin(look);
        self.know(relations);
    }

    /// Takes in how relations were before the transaction.
    fn know(&mut self, answer: &Answer) {
        for row in &answer.rows {
            if let [Some(oid), Some(schema), Some(name), Some(file), Some(kind)] = row.as_slice()
                && let Ok(oid) = oid.parse()
            {
                let before = Before {
                    schema: schema.clone(),
                    name: name.clone(),
                    file: file.clone(),
                    kind: kind.clone(),
                };
                self.before.insert(oid, Some(before));
            }
        }
    }

    /// Takes the look after a statement. Gives what has to be asked in the other session, whose answer
    /// [`Meter::figures`] wants; none where nothing has.
    pub fn hear(&mut self, answer: &Answer) -> Option<String> {
        let look = Look::read(answer);
        for (oid, mode) in look.locks.keys() {
            if *mode >= LockMode::ShareUpdateExclusive {
                self.touched.oids.insert(*oid);
            }
        }
        for row in &answer.rows {
            if let [Some(what), Some(oid), Some(mode), _] = row.as_slice()
                && what == "object"
                && LockMode::from_pg_locks(mode) >= Some(LockMode::ShareUpdateExclusive)
            {
                self.touched.oids.extend(oid.parse::<u32>().ok());
            }
        }
        let unknown: BTreeSet<u32> = look
            .locks
            .keys()
            .filter(|(oid, _)| !self.before.contains_key(oid))
            .map(|(oid, _)| *oid)
            .collect();
        self.latest = Some(look);
        if unknown.is_empty() {
            return None;
        }
        let list: Vec<String> = unknown.iter().map(u32::to_string).collect();
        self.before
            .extend(unknown.into_iter().map(|oid| (oid, None)));
        Some(format!(
            "SELECT c.oid::text, n.nspname::text, c.relname::text, c.relfilenode::text, c.relkind::text FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ('{{{}}}'::oid[])",
            list.join(",")
        ))
    }

    /// What the statement of the last look did; `answer` is that of the other session, where one was asked for.
    pub fn figures(&mut self, answer: Option<&Answer>) -> Figures {
        if let Some(answer) = answer {
            self.know(answer);
        }
        let look = self.latest.take().unwrap_or_default();
        let mut figures = Figures {
            wal_bytes: look.wal.saturating_sub(self.wal),
            ..Figures::default()
        };
        for ((oid, mode), file) in &look.locks {
            let Some(Some(before)) = self.before.get(oid) else {
                continue;
            };
            if *mode >= LockMode::RowExclusive {
                let table = (before.schema.clone(), before.name.clone());
                self.written.insert(table);
            }
            // Tables for large values go with their tables.
            if before.kind == "t" || before.schema == "pg_toast" {
                continue;
            }
            let is_new = |mode: LockMode| {
                let lock = (*oid, mode);
                look.locks.contains_key(&lock) && !self.held.contains(&lock)
            };
            let hidden = LockMode::ALL
                .iter()
                .any(|other| other > mode && is_new(*other));
            if is_new(*mode) && !hidden {
                figures.locks.push(Lock {
                    relation: before.words(),
                    mode: *mode,
                });
            }
            let last = self.files.get(oid).unwrap_or(&before.file);
            if let Some(file) = file.as_ref().filter(|file| *file != last) {
                figures.rewritten.push(before.words());
                self.files.insert(*oid, file.clone());
            }
        }
        figures.locks.sort();
        figures.rewritten.sort();
        figures.rewritten.dedup();
        self.held = look.locks.into_keys().collect();
        self.wal = look.wal;
        figures
    }

    /// A statement ran outside a transaction block, where nothing can be measured.
    pub fn outside(&mut self) {
        self.touched.unseen = true;
    }

    /// What was locked since the last time, for a [`Follower`](crate::catalog::Follower).
    pub fn take_touched(&mut self) -> Touched {
        std::mem::take(&mut self.touched)
    }

    /// The tables whose rows may have changed since the last time; none where nobody can know.
    pub fn take_written(&mut self, touched: &Touched) -> Option<BTreeSet<Table>> {
        let written = std::mem::take(&mut self.written);
        (!touched.unseen).then_some(written)
    }
}

impl Look {
    fn read(answer: &Answer) -> Self {
        let mut look = Look::default();
        for row in &answer.rows {
            match row.as_slice() {
                [Some(what), Some(number), ..] if what == "wal" => {
                    look.wal = number.parse().unwrap_or(0);
                }
                [Some(what), Some(oid), Some(mode), file] if what == "relation" => {
                    if let (Ok(oid), Some(mode)) = (oid.parse(), LockMode::from_pg_locks(mode)) {
                        look.locks.insert((oid, mode), file.clone());
                    }
                }
                _ => {}
            }
        }
        look
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(rows: &[&[Option<&str>]]) -> Answer {
        let own = |row: &&[Option<&str>]| row.iter().map(|cell| cell.map(str::to_owned)).collect();
        Answer {
            rows: rows.iter().map(own).collect(),
            ..Answer::default()
        }
    }

    #[test]
    fn a_statement_answers_for_its_own_locks_and_rewrites() {
        let mut meter = Meter::default();
        let version = [
            Some("relation"),
            Some("20000"),
            Some("ShareRowExclusiveLock"),
            Some("1"),
        ];
        let wal = |at| [Some("wal"), Some(at), None, None];
        meter.begin(&answer(&[&wal("100"), &version]));
        // The first statement rewrites a table that was there, and makes another.
        let table = [
            Some("relation"),
            Some("20010"),
            Some("AccessExclusiveLock"),
            Some("77"),
        ];
        let new = [
            Some("relation"),
            Some("20020"),
            Some("AccessExclusiveLock"),
            Some("78"),
        ];
        let asked = meter.hear(&answer(&[&wal("180"), &version, &table, &new]));
        assert!(asked.is_some_and(|sql| sql.contains("'{20000,20010,20020}'")));
        let before = answer(&[
            &[
                Some("20000"),
                Some("public"),
                Some("alembic_version"),
                Some("1"),
                Some("r"),
            ],
            &[
                Some("20010"),
                Some("public"),
                Some("Users"),
                Some("20010"),
                Some("r"),
            ],
        ]);
        let figures = meter.figures(Some(&before));
        assert_eq!(figures.wal_bytes, 80);
        assert_eq!(figures.rewritten, ["public.\"Users\""]);
        assert_eq!(
            figures.locks,
            [Lock {
                relation: "public.\"Users\"".into(),
                mode: LockMode::AccessExclusive
            }]
        );
        // The second finds both as they are.
        assert_eq!(
            meter.hear(&answer(&[&wal("180"), &version, &table, &new])),
            None
        );
        assert_eq!(meter.figures(None), Figures::default());
        let touched = meter.take_touched();
        assert!(touched.oids.contains(&20010) && !touched.unseen);
        let written = meter.take_written(&touched).expect("known");
        assert!(written.contains(&("public".into(), "Users".into())));
    }

    #[test]
    fn what_ran_outside_a_transaction_is_not_known() {
        let mut meter = Meter::default();
        meter.outside();
        let touched = meter.take_touched();
        assert!(touched.unseen);
        assert_eq!(meter.take_written(&touched), None);
    }
}
