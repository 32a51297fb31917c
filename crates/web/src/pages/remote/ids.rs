//! Revision ids as links into the history.

use leptos::prelude::*;

/// The ids, short, each a link to its revision; `base` where there are none.
#[component]
pub fn Ids(ids: Vec<String>) -> impl IntoView {
    if ids.is_empty() {
        return view! { <code class="id">"base"</code> }.into_any();
    }
    ids.into_iter()
        .map(|id| {
            let short: String = id.chars().take(8).collect();
            view! { <a class="id" href=format!("/history/{id}") title=id><code>{short}</code></a> }
        })
        .collect_view()
        .into_any()
}
