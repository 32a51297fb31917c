//! Copies text.

use super::words;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Puts `text` on the clipboard. Browsers refuse it to pages that came over plain HTTP from another machine.
pub async fn copy(text: &str) -> Result<(), String> {
    let navigator = gloo::utils::window().navigator();
    if js_sys::Reflect::get(&navigator, &"clipboard".into())
        .is_ok_and(|clipboard| clipboard.is_undefined())
    {
        return Err(
            "the browser gives the clipboard only to pages served over HTTPS or from this machine"
                .into(),
        );
    }
    let written = JsFuture::from(navigator.clipboard().write_text(text)).await;
    written.map(|_: JsValue| ()).map_err(|error| words(&error))
}
