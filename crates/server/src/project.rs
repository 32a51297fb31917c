//! The project folder: `cofferdam.toml`, the revision files, the seed file.
//!
//! Files are the truth. Everything here reads the folder anew; nothing is cached.

mod error;
mod folder;
mod name;

pub use error::ProjectError;
pub use folder::Folder;
pub use name::now;

use cofferdam_engine::config::Config;
use cofferdam_engine::digest::sha256;
use cofferdam_engine::finding::{Finding, Severity};
use cofferdam_engine::history::History;
use cofferdam_engine::revision::Script;
use cofferdam_engine::script;
use std::path::{Path, PathBuf};

/// The file that makes a folder a project.
pub const CONFIG: &str = "cofferdam.toml";

/// A project as its folder holds it at one moment.
#[derive(Clone, Debug)]
pub struct Project {
    pub folder: Folder,
    pub config: Config,
    /// Every file that matters: revision files, `cofferdam.toml`, the seed file; in order of path.
    pub files: Vec<File>,
    /// What could be read, in order of path.
    pub scripts: Vec<Script>,
    /// What was found in the revision files, in order of path.
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

/// The project folder meant by someone who stands in `start`: the nearest one upwards that has a
/// `cofferdam.toml`, else `start` itself.
pub fn find(start: &Path) -> PathBuf {
    let mut folders = start.ancestors();
    let found = folders.find(|folder| folder.join(CONFIG).is_file());
    found.unwrap_or(start).to_owned()
}

impl Project {
    /// Reads the folder. Without a `cofferdam.toml`, a folder with `versions/` in it has the
    /// default settings.
    pub fn open(root: &Path) -> Result<Self, ProjectError> {
        let folder = Folder::open(root)?;
        let mut files = Vec::new();
        let config = match folder.read(CONFIG)? {
            Some(bytes) => {
                let text = std::str::from_utf8(&bytes).map_err(|error| {
                    let line = bytes[..error.valid_up_to()]
                        .iter()
                        .filter(|b| **b == b'\n')
                        .count()
                        + 1;
                    ProjectError::ConfigNotUtf8 { line }
                })?;
                let config = Config::read(text)?;
                files.push(File::new(CONFIG.into(), bytes));
                config
            }
            None => Config::default(),
        };
        let versions = folder.list(&config.project.versions, ".sql")?;
        if versions.is_none() {
            if files.is_empty() {
                return Err(ProjectError::NotAProject(folder.root().to_owned()));
            }
            // Only the folder that a new project has anyway is made by its first revision.
            let named = config.project.versions.clone();
            if named != Config::default().project.versions || folder.root().join(&named).exists() {
                return Err(ProjectError::NoVersions(named));
            }
        }
        let mut scripts = Vec::new();
        let mut findings = Vec::new();
        for path in versions.unwrap_or_default() {
            // A file may go between the listing and the reading.
            let Some(bytes) = folder.read(&path)? else {
                continue;
            };
            let reading = script::read(&path, &bytes);
            scripts.extend(reading.script);
            findings.extend(reading.findings);
            files.push(File::new(path, bytes));
        }
        if let Some(seed) = &config.dry_run.seed
            && let Some(bytes) = folder.read(&seed.file)?
        {
            files.push(File::new(seed.file.clone(), bytes));
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Ok(Project {
            folder,
            config,
            files,
            scripts,
            findings,
        })
    }

    /// The history of the files. Every file must be readable: a missing revision would make a
    /// different history.
    pub fn history(&self) -> Result<History, ProjectError> {
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
        Ok(History::new(self.scripts.clone())?)
    }

    pub fn slug(&self) -> String {
        cofferdam_engine::config::slug(&self.config.project.name)
    }

    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The path of a revision file with this name.
    pub fn revision_path(&self, name: &str) -> String {
        let versions = self.config.project.versions.trim_matches('/');
        let versions = versions.strip_prefix("./").unwrap_or(versions);
        match versions {
            "" | "." => name.to_owned(),
            folder => format!("{folder}/{name}"),
        }
    }

    /// Whether a revision file may have this path: directly in the versions folder, `.sql`.
    pub fn is_revision_path(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.len() > ".sql".len()
            && name.ends_with(".sql")
            && !name.starts_with('.')
            && path == self.revision_path(name)
    }
}

impl File {
    fn new(path: String, bytes: Vec<u8>) -> Self {
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
