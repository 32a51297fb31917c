//! Reading and writing inside one folder, and nowhere else.
//!
//! Invariant: no path given from outside, and no symbolic link in the folder, leads out of it. A
//! file is written whole or not at all.

use super::ProjectError;
use cofferdam_alembic::Files;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A folder whose files are named by relative paths with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    root: PathBuf,
}

/// What tells whether a file is still the one that was read: a change of its bytes changes one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    inode: u64,
    size: u64,
    /// Seconds and nanoseconds since 1970: the last change of its bytes, as anybody may set it.
    modified: (i64, i64),
    /// And of anything about the file, which only the system sets.
    changed: (i64, i64),
}

/// Folders inside, each of which was checked once, to read many files that are directly in them.
#[derive(Debug)]
pub(super) struct Inside<'a> {
    folder: &'a Folder,
    /// Each by its path as it is written, opened; in order of path.
    places: Vec<(String, fs::File)>,
}

/// The paths of what is directly in a folder, hidden files and folders left out, each list sorted.
struct Entries {
    files: Vec<String>,
    folders: Vec<String>,
}

/// What [`Folder::write`] does where there is such a file already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Existing {
    Replace,
    Refuse,
}

impl Folder {
    pub fn open(root: &Path) -> Result<Self, ProjectError> {
        match fs::canonicalize(root) {
            Ok(root) if root.is_dir() => Ok(Folder { root }),
            Ok(_) => Err(ProjectError::Missing(root.to_owned())),
            Err(error) if is_missing(&error) => Err(ProjectError::Missing(root.to_owned())),
            Err(cause) => Err(ProjectError::Io {
                action: "open",
                path: root.display().to_string(),
                cause,
            }),
        }
    }

    /// The folder's real, absolute path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file's bytes; none where there is no such file.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ProjectError> {
        let Some(place) = self.place(path)? else {
            return Ok(None);
        };
        match fs::read(place) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(cause) => Err(io_error("read", path, cause)),
        }
    }

    /// The files directly in `folder` whose names end with one of `endings`, hidden ones left out, sorted;
    /// none where there is no such folder.
    pub fn list(
        &self,
        folder: &str,
        endings: &[&str],
    ) -> Result<Option<Vec<String>>, ProjectError> {
        let Some(Entries {
            files: mut paths, ..
        }) = self.entries(folder)?
        else {
            return Ok(None);
        };
        paths.retain(|path| endings.iter().any(|ending| path.ends_with(ending)));
        Ok(Some(paths))
    }

    /// The files of `folder` and of the folders below it, as [`Folder::list`] gives them; links to folders are not
    /// followed.
    pub fn list_below(
        &self,
        folder: &str,
        endings: &[&str],
    ) -> Result<Option<Vec<String>>, ProjectError> {
        let Some(Entries {
            files: mut paths,
            folders,
        }) = self.entries(folder)?
        else {
            return Ok(None);
        };
        paths.retain(|path| endings.iter().any(|ending| path.ends_with(ending)));
        for folder in folders {
            paths.extend(self.list_below(&folder, endings)?.unwrap_or_default());
        }
        paths.sort();
        Ok(Some(paths))
    }

    /// What is directly in `folder`; none where there is no such folder.
    fn entries(&self, folder: &str) -> Result<Option<Entries>, ProjectError> {
        let folder = folder.trim_start_matches("./").trim_end_matches('/');
        let place = match folder {
            "" | "." => Some(self.root.clone()),
            _ => self.place(folder)?,
        };
        let Some(place) = place.filter(|place| place.is_dir()) else {
            return Ok(None);
        };
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(place).map_err(|cause| io_error("read", folder, cause))? {
            let entry = entry.map_err(|cause| io_error("read", folder, cause))?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            let path = match folder {
                "" | "." => name,
                folder => format!("{folder}/{name}"),
            };
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
        files.sort();
        folders.sort();
        Ok(Some(Entries { files, folders }))
    }

    /// Writes a file whole, in place of any that is there.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<(), ProjectError> {
        self.put(path, bytes, Existing::Replace)
    }

    /// Writes a file that must not be there yet.
    pub fn create(&self, path: &str, bytes: &[u8]) -> Result<(), ProjectError> {
        self.put(path, bytes, Existing::Refuse)
    }

    /// Deletes a file; one that is gone already is no error.
    pub fn delete(&self, path: &str) -> Result<(), ProjectError> {
        let Some(place) = self.place(path)? else {
            return Ok(());
        };
        match fs::remove_file(&place) {
            Ok(()) => sync_folder(&place).map_err(|cause| io_error("delete", path, cause)),
            Err(error) if is_missing(&error) => Ok(()),
            Err(cause) => Err(io_error("delete", path, cause)),
        }
    }

    fn put(&self, path: &str, bytes: &[u8], existing: Existing) -> Result<(), ProjectError> {
        let failed = |cause| io_error("write", path, cause);
        let parts = parts(path)?;
        // Folders are made one at a time, each checked, so that none is made outside.
        let mut parent = self.root.clone();
        for part in &parts[..parts.len() - 1] {
            parent.push(part);
            match fs::create_dir(&parent) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(failed(cause)),
            }
            self.check_inside(&parent, path)?;
        }
        let place = parent.join(parts[parts.len() - 1]);
        if fs::symlink_metadata(&place).is_ok_and(|found| found.is_symlink()) {
            return Err(ProjectError::Outside {
                path: path.to_owned(),
            });
        }
        let temporary = parent.join(format!(".cofferdam-{:016x}.tmp", crate::driver::random()));
        let result = write_whole(&temporary, &place, bytes, existing);
        if result.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        match result {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(ProjectError::Exists {
                    path: path.to_owned(),
                })
            }
            other => other.map_err(failed),
        }
    }

    /// The real place of `path`; none where nothing is there.
    fn place(&self, path: &str) -> Result<Option<PathBuf>, ProjectError> {
        let mut place = self.root.clone();
        place.extend(parts(path)?);
        match fs::symlink_metadata(&place) {
            Ok(_) => self.check_inside(&place, path).map(|()| Some(place)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(cause) => Err(io_error("read", path, cause)),
        }
    }

    fn check_inside(&self, place: &Path, path: &str) -> Result<(), ProjectError> {
        match fs::canonicalize(place) {
            Ok(real) if real.starts_with(&self.root) => Ok(()),
            Ok(_) => Err(ProjectError::Outside {
                path: path.to_owned(),
            }),
            Err(cause) => Err(io_error("read", path, cause)),
        }
    }
}

impl Stamp {
    /// None where the system does not tell enough.
    #[cfg(unix)]
    pub fn of(metadata: &fs::Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Stamp {
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }

    #[cfg(not(unix))]
    pub fn of(_: &fs::Metadata) -> Option<Self> {
        None
    }

    /// Whether the file is as it is since before `time`, counted from 1970.
    pub fn is_before(&self, time: Duration) -> bool {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        self.changed.max(self.modified) < (seconds, i64::from(time.subsec_nanos()))
    }
}

impl<'a> Inside<'a> {
    /// The folders that hold the files at `paths`.
    pub fn of(folder: &'a Folder, paths: &[String]) -> Result<Self, ProjectError> {
        let mut places: Vec<(String, fs::File)> = Vec::new();
        for path in paths {
            let (parent, _) = split(path);
            let Err(at) = places.binary_search_by(|(known, _)| known.as_str().cmp(parent)) else {
                continue;
            };
            let place = match parent {
                "" => Some(folder.root.clone()),
                parent => folder.place(parent)?,
            };
            let opened = place.filter(|_| cfg!(unix)).map(fs::File::open);
            if let Some(opened) = opened {
                let opened = opened.map_err(|cause| io_error("read", parent, cause))?;
                places.insert(at, (parent.to_owned(), opened));
            }
        }
        Ok(Inside { folder, places })
    }

    /// The folder of a file, and the file's name in there.
    #[cfg(unix)]
    fn place<'p>(&self, path: &'p str) -> Option<(&fs::File, &'p str)> {
        let (parent, name) = split(path);
        let at = self
            .places
            .binary_search_by(|(known, _)| known.as_str().cmp(parent));
        let plain = !matches!(name, "" | "." | "..") && !name.contains(['\\', '\0', ':']);
        plain.then_some((&self.places[at.ok()?].1, name))
    }

    /// None for a file that is not there, and for a link, whose bytes are another file's.
    #[cfg(unix)]
    pub fn stamp(&self, path: &str) -> Option<Stamp> {
        use rustix::fs::{AtFlags, FileType, statat};
        let (folder, name) = self.place(path)?;
        let stat = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        is_file.then(|| Stamp {
            inode: stat.st_ino,
            size: u64::try_from(stat.st_size).unwrap_or_default(),
            modified: (stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed: (stat.st_ctime as i64, stat.st_ctime_nsec as i64),
        })
    }

    #[cfg(not(unix))]
    pub fn stamp(&self, _: &str) -> Option<Stamp> {
        None
    }

    /// A file's bytes, as [`Folder::read`] gives them.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ProjectError> {
        #[cfg(unix)]
        if let Some((folder, name)) = self.place(path) {
            use rustix::fs::{Mode, OFlags, openat};
            use std::io::Read;
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            // A link has to be followed, and where it leads looked at.
            if let Ok(file) = openat(folder, name, flags, Mode::empty()) {
                let mut bytes = Vec::with_capacity(4096);
                return match fs::File::from(file).take(u64::MAX).read_to_end(&mut bytes) {
                    Ok(_) => Ok(Some(bytes)),
                    Err(cause) => Err(io_error("read", path, cause)),
                };
            }
        }
        self.folder.read(path)
    }
}

/// The folder of a path, and its name in there.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

impl Files for Folder {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        Folder::read(self, path).ok().flatten()
    }

    fn list(&self, folder: &str, ending: &str, recursive: bool) -> Vec<String> {
        let listed = match recursive {
            true => self.list_below(folder, &[ending]),
            false => Folder::list(self, folder, &[ending]),
        };
        listed.ok().flatten().unwrap_or_default()
    }

    fn is_folder(&self, path: &str) -> bool {
        let place = match path {
            "" => Some(self.root.clone()),
            path => self.place(path).ok().flatten(),
        };
        place.is_some_and(|place| place.is_dir())
    }
}

fn parts(path: &str) -> Result<Vec<&str>, ProjectError> {
    let parts: Vec<&str> = path.split('/').collect();
    let fine = |part: &&str| {
        !part.is_empty() && *part != "." && *part != ".." && !part.contains(['\\', '\0', ':'])
    };
    if parts.iter().all(fine) {
        Ok(parts)
    } else {
        Err(ProjectError::Outside {
            path: path.to_owned(),
        })
    }
}

fn write_whole(temporary: &Path, place: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(temporary)?;
    file.write_all(bytes)?;
    if let Ok(old) = fs::metadata(place) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()?;
    match existing {
        Existing::Replace => fs::rename(temporary, place)?,
        Existing::Refuse => {
            // Unlike a rename, a link never replaces a file that came meanwhile.
            fs::hard_link(temporary, place)?;
            fs::remove_file(temporary)?;
        }
    }
    sync_folder(place)
}

fn sync_folder(place: &Path) -> io::Result<()> {
    match place.parent() {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn io_error(action: &'static str, path: &str, cause: io::Error) -> ProjectError {
    ProjectError::Io {
        action,
        path: path.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> (PathBuf, Folder) {
        let path =
            std::env::temp_dir().join(format!("cofferdam-folder-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("inside")).expect("a scratch folder");
        let folder = Folder::open(&path.join("inside")).expect("a folder");
        (path, folder)
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else_is_left() {
        let (path, folder) = scratch("write");
        folder.create("versions/a.sql", b"one").expect("written");
        folder.write("versions/a.sql", b"two").expect("replaced");
        assert!(matches!(
            folder.create("versions/a.sql", b"three"),
            Err(ProjectError::Exists { .. })
        ));
        assert_eq!(
            folder.read("versions/a.sql").expect("read").as_deref(),
            Some(&b"two"[..])
        );
        assert_eq!(
            folder.list("versions", &[".sql"]).expect("listed"),
            Some(vec!["versions/a.sql".to_owned()])
        );
        assert_eq!(
            fs::read_dir(path.join("inside/versions"))
                .expect("a folder")
                .count(),
            1
        );
        folder.delete("versions/a.sql").expect("deleted");
        folder.delete("versions/a.sql").expect("no error");
        assert_eq!(folder.read("versions/a.sql").expect("read"), None);
        let _ = fs::remove_dir_all(path);
    }

    #[test]
    fn no_path_leads_out() {
        let (path, folder) = scratch("paths");
        fs::write(path.join("secret.sql"), b"secret").expect("a file");
        for outside in [
            "../secret.sql",
            "/etc/passwd",
            "a/../../secret.sql",
            "",
            "a//b",
            "./a",
            "a\\b",
            "c:x",
        ] {
            assert!(
                matches!(folder.read(outside), Err(ProjectError::Outside { .. })),
                "{outside}"
            );
            assert!(
                matches!(
                    folder.write(outside, b""),
                    Err(ProjectError::Outside { .. })
                ),
                "{outside}"
            );
            assert!(
                matches!(folder.delete(outside), Err(ProjectError::Outside { .. })),
                "{outside}"
            );
        }
        let _ = fs::remove_dir_all(path);
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_out() {
        let (path, folder) = scratch("links");
        let secret = path.join("secret.sql");
        fs::write(&secret, b"secret").expect("a file");
        std::os::unix::fs::symlink(&path, path.join("inside/up")).expect("a link");
        std::os::unix::fs::symlink(&secret, path.join("inside/a.sql")).expect("a link");
        for outside in ["up/secret.sql", "a.sql"] {
            assert!(
                matches!(folder.read(outside), Err(ProjectError::Outside { .. })),
                "{outside}"
            );
            assert!(
                matches!(
                    folder.write(outside, b"x"),
                    Err(ProjectError::Outside { .. })
                ),
                "{outside}"
            );
        }
        assert!(matches!(
            folder.list("up", &[".sql"]),
            Err(ProjectError::Outside { .. })
        ));
        assert_eq!(fs::read(&secret).expect("still there"), b"secret");
        let _ = fs::remove_dir_all(path);
    }
}
