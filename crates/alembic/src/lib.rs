//! Alembic's Python files, read without Python, and written.
//!
//! A file is parsed and its `upgrade()` and `downgrade()` are interpreted: plain Python is evaluated, and the
//! operations of Alembic and SQLAlchemy give the SQL that `alembic upgrade --sql` prints for PostgreSQL. What cannot be known
//! without running the file is never guessed: it becomes [`Unreadable`](cofferdam_engine::revision::Unreadable).
//!
//! Invariant: no I/O, no panic and no endless work on any bytes.

pub mod files;
mod header;
mod interpret;
mod library;
mod past;
pub mod project;
mod read;
pub mod rewrite;
mod settings;
mod value;
mod world;
pub mod write;

pub use files::Files;
pub use read::{Depth, Source, answer, read, read_alone};
pub use settings::Settings;
