//! Which database a command means: `--url`, then `--env`, then `DATABASE_URL`.

use super::{Database, UrlError};
use cofferdam_engine::config::Config;
use std::collections::HashMap;
use std::path::Path;

/// The environment's variables, with those of `.env` files behind them.
#[derive(Clone, Default)]
pub struct Variables {
    file: HashMap<String, String>,
}

impl Variables {
    /// Reads the first `.env` found in `folders`. A missing file is an empty one; of a line that
    /// cannot be read, only its number is told, as it may hold a secret.
    pub fn read(folders: &[&Path]) -> Result<Self, SourceError> {
        let Some(path) = folders
            .iter()
            .map(|folder| folder.join(".env"))
            .find(|path| path.is_file())
        else {
            return Ok(Variables::default());
        };
        let unreadable = |before: &[u8]| SourceError::DotEnv {
            path: path.display().to_string(),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
        };
        let bytes = std::fs::read(&path).map_err(|error| SourceError::DotEnvClosed {
            path: path.display().to_string(),
            cause: error.kind(),
        })?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|error| unreadable(&bytes[..error.valid_up_to()]))?;
        let file = dotenvy::from_read_iter(text.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|error| {
                let at = match &error {
                    dotenvy::Error::LineParse(line, _) => text.find(line.trim_end()),
                    _ => None,
                };
                unreadable(&bytes[..at.unwrap_or(0)])
            })?;
        Ok(Variables { file })
    }

    /// The value of a variable; empty counts as missing.
    pub fn value(&self, name: &str) -> Option<String> {
        let set = |value: &String| !value.trim().is_empty();
        std::env::var(name)
            .ok()
            .filter(set)
            .or_else(|| self.file.get(name).cloned().filter(set))
    }
}

/// Where the chosen database is.
#[derive(Clone, Debug)]
pub enum Source {
    /// A database by its URL; the environment, where it is known which one this is.
    Url {
        database: Database,
        environment: Option<String>,
    },
    /// An environment without `url_env`: in the embedded PostgreSQL.
    Embedded { environment: String },
}

impl Source {
    pub fn environment(&self) -> Option<&str> {
        match self {
            Source::Url { environment, .. } => environment.as_deref(),
            Source::Embedded { environment } => Some(environment),
        }
    }
}

/// Why no database is chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error(transparent)]
    Url(#[from] UrlError),
    #[error("{name}: {error}")]
    Variable { name: String, error: UrlError },
    #[error(
        "cannot read {path}, line {line}: write `NAME=value` lines in UTF-8, with quotes around values that have spaces"
    )]
    DotEnv { path: String, line: usize },
    #[error("cannot read {path}: {cause}")]
    DotEnvClosed {
        path: String,
        cause: std::io::ErrorKind,
    },
    #[error("cofferdam.toml has no environment {name:?}{}", list_known(.known))]
    UnknownEnvironment { name: String, known: Vec<String> },
    #[error(
        "environment {environment} takes its URL from the variable {variable}, which is not set"
    )]
    NotSet {
        environment: String,
        variable: String,
    },
    #[error(
        "no database is named: give --url URL, or --env NAME (an environment of cofferdam.toml), or set DATABASE_URL (in the environment or in .env)"
    )]
    None,
}

fn list_known(names: &[String]) -> String {
    if names.is_empty() {
        "; it has none at all".into()
    } else {
        format!(": it has {}", names.join(", "))
    }
}

/// Chooses the database. A URL that is the very database of an environment counts as that
/// environment, so that its rules (approval, protection, settings) hold.
pub fn choose(
    url: Option<&str>,
    environment: Option<&str>,
    config: &Config,
    variables: &Variables,
) -> Result<Source, SourceError> {
    if let Some(name) = environment
        && !config.environments.contains_key(name)
    {
        return Err(SourceError::UnknownEnvironment {
            name: name.to_owned(),
            known: config.environments.keys().cloned().collect(),
        });
    }
    if let Some(url) = url {
        let database = Database::from_url(url)?;
        return Ok(by_url(database, environment, config, variables));
    }
    if let Some(name) = environment {
        let Some(variable) = &config.environments[name].url_env else {
            return Ok(Source::Embedded {
                environment: name.to_owned(),
            });
        };
        let url = variables
            .value(variable)
            .ok_or_else(|| SourceError::NotSet {
                environment: name.to_owned(),
                variable: variable.clone(),
            })?;
        let database = Database::from_url(&url).map_err(|error| SourceError::Variable {
            name: variable.clone(),
            error,
        })?;
        return Ok(Source::Url {
            database,
            environment: Some(name.to_owned()),
        });
    }
    let url = variables.value("DATABASE_URL").ok_or(SourceError::None)?;
    let database = Database::from_url(&url).map_err(|error| SourceError::Variable {
        name: "DATABASE_URL".into(),
        error,
    })?;
    Ok(by_url(database, None, config, variables))
}

fn by_url(
    database: Database,
    environment: Option<&str>,
    config: &Config,
    variables: &Variables,
) -> Source {
    let is_it = |variable: &String| {
        let url = variables.value(variable);
        url.and_then(|url| Database::from_url(&url).ok())
            .is_some_and(|other| other.is_same_as(&database))
    };
    let environment = environment.map(str::to_owned).or_else(|| {
        let mut environments = config.environments.iter();
        environments
            .find(|(_, environment)| environment.url_env.as_ref().is_some_and(is_it))
            .map(|(name, _)| name.clone())
    });
    Source::Url {
        database,
        environment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let text = "[environments.local]\n[environments.live]\nurl_env = 'LIVE_URL_OF_A_TEST'\napproval = true\n";
        Config::read(text).expect("a configuration")
    }

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Variables {
            file: pairs.iter().map(own).collect(),
        }
    }

    #[test]
    fn the_url_goes_before_the_environment() {
        let live = variables(&[("LIVE_URL_OF_A_TEST", "postgresql://a@h/live")]);
        let source = choose(Some("postgresql://b@x/y"), Some("live"), &config(), &live);
        let Ok(Source::Url {
            database,
            environment,
        }) = source
        else {
            panic!("{source:?}")
        };
        assert_eq!(database.to_string(), "b@x:5432/y");
        assert_eq!(environment.as_deref(), Some("live"));
    }

    #[test]
    fn the_url_of_an_environment_counts_as_that_environment() {
        let live = variables(&[("LIVE_URL_OF_A_TEST", "postgresql://a:1@h/live")]);
        let source = choose(
            Some("postgresql+asyncpg://b:2@h:5432/live"),
            None,
            &config(),
            &live,
        );
        assert_eq!(source.expect("a source").environment(), Some("live"));
        let source = choose(Some("postgresql://b:2@h/other"), None, &config(), &live);
        assert_eq!(source.expect("a source").environment(), None);
    }

    #[test]
    fn a_line_of_dotenv_that_cannot_be_read_is_told_by_its_number_only() {
        let folder = std::env::temp_dir().join(format!("cofferdam-dotenv-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a scratch folder");
        for bytes in [
            &b"# why\nA=1\nhush this\n"[..],
            b"A=1\n\nB=\xffhush\n",
            b"A=1\r\n\r\nhush this\r\n",
        ] {
            std::fs::write(folder.join(".env"), bytes).expect("a file");
            let told = Variables::read(&[&folder]).err().map(|e| e.to_string());
            let told = told.unwrap_or_default();
            assert!(told.contains(".env, line 3: write `NAME=value`"), "{told}");
            assert!(!told.contains("hush"), "{told}");
        }
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn what_is_missing_is_said() {
        let none = Variables::default();
        let error = |environment| {
            choose(None, environment, &config(), &none)
                .err()
                .map(|error| error.to_string())
        };
        assert_eq!(
            error(Some("live")).as_deref(),
            Some(
                "environment live takes its URL from the variable LIVE_URL_OF_A_TEST, which is not set"
            )
        );
        assert_eq!(
            error(Some("prod")).as_deref(),
            Some("cofferdam.toml has no environment \"prod\": it has live, local")
        );
        assert!(matches!(
            choose(None, Some("local"), &config(), &none),
            Ok(Source::Embedded { environment }) if environment == "local"
        ));
        let wrong = variables(&[("LIVE_URL_OF_A_TEST", "mysql://a:pw@h/live")]);
        let error = choose(None, Some("live"), &config(), &wrong)
            .err()
            .map(|e| e.to_string());
        assert!(
            error.is_some_and(
                |error| error.starts_with("LIVE_URL_OF_A_TEST: the database URL begins")
            )
        );
    }
}
