//! What an error means, and the ways out.

use cofferdam_engine::run::DbError;
use cofferdam_engine::trouble;
use leptos::prelude::*;

/// Nothing where the error is not known.
pub fn means(error: &DbError) -> Option<impl IntoView + use<>> {
    let found = trouble::of(error)?;
    let ways = found.ways.into_iter().map(|way| {
        view! {
            <li>
                {way.words}
                {way.command.map(|command| view! { " " <code>{command}</code> })}
            </li>
        }
    });
    Some(view! {
        <div class="means">
            <p>{found.happened}</p>
            <ul>{ways.collect_view()}</ul>
        </div>
    })
}
