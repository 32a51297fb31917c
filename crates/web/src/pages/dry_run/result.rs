//! The right side: the headline, why it failed, what came back different, what each statement did.

use super::entry::EntryCard;
use super::failure::Failure;
use super::figures::counted;
use super::headline::{circumstances, headline};
use super::now::Now;
use super::verdicts::{Change, Verdicts};
use crate::dry_run::bench;
use crate::dry_run::order::Order;
use crate::dry_run::range::Range;
use crate::dry_run::record::{At, Ending, Kind, Proof};
use crate::dry_run::warm::Warmth;
use crate::js::pglite::BootError;
use leptos::prelude::*;
use std::sync::Arc;

/// The last run, or what one would show.
#[component]
pub fn ResultPane(
    range: Signal<Option<Arc<Range>>>,
    selected: Signal<Option<At>>,
    #[prop(into)] select: Callback<At>,
) -> impl IntoView {
    let last = bench::last();
    move || match last.get() {
        Some(proof) => view! { <Shown proof range selected select /> }.into_any(),
        None => view! { <Before /> }.into_any(),
    }
}

/// Before the first run.
#[component]
fn Before() -> impl IntoView {
    let warmth = bench::warmth();
    let ready = move || match warmth.get() {
        Warmth::Cold => String::new(),
        Warmth::Starting => "PostgreSQL is starting in this tab…".into(),
        Warmth::Ready(version) => format!("PostgreSQL {version} is ready in this tab."),
        Warmth::Failed(error @ BootError::UnknownExtensions { .. }) => format!("{error}."),
        Warmth::Failed(error) => format!(
            "{error}. A run tries again; without a connection, open this page once while there is one."
        ),
    };
    view! {
        <div class="dr-empty">
            <h1>"Run these revisions on a real PostgreSQL, in this tab"</h1>
            <p>
                "“Prove up, down, up” replays the history to “from”, loads the seed rows, applies the range, takes it back and applies it again, and compares the schema each time. "
                "It needs no server and leaves nothing behind."
            </p>
            <p class="dr-note">"A run takes about 230 MB of memory while it lasts, so opening a link does not start one: press “Prove up, down, up”, or " <kbd>"r"</kbd> "."</p>
            <p class="dr-note" role="status">{ready}</p>
        </div>
    }
}

#[component]
fn Shown(
    proof: Arc<Proof>,
    range: Signal<Option<Arc<Range>>>,
    selected: Signal<Option<At>>,
    select: Callback<At>,
) -> impl IntoView {
    let told = Memo::new({
        let proof = proof.clone();
        move |_| headline(&proof)
    });
    let below = Memo::new({
        let proof = proof.clone();
        move |_| circumstances(&proof)
    });
    let tone = move || told.get().0.class();
    let stale = {
        let proof = proof.clone();
        move || {
            let words = outdated(&proof, range.get()?.as_ref())?;
            Some(view! { <p class="dr-stale" role="note">{words}</p> })
        }
    };
    let left_out = (proof.left_out > 0).then(|| {
        let count = counted(proof.left_out as u64, "revision", "revisions");
        view! {
            <p class="dr-stale" role="note">
                {format!("{count} ran without the parts that need Python: what those would make is missing, and what comes after may fail for want of it.")}
            </p>
        }
    });
    // What was clicked; else what failed; else, once it is over, the first downgrade that is no inverse, or the first
    // revision of the range. Revisions that take milliseconds would only flicker by.
    let shown = Memo::new({
        let proof = proof.clone();
        move |_| {
            selected.get().or_else(|| match proof.ending.get() {
                None => None,
                Some(Ending::Failed { at, .. }) => Some(at),
                Some(Ending::Engine { at, .. }) => at,
                Some(Ending::Cancelled) => proof.now.get(),
                Some(_) => not_inverse(&proof).or_else(|| first(&proof)),
            })
        }
    });
    let card = {
        let proof = proof.clone();
        move || {
            shown
                .get()
                .map(|at| view! { <EntryCard proof=proof.clone() at /> })
        }
    };
    view! {
        <header class="dr-head">
            <h1 class=tone>{move || told.get().1}</h1>
            <p class="dr-note">{below}</p>
            {left_out}
            {stale}
        </header>
        <div class="dr-cards">
            <Now proof=proof.clone() />
            <Failure proof=proof.clone() />
            <Verdicts proof=proof.clone() select />
            {card}
            <Change proof=proof.clone() />
            <Digests proof />
        </div>
    }
}

/// The plans of its phases, once it is over.
#[component]
fn Digests(proof: Arc<Proof>) -> impl IntoView {
    let ending = proof.ending.clone();
    move || {
        ending.read().as_ref()?;
        let digests = proof.digests.iter().map(|(kind, digest)| {
            let short = digest.get(..12).unwrap_or(digest).to_owned();
            view! { <span title=format!("SHA-256 {digest}")>{kind.words()} " " <code>{short}</code></span> }
        });
        Some(view! { <p class="dr-note dr-digests">"Plans: " {digests.collect_view()}</p> })
    }
}

fn not_inverse(proof: &Proof) -> Option<At> {
    let comparison = proof.comparison.read();
    let mut verdicts = comparison.iter().flat_map(|found| &found.verdicts);
    verdicts
        .find(|verdict| !verdict.differences.is_empty())
        .map(|verdict| verdict.at)
}

fn first(proof: &Proof) -> Option<At> {
    let wanted = |kind: Kind| matches!(kind, Kind::Up | Kind::Down);
    let phase = proof
        .phases
        .iter()
        .position(|phase| wanted(phase.kind) && !phase.entries.is_empty())?;
    Some(At { phase, entry: 0 })
}

/// Why the result is not one for `range` as it is now.
pub fn outdated(proof: &Proof, range: &Range) -> Option<String> {
    if (&proof.from, &proof.to) != (&range.from, &range.to) {
        let (from, to) = (proof.from.words(), proof.to.words());
        return Some(format!(
            "This is the result for {from} → {to}. The range has been changed since."
        ));
    }
    let order = Order {
        mode: proof.mode,
        range: Arc::new(range.clone()),
    };
    let legs = order.legs().ok()?;
    let now = legs
        .iter()
        .flat_map(|leg| leg.plans.iter().map(|sealed| (leg.kind, sealed.digest())));
    let then = proof
        .digests
        .iter()
        .map(|(kind, digest)| (*kind, digest.as_str()));
    (!now.eq(then)).then(|| {
        "The revisions have changed since this ran. Run again to see how they do now.".into()
    })
}
