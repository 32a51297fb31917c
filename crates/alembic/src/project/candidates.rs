//! Which Alembic projects are in a folder: a repository may hold several, and one INI file too.

use super::ini::Ini;
use super::modules::{join, parent};
use super::{Choice, ENV, INI, PYPROJECT, is_alembic};
use crate::files::Files;
use serde::{Deserialize, Serialize};

const SECTION: &str = "alembic";
const OPTION: &str = "script_location";

/// A project that a folder's files tell of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Candidate {
    /// What tells of it: an `alembic.ini`, a `pyproject.toml`, or an `env.py` that no such file names.
    pub file: String,
    /// The INI file's section, where it is not `[alembic]`.
    pub section: Option<String>,
}

/// The Alembic projects in `files`: those that lie least deep first.
pub fn candidates(files: &dyn Files) -> Vec<Candidate> {
    let named = |name: &'static str| {
        let paths = files.list("", name, true);
        paths
            .into_iter()
            .filter(move |path| path.rsplit('/').next() == Some(name))
    };
    let inis: Vec<String> = named(INI).collect();
    let mut found: Vec<Candidate> = inis.iter().flat_map(|path| of_ini(files, path)).collect();
    for path in named(PYPROJECT) {
        let is_said = found
            .iter()
            .any(|other| parent(&other.file) == parent(&path));
        if !is_said && files.read(&path).is_some_and(|bytes| has_table(&bytes)) {
            found.push(Candidate::of(path));
        }
    }
    if found.is_empty() {
        let scripts = named(ENV).filter(|path| {
            let template = join(parent(path), "script.py.mako");
            files.list(parent(path), ".mako", false).contains(&template)
        });
        found.extend(scripts.map(Candidate::of));
    }
    if found.is_empty() {
        // What is wrong with it is told when it is opened.
        found.extend(inis.into_iter().map(Candidate::of));
    }
    found.sort_by_key(|it| (it.file.matches('/').count(), it.file.clone()));
    found
}

impl Candidate {
    fn of(file: String) -> Self {
        Candidate {
            file,
            section: None,
        }
    }

    /// How it is read.
    pub fn choice(&self, files: &dyn Files) -> Choice {
        let folder = parent(&self.file);
        let beside = |name: &str| {
            let path = join(folder, name);
            files
                .list(folder, name, false)
                .contains(&path)
                .then_some(path)
        };
        Choice {
            ini: beside(INI),
            pyproject: beside(PYPROJECT),
            section: self.section.clone(),
            here: folder.to_owned(),
            script_location: beside(ENV).map(|_| folder.to_owned()),
            root: None,
        }
    }
}

/// The sections of an INI file that name a script location; the file itself where its `[alembic]` needs none.
fn of_ini(files: &dyn Files, path: &str) -> Vec<Candidate> {
    let text = files.read(path).map(String::from_utf8);
    // One that cannot be read is told when it is opened.
    let Some(Ok(Ok(ini))) = text.map(|text| text.map(|text| Ini::read(&text))) else {
        return vec![Candidate::of(path.to_owned())];
    };
    let sections: Vec<&str> = ini
        .sections()
        .filter(|section| ini.says(section, OPTION) && *section != "DEFAULT")
        .collect();
    if sections.is_empty() {
        let env = join(parent(path), ENV);
        let is_beside = files.list(parent(path), ENV, false).contains(&env);
        let is_said = ini.says("DEFAULT", OPTION) && ini.has_section(SECTION);
        return match is_beside || is_said {
            true => vec![Candidate::of(path.to_owned())],
            false => Vec::new(),
        };
    }
    let of_section = |section: &str| Candidate {
        file: path.to_owned(),
        section: Some(section.to_owned()).filter(|section| section != SECTION),
    };
    sections.into_iter().map(of_section).collect()
}

fn has_table(pyproject: &[u8]) -> bool {
    std::str::from_utf8(pyproject).is_ok_and(is_alembic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn told(files: &[(&'static str, &'static str)]) -> Vec<String> {
        let files: BTreeMap<&str, &str> = files.iter().copied().collect();
        let all = candidates(&files);
        all.into_iter()
            .map(|it| match it.section {
                Some(section) => format!("{}[{section}]", it.file),
                None => it.file,
            })
            .collect()
    }

    const HERE: &str = "[alembic]\nscript_location = m\n";

    #[test]
    fn every_file_and_section_that_names_scripts_is_one() {
        let several = "[alembic]\nfile_template = x\n[core]\nscript_location = a\n[tenant]\nscript_location = b\n[loggers]\nkeys = root\n";
        assert_eq!(
            told(&[
                ("x/y/alembic.ini", HERE),
                ("alembic.ini", several),
                (
                    "shop/pyproject.toml",
                    "[tool.alembic]\nscript_location = 'm'\n"
                ),
                ("lib/pyproject.toml", "[tool.ruff]\n"),
                ("docs/old-alembic.ini", HERE),
            ]),
            [
                "alembic.ini[core]",
                "alembic.ini[tenant]",
                "shop/pyproject.toml",
                "x/y/alembic.ini"
            ]
        );
        assert_eq!(told(&[("a.py", ""), ("pyproject.toml", "")]), [""; 0]);
    }

    #[test]
    fn scripts_that_no_file_names_are_one_too() {
        let flask = "[alembic]\n# script_location is given by Flask-Migrate\n";
        let files = [
            ("migrations/alembic.ini", flask),
            ("migrations/env.py", ""),
            ("pyproject.toml", "[tool.ruff]\n"),
        ];
        assert_eq!(told(&files), ["migrations/alembic.ini"]);
        let bare = [
            (
                "app/migrations/env.py",
                "context.configure(version_table='v')\n",
            ),
            ("app/migrations/script.py.mako", ""),
            ("app/migrations/versions/a.py", ""),
            ("app/env.py", ""),
        ];
        assert_eq!(told(&bare), ["app/migrations/env.py"]);
        for (files, file) in [
            (&files[..], "migrations/env.py"),
            (&bare, "app/migrations/env.py"),
        ] {
            let files: BTreeMap<&str, &str> = files.iter().copied().collect();
            let choice = candidates(&files)[0].choice(&files);
            let setup = super::super::read(&files, &choice, None).expect("a set-up");
            let home = setup.alembic.expect("a project of Alembic's");
            assert_eq!(home.file, file);
            assert_eq!(
                setup.config.project.versions,
                file.replace("env.py", "versions")
            );
        }
    }

    #[test]
    fn one_that_says_nothing_is_told_so_when_it_is_opened() {
        assert_eq!(told(&[("alembic.ini", "[loggers]\n")]), ["alembic.ini"]);
        assert_eq!(
            told(&[("alembic.ini", "nonsense"), ("b/alembic.ini", HERE)]),
            ["alembic.ini", "b/alembic.ini"]
        );
    }
}
