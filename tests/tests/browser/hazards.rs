//! Hazards beside the statements, in the editor's margin, and their quick fixes.

use cofferdam_tests::browser;
use cofferdam_tests::server::Server;

/// "Add i18n columns to public_charts" of the built-in example: a schema change, a backfill and an index in one transaction.
const REVISION: &str = "cec026704f64";

#[test]
fn a_hazard_stands_beside_its_statement_and_its_fix_takes_it_away() {
    let server = Server::start();
    browser::with(async |page| {
        let address = &server.address;
        page.open(&format!("{address}/history/{REVISION}")).await;
        page.read("on public_charts: SELECT, INSERT, UPDATE and DELETE wait")
            .await;
        let codes =
            "[...document.querySelectorAll('.st .hz .code')].map((code) => code.textContent)";
        for code in [
            "adding-column-with-check",
            "schema-change-with-backfill",
            "require-concurrent-index-creation",
        ] {
            page.until(&format!("{codes}.includes('{code}')")).await;
        }
        // A comment changes the catalog only, and nobody waits for it.
        page.read("COMMENT ON: changes the catalog only.").await;
        page.emulate(1280, 800, false).await;
        page.picture("hazards-history").await;
        page.emulate(400, 800, true).await;
        page.picture("hazards-history-narrow").await;
        page.emulate(1280, 800, false).await;

        page.open(&format!("{address}/write/{REVISION}")).await;
        page.see(".cm-lint-marker-error").await;
        let problems = "document.querySelector('.wr-problems').textContent";
        page.until(&format!(
            "{problems}.includes('schema-change-with-backfill')"
        ))
        .await;
        page.picture("hazards-write").await;
        let upgrade = format!("{problems}.split('schema-change-with-backfill').length");
        let before = page.script(&format!("return {upgrade}")).await;
        page.press("End the transaction before it").await;
        page.until(&format!("{upgrade} < {before}")).await;
        page.until("document.querySelector('.cm-content').textContent.includes('-- +commit')")
            .await;
        // One step back brings it again.
        let editor = page.see(".cm-content").await;
        editor.send_keys("\u{e009}z\u{e000}").await.expect("keys");
        page.until(&format!("{upgrade} == {before}")).await;
    });
}

#[test]
fn a_dry_run_measures_what_each_statement_locks() {
    let server = Server::start();
    browser::with(async |page| {
        let address = &server.address;
        page.open(&format!(
            "{address}/dry-run?from=328917e74f78&to={REVISION}"
        ))
        .await;
        page.press("Prove up, down, up").await;
        page.read("The schema came back the same").await;
        page.press("Add i18n columns to public_charts").await;
        page.until("document.querySelector('#dr-entry .dr-measured')")
            .await;
        let measured = "document.querySelector('#dr-entry').innerText";
        page.until(&format!(
            "{measured}.includes('ACCESS EXCLUSIVE on public_charts')"
        ))
        .await;
        page.until(&format!("{measured}.includes('of WAL')")).await;
        // What was predicted is what was measured.
        page.until("!document.querySelector('#dr-entry .dr-differs')")
            .await;
        page.emulate(1280, 900, false).await;
        page.picture("measured").await;
        page.emulate(400, 900, true).await;
        page.picture("measured-narrow").await;
    });
}

#[test]
fn a_downgrade_is_drafted_from_what_the_upgrade_does_and_taken_back_in_one_step() {
    let server = Server::start();
    browser::with(async |page| {
        let address = &server.address;
        // Tall enough for the editor to show the whole file.
        page.emulate(1280, 3000, false).await;
        page.open(&format!("{address}/write/{REVISION}")).await;
        let editor = page.see(".cm-content").await;
        let content = "return document.querySelector('.cm-content').innerText";
        let before = page.script(content).await;
        page.press("Draft the downgrade again").await;
        page.until("document.querySelector('#wr-drafting').innerText.includes('The draft stands in the downgrade section')")
            .await;
        let drafted = page.script(content).await;
        assert_ne!(drafted, before);
        let drafted = drafted.as_str().expect("text");
        let (_, downgrade) = drafted.split_once("-- +downgrade").expect("a downgrade");
        assert!(downgrade.contains("DROP COLUMN"), "{downgrade}");
        page.picture("draft-downgrade").await;
        editor.send_keys("\u{e009}z\u{e000}").await.expect("keys");
        let before = before.as_str().expect("text").to_owned();
        page.until(&format!(
            "document.querySelector('.cm-content').innerText === {}",
            serde_json::to_string(&before).expect("JSON")
        ))
        .await;
    });
}
