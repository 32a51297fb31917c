//! Folders as Alembic's configuration names them.

use super::modules::join;
use super::source::{HERE, Origin};
use crate::files::Files;

/// What decides which folder a text names.
pub struct Places<'p> {
    pub files: &'p dyn Files,
    /// The project folder's absolute path.
    pub root: Option<&'p str>,
    /// The folder in which Alembic would be run.
    pub here: &'p str,
}

impl Places<'_> {
    /// The folder that `text` names, which has to be there; what is wrong with it, as a sentence without a full stop.
    pub fn find(&self, text: &str, origin: &Origin, roots: &[String]) -> Result<String, String> {
        let folder = self.expect(text, origin, roots)?;
        if self.files.is_folder(&folder) {
            Ok(folder)
        } else {
            Err(format!(
                "there is no folder {folder} in the project: create it, or correct the path"
            ))
        }
    }

    /// The folder that `text` names, whether it is there or not.
    pub fn expect(&self, text: &str, origin: &Origin, roots: &[String]) -> Result<String, String> {
        let text = text.trim().replace('\\', "/");
        let shown = text.replace(HERE, "%(here)s");
        let outside = || {
            format!(
                "{shown} is outside of the project folder: name a folder above both with --project, and this file with -c"
            )
        };
        if let Some(below) = text.strip_prefix(HERE) {
            let folder = join(&origin.folder, below.trim_start_matches('/'));
            return normal(&folder).ok_or_else(outside);
        }
        if text.starts_with('/') {
            let below = self.root.and_then(|root| text.strip_prefix(root));
            return match below.filter(|below| below.is_empty() || below.starts_with('/')) {
                Some(below) => normal(below.trim_start_matches('/')).ok_or_else(outside),
                None => Err(outside()),
            };
        }
        if let Some((package, below)) = text.split_once(':') {
            return self.package(package, &below.replace(':', "/"), roots);
        }
        // Alembic takes it from where it is run; the file's own folder is what is meant elsewhere.
        let places = [self.here, origin.folder.as_str()].map(|folder| normal(&join(folder, &text)));
        let there = places
            .iter()
            .flatten()
            .find(|place| self.files.is_folder(place));
        there
            .or(places.iter().flatten().next_back())
            .cloned()
            .ok_or_else(outside)
    }

    /// A folder inside a package, `package:folder`.
    fn package(&self, package: &str, below: &str, roots: &[String]) -> Result<String, String> {
        let folder = join(&package.replace('.', "/"), below);
        let places = roots.iter().filter_map(|root| normal(&join(root, &folder)));
        places
            .into_iter()
            .find(|place| self.files.is_folder(place))
            .ok_or_else(|| {
                format!(
                    "the package {package} with {below} in it is not in the project: write the folder as script_location under [alembic], or version_locations under [project], in cofferdam.toml"
                )
            })
    }
}

/// A path without `.` and `..`; none where it leads out.
pub fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
