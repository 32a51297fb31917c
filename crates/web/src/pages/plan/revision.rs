//! One revision of a plan: its settings, then its segments, each transaction a bracket around the
//! statements that share it.

use super::Page;
use super::statement::Statement;
use crate::pages::remote::words;
use cofferdam_engine::plan::{Kind, Mode, Sealed, StepAt, StepKind};
use cofferdam_engine::revision::Direction;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Revision(page: Page, sealed: Arc<Sealed>, index: usize) -> impl IntoView {
    let plan = sealed.plan();
    let planned = &plan.revisions[index];
    let statements = planned
        .segments
        .iter()
        .flat_map(|segment| &segment.steps)
        .filter(|step| step.kind == StepKind::Statement)
        .count();
    let name = planned.revision.as_ref().map(|id| {
        let href = format!("/history/{id}");
        view! {
            <a class="id" href=href title=id.to_string()>
                <code>{id.short().to_owned()}</code>
            </a>
        }
    });
    let direction = match (plan.kind, planned.direction) {
        (Kind::Stamp, _) => view! { <span class="badge">"stamp"</span> }.into_any(),
        (_, Direction::Upgrade) => view! { <span class="badge">"upgrade"</span> }.into_any(),
        (_, Direction::Downgrade) => {
            view! { <span class="badge danger">"downgrade"</span> }.into_any()
        }
    };
    let settings = plan
        .settings
        .iter()
        .map(|sql| view! { <code class="setting">{sql.clone()}</code> })
        .collect_view();
    let many = planned.segments.len();
    let segments = (0..many)
        .map(|segment| {
            let sealed = sealed.clone();
            view! { <Part page sealed revision=index segment /> }
        })
        .collect_view();
    let message = if planned.message.is_empty() {
        planned.path.clone()
    } else {
        planned.message.clone()
    };
    view! {
        <details class="part revision" open id=format!("revision-{}", index + 1)>
            <summary>
                <span class="n num">{index + 1}</span>
                <h2>{message}</h2>
                {name}
                {direction}
                <span class="sub">{words::count(statements, "statement")}</span>
            </summary>
            <p class="settings">
                <span class="badge info">"settings"</span>
                " first, outside a transaction: "
                {settings}
            </p>
            {segments}
        </details>
    }
}

#[component]
fn Part(page: Page, sealed: Arc<Sealed>, revision: usize, segment: usize) -> impl IntoView {
    let planned = &sealed.plan().revisions[revision];
    let part = &planned.segments[segment];
    let many = planned.segments.len();
    let solo = part.mode == Mode::Outside;
    let label = match part.mode {
        Mode::Transaction => {
            let versions = part
                .steps
                .iter()
                .filter(|step| step.kind == StepKind::Version)
                .count();
            let parts = [
                (part.steps.len() - versions, "statement"),
                (versions, "version write"),
            ];
            let parts = parts
                .into_iter()
                .filter(|(n, _)| *n > 0)
                .map(|(n, one)| words::count(n, one));
            format!(
                "one transaction: {}",
                parts.collect::<Vec<_>>().join(" and ")
            )
        }
        Mode::Outside => "outside a transaction".into(),
        Mode::Batches => "in batches, each a transaction with its range of keys".into(),
    };
    let place = (many > 1).then(|| format!("part {} of {many}", segment + 1));
    let steps = (0..part.steps.len())
        .map(|step| {
            let at = StepAt {
                revision,
                segment,
                step,
            };
            view! { <Statement page sealed=sealed.clone() at /> }
        })
        .collect_view();
    view! {
        <div class="tx" class:solo=solo>
            <p class="lab">
                <span>{label}</span>
                {place.map(|place| view! { <span>{place}</span> })}
            </p>
            {steps}
        </div>
    }
}
