//! `-- +backfill`: an UPDATE or DELETE that is run by ranges of a key, each range in a transaction of its own.

use super::identifier;
use super::tree::{Tree, segments};
use serde::{Deserialize, Serialize};
use squawk_syntax::ast::{self, AstNode};
use std::ops::Range;

/// How many rows of the table a batch looks at, where the directive does not say it.
pub const DEFAULT_ROWS: u32 = 5000;

/// The words of the directive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backfill {
    /// The column whose ranges are taken in turn, folded; it has to be unique and not null.
    pub key: String,
    /// Rows of the table in one batch, at least one.
    pub rows: u32,
}

impl Backfill {
    /// Reads what follows `-- +backfill`.
    ///
    /// # Errors
    /// What has to be written instead.
    pub(crate) fn read(words: &str) -> Result<Self, &'static str> {
        const HELP: &str = "write `-- +backfill key=id batch=5000`, where the key is one column, unique and not null, and a batch has 1 to 1000000 rows";
        let (mut key, mut rows) = (None, None);
        for word in words.split_whitespace() {
            match word.split_once('=') {
                Some(("key", name)) if key.is_none() => key = Some(column(name).ok_or(HELP)?),
                Some(("batch", count)) if rows.is_none() => {
                    let count = count
                        .parse()
                        .ok()
                        .filter(|count| (1..=1_000_000).contains(count));
                    rows = Some(count.ok_or(HELP)?);
                }
                _ => return Err(HELP),
            }
        }
        Ok(Backfill {
            key: key.ok_or(HELP)?,
            rows: rows.unwrap_or(DEFAULT_ROWS),
        })
    }
}

/// One identifier, as SQL writes it, folded.
fn column(written: &str) -> Option<String> {
    let mut reader = super::reader::Reader::new(written);
    let word = reader.word()?;
    (word.len() == written.len()).then(|| super::fold(word))
}

/// A statement that can be run in batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batched<'a> {
    statement: &'a str,
    /// The table as the statement writes it, `ONLY` included.
    pub table: &'a str,
    /// What the statement calls the table: its alias, or its own name.
    name: String,
    pub backfill: Backfill,
    /// The condition of its WHERE; where one would stand, if it has none.
    condition: Range<usize>,
}

impl<'a> Batched<'a> {
    /// Reads one statement's text.
    ///
    /// # Errors
    /// Why it cannot be run in batches, as a sentence's end.
    pub fn read(statement: &'a str, backfill: &Backfill) -> Result<Self, &'static str> {
        const KIND: &str =
            "only an UPDATE or a DELETE of one table, without WITH, can be run in batches";
        let Ok(tree) = Tree::read(statement) else {
            return Err("the statement cannot be read");
        };
        let (relation, alias, with, condition, returning) = match tree.statement() {
            ast::Stmt::Update(update) => (
                update.relation_name(),
                update.alias(),
                update.with_clause(),
                update.where_clause_or_current_of(),
                update.returning_clause(),
            ),
            ast::Stmt::Delete(delete) => (
                delete.relation_name(),
                delete.alias(),
                delete.with_clause(),
                delete.where_clause_or_current_of(),
                delete.returning_clause(),
            ),
            _ => return Err(KIND),
        };
        let relation = relation.ok_or(KIND)?;
        if with.is_some() {
            return Err(KIND);
        }
        if returning.is_some() {
            return Err("RETURNING has no meaning in batches: take it away");
        }
        let end = statement.trim_end().trim_end_matches(';').trim_end().len();
        let condition = match condition {
            None => end..end,
            Some(ast::WhereClauseOrCurrentOf::WhereClause(found)) => {
                let expression = found.expr().ok_or("the statement cannot be read")?;
                bytes(expression.syntax())
            }
            Some(ast::WhereClauseOrCurrentOf::WhereCurrentOf(_)) => {
                return Err("WHERE CURRENT OF names one row, which needs no batches");
            }
        };
        let named = match alias {
            Some(alias) => alias.name().map(|name| segments(name.syntax())),
            None => Some(segments(relation.syntax())),
        };
        let name = named.and_then(|mut parts| parts.pop()).ok_or(KIND)?;
        let table = statement[bytes(relation.syntax())].trim();
        Ok(Batched {
            statement,
            table,
            name,
            backfill: backfill.clone(),
            condition,
        })
    }

    /// The statement for the keys from `lower` to `upper`, both SQL expressions, inclusive.
    pub fn between(&self, lower: &str, upper: &str) -> String {
        let Range { start, end } = self.condition;
        let key = format!(
            "{}.{}",
            identifier(&self.name),
            identifier(&self.backfill.key)
        );
        let range = format!("{key} >= {lower} AND {key} <= {upper}");
        let (before, own, after) = (
            &self.statement[..start],
            &self.statement[start..end],
            &self.statement[end..],
        );
        match own {
            "" => format!("{} WHERE {range};", before.trim_end()),
            // A comment may end the condition.
            own => format!("{before}({own}\n) AND {range}{after}"),
        }
    }
}

/// Where a node's text stands, without the white space around it.
fn bytes(node: &squawk_syntax::SyntaxNode) -> Range<usize> {
    let range = node.text_range();
    let (start, end): (usize, usize) = (range.start().into(), range.end().into());
    let text = node.text().to_string();
    let before = text.len() - text.trim_start().len();
    let after = text.len() - text.trim_end().len();
    start + before..end - after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backfill(words: &str) -> Result<Backfill, &'static str> {
        Backfill::read(words)
    }

    fn between(statement: &str) -> Result<String, &'static str> {
        let backfill = Backfill {
            key: "id".into(),
            rows: 10,
        };
        Batched::read(statement, &backfill).map(|batched| batched.between("1", "9"))
    }

    #[test]
    fn the_words_are_a_key_and_a_number_of_rows() {
        let of = |key: &str, rows| {
            Ok(Backfill {
                key: key.into(),
                rows,
            })
        };
        assert_eq!(backfill("key=id"), of("id", DEFAULT_ROWS));
        assert_eq!(backfill("batch=10  key=Id"), of("id", 10));
        assert_eq!(backfill("key=\"Id\" batch=1000000"), of("Id", 1_000_000));
        for bad in [
            "",
            "batch=5",
            "key=",
            "key=a,b",
            "key=a.b",
            "key=id batch=0",
            "key=id batch=1000001",
            "key=id batch=-1",
            "key=id batch=x",
            "key=id key=id",
            "key=id batch",
            "key=id size=5",
            "key=1",
        ] {
            assert!(backfill(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_range_joins_the_condition() {
        assert_eq!(
            between("UPDATE users SET a = 1;").as_deref(),
            Ok("UPDATE users SET a = 1 WHERE users.id >= 1 AND users.id <= 9;")
        );
        assert_eq!(
            between("UPDATE ONLY app.\"Users\" AS u SET a = b.a FROM b WHERE u.x = b.x OR b.y;")
                .as_deref(),
            Ok(
                "UPDATE ONLY app.\"Users\" AS u SET a = b.a FROM b WHERE (u.x = b.x OR b.y\n) AND u.id >= 1 AND u.id <= 9;"
            )
        );
        assert_eq!(
            between("DELETE FROM app.\"Users\" WHERE gone -- for ever\n;").as_deref(),
            Ok(
                "DELETE FROM app.\"Users\" WHERE (gone\n) AND \"Users\".id >= 1 AND \"Users\".id <= 9 -- for ever\n;"
            )
        );
        assert_eq!(
            between("UPDATE t SET a = (SELECT max(b) FROM c WHERE c.d = t.d) WHERE a IS NULL")
                .as_deref(),
            Ok(
                "UPDATE t SET a = (SELECT max(b) FROM c WHERE c.d = t.d) WHERE (a IS NULL\n) AND t.id >= 1 AND t.id <= 9"
            )
        );
        for bad in [
            "INSERT INTO t SELECT 1;",
            "WITH x AS (SELECT 1) UPDATE t SET a = 1;",
            "UPDATE t SET a = 1 WHERE CURRENT OF c;",
            "DELETE FROM t RETURNING id;",
            "UPDATE t SET",
            "SELECT 1;",
        ] {
            assert!(between(bad).is_err(), "{bad}");
        }
    }
}
