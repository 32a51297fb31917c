//! What revision files said when they were last read, kept in `.cofferdam`, for commands that only look.
//!
//! As with git's index, a file is the one that was read before where its inode, its size and the times of its last
//! change are the same; one that changed within two seconds before it was read is not kept, because a second change could
//! bear the same time. Whatever was kept by another build of Cofferdam or under other settings is passed over. No run
//! and no plan that is approved is made from it.

use super::folder::{Folder, Inside, Stamp};
use super::{File, ProjectError, Read, read_files};
use crate::own;
use cofferdam_alembic::{Depth, Settings};
use cofferdam_engine::digest::sha256;
use cofferdam_engine::script::{Cuts, Reading};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The folder in `.cofferdam`.
const FOLDER: &str = "index";

/// Below this number of files nothing is kept: they are read in a moment.
const WORTH: usize = 50;

/// How long a file must have been as it is.
const SETTLED: Duration = Duration::from_secs(2);

/// Files that are packed and unpacked together.
const CHUNK: usize = 256;

/// One file as it was read.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    path: Cow<'a, str>,
    stamp: Stamp,
    /// It asks what the revisions before it made, and holds only while no file changes.
    asked: bool,
    reading: Cow<'a, Reading>,
}

impl Entry<'_> {
    /// Whether it is of this file as it is now.
    fn is(&self, path: &str, stamp: Option<Stamp>) -> bool {
        Some(self.stamp) == stamp && self.path == path
    }
}

/// What is kept of a project's files.
pub(super) struct Index {
    /// The project folder, and the file's name among what is kept.
    root: PathBuf,
    name: &'static str,
    /// What it holds for: this very program, and the settings.
    key: String,
    /// In order of path.
    entries: Vec<Entry<'static>>,
}

impl Index {
    /// What is kept for these settings and this very program, which may be nothing; none where that cannot be told.
    pub fn load(folder: &Folder, settings: &Settings, depth: Depth) -> Option<Self> {
        let program = std::env::current_exe().ok()?;
        let program = Stamp::of(&std::fs::metadata(program).ok()?)?;
        let version = env!("CARGO_PKG_VERSION");
        let name = match depth {
            Depth::Header => "headers",
            Depth::Whole => "scripts",
        };
        let root = folder.root().to_owned();
        let place = own::folder(&root).join(FOLDER).join(name);
        let key = sha256(format!("{version} {program:?} {settings:?}").as_bytes());
        let entries = unpack(&place, &key).unwrap_or_default();
        Some(Index {
            root,
            name,
            key,
            entries,
        })
    }

    /// Whether there are so many files that reading them takes longer than looking them up.
    pub fn is_worth(&self, paths: &[String]) -> bool {
        paths.len() >= WORTH
    }
}

/// Reads the files at `paths`, which are in order; those that are as they were are not read again.
pub(super) fn read(
    index: Index,
    folder: &Folder,
    paths: &[String],
    settings: &Settings,
    depth: Depth,
) -> Result<Vec<Reading>, ProjectError> {
    let Index {
        root,
        name,
        key,
        entries: kept,
    } = index;
    let begun = SystemTime::now();
    let inside = Inside::of(folder, paths)?;
    let stamps: Vec<Option<Stamp>> = paths.par_iter().map(|path| inside.stamp(path)).collect();
    let mut pairs = kept.iter().zip(paths.iter().zip(&stamps));
    if kept.len() == paths.len() && pairs.all(|(entry, (path, stamp))| entry.is(path, *stamp)) {
        let readings = kept.into_iter().map(|entry| entry.reading.into_owned());
        return Ok(readings.collect());
    }
    let mut kept = kept.into_iter().peekable();
    let mut found: Vec<Option<Entry<'static>>> = Vec::with_capacity(paths.len());
    for (path, stamp) in paths.iter().zip(&stamps) {
        while kept.next_if(|entry| *entry.path < **path).is_some() {}
        found.push(kept.next_if(|entry| entry.is(path, *stamp)));
    }
    let known = found.into_iter().map(|entry| {
        let entry = entry.filter(|entry| !entry.asked)?;
        Some(entry.reading.into_owned())
    });
    let (files, stamps, known) = bytes(&inside, paths, &stamps, known.collect())?;
    let mut all = read_files(&files, known, settings, depth);
    if depth == Depth::Whole {
        all.par_iter_mut().for_each(|read| {
            if let Some(script) = &mut read.reading.script
                && script.cuts.is_none()
            {
                script.cuts = Some(Cuts::of(script));
            }
        });
    }
    if let Some(bytes) = pack(&key, &files, &stamps, &all, begun) {
        // A project folder that cannot be written in has no index.
        let _ = own::keep(&root, FOLDER, name, &bytes);
    }
    Ok(all.into_iter().map(|read| read.reading).collect())
}

type Gathered = (Vec<File>, Vec<Option<Stamp>>, Vec<Option<Reading>>);

/// The files, those whose reading is known without their bytes; without those that went meanwhile.
fn bytes(
    inside: &Inside<'_>,
    paths: &[String],
    stamps: &[Option<Stamp>],
    known: Vec<Option<Reading>>,
) -> Result<Gathered, ProjectError> {
    let read: Result<Vec<Option<File>>, ProjectError> = paths
        .par_iter()
        .zip(&known)
        .map(|(path, known)| {
            let bytes = match known {
                Some(_) => Some(Vec::new()),
                None => inside.read(path)?,
            };
            Ok(bytes.map(|bytes| File {
                path: path.clone(),
                bytes,
                sha256: String::new(),
            }))
        })
        .collect();
    let mut all: Gathered = Default::default();
    for ((file, stamp), known) in read?.into_iter().zip(stamps).zip(known) {
        if let Some(file) = file {
            all.0.push(file);
            all.1.push(*stamp);
            all.2.push(known);
        }
    }
    Ok(all)
}

/// What is kept there for that key; none where nothing is, or where it cannot be read.
fn unpack(place: &Path, key: &str) -> Option<Vec<Entry<'static>>> {
    let bytes = std::fs::read(place).ok()?;
    let mut rest = bytes.strip_prefix(key.as_bytes())?;
    let mut chunks: Vec<(u32, &[u8])> = Vec::new();
    while !rest.is_empty() {
        let (head, after) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, e, f, g, h] = *head;
        let length = usize::try_from(u32::from_le_bytes([e, f, g, h])).ok()?;
        let (chunk, after) = after.split_at_checked(length)?;
        chunks.push((u32::from_le_bytes([a, b, c, d]), chunk));
        rest = after;
    }
    let chunks: Option<Vec<Vec<Entry<'static>>>> = chunks
        .into_par_iter()
        .map(|(sum, chunk)| {
            let whole = crc32fast::hash(chunk) == sum;
            whole.then(|| postcard::from_bytes(chunk).ok()).flatten()
        })
        .collect();
    Some(chunks?.into_iter().flatten().collect())
}

/// What is to be kept of what was read: as far as it had settled when that `begun`.
fn pack(
    key: &str,
    files: &[File],
    stamps: &[Option<Stamp>],
    all: &[Read],
    begun: SystemTime,
) -> Option<Vec<u8>> {
    let settled = begun
        .checked_sub(SETTLED)
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let settled = settled?;
    let entries: Vec<Entry<'_>> = files
        .iter()
        .zip(stamps)
        .zip(all)
        .filter_map(|((file, stamp), read)| {
            let stamp = (*stamp).filter(|stamp| stamp.is_before(settled))?;
            Some(Entry {
                path: Cow::Borrowed(&file.path),
                stamp,
                asked: read.asked,
                reading: Cow::Borrowed(&read.reading),
            })
        })
        .collect();
    let packed: Option<Vec<Vec<u8>>> = entries
        .par_chunks(CHUNK)
        .map(|chunk| postcard::to_stdvec(chunk).ok())
        .collect();
    let mut bytes = key.as_bytes().to_vec();
    for chunk in packed? {
        let length = u32::try_from(chunk.len()).ok()?;
        bytes.extend(crc32fast::hash(&chunk).to_le_bytes());
        bytes.extend(length.to_le_bytes());
        bytes.extend(chunk);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;
    use cofferdam_alembic::project::Choice;
    use std::fs;

    fn revision(at: usize, table: &str) -> String {
        let down = match at {
            0 => String::new(),
            at => format!("-- Revises: r{}\n", at - 1),
        };
        format!(
            "-- m\n--\n-- Revision ID: r{at}\n{down}\n-- +upgrade\nCREATE TABLE {table} (a int);\n\n-- +downgrade\nDROP TABLE {table};\n"
        )
    }

    fn path(root: &Path, at: usize) -> PathBuf {
        root.join(format!("versions/{at:04}_r{at}.sql"))
    }

    /// Writes a file that was not touched for a while.
    fn write(root: &Path, at: usize, text: &str) {
        let path = path(root, at);
        fs::write(&path, text).expect("a file");
    }

    fn scratch(name: &str) -> PathBuf {
        let root =
            std::env::temp_dir().join(format!("cofferdam-index-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("versions")).expect("a scratch folder");
        for at in 0..WORTH {
            write(&root, at, &revision(at, "t"));
        }
        root
    }

    fn upgrades(root: &Path) -> Vec<String> {
        let project =
            Project::look(root, &Choice::default(), Depth::Whole).expect("a readable project");
        let scripts = project.scripts.into_iter();
        scripts.map(|script| script.revision.upgrade).collect()
    }

    /// How many files are kept.
    fn kept(root: &Path) -> usize {
        let folder = Folder::open(root).expect("a folder");
        let index = Index::load(&folder, &Settings::default(), Depth::Whole);
        index.expect("a place for an index").entries.len()
    }

    fn indexes(root: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(root.join(".cofferdam/index"));
        let entries = entries.into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    }

    #[test]
    fn a_file_that_changes_is_read_again_and_one_that_changed_just_now_is_not_kept() {
        let root = scratch("changes");
        assert_eq!(upgrades(&root).len(), WORTH);
        let fresh = indexes(&root);
        assert_eq!(fresh.len(), 1, "{fresh:?}");
        assert_eq!(kept(&root), 0);
        std::thread::sleep(SETTLED + Duration::from_millis(100));
        upgrades(&root);
        assert_eq!(kept(&root), WORTH);
        // The same length, and the time that it had.
        let old = fs::metadata(path(&root, 7)).and_then(|file| file.modified());
        write(&root, 7, &revision(7, "u"));
        let file = fs::File::options().write(true).open(path(&root, 7));
        file.and_then(|file| file.set_modified(old?))
            .expect("a time");
        assert!(upgrades(&root)[7].contains("CREATE TABLE u"));
        // Others come and go.
        fs::remove_file(path(&root, WORTH - 1)).expect("a file");
        write(&root, WORTH, &revision(WORTH - 1, "v"));
        let all = upgrades(&root);
        assert_eq!(all.len(), WORTH);
        assert!(all[WORTH - 1].contains("CREATE TABLE v"));
        let _ = fs::remove_dir_all(root);
    }

    #[test]
    fn a_broken_index_is_passed_over_and_what_is_kept_is_what_was_read() {
        let root = scratch("broken");
        std::thread::sleep(SETTLED + Duration::from_millis(100));
        let read = upgrades(&root);
        assert_eq!(upgrades(&root), read);
        let place = indexes(&root).pop().expect("an index");
        let bytes = fs::read(&place).expect("an index");
        for broken in [
            &bytes[..bytes.len() / 2],
            &bytes[1..],
            b"nothing of the kind",
        ] {
            fs::write(&place, broken).expect("a file");
            assert_eq!(upgrades(&root), read);
        }
        assert_eq!(
            fs::read_to_string(root.join(".cofferdam/.gitignore")).expect("a file"),
            "*\n"
        );
        let _ = fs::remove_dir_all(root);
    }

    #[cfg(unix)]
    #[test]
    fn no_index_is_written_where_a_link_leads() {
        let root = scratch("away");
        let away = root.join("away");
        for link in [".cofferdam", ".cofferdam/index"] {
            let _ = fs::remove_dir_all(root.join(".cofferdam"));
            fs::create_dir_all(&away).expect("a folder");
            if link != ".cofferdam" {
                fs::create_dir(root.join(".cofferdam")).expect("a folder");
            }
            std::os::unix::fs::symlink(&away, root.join(link)).expect("a link");
            assert_eq!(upgrades(&root).len(), WORTH);
            assert_eq!(fs::read_dir(&away).expect("a folder").count(), 0, "{link}");
            fs::remove_file(root.join(link)).expect("a link");
        }
        let _ = fs::remove_dir_all(root);
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_file_is_read_every_time_and_never_from_outside() {
        let root = scratch("links");
        let own = root.join("own.sql");
        fs::write(&own, revision(3, "linked")).expect("a file");
        fs::remove_file(path(&root, 3)).expect("a file");
        std::os::unix::fs::symlink(&own, path(&root, 3)).expect("a link");
        std::thread::sleep(SETTLED + Duration::from_millis(100));
        assert!(upgrades(&root)[3].contains("linked"));
        fs::write(&own, revision(3, "changed")).expect("a file");
        assert!(upgrades(&root)[3].contains("changed"));
        fs::remove_file(path(&root, 3)).expect("a link");
        std::os::unix::fs::symlink("/etc/hostname", path(&root, 3)).expect("a link");
        let looked = Project::look(&root, &Choice::default(), Depth::Whole);
        assert!(matches!(looked, Err(ProjectError::Outside { .. })));
        let _ = fs::remove_dir_all(root);
    }
}
