//! Reviews, comments and runs of a plan.

use super::Page;
use crate::http;
use crate::pages::remote::words::{self, RunBadge};
use crate::pages::remote::{Doing, Trouble, When};
use cofferdam_engine::api::{Comment, NewComment, PlanRecord, Verdict};
use cofferdam_engine::plan::StepAt;
use leptos::prelude::*;

#[component]
pub fn Reviews(page: Page) -> impl IntoView {
    let reviews = Memo::new(move |_| {
        page.record.value.with(|record| {
            record
                .as_ref()
                .map(|record| record.reviews.clone())
                .unwrap_or_default()
        })
    });
    let digest = Memo::new(move |_| {
        page.record.value.with(|record| {
            record
                .as_ref()
                .map(|record| record.summary.digest.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <section class="card">
            <h2>"Reviews" <span class="n">{move || reviews.read().len()}</span></h2>
            <ul class="comments">
                {move || {
                    let reviews = reviews.get();
                    if reviews.is_empty() {
                        return view! { <li class="none">"Nobody has reviewed it yet."</li> }.into_any();
                    }
                    reviews
                        .into_iter()
                        .map(|review| {
                            let tone = match review.verdict {
                                Verdict::Approve => "ok",
                                Verdict::Reject => "no",
                            };
                            let other = (review.digest != *digest.read())
                                .then_some("This was about other bytes than these.");
                            view! {
                                <li>
                                    <p class="by">
                                        <b>{review.author}</b>
                                        " "
                                        <span class=tone>{words::verdict(review.verdict)}</span>
                                        ", "
                                        <When at=review.at />
                                    </p>
                                    {(!review.text.is_empty())
                                        .then(|| view! { <p class="said">{review.text}</p> })}
                                    {other.map(|other| view! { <p class="wa">{other}</p> })}
                                </li>
                            }
                        })
                        .collect_view()
                        .into_any()
                }}
            </ul>
        </section>
    }
}

/// Comments on the whole plan; those on a statement stand beside it.
#[component]
pub fn Discussion(page: Page) -> impl IntoView {
    let comments = Memo::new(move |_| {
        page.record.value.with(|record| {
            record
                .as_ref()
                .map(|record| record.comments.clone())
                .unwrap_or_default()
        })
    });
    let beside = move || {
        comments
            .read()
            .iter()
            .filter(|comment| comment.at.is_some())
            .count()
    };
    let may = Memo::new(move |_| {
        page.record
            .value
            .with(|record| record.as_ref().is_some_and(|record| record.may.comment))
    });
    view! {
        <section class="card">
            <h2>"Discussion" <span class="n">{move || comments.read().len()}</span></h2>
            <ul class="comments">
                {move || {
                    comments
                        .get()
                        .into_iter()
                        .filter(|comment| comment.at.is_none())
                        .map(|comment| view! { <Said comment /> })
                        .collect_view()
                }}
                {move || {
                    let words = match (comments.read().len(), beside()) {
                        (0, _) => "Nothing said yet. A comment can also be put on a single statement.".to_owned(),
                        (_, 0) => return None,
                        (_, 1) => "1 comment stands beside its statement.".to_owned(),
                        (_, n) => format!("{n} comments stand beside their statements."),
                    };
                    Some(view! { <li class="none">{words}</li> })
                }}
            </ul>
            <Show when=move || may.get()>
                <CommentForm page at=None done=|| () focus=false />
            </Show>
        </section>
    }
}

#[component]
pub fn Said(comment: Comment) -> impl IntoView {
    view! {
        <li>
            <p class="by">
                <b>{comment.author}</b>
                ", "
                <When at=comment.created_at />
            </p>
            <p class="said">{comment.text}</p>
        </li>
    }
}

/// Writes a comment; `done` is told when it is sent, or given up.
#[component]
pub fn CommentForm(
    page: Page,
    at: Option<StepAt>,
    done: impl Fn() + Copy + Send + Sync + 'static,
    focus: bool,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let doing = Doing::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = NewComment {
            text: text.get_untracked().trim().to_owned(),
            at,
        };
        if body.text.is_empty() {
            return;
        }
        let path = format!("{}/comments", page.path_now());
        doing.run(
            async move { http::post::<_, PlanRecord>(&path, &body).await },
            move |record| {
                text.set(String::new());
                page.record.set(record);
                done();
            },
        );
    };
    let label = if at.is_some() {
        "Comment on this statement"
    } else {
        "Comment on the plan"
    };
    view! {
        <form class="comment-form" on:submit=submit>
            <textarea
                rows="2"
                aria-label=label
                placeholder=label
                autofocus=focus
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
            <Trouble doing />
            <div class="buttons">
                <button class="btn sm" disabled=move || doing.busy.get() || text.read().trim().is_empty()>
                    "Comment"
                </button>
                {at.map(|_| {
                    view! {
                        <button type="button" class="btn sm" on:click=move |_| done()>
                            "Cancel"
                        </button>
                    }
                })}
            </div>
        </form>
    }
}

#[component]
pub fn Runs(page: Page) -> impl IntoView {
    let runs = Memo::new(move |_| {
        page.record.value.with(|record| {
            record
                .as_ref()
                .map(|record| record.runs.clone())
                .unwrap_or_default()
        })
    });
    view! {
        <section class="card">
            <h2>"Runs" <span class="n">{move || runs.read().len()}</span></h2>
            <ul class="comments">
                {move || {
                    let runs = runs.get();
                    if runs.is_empty() {
                        return view! { <li class="none">"It has not been applied."</li> }.into_any();
                    }
                    runs.into_iter()
                        .map(|run| {
                            view! {
                                <li>
                                    <p class="by">
                                        <a href=format!("/runs/{}", run.id)>
                                            <When at=run.started_at />
                                        </a>
                                        " by "
                                        {run.actor}
                                        " "
                                        <RunBadge state=run.state />
                                    </p>
                                </li>
                            }
                        })
                        .collect_view()
                        .into_any()
                }}
            </ul>
        </section>
    }
}
