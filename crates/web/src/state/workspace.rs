//! An open project: its files, and what the engine reads in them.

use super::Draft;
use super::gathering::Gathered;
use super::python::{PYTHON, Python, View, view};
use crate::js::python::Candidate;
use cofferdam_engine::api::ProjectFiles;
use cofferdam_engine::change::{Change, ChangeId, FileError};
use cofferdam_engine::config::Config;
use cofferdam_engine::digest::sha256;
use cofferdam_engine::finding::Finding;
use cofferdam_engine::hazard::Statistics;
use cofferdam_engine::history::{History, HistoryError};
use cofferdam_engine::revision::{RevisionId, Script};
use cofferdam_engine::script::{self, Reading};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const CONFIG: &str = "cofferdam.toml";

/// Where a project's files come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Built into the app.
    Example,
    /// A folder that the person picked, which can be written.
    Folder {
        name: String,
        /// The Alembic project that was chosen among several.
        #[serde(default)]
        candidate: Option<Candidate>,
    },
    /// Files that the person picked.
    Files {
        name: String,
        #[serde(default)]
        candidate: Option<Candidate>,
    },
    Server {
        slug: String,
    },
}

impl Origin {
    /// What a project from here is kept under.
    pub fn key(&self) -> String {
        match self {
            Origin::Example => "example".into(),
            Origin::Folder { name, candidate } => format!("folder:{}", within(name, candidate)),
            Origin::Files { name, candidate } => format!("files:{}", within(name, candidate)),
            Origin::Server { slug } => format!("server:{slug}"),
        }
    }

    /// The Alembic project that was chosen among several of a folder.
    pub fn candidate(&self) -> Option<&Candidate> {
        match self {
            Origin::Folder { candidate, .. } | Origin::Files { candidate, .. } => {
                candidate.as_ref()
            }
            Origin::Example | Origin::Server { .. } => None,
        }
    }
}

/// A folder's name, with the place of the project in it that was chosen among several.
fn within(name: &str, candidate: &Option<Candidate>) -> String {
    let Some(candidate) = candidate else {
        return name.to_owned();
    };
    let mut words = name.to_owned();
    if let Some((folder, _)) = candidate.file.rsplit_once('/') {
        words = format!("{words}/{folder}");
    }
    if let Some(section) = &candidate.section {
        words = format!("{words} [{section}]");
    }
    words
}

/// A file of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub path: String,
    pub bytes: Vec<u8>,
    pub sha256: String,
}

impl File {
    pub fn new(path: String, bytes: Vec<u8>) -> Self {
        let sha256 = sha256(&bytes);
        File {
            path,
            bytes,
            sha256,
        }
    }

    /// The text; what is not UTF-8 in it is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// An open project, read whole. It never changes: another one takes its place.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub origin: Origin,
    /// In order of path.
    pub files: Arc<BTreeMap<String, File>>,
    pub config: Config,
    /// Where it is one of Alembic's.
    pub python: Option<Python>,
    /// Why its configuration, or all of its Python files, cannot be read.
    pub trouble: Option<String>,
    /// In order of path.
    pub findings: Vec<Finding>,
    /// Every script that could be read, in order of path.
    pub scripts: Vec<Script>,
    pub history: Result<Arc<History>, Vec<HistoryError>>,
    /// Saved only in this browser, by path.
    pub only_here: Vec<String>,
    /// Ids of revisions that are drafts.
    pub drafted: Vec<RevisionId>,
    /// A file asks what others made, and has not been read beside these yet: until then it says only what it says alone.
    pub is_waiting: bool,
    /// What was read in each revision file, so that files that stay are not read again.
    readings: BTreeMap<String, Arc<Reading>>,
}

impl PartialEq for Workspace {
    fn eq(&self, other: &Self) -> bool {
        self.origin == other.origin
            && self.files == other.files
            && self.python == other.python
            && self.trouble == other.trouble
            && self.only_here == other.only_here
            && self.drafted == other.drafted
            && self.is_waiting == other.is_waiting
    }
}

impl Workspace {
    /// Reads a project's files; those that are Python have been read before.
    pub fn read(origin: Origin, gathered: Gathered, only_here: Vec<String>) -> Self {
        Workspace::with_files(origin, gathered, only_here, None)
    }

    /// Reads the files, but for those that `before` has read already.
    fn with_files(
        origin: Origin,
        gathered: Gathered,
        only_here: Vec<String>,
        before: Option<&Workspace>,
    ) -> Self {
        let Gathered {
            files,
            python,
            trouble,
        } = gathered;
        let written = || files.get(CONFIG).map(|file| Config::read(&file.text()));
        let (config, trouble) = match (&python, trouble) {
            (Some(python), trouble) => (python.setup.config.clone(), trouble),
            (None, Some(trouble)) => (Config::default(), Some(trouble)),
            (None, None) => match written() {
                Some(Ok(config)) => (config, None),
                Some(Err(error)) => (Config::default(), Some(error.to_string())),
                None => (Config::default(), None),
            },
        };
        let mut scripts = Vec::new();
        let mut findings = Vec::new();
        let mut readings = BTreeMap::new();
        let is_revision = |file: &&File| is_revision_path(&file.path, &config, python.is_some());
        let view = python.as_ref().and_then(|python| {
            let revisions = files.values().filter(is_revision).filter(is_python);
            let asks = revisions.clone().any(|file| python.asks(file));
            asks.then(|| view(revisions))
        });
        let mut is_waiting = false;
        for file in files.values().filter(is_revision) {
            let reading = before
                .and_then(|before| before.reading(file))
                .unwrap_or_else(|| {
                    let (reading, waits) = read(python.as_ref(), file, view.as_ref());
                    is_waiting |= waits;
                    reading
                });
            if python.is_some() && reading.is_other_sql() {
                continue;
            }
            scripts.extend(reading.script.clone());
            findings.extend(reading.findings.iter().cloned());
            readings.insert(file.path.clone(), reading);
        }
        let history = History::of_project(scripts.clone(), &config.project).map(Arc::new);
        Workspace {
            origin,
            files: Arc::new(files),
            config,
            python,
            trouble,
            findings,
            scripts,
            history,
            only_here,
            drafted: Vec::new(),
            is_waiting,
            readings,
        }
    }

    /// What was read in `file`, where it is the same as then. What is known of Python files is asked for elsewhere: it may
    /// have come meanwhile.
    fn reading(&self, file: &File) -> Option<Arc<Reading>> {
        let same = self.files.get(&file.path)?.sha256 == file.sha256;
        let same = same && !file.path.ends_with(PYTHON);
        self.readings.get(&file.path).filter(|_| same).cloned()
    }

    /// What a file of this project says, wherever its text is.
    pub fn reading_of(&self, path: &str, text: &str) -> Arc<Reading> {
        let file = File::new(path.to_owned(), text.as_bytes().to_vec());
        let asks = self.python.as_ref().is_some_and(|it| it.asks(&file));
        let view = asks.then(|| view(self.beside(&file)));
        read(self.python.as_ref(), &file, view.as_ref()).0
    }

    /// The project's Python revision files, in order of path.
    pub fn python_files(&self) -> Vec<&File> {
        let revisions = self.readings.keys();
        let files = revisions.filter_map(|path| self.files.get(path));
        files.filter(is_python).collect()
    }

    /// The same files with `file` among them, in the place of the one at its path and of any with its revision.
    pub fn beside<'a>(&'a self, file: &'a File) -> Vec<&'a File> {
        let id = |file: &File| {
            let reading = self.python.as_ref()?.alone(file)?;
            Some(reading.script.as_ref()?.revision.id.clone())
        };
        let own = id(file);
        let mut files = self.python_files();
        files.retain(|other| other.path != file.path && (own.is_none() || id(other) != own));
        let at = files.partition_point(|other| other.path < file.path);
        files.insert(at, file);
        files
    }

    /// The same files, read with what is known by now.
    pub fn read_again(&self) -> Self {
        let mut workspace = self.with((*self.files).clone(), self.only_here.clone());
        workspace.drafted.clone_from(&self.drafted);
        workspace
    }

    /// These files instead, read as this project's.
    fn with(&self, files: BTreeMap<String, File>, only_here: Vec<String>) -> Self {
        let gathered = Gathered {
            files,
            python: self.python.clone(),
            trouble: self.python.as_ref().and(self.trouble.clone()),
        };
        Workspace::with_files(self.origin.clone(), gathered, only_here, Some(self))
    }

    /// What drafts and snapshots of this project are kept under.
    pub fn key(&self) -> String {
        self.origin.key()
    }

    pub fn slug(&self) -> Option<String> {
        match &self.origin {
            Origin::Server { slug } => Some(slug.clone()),
            _ => None,
        }
    }

    /// The project's name for people.
    pub fn name(&self) -> String {
        match (&self.origin, self.files.contains_key(CONFIG)) {
            (_, true) => self.config.project.name.clone(),
            (Origin::Server { .. }, _) if self.python.is_some() => self.config.project.name.clone(),
            (Origin::Folder { name, candidate } | Origin::Files { name, candidate }, _) => {
                within(name, candidate)
            }
            (Origin::Server { slug }, _) => slug.clone(),
            (Origin::Example, _) => "example".into(),
        }
    }

    /// The same project with one file changed (or gone), kept only in this browser.
    pub fn with_file(&self, path: &str, text: Option<&str>, only_here: bool) -> Self {
        let mut files = (*self.files).clone();
        match text {
            Some(text) => files.insert(
                path.to_owned(),
                File::new(path.to_owned(), text.as_bytes().to_vec()),
            ),
            None => files.remove(path),
        };
        let mut here = self.only_here.clone();
        here.retain(|other| other != path);
        if only_here {
            here.push(path.to_owned());
            here.sort();
        }
        self.with(files, here)
    }

    /// The same project as if `drafts` were saved; those that would break the history are left out.
    pub fn with_drafts(&self, drafts: &[&Draft]) -> Self {
        let all = self.overlaid(drafts);
        if all.history.is_ok() {
            return all;
        }
        let mut fitting: Vec<&Draft> = Vec::new();
        for draft in drafts {
            fitting.push(*draft);
            if self.overlaid(&fitting).history.is_err() {
                fitting.pop();
            }
        }
        self.overlaid(&fitting)
    }

    /// The same project with the texts of `drafts`; a text that is no revision is left out.
    fn overlaid(&self, drafts: &[&Draft]) -> Self {
        let mut files = (*self.files).clone();
        let mut drafted = Vec::new();
        for draft in drafts {
            let reading = self.reading_of(&draft.path, &draft.text);
            let Some(script) = &reading.script else {
                continue;
            };
            drafted.push(script.revision.id.clone());
            if let Some(base) = &draft.base {
                files.remove(&base.path);
            }
            files.insert(
                draft.path.clone(),
                File::new(draft.path.clone(), draft.text.as_bytes().to_vec()),
            );
        }
        let mut workspace = self.with(files, self.only_here.clone());
        workspace.drafted = drafted;
        workspace
    }

    pub fn script(&self, id: &RevisionId) -> Option<&Script> {
        match &self.history {
            Ok(history) => history.get(id),
            Err(_) => self.scripts.iter().find(|script| script.revision.id == *id),
        }
    }

    pub fn heads(&self) -> Vec<RevisionId> {
        self.history
            .as_ref()
            .map(|history| history.heads())
            .unwrap_or_default()
    }

    /// The project's breaking changes, in order of id; or why a file is none.
    pub fn changes(&self) -> Vec<Result<Change, FileError>> {
        let paths = self.files.range("changes/".to_owned()..);
        paths
            .take_while(|(path, _)| path.starts_with("changes/"))
            .filter_map(|(path, file)| {
                let name = path.strip_prefix("changes/")?.strip_suffix(".toml")?;
                let id = ChangeId::new(name).map_err(|error| FileError {
                    path: path.clone(),
                    message: error.to_string(),
                });
                Some(id.and_then(|id| Change::read(id, &file.text())))
            })
            .collect()
    }

    /// The change of that id; none where there is no such file.
    pub fn change(&self, id: &str) -> Option<Result<Change, FileError>> {
        let id = ChangeId::new(id).ok()?;
        let file = self.files.get(&id.path())?;
        Some(Change::read(id, &file.text()))
    }

    /// What is known of production's tables, where the project has a file of it.
    pub fn statistics(&self) -> Statistics {
        let file = self.config.lint.statistics.as_ref();
        let file = file.and_then(|path| self.files.get(path.trim_start_matches("./")));
        file.and_then(|file| serde_json::from_slice(&file.bytes).ok())
            .unwrap_or_default()
    }

    /// The history, or why the files make none, in words.
    pub fn sound_history(&self) -> Result<&Arc<History>, String> {
        self.history.as_ref().map_err(|errors| {
            let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
            words.join("; ")
        })
    }

    pub fn findings_of<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.findings
            .iter()
            .filter(move |finding| finding.path == path)
    }
}

/// Whether a file in one of the version locations, or below where that is said, is a revision file by its name.
/// `python`: the project is one of Alembic's.
pub fn is_revision_path(path: &str, config: &Config, python: bool) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let is_script =
        name.ends_with(".sql") || (python && name.ends_with(PYTHON) && name != "__init__.py");
    let seed = config.dry_run.seed.as_ref();
    is_script
        && seed.is_none_or(|seed| seed.file != path)
        && config.project.location_of(path).is_some()
}

fn is_python(file: &&File) -> bool {
    file.path.ends_with(PYTHON)
}

/// Reads a revision file as one of `view`, and says whether it asks those and was not read beside them yet. One of Python's
/// that nobody has read at all says nothing.
fn read(python: Option<&Python>, file: &File, view: Option<&View>) -> (Arc<Reading>, bool) {
    if !is_python(&file) {
        return (Arc::new(script::read(&file.path, &file.bytes)), false);
    }
    let known = python.and_then(|python| {
        let alone = python.alone(file)?;
        Some(match view.filter(|_| python.asks(file)) {
            None => (alone, false),
            Some(view) => match python.answered(file, view) {
                Some(reading) => (reading, false),
                None => (alone, true),
            },
        })
    });
    known.unwrap_or_else(|| {
        let nothing = Reading {
            script: None,
            findings: Vec::new(),
        };
        (Arc::new(nothing), false)
    })
}

/// The files that the server sent.
pub(super) fn of_server(project: &ProjectFiles) -> impl Iterator<Item = File> {
    project.files.iter().map(|file| File {
        path: file.path.clone(),
        bytes: match (&file.text, &file.base64) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(base64)) => decode(base64),
            (None, None) => Vec::new(),
        },
        sha256: file.sha256.clone(),
    })
}

/// The bytes of a base64 text of the server.
fn decode(base64: &str) -> Vec<u8> {
    // `atob` gives a character for each byte.
    let bytes = gloo::utils::window().atob(base64).unwrap_or_default();
    bytes.chars().map(|byte| byte as u8).collect()
}
