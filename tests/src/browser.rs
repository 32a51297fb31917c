//! A real Chromium, driven by WebDriver.

use crate::cluster::free_port;
use crate::project;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A window of a browser with a profile of its own.
pub struct Browser {
    pub client: Client,
    driver: Child,
    _profile: tempfile::TempDir,
}

/// How long an element may take to appear.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs `test` with a browser, and closes it whatever happens. The page is 1280 × 900.
pub fn with(test: impl AsyncFnOnce(&Browser)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let browser = runtime.block_on(Browser::start());
    let tested = catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(&browser))));
    let _ = runtime.block_on(browser.client.clone().close());
    if let Err(panic) = tested {
        resume_unwind(panic);
    }
}

impl Browser {
    async fn start() -> Self {
        let port = free_port();
        let program = std::env::var("COFFERDAM_TEST_CHROMEDRIVER").unwrap_or("chromedriver".into());
        let driver = Command::new(&program)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}; run `cargo xtask test`"));
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut options = json!({
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--window-size=1280,900", "--force-color-profile=srgb",
                format!("--user-data-dir={}", profile.path().display()),
            ],
        });
        if let Ok(chromium) = std::env::var("COFFERDAM_TEST_CHROMIUM") {
            options["binary"] = json!(chromium);
        }
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        let deadline = Instant::now() + PATIENCE;
        let client = loop {
            let mut builder = ClientBuilder::new(fantoccini_connector());
            builder.capabilities(capabilities.clone());
            match builder.connect(&format!("http://127.0.0.1:{port}")).await {
                Ok(client) => break client,
                Err(error) => assert!(Instant::now() < deadline, "chromedriver: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        Browser {
            client,
            driver,
            _profile: profile,
        }
    }

    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.expect("the page opens");
    }

    /// Waits for `css` to be there.
    pub async fn see(&self, css: &str) -> fantoccini::elements::Element {
        self.locate(Locator::Css(css), css).await
    }

    /// Waits for an element whose own text contains `words`.
    pub async fn read(&self, words: &str) -> fantoccini::elements::Element {
        let path = format!(
            "//*[not(self::script) and not(self::style)][text()[contains(normalize-space(.), {})]]",
            xpath(words)
        );
        self.locate(Locator::XPath(&path), words).await
    }

    async fn locate(&self, locator: Locator<'_>, what: &str) -> fantoccini::elements::Element {
        match self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(locator)
            .await
        {
            Ok(element) => element,
            Err(error) => {
                let shot = self.picture("failure").await;
                let text = self.script("return document.body.innerText").await;
                let log = self.console().await;
                panic!(
                    "{what:?} did not appear ({error}); see {}\n{}\nconsole: {log}",
                    shot.display(),
                    text.as_str().unwrap_or_default()
                )
            }
        }
    }

    /// Clicks the button or link whose accessible words contain `words`.
    pub async fn press(&self, words: &str) {
        let words = xpath(words);
        let path = format!(
            "(//button[not(@disabled)] | //a[@href] | //*[@role='tab' or @role='option' or @role='menuitem'])[contains(normalize-space(.), {words}) or contains(@aria-label, {words}) or contains(@title, {words})]"
        );
        let deadline = Instant::now() + PATIENCE;
        loop {
            let element = self.locate(Locator::XPath(&path), &words).await;
            match element.click().await {
                Ok(()) => return,
                // It moved, was replaced, or something covers it for the moment.
                Err(error) => assert!(
                    Instant::now() < deadline,
                    "{words} cannot be clicked: {error}"
                ),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks what `css` finds.
    pub async fn click(&self, css: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.see(css).await.click().await {
                Ok(()) => return,
                Err(error) => assert!(
                    Instant::now() < deadline,
                    "{css} cannot be clicked: {error}"
                ),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Types into what `css` finds, after emptying it.
    pub async fn fill(&self, css: &str, text: &str) {
        let element = self.see(css).await;
        element.clear().await.expect("an input");
        element.send_keys(text).await.expect("an input");
    }

    /// Presses keys on the page.
    pub async fn keys(&self, keys: &str) {
        let body = self.see("body").await;
        body.send_keys(keys).await.expect("keys");
    }

    /// Runs JavaScript and gives what it returns.
    pub async fn script(&self, code: &str) -> Value {
        self.client
            .execute(code, Vec::new())
            .await
            .expect("a script")
    }

    /// Waits until `condition` (JavaScript) holds.
    pub async fn until(&self, condition: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.script(&format!("return Boolean({condition})")).await != Value::Bool(true) {
            if Instant::now() > deadline {
                let shot = self.picture("failure").await;
                let text = self.script("return document.body.innerText").await;
                panic!(
                    "{condition} never held; see {}\n{}",
                    shot.display(),
                    text.as_str().unwrap_or_default()
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn address(&self) -> String {
        self.client
            .current_url()
            .await
            .map(String::from)
            .unwrap_or_default()
    }

    /// Sets the window's inner size in CSS pixels, and the colour scheme.
    pub async fn emulate(&self, width: u32, height: u32, dark: bool) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        )
        .await;
        let scheme = if dark { "dark" } else { "light" };
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
        )
        .await;
    }

    /// Takes a picture of the window into `target/screenshots/<name>.png`.
    pub async fn picture(&self, name: &str) -> PathBuf {
        let folder = project::root().join("target/screenshots");
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(format!("{name}.png"));
        let png = self.client.screenshot().await.expect("a screenshot");
        std::fs::write(&path, png).expect("a file");
        path
    }

    /// What the page wrote to its console.
    pub async fn console(&self) -> String {
        match self
            .client
            .issue_cmd(Vendor {
                path: "se/log",
                body: json!({ "type": "browser" }),
            })
            .await
        {
            Ok(log) => log.to_string(),
            Err(error) => error.to_string(),
        }
    }

    /// Sends a command of the Chrome DevTools protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        let answer: Result<Value, CmdError> = self
            .client
            .issue_cmd(Vendor {
                path: "goog/cdp/execute",
                body,
            })
            .await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn fantoccini_connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}

/// A text as an XPath literal.
fn xpath(text: &str) -> String {
    if text.contains('"') {
        format!("'{text}'")
    } else {
        format!("\"{text}\"")
    }
}

#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for Vendor {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
