//! Which files of a folder belong to the project: the ones that its configuration names, and no others where it is one of
//! Alembic's, whose folder is a whole application.

use super::State;
use super::python::Python;
use super::workspace::{CONFIG, File, is_revision_path};
use crate::js::files::{Listing, ProjectFile};
use crate::js::python::Chosen;
use cofferdam_engine::config::Config;
use std::collections::BTreeMap;

/// The file that makes a folder an Alembic project.
const INI: &str = "alembic.ini";
/// The file that may do so too, with this in it.
const PYPROJECT: &str = "pyproject.toml";
const TABLE: &[u8] = b"[tool.alembic";

/// A project's files, and what its Python files are read with.
#[derive(Default)]
pub struct Gathered {
    pub files: BTreeMap<String, File>,
    pub python: Option<Python>,
    /// Why the project's configuration or its Python files cannot be read.
    pub trouble: Option<String>,
}

impl State {
    /// Reads a project's files, Alembic's included. The error says why there are none.
    pub(super) async fn gather(self, listing: &Listing) -> Result<Gathered, String> {
        let mut gathered = Gathered::default();
        let names: Vec<&str> = listing.paths().collect();
        let found = listing.read([CONFIG]).await?;
        gathered.add(found);
        let written = gathered.files.get(CONFIG).map(File::text);
        if let Some(chosen) = choose(listing, &names, written).await? {
            let files = &mut gathered.files;
            let more = |wanted: Vec<String>| async {
                let found = listing.read(wanted).await?;
                Ok(found.into_iter().map(file).collect())
            };
            match self.set_up(&chosen, &names, files, more).await {
                Ok(python) => gathered.python = python,
                Err(why) => gathered.trouble = Some(why),
            }
        }
        let Some(python) = gathered.python.clone() else {
            if gathered.trouble.is_none() {
                let found = listing.read(names.into_iter().filter(|path| is_native(path)));
                gathered.add(found.await?);
            }
            return Ok(gathered);
        };
        let wanted = names
            .into_iter()
            .filter(|path| belongs(path, &python.setup.config, &python.setup.script_location));
        gathered.add(listing.read(wanted).await?);
        if let Err(why) = self.open_python(&python, revisions(&gathered)).await {
            gathered.trouble = Some(why);
        }
        Ok(gathered)
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

/// The configuration of Alembic's that is meant, where there is one: in the project folder, else the one that lies
/// least deep.
async fn choose(
    listing: &Listing,
    names: &[&str],
    written: Option<String>,
) -> Result<Option<Chosen>, String> {
    let mut named: Vec<&str> = names
        .iter()
        .copied()
        .filter(|path| [INI, PYPROJECT].contains(&path.rsplit('/').next().unwrap_or(path)))
        .collect();
    named.sort_by_key(|path| (path.matches('/').count(), path.ends_with(PYPROJECT), *path));
    if let Some(written) = written {
        let asks = written.contains("[alembic]") || named.iter().any(|path| !path.contains('/'));
        return Ok(asks.then(|| Chosen {
            written: Some(written),
            ..Chosen::default()
        }));
    }
    for path in named {
        let is_ini = path.ends_with(INI);
        if !is_ini {
            let found = listing.read([path]).await?;
            let has = |file: &ProjectFile| file.bytes.windows(TABLE.len()).any(|it| it == TABLE);
            if !found.iter().any(has) {
                continue;
            }
        }
        let (here, _) = path.rsplit_once('/').unwrap_or_default();
        let nested = (!here.is_empty()).then(|| path.to_owned());
        return Ok(Some(Chosen {
            ini: nested.clone().filter(|_| is_ini),
            pyproject: nested.filter(|_| !is_ini),
            here: here.to_owned(),
            written: None,
        }));
    }
    Ok(None)
}

/// What a native project is made of: revisions, seeds and settings.
fn is_native(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name.rsplit_once('.'), Some((_, "sql" | "toml" | "ini")))
}

/// Whether a file is part of an Alembic project, besides its configuration.
fn belongs(path: &str, config: &Config, script_location: &str) -> bool {
    let seed = config.dry_run.seed.as_ref();
    let template = path
        .strip_prefix(script_location)
        .is_some_and(|rest| rest.trim_start_matches('/') == "script.py.mako");
    template || seed.is_some_and(|seed| seed.file == path) || is_revision_path(path, config, true)
}

fn file(file: ProjectFile) -> File {
    File::new(file.path, file.bytes)
}
