//! Committing what was saved, on the project's branch, with the `git` program. The checkout's own
//! index and files are left alone; nothing is ever pushed.

use cofferdam_engine::api::Change;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why nothing is committed.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("git cannot be run: {0}")]
    NotRun(#[from] std::io::Error),
    #[error("git {command} failed: {said}")]
    Failed { command: String, said: String },
    #[error("{0:?} is no name for a branch")]
    BranchName(String),
}

/// A commit that is made, but on no branch yet.
#[derive(Debug)]
pub struct Commit {
    git: Git,
    reference: String,
    id: String,
    parent: Option<String>,
    /// The changed files, where the branch is the one that is checked out.
    checked_out: Vec<String>,
}

/// Makes the commit of `changes`, on top of `branch` (or of the checked-out commit where there is no
/// such branch yet); none where the folder is in no git repository.
pub fn prepare(
    root: &Path,
    branch: &str,
    changes: &[Change],
    message: &str,
    author: &str,
) -> Result<Option<Commit>, GitError> {
    let git = Git {
        root: root.to_owned(),
        index: None,
    };
    if git.run(["rev-parse", "--git-dir"], None).is_err() {
        return Ok(None);
    }
    let reference = format!("refs/heads/{branch}");
    git.run(["check-ref-format", reference.as_str()], None)
        .map_err(|_| GitError::BranchName(branch.to_owned()))?;
    let prefix = git.run(["rev-parse", "--show-prefix"], None)?;
    let tip = git
        .run(
            [
                "rev-parse",
                "--verify",
                "--quiet",
                &format!("{reference}^{{commit}}"),
            ],
            None,
        )
        .ok();
    let parent = tip.clone().or_else(|| {
        git.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], None)
            .ok()
    });

    let scratch = Scratch::new();
    let aside = Git {
        root: root.to_owned(),
        index: Some(scratch.0.clone()),
    };
    match &parent {
        Some(parent) => aside.run(["read-tree", parent], None)?,
        None => aside.run(["read-tree", "--empty"], None)?,
    };
    for change in changes {
        let path = format!("{prefix}{}", change.path);
        match &change.text {
            Some(text) => {
                let blob = git.run(["hash-object", "-w", "--stdin"], Some(text))?;
                aside.run(
                    [
                        "update-index",
                        "--add",
                        "--cacheinfo",
                        &format!("100644,{blob},{path}"),
                    ],
                    None,
                )?;
            }
            None => {
                // Paths of the index information are relative to the repository.
                aside.run(
                    ["update-index", "--index-info"],
                    Some(&format!("0 {}\t{path}\n", "0".repeat(40))),
                )?;
            }
        }
    }
    let tree = aside.run(["write-tree"], None)?;
    let message = if message.trim().is_empty() {
        "Save revisions"
    } else {
        message
    };
    let mut arguments = vec!["commit-tree".to_owned(), tree];
    if let Some(parent) = &parent {
        arguments.extend(["-p".to_owned(), parent.clone()]);
    }
    let id = git.run_as(author, &arguments, message)?;
    let head = git.run(["symbolic-ref", "--quiet", "HEAD"], None).ok();
    let checked_out = match head {
        Some(head) if head == reference => {
            changes.iter().map(|change| change.path.clone()).collect()
        }
        _ => Vec::new(),
    };
    Ok(Some(Commit {
        git,
        reference,
        id,
        parent: tip,
        checked_out,
    }))
}

impl Commit {
    /// Moves the branch to the commit, unless it has moved meanwhile. Where the branch is checked
    /// out, the index learns of these files alone.
    pub fn finish(self) -> Result<(), GitError> {
        let old = self.parent.unwrap_or_else(|| "0".repeat(40));
        self.git.run(
            [
                "update-ref",
                "-m",
                "cofferdam: save",
                &self.reference,
                &self.id,
                &old,
            ],
            None,
        )?;
        for path in &self.checked_out {
            if let Err(error) = self
                .git
                .run(["update-index", "--add", "--remove", "--", path], None)
            {
                tracing::warn!(path, %error, "the checkout's index does not know of a saved file");
            }
        }
        Ok(())
    }
}

#[derive(Clone, Debug)]
struct Git {
    root: PathBuf,
    /// An index of its own.
    index: Option<PathBuf>,
}

impl Git {
    fn run<I>(&self, arguments: I, input: Option<&str>) -> Result<String, GitError>
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.root).args(arguments);
        if let Some(index) = &self.index {
            command.env("GIT_INDEX_FILE", index);
        }
        answer(command, input)
    }

    /// Runs a command that records who did it.
    fn run_as(&self, author: &str, arguments: &[String], input: &str) -> Result<String, GitError> {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.root).args(arguments);
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), author);
            command.env(
                format!("GIT_{role}_EMAIL"),
                format!("{author}@cofferdam.invalid"),
            );
        }
        answer(command, Some(input))
    }
}

fn answer(mut command: Command, input: Option<&str>) -> Result<String, GitError> {
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.stdin(if input.is_some() {
        Stdio::piped()
    } else {
        Stdio::null()
    });
    let name = command
        .get_args()
        .nth(2)
        .map(|name| name.to_string_lossy().into_owned());
    let mut child = command.spawn()?;
    if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout)
            .trim_end_matches('\n')
            .to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(GitError::Failed {
        command: name.unwrap_or_default(),
        said,
    })
}

/// A file that is removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        Scratch(
            std::env::temp_dir().join(format!("cofferdam-index-{:016x}", crate::driver::random())),
        )
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Repository(PathBuf);

    impl Drop for Repository {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    impl Repository {
        fn new(name: &str) -> Self {
            let root =
                std::env::temp_dir().join(format!("cofferdam-git-{name}-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&root);
            std::fs::create_dir_all(root.join("db/versions")).expect("a folder");
            let made = Repository(root);
            made.git(&["init", "-q", "-b", "main"]);
            std::fs::write(made.0.join("db/versions/a.sql"), "one\n").expect("a file");
            std::fs::write(made.0.join("other"), "other\n").expect("a file");
            made.git(&["add", "."]);
            made.git(&[
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@t",
                "commit",
                "-qm",
                "first",
            ]);
            made
        }

        fn git(&self, arguments: &[&str]) -> String {
            Git {
                root: self.0.clone(),
                index: None,
            }
            .run(arguments, None)
            .expect("git")
        }

        fn save(&self, branch: &str, path: &str, text: Option<&str>) {
            let change = Change {
                path: path.into(),
                base_sha256: None,
                text: text.map(str::to_owned),
            };
            let commit = prepare(&self.0.join("db"), branch, &[change], "save it", "ada");
            let file = self.0.join("db").join(path);
            match text {
                Some(text) => std::fs::write(file, text).expect("a file"),
                None => std::fs::remove_file(file).expect("a file"),
            }
            commit
                .expect("a commit")
                .expect("a repository")
                .finish()
                .expect("a branch");
        }
    }

    #[test]
    fn another_branch_gets_the_commit_and_the_checkout_stays() {
        let repository = Repository::new("other");
        repository.git(&["rm", "-q", "--cached", "other"]);
        let before = repository.git(&["ls-files", "-s"]);
        repository.save("saved", "versions/b.sql", Some("two\n"));
        repository.save("saved", "versions/a.sql", None);
        assert_eq!(repository.git(&["ls-files", "-s"]), before);
        assert_eq!(
            repository.git(&["rev-parse", "--abbrev-ref", "HEAD"]),
            "main"
        );
        assert_eq!(
            repository.git(&["ls-tree", "-r", "--name-only", "saved"]),
            "db/versions/b.sql\nother"
        );
        assert_eq!(
            repository.git(&["log", "-1", "--format=%an %s", "saved"]),
            "ada save it"
        );
        assert_eq!(repository.git(&["rev-list", "--count", "saved"]), "3");
    }

    #[test]
    fn on_the_branch_that_is_checked_out_the_status_stays_clean() {
        let repository = Repository::new("same");
        repository.save("main", "versions/b.sql", Some("two\n"));
        assert_eq!(repository.git(&["status", "--porcelain"]), "");
        repository.save("main", "versions/a.sql", None);
        assert_eq!(repository.git(&["status", "--porcelain"]), "");
    }

    #[test]
    fn a_folder_in_no_repository_is_not_committed() {
        let root = std::env::temp_dir().join(format!("cofferdam-git-none-{}", std::process::id()));
        std::fs::create_dir_all(&root).expect("a folder");
        assert!(
            prepare(&root, "main", &[], "x", "ada")
                .expect("no error")
                .is_none()
        );
        let _ = std::fs::remove_dir_all(root);
    }
}
