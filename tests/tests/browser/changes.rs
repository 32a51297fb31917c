//! A breaking change, from the first line that is drawn to what its contract took and gave back.

use super::sign_in;
use cofferdam_tests::browser::{self, Browser};
use cofferdam_tests::cluster::cluster;
use cofferdam_tests::project;
use cofferdam_tests::server::Server;
use serde_json::Value;

const CONFIG: &str = "[project]\nname = \"observatory\"\n\n[environments.staging]\nurl_env = \"STAGING_DATABASE_URL\"\n";
const FIRST: &str = "-- Reports\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2026-01-01\n\n-- +upgrade\nCREATE TABLE reports (id bigint PRIMARY KEY, owner_id bigint, tier text NOT NULL DEFAULT 'free');\nCREATE INDEX reports_tier ON reports (tier);\nINSERT INTO reports SELECT n, n % 7, 'tier ' || n % 3 FROM generate_series(1, 5000) n;\n\n-- +downgrade\nDROP TABLE reports;\n";
const WORDS: &str = "app 42 is deployed everywhere";
const BREAKING: &str = "-- version: both\nSELECT id, tier FROM reports WHERE owner_id = $1";
const QUERIES: &str = "-- version: old\nSELECT id, tier FROM reports WHERE owner_id = $1;\n-- version: new\nSELECT id, plan FROM reports WHERE owner_id = $1";

fn server() -> Server {
    Server::of(project::of(&[
        ("cofferdam.toml", CONFIG),
        ("versions/a.sql", FIRST),
    ]))
}

/// Chooses an option as a person does.
async fn choose(page: &Browser, css: &str, value: &str) {
    page.until(&format!(
        "[...document.querySelectorAll('{css} option')].some(one => one.value === '{value}')"
    ))
    .await;
    page.script(&format!(
        "const one = document.querySelector('{css}'); one.value = '{value}'; one.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ))
    .await;
}

/// Draws the rename of a column on the schema after the heads.
async fn draw(page: &Browser, address: &str) {
    page.open(&format!("{address}/changes")).await;
    page.press("Draw the first change").await;
    page.press("Read the schema").await;
    choose(page, "#ch-table", "reports").await;
    choose(page, "#ch-kind", "rename-column").await;
    choose(page, "#ch-column", "tier").await;
    page.fill("#ch-to", "plan").await;
    page.read("Rename column reports.tier to plan").await;
    page.until("document.querySelectorAll('.ch-phase').length === 3")
        .await;
}

/// Plans the upgrade of staging to its heads, applies it, and waits until it is done.
async fn upgrade(page: &Browser, address: &str) {
    page.open(&format!(
        "{address}/plans?env=staging&kind=upgrade&target=heads"
    ))
    .await;
    page.press("Plan upgrade of staging").await;
    page.until("/^\\/plans\\/\\d+$/.test(location.pathname)")
        .await;
    page.read("Queries of Rename column reports.tier to plan")
        .await;
    fits(page, "plan-queries").await;
    page.press("Apply to staging…").await;
    page.press("statements to staging").await;
    page.until("/^\\/runs\\//.test(location.pathname)").await;
    page.until("document.querySelector('h1 .badge, .page-head .badge')?.innerText === 'done'")
        .await;
}

fn columns(server: &Server) -> String {
    let query = "SELECT string_agg(column_name, ' ' ORDER BY column_name) FROM information_schema.columns WHERE table_name = 'reports' AND table_schema = 'public'";
    cluster().psql(&server.staging.name, query)
}

async fn fits(page: &Browser, name: &str) {
    for (width, dark) in [(1440, false), (1440, true), (400, false), (400, true)] {
        page.emulate(width, 900, dark).await;
        let tone = if dark { "dark" } else { "light" };
        page.picture(&format!("{name}-{width}-{tone}")).await;
        let over = page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        assert_eq!(over, Value::from(0), "{name} is wider than its window");
    }
    page.emulate(1280, 900, false).await;
}

#[test]
fn a_rename_is_drawn_checked_written_applied_stopped_at_its_gate_contracted_and_restored() {
    let server = server();
    browser::with(async |page| {
        let address = server.address.clone();
        sign_in(page, &server).await;
        draw(page, &address).await;

        // All of it is in the address.
        page.until("location.search.includes('to=plan')").await;
        page.script("document.querySelector('.ch-details').open = true")
            .await;
        page.fill("#ch-confirm", WORDS).await;
        page.read(WORDS).await;
        fits(page, "change-drawn").await;

        // The contract's SQL, otherwise.
        page.script("[...document.querySelectorAll('.ch-phase.contract button')].find(one => one.innerText === 'Edit the SQL').click()")
            .await;
        page.see(".ch-phase.contract .ch-edit textarea").await;
        page.script("const one = document.querySelector('.ch-phase.contract .ch-edit textarea'); one.value = '-- Agreed with the team.\\n' + one.value; one.dispatchEvent(new Event('input', { bubbles: true }))")
            .await;
        fits(page, "change-edited").await;
        page.press("Use this SQL").await;
        page.see(".ch-phase.contract .badge.caution").await;

        page.press("Dry-run all phases").await;
        page.read("The schema came back the same").await;

        // A query that both versions send breaks, and nothing is written unasked.
        page.fill(".ch-queries textarea", BREAKING).await;
        page.press("Write ").await;
        page.read("1 query would break where its version is at work.")
            .await;
        page.see("[role=alertdialog]").await;
        page.see(".ch-matrix td.no").await;
        fits(page, "change-breaks").await;
        page.press("Write nothing").await;
        page.fill(".ch-queries textarea", QUERIES).await;
        page.press("Check the queries").await;
        page.until("document.querySelector('.ch-result.ok')").await;
        page.press("Write ").await;
        page.until("location.pathname === '/changes/reports_tier_plan'")
            .await;
        page.read("Written:").await;
        let folder = server.project.path().join("changes");
        for file in [
            "reports_tier_plan.toml",
            "reports_tier_plan.queries.sql",
            "reports_tier_plan.matrix.json",
        ] {
            assert!(folder.join(file).exists(), "{file}");
        }

        upgrade(page, &address).await;
        assert_eq!(columns(&server), "id owner_id plan tier");

        // The gate is shut until both sides were compared and somebody confirmed.
        let change = format!("{address}/changes/reports_tier_plan?environment=staging");
        page.open(&change).await;
        page.read("The gate is shut on staging").await;
        page.until("[...document.querySelectorAll('button')].find(one => one.innerText === 'Write the contract').disabled").await;
        fits(page, "change-gate").await;
        page.press("Compare both sides").await;
        page.read("0 of 5000 rows disagree").await;
        page.press("Confirm").await;
        page.until("document.querySelector('.ch-verdict .badge.good')?.innerText === 'open'")
            .await;
        page.press("Write the contract").await;
        page.read("Bring back what it took").await;
        let revisions = std::fs::read_dir(server.project.path().join("versions"));
        let is_edited = revisions.unwrap().any(|file| {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            text.contains("Phase: contract") && text.contains("-- Agreed with the team.")
        });
        assert!(is_edited, "the contract is not as it was edited");
        upgrade(page, &address).await;
        assert_eq!(columns(&server), "id owner_id plan");

        page.open(&change).await;
        page.read("rests for 14 days; on staging it was applied")
            .await;
        page.press("Bring back what it took").await;
        page.read("Write the contract").await;
        upgrade(page, &address).await;
        assert_eq!(columns(&server), "id owner_id plan tier");
        let tiers = "SELECT count(*) FROM reports WHERE tier = plan AND tier LIKE 'tier %'";
        assert_eq!(cluster().psql(&server.staging.name, tiers), "5000");

        page.open(&format!("{address}/history")).await;
        page.read("1 open change").await;
        page.see("a.row .badge.migrate").await;
        page.open(&format!("{address}/changes")).await;
        page.read("Rename column reports.tier to plan").await;
        fits(page, "changes").await;
    });
}

#[test]
fn a_change_is_drawn_proved_and_written_without_a_network() {
    let mut server = server();
    browser::with(async |page| {
        let address = server.address.clone();
        page.open(&address).await;
        page.script("navigator.serviceWorker.ready.then(() => { window.kept = true })")
            .await;
        page.until("window.kept").await;
        server.cut();
        // The example is in the app itself.
        page.open(&format!(
            "{address}/changes/new?table=users&kind=require-column&column=bio&fill=%27none%27"
        ))
        .await;
        page.press("Read the schema").await;
        page.until("document.querySelectorAll('.ch-phase').length >= 2 || document.querySelector('.ch-form .band')")
            .await;
        page.picture("change-offline").await;
        page.press("Dry-run all phases").await;
        page.read("The schema came back the same").await;
        page.press("Write ").await;
        page.until("location.pathname.startsWith('/changes/users_')")
            .await;
        page.read("Written:").await;
    });
}

#[test]
fn a_change_that_is_kept_is_edited_under_its_own_name_and_never_overwritten_by_another() {
    let server = server();
    browser::with(async |page| {
        let address = server.address.clone();
        let file = |name: &str| {
            std::fs::read_to_string(server.project.path().join("changes").join(name)).unwrap()
        };
        sign_in(page, &server).await;
        draw(page, &address).await;
        page.fill(".ch-queries textarea", QUERIES).await;
        page.press("Keep for later").await;
        page.until("location.pathname === '/changes/reports_tier_plan'")
            .await;
        assert_eq!(file("reports_tier_plan.queries.sql"), QUERIES);
        let kept = file("reports_tier_plan.toml");

        // The same again, with another gate: it has the same name.
        page.open(&format!("{address}/changes/new?table=reports&kind=rename-column&column=tier&to=plan&confirm=other"))
            .await;
        page.read("from the server").await;
        page.press("Read the schema").await;
        page.read("There is a change reports_tier_plan already")
            .await;
        let buttons = page
            .script("return document.querySelectorAll('.ch-buttons button').length")
            .await;
        assert_eq!(buttons, Value::from(0));
        assert_eq!(file("reports_tier_plan.toml"), kept);
        page.picture("change-taken").await;

        // Edited, it keeps its name, its queries come along, and its file is written again.
        page.open(&format!("{address}/changes/reports_tier_plan"))
            .await;
        page.press("Edit change").await;
        page.read("Edit a change").await;
        page.press("Read the schema").await;
        page.until("document.querySelector('.ch-queries textarea')?.value.includes('plan')")
            .await;
        page.fill("#ch-to", "level").await;
        page.read("Rename column reports.tier to level").await;
        assert_eq!(
            page.script("return document.querySelector('#ch-id')").await,
            Value::Null
        );
        page.press("Keep for later").await;
        page.until("location.pathname === '/changes/reports_tier_plan'")
            .await;
        page.read("Rename column reports.tier to level").await;
        assert!(file("reports_tier_plan.toml").contains("level"));
        assert_eq!(file("reports_tier_plan.queries.sql"), QUERIES);

        // Once it has revisions, it is not drawn again.
        page.open(&format!("{address}/changes/new?edit=reports_tier_plan"))
            .await;
        page.read("from the server").await;
        page.read("Edit a change").await;
        page.press("Read the schema").await;
        page.until("document.querySelector('.ch-queries textarea')")
            .await;
        page.press("Write ").await;
        page.press("Write all the same").await;
        page.until("location.pathname === '/changes/reports_tier_plan'")
            .await;
        page.read("Written:").await;
        let written = file("reports_tier_plan.toml");
        page.open(&format!("{address}/changes/new?edit=reports_tier_plan"))
            .await;
        page.read("has revisions already, so it is not drawn again")
            .await;
        page.open(&format!("{address}/changes/new?edit=nothing_here"))
            .await;
        page.read("There is no change nothing_here").await;
        assert_eq!(file("reports_tier_plan.toml"), written);
        assert!(written.contains("migrate"));
    });
}

#[test]
fn what_cannot_be_done_is_said_in_a_sentence() {
    let server = server();
    browser::with(async |page| {
        let address = &server.address;
        page.open(&format!("{address}/changes/nothing_here")).await;
        page.read("There is no such change").await;
        page.open(&format!(
            "{address}/changes/new?table=reports&kind=rename-column&column=tier&to=owner_id"
        ))
        .await;
        sign_in(page, &server).await;
        page.open(&format!(
            "{address}/changes/new?schema=env%3Astaging&table=reports&kind=rename-column&column=tier&to=owner_id"
        ))
        .await;
        // Staging has no table yet.
        page.read("there is no table public.reports").await;
        choose(page, ".ch-source select", "heads").await;
        page.press("Read the schema").await;
        page.read("reports has a column owner_id already").await;
        page.picture("change-refused").await;
    });
}

#[test]
fn versioned_views_are_drawn_proved_and_asked_in_the_tab() {
    let server = server();
    browser::with(async |page| {
        let address = &server.address;
        sign_in(page, &server).await;
        page.open(&format!(
            "{address}/changes/new?table=reports&kind=rename-column&column=tier&to=plan&views=v42"
        ))
        .await;
        page.read("from the server").await;
        page.press("Read the schema").await;
        page.read("options=-c search_path=v42,public").await;
        page.press("Dry-run all phases").await;
        page.read("The schema came back the same").await;
        // Only in its schema has the new version no column of the old one.
        let queries = format!("{QUERIES};\n-- version: new\nTABLE reports");
        page.fill(".ch-queries textarea", &queries).await;
        page.press("Check the queries").await;
        page.until("document.querySelector('.ch-result.ok')").await;
        page.read("3 prepared at").await;
        page.picture("change-views").await;
    });
}

/// A table with what another one has to take over.
const BOOKED: &str = "-- Bookings\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2026-01-01\n\n-- +upgrade\nCREATE TABLE rooms (id bigint PRIMARY KEY);\nINSERT INTO rooms SELECT generate_series(1, 9);\nCREATE TABLE bookings (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number serial, room bigint NOT NULL REFERENCES rooms ON DELETE CASCADE, during int4range NOT NULL, guest text CONSTRAINT somebody NOT NULL CHECK (guest <> ''));\nINSERT INTO bookings (room, during, guest) SELECT n % 9 + 1, int4range(n * 10, n * 10 + 5), 'g' || n FROM generate_series(1, 2000) n;\nCREATE INDEX by_guest ON bookings (lower(guest));\nCREATE TABLE bills (id bigint PRIMARY KEY, booking bigint REFERENCES bookings);\nCREATE INDEX of_booking ON bills (booking);\nCREATE VIEW named AS SELECT id, guest FROM bookings;\nALTER TABLE bookings ENABLE ROW LEVEL SECURITY;\nCREATE POLICY known ON bookings USING (guest <> 'nobody');\n\n-- +downgrade\nDROP VIEW named;\nDROP TABLE bills, bookings, rooms;\n";

#[test]
fn a_second_table_is_drawn_and_proved_in_the_tab() {
    let server = Server::of(project::of(&[
        ("cofferdam.toml", CONFIG),
        ("versions/a.sql", BOOKED),
    ]));
    browser::with(async |page| {
        let address = &server.address;
        sign_in(page, &server).await;
        for (name, fields) in [
            (
                "exclusion",
                "kind=add-exclusion&definition=USING%20gist%20(during%20WITH%20%26%26)&name=once",
            ),
            (
                "generated",
                "kind=add-generated&column=loud&type=text&expression=upper(guest)&stored=yes",
            ),
        ] {
            page.open(&format!("{address}/changes/new?table=bookings&{fields}"))
                .await;
            page.read("from the server").await;
            page.press("Read the schema").await;
            page.read("takes as much space as bookings").await;
            page.press("Dry-run all phases").await;
            page.read("The schema came back the same").await;
            fits(page, &format!("change-{name}")).await;
        }
    });
}
