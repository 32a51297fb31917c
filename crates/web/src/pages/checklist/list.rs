//! The items, each with its evidence, and what can be done about it.

use crate::pages::dry_run::figures::counted;
use cofferdam_engine::checklist::{How, Item};
use leptos::prelude::*;

/// Lines of evidence that are open from the start.
const SHOWN: usize = 4;

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
    let rest = match evidence.len() > SHOWN + 1 {
        true => evidence.split_off(SHOWN),
        false => Vec::new(),
    };
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
                {(!rest.is_empty())
                    .then(|| {
                        view! {
                            <details>
                                <summary>{format!("{} more", rest.len())}</summary>
                                {lines(rest)}
                            </details>
                        }
                    })}
            </div>
            {action}
        </li>
    }
}
