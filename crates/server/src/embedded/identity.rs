//! Who PostgreSQL's programs run as: the user who runs Cofferdam; for root, who may not run them,
//! the user `postgres`, or else nobody's number.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// `nobody` on most systems.
const NOBODY: u32 = 65534;

/// The user that the programs run as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// The user who runs Cofferdam.
    Same,
    /// Another user, as only root may choose one.
    Lowered { name: String, user: u32, group: u32 },
}

impl Identity {
    /// Finds out who we are by a file that we make in `folder`: there is no safe call that tells.
    pub fn find(folder: &Path) -> io::Result<Self> {
        let probe = folder.join(format!(".who-{:016x}", crate::driver::random()));
        let owner = fs::File::create_new(&probe)?.metadata()?.uid();
        fs::remove_file(&probe)?;
        if owner != 0 {
            return Ok(Identity::Same);
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        Ok(lowered(&users))
    }

    /// The command, run as this user.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Identity::Lowered { user, group, .. } = self {
            command.uid(*user).gid(*group);
        }
        command
    }

    /// Gives `path` to this user.
    pub fn give(&self, path: &Path) -> io::Result<()> {
        match self {
            Identity::Same => Ok(()),
            Identity::Lowered { user, group, .. } => chown(path, Some(*user), Some(*group)),
        }
    }

    /// The user's name, for messages.
    pub fn name(&self) -> &str {
        match self {
            Identity::Same => "this user",
            Identity::Lowered { name, .. } => name,
        }
    }

    /// Whether this user can get into `folder` and read what everyone may read there.
    pub fn can_enter(&self, folder: &Path) -> bool {
        let Identity::Lowered { user, group, .. } = self else {
            return true;
        };
        // Links on the way are followed first: the real folders decide.
        let Ok(folder) = fs::canonicalize(folder) else {
            return false;
        };
        folder.ancestors().all(|folder| {
            fs::metadata(folder).is_ok_and(|found| {
                let bit = if found.uid() == *user {
                    0o100
                } else if found.gid() == *group {
                    0o010
                } else {
                    0o001
                };
                found.mode() & bit != 0
            })
        })
    }
}

fn lowered(users: &str) -> Identity {
    let entry = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| *name == "postgres")?;
        let user = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        (user != 0).then(|| Identity::Lowered {
            name: name.into(),
            user,
            group,
        })
    });
    entry.unwrap_or_else(|| Identity::Lowered {
        name: NOBODY.to_string(),
        user: NOBODY,
        group: NOBODY,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_becomes_postgres_or_nobody() {
        let users = "root:x:0:0:root:/root:/bin/bash\npostgres:x:105:110:,,,:/var/lib/postgresql:/bin/bash\n";
        let lower = |name: &str, user, group| Identity::Lowered {
            name: name.into(),
            user,
            group,
        };
        assert_eq!(lowered(users), lower("postgres", 105, 110));
        assert_eq!(
            lowered("root:x:0:0:root:/root:/bin/bash\n"),
            lower("65534", 65534, 65534)
        );
        assert_eq!(
            lowered("postgres:x:0:0::/:/bin/sh"),
            lower("65534", 65534, 65534)
        );
    }
}
