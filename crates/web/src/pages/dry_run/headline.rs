//! What a dry run says, in one plain sentence.

use super::figures::{counted, time};
use crate::dry_run::order::Mode;
use crate::dry_run::record::{At, Comparison, Ending, Kind, Proof, Subject};
use leptos::prelude::*;

/// How good the news is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Caution,
    Danger,
}

impl Tone {
    /// Its class in the stylesheet of dry runs.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Good => "ok",
            Tone::Caution => "wa",
            Tone::Danger => "no",
        }
    }
}

/// The headline of `proof`, now.
pub fn headline(proof: &Proof) -> (Tone, String) {
    match proof.ending.get() {
        None => (Tone::Plain, under_way(proof)),
        Some(Ending::Done) => match (done(proof), proof.left_out) {
            ((Tone::Good, words), 1..) => (Tone::Caution, format!("{words}, in part")),
            (told, _) => told,
        },
        Some(Ending::Failed { at, .. }) => (Tone::Danger, failed(proof, at)),
        Some(Ending::Engine { .. }) => (
            Tone::Danger,
            "PostgreSQL in this tab stopped working".into(),
        ),
        Some(Ending::NotStarted(_)) => {
            (Tone::Danger, "PostgreSQL did not start in this tab".into())
        }
        Some(Ending::Refused(_)) => (Tone::Danger, "The run was refused".into()),
        Some(Ending::Cancelled) => (Tone::Caution, cancelled(proof)),
    }
}

fn under_way(proof: &Proof) -> String {
    if proof.now.get().is_none() && proof.postgres.get().is_none() {
        return "Starting PostgreSQL".into();
    }
    match proof.mode {
        Mode::Prove => "Proving up, down, up",
        Mode::Upgrade => "Upgrading",
        Mode::Downgrade => "Downgrading",
    }
    .into()
}

fn done(proof: &Proof) -> (Tone, String) {
    let revisions = |kind| {
        let phase = proof.phases.iter().find(|phase| phase.kind == kind);
        let entries = phase.map_or(&[][..], |phase| phase.entries.as_slice());
        let count = entries
            .iter()
            .filter(|entry| matches!(entry.subject, Subject::Revision { .. }))
            .count();
        counted(count as u64, "revision", "revisions")
    };
    match (proof.mode, proof.comparison.get()) {
        (Mode::Prove, Some(comparison)) => verdict(&comparison),
        (Mode::Downgrade, Some(comparison)) if !comparison.down.is_empty() => verdict(&comparison),
        (Mode::Downgrade, _) => (
            Tone::Good,
            format!("The downgrade runs: {} taken back", revisions(Kind::Down)),
        ),
        _ => (
            Tone::Good,
            format!("The upgrade runs: {} applied", revisions(Kind::Up)),
        ),
    }
}

fn verdict(comparison: &Comparison) -> (Tone, String) {
    let wrong: Vec<_> = comparison
        .verdicts
        .iter()
        .filter(|verdict| !verdict.differences.is_empty())
        .collect();
    let again = comparison
        .again
        .as_ref()
        .is_some_and(|again| !again.is_empty());
    match wrong.as_slice() {
        [] if !comparison.down.is_empty() => (
            Tone::Danger,
            "The way down is not the inverse of the way up".into(),
        ),
        [] if again => (
            Tone::Danger,
            "The second upgrade ended with another schema than the first".into(),
        ),
        [] => (Tone::Good, "The schema came back the same".into()),
        [one] => (
            Tone::Danger,
            format!("The downgrade of “{}” is not its inverse", one.message),
        ),
        several => {
            let all = comparison.verdicts.len();
            (
                Tone::Danger,
                format!(
                    "{} of {all} downgrades are not the inverse of their upgrades",
                    several.len()
                ),
            )
        }
    }
}

fn failed(proof: &Proof, at: At) -> String {
    let kind = proof.phases.get(at.phase).map(|phase| phase.kind);
    let subject = proof.entry(at).map(|entry| entry.subject.clone());
    let name = subject.as_ref().map_or("", Subject::words);
    match (&subject, kind) {
        (Some(Subject::Seed { .. }), _) => format!("The seed {name} failed"),
        (_, Some(Kind::Replay)) => format!("The replay failed in “{name}”, before the range began"),
        (_, Some(Kind::Down)) => format!("The downgrade of “{name}” failed"),
        (_, Some(Kind::UpAgain))
            if proof
                .comparison
                .get()
                .is_some_and(|found| !found.down.is_empty()) =>
        {
            format!("The way down left something behind: the second upgrade failed in “{name}”")
        }
        (_, Some(Kind::UpAgain)) => format!("The second upgrade failed in “{name}”"),
        _ => format!("The upgrade failed in “{name}”"),
    }
}

fn cancelled(proof: &Proof) -> String {
    match proof.now.get().and_then(|at| proof.entry(at)) {
        Some(entry) => format!("Cancelled in “{}”", entry.subject.words()),
        None => "Cancelled before anything ran".into(),
    }
}

/// Where, how long, with what: the line below the headline.
pub fn circumstances(proof: &Proof) -> String {
    let postgres = proof.postgres.get();
    let major = postgres
        .as_deref()
        .and_then(|version| version.split('.').next())
        .map(str::to_owned);
    let seed = proof
        .seed_rows
        .get()
        .map(|rows| format!(", with {}", counted(rows, "seed row", "seed rows")));
    let (from, to) = match proof.mode {
        Mode::Downgrade => (proof.to.words(), proof.from.words()),
        Mode::Upgrade | Mode::Prove => (proof.from.words(), proof.to.words()),
    };
    let Some(ending) = proof.ending.get() else {
        return format!("From {from} to {to}, in this browser. Nothing leaves this machine.");
    };
    let verb = match (&ending, proof.mode) {
        (Ending::Done, Mode::Prove) => "Proved in",
        (Ending::Done, _) => "Ran in",
        _ => "Stopped after",
    };
    let mut words = format!(
        "{verb} {}, from {from} to {to}, in this browser{}. Nothing left this machine.",
        time(proof.elapsed_ms.get()),
        seed.unwrap_or_default()
    );
    if let (Ending::Done, Some(major)) = (ending, major) {
        words.push_str(&format!(" A proof for PostgreSQL {major}."));
    }
    words
}
