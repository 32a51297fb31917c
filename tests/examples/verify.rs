//! `cargo xtask bench verify [REVISIONS…]`: how long proving generated histories takes, up, down, up for each revision.
//!
//! Every eight revisions are about a table of their own: it is made, gets a column, an index built concurrently, a check, a
//! view, rows, another type of a column, and a foreign key to the table before.

use cofferdam_tests::binary;
use serde_json::Value;
use std::path::Path;
use std::time::Instant;

fn main() {
    let sizes: Vec<usize> = std::env::args()
        .skip(1)
        .map(|size| size.parse().expect("a number of revisions"))
        .collect();
    let sizes = if sizes.is_empty() {
        vec![100, 1000]
    } else {
        sizes
    };
    println!(
        "| revisions | verdicts | whole | a revision | running its statements | objects at the end |"
    );
    println!("|---:|---|---:|---:|---:|---:|");
    for size in sizes {
        prove(size);
    }
}

fn prove(size: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("cofferdam.toml"),
        "[project]\nname = \"many\"\n",
    )
    .expect("the configuration");
    let versions = folder.path().join("versions");
    std::fs::create_dir(&versions).expect("a folder");
    for at in 0..size {
        std::fs::write(versions.join(format!("{}.sql", id(at))), revision(at)).expect("a file");
    }
    let report = verify(folder.path());
    let totals = &report["totals"]["verdicts"];
    assert_eq!(report["totals"]["fine"], size, "{totals}");
    let revisions = report["revisions"].as_array().expect("revisions");
    let legs = revisions
        .iter()
        .flat_map(|one| one["legs"].as_array().expect("legs"));
    let running: f64 = legs.filter_map(|leg| leg["elapsed_ms"].as_f64()).sum();
    let whole = report["elapsed_ms"].as_f64().unwrap_or_default();
    let each = |ms: f64| ms / size as f64;
    println!(
        "| {size} | {} | {:.1} s | {:.1} ms | {:.1} ms | {} |",
        totals.to_string().replace(['{', '}', '"'], ""),
        whole / 1e3,
        each(whole),
        each(running),
        size / 8 * 3
    );
}

fn verify(folder: &Path) -> Value {
    let started = Instant::now();
    let mut command = binary::command();
    if let Some(bin) = std::env::var_os("COFFERDAM_TEST_PG_BIN") {
        command.arg("--pg-bin").arg(bin);
    }
    let output = command
        .args(["verify", "--format", "json"])
        .current_dir(folder)
        .output()
        .expect("the program");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    eprintln!(
        "{:.1} s with starting PostgreSQL",
        started.elapsed().as_secs_f64()
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn id(at: usize) -> String {
    format!("r{at:05}")
}

fn revision(at: usize) -> String {
    let down = if at == 0 { String::new() } else { id(at - 1) };
    let table = format!("t{}", at / 8);
    let (up, undo) = match at % 8 {
        0 => (
            format!(
                "CREATE TABLE {table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50) NOT NULL, parent bigint);"
            ),
            format!("DROP TABLE {table};"),
        ),
        1 => (
            format!("ALTER TABLE {table} ADD COLUMN amount numeric(10, 2) NOT NULL DEFAULT 0;"),
            format!("ALTER TABLE {table} DROP COLUMN amount;"),
        ),
        2 => (
            format!("CREATE INDEX CONCURRENTLY {table}_name_idx ON {table} (name);"),
            format!("DROP INDEX CONCURRENTLY {table}_name_idx;"),
        ),
        3 => (
            format!("ALTER TABLE {table} ADD CONSTRAINT {table}_amount_check CHECK (amount >= 0);"),
            format!("ALTER TABLE {table} DROP CONSTRAINT {table}_amount_check;"),
        ),
        4 => (
            format!("CREATE VIEW v_{table} AS SELECT id, amount FROM {table} WHERE amount > 0;"),
            format!("DROP VIEW v_{table};"),
        ),
        5 => (
            format!(
                "INSERT INTO {table} (name, amount) SELECT 'n' || n, n FROM generate_series(1, 20) n;"
            ),
            format!("DELETE FROM {table};"),
        ),
        6 => (
            format!(
                "ALTER TABLE {table} ALTER COLUMN name TYPE text;\nCOMMENT ON TABLE {table} IS 'number {at}';"
            ),
            format!(
                "COMMENT ON TABLE {table} IS NULL;\nALTER TABLE {table} ALTER COLUMN name TYPE varchar(50);"
            ),
        ),
        _ => (
            format!(
                "ALTER TABLE {table} ADD CONSTRAINT {table}_parent_fkey FOREIGN KEY (parent) REFERENCES t{};",
                (at / 8).saturating_sub(1)
            ),
            format!("ALTER TABLE {table} DROP CONSTRAINT {table}_parent_fkey;"),
        ),
    };
    format!(
        "-- number {at}\n--\n-- Revision ID: {}\n-- Revises: {down}\n\n-- +upgrade\n{up}\n\n-- +downgrade\n{undo}\n",
        id(at)
    )
}
