//! Who is asking: passwords, sessions, links and tokens.
//!
//! Invariants: a secret is 256 random bits, shown once, and stored only as its SHA-256; a password is
//! stored only as an argon2id hash; a request that changes something by cookie must come from our own
//! pages ([`origin`]).

pub mod caller;
pub mod cookie;
pub mod origin;
pub mod password;
pub mod scope;
pub mod secret;
pub mod throttle;

pub use caller::Caller;
pub use scope::Scope;
pub use secret::Secret;
