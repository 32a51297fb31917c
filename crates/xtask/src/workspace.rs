//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub struct Workspace {
    pub root: PathBuf,
}

impl Workspace {
    /// The checkout that this program was built from, or that cargo runs it for.
    pub fn find() -> Result<Self> {
        let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest_dir
            .ancestors()
            .nth(2)
            .context("crates/xtask is not two folders deep")?;
        Ok(Self {
            root: root.to_path_buf(),
        })
    }

    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Where native code is built: `CARGO_TARGET_DIR`, or `target`.
    pub fn target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => self.root.join(dir),
            None => self.root.join("target"),
        }
    }

    /// WebAssembly has a target directory of its own, so that the two do not wait for each other.
    pub fn wasm_target(&self) -> PathBuf {
        self.target().join("wasm")
    }

    /// Programs that would disturb the user's own of another version.
    pub fn tools(&self) -> PathBuf {
        self.target().join("tools")
    }

    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }
}
