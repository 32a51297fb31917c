//! The documentation's pages of the rules are made from the rules and their examples:
//! `COFFERDAM_WRITE_DOCS=1 cargo test -p cofferdam-engine --test hazard_pages` writes them anew.

use cofferdam_engine::finding::Severity;
use cofferdam_engine::hazard::{RULES, Rule, UNION};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn severity(rule: &Rule) -> &'static str {
    match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn example(rule: &Rule, file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/hazards");
    let text = std::fs::read_to_string(folder.join(rule.code).join(file)).unwrap_or_default();
    format!("```sql\n{}\n```\n", text.trim_end())
}

fn page(rule: &Rule) -> String {
    let mut page = format!("# {}: {}\n\n", rule.code, rule.title);
    let state = match rule.is_default {
        true => "",
        false => " It is off until a project switches it on.",
    };
    let _ = writeln!(page, "Severity: {}.{state}\n", severity(rule));
    let _ = writeln!(page, "{}\n", rule.happens);
    if !rule.waits.is_empty() {
        let _ = writeln!(page, "**Who waits.** {}\n", rule.waits);
    }
    let _ = writeln!(page, "**When.** {}\n", rule.applies);
    match rule.instead.contains('\n') || rule.is_example() {
        true => {
            let _ = writeln!(page, "**The safe way.**\n\n```sql\n{}\n```\n", rule.instead);
        }
        false => {
            let _ = writeln!(page, "**The safe way.** {}\n", rule.instead);
        }
    }
    if rule.has_fix() {
        page.push_str(
            "`cofferdam lint --fix` writes it, where it can be written without a person.\n\n",
        );
    }
    let _ = writeln!(page, "This has it:\n\n{}", example(rule, "bad.sql"));
    let _ = writeln!(page, "This has not:\n\n{}", example(rule, "good.sql"));
    let _ = writeln!(
        page,
        "To allow it: `-- +allow {}: the reason` on the line above the statement.\n",
        rule.code
    );
    let _ = writeln!(page, "PostgreSQL's manual: <{}>", rule.manual_url());
    page
}

fn index() -> String {
    let rows: BTreeSet<u8> = RULES.iter().flat_map(|rule| rule.rows).copied().collect();
    let fixes = RULES.iter().filter(|rule| rule.has_fix()).count();
    let default = RULES.iter().filter(|rule| rule.is_default).count();
    let mut text = format!(
        "# Hazards\n\n`cofferdam lint` looks for {} hazards, {default} of them without being asked; {fixes} have a fix. They cover {} of the\n{UNION} that Squawk, Eugene, strong_migrations, Atlas, pg-schema-diff and their like know. squawk-linter runs underneath for\nthe rules that it has; what it finds is shown only where it applies. `cofferdam lint --rules` prints the same list and counts.\n\n",
        RULES.len(),
        rows.len()
    );
    text.push_str("| rule | severity | default | fix | what |\n|---|---|---|---|---|\n");
    for rule in RULES {
        let _ = writeln!(
            text,
            "| [{0}](hazards/{0}.md) | {1} | {2} | {3} | {4} |",
            rule.code,
            severity(rule),
            if rule.is_default { "on" } else { "off" },
            if rule.has_fix() { "yes" } else { "" },
            rule.title
        );
    }
    let missing: Vec<String> = (1..=UNION)
        .filter(|row| !rows.contains(&u8::try_from(*row).unwrap_or(0)))
        .map(|row| format!("H{row:03}"))
        .collect();
    let _ = writeln!(
        text,
        "\nNot covered by a rule: {}. (H059 is the finding `mixed-transactions`; H065 is what `cofferdam status` says of changed files.)",
        missing.join(", ")
    );
    text
}

#[test]
fn the_pages_are_those_of_the_rules() {
    let mut pages: BTreeMap<PathBuf, String> = RULES
        .iter()
        .map(|rule| {
            (
                root().join(format!("docs/hazards/{}.md", rule.code)),
                page(rule),
            )
        })
        .collect();
    pages.insert(root().join("docs/hazards.md"), index());
    let folder = root().join("docs/hazards");
    let there: BTreeSet<PathBuf> = std::fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    let old: Vec<&PathBuf> = there
        .iter()
        .filter(|path| !pages.contains_key(*path))
        .collect();
    if std::env::var_os("COFFERDAM_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(&folder).expect("a folder");
        for path in old {
            std::fs::remove_file(path).expect("an old page");
        }
        for (path, text) in &pages {
            std::fs::write(path, text).expect("a page");
        }
        return;
    }
    assert!(old.is_empty(), "no rule has these pages: {old:?}");
    for (path, text) in &pages {
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == *text,
            "{} is not what the rules say: run this test with COFFERDAM_WRITE_DOCS=1",
            path.display()
        );
    }
}
