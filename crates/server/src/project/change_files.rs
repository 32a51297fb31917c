//! The files of breaking changes, which stand beside the revision files.

use super::{File, Project, ProjectError};

/// Their folder.
pub const CHANGES: &str = "changes";

/// What the name of a change's own file ends with.
pub const CHANGE: &str = ".toml";

/// What all their names end with: the change, the application's queries, and what became of those at each point.
const ENDINGS: [&str; 3] = [CHANGE, ".queries.sql", ".matrix.json"];

/// The id in the path of a file of a change: directly in the folder, with one of the endings.
pub fn change_of(path: &str) -> Option<&str> {
    let name = path.strip_prefix(CHANGES)?.strip_prefix('/')?;
    let id = ENDINGS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))?;
    (!id.is_empty() && !id.starts_with('.') && !id.contains('/')).then_some(id)
}

impl Project {
    /// Reads the files of changes, as far as they are there.
    pub(super) fn read_changes(&mut self) -> Result<(), ProjectError> {
        let paths = self.folder.list(CHANGES, &ENDINGS)?.unwrap_or_default();
        for path in paths.into_iter().filter(|path| change_of(path).is_some()) {
            if let Some(bytes) = self.folder.read(&path)? {
                self.files.push(File::new(path, bytes));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_directly_in_their_folder_are_of_changes() {
        for path in [
            "changes/plan.toml",
            "changes/plan.queries.sql",
            "changes/plan.matrix.json",
        ] {
            assert_eq!(change_of(path), Some("plan"), "{path}");
        }
        for path in [
            "plan.toml",
            "changes/.toml",
            "changes/.plan.toml",
            "changes/plan.sql",
            "changes/x/plan.toml",
            "changes/../plan.toml",
            "/changes/plan.toml",
            "changesplan.toml",
        ] {
            assert_eq!(change_of(path), None, "{path}");
        }
    }
}
