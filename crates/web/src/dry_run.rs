//! Dry runs in the tab: PGlite drives the same `Run` as the server. No view code.
//!
//! An [`order::Order`] (what to run, over which range) becomes a [`record::Proof`] that fills while
//! [`prover`] works through its phases; [`bench`] keeps the last one and one warm database; [`aside`] runs what
//! only the schema is wanted of.

pub mod aside;
pub mod bench;
pub mod database;
pub mod drafting;
mod driver;
pub mod extension;
pub mod order;
mod prover;
pub mod queries;
pub mod range;
pub mod record;
pub mod seed;
pub mod stop;
pub mod time;
pub mod warm;
