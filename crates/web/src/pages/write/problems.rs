//! What is wrong with the text, as a list below it.

use super::desk::Desk;
use super::sheet::Problem;
use cofferdam_engine::finding::Severity;
use leptos::prelude::*;

/// "2 errors, 1 warning".
pub fn counts(problems: &[Problem]) -> String {
    let count = |severity, one: &str| {
        let n = problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .count();
        (n > 0).then(|| format!("{n} {one}{}", if n == 1 { "" } else { "s" }))
    };
    let counts: Vec<String> = [
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        count(Severity::Note, "note"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if counts.is_empty() {
        "No problems".into()
    } else {
        counts.join(", ")
    }
}

#[component]
pub fn Problems(desk: Desk) -> impl IntoView {
    view! {
        <section class="wr-problems" aria-label="Problems">
            <p class="wr-problems-head" role="status">
                {move || desk.problems.with(|problems| counts(problems))}
            </p>
            <ol>
                {move || {
                    desk.problems
                        .get()
                        .into_iter()
                        .map(|problem| {
                            let (class, word) = match problem.severity {
                                Severity::Error => ("danger", "error"),
                                Severity::Warning => ("caution", "warning"),
                                Severity::Note => ("info", "note"),
                            };
                            let at = problem.range.start;
                            let fix = problem.fix.clone();
                            view! {
                                <li>
                                    <button type="button" on:click=move |_| desk.jump(at)>
                                        <span class=format!("badge {class}")>{word}</span>
                                        <span class="wr-line">"line "{problem.line}</span>
                                        <span class="wr-words">
                                            {problem.message} " " <code>{problem.code}</code>
                                        </span>
                                    </button>
                                    {fix.map(|fix| {
                                        let title = fix.title.clone();
                                        view! {
                                            <button type="button" class="btn sm wr-fix" on:click=move |_| desk.fix(&fix)>
                                                {title}
                                            </button>
                                        }
                                    })}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ol>
        </section>
    }
}
