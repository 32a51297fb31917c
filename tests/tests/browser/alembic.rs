//! An Alembic project in the browser, as it is: opened, read, proved, written, and run by the real Alembic.

use super::{prove, sign_in};
use cofferdam_tests::browser::{self, Browser};
use cofferdam_tests::cluster::{Database, cluster};
use cofferdam_tests::project;
use cofferdam_tests::server::Server;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// Chooses `folder` in the form that "Open a copy of a folder" opens.
async fn pick(page: &Browser, folder: &Path) {
    page.script(
        "HTMLInputElement.prototype.click = function () { this.id = 'picked'; document.body.append(this); };",
    )
    .await;
    page.click("button.proj").await;
    page.press("Open a copy of a folder").await;
    let input = page.see("#picked").await;
    let path = folder.to_str().expect("a path");
    input.send_keys(path).await.expect("a folder");
}

/// Gives both functions of the Python file on the desk a statement.
pub async fn write_bodies(page: &Browser, up: &str, down: &str) {
    page.until("document.querySelector('.cm-content')?.innerText.includes('def downgrade')")
        .await;
    page.client
        .execute(
            "const content = document.querySelector('.cm-content');
             const lines = [...content.querySelectorAll('.cm-line')].map((line) => line.innerText.replace('\\n', ''));
             const bodies = [...arguments];
             const text = lines.map((line) => (line === '    pass' ? `    op.execute(${JSON.stringify(bodies.shift())})` : line)).join('\\n');
             content.focus();
             document.execCommand('selectAll');
             const data = new DataTransfer();
             data.setData('text/plain', text);
             content.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));",
            vec![json!(up), json!(down)],
        )
        .await
        .expect("a script");
}

/// Saves what is on the desk into the browser's copy, and downloads it into `folder`.
async fn save_and_download(page: &Browser, folder: &Path) {
    page.until("document.querySelector('.wr-actions .btn.pri') && !document.querySelector('.wr-actions .btn.pri').disabled").await;
    page.click(".wr-actions .btn.pri").await;
    page.see(".wr-band.good").await;
    let before = std::fs::read_dir(folder).expect("a folder").count();
    page.press("Download file").await;
    for _ in 0..200 {
        let names = std::fs::read_dir(folder).expect("a folder").flatten();
        let names: Vec<_> = names.map(|entry| entry.path()).collect();
        let whole = names
            .iter()
            .all(|path| path.extension() != Some("crdownload".as_ref()));
        if names.len() > before && whole {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nothing was downloaded");
}

pub fn alembic(folder: &Path, database: &Database, arguments: &[&str]) -> String {
    let python = std::env::var("COFFERDAM_TEST_PYTHON").unwrap_or("python3".into());
    let output = Command::new(python)
        .args(["-m", "alembic"])
        .args(arguments)
        .current_dir(folder)
        .env("DATABASE_URL", &database.url)
        .output()
        .expect("alembic starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "alembic {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn an_alembic_folder_opens_as_it_is_and_what_is_written_in_it_runs_with_alembic() {
    let server = Server::start();
    let folder = project::example("alembic");
    let versions = folder.path().join("migrations/versions");
    browser::with(async |page| {
        let address = &server.address;
        page.devtools(
            "Browser.setDownloadBehavior",
            json!({ "behavior": "allow", "downloadPath": versions.to_str() }),
        )
        .await;
        page.open(address).await;
        page.read("Add subscription_history table").await;
        let asked = "return performance.getEntriesByType('resource').filter((it) => it.name.includes('python')).length";
        assert_eq!(page.script(asked).await, Value::from(0), "loaded too early");
        pick(page, folder.path()).await;
        page.until("document.querySelectorAll('a.row').length === 8")
            .await;

        page.press("Keep ISBNs without hyphens").await;
        page.read("one transaction, with its row in the version table")
            .await;
        page.until("document.querySelector('.st').innerText.includes('jsonb_set')")
            .await;
        page.press("line 23").await;
        page.until("document.querySelector('.cm-content')?.innerText.includes('def upgrade')")
            .await;
        page.picture("alembic").await;
        prove(page, address, "base").await;

        page.open(&format!("{address}/write/new?after=b3762ec8401f"))
            .await;
        page.fill("#wr-message", "Add shelves").await;
        page.until(
            "document.querySelector('.cm-content')?.innerText.startsWith('\"\"\"Add shelves')",
        )
        .await;
        let up = "CREATE TABLE shelves (id integer PRIMARY KEY)";
        write_bodies(page, up, "DROP TABLE shelves").await;
        page.read("CREATE TABLE shelves").await;
        save_and_download(page, &versions).await;
        page.open(&format!("{address}/write/merge")).await;
        page.until("document.querySelector('.cm-content')?.innerText.includes('down_revision')")
            .await;
        save_and_download(page, &versions).await;
        prove(page, address, "b3762ec8401f").await;
    });

    let database = cluster().database();
    alembic(folder.path(), &database, &["upgrade", "head"]);
    let heads = alembic(folder.path(), &database, &["heads"]);
    assert_eq!(heads.lines().count(), 1, "{heads}");
    let current = alembic(folder.path(), &database, &["current"]);
    assert!(current.contains("(head) (mergepoint)"), "{current}");
    let count =
        "SELECT count(*) FROM information_schema.tables WHERE table_name IN ('shelves', 'orders')";
    assert_eq!(cluster().psql(&database.name, count).trim(), "2");
    alembic(folder.path(), &database, &["downgrade", "base"]);
}

#[test]
fn a_served_alembic_project_is_written_as_python_into_its_folder() {
    let project = project::example("alembic");
    let config = "[environments.local]\nurl_env = \"LOCAL_DATABASE_URL\"\n";
    std::fs::write(project.path().join("cofferdam.toml"), config).expect("cofferdam.toml");
    let server = Server::of(project);
    browser::with(async |page| {
        let address = &server.address;
        sign_in(page, &server).await;
        page.open(&format!("{address}/history")).await;
        page.until("document.querySelectorAll('a.row').length === 8")
            .await;
        page.open(&format!("{address}/write/new")).await;
        page.fill("#wr-message", "Add shelves").await;
        let up = "CREATE TABLE shelves (id integer PRIMARY KEY)";
        write_bodies(page, up, "DROP TABLE shelves").await;
        page.read("CREATE TABLE shelves").await;
        page.until("document.querySelector('.wr-actions .btn.pri') && !document.querySelector('.wr-actions .btn.pri').disabled").await;
        page.click(".wr-actions .btn.pri").await;
        page.read("Saved in the project's folder on the server")
            .await;
    });
    let folder = server.project.path();
    let added = std::fs::read_dir(folder.join("migrations/versions"))
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.to_string_lossy().ends_with("_add_shelves.py"))
        .expect("a file named after the project's template");
    let text = std::fs::read_to_string(added).expect("a text");
    let template = folder.join("migrations/script.py.mako");
    let template = std::fs::read_to_string(template).expect("a template");
    let first_import = |text: &str| {
        text.lines()
            .find(|line| line.contains("import"))
            .map(str::to_owned)
    };
    assert_eq!(first_import(&text), first_import(&template), "{text}");
    alembic(folder, &cluster().database(), &["upgrade", "head"]);
}
