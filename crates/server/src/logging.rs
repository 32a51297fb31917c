//! What the process logs, and to whom: warnings on stderr, the database's notices to the run that
//! they belong to.

use crate::driver::notice::{self, NoticeLayer};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging at `level` for Cofferdam itself, and at warnings for the rest. Notices of the
/// database go where they belong, and not to the log.
pub fn start(level: LevelFilter) {
    let told = Targets::new()
        .with_default(LevelFilter::WARN.min(level))
        .with_target("cofferdam", level)
        .with_target("sqlx", LevelFilter::ERROR)
        .with_target(notice::TARGET, LevelFilter::OFF);
    let heard = Targets::new().with_target(notice::TARGET, LevelFilter::TRACE);
    let log = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false);
    // A second call, in a test, changes nothing.
    let _ = tracing_subscriber::registry()
        .with(NoticeLayer.with_filter(heard))
        .with(log.with_filter(told))
        .try_init();
}
