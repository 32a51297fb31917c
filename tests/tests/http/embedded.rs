//! With nothing configured: the server's own PostgreSQL, started under `.cofferdam/`, and found again.

use cofferdam_tests::cluster::free_port;
use cofferdam_tests::server::{Person, link_token};
use cofferdam_tests::{binary, project};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

fn serve(folder: &Path, port: u16) -> (Child, String) {
    let mut child = binary::command()
        .arg("--project")
        .arg(folder)
        .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
        .env_remove("COFFERDAM_STATE_URL")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let mut printed = String::new();
    let token = lines.by_ref().map_while(Result::ok).find_map(|line| {
        printed.push_str(&line);
        printed.push('\n');
        link_token(&line, "sign-in")
    });
    // Nobody may be left writing into a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    match token {
        Some(token) => (child, token),
        None => {
            let _ = child.wait();
            panic!("the server printed no sign-in link:\n{printed}");
        }
    }
}

/// Ends the server as a person does, and waits for its PostgreSQL to end with it.
fn stop(mut child: Child) {
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status();
    assert!(sent.expect("kill").success());
    child.wait().expect("it ends");
}

#[test]
fn the_embedded_postgresql_holds_state_and_the_local_environment() {
    let folder = project::example("observatory");
    let port = free_port();
    let (server, token) = serve(folder.path(), port);
    let mut admin = Person {
        address: format!("http://127.0.0.1:{port}"),
        cookie: None,
        origin: Some(format!("http://127.0.0.1:{port}")),
    };
    assert_eq!(
        admin.post("/session/link", &json!({ "token": token })).0,
        200
    );
    let new = json!({ "environment": "local", "kind": "upgrade", "target": "head" });
    let (status, record) = admin.post("/projects/observatory/plans", &new);
    assert_eq!(status, 200, "{record}");
    let (status, run) = admin.post("/projects/observatory/plans/1/runs", &json!({}));
    assert_eq!(status, 200, "{run}");
    let events = admin.follow(&format!(
        "/projects/observatory/runs/{}/events",
        run["id"].as_str().expect("an id")
    ));
    assert_eq!(events.last().expect("an event")["outcome"]["type"], "done");
    stop(server);

    // What was done is there after another start, and so is the session.
    let (server, _) = serve(folder.path(), port);
    let (status, environments) = admin.get("/projects/observatory/environments");
    assert_eq!(status, 200, "{environments}");
    let local = environments
        .as_array()
        .and_then(|all| all.iter().find(|one| one["name"] == "local"));
    let local = local.expect("local");
    assert_eq!(local["embedded"], true, "{local}");
    assert_eq!(local["heads"], json!(["a1b2c3d4e5f6"]), "{local}");
    stop(server);
}
