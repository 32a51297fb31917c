//! The reader of Alembic's Python files: a wasm program of its own in a Web Worker, loaded with the first question.

use super::exchange::Exchange;
use super::set;
use cofferdam_engine::api::AlembicSetup;
use cofferdam_engine::revision::{Downgrade, Revision};
use cofferdam_engine::script::Reading;
use js_sys::{Array, Object, Uint8Array};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A worker that reads Python files. Dropping it ends the worker.
pub struct Reader {
    exchange: Exchange,
}

/// An Alembic project that a folder's files tell of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Candidate {
    /// What tells of it: an `alembic.ini`, a `pyproject.toml`, or an `env.py` that no such file names.
    pub file: String,
    /// The INI file's section, where it is not `[alembic]`.
    pub section: Option<String>,
}

/// Which configuration is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// None where the project folder's own is.
    pub candidate: Option<Candidate>,
    /// The text of `cofferdam.toml`.
    pub written: Option<String>,
}

/// What is in a project's own files.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer<T> {
    Done(T),
    /// Files that have to be given first.
    Wanted(Vec<String>),
    /// Why the configuration cannot be used.
    Wrong(String),
}

/// What one of a project's revision files says.
#[derive(Clone, Debug, Deserialize)]
pub struct Read {
    /// Without the files before it.
    pub alone: Reading,
    /// With them, where it asks what they made.
    pub answered: Option<Reading>,
}

/// What a file says without the others, and whether it asks what those before it made.
#[derive(Clone, Debug, Deserialize)]
pub struct Alone {
    pub reading: Reading,
    pub asks: bool,
}

/// A revision to be written as Python.
#[derive(Serialize)]
pub struct ToWrite<'a> {
    pub revision: &'a Revision,
    /// The text of the project's `script.py.mako`.
    pub template: Option<String>,
    pub settings: &'a serde_json::Value,
}

/// A file whose header is to be changed.
#[derive(Serialize)]
pub struct ToRewrite<'a> {
    pub text: &'a str,
    pub revision: &'a Revision,
}

/// A file whose functions are to do something else, each where it is given.
#[derive(Serialize)]
pub struct ToFill<'a> {
    pub text: &'a str,
    pub upgrade: Option<&'a str>,
    pub downgrade: Option<&'a Downgrade>,
    pub settings: &'a serde_json::Value,
}

/// A file that Alembic runs.
#[derive(Clone, Debug, Deserialize)]
pub struct Written {
    pub text: String,
    /// Why it is not in the form of the project's template.
    pub notice: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply<T> {
    Done(T),
    Failed(String),
}

impl Reader {
    pub fn start() -> Result<Self, String> {
        let exchange = Exchange::start("vendor/python.worker.js")?;
        Ok(Self { exchange })
    }

    /// The Alembic projects in `files`, those that lie least deep first; `names` are the paths of all files that there are.
    pub async fn candidates<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
        files: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Answer<Vec<Candidate>>, String> {
        let message = named(names, files);
        self.ask("candidates", &message).await
    }

    /// Reads a project's configuration out of `files`; `names` are the paths of all files that there are. None where the
    /// project is not one of Alembic's.
    pub async fn setup<'a>(
        &self,
        chosen: &Chosen,
        names: impl Iterator<Item = &'a str>,
        files: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Answer<Option<AlembicSetup>>, String> {
        let message = named(names, files);
        set(&message, "chosen", &json(chosen)?.into());
        self.ask("setup", &message).await
    }

    /// Reads all of a project's revision files, which come in order of path; so do the readings.
    pub async fn open<'a>(
        &self,
        settings: &serde_json::Value,
        files: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Vec<Read>, String> {
        let message = asked(files);
        set(&message, "settings", &json(settings)?.into());
        self.ask("open", &message).await
    }

    /// Reads those of a project's revision files that ask what the ones before them made; by path.
    pub async fn answered<'a>(
        &self,
        settings: &serde_json::Value,
        files: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Vec<(String, Reading)>, String> {
        let message = asked(files);
        set(&message, "settings", &json(settings)?.into());
        self.ask("answered", &message).await
    }

    /// Reads one file without the others.
    pub async fn read(
        &self,
        settings: &serde_json::Value,
        path: &str,
        bytes: &[u8],
    ) -> Result<Alone, String> {
        let message = Object::new();
        set(&message, "path", &path.into());
        set(&message, "bytes", &Uint8Array::from(bytes));
        set(&message, "settings", &json(settings)?.into());
        self.ask("read", &message).await
    }

    /// Writes a revision as Python.
    pub async fn write(&self, asked: &ToWrite<'_>) -> Result<Written, String> {
        let message = Object::new();
        set(&message, "asked", &json(asked)?.into());
        self.ask("write", &message).await
    }

    /// Changes a file's header; none where its form does not allow it.
    pub async fn rewrite(&self, asked: &ToRewrite<'_>) -> Result<Option<String>, String> {
        let message = Object::new();
        set(&message, "asked", &json(asked)?.into());
        self.ask("rewrite", &message).await
    }

    /// Changes what a file's functions do; none where its form does not allow it.
    pub async fn fill(&self, asked: &ToFill<'_>) -> Result<Option<String>, String> {
        let message = Object::new();
        set(&message, "asked", &json(asked)?.into());
        self.ask("fill", &message).await
    }

    async fn ask<T: DeserializeOwned>(&self, op: &str, message: &Object) -> Result<T, String> {
        let reply = self.exchange.call(op, message).await?;
        match serde_json::from_str(&reply) {
            Ok(Reply::Done(done)) => Ok(done),
            Ok(Reply::Failed(why)) => Err(why),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn named<'a>(
    names: impl Iterator<Item = &'a str>,
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Object {
    let message = asked(files);
    let names: Array = names.map(wasm_bindgen::JsValue::from).collect();
    set(&message, "names", &names);
    message
}

fn asked<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Object {
    let files: Array = files
        .map(|(path, bytes)| Array::of2(&path.into(), &Uint8Array::from(bytes)))
        .collect();
    let message = Object::new();
    set(&message, "files", &files);
    message
}

fn json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}
