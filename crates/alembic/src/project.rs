//! A project's configuration: `cofferdam.toml`, and where it is silent, what an Alembic project's own files say.
//!
//! Alembic's are `alembic.ini` and `[tool.alembic]` of `pyproject.toml`, and the options that `env.py` gives to
//! `context.configure()`: <https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file>. What cannot be known without running
//! `env.py` is never guessed: it becomes a [`Notice`].

mod candidates;
mod convention;
mod environment;
mod ini;
mod modules;
mod place;
mod source;

use crate::files::Files;
use crate::settings::Settings;
pub use candidates::{Candidate, candidates};
use cofferdam_engine::config::{Config, ConfigError};
use cofferdam_engine::file_name;
use convention::Convention;
use modules::{Modules, join};
use place::Places;
use source::{Origin, Source};

/// Alembic's `_default_file_template` (alembic/script/base.py).
const FILE_TEMPLATE: &str = "%(rev)s_%(slug)s";

/// The file that says where an Alembic project's scripts are.
pub const INI: &str = "alembic.ini";
/// The file that may say it too.
pub const PYPROJECT: &str = "pyproject.toml";
/// The file that Alembic runs in the script location.
const ENV: &str = "env.py";

/// Which files are meant, and from where they were named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The INI file, relative to the project folder; `alembic.ini`, if it is there, where none is named.
    pub ini: Option<String>,
    /// The `pyproject.toml`, likewise.
    pub pyproject: Option<String>,
    /// The INI file's section.
    pub section: Option<String>,
    /// The project folder's absolute path, with `/`, where it has one: absolute paths in the files are those below it.
    pub root: Option<String>,
    /// The folder in which Alembic would be run, relative to the project folder: relative paths are below it.
    pub here: String,
    /// The folder of `env.py` where no file says it, as with Flask-Migrate, which gives it to Alembic itself.
    pub script_location: Option<String>,
}

/// What holds for a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// With the values that hold in the end.
    pub config: Config,
    pub settings: Settings,
    /// Where the project is Alembic's, too.
    pub alembic: Option<Home>,
    pub notices: Vec<Notice>,
}

/// An Alembic project's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The file that says where the scripts are.
    pub file: String,
    /// The folder of `env.py` and `script.py.mako`.
    pub script_location: String,
}

/// Something that cannot be known from the files, and matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub path: String,
    /// 1-based.
    pub line: u32,
    /// One sentence without a full stop.
    pub message: String,
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, line {}: {}", self.path, self.line, self.message)
    }
}

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{path}, line {line}: {message}")]
    Line {
        path: String,
        line: u32,
        message: String,
    },
    #[error("{path}: {message}")]
    File { path: String, message: String },
}

/// Whether the text of a `pyproject.toml` has a `[tool.alembic]`.
pub fn is_alembic(pyproject: &str) -> bool {
    let table = pyproject.parse::<toml::Table>().ok();
    let tool = table.as_ref().and_then(|table| table.get("tool"));
    tool.and_then(|tool| tool.get("alembic")).is_some()
}

/// Reads the configuration of the project in `files`; `written` is the text of its `cofferdam.toml`.
pub fn read(
    files: &dyn Files,
    choice: &Choice,
    written: Option<&str>,
) -> Result<Setup, SetupError> {
    let config = written.map(Config::read).transpose()?.unwrap_or_default();
    let stated = written
        .and_then(|text| text.parse::<toml::Table>().ok())
        .unwrap_or_default();
    let settings = Settings {
        naming_convention: config.alembic.naming_convention.clone().unwrap_or_default(),
        unknown_convention: None,
    };
    let native = Setup {
        settings,
        alembic: None,
        notices: Vec::new(),
        config,
    };
    if native.config.alembic.ignore && choice.ini.is_none() && choice.pyproject.is_none() {
        return Ok(native);
    }
    let source = Source::open(files, choice, &native.config.alembic)?;
    if source.is_nothing() && choice.pyproject.is_none() && choice.script_location.is_none() {
        return Ok(native);
    }
    let reader = Reader {
        files,
        choice,
        stated: stated
            .get("project")
            .and_then(toml::Value::as_table)
            .cloned()
            .unwrap_or_default(),
        source,
    };
    reader.read(native)
}

struct Reader<'r> {
    files: &'r dyn Files,
    choice: &'r Choice,
    /// What `[project]` of `cofferdam.toml` says itself.
    stated: toml::Table,
    source: Source,
}

impl Reader<'_> {
    fn read(&self, mut setup: Setup) -> Result<Setup, SetupError> {
        let home = self.home(&setup.config)?;
        let project = &mut setup.config.project;
        let is_silent = |key: &str| !self.stated.contains_key(key);
        if is_silent("name")
            && let Some(name) = self.choice.root.as_deref().and_then(folder_name)
        {
            project.name = name.to_owned();
        }
        if is_silent("versions") && is_silent("version_locations") {
            let locations = self.locations(&home.script_location)?;
            project.versions = locations[0].clone();
            project.version_locations = match locations.as_slice() {
                [_] => Vec::new(),
                several => several.to_vec(),
            };
        }
        if is_silent("recursive_version_locations") {
            project.recursive_version_locations =
                self.source.flag("recursive_version_locations")?;
        }
        if is_silent("file_template") {
            project.file_template = self.file_template()?;
        }
        if is_silent("slug_length") {
            project.slug_length = self.slug_length()?.unwrap_or(project.slug_length);
        }
        if is_silent("timezone") {
            project.timezone = self.source.text("timezone")?.map(|(zone, _)| zone);
        }
        let modules = Modules::new(self.files, self.roots(&home.script_location));
        let found = environment::read(&modules, &join(&home.script_location, ENV));
        let is_told = |key: &str, message: &str| {
            let about = message.starts_with(&format!("{key} "));
            about && !is_silent(key)
        };
        setup
            .notices
            .extend(found.notices.into_iter().filter(|notice| {
                !["version_table", "version_table_schema"]
                    .iter()
                    .any(|key| is_told(key, &notice.message))
            }));
        if is_silent("version_table")
            && let Some(table) = found.version_table.filter(|table| !table.is_empty())
        {
            project.version_table = table;
        }
        if is_silent("version_table_schema") {
            project.version_table_schema = found.version_table_schema;
        }
        let alembic = &mut setup.config.alembic;
        alembic.transaction_per_migration = alembic
            .transaction_per_migration
            .or(found.transaction_per_migration)
            .or(Some(false));
        if alembic.naming_convention.is_none() {
            match found.convention {
                Convention::Known(convention) => setup.settings.naming_convention = convention,
                Convention::Unknown(why) => setup.settings.unknown_convention = Some(why),
            }
        }
        setup.alembic = Some(home);
        Ok(setup)
    }

    fn places(&self) -> Places<'_> {
        Places {
            files: self.files,
            root: self.choice.root.as_deref(),
            here: &self.choice.here,
        }
    }

    /// The folder of `env.py`.
    fn home(&self, config: &Config) -> Result<Home, SetupError> {
        if let Some(folder) = &config.alembic.script_location {
            let folder = place::normal(folder).filter(|folder| self.files.is_folder(folder));
            return match folder {
                Some(script_location) => Ok(Home {
                    file: self.source.name().to_owned(),
                    script_location,
                }),
                None => Err(SetupError::File {
                    path: "cofferdam.toml".into(),
                    message: "alembic.script_location is no folder inside the project".into(),
                }),
            };
        }
        let Some((text, origin)) = self.source.text("script_location")? else {
            // Flask-Migrate keeps its alembic.ini beside env.py, and says the folder itself.
            let beside = modules::parent(self.source.name());
            let is_beside = || self.files.read(&join(beside, ENV)).is_some();
            let folder = match &self.choice.script_location {
                Some(folder) => folder.clone(),
                None if is_beside() => beside.to_owned(),
                None => return Err(self.source.silent()),
            };
            return Ok(Home {
                file: join(&folder, ENV),
                script_location: folder,
            });
        };
        let roots = self.import_roots();
        let script_location = self
            .places()
            .find(&text, &origin, &roots)
            .map_err(|why| origin.error("script_location", &why))?;
        Ok(Home {
            file: origin.path.clone(),
            script_location,
        })
    }

    /// The folders of the revision files: at least one.
    fn locations(&self, script_location: &str) -> Result<Vec<String>, SetupError> {
        let mut locations: Vec<String> = Vec::new();
        if let Some((texts, origin)) = self.source.paths("version_locations", true)? {
            let roots = self.import_roots();
            for text in texts {
                // Alembic lets a folder be missing until something is written into it.
                let folder = self
                    .places()
                    .expect(&text, &origin, &roots)
                    .map_err(|why| origin.error("version_locations", &why))?;
                if !locations.contains(&folder) {
                    locations.push(folder);
                }
            }
        }
        if locations.is_empty() {
            locations.push(join(script_location, "versions"));
        }
        Ok(locations)
    }

    fn file_template(&self) -> Result<String, SetupError> {
        let Some((template, origin)) = self.source.text("file_template")? else {
            return Ok(FILE_TEMPLATE.to_owned());
        };
        match file_name::check(&template) {
            Ok(()) => Ok(template),
            Err(wrong) => Err(origin.error("file_template", &format!("it has {wrong}"))),
        }
    }

    fn slug_length(&self) -> Result<Option<usize>, SetupError> {
        let Some((text, origin)) = self.source.text("truncate_slug_length")? else {
            return Ok(None);
        };
        match text.trim().parse::<usize>() {
            // Alembic takes 0 for nothing said.
            Ok(0) => Ok(None),
            Ok(length) => Ok(Some(length)),
            Err(_) => Err(origin.error("truncate_slug_length", "it is no number of characters")),
        }
    }

    /// What `prepend_sys_path` says, in Alembic's folder.
    fn import_roots(&self) -> Vec<String> {
        let (texts, origin) = match self.source.paths("prepend_sys_path", false) {
            Ok(Some((texts, origin))) => (texts, origin),
            _ => (Vec::new(), Origin::default()),
        };
        let mut roots: Vec<String> = Vec::new();
        let said = texts
            .iter()
            .filter_map(|text| self.places().expect(text, &origin, &[]).ok());
        let usual = [self.choice.here.clone(), String::new(), "src".to_owned()];
        let own = modules::parent(self.source.name()).to_owned();
        for root in said.chain(usual).chain([own]) {
            if !roots.contains(&root) {
                roots.push(root);
            }
        }
        roots
    }

    /// Where `env.py` finds modules.
    fn roots(&self, script_location: &str) -> Vec<String> {
        let mut roots = self.import_roots();
        let folder = modules::parent(script_location).to_owned();
        if !roots.contains(&folder) {
            roots.push(folder);
        }
        roots
    }
}

fn folder_name(path: &str) -> Option<&str> {
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests;
