//! Saving revisions: all or nothing, and never over somebody else's change.

use cofferdam_tests::cluster::cluster;
use cofferdam_tests::server::Server;
use serde_json::{Value, json};

const TEXT: &str = "-- A new one\n--\n-- Revision ID: abcdefabcdef\n-- Revises: a1b2c3d4e5f6\n-- Create Date: 2026-01-01 00:00:00.000000\n\n-- +upgrade\nCREATE TABLE brand_new (id int);\n\n-- +downgrade\nDROP TABLE brand_new;\n";
const PATH: &str = "versions/2026_01_01_0000-abcdefabcdef_a_new_one.sql";

fn change(path: &str, base: Value, text: Value) -> Value {
    json!({ "path": path, "base_sha256": base, "text": text })
}

fn changeset(changes: &[Value]) -> Value {
    json!({ "message": "save", "changes": changes })
}

#[test]
fn a_saved_revision_is_in_the_folder_and_a_stale_one_is_a_conflict() {
    let server = Server::start();
    let mut ana = server.person("ana", "author");
    let path = "/projects/observatory/changesets";
    let (status, files) = ana.post(path, &changeset(&[change(PATH, Value::Null, json!(TEXT))]));
    assert_eq!(status, 200, "{files}");
    let on_disk = server.project.path().join(PATH);
    assert_eq!(std::fs::read_to_string(&on_disk).expect("the file"), TEXT);

    // Somebody else changed it meanwhile: refused, shown, and nothing of the set is written.
    let other = TEXT.replace("brand_new", "other_name");
    std::fs::write(&on_disk, &other).expect("a file");
    let sha = cofferdam_engine::digest::sha256(TEXT.as_bytes());
    let second = PATH.replace("abcdefabcdef", "fedcbafedcba");
    let set = changeset(&[
        change(
            &second,
            Value::Null,
            json!(TEXT.replace("abcdefabcdef", "fedcbafedcba")),
        ),
        change(PATH, json!(sha), json!(TEXT.replace("brand_new", "mine"))),
    ]);
    let (status, problem) = ana.post(path, &set);
    assert_eq!(status, 412, "{problem}");
    assert_eq!(problem["conflicts"][0]["path"], PATH);
    assert_eq!(problem["conflicts"][0]["theirs"], other);
    assert!(
        !server.project.path().join(&second).exists(),
        "all or nothing"
    );

    let outside = changeset(&[change("../outside.sql", Value::Null, json!(TEXT))]);
    assert_eq!(ana.post(path, &outside).0, 422);
    let config = changeset(&[change("versions/../../x.sql", Value::Null, json!(TEXT))]);
    assert_eq!(ana.post(path, &config).0, 422);
}

#[test]
fn a_revision_that_is_applied_somewhere_is_not_changed() {
    let server = Server::start();
    let mut ana = server.person("ana", "author");
    let table = "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('14f966eaec6d')";
    cluster().psql(&server.staging.name, table);
    let (_, files) = ana.get("/projects/observatory");
    let file = files["files"]
        .as_array()
        .and_then(|all| {
            all.iter().find(|file| {
                file["path"]
                    .as_str()
                    .is_some_and(|path| path.contains("14f966eaec6d"))
            })
        })
        .expect("the first revision");
    let set = changeset(&[change(
        file["path"].as_str().expect("a path"),
        file["sha256"].clone(),
        Value::Null,
    )]);
    let (status, problem) = ana.post("/projects/observatory/changesets", &set);
    assert_eq!(status, 409, "{problem}");
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|words| words.contains("is applied on")),
        "{problem}"
    );
}
