//! Times: relative in the page, exact on hover and in copies.

use leptos::prelude::*;

const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A time of the server (RFC 3339).
#[component]
pub fn When(#[prop(into)] at: String) -> impl IntoView {
    view! {
        <time datetime=at.clone() title=at.clone()>
            {ago(&at)}
        </time>
    }
}

/// Milliseconds since 1970; none where `at` is no time.
pub fn millis(at: &str) -> Option<f64> {
    let ms = js_sys::Date::parse(at);
    (!ms.is_nan()).then_some(ms)
}

fn ago(at: &str) -> String {
    let Some(ms) = millis(at) else {
        return at.to_owned();
    };
    let gone = js_sys::Date::now() - ms;
    let count = |size: f64, unit: &str| {
        let n = (gone / size).floor();
        format!("{n} {unit}{} ago", if n == 1.0 { "" } else { "s" })
    };
    if gone < MINUTE {
        "just now".into()
    } else if gone < HOUR {
        count(MINUTE, "minute")
    } else if gone < DAY {
        count(HOUR, "hour")
    } else if gone < 7.0 * DAY {
        count(DAY, "day")
    } else {
        let date = js_sys::Date::new(&ms.into());
        let month = MONTHS.get(date.get_month() as usize).unwrap_or(&"");
        format!("{} {month} {}", date.get_date(), date.get_full_year())
    }
}
