//! The checklist: of the history with a dry run's proof as evidence, and of a plan with a person's word.

use super::{accept, sign_in};
use cofferdam_tests::browser;
use cofferdam_tests::project;
use cofferdam_tests::server::Server;
use serde_json::Value;

/// "Add i18n columns to public_charts" of the built-in example, and the one before it.
const REVISION: &str = "cec026704f64";
const BEFORE: &str = "328917e74f78";

#[test]
fn a_checklist_is_computed_and_a_dry_run_is_its_evidence() {
    let server = Server::start();
    browser::with(async |page| {
        let address = &server.address;
        page.open(&format!("{address}/history")).await;
        page.press("Checklist").await;
        page.read("Every revision has a downgrade, or says why not")
            .await;
        page.until("document.querySelector('[data-item=chain].ck-done')")
            .await;
        for (width, dark) in [(1280, false), (400, true)] {
            page.emulate(width, 900, dark).await;
            page.picture(&format!("checklist-{width}")).await;
            let over = page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
            assert_eq!(over, Value::from(0));
        }
        page.emulate(1280, 900, false).await;

        let range = format!("{address}/checklist?from={BEFORE}&to={REVISION}");
        page.open(&range).await;
        page.until("document.querySelector('[data-item=hazards].ck-open')")
            .await;
        page.until("document.querySelector('[data-item=proved].ck-open')")
            .await;
        page.press("Prove them in this tab").await;
        page.press("Prove up, down, up").await;
        page.read("The schema came back the same").await;
        page.script("history.back()").await;
        page.until("document.querySelector('[data-item=proved].ck-done')")
            .await;
        page.read("1 revision in PostgreSQL 18").await;

        page.open(&format!("{range}&for=rollback")).await;
        page.until("document.querySelector('[data-item=dependents].ck-open')")
            .await;
    });
}

#[test]
fn a_person_confirms_an_item_of_a_plan_by_name() {
    let server = Server::start();
    browser::with(async |page| {
        sign_in(page, &server).await;
        accept(page, &server, "ana", "author").await;
        page.open(&format!(
            "{}/plans?env=staging&kind=upgrade&target=head",
            server.address
        ))
        .await;
        page.press("Plan upgrade of staging").await;
        page.until("/^\\/plans\\/\\d+$/.test(location.pathname)")
            .await;
        // A hazard is named above the statements, with the way to its own.
        page.press("renaming-enum-value").await;
        page.until("document.activeElement.matches('article.st') && document.activeElement.textContent.includes('RENAME VALUE')")
            .await;
        page.click(".ck-card > summary").await;
        page.until("document.querySelector('[data-item=backup].ck-open')")
            .await;
        page.click("[data-item=backup] button").await;
        page.until("document.querySelector('[data-item=backup].ck-done')")
            .await;
        page.read("confirmed by ana").await;
        page.picture("plan-checklist").await;
        page.click("[data-item=backup] button").await;
        page.until("document.querySelector('[data-item=backup].ck-open')")
            .await;
    });
}

#[test]
fn a_history_of_2500_revisions_is_read_while_the_page_lives_on() {
    let id = |at: usize| format!("{at:012x}");
    let mut files = vec![(
        "cofferdam.toml".to_owned(),
        "[project]\nname = \"long\"\n".to_owned(),
    )];
    files.extend((0..2500_usize).map(|at| {
        let revises = at.checked_sub(1).map(id).unwrap_or_default();
        let upgrade = match at {
            // A table that was made long before.
            2499 => "CREATE INDEX again ON t0 (name);".to_owned(),
            at => format!("CREATE TABLE t{at} (id bigint PRIMARY KEY, name text); CREATE INDEX t{at}_name ON t{at} (name);"),
        };
        let downgrade = match at {
            2499 => "DROP INDEX again;".to_owned(),
            at => format!("DROP TABLE t{at};"),
        };
        let text = format!("-- Table number {at}\n--\n-- Revision ID: {}\n-- Revises: {revises}\n-- Create Date: 2026-01-01\n\n-- +upgrade\n{upgrade}\n\n-- +downgrade\n{downgrade}\n", id(at));
        (format!("versions/{at:04}.sql"), text)
    }));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let server = Server::of(project::of(&files));
    browser::with(async |page| {
        sign_in(page, &server).await;
        page.open(&format!("{}/history", server.address)).await;
        page.read("Checklist").await;
        page.script(
            "window.steps = new Set(); new MutationObserver(() => { const bar = document.querySelector('[data-reading] progress'); if (bar) steps.add(bar.value) }).observe(document, { subtree: true, childList: true, characterData: true })",
        )
        .await;
        page.press("Checklist").await;
        page.until("window.steps.size > 3").await;
        page.read("2,500 revisions: base → heads.").await;
        page.until("document.querySelector('[data-item=hazards].ck-open')")
            .await;
        page.until("!document.querySelector('[data-reading]')")
            .await;
        page.read("versions/2499.sql:8 duplicate-index").await;
        let last = format!("{}/history/{}", server.address, id(2499));
        page.open(&last).await;
        page.read("duplicate-index").await;
    });
}
