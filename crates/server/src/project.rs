//! The project folder: its configuration, the revision files, the seed file.
//!
//! Files are the truth. Everything here reads the folder anew; nothing is cached.

mod change_files;
mod error;
mod folder;
mod index;
mod name;
mod writing;

pub use change_files::{CHANGE, CHANGES, change_of};
pub use error::ProjectError;
pub use folder::Folder;
pub use name::now;

use cofferdam_alembic::project::{self as alembic, Choice, Home, Notice};
use cofferdam_alembic::{Depth, Settings, Source};
use cofferdam_engine::config::{self, Config};
use cofferdam_engine::digest::sha256;
use cofferdam_engine::finding::{Finding, Severity};
use cofferdam_engine::history::History;
use cofferdam_engine::revision::Script;
use cofferdam_engine::script::{self, Reading};
use folder::Inside;
use index::Index;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// The file that makes a folder a project.
pub const CONFIG: &str = "cofferdam.toml";

/// What a native revision file's name ends with.
const SQL: &str = ".sql";

/// What the name of one of Alembic's ends with.
const PYTHON: &str = ".py";

/// A project as its folder holds it at one moment.
#[derive(Clone, Debug)]
pub struct Project {
    pub folder: Folder,
    /// As it holds in the end: what `cofferdam.toml` does not say comes from Alembic's files.
    pub config: Config,
    /// What the SQL of Alembic's operations depends on.
    pub settings: Settings,
    /// Where it is an Alembic project, too.
    pub alembic: Option<Home>,
    /// What cannot be known of the configuration, and matters.
    pub notices: Vec<Notice>,
    /// The configuration that was asked for.
    pub choice: Choice,
    /// Every file that matters: revision files and those of changes (where they were read, see [`Project::look`]),
    /// `cofferdam.toml`, the seed file; in order of path.
    pub files: Vec<File>,
    /// What could be read, in order of path.
    pub scripts: Vec<Script>,
    /// What was found in the revision files, in order of path; not what is in their SQL.
    pub findings: Vec<Finding>,
}

/// One file's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Relative to the project folder, with `/`.
    pub path: String,
    pub bytes: Vec<u8>,
    pub sha256: String,
}

/// The project folder meant by someone who stands in `start`: the nearest one upwards that has a `cofferdam.toml` or
/// an Alembic configuration, else `start` itself. A `cofferdam.toml` further up that names this `alembic.ini` goes
/// before it, as its rules hold for it.
pub fn find(start: &Path) -> PathBuf {
    let mut folders = start.ancestors();
    let Some(found) = folders.find(|folder| is_project(folder)) else {
        return start.to_owned();
    };
    let named = |folder: &&Path| {
        let text = std::fs::read_to_string(folder.join(CONFIG)).ok();
        let config = text.and_then(|text| Config::read(&text).ok());
        let ini = config.and_then(|config| config.alembic.config);
        ini.is_some_and(|ini| folder.join(ini) == found.join(alembic::INI))
    };
    let above = (!found.join(CONFIG).is_file()).then(|| found.ancestors().find(named));
    above.flatten().unwrap_or(found).to_owned()
}

/// Whether a folder has a file that makes it a project.
pub fn is_project(folder: &Path) -> bool {
    let pyproject = || std::fs::read_to_string(folder.join(alembic::PYPROJECT)).ok();
    folder.join(CONFIG).is_file()
        || folder.join(alembic::INI).is_file()
        || pyproject().is_some_and(|text| alembic::is_alembic(&text))
}

impl Project {
    /// Reads the folder, as [`Project::open_as`] does, with the configuration that is there.
    #[cfg(test)]
    pub fn open(root: &Path) -> Result<Self, ProjectError> {
        Project::open_as(root, &Choice::default(), Depth::Whole)
    }

    /// Reads the folder. Without any configuration, a folder with `versions/` in it has the default settings.
    /// `depth` is how much of Alembic's Python files is read.
    pub fn open_as(root: &Path, choice: &Choice, depth: Depth) -> Result<Self, ProjectError> {
        Project::read(root, choice, depth, Freshness::Anew)
    }

    /// Reads the folder as [`Project::open_as`] does, for a command that only looks: revision files that are as they
    /// were are not read again, and `files` has none of them, nor those of changes.
    pub fn look(root: &Path, choice: &Choice, depth: Depth) -> Result<Self, ProjectError> {
        Project::read(root, choice, depth, Freshness::Kept)
    }

    /// What the folder's configuration says, without a revision.
    pub fn configured(root: &Path, choice: &Choice) -> Result<Self, ProjectError> {
        Ok(Project::set_up(root, choice)?.0)
    }

    /// The project without its files, and `cofferdam.toml` as it is written.
    fn set_up(root: &Path, choice: &Choice) -> Result<(Self, Option<Vec<u8>>), ProjectError> {
        let folder = Folder::open(root)?;
        let choice = Choice {
            root: folder.root().to_str().map(|root| root.replace('\\', "/")),
            ..choice.clone()
        };
        let written = folder.read(CONFIG)?;
        let text = written.as_deref().map(utf8).transpose()?;
        let setup = alembic::read(&folder, &choice, text)?;
        let project = Project {
            folder,
            config: setup.config,
            settings: setup.settings,
            alembic: setup.alembic,
            notices: setup.notices,
            choice,
            files: Vec::new(),
            scripts: Vec::new(),
            findings: Vec::new(),
        };
        Ok((project, written))
    }

    fn read(
        root: &Path,
        choice: &Choice,
        depth: Depth,
        freshness: Freshness,
    ) -> Result<Self, ProjectError> {
        let (mut project, written) = Project::set_up(root, choice)?;
        project.read_revisions(depth, freshness, written.is_some())?;
        if let Some(bytes) = written {
            project.files.push(File::new(CONFIG.into(), bytes));
        }
        if let Some(seed) = &project.config.dry_run.seed
            && let Some(bytes) = project.folder.read(&seed.file)?
        {
            project.files.push(File::new(seed.file.clone(), bytes));
        }
        if freshness == Freshness::Anew {
            project.read_changes()?;
        }
        project.files.sort_by(|a, b| a.path.cmp(&b.path));
        project.files.dedup_by(|a, b| a.path == b.path);
        Ok(project)
    }

    fn read_revisions(
        &mut self,
        depth: Depth,
        freshness: Freshness,
        is_configured: bool,
    ) -> Result<(), ProjectError> {
        let (paths, index) = rayon::join(
            || self.paths(is_configured),
            || match freshness {
                Freshness::Kept => Index::load(&self.folder, &self.settings, depth),
                Freshness::Anew => None,
            },
        );
        let paths = paths?;
        let readings = match index.filter(|index| index.is_worth(&paths)) {
            Some(index) => index::read(index, &self.folder, &paths, &self.settings, depth)?,
            None => self.read_anew(&paths, depth)?,
        };
        let alembic = self.alembic.is_some();
        for reading in readings {
            if alembic && reading.is_other_sql() {
                continue;
            }
            self.scripts.extend(reading.script);
            self.findings.extend(reading.findings);
        }
        Ok(())
    }

    /// The paths of the revision files, in order.
    fn paths(&self, is_configured: bool) -> Result<Vec<String>, ProjectError> {
        let mut paths = Vec::new();
        let mut missing = Vec::new();
        for location in self.config.project.locations() {
            let listed = match self.config.project.recursive_version_locations {
                true => self.folder.list_below(location, self.endings())?,
                false => self.folder.list(location, self.endings())?,
            };
            match listed {
                Some(listed) => paths.extend(listed),
                None => missing.push(location),
            }
        }
        // Alembic leaves a version location that is not there alone.
        if let Some(location) = missing.first().filter(|_| self.alembic.is_none()) {
            if !is_configured {
                return Err(ProjectError::NotAProject(self.folder.root().to_owned()));
            }
            // Only the folder that a new project has anyway is made by its first revision.
            let usual = config::Project::default().versions;
            if *location != usual || self.folder.root().join(location).exists() {
                return Err(ProjectError::NoVersions((*location).to_owned()));
            }
        }
        paths.sort();
        paths.dedup();
        // Packages have such a file; Alembic passes over it.
        paths.retain(|path| !path.ends_with("/__init__.py") && path != "__init__.py");
        Ok(paths)
    }

    fn read_anew(&mut self, paths: &[String], depth: Depth) -> Result<Vec<Reading>, ProjectError> {
        let inside = Inside::of(&self.folder, paths)?;
        let files: Result<Vec<Option<File>>, ProjectError> = paths
            .par_iter()
            .map(|path| {
                // A file may go between the listing and the reading.
                let bytes = inside.read(path)?;
                Ok(bytes.map(|bytes| match depth {
                    Depth::Whole => File::new(path.clone(), bytes),
                    Depth::Header => File {
                        path: path.clone(),
                        bytes,
                        sha256: String::new(),
                    },
                }))
            })
            .collect();
        self.files = files?.into_iter().flatten().collect();
        let known = self.files.iter().map(|_| None).collect();
        let read = read_files(&self.files, known, &self.settings, depth);
        Ok(read.into_iter().map(|read| read.reading).collect())
    }

    /// Reads a file as one of this project's.
    pub fn read_file(&self, path: &str, bytes: &[u8]) -> Reading {
        match path.ends_with(PYTHON) {
            true => {
                cofferdam_alembic::read(&[Source { path, bytes }], &self.settings, Depth::Whole)
                    .pop()
                    .unwrap_or(Reading {
                        script: None,
                        findings: Vec::new(),
                    })
            }
            false => script::read(path, bytes),
        }
    }

    /// What the names of revision files end with.
    fn endings(&self) -> &'static [&'static str] {
        match self.alembic {
            Some(_) => &[SQL, PYTHON],
            None => &[SQL],
        }
    }

    /// The history of the files. Every file must be readable: a missing revision would make a
    /// different history.
    pub fn history(&self) -> Result<History, ProjectError> {
        self.check_read()?;
        Ok(History::of_project(
            self.scripts.clone(),
            &self.config.project,
        )?)
    }

    /// The history, as [`Project::history`] gives it, for a command, which needs it to its end: the scripts move into it,
    /// and the process ends without freeing them one by one, which takes as long as reading them.
    pub fn take_history(&mut self) -> Result<&'static History, ProjectError> {
        self.check_read()?;
        let scripts = std::mem::take(&mut self.scripts);
        let history = History::of_project(scripts, &self.config.project)?;
        Ok(Box::leak(Box::new(history)))
    }

    fn check_read(&self) -> Result<(), ProjectError> {
        let read = |path: &str| self.scripts.iter().any(|script| script.path == path);
        let unread: Vec<Finding> = self
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error && !read(&finding.path))
            .cloned()
            .collect();
        if !unread.is_empty() {
            return Err(ProjectError::Unreadable(unread));
        }
        Ok(())
    }

    pub fn slug(&self) -> String {
        cofferdam_engine::config::slug(&self.config.project.name)
    }

    pub fn file(&self, path: &str) -> Option<&File> {
        let at = self
            .files
            .binary_search_by(|file| file.path.as_str().cmp(path));
        at.ok().and_then(|at| self.files.get(at))
    }

    /// Whether a revision file may have this path: in one of the version locations, or below where that is said, with
    /// the ending of a revision file.
    pub fn is_revision_path(&self, path: &str) -> bool {
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
        let has_name = self
            .endings()
            .iter()
            .any(|ending| name.len() > ending.len() && name.ends_with(ending));
        let hidden = path
            .split('/')
            .any(|part| part.starts_with('.') || part.is_empty());
        has_name && !hidden && self.config.project.location_of(path).is_some()
    }
}

/// A path below a folder, which may be the project's own, `""`.
pub fn path_in(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// What reading one file gave.
struct Read {
    reading: Reading,
    /// One of Python's that asks what the revisions before it made: it holds only beside the others.
    asked: bool,
}

/// Whether revision files are read even where they are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Freshness {
    Anew,
    Kept,
}

fn is_python(file: &File) -> bool {
    file.path.ends_with(PYTHON)
}

/// Reads revision files, except those whose reading is known; Alembic's together, as one may ask what those before it
/// made. In the order of `files`.
fn read_files(
    files: &[File],
    known: Vec<Option<Reading>>,
    settings: &Settings,
    depth: Depth,
) -> Vec<Read> {
    let mut all: Vec<Read> = files
        .par_iter()
        .zip(known)
        .map(|(file, known)| {
            let (reading, asked) = match known {
                Some(reading) => (reading, false),
                None if is_python(file) => {
                    cofferdam_alembic::read_alone(&file.source(), settings, depth)
                }
                None => (script::structure(&file.path, &file.bytes), false),
            };
            Read { reading, asked }
        })
        .collect();
    if all.iter().any(|read| read.asked) {
        answer(files, settings, &mut all);
    }
    all
}

/// Reads those of Python's again that asked what is there.
fn answer(files: &[File], settings: &Settings, all: &mut [Read]) {
    let python: Vec<usize> = (0..files.len())
        .filter(|at| is_python(&files[*at]))
        .collect();
    let sources: Vec<Source<'_>> = python.iter().map(|at| files[*at].source()).collect();
    let asked: Vec<bool> = python.iter().map(|at| all[*at].asked).collect();
    let mut readings: Vec<Reading> = python.iter().map(|at| all[*at].reading.clone()).collect();
    cofferdam_alembic::answer(&sources, settings, &asked, &mut readings);
    for (at, reading) in python.into_iter().zip(readings) {
        all[at].reading = reading;
    }
}

/// The text of `cofferdam.toml`.
fn utf8(bytes: &[u8]) -> Result<&str, ProjectError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        ProjectError::ConfigNotUtf8 { line }
    })
}

impl File {
    fn source(&self) -> Source<'_> {
        Source {
            path: &self.path,
            bytes: &self.bytes,
        }
    }

    pub fn new(path: String, bytes: Vec<u8>) -> Self {
        let sha256 = sha256(&bytes);
        File {
            path,
            bytes,
            sha256,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let path =
            std::env::temp_dir().join(format!("cofferdam-project-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join("versions")).expect("a scratch folder");
        path
    }

    #[test]
    fn the_nearest_folder_upwards_is_the_project() {
        let root = scratch("find");
        std::fs::write(root.join(CONFIG), "").expect("a file");
        assert_eq!(find(&root.join("versions")), root);
        let _ = std::fs::remove_dir_all(root);
    }

    #[test]
    fn a_folder_that_is_none_and_one_that_is_missing_are_told_apart() {
        let root = scratch("none");
        std::fs::remove_dir(root.join("versions")).expect("an empty folder");
        assert!(matches!(
            Project::open(&root),
            Err(ProjectError::NotAProject(_))
        ));
        assert!(matches!(
            Project::open(&root.join("gone")),
            Err(ProjectError::Missing(_))
        ));
        let _ = std::fs::remove_dir_all(root);
    }

    #[test]
    fn a_mistake_in_the_configuration_is_told_with_its_line() {
        let root = scratch("toml");
        std::fs::write(root.join(CONFIG), "[project]\nnaem = 'x'\n").expect("a file");
        let error = Project::open(&root)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(error.starts_with("cofferdam.toml, line 2: "), "{error}");
        let _ = std::fs::remove_dir_all(root);
    }

    #[test]
    fn a_versions_folder_that_is_named_has_to_be_there() {
        let root = scratch("versions");
        let error = || Project::open(&root).err().map(|error| error.to_string());
        std::fs::write(root.join(CONFIG), "[project]\nversions = 'versionz'\n").expect("a file");
        assert_eq!(
            error().as_deref(),
            Some(
                "there is no folder versionz in the project, which project.versions in cofferdam.toml names: create it, or correct the name"
            )
        );
        std::fs::write(root.join(CONFIG), "").expect("a file");
        std::fs::remove_dir(root.join("versions")).expect("an empty folder");
        assert_eq!(error(), None);
        std::fs::write(root.join("versions"), "a file").expect("a file");
        assert!(error().is_some());
        let _ = std::fs::remove_dir_all(root);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_cannot_be_read_is_told_with_its_cause_once() {
        let root = scratch("dangling");
        std::os::unix::fs::symlink(root.join("gone"), root.join("versions/a.sql")).expect("a link");
        let error = Project::open(&root).expect_err("a link to nothing");
        let told = format!("{:#}", anyhow::Error::new(error));
        assert_eq!(told.matches("No such file").count(), 1, "{told}");
        let _ = std::fs::remove_dir_all(root);
    }

    #[test]
    fn only_files_directly_in_the_versions_folder_are_revisions() {
        let root = scratch("paths");
        let project = Project::open(&root).expect("a project");
        assert!(project.is_revision_path("versions/a.sql"));
        for path in [
            "a.sql",
            "versions/a.txt",
            "versions/.sql",
            "versions/x/a.sql",
            "versions/../a.sql",
            "/versions/a.sql",
            "versions/.a.sql",
        ] {
            assert!(!project.is_revision_path(path), "{path}");
        }
        let _ = std::fs::remove_dir_all(root);
    }
}
