//! The patterns: a gallery, and the form that writes both directions while one fills it in.

use super::desk::Desk;
use super::sheet::does_nothing;
use cofferdam_engine::revision::{Direction, Downgrade, Script};
use cofferdam_engine::template::{Field, FieldKind, Template, TemplateError, Written};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;
use std::collections::{BTreeMap, BTreeSet};

type Values = BTreeMap<String, String>;

/// The template of this name, as addresses have it.
fn named(name: &str) -> Option<Template> {
    Template::ALL
        .into_iter()
        .find(|template| name_of(*template) == name)
}

/// The name in addresses, which is the one in JSON.
fn name_of(template: Template) -> String {
    match serde_json::to_value(template) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// Whether the sections may be written over: they are empty, or as the form left them.
fn is_free(script: &Script, written: Option<&(String, Downgrade)>) -> bool {
    let revision = &script.revision;
    let empty = |direction| does_nothing(script, direction);
    match written {
        Some((upgrade, downgrade)) if *upgrade == revision.upgrade => {
            *downgrade == revision.downgrade
                || matches!(revision.downgrade, Downgrade::Impossible { .. })
        }
        _ => empty(Direction::Upgrade) && empty(Direction::Downgrade),
    }
}

/// What a revision's sections become: a blank line between them, and a reason that stands already stays
/// where the pattern knows no way back.
fn sections(written: &Written, now: &Downgrade) -> (String, Downgrade) {
    let upgrade = if written.upgrade.ends_with("\n\n") || written.upgrade.is_empty() {
        written.upgrade.clone()
    } else {
        format!("{}\n", written.upgrade)
    };
    let downgrade = match now {
        Downgrade::Impossible { .. } if written.downgrade.trim().is_empty() => now.clone(),
        _ => Downgrade::Sql(written.downgrade.clone()),
    };
    (
        if upgrade.is_empty() {
            "\n".into()
        } else {
            upgrade
        },
        downgrade,
    )
}

/// The gallery, or the chosen pattern's form; the choice is in the address.
#[component]
pub fn Pattern(desk: Desk) -> impl IntoView {
    let (name, set_name) = query_signal_with_options::<String>(
        "template",
        NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        },
    );
    let chosen = Memo::new(move |_| name.get().as_deref().and_then(named));
    let choose = move |template: Option<Template>| set_name.set(template.map(name_of));
    move || match chosen.get() {
        None => view! { <Gallery choose /> }.into_any(),
        Some(template) => view! { <Form desk template leave=move || choose(None) /> }.into_any(),
    }
}

#[component]
fn Gallery(choose: impl Fn(Option<Template>) + Copy + 'static) -> impl IntoView {
    view! {
        <section class="wr-gallery" aria-labelledby="wr-gallery-head">
            <h2 id="wr-gallery-head">"Start from a pattern"</h2>
            <p class="wr-hint">"It writes both directions as you fill it in. Or write in the editor."</p>
            <ul>
                {Template::ALL
                    .into_iter()
                    .filter(|template| *template != Template::Blank)
                    .map(|template| {
                        view! {
                            <li>
                                <button type="button" on:click=move |_| choose(Some(template))>
                                    <b>{template.title()}</b>
                                    <span>{template.about()}</span>
                                </button>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Form(desk: Desk, template: Template, leave: impl Fn() + Copy + 'static) -> impl IntoView {
    let initial: Values = template
        .fields()
        .iter()
        .filter(|field| !field.initial.is_empty())
        .map(|field| (field.name.to_owned(), field.initial.to_owned()))
        .collect();
    let values = RwSignal::new(initial);
    // An untouched form has no errors yet, only empty fields.
    let touched = RwSignal::new(false);
    let outcome = Memo::new(move |_| values.with(|values| template.write(values)));
    let said = StoredValue::new(String::new());
    let free = Memo::new(move |_| {
        desk.sheet.with(|sheet| {
            let script = sheet.script.as_ref()?;
            Some(
                desk.written
                    .with(|written| is_free(script, written.as_ref())),
            )
        })
    });
    let write = move |written: &Written| {
        desk.form_sections(|revision| {
            let (upgrade, downgrade) = sections(written, &revision.downgrade);
            revision.upgrade = upgrade;
            revision.downgrade = downgrade;
        });
        let message = written.message.clone();
        let old = said.get_value();
        desk.change_header(|revision| {
            if revision.message.is_empty() || revision.message == old {
                revision.message.clone_from(&message);
            }
        });
        said.set_value(message);
    };
    let set = move |name: &'static str, value: String| {
        touched.set(true);
        values.update(|values| {
            if value.is_empty() {
                values.remove(name);
            } else {
                values.insert(name.to_owned(), value);
            }
        });
        desk.read_now();
        if let (Ok(written), Some(true)) = (outcome.get_untracked(), free.get_untracked()) {
            write(&written);
        }
    };
    // What is missing in a field is said once somebody has been there.
    let visited = RwSignal::new(BTreeSet::<&'static str>::new());
    let error = Memo::new(move |_| {
        let error = outcome.get().err().filter(|_| touched.get())?;
        let filled = values.with(|values| values.contains_key(error.field));
        (filled || visited.with(|visited| visited.contains(error.field))).then_some(error)
    });
    let visit = move |name| {
        visited.update(|visited| {
            visited.insert(name);
        });
    };
    let held = move || free.get() == Some(false) && outcome.with(Result::is_ok) && touched.get();
    view! {
        <section class="wr-pattern" aria-labelledby="wr-pattern-head">
            <header>
                <h2 id="wr-pattern-head">{template.title()}</h2>
                <button type="button" class="btn sm" on:click=move |_| leave()>
                    "Other patterns"
                </button>
            </header>
            <p class="wr-hint">{template.about()}</p>
            {template
                .fields()
                .iter()
                .map(|field| view! { <Input field values error set visit /> })
                .collect_view()}
            <div role="status">
                {move || {
                    held()
                        .then(|| {
                            view! {
                                <div class="wr-note caution">
                                    <p>
                                        "You have written in the sections yourself, so the form leaves them alone."
                                    </p>
                                    <button
                                        type="button"
                                        class="btn sm"
                                        on:click=move |_| {
                                            if let Ok(written) = outcome.get_untracked() {
                                                write(&written);
                                            }
                                        }
                                    >
                                        "Write both sections again"
                                    </button>
                                </div>
                            }
                        })
                }}
            </div>
        </section>
    }
}

/// One field, with its error below it.
#[component]
fn Input(
    field: &'static Field,
    values: RwSignal<Values>,
    error: Memo<Option<TemplateError>>,
    set: impl Fn(&'static str, String) + Copy + 'static,
    visit: impl Fn(&'static str) + Copy + 'static,
) -> impl IntoView {
    let id = format!("wr-field-{}", field.name);
    let error_id = format!("{id}-error");
    let value = move || values.with(|values| values.get(field.name).cloned().unwrap_or_default());
    let wrong = Memo::new(move |_| {
        error.with(|error| {
            error
                .as_ref()
                .filter(|error| error.field == field.name)
                .map(|error| error.message.clone())
        })
    });
    let invalid = move || wrong.with(Option::is_some).then_some("true");
    let described = {
        let error_id = error_id.clone();
        move || wrong.with(Option::is_some).then(|| error_id.clone())
    };
    let input = match field.kind {
        FieldKind::Check => {
            return view! {
                <label class="wr-check">
                    <input
                        type="checkbox"
                        prop:checked=move || value() == "true"
                        on:change=move |event| {
                            set(field.name, if event_target_checked(&event) { "true".into() } else { String::new() });
                        }
                    />
                    {field.label}
                </label>
            }
            .into_any();
        }
        FieldKind::Line => view! {
            <input
                id=id.clone()
                type="text"
                class="mono"
                autocomplete="off"
                spellcheck="false"
                placeholder=field.example
                prop:value=value
                aria-invalid=invalid
                aria-describedby=described
                on:input=move |event| set(field.name, event_target_value(&event))
            />
        }
        .into_any(),
        FieldKind::Lines => view! {
            <textarea
                id=id.clone()
                class="mono"
                rows="4"
                spellcheck="false"
                placeholder=field.example
                prop:value=value
                aria-invalid=invalid
                aria-describedby=described
                on:input=move |event| set(field.name, event_target_value(&event))
            ></textarea>
        }
        .into_any(),
        FieldKind::Choice(choices) => view! {
            <select
                id=id.clone()
                prop:value=value
                aria-invalid=invalid
                aria-describedby=described
                on:change=move |event| set(field.name, event_target_value(&event))
            >
                {choices
                    .iter()
                    .map(|choice| view! { <option value=*choice selected=*choice == field.initial>{*choice}</option> })
                    .collect_view()}
            </select>
        }
        .into_any(),
    };
    view! {
        <div class="wr-field" on:focusout=move |_| visit(field.name)>
            <label for=id>
                {field.label}
                {(!field.required).then(|| view! { <span class="wr-optional">"optional"</span> })}
            </label>
            {input}
            {move || wrong.get().map(|words| view! { <p class="wr-error" id=error_id.clone()>{words}</p> })}
        </div>
    }
    .into_any()
}
