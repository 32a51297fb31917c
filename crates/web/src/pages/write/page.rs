//! The page on which one revision is written: its bar, the pattern's form, the editor, and the panel beside it.

use super::clock;
use super::conflict::ConflictView;
use super::desk::Desk;
use super::editor::TextEditor;
use super::leaving::Leaving;
use super::merging::MergeCheck;
use super::pattern::Pattern;
use super::problems::Problems;
use super::saving::{Saving, State};
use super::side::Side;
use leptos::prelude::*;

#[component]
pub fn DeskPage(desk: Desk) -> impl IntoView {
    let saving = Saving::new(desk);
    let applied = desk.applied();
    let locked = Memo::new(move |_| !desk.is_new() && applied.with(|names| !names.is_empty()));
    // Patterns are for new revisions; a merge has nothing in its sections.
    let patterned = Memo::new(move |_| {
        let is_merge = desk
            .sheet
            .with(|sheet| sheet.revision().is_some_and(|it| it.is_merge()));
        desk.is_new() && !is_merge
    });
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key() == "s" {
            event.prevent_default();
            if !locked.get_untracked() {
                saving.save();
            }
        }
    });
    let hide = window_event_listener_untyped("pagehide", move |_| desk.flush());
    on_cleanup(move || {
        keys.remove();
        hide.remove();
    });
    view! {
        <div class="wr" class:with-pattern=move || patterned.get()>
            <Bar desk saving locked />
            <Bands desk saving locked applied />
            {move || {
                saving
                    .conflict()
                    .map(|conflict| {
                        view! {
                            <ConflictView
                                desk
                                conflict
                                decide=move |choice, conflict| saving.decide(choice, conflict)
                                close=move || saving.put_off()
                            />
                        }
                    })
            }}
            <MergeCheck desk />
            <div class="wr-room">
                {move || {
                    patterned
                        .get()
                        .then(|| {
                            view! {
                                <div class="wr-start">
                                    <Pattern desk />
                                </div>
                            }
                        })
                }}
                <div class="wr-main">
                    {move || view! { <TextEditor desk locked=locked.get() /> }}
                    <Problems desk />
                </div>
                <div class="wr-beside">
                    <Side desk locked />
                    <Leaving desk saving applied />
                </div>
            </div>
        </div>
    }
}

/// What it is, whether it is kept, and what can be done with it.
#[component]
fn Bar(desk: Desk, saving: Saving, locked: Memo<bool>) -> impl IntoView {
    let title = move || {
        let message = desk
            .sheet
            .with(|sheet| sheet.revision().map(|revision| revision.message.clone()));
        message
            .filter(|message| !message.is_empty())
            .unwrap_or_else(|| {
                if desk.is_new() {
                    "New revision".into()
                } else {
                    desk.sheet.with(|sheet| sheet.path.clone())
                }
            })
    };
    let merges = move || {
        desk.sheet
            .with(|sheet| sheet.revision().is_some_and(|revision| revision.is_merge()))
    };
    let tick = RwSignal::new(0);
    let clock = gloo::timers::callback::Interval::new(20_000, move || tick.update(|n| *n += 1));
    let clock = StoredValue::new_local(Some(clock));
    on_cleanup(move || drop(clock.try_set_value(None)));
    let kept = move || {
        tick.track();
        let ago = |at| clock::ago(at);
        match (desk.kept_at.get(), desk.shop.keeps_drafts()) {
            (Some(_), false) => "A draft, kept only while this tab is open".to_owned(),
            (Some(at), true) => format!("A draft, kept in this browser {}", ago(at)),
            (None, _) if desk.is_new() => "Nothing written yet".to_owned(),
            (None, _) => "As saved".to_owned(),
        }
    };
    let label = move || match (saving.state.get(), desk.errors()) {
        (State::Saving, _) => "Saving".to_owned(),
        (_, 0) => "Save".to_owned(),
        (_, 1) => "Save with 1 error".to_owned(),
        (_, n) => format!("Save with {n} errors"),
    };
    let dry_run = move || {
        if desk.errors() > 0 || (desk.is_new() && desk.kept_at.get().is_none()) {
            return None;
        }
        let id = desk.revision_id()?;
        let from = desk.sheet.with(|sheet| {
            let down = &sheet.revision()?.down;
            Some(
                down.first()
                    .map_or_else(|| "base".to_owned(), ToString::to_string),
            )
        })?;
        Some(format!("/dry-run?from={from}&to={id}"))
    };
    view! {
        <header class="wr-bar">
            <div class="wr-title">
                <h1>
                    <span class="wr-words" title=title>
                        {title}
                    </span>
                    {move || merges().then(|| view! { <span class="badge merge">"merge"</span> })}
                    {move || {
                        desk.kept_at.get().is_some().then(|| view! { <span class="badge draft">"draft"</span> })
                    }}
                </h1>
                <p role="status">{kept}</p>
            </div>
            <div class="wr-actions">
                {move || {
                    dry_run()
                        .map(|href| {
                            view! {
                                <a class="btn" href=href on:click=move |_| desk.flush()>
                                    {if desk.kept_at.get().is_some() { "Dry-run this draft" } else { "Dry-run this revision" }}
                                </a>
                            }
                        })
                }}
                {move || {
                    desk.kept_at
                        .get()
                        .is_some()
                        .then(|| {
                            view! {
                                <button type="button" class="btn" on:click=move |_| saving.discard()>
                                    {if desk.is_new() { "Discard draft" } else { "Discard changes" }}
                                </button>
                            }
                        })
                }}
                <button
                    type="button"
                    class="btn"
                    on:click=move |_| {
                        desk.read_now();
                        desk.sheet.with_untracked(|sheet| crate::save::download(&sheet.path, &sheet.text));
                    }
                >
                    "Download file"
                </button>
                <button
                    type="button"
                    class="btn pri"
                    aria-keyshortcuts="Control+S"
                    disabled=move || {
                        locked.get() || saving.state.get() == State::Saving || !desk.is_changed()
                            || desk.refusal().is_some()
                    }
                    title=move || desk.refusal().unwrap_or_else(|| "Ctrl+S".into())
                    on:click=move |_| saving.save()
                >
                    {label}
                </button>
            </div>
        </header>
    }
}

/// What one has to know: where it was saved, why it was not, what changed meanwhile.
#[component]
fn Bands(
    desk: Desk,
    saving: Saving,
    locked: Memo<bool>,
    applied: Memo<Vec<String>>,
) -> impl IntoView {
    view! {
        <div class="wr-bands" role="status">
            {move || {
                locked
                    .get()
                    .then(|| {
                        let id = desk.revision_id().map(|id| id.to_string()).unwrap_or_default();
                        view! {
                            <p class="wr-band info">
                                <span>
                                    "Applied on "{applied.get().join(", ")}
                                    ": an applied revision is not edited, renamed or deleted. Change the database with a new one."
                                </span>
                                <a class="btn sm" href=format!("/write/new?after={id}")>
                                    "New revision after this"
                                </a>
                            </p>
                        }
                    })
            }}
            {move || {
                saving
                    .changed_meanwhile()
                    .filter(|_| saving.conflict().is_none())
                    .map(|conflict| {
                        view! {
                            <p class="wr-band caution">
                                <span>{conflict.reason.clone()}" Your draft is as you left it."</span>
                                <button type="button" class="btn sm" on:click=move |_| saving.look_at(conflict.clone())>
                                    "Compare"
                                </button>
                            </p>
                        }
                    })
            }}
            {move || match saving.state.get() {
                State::Saved(words) => {
                    let id = desk.revision_id().map(|id| id.to_string()).unwrap_or_default();
                    view! {
                        <p class="wr-band good">
                            <span>{words}</span>
                            <a class="btn sm" href=format!("/history/{id}")>
                                "Open in the history"
                            </a>
                        </p>
                    }
                        .into_any()
                }
                State::Kept(words) | State::Offline(words) => view! { <p class="wr-band caution">{words}</p> }.into_any(),
                State::Refused(words) => view! { <p class="wr-band danger">{words}</p> }.into_any(),
                _ => ().into_any(),
            }}
        </div>
    }
}
