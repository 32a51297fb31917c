//! A running `cofferdam serve`, and people who talk to it.

use crate::cluster::{Database, cluster, free_port};
use crate::{binary, project};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server of a project, stopped when dropped.
pub struct Server {
    pub address: String,
    /// The one-time sign-in link's token.
    pub token: String,
    pub project: tempfile::TempDir,
    /// Where its state lives.
    pub state: Database,
    /// The databases of the environments `staging` and `production`.
    pub staging: Database,
    pub production: Database,
    port: u16,
    child: Child,
}

impl Server {
    /// Starts the server on a copy of the example, with its state and environments in the test
    /// program's cluster.
    pub fn start() -> Self {
        let project = project::example("observatory");
        // `local` would need the embedded PostgreSQL, which has a test of its own.
        let config = project.path().join("cofferdam.toml");
        let text = std::fs::read_to_string(&config).expect("cofferdam.toml");
        let text = text.replace(
            "[environments.local]",
            "[environments.local]\nurl_env = \"LOCAL_DATABASE_URL\"",
        );
        std::fs::write(&config, text).expect("cofferdam.toml");
        Server::of(project)
    }

    /// Starts the server on `project`, whose environments have databases in the test program's cluster.
    pub fn of(project: tempfile::TempDir) -> Self {
        let (state, staging, production) = (
            cluster().database(),
            cluster().database(),
            cluster().database(),
        );
        let port = free_port();
        let (child, token) = spawn(project.path(), port, &state, &staging, &production);
        Server {
            address: format!("http://127.0.0.1:{port}"),
            token,
            project,
            state,
            staging,
            production,
            port,
            child,
        }
    }

    /// Stops the server (SIGKILL): from here on the network is cut.
    pub fn cut(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again on the same port after [`Server::cut`].
    pub fn restore(&mut self) {
        let (child, token) = spawn(
            self.project.path(),
            self.port,
            &self.state,
            &self.staging,
            &self.production,
        );
        self.child = child;
        self.token = token;
    }

    /// A command of the binary with this server's state, such as `user add`.
    pub fn command(&self, arguments: &[&str]) -> binary::Printed {
        let mut command = binary::command();
        environment(&mut command, &self.staging, &self.production);
        command
            .arg("--project")
            .arg(self.project.path())
            .args(arguments)
            .env("COFFERDAM_STATE_URL", &self.state.url)
            .output()
            .expect("the binary starts")
            .into()
    }

    /// Signs the first admin in by the one-time link.
    pub fn admin(&self) -> Person {
        let mut person = self.stranger();
        let (status, _) = person.post("/session/link", &serde_json::json!({ "token": self.token }));
        assert_eq!(status, 200, "the one-time link signs in");
        person
    }

    /// Adds a user by the command line and signs them in by their invitation.
    pub fn person(&self, name: &str, role: &str) -> Person {
        let printed = self.command(&["user", "add", name, "--role", role]);
        assert_eq!(printed.code, Some(0), "{}", printed.err);
        let token = link_token(&printed.out, "invite").expect("an invitation link");
        let mut person = self.stranger();
        let body =
            serde_json::json!({ "token": token, "password": format!("{name}-long-password") });
        let (status, answer) = person.post("/invitations/accept", &body);
        assert_eq!(status, 200, "{answer}");
        person
    }

    pub fn stranger(&self) -> Person {
        Person {
            address: self.address.clone(),
            cookie: None,
            origin: Some(self.address.clone()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.cut();
    }
}

fn environment(command: &mut Command, staging: &Database, production: &Database) {
    command
        .env("LOCAL_DATABASE_URL", &staging.url)
        .env("STAGING_DATABASE_URL", &staging.url)
        .env("PRODUCTION_DATABASE_URL", &production.url);
}

fn spawn(
    project: &Path,
    port: u16,
    state: &Database,
    staging: &Database,
    production: &Database,
) -> (Child, String) {
    let mut command = binary::command();
    environment(&mut command, staging, production);
    let mut child = command
        .arg("--project")
        .arg(project)
        .args([
            "serve",
            "--listen",
            &format!("127.0.0.1:{port}"),
            "--state-url",
            &state.url,
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let (sender, lines) = std::sync::mpsc::channel();
    let out = child.stdout.take().expect("a pipe");
    let err = child.stderr.take().expect("a pipe");
    let other = sender.clone();
    std::thread::spawn(move || {
        BufReader::new(out)
            .lines()
            .map_while(Result::ok)
            .for_each(|line| {
                let _ = sender.send(line);
            })
    });
    std::thread::spawn(move || {
        BufReader::new(err)
            .lines()
            .map_while(Result::ok)
            .for_each(|line| {
                let _ = other.send(line);
            })
    });
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut printed = String::new();
    while Instant::now() < deadline {
        let Ok(line) = lines.recv_timeout(Duration::from_millis(200)) else {
            continue;
        };
        printed.push_str(&line);
        printed.push('\n');
        if let Some(token) = link_token(&line, "sign-in") {
            return (child, token);
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    panic!("the server printed no sign-in link:\n{printed}");
}

/// The token of a printed link such as `http://…/sign-in#token=…`.
pub fn link_token(text: &str, page: &str) -> Option<String> {
    let at = text.find(&format!("/{page}"))?;
    let rest = &text[at..];
    let token = &rest[rest.find("token=")? + "token=".len()..];
    Some(token.split_whitespace().next()?.to_owned())
}

/// A browser's view of the API: a cookie and an origin.
#[derive(Clone)]
pub struct Person {
    pub address: String,
    pub cookie: Option<String>,
    pub origin: Option<String>,
}

impl Person {
    pub fn get(&mut self, path: &str) -> (u16, Value) {
        self.send("GET", path, None)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> (u16, Value) {
        self.send("POST", path, Some(body))
    }

    pub fn send(&mut self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v1{path}", self.address));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(origin) = &self.origin {
            request = request.header("origin", origin);
        }
        let text = body.map(Value::to_string).unwrap_or_default();
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(text).expect("a request");
        let mut response = agent.run(request).expect("an answer");
        if let Some(set) = response.headers().get("set-cookie") {
            let cookie = set.to_str().expect("a cookie");
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        // Created, no content and so on are all a yes.
        let status = match response.status().as_u16() {
            200..300 => 200,
            status => status,
        };
        let text = response.body_mut().read_to_string().unwrap_or_default();
        (
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        )
    }

    /// Follows a run's events until it has an outcome, and gives them all.
    pub fn follow(&self, path: &str) -> Vec<Value> {
        let mut request = ureq::get(format!("{}/api/v1{path}", self.address));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let response = request.call().expect("the events");
        let mut events = Vec::new();
        for line in BufReader::new(response.into_body().into_reader()).lines() {
            let line = line.expect("a line of the events");
            if let Some(data) = line.strip_prefix("data:") {
                let event: Value = serde_json::from_str(data.trim()).expect("an event is JSON");
                let over = event
                    .get("outcome")
                    .is_some_and(|outcome| !outcome.is_null());
                events.push(event);
                if over {
                    break;
                }
            }
        }
        events
    }
}
