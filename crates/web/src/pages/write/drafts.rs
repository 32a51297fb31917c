//! Everything that is written and not saved yet.

use super::clock;
use super::context::Shop;
use super::only_here::OnlyHere;
use crate::state::Draft;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Drafts(shop: Shop) -> impl IntoView {
    let drafts = move || {
        let mut drafts = shop.drafts();
        drafts.sort_by(|a, b| b.updated_at.total_cmp(&a.updated_at));
        drafts
    };
    let heads = move || {
        shop.saved.with(|saved| {
            saved
                .as_ref()
                .map(|saved| saved.heads())
                .unwrap_or_default()
        })
    };
    view! {
        <div class="wr-list">
            <header>
                <h1>"Drafts"</h1>
                <div class="wr-actions">
                    {move || {
                        let heads = heads();
                        (heads.len() > 1)
                            .then(|| {
                                let ids: Vec<&str> = heads.iter().map(|id| id.as_str()).collect();
                                view! {
                                    <a class="btn" href=format!("/write/merge?heads={}", ids.join(","))>
                                        "Merge "{heads.len()}" heads"
                                    </a>
                                }
                            })
                    }}
                    <a class="btn pri" href="/write/new">
                        "New revision"
                    </a>
                </div>
            </header>
            {move || {
                (!shop.keeps_drafts())
                    .then(|| {
                        view! {
                            <p class="wr-band caution">
                                "This browser window keeps nothing: drafts last only while the tab is open. Download what you want to keep."
                            </p>
                        }
                    })
            }}
            {move || {
                let drafts = drafts();
                if drafts.is_empty() {
                    return view! {
                        <p class="wr-empty">
                            "No drafts. What you write stays here, in this browser, until you save or discard it."
                        </p>
                    }
                        .into_any();
                }
                view! {
                    <ul>{drafts.into_iter().map(|draft| view! { <Row shop draft /> }).collect_view()}</ul>
                }
                    .into_any()
            }}
            <OnlyHere shop />
        </div>
    }
}

#[component]
fn Row(shop: Shop, draft: Draft) -> impl IntoView {
    let sheet = shop.sheet(&draft.path, &draft.text);
    let message = sheet
        .revision()
        .map(|revision| revision.message.clone())
        .filter(|message| !message.is_empty());
    let kind = if draft.base.is_some() {
        "edited"
    } else {
        "new"
    };
    let changed = draft.base.as_ref().is_some_and(|base| {
        shop.saved.get_untracked().is_some_and(|saved| {
            saved
                .file(&base.path)
                .is_none_or(|file| file.sha256 != base.sha256)
        })
    });
    let gone = StoredValue::new(draft.clone());
    view! {
        <li>
            <a href=format!("/write/{}", draft.id)>
                <b>{message.unwrap_or_else(|| "No message yet".into())}</b>
                <code>{draft.path.clone()}</code>
            </a>
            <span class="badge draft">{kind}</span>
            {changed.then(|| view! { <span class="badge des">"its file has changed"</span> })}
            <span class="wr-age">{clock::ago(draft.updated_at)}</span>
            <button
                type="button"
                class="btn sm"
                on:click=move |_| {
                    let draft = gone.get_value();
                    shop.drop_draft(&draft.id);
                    shop.say("Draft discarded.".into(), Some(Arc::new(move || shop.restore(draft.clone()))));
                }
            >
                "Discard"
            </button>
        </li>
    }
}
