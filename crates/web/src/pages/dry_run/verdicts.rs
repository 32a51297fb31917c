//! Whether each downgrade is the inverse of its upgrade, and what the range changes.

use super::difference::Differences;
use super::figures::counted;
use super::link::id_link;
use crate::dry_run::record::{At, Comparison, Ends, Kind, Proof, Verdict};
use crate::pages::catalog;
use leptos::prelude::*;
use std::sync::Arc;

/// Longest list of changes that is open from the start.
const SHOWN_OPEN: usize = 40;

/// "What came back different".
#[component]
pub fn Verdicts(proof: Arc<Proof>, #[prop(into)] select: Callback<At>) -> impl IntoView {
    let comparison = proof.comparison.clone();
    move || comparison.get().map(|comparison| card(comparison, select))
}

fn card(comparison: Comparison, select: Callback<At>) -> impl IntoView {
    let Comparison {
        down,
        again,
        verdicts,
    } = comparison;
    let (same, different): (Vec<_>, Vec<_>) = verdicts
        .into_iter()
        .partition(|verdict| verdict.differences.is_empty());
    let looked_at_each = !(same.is_empty() && different.is_empty());
    let count = same.len() as u64;
    let rest = (!same.is_empty()).then(|| {
        let words = format!("{} came back the same", counted(count, "revision", "revisions"));
        let open = different.is_empty() && count <= 8;
        view! {
            <details class="dr-same" open=open>
                <summary><span class="ok" aria-hidden="true">"✓"</span> " " {words}</summary>
                <table><tbody>{same.into_iter().map(|verdict| row(verdict, select)).collect_view()}</tbody></table>
            </details>
        }
    });
    let title = if different.is_empty() {
        "What came back"
    } else {
        "What came back different"
    };
    let changed = (!different.is_empty()).then(|| {
        view! {
            <table>
                <thead><tr><th scope="col">"Revision"</th><th scope="col">"Verdict"</th></tr></thead>
                <tbody>{different.into_iter().map(|verdict| row(verdict, select)).collect_view()}</tbody>
            </table>
        }
    });
    let whole = (!looked_at_each).then(|| {
        if down.is_empty() {
            view! { <p class="dr-note">"The range is too long to look at after each revision. As a whole it came back the same."</p> }.into_any()
        } else {
            view! { <p class="dr-note">"The range is too long to look at after each revision. As a whole it left:"</p> <Differences found=down /> }.into_any()
        }
    });
    let again = again.filter(|found| !found.is_empty()).map(|found| {
        view! { <h3>"After the second upgrade, against the first"</h3> <Differences found /> }
    });
    view! {
        <section class="card">
            <h2>{title} <span class="n">"schema after down, against before up"</span></h2>
            {changed}
            {rest}
            {whole}
            {again}
            <p class="dr-note">
                "Compared are relations, columns, constraints, indexes, triggers, policies, rules, functions, types, extensions and other objects, with owners, privileges and comments. Rows and the order of columns are not."
            </p>
        </section>
    }
}

fn row(verdict: Verdict, select: Callback<At>) -> impl IntoView {
    let Verdict {
        at,
        id,
        message,
        differences,
    } = verdict;
    let same = differences.is_empty();
    view! {
        <tr>
            <td>
                {id.as_ref().map(id_link)} " "
                <button type="button" class="dr-plain" on:click=move |_| select.run(at)>
                    {message}
                </button>
            </td>
            <td>
                {if same {
                    view! { <b class="ok">"Same"</b> }.into_any()
                } else {
                    view! { <b class="no">"Not the inverse"</b> <Differences found=differences /> }.into_any()
                }}
            </td>
        </tr>
    }
}

/// "Schema, base → heads".
#[component]
pub fn Change(proof: Arc<Proof>) -> impl IntoView {
    let change = proof.change.clone();
    let compared = proof
        .phases
        .iter()
        .any(|phase| matches!(phase.kind, Kind::Up | Kind::Climb));
    let title = format!("Schema, {} → {}", proof.from.words(), proof.to.words());
    let ends = proof.ends.clone();
    let to = proof.to.words().to_owned();
    move || {
        let found = change.get().filter(|_| compared)?;
        let count = counted(found.len() as u64, "change", "changes");
        let title = title.clone();
        let body = if found.is_empty() {
            view! { <p class="dr-note">"These revisions change no schema, only rows or nothing."</p> }.into_any()
        } else {
            let open = found.len() <= SHOWN_OPEN;
            view! {
                <details class="dr-same" open=open>
                    <summary>"Everything that came, went or changed"</summary>
                    <Differences found />
                </details>
            }
            .into_any()
        };
        let tree = ends
            .get()
            .map(|ends| view! { <AtTheEnd ends to=to.clone() /> });
        Some(view! {
            <section class="card">
                <h2>{title} <span class="n">{count}</span></h2>
                {body}
                {tree}
            </section>
        })
    }
}

/// The schema at the end of the range as a tree, drawn when somebody opens it.
#[component]
fn AtTheEnd(ends: Arc<Ends>, to: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let label = format!("The schema at {to}");
    let tree = move || {
        open.get().then(|| {
            match catalog::view("end", label.clone(), Some(&ends.before), &ends.after) {
                Ok(tree) => tree,
                Err(error) => view! { <p class="dr-note">{error.to_string()}</p> }.into_any(),
            }
        })
    };
    view! {
        <details class="dr-same dr-tree" on:toggle=move |_| open.set(true)>
            <summary>"The schema at the end, as a tree"</summary>
            {tree}
        </details>
    }
}
