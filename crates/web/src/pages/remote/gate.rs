//! A gate that is shut: what fails, and the way to it.

use crate::http::segment;
use cofferdam_engine::api::ShutGate;
use leptos::prelude::*;

#[component]
pub fn GateShut(gate: ShutGate) -> impl IntoView {
    let href = format!(
        "/changes/{}?environment={}",
        segment(&gate.change),
        segment(&gate.environment)
    );
    view! {
        <p class="lines">{gate.words}</p>
        <p>
            <a href=href>{format!("The gate of {} on {}", gate.change, gate.environment)}</a>
        </p>
    }
}
