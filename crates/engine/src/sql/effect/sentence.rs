//! An effect in words, for people.

use super::kind::Kind;
use super::{Effect, Facts, Lock, Loss, WorkKind};
use crate::lock::TableUse;

/// What the effect is, in plain sentences: work, locks and who waits, losses, and what is not known.
pub fn describe(effect: &Effect) -> String {
    match effect {
        Effect::Known(facts) => facts.sentence(),
        Effect::Unknown { reason } => format!("What it does is not known. {reason}"),
    }
}

impl Facts {
    /// As [`describe`].
    pub fn sentence(&self) -> String {
        let mut all = vec![self.work_in_words()];
        all.extend(self.locks.iter().filter_map(lock_in_words));
        all.extend(self.losses.iter().map(loss_in_words));
        all.extend(self.open.clone());
        if self.is_outside {
            all.push("It runs outside a transaction block only.".to_owned());
        }
        if let Some(version) = self.since {
            all.push(format!("It needs PostgreSQL {version} or later."));
        }
        all.join(" ")
    }

    /// What it changes, and the work that grows with a table.
    pub fn work_in_words(&self) -> String {
        let kind = self.kinds.first().map_or("It", String::as_str);
        if self.work.is_empty() {
            let only_reads = self
                .touches
                .iter()
                .all(|touch| touch.action == super::Action::Read);
            let only_locks = kind == Kind::LockTable.as_str();
            return if only_reads || only_locks {
                format!("{kind}: changes nothing in the catalog.")
            } else {
                format!("{kind}: changes the catalog only.")
            };
        }
        let parts: Vec<String> = self
            .work
            .iter()
            .map(|work| {
                let verb = match work.kind {
                    WorkKind::Rewrite => "writes every row of",
                    WorkKind::Scan => "reads every row of",
                    WorkKind::Index => "builds an index of",
                    WorkKind::Rows => "writes rows of",
                };
                let maybe = if work.is_certain { "" } else { "perhaps " };
                format!("{maybe}{verb} {}", work.table)
            })
            .collect();
        format!("{kind}: {}.", list(&parts))
    }
}

/// Who waits for a lock; none where only changes of the schema do.
fn lock_in_words(lock: &Lock) -> Option<String> {
    let blocked: Vec<String> = TableUse::ALL
        .into_iter()
        .filter(|used| lock.mode.blocks(*used))
        .map(|used| used.as_str().to_owned())
        .collect();
    let takes = format!("Takes {} on {}", lock.mode, lock.relation);
    if blocked.is_empty() {
        (lock.mode >= crate::lock::LockMode::ShareUpdateExclusive)
            .then(|| format!("{takes}; reads and writes go on."))
    } else {
        Some(format!("{takes}; {} wait.", list(&blocked)))
    }
}

fn loss_in_words(loss: &Loss) -> String {
    match loss {
        Loss::Table(table) => format!("Destroys {table} with its rows."),
        Loss::Column { table, column } => {
            format!(
                "Destroys the column {} of {table}.",
                crate::sql::identifier(column)
            )
        }
        Loss::Rows(table) => format!("Deletes rows of {table}."),
        Loss::Narrowed { table, column } => format!(
            "Rounds or cuts values of {} in {table} that the new type cannot hold.",
            crate::sql::identifier(column)
        ),
        Loss::Dependents(name) => format!("Drops whatever depends on {name}."),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}
