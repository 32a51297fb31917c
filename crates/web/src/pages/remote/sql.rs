//! SQL as it is sent: shown, copied, and with the place of an error underlined.

use leptos::prelude::*;
use std::time::Duration;

/// The exact text of a statement.
#[component]
pub fn Sql(#[prop(into)] text: String) -> impl IntoView {
    view! { <pre class="sql" tabindex="0">{crate::highlight::highlight_sql(&text)}</pre> }
}

/// A statement with the word at `position` (1-based, in code points, as PostgreSQL counts) underlined.
#[component]
pub fn SqlAt(#[prop(into)] text: String, position: Option<u32>) -> impl IntoView {
    let Some((before, word, after)) = position.and_then(|at| cut(&text, at)) else {
        return view! { <Sql text /> }.into_any();
    };
    view! {
        <pre class="sql" tabindex="0">
            {before.to_owned()}
            <mark class="here" title="the database points here">
                {word.to_owned()}
            </mark>
            {after.to_owned()}
        </pre>
    }
    .into_any()
}

/// Cuts `text` before and after the word at code point `position`.
fn cut(text: &str, position: u32) -> Option<(&str, &str, &str)> {
    let index = usize::try_from(position).ok()?.checked_sub(1)?;
    let (start, first) = text.char_indices().nth(index)?;
    let rest = &text[start..];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let length = if first == '"' {
        rest[1..].find('"').map_or(1, |end| end + 2)
    } else if is_word(first) {
        rest.find(|c| !is_word(c)).unwrap_or(rest.len())
    } else {
        first.len_utf8()
    };
    Some((&text[..start], &rest[..length], &rest[length..]))
}

/// Copies a text and says so.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    #[prop(into)] label: String,
    #[prop(optional)] plain: bool,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = text.get_untracked();
        leptos::task::spawn_local(async move {
            if crate::js::clipboard::copy(&text).await.is_ok() {
                copied.try_set(true);
                let fade = move || {
                    copied.try_set(false);
                };
                set_timeout(fade, Duration::from_millis(1_500));
            }
        });
    };
    view! {
        <button type="button" class="btn sm" class:plain=plain on:click=copy>
            <span aria-live="polite">
                {move || if copied.get() { "Copied".to_owned() } else { label.clone() }}
            </span>
        </button>
    }
}
