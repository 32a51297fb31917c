//! Every dependency's licence, and the crates that must not be used: the lists are in deny.toml.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use spdx::{Expression, Licensee, ParseMode};

use crate::process::{capture, cargo};
use crate::workspace::Workspace;

/// What deny.toml allows and forbids.
struct Policy {
    allowed: Vec<Licensee>,
    banned: Vec<String>,
    /// Crate and licence: accepted for this crate alone.
    exceptions: Vec<(String, String)>,
}

/// Checks crates (all platforms, all features) and npm packages. Gives back how many there are.
pub fn check(workspace: &Workspace) -> Result<String> {
    let read = |name: &str| {
        fs::read_to_string(workspace.path(name)).with_context(|| format!("cannot read {name}"))
    };
    let policy = Policy::parse(&read("deny.toml")?)?;
    let metadata = capture(
        cargo()
            .args(["metadata", "--format-version", "1", "--all-features"])
            .current_dir(&workspace.root),
    )?;
    let mut problems = Vec::new();
    let crates = policy.check_crates(&serde_json::from_str(&metadata)?, &mut problems);
    policy.check_lock(&read("Cargo.lock")?, &mut problems);
    let lock = serde_json::from_str(&read("package-lock.json")?)?;
    let packages = policy.check_npm(&lock, &workspace.root, &mut problems);
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(format!("{crates} crates and {packages} npm packages"))
}

impl Policy {
    fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().context("deny.toml")?;
        let list = |section: &str, key: &str| {
            let value = table.get(section).and_then(|section| section.get(key));
            value
                .and_then(toml::Value::as_array)
                .with_context(|| format!("deny.toml has no list `{key}` in [{section}]"))
        };
        let mut allowed = Vec::new();
        for entry in list("licenses", "allow")? {
            let name = entry.as_str().context("a licence's name is a string")?;
            let licensee = Licensee::parse(name);
            allowed.push(licensee.with_context(|| format!("deny.toml allows `{name}`"))?);
        }
        let banned = list("bans", "deny")?.iter().filter_map(|entry| {
            let name = entry.get("crate").or(entry.get("name")).unwrap_or(entry);
            name.as_str().map(String::from)
        });
        let banned = banned.collect();
        let exceptions = table
            .get("licenses")
            .and_then(|section| section.get("exceptions"));
        let exceptions = exceptions
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten();
        let exceptions = exceptions
            .flat_map(|entry| {
                let name = entry
                    .get("crate")
                    .and_then(toml::Value::as_str)
                    .unwrap_or_default();
                let licences = entry.get("allow").and_then(toml::Value::as_array);
                let licences = licences
                    .into_iter()
                    .flatten()
                    .filter_map(toml::Value::as_str);
                licences
                    .map(|licence| (name.to_string(), licence.to_string()))
                    .collect::<Vec<_>>()
            })
            .collect();
        Ok(Self {
            allowed,
            banned,
            exceptions,
        })
    }

    /// Why this licence is not accepted.
    fn refuses(&self, licence: Option<&str>) -> Option<String> {
        let Some(licence) = licence else {
            return Some("names no licence".into());
        };
        // Old crates write `MIT/Apache-2.0`.
        match Expression::parse_mode(licence, ParseMode::LAX) {
            Err(error) => Some(format!(
                "has a licence that cannot be read: {licence}: {}",
                error.reason
            )),
            Ok(expression) => {
                let accepted = expression.evaluate(|asked| {
                    self.allowed
                        .iter()
                        .any(|licensee| licensee.satisfies(asked))
                });
                (!accepted)
                    .then(|| format!("has a licence that deny.toml does not allow: {licence}"))
            }
        }
    }

    fn check_crates(&self, metadata: &Value, problems: &mut Vec<String>) -> usize {
        let mut count = 0;
        for package in array(metadata, "packages") {
            let name = format!("{} {}", text(package, "name"), text(package, "version"));
            match package["source"].as_str() {
                // One of ours.
                None => continue,
                Some(source) if source.contains("crates.io") => count += 1,
                Some(source) => problems.push(format!("{name} comes from {source}")),
            }
            let excepted = self.exceptions.iter().any(|(of, licence)| {
                text(package, "name") == of && package["license"] == licence.as_str()
            });
            if let Some(problem) = self
                .refuses(package["license"].as_str())
                .filter(|_| !excepted)
            {
                problems.push(format!("{name} {problem}"));
            }
        }
        count
    }

    fn check_lock(&self, lock: &str, problems: &mut Vec<String>) {
        for line in lock.lines() {
            let name = line
                .strip_prefix("name = \"")
                .and_then(|rest| rest.strip_suffix('"'));
            if let Some(name) = name.filter(|name| self.banned.iter().any(|banned| banned == name))
            {
                problems.push(format!("deny.toml forbids the crate {name}"));
            }
        }
    }

    /// The lock file has most licences; the packages themselves have the others.
    fn check_npm(&self, lock: &Value, root: &Path, problems: &mut Vec<String>) -> usize {
        let mut count = 0;
        let packages = lock["packages"].as_object();
        for (path, package) in packages.into_iter().flatten() {
            if path.is_empty() {
                continue;
            }
            count += 1;
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            let own = || -> Option<Value> {
                let text = fs::read_to_string(root.join(path).join("package.json")).ok()?;
                serde_json::from_str(&text).ok()
            };
            let licence = package["license"]
                .as_str()
                .map(String::from)
                .or_else(|| Some(own()?["license"].as_str()?.to_string()));
            if let Some(problem) = self.refuses(licence.as_deref()) {
                problems.push(format!("the npm package {name} {problem}"));
            }
        }
        count
    }
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn policy() -> Policy {
        Policy::parse(
            "[licenses]\nallow = [\"MIT\", \"Apache-2.0\", \"Apache-2.0 WITH LLVM-exception\", \"ISC\"]\n\
             [bans]\ndeny = [{ crate = \"openssl-sys\" }, \"pq-sys\"]\n",
        )
        .unwrap()
    }

    #[test]
    fn licences_are_read_as_expressions() {
        let policy = policy();
        for fine in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "Apache-2.0 AND ISC",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only",
            "(MIT OR GPL-3.0-only) AND ISC",
        ] {
            assert_eq!(policy.refuses(Some(fine)), None, "{fine}");
        }
        for bad in [
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "MIT WITH LLVM-exception",
            "SEE LICENSE IN LICENSE.md",
            "UNLICENSED",
            "",
        ] {
            assert!(policy.refuses(Some(bad)).is_some(), "{bad}");
        }
        assert!(policy.refuses(None).is_some());
    }

    #[test]
    fn foreign_sources_and_missing_licences_are_told() {
        let metadata = json!({"packages": [
            {"name": "ours", "version": "0.1.0", "source": null, "license": null},
            {"name": "fine", "version": "1.0.0", "license": "MIT",
             "source": "registry+https://github.com/rust-lang/crates.io-index"},
            {"name": "elsewhere", "version": "1.0.0", "license": "MIT", "source": "git+https://x"},
            {"name": "bare", "version": "2.0.0", "license": null,
             "source": "registry+https://github.com/rust-lang/crates.io-index"},
        ]});
        let mut problems = Vec::new();
        assert_eq!(policy().check_crates(&metadata, &mut problems), 2);
        assert_eq!(
            problems,
            [
                "elsewhere 1.0.0 comes from git+https://x",
                "bare 2.0.0 names no licence"
            ]
        );
    }

    #[test]
    fn forbidden_crates_are_found_in_the_lock_file() {
        let mut problems = Vec::new();
        let lock =
            "[[package]]\nname = \"openssl-sys\"\n[[package]]\nname = \"openssl-sys-extras\"\n";
        policy().check_lock(lock, &mut problems);
        assert_eq!(problems, ["deny.toml forbids the crate openssl-sys"]);
    }

    #[test]
    fn npm_packages_are_checked() {
        let lock = json!({"packages": {
            "": {"name": "root"},
            "node_modules/@a/b": {"license": "MIT"},
            "node_modules/c/node_modules/d": {"license": "GPL-3.0"},
            "node_modules/not-there": {},
        }});
        let mut problems = Vec::new();
        assert_eq!(
            policy().check_npm(&lock, Path::new("/nowhere"), &mut problems),
            3
        );
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(
            problems[0].starts_with("the npm package d has"),
            "{problems:?}"
        );
        assert!(
            problems[1].contains("not-there names no licence"),
            "{problems:?}"
        );
    }
}
