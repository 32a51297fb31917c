//! `.cofferdam` in the project folder: what Cofferdam keeps there for itself, out of version control.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folder's path.
pub fn folder(root: &Path) -> PathBuf {
    root.join(".cofferdam")
}

/// Makes the folder where it is not there yet, and tells git to pass over it.
pub fn make(root: &Path) -> io::Result<PathBuf> {
    let own = folder(root);
    match fs::create_dir(&own) {
        Err(error) if !own.is_dir() => return Err(error),
        _ => {}
    }
    let ignore = own.join(".gitignore");
    if !ignore.exists() {
        fs::write(&ignore, "*\n")?;
    }
    Ok(own)
}

/// Writes a file whole, in place of any that is there, into the folder `name` in there; never where a link leads, which
/// may be outside of the project.
pub fn keep(root: &Path, name: &str, file: &str, bytes: &[u8]) -> io::Result<()> {
    let own = make_unlinked(root)?;
    let folder = own.join(name);
    if let Err(error) = fs::create_dir(&folder)
        && !is_own(&folder)
    {
        return Err(error);
    }
    let temporary = folder.join(format!(".{:016x}.tmp", crate::driver::random()));
    let written = (|| {
        fs::File::create_new(&temporary)?.write_all(bytes)?;
        fs::rename(&temporary, folder.join(file))
    })();
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// [`make`], unless the folder is a link.
fn make_unlinked(root: &Path) -> io::Result<PathBuf> {
    let own = folder(root);
    match own.exists() && !is_own(&own) {
        true => Err(io::ErrorKind::NotADirectory.into()),
        false => make(root),
    }
}

/// Whether it is a folder, and no link to one.
fn is_own(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir())
}
