//! The reader of Alembic's Python files as a wasm program of its own.
//!
//! The page loads it into a worker when a project of Python files is opened, and never before. It keeps nothing: what an
//! answer depends on comes with the question.

mod shelf;

use cofferdam_alembic::project::{self, Choice};
use cofferdam_alembic::{Depth, Settings, Source, read_beside, rewrite, write};
use cofferdam_engine::api::AlembicSetup;
use cofferdam_engine::revision::Revision;
use cofferdam_engine::script::Reading;
use serde::{Deserialize, Serialize};
use shelf::Shelf;
use wasm_bindgen::prelude::*;

fn main() {}

/// What a project's own files say of it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum SetUp {
    /// None where the project is not one of Alembic's.
    Done(Option<AlembicSetup>),
    /// Files that have to be looked into first; the question is asked again with them.
    Wanted(Vec<String>),
    /// Why the configuration cannot be used.
    Wrong(String),
}

/// Which configuration is meant, as [`Choice`] has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    ini: Option<String>,
    pyproject: Option<String>,
    here: String,
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

    /// Reads the project's configuration. Question and answer are JSON.
    pub fn setup(&self, chosen: &str) -> Result<String, String> {
        let chosen: Chosen = serde_json::from_str(chosen).map_err(words)?;
        let choice = Choice {
            ini: chosen.ini,
            pyproject: chosen.pyproject,
            here: chosen.here,
            ..Choice::default()
        };
        let read = project::read(&self.shelf, &choice, chosen.written.as_deref());
        let wanted = self.shelf.wanted();
        json(&match read {
            _ if !wanted.is_empty() => SetUp::Wanted(wanted),
            Ok(setup) => SetUp::Done(setup_of(setup)?),
            Err(error) => SetUp::Wrong(error.to_string()),
        })
    }

    /// Reads the revision files, in order of path. Settings and readings are JSON.
    pub fn read(&self, settings: &str) -> Result<String, String> {
        let settings: Settings = serde_json::from_str(settings).map_err(words)?;
        let readings: Vec<Reading> =
            cofferdam_alembic::read(&self.sources(), &settings, Depth::Whole);
        json(&readings)
    }

    /// Reads one revision file as one of these, whether it is among them or not.
    pub fn beside(&self, path: &str, bytes: &[u8], settings: &str) -> Result<String, String> {
        let settings: Settings = serde_json::from_str(settings).map_err(words)?;
        let file = Source { path, bytes };
        json(&read_beside(file, &self.sources(), &settings))
    }
}

impl Files {
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
