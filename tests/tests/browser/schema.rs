//! Schemas as trees: of a revision, at the end of a dry run, of a database.

use super::sign_in;
use cofferdam_tests::browser;
use cofferdam_tests::server::Server;
use serde_json::Value;

/// "Add i18n columns to public_charts" of the built-in example.
const REVISION: &str = "cec026704f64";

/// The lines of the tree, as they are read.
const LINES: &str = "[...document.querySelectorAll('.ct-tree [role=treeitem]')].map((line) => line.innerText.replace(/\\s+/g, ' '))";

#[test]
fn a_revision_shows_what_it_changes_in_the_schema_and_the_schema_after_it_as_a_tree() {
    let server = Server::start();
    browser::with(async |page| {
        let address = &server.address;
        page.open(&format!("{address}/history/{REVISION}?tab=catalog"))
            .await;
        page.press("Compute the schema").await;
        page.read("column public_charts.title_i18n is new").await;
        let has = |words: &str| format!("{LINES}.some((line) => line.includes('{words}'))");
        // Only what differs, with the way to it open.
        page.until(&has("title_i18n jsonb NOT NULL")).await;
        page.until(&has("public_charts")).await;
        page.until(&format!("!{}", has("Schemas"))).await;
        page.until("document.querySelector('.ct-tree .dr-come')")
            .await;
        for (width, dark) in [(1280, false), (400, true)] {
            page.emulate(width, 900, dark).await;
            page.picture(&format!("schema-{width}")).await;
            let over = page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
            assert_eq!(over, Value::from(0));
        }
        page.emulate(1280, 900, false).await;

        page.press("Whole schema").await;
        page.until(&has("users")).await;
        page.fill("[aria-label='Find in the schema']", "ck_users_email")
            .await;
        page.until(&has("ck_users_email CHECK")).await;
        page.until(&format!("{LINES}.length === 4")).await;
        page.fill("[aria-label='Find in the schema']", "no such thing")
            .await;
        page.read("Nothing in it is called or contains “no such thing”.")
            .await;
        // An input that is emptied by WebDriver tells nobody: one key does.
        page.fill("[aria-label='Find in the schema']", "e").await;
        page.see("[aria-label='Find in the schema']")
            .await
            .send_keys("\u{e003}")
            .await
            .expect("keys");

        // By keyboard: to the tree, down, open, in, out, closed.
        page.until("document.querySelector('.ct-tree [tabindex=\"0\"]')")
            .await;
        page.script("document.querySelector('.ct-tree [tabindex=\"0\"]').focus()")
            .await;
        let focus = "document.activeElement.innerText";
        let keys = async |keys: &str| {
            let line = page.client.active_element().await.expect("a line");
            line.send_keys(keys).await.expect("keys");
        };
        page.until(&format!("{focus}.includes('Schemas')")).await;
        keys("\u{e015}").await;
        page.until(&format!("{focus}.includes('public')")).await;
        page.until("document.activeElement.getAttribute('aria-expanded') === 'false'")
            .await;
        keys("\u{e014}").await;
        page.until("document.activeElement.getAttribute('aria-expanded') === 'true'")
            .await;
        keys("\u{e014}").await;
        page.until("document.activeElement.getAttribute('aria-level') === '3'")
            .await;
        keys("\u{e012}").await;
        page.until("document.activeElement.getAttribute('aria-level') === '2'")
            .await;
        keys("\u{e012}").await;
        page.until("document.activeElement.getAttribute('aria-expanded') === 'false'")
            .await;

        // What was computed once is there again.
        page.press("Upgrade").await;
        page.see("article.st").await;
        page.press("Catalog").await;
        page.read("column public_charts.title_i18n is new").await;
    });
}

#[test]
fn the_end_of_a_dry_run_and_a_database_open_as_trees() {
    let server = Server::start();
    let upgraded = server.command(&["--env", "staging", "upgrade", "head"]);
    assert_eq!(upgraded.code, Some(0), "{}", upgraded.err);
    browser::with(async |page| {
        let address = &server.address;
        page.open(&format!(
            "{address}/dry-run?from=328917e74f78&to={REVISION}"
        ))
        .await;
        page.press("Upgrade").await;
        page.read("The schema at the end, as a tree").await;
        page.click(".dr-tree summary").await;
        page.until(&format!(
            "{LINES}.some((line) => line.includes('title_i18n jsonb'))"
        ))
        .await;

        page.open(&format!("{address}/databases/staging")).await;
        page.read("need an account").await;
        sign_in(page, &server).await;
        page.open(&format!("{address}/databases")).await;
        page.see("a[href='/databases/staging']").await;
        page.click("a[href='/databases/staging']").await;
        page.read("Schema of").await;
        page.until(&format!(
            "{LINES}.some((line) => line.includes('subscription_history'))"
        ))
        .await;
        page.emulate(400, 900, false).await;
        page.picture("database-schema").await;
        let over = page.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        assert_eq!(over, Value::from(0));
    });
}
