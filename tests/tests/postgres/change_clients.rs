//! Every kind of change while an old and a new version of an application read, insert, update and delete without pause: through
//! all phases and back, and with the runner killed in the middle of each phase. Nothing fails, nothing that was acknowledged is
//! lost on either side, and the schema at the end is the one that the plain migration gives.

use super::crash::killed;
use cofferdam_tests::binary::succeed;
use cofferdam_tests::change::{Case, Stage, cases};
use cofferdam_tests::clients::Done;
use cofferdam_tests::cluster::cluster;
use cofferdam_tests::proxy::Cut;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{SystemTime, UNIX_EPOCH};

const ROWS: i64 = 100_000;

/// A module of tests for each kind.
macro_rules! kinds {
    ($($module:ident $case:ident,)*) => {
        $(mod $module {
            #[test]
            fn works_for_both_versions_while_it_is_made_and_undone() {
                super::there_and_back(&super::cases::$case);
            }

            #[test]
            fn goes_on_when_the_runner_was_killed() {
                super::with_kills(&super::cases::$case);
            }
        })*

        const CASES: &[&Case] = &[$(&cases::$case,)*];
    };
}

kinds! {
    rename_column RENAME_COLUMN,
    rename_table RENAME_TABLE,
    change_type CHANGE_TYPE,
    require_column REQUIRE_COLUMN,
    add_column ADD_COLUMN,
    add_check ADD_CHECK,
    add_foreign_key ADD_FOREIGN_KEY,
    add_unique ADD_UNIQUE,
    add_primary_key ADD_PRIMARY_KEY,
    add_exclusion ADD_EXCLUSION,
    replace_index REPLACE_INDEX,
    add_identity ADD_IDENTITY,
    add_generated ADD_GENERATED,
    attach_partition ATTACH_PARTITION,
    split_column SPLIT_COLUMN,
    merge_columns MERGE_COLUMNS,
    drop_column DROP_COLUMN,
    drop_table DROP_TABLE,
    move_column MOVE_COLUMN,
    rename_enum_value RENAME_ENUM_VALUE,
    remove_enum_value REMOVE_ENUM_VALUE,
    rename_column_with_views RENAME_COLUMN_WITH_VIEWS,
    split_column_with_views SPLIT_COLUMN_WITH_VIEWS,
}

#[test]
fn every_kind_is_tried() {
    let folder = tempfile::tempdir().expect("a folder");
    let known = succeed(folder.path(), &["change", "kinds", "--format", "json"]).out;
    let known: serde_json::Value = serde_json::from_str(&known).expect("JSON");
    let known = known["kinds"].as_array().expect("kinds").iter();
    let known = known.filter_map(|kind| kind["name"].as_str());
    let untried: Vec<&str> = known
        .filter(|name| CASES.iter().all(|case| case.kind != *name))
        .collect();
    assert!(untried.is_empty(), "there is no case of {untried:?}");
}

fn assert_true(stage: &Stage, query: &str) {
    let said = cluster().psql(&stage.database.name, query);
    assert_eq!(said, "t", "{query}");
}

fn assert_nothing_failed(done: &Done) {
    assert!(done.errors.is_empty(), "{:#?}", done.errors);
    assert!(done.statements > 20, "only {}", done.statements);
}

/// What the gate asks for: both sides compared, where there are two.
fn compare(stage: &Stage) {
    let said = stage.try_(&["change", "parity", "it"]);
    let has_sides = !said.err.contains("no two sides to compare");
    assert!(
        said.code == Some(0) || !has_sides,
        "{}{}",
        said.out,
        said.err
    );
}

/// All phases, and all undone, with both versions at work wherever both may be.
fn there_and_back(case: &Case) {
    let stage = Stage::new(case, ROWS);
    let beginning = stage.catalog();
    let (mut by_old, mut by_new) = (Done::default(), Done::default());

    let old = stage.client(case.old, 0, 1_000_000);
    stage.do_(&["upgrade", &stage.last("expand")]);
    let expanded = stage.catalog();
    let new = stage.client(case.new, 1, 2_000_000);
    stage.do_(&["upgrade", "head"]);
    let migrated = stage.catalog();

    // The gate is shut as long as the old version is at work.
    compare(&stage);
    let refused = stage.try_(&["change", "contract", "it"]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(
        refused.out.contains("[ ] no session of the old version"),
        "{}",
        refused.out
    );
    by_old.then(old.stop());
    stage.assert_seen(case.new, &by_old);
    stage.contract();
    stage.do_(&["upgrade", "head"]);
    stage.assert_as_plain(case);
    assert_true(&stage, case.contracted);
    stage.assert_seen(case.new, &by_old);

    let before = stage.written("migrate").pop();
    let before = before.unwrap_or_else(|| stage.last("expand"));
    stage.do_(&["downgrade", &before]);
    assert_eq!(stage.catalog(), migrated);
    let old = stage.client(case.old, 0, 3_000_000);
    stage.do_(&["downgrade", &stage.last("expand")]);
    assert_eq!(stage.catalog(), expanded);
    by_new.then(new.stop());
    stage.assert_seen(case.old, &by_new);
    stage.do_(&["downgrade", "aaa"]);
    assert_eq!(stage.catalog(), beginning);
    by_old.then(old.stop());
    stage.assert_seen(case.old, &by_old);
    stage.assert_seen(case.old, &by_new);
    assert_true(&stage, case.undone);

    assert_nothing_failed(&by_old);
    assert_nothing_failed(&by_new);
    println!(
        "{}: {} statements of two versions, the longest wait {:?}",
        case.kind,
        by_old.statements + by_new.statements,
        by_old.longest.max(by_new.longest)
    );
}

/// The runner is killed (kill -9) in the middle of each phase, and the upgrade is run again.
fn with_kills(case: &Case) {
    let stage = Stage::new(case, ROWS);
    let seed = seed();
    let (mut by_old, mut by_new) = (Done::default(), Done::default());
    let old = stage.client(case.old, 0, 1_000_000);
    kill_and_go_on(&stage, seed, "expand");
    let new = stage.client(case.new, 1, 2_000_000);
    if !stage.written("migrate").is_empty() {
        kill_and_go_on(&stage, seed, "migrate");
    }
    compare(&stage);
    by_old.then(old.stop());
    stage.contract();
    kill_and_go_on(&stage, seed, "contract");
    by_new.then(new.stop());
    assert_nothing_failed(&by_old);
    assert_nothing_failed(&by_new);
    stage.assert_seen(case.new, &by_old);
    stage.assert_seen(case.new, &by_new);
    assert_true(&stage, case.contracted);
    stage.assert_as_plain(case);
}

/// How many queries a run sends before the first one of its plan: it reads the state, and before a contract the gate.
fn opening(phase: &str) -> usize {
    match phase {
        "contract" => 32,
        _ => 27,
    }
}

fn kill_and_go_on(stage: &Stage, seed: u64, phase: &str) {
    let target = stage.last(phase);
    let upgrade = ["upgrade", target.as_str()];
    let at = opening(phase) + below(queries(stage, phase), seed, phase);
    println!("COFFERDAM_TEST_SEED={seed}: {phase} is killed at query {at}");
    let (folder, url) = (stage.folder.path(), &stage.database.url);
    let sent = killed(folder, url, &upgrade, Cut::During(at));
    assert!(sent > at, "{phase} sends no more than {sent} queries");
    stage.do_(&upgrade);
}

/// How many queries the plan of a phase sends at the least: one a statement, many where rows are filled, and those that begin
/// and end a transaction.
fn queries(stage: &Stage, phase: &str) -> usize {
    let shown = stage.do_(&["change", "show", "it", "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let parts = shown["parts"].as_array().expect("revisions").iter();
    let lines = parts
        .filter(|part| part["phase"] == phase)
        .filter_map(|part| part["upgrade"].as_str())
        .flat_map(str::lines);
    let statements: usize = lines
        .map(|line| match line.starts_with("-- +backfill") {
            true => 20,
            // The lines of a function's body stand further in.
            false => usize::from(line.ends_with(';') && !line.starts_with(' ')),
        })
        .sum();
    statements + 7
}

/// The seed in `COFFERDAM_TEST_SEED`, or one from the clock.
fn seed() -> u64 {
    let given = std::env::var("COFFERDAM_TEST_SEED").ok();
    let given = given.and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.map_or(0, |now| u64::from(now.subsec_nanos()))
    })
}

/// A number below `limit`, the same for the same seed and phase.
fn below(limit: usize, seed: u64, phase: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    (seed, phase).hash(&mut hasher);
    (hasher.finish() % limit as u64) as usize
}
