//! A file that changed under a draft: the three versions side by side, and what to do.

use super::desk::Desk;
use crate::state::drafts::Base;
use cofferdam_engine::api::Conflict;
use cofferdam_engine::rewrite::plain;
use cofferdam_engine::three_way::{self, Hunk, Kind};
use leptos::prelude::*;
use std::ops::Range;

/// Unchanged lines shown around a change.
const AROUND: usize = 3;

/// What the author decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Mine,
    Theirs,
    Both,
}

#[component]
pub fn ConflictView(
    desk: Desk,
    conflict: Conflict,
    decide: impl Fn(Choice, Conflict) + Copy + 'static,
    close: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let base = desk
        .base
        .get_untracked()
        .filter(|base| base.path == conflict.path);
    let mine = desk.text_now();
    let theirs = conflict.theirs.as_deref().map(plain);
    let three = base.is_some();
    let place = NodeRef::<leptos::html::Section>::new();
    place.on_load(|section| {
        // Fails only for elements that are gone.
        let _ = section.focus();
    });
    let columns = RwSignal::new(true);
    let texts = StoredValue::new((
        base.map(|base| plain(&base.text)).unwrap_or_default(),
        mine,
        theirs.clone().unwrap_or_default(),
    ));
    let clashes = texts.with_value(|(base, mine, theirs)| three_way::merged(base, mine, theirs).1);
    let conflict = StoredValue::new(conflict);
    let choose = move |choice| decide(choice, conflict.get_value());
    let reason = conflict.with_value(|conflict| conflict.reason.clone());
    let path = conflict.with_value(|conflict| conflict.path.clone());
    let there = theirs.is_some();
    let words = match (three, there, clashes) {
        (false, true, _) => "Give yours another file name, or look at what is there.".to_owned(),
        (_, false, _) => {
            "Your text is kept here. Save it as a new file, or let it go with the other.".to_owned()
        }
        (true, true, 0) => {
            "You and they changed different lines: both changes fit together.".to_owned()
        }
        (true, true, 1) => "One place was changed on both sides.".to_owned(),
        (true, true, n) => format!("{n} places were changed on both sides."),
    };
    view! {
        <section
            class="wr-conflict"
            tabindex="-1"
            node_ref=place
            aria-labelledby="wr-conflict-head"
            aria-describedby="wr-conflict-words"
        >
            <header>
                <h2 id="wr-conflict-head">{reason}</h2>
                <code>{path}</code>
                <p id="wr-conflict-words">{words}" Nothing has been written over, and nothing is lost."</p>
            </header>
            <div class="wr-actions">
                {there
                    .then(|| {
                        view! {
                            {three
                                .then(|| {
                                    view! {
                                        <button type="button" class="btn pri" on:click=move |_| choose(Choice::Both)>
                                            {if clashes == 0 { "Take both changes" } else { "Edit both together" }}
                                        </button>
                                        <button type="button" class="btn" on:click=move |_| choose(Choice::Mine)>
                                            "Keep mine over theirs"
                                        </button>
                                        <button type="button" class="btn" on:click=move |_| choose(Choice::Theirs)>
                                            "Take theirs, drop mine"
                                        </button>
                                    }
                                })}
                            <button
                                type="button"
                                class="btn"
                                aria-pressed=move || columns.get().to_string()
                                on:click=move |_| columns.update(|columns| *columns = !*columns)
                            >
                                {move || if columns.get() { "Show in one column" } else { "Show side by side" }}
                            </button>
                            <button
                                type="button"
                                class="btn"
                                on:click=move |_| {
                                    conflict
                                        .with_value(|conflict| {
                                            let theirs = conflict.theirs.as_deref().unwrap_or_default();
                                            crate::save::download(&conflict.path, theirs);
                                        });
                                }
                            >
                                "Download theirs"
                            </button>
                        }
                    })}
                {(!there)
                    .then(|| {
                        view! {
                            <button type="button" class="btn pri" on:click=move |_| choose(Choice::Mine)>
                                "Save mine as a new file"
                            </button>
                            <button type="button" class="btn" on:click=move |_| choose(Choice::Theirs)>
                                "Drop mine too"
                            </button>
                        }
                    })}
                <button type="button" class="btn" on:click=move |_| close()>
                    "Decide later"
                </button>
            </div>
            {move || {
                let shown = || texts.with_value(|(base, mine, theirs)| {
                    if columns.get() {
                        side_by_side(base, mine, theirs, three).into_any()
                    } else {
                        unified(mine, theirs).into_any()
                    }
                });
                there.then(shown)
            }}
        </section>
    }
}

/// The draft's base from now on, once its author has seen the conflict.
pub fn their_base(conflict: &Conflict) -> Option<Base> {
    Some(Base {
        path: conflict.path.clone(),
        text: conflict.theirs.clone()?,
        sha256: conflict.theirs_sha256.clone()?,
    })
}

fn side_by_side(base: &str, mine: &str, theirs: &str, three: bool) -> impl IntoView + use<> {
    let (b, m, t) = (
        three_way::lines(base),
        three_way::lines(mine),
        three_way::lines(theirs),
    );
    let hunks = three_way::hunks(if three { &b } else { &t }, &m, &t);
    let cell = |lines: &[&str], range: &Range<usize>| {
        view! {
            <td>
                <pre>{lines[range.clone()].concat()}</pre>
            </td>
        }
    };
    let rows = pieces(&hunks)
        .into_iter()
        .map(|piece| match piece {
            Piece::Gap(lines) => view! {
                <tr class="gap">
                    <td colspan="3">{lines}" unchanged lines"</td>
                </tr>
            }
            .into_any(),
            Piece::Lines(hunk) => view! {
                <tr class=class(hunk.kind)>
                    {three.then(|| cell(&b, &hunk.base))} {cell(&m, &hunk.mine)} {cell(&t, &hunk.theirs)}
                </tr>
            }
            .into_any(),
        })
        .collect_view();
    view! {
        <div class="wr-columns" tabindex="0" role="region" aria-label="The versions side by side">
            <table>
                <thead>
                    <tr>
                        {three.then(|| view! { <th scope="col">"When you began"</th> })}
                        <th scope="col">"Yours"</th>
                        <th scope="col">"Theirs, now"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// What is shown of the stretches: long unchanged ones without their middle.
enum Piece {
    Lines(Hunk),
    Gap(usize),
}

fn pieces(hunks: &[Hunk]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, hunk) in hunks.iter().enumerate() {
        let length = hunk.base.len();
        let head = if at == 0 { 0 } else { AROUND };
        let tail = if at + 1 == hunks.len() { 0 } else { AROUND };
        if hunk.kind != Kind::Same || length <= head + tail + AROUND {
            pieces.push(Piece::Lines(hunk.clone()));
            continue;
        }
        let part = |from: usize, to: usize| {
            let cut = |range: &Range<usize>| range.start + from..range.start + to;
            Hunk {
                base: cut(&hunk.base),
                mine: cut(&hunk.mine),
                theirs: cut(&hunk.theirs),
                kind: hunk.kind,
            }
        };
        if head > 0 {
            pieces.push(Piece::Lines(part(0, head)));
        }
        pieces.push(Piece::Gap(length - head - tail));
        if tail > 0 {
            pieces.push(Piece::Lines(part(length - tail, length)));
        }
    }
    pieces
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Same => "same",
        Kind::Mine => "mine",
        Kind::Theirs => "theirs",
        Kind::Alike => "alike",
        Kind::Clash => "clash",
    }
}

/// From theirs to yours, in one column.
fn unified(mine: &str, theirs: &str) -> impl IntoView + use<> {
    let (m, t) = (three_way::lines(mine), three_way::lines(theirs));
    let line = |class: &'static str, lines: &[&str]| {
        (!lines.is_empty()).then(|| view! { <pre class=class>{lines.concat()}</pre> })
    };
    let rows = pieces(&three_way::hunks(&t, &m, &t))
        .into_iter()
        .map(|piece| match piece {
            Piece::Gap(lines) => view! { <p>{lines}" unchanged lines"</p> }.into_any(),
            Piece::Lines(hunk) if hunk.kind == Kind::Same => line("same", &m[hunk.mine]).into_any(),
            Piece::Lines(hunk) => {
                (line("del", &t[hunk.base]), line("ins", &m[hunk.mine])).into_any()
            }
        })
        .collect_view();
    view! {
        <div class="wr-unified" tabindex="0" role="region" aria-label="Theirs, and what yours changes in it">
            {rows}
        </div>
    }
}
