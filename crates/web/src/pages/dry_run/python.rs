//! A revision that needs Python stands in the way: one stops below it, or goes on without what cannot be known.

use super::figures::counted;
use crate::dry_run::range::{Place, Project, Range, RangeError};
use cofferdam_engine::plan::PlanError;
use cofferdam_engine::revision::{RevisionId, Unreadable};
use leptos::prelude::*;
use leptos_router::components::A;

/// The value of `python=` in an address.
pub const LEFT_OUT: &str = "left-out";

/// The revision, and what can be done about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    pub id: RevisionId,
    /// In words, without a full stop.
    pub words: String,
    /// The state below it, where something can be run up to there.
    pub below: Option<RevisionId>,
    /// Some of its parts can be left out; what a file raises cannot.
    pub can_leave_out: bool,
}

/// The revision that stops the way up, or else the way down.
pub fn stop(
    project: &Project,
    from: &Place,
    planned: &Result<impl AsRef<Range>, RangeError>,
) -> Option<Stop> {
    let (error, is_up) = match planned {
        Err(RangeError::Plan(error)) => (error, true),
        Err(_) => return None,
        Ok(range) => (range.as_ref().down.as_ref().err()?, false),
    };
    let PlanError::Unreadable {
        revision,
        unreadable,
        ..
    } = error
    else {
        return None;
    };
    let script = project.history.get(revision)?;
    let below = match script.revision.down.as_slice() {
        [parent] if is_up => {
            let range = Range::new(project, from.clone(), Place::Target(parent.to_string())).ok();
            range.filter(|range| !range.is_empty()).map(|_| parent)
        }
        _ => None,
    };
    let way = if is_up { "way up" } else { "way down" };
    let message = match script.revision.message.as_str() {
        "" => String::new(),
        message => format!(" “{message}”"),
    };
    let words = format!(
        "{}{message} needs Python: {} of its {way} cannot be known without running the file",
        revision.short(),
        counted(unreadable.len() as u64, "part", "parts"),
    );
    Some(Stop {
        id: revision.clone(),
        words,
        below: below.cloned(),
        can_leave_out: unreadable.iter().all(has_source),
    })
}

/// Whether it is a part of the code, and not that the file raises.
pub fn has_source(part: &Unreadable) -> bool {
    !part.source.is_empty()
}

/// What can be done where a revision needs Python.
#[component]
pub fn NeedsPython(
    stop: Memo<Option<Stop>>,
    leaves_out: Memo<bool>,
    /// How many revisions of the range have parts that are left out.
    left_out: Signal<usize>,
    #[prop(into)] stop_at: Callback<RevisionId>,
    #[prop(into)] leave_out: Callback<bool>,
) -> impl IntoView {
    let stopped = move || {
        stop.get().map(|stop| {
            view! {
                <div class="dr-ways">
                    <A href=format!("/history/{}", stop.id) attr:class="btn sm">
                        "Show it"
                    </A>
                    {stop
                        .below
                        .map(|parent| {
                            let words = format!("Stop below it, at {}", parent.short());
                            view! {
                                <button type="button" class="btn sm" on:click=move |_| stop_at.run(parent.clone())>
                                    {words}
                                </button>
                            }
                        })}
                    {stop
                        .can_leave_out
                        .then(|| {
                            view! {
                                <button type="button" class="btn sm" on:click=move |_| leave_out.run(true)>
                                    "Leave out what needs Python"
                                </button>
                            }
                        })}
                </div>
            }
        })
    };
    view! {
        {stopped}
        <Show when=move || leaves_out.get()>
            <p class="dr-left-out">
                <span>
                    {move || match left_out.get() {
                        0 => "Nothing in this range needs Python.".to_owned(),
                        count => {
                            format!("{} without the parts that need Python.", counted(count as u64, "revision runs", "revisions run"))
                        }
                    }}
                </span>
                <button type="button" class="btn sm" on:click=move |_| leave_out.run(false)>
                    "Take them in again"
                </button>
            </p>
        </Show>
    }
}
