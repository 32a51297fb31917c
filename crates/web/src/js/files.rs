//! Files of the person's machine: a folder lent by the browser, files chosen in a form, downloads, zip archives.

use super::{module, words};
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};

#[wasm_bindgen(module = "/src/js/files.js")]
extern "C" {
    #[wasm_bindgen(js_name = pickFolder)]
    fn js_pick_folder() -> Promise;
    #[wasm_bindgen(js_name = pickFiles)]
    fn js_pick_files(folder: bool) -> Promise;
    #[wasm_bindgen(js_name = readFolder)]
    fn js_read_folder(
        folder: &JsValue,
        wanted: &Closure<dyn Fn(String) -> bool>,
        skipped: &Closure<dyn Fn(String) -> bool>,
    ) -> Promise;
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

/// Asks for a folder or for single files to read once; empty when the person changed their mind, and an error where
/// none of them belongs to a project. Only from a click.
pub async fn pick_files(folder: bool) -> Result<Vec<ProjectFile>, String> {
    let picked = settled(js_pick_files(folder)).await?;
    if picked.is_null() {
        return Ok(Vec::new());
    }
    let picked = Array::from(&picked);
    let named = picked.iter().map(|file| {
        let file: File = file.unchecked_into();
        (relative_path(&file), file)
    });
    let (paths, files): (Vec<String>, Array) = named
        .filter(|(path, _)| is_wanted(path) && !path.rsplit('/').skip(1).any(is_skipped))
        .unzip();
    if paths.is_empty() {
        return Err("there is no .sql, .toml or .ini file among them".into());
    }
    let contents = Array::from(&settled(js_read_files(&files)).await?);
    let files = paths.into_iter().zip(contents.iter());
    let files = files.map(|(path, bytes)| ProjectFile {
        path,
        bytes: bytes.unchecked_into::<Uint8Array>().to_vec(),
    });
    Ok(sorted(files.collect()))
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

    /// The project's files in it, in order of path.
    pub async fn read(&self) -> Result<Vec<ProjectFile>, String> {
        let wanted = Closure::<dyn Fn(String) -> bool>::new(|path: String| is_wanted(&path));
        let skipped = Closure::<dyn Fn(String) -> bool>::new(|name: String| is_skipped(&name));
        let found = settled(js_read_folder(&self.0, &wanted, &skipped)).await?;
        let found = Array::from(&found);
        let files = found.iter().map(|pair| {
            let pair = Array::from(&pair);
            let bytes: Uint8Array = pair.get(1).unchecked_into();
            ProjectFile {
                path: pair.get(0).as_string().unwrap_or_default(),
                bytes: bytes.to_vec(),
            }
        });
        Ok(sorted(files.collect()))
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

/// What a project is made of: revisions, seeds and settings.
fn is_wanted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name.rsplit_once('.'), Some((_, "sql" | "toml" | "ini")))
}

/// Folders that hold no part of a project, and may be huge.
fn is_skipped(folder: &str) -> bool {
    folder.starts_with('.') || matches!(folder, "node_modules" | "target" | "venv" | "__pycache__")
}

/// The path below the chosen folder.
fn relative_path(file: &File) -> String {
    let path = js_sys::Reflect::get(file, &"webkitRelativePath".into()).unwrap_or_default();
    match path
        .as_string()
        .as_deref()
        .and_then(|path| path.split_once('/'))
    {
        Some((_, below)) => below.to_owned(),
        None => file.name(),
    }
}

fn sorted(mut files: Vec<ProjectFile>) -> Vec<ProjectFile> {
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

async fn settled(promise: Promise) -> Result<JsValue, String> {
    JsFuture::from(promise).await.map_err(|error| words(&error))
}
