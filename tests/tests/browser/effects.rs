//! What statements do, measured in the page's own PGlite and compared with what the engine says.

use cofferdam_tests::browser::{self, Browser};
use cofferdam_tests::effects::{Case, LOOK, Measured, REMEMBER, ROLE, Report, base, cases};
use cofferdam_tests::server::Server;
use serde_json::{Value, json};

/// Starts PGlite as a dry run does: the vendored worker, with the parts that it is given.
const START: &str = "
  const part = async (name, as) => {
    const response = await fetch(`/vendor/pglite/${name}`);
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return response[as]();
  };
  const worker = new Worker('/vendor/dry-run.worker.js', { type: 'module' });
  const waiting = new Map();
  let count = 0;
  worker.onmessage = ({ data }) => { waiting.get(data.id)(JSON.parse(data.text)); waiting.delete(data.id); };
  const call = (message) => new Promise((answer) => {
    count += 1;
    waiting.set(count, answer);
    worker.postMessage({ id: count, ...message });
  });
  window.sql = (text) => call({ op: 'sql', text });
  return (async () => call({
    op: 'boot',
    module: await WebAssembly.compile(await part('pglite.wasm', 'arrayBuffer')),
    files: await part('pglite.data', 'blob'),
    dataDirectory: await part('database.tar', 'blob'),
    extensions: [],
  }))();";

/// Runs texts one after the other; an answer that is an error ends it.
const RUN: &str = "
  const [texts] = arguments;
  return (async () => {
    let last;
    for (const text of texts) {
      last = await window.sql(text);
      if (!last.answer) {
        await window.sql('ROLLBACK');
        return { failed: last.error?.message ?? last.lost ?? 'no answer' };
      }
    }
    return last.answer;
  })();";

async fn run(page: &Browser, texts: Vec<String>) -> Result<Value, String> {
    let answer = page.client.execute(RUN, vec![json!(texts)]).await;
    let answer = answer.map_err(|error| error.to_string())?;
    match answer["failed"].as_str() {
        Some(error) => Err(error.to_owned()),
        None => Ok(answer),
    }
}

async fn measure(page: &Browser, case: &Case, fresh: bool) -> Result<Measured, String> {
    let mut texts = Vec::new();
    if fresh {
        texts.extend(base());
    }
    texts.extend(case.before.clone());
    texts.extend(["BEGIN", REMEMBER, &case.statement, "RESET ROLE"].map(str::to_owned));
    texts.push(LOOK.to_owned());
    let answer = run(page, texts).await?;
    run(page, vec!["ROLLBACK".to_owned()]).await?;
    let text = answer["rows"][0][0].as_str().unwrap_or_default();
    serde_json::from_str(text).map_err(|error| format!("{error}: {answer}"))
}

#[test]
fn every_statement_does_in_pglite_what_the_engine_says() {
    let server = Server::start();
    browser::with(async |page| {
        page.open(&server.address).await;
        let booted = page.script(START).await;
        assert_eq!(booted, json!({ "ready": true }));
        run(page, vec![ROLE.to_owned()]).await.expect("a role");
        let number = run(page, vec!["SHOW server_version_num".to_owned()]).await;
        let number = number.expect("a version")["rows"][0][0]
            .as_str()
            .map(str::to_owned);
        let version = number
            .and_then(|number| number.parse::<u32>().ok())
            .expect("a number")
            / 10_000;
        let mut report = Report::default();
        let mut clean = false;
        for case in cases() {
            if !case.is_for(version) {
                report.skipped += 1;
                continue;
            }
            let alone = case.before.is_empty();
            let measured = measure(page, &case, !(clean && alone)).await;
            clean = alone && measured.is_ok();
            report.take(&case, measured);
        }
        report.end(&format!("PGlite {version}"));
    });
}
