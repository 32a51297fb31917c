//! The items, each with its evidence, and what can be done about it.

use super::reading::Files;
use crate::pages::dry_run::figures::{counted, grouped};
use cofferdam_engine::checklist::{How, Item};
use leptos::prelude::*;

/// Lines of evidence that are open from the start.
const SHOWN: usize = 4;

/// Lines of evidence that a page can hold; the command line prints all.
const MOST: usize = 1000;

/// How far reading the files is, where it takes longer than a moment.
#[component]
pub fn Awaited(files: RwSignal<Option<Files>>) -> impl IntoView {
    let progress = Memo::new(move |_| match files.get()? {
        Files::Reading { read, all } => Some((read, all)),
        Files::Read(_) => None,
    });
    let is_under_way = Memo::new(move |_| progress.with(Option::is_some));
    let (read, all) = (
        move || progress.get().map_or(0, |(read, _)| read),
        move || progress.get().map_or(0, |(_, all)| all),
    );
    view! {
        <Show when=move || is_under_way.get()>
            <div class="card dr-now" data-reading>
                <progress
                    max=move || all().max(1)
                    prop:value=move || read() as f64
                    aria-label="Revisions read"
                ></progress>
                <p>
                    {move || {
                        format!(
                            "{} of {} revisions are read and judged",
                            grouped(read() as u64),
                            grouped(all() as u64),
                        )
                    }}
                </p>
            </div>
        </Show>
    }
}

/// A list of items. `prove` is the address of the dry run that would prove what is to be proved; `confirm` takes an item
/// and whether it is so.
#[component]
pub fn List(
    #[prop(into)] items: Signal<Vec<Item>>,
    #[prop(optional, into)] prove: String,
    #[prop(optional)] confirm: Option<Callback<(String, bool)>>,
) -> impl IntoView {
    let summary = move || {
        items.with(|items| {
            let open = items.iter().filter(|item| !item.is_done).count();
            match open {
                0 => "Nothing is open.".to_owned(),
                count => format!(
                    "{} open, {} done.",
                    counted(count as u64, "item is", "items are"),
                    items.len() - count
                ),
            }
        })
    };
    view! {
        <p class="ck-summary" role="status">
            {summary}
        </p>
        <ul class="ck-list">
            {move || {
                items
                    .get()
                    .into_iter()
                    .map(|item| {
                        let prove = prove.clone();
                        view! { <Line item prove confirm /> }
                    })
                    .collect_view()
            }}
        </ul>
    }
}

#[component]
fn Line(item: Item, prove: String, confirm: Option<Callback<(String, bool)>>) -> impl IntoView {
    let Item {
        item,
        title,
        how,
        is_done,
        mut evidence,
    } = item;
    let (mark, said, class) = match is_done {
        true => ("✓", "done: ", "ck-done"),
        false => ("○", "open: ", "ck-open"),
    };
    let badge = match how {
        How::Computed => "computed",
        How::Run => "a run",
        How::Person => "a person",
    };
    let mut rest = match evidence.len() > SHOWN + 1 {
        true => evidence.split_off(SHOWN),
        false => Vec::new(),
    };
    let more = rest.len();
    let beyond = more.saturating_sub(MOST);
    rest.truncate(MOST);
    let rest = StoredValue::new(rest);
    let is_open = RwSignal::new(false);
    let lines = |lines: Vec<String>| {
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> });
        view! { <ul>{lines.collect_view()}</ul> }
    };
    let action = match (how, confirm) {
        (How::Run, _) if !is_done && !prove.is_empty() => Some(
            view! {
                <a class="btn sm" href=prove>
                    "Prove them in this tab"
                </a>
            }
            .into_any(),
        ),
        (How::Person, Some(confirm)) => Some(
            view! {
                <button
                    type="button"
                    class="btn sm"
                    on:click=move |_| confirm.run((item.to_owned(), !is_done))
                >
                    {if is_done { "Open it again" } else { "Confirm it in my name" }}
                </button>
            }
            .into_any(),
        ),
        _ => None,
    };
    view! {
        <li class=class data-item=item>
            <span class="ck-mark" aria-hidden="true">
                {mark}
            </span>
            <div class="ck-what">
                <p>
                    <span class="visually-hidden">{said}</span>
                    <b>{title}</b>
                    " "
                    <span class="badge">{badge}</span>
                </p>
                {(!evidence.is_empty()).then(|| lines(evidence))}
                {(more > 0)
                    .then(|| {
                        view! {
                            <details on:toggle=move |_| is_open.set(true)>
                                <summary>{format!("{} more", grouped(more as u64))}</summary>
                                {move || is_open.get().then(|| lines(rest.get_value()))}
                                {(beyond > 0)
                                    .then(|| {
                                        let beyond = grouped(beyond as u64);
                                        view! {
                                            <p class="sub">
                                                {beyond} " more: " <code>"cofferdam checklist"</code> " prints all"
                                            </p>
                                        }
                                    })}
                            </details>
                        }
                    })}
            </div>
            {action}
        </li>
    }
}
