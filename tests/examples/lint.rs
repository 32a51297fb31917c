//! `cargo xtask bench lint`: Cofferdam's linter beside squawk's, on the same files in the same run.
//!
//! Whole processes are timed, in turn, the best of seven: one file of 10 kB, a folder of a thousand such files, one file of 10 MB.
//! What is over in a moment runs 140 times, twice in a row: squawk's two turns follow each other, and what the first brings into the
//! processor's caches would count for the second alone. Cofferdam looks for every rule (`--all`); squawk once for those that are on by default, and once for every rule that
//! it has. All print JSON into a pipe that is read to its end.

use cofferdam_tests::binary;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The rules that squawk looks for only where they are named.
const BY_NAME: [&str; 27] = [
    "require-table-schema",
    "require-timeout-settings",
    "ban-drop-trigger",
    "ban-alter-generated-expression",
    "ban-drop-index",
    "ban-set-default",
    "ban-disable-trigger",
    "ban-replica-identity",
    "ban-drop-policy",
    "ban-revoke",
    "ban-replace-view-function",
    "ban-alter-policy-condition",
    "ban-alter-policy-roles",
    "ban-create-policy",
    "ban-alter-function-options",
    "ban-alter-view-options",
    "ban-alter-role-options",
    "ban-alter-database-options",
    "ban-alter-row-level-security",
    "ban-new-write-restriction",
    "ban-add-enum-value",
    "ban-add-composite-attribute",
    "ban-add-column",
    "ban-detach-inheritance",
    "ban-alter-sequence-values",
    "ban-alter-system-options",
    "ban-alter-extension",
];

/// What each file is made of: statements of migrations, of many kinds.
fn statements(file: usize) -> String {
    let mut text = String::from("SET lock_timeout = '2s';\nSET statement_timeout = '1min';\n");
    let mut at = 0;
    while text.len() < 10_000 {
        let name = format!("t{file}_{at}");
        text.push_str(&format!(
            "CREATE TABLE {name} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), amount numeric(10, 2) CHECK (amount > 0));\n\
             CREATE INDEX {name}_name_idx ON {name} (name) WHERE amount IS NOT NULL;\n\
             ALTER TABLE users ADD COLUMN c{at} integer DEFAULT 0;\n\
             ALTER TABLE orders ADD CONSTRAINT f{at} FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;\n\
             COMMENT ON TABLE {name} IS 'The {at} of {file}: what is said of it';\n\
             INSERT INTO {name} (name, amount) VALUES ('one', 1.5), ('two', 2.5), ('three', 3.5);\n\
             UPDATE users SET name = lower(name) WHERE id = {at};\n\
             CREATE OR REPLACE VIEW v{at} AS SELECT u.id, u.name, count(o.id) AS orders FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY u.id, u.name;\n"
        ));
        at += 1;
    }
    text
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let thousand = folder.path().join("thousand");
    std::fs::create_dir(&thousand).expect("a folder");
    let mut big = String::new();
    let mut files = Vec::new();
    for file in 0..1000 {
        let text = statements(file);
        let path = thousand.join(format!("{file:04}.sql"));
        std::fs::write(&path, &text).expect("a file");
        big.push_str(&text);
        files.push(path);
    }
    let one = files[0].clone();
    let large = folder.path().join("large.sql");
    std::fs::write(&large, &big).expect("a file");
    println!(
        "| what | bytes | squawk's default rules | squawk, every rule | Cofferdam, every rule | squawk, MB/s | Cofferdam, MB/s | ratio to its default rules | ratio |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (what, rounds, in_a_row, files) in [
        ("one file of 10 kB", 70, 2, vec![one]),
        ("a thousand files of 10 kB", 7, 1, files),
        ("one file of 10 MB", 7, 1, vec![large]),
    ] {
        let bytes: u64 = files
            .iter()
            .map(|path| std::fs::metadata(path).expect("a file").len())
            .sum();
        let commands: [&dyn Fn() -> Command; 3] = [
            &|| squawk(&files, &[]),
            &|| squawk(&files, &BY_NAME),
            &|| cofferdam(folder.path(), &files),
        ];
        let [fewer, squawk, own] = best(rounds, in_a_row, commands);
        let speed = |took: Duration| bytes as f64 / took.as_secs_f64() / 1e6;
        let ratio = |other: Duration| other.as_secs_f64() / own.as_secs_f64();
        println!(
            "| {what} | {bytes} | {} | {} | {} | {:.1} | {:.1} | {:.2}× | {:.2}× |",
            shown(fewer),
            shown(squawk),
            shown(own),
            speed(squawk),
            speed(own),
            ratio(fewer),
            ratio(squawk),
        );
    }
}

fn squawk(files: &[PathBuf], by_name: &[&str]) -> Command {
    let program = std::env::var_os("COFFERDAM_BENCH_SQUAWK").expect("run `cargo xtask bench lint`");
    let mut command = Command::new(program);
    command.args(["--reporter", "json"]);
    command.args(by_name.iter().map(|rule| format!("--include={rule}")));
    command.args(files);
    command
}

fn cofferdam(folder: &Path, files: &[PathBuf]) -> Command {
    let mut command = Command::new(binary::path());
    command
        .args(["lint", "--all", "--format", "json"])
        .args(files)
        .current_dir(folder);
    command
}

/// The best of so many of each, in turn: what else the machine does then slows all of them.
fn best<const N: usize>(
    rounds: usize,
    in_a_row: usize,
    commands: [&dyn Fn() -> Command; N],
) -> [Duration; N] {
    let once = |command: &dyn Fn() -> Command| {
        let start = Instant::now();
        let output = command()
            .stdin(Stdio::null())
            .output()
            .expect("the program");
        let took = start.elapsed();
        // Both end with 1 where there is something to say.
        assert!(
            matches!(output.status.code(), Some(0 | 1)),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        took
    };
    let mut best = [Duration::MAX; N];
    for _ in 0..rounds {
        for (best, command) in best.iter_mut().zip(commands) {
            for _ in 0..in_a_row {
                *best = once(command).min(*best);
            }
        }
    }
    best
}

fn shown(took: Duration) -> String {
    match took.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{seconds:.2} s"),
    }
}
