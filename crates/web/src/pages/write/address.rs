//! The word by which an address names a revision file.

use crate::state::Workspace;
use cofferdam_engine::digest::sha256;
use cofferdam_engine::revision::{RevisionId, Script};

/// The word for the file at `path`: its revision's id, where that is this file's alone or this file is the first to
/// have it; else [`of_path`].
pub fn of_file(workspace: &Workspace, path: &str) -> String {
    let script = workspace.scripts.iter().find(|script| script.path == path);
    script
        .map(|script| &script.revision.id)
        .filter(|id| workspace.script(id).is_some_and(|it| it.path == path))
        .map_or_else(|| of_path(path), ToString::to_string)
}

/// The word for a file whose revision's id cannot be read, or is another file's too.
pub fn of_path(path: &str) -> String {
    sha256(path.as_bytes())[..12].to_owned()
}

/// The revision that `address` names.
pub fn script<'a>(workspace: &'a Workspace, address: &str) -> Option<&'a Script> {
    let by_id = RevisionId::new(address)
        .ok()
        .and_then(|id| workspace.script(&id));
    by_id.or_else(|| {
        let mut scripts = workspace.scripts.iter();
        scripts.find(|script| of_path(&script.path) == address)
    })
}
