//! The schema as the history so far left it, for what a migration asks of the inspector.
//!
//! It is what the revisions' own statements made, read from their text. Where one of them may have done something that
//! its text does not show, nothing is answered.

use cofferdam_engine::revision::{Direction, Script};
use cofferdam_engine::sql::{self, schema::Schema};
use std::sync::atomic::{AtomicBool, Ordering};

/// What is known of the schema before a function runs.
#[derive(Debug, Default)]
pub struct Past {
    /// None where it is not known, or was not worked out yet.
    schema: Option<Schema>,
    asked: AtomicBool,
}

impl Past {
    pub fn of(schema: Option<Schema>) -> Self {
        Past {
            schema,
            asked: AtomicBool::new(false),
        }
    }

    /// The schema, and a note that somebody asked.
    pub fn schema(&self) -> Option<Schema> {
        self.asked.store(true, Ordering::Relaxed);
        self.schema.clone()
    }

    pub fn is_known(&self) -> bool {
        self.schema.is_some()
    }

    /// Whether the function that ran with it asked for anything.
    pub fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

/// What the schema is after one statement; none where that is not certain.
pub fn after(mut schema: Schema, statement: &str) -> Option<Schema> {
    if may_hide_changes(statement) || !schema.apply(statement) {
        return None;
    }
    Some(schema)
}

/// What the schema is after a revision's upgrade; none where that is not certain.
pub fn after_upgrade(schema: Option<Schema>, script: &Script) -> Option<Schema> {
    let body = script.body(Direction::Upgrade);
    if body.is_some_and(|body| !body.unreadable.is_empty()) {
        return None;
    }
    let text = &script.revision.upgrade;
    let statements = sql::split(text).statements;
    statements.iter().try_fold(schema?, |schema, statement| {
        after(schema, &text[statement.body.clone()])
    })
}

/// Functions that a SELECT may call without changing a table.
const HARMLESS: [&str; 12] = [
    "setval",
    "nextval",
    "currval",
    "coalesce",
    "max",
    "min",
    "count",
    "now",
    "sum",
    "lower",
    "upper",
    "pg_get_serial_sequence",
];

/// A block of code or a function of the project's may create and drop what it likes.
fn may_hide_changes(statement: &str) -> bool {
    let word = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .flat_map(char::to_lowercase)
            .collect()
    };
    match word(statement.trim_start()).as_str() {
        "do" | "call" | "execute" => true,
        "select" => statement.match_indices('(').any(|(at, _)| {
            let before = statement[..at].trim_end();
            let name: String = before
                .chars()
                .rev()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let name: String = name.chars().rev().flat_map(char::to_lowercase).collect();
            let keyword = [
                "", "in", "from", "select", "where", "and", "or", "not", "exists", "values",
            ];
            !keyword.contains(&name.as_str()) && !HARMLESS.contains(&name.as_str())
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_may_hide_changes_and_plain_statements_do_not() {
        for hidden in [
            "DO $$ BEGIN END $$",
            "call x()",
            "SELECT partman.create_parent('a')",
        ] {
            assert!(may_hide_changes(hidden), "{hidden}");
        }
        for shown in [
            "CREATE TABLE a (b int)",
            "SELECT setval('s', (SELECT max(id) FROM t))",
            "UPDATE t SET a = f(b)",
        ] {
            assert!(!may_hide_changes(shown), "{shown}");
        }
    }
}
