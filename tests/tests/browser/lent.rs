//! A folder that the browser lends: read, written, and looked at again.
//!
//! No test can answer the window in which a person picks a folder. So the picker hands out a folder of the browser's own
//! file system, which has the very same handles, and is never asked for permission.

use super::alembic::{alembic, write_bodies};
use super::prove;
use cofferdam_tests::browser::{self, Browser};
use cofferdam_tests::cluster::cluster;
use cofferdam_tests::project;
use cofferdam_tests::server::Server;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The texts of the files below `folder`, by path.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let below = path.strip_prefix(folder).expect("a path in the folder");
                texts.insert(below.to_string_lossy().replace('\\', "/"), text);
            }
        }
    }
    texts
}

/// Runs JavaScript in which `folder` is the lent folder, and gives what it returns.
async fn in_folder(page: &Browser, name: &str, code: &str, argument: Value) -> Value {
    let code = format!(
        "const [name, given] = arguments;
         return (async () => {{
           const root = await navigator.storage.getDirectory();
           const folder = await root.getDirectoryHandle(name, {{ create: true }});
           {code}
         }})();"
    );
    let given = vec![json!(name), argument];
    page.client.execute(&code, given).await.expect("a script")
}

/// Puts files into the lent folder, as another program would.
async fn put(page: &Browser, name: &str, files: &BTreeMap<String, String>) {
    let code = "for (const [path, text] of Object.entries(given)) {
                  const names = path.split('/');
                  const last = names.pop();
                  let at = folder;
                  for (const part of names) at = await at.getDirectoryHandle(part, { create: true });
                  const stream = await (await at.getFileHandle(last, { create: true })).createWritable();
                  await stream.write(text);
                  await stream.close();
                }";
    in_folder(page, name, code, json!(files)).await;
}

/// What is in the lent folder.
async fn taken(page: &Browser, name: &str) -> BTreeMap<String, String> {
    let code = "const files = {};
                const walk = async (at, prefix) => {
                  for await (const [name, handle] of at.entries())
                    if (handle.kind === 'directory') await walk(handle, `${prefix}${name}/`);
                    else files[prefix + name] = await (await handle.getFile()).text();
                };
                await walk(folder, '');
                return files;";
    let files = in_folder(page, name, code, Value::Null).await;
    serde_json::from_value(files).expect("texts")
}

/// Picks the lent folder `name`, with `files` in it.
async fn lend(page: &Browser, name: &str, files: &BTreeMap<String, String>) {
    put(page, name, files).await;
    let code = "window.showDirectoryPicker = async () => folder;";
    in_folder(page, name, code, Value::Null).await;
    page.click("button.proj").await;
    page.press("Open a folder, and save into it").await;
}

async fn rows(page: &Browser, count: usize) {
    page.until(&format!(
        "document.querySelectorAll('a.row').length === {count}"
    ))
    .await;
}

async fn save(page: &Browser, folder: &str) {
    page.until("document.querySelector('.wr-actions .btn.pri') && !document.querySelector('.wr-actions .btn.pri').disabled").await;
    page.click(".wr-actions .btn.pri").await;
    page.read(&format!("Saved in the folder {folder}")).await;
}

/// Replaces words in the text on the desk.
async fn replace(page: &Browser, old: &str, new: &str) {
    let has = serde_json::to_string(old).expect("JSON");
    page.until(&format!(
        "document.querySelector('.cm-content')?.innerText.includes({has})"
    ))
    .await;
    page.client
        .execute(
            "const content = document.querySelector('.cm-content');
             const [old, text] = arguments;
             const lines = [...content.querySelectorAll('.cm-line')].map((line) => line.innerText.replace('\\n', ''));
             content.focus();
             document.execCommand('selectAll');
             const data = new DataTransfer();
             data.setData('text/plain', lines.join('\\n').replaceAll(old, text));
             content.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));",
            vec![json!(old), json!(new)],
        )
        .await
        .expect("a script");
}

#[test]
fn a_lent_alembic_folder_is_written_with_python_that_alembic_runs() {
    let server = Server::start();
    let folder = project::example("alembic");
    let files = texts(folder.path());
    browser::with(async |page| {
        let address = &server.address;
        page.open(address).await;
        page.read("Add subscription_history table").await;
        lend(page, "bookshop", &files).await;
        rows(page, 8).await;
        page.read("folder on this machine").await;
        page.press("Keep ISBNs without hyphens").await;
        page.until("document.querySelector('.st').innerText.includes('jsonb_set')")
            .await;
        prove(page, address, "base").await;

        page.open(&format!("{address}/write/new?after=b3762ec8401f"))
            .await;
        page.fill("#wr-message", "Add shelves").await;
        let up = "CREATE TABLE shelves (id integer PRIMARY KEY)";
        write_bodies(page, up, "DROP TABLE shelves").await;
        page.read("CREATE TABLE shelves").await;
        save(page, "bookshop").await;
        page.open(&format!("{address}/write/merge")).await;
        page.until("document.querySelector('.cm-content')?.innerText.includes('down_revision')")
            .await;
        save(page, "bookshop").await;
        page.open(&format!("{address}/history")).await;
        rows(page, 10).await;
        page.until("document.querySelectorAll('a.row .badge.hd').length === 1")
            .await;
        let words = page.script("return document.body.innerText").await;
        let is_only_here = words
            .as_str()
            .is_some_and(|words| words.contains("only in this browser"));
        assert!(!is_only_here, "{words}");

        // Another program changes the folder; the page looks again when somebody comes back to it.
        let path = "migrations/versions/later.py".to_owned();
        let later = "revision = 'aaaa00001111'\ndown_revision = 'c8150a6e7bd9'\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n";
        put(
            page,
            "bookshop",
            &BTreeMap::from([(path.clone(), later.into())]),
        )
        .await;
        page.script("window.dispatchEvent(new Event('focus'))")
            .await;
        rows(page, 11).await;

        for (path, text) in taken(page, "bookshop").await {
            let path = folder.path().join(path);
            std::fs::write(&path, text).expect("a file");
        }
        std::fs::remove_file(folder.path().join(path)).expect("a file");
    });
    let now = texts(folder.path());
    for (path, text) in &files {
        assert_eq!(now.get(path), Some(text), "{path} has changed");
    }
    assert_eq!(now.len(), files.len() + 2);
    let database = cluster().database();
    alembic(folder.path(), &database, &["upgrade", "head"]);
    let current = alembic(folder.path(), &database, &["current"]);
    assert!(current.contains("(head) (mergepoint)"), "{current}");
    let table = "SELECT to_regclass('shelves') IS NOT NULL";
    assert_eq!(cluster().psql(&database.name, table).trim(), "t");
    alembic(folder.path(), &database, &["downgrade", "base"]);
}

/// A revision that adds a column to the books unless they have it.
const ASKS: &str = r#""""Be sure of the stock

Revision ID: a5c0ffee0001
Revises: b3762ec8401f

"""
import sqlalchemy as sa
from alembic import op

revision = "a5c0ffee0001"
down_revision = "b3762ec8401f"


def upgrade():
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("books")}
    if "stock" not in columns:
        op.add_column("books", sa.Column("stock", sa.Integer()))


def downgrade():
    pass
"#;

#[test]
fn what_a_revision_asks_the_database_is_answered_again_when_another_file_changes() {
    let server = Server::start();
    let folder = project::example("alembic");
    let mut files = texts(folder.path());
    files.insert("migrations/versions/asks.py".into(), ASKS.into());
    browser::with(async |page| {
        let address = &server.address;
        let upgrade = async |page: &Browser| {
            page.open(&format!("{address}/history/a5c0ffee0001")).await;
            page.read("Be sure of the stock").await;
        };
        let adds = "ADD COLUMN stock INTEGER";
        page.open(address).await;
        page.read("Add subscription_history table").await;
        lend(page, "bookshop", &files).await;
        rows(page, 9).await;
        upgrade(page).await;
        page.read("Nothing runs in this direction").await;

        // A draft counts at once.
        page.open(&format!("{address}/write/b3762ec8401f")).await;
        replace(page, "\"stock\"", "\"copies\"").await;
        page.until("document.body.innerText.includes('kept in this browser')")
            .await;
        page.press("History").await;
        page.press("Be sure of the stock").await;
        page.until(&format!(
            "document.querySelector('.st')?.innerText.includes('{adds}')"
        ))
        .await;
        page.open(&format!("{address}/write/b3762ec8401f")).await;
        page.press("Discard changes").await;
        upgrade(page).await;
        page.read("Nothing runs in this direction").await;

        // So does what is saved, now and at the next visit.
        page.open(&format!("{address}/write/b3762ec8401f")).await;
        replace(page, "\"stock\"", "\"copies\"").await;
        save(page, "bookshop").await;
        for _ in 0..2 {
            page.open(&format!("{address}/history/a5c0ffee0001")).await;
            page.until(&format!(
                "document.querySelector('.st')?.innerText.includes('{adds}')"
            ))
            .await;
        }
    });
}

#[test]
fn a_folder_with_several_alembic_projects_asks_which_one_is_meant() {
    let server = Server::start();
    let example = texts(project::example("alembic").path());
    let named = |folder: &str| {
        let folder = folder.to_owned();
        let path =
            move |(path, text): (&String, &String)| (format!("{folder}/{path}"), text.clone());
        example.iter().map(path).collect::<BTreeMap<_, _>>()
    };
    let mut files = named("backend");
    files.extend(named("services/mail"));
    files.retain(|path, _| !path.starts_with("services/mail/") || !path.contains("c8150a6e7bd9"));
    let ini = "[core]\nscript_location = backend/migrations\n[mail]\nscript_location = services/mail/migrations\n";
    files.insert("alembic.ini".into(), ini.into());
    browser::with(async |page| {
        page.open(&server.address).await;
        page.read("Add subscription_history table").await;
        lend(page, "mono", &files).await;
        page.read("Which Alembic project?").await;
        page.until("document.querySelectorAll('.which li').length === 4")
            .await;
        page.picture("which").await;
        // The keyboard alone: the third, which is backend/alembic.ini.
        page.until("document.activeElement.closest('.which li')")
            .await;
        page.script("window.step = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })); step('ArrowDown'); step('ArrowDown');").await;
        page.until("document.activeElement.innerText.includes('backend')")
            .await;
        page.script("document.activeElement.click()").await;
        rows(page, 8).await;
        page.until("document.querySelector('.proj').innerText.includes('mono/backend')")
            .await;

        // What is written goes to the chosen one.
        page.open(&format!("{}/write/new", server.address)).await;
        page.fill("#wr-message", "Add shelves").await;
        write_bodies(page, "SELECT 1", "SELECT 2").await;
        save(page, "mono").await;
        let now = taken(page, "mono").await;
        let new: Vec<&String> = now
            .keys()
            .filter(|path| !files.contains_key(*path))
            .collect();
        assert_eq!(new.len(), 1);
        assert!(
            new[0].starts_with("backend/migrations/versions/"),
            "{new:?}"
        );

        page.click("button.proj").await;
        page.press("Another Alembic project of this folder").await;
        page.press("[mail]").await;
        // What was on the desk belongs to the other one.
        page.until("location.pathname === '/history'").await;
        rows(page, 7).await;
        page.until("document.querySelector('.proj').innerText.includes('mono [mail]')")
            .await;
        // After a new start it is the same one.
        page.open(&format!("{}/history", server.address)).await;
        rows(page, 7).await;

        lend(
            page,
            "photos",
            &BTreeMap::from([("a.txt".into(), String::new())]),
        )
        .await;
        page.read("neither it nor a folder in it has an alembic.ini")
            .await;
        rows(page, 7).await;

        // Where the scripts are not found nothing is shown, and nothing is written; after a new start too.
        let ini = "[alembic]\nscript_location = nowhere\n".to_owned();
        lend(
            page,
            "wrong",
            &BTreeMap::from([("alembic.ini".into(), ini)]),
        )
        .await;
        let why = "there is no folder nowhere in the project";
        page.read(why).await;
        rows(page, 0).await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        page.open(&format!("{}/history", server.address)).await;
        page.read(why).await;
        page.open(&format!("{}/write/new", server.address)).await;
        page.read("The revision cannot be written").await;
    });
}

/// A revision of which one part needs the application.
const NEEDS_PYTHON: &str = r#""""Price the orders again

Revision ID: a5c0ffee0002
Revises: c8150a6e7bd9

"""
from alembic import op

from shop.prices import current

revision = "a5c0ffee0002"
down_revision = "c8150a6e7bd9"


def upgrade():
    op.execute("ALTER TABLE books ADD COLUMN priced integer")
    op.execute(current("books"))


def downgrade():
    op.execute("ALTER TABLE books DROP COLUMN priced")
"#;

#[test]
fn a_dry_run_stops_below_what_needs_python_or_leaves_it_out() {
    let server = Server::start();
    let mut files = texts(project::example("alembic").path());
    files.insert("migrations/versions/prices.py".into(), NEEDS_PYTHON.into());
    browser::with(async |page| {
        let address = &server.address;
        page.open(address).await;
        page.read("Add subscription_history table").await;
        lend(page, "bookshop", &files).await;
        rows(page, 9).await;
        page.press("Needs Python").await;
        rows(page, 1).await;
        page.until("location.search === '?filter=needs-python'")
            .await;

        page.open(&format!("{address}/dry-run?from=base&to=heads"))
            .await;
        page.read("a5c0ffee “Price the orders again” needs Python: 1 part of its way up")
            .await;
        page.picture("dry-run-needs-python").await;
        page.press("Stop below it, at c8150a6e").await;
        page.press("Prove up, down, up").await;
        page.read("The schema came back the same").await;

        page.open(&format!("{address}/dry-run?from=base&to=heads"))
            .await;
        page.press("Leave out what needs Python").await;
        page.read("1 revision runs without the parts that need Python")
            .await;
        page.press("Prove up, down, up").await;
        page.read("The schema came back the same, in part").await;
        // The address says it, so that it can be shared.
        let link = page.address().await;
        assert!(link.contains("python=left-out"), "{link}");
        page.press("Take them in again").await;
        page.read("needs Python: 1 part of its way up").await;
    });
}

/// Fields of a form, and what is typed into them.
type Fields = &'static [(&'static str, &'static str)];

#[test]
fn patterns_write_python_that_alembic_runs() {
    let server = Server::start();
    let folder = project::example("alembic");
    let files = texts(folder.path());
    browser::with(async |page| {
        let address = &server.address;
        page.open(address).await;
        page.read("Add subscription_history table").await;
        lend(page, "bookshop", &files).await;
        rows(page, 8).await;
        let patterns: [(&str, Fields, &str); 4] = [
            (
                "Create a table",
                &[("table", "shelves"), ("columns", "name text not null")],
                "CREATE TABLE shelves",
            ),
            (
                "Add a column",
                &[
                    ("table", "shelves"),
                    ("column", "floor"),
                    ("type", "integer"),
                ],
                "op.add_column(",
            ),
            (
                "Add an index",
                &[("table", "shelves"), ("columns", "name")],
                "autocommit_block():",
            ),
            (
                "Create an enum",
                &[("name", "binding"), ("values", "hard\nsoft")],
                "CREATE TYPE binding",
            ),
        ];
        // Who only looks leaves no draft.
        page.open(&format!("{address}/write/new")).await;
        page.until("document.querySelector('.cm-content')?.innerText.includes('def downgrade')")
            .await;
        tokio::time::sleep(std::time::Duration::from_millis(1000)).await;
        page.read("Nothing written yet").await;
        for (pattern, fields, written) in patterns {
            page.open(&format!("{address}/write/new")).await;
            page.press(pattern).await;
            for (field, text) in fields {
                page.fill(&format!("#wr-field-{field}"), text).await;
            }
            let written = serde_json::to_string(written).expect("JSON");
            page.until(&format!(
                "document.querySelector('.cm-content')?.innerText.includes({written})"
            ))
            .await;
            let held = page.script("return document.body.innerText.includes('You have written in the sections yourself')").await;
            assert_eq!(held, Value::Bool(false), "{pattern}");
            save(page, "bookshop").await;
        }
        // A file with no way back is marked in Python too.
        page.open(&format!("{address}/write/new")).await;
        page.fill("#wr-message", "Forget the old names").await;
        write_bodies(page, "UPDATE books SET title = lower(title)", "").await;
        replace(page, "op.execute(\"\")", "pass").await;
        page.fill("#wr-reason", "the old names are gone").await;
        page.press("Mark as not undoable").await;
        page.until("document.querySelector('.cm-content').innerText.includes('raise NotImplementedError(')")
            .await;
        save(page, "bookshop").await;
        for (path, text) in taken(page, "bookshop").await {
            std::fs::write(folder.path().join(path), text).expect("a file");
        }
    });
    let database = cluster().database();
    alembic(folder.path(), &database, &["upgrade", "head"]);
    let made = "SELECT EXISTS (SELECT floor FROM shelves) IS NOT NULL AND to_regtype('binding') IS NOT NULL";
    assert_eq!(cluster().psql(&database.name, made).trim(), "t");
}
