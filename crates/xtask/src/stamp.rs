//! Whether something has to be made again: a digest over what it is made of, kept when it was made.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::workspace::Workspace;

/// A digest over files and words. Order, names and contents count; times of change do not.
pub struct Inputs(Sha256);

impl Inputs {
    pub fn new() -> Self {
        Self(Sha256::new())
    }

    pub fn word(mut self, word: &str) -> Self {
        self.part(word.as_bytes());
        self
    }

    /// A file, or a folder with everything in it. What is not there counts as not there.
    pub fn path(mut self, root: &Path, relative: &str, skip: &[&str]) -> Result<Self> {
        let mut files = Vec::new();
        collect(&root.join(relative), skip, &mut files)?;
        files.sort();
        for file in files {
            let name = file.strip_prefix(root).unwrap_or(&file);
            let bytes =
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            self.part(name.as_os_str().as_encoded_bytes());
            self.part(&bytes);
        }
        Ok(self)
    }

    fn part(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    pub fn digest(self) -> String {
        let bytes = self.0.finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Files below `path`, without hidden ones, `node_modules`, `target`, and the names in `skip`.
fn collect(path: &Path, skip: &[&str], files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let Ok(entries) = fs::read_dir(path) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let unwanted = ["node_modules", "target"].contains(&&*name);
        if !unwanted && !name.starts_with('.') && !skip.contains(&&*name) {
            collect(&entry.path(), skip, files)?;
        }
    }
    Ok(())
}

/// What remembers the digest of the last time.
pub struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    pub fn new(workspace: &Workspace, name: &str, inputs: Inputs) -> Self {
        Self::at(
            workspace
                .target()
                .join("xtask")
                .join(format!("{name}.stamp")),
            inputs.digest(),
        )
    }

    fn at(file: PathBuf, digest: String) -> Self {
        Self { file, digest }
    }

    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Nothing has changed since the last time, and what was made then is still there.
    pub fn is_current(&self, output: &Path) -> bool {
        output.exists()
            && fs::read_to_string(&self.file).is_ok_and(|kept| kept.trim() == self.digest)
    }

    /// Forgets the last time: what is begun now may stop half-way.
    pub fn begin(&self) -> Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", self.file.display()))
            }
            _ => Ok(()),
        }
    }

    pub fn finish(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, format!("{}\n", self.digest))
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn write(&self, relative: &str, text: &str) {
            let path = self.0.join(relative);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn digest(&self) -> String {
            let inputs = Inputs::new().path(&self.0, "src", &["vendor"]).unwrap();
            inputs.digest()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_digest_changes_with_contents_and_names() {
        let folder = Folder::new("digest");
        folder.write("src/a.rs", "one");
        folder.write("src/deep/b.rs", "two");
        let first = folder.digest();
        assert_eq!(first, folder.digest());

        folder.write("src/a.rs", "changed");
        let second = folder.digest();
        assert_ne!(first, second);

        fs::rename(folder.0.join("src/a.rs"), folder.0.join("src/c.rs")).unwrap();
        assert_ne!(second, folder.digest());
    }

    #[test]
    fn what_was_made_does_not_count_as_input() {
        let folder = Folder::new("skip");
        folder.write("src/a.rs", "one");
        let first = folder.digest();
        for made in [
            "vendor/x.js",
            "node_modules/y.js",
            "target/z",
            ".cofferdam/pg",
        ] {
            folder.write(&format!("src/{made}"), "made");
        }
        assert_eq!(first, folder.digest());
    }

    #[test]
    fn words_do_not_run_into_each_other() {
        let apart = Inputs::new().word("ab").word("c").digest();
        let other = Inputs::new().word("a").word("bc").digest();
        assert_ne!(apart, other);
    }

    #[test]
    fn a_stamp_is_current_until_something_changes() {
        let folder = Folder::new("stamp");
        folder.write("out", "");
        let output = folder.0.join("out");
        let stamp = |digest: &str| Stamp::at(folder.0.join("kept/x.stamp"), digest.into());

        assert!(!stamp("1").is_current(&output));
        stamp("1").begin().unwrap();
        stamp("1").finish().unwrap();
        assert!(stamp("1").is_current(&output));
        assert!(!stamp("2").is_current(&output));

        stamp("1").begin().unwrap();
        assert!(!stamp("1").is_current(&output), "begun, not finished");
        stamp("1").finish().unwrap();
        fs::remove_file(&output).unwrap();
        assert!(!stamp("1").is_current(&output), "made, then removed");
    }
}
