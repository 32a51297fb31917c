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

/// Writes a file whole into a folder of its own in there, which holds nothing older of the same kind: files of one kind
/// are named alike up to the first hyphen.
pub fn keep(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let (Some(folder), Some(name)) = (place.parent(), place.file_name().and_then(|n| n.to_str()))
    else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    if let Some(root) = folder.parent().and_then(Path::parent) {
        make(root)?;
    }
    fs::create_dir_all(folder)?;
    let temporary = folder.join(format!(".{:016x}.tmp", crate::driver::random()));
    let written = (|| {
        fs::File::create_new(&temporary)?.write_all(bytes)?;
        fs::rename(&temporary, place)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
        return written;
    }
    let kind = name.split('-').next().unwrap_or(name);
    for entry in fs::read_dir(folder)?.flatten() {
        let other = entry.file_name();
        let other = other.to_str().unwrap_or_default();
        if other != name && other.split('-').next() == Some(kind) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}
