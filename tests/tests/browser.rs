//! The whole workbench in a real Chromium, on the real server and a real PostgreSQL.

#[path = "browser/alembic.rs"]
mod alembic;
#[path = "browser/changes.rs"]
mod changes;
#[path = "browser/checklist.rs"]
mod checklist;
#[path = "browser/effects.rs"]
mod effects;
#[path = "browser/hazards.rs"]
mod hazards;
#[path = "browser/lent.rs"]
mod lent;
#[path = "browser/proofs.rs"]
mod proofs;
#[path = "browser/schema.rs"]
mod schema;

use cofferdam_tests::browser::{self, Browser};
use cofferdam_tests::cluster::cluster;
use cofferdam_tests::project;
use cofferdam_tests::server::{Server, link_token};
use serde_json::Value;

const PROVED: &str = "The schema came back the same";

/// Writes a revision from the form of a pattern, and saves it.
async fn write(page: &Browser, address: &str, after: &str, pattern: &str, fields: &[(&str, &str)]) {
    page.open(&format!("{address}/write/new?after={after}"))
        .await;
    page.press(pattern).await;
    for (field, text) in fields {
        page.fill(&format!("#wr-field-{field}"), text).await;
    }
    page.until("document.querySelector('.wr-actions .btn.pri') && !document.querySelector('.wr-actions .btn.pri').disabled").await;
    page.click(".wr-actions .btn.pri").await;
    page.see(".wr-band.good").await;
}

async fn prove(page: &Browser, address: &str, from: &str) {
    page.open(&format!("{address}/dry-run?from={from}&to=heads"))
        .await;
    page.press("Prove up, down, up").await;
    page.read(PROVED).await;
}

#[test]
fn reading_writing_merging_and_proving_work_before_and_after_the_network_is_cut() {
    let mut server = Server::start();
    browser::with(async |page| {
        let address = server.address.clone();
        page.open(&address).await;
        page.read("Add subscription_history table").await;
        page.press("Add unique constraint to chart").await;
        page.until("location.pathname === '/history/328917e74f78'")
            .await;
        page.read("outside a transaction").await;
        page.emulate(1280, 800, false).await;
        let picture = page.picture("history").await;
        std::fs::copy(picture, project::root().join("docs/screenshot.png"))
            .expect("the README's picture");

        write(
            page,
            &address,
            "a1b2c3d4e5f6",
            "Create a table",
            &[("table", "stargazers"), ("columns", "name text not null")],
        )
        .await;
        write(
            page,
            &address,
            "cec026704f64",
            "Add a column",
            &[("table", "users"), ("column", "nickname"), ("type", "text")],
        )
        .await;
        page.open(&format!("{address}/history")).await;
        page.read("only in this browser").await;
        page.press("Merge 2 heads").await;
        page.until("document.querySelector('.wr-actions .btn.pri') && !document.querySelector('.wr-actions .btn.pri').disabled").await;
        page.click(".wr-actions .btn.pri").await;
        page.see(".wr-band.good").await;
        page.open(&format!("{address}/history")).await;
        page.see("a.row .badge.merge").await;
        page.until("document.querySelectorAll('a.row .badge.hd').length === 1")
            .await;

        prove(page, &address, "base").await;
        page.picture("dry-run").await;

        // The service worker holds everything; then the server dies.
        page.script("navigator.serviceWorker.ready.then(() => { window.kept = true })")
            .await;
        page.until("window.kept").await;
        server.cut();
        page.open(&format!("{address}/history")).await;
        page.read("Add subscription_history table").await;
        page.until("document.querySelector('.net.off')").await;
        page.until("document.querySelectorAll('a.row').length > 10")
            .await;
        prove(page, &address, "a1b2c3d4e5f6").await;
        write(
            page,
            &address,
            "a1b2c3d4e5f6",
            "Create an enum",
            &[("name", "moon_phase"), ("values", "new\nfull")],
        )
        .await;
    });
}

async fn accept(page: &Browser, server: &Server, name: &str, role: &str) {
    let printed = server.command(&["user", "add", name, "--role", role]);
    let token = link_token(&printed.out, "invite").expect("an invitation");
    page.client.delete_all_cookies().await.expect("no cookies");
    // A page of another address first: only the fragment differs, and that alone loads nothing.
    page.open("about:blank").await;
    page.open(&format!("{}/invite#token={token}", server.address))
        .await;
    page.fill("input[name='new-password']", "a long password")
        .await;
    page.fill("input[name='new-password-again']", "a long password")
        .await;
    page.click("form button.btn.pri").await;
    page.until("document.querySelector('.bar .ava') && !location.pathname.startsWith('/invite')")
        .await;
}

async fn sign_in(page: &Browser, server: &Server) {
    page.client.delete_all_cookies().await.expect("no cookies");
    page.open("about:blank").await;
    page.open(&format!(
        "{}/sign-in#token={}",
        server.address, server.token
    ))
    .await;
    page.until("document.querySelector('a.ava[href=\"/settings\"][title*=\"admin\"]')")
        .await;
}

#[test]
fn a_plan_is_made_commented_approved_by_somebody_else_and_applied() {
    let mut server = Server::start();
    browser::with(async |page| {
        let address = server.address.clone();
        sign_in(page, &server).await;
        page.open(&format!(
            "{address}/plans?env=production&kind=upgrade&target=heads"
        ))
        .await;
        page.press("Plan upgrade of production").await;
        page.until("/^\\/plans\\/\\d+$/.test(location.pathname)")
            .await;
        let plan = page.address().await;
        page.read("Add unique constraint to chart").await;
        page.fill(
            "form.comment-form textarea",
            "Looks long, but it is the whole history.",
        )
        .await;
        page.click("form.comment-form button.btn").await;
        page.read("Looks long, but it is the whole history.").await;
        page.picture("plan").await;
        let text = page.script("return fetch('/api/v1/projects/observatory/plans/1').then(answer => answer.json()).then(plan => plan.text)").await;

        accept(page, &server, "rui", "reviewer").await;
        page.open(&plan).await;
        page.press("Approve…").await;
        page.press("Approve 30 revisions").await;
        page.until("document.querySelector('.comments .ok')").await;
        page.until("document.querySelector('h1 .badge').innerText === 'approved'")
            .await;

        server.cut();
        server.restore();
        sign_in(page, &server).await;
        page.open(&plan).await;
        page.press("Apply to production…").await;
        page.press("Apply 30 revisions").await;
        page.until("/^\\/runs\\//.test(location.pathname)").await;
        page.read("and every one is committed").await;
        page.picture("run").await;

        let head = "SELECT version_num FROM alembic_version";
        assert_eq!(
            cluster().psql(&server.production.name, head),
            "a1b2c3d4e5f6"
        );
        // What the browser was shown is what PostgreSQL received, byte for byte.
        let plan: Value =
            serde_json::from_str(text.as_str().expect("the plan's text")).expect("JSON");
        let shown: Vec<&str> = plan["revisions"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|revision| revision["segments"].as_array().into_iter().flatten())
            .flat_map(|segment| segment["steps"].as_array().into_iter().flatten())
            .filter_map(|step| step["sql"].as_str())
            .collect();
        let received = cluster().received(&server.production.name);
        let ran: Vec<&str> = received
            .iter()
            .map(String::as_str)
            .filter(|sql| shown.contains(sql))
            .collect();
        assert!(shown.len() > 100);
        assert_eq!(shown, ran);

        page.open(&format!("{address}/history")).await;
        page.until("document.querySelectorAll('a.row .mark.f').length >= 10")
            .await;
    });
}

#[test]
fn every_room_fits_a_narrow_and_a_dark_screen() {
    let server = Server::start();
    browser::with(async |page| {
        sign_in(page, &server).await;
        for (room, words) in [
            ("history", "Add subscription_history table"),
            ("history/a1b2c3d4e5f6", "Copy link"),
            ("dry-run", "Prove up, down, up"),
            ("write", "Drafts"),
            ("changes", "No change is open"),
            ("changes/new", "Read the schema"),
            ("plans", "Plans"),
            ("runs", "Runs"),
            ("databases", "production"),
            ("databases/staging", "Schema of"),
            ("checklist", "Checklist before a deployment"),
            ("settings", "Settings"),
        ] {
            for (width, dark) in [(1280, false), (400, false), (1280, true), (400, true)] {
                page.emulate(width, 800, dark).await;
                page.open(&format!("{}/{room}", server.address)).await;
                page.read(words).await;
                let name = format!(
                    "{}-{width}-{}",
                    room.replace('/', "-"),
                    if dark { "dark" } else { "light" }
                );
                page.picture(&name).await;
                let over = page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
                assert_eq!(over, Value::from(0), "{name} is wider than its window");
            }
        }
    });
}

#[test]
fn errors_stand_in_the_margin_and_a_draft_survives_its_tab() {
    let server = Server::start();
    browser::with(async |page| {
        let address = &server.address;
        page.open(&format!("{address}/write/new?after=a1b2c3d4e5f6"))
            .await;
        page.press("Create a table").await;
        page.fill("#wr-field-table", "meteors").await;
        page.until("document.querySelector('.cm-content') && document.querySelector('.cm-content').innerText.includes('meteors')").await;
        let draft = page.address().await;
        page.click(".cm-content").await;
        let content = page.see(".cm-content").await;
        // Ctrl+End, then a statement that is not SQL.
        content
            .send_keys("\u{e009}\u{e010}\u{e009}\nSELEC 1 FROM;\n")
            .await
            .expect("keys");
        page.see(".cm-lint-marker-error, .cm-lintRange-error").await;
        page.picture("editor").await;
        page.until("document.body.innerText.includes('kept in this browser')")
            .await;
        // The draft is written a moment after the last key.
        tokio_sleep(1500).await;
        page.open("about:blank").await;
        page.open(&draft).await;
        page.until("document.querySelector('.cm-content') && document.querySelector('.cm-content').innerText.includes('SELEC 1')").await;
        page.open(&format!("{address}/history")).await;
        page.read("Add subscription_history table").await;
    });
}

/// Puts a revision after the example's last one into the server's project.
fn put(server: &Server, id: &str, upgrade: &str) {
    write_revision(server, id, "a1b2c3d4e5f6", upgrade, "SELECT 1;");
}

/// Puts a revision after `down` into the server's project.
fn write_revision(server: &Server, id: &str, down: &str, upgrade: &str, downgrade: &str) {
    let text = format!(
        "-- Revision {id}\n--\n-- Revision ID: {id}\n-- Revises: {down}\n-- Create Date: 2026-01-01 00:00:00\n\n\
         -- +upgrade\n{upgrade}\n\n-- +downgrade\n{downgrade}\n"
    );
    let path = server.project.path().join(format!("versions/{id}.sql"));
    std::fs::write(path, text).expect("a revision");
}

#[test]
fn a_dry_run_names_what_failed_can_be_cancelled_and_starts_where_a_database_is() {
    let server = Server::start();
    put(
        &server,
        "bad0bad0bad0",
        "CREATE TABLE comets (id int);\nSELECT count(*) FROM comet;",
    );
    put(
        &server,
        "51051051051a",
        "SELECT count(*) FROM generate_series(1, 2000000000) AS long;",
    );
    let upgraded = server.command(&["--env", "staging", "upgrade", "782ba409672f"]);
    assert_eq!(upgraded.code, Some(0), "{}", upgraded.err);
    browser::with(async |page| {
        let address = &server.address;
        let range = |from: &str, to: &str| format!("{address}/dry-run?from={from}&to={to}");
        sign_in(page, &server).await;

        page.open(&range("a1b2c3d4e5f6", "bad0bad0bad0")).await;
        page.press("Prove up, down, up").await;
        page.read("relation \"comet\" does not exist").await;
        page.until("document.querySelector('.dr-failure .badge').innerText === '42P01'")
            .await;
        page.until("document.querySelector('.dr-failure a[href*=\"bad0bad0bad0\"]')")
            .await;
        let failure = page
            .script("return document.querySelector('.dr-failure').innerText")
            .await;
        let failure = failure.as_str().expect("words");
        assert!(failure.contains("line 9"), "{failure}");
        assert!(failure.contains("SELECT count(*) FROM comet;"), "{failure}");
        page.picture("dry-run-failed").await;

        page.open(&range("a1b2c3d4e5f6", "51051051051a")).await;
        page.press("Upgrade").await;
        page.read("generate_series(1, 2000000000)").await;
        page.press("Cancel the run").await;
        page.read("thrown away in the middle").await;

        // What staging has is not run again; another try has a fresh database.
        page.open(&range("env%3Astaging", "a1b2c3d4e5f6")).await;
        page.press("Upgrade").await;
        page.read("21 revisions replayed to staging").await;
        page.read("The upgrade runs: 9 revisions applied").await;
        page.picture("dry-run-from-staging").await;
    });
}

async fn tokio_sleep(ms: u64) {
    tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
}
