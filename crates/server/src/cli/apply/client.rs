//! A small client of the server's interface.

use anyhow::{Context, Result, anyhow, bail};
use cofferdam_engine::api::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::time::Duration;
use ureq::http::Response;
use ureq::{Agent, Body};

/// Longest answer that is read, in bytes.
const LONGEST: u64 = 256 << 20;

/// A server, and the token with which it is asked.
pub struct Client {
    base: String,
    authorization: String,
    agent: Agent,
    /// Without a limit to how long an answer takes.
    patient: Agent,
}

impl Client {
    /// `base` is the server's address, checked.
    pub fn new(base: String, token: &str) -> Self {
        let agent = |limit: Option<Duration>| {
            // No redirects: the token is for this server alone.
            let config = Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0);
            let config = config
                .timeout_connect(Some(Duration::from_secs(10)))
                .timeout_global(limit);
            Agent::new_with_config(config.build())
        };
        Client {
            base,
            authorization: format!("Bearer {}", token.trim()),
            agent: agent(Some(Duration::from_secs(90))),
            patient: agent(None),
        }
    }

    /// GET.
    pub fn read<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let request = self
            .agent
            .get(self.address(path))
            .header("authorization", &self.authorization);
        self.value(request.call())
    }

    /// POST.
    pub fn send<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T> {
        let request = self
            .agent
            .post(self.address(path))
            .header("authorization", &self.authorization);
        self.value(request.send_json(body))
    }

    /// Hears server-sent events after number `last` until the listener or the server breaks off.
    pub fn events<T: DeserializeOwned>(
        &self,
        path: &str,
        last: u64,
        mut listener: impl FnMut(T) -> ControlFlow<()>,
    ) -> Result<()> {
        let request = self
            .patient
            .get(self.address(path))
            .header("authorization", &self.authorization)
            .header("last-event-id", last.to_string());
        let response = self.good(request.call())?;
        for line in BufReader::new(response.into_body().into_reader()).lines() {
            let line = line?;
            if let Some(data) = line.strip_prefix("data:") {
                let event =
                    serde_json::from_str(data).context("the server speaks another version")?;
                if listener(event).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.base)
    }

    fn value<T: DeserializeOwned>(
        &self,
        response: Result<Response<Body>, ureq::Error>,
    ) -> Result<T> {
        let mut response = self.good(response)?;
        let text = response
            .body_mut()
            .with_config()
            .limit(LONGEST)
            .read_to_string()?;
        serde_json::from_str(&text).with_context(|| {
            format!(
                "what answers at {} is no Cofferdam server of this version",
                self.base
            )
        })
    }

    fn good(&self, response: Result<Response<Body>, ureq::Error>) -> Result<Response<Body>> {
        let mut response =
            response.map_err(|error| anyhow!("cannot reach {}: {error}", self.base))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let text = response
            .body_mut()
            .with_config()
            .limit(1 << 20)
            .read_to_string()
            .unwrap_or_default();
        match serde_json::from_str::<Problem>(&text) {
            Ok(problem) if problem.detail.is_empty() => bail!("{}", problem.title),
            Ok(problem) => bail!("{}", problem.detail),
            Err(_) => bail!(
                "{} answered {status}, and not as a Cofferdam server does",
                self.base
            ),
        }
    }
}
