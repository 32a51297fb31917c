//! Cofferdam's engine: pure data in, pure data out.
//!
//! Invariant: no I/O, no clock, no randomness, no async. What the engine needs from the world (time,
//! random seeds, what the database answered) comes in as data, so that the same code runs in the
//! browser (wasm32) and in the server, and so that a test can replay any moment.

pub mod api;
pub mod catalog;
pub mod change;
pub mod checklist;
pub mod config;
pub mod digest;
pub mod draft;
pub mod file_name;
pub mod finding;
pub mod hazard;
pub mod history;
pub mod lint;
pub mod lock;
pub mod offline;
pub mod operation;
pub mod plan;
pub mod revision;
pub mod rewrite;
pub mod run;
pub mod script;
pub mod sql;
pub mod template;
pub mod three_way;
pub mod trouble;
pub mod two;
pub mod verify;
