//! What every database starts from, fetched and compiled once for the page and handed to each new worker.

use super::BootError;
use crate::js::{address, set, words};
use js_sys::Promise;
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Response;

pub struct Parts {
    /// The compiled engine, a `WebAssembly.Module`.
    module: JsValue,
    /// PostgreSQL's share directory, a `Blob`.
    files: JsValue,
    /// An empty database, a `Blob`.
    data_directory: JsValue,
    pub contents: Contents,
}

/// `contents.json`, written by public/js/build/pglite.js.
#[derive(Deserialize)]
pub struct Contents {
    pub version: String,
    extensions: BTreeMap<String, Bundle>,
}

#[derive(Deserialize)]
struct Bundle {
    /// None for what is built in.
    archive: Option<String>,
    requires: Vec<String>,
}

thread_local! {
    static LOADED: RefCell<Option<Rc<Parts>>> = const { RefCell::new(None) };
    static LOADING: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

impl Parts {
    /// The parts; several callers at once share one download, and a failed one is tried again.
    pub async fn get() -> Result<Rc<Self>, BootError> {
        if LOADED.with_borrow(Option::is_none) {
            let loading = LOADING.with_borrow_mut(|loading| {
                loading
                    .get_or_insert_with(|| future_to_promise(load()))
                    .clone()
            });
            let outcome = JsFuture::from(loading).await;
            LOADING.take();
            outcome.map_err(|error| BootError::Load(words(&error)))?;
        }
        LOADED
            .with_borrow(Option::clone)
            .ok_or_else(|| BootError::Load("its files are gone".into()))
    }

    /// The part of a `boot` message that is the same for every database.
    pub fn message(&self) -> js_sys::Object {
        let message = js_sys::Object::new();
        set(&message, "module", &self.module);
        set(&message, "files", &self.files);
        set(&message, "dataDirectory", &self.data_directory);
        message
    }
}

async fn load() -> Result<JsValue, JsValue> {
    let file = |name: &str| {
        gloo::utils::window().fetch_with_str(&address(&format!("vendor/pglite/{name}")))
    };
    // All of them come at the same time.
    let module = js_sys::WebAssembly::compile_streaming(&file("pglite.wasm"));
    let files = future_to_promise(blob(file("pglite.data")));
    let data_directory = future_to_promise(blob(file("database.tar")));
    let contents = file("contents.json");
    let parts = Parts {
        files: JsFuture::from(files).await?,
        data_directory: JsFuture::from(data_directory).await?,
        contents: read(&JsFuture::from(whole(contents).await?.text()?).await?)?,
        module: JsFuture::from(module.unchecked_into::<Promise>()).await?,
    };
    LOADED.set(Some(Rc::new(parts)));
    Ok(JsValue::UNDEFINED)
}

async fn blob(request: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(whole(request).await?.blob()?).await
}

async fn whole(request: Promise) -> Result<Response, JsValue> {
    let response: Response = JsFuture::from(request).await?.dyn_into()?;
    match response.ok() {
        true => Ok(response),
        false => Err(format!("{} answered {}", response.url(), response.status()).into()),
    }
}

fn read(text: &JsValue) -> Result<Contents, JsValue> {
    let text = text.as_string().unwrap_or_default();
    serde_json::from_str(&text)
        .map_err(|error| format!("the list of extensions cannot be read: {error}").into())
}

impl Contents {
    /// The archives of `wanted` and of what they require, by name of extension.
    pub fn archives(&self, wanted: &[String]) -> Result<BTreeMap<&str, &str>, BootError> {
        let unknown: Vec<_> = wanted
            .iter()
            .filter(|name| !self.extensions.contains_key(*name))
            .cloned()
            .collect();
        if !unknown.is_empty() {
            return Err(BootError::UnknownExtensions {
                unknown,
                available: self.extensions.keys().cloned().collect(),
            });
        }
        let mut archives = BTreeMap::new();
        let mut open: Vec<&str> = wanted.iter().map(String::as_str).collect();
        while let Some(name) = open.pop() {
            let Some((name, bundle)) = self.extensions.get_key_value(name) else {
                continue;
            };
            let Some(archive) = &bundle.archive else {
                continue;
            };
            if archives.insert(name.as_str(), archive.as_str()).is_none() {
                open.extend(bundle.requires.iter().map(String::as_str));
            }
        }
        Ok(archives)
    }
}
