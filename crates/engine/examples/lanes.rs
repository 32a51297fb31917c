//! Prints how long building, ordering and laying out 10,000 revisions takes: `cargo run --release --example lanes`.

use cofferdam_engine::history::lanes::{self, Node};
use cofferdam_engine::history::{History, draw, target};
use cofferdam_engine::revision::{Downgrade, Revision, RevisionId, RevisionIdError, Script};
use std::time::Instant;

const COUNT: usize = 10_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    time("linear", |at| vec![at.checked_sub(1)])?;
    time("branching", |at| match at % 12 {
        // A branch of three begins every twelve revisions and is merged four revisions later.
        4 => vec![at.checked_sub(3)],
        7 => vec![at.checked_sub(4), at.checked_sub(1)],
        3 => vec![at.checked_sub(3)],
        _ => vec![at.checked_sub(1)],
    })?;
    time("wide (200 branches)", |at| vec![at.checked_sub(200)])
}

fn time(
    shape: &str,
    parents: impl Fn(usize) -> Vec<Option<usize>>,
) -> Result<(), Box<dyn std::error::Error>> {
    let scripts: Result<Vec<Script>, RevisionIdError> = (0..COUNT)
        .map(|at| script(at, parents(at).into_iter().flatten()))
        .collect();
    let scripts = scripts?;
    let start = Instant::now();
    let history = History::new(scripts).map_err(|errors| errors[0].clone())?;
    let built = start.elapsed();
    let start = Instant::now();
    let nodes: Vec<Node> = lanes::nodes(&history);
    let listed = start.elapsed();
    let start = Instant::now();
    let rows = lanes::layout(&nodes);
    let laid = start.elapsed();
    let start = Instant::now();
    let text = draw::text(&history, |script| script.revision.id.to_string());
    let drawn = start.elapsed();
    let start = Instant::now();
    let list = target::upgrade(&history, &[], "heads")?;
    let planned = start.elapsed();
    let width = rows.iter().map(|row| row.width).max().unwrap_or(0);
    println!(
        "{shape}: {} rows, {width} lanes; history {built:.2?}, nodes {listed:.2?}, layout {laid:.2?}, \
         text of {} bytes {drawn:.2?}, upgrade to heads of {} {planned:.2?}",
        rows.len(),
        text.len(),
        list.len(),
    );
    Ok(())
}

fn script(at: usize, parents: impl Iterator<Item = usize>) -> Result<Script, RevisionIdError> {
    let name = |at: usize| RevisionId::new(format!("{at:012x}"));
    Ok(Script {
        revision: Revision {
            id: name(at)?,
            down: parents.map(name).collect::<Result<_, _>>()?,
            depends_on: Vec::new(),
            branch_labels: Vec::new(),
            message: String::new(),
            description: Vec::new(),
            author: None,
            create_date: Some(format!("2025-01-01 00:00:{at:08}")),
            extra: Vec::new(),
            upgrade: String::new(),
            downgrade: Downgrade::Missing,
        },
        path: format!("versions/{at}.sql"),
        sha256: String::new(),
        upgrade_at: 0,
        downgrade_at: 0,
        upgrade_line: 1,
        downgrade_line: 1,
        python: None,
        cuts: None,
    })
}
