//! One module a room.

mod catalog;
pub mod changes;
pub mod checklist;
pub mod databases;
pub mod dry_run;
mod effect;
pub mod history;
pub mod plan;
pub mod plans;
pub mod remote;
pub mod run;
pub mod runs;
pub mod settings;
pub mod sign_in;
mod trouble;
pub mod write;
