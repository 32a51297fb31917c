//! Which changes may be open at the same time. Two of them are judged by what their statements read, make, change and take,
//! as they are written; what is not known to be apart counts as touched.

mod facts;

use super::{Change, ChangeError, ChangeId, Phase, phases};
use facts::{Facts, Thing};
use serde::{Deserialize, Serialize};

/// What holds for two changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// Both may be open at once, in any order, and end the same.
    Commute,
    /// One has to be made anew when the other has come to the end of `until`.
    Waits {
        /// The one that is waited for, where one of them is begun; else whichever is begun first.
        first: Option<ChangeId>,
        until: Phase,
    },
    /// Only one of them can be made.
    Exclude,
}

/// Two changes, and what holds for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub one: ChangeId,
    pub other: ChangeId,
    #[serde(flatten)]
    pub verdict: Verdict,
    /// A sentence for people.
    pub reason: String,
    /// What it is about, such as `reports.tier`, in their order by name.
    pub objects: Vec<String>,
}

/// Every pair of some changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// The changes, in their order by id.
    pub changes: Vec<ChangeId>,
    /// Each pair once, in the order of the changes.
    pub pairs: Vec<Conflict>,
}

/// Whether a phase of the change is not written yet.
///
/// # Errors
/// Where the change has no phases.
pub fn is_open(change: &Change) -> Result<bool, ChangeError> {
    let parts = phases(change)?.parts;
    let mut all = parts.iter();
    Ok(all.any(|part| change.revisions(part.phase).next().is_none()))
}

/// What holds for every two of these changes.
///
/// # Errors
/// Where one of them has no phases.
pub fn matrix(changes: &[Change]) -> Result<Matrix, ChangeError> {
    let mut all: Vec<&Change> = changes.iter().collect();
    all.sort_by_key(|change| &change.id);
    let mut pairs = Vec::new();
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            pairs.push(between(one, other)?);
        }
    }
    Ok(Matrix {
        changes: all.into_iter().map(|one| one.id.clone()).collect(),
        pairs,
    })
}

/// What holds for two changes.
///
/// # Errors
/// Where one of them has no phases.
pub fn between(one: &Change, other: &Change) -> Result<Conflict, ChangeError> {
    let starts = [&one.start, &other.start];
    let sides = [
        (one, Facts::of(one, &starts)?),
        (other, Facts::of(other, &starts)?),
    ];
    let (first, second) = (&sides[0], &sides[1]);
    let excludes = excluded(first, second).or_else(|| excluded(second, first));
    let waits = || waiting(first, second).or_else(|| waiting(second, first));
    let (verdict, reason, things) = match (excludes, waits) {
        (Some((reason, things)), _) => (Verdict::Exclude, reason, things),
        (None, waits) => match waits() {
            Some((reason, things)) => waits_for(first, second, &reason, things),
            None => (
                Verdict::Commute,
                format!(
                    "Nothing that {} or {} changes is read or changed by the other: both may be open at once, in any order.",
                    one.id, other.id
                ),
                Vec::new(),
            ),
        },
    };
    let mut objects: Vec<String> = things.iter().map(Thing::words).collect();
    objects.sort();
    objects.dedup();
    Ok(Conflict {
        one: one.id.clone(),
        other: other.id.clone(),
        verdict,
        reason,
        objects,
    })
}

type Side<'a> = (&'a Change, Facts);
type Found = (String, Vec<Thing>);

fn words(things: &[Thing]) -> String {
    let words: Vec<String> = things.iter().map(Thing::words).collect();
    words.join(", ")
}

/// Why only one of the two can be made.
fn excluded((one, own): &Side<'_>, (other, theirs): &Side<'_>) -> Option<Found> {
    let (id, other_id) = (&one.id, &other.id);
    let found = |things: Vec<Thing>, words: &dyn Fn(&str) -> String| {
        (!things.is_empty()).then(|| (words(&self::words(&things)), things))
    };
    let both_make: Vec<Thing> = own.makes.intersection(&theirs.makes).cloned().collect();
    let both_show: Vec<Thing> = own.views.intersection(&theirs.views).cloned().collect();
    let both_take: Vec<Thing> = own.takes.intersection(&theirs.takes).cloned().collect();
    let gone: Vec<Thing> = own
        .takes
        .iter()
        .filter(|thing| !own.replaces(thing) && theirs.touches(thing))
        .cloned()
        .collect();
    found(both_take, &|words| {
        format!("{id} and {other_id} both take away {words}: keep one of the two.")
    })
    .or_else(|| {
        found(both_make, &|words| {
            format!("{id} and {other_id} both make {words}: let one of the two take another name.")
        })
    })
    .or_else(|| {
        found(both_show, &|words| {
            format!("{id} and {other_id} both make {words} for the new version: let one of the two take another view_schema.")
        })
    })
    .or_else(|| {
        found(gone, &|words| {
            format!(
                "{id} takes away {words}, with which {other_id} works: what {other_id} does would be lost, so keep one of the two."
            )
        })
    })
}

/// Why the changes cannot be open at once.
fn waiting((one, own): &Side<'_>, (other, theirs): &Side<'_>) -> Option<Found> {
    let changed = own.makes.iter().chain(&own.takes).chain(&own.changes);
    let things: Vec<Thing> = changed
        .filter(|thing| theirs.touches(thing))
        .cloned()
        .collect();
    (!things.is_empty()).then(|| {
        let words = words(&things);
        let reason = format!("{} changes {words}, with which {} works", one.id, other.id);
        (reason, things)
    })
}

/// Which of the two waits, and for what.
fn waits_for(
    one: &Side<'_>,
    other: &Side<'_>,
    reason: &str,
    things: Vec<Thing>,
) -> (Verdict, String, Vec<Thing>) {
    let is_begun = |side: &Side<'_>| !side.0.written.is_empty();
    let (first, until, words) = match (is_begun(one), is_begun(other)) {
        (true, false) => (Some(one), one.1.last, other.0.id.to_string()),
        (false, true) => (Some(other), other.1.last, one.0.id.to_string()),
        _ => (None, one.1.last.max(other.1.last), "the second".to_owned()),
    };
    let of = first.map_or_else(|| "the first".to_owned(), |side| side.0.id.to_string());
    let reason = format!(
        "{reason}: begin {words} when the {until} of {of} is applied, and make it anew then, as it starts from what that leaves."
    );
    let first = first.map(|side| side.0.id.clone());
    (Verdict::Waits { first, until }, reason, things)
}
