//! The example project, up and down.

use cofferdam_tests::binary::{run, succeed};
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

#[test]
fn of_the_changes_one_is_in_each_phase_and_the_open_one_can_be_ended() {
    let project = project::example("changes");
    let database = database();
    let before = cluster().dump(&database.name);
    let programs = cluster().bin().display().to_string();
    let on = ["--pg-bin", &programs, "--url", &database.url];
    let say = |arguments: &[&str]| run(project.path(), &[&on, arguments].concat());
    let succeed = |arguments: &[&str]| succeed(project.path(), &[&on, arguments].concat()).out;

    assert_eq!(run(project.path(), &["lint"]).out, "");
    let listed = succeed(&["change", "list"]);
    let ends = |line: &str, phase| line.ends_with(&format!("(written up to {phase})"));
    let phases: Vec<bool> = listed
        .lines()
        .zip(["migrate", "contract", "expand"])
        .map(|(line, phase)| ends(line, phase))
        .collect();
    assert_eq!(phases, [true; 3], "{listed}");

    succeed(&["upgrade", "head"]);
    let up = cluster().dump(&database.name);
    succeed(&["downgrade", "base"]);
    assert_eq!(before, cluster().dump(&database.name));
    succeed(&["upgrade", "c2e81f7a3d55"]);
    let seed = std::fs::read_to_string(project.path().join("seed.sql")).expect("the seed");
    cluster().psql(&database.name, &seed);
    // On a database with rows the first change's contract, too, waits for its gate.
    succeed(&["upgrade", "8fa2b62fc0b1"]);
    let id = "inspections_require_weather";
    assert_eq!(say(&["upgrade", "head"]).code, Some(1));
    succeed(&["change", "parity", id]);
    let words = "the form on the tablets asks for the weather";
    succeed(&["change", "confirm", id, words]);
    succeed(&["upgrade", "head"]);
    assert_eq!(up, cluster().dump(&database.name));

    let id = "defects_grade_severity";
    let queries = project.path().join(format!("changes/{id}.queries.sql"));
    let matrix = succeed(&["change", "queries", id, &queries.display().to_string()]);
    assert!(matrix.contains("column \"severity\" does not exist"));
    let shut = say(&["change", "gate", id]);
    assert_eq!(shut.code, Some(1));
    assert!(
        shut.out.contains("[ ] bridges 42 runs in every district"),
        "{}",
        shut.out
    );
    succeed(&["change", "parity", id]);
    succeed(&["change", "confirm", id, "bridges 42 runs in every district"]);
    succeed(&["change", "contract", id]);
    succeed(&["upgrade", "head"]);
    let severities = "SELECT string_agg(DISTINCT severity, ' ' ORDER BY severity) FROM defects";
    assert_eq!(
        cluster().psql(&database.name, severities),
        "minor serious urgent"
    );
}

#[test]
fn the_revisions_of_the_changes_go_up_down_and_up() {
    let project = project::example("changes");
    let programs = cluster().bin().display().to_string();
    let proved = run(project.path(), &["--pg-bin", &programs, "verify"]);
    // What migrate fills stays filled when it is undone, and counts as rows with other values.
    let lost: Vec<&str> = proved
        .out
        .lines()
        .filter_map(|line| line.split_once("  loses data        "))
        .map(|(_, message)| message)
        .collect();
    let filled = [
        "inspections.weather: fill, and make it NOT NULL",
        "defects: fill severity from grade",
    ];
    assert_eq!(lost, filled, "{}{}", proved.out, proved.err);
    assert!(
        proved.out.contains(": 2 loses data, 11 reversible"),
        "{}",
        proved.out
    );
}
