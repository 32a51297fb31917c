//! What a statement says that catalogs do not: that it writes rows, runs code, renames, or is about something else.

use crate::sql::effect::{Action, Effect, Facts, Loss, effect};
use crate::sql::reader::Reader;
use crate::sql::schema::{Schema, TableName};
use crate::sql::tree::Tree;
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// How a statement can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// It leaves nothing behind: a setting, a lock, a look.
    Nothing,
    /// Something gets another name, or another schema.
    Rename,
    /// It runs code, or cannot be read; the sentence says which.
    Code(String),
    Plain(Facts),
}

/// Statements that leave nothing that lasts, by their first word.
const NOTHING: [&str; 24] = [
    "set",
    "reset",
    "show",
    "lock",
    "analyze",
    "analyse",
    "vacuum",
    "explain",
    "begin",
    "start",
    "commit",
    "end",
    "rollback",
    "savepoint",
    "release",
    "checkpoint",
    "discard",
    "reindex",
    "refresh",
    "listen",
    "unlisten",
    "notify",
    "close",
    "deallocate",
];

impl Class {
    pub fn of(sql: &str, major: u32) -> Self {
        let reader = Reader::new(sql);
        if reader.is_any(&NOTHING) {
            return Class::Nothing;
        }
        if renames(sql) {
            return Class::Rename;
        }
        match effect(sql, &Schema::default(), major) {
            Effect::Unknown { reason } => Class::Code(reason),
            Effect::Known(facts) => Class::Plain(facts),
        }
    }

    /// Whether the statement builds, drops or detaches beside the application's work, so that undoing it should, too.
    pub fn is_concurrent(&self) -> bool {
        match self {
            Class::Plain(facts) => {
                facts.is_outside && facts.kinds.iter().any(|kind| kind.contains("CONCURRENTLY"))
            }
            _ => false,
        }
    }

    /// What the catalogs cannot bring back of it; `same` says that they show no change, `goes` of which tables the rows go
    /// with the table.
    pub fn missing(&self, sql: &str, same: bool, goes: impl Fn(&TableName) -> bool) -> Vec<String> {
        match self {
            Class::Nothing => Vec::new(),
            Class::Rename if same => vec![OUTSIDE.to_owned()],
            Class::Rename => Vec::new(),
            Class::Code(reason) => {
                vec![format!(
                    "{reason} What it did to rows, roles and settings is not known."
                )]
            }
            Class::Plain(facts) => known(facts, sql, same, goes),
        }
    }
}

const OUTSIDE: &str =
    "The schema is as it was before; what it changed besides has to be undone by hand.";

fn known(facts: &Facts, sql: &str, same: bool, goes: impl Fn(&TableName) -> bool) -> Vec<String> {
    let mut missing = Vec::new();
    let name = |table: &TableName| table.to_string();
    let written = facts
        .touches
        .iter()
        .filter(|one| one.action == Action::Write);
    let mut any = false;
    for touch in written {
        any = true;
        if goes(&touch.name) {
            continue;
        }

        let sentence = match first_word(sql).as_str() {
            "insert" | "copy" => format!(
                "the rows that it put into {0} stay: delete them here where they can be told from others.",
                name(&touch.name)
            ),
            _ => format!(
                "the rows of {0} as they were before: which of them it changed is not known.",
                name(&touch.name)
            ),
        };
        if !missing.contains(&sentence) {
            missing.push(sentence);
        }
    }
    for loss in &facts.losses {
        if let Loss::Rows(table) = loss
            && !goes(table)
        {
            let sentence = format!("the rows of {} that it removed.", name(table));
            if !missing
                .iter()
                .any(|one| one.contains(&format!("rows of {} ", name(table))))
            {
                missing.push(sentence);
            }
        }
    }
    // Of other statements, the catalogs say what is open.
    if let Some(open) = facts.open.as_ref().filter(|_| is_query(sql)) {
        missing.push(format!("{open} That is not undone."));
    }
    let reads =
        facts.kinds.iter().all(|kind| kind.starts_with("SELECT")) && !facts.kinds.is_empty();
    if same && missing.is_empty() && !(any || reads || says_if(sql)) {
        missing.push(OUTSIDE.to_owned());
    }
    missing
}

fn is_query(sql: &str) -> bool {
    let words = [
        "select", "with", "values", "table", "insert", "update", "delete", "merge", "copy",
    ];
    Reader::new(sql).is_any(&words) || sql.starts_with('(')
}

fn first_word(sql: &str) -> String {
    Reader::new(sql).peek_text().to_ascii_lowercase()
}

/// `IF EXISTS` and `IF NOT EXISTS` may leave everything as it is, and so may what is there already.
fn says_if(sql: &str) -> bool {
    let mut reader = Reader::new(sql);
    while reader.peek().is_some() {
        if reader.eat_all(&["if", "exists"]) || reader.eat_all(&["if", "not", "exists"]) {
            return true;
        }
        reader.skip();
    }
    false
}

/// `SET lock_timeout` and `SET statement_timeout`, for the session or the transaction.
pub fn is_timeout(sql: &str) -> bool {
    let mut reader = Reader::new(sql);
    if !reader.eat("set") {
        return false;
    }
    reader.eat_any(&["session", "local"]);
    reader.is_any(&["lock_timeout", "statement_timeout"])
}

/// Whether an ALTER gives something another name or schema; PostgreSQL has that as a statement of its own always.
fn renames(sql: &str) -> bool {
    if first_word(sql) != "alter" {
        return false;
    }
    let Ok(tree) = Tree::read(sql) else {
        return false;
    };
    let tokens = || {
        tree.statement()
            .syntax()
            .descendants_with_tokens()
            .filter_map(|element| element.into_token())
            .filter(|token| token.parent().is_some_and(|parent| !is_name(&parent)))
    };
    let renamed = tokens().any(|token| token.kind() == SyntaxKind::RENAME_KW);
    let moved = || {
        let mut last = None;
        tokens()
            .filter(|token| !token.kind().is_trivia())
            .any(|token| {
                let before = last.replace(token.kind());
                token.kind() == SyntaxKind::SCHEMA_KW && before == Some(SyntaxKind::SET_KW)
            })
    };
    let extension = matches!(tree.statement(), ast::Stmt::AlterExtension(_));
    renamed || (moved() && !extension)
}

/// Whether the node is nothing but the word: a name that happens to be a keyword.
fn is_name(node: &SyntaxNode) -> bool {
    node.children_with_tokens().nth(1).is_none()
}
