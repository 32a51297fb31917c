//! The end of what a contract put into quarantine.

use super::names::TableName;
use super::quarantine::SCHEMA;
use super::{ChangeId, Phase, Phases, header, header_of};
use crate::revision::{Downgrade, Revision, RevisionId};

/// For how many days a contract is applied, at the least, before what it took is removed for good, where nobody says otherwise.
pub const KEPT_DAYS: u32 = 14;

/// Its word in the header's line `Phase:`.
const PHASE: &str = "sweep";

/// The revision after `down` that removes for good what the contract of `change` put into quarantine.
pub fn sweep(change: &ChangeId, id: RevisionId, down: Vec<RevisionId>) -> Revision {
    let table = TableName::new(SCHEMA, change.as_str());
    Revision {
        id,
        down,
        depends_on: Vec::new(),
        branch_labels: Vec::new(),
        message: format!("Remove what {change} put into quarantine"),
        description: Vec::new(),
        author: None,
        create_date: None,
        extra: header(change, PHASE),
        upgrade: format!(
            "SET LOCAL lock_timeout = '10s';\n-- +allow ban-drop-table: it was kept for a while, and nobody missed it\nDROP TABLE IF EXISTS {table};\n"
        ),
        downgrade: Downgrade::Impossible {
            reason: "what is removed from quarantine is gone".into(),
        },
    }
}

/// Whether the contract puts something into quarantine.
pub fn has_quarantine(phases: &Phases) -> bool {
    let mut contract = phases.of(Phase::Contract);
    contract.any(|part| part.upgrade.contains(&format!(" {SCHEMA}")))
}

/// Whether a revision is the sweep of `change`.
pub fn is_sweep(revision: &Revision, change: &ChangeId) -> bool {
    header_of(revision, "change") == Some(change.as_str())
        && header_of(revision, "phase") == Some(PHASE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_a_word_of_sql_is_quoted() {
        let id = ChangeId::new("order").expect("an id");
        let swept = sweep(&id, RevisionId::new("r").expect("an id"), Vec::new());
        let drop = "DROP TABLE IF EXISTS cofferdam_quarantine.\"order\";";
        assert!(swept.upgrade.contains(drop), "{}", swept.upgrade);
        assert!(is_sweep(&swept, &id));
    }
}
