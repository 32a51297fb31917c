//! Pieces of a restoration, and the order in which they can run.

use super::words::mentions;
use std::collections::BTreeSet;

/// When a piece comes, as far as names do not decide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    DropTrigger,
    DropView,
    Detach,
    DropForeignKey,
    DropConstraint,
    MakeSchema,
    MakeType,
    MakeSequence,
    DropTable,
    DropColumn,
    Column,
    MakeTable,
    IndexOfPartition,
    Attach,
    DropRoutine,
    DropSequence,
    DropType,
    DropSchema,
    MakeRoutine,
    Constraint,
    ForeignKey,
    MakeView,
    MakeTrigger,
    Setting,
    Owner,
    Grant,
    Comment,
}

/// Statements that go together.
#[derive(Clone, Debug)]
pub struct Op {
    pub rank: Rank,
    /// The object that it makes or drops.
    pub name: Option<(String, String)>,
    /// It makes it.
    pub makes: bool,
    /// What tells on which objects it stands: the definition of what it makes or drops.
    pub definition: String,
    pub statements: Vec<String>,
}

/// The statements in an order in which each finds what it stands on: what mentions an object is made after it and dropped
/// before it. Where names go round in a circle, rank decides.
pub fn ordered(ops: Vec<Op>) -> Vec<String> {
    let mentioned: Vec<BTreeSet<(String, String)>> =
        ops.iter().map(|op| mentions(&op.definition)).collect();
    let mut waits: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); ops.len()];
    for (at, op) in ops.iter().enumerate() {
        let Some(name) = &op.name else { continue };
        for (other, mentioned) in mentioned.iter().enumerate() {
            if other == at || !mentioned.contains(name) || ops[other].name.as_ref() == Some(name) {
                continue;
            }
            match op.makes {
                true => waits[other].insert(at),
                // Making something that mentions what goes away is no reason to wait.
                false if ops[other].makes => false,
                false => waits[at].insert(other),
            };
        }
    }
    let mut left: BTreeSet<(Rank, usize)> = ops
        .iter()
        .enumerate()
        .map(|(at, op)| (op.rank, at))
        .collect();
    let mut done = BTreeSet::new();
    let mut statements = Vec::new();
    while let Some(first) = left.first().copied() {
        let ready = left.iter().find(|(_, at)| waits[*at].is_subset(&done));
        let next = ready.copied().unwrap_or(first);
        left.remove(&next);
        done.insert(next.1);
        statements.extend(ops[next.1].statements.iter().cloned());
    }
    statements
}
