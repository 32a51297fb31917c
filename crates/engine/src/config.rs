//! `cofferdam.toml`: what a project says of itself.

use crate::file_name;
use crate::finding::Severity;
use crate::hazard::{self, Version};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// A project's settings. Secrets are never in it: an environment names the environment variable
/// that holds its URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub project: Project,
    pub alembic: Alembic,
    pub dry_run: DryRun,
    pub environments: BTreeMap<String, Environment>,
    pub git: Git,
    pub lint: Lint,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Project {
    /// Shown in the page; the project's slug is made from it.
    pub name: String,
    /// Folder of the revision files, relative to the project folder.
    #[serde(deserialize_with = "versions")]
    pub versions: String,
    /// Folders of the revision files where there are several (Alembic's `version_locations`); they stand instead of
    /// `versions`.
    #[serde(deserialize_with = "version_locations")]
    pub version_locations: Vec<String>,
    /// Whether revision files are also in the folders below.
    pub recursive_version_locations: bool,
    /// The time zone of new revisions' Create Date; this machine's, without an offset, where it is missing.
    pub timezone: Option<String>,
    /// Tokens as in Alembic's `file_template`: year month day hour minute second rev slug epoch; in braces, or as
    /// Alembic writes them, `%(year)d`.
    #[serde(deserialize_with = "file_template")]
    pub file_template: String,
    /// Longest slug in characters (Alembic's `truncate_slug_length`).
    pub slug_length: usize,
    /// The version table, as Alembic's `version_table`.
    #[serde(deserialize_with = "version_table")]
    pub version_table: String,
    /// Its schema; the search path decides where this is missing.
    pub version_table_schema: Option<String>,
}

pub const DEFAULT_FILE_TEMPLATE: &str = "{year}_{month}_{day}_{hour}{minute}-{rev}_{slug}.sql";

impl Default for Project {
    fn default() -> Self {
        Project {
            name: "project".into(),
            versions: "versions".into(),
            version_locations: Vec::new(),
            recursive_version_locations: false,
            timezone: None,
            file_template: DEFAULT_FILE_TEMPLATE.into(),
            slug_length: 40,
            version_table: "alembic_version".into(),
            version_table_schema: None,
        }
    }
}

impl Project {
    /// The folders of the revision files, relative to the project folder, without `./` or a `/` at the end; `""` is
    /// the project folder itself. New revisions go into the first.
    pub fn locations(&self) -> Vec<&str> {
        let plain = |folder| match str::trim_end_matches(folder, '/') {
            "." => "",
            folder => folder.strip_prefix("./").unwrap_or(folder),
        };
        match self.version_locations.as_slice() {
            [] => vec![plain(self.versions.as_str())],
            several => several.iter().map(|folder| plain(folder)).collect(),
        }
    }

    /// Which of the version locations, from 0, a path is in: the first that holds it.
    pub fn location_of(&self, path: &str) -> Option<usize> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let holds = |location: &&str| {
            let below = || location.is_empty() || folder.starts_with(&format!("{location}/"));
            folder == *location || (self.recursive_version_locations && below())
        };
        self.locations().iter().position(holds)
    }
}

/// An Alembic project's settings, where its own files do not say them or are not to be followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Alembic {
    /// Alembic's INI file, relative to the project folder [default: alembic.ini].
    pub config: Option<String>,
    /// Its section [default: alembic].
    pub section: Option<String>,
    /// Leave `alembic.ini` and `pyproject.toml` unread, as after a conversion to SQL scripts.
    pub ignore: bool,
    /// The folder of `env.py`, relative to the project folder.
    pub script_location: Option<String>,
    /// Whether printed SQL has a transaction for each revision; Alembic's default is one for all.
    pub transaction_per_migration: Option<bool>,
    /// The naming convention of `target_metadata`: kind of constraint (`ix`, `uq`, `ck`, `fk`, `pk`) to template.
    pub naming_convention: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct DryRun {
    pub seed: Option<Seed>,
}

/// Rows for dry runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// SQL file, relative to the project folder.
    pub file: String,
    /// A replay loads it right after this revision.
    pub revision: String,
}

/// A named target database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Environment {
    /// Name of the environment variable that holds the URL. Without it, `cofferdam serve` uses a database in its embedded PostgreSQL.
    pub url_env: Option<String>,
    /// Schemas in which unqualified names are looked up, set before each revision.
    pub search_path: Option<Vec<String>>,
    /// PostgreSQL's lock_timeout for every statement, such as `5s`.
    pub lock_timeout: Option<String>,
    /// How often a transaction that cannot have a lock in time is tried [default: 10].
    #[serde(
        deserialize_with = "lock_tries",
        skip_serializing_if = "Option::is_none"
    )]
    pub lock_tries: Option<u32>,
    /// How far behind a streaming replica may be before batches wait for it, such as `30s` [default: 10s].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_replica_lag: Option<Lag>,
    /// PostgreSQL's statement_timeout for every statement, such as `15min`.
    pub statement_timeout: Option<String>,
    /// Only approved plans run here.
    pub approval: bool,
    /// Never reset, never downgraded to base without being named twice.
    pub protected: bool,
}

/// A time in milliseconds, written with its unit: `500ms`, `30s`, `2min`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Lag(pub u64);

impl From<Lag> for String {
    fn from(Lag(ms): Lag) -> Self {
        format!("{ms}ms")
    }
}

impl TryFrom<String> for Lag {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let units = [("ms", 1), ("min", 60_000), ("s", 1000)];
        let read = units.iter().find_map(|(unit, scale)| {
            let number: u64 = written.strip_suffix(unit)?.trim_end().parse().ok()?;
            number.checked_mul(*scale)
        });
        read.map(Lag)
            .ok_or_else(|| format!("{written:?} is no time: write 500ms, 30s or 2min"))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Git {
    /// Saved changesets are committed on this branch of the project's repository; absent: not committed.
    pub branch: Option<String>,
}

/// How revisions are judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Lint {
    /// The server's version, such as `"16"` or `"14.2"`.
    pub version: Option<Version>,
    /// Every rule, also those that are off by default.
    pub all: bool,
    /// What production's tables hold: a file with the answer of `cofferdam lint --statistics-query`, relative to the
    /// project folder.
    pub statistics: Option<String>,
    /// Severities by the code of a rule.
    pub severity: BTreeMap<String, Level>,
    /// How names begin, by kind: `ix`, `uq`, `ck`, `fk`, `pk`.
    pub names: BTreeMap<String, String>,
}

/// A severity that a project sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Off,
    Note,
    Warning,
    Error,
}

impl From<Level> for Option<Severity> {
    fn from(level: Level) -> Self {
        match level {
            Level::Off => None,
            Level::Note => Some(Severity::Note),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }
}

/// `cofferdam.toml` names a rule that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "cofferdam.toml sets the severity of {0}, which is no rule: `cofferdam lint --rules` lists them"
)]
pub struct UnknownRule(pub String);

/// Why a `cofferdam.toml` cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cofferdam.toml, line {line}: {message}")]
pub struct ConfigError {
    pub line: u32,
    pub message: String,
}

impl Config {
    /// Reads the text of a `cofferdam.toml`.
    pub fn read(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| {
            let (line, _) =
                crate::finding::line_column(text, error.span().map_or(0, |at| at.start));
            ConfigError {
                line,
                message: error.message().to_owned(),
            }
        })
    }

    /// What revisions that run on `environment` are judged by; where it is none, a timeout counts that every environment
    /// sets.
    pub fn lint_options(&self, environment: Option<&str>) -> Result<hazard::Options, UnknownRule> {
        let lint = &self.lint;
        if let Some(code) = lint
            .severity
            .keys()
            .find(|code| hazard::Rule::by_code(code).is_none())
        {
            return Err(UnknownRule(code.clone()));
        }
        let environments: Vec<&Environment> = match environment {
            Some(name) => self.environments.get(name).into_iter().collect(),
            None => self.environments.values().collect(),
        };
        let all = |is_set: fn(&Environment) -> bool| {
            !environments.is_empty() && environments.iter().all(|one| is_set(one))
        };
        Ok(hazard::Options {
            version: lint.version.unwrap_or(Version::NEWEST),
            severities: lint
                .severity
                .iter()
                .map(|(code, level)| (code.clone(), Option::from(*level)))
                .collect(),
            all: lint.all,
            has_lock_timeout: all(|one| one.lock_timeout.is_some()),
            has_statement_timeout: all(|one| one.statement_timeout.is_some()),
            prefixes: lint.names.clone(),
            ..hazard::Options::default()
        })
    }

    /// The settings, as SQL, that are run before each revision on `environment`; in a stated order.
    pub fn settings(&self, environment: Option<&str>) -> Vec<String> {
        let mut settings = Vec::new();
        let Some(environment) = environment.and_then(|name| self.environments.get(name)) else {
            return settings;
        };
        if let Some(path) = &environment.search_path {
            let names: Vec<String> = path
                .iter()
                .map(|name| crate::sql::identifier(name))
                .collect();
            settings.push(format!("SET search_path = {};", names.join(", ")));
        }
        if let Some(timeout) = &environment.lock_timeout {
            settings.push(format!(
                "SET lock_timeout = {};",
                crate::sql::literal(timeout)
            ));
        }
        if let Some(timeout) = &environment.statement_timeout {
            settings.push(format!(
                "SET statement_timeout = {};",
                crate::sql::literal(timeout)
            ));
        }
        settings
    }
}

fn versions<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    inside::<D>("project.versions", String::deserialize(from)?)
}

fn version_locations<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let folders = Vec::<String>::deserialize(from)?;
    let name = "each of project.version_locations";
    folders
        .into_iter()
        .map(|folder| inside::<D>(name, folder))
        .collect()
}

fn inside<'de, D: Deserializer<'de>>(name: &str, folder: String) -> Result<String, D::Error> {
    if folder.starts_with('/') || folder.split('/').any(|part| part == "..") {
        return Err(D::Error::custom(format!(
            "{name} must be a folder inside the project"
        )));
    }
    Ok(folder)
}

fn file_template<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let template = String::deserialize(from)?;
    file_name::check(&template)
        .map_err(|wrong| D::Error::custom(format!("project.file_template has {wrong}")))?;
    Ok(template)
}

fn version_table<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let table = String::deserialize(from)?;
    if table.is_empty() {
        return Err(D::Error::custom(
            "project.version_table is empty: name a table",
        ));
    }
    Ok(table)
}

fn lock_tries<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    let tries = u32::deserialize(from)?;
    if !(1..=1000).contains(&tries) {
        return Err(D::Error::custom(
            "lock_tries is how often a transaction is tried, from 1 to 1000",
        ));
    }
    Ok(Some(tries))
}

/// The project's slug in addresses: lower case letters, digits and `-`.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "project".into()
    } else {
        slug.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_project_cannot_have_is_told_with_its_line() {
        let told = |line: &str| {
            Config::read(&format!(
                "[project]\nname = 'x'\n{line}\nslug_length = 40\n"
            ))
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
        };
        for outside in ["/etc", "../other", "a/../../b"] {
            assert_eq!(
                told(&format!("versions = '{outside}'")),
                "cofferdam.toml, line 3: project.versions must be a folder inside the project"
            );
        }
        assert_eq!(
            told("file_template = '{rev}-{zz}_{slug}.sql'"),
            "cofferdam.toml, line 3: project.file_template has {zz}: there are {year} {month} {day} {hour} {minute} {second} {epoch} {rev} {slug}"
        );
        assert_eq!(
            told("version_table = ''"),
            "cofferdam.toml, line 3: project.version_table is empty: name a table"
        );
        let of_environment = |line: &str| {
            let read = Config::read(&format!("[environments.production]\n{line}\n"));
            read.err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        assert_eq!(
            of_environment("lock_tries = 0"),
            "cofferdam.toml, line 2: lock_tries is how often a transaction is tried, from 1 to 1000"
        );
        assert_eq!(
            of_environment("max_replica_lag = '5 days'"),
            "cofferdam.toml, line 2: \"5 days\" is no time: write 500ms, 30s or 2min"
        );
        for (written, ms) in [("750ms", 750), ("30s", 30_000), ("2 min", 120_000)] {
            let text = format!("[environments.here]\nmax_replica_lag = '{written}'\n");
            let read = Config::read(&text).expect("a configuration");
            assert_eq!(read.environments["here"].max_replica_lag, Some(Lag(ms)));
        }
        assert_eq!(told("versions = 'db/versions'"), "");
        assert_eq!(told("file_template = '{epoch}{rev}'"), "");
    }
}
