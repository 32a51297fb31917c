//! Where Alembic's options are written: the INI file first, then `[tool.alembic]` of `pyproject.toml`.

use super::ini::{Ini, interpolate};
use super::modules::parent;
use super::{Choice, INI, PYPROJECT, SetupError};
use crate::files::Files;
use cofferdam_engine::config::Alembic;
use cofferdam_engine::finding::line_column;

/// Stands for `%(here)s`, the folder of the file, until the path is resolved.
pub const HERE: &str = "\u{1}here";

const SECTION: &str = "alembic";

/// A file that says something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    pub path: String,
    /// Its folder.
    pub folder: String,
}

impl Origin {
    fn new(path: &str) -> Self {
        Origin {
            path: path.to_owned(),
            folder: parent(path).to_owned(),
        }
    }

    /// What is wrong with one of its options.
    pub fn error(&self, option: &str, why: &str) -> SetupError {
        SetupError::File {
            path: self.path.clone(),
            message: format!("{option}: {why}"),
        }
    }
}

/// The files of a project.
#[derive(Debug)]
pub struct Source {
    ini: Option<(Origin, Ini)>,
    section: String,
    toml: Option<(Origin, toml::Table)>,
}

impl Source {
    /// Opens what is there.
    pub fn open(files: &dyn Files, choice: &Choice, config: &Alembic) -> Result<Self, SetupError> {
        let named = choice.ini.as_deref().or(config.config.as_deref());
        let section = choice.section.as_deref().or(config.section.as_deref());
        let section = section.unwrap_or(SECTION).to_owned();
        let ini = match (text(files, named.unwrap_or(INI))?, named) {
            (Some((origin, text)), _) => {
                let ini = Ini::read(&text).map_err(|wrong| at(&origin, wrong))?;
                Some((origin, ini))
            }
            (None, Some(named)) => return Err(missing(named)),
            (None, None) => None,
        };
        let pyproject = choice.pyproject.as_deref();
        let toml = match (text(files, pyproject.unwrap_or(PYPROJECT))?, pyproject) {
            (Some((origin, text)), _) => tool(&origin, &text)?.map(|table| (origin, table)),
            (None, Some(named)) => return Err(missing(named)),
            (None, None) => None,
        };
        if let (Some((origin, ini)), Some(_)) = (&ini, choice.section.as_ref())
            && !ini.has_section(&section)
        {
            let names: Vec<String> = ini.sections().map(|name| format!("[{name}]")).collect();
            return Err(SetupError::File {
                path: origin.path.clone(),
                message: format!(
                    "there is no section [{section}]; it has {}",
                    names.join(", ")
                ),
            });
        }
        Ok(Source { ini, section, toml })
    }

    /// Whether there is nothing of Alembic's.
    pub fn is_nothing(&self) -> bool {
        self.ini.is_none() && self.toml.is_none()
    }

    /// The name of the first file.
    pub fn name(&self) -> &str {
        match (&self.ini, &self.toml) {
            (Some((origin, _)), _) | (None, Some((origin, _))) => &origin.path,
            (None, None) => PYPROJECT,
        }
    }

    /// That no file says where the scripts are.
    pub fn silent(&self) -> SetupError {
        let place = match &self.ini {
            Some(_) => format!("its section [{}]", self.section),
            None => "its [tool.alembic]".to_owned(),
        };
        SetupError::File {
            path: self.name().to_owned(),
            message: format!("{place} has no script_location: name the folder of env.py there"),
        }
    }

    /// An option's text, and who says it.
    pub fn text(&self, name: &str) -> Result<Option<(String, Origin)>, SetupError> {
        if let Some(found) = self.ini_text(name)? {
            return Ok(Some(found));
        }
        let Some((origin, table)) = &self.toml else {
            return Ok(None);
        };
        match table.get(name) {
            None => Ok(None),
            Some(toml::Value::String(text)) => {
                Ok(Some((inside(origin, name, text)?, origin.clone())))
            }
            Some(toml::Value::Integer(number)) => Ok(Some((number.to_string(), origin.clone()))),
            Some(_) => Err(origin.error(name, "it has to be a text")),
        }
    }

    /// An option that is `true` or not.
    pub fn flag(&self, name: &str) -> Result<bool, SetupError> {
        if let Some((text, _)) = self.ini_text(name)? {
            return Ok(text == "true");
        }
        let value = self
            .toml
            .as_ref()
            .map(|(origin, table)| (origin, table.get(name)));
        match value {
            None | Some((_, None)) => Ok(false),
            Some((_, Some(toml::Value::Boolean(on)))) => Ok(*on),
            Some((origin, Some(_))) => Err(origin.error(name, "it has to be true or false")),
        }
    }

    /// An option that lists folders: several texts in an INI file as its separator says, a list in TOML.
    pub fn paths(
        &self,
        name: &str,
        legacy: bool,
    ) -> Result<Option<(Vec<String>, Origin)>, SetupError> {
        if let Some((text, origin)) = self.ini_text(name)?
            && !text.is_empty()
        {
            let separator = self.separator(legacy)?;
            return Ok(Some((cut(&text, separator), origin)));
        }
        let Some((origin, table)) = &self.toml else {
            return Ok(None);
        };
        let Some(value) = table.get(name) else {
            return Ok(None);
        };
        let list = value
            .as_array()
            .ok_or_else(|| origin.error(name, "it has to be a list of texts"))?;
        let mut texts = Vec::new();
        for item in list {
            let text = item
                .as_str()
                .ok_or_else(|| origin.error(name, "it has to be a list of texts"))?;
            texts.push(inside(origin, name, text)?);
        }
        Ok(Some((texts, origin.clone())))
    }

    /// What separates folders; none: spaces and commas, as before Alembic 1.16.
    fn separator(&self, legacy: bool) -> Result<Option<char>, SetupError> {
        let mut said = self.ini_text("path_separator")?;
        let mut name = "path_separator";
        if said.is_none() && legacy {
            name = "version_path_separator";
            said = self.ini_text(name)?;
        }
        let Some((word, origin)) = said else {
            return Ok(None);
        };
        match word.as_str() {
            "space" => Ok(Some(' ')),
            "newline" => Ok(Some('\n')),
            "os" | ":" => Ok(Some(':')),
            ";" => Ok(Some(';')),
            _ => Err(origin.error(name, "it is one of space, newline, os, : and ;")),
        }
    }

    fn ini_text(&self, name: &str) -> Result<Option<(String, Origin)>, SetupError> {
        let Some((origin, ini)) = &self.ini else {
            return Ok(None);
        };
        let value = ini
            .get(&self.section, name, HERE)
            .map_err(|wrong| at(origin, wrong))?;
        Ok(value.map(|value| (value, origin.clone())))
    }
}

/// Cuts a list of folders (`get_version_locations_list` of alembic/config.py).
fn cut(text: &str, separator: Option<char>) -> Vec<String> {
    let parts: Vec<&str> = match separator {
        Some(separator) => text.split(separator).collect(),
        None => text.split([',', ' ', '\n']).collect(),
    };
    let texts = parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty());
    texts.map(str::to_owned).collect()
}

/// What a TOML text's `%(here)s` and `%%` stand for.
fn inside(origin: &Origin, name: &str, text: &str) -> Result<String, SetupError> {
    let here = |name: &str| (name == "here").then(|| HERE.to_owned());
    interpolate(text, 2, &here).map_err(|why| origin.error(name, &why))
}

fn text(files: &dyn Files, path: &str) -> Result<Option<(Origin, String)>, SetupError> {
    let Some(bytes) = files.read(path) else {
        return Ok(None);
    };
    let text = String::from_utf8(bytes).map_err(|_| SetupError::File {
        path: path.to_owned(),
        message: "it is not UTF-8".into(),
    })?;
    let text = text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text);
    Ok(Some((Origin::new(path), text)))
}

fn tool(origin: &Origin, text: &str) -> Result<Option<toml::Table>, SetupError> {
    let table = text.parse::<toml::Table>().map_err(|error| {
        let at = error.span().map_or(0, |at| at.start);
        SetupError::Line {
            path: origin.path.clone(),
            line: line_column(text, at).0,
            message: error.message().to_owned(),
        }
    })?;
    match table.get("tool").and_then(|tool| tool.get(SECTION)) {
        None => Ok(None),
        Some(toml::Value::Table(options)) => Ok(Some(options.clone())),
        Some(_) => Err(origin.error("tool.alembic", "it has to be a table")),
    }
}

fn missing(path: &str) -> SetupError {
    SetupError::File {
        path: path.to_owned(),
        message: "there is no such file: correct what -c, ALEMBIC_CONFIG or cofferdam.toml names"
            .into(),
    }
}

fn at(origin: &Origin, wrong: super::ini::Wrong) -> SetupError {
    SetupError::Line {
        path: origin.path.clone(),
        line: wrong.line,
        message: wrong.message,
    }
}
