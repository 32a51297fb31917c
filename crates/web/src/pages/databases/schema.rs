//! `/databases/:name`: the schema of an environment's database, as it is now.

use crate::http::segment;
use crate::pages::catalog;
use crate::pages::remote::{Loaded, Remote};
use crate::state::state;
use cofferdam_engine::catalog::Catalog;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde_json::Value;

#[component]
pub fn DatabaseSchema() -> impl IntoView {
    let here = state();
    let params = use_params_map();
    let name = Memo::new(move |_| params.read().get("name").unwrap_or_default());
    let remote: Remote<Value> = Remote::new();
    let path =
        move || here.project_path(&format!("environments/{}/catalog", segment(&name.read())));
    // Asked once, and when somebody asks again: a tree that is being read does not change by itself.
    Effect::new(move |_| {
        if let Some(path) = path() {
            remote.load(path);
        }
    });
    let again = move |_| {
        if let Some(path) = untrack(path) {
            remote.load(path);
        }
    };
    view! {
        <section class="sheet">
            <header class="page-head">
                <div>
                    <h1>"Schema of " {move || name.get()}</h1>
                    <p class="sub">
                        "As the database has it now; system schemas, what belongs to extensions, and Cofferdam's own bookkeeping are left out."
                    </p>
                </div>
                <div class="buttons">
                    <a class="btn sm" href="/databases">
                        "All databases"
                    </a>
                    <button type="button" class="btn sm" on:click=again>
                        "Look again"
                    </button>
                </div>
            </header>
            <Loaded remote what="Schemas of databases">
                {move || remote.value.get().map(|json| view! { <Shown json name=name.get_untracked() /> })}
            </Loaded>
        </section>
    }
}

#[component]
fn Shown(json: Value, name: String) -> impl IntoView {
    let shown = Catalog::from_json(json).and_then(|catalog| {
        let label = format!("The schema of {name}");
        let major = catalog.major;
        let count = catalog.len();
        Ok((
            major,
            count,
            catalog::view("schema", label, None, &catalog)?,
        ))
    });
    match shown {
        Ok((major, count, tree)) => view! {
            <section class="card schema">
                <h2>
                    {format!("PostgreSQL {major}")}
                    <span class="n">{crate::pages::remote::words::count(count, "object")}</span>
                </h2>
                {tree}
            </section>
        }
        .into_any(),
        Err(error) => view! { <p class="band danger">{error.to_string()}"."</p> }.into_any(),
    }
}
