//! Following the schema of a database that nobody else changes: looking again only at what changed.
//!
//! A row of a system catalog that was written since the last look has a transaction id that was not given out then. What was
//! deleted is seen where whole objects are missing; where parts of one are (an index, a trigger, a comment), by the lock on
//! it, which whoever follows has to tell. What is printed with the names of changed objects is found in `pg_depend`; the
//! name of a schema or role may stand anywhere, so that everything is looked at again where one is new.

use super::introspect::{self, Found, SETTINGS, Scope};
use super::{Catalog, CatalogError, Kind};
use crate::config::Project;
use crate::run::Answer;
use std::collections::BTreeSet;

/// The objects that hold locks, by the names of their oids; how a transaction touched them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Relations, indexes, routines and types under a lock that a change of them needs (SHARE UPDATE EXCLUSIVE and stronger).
    pub oids: BTreeSet<u32>,
    /// A statement ran outside a transaction block, where its locks cannot be seen.
    pub unseen: bool,
}

/// A catalog, kept up to date. It needs a superuser, as it reads `pg_authid`.
#[derive(Clone, Debug)]
pub struct Follower {
    major: u32,
    found: Found,
    /// Ids of transactions from here on are news; none before the first look.
    since: Option<u64>,
    /// The objects that the next answer is about; none for all.
    asked: Option<BTreeSet<u32>>,
}

impl Follower {
    pub fn new(major: u32) -> Self {
        Follower {
            major,
            found: Found::new(),
            since: None,
            asked: None,
        }
    }

    /// Prepares the session's statements; once, before anything else.
    pub fn prepare(major: u32, project: &Project) -> String {
        let all = introspect::query(major, project, Scope::Everything);
        let named = introspect::query(major, project, Scope::Named);
        format!(
            "{SETTINGS}PREPARE cofferdam_look AS\n{all};\nPREPARE cofferdam_look_again (oid[]) AS\n{named}"
        )
    }

    /// The first question: what changed since the last look. `touched` is what transactions since then have locked. An
    /// answer to it goes to [`Follower::hear`].
    pub fn ask(&self, touched: &Touched) -> String {
        let now = "SELECT 'since', txid_snapshot_xmax(txid_current_snapshot())::text";
        let Some(since) = self.since.filter(|_| !touched.unseen) else {
            return now.to_owned();
        };
        let touched: Vec<String> = touched.oids.iter().map(u32::to_string).collect();
        let changed = CHANGED
            .replace("{wide}", &wide())
            .replace("{since}", &(since & 0xffff_ffff).to_string())
            .replace("{touched}", &touched.join(","));
        format!("SET LOCAL search_path = ''; {now}; {changed}")
    }

    /// Takes the answer; gives the second question, whose answer goes to [`Follower::take`].
    ///
    /// # Errors
    /// Where the answer is none.
    pub fn hear(&mut self, answer: &Answer) -> Result<String, CatalogError> {
        let rows = answer.rows.iter().filter_map(|row| match row.as_slice() {
            [Some(what), text] => Some((what.as_str(), text.as_deref().unwrap_or_default())),
            _ => None,
        });
        let (mut since, mut ids, mut wide) = (None, None, false);
        let mut present: Option<BTreeSet<u32>> = None;
        for (what, text) in rows {
            match what {
                "since" => since = text.parse().ok(),
                "ids" => ids = Some(numbers(text)),
                "present" => present.get_or_insert_default().extend(numbers(text)),
                "wide" => wide = text == "true",
                _ => {}
            }
        }
        self.since =
            Some(since.ok_or_else(|| {
                CatalogError::Answer("it says nothing of its transactions".into())
            })?);
        match (ids, present) {
            (Some(ids), Some(present)) if !wide => {
                self.found
                    .retain(|(kind, id), _| !is_followed(*kind) || present.contains(id));
                let list: Vec<String> = ids.iter().map(u32::to_string).collect();
                self.asked = Some(ids);
                Ok(format!(
                    "{SETTINGS}EXECUTE cofferdam_look_again ('{{{}}}')",
                    list.join(",")
                ))
            }
            _ => {
                self.asked = None;
                Ok(introspect::look())
            }
        }
    }

    /// Takes the second answer; gives the catalog as it is now.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn take(&mut self, answer: &Answer) -> Result<Catalog, CatalogError> {
        let found = introspect::found(answer)?;
        match self.asked.take() {
            None => self.found.clear(),
            Some(ids) => self
                .found
                .retain(|(kind, id), _| is_followed(*kind) && !ids.contains(id)),
        }
        self.found.extend(found);
        Ok(introspect::catalog(self.major, &self.found))
    }
}

/// Whether objects of this kind are looked at one by one; there are few of the others.
fn is_followed(kind: Kind) -> bool {
    match kind {
        Kind::Table | Kind::View | Kind::MaterializedView | Kind::Sequence | Kind::Composite => {
            true
        }
        Kind::Function | Kind::Procedure | Kind::Aggregate => true,
        // A domain loses a constraint without any trace in its own row.
        Kind::Enum | Kind::Domain | Kind::Range => false,
        Kind::Schema | Kind::Extension | Kind::Statistics | Kind::EventTrigger | Kind::Other => {
            false
        }
    }
}

fn numbers(text: &str) -> BTreeSet<u32> {
    text.split(' ')
        .filter_map(|word| word.parse().ok())
        .collect()
}

/// Oids are looked for without their catalogs: two objects with the same number are looked at both.
const CHANGED: &str = "WITH direct AS (
    SELECT oid FROM pg_catalog.pg_class WHERE oid >= 16384 AND age(xmin) <= age('{since}'::xid)
    UNION SELECT attrelid FROM pg_catalog.pg_attribute WHERE attrelid >= 16384 AND age(xmin) <= age('{since}'::xid)
    UNION SELECT oid FROM pg_catalog.pg_proc WHERE oid >= 16384 AND age(xmin) <= age('{since}'::xid)
    UNION SELECT oid FROM pg_catalog.pg_type WHERE oid >= 16384 AND age(xmin) <= age('{since}'::xid)
    UNION SELECT unnest('{{touched}}'::oid[])
), touched AS (
    SELECT oid FROM direct UNION SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = ANY (ARRAY(SELECT oid FROM direct))
), depending AS (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
    WHERE d.refclassid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_type'::regclass, 'pg_catalog.pg_proc'::regclass)
      AND d.refobjid = ANY (ARRAY(SELECT oid FROM touched))
), ids AS (
    SELECT oid FROM touched
    UNION SELECT objid FROM depending WHERE classid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_type'::regclass, 'pg_catalog.pg_proc'::regclass)
    UNION SELECT t.adrelid FROM pg_catalog.pg_attrdef t WHERE t.oid = ANY (ARRAY(SELECT objid FROM depending WHERE classid = 'pg_catalog.pg_attrdef'::regclass))
    UNION SELECT unnest(ARRAY[t.conrelid, t.contypid]) FROM pg_catalog.pg_constraint t WHERE t.oid = ANY (ARRAY(SELECT objid FROM depending WHERE classid = 'pg_catalog.pg_constraint'::regclass))
    UNION SELECT t.ev_class FROM pg_catalog.pg_rewrite t WHERE t.oid = ANY (ARRAY(SELECT objid FROM depending WHERE classid = 'pg_catalog.pg_rewrite'::regclass))
    UNION SELECT t.tgrelid FROM pg_catalog.pg_trigger t WHERE t.oid = ANY (ARRAY(SELECT objid FROM depending WHERE classid = 'pg_catalog.pg_trigger'::regclass))
    UNION SELECT t.polrelid FROM pg_catalog.pg_policy t WHERE t.oid = ANY (ARRAY(SELECT objid FROM depending WHERE classid = 'pg_catalog.pg_policy'::regclass))
)
SELECT 'ids', string_agg(oid::text, ' ') FROM ids
UNION ALL SELECT 'present', string_agg(oid::text, ' ') FROM pg_catalog.pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
UNION ALL SELECT 'present', string_agg(oid::text, ' ') FROM pg_catalog.pg_proc WHERE oid >= 16384
{wide}";

/// The catalogs of what may be named anywhere.
const WIDE: [&str; 12] = [
    "pg_namespace",
    "pg_authid",
    "pg_extension",
    "pg_collation",
    "pg_operator",
    "pg_opclass",
    "pg_opfamily",
    "pg_am",
    "pg_ts_config",
    "pg_language",
    "pg_foreign_server",
    "pg_tablespace",
];

/// Whether anything is new in [`WIDE`].
fn wide() -> String {
    let parts = WIDE.map(|catalog| {
        format!(
            "EXISTS (SELECT FROM pg_catalog.{catalog} WHERE age(xmin) <= age('{{since}}'::xid))"
        )
    });
    format!("UNION ALL SELECT 'wide', ({})::text", parts.join(" OR "))
}
