//! The folder of a cluster, its locks, and the file that says how to connect.

use super::EmbeddedError;
use super::identity::Identity;
use crate::own;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The role of clusters that are thrown away.
const ROLE: &str = "postgres";

/// A cluster's folder. `data` belongs to the user that PostgreSQL runs as, the rest to us.
#[derive(Clone, Debug)]
pub(super) struct Place {
    folder: PathBuf,
    pub identity: Identity,
    /// The role that owns everything in the cluster.
    pub role: &'static str,
}

impl Place {
    /// The place for the project in `root`, made where it is not there yet: `.cofferdam/postgres`
    /// in the project folder; for root, where the lowered user cannot get in there, a folder of
    /// the system.
    pub fn of(root: &Path) -> Result<Self, EmbeddedError> {
        let (above, identity) = above(root)?;
        let name = match above == own::folder(root) {
            true => "postgres".to_owned(),
            false => digest(root),
        };
        Place::make(above.join(name), identity, "cofferdam")
    }

    /// A place of its own for a cluster that is thrown away. Those of processes that ended without doing so are removed
    /// first. The file keeps it from being taken for one of them.
    pub fn scratch(root: &Path) -> Result<(Self, File), EmbeddedError> {
        let (above, identity) = above(root)?;
        let beginning = match above == own::folder(root) {
            true => "scratch-".to_owned(),
            false => format!("{}-scratch-", digest(root)),
        };
        let path = above.join("scratch.lock");
        let sweeping = open_lock(&path)?;
        sweeping.lock().map_err(EmbeddedError::io("lock", path))?;
        let entries = fs::read_dir(&above).map_err(EmbeddedError::io("read", &above))?;
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&beginning) {
                let folder = entry.path();
                let left = Place {
                    folder,
                    identity: identity.clone(),
                    role: ROLE,
                };
                left.remove_if_unused();
            }
        }
        let name = format!("{beginning}{:016x}", crate::driver::random());
        // A role's own schema goes before public, and `cofferdam` is that of the journal.
        let place = Place::make(above.join(name), identity, ROLE)?;
        let using = place.using()?;
        Ok((place, using))
    }

    /// Removes a scratch cluster that a process left behind. Its server, where it still runs, ends by itself within a minute
    /// once its files are gone (PostgreSQL source, postmaster.c). What cannot be removed is tried again the next time.
    fn remove_if_unused(&self) {
        let lock = open_lock(&self.folder.join("using.lock"));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = self.remove();
        }
    }

    /// Removes the whole folder.
    pub fn remove(&self) -> Result<(), EmbeddedError> {
        fs::remove_dir_all(&self.folder).map_err(EmbeddedError::io("remove", &self.folder))
    }

    fn make(
        folder: PathBuf,
        identity: Identity,
        role: &'static str,
    ) -> Result<Self, EmbeddedError> {
        // Others may pass through (PostgreSQL's user must), but not look.
        make_folder(&folder, 0o711)?;
        Ok(Place {
            folder,
            identity,
            role,
        })
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// The file with the URL, for its owner alone.
    pub fn url(&self) -> PathBuf {
        self.folder.join("url")
    }

    /// Held while a cluster is started or stopped.
    pub fn changing(&self) -> Result<File, EmbeddedError> {
        let path = self.folder.join("changing.lock");
        let file = open_lock(&path)?;
        file.lock().map_err(EmbeddedError::io("lock", path))?;
        Ok(file)
    }

    /// Held, shared, by everyone who uses the cluster.
    pub fn using(&self) -> Result<File, EmbeddedError> {
        let path = self.folder.join("using.lock");
        let file = open_lock(&path)?;
        file.lock_shared()
            .map_err(EmbeddedError::io("lock", path))?;
        Ok(file)
    }

    /// Whether nobody else uses the cluster; `using` is our own lock, given up.
    pub fn is_unused(&self, using: File) -> Result<bool, EmbeddedError> {
        drop(using);
        let path = self.folder.join("using.lock");
        match open_lock(&path)?.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(cause)) => Err(EmbeddedError::io("lock", path)(cause)),
        }
    }

    /// Writes a file that only its owner can read, in place of any that is there.
    pub fn write_secret(&self, path: &Path, text: &str) -> Result<(), EmbeddedError> {
        let new = path.with_extension("new");
        let _ = fs::remove_file(&new);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let write = || -> std::io::Result<()> {
            let mut file = options.open(&new)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, path)
        };
        write().map_err(EmbeddedError::io("write", path))
    }

    /// Makes a folder that only PostgreSQL's user can look into.
    pub fn make_private(&self, path: &Path) -> Result<(), EmbeddedError> {
        make_folder(path, 0o700)?;
        self.identity
            .give(path)
            .map_err(EmbeddedError::io("give away", path))
    }
}

/// Where a project's clusters lie, and who their programs run as: `.cofferdam`, or a folder of the system where root's
/// lowered user cannot get in there.
fn above(root: &Path) -> Result<(PathBuf, Identity), EmbeddedError> {
    let own = own::make(root).map_err(EmbeddedError::io("make", own::folder(root)))?;
    let identity = Identity::find(&own).map_err(EmbeddedError::io("write in", &own))?;
    match identity.can_enter(&own) {
        true => Ok((own, identity)),
        false => Ok((system_folder()?, identity)),
    }
}

/// A project's name in the folder of the system.
fn digest(root: &Path) -> String {
    let digest = cofferdam_engine::digest::sha256(root.as_os_str().as_encoded_bytes());
    digest[..16].to_owned()
}

/// Root's folder for what its own folders would hide.
pub(super) fn system_folder() -> Result<PathBuf, EmbeddedError> {
    let folder = PathBuf::from("/var/lib/cofferdam");
    make_folder(&folder, 0o755)?;
    Ok(folder)
}

fn make_folder(path: &Path, mode: u32) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(EmbeddedError::io("make", path)(error))
        }
        _ if path.is_dir() => Ok(()),
        _ => Err(EmbeddedError::io("use", path)(
            std::io::ErrorKind::NotADirectory.into(),
        )),
    }
}

fn open_lock(path: &Path) -> Result<File, EmbeddedError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    options.open(path).map_err(EmbeddedError::io("open", path))
}
