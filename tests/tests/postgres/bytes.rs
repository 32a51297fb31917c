//! What is shown is what runs: PostgreSQL's log against the plan.

use cofferdam_engine::config::Config;
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Plan, Request, StepKind};
use cofferdam_engine::run::bookkeeping;
use cofferdam_engine::script;
use cofferdam_tests::binary::succeed;
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;
use std::path::Path;

/// The plan that the engine makes of the project in `folder`.
fn plan(folder: &Path, current: &[&str], kind: plan::Kind, target: &str) -> Plan {
    let config = std::fs::read_to_string(folder.join("cofferdam.toml")).expect("cofferdam.toml");
    let config = Config::read(&config).expect("the configuration is good");
    let mut paths: Vec<_> = std::fs::read_dir(folder.join("versions"))
        .expect("the versions")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let scripts = paths
        .iter()
        .map(|path| {
            let name = format!(
                "versions/{}",
                path.file_name().expect("a name").to_string_lossy()
            );
            script::read(&name, &std::fs::read(path).expect("a file"))
                .script
                .expect("a revision")
        })
        .collect();
    let history = History::new(scripts).expect("the history holds");
    let current: Vec<_> = current
        .iter()
        .map(|id| cofferdam_engine::revision::RevisionId::new(*id).expect("an id"))
        .collect();
    let request = Request {
        history: &history,
        config: &config,
        environment: None,
        current: &current,
    };
    match kind {
        plan::Kind::Upgrade => plan::upgrade(request, target),
        _ => plan::downgrade(request, target),
    }
    .expect("a plan")
}

/// `text` is `template` with something for each `…`.
fn fits(text: &str, template: &str) -> bool {
    let mut parts = template.split('…');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    for part in parts {
        match rest.find(part) {
            Some(at) if !part.is_empty() => rest = &rest[at + part.len()..],
            _ => return part.is_empty(),
        }
    }
    rest.is_empty()
}

fn check(plan: &Plan, received: &[String]) {
    let planned: Vec<&str> = plan.steps().map(|(_, step)| step.sql.as_str()).collect();
    let steps: Vec<&str> = received
        .iter()
        .map(String::as_str)
        .filter(|sql| planned.contains(sql))
        .collect();
    assert_eq!(planned, steps, "the plan's statements, in the plan's order");
    check_shown(plan, received);
}

/// Everything that was received is shown somewhere.
fn check_shown(plan: &Plan, received: &[String]) {
    let planned: Vec<&str> = plan.steps().map(|(_, step)| step.sql.as_str()).collect();
    let besides = bookkeeping(plan);
    let approval_free = |template: &str| {
        template
            .replace("'…', pg_backend_pid()", "…, pg_backend_pid()")
            .replace("error = '…'", "error = …")
    };
    for sql in received {
        let shown = planned.contains(&sql.as_str())
            || plan.settings.contains(sql)
            || plan
                .prepare
                .iter()
                .any(|prepare| prepare.sql == *sql || prepare.check == *sql)
            || plan.steps().any(|(_, step)| match &step.recovery {
                Some(plan::Recovery::Check { check, repair }) => {
                    check == sql || repair.as_ref() == Some(sql)
                }
                _ => false,
            })
            || besides
                .iter()
                .any(|(_, template)| fits(sql, &approval_free(template)));
        assert!(shown, "sent, but not shown: {sql}");
    }
}

#[test]
fn postgresql_receives_the_bytes_of_the_plan_and_what_is_shown_beside_it() {
    let project = project::example("observatory");
    for (from, kind, target) in [
        (&[][..], plan::Kind::Upgrade, "head"),
        (&["a1b2c3d4e5f6"][..], plan::Kind::Downgrade, "base"),
    ] {
        let database = database();
        if !from.is_empty() {
            succeed(project.path(), &["--url", &database.url, "upgrade", "head"]);
        }
        let already = cluster().received(&database.name).len();
        succeed(
            project.path(),
            &["--url", &database.url, kind.as_str(), target],
        );
        let all = cluster().received(&database.name);
        // Before its run, the command line looks at the database's state.
        let start = all[already..]
            .iter()
            .position(|sql| sql == "RESET ALL;")
            .expect("the run's first statement");
        check(
            &plan(project.path(), from, kind, target),
            &all[already + start..],
        );
    }
}

#[test]
fn batches_send_what_is_shown_and_nothing_else() {
    let revision = |id: &str, down: &str, sql: &str| {
        format!(
            "-- The {id}\n--\n-- Revision ID: {id}\n-- Revises: {down}\n-- Create Date: 2026-01-01\n\n-- +upgrade\n{sql}\n\n-- +downgrade none: a test\n"
        )
    };
    let project = project::of(&[
        ("cofferdam.toml", "[project]\nname = \"batches\"\n"),
        (
            "versions/a.sql",
            &revision(
                "aaa",
                "",
                "CREATE TABLE s (a int, \"B\" text, PRIMARY KEY (a, \"B\"));\nINSERT INTO s SELECT n % 9, n FROM generate_series(1, 3000) n;\nCREATE TABLE t (a int, b text);",
            ),
        ),
        (
            "versions/b.sql",
            &revision(
                "bbb",
                "aaa",
                "-- +backfill key=a,\"B\" batch=auto target=10ms rate=5000\nINSERT INTO t SELECT s.a, s.\"B\" FROM ONLY s WHERE a > 0 -- most\n;",
            ),
        ),
    ]);
    let database = database();
    succeed(project.path(), &["--url", &database.url, "upgrade", "aaa"]);
    let already = cluster().received(&database.name).len();
    succeed(project.path(), &["--url", &database.url, "upgrade", "head"]);
    let all = cluster().received(&database.name);
    let start = all[already..].iter().position(|sql| sql == "RESET ALL;");
    let received = &all[already + start.expect("the run's first statement")..];
    let plan = plan(project.path(), &["aaa"], plan::Kind::Upgrade, "head");
    check_shown(&plan, received);
    // Each of the plan's own was sent, and that for a range more than once.
    for (_, step) in plan.steps() {
        let sent = received.iter().filter(|sql| **sql == step.sql).count();
        let least = if step.kind == StepKind::Range { 3 } else { 1 };
        assert!(sent >= least, "{sent} times: {}", step.sql);
    }
    let rows = "SELECT count(*) FROM t";
    assert_eq!(cluster().psql(&database.name, rows), "2667");
}
