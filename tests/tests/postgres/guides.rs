//! Every command line that docs/commands.md sets beside one of a guide's, run as it stands there.

use cofferdam_tests::binary::{self, Printed, run, succeed};
use cofferdam_tests::cluster::{Database, database};
use cofferdam_tests::project;
use std::path::Path;
use std::process::Command;

/// Revisions of the example: its head, two below it, and the first.
const HEAD: &str = "c8150a6e7bd9";
const ABOVE: &str = "06e2d4fb98a7";
const BELOW: &str = "49cdb8f1e630";
const FIRST: &str = "5c1e0a7d93b4";

/// Cofferdam's lines of the guides' tables, with whether they come later.
fn lines() -> Vec<(String, bool)> {
    let path = project::root().join("docs/commands.md");
    let text = std::fs::read_to_string(path).expect("docs/commands.md");
    let (_, tables) = text
        .split_once("## Every line of five guides")
        .expect("the tables");
    let (tables, _) = tables.split_once("## Options").expect("their end");
    let mut lines = Vec::new();
    for row in tables.lines().filter(|line| line.starts_with("| ")) {
        let row = row.replace("\\|", "\u{0}");
        let ours = row.split('|').nth(2).expect("a second column");
        for (at, code) in ours.split('`').enumerate() {
            let line = code.replace('\u{0}', "|");
            if at % 2 == 1 && line.starts_with("cofferdam ") {
                lines.push((line, ours.contains("*Later*: `")));
            }
        }
    }
    lines
}

/// A shell's line in a copy of the example, as a person types it.
fn shell(folder: &Path, database: &Database, line: &str) -> Printed {
    let binary = binary::path();
    let programs = binary.parent().expect("its folder").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", format!("{programs}:{path}"))
        .env("DATABASE_URL", &database.url)
        .env("EDITOR", "true")
        .env_remove("VISUAL")
        .output()
        .expect("sh starts")
        .into()
}

#[test]
fn every_line_beside_a_guides_works() {
    let lines = lines();
    assert!(lines.len() > 35, "{lines:?}");
    for (line, later) in lines {
        // Those of a server or of a half-applied revision have tests of their own.
        if ["serve", "apply PLAN", "undo"]
            .iter()
            .any(|verb| line.contains(verb))
        {
            continue;
        }
        let folder = project::example("alembic");
        let database = database();
        let at = match line.contains("downgrade") {
            true => HEAD,
            false => BELOW,
        };
        succeed(folder.path(), &["--url", &database.url, "upgrade", at]);
        let mut typed = line.replace("DB", &database.name);
        let named = if typed.contains("upgrade <") {
            ABOVE
        } else {
            FIRST
        };
        typed = typed.replace("<revision>", named);
        if typed.contains("merge") {
            let side = [
                "revision", "--head", ABOVE, "--splice", "-m", "side", "--rev-id", "head2",
            ];
            succeed(folder.path(), &side);
            typed = typed.replace("head1", HEAD);
        }
        let printed = shell(folder.path(), &database, &typed);
        let code = if later { 2 } else { 0 };
        assert_eq!(
            printed.code,
            Some(code),
            "{typed}: {}{}",
            printed.out,
            printed.err
        );
        // Whatever it did, the files still make one history.
        let check = run(folder.path(), &["check-history"]);
        assert_eq!(check.code, Some(0), "{typed}: {}", check.out);
    }
}
