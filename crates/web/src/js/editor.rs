//! The SQL editor: CodeMirror, loaded when the first editor is mounted.
//!
//! All offsets are UTF-16 code units; [`super::offset`] converts.

use super::{module, plain, words};
use serde::Serialize;
use std::ops::Range;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    type Bundle;
    #[wasm_bindgen(method, catch)]
    fn mount(
        this: &Bundle,
        parent: &HtmlElement,
        options: &JsValue,
        changed: &JsValue,
    ) -> Result<View, JsValue>;

    type View;
    #[wasm_bindgen(method)]
    fn doc(this: &View) -> String;
    #[wasm_bindgen(method, js_name = setDoc)]
    fn set_doc(this: &View, doc: &str);
    #[wasm_bindgen(method)]
    fn replace(this: &View, from: u32, to: u32, text: &str);
    #[wasm_bindgen(method, js_name = setDiagnostics)]
    fn set_diagnostics(this: &View, diagnostics: &JsValue);
    #[wasm_bindgen(method, js_name = setTables)]
    fn set_tables(this: &View, tables: &JsValue);
    #[wasm_bindgen(method, js_name = goTo)]
    fn go_to(this: &View, offset: u32);
    #[wasm_bindgen(method)]
    fn destroy(this: &View);
}

/// What a text is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Sql,
    Python,
}

impl Language {
    /// By the ending of a file's name.
    pub fn of(path: &str) -> Self {
        match path.ends_with(".py") {
            true => Language::Python,
            false => Language::Sql,
        }
    }
}

/// How an editor starts.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    pub doc: String,
    /// What a screen reader calls it.
    pub label: String,
    pub language: Language,
    pub read_only: bool,
    pub placeholder: String,
}

/// A table to offer while typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// None where it need not be said.
    pub schema: Option<String>,
    pub name: String,
    pub columns: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Info,
}

/// Something to say about a range of the text: in the margin, under the text, and in a list (F8, Ctrl+Shift+M).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub from: u32,
    pub to: u32,
    pub severity: Severity,
    pub message: String,
    /// Who says so, such as a hazard's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What takes it away, offered with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// An edit that is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    pub title: String,
    pub changes: Vec<Change>,
}

/// A part of the text, and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub from: u32,
    pub to: u32,
    pub insert: String,
}

/// One editor on the page. Dropping it takes it off the page.
pub struct Editor {
    view: View,
    _changed: Closure<dyn FnMut(String)>,
}

impl Editor {
    /// Puts an editor into `parent`; `changed` gets the whole text after every change by the person or by
    /// [`replace`](Self::replace).
    pub async fn mount(
        parent: &HtmlElement,
        options: &Options,
        changed: impl FnMut(String) + 'static,
    ) -> Result<Self, String> {
        let bundle: Bundle = module("vendor/editor.js").await?;
        let changed = Closure::<dyn FnMut(String)>::new(changed);
        let view = bundle
            .mount(parent, &plain(options), changed.as_ref())
            .map_err(|error| words(&error))?;
        Ok(Self {
            view,
            _changed: changed,
        })
    }

    pub fn doc(&self) -> String {
        self.view.doc()
    }

    /// Shows another document: the old one's history is gone, and `changed` is not called.
    pub fn set_doc(&self, doc: &str) {
        self.view.set_doc(doc);
    }

    /// Edits as if typed: it can be undone, and `changed` is called.
    pub fn replace(&self, range: Range<u32>, text: &str) {
        self.view.replace(range.start, range.end, text);
    }

    /// Replaces all diagnostics.
    pub fn set_diagnostics(&self, diagnostics: &[Diagnostic]) {
        self.view.set_diagnostics(&plain(&diagnostics));
    }

    /// Offers these tables while typing, in the place of the earlier ones.
    pub fn set_tables(&self, tables: &[Table]) {
        self.view.set_tables(&plain(&tables));
    }

    /// Puts the cursor at `offset`, in view, with the focus.
    pub fn go_to(&self, offset: u32) {
        self.view.go_to(offset);
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.view.destroy();
    }
}
