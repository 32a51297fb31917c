//! One line of the tree.

use super::Shared;
use super::rows::Line;
use crate::pages::remote::CopyButton;
use cofferdam_engine::catalog::tree::{Mark, Sort};
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;

#[component]
pub fn LineView(shared: Shared, line: Line) -> impl IntoView {
    let id = shared.element_id(&line.path);
    let path = StoredValue::new(line.path.clone());
    // What may change while the line stays.
    let now = Memo::new(move |_| {
        let at = path.with_value(|path| shared.places.with(|places| places.get(path).copied()))?;
        shared
            .lines
            .with(|lines| lines.get(at).map(|line| (line.open, line.place)))
    });
    let is_open = Memo::new(move |_| now.get().and_then(|(open, _)| open));
    let place = move || now.get().map_or((1, 1), |(_, place)| place);
    let is_current = Memo::new(move |_| path.with_value(|path| shared.is_current(path)));
    let opens = line.open.is_some();
    let is_long = line.words.contains('\n');
    let level = line.level();
    let (sign, mark, said) = match line.mark {
        None => ("", "", ""),
        Some(Mark::Added) => ("+", "dr-come", "new: "),
        Some(Mark::Removed) => ("−", "dr-gone", "gone: "),
        Some(Mark::Changed) => ("±", "dr-changed", "changed: "),
    };
    let sort = match (line.sort, level) {
        (Sort::List, 1) => "ct-group",
        (Sort::Object, _) => "ct-object",
        (Sort::List, _) => "ct-list",
        (Sort::Part, _) => "ct-part",
        (Sort::Field, _) => "ct-field",
    };
    let copied = match line.words.as_str() {
        "" => line.name.clone(),
        words => format!("{} {words}", line.name),
    };
    let copied = StoredValue::new(copied);
    let short = match line.words.split_once('\n') {
        Some((first, _)) => format!("{} …", first.trim_end()),
        None => line.words.clone(),
    };
    let was = (!is_long)
        .then(|| line.before.clone())
        .flatten()
        .filter(|before| !before.is_empty());
    let whole = StoredValue::new((line.words.clone(), line.before.clone()));
    let click = move |_| {
        path.with_value(|path| {
            shared.current.set(path.clone());
            if opens {
                shared.toggle(path);
            }
        });
    };
    view! {
        <li
            id=id
            role="treeitem"
            class=format!("{sort} {mark}")
            style=format!("--level:{level}")
            {..custom_attribute("aria-level", level.to_string())}
            aria-posinset=move || place().0.to_string()
            aria-setsize=move || place().1.to_string()
            aria-expanded=move || is_open.get().map(|open| open.to_string())
            tabindex=move || if is_current.get() { "0" } else { "-1" }
            on:focus=move |_| path.with_value(|path| shared.current.set(path.clone()))
        >
            <div class="ct-line" class:opens=opens on:click=click>
                <span class="ct-twist" class:open=move || is_open.get() == Some(true) aria-hidden="true">
                    {opens.then_some("›")}
                </span>
                {(!sign.is_empty())
                    .then(|| {
                        view! {
                            <span class="dr-sign mono" aria-hidden="true">
                                {sign}
                            </span>
                            <span class="visually-hidden">{said}</span>
                        }
                    })}
                <span class="ct-text">
                    <span class="ct-name">{line.name}</span>
                    {line.inside.map(|count| view! { <span class="n">{count}</span> })}
                    {(!short.is_empty()).then(|| view! { <span class="ct-words">{short}</span> })}
                    {was.map(|before| view! { <span class="ct-was">"was " <s>{before}</s></span> })}
                </span>
            </div>
            <Show when=move || is_long && is_open.get() == Some(true)>
                {whole
                    .with_value(|(words, before)| {
                        view! {
                            <pre class="sql">{crate::highlight::highlight_sql(words)}</pre>
                            {before
                                .clone()
                                .map(|before| {
                                    view! {
                                        <p class="ct-was">"It was:"</p>
                                        <pre class="sql">{crate::highlight::highlight_sql(&before)}</pre>
                                    }
                                })}
                        }
                    })}
            </Show>
            <Show when=move || is_current.get() && sort != "ct-group">
                <span class="ct-copy">
                    <CopyButton text=Signal::stored(copied.get_value()) label="Copy" plain=true />
                </span>
            </Show>
        </li>
    }
}
