//! The example project, up and down.

use cofferdam_tests::binary::succeed;
use cofferdam_tests::cluster::{cluster, database};
use cofferdam_tests::project;

#[test]
fn upgrade_head_and_downgrade_base_leave_the_catalog_as_it_was() {
    let project = project::example("observatory");
    let database = database();
    let before = cluster().dump(&database.name);
    succeed(project.path(), &["--url", &database.url, "upgrade", "head"]);
    let up = cluster().dump(&database.name);
    assert!(
        up.contains("CREATE TABLE public.subscription_history"),
        "{up}"
    );
    assert_eq!(
        cluster().psql(&database.name, "SELECT version_num FROM alembic_version"),
        "a1b2c3d4e5f6"
    );
    succeed(
        project.path(),
        &["--url", &database.url, "downgrade", "base"],
    );
    assert_eq!(before, cluster().dump(&database.name));
    assert_eq!(
        cluster().psql(&database.name, "SELECT count(*) FROM alembic_version"),
        "0"
    );
    succeed(project.path(), &["--url", &database.url, "upgrade", "head"]);
    assert_eq!(up, cluster().dump(&database.name));
}

#[test]
fn the_offline_scripts_through_psql_give_the_same_catalogs() {
    let project = project::example("observatory");
    let (online, offline) = (database(), database());
    let empty = cluster().dump(&offline.name);
    succeed(project.path(), &["--url", &online.url, "upgrade", "head"]);
    let script = succeed(project.path(), &["upgrade", "head", "--sql"]).out;
    cluster().psql(&offline.name, &script);
    assert_eq!(cluster().dump(&online.name), cluster().dump(&offline.name));
    assert_eq!(
        cluster().psql(&offline.name, "SELECT version_num FROM alembic_version"),
        "a1b2c3d4e5f6"
    );
    let script = succeed(project.path(), &["downgrade", "head:base", "--sql"]).out;
    cluster().psql(&offline.name, &script);
    assert_eq!(empty, cluster().dump(&offline.name));
}

#[test]
fn the_seed_loads_at_its_revision_and_survives_the_rest() {
    let project = project::example("observatory");
    let database = database();
    succeed(
        project.path(),
        &["--url", &database.url, "upgrade", "782ba409672f"],
    );
    let seed = std::fs::read_to_string(project.path().join("seed.sql")).expect("the seed");
    cluster().psql(&database.name, &seed);
    let users = cluster().psql(&database.name, "SELECT count(*) > 100 FROM users");
    assert_eq!(users, "t");
    succeed(project.path(), &["--url", &database.url, "upgrade", "head"]);
    succeed(
        project.path(),
        &["--url", &database.url, "downgrade", "782ba409672f"],
    );
    assert_eq!(
        cluster().psql(&database.name, "SELECT count(*) > 100 FROM users"),
        "t"
    );
}

#[test]
fn tables_of_the_embedded_postgresql_are_in_public() {
    let project = project::example("observatory");
    let programs = cluster().bin().display().to_string();
    let local = |arguments: &[&str]| {
        let line = [&["--pg-bin", &programs, "--env", "local"], arguments].concat();
        succeed(project.path(), &line).out
    };
    local(&["upgrade", "head"]);
    let catalog = local(&["catalog"]);
    assert!(
        catalog.contains("public.users") || catalog.contains("table users"),
        "{catalog}"
    );
    assert!(local(&["current"]).contains("a1b2c3d4e5f6"));
}
