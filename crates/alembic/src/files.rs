//! A project's files, wherever they are: a folder on a disk, or what a browser was given.

/// Reads files by paths relative to the project folder, with `/`.
pub trait Files {
    /// A file's bytes; none where there is no such file.
    fn read(&self, path: &str) -> Option<Vec<u8>>;

    /// The paths of the files in `folder` whose names end with `ending`, in order; with those in folders below
    /// where `recursive`.
    fn list(&self, folder: &str, ending: &str, recursive: bool) -> Vec<String>;

    /// Whether there is such a folder; `""` is the project folder itself.
    fn is_folder(&self, path: &str) -> bool;
}

#[cfg(test)]
pub mod tests {
    use super::Files;
    use std::collections::BTreeMap;

    /// Files in memory.
    impl Files for BTreeMap<&str, &str> {
        fn read(&self, path: &str) -> Option<Vec<u8>> {
            self.get(path).map(|text| text.as_bytes().to_vec())
        }

        fn list(&self, folder: &str, ending: &str, recursive: bool) -> Vec<String> {
            let inside = |path: &&&str| match path.strip_prefix(folder) {
                Some(rest) if folder.is_empty() || rest.starts_with('/') => {
                    recursive || !rest.trim_start_matches('/').contains('/')
                }
                _ => false,
            };
            self.keys()
                .filter(inside)
                .filter(|path| path.ends_with(ending))
                .map(ToString::to_string)
                .collect()
        }

        fn is_folder(&self, path: &str) -> bool {
            path.is_empty() || self.keys().any(|key| key.starts_with(&format!("{path}/")))
        }
    }
}
