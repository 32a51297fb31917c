//! Reads every Python file below a folder as Alembic revisions, and says what could not be known:
//! `cargo run --release -p cofferdam-alembic --example read -- FOLDER [--sql] [--header]`.

use cofferdam_alembic::{Depth, Settings, Source, read};
use cofferdam_engine::finding::Severity;
use cofferdam_engine::revision::Direction;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |option: &str| arguments.iter().any(|argument| argument == option);
    let Some(folder) = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"))
    else {
        eprintln!("usage: read FOLDER [--sql] [--header]");
        std::process::exit(2);
    };
    let mut paths = Vec::new();
    collect(Path::new(folder), &mut paths);
    paths.sort();
    let start = Instant::now();
    let files: Vec<(String, Vec<u8>)> = paths
        .iter()
        .filter_map(|path| Some((path.display().to_string(), std::fs::read(path).ok()?)))
        .collect();
    let loaded = start.elapsed();
    let depth = if has("--header") {
        Depth::Header
    } else {
        Depth::Whole
    };
    let sources: Vec<Source<'_>> = files
        .iter()
        .map(|(path, bytes)| Source { path, bytes })
        .collect();
    let start = Instant::now();
    let readings = read(&sources, &Settings::default(), depth);
    let took = start.elapsed();
    let (mut revisions, mut statements, mut whole) = (0, 0, 0);
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for reading in &readings {
        for finding in &reading.findings {
            if finding.severity == Severity::Error {
                println!("{}:{}: {}", finding.path, finding.line, finding.message);
            }
        }
        let Some(script) = &reading.script else {
            continue;
        };
        revisions += 1;
        let mut known = true;
        for direction in [Direction::Upgrade, Direction::Downgrade] {
            let Some(body) = script.body(direction) else {
                continue;
            };
            statements += body.lines.len();
            if has("--sql") {
                println!(
                    "-- {} {direction}\n{}",
                    script.path,
                    script.revision.sql(direction)
                );
            }
            for part in &body.unreadable {
                known = false;
                println!("{}:{}: {}", script.path, part.line, part.reason);
                *reasons.entry(part.reason.clone()).or_default() += 1;
            }
        }
        whole += usize::from(known);
    }
    let mut reasons: Vec<(String, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (reason, count) in reasons.iter().take(30) {
        println!("{count:6} {reason}");
    }
    println!(
        "{} files: {revisions} revisions, {whole} of them known as a whole, {statements} statements; loading {loaded:.1?}, reading {took:.1?}",
        files.len()
    );
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "py") {
            paths.push(path);
        }
    }
}
