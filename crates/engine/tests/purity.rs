//! Invariant 1: the engine does no I/O, has no clock and no randomness. Its dependency tree and its source say so.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates that do I/O, tell the time, make randomness, run threads or futures, or talk to JavaScript; a `*` at
/// the end stands for any rest of the name.
const DENIED: &[&str] = &[
    "tokio*",
    "async-*",
    "futures*",
    "smol",
    "mio",
    "socket2",
    "polling",
    "rayon*",
    "crossbeam*",
    "hyper*",
    "reqwest",
    "ureq",
    "axum*",
    "sqlx*",
    "postgres*",
    "tokio-postgres",
    "wasm-bindgen*",
    "js-sys",
    "web-sys",
    "gloo*",
    "rand",
    "rand_*",
    "getrandom",
    "fastrand",
    "uuid",
    "chrono",
    "time",
    "jiff",
    "instant",
    "web-time",
    "tempfile",
    "walkdir",
    "notify",
    "memmap2",
    "rustix",
    "nix",
    "dirs",
    "num_cpus",
    "tracing*",
    "env_logger",
];

/// What no line of the engine's own source may use.
const FORBIDDEN: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::io::std",
    "std::time",
    "std::thread",
    "thread::",
    "SystemTime",
    "Instant",
    "println!",
    "async fn",
];

fn denied(name: &str) -> bool {
    DENIED.iter().any(|denied| match denied.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *denied,
    })
}

/// The names in the engine's normal dependency tree, on every target.
fn tree(features: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "cofferdam-engine",
            "--edges",
            "normal",
            "--target",
            "all",
        ])
        .args(["--prefix", "none", "--format", "{p}", "--offline"])
        .args(features)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs, since it runs this test");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree failed: {words}");
    let text = String::from_utf8(output.stdout).expect("cargo prints UTF-8");
    let names = text.lines().filter_map(|line| line.split(' ').next());
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_dependency_tree_is_pure() {
    for features in [&[][..], &["--all-features"]] {
        let names = tree(features);
        assert!(
            names.iter().any(|name| name == "petgraph"),
            "the tree was read: {names:?}"
        );
        let found: Vec<&String> = names.iter().filter(|name| denied(name)).collect();
        assert!(found.is_empty(), "the engine must not depend on {found:?}");
    }
}

/// The engine's source files.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the source is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_source_is_pure() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    files.sort();
    assert!(files.len() > 10, "the source was read");
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("source is UTF-8");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or(line);
            for word in FORBIDDEN.iter().filter(|word| code.contains(**word)) {
                found.push(format!("{}:{}: {word}", file.display(), number + 1));
            }
        }
    }
    assert!(
        found.is_empty(),
        "the engine does no I/O:\n{}",
        found.join("\n")
    );
}
