//! PostgreSQL's programs, copied to where its user can read them: root's own folders, in which an
//! npm package may lie, are closed to others.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// Copies the installation around `bin` (its parent folder: `bin`, `lib`, `share`) into `into`,
/// once, and gives the copy of `bin`.
pub(super) fn programs(bin: &Path, into: &Path) -> io::Result<PathBuf> {
    let bin = fs::canonicalize(bin)?;
    let (Some(installation), Some(name)) = (bin.parent(), bin.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    // Another version at the same place is another copy.
    let changed = fs::metadata(bin.join("postgres"))?.modified()?;
    let key = format!("{} {changed:?}", installation.display());
    let digest = cofferdam_engine::digest::sha256(key.as_bytes());
    let copy = into.join(format!("programs-{}", &digest[..16]));
    if !copy.is_dir() {
        let half = into.join(format!("programs-{:016x}.new", crate::driver::random()));
        tree(installation, &half)?;
        match fs::rename(&half, &copy) {
            // Another process was faster.
            Err(_) if copy.is_dir() => fs::remove_dir_all(&half)?,
            other => other?,
        }
    }
    Ok(copy.join(name))
}

fn tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            symlink(fs::read_link(old)?, new)?;
        } else if kind.is_dir() {
            tree(&old, &new)?;
        } else {
            fs::copy(&old, &new)?;
            let mode = fs::metadata(&old)?.permissions().mode();
            let executable = if mode & 0o100 == 0 { 0 } else { 0o111 };
            fs::set_permissions(&new, fs::Permissions::from_mode(mode | 0o444 | executable))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installation_is_copied_once_with_its_links() {
        let root = std::env::temp_dir().join(format!("cofferdam-copy-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        let bin = root.join("pg/bin");
        fs::create_dir_all(&bin).expect("a folder");
        fs::create_dir_all(root.join("pg/lib")).expect("a folder");
        fs::create_dir_all(root.join("into")).expect("a folder");
        fs::write(bin.join("postgres"), "x").expect("a file");
        fs::set_permissions(bin.join("postgres"), fs::Permissions::from_mode(0o700))
            .expect("a mode");
        symlink("libpq.so.5", root.join("pg/lib/libpq.so")).expect("a link");
        let copy = programs(&bin, &root.join("into")).expect("a copy");
        assert_eq!(programs(&bin, &root.join("into")).expect("the same"), copy);
        let mode = fs::metadata(copy.join("postgres"))
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o755, "{mode:o}");
        let link = fs::read_link(copy.join("../lib/libpq.so")).expect("a link");
        assert_eq!(link, Path::new("libpq.so.5"));
        let _ = fs::remove_dir_all(root);
    }
}
