//! What the tests across crates share: a real PostgreSQL, copies of projects, the real binary, a
//! running server, a real browser, and a proxy that can kill a client between two commands. What
//! cannot run fails; nothing is skipped.

pub mod binary;
pub mod browser;
pub mod change;
pub mod clients;
pub mod cluster;
pub mod effects;
pub mod project;
pub mod proxy;
pub mod server;
