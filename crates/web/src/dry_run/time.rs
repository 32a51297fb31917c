//! The steady clock and waiting.

use gloo::timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Milliseconds of `performance.now()`.
pub fn now() -> f64 {
    leptos::prelude::window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}

/// Random bits, for the jitter of waiting.
pub fn seed() -> u64 {
    js_sys::Math::random().to_bits()
}

/// Waits until `at` on the clock of [`now`].
pub async fn until(at: f64) {
    let wait = (at - now()).clamp(0.0, f64::from(i32::MAX)) as u32;
    let promise = Promise::new(&mut |resolve, _| {
        Timeout::new(wait, move || {
            // A promise's own resolve function does not fail.
            let _ = resolve.call0(&JsValue::UNDEFINED);
        })
        .forget();
    });
    // This promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Long work in slices, between which the page lives on.
pub struct Slices {
    begun: f64,
}

impl Slices {
    /// Milliseconds of a slice: two frames of a screen.
    const LENGTH: f64 = 32.0;

    /// The first slice begins.
    pub fn new() -> Self {
        Slices { begun: now() }
    }

    pub fn is_over(&self) -> bool {
        now() - self.begun > Self::LENGTH
    }

    /// The next slice begins, after what else the page has to do.
    pub async fn rest(&mut self) {
        until(now()).await;
        self.begun = now();
    }
}
