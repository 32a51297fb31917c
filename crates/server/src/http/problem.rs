//! Problem documents (RFC 9457), with one table of codes.

use crate::auth::password::PasswordError;
use crate::auth::secret::NoRandomness;
use crate::changes::ChangesError;
use crate::planning::PlanningError;
use crate::project::ProjectError;
use crate::store::StoreError;
use crate::workbench::EnvironmentError;
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cofferdam_engine::api::{Conflict, Problem, ShutGate};
use std::any::Any;
use std::time::Duration;

macro_rules! codes {
    ($($(#[$about:meta])* $name:ident = $code:literal, $status:ident, $title:literal;)*) => {
        /// What can go wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $($(#[$about])* $name,)*
        }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The code as it is written everywhere.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),* }
            }

            pub fn status(self) -> StatusCode {
                match self { $(Code::$name => StatusCode::$status),* }
            }

            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title),* }
            }
        }
    };
}

codes! {
    /// The request cannot be read.
    BadRequest = "bad-request", BAD_REQUEST, "The request cannot be understood";
    /// Nobody is signed in.
    SignedOut = "signed-out", UNAUTHORIZED, "Nobody is signed in";
    WrongCredentials = "wrong-credentials", UNAUTHORIZED, "Name or password is wrong";
    BadToken = "bad-token", UNAUTHORIZED, "The token is not valid";
    BadLink = "bad-link", UNAUTHORIZED, "The link is not valid";
    /// The role, or the token's scopes, are not enough.
    Forbidden = "forbidden", FORBIDDEN, "This is not allowed";
    CrossSite = "cross-site", FORBIDDEN, "The request comes from another site";
    NotFound = "not-found", NOT_FOUND, "Not found";
    WrongMethod = "wrong-method", METHOD_NOT_ALLOWED, "The method does not fit the address";
    Exists = "exists", CONFLICT, "It exists already";
    /// Nothing is left to be planned.
    NothingToDo = "nothing-to-do", CONFLICT, "There is nothing to do";
    AppliedRevision = "applied-revision", CONFLICT, "The revision is applied";
    OtherDigest = "other-digest", CONFLICT, "The plan is not the one that was seen";
    WrongState = "wrong-state", CONFLICT, "The plan's state does not allow it";
    Stale = "stale", CONFLICT, "The plan no longer holds";
    /// A condition before the contract of a change does not hold.
    GateShut = "gate-shut", CONFLICT, "A gate is shut";
    NotApproved = "not-approved", CONFLICT, "The plan is not approved";
    RunUnderWay = "run-under-way", CONFLICT, "Another run is under way";
    /// Files changed since they were read.
    Conflict = "conflict", PRECONDITION_FAILED, "Files have changed";
    TooLarge = "too-large", PAYLOAD_TOO_LARGE, "The request is too large";
    WrongMediaType = "wrong-media-type", UNSUPPORTED_MEDIA_TYPE, "The request is not JSON";
    Invalid = "invalid", UNPROCESSABLE_ENTITY, "A value cannot be used";
    BrokenProject = "broken-project", UNPROCESSABLE_ENTITY, "The project's files do not hold together";
    NoPlan = "no-plan", UNPROCESSABLE_ENTITY, "There is no such plan to be made";
    TooManyTries = "too-many-tries", TOO_MANY_REQUESTS, "Too many tries";
    Internal = "internal", INTERNAL_SERVER_ERROR, "The server failed";
    GitFailed = "git-failed", INTERNAL_SERVER_ERROR, "The change could not be committed";
    DatabaseUnavailable = "database-unavailable", BAD_GATEWAY, "The environment's database does not answer";
    StateUnavailable = "state-unavailable", SERVICE_UNAVAILABLE, "The state database does not answer";
    ShuttingDown = "shutting-down", SERVICE_UNAVAILABLE, "The server is shutting down";
    Timeout = "timeout", GATEWAY_TIMEOUT, "It took too long";
}

/// A problem on its way out.
#[derive(Debug)]
pub struct Error {
    code: Code,
    detail: String,
    conflicts: Vec<Conflict>,
    gate: Option<Box<ShutGate>>,
    retry_after: Option<Duration>,
}

impl Error {
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The gate that is shut, where that is what went wrong.
    pub fn into_gate(self) -> Result<ShutGate, Self> {
        match self.gate {
            Some(gate) => Ok(*gate),
            None => Err(self),
        }
    }

    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Error {
            code,
            detail: detail.into(),
            conflicts: Vec::new(),
            gate: None,
            retry_after: None,
        }
    }

    pub fn conflicts(conflicts: Vec<Conflict>) -> Self {
        let reasons: Vec<String> = conflicts
            .iter()
            .map(|conflict| format!("{} ({})", conflict.path, conflict.reason))
            .collect();
        let detail = format!(
            "Nothing was saved. Look at the differences first: {}.",
            reasons.join(", ")
        );
        Error {
            conflicts,
            ..Error::new(Code::Conflict, detail)
        }
    }

    pub fn try_again(wait: Duration) -> Self {
        let seconds = wait.as_secs().max(1);
        let detail = format!("Too many failed tries; try again in {seconds} seconds.");
        Error {
            retry_after: Some(wait),
            ..Error::new(Code::TooManyTries, detail)
        }
    }

    /// Writes down what only the operator should see.
    fn hidden(code: Code, detail: &str, error: &dyn std::fmt::Display) -> Self {
        tracing::error!(code = code.as_str(), %error);
        Error::new(code, detail)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let problem = Problem {
            code: self.code.as_str().into(),
            title: self.code.title().into(),
            status: status.as_u16(),
            detail: self.detail,
            conflicts: self.conflicts,
            gate: self.gate.map(|gate| *gate),
        };
        let body = serde_json::to_string(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(
                header::RETRY_AFTER,
                HeaderValue::from(wait.as_secs().max(1)),
            );
        }
        response
    }
}

const PROBLEM: &str = "application/problem+json";

/// Makes a problem of every refusal that a library wrote (404, 405, 413, 415, rejections).
pub async fn only_problems(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == PROBLEM);
    if is_problem {
        return response;
    }
    let code = match status {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::WrongMethod,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::WrongMediaType,
        StatusCode::UNPROCESSABLE_ENTITY => Code::Invalid,
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => Code::Timeout,
        status if status.is_client_error() => Code::BadRequest,
        _ => Code::Internal,
    };
    let (parts, body) = response.into_parts();
    let allow = parts.headers.get(header::ALLOW);
    let detail = match allow.and_then(|allow| allow.to_str().ok()) {
        Some(methods) => format!("This address takes {methods}."),
        None => said(status, body).await,
    };
    let mut problem = Error::new(code, detail).into_response();
    if let Some(allow) = allow {
        problem.headers_mut().insert(header::ALLOW, allow.clone());
    }
    problem
}

/// What a library said of a client's mistake; nothing of the server's own.
async fn said(status: StatusCode, body: Body) -> String {
    let short = body
        .size_hint()
        .upper()
        .is_some_and(|size| size > 0 && size < 2000);
    if status.is_client_error()
        && short
        && let Ok(bytes) = axum::body::to_bytes(body, 2000).await
    {
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    String::new()
}

/// The answer to a request under which the server failed.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Error::new(
        Code::Internal,
        "The server failed at this request; its log says more.",
    )
    .into_response()
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Database(
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed,
            ) => Error::hidden(
                Code::StateUnavailable,
                "The server's own database does not answer; try again later.",
                &error,
            ),
            _ => Error::hidden(
                Code::Internal,
                "The server's own database failed; the server's log says more.",
                &error,
            ),
        }
    }
}

impl From<NoRandomness> for Error {
    fn from(error: NoRandomness) -> Self {
        Error::hidden(Code::Internal, "The server has no random numbers.", &error)
    }
}

impl From<PasswordError> for Error {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::TooShort | PasswordError::TooLong => {
                Error::new(Code::Invalid, sentence(&error))
            }
            PasswordError::Hash(_) => {
                Error::hidden(Code::Internal, "The password could not be hashed.", &error)
            }
        }
    }
}

impl From<ProjectError> for Error {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::Io { .. } => Error::hidden(
                Code::Internal,
                "The project folder cannot be used; the server's log says more.",
                &error,
            ),
            ProjectError::Outside { .. } => Error::new(Code::Invalid, sentence(&error)),
            ProjectError::Exists { .. } => Error::new(Code::Exists, sentence(&error)),
            _ => Error::new(Code::BrokenProject, sentence(&error)),
        }
    }
}

impl From<EnvironmentError> for Error {
    fn from(error: EnvironmentError) -> Self {
        let code = match error {
            EnvironmentError::Unknown(_) => Code::NotFound,
            _ => Code::DatabaseUnavailable,
        };
        Error::new(code, sentence(&error))
    }
}

impl From<ChangesError> for Error {
    fn from(error: ChangesError) -> Self {
        let code = match error {
            ChangesError::Project(error) => return error.into(),
            ChangesError::Shut {
                ref gate,
                ref environment,
            } => {
                let words = sentence(&error);
                let gate = ShutGate {
                    change: gate.change.clone(),
                    environment: environment.clone().unwrap_or_default(),
                    words: words.clone(),
                };
                return Error {
                    gate: Some(Box::new(gate)),
                    ..Error::new(Code::GateShut, words)
                };
            }
            ChangesError::Unknown { .. } | ChangesError::Id(_) => Code::NotFound,
            ChangesError::NotAsked { .. } | ChangesError::NoReason => Code::Invalid,
            ChangesError::OneSided(_) => Code::NothingToDo,
            ChangesError::File(_) | ChangesError::Change(_) => Code::BrokenProject,
            ChangesError::Connect(_) | ChangesError::State(_) | ChangesError::Query { .. } => {
                Code::DatabaseUnavailable
            }
        };
        Error::new(code, sentence(&error))
    }
}

impl From<PlanningError> for Error {
    fn from(error: PlanningError) -> Self {
        match error {
            PlanningError::Project(error) => error.into(),
            PlanningError::NothingToDo => Error::new(Code::NothingToDo, sentence(&error)),
            _ => Error::new(Code::NoPlan, sentence(&error)),
        }
    }
}

/// An error's words as a sentence. Names and paths at the beginning stay as they are.
pub fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let first = text.split(' ').next().unwrap_or_default();
    let is_word = first
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'\'');
    let end = if text.ends_with(['.', '!', '?', ']']) {
        ""
    } else {
        "."
    };
    match text.chars().next().filter(|_| is_word) {
        Some(letter) => format!(
            "{}{}{end}",
            letter.to_ascii_uppercase(),
            &text[letter.len_utf8()..]
        ),
        None => format!("{text}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kebab_case_and_unlike_each_other() {
        for code in Code::ALL {
            let text = code.as_str();
            assert!(
                text.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
                "{text}"
            );
            assert_eq!(
                Code::ALL
                    .iter()
                    .filter(|other| other.as_str() == text)
                    .count(),
                1,
                "{text}"
            );
            assert!(code.status().as_u16() >= 400);
            assert!(!code.title().ends_with('.'));
        }
    }

    #[test]
    fn words_become_sentences() {
        assert_eq!(sentence(&"there is nothing"), "There is nothing.");
        assert_eq!(sentence(&"say so."), "Say so.");
        assert_eq!(
            sentence(&"versions/a.sql is gone"),
            "versions/a.sql is gone."
        );
    }
}
