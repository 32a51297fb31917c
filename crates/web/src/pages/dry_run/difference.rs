//! Differences of schemas, line by line.

use crate::dry_run::catalog::Difference;
use leptos::prelude::*;

/// One line each: `+` what came, `−` what went, both where something changed.
#[component]
pub fn Differences(found: Vec<Difference>) -> impl IntoView {
    let lines = found.into_iter().flat_map(
        |Difference {
             kind,
             name,
             before,
             after,
         }| {
            let line = move |sign: &'static str,
                             class: &'static str,
                             words: &'static str,
                             definition: String| {
                view! {
                    <li class=class>
                        <span class="dr-sign" aria-hidden="true">{sign}</span>
                        <span class="visually-hidden">{words}</span>
                        <span>{format!("{kind} {name}")}</span>
                        " "
                        <span class="dr-definition">{definition}</span>
                    </li>
                }
            };
            let gone = before.map({
                let line = line.clone();
                move |definition| line("−", "dr-gone", "gone: ", definition)
            });
            let come = after.map(move |definition| line("+", "dr-come", "new: ", definition));
            gone.into_iter().chain(come)
        },
    );
    view! { <ul class="dr-difference mono">{lines.collect_view()}</ul> }
}
