//! Notices of the database. sqlx gives them only as tracing events, without their codes; this
//! layer hands them to the statement that was under way.

use cofferdam_engine::run::Notice;
use std::cell::RefCell;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// The target of sqlx's notice events.
pub const TARGET: &str = "sqlx::postgres::notice";

tokio::task_local! {
    static HEARD: RefCell<Vec<Notice>>;
}

/// Runs `work` and gives the notices that came meanwhile.
pub async fn collect<T>(work: impl Future<Output = T>) -> (T, Vec<Notice>) {
    HEARD
        .scope(RefCell::default(), async {
            let result = work.await;
            (result, HEARD.with(RefCell::take))
        })
        .await
}

/// The tracing layer that hears notices; without it there are none.
#[derive(Clone, Copy, Debug)]
pub struct NoticeLayer;

impl<S: Subscriber> Layer<S> for NoticeLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != TARGET {
            return;
        }
        let mut message = Message::default();
        event.record(&mut message);
        let severity = match *event.metadata().level() {
            Level::ERROR | Level::WARN => "WARNING",
            Level::INFO => "NOTICE",
            Level::DEBUG => "DEBUG",
            Level::TRACE => "INFO",
        };
        let notice = Notice {
            severity: severity.into(),
            code: String::new(),
            message: message.0,
        };
        // Outside `collect` nobody asked for notices.
        let _ = HEARD.try_with(|heard| heard.borrow_mut().push(notice));
    }
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}
