//! What tests need from the operating system: found, installed where that is allowed, or told.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::browser::{self, Browser};
use crate::postgres;
use crate::process::{capture, command, run, shown, which};
use crate::python;
use crate::steps::say;

pub struct System {
    pub postgres: PathBuf,
    pub browser: Browser,
    pub python: PathBuf,
}

/// One thing that is needed, in words and as packages.
struct Need {
    what: &'static str,
    apt: &'static [&'static str],
    dnf: &'static str,
    brew: &'static str,
}

const POSTGRES: Need = Need {
    what: "PostgreSQL 15 or later with initdb, postgres, psql and pg_dump in one folder",
    apt: &["postgresql"],
    dnf: "postgresql-server postgresql",
    brew: "postgresql@18",
};
const BROWSER: Need = Need {
    what: "Chromium and chromedriver of the same version",
    apt: &["chromium", "chromium-driver"],
    dnf: "chromium chromedriver",
    brew: "--cask chromium chromedriver",
};
const PYTHON: Need = Need {
    what: "Python 3.10 or later with its module venv",
    apt: &["python3-venv"],
    dnf: "python3",
    brew: "python3",
};

#[derive(Default)]
struct Found {
    postgres: Option<PathBuf>,
    browser: Option<Browser>,
    python: Option<PathBuf>,
}

impl Found {
    fn look() -> Result<Self> {
        Ok(Self {
            postgres: postgres::find(
                &["COFFERDAM_TEST_PG_BIN", "COFFERDAM_PG_BIN"],
                postgres::SERVER_AND_CLIENTS,
            )?,
            browser: browser::find()?,
            python: python::find(),
        })
    }

    fn missing(&self) -> Vec<&'static Need> {
        let needs = [
            (self.postgres.is_none(), &POSTGRES),
            (self.browser.is_none(), &BROWSER),
            (self.python.is_none(), &PYTHON),
        ];
        let missing = needs.into_iter().filter(|(missing, _)| *missing);
        missing.map(|(_, need)| need).collect()
    }
}

/// Gives back where everything is. Installs by apt-get as root, or where sudo asks for no password.
pub fn ensure() -> Result<(System, String)> {
    let mut found = Found::look()?;
    let missing = found.missing();
    if !missing.is_empty() {
        let Some(become_root) = root_for_apt() else {
            bail!(message(&missing));
        };
        apt_install(&become_root, &missing)?;
        found = Found::look()?;
    }
    let missing = found.missing();
    let (Some(postgres), Some(browser), Some(python)) =
        (found.postgres, found.browser, found.python)
    else {
        bail!(message(&missing));
    };
    let note = format!(
        "{}, {}, {}",
        postgres.display(),
        browser.chromium.display(),
        python.display()
    );
    let system = System {
        postgres,
        browser,
        python,
    };
    Ok((system, note))
}

/// What goes before `apt-get`; nothing where it may not be run.
fn root_for_apt() -> Option<Vec<String>> {
    which("apt-get")?;
    if capture(command("id").arg("-u")).ok()? == "0" {
        return Some(Vec::new());
    }
    which("sudo")?;
    capture(command("sudo").args(["-n", "true"])).ok()?;
    Some(vec!["sudo".into(), "-n".into()])
}

fn apt_install(become_root: &[String], missing: &[&Need]) -> Result<()> {
    let mut update = apt_get(become_root, &["update", "--quiet=2"]);
    say(shown(&update));
    run(&mut update)?;
    let packages = apt_packages(missing);
    let mut install = apt_get(
        become_root,
        &["install", "--yes", "--no-install-recommends"],
    );
    install.args(["--quiet=2"]).args(&packages);
    say(shown(&install));
    run(&mut install).with_context(|| message(missing))
}

/// `env` carries the setting through sudo.
fn apt_get(become_root: &[String], arguments: &[&str]) -> Command {
    let words = become_root.iter().map(String::as_str);
    let mut words = words.chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    let mut apt_get = command(words.next().unwrap_or("env"));
    apt_get.args(words).args(arguments);
    apt_get
}

fn apt_packages(missing: &[&Need]) -> Vec<&'static str> {
    missing.iter().flat_map(|need| need.apt).copied().collect()
}

fn message(missing: &[&Need]) -> String {
    let mut text = String::from("the tests need what this machine does not have:\n");
    for need in missing {
        text += &format!("  - {}\n", need.what);
    }
    let names = |name: fn(&Need) -> &str| {
        let names = missing.iter().map(|need| name(need));
        names.collect::<Vec<_>>().join(" ")
    };
    let apt = apt_packages(missing).join(" ");
    text += &format!("Debian: sudo apt-get install {apt}\n");
    text += &format!("Fedora: sudo dnf install {}\n", names(|need| need.dnf));
    for need in missing {
        text += &format!("macOS:  brew install {}\n", need.brew);
    }
    text += "or name what is elsewhere: COFFERDAM_TEST_PG_BIN (a folder), \
             COFFERDAM_TEST_CHROMIUM, COFFERDAM_TEST_CHROMEDRIVER";
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_installed() {
        let mut found = Found {
            python: Some("/usr/bin/python3".into()),
            ..Found::default()
        };
        let packages = ["postgresql", "chromium", "chromium-driver"];
        assert_eq!(apt_packages(&found.missing()), packages);
        found.python = None;
        found.postgres = Some("/usr/lib/postgresql/15/bin".into());
        assert_eq!(
            apt_packages(&found.missing()),
            ["chromium", "chromium-driver", "python3-venv"]
        );
    }

    #[test]
    fn apt_is_asked_in_a_way_that_asks_nothing_back() {
        let as_root = apt_get(&[], &["update"]);
        assert_eq!(
            shown(&as_root),
            "env DEBIAN_FRONTEND=noninteractive apt-get update"
        );
        let by_sudo = apt_get(&["sudo".into(), "-n".into()], &["update"]);
        assert_eq!(
            shown(&by_sudo),
            "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get update"
        );
    }

    #[test]
    fn the_message_says_what_to_install() {
        let text = message(&[&POSTGRES, &PYTHON]);
        assert!(
            text.contains("Debian: sudo apt-get install postgresql python3-venv\n"),
            "{text}"
        );
        assert!(text.contains("psql and pg_dump"), "{text}");
    }
}
