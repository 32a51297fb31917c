//! The only place where Rust and JavaScript meet: PGlite, the editor, files, storage.

pub mod clipboard;
pub mod editor;
pub mod exchange;
pub mod files;
pub mod network;
pub mod offline;
pub mod offset;
pub mod pglite;
pub mod python;
pub mod random;
pub mod store;

use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/src/js/load.js")]
extern "C" {
    fn load(address: &str) -> js_sys::Promise;
}

/// Loads an ECMAScript module that the build has put beside the page, once.
async fn module<T: JsCast>(path: &str) -> Result<T, String> {
    let loaded = JsFuture::from(load(&address(path)))
        .await
        .map_err(|error| words(&error))?;
    Ok(loaded.unchecked_into())
}

/// The full address of a file of the app, wherever the app is mounted and whatever page is open.
fn address(path: &str) -> String {
    let base = gloo::utils::document()
        .base_uri()
        .ok()
        .flatten()
        .unwrap_or_default();
    web_sys::Url::new_with_base(path, &base).map_or_else(|_| path.to_owned(), |url| url.href())
}

/// What a thrown value says.
fn words(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => thrown.as_string().unwrap_or_else(|| format!("{thrown:?}")),
    }
}

/// A serializable value as plain JavaScript data.
fn plain(value: &impl Serialize) -> JsValue {
    serde_json::to_string(value)
        .ok()
        .and_then(|text| js_sys::JSON::parse(&text).ok())
        .unwrap_or_default()
}

/// `object[name] = value`, on an object that takes any property.
fn set(object: &js_sys::Object, name: &str, value: &JsValue) {
    // Fails only on frozen objects and proxies.
    let _ = js_sys::Reflect::set(object, &name.into(), value);
}
