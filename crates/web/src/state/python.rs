//! Alembic's Python files in a project: read by a worker, and known by their content from then on.

use super::State;
use super::workspace::{File, Workspace};
use crate::js::python::{Answer, Candidate, Chosen, Reader, ToFill, ToRewrite, ToWrite, Written};
use cofferdam_engine::api::AlembicSetup;
use cofferdam_engine::digest::sha256;
use cofferdam_engine::revision::{Downgrade, Revision};
use cofferdam_engine::script::Reading;
use leptos::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the name of one of Alembic's revision files ends with.
pub const PYTHON: &str = ".py";

/// Rounds in which the reader may ask for more of a project's files; each one follows an import.
const ROUNDS: usize = 40;

/// Sets of files with which the answers to a file's questions are remembered.
const VIEWS: usize = 8;

/// The digest of a set of files: what a file that asks others says holds for one such set.
pub type View = String;

/// The set of these files, which come in order of path.
pub fn view<'a>(files: impl IntoIterator<Item = &'a File>) -> View {
    let names = files
        .into_iter()
        .map(|file| format!("{}\0{}\n", file.path, file.sha256));
    sha256(names.collect::<String>().as_bytes())
}

/// What is known of a file.
#[derive(Clone, Debug)]
struct Known {
    /// Without the files before it.
    alone: Arc<Reading>,
    /// With them, where it asks what they made: the newest set of files first.
    answered: Option<Vec<(View, Arc<Reading>)>>,
}

/// An Alembic project: what its own files say of it, and what was read in its Python files.
#[derive(Clone, Debug)]
pub struct Python {
    pub setup: Arc<AlembicSetup>,
    /// By path and SHA-256. A memory only: what a file's bytes say, alone or beside others, never changes.
    known: Arc<Mutex<HashMap<(String, String), Known>>>,
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

    fn known(&self) -> MutexGuard<'_, HashMap<(String, String), Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a file says without the others, where it has been read.
    pub fn alone(&self, file: &File) -> Option<Arc<Reading>> {
        Some(self.known().get(&key(file))?.alone.clone())
    }

    /// Whether a file has been read, and asks what others made.
    pub fn asks(&self, file: &File) -> bool {
        let known = self.known();
        known
            .get(&key(file))
            .is_some_and(|it| it.answered.is_some())
    }

    /// What a file that asks says beside the files of `view`, where that is known.
    pub fn answered(&self, file: &File, view: &View) -> Option<Arc<Reading>> {
        let known = self.known();
        let answered = known.get(&key(file))?.answered.as_ref()?;
        let (_, reading) = answered.iter().find(|(other, _)| other == view)?;
        Some(reading.clone())
    }

    fn learn(&self, file: &File, alone: Reading, asks: bool) {
        let known = Known {
            alone: Arc::new(alone),
            answered: asks.then(Vec::new),
        };
        self.known().entry(key(file)).or_insert(known);
    }

    fn learn_answer(&self, file: &File, view: &View, reading: Reading) {
        if let Some(known) = self.known().get_mut(&key(file)) {
            let answered = known.answered.get_or_insert_default();
            answered.retain(|(other, _)| other != view);
            answered.insert(0, (view.clone(), Arc::new(reading)));
            answered.truncate(VIEWS);
        }
    }
}

fn key(file: &File) -> (String, String) {
    (file.path.clone(), file.sha256.clone())
}

fn contents<'a>(files: &[&'a File]) -> impl Iterator<Item = (&'a str, &'a [u8])> {
    files
        .iter()
        .map(|file| (file.path.as_str(), file.bytes.as_slice()))
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
        if files.iter().all(|file| python.alone(file).is_some()) {
            return self.answer(python, &files).await;
        }
        self.busy
            .set(Some(format!("Reading {} Python files…", files.len())));
        let answer = match self.reader() {
            Ok(reader) => {
                let asked = contents(&files);
                reader.open(&python.setup.settings, asked).await
            }
            Err(error) => Err(error),
        };
        self.busy.set(None);
        let read = self.checked(answer)?;
        let view = view(files.iter().copied());
        for (file, read) in files.into_iter().zip(read) {
            python.learn(file, read.alone, read.answered.is_some());
            if let Some(answered) = read.answered {
                python.learn_answer(file, &view, answered);
            }
        }
        Ok(())
    }

    /// Reads those of `files`, which come in order of path, that ask what others of them made; unless that is known.
    async fn answer(self, python: &Python, files: &[&File]) -> Result<(), String> {
        let view = view(files.iter().copied());
        let is_known = |file: &&&File| !python.asks(file) || python.answered(file, &view).is_some();
        if files.iter().all(|file| is_known(&file)) {
            return Ok(());
        }
        let answer = match self.reader() {
            Ok(reader) => {
                let asked = contents(files);
                reader.answered(&python.setup.settings, asked).await
            }
            Err(error) => Err(error),
        };
        let mut answered: HashMap<String, Reading> = self.checked(answer)?.into_iter().collect();
        for file in files {
            if let Some(reading) = answered.remove(&file.path) {
                python.learn_answer(file, &view, reading);
            }
        }
        Ok(())
    }

    /// Reads a Python file that is not known yet, as one of the project `open`.
    pub async fn read_python(self, open: &Workspace, file: &File) -> Result<(), String> {
        let Some(python) = open.python.as_ref().filter(|_| file.path.ends_with(PYTHON)) else {
            return Ok(());
        };
        if python.alone(file).is_none() {
            let settings = &python.setup.settings;
            let answer = match self.reader() {
                Ok(reader) => reader.read(settings, &file.path, &file.bytes).await,
                Err(error) => Err(error),
            };
            let read = self.checked(answer)?;
            python.learn(file, read.reading, read.asks);
        }
        match python.asks(file) {
            true => self.answer(python, &open.beside(file)).await,
            false => Ok(()),
        }
    }

    /// The same project, where its files that ask what others made have been read beside those; what cannot be read stays
    /// unreadable, and that is said.
    pub(super) async fn answered(self, workspace: Workspace) -> Workspace {
        let Some(python) = workspace.python.clone().filter(|_| workspace.is_waiting) else {
            return workspace;
        };
        match self.answer(&python, &workspace.python_files()).await {
            Ok(()) => workspace.read_again(),
            Err(why) => {
                self.say(format!(
                    "The revisions that ask the database cannot be read again: {why}."
                ));
                workspace
            }
        }
    }

    /// Asks for what is in a project's own files. `names` are the paths of all of them, and `more` gives those that have to be
    /// looked into, which are put into `files`.
    async fn looked_into<T, More: Future<Output = Result<Vec<File>, String>>>(
        self,
        ask: impl AsyncFn(&Reader, &BTreeMap<String, File>) -> Result<Answer<T>, String>,
        files: &mut BTreeMap<String, File>,
        more: impl Fn(Vec<String>) -> More,
    ) -> Result<T, String> {
        for _ in 0..ROUNDS {
            let answer = match self.reader() {
                Ok(reader) => ask(&reader, files).await,
                Err(error) => Err(error),
            };
            match self.checked(answer)? {
                Answer::Done(found) => return Ok(found),
                Answer::Wrong(why) => return Err(why),
                Answer::Wanted(wanted) => {
                    let found = more(wanted).await?;
                    files.extend(found.into_iter().map(|file| (file.path.clone(), file)));
                }
            }
        }
        Err("the modules that env.py imports lead too far".into())
    }

    /// The Alembic projects among a folder's files, those that lie least deep first.
    pub(super) async fn candidates<More: Future<Output = Result<Vec<File>, String>>>(
        self,
        names: &[&str],
        more: impl Fn(Vec<String>) -> More,
    ) -> Result<Vec<Candidate>, String> {
        let ask = async |reader: &Reader, files: &BTreeMap<String, File>| {
            let files: Vec<&File> = files.values().collect();
            reader
                .candidates(names.iter().copied(), contents(&files))
                .await
        };
        // They are read again once one is chosen.
        self.looked_into(ask, &mut BTreeMap::new(), more).await
    }

    /// Reads what a project's own files say of it, as [`looked_into`](Self::looked_into) does; none where it is not one of
    /// Alembic's.
    pub(super) async fn set_up<More: Future<Output = Result<Vec<File>, String>>>(
        self,
        chosen: &Chosen,
        names: &[&str],
        files: &mut BTreeMap<String, File>,
        more: impl Fn(Vec<String>) -> More,
    ) -> Result<Option<Python>, String> {
        let ask = async |reader: &Reader, files: &BTreeMap<String, File>| {
            let files: Vec<&File> = files.values().collect();
            let names = names.iter().copied();
            reader.setup(chosen, names, contents(&files)).await
        };
        let setup = self.looked_into(ask, files, more).await?;
        Ok(setup.map(Python::new))
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

    /// Changes what the functions of a Python file of the open project do, each where it is given; none where its form does
    /// not allow it.
    pub async fn fill_python(
        self,
        workspace: &Workspace,
        text: &str,
        upgrade: Option<&str>,
        downgrade: Option<&Downgrade>,
    ) -> Result<Option<String>, String> {
        let Some(python) = &workspace.python else {
            return Err("the project is not one of Alembic's".into());
        };
        let asked = ToFill {
            text,
            upgrade,
            downgrade,
            settings: &python.setup.settings,
        };
        self.reader()?.fill(&asked).await
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
