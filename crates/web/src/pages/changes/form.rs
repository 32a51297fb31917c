//! What is filled in for a change: the table, the kind, what it needs, and what its gate asks.

use cofferdam_engine::catalog::Catalog;
use cofferdam_engine::change::gate::Conditions;
use cofferdam_engine::change::{self, About, Change, ChangeId, Field, FieldKind, Kind, TableName};
use cofferdam_engine::sql::identifier;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is filled in, by the names that the address has.
pub type Values = BTreeMap<String, String>;

/// What belongs to every change; everything else in the address is its kind's.
pub const COMMON: [&str; 10] = [
    "schema",
    "table",
    "kind",
    "id",
    "key",
    "old-application",
    "old-role",
    "confirm",
    "views",
    "edit",
];

fn value<'v>(values: &'v Values, name: &str) -> &'v str {
    values.get(name).map_or("", |text| text.trim())
}

pub fn about(values: &Values) -> Option<&'static About> {
    let kind = value(values, "kind");
    Kind::ALL.iter().find(|about| about.name == kind)
}

/// The change that the values come to; none while something is still to be chosen, or why they make none.
pub fn change(values: &Values, catalog: &Catalog) -> Option<Result<Change, String>> {
    let about = about(values)?;
    let table = value(values, "table");
    if table.is_empty() {
        return None;
    }
    let is_missing = |field: &&Field| field.required && value(values, field.name).is_empty();
    if about.fields.iter().any(|field| is_missing(&field)) {
        return None;
    }
    Some(made(values, about, table, catalog))
}

/// What is filled in for the kind itself.
fn own(values: &Values, about: &About) -> Values {
    let own = about.fields.iter().filter_map(|field| {
        let text = values.get(field.name)?;
        Some((field.name.to_owned(), text.clone()))
    });
    own.collect()
}

fn made(values: &Values, about: &About, table: &str, catalog: &Catalog) -> Result<Change, String> {
    let words = |error: change::ChangeError| error.to_string();
    let kind = Kind::fill(about.name, &own(values, about)).map_err(words)?;
    let table = TableName::read(table).map_err(words)?;
    // An edited change keeps its name: its file is written again.
    let name = ["edit", "id"].map(|name| value(values, name));
    let id = match name.into_iter().find(|name| !name.is_empty()) {
        None => ChangeId::from_words(std::iter::once(table.name.as_str()).chain(kind.id_words())),
        Some(id) => ChangeId::new(id).map_err(words)?,
    };
    let given = |name: &str| {
        let text = value(values, name);
        (!text.is_empty()).then(|| text.to_owned())
    };
    let lines = |name: &str, by: char| -> Vec<String> {
        let all = value(values, name).split(by).map(str::trim);
        all.filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let view_schema = given("views").map(|text| change::view_schema(&text));
    Ok(Change {
        view_schema: view_schema.transpose().map_err(words)?,
        start: change::start(catalog, &table),
        key: lines("key", ','),
        conditions: Conditions {
            old_application: given("old-application"),
            old_role: given("old-role"),
            confirm: lines("confirm", '\n'),
        },
        written: Vec::new(),
        edits: Vec::new(),
        id,
        table,
        kind,
    })
}

/// The values that a change's file comes from, so that it can be edited.
pub fn values_of(change: &Change) -> Values {
    let mut values = Values::new();
    if let Ok(serde_json::Value::Object(own)) = serde_json::to_value(&change.kind) {
        for (name, value) in own {
            let text = match value {
                serde_json::Value::String(text) => text,
                serde_json::Value::Bool(is_set) => is_set.to_string(),
                serde_json::Value::Array(list) => {
                    let words = list.iter().filter_map(serde_json::Value::as_str);
                    words.collect::<Vec<_>>().join(", ")
                }
                _ => continue,
            };
            values.insert(name, text);
        }
    }
    let conditions = &change.conditions;
    let mut add = |name: &str, text: String| {
        if !text.is_empty() {
            values.insert(name.to_owned(), text);
        }
    };
    add("table", change.table.words());
    add("edit", change.id.to_string());
    add("key", change.key.join(", "));
    let views = change.view_schema.as_deref();
    add("views", views.map(identifier).unwrap_or_default());
    add(
        "old-application",
        conditions.old_application.clone().unwrap_or_default(),
    );
    add("old-role", conditions.old_role.clone().unwrap_or_default());
    add("confirm", conditions.confirm.join("\n"));
    values
}

/// Whether the new version may have a schema of views, as far as that is known from what is filled in.
fn takes_views(values: &Values) -> bool {
    let kind = about(values).and_then(|about| Kind::fill(about.name, &own(values, about)).ok());
    kind.is_some_and(|kind| kind.takes_view_schema()) || values.contains_key("views")
}

/// The tables of a schema, as they are written, in order; with the names of their columns.
fn tables(catalog: &Catalog) -> Vec<(String, Vec<String>)> {
    let relations = catalog.objects().filter_map(|object| object.relation());
    relations
        .filter(|table| table.definition.is_none())
        .map(|table| {
            let columns = table.columns.iter().map(|one| identifier(&one.name));
            (
                TableName::new(&table.schema, &table.name).words(),
                columns.collect(),
            )
        })
        .collect()
}

#[component]
pub fn Form(values: RwSignal<Values>, catalog: RwSignal<Option<Arc<Catalog>>>) -> impl IntoView {
    let tables = Memo::new(move |_| {
        catalog.with(|catalog| catalog.as_ref().map_or_else(Vec::new, |it| tables(it)))
    });
    let columns = Memo::new(move |_| {
        let table = values.with(|values| value(values, "table").to_owned());
        tables.with(|tables| {
            let found = tables.iter().find(|(name, _)| *name == table);
            found.map_or_else(Vec::new, |(_, columns)| columns.clone())
        })
    });
    let chosen = Memo::new(move |_| values.with(about).map(|about| about.name));
    let set = move |name: &'static str, text: String| {
        values.update(|values| {
            match text.is_empty() {
                true => values.remove(name),
                false => values.insert(name.to_owned(), text),
            };
        });
    };
    let get = move |name: &'static str| {
        values.with(|values| values.get(name).cloned().unwrap_or_default())
    };
    let fields = move || {
        let about = Kind::ALL
            .iter()
            .find(|about| Some(about.name) == chosen.get())?;
        let all = about.fields.iter().map(|field| {
            view! { <Input field columns get=Signal::derive(move || get(field.name)) set=Callback::new(move |text| set(field.name, text)) /> }
        });
        Some(view! {
            <p class="ch-about">{about.about}</p>
            <div class="ch-fields">{all.collect_view()}</div>
        })
    };
    let line = move |name: &'static str, label: &'static str, hint: &'static str| {
        let id = format!("ch-{name}");
        view! {
            <div class="ch-field">
                <label for=id.clone()>{label} <span class="wr-optional">"optional"</span></label>
                <input
                    id=id
                    type="text"
                    class="mono"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=hint
                    prop:value=move || get(name)
                    on:input=move |event| set(name, event_target_value(&event))
                />
            </div>
        }
    };
    view! {
        <div class="ch-fields">
            <div class="ch-field">
                <label for="ch-table">"Table"</label>
                <select
                    id="ch-table"
                    prop:value=move || get("table")
                    on:change=move |event| set("table", event_target_value(&event))
                >
                    <option value="">"Choose a table"</option>
                    {move || {
                        let now = values.with_untracked(|values| value(values, "table").to_owned());
                        tables
                            .get()
                            .into_iter()
                            .map(|(name, columns)| {
                                let selected = name == now;
                                view! { <option value=name.clone() selected=selected>{format!("{name} ({} columns)", columns.len())}</option> }
                            })
                            .collect_view()
                    }}
                </select>
            </div>
            <div class="ch-field">
                <label for="ch-kind">"Change"</label>
                <select
                    id="ch-kind"
                    prop:value=move || get("kind")
                    on:change=move |event| choose(values, event_target_value(&event))
                >
                    <option value="">"Choose what to change"</option>
                    {Kind::ALL
                        .iter()
                        .map(|about| {
                            let selected = chosen.get_untracked() == Some(about.name);
                            view! { <option value=about.name selected=selected>{about.title}</option> }
                        })
                        .collect_view()}
                </select>
            </div>
        </div>
        {fields}
        <Show when=move || chosen.get().is_some()>
            <details class="ch-details">
                <summary>"Gate, name and key"</summary>
                <div class="ch-fields">
                    {line("old-application", "The old version's application_name", "app/41%")}
                    {line("old-role", "The role as which it connects", "app_v41")}
                    <Show when=move || !values.with(|values| values.contains_key("edit"))>
                        {line("id", "Name of the change", "reports_tier_plan")}
                    </Show>
                    {line("key", "Unique key to take rows by", "id")}
                    <Show when=move || values.with(takes_views)>
                        {line("views", "Schema of views for the new version", "v42")}
                    </Show>
                    <div class="ch-field ch-wide">
                        <label for="ch-confirm">
                            "What a person confirms before the contract, one a line " <span class="wr-optional">"optional"</span>
                        </label>
                        <textarea
                            id="ch-confirm"
                            rows="2"
                            placeholder="app 42 is deployed everywhere"
                            prop:value=move || get("confirm")
                            on:input=move |event| set("confirm", event_target_value(&event))
                        ></textarea>
                    </div>
                </div>
            </details>
        </Show>
    }
}

/// Another kind: what the new one does not have goes.
fn choose(values: RwSignal<Values>, kind: String) {
    values.update(|values| {
        values.insert("kind".into(), kind);
        let fields = about(values).map_or(&[][..], |about| about.fields);
        values.retain(|name, _| {
            COMMON.contains(&name.as_str()) || fields.iter().any(|field| field.name == name)
        });
    });
}

/// One field of a kind.
#[component]
fn Input(
    field: &'static Field,
    columns: Memo<Vec<String>>,
    get: Signal<String>,
    set: Callback<String>,
) -> impl IntoView {
    let id = format!("ch-{}", field.name);
    let optional = (!field.required).then(|| view! { <span class="wr-optional">"optional"</span> });
    if field.kind == FieldKind::Check {
        return view! {
            <label class="wr-check">
                <input
                    type="checkbox"
                    prop:checked=move || get.get() == "true"
                    on:change=move |event| set.run(if event_target_checked(&event) { "true".into() } else { String::new() })
                />
                {field.label}
            </label>
        }
        .into_any();
    }
    let input = match field.kind {
        FieldKind::Column => view! {
            <select
                id=id.clone()
                prop:value=move || get.get()
                on:change=move |event| set.run(event_target_value(&event))
            >
                <option value="">"Choose a column"</option>
                {move || {
                    let now = get.get_untracked();
                    columns
                        .get()
                        .into_iter()
                        .map(|name| {
                            let selected = name == now;
                            view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
                        })
                        .collect_view()
                }}
            </select>
        }
        .into_any(),
        _ => view! {
            <input
                id=id.clone()
                type="text"
                class="mono"
                autocomplete="off"
                spellcheck="false"
                placeholder=field.example
                prop:value=move || get.get()
                on:input=move |event| set.run(event_target_value(&event))
            />
        }
        .into_any(),
    };
    let offered = move || {
        (field.kind == FieldKind::Columns).then(|| {
            let names = columns.get().into_iter().map(|name| {
                let own = name.clone();
                view! {
                    <button
                        type="button"
                        class="chip"
                        aria-pressed=move || parts(&get.read()).contains(&own).to_string()
                        on:click={
                            let name = name.clone();
                            move |_| set.run(toggled(&get.get_untracked(), &name))
                        }
                    >
                        {name.clone()}
                    </button>
                }
            });
            view! { <span class="chips ch-offered">{names.collect_view()}</span> }
        })
    };
    view! {
        <div class="ch-field">
            <label for=id>{field.label} " " {optional}</label>
            {input}
            {offered}
        </div>
    }
    .into_any()
}

fn parts(text: &str) -> Vec<String> {
    let all = text.split(',').map(str::trim);
    all.filter(|one| !one.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The list with `name` at its end, or without it.
fn toggled(text: &str, name: &str) -> String {
    let mut all = parts(text);
    match all.iter().position(|one| one == name) {
        Some(at) => drop(all.remove(at)),
        None => all.push(name.to_owned()),
    }
    all.join(", ")
}
