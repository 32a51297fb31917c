//! The reader of Alembic's Python files as a wasm program of its own.
//!
//! The page loads it into a worker when a project of Python files is opened, and never before. What an answer depends on
//! comes with the question; files that were read before are remembered by what is in them.

mod memory;
mod shelf;

use cofferdam_alembic::project::{self, Candidate};
use cofferdam_alembic::{Settings, Source, rewrite, write};
use cofferdam_engine::api::AlembicSetup;
use cofferdam_engine::revision::{Downgrade, Revision};
use cofferdam_engine::script::Reading;
use serde::{Deserialize, Serialize};
use shelf::Shelf;
use wasm_bindgen::prelude::*;

fn main() {}

/// What is in a project's own files.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer<T> {
    Done(T),
    /// Files that have to be looked into first; the question is asked again with them.
    Wanted(Vec<String>),
    /// Why the configuration cannot be used.
    Wrong(String),
}

/// Which configuration is meant.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    /// None where the project folder's own is.
    candidate: Option<Candidate>,
    /// The text of `cofferdam.toml`.
    written: Option<String>,
}

/// The files of one question.
#[wasm_bindgen]
#[derive(Default)]
pub struct Files {
    shelf: Shelf,
}

/// A revision to be written as Python.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToWrite {
    revision: Revision,
    /// The text of the project's `script.py.mako`.
    template: Option<String>,
    settings: Settings,
}

/// Its text, and why that is not in the form of the project's template.
#[derive(Serialize)]
struct Written {
    text: String,
    notice: Option<String>,
}

/// Writes a revision as a file that Alembic runs. Question and answer are JSON.
#[wasm_bindgen]
pub fn write(asked: &str) -> Result<String, String> {
    let asked: ToWrite = serde_json::from_str(asked).map_err(words)?;
    let template = asked.template.as_deref();
    let written = write::write(&asked.revision, template, &asked.settings);
    let written = written.map_err(|error| error.to_string())?;
    json(&Written {
        text: written.text,
        notice: written.notice,
    })
}

/// A file whose header is to be changed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToRewrite {
    text: String,
    revision: Revision,
}

/// Changes a file's header; `null` where its form does not allow it. Question and answer are JSON.
#[wasm_bindgen]
pub fn rewrite(asked: &str) -> Result<String, String> {
    let asked: ToRewrite = serde_json::from_str(asked).map_err(words)?;
    json(&rewrite::with_header(&asked.text, &asked.revision))
}

/// A file whose functions are to do something else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToFill {
    text: String,
    upgrade: Option<String>,
    downgrade: Option<Downgrade>,
    settings: Settings,
}

/// Changes a file's functions; `null` where its form does not allow it. Question and answer are JSON.
#[wasm_bindgen]
pub fn fill(asked: &str) -> Result<String, String> {
    let asked: ToFill = serde_json::from_str(asked).map_err(words)?;
    json(&write::fill(
        &asked.text,
        asked.upgrade.as_deref(),
        asked.downgrade.as_ref(),
        &asked.settings,
    ))
}

#[wasm_bindgen]
impl Files {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// There is a file at `path`, whose bytes may be given later.
    pub fn name(&mut self, path: String) {
        self.shelf.name(path);
    }

    pub fn put(&mut self, path: String, bytes: Vec<u8>) {
        self.shelf.put(path, bytes);
    }

    /// The Alembic projects that there are, those that lie least deep first. The answer is JSON.
    pub fn candidates(&self) -> Result<String, String> {
        let found = project::candidates(&self.shelf);
        json(&self.answer(Ok::<_, String>(found)))
    }

    /// Reads the project's configuration. Question and answer are JSON; `null` where the project is not one of Alembic's.
    pub fn setup(&self, chosen: &str) -> Result<String, String> {
        let chosen: Chosen = serde_json::from_str(chosen).map_err(words)?;
        let choice = chosen
            .candidate
            .map(|candidate| candidate.choice(&self.shelf))
            .unwrap_or_default();
        let read = project::read(&self.shelf, &choice, chosen.written.as_deref());
        json(&match self.answer(read) {
            Answer::Done(setup) => Answer::Done(setup_of(setup)?),
            Answer::Wanted(wanted) => Answer::Wanted(wanted),
            Answer::Wrong(why) => Answer::Wrong(why),
        })
    }

    /// Reads the revision files, in order of path. Settings and answer are JSON.
    pub fn read(&self, settings: &str) -> Result<String, String> {
        json(&memory::read(&self.sources(), settings)?)
    }

    /// What those of the revision files say that ask what the ones before them made, with their paths. Settings and answer
    /// are JSON.
    pub fn answered(&self, settings: &str) -> Result<String, String> {
        let sources = self.sources();
        let paths = sources.iter().map(|source| source.path);
        let read = memory::read(&sources, settings)?;
        let answered: Vec<(&str, Reading)> = paths
            .zip(read)
            .filter_map(|(path, read)| Some((path, read.answered?)))
            .collect();
        json(&answered)
    }
}

/// Reads one revision file without the others, which it may ask. Settings and answer are JSON.
#[wasm_bindgen]
pub fn alone(path: &str, bytes: &[u8], settings: &str) -> Result<String, String> {
    json(&memory::alone(&Source { path, bytes }, settings)?)
}

impl Files {
    fn answer<T>(&self, found: Result<T, impl std::fmt::Display>) -> Answer<T> {
        let wanted = self.shelf.wanted();
        match found {
            _ if !wanted.is_empty() => Answer::Wanted(wanted),
            Ok(found) => Answer::Done(found),
            Err(error) => Answer::Wrong(error.to_string()),
        }
    }

    fn sources(&self) -> Vec<Source<'_>> {
        let files = self.shelf.files();
        files.map(|(path, bytes)| Source { path, bytes }).collect()
    }
}

fn setup_of(setup: project::Setup) -> Result<Option<AlembicSetup>, String> {
    let Some(home) = setup.alembic else {
        return Ok(None);
    };
    Ok(Some(AlembicSetup {
        config: setup.config,
        settings: serde_json::to_value(&setup.settings).map_err(words)?,
        file: home.file,
        script_location: home.script_location,
        notices: setup.notices.iter().map(ToString::to_string).collect(),
    }))
}

fn json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(words)
}

fn words(error: serde_json::Error) -> String {
    error.to_string()
}
