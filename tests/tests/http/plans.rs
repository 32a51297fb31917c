//! Plans: made, read, commented, approved by somebody else, applied; and all the ways in which
//! they are refused.

use cofferdam_tests::cluster::cluster;
use cofferdam_tests::server::Server;
use serde_json::{Value, json};

const PLANS: &str = "/projects/observatory/plans";

fn plan(id: &Value) -> String {
    format!("{PLANS}/{id}")
}

#[test]
fn an_approved_plan_is_applied_and_the_database_has_changed() {
    let server = Server::start();
    let mut admin = server.admin();
    let mut ana = server.person("ana", "author");
    let mut rui = server.person("rui", "reviewer");
    let (status, record) = ana.post(
        PLANS,
        &json!({ "environment": "production", "kind": "upgrade", "target": "head", "note": "the first one" }),
    );
    assert_eq!(status, 200, "{record}");
    let id = record["summary"]["id"].clone();
    let digest = record["summary"]["digest"].clone();
    assert_eq!(record["summary"]["state"], "open");
    assert_eq!(record["summary"]["revisions"], 30);

    // Not before somebody has approved it, and nobody approves their own.
    let (status, problem) = admin.post(&format!("{}/runs", plan(&id)), &json!({}));
    assert_eq!(status, 409, "{problem}");
    let review = json!({ "verdict": "approve", "digest": digest, "text": "read it all" });
    let (status, problem) = ana.post(&format!("{}/reviews", plan(&id)), &review);
    assert_eq!(status, 403, "{problem}");
    let wrong = json!({ "verdict": "approve", "digest": "0".repeat(64) });
    let (status, problem) = rui.post(&format!("{}/reviews", plan(&id)), &wrong);
    assert_eq!(status, 409, "a review of other bytes: {problem}");

    let comment =
        json!({ "text": "why concurrently?", "at": { "revision": 0, "segment": 0, "step": 0 } });
    let (status, record) = rui.post(&format!("{}/comments", plan(&id)), &comment);
    assert_eq!(status, 200, "{record}");
    assert_eq!(record["comments"][0]["author"], "rui");
    assert_eq!(
        record["comments"][0]["statement_sha256"]
            .as_str()
            .map(str::len),
        Some(64)
    );
    let (status, record) = rui.post(&format!("{}/reviews", plan(&id)), &review);
    assert_eq!(status, 200, "{record}");
    assert_eq!(record["summary"]["state"], "approved");

    // A reviewer does not apply; an admin does.
    let (status, problem) = rui.post(&format!("{}/runs", plan(&id)), &json!({}));
    assert_eq!(status, 403, "{problem}");
    let (status, run) = admin.post(&format!("{}/runs", plan(&id)), &json!({}));
    assert_eq!(status, 200, "{run}");
    let run = run["id"].as_str().expect("an id").to_owned();
    let events = admin.follow(&format!("/projects/observatory/runs/{run}/events"));
    let last = events.last().expect("an event");
    assert_eq!(last["outcome"]["type"], "done", "{last}");
    let sequence: Vec<u64> = events
        .iter()
        .map(|event| event["seq"].as_u64().expect("a number"))
        .collect();
    assert!(
        sequence.windows(2).all(|pair| pair[0] < pair[1]),
        "{sequence:?}"
    );
    assert_eq!(
        cluster().psql(
            &server.production.name,
            "SELECT version_num FROM alembic_version"
        ),
        "a1b2c3d4e5f6"
    );
    let approval = cluster().psql(
        &server.production.name,
        "SELECT approval, actor FROM cofferdam.run",
    );
    assert!(
        approval.contains("rui") && approval.contains("admin"),
        "{approval}"
    );
    let (_, record) = ana.get(&plan(&id));
    assert_eq!(record["summary"]["state"], "applied");

    // The environment's state says so, and every applied file is in the journal.
    let (_, environments) = ana.get("/projects/observatory/environments");
    let production = environments
        .as_array()
        .and_then(|all| all.iter().find(|one| one["name"] == "production"))
        .expect("production");
    assert_eq!(production["heads"], json!(["a1b2c3d4e5f6"]));
    assert_eq!(production["applied"].as_array().map(Vec::len), Some(30));
    assert_eq!(production["journal"].as_array().map(Vec::len), Some(30));
}

#[test]
fn a_plan_is_refused_when_files_or_rows_have_changed_since() {
    let server = Server::start();
    let mut admin = server.admin();
    let mut rui = server.person("rui", "reviewer");
    let approve = |rui: &mut cofferdam_tests::server::Person, record: &Value| {
        let id = &record["summary"]["id"];
        let review = json!({ "verdict": "approve", "digest": record["summary"]["digest"] });
        assert_eq!(rui.post(&format!("{}/reviews", plan(id)), &review).0, 200);
    };
    let new = json!({ "environment": "production", "kind": "upgrade", "target": "22f518a0295f" });
    let (_, record) = admin.post(PLANS, &new);
    approve(&mut rui, &record);
    let id = record["summary"]["id"].clone();
    let versions = server.project.path().join("versions");
    let file = std::fs::read_dir(&versions)
        .expect("the versions")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.to_string_lossy().contains("22f518a0295f"))
        .expect("the revision's file");
    let text = std::fs::read_to_string(&file).expect("its text");
    std::fs::write(
        &file,
        text.replacen("-- +downgrade", "SELECT 1;\n\n-- +downgrade", 1),
    )
    .expect("a file");
    let (status, problem) = admin.post(&format!("{}/runs", plan(&id)), &json!({}));
    assert_eq!(status, 409, "{problem}");
    let (_, record) = admin.get(&plan(&id));
    let stale = record["stale"].to_string();
    assert!(stale.contains("22f518a0295f"), "{stale}");
    std::fs::write(&file, text).expect("a file");

    let table = "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('14f966eaec6d')";
    cluster().psql(&server.production.name, table);
    let (status, problem) = admin.post(&format!("{}/runs", plan(&id)), &json!({}));
    assert_eq!(status, 409, "{problem}");
    let nothing = cluster().psql(
        &server.production.name,
        "SELECT to_regclass('users') IS NULL",
    );
    assert_eq!(nothing, "t", "nothing ran");
}

#[test]
fn plans_are_withdrawn_rejected_and_refused_in_words() {
    let server = Server::start();
    let mut admin = server.admin();
    let mut ana = server.person("ana", "author");
    let mut rui = server.person("rui", "reviewer");
    let new = json!({ "environment": "production", "kind": "upgrade", "target": "head" });
    let (_, record) = ana.post(PLANS, &new);
    let id = record["summary"]["id"].clone();
    let (status, record) = ana.post(&format!("{}/withdraw", plan(&id)), &json!({}));
    assert_eq!(
        (status, &record["summary"]["state"]),
        (200, &json!("withdrawn")),
        "{record}"
    );
    let (status, _) = admin.post(&format!("{}/runs", plan(&id)), &json!({}));
    assert_eq!(status, 409);

    let (_, record) = ana.post(PLANS, &new);
    let id = record["summary"]["id"].clone();
    let review =
        json!({ "verdict": "reject", "digest": record["summary"]["digest"], "text": "not today" });
    let (status, record) = rui.post(&format!("{}/reviews", plan(&id)), &review);
    assert_eq!(
        (status, &record["summary"]["state"]),
        (200, &json!("rejected")),
        "{record}"
    );

    for (body, status) in [
        (
            json!({ "environment": "nowhere", "kind": "upgrade", "target": "head" }),
            404,
        ),
        (
            json!({ "environment": "production", "kind": "upgrade", "target": "zzz" }),
            422,
        ),
        (
            json!({ "environment": "production", "kind": "sideways", "target": "head" }),
            422,
        ),
    ] {
        let (found, problem) = ana.post(PLANS, &body);
        assert_eq!(found, status, "{problem}");
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|words| words.len() > 10),
            "{problem}"
        );
        assert_eq!(problem["status"], status, "{problem}");
    }
    let (status, problem) = ana.get(&plan(&json!(9999)));
    assert_eq!(status, 404, "{problem}");
    let (status, problem) = server.stranger().get(PLANS);
    assert_eq!(status, 401, "{problem}");
}

#[test]
fn a_failing_run_is_told_by_its_events_and_the_plan_shows_as_failed() {
    let server = Server::start();
    let mut admin = server.admin();
    cluster().psql(&server.staging.name, "CREATE TABLE users (id int)");
    let new = json!({ "environment": "staging", "kind": "upgrade", "target": "head" });
    let (status, record) = admin.post(PLANS, &new);
    assert_eq!(status, 200, "{record}");
    let id = record["summary"]["id"].clone();
    // Staging needs no approval.
    let (status, run) = admin.post(&format!("{}/runs", plan(&id)), &json!({}));
    assert_eq!(status, 200, "{run}");
    let path = format!(
        "/projects/observatory/runs/{}",
        run["id"].as_str().expect("an id")
    );
    let events = admin.follow(&format!("{path}/events"));
    let outcome = &events.last().expect("an event")["outcome"];
    assert_eq!(outcome["type"], "failed", "{outcome}");
    assert_eq!(outcome["error"]["code"], "42P07", "{outcome}");
    let (_, run) = admin.get(&path);
    assert_eq!(run["state"], "failed", "{run}");
    let (_, record) = admin.get(&plan(&id));
    assert_eq!(record["summary"]["state"], "failed", "{record}");
}

#[test]
fn a_run_is_paused_and_resumed_by_who_may_apply() {
    let revision = "-- Rows\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2026-01-01\n\n-- +upgrade\nCREATE TABLE rows (id int PRIMARY KEY, written int NOT NULL DEFAULT 0);\nINSERT INTO rows SELECT generate_series(1, 3000);\n-- +commit\n-- +backfill key=id batch=100\nUPDATE rows SET written = written + 1 + length(left(pg_sleep(0.0008)::text, 0));\n\n-- +downgrade none: a test\n";
    let config = "[project]\nname = \"observatory\"\n\n[environments.staging]\nurl_env = \"STAGING_DATABASE_URL\"\n";
    let server = Server::of(cofferdam_tests::project::of(&[
        ("cofferdam.toml", config),
        ("versions/a.sql", revision),
    ]));
    let mut admin = server.admin();
    let mut rui = server.person("rui", "reviewer");
    let new = json!({ "environment": "staging", "kind": "upgrade", "target": "head" });
    let (status, record) = admin.post(PLANS, &new);
    assert_eq!(status, 200, "{record}");
    let id = record["summary"]["id"].clone();
    let (status, run) = admin.post(&format!("{}/runs", plan(&id)), &json!({}));
    assert_eq!(status, 200, "{run}");
    let path = format!(
        "/projects/observatory/runs/{}",
        run["id"].as_str().expect("an id")
    );
    assert_eq!(rui.post(&format!("{path}/pause"), &json!({})).0, 403);
    let (status, answer) = admin.post(&format!("{path}/pause"), &json!({}));
    assert_eq!(status, 200, "{answer}");
    let told = "SELECT string_agg(report->>'type', ' ' ORDER BY seq) FILTER (WHERE report->>'type' IN ('paused', 'resumed')) FROM cofferdam_server.run_event";
    let since = std::time::Instant::now();
    while cluster().psql(&server.state.name, told) != "paused" {
        assert!(since.elapsed().as_secs() < 20, "it does not pause");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let open = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cofferdam' AND datname = current_database() AND xact_start IS NOT NULL";
    assert_eq!(cluster().psql(&server.staging.name, open), "0");
    assert_eq!(rui.post(&format!("{path}/resume"), &json!({})).0, 403);
    let (status, answer) = admin.post(&format!("{path}/resume"), &json!({}));
    assert_eq!(status, 200, "{answer}");
    let events = admin.follow(&format!("{path}/events"));
    let outcome = &events.last().expect("an event")["outcome"];
    assert_eq!(outcome["type"], "done", "{outcome}");
    assert_eq!(cluster().psql(&server.state.name, told), "paused resumed");
    // Nobody has analyzed the table: how far it is, is told by the key.
    let done: Vec<f64> = events
        .iter()
        .filter_map(|event| event["report"]["done"].as_f64())
        .collect();
    assert!(done.len() > 1, "{events:?}");
    assert!(done.windows(2).all(|two| two[0] <= two[1]), "{done:?}");
    assert!(
        done.iter().all(|done| (0.0..=1.0).contains(done)),
        "{done:?}"
    );
    let rows = "SELECT min(written), max(written), count(*) FROM rows";
    assert_eq!(cluster().psql(&server.staging.name, rows), "1|1|3000");
    // What is over neither waits nor goes on.
    assert_eq!(admin.post(&format!("{path}/pause"), &json!({})).0, 409);
}
