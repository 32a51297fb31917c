//! The server's JSON under `/api/v1`: requests, problems, and server-sent events.
//!
//! Cookies go along by the browser's own rule (same origin). Paths begin with `/` and are below
//! `/api/v1`.

mod events;

pub use events::{Events, Live, events};

use cofferdam_engine::api::{Problem, ShutGate};
use gloo::net::http::{Request, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a request has no result.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// No Cofferdam server answered; the text says what did, or did not.
    Offline(String),
    /// The server said no, and why.
    Problem(Problem),
}

impl Error {
    /// Nobody is signed in, or no longer.
    pub fn is_signed_out(&self) -> bool {
        matches!(self, Error::Problem(problem) if problem.status == 401)
    }

    /// The gate that is shut, where that is why.
    pub fn gate(&self) -> Option<&ShutGate> {
        match self {
            Error::Problem(problem) => problem.gate.as_ref(),
            Error::Offline(_) => None,
        }
    }

    pub fn is_offline(&self) -> bool {
        matches!(self, Error::Offline(_))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Offline(why) => write!(f, "The server cannot be reached: {why}"),
            Error::Problem(problem) if problem.detail.is_empty() => f.write_str(&problem.title),
            Error::Problem(problem) => f.write_str(&problem.detail),
        }
    }
}

impl std::error::Error for Error {}

pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Error> {
    answer(Request::get(&address(path)).send().await).await
}

pub async fn post<B: Serialize + ?Sized, T: DeserializeOwned>(
    path: &str,
    body: &B,
) -> Result<T, Error> {
    send(Request::post(&address(path)), body).await
}

pub async fn put<B: Serialize + ?Sized, T: DeserializeOwned>(
    path: &str,
    body: &B,
) -> Result<T, Error> {
    send(Request::put(&address(path)), body).await
}

/// POST without a body.
pub async fn act<T: DeserializeOwned>(path: &str) -> Result<T, Error> {
    answer(Request::post(&address(path)).send().await).await
}

pub async fn delete<T: DeserializeOwned>(path: &str) -> Result<T, Error> {
    answer(Request::delete(&address(path)).send().await).await
}

/// One segment of a path, percent-encoded.
pub fn segment(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text))
}

fn address(path: &str) -> String {
    format!("/api/v1{path}")
}

async fn send<B: Serialize + ?Sized, T: DeserializeOwned>(
    request: RequestBuilder,
    body: &B,
) -> Result<T, Error> {
    let request = request
        .json(body)
        .map_err(|error| Error::Offline(format!("the request could not be written ({error}).")))?;
    answer(request.send().await).await
}

async fn answer<T: DeserializeOwned>(sent: Result<Response, gloo::net::Error>) -> Result<T, Error> {
    let response =
        sent.map_err(|_| Error::Offline("there is no connection, or it is not running.".into()))?;
    let status = response.status();
    let text = response
        .text()
        .await
        .map_err(|_| Error::Offline("the connection broke while it answered.".into()))?;
    if !response.ok() {
        return Err(match serde_json::from_str::<Problem>(&text) {
            Ok(problem) => Error::Problem(problem),
            Err(_) => Error::Offline(format!(
                "something else answers at this address (HTTP {status})."
            )),
        });
    }
    // 204 has no body, which reads as unit.
    let text = if text.is_empty() { "null" } else { &text };
    serde_json::from_str(text).map_err(|error| {
        Error::Offline(if text.starts_with('<') {
            "this address has the pages, but no server behind them.".into()
        } else {
            format!("it speaks another version than this page ({error}); reload the page.")
        })
    })
}
