//! Signing in, and what is refused.

use cofferdam_tests::server::{Server, link_token};
use serde_json::json;

#[test]
fn links_and_invitations_work_once_and_passwords_after() {
    let server = Server::start();
    let mut admin = server.admin();
    let (status, session) = admin.get("/session");
    assert_eq!(
        (status, &session["user"]["role"]),
        (200, &json!("admin")),
        "{session}"
    );
    let (status, problem) = server
        .stranger()
        .post("/session/link", &json!({ "token": server.token }));
    assert_eq!(status, 401, "the link signs in once: {problem}");

    let printed = server.command(&["user", "add", "ana", "--role", "author"]);
    let token = link_token(&printed.out, "invite").expect("a link");
    let short = json!({ "token": token, "password": "short" });
    let (status, problem) = server.stranger().post("/invitations/accept", &short);
    assert_eq!(status, 422, "{problem}");
    let good = json!({ "token": token, "password": "a long password" });
    let (status, session) = server.stranger().post("/invitations/accept", &good);
    assert_eq!(
        (status, &session["user"]["name"]),
        (200, &json!("ana")),
        "{session}"
    );
    let (status, _) = server.stranger().post("/invitations/accept", &good);
    assert_eq!(status, 401, "an invitation is accepted once");

    let mut ana = server.stranger();
    let (status, _) = ana.post(
        "/session",
        &json!({ "name": "ana", "password": "a wrong password" }),
    );
    assert_eq!(status, 401);
    let (status, _) = ana.post(
        "/session",
        &json!({ "name": "nobody", "password": "a wrong password" }),
    );
    assert_eq!(status, 401);
    let (status, _) = ana.post(
        "/session",
        &json!({ "name": "ana", "password": "a long password" }),
    );
    assert_eq!(status, 200);
    assert_eq!(ana.get("/projects").0, 200);
    assert_eq!(ana.send("DELETE", "/session", None).0, 200);
    assert_eq!(ana.get("/projects").0, 401);

    let printed = server.command(&["user", "add", "eve", "--role", "emperor"]);
    assert_eq!(printed.code, Some(2), "{}", printed.err);
}

#[test]
fn another_sites_page_changes_nothing() {
    let server = Server::start();
    let mut admin = server.admin();
    admin.origin = Some("https://elsewhere.example".into());
    let new = json!({ "environment": "staging", "kind": "upgrade", "target": "head" });
    let (status, problem) = admin.post("/projects/observatory/plans", &new);
    assert_eq!(status, 403, "{problem}");
    admin.origin = None;
    let (status, problem) = admin.post("/projects/observatory/plans", &new);
    assert_eq!(status, 403, "a cookie without an origin: {problem}");
}

#[test]
fn tokens_are_scoped_expire_and_can_be_revoked() {
    let server = Server::start();
    let mut admin = server.admin();
    let new = json!({ "name": "ci", "scopes": ["read"], "days": 30 });
    let (status, made) = admin.post("/tokens", &new);
    assert_eq!(status, 200, "{made}");
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.starts_with("cfd_"));
    let bearer = |method: &str, path: &str, body: Option<&str>| {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v1{path}", server.address))
            .header("authorization", format!("Bearer {secret}"))
            .header("content-type", "application/json")
            .body(body.unwrap_or_default().to_owned())
            .expect("a request");
        agent.run(request).expect("an answer").status().as_u16()
    };
    assert_eq!(bearer("GET", "/projects", None), 200);
    let plan = r#"{"environment":"staging","kind":"upgrade","target":"head"}"#;
    assert_eq!(
        bearer("POST", "/projects/observatory/plans", Some(plan)),
        403
    );
    let (_, tokens) = admin.get("/tokens");
    let id = tokens[0]["id"].clone();
    assert!(
        !tokens.to_string().contains(&secret),
        "the secret is shown once"
    );
    let (status, problem) = admin.send("DELETE", &format!("/tokens/{id}"), None);
    assert_eq!(status, 200, "{problem}");
    assert_eq!(bearer("GET", "/projects", None), 401);
}
