//! One small drawing a row: lanes, edges, and the revision's mark.

use super::row::Shape;
use cofferdam_engine::history::lanes::{Part, Row};
use leptos::prelude::*;

pub const HEIGHT: usize = 44;
const LEFT: usize = 14;
const COLORS: usize = 8;

/// Lanes beyond these are not drawn: the words need the room.
const WIDEST: usize = 12;

/// From one lane to the next: narrower where there are many, to leave room for the words.
fn pitch(lanes: usize) -> usize {
    if lanes > 3 { 12 } else { 16 }
}

/// How wide the drawing of a history with `lanes` lanes is, in CSS pixels.
pub fn width(lanes: usize) -> usize {
    LEFT + lanes.min(WIDEST) * pitch(lanes)
}

fn x(lane: usize, lanes: usize) -> usize {
    LEFT + lane.min(WIDEST) * pitch(lanes)
}

#[component]
pub fn Drawing(row: Row, shape: Shape, lanes: usize, edges: bool) -> impl IntoView {
    let width = width(lanes);
    let middle = HEIGHT / 2;
    let lines = row
        .edges
        .iter()
        .filter(|_| edges)
        .map(|edge| {
            let (from, to) = (x(edge.from, lanes), x(edge.to, lanes));
            let (top, bottom) = match edge.part {
                Part::Through => (0, HEIGHT),
                Part::Into => (0, middle),
                Part::OutOf => (middle, HEIGHT),
            };
            let d = if from == to {
                format!("M{from} {top}V{bottom}")
            } else {
                let half = (top + bottom) / 2;
                format!("M{from} {top}C{from} {half} {to} {half} {to} {bottom}")
            };
            let dashes = edge.dependency.then_some("3 3");
            view! {
                <path
                    d=d
                    stroke=format!("var(--lane-{})", edge.color % COLORS)
                    stroke-width="2"
                    fill="none"
                    stroke-dasharray=dashes
                />
            }
        })
        .collect_view();
    let at = x(if edges { row.lane } else { 0 }, lanes);
    let color = format!("var(--lane-{})", row.color % COLORS);
    let mark = match shape {
        Shape::Plain => view! { <circle cx=at cy=middle r="4.6" fill=color /> }.into_any(),
        Shape::Head => view! {
            <circle cx=at cy=middle r="6" fill="var(--paper)" stroke=color.clone() stroke-width="2.2" />
            <circle cx=at cy=middle r="2.6" fill=color />
        }
        .into_any(),
        Shape::Base => view! {
            <rect x=at - 5 y=middle - 5 width="10" height="10" rx="1.5" fill=color />
        }
        .into_any(),
        Shape::Merge => view! {
            <path
                d=format!("M{at} {}L{} {middle}L{at} {}L{} {middle}Z", middle - 7, at + 7, middle + 7, at - 7)
                fill="var(--paper)"
                stroke=color
                stroke-width="2"
            />
        }
        .into_any(),
        Shape::Draft => view! {
            <circle
                cx=at
                cy=middle
                r="5.2"
                fill="var(--paper)"
                stroke=color
                stroke-width="2"
                stroke-dasharray="2.4 2"
            />
        }
        .into_any(),
    };
    view! {
        <svg width=width height=HEIGHT viewBox=format!("0 0 {width} {HEIGHT}") aria-hidden="true">
            {lines}
            {mark}
        </svg>
    }
}
