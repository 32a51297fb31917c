//! The rows in view, and no others: fixed height, a window over all of them.

use super::Shown;
use super::drawing::{Drawing, HEIGHT, width};
use super::row::{Has, RowData};
use crate::shell::in_field;
use crate::state::state;
use cofferdam_engine::revision::RevisionId;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// Rows kept ready above and below the window.
const SPARE: usize = 12;

#[component]
pub fn List(shown: Shown) -> impl IntoView {
    let state = state();
    let scroller = NodeRef::<Div>::new();
    let top = RwSignal::new(0_usize);
    let height = RwSignal::new(900_usize);
    let measure = move || {
        if let Some(element) = scroller.get_untracked() {
            top.set(usize::try_from(element.scroll_top()).unwrap_or(0));
            height.set(
                usize::try_from(element.client_height())
                    .unwrap_or(900)
                    .max(HEIGHT),
            );
        }
    };
    Effect::new(move |_| {
        scroller.track();
        shown.listed.track();
        measure();
    });
    let resize = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resize.remove());

    // The selected row is in view whenever it changes.
    Effect::new(move |_| {
        let Some(id) = shown.selected.get() else {
            return;
        };
        let Some(at) = shown.listed.with(|rows| rows.position(&id)) else {
            return;
        };
        if let Some(element) = scroller.get() {
            let (from, room) = (at * HEIGHT, element.client_height());
            let (scrolled, from) = (element.scroll_top(), i32::try_from(from).unwrap_or(0));
            let row = i32::try_from(HEIGHT).unwrap_or(44);
            if from < scrolled {
                element.set_scroll_top((from - row).max(0));
            } else if from + row > scrolled + room {
                element.set_scroll_top(from + 2 * row - room);
            }
        }
    });

    let window = Memo::new(move |_| {
        let count = shown.listed.with(|rows| rows.all.len());
        let first = (top.get() / HEIGHT).saturating_sub(SPARE);
        let last = ((top.get() + height.get()) / HEIGHT + 1 + SPARE).min(count);
        (first.min(last), last)
    });
    let visible = move || {
        let (first, last) = window.get();
        shown.listed.with(|rows| {
            rows.all
                .get(first..last)
                .unwrap_or_default()
                .iter()
                .cloned()
                .enumerate()
                .map(|(at, row)| {
                    let draw = match (rows.broken, rows.filtered) {
                        (true, _) => Draw::Nothing,
                        (false, true) => Draw::Mark,
                        (false, false) => Draw::Lanes(rows.width),
                    };
                    (first + at, row, draw)
                })
                .collect::<Vec<_>>()
        })
    };

    let hovered = RwSignal::new(None::<String>);
    let lit = Memo::new(move |_| {
        let id = RevisionId::new(hovered.get()?).ok()?;
        state.with_drafts.with(|workspace| {
            let history = workspace.as_ref()?.history.as_ref().ok()?;
            history.get(&id)?;
            let ids: BTreeSet<String> = history
                .ancestors(&[id])
                .iter()
                .map(ToString::to_string)
                .collect();
            Some(ids)
        })
    });

    keys(shown);
    let filtered = move || shown.listed.with(|rows| rows.filtered);
    let broken = move || shown.listed.with(|rows| rows.broken);
    view! {
        <div class="colhead" aria-hidden="true">
            <span>{move || if broken() { "By file name" } else { "Newest first" }}</span>
            <span class="colmarks">
                {move || {
                    state
                        .environments
                        .get()
                        .into_iter()
                        .map(|env| view! { <i title=env.name.clone()>{abbreviation(&env.name)}</i> })
                        .collect_view()
                }}
            </span>
        </div>
        <div class="rows" node_ref=scroller on:scroll=move |_| measure() on:mouseleave=move |_| hovered.set(None)>
            <ul
                style:height=move || format!("{}px", shown.listed.with(|rows| rows.all.len()) * HEIGHT)
                aria-label=move || {
                    let order = if broken() { "by file name" } else { "newest first" };
                    format!("{} revisions, {order}", shown.listed.with(|rows| rows.all.len()))
                }
            >
                <For
                    each=visible
                    key=|(at, row, draw)| {
                        (*at, row.key.clone(), row.label(), row.lane.edges.clone(), row.lane.lane, row.date.clone(), *draw)
                    }
                    let((at, row, draw))
                >
                    <Row shown at row draw hovered lit />
                </For>
            </ul>
            <Show when=move || {
                filtered() && shown.listed.with(|rows| rows.all.is_empty())
            }>
                <p class="empty">
                    "No revision fits. " <a href="/history">"Show all"</a>
                </p>
            </Show>
        </div>
    }
}

/// What stands before a row's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Draw {
    Nothing,
    /// The revision's mark, without edges.
    Mark,
    /// Mark and edges, among so many lanes.
    Lanes(usize),
}

/// A name in three letters, for the head of a narrow column.
fn abbreviation(name: &str) -> String {
    let consonants: String = name
        .chars()
        .filter(|c| !"aeiou".contains(*c))
        .take(3)
        .collect();
    if consonants.chars().count() == 3 {
        consonants
    } else {
        name.chars().take(3).collect()
    }
}

#[component]
fn Row(
    shown: Shown,
    at: usize,
    row: Arc<RowData>,
    draw: Draw,
    hovered: RwSignal<Option<String>>,
    lit: Memo<Option<BTreeSet<String>>>,
) -> impl IntoView {
    let location = use_location();
    let navigate = use_navigate();
    let query = move || {
        location.search.with(|search| {
            if search.is_empty() {
                String::new()
            } else {
                format!("?{}", search.trim_start_matches('?'))
            }
        })
    };
    let id = StoredValue::new(row.key.clone());
    let href = move || format!("/history/{}{}", id.get_value(), query());
    let on = move || {
        shown
            .selected
            .with(|selected| selected.as_deref() == Some(id.get_value().as_str()))
    };
    let dim = move || {
        lit.with(|lit| {
            lit.as_ref()
                .is_some_and(|lit| !lit.contains(&id.get_value()))
        })
    };
    let ranged = {
        let index = row.index;
        move || {
            let Some((newest, oldest)) = range(shown) else {
                return false;
            };
            (newest..=oldest).contains(&index)
        }
    };
    let click = move |event: leptos::ev::MouseEvent| {
        if event.shift_key() {
            event.prevent_default();
            event.stop_propagation();
            if shown.selected.with_untracked(Option::is_none) {
                navigate(&href(), NavigateOptions::default());
            }
            shown.anchor.set(Some(id.get_value()));
        } else {
            shown.anchor.set(None);
        }
    };
    let label = row.label();
    let author = (!row.author.is_empty()).then(|| format!("{} · ", row.author));
    // Files that make no history are told apart by their names.
    let when = if draw == Draw::Nothing {
        let name = row.path.rsplit('/').next().unwrap_or_default().to_owned();
        view! { <code title=row.path.clone()>{name}</code> }.into_any()
    } else {
        view! {
            {author.map(|author| view! { <span class="who-wrote">{author}</span> })}
            {row.date.clone()}
        }
        .into_any()
    };
    let (width, drawing) = match draw {
        Draw::Nothing => (width(0), view! { <span></span> }.into_any()),
        Draw::Mark => (
            width(1),
            view! { <Drawing row=row.lane.clone() shape=row.shape lanes=1 edges=false /> }
                .into_any(),
        ),
        Draw::Lanes(lanes) => (
            width(lanes),
            view! { <Drawing row=row.lane.clone() shape=row.shape lanes edges=true /> }.into_any(),
        ),
    };
    view! {
        <li style:top=format!("{}px", at * HEIGHT)>
            <a
                class="row"
                class:on=on
                class:dim=dim
                class:ranged=ranged
                href=href
                aria-label=label
                aria-current=move || if on() { "true" } else { "false" }
                on:click=click
                on:mouseenter=move |_| hovered.set(Some(id.get_value()))
                on:focus=move |_| hovered.set(Some(id.get_value()))
                on:blur=move |_| hovered.set(None)
                style:--lanes=format!("{width}px")
            >
                {drawing}
                <span class="msg">
                    <span class="words" title=row.message.clone()>{row.message.clone()}</span>
                    {row.badges.iter().map(|(class, words)| view! { <span class=format!("badge {class}")>{words.clone()}</span> }).collect_view()}
                </span>
                <span class="sub" title=row.exact_date.clone()>
                    <code>{row.short.clone()}</code>
                    <span>{when}</span>
                </span>
                <span class="marks">
                    {row
                        .marks
                        .iter()
                        .enumerate()
                        .map(|(index, (name, has))| {
                            let (class, words) = match has {
                                Has::Not => ("", "not in"),
                                Has::Applied => ("f", "in"),
                                Has::Changed => ("f changed", "its file has changed since it was applied in"),
                                Has::Half => ("half", "half applied in"),
                            };
                            view! { <i class=format!("mark {class} e{}", index % 6) title=format!("{words} {name}")></i> }
                        })
                        .collect_view()}
                </span>
            </a>
        </li>
    }
}

/// The selected range as positions among all rows: newest, oldest.
pub fn range(shown: Shown) -> Option<(usize, usize)> {
    let (one, other) = (shown.selected.get()?, shown.anchor.get()?);
    shown.rows.with(|rows| {
        let (one, other) = (rows.position(&one)?, rows.position(&other)?);
        Some((one.min(other), one.max(other)))
    })
}

/// j, k, arrows, Home, End and pages move the selection; with Shift they stretch a range.
fn keys(shown: Shown) {
    let navigate = use_navigate();
    let location = use_location();
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || event.default_prevented()
            || in_field(&event)
        {
            return;
        }
        if event.key() == "Escape" {
            if shown.anchor.get_untracked().is_some() {
                shown.anchor.set(None);
            } else if shown.selected.with_untracked(Option::is_some) {
                navigate("/history", NavigateOptions::default());
            }
            return;
        }
        let moves: i64 = match event.key().as_str() {
            "j" | "ArrowDown" => 1,
            "k" | "ArrowUp" => -1,
            "PageDown" => 12,
            "PageUp" => -12,
            "Home" => i64::MIN / 2,
            "End" => i64::MAX / 2,
            _ => return,
        };
        // Inside the right-hand pane the arrows scroll.
        let in_rows = gloo::utils::document()
            .active_element()
            .is_none_or(|element| element.closest(".detail").ok().flatten().is_none());
        if !matches!(event.key().as_str(), "j" | "k") && !in_rows {
            return;
        }
        event.prevent_default();
        let from = if event.shift_key() {
            shown
                .anchor
                .get_untracked()
                .or(shown.selected.get_untracked())
        } else {
            shown.selected.get_untracked()
        };
        let next = shown.listed.with_untracked(|rows| {
            let last = i64::try_from(rows.all.len()).ok()? - 1;
            let at = from
                .and_then(|id| rows.position(&id))
                .and_then(|at| i64::try_from(at).ok());
            let to = at
                .map_or(0, |at| at.saturating_add(moves))
                .clamp(0, last.max(0));
            rows.all
                .get(usize::try_from(to).ok()?)
                .map(|row| row.key.clone())
        });
        let Some(id) = next else { return };
        if event.shift_key() {
            return shown.anchor.set(Some(id));
        }
        shown.anchor.set(None);
        let search = location.search.get_untracked();
        let query = if search.is_empty() {
            String::new()
        } else {
            format!("?{}", search.trim_start_matches('?'))
        };
        navigate(
            &format!("/history/{id}{query}"),
            NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            },
        );
        // Once the row is drawn, so that a screen reader says it.
        set_timeout(focus_selected, Duration::from_millis(50));
    });
    on_cleanup(move || handle.remove());
}

fn focus_selected() {
    let row = gloo::utils::document().query_selector(".rows a.row.on");
    if let Ok(Some(row)) = row
        && let Some(row) = row.dyn_ref::<leptos::web_sys::HtmlElement>()
    {
        // A row that has gone meanwhile has no focus to take.
        let _ = row.focus();
    }
}
