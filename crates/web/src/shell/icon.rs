//! The few drawings that the app needs.

use leptos::prelude::*;

/// A drawing by name; nothing for a name that is not there.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    if name == "logo" {
        return view! {
            <svg class="logo" viewBox="0 0 34 34" aria-hidden="true">
                <rect width="34" height="34" rx="8" fill="var(--accent)" />
                <path
                    d="M4 13c3 0 3-2.4 6-2.4M24 10.6c3 0 3 2.4 6 2.4M4 19c3 0 3-2.4 6-2.4M24 16.6c3 0 3 2.4 6 2.4"
                    stroke="var(--on-accent)"
                    stroke-width="1.7"
                    fill="none"
                    stroke-linecap="round"
                    opacity=".65"
                />
                <path
                    d="M11 7v20M23 7v20M11 27h12"
                    stroke="var(--on-accent)"
                    stroke-width="2.4"
                    stroke-linecap="round"
                    fill="none"
                />
                <circle cx="17" cy="21" r="2.6" fill="var(--on-accent)" />
            </svg>
        }
        .into_any();
    }
    let d = match name {
        "history" => {
            "M6 7v10M6 15c0-4 11-1 11-3M6 3a2 2 0 1 0 .01 0M6 17a2 2 0 1 0 .01 0M17 8a2 2 0 1 0 .01 0"
        }
        "dry-run" => "M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3M7.5 15h9",
        "changes" => "M4 7h10m0 0-3-3m3 3-3 3M20 17H10m0 0 3-3m-3 3 3 3",
        "plans" => "M8 6h12M8 12h12M8 18h12M3.5 6l1 1 1.6-2M3.5 12l1 1 1.6-2M3.5 18l1 1 1.6-2",
        "runs" => "M7 4.5v15l12-7.5z",
        "databases" => "M5 6c0 4 14 4 14 0S5 2 5 6v12c0 4 14 4 14 0V6",
        "settings" => {
            "M12 9a3 3 0 1 0 .01 0M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1"
        }
        "person" => "M12 4a4 4 0 1 0 .01 0M4 20c1.5-4 4.5-5.500 8-5.500s6.500 1.500 8 5.500",
        "copy" => "M9 9h10v11H9zM5 15V4h10",
        "warning" => "M12 4 2.500 20h19zM12 10v4M12 17v.01",
        _ => "",
    };
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=d />
        </svg>
    }
    .into_any()
}
