//! Files of the person's machine: a folder lent by the browser, files chosen in a form, downloads, zip archives.

use super::{module, words};
use js_sys::{Array, Promise, Uint8Array};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};

#[wasm_bindgen(module = "/src/js/files.js")]
extern "C" {
    #[wasm_bindgen(js_name = pickFolder)]
    fn js_pick_folder() -> Promise;
    #[wasm_bindgen(js_name = pickFiles)]
    fn js_pick_files(folder: bool) -> Promise;
    #[wasm_bindgen(js_name = listFolder)]
    fn js_list_folder(folder: &JsValue, skipped: &Closure<dyn Fn(String) -> bool>) -> Promise;
    #[wasm_bindgen(js_name = readFiles)]
    fn js_read_files(files: &Array) -> Promise;
    #[wasm_bindgen(js_name = readFile)]
    fn js_read_file(folder: &JsValue, path: &str) -> Promise;
    #[wasm_bindgen(js_name = writeFile)]
    fn js_write_file(folder: &JsValue, path: &str, content: &Uint8Array) -> Promise;
    #[wasm_bindgen(js_name = removeFile)]
    fn js_remove_file(folder: &JsValue, path: &str) -> Promise;
    #[wasm_bindgen(js_name = permission)]
    fn js_permission(folder: &JsValue, ask: bool) -> Promise;
}

#[wasm_bindgen]
extern "C" {
    type Bundle;
    #[wasm_bindgen(method, catch)]
    fn zip(this: &Bundle, files: &Array) -> Result<Uint8Array, JsValue>;
}

/// A file of a project: its path below the project's folder, with `/`, and its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectFile {
    pub path: String,
    pub bytes: Vec<u8>,
}

/// A folder on disk that the person picked; it can be kept in [`super::store`].
#[derive(Clone)]
pub struct Folder(JsValue);

/// Whether this browser lends folders that can be written back.
pub fn lends_folders() -> bool {
    js_sys::Reflect::has(&gloo::utils::window(), &"showDirectoryPicker".into()).unwrap_or(false)
}

/// Asks for a folder; none when the person changed their mind. Only from a click, and only where
/// [`lends_folders`].
pub async fn pick_folder() -> Result<Option<Folder>, String> {
    let handle = settled(js_pick_folder()).await?;
    Ok(Some(handle).filter(|handle| !handle.is_null()).map(Folder))
}

/// The files of a folder, or those chosen in a form, by path; read one by one as they are wanted.
pub struct Listing {
    entries: BTreeMap<String, JsValue>,
}

/// Asks for a folder or for single files to read once; none when the person changed their mind. Only from a click.
pub async fn pick_files(folder: bool) -> Result<Option<Listing>, String> {
    let picked = settled(js_pick_files(folder)).await?;
    if picked.is_null() {
        return Ok(None);
    }
    let picked = Array::from(&picked);
    let named = picked.iter().map(|file| {
        let file: File = file.unchecked_into();
        (relative_path(&file), file.into())
    });
    // The picked folder itself may have any name.
    let is_kept = |(path, _): &(String, JsValue)| {
        let inside = path.split_once('/').map_or("", |(_, inside)| inside);
        !inside.rsplit('/').skip(1).any(is_skipped)
    };
    let entries = named.filter(is_kept).collect();
    Ok(Some(Listing { entries }))
}

impl Listing {
    /// In order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The same files by other paths; those without one are left out.
    pub fn renamed(self, name: impl Fn(&str) -> Option<String>) -> Self {
        let entries = self.entries.into_iter();
        Listing {
            entries: entries
                .filter_map(|(path, entry)| Some((name(&path)?, entry)))
                .collect(),
        }
    }

    /// Reads those files of `paths` that there are.
    pub async fn read(
        &self,
        paths: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Vec<ProjectFile>, String> {
        let (paths, entries): (Vec<String>, Array) = paths
            .into_iter()
            .map(Into::into)
            .filter_map(|path: String| {
                let entry = self.entries.get(&path)?.clone();
                Some((path, entry))
            })
            .unzip();
        let contents = Array::from(&settled(js_read_files(&entries)).await?);
        let files = paths.into_iter().zip(contents.iter());
        let files = files.map(|(path, bytes)| ProjectFile {
            path,
            bytes: bytes.unchecked_into::<Uint8Array>().to_vec(),
        });
        Ok(files.collect())
    }
}

impl Folder {
    /// A handle that was kept.
    pub fn from_handle(handle: JsValue) -> Self {
        Self(handle)
    }

    pub fn handle(&self) -> &JsValue {
        &self.0
    }

    pub fn name(&self) -> String {
        let name = js_sys::Reflect::get(&self.0, &"name".into()).unwrap_or_default();
        name.as_string().unwrap_or_default()
    }

    /// Whether it may be written now. A kept folder must be asked for again, by a click.
    pub async fn permission(&self, ask: bool) -> Result<bool, String> {
        Ok(settled(js_permission(&self.0, ask)).await?.is_truthy())
    }

    /// The files in it.
    pub async fn list(&self) -> Result<Listing, String> {
        let skipped = Closure::<dyn Fn(String) -> bool>::new(|name: String| is_skipped(&name));
        let found = Array::from(&settled(js_list_folder(&self.0, &skipped)).await?);
        let entries = found.iter().map(|pair| {
            let pair = Array::from(&pair);
            (pair.get(0).as_string().unwrap_or_default(), pair.get(1))
        });
        Ok(Listing {
            entries: entries.collect(),
        })
    }

    /// One file as it is now; none when it is not there. Compare before writing.
    pub async fn read_file(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let bytes = settled(js_read_file(&self.0, path)).await?;
        Ok(bytes.dyn_ref().map(Uint8Array::to_vec))
    }

    /// Writes a file, and the folders on its way.
    pub async fn write_file(&self, path: &str, bytes: &[u8]) -> Result<(), String> {
        settled(js_write_file(&self.0, path, &Uint8Array::from(bytes)))
            .await
            .map(drop)
    }

    pub async fn remove_file(&self, path: &str) -> Result<(), String> {
        settled(js_remove_file(&self.0, path)).await.map(drop)
    }
}

/// Saves a text where the browser puts downloads.
pub fn download(name: &str, text: &str) {
    download_bytes(name, "application/sql", text.as_bytes());
}

/// Saves `bytes` where the browser puts downloads.
pub fn download_bytes(name: &str, mime: &str, bytes: &[u8]) {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &options) else {
        return;
    };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else {
        return;
    };
    if let Ok(link) = gloo::utils::document().create_element("a") {
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The browser reads the blob after the click has returned.
    gloo::timers::callback::Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
}

/// A zip archive of `files`.
pub async fn zip(files: &[ProjectFile]) -> Result<Vec<u8>, String> {
    let bundle: Bundle = module("vendor/zip.js").await?;
    let pairs: Array = files
        .iter()
        .map(|file| {
            Array::of2(
                &file.path.as_str().into(),
                &Uint8Array::from(file.bytes.as_slice()),
            )
        })
        .collect();
    bundle
        .zip(&pairs)
        .map(|archive| archive.to_vec())
        .map_err(|error| words(&error))
}

/// Folders that hold no part of a project, and may be huge.
fn is_skipped(folder: &str) -> bool {
    folder.starts_with('.')
        || matches!(
            folder,
            "node_modules" | "target" | "venv" | "site-packages" | "__pycache__"
        )
}

/// The path, which begins with the chosen folder's name where one was chosen.
fn relative_path(file: &File) -> String {
    let path = js_sys::Reflect::get(file, &"webkitRelativePath".into()).unwrap_or_default();
    let path = path.as_string().filter(|path| !path.is_empty());
    path.unwrap_or_else(|| file.name())
}

async fn settled(promise: Promise) -> Result<JsValue, String> {
    JsFuture::from(promise).await.map_err(|error| words(&error))
}
