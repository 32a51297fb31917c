//! What of a file of queries is prepared.

use cofferdam_engine::change::queries::{Version, read};

#[test]
fn whatever_can_be_prepared_is_a_query() {
    let text = "SELECT 1;\n-- version: new\n/* from the shop */ SELECT 2;\n(SELECT 3) UNION (SELECT 4);\nTABLE reports;\nBEGIN;\nVALUES (1)";
    let found = read(text, false).expect("queries");
    let found: Vec<(Version, &str)> = found.iter().map(|it| (it.version, &*it.sql)).collect();
    assert_eq!(
        found,
        [
            (Version::Both, "SELECT 1"),
            (Version::New, "SELECT 2"),
            (Version::New, "(SELECT 3) UNION (SELECT 4)"),
            (Version::New, "TABLE reports"),
            (Version::New, "VALUES (1)"),
        ]
    );
    let seen = "calls,query\n3,\"/* from the shop */ SELECT 1\"\n2,COMMIT\n1,-- by hand\n";
    let found = read(seen, true).expect("queries");
    assert_eq!(found.len(), 1);
    assert!(found[0].sql.ends_with("SELECT 1"), "{}", found[0].sql);
}
