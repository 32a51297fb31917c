//! Database's settings changed.

use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-alter-database-options",
    rows: &[113],
    title: "Database's settings changed",
    happens: "Every session that begins later has them.",
    applies: "For ALTER DATABASE … SET.",
    instead: "Set it in the transaction, where only the migration needs it.",
    manual: "sql-alterdatabase",
    word: "database",
    find: Find::Squawk(Squawk::BanAlterDatabaseOptions, |_| true),
    ..Rule::BASE
};
