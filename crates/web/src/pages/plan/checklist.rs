//! The plan's checklist: computed from its revisions, proved in this tab, confirmed by name in its discussion.

use super::Page;
use crate::http;
use crate::pages::checklist::{Awaited, List, files_say, proof_says};
use crate::pages::dry_run::project;
use crate::pages::remote::{Doing, Trouble};
use crate::state::{Workspace, state};
use cofferdam_engine::api::{NewComment, PlanRecord};
use cofferdam_engine::checklist::{self, Occasion};
use cofferdam_engine::plan::{Kind, Plan};
use cofferdam_engine::revision::RevisionId;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// What a plan takes up or back; none for one that runs no revision.
fn occasion(plan: &Plan) -> Option<(Occasion, BTreeSet<RevisionId>)> {
    let occasion = match plan.kind {
        Kind::Upgrade => Occasion::Deployment,
        Kind::Downgrade => Occasion::Rollback,
        _ => return None,
    };
    let ids = plan.revisions.iter().filter_map(|it| it.revision.clone());
    let ids: BTreeSet<RevisionId> = ids.collect();
    (!ids.is_empty()).then_some((occasion, ids))
}

/// The files are as they were planned.
fn is_as_planned(workspace: &Workspace, plan: &Plan) -> bool {
    plan.revisions.iter().all(|planned| {
        let file = workspace.files.get(&planned.path);
        file.is_some_and(|file| file.sha256 == planned.sha256)
    })
}

#[component]
pub fn PlanChecklist(page: Page) -> impl IntoView {
    move || {
        let sealed = page.plan()?;
        let (occasion, wanted) = occasion(sealed.plan())?;
        Some(view! { <Answer page occasion wanted /> })
    }
}

#[component]
fn Answer(page: Page, occasion: Occasion, wanted: BTreeSet<RevisionId>) -> impl IntoView {
    let state = state();
    let opening = project::project(Memo::new(|_| false));
    let wanted = StoredValue::new(wanted);
    let changed = Memo::new(move |_| {
        let sealed = page.plan();
        state.workspace.with(|it| match (it, &sealed) {
            (Some(it), Some(sealed)) => !is_as_planned(it, sealed.plan()),
            _ => false,
        })
    });
    let as_planned = Memo::new(move |_| state.workspace.get().filter(|_| !changed.get()));
    let files = files_say(as_planned.into(), wanted.get_value(), occasion, true);
    let confirmed = Memo::new(move |_| {
        page.record.value.with(|record| {
            let comments = record.iter().flat_map(|record| &record.comments);
            let comments = comments.filter(|comment| comment.at.is_none());
            let said = comments.map(|it| (it.author.as_str(), it.text.as_str()));
            checklist::confirmations(occasion, said)
        })
    });
    let items = Signal::derive(move || {
        let mut items = files.with(|it| it.as_ref()?.items())?;
        items.push(wanted.with_value(|wanted| proof_says(opening.get().ready(), wanted)));
        items.extend(checklist::persons(occasion, &confirmed.read(), |_| {
            "open: nobody has confirmed it".to_owned()
        }));
        Some(items)
    });
    let may = Memo::new(move |_| {
        page.record
            .value
            .with(|record| record.as_ref().is_some_and(|record| record.may.comment))
    });
    let doing = Doing::new();
    let confirm = Callback::new(move |(item, is_done): (String, bool)| {
        let path = format!("{}/comments", page.path_now());
        let body = NewComment {
            text: checklist::comment(&item, is_done),
            at: None,
        };
        doing.run(
            async move { http::post::<_, PlanRecord>(&path, &body).await },
            move |record| page.record.set(record),
        );
    });
    let prove = page
        .plan()
        .map(|sealed| prove(sealed.plan()))
        .unwrap_or_default();
    let open = Memo::new(move |_| {
        let items = items.get()?;
        Some((
            items.iter().filter(|item| !item.is_done).count(),
            items.len(),
        ))
    });
    view! {
        <details class="card ck-card">
            <summary>
                <h2>
                    "Checklist"
                    <span class="n">
                        {move || open.get().map(|(open, all)| format!("{} of {all} done", all - open))}
                    </span>
                </h2>
            </summary>
            <Show when=move || changed.get()>
                <p class="pad sub">
                    "The files are not as they were planned, so nothing is computed from them here. Make the plan anew."
                </p>
            </Show>
            <Awaited files />
            {move || {
                let confirm = may.get().then_some(confirm);
                let prove = prove.clone();
                open.with(Option::is_some)
                    .then(|| {
                        let items = Signal::derive(move || items.get().unwrap_or_default());
                        match confirm {
                            Some(confirm) => view! { <List items prove confirm /> }.into_any(),
                            None => view! { <List items prove /> }.into_any(),
                        }
                    })
            }}
            <Trouble doing />
        </details>
    }
}

/// The address of the dry run that takes the plan's revisions up, down and up again; empty where no range names them.
fn prove(plan: &Plan) -> String {
    let (low, high) = match plan.kind {
        Kind::Downgrade => (&plan.to, &plan.from),
        _ => (&plan.from, &plan.to),
    };
    let name = |ids: &[RevisionId]| match ids {
        [] => Some("base".to_owned()),
        [one] => Some(one.to_string()),
        _ => None,
    };
    match (name(low), name(high)) {
        (Some(from), Some(to)) => format!("/dry-run?from={from}&to={to}&mode=prove"),
        _ => String::new(),
    }
}
