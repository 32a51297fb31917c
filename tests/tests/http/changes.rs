//! Breaking changes over HTTP: their files, the gate before the contract, and the comparison of both sides.

use cofferdam_tests::binary::succeed;
use cofferdam_tests::cluster::{Database, cluster};
use cofferdam_tests::project;
use cofferdam_tests::server::Server;
use serde_json::{Value, json};
use std::io::Write;
use std::time::{Duration, Instant};

const CONFIG: &str = "[project]\nname = \"observatory\"\n\n[environments.staging]\nurl_env = \"STAGING_DATABASE_URL\"\n\n[environments.production]\nurl_env = \"PRODUCTION_DATABASE_URL\"\napproval = true\n";
const FIRST: &str = "-- First\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2026-01-01\n\n-- +upgrade\nCREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free');\nINSERT INTO reports SELECT generate_series(1, 30000);\n\n-- +downgrade\nDROP TABLE reports;\n";
const CHANGE: &str = "/projects/observatory/changes/it";
const CHANGESETS: &str = "/projects/observatory/changesets";
const WORDS: &str = "app 42 is deployed everywhere";

/// A server whose production has expand and migrate of the change `it`, which renames a column.
fn server() -> Server {
    let server = Server::of(project::of(&[
        ("cofferdam.toml", CONFIG),
        ("versions/a.sql", FIRST),
    ]));
    on(&server, &server.production, &["upgrade", "head"]);
    let new = [
        "change",
        "new",
        "rename-column",
        "--table",
        "reports",
        "column=tier",
        "to=plan",
        "--id",
        "it",
        "--confirm",
        WORDS,
    ];
    on(&server, &server.production, &new);
    on(&server, &server.production, &["change", "write", "it"]);
    on(&server, &server.production, &["upgrade", "head"]);
    server
}

/// A command on a database by its URL. No variable names it, so that it is no environment's, and needs no approval.
fn on(server: &Server, database: &Database, arguments: &[&str]) {
    let arguments = [&["--url", &database.url], arguments].concat();
    succeed(server.project.path(), &arguments);
}

fn detail(problem: &Value) -> &str {
    problem["detail"].as_str().unwrap_or_default()
}

/// What was found of a condition.
fn condition<'g>(gate: &'g Value, code: &str) -> &'g Value {
    let conditions = gate["conditions"].as_array().expect("conditions");
    let found = conditions
        .iter()
        .find(|one| one["condition"]["code"] == code);
    found.unwrap_or_else(|| panic!("no {code}: {gate}"))
}

fn gate_path(environment: &str) -> String {
    format!("{CHANGE}/gate?environment={environment}")
}

/// Writes on production without the trigger that keeps both sides equal.
fn drift(server: &Server, sql: &str) {
    let psql = |sql: &str| cluster().psql(&server.production.name, sql);
    psql(&format!("ALTER TABLE reports DISABLE TRIGGER USER; {sql}"));
    let trigger = psql(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'reports'::regclass AND NOT tgisinternal",
    );
    psql(&format!(
        "ALTER TABLE reports ENABLE ALWAYS TRIGGER {trigger}"
    ));
}

/// The text and the digest of one of the project's files.
fn file(files: &Value, path: &str) -> Option<(String, String)> {
    let all = files["files"].as_array().expect("files");
    let file = all.iter().find(|file| file["path"] == path)?;
    let text = |name: &str| file[name].as_str().unwrap_or_default().to_owned();
    Some((text("text"), text("sha256")))
}

#[test]
fn files_of_changes_are_read_and_saved_as_revisions_are() {
    let server = server();
    let mut ana = server.person("ana", "author");
    let (_, files) = ana.get("/projects/observatory");
    let digest = files["digest"].clone();
    let (text, sha256) = file(&files, "changes/it.toml").expect("the change");
    let save = |changes: Value| json!({ "message": "save", "changes": changes });
    let it = |base: &str, text: &str| json!({ "path": "changes/it.toml", "base_sha256": base, "text": text });

    let fuller = text.replace(WORDS, "app 43 is deployed everywhere");
    let queries = json!({ "path": "changes/it.queries.sql", "base_sha256": null, "text": "SELECT tier FROM reports;\n" });
    let matrix =
        json!({ "path": "changes/it.matrix.json", "base_sha256": null, "text": "{\"rows\":[]}" });
    let (status, files) = ana.post(
        CHANGESETS,
        &save(json!([it(&sha256, &fuller), queries, matrix])),
    );
    assert_eq!(status, 200, "{files}");
    assert_ne!(files["digest"], digest);
    let written = std::fs::read_to_string(server.project.path().join("changes/it.toml"));
    assert_eq!(written.expect("the file"), fuller);
    let (_, of_queries) = file(&files, "changes/it.queries.sql").expect("the queries");
    assert!(file(&files, "changes/it.matrix.json").is_some());

    // Over somebody else's change, and what is no change: nothing is written.
    let (status, problem) = ana.post(CHANGESETS, &save(json!([it(&sha256, &text)])));
    assert_eq!(status, 412, "{problem}");
    assert_eq!(problem["conflicts"][0]["theirs"], fuller);
    let (_, now) = file(&files, "changes/it.toml").expect("the change");
    let broken = fuller.replace("to = \"plan\"", "too = \"plan\"");
    let (status, problem) = ana.post(CHANGESETS, &save(json!([it(&now, &broken)])));
    assert_eq!((status, &problem["type"]), (422, &json!("broken-project")));
    assert!(
        detail(&problem).starts_with("changes/it.toml: ") && detail(&problem).contains("`to`"),
        "{problem}"
    );
    for (path, words) in [
        ("changes/It.toml", "cannot name a change"),
        ("changes/It.queries.sql", "cannot name a change"),
        ("changes/it.txt", "the files of changes in changes/"),
        ("changes/x/it.toml", "the files of changes in changes/"),
    ] {
        let new = json!({ "path": path, "base_sha256": null, "text": fuller });
        let (status, problem) = ana.post(CHANGESETS, &save(json!([new])));
        assert_eq!(status, 422, "{path}: {problem}");
        assert!(detail(&problem).contains(words), "{path}: {problem}");
    }
    let gone = json!({ "path": "changes/it.queries.sql", "base_sha256": of_queries, "text": null });
    let (status, files) = ana.post(CHANGESETS, &save(json!([gone])));
    assert_eq!(status, 200, "{files}");
    assert!(file(&files, "changes/it.queries.sql").is_none());
}

#[test]
fn files_of_changes_are_among_those_of_an_alembic_project() {
    let folder = project::example("alembic");
    let changes = folder.path().join("changes");
    std::fs::create_dir(&changes).expect("a folder");
    std::fs::write(changes.join("it.queries.sql"), "SELECT 1;\n").expect("a file");
    std::fs::write(changes.join("notes.txt"), "of somebody").expect("a file");
    let config = "[project]\nname = \"books\"\n\n[environments.staging]\nurl_env = \"STAGING_DATABASE_URL\"\n";
    std::fs::write(folder.path().join("cofferdam.toml"), config).expect("a file");
    let server = Server::of(folder);
    let mut ana = server.person("ana", "author");
    let (status, files) = ana.get("/projects/books");
    assert_eq!(status, 200, "{files}");
    assert!(file(&files, "changes/it.queries.sql").is_some(), "{files}");
    assert!(file(&files, "changes/notes.txt").is_none());
    let paths: Vec<&str> = files["files"]
        .as_array()
        .expect("files")
        .iter()
        .filter_map(|file| file["path"].as_str())
        .collect();
    assert!(paths.is_sorted(), "{paths:?}");
    assert!(paths.iter().any(|path| path.ends_with(".py")), "{paths:?}");
}

#[test]
fn a_gate_is_confirmed_by_reviewers_and_forced_by_admins() {
    let server = server();
    let mut admin = server.admin();
    let mut ana = server.person("ana", "author");
    let mut rui = server.person("rui", "reviewer");
    let gate = gate_path("production");
    assert_eq!(server.stranger().get(&gate).0, 401);
    let (status, measured) = ana.get(&gate);
    assert_eq!(status, 200, "{measured}");
    let confirmed = format!("confirm: {WORDS}");
    for (code, holds) in [
        ("applied", true),
        ("in-step", true),
        ("parity", false),
        ("replicas", true),
        (confirmed.as_str(), false),
    ] {
        assert_eq!(condition(&measured, code)["holds"], holds, "{measured}");
    }
    for (path, status, words) in [
        (gate_path("moon"), 404, "no environment \"moon\""),
        (
            gate.replace("/it/", "/other/"),
            404,
            "There is no change other: there are it.",
        ),
        (gate.replace("/it/", "/It/"), 404, "cannot name a change"),
        (format!("{CHANGE}/gate"), 400, "environment"),
    ] {
        let (found, problem) = ana.get(&path);
        assert_eq!(found, status, "{path}: {problem}");
        assert!(detail(&problem).contains(words), "{path}: {problem}");
    }

    // The command line has no signed-in person, so it names the page.
    let printed = server.command(&["--env", "production", "change", "confirm", "it", WORDS]);
    assert_eq!(printed.code, Some(1), "{}", printed.err);
    assert!(
        printed.err.contains("/changes/it?environment=production"),
        "{}",
        printed.err
    );

    let (confirm, force) = (format!("{CHANGE}/confirm"), format!("{CHANGE}/force"));
    let words = |words: &str| json!({ "environment": "production", "words": words });
    let reason = |reason: &str| json!({ "environment": "production", "reason": reason });
    assert_eq!(ana.post(&confirm, &words(WORDS)).0, 403);
    assert_eq!(ana.post(&force, &reason("now")).0, 403);
    assert_eq!(rui.post(&force, &reason("now")).0, 403);
    let (status, problem) = rui.post(&confirm, &words("all is well"));
    assert_eq!((status, &problem["type"]), (422, &json!("invalid")));
    assert_eq!(
        detail(&problem),
        format!("\"all is well\" is nothing that it asks for: it asks for {WORDS}.")
    );
    let (status, measured) = rui.post(&confirm, &words(WORDS));
    assert_eq!(status, 200, "{measured}");
    let row = condition(&measured, &confirmed);
    assert_eq!(row["holds"], true, "{row}");
    assert_eq!(row["found"], "confirmed (rui)");
    assert!(
        row["at"].as_str().is_some_and(|at| at.ends_with('Z')),
        "{row}"
    );

    // The contract is written for staging, where all holds; production's gate still waits for the comparison.
    on(&server, &server.staging, &["upgrade", "head"]);
    on(&server, &server.staging, &["change", "parity", "it"]);
    on(
        &server,
        &server.staging,
        &["change", "confirm", "it", WORDS],
    );
    on(&server, &server.staging, &["change", "contract", "it"]);
    let new = json!({ "environment": "production", "kind": "upgrade", "target": "head" });
    let plans = "/projects/observatory/plans";
    let (status, problem) = ana.post(plans, &new);
    assert_eq!(
        (status, &problem["type"]),
        (409, &json!("gate-shut")),
        "{problem}"
    );
    assert!(detail(&problem).contains("both sides agree"), "{problem}");
    assert!(!detail(&problem).contains(WORDS), "{problem}");
    assert_eq!(problem["gate"]["change"], "it", "{problem}");
    assert_eq!(problem["gate"]["environment"], "production");
    assert_eq!(problem["gate"]["words"], problem["detail"]);

    let (status, problem) = admin.post(&force, &reason("  "));
    assert_eq!(status, 422, "{problem}");
    let (status, measured) = admin.post(&force, &reason("the table is too large to compare"));
    assert_eq!(status, 200, "{measured}");
    let (_, measured) = ana.get(&gate);
    let forced = measured["forced"].as_str().unwrap_or_default();
    assert!(
        forced.starts_with("the table is too large to compare (admin), 20"),
        "{measured}"
    );
    let (status, record) = ana.post(plans, &new);
    assert_eq!(status, 200, "{record}");
}

#[test]
fn a_gate_that_shuts_again_is_told_by_the_plan_that_it_keeps_from_running() {
    let server = server();
    let mut admin = server.admin();
    let mut ana = server.person("ana", "author");
    let mut rui = server.person("rui", "reviewer");
    let production = json!({ "environment": "production" });
    let parity = format!("{CHANGE}/parity");
    on(&server, &server.production, &["change", "parity", "it"]);
    on(
        &server,
        &server.production,
        &["change", "confirm", "it", WORDS],
    );
    on(&server, &server.production, &["change", "contract", "it"]);
    let new = json!({ "environment": "production", "kind": "upgrade", "target": "head" });
    let (status, record) = ana.post("/projects/observatory/plans", &new);
    assert_eq!(status, 200, "{record}");
    assert_eq!(record["gate"], Value::Null);
    let plan = format!("/projects/observatory/plans/{}", record["summary"]["id"]);
    let review = json!({ "verdict": "approve", "digest": record["summary"]["digest"] });

    drift(&server, "UPDATE reports SET tier = 'x' WHERE id = 1");
    assert_eq!(ana.post(&parity, &production).1["disagree"], 1);
    let (_, record) = rui.get(&plan);
    let words = record["gate"]["words"].as_str().unwrap_or_default();
    assert!(words.contains("1 of 30000 rows disagree"), "{record}");
    assert_eq!(record["stale"], json!([]));
    assert_eq!(
        (&record["may"]["approve"], &record["may"]["reject"]),
        (&json!(false), &json!(true))
    );
    let (status, problem) = rui.post(&format!("{plan}/reviews"), &review);
    assert_eq!(
        (status, &problem["gate"]["change"]),
        (409, &json!("it")),
        "{problem}"
    );

    cluster().psql(
        &server.production.name,
        "UPDATE reports SET plan = 'x' WHERE id = 1",
    );
    assert_eq!(ana.post(&parity, &production).1["disagree"], 0);
    let (status, record) = rui.post(&format!("{plan}/reviews"), &review);
    assert_eq!(status, 200, "{record}");
    let (_, record) = admin.get(&plan);
    assert_eq!(
        (&record["may"]["apply"], &record["gate"]),
        (&json!(true), &Value::Null)
    );
}

#[test]
fn both_sides_are_compared_and_what_was_found_is_kept_for_the_gate() {
    let server = server();
    let mut ana = server.person("ana", "author");
    let parity = format!("{CHANGE}/parity");
    let production = json!({ "environment": "production" });
    assert_eq!(server.stranger().post(&parity, &production).0, 401);
    drift(&server, "UPDATE reports SET tier = 'x' WHERE id > 29993");
    let (status, compared) = ana.post(&parity, &production);
    assert_eq!(status, 200, "{compared}");
    assert_eq!(
        (&compared["rows"], &compared["disagree"]),
        (&json!(30000), &json!(7))
    );
    assert_eq!(compared["columns"], json!(["id", "tier", "plan"]));
    assert_eq!(compared["samples"][0], json!(["29994", "x", "free"]));
    assert_eq!(compared["samples"].as_array().map(Vec::len), Some(5));
    let (_, gate) = ana.get(&gate_path("production"));
    let row = condition(&gate, "parity");
    assert_eq!(row["holds"], false, "{row}");
    assert_eq!(row["found"], "7 of 30000 rows disagree (ana)");

    let mended = "UPDATE reports SET plan = 'x' WHERE id > 29993";
    cluster().psql(&server.production.name, mended);
    let (status, compared) = ana.post(&parity, &production);
    assert_eq!(
        (status, &compared["disagree"]),
        (200, &json!(0)),
        "{compared}"
    );
    let (_, gate) = ana.get(&gate_path("production"));
    assert_eq!(condition(&gate, "parity")["holds"], true, "{gate}");

    let (status, problem) = ana.post(&parity, &json!({ "environment": "moon" }));
    assert_eq!(status, 404, "{problem}");
    let new = [
        "change",
        "new",
        "drop-column",
        "--table",
        "reports",
        "column=tier",
        "--id",
        "one",
    ];
    on(&server, &server.staging, &["upgrade", "aaa"]);
    on(&server, &server.staging, &new);
    let (status, problem) = ana.post(&parity.replace("/it/", "/one/"), &production);
    assert_eq!(status, 409, "{problem}");
    assert_eq!(
        detail(&problem),
        "The change one has no two sides to compare."
    );
}

#[test]
fn a_comparison_ends_when_nobody_waits_for_it_any_more() {
    let server = server();
    let ana = server.person("ana", "author");
    let name = server.production.name.clone();
    // PostgreSQL itself looks whether somebody waits, also behind a lock.
    cluster().psql(
        &name,
        &format!("ALTER DATABASE {name} SET client_connection_check_interval = '50ms'"),
    );
    let locked = name.clone();
    let holder = std::thread::spawn(move || {
        cluster().try_psql(&locked, "BEGIN; LOCK TABLE reports; SELECT pg_sleep(120);")
    });
    let until = |sql: &str, expected: &str| {
        let since = Instant::now();
        while cluster().psql("postgres", sql) != expected {
            assert!(since.elapsed() < Duration::from_secs(60), "{sql}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let sessions = |what: &str| {
        format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}' AND {what}")
    };
    until(&sessions("query LIKE '%pg_sleep(120)%'"), "1");

    let host = server.address.trim_start_matches("http://");
    let body = json!({ "environment": "production" }).to_string();
    let mut stream = std::net::TcpStream::connect(host).expect("a connection");
    write!(
        stream,
        "POST /api/v1{CHANGE}/parity HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nCookie: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        server.address,
        ana.cookie.as_deref().expect("a session"),
        body.len()
    )
    .expect("a request");
    let waiting = sessions("application_name = 'cofferdam' AND wait_event_type = 'Lock'");
    until(&waiting, "1");
    drop(stream);
    until(&sessions("application_name = 'cofferdam'"), "0");

    cluster().psql(
        "postgres",
        &format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND query LIKE '%pg_sleep(120)%'"
        ),
    );
    let _ = holder.join();
    let recorded = "SELECT count(*) FROM cofferdam.gate WHERE condition = 'parity'";
    assert_eq!(cluster().psql(&name, recorded), "0");
}

#[test]
fn a_plan_keeps_what_was_known_of_the_queries_when_it_was_made() {
    let server = server();
    let mut ana = server.person("ana", "author");
    let path = server.project.path().join("changes/it.matrix.json");
    std::fs::write(&path, "{\"rows\":[]}").expect("a file");
    let new = json!({ "environment": "staging", "kind": "upgrade", "target": "heads", "note": "" });
    let (status, plan) = ana.post("/projects/observatory/plans", &new);
    assert_eq!(status, 200, "{plan}");
    std::fs::write(&path, "{\"rows\":[1]}").expect("a file");
    let id = &plan["summary"]["id"];
    let (status, plan) = ana.get(&format!("/projects/observatory/plans/{id}"));
    assert_eq!(status, 200, "{plan}");
    let files = plan["changes"].as_array().expect("files").iter();
    let files: Vec<(&str, &str)> = files
        .filter_map(|file| Some((file["path"].as_str()?, file["text"].as_str()?)))
        .collect();
    assert!(
        files.contains(&("changes/it.matrix.json", "{\"rows\":[]}")),
        "{files:?}"
    );
    assert!(
        files.iter().any(|(path, _)| *path == "changes/it.toml"),
        "{files:?}"
    );
}
