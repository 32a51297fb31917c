//! The schema of an environment's database.

use cofferdam_tests::server::Server;
use serde_json::Value;

#[test]
fn an_environments_schema_is_read_by_those_who_are_signed_in_and_is_what_the_command_prints() {
    let server = Server::start();
    let path = "/projects/observatory/environments/staging/catalog";
    let (status, problem) = server.stranger().get(path);
    assert_eq!(status, 401, "{problem}");

    let upgraded = server.command(&["--env", "staging", "upgrade", "head"]);
    assert_eq!(upgraded.code, Some(0), "{}", upgraded.err);
    let mut ana = server.person("ana", "author");
    let (status, catalog) = ana.get(path);
    assert_eq!(status, 200, "{catalog}");
    let named = |name: &str| {
        let objects = catalog["objects"].as_array().expect("objects");
        objects.iter().any(|object| object["name"] == name)
    };
    assert!(named("users"));
    assert!(!named("alembic_version"), "its own bookkeeping is left out");
    let printed = server.command(&["--env", "staging", "catalog", "--format", "json"]);
    let printed: Value = serde_json::from_str(&printed.out).expect("JSON");
    assert_eq!(printed, catalog);

    let (status, problem) = ana.get("/projects/observatory/environments/moon/catalog");
    assert_eq!(status, 404, "{problem}");
    let (status, problem) = ana.get("/projects/elsewhere/environments/staging/catalog");
    assert_eq!(status, 404, "{problem}");
}
