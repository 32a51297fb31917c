//! What a dry run says of a downgrade that is wrong, and of heads that are merged.

use super::{put, sign_in, write_revision};
use cofferdam_tests::browser::{self, Browser};
use cofferdam_tests::server::Server;

/// The example's head.
const HEAD: &str = "a1b2c3d4e5f6";

#[test]
fn a_downgrade_that_fails_and_one_that_is_no_inverse_are_named() {
    let server = Server::start();
    write_revision(
        &server,
        "0ddba11f00d1",
        HEAD,
        "CREATE TABLE comets (id int);",
        "DROP TABLE commets;",
    );
    write_revision(
        &server,
        "0ddba11f00d2",
        HEAD,
        "CREATE TABLE moons (id int);\nCREATE INDEX moons_id ON users (id);",
        "DROP TABLE moons;",
    );
    browser::with(async |page| {
        let address = &server.address;
        sign_in(page, &server).await;
        page.open(&format!("{address}/dry-run?from={HEAD}&to=0ddba11f00d1"))
            .await;
        page.press("Prove up, down, up").await;
        page.read("The downgrade of “Revision 0ddba11f00d1” failed")
            .await;
        page.read("table \"commets\" does not exist").await;
        page.until("document.querySelector('.dr-failure .badge').innerText === '42P01'")
            .await;
        let failure = page
            .script("return document.querySelector('.dr-failure').innerText")
            .await;
        let failure = failure.as_str().expect("words");
        assert!(failure.contains("DROP TABLE commets;"), "{failure}");
        page.picture("downgrade-failed").await;

        page.open(&format!("{address}/dry-run?from={HEAD}&to=0ddba11f00d2"))
            .await;
        page.press("Prove up, down, up").await;
        page.read("Not the inverse").await;
        page.read("index moons_id on users is new").await;
        page.picture("downgrade-not-inverse").await;
    });
}

/// Opens the merge of two heads, has both orders checked, and gives what is said of them.
async fn checked(page: &Browser, server: &Server, heads: [&str; 2]) -> String {
    let [one, other] = heads;
    page.open(&format!(
        "{}/write/merge?heads={one},{other}",
        server.address
    ))
    .await;
    page.press("Check both orders").await;
    page.see(".wr-pair .badge").await;
    let said = page
        .script("return document.querySelector('.wr-pair').innerText")
        .await;
    said.as_str().unwrap_or_default().to_owned()
}

#[test]
fn heads_that_commute_and_heads_that_do_not_are_told_before_they_are_merged() {
    let server = Server::start();
    put(&server, "c0111111111a", "CREATE TABLE comets (id int);");
    put(&server, "c0222222222b", "CREATE TABLE moons (id int);");
    put(
        &server,
        "c0333333333c",
        "ALTER TABLE users ALTER COLUMN created_at SET DEFAULT '2000-01-01';",
    );
    put(
        &server,
        "c0444444444d",
        "ALTER TABLE users ALTER COLUMN created_at SET DEFAULT '3000-01-01';",
    );
    put(&server, "c0555555555e", "CREATE TABLE comets (tail text);");
    browser::with(async |page| {
        sign_in(page, &server).await;
        let said = checked(page, &server, ["c0111111111a", "c0222222222b"]).await;
        assert!(said.contains("commutes"), "{said}");
        assert!(said.contains("Both orders give the same schema."), "{said}");
        page.picture("merge-commutes").await;

        let said = checked(page, &server, ["c0333333333c", "c0444444444d"]).await;
        assert!(said.contains("order matters"), "{said}");
        assert!(said.contains("column users.created_at: default"), "{said}");

        let said = checked(page, &server, ["c0111111111a", "c0555555555e"]).await;
        assert!(said.contains("conflicts"), "{said}");
        assert!(
            said.contains("relation \"comets\" already exists"),
            "{said}"
        );
        assert!(said.contains("CREATE TABLE comets (tail text)"), "{said}");
        page.picture("merge-conflicts").await;
        page.emulate(400, 900, true).await;
        page.picture("merge-conflicts-narrow").await;

        // It can be written all the same.
        page.emulate(1280, 900, false).await;
        page.until("!document.querySelector('.wr-actions .btn.pri').disabled")
            .await;
        page.click(".wr-actions .btn.pri").await;
        page.see(".wr-band.good").await;
    });
}
