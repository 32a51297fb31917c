//! PostgreSQL's eight table-level lock modes, and who waits for whom.
//!
//! Source: PostgreSQL manual, 13.3.1 "Table-Level Locks".

use serde::{Deserialize, Serialize};

/// A table-level lock mode, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LockMode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

/// What an application does with a table while a migration runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableUse {
    Select,
    Insert,
    Update,
    Delete,
}

impl TableUse {
    /// All of them, in the order of tables on pages.
    pub const ALL: [TableUse; 4] = [
        TableUse::Select,
        TableUse::Insert,
        TableUse::Update,
        TableUse::Delete,
    ];

    /// The lock that the command itself takes.
    pub fn lock_mode(self) -> LockMode {
        match self {
            TableUse::Select => LockMode::AccessShare,
            TableUse::Insert | TableUse::Update | TableUse::Delete => LockMode::RowExclusive,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            TableUse::Select => "SELECT",
            TableUse::Insert => "INSERT",
            TableUse::Update => "UPDATE",
            TableUse::Delete => "DELETE",
        }
    }
}

impl LockMode {
    /// All of them, weakest first.
    pub const ALL: [LockMode; 8] = [
        LockMode::AccessShare,
        LockMode::RowShare,
        LockMode::RowExclusive,
        LockMode::ShareUpdateExclusive,
        LockMode::Share,
        LockMode::ShareRowExclusive,
        LockMode::Exclusive,
        LockMode::AccessExclusive,
    ];

    /// The mode's name in SQL, as in `LOCK TABLE … IN … MODE`.
    pub fn as_str(self) -> &'static str {
        match self {
            LockMode::AccessShare => "ACCESS SHARE",
            LockMode::RowShare => "ROW SHARE",
            LockMode::RowExclusive => "ROW EXCLUSIVE",
            LockMode::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            LockMode::Share => "SHARE",
            LockMode::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            LockMode::Exclusive => "EXCLUSIVE",
            LockMode::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// The mode's name in `pg_locks.mode`.
    pub fn as_pg_locks(self) -> &'static str {
        match self {
            LockMode::AccessShare => "AccessShareLock",
            LockMode::RowShare => "RowShareLock",
            LockMode::RowExclusive => "RowExclusiveLock",
            LockMode::ShareUpdateExclusive => "ShareUpdateExclusiveLock",
            LockMode::Share => "ShareLock",
            LockMode::ShareRowExclusive => "ShareRowExclusiveLock",
            LockMode::Exclusive => "ExclusiveLock",
            LockMode::AccessExclusive => "AccessExclusiveLock",
        }
    }

    /// Reads a mode of `pg_locks.mode`; none where it is no table-level mode.
    pub fn from_pg_locks(name: &str) -> Option<Self> {
        LockMode::ALL
            .into_iter()
            .find(|mode| mode.as_pg_locks() == name)
    }

    /// Whether two sessions cannot hold these modes on one table at the same time (manual, table 13.2).
    pub fn conflicts(self, other: LockMode) -> bool {
        use LockMode::{
            AccessExclusive, AccessShare, Exclusive, RowExclusive, RowShare, Share,
            ShareRowExclusive, ShareUpdateExclusive,
        };
        let (weak, strong) = (self.min(other), self.max(other));
        match weak {
            AccessShare => strong == AccessExclusive,
            RowShare => strong >= Exclusive,
            RowExclusive => strong >= Share,
            ShareUpdateExclusive => strong >= ShareUpdateExclusive,
            Share => strong != Share,
            ShareRowExclusive | Exclusive | AccessExclusive => true,
        }
    }

    /// Whether that use of a table waits while another session holds this mode on it.
    pub fn blocks(self, used: TableUse) -> bool {
        self.conflicts(used.lock_mode())
    }

    /// Whether anybody who reads or writes rows waits while another session holds this mode, or waits for it.
    pub fn stops_anybody(self) -> bool {
        let uses = [
            TableUse::Select,
            TableUse::Insert,
            TableUse::Update,
            TableUse::Delete,
        ];
        uses.into_iter().any(|used| self.blocks(used))
    }
}

impl std::fmt::Display for LockMode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Table 13.2 of the manual: a row for each requested mode, `x` where it conflicts with the held one.
    const CONFLICTS: [&str; 8] = [
        ".......x", "......xx", "....xxxx", "...xxxxx", "..xx.xxx", "..xxxxxx", ".xxxxxxx",
        "xxxxxxxx",
    ];

    #[test]
    fn conflicts_are_those_of_the_manual() {
        for (row, one) in CONFLICTS.iter().zip(LockMode::ALL) {
            for (mark, other) in row.chars().zip(LockMode::ALL) {
                assert_eq!(one.conflicts(other), mark == 'x', "{one} and {other}");
            }
        }
    }

    #[test]
    fn names_of_pg_locks_are_read() {
        for mode in LockMode::ALL {
            assert_eq!(LockMode::from_pg_locks(mode.as_pg_locks()), Some(mode));
        }
        assert_eq!(LockMode::from_pg_locks("SIReadLock"), None);
    }
}
