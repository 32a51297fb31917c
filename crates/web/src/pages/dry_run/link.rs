//! Links from a result to what it is about.

use crate::dry_run::record::Subject;
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;
use leptos_router::components::A;

/// Short id and message, leading to the revision's SQL; a seed's file by its name.
pub fn revision_link(subject: &Subject) -> AnyView {
    match subject {
        Subject::Revision {
            id: Some(id),
            message,
            ..
        } => {
            let message = message.clone();
            view! { {id_link(id)} " " {message} }.into_any()
        }
        other => view! { <code>{other.words().to_owned()}</code> }.into_any(),
    }
}

pub fn id_link(id: &RevisionId) -> impl IntoView + use<> {
    let (title, short) = (id.to_string(), id.short().to_owned());
    view! {
        <A href=format!("/history/{title}?tab=sql") attr:class="mono" attr:title=title>
            {short}
        </A>
    }
}
