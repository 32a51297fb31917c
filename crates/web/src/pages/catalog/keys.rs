//! The tree's keyboard, as the ARIA Authoring Practices have it for a tree view.

use super::Shared;
use super::rows::{Line, Path};
use leptos::prelude::*;
use leptos::web_sys::KeyboardEvent;
use wasm_bindgen::JsCast;

/// Arrow keys move, open and close; Home and End go to the ends; Enter and Space open or close.
pub fn press(shared: Shared, event: &KeyboardEvent) {
    let on_button = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.tag_name() == "BUTTON");
    if event.ctrl_key() || event.meta_key() || event.alt_key() || on_button {
        return;
    }
    let lines = shared.lines.get_untracked();
    let current = shared.current.get_untracked();
    let at = lines
        .iter()
        .position(|line| line.path == current)
        .unwrap_or(0);
    let Some(line) = lines.get(at) else { return };
    match event.key().as_str() {
        "ArrowDown" => go(shared, &lines, at + 1),
        "ArrowUp" => go(shared, &lines, at.saturating_sub(1)),
        "Home" => go(shared, &lines, 0),
        "End" => go(shared, &lines, lines.len() - 1),
        "ArrowRight" => match line.open {
            Some(false) => shared.toggle(&line.path),
            Some(true)
                if lines
                    .get(at + 1)
                    .is_some_and(|next| next.level() > line.level()) =>
            {
                go(shared, &lines, at + 1);
            }
            _ => {}
        },
        "ArrowLeft" => match (line.open, above(&lines, line)) {
            (Some(true), _) if shared.open.read_untracked().contains(&line.path) => {
                shared.toggle(&line.path);
            }
            (_, Some(above)) => go(shared, &lines, above),
            _ => {}
        },
        "Enter" | " " if line.open.is_some() => shared.toggle(&line.path),
        "*" => shared.open.update(|open| {
            let depth = line.level();
            let siblings = lines.iter().filter(|one| {
                one.open.is_some()
                    && one.level() == depth
                    && one.path[..depth - 1] == line.path[..depth - 1]
            });
            open.extend(siblings.map(|one| one.path.clone()));
        }),
        _ => return,
    }
    event.prevent_default();
}

/// The line that `line` stands below.
fn above(lines: &[Line], line: &Line) -> Option<usize> {
    let path: Path = line.path[..line.level() - 1].to_vec();
    lines.iter().position(|one| one.path == path)
}

fn go(shared: Shared, lines: &[Line], at: usize) {
    let Some(line) = lines.get(at) else { return };
    if at >= shared.drawn.get_untracked() {
        shared.drawn.set(at + super::DRAWN);
    }
    shared.current.set(line.path.clone());
    let id = shared.element_id(&line.path);
    // The line may have to be drawn first.
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
