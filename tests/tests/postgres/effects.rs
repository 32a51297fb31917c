//! What statements do, measured on the PostgreSQL at hand and compared with what the engine says.

use cofferdam_engine::lock::LockMode;
use cofferdam_engine::sql::effect::{Effect, effect};
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::effects::{
    Case, LOOK, Measured, REMEMBER, ROLE, Report, base, cases, outside, page, schema,
};
use cofferdam_tests::project;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const MARK: &str = "measured ";

/// The psql script of one case: what it starts from, its set-up, and the statement in a transaction that is undone.
fn script(case: &Case, fresh: bool) -> String {
    let mut all = Vec::new();
    if fresh {
        all.extend(base());
    }
    all.extend(case.before.clone());
    all.push("BEGIN".to_owned());
    all.push(REMEMBER.to_owned());
    all.push(case.statement.clone());
    all.push("RESET ROLE".to_owned());
    all.push(format!("SELECT '{MARK}{} ' || ({LOOK})", case.line));
    all.push("ROLLBACK".to_owned());
    let ended = |statement: String| format!("{};\n", statement.trim_end_matches(';'));
    all.into_iter().map(ended).collect()
}

#[test]
fn every_statement_locks_and_works_as_the_engine_says() {
    let database = database();
    let version = cluster().psql(&database.name, "SHOW server_version_num");
    let version: u32 = version.parse::<u32>().expect("a number") / 10_000;
    let mut report = Report::default();
    let (run, skipped): (Vec<_>, Vec<_>) =
        cases().into_iter().partition(|case| case.is_for(version));
    report.skipped = skipped.len();
    let mut text = format!("\\set ON_ERROR_STOP off\n{ROLE};\n");
    let mut clean = false;
    for case in &run {
        let alone = case.before.is_empty();
        text.push_str(&script(case, !(clean && alone)));
        clean = alone;
    }
    let output = cluster().psql(&database.name, &text);
    for case in &run {
        let start = format!("{MARK}{} ", case.line);
        let line = output.lines().find_map(|line| line.strip_prefix(&start));
        let measured = match line {
            Some(line) => serde_json::from_str::<Measured>(line).map_err(|error| error.to_string()),
            None => Err(why(&database.name, case)),
        };
        report.take(case, measured);
    }
    report.end(&format!("PostgreSQL {version}"));
}

/// What the server says of a case that failed.
fn why(database: &str, case: &Case) -> String {
    match cluster().try_psql(database, &script(case, true)) {
        Ok(_) => "it gave no answer, but does alone".to_owned(),
        Err(error) => error,
    }
}

/// A psql with an open standard input.
fn session(database: &str) -> Child {
    Command::new(cluster().program("psql"))
        .args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-h",
            "127.0.0.1",
            "-U",
            "postgres",
            "-d",
            database,
            "-p",
        ])
        .arg(cluster().port().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("psql starts")
}

fn until(database: &str, query: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let answer = cluster().psql(database, query);
        if !answer.is_empty() {
            return answer;
        }
        assert!(Instant::now() < deadline, "{query} never answered");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What no transaction can undo is watched from another session: somebody else holds a lock that conflicts with
/// all but the weak ones, and the mode that the statement waits for is the one that it takes.
#[test]
fn statements_outside_transactions_wait_for_the_lock_that_the_engine_says() {
    let database = database();
    let version = cluster().psql(&database.name, "SHOW server_version_num");
    let version: u32 = version.parse::<u32>().expect("a number") / 10_000;
    let (mut count, mut wrong) = (0, Vec::new());
    for (relation, case) in outside()
        .into_iter()
        .filter(|(_, case)| case.is_for(version))
    {
        let mut prepare: Vec<String> = vec![ROLE.to_owned()];
        prepare.extend(
            base()
                .iter()
                .chain(&case.before)
                .map(|one| one.trim_end_matches(';').to_owned()),
        );
        cluster().psql(&database.name, &(prepare.join(";\n") + ";"));
        let mut holder = session(&database.name);
        let mut hold = holder.stdin.take().expect("a pipe");
        writeln!(
            hold,
            "BEGIN; LOCK TABLE {relation} IN SHARE UPDATE EXCLUSIVE MODE;"
        )
        .expect("a pipe");
        let held = format!(
            "SELECT 1 FROM pg_locks WHERE relation = '{relation}'::regclass AND granted AND mode = 'ShareUpdateExclusiveLock'"
        );
        until(&database.name, &held);
        let mut runner = session(&database.name);
        let mut run = runner.stdin.take().expect("a pipe");
        writeln!(run, "{}", case.statement).expect("a pipe");
        drop(run);
        let waits = format!(
            "SELECT mode FROM pg_locks WHERE relation = '{relation}'::regclass AND NOT granted"
        );
        let mode = LockMode::from_pg_locks(&until(&database.name, &waits));
        drop(hold);
        assert!(holder.wait().expect("psql ends").success());
        assert!(runner.wait().expect("psql ends").success());
        let predicted = match effect(&case.statement, &schema(&case), version) {
            Effect::Known(facts) => {
                assert!(facts.is_outside, "{}", case.statement);
                let lock = facts
                    .locks
                    .iter()
                    .find(|lock| lock.relation.to_string() == relation);
                lock.map(|lock| lock.mode)
            }
            Effect::Unknown { .. } => None,
        };
        count += 1;
        if predicted != mode {
            wrong.push(format!(
                "{}: on {relation} {predicted:?}, but waits for {mode:?}",
                case.statement
            ));
        }
    }
    println!("effects outside transactions on PostgreSQL {version}: {count} statements");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// docs/effects.md says what the engine says; `UPDATE=1` writes it again.
#[test]
fn the_page_of_effects_is_up_to_date() {
    let path = project::root().join("docs/effects.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, page()).expect("docs/effects.md");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page(),
        "docs/effects.md is out of date: run `UPDATE=1 cargo test -p cofferdam-tests --test postgres page`"
    );
}
