//! The files that the page has given so far, and what it could give besides.

use cofferdam_alembic::Files;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Files by path; some are only known by name, and noted once somebody looks into them.
#[derive(Default)]
pub struct Shelf {
    files: BTreeMap<String, Option<Vec<u8>>>,
    wanted: RefCell<BTreeSet<String>>,
}

impl Shelf {
    pub fn name(&mut self, path: String) {
        self.files.entry(path).or_default();
    }

    pub fn put(&mut self, path: String, bytes: Vec<u8>) {
        self.files.insert(path, Some(bytes));
    }

    /// The files that were looked into and not given, in order of path.
    pub fn wanted(&self) -> Vec<String> {
        self.wanted.borrow().iter().cloned().collect()
    }

    /// The given files, in order of path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .filter_map(|(path, bytes)| Some((path.as_str(), bytes.as_deref()?)))
    }
}

impl Files for Shelf {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let bytes = self.files.get(path)?;
        if bytes.is_none() {
            self.wanted.borrow_mut().insert(path.to_owned());
        }
        bytes.clone()
    }

    fn list(&self, folder: &str, ending: &str, recursive: bool) -> Vec<String> {
        let inside = |path: &&String| {
            let below = match folder {
                "" => Some(path.as_str()),
                folder => path
                    .strip_prefix(folder)
                    .and_then(|rest| rest.strip_prefix('/')),
            };
            below.is_some_and(|below| recursive || !below.contains('/')) && path.ends_with(ending)
        };
        self.files.keys().filter(inside).cloned().collect()
    }

    fn is_folder(&self, path: &str) -> bool {
        path.is_empty()
            || self.files.keys().any(|file| {
                file.strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('/'))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_into_and_not_given_is_noted() {
        let mut shelf = Shelf::default();
        shelf.put("alembic.ini".into(), b"[alembic]".to_vec());
        shelf.name("alembic.ini".into());
        shelf.name("app/models.py".into());
        assert_eq!(shelf.read("alembic.ini"), Some(b"[alembic]".to_vec()));
        assert_eq!(shelf.read("gone.py"), None);
        assert_eq!(shelf.wanted(), Vec::<String>::new());
        assert_eq!(shelf.read("app/models.py"), None);
        assert_eq!(shelf.wanted(), ["app/models.py"]);
    }

    #[test]
    fn a_folder_is_what_has_files_in_it() {
        let mut shelf = Shelf::default();
        for path in ["a/b/c.py", "a/d.py", "ab/e.py"] {
            shelf.name(path.into());
        }
        assert!(shelf.is_folder("a") && shelf.is_folder("a/b") && !shelf.is_folder("a/d.py"));
        assert_eq!(shelf.list("a", ".py", false), ["a/d.py"]);
        assert_eq!(shelf.list("a", ".py", true), ["a/b/c.py", "a/d.py"]);
        assert_eq!(shelf.list("", ".py", true).len(), 3);
    }
}
