//! Alembic's Python files in a project: read by a worker, and known by their content from then on.

use super::State;
use super::workspace::{File, Workspace};
use crate::js::python::{Chosen, Reader, SetUp, ToRewrite, ToWrite, Written};
use cofferdam_engine::api::AlembicSetup;
use cofferdam_engine::revision::Revision;
use cofferdam_engine::script::Reading;
use leptos::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// What the name of one of Alembic's revision files ends with.
pub const PYTHON: &str = ".py";

/// Rounds in which the reader may ask for more of a project's files; each one follows an import.
const ROUNDS: usize = 40;

/// What was read in files, by their paths and SHA-256.
type Known = HashMap<(String, String), Arc<Reading>>;

/// An Alembic project: what its own files say of it, and what was read in its Python files.
#[derive(Clone, Debug)]
pub struct Python {
    pub setup: Arc<AlembicSetup>,
    /// A memory only: what a file's bytes say never changes.
    known: Arc<Mutex<Known>>,
}

impl PartialEq for Python {
    fn eq(&self, other: &Self) -> bool {
        self.setup == other.setup
    }
}

impl Python {
    pub fn new(setup: AlembicSetup) -> Self {
        Python {
            setup: Arc::new(setup),
            known: Arc::default(),
        }
    }

    /// What was read in a file, where it has been read.
    pub fn known(&self, file: &File) -> Option<Arc<Reading>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&(file.path.clone(), file.sha256.clone()))
            .cloned()
    }

    fn learn(&self, file: &File, reading: Reading) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert((file.path.clone(), file.sha256.clone()), Arc::new(reading));
    }
}

impl State {
    /// Reads all of a project's Python files, where one of them is not known yet.
    pub(super) async fn open_python<'a>(
        self,
        python: &Python,
        files: impl IntoIterator<Item = &'a File>,
    ) -> Result<(), String> {
        let mut files: Vec<&File> = files
            .into_iter()
            .filter(|file| file.path.ends_with(PYTHON))
            .collect();
        files.sort_by_key(|file| &file.path);
        if files.iter().all(|file| python.known(file).is_some()) {
            return Ok(());
        }
        self.busy
            .set(Some(format!("Reading {} Python files…", files.len())));
        let asked = files
            .iter()
            .map(|file| (file.path.as_str(), file.bytes.as_slice()));
        let answer = match self.reader() {
            Ok(reader) => reader.open(&python.setup.settings, asked).await,
            Err(error) => Err(error),
        };
        self.busy.set(None);
        let readings = self.checked(answer)?;
        for (file, reading) in files.into_iter().zip(readings) {
            python.learn(file, reading);
        }
        Ok(())
    }

    /// Reads a Python file that is not known yet, as one of the open project.
    pub async fn read_python(self, python: &Python, file: &File) -> Result<(), String> {
        if !file.path.ends_with(PYTHON) || python.known(file).is_some() {
            return Ok(());
        }
        let settings = &python.setup.settings;
        let answer = match self.reader() {
            Ok(reader) => reader.read(settings, &file.path, &file.bytes).await,
            Err(error) => Err(error),
        };
        python.learn(file, self.checked(answer)?);
        Ok(())
    }

    /// Reads what a project's own files say of it; none where it is not one of Alembic's. `names` are the paths of all its
    /// files, and `more` gives those that have to be looked into, which are put into `files`.
    pub(super) async fn set_up<More: Future<Output = Result<Vec<File>, String>>>(
        self,
        chosen: &Chosen,
        names: &[&str],
        files: &mut BTreeMap<String, File>,
        more: impl Fn(Vec<String>) -> More,
    ) -> Result<Option<Python>, String> {
        for _ in 0..ROUNDS {
            let given = files
                .values()
                .map(|file| (file.path.as_str(), file.bytes.as_slice()));
            let answer = match self.reader() {
                Ok(reader) => reader.setup(chosen, names.iter().copied(), given).await,
                Err(error) => Err(error),
            };
            match self.checked(answer)? {
                SetUp::Done(setup) => return Ok(setup.map(Python::new)),
                SetUp::Wrong(why) => return Err(why),
                SetUp::Wanted(wanted) => {
                    let found = more(wanted).await?;
                    files.extend(found.into_iter().map(|file| (file.path.clone(), file)));
                }
            }
        }
        Err("the modules that env.py imports lead too far".into())
    }

    /// Writes a revision as a Python file of the open project.
    pub async fn write_python(
        self,
        workspace: &Workspace,
        revision: &Revision,
    ) -> Result<Written, String> {
        let Some(python) = &workspace.python else {
            return Err("the project is not one of Alembic's".into());
        };
        let template = format!("{}/script.py.mako", python.setup.script_location);
        let template = workspace.files.get(template.trim_start_matches('/'));
        let asked = ToWrite {
            revision,
            template: template.map(File::text),
            settings: &python.setup.settings,
        };
        self.reader()?.write(&asked).await
    }

    /// Changes the header of a Python file; none where its form does not allow it.
    pub async fn rewrite_python(
        self,
        text: &str,
        revision: &Revision,
    ) -> Result<Option<String>, String> {
        self.reader()?.rewrite(&ToRewrite { text, revision }).await
    }

    /// The reader's worker, which is started with the first question.
    fn reader(self) -> Result<Rc<Reader>, String> {
        if let Some(reader) = self.reader.get_value() {
            return Ok(reader);
        }
        let reader = Rc::new(Reader::start()?);
        self.reader.set_value(Some(reader.clone()));
        Ok(reader)
    }

    /// A reader that failed is not asked again.
    fn checked<T>(self, answer: Result<T, String>) -> Result<T, String> {
        answer.map_err(|error| {
            self.reader.set_value(None);
            format!("the reader of Python files failed ({error}); reload the page")
        })
    }
}
