//! The real binary on a real PostgreSQL.

#[path = "postgres/alembic.rs"]
mod alembic;
#[path = "postgres/backfill.rs"]
mod backfill;
#[path = "postgres/batches.rs"]
mod batches;
#[path = "postgres/bytes.rs"]
mod bytes;
#[path = "postgres/catalog.rs"]
mod catalog;
#[path = "postgres/change_clients.rs"]
mod change_clients;
#[path = "postgres/change_kinds.rs"]
mod change_kinds;
#[path = "postgres/change_queries.rs"]
mod change_queries;
#[path = "postgres/changes.rs"]
mod changes;
#[path = "postgres/commands.rs"]
mod commands;
#[path = "postgres/crash.rs"]
mod crash;
#[path = "postgres/draft.rs"]
mod draft;
#[path = "postgres/effects.rs"]
mod effects;
#[path = "postgres/example.rs"]
mod example;
#[path = "postgres/fixes.rs"]
mod fixes;
#[path = "postgres/guides.rs"]
mod guides;
#[path = "postgres/habits.rs"]
mod habits;
#[path = "postgres/locks.rs"]
mod locks;
#[path = "postgres/pauses.rs"]
mod pauses;
#[path = "postgres/retries.rs"]
mod retries;
#[path = "postgres/verify.rs"]
mod verify;
#[path = "postgres/writing.rs"]
mod writing;
