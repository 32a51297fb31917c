//! Prints how long histories of 100,000 revisions take to build and to outline, version-table writes included:
//! `cargo run --release -p cofferdam-engine --example outline`.

use cofferdam_engine::config::Config;
use cofferdam_engine::history::heads::Rows;
use cofferdam_engine::history::{History, target};
use cofferdam_engine::plan::Request;
use cofferdam_engine::plan::outline::{Verb, outline};
use cofferdam_engine::revision::{
    Direction, Downgrade, Revision, RevisionId, RevisionIdError, Script,
};
use std::time::Instant;

const COUNT: usize = 100_000;

/// The parents of a revision, and those it depends on.
type Below = (Vec<Option<usize>>, Option<usize>);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    time("linear", |at| (vec![at.checked_sub(1)], None))?;
    time("a branch of three every twelve, merged", |at| {
        match at % 12 {
            4 => (vec![at.checked_sub(3)], None),
            7 => (vec![at.checked_sub(4), at.checked_sub(1)], None),
            _ => (vec![at.checked_sub(1)], None),
        }
    })?;
    time("10 branches from 10 bases, dependent", |at| {
        (
            vec![at.checked_sub(10)],
            at.checked_sub(7).filter(|_| at.is_multiple_of(9)),
        )
    })?;
    time(
        "two branches, all of one depending on the other's base",
        |at| (vec![at.checked_sub(2)], Some(0).filter(|_| at % 2 == 1)),
    )?;
    time("1,000 branches from one base, no merge", |at| {
        (
            vec![at.checked_sub(1_000).or(at.checked_sub(1).map(|_| 0))],
            None,
        )
    })
}

fn time(shape: &str, below: impl Fn(usize) -> Below) -> Result<(), Box<dyn std::error::Error>> {
    let scripts: Result<Vec<Script>, RevisionIdError> =
        (0..COUNT).map(|at| script(at, below(at))).collect();
    let scripts = scripts?;
    let start = Instant::now();
    let history = History::new(scripts).map_err(|errors| errors[0].clone())?;
    let built = start.elapsed();
    let start = Instant::now();
    let heads = target::resolve(&history, "heads")?;
    let resolved = start.elapsed();
    let config = Config::default();
    let request = |current| Request {
        history: &history,
        config: &config,
        environment: None,
        current,
    };
    let start = Instant::now();
    let ids = target::upgrade(&history, &[], "heads")?;
    let ordered = start.elapsed();
    let start = Instant::now();
    let mut rows = Rows::new(&history, &[]);
    for id in &ids {
        rows.step(id, Direction::Upgrade);
    }
    for id in ids.iter().rev() {
        rows.step(id, Direction::Downgrade);
    }
    let written = start.elapsed();
    drop(ids);
    let start = Instant::now();
    let up = outline(request(&[]), Verb::Upgrade, "heads")?;
    let upgraded = start.elapsed();
    let upgrades = up.revisions.len();
    drop(up);
    let start = Instant::now();
    let down = outline(request(&heads), Verb::Downgrade, "base")?;
    let downgraded = start.elapsed();
    println!(
        "{shape}: history {built:.0?}, {} heads {resolved:.0?}, order {ordered:.0?}, rows up and down {written:.0?}; outlines: upgrade of {upgrades} {upgraded:.0?}, downgrade of {} {downgraded:.0?}",
        heads.len(),
        down.revisions.len(),
    );
    Ok(())
}

fn script(at: usize, (parents, depends_on): Below) -> Result<Script, RevisionIdError> {
    let name = |at: usize| RevisionId::new(format!("{at:012x}"));
    let depends_on = depends_on.map(name).transpose()?;
    Ok(Script {
        revision: Revision {
            id: name(at)?,
            down: parents
                .into_iter()
                .flatten()
                .map(name)
                .collect::<Result<_, _>>()?,
            depends_on: depends_on.iter().map(RevisionId::to_string).collect(),
            branch_labels: Vec::new(),
            message: String::new(),
            description: Vec::new(),
            author: None,
            create_date: Some(format!("2025-01-01 00:00:{at:08}")),
            extra: Vec::new(),
            upgrade: "CREATE TABLE t (id int);".to_owned(),
            downgrade: Downgrade::Sql("DROP TABLE t;".to_owned()),
        },
        path: format!("versions/{at:06}.sql"),
        sha256: String::new(),
        upgrade_at: 0,
        downgrade_at: 0,
        upgrade_line: 1,
        downgrade_line: 1,
        python: None,
        cuts: None,
    })
}
