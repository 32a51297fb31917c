//! A run's events as they come (server-sent events): everything so far first, then live.

use super::App;
use super::problem::Error;
use super::runs::found;
use crate::auth::{Caller, Scope};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use cofferdam_engine::api::{Role, RunEvent};
use futures_util::stream::{self, Stream};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;

/// How often events of another server's run are looked for, and how long news may be missed.
const LOOK: Duration = Duration::from_secs(1);
/// Silence after which a comment is sent, so that proxies keep the line.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Events read at once.
const PAGE: i64 = 500;

/// The events of a run after `Last-Event-ID`, until the one with its outcome.
#[utoipa::path(get, path = "/api/v1/projects/{slug}/runs/{id}/events", tag = "runs",
    params(("slug" = String, Path), ("id" = String, Path), ("last-event-id" = Option<u64>, Header)), responses(
    (status = 200, body = RunEvent, content_type = "text/event-stream"),
))]
pub async fn events(
    State(app): State<App>,
    caller: Caller,
    Path((slug, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    caller.may(Scope::Read, Role::Author)?;
    app.check_slug(&slug)?;
    found(&app, &id).await?;
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let follower = Follower {
        news: app.runner.news(&id),
        app,
        run: id,
        after: last.unwrap_or(0),
        ready: VecDeque::new(),
        over: false,
    };
    let alive = KeepAlive::new().interval(KEEP_ALIVE).text("keep-alive");
    let mut response = Sse::new(follower.stream())
        .keep_alive(alive)
        .into_response();
    // nginx would hold events back.
    response.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    Ok(response)
}

/// Reads a run's events from the state database, whoever writes them.
struct Follower {
    app: App,
    run: String,
    news: Option<watch::Receiver<u64>>,
    after: u64,
    ready: VecDeque<RunEvent>,
    over: bool,
}

impl Follower {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, async |mut follower| {
            let event = follower.next().await?;
            let data = serde_json::to_string(&event).unwrap_or_default();
            Some((
                Ok(Event::default().id(event.seq.to_string()).data(data)),
                follower,
            ))
        })
    }

    async fn next(&mut self) -> Option<RunEvent> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.after = event.seq;
                self.over = event.outcome.is_some();
                return Some(event);
            }
            if self.over || self.app.stopping.is_cancelled() {
                return None;
            }
            // Seen before reading, so that nothing written meanwhile is missed.
            if let Some(news) = &mut self.news {
                news.mark_unchanged();
            }
            match self.app.store.events(&self.run, self.after, PAGE).await {
                Ok(events) => self.ready = events.into(),
                Err(error) => {
                    tracing::warn!(run = self.run, %error, "a run's events cannot be read");
                    return None;
                }
            }
            if !self.ready.is_empty() {
                continue;
            }
            // The last event may have been read before (Last-Event-ID): then there is no more.
            match self.app.store.run(&self.run).await {
                Ok(Some(run)) if run.finished_at.is_none() => {}
                Ok(_) if self.nothing_new().await => return None,
                Ok(_) => continue,
                Err(_) => return None,
            }
            self.wait().await;
        }
    }

    /// The run is over; whether its last events were read already.
    async fn nothing_new(&self) -> bool {
        self.app
            .store
            .events(&self.run, self.after, 1)
            .await
            .map_or(true, |events| events.is_empty())
    }

    async fn wait(&mut self) {
        let stopping = self.app.stopping.clone();
        let news = async {
            match &mut self.news {
                Some(news) => {
                    if news.changed().await.is_err() {
                        std::future::pending::<()>().await;
                    }
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = news => {}
            () = tokio::time::sleep(LOOK) => {}
            () = stopping.cancelled() => {}
        }
    }
}
