//! The real server over HTTP.

#[path = "http/accounts.rs"]
mod accounts;
#[path = "http/assets.rs"]
mod assets;
#[path = "http/changes.rs"]
mod changes;
#[path = "http/embedded.rs"]
mod embedded;
#[path = "http/plans.rs"]
mod plans;
#[path = "http/saving.rs"]
mod saving;
#[path = "http/schema.rs"]
mod schema;
