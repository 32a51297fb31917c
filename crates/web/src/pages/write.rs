//! Writing revisions: new ones, changed ones, merges, and the list of drafts.
//!
//! The address says what is on the desk: `/write` the drafts, `/write/:draft` one draft, or the revision of
//! that id ([`address`]) to be edited. `/write/new?after=…&template=…` and `/write/merge?heads=a,b` give a new revision an id and
//! go on to its own address, where nothing is kept until something is written.

pub mod address;
pub mod clock;
mod conflict;
pub mod context;
mod desk;
mod drafting;
mod drafts;
mod editor;
mod leaving;
mod merging;
mod no_way_back;
mod only_here;
mod page;
mod parents;
mod pattern;
mod problems;
pub mod saved;
mod saving;
mod sheet;
mod side;
mod statements;

use crate::state::Draft;
use cofferdam_engine::revision::{Revision, RevisionId};
use context::Shop;
use desk::Desk;
use drafts::Drafts;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use page::DeskPage;
use saved::Saved;
pub use sheet::{line_at, sentence};

/// What the address asks for.
#[derive(Clone, Debug, PartialEq)]
enum Room {
    Drafts,
    New,
    Merge,
    Desk(String),
}

impl Room {
    fn of(path: &str) -> Self {
        let mut parts = path
            .split('/')
            .filter(|part| !part.is_empty())
            .skip_while(|part| *part != "write")
            .skip(1);
        match parts.next() {
            None => Room::Drafts,
            Some("new") => Room::New,
            Some("merge") => Room::Merge,
            Some(id) => Room::Desk(id.to_owned()),
        }
    }
}

#[component]
pub fn Write() -> impl IntoView {
    let shop = context::shop();
    let location = use_location();
    let room = Memo::new(move |_| location.pathname.with(|path| Room::of(path)));
    let ready = Memo::new(move |_| shop.saved.with(Option::is_some));
    let trouble = Memo::new(move |_| {
        let saved = shop.saved.get()?;
        saved.workspace.trouble.clone()
    });
    move || {
        if !ready.get() {
            return view! { <div class="wr-wait" role="status" aria-label="Loading"></div> }
                .into_any();
        }
        if room.get() != Room::Drafts
            && let Some(why) = trouble.get()
        {
            return view! { <CannotWrite why=format!("{why}. Put that right first: until then nobody knows what its revisions are, or where they belong") /> }.into_any();
        }
        match room.get() {
            Room::Drafts => view! { <Drafts shop /> }.into_any(),
            Room::New | Room::Merge => {
                view! { <Begin shop merge=room.get() == Room::Merge /> }.into_any()
            }
            Room::Desk(id) => view! { <Open shop id /> }.into_any(),
        }
    }
}

/// Gives a new revision its id and goes to its address.
#[component]
fn Begin(shop: Shop, merge: bool) -> impl IntoView {
    let query = use_query_map();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let query = query.get_untracked();
        let heads = || {
            let heads = shop
                .saved
                .get_untracked()
                .map(|saved| saved.heads())
                .unwrap_or_default();
            heads
                .iter()
                .map(RevisionId::as_str)
                .collect::<Vec<_>>()
                .join(",")
        };
        let after = match (merge, query.get("heads"), query.get("after")) {
            (true, Some(heads), _) => heads,
            (true, None, _) => heads(),
            (false, _, Some(after)) => after,
            // The newest head; the others are offered beside it.
            (false, _, None) => heads().rsplit(',').next().unwrap_or_default().to_owned(),
        };
        let mut address = format!("/write/{}?after={after}", clock::random_id());
        if let Some(template) = query.get("template") {
            address += &format!("&template={}", crate::http::segment(&template));
        }
        // A navigation within the one that led here would lose its query: the router first ends that one.
        let navigate = navigate.clone();
        let go = move || {
            navigate(
                &address,
                NavigateOptions {
                    replace: true,
                    ..NavigateOptions::default()
                },
            )
        };
        set_timeout(go, std::time::Duration::from_millis(20));
    });
}

/// The draft of this id, the revision of this id, or a new revision where the address says what it comes after.
#[component]
fn Open(shop: Shop, id: String) -> impl IntoView {
    let after = use_query_map().with_untracked(|query| query.get("after"));
    move || {
        // A discarded draft that comes back is put on the desk again.
        shop.restored.track();
        let found = untrack(|| find(shop, &id, after.as_deref()));
        match found {
            Some(Found::Text(draft, kept)) => view! { <DeskPage desk=Desk::new(shop, draft, kept) /> }.into_any(),
            Some(Found::Fresh(path, revision)) => view! { <Fresh shop path revision /> }.into_any(),
            None => view! {
                <div class="wr-list">
                    <h1>"Nothing to write here"</h1>
                    <p class="wr-empty">
                        "There is neither a draft nor a revision " <code>{id.clone()}</code>
                        " in this project. A draft is kept only in the browser in which it was written."
                    </p>
                    <p>
                        <a class="btn" href="/write">
                            "Show the drafts"
                        </a>
                    </p>
                </div>
            }
            .into_any(),
        }
    }
}

/// What is to be on the desk.
enum Found {
    /// A text, and whether it is kept as a draft already.
    Text(Draft, bool),
    /// A revision whose text is to be written, and the path of its file.
    Fresh(String, Revision),
}

fn find(shop: Shop, id: &str, after: Option<&str>) -> Option<Found> {
    if let Some(draft) = shop.draft(id) {
        return Some(Found::Text(draft, true));
    }
    let saved = shop.saved.get_untracked()?;
    if let Some((base, down)) = saved.at(id) {
        let draft = Draft {
            project: saved.workspace.key(),
            id: id.to_owned(),
            path: base.path.clone(),
            text: base.text.clone(),
            parents: parents_of(&saved, down),
            base: Some(base),
            updated_at: clock::millis(),
        };
        return Some(Found::Text(draft, false));
    }
    let id = RevisionId::new(id).ok()?;
    let parents: Vec<RevisionId> = after?
        .split(',')
        .filter(|id| !id.is_empty())
        .map(RevisionId::new)
        .collect::<Result<_, _>>()
        .ok()?;
    let (path, revision) = desk::begin(&id, &saved, parents, shop.author());
    Some(Found::Fresh(path, revision))
}

/// Puts a new revision on the desk once its text is written.
#[component]
fn Fresh(shop: Shop, path: String, revision: Revision) -> impl IntoView {
    let written = RwSignal::new(None::<Result<Draft, String>>);
    spawn_local(async move {
        let answer = shop.write(&path, &revision).await;
        let Some(saved) = shop.saved.try_get_untracked().flatten() else {
            return;
        };
        let draft = answer.map(|answer| {
            if let Some(notice) = answer.notice {
                shop.say(format!("{notice}."), None);
            }
            Draft {
                project: saved.workspace.key(),
                id: revision.id.to_string(),
                path,
                text: answer.text,
                base: None,
                parents: parents_of(&saved, &revision.down),
                updated_at: clock::millis(),
            }
        });
        // The page may have gone on meanwhile.
        let _ = written.try_set(Some(draft));
    });
    move || match written.get() {
        None => view! { <div class="wr-wait" role="status" aria-label="Loading"></div> }.into_any(),
        Some(Ok(draft)) => view! { <DeskPage desk=Desk::new(shop, draft, false) /> }.into_any(),
        Some(Err(why)) => view! { <CannotWrite why /> }.into_any(),
    }
}

/// Why no revision can be written, as a sentence without a full stop.
#[component]
fn CannotWrite(why: String) -> impl IntoView {
    view! {
        <div class="wr-list">
            <h1>"The revision cannot be written"</h1>
            <p class="wr-band danger" role="alert">
                {why}
                "."
            </p>
            <p>
                <a class="btn" href="/history">
                    "Back to the history"
                </a>
            </p>
        </div>
    }
}

/// The parents, each with its file's digest.
fn parents_of(saved: &Saved, ids: &[RevisionId]) -> Vec<(String, String)> {
    ids.iter()
        .map(|id| (id.to_string(), saved.digest(id)))
        .collect()
}
