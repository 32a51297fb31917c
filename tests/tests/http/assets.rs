//! The web app's files, headers, and the documents beside them.

use cofferdam_tests::server::Server;

fn get(server: &Server, path: &str, encoding: &str) -> ureq::http::Response<ureq::Body> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let request = ureq::http::Request::builder()
        .uri(format!("{}{path}", server.address))
        .header("accept", "text/html,*/*")
        .header("accept-encoding", encoding)
        .body(())
        .expect("a request");
    agent.run(request).expect("an answer")
}

#[test]
fn pages_come_with_a_policy_and_deep_links_work() {
    let server = Server::start();
    for path in [
        "/",
        "/history",
        "/history/a1b2c3d4e5f6?tab=downgrade",
        "/plans/1",
    ] {
        let mut response = get(&server, path, "identity");
        assert_eq!(response.status(), 200, "{path}");
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        assert!(header("content-type").starts_with("text/html"), "{path}");
        let policy = header("content-security-policy");
        assert!(
            policy.contains("default-src 'self'") && policy.contains("'wasm-unsafe-eval'"),
            "{policy}"
        );
        assert!(
            !policy.contains("script-src 'self' 'unsafe-inline'"),
            "{policy}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        let text = response.body_mut().read_to_string().expect("the page");
        assert!(text.contains("<script"), "{path}");
    }
    assert_eq!(get(&server, "/no-such-file.js", "identity").status(), 404);
    assert_eq!(get(&server, "/healthz", "identity").status(), 200);
}

#[test]
fn wasm_is_compressed_typed_and_cached_by_its_hash() {
    let server = Server::start();
    let page = get(&server, "/", "identity")
        .body_mut()
        .read_to_string()
        .expect("the page");
    let end = page.find("_bg.wasm").expect("the page names its wasm") + "_bg.wasm".len();
    let start = page[..end].rfind(['"', '\'']).expect("a quote") + 1;
    let path = format!("/{}", page[start..end].trim_start_matches(['.', '/']));
    let response = get(&server, &path, "br");
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    assert_eq!(header("content-type"), "application/wasm");
    assert_eq!(header("content-encoding"), "br");
    assert!(
        header("cache-control").contains("immutable"),
        "{}",
        header("cache-control")
    );
}

#[test]
fn the_api_describes_itself_and_its_errors_are_problem_documents() {
    let server = Server::start();
    let mut stranger = server.stranger();
    let (status, document) = stranger.get("/openapi.json");
    assert_eq!(status, 200);
    for path in [
        "/api/v1/session",
        "/api/v1/projects/{slug}/plans",
        "/api/v1/projects/{slug}/plans/{id}/reviews",
        "/api/v1/projects/{slug}/runs/{id}/events",
        "/api/v1/projects/{slug}/changesets",
    ] {
        assert!(document["paths"].get(path).is_some(), "{path} is described");
    }
    for (path, status) in [("/nowhere", 404), ("/projects", 401)] {
        let (found, problem) = stranger.get(path);
        assert_eq!(found, status, "{path}");
        assert_eq!(problem["status"], status, "{problem}");
        assert!(
            problem["detail"].is_string() && problem["type"].is_string(),
            "{problem}"
        );
    }
    let response = get(&server, "/api/v1/nowhere", "identity");
    assert_eq!(
        response
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok()),
        Some("application/problem+json")
    );
}
