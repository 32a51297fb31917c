//! The plan's hazards: how many, and the way to each.

use super::Page;
use super::statement::element_id;
use cofferdam_engine::finding::Severity;
use cofferdam_engine::hazard::Hazard;
use cofferdam_engine::plan::{StepAt, StepKind};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlElement};

/// Hazards that are named here; all of them stand beside their statements.
const NAMED: usize = 12;

/// A hazard that nothing answers, with its statement.
#[derive(Clone, PartialEq)]
struct Place {
    at: StepAt,
    code: &'static str,
    is_danger: bool,
    /// The revision's message, or its id.
    revision: String,
}

#[component]
pub fn Hazards(page: Page) -> impl IntoView {
    let places = Memo::new(move |_| places(page));
    let named = move || {
        places.with(|places| {
            let shown = places.iter().take(NAMED).cloned().map(link);
            let more = places.len().saturating_sub(NAMED);
            (!places.is_empty()).then(|| {
                view! {
                    <ul>
                        {shown.collect_view()}
                        {(more > 0).then(|| view! { <li>{format!("and {more} more, beside their statements")}</li> })}
                    </ul>
                }
            })
        })
    };
    view! {
        <div class="plan-hazards">
            <p role="status">{move || summary(page)}</p>
            {named}
        </div>
    }
}

/// How many there are, by severity.
fn summary(page: Page) -> String {
    page.judged.with(|judged| {
        let all: Vec<&Hazard> = judged
            .iter()
            .flatten()
            .flat_map(|step| &step.hazards)
            .collect();
        let count = |severity: Severity, one: &str, many: &str| {
            let open = all.iter().filter(|hazard| hazard.allowed.is_none());
            match open.filter(|hazard| hazard.severity == severity).count() {
                0 => None,
                1 => Some(format!("1 {one}")),
                count => Some(format!("{count} {many}")),
            }
        };
        let allowed = all.iter().filter(|hazard| hazard.allowed.is_some()).count();
        let parts: Vec<String> = [
            count(Severity::Error, "danger", "dangers"),
            count(Severity::Warning, "warning", "warnings"),
            count(Severity::Note, "note", "notes"),
            (allowed > 0).then(|| format!("{allowed} allowed with a reason")),
        ]
        .into_iter()
        .flatten()
        .collect();
        match (judged.is_empty(), parts.is_empty()) {
            (true, _) => String::new(),
            (false, true) => "No hazard is known in these statements.".to_owned(),
            (false, false) => format!("Hazards: {}.", parts.join(", ")),
        }
    })
}

/// Dangers first, each in the order of the statements.
fn places(page: Page) -> Vec<Place> {
    let Some(sealed) = page.plan() else {
        return Vec::new();
    };
    let plan = sealed.plan();
    let mut places: Vec<Place> = page.judged.with(|judged| {
        let steps = plan
            .steps()
            .filter(|(_, step)| step.kind == StepKind::Statement);
        let found = steps.flat_map(|(at, step)| {
            let ordinal = step.place.as_ref().map(|place| place.ordinal);
            let step = judged
                .get(at.revision)
                .and_then(|steps| steps.get(ordinal?));
            let planned = &plan.revisions[at.revision];
            let id = planned.revision.as_ref().map(|id| id.short().to_owned());
            let revision = match planned.message.is_empty() {
                true => id.unwrap_or_default(),
                false => planned.message.clone(),
            };
            step.into_iter()
                .flat_map(|step| &step.hazards)
                .filter(|hazard| hazard.allowed.is_none() && hazard.severity > Severity::Note)
                .map(move |hazard| Place {
                    at,
                    code: hazard.rule.code,
                    is_danger: hazard.severity == Severity::Error,
                    revision: revision.clone(),
                })
        });
        found.collect()
    });
    places.sort_by_key(|place| !place.is_danger);
    places
}

fn link(place: Place) -> impl IntoView {
    let class = if place.is_danger { "no" } else { "wa" };
    let at = place.at;
    view! {
        <li>
            <button type="button" class="plain-link" on:click=move |_| show(at)>
                <code class=class>{place.code}</code>
                " in "
                {place.revision}
            </button>
        </li>
    }
}

/// Opens the revision of a statement, and goes to it.
fn show(at: StepAt) {
    let Some(card) = document().get_element_by_id(&element_id(at)) else {
        return;
    };
    let part = card.closest("details").ok().flatten();
    if let Some(part) = part.and_then(|it| it.dyn_into::<HtmlDetailsElement>().ok()) {
        part.set_open(true);
    }
    card.scroll_into_view();
    if let Ok(card) = card.dyn_into::<HtmlElement>() {
        // Fails only for elements that are gone.
        let _ = card.focus();
    }
}
