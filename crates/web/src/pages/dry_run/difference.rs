//! Differences of schemas, line by line.

use cofferdam_engine::catalog::Difference;
use leptos::prelude::*;

/// One line each, in words: `+` what came, `−` what went, `±` what changed.
#[component]
pub fn Differences(found: Vec<Difference>) -> impl IntoView {
    let lines = found.into_iter().map(|one| {
        let (sign, class, words) = match (&one.field, &one.before, &one.after) {
            (None, None, _) => ("+", "dr-come", "new: "),
            (None, _, None) => ("−", "dr-gone", "gone: "),
            _ => ("±", "dr-changed", "changed: "),
        };
        view! {
            <li class=class>
                <span class="dr-sign" aria-hidden="true">{sign}</span>
                <span class="visually-hidden">{words}</span>
                <span>{one.sentence}</span>
            </li>
        }
    });
    view! { <ul class="dr-difference mono">{lines.collect_view()}</ul> }
}
