//! A section of a revision, as it is written: statements in transactions, each with what it needs around it.

use super::names::TableName;
use crate::sql::identifier;

/// The wait for a lock that stops readers or writers, in milliseconds; they wait behind it as long.
const SHORT_MS: usize = 40;
/// How long a batch takes; who writes one of its rows waits as long at the most.
const BATCH: &str = "30ms";
/// The wait for a lock that only other changes of the schema, and vacuum, wait behind.
const LONG: &str = "10s";

/// SQL being written.
#[derive(Clone, Debug, Default)]
pub struct Section {
    text: String,
    /// Something stands in the transaction under way.
    is_begun: bool,
}

impl Section {
    /// The upgrade and the downgrade of a revision.
    pub fn both() -> (Section, Section) {
        Default::default()
    }

    /// A statement, without its semicolon.
    pub fn push(&mut self, statement: impl AsRef<str>) -> &mut Self {
        self.text.push_str(statement.as_ref());
        self.text.push_str(";\n");
        self.is_begun = true;
        self
    }

    /// A comment for whoever reads it.
    pub fn say(&mut self, words: &str) -> &mut Self {
        self.text.push_str("-- ");
        self.text.push_str(words);
        self.text.push('\n');
        self
    }

    /// The hazard `code` of the next statement is known; in a downgrade, too, which is an upgrade where it brings something back.
    pub fn allow(&mut self, code: &str, reason: &str) -> &mut Self {
        self.text.push_str(&format!("-- +allow {code}: {reason}\n"));
        self
    }

    /// Ends the transaction, where one is begun.
    pub fn commit(&mut self) -> &mut Self {
        if self.is_begun {
            self.text.push_str("-- +commit\n");
            self.is_begun = false;
        }
        self
    }

    /// Begins a transaction that changes `table` so that readers or writers would wait. Vacuum is waited for first, with a
    /// lock that stops nobody else: PostgreSQL ends an autovacuum only for those who wait a second (manual, 24.1.6), which is
    /// longer than readers and writers should be kept waiting.
    pub fn change(&mut self, table: &TableName) -> &mut Self {
        self.check(table).short()
    }

    /// The same where what is done to one of several tables has to do with all. Each is waited for so shortly that who waits
    /// for all of them waits no longer than for one.
    pub fn change_all(&mut self, tables: &[TableName]) -> &mut Self {
        let each = (SHORT_MS / tables.len().max(1)).max(1);
        self.check_all(tables)
            .push(format!("SET LOCAL lock_timeout = '{each}ms'"))
    }

    /// From here on in the transaction, who waits behind it waits shortly.
    pub fn short(&mut self) -> &mut Self {
        self.push(format!("SET LOCAL lock_timeout = '{SHORT_MS}ms'"))
    }

    /// Begins a transaction on `table` that only other changes of the schema, and vacuum, wait for.
    pub fn check(&mut self, table: &TableName) -> &mut Self {
        self.check_all(std::slice::from_ref(table))
    }

    /// The same on several tables.
    pub fn check_all(&mut self, tables: &[TableName]) -> &mut Self {
        let names: Vec<String> = tables.iter().map(TableName::sql).collect();
        self.begin().push(format!(
            "LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE",
            names.join(", ")
        ))
    }

    /// Begins a transaction that stops nobody.
    pub fn begin(&mut self) -> &mut Self {
        self.commit();
        self.push(format!("SET LOCAL lock_timeout = '{LONG}'"))
    }

    /// There is nothing to do, and `why`; a revision without a statement would count as one that cannot be undone.
    pub fn nothing(&mut self, why: &str) -> &mut Self {
        self.say(why);
        self.begin()
    }

    /// A statement that is run in batches by ranges of the columns of `key`.
    pub fn batches(&mut self, key: &[impl AsRef<str>], statement: impl AsRef<str>) -> &mut Self {
        self.commit();
        let key: Vec<String> = key.iter().map(|name| identifier(name.as_ref())).collect();
        self.text.push_str(&format!(
            "-- +backfill key={} batch=auto target={BATCH}
",
            key.join(",")
        ));
        self.push(statement)
    }

    /// A statement outside a transaction: the only one of an upgrade. Waiting for it stops nobody, and giving up would
    /// leave an invalid index.
    pub fn alone(&mut self, statement: impl AsRef<str>) -> &mut Self {
        self.push(statement);
        self.is_begun = false;
        self
    }

    /// As [`Section::alone`], among others: what an undo needs is built between its transactions, and where it fails the undo
    /// is taken up again there.
    pub fn between(&mut self, statement: impl AsRef<str>) -> &mut Self {
        self.text.push_str(
            "-- +allow mixed-transactions: what the undo needs is built beside everybody's work\n",
        );
        if statement.as_ref().starts_with("CREATE UNIQUE INDEX ") {
            self.allow("unique-index-may-fail", "rows were unique before");
        }
        self.alone(statement)
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn finish(self) -> String {
        self.text
    }
}
