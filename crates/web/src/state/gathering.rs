//! Which files of a folder belong to the project: the ones that its configuration names, and no others where it is one of
//! Alembic's, whose folder is a whole application.

use super::State;
use super::python::Python;
use super::workspace::{CONFIG, File, is_revision_path};
use crate::js::files::{Listing, ProjectFile};
use crate::js::python::{Candidate, Chosen};
use cofferdam_engine::config::Config;
use std::collections::BTreeMap;

/// The file that makes a folder an Alembic project.
const INI: &str = "alembic.ini";
/// The file that may do so too, with this in it.
const PYPROJECT: &str = "pyproject.toml";
const TABLE: &[u8] = b"[tool.alembic";
/// The file that Alembic runs, and what it makes new files from.
const ENV: &str = "env.py";
const TEMPLATE: &str = "script.py.mako";

/// A project's files, and what its Python files are read with.
#[derive(Default)]
pub struct Gathered {
    pub files: BTreeMap<String, File>,
    pub python: Option<Python>,
    /// Why the project's configuration or its Python files cannot be read.
    pub trouble: Option<String>,
}

/// What is in a folder.
pub enum Found {
    Project(Gathered),
    /// Alembic projects, of which one is to be chosen.
    Several(Vec<Candidate>),
    /// Other files.
    Nothing,
}

impl State {
    /// Reads a project's files, Alembic's included; `candidate` is the one that was chosen among several. The error says
    /// why there are none.
    pub(super) async fn gather(
        self,
        listing: &Listing,
        candidate: Option<&Candidate>,
    ) -> Result<Found, String> {
        let mut gathered = Gathered::default();
        let names: Vec<&str> = listing.paths().collect();
        let more = async |wanted: Vec<String>| {
            let found = listing.read(wanted).await?;
            Ok(found.into_iter().map(file).collect())
        };
        gathered.add(listing.read([CONFIG]).await?);
        let written = gathered.files.get(CONFIG).map(File::text);
        let chosen = if let Some(written) = written {
            let asks = written.contains("[alembic]")
                || names.iter().any(|path| [INI, PYPROJECT].contains(path));
            asks.then_some(Chosen {
                written: Some(written),
                candidate: None,
            })
        } else if !tells_of_alembic(listing, &names).await? {
            None
        } else {
            let mut found = self.candidates(&names, more).await?;
            let candidate = match candidate {
                // It may have gone meanwhile.
                Some(candidate) => found.into_iter().find(|it| it == candidate),
                None if found.len() > 1 => return Ok(Found::Several(found)),
                None => found.pop(),
            };
            candidate.map(|candidate| Chosen {
                candidate: Some(candidate),
                written: None,
            })
        };
        if let Some(chosen) = chosen {
            let files = &mut gathered.files;
            match self.set_up(&chosen, &names, files, more).await {
                Ok(python) => gathered.python = python,
                Err(why) => gathered.trouble = Some(why),
            }
        }
        let Some(python) = gathered.python.clone() else {
            if gathered.trouble.is_none() {
                let config = gathered.files.get(CONFIG).map(File::text);
                let config = config.and_then(|text| Config::read(&text).ok());
                let found = listing.read(names.iter().copied().filter(|path| {
                    is_native(path)
                        || is_of_change(path)
                        || config.as_ref().is_some_and(|it| is_statistics(path, it))
                }));
                gathered.add(found.await?);
            }
            let is_nothing = gathered.trouble.is_none()
                && !gathered.files.contains_key(CONFIG)
                && !names.is_empty()
                && !names.iter().any(|path| path.ends_with(".sql"));
            return Ok(match is_nothing {
                true => Found::Nothing,
                false => Found::Project(gathered),
            });
        };
        let wanted = names
            .into_iter()
            .filter(|path| belongs(path, &python.setup.config, &python.setup.script_location));
        gathered.add(listing.read(wanted).await?);
        if let Err(why) = self.open_python(&python, revisions(&gathered)).await {
            gathered.trouble = Some(why);
        }
        Ok(Found::Project(gathered))
    }

    /// Reads an Alembic project whose files are all here.
    pub(super) async fn gather_packed(self, mut files: BTreeMap<String, File>) -> Gathered {
        let paths: Vec<String> = files.keys().cloned().collect();
        let names: Vec<&str> = paths.iter().map(String::as_str).collect();
        let nothing = |_| async { Ok(Vec::new()) };
        let chosen = Chosen::default();
        match self.set_up(&chosen, &names, &mut files, nothing).await {
            Ok(python) => self.read_kept(files.into_values(), python).await,
            Err(why) => Gathered {
                files,
                python: None,
                trouble: Some(why),
            },
        }
    }

    /// Reads the Python files among those that were kept or sent.
    pub(super) async fn read_kept(
        self,
        files: impl IntoIterator<Item = File>,
        python: Option<Python>,
    ) -> Gathered {
        let mut gathered = Gathered {
            python: python.clone(),
            ..Gathered::default()
        };
        let files = files.into_iter().map(|file| (file.path.clone(), file));
        gathered.files.extend(files);
        if let Some(python) = python
            && let Err(why) = self.open_python(&python, revisions(&gathered)).await
        {
            gathered.trouble = Some(why);
        }
        gathered
    }
}

impl Gathered {
    fn add(&mut self, found: Vec<ProjectFile>) {
        let found = found.into_iter().map(file);
        self.files
            .extend(found.map(|file| (file.path.clone(), file)));
    }
}

fn revisions(gathered: &Gathered) -> impl Iterator<Item = &File> {
    let config = gathered.python.as_ref().map(|python| &python.setup.config);
    gathered
        .files
        .values()
        .filter(move |file| config.is_some_and(|config| is_revision_path(&file.path, config, true)))
}

/// Whether a file may tell of an Alembic project, so that its reader is worth loading.
async fn tells_of_alembic(listing: &Listing, names: &[&str]) -> Result<bool, String> {
    let has = |name: &str| names.iter().any(|path| name_of(path) == name);
    if has(INI) || (has(ENV) && has(TEMPLATE)) {
        return Ok(true);
    }
    let named = names.iter().filter(|path| name_of(path) == PYPROJECT);
    let found = listing.read(named.copied()).await?;
    let is_table = |file: &ProjectFile| file.bytes.windows(TABLE.len()).any(|it| it == TABLE);
    Ok(found.iter().any(is_table))
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What a native project is made of: revisions, seeds and settings.
fn is_native(path: &str) -> bool {
    matches!(
        name_of(path).rsplit_once('.'),
        Some((_, "sql" | "toml" | "ini"))
    )
}

/// Whether a file is part of an Alembic project, besides its configuration.
fn belongs(path: &str, config: &Config, script_location: &str) -> bool {
    let seed = config.dry_run.seed.as_ref();
    let template = path
        .strip_prefix(script_location)
        .is_some_and(|rest| rest.trim_start_matches('/') == TEMPLATE);
    template
        || seed.is_some_and(|seed| seed.file == path)
        || is_revision_path(path, config, true)
        || is_of_change(path)
        || is_statistics(path, config)
}

/// Whether it is the file of a breaking change, or what is kept beside one.
fn is_of_change(path: &str) -> bool {
    path.strip_prefix("changes/").is_some_and(|name| {
        let endings = [".toml", ".queries.sql", ".matrix.json"];
        !name.contains('/') && endings.iter().any(|ending| name.ends_with(ending))
    })
}

/// Whether it says what production's tables hold.
fn is_statistics(path: &str, config: &Config) -> bool {
    let file = config.lint.statistics.as_ref();
    file.is_some_and(|file| file.trim_start_matches("./") == path)
}

fn file(file: ProjectFile) -> File {
    File::new(file.path, file.bytes)
}
