//! `-- +backfill`: an UPDATE, DELETE or INSERT … SELECT that is run by ranges of a key, each range in a transaction of its own.

mod source;
mod words;

use super::green::{self, segments};
use super::identifier;
use super::tree::Tree;
use squawk_syntax::ast::{self, AstNode};
use std::ops::Range;
pub use words::{Backfill, DEFAULT_ROWS, Size};

const KIND: &str =
    "only an UPDATE, a DELETE or an INSERT … SELECT, without WITH, can be run in batches";

/// A statement that can be run in batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batched<'a> {
    statement: &'a str,
    /// The table whose key is cut into ranges, as the statement writes it, `ONLY` included: the one that is written, or the
    /// first that an INSERT reads.
    pub table: &'a str,
    /// Its name alone, as SQL text.
    pub relation: String,
    /// What the statement calls the table: its alias, or its own name.
    name: String,
    pub backfill: Backfill,
    /// The condition of its WHERE; where one would stand, if it has none.
    condition: Range<usize>,
}

/// What was found in a statement's tree.
struct Found {
    /// The place of the table's name.
    table: Range<usize>,
    relation: String,
    name: String,
    condition: Range<usize>,
}

impl<'a> Batched<'a> {
    /// Reads one statement's text.
    ///
    /// # Errors
    /// Why it cannot be run in batches, as a sentence's end.
    pub fn read(statement: &'a str, backfill: &Backfill) -> Result<Self, &'static str> {
        let Ok(tree) = Tree::read(statement) else {
            return Err("the statement cannot be read");
        };
        let (with, returning) = match tree.statement() {
            ast::Stmt::Update(update) => (update.with_clause(), update.returning_clause()),
            ast::Stmt::Delete(delete) => (delete.with_clause(), delete.returning_clause()),
            ast::Stmt::Insert(insert) => (insert.with_clause(), insert.returning_clause()),
            _ => return Err(KIND),
        };
        if with.is_some() {
            return Err(KIND);
        }
        if returning.is_some() {
            return Err("RETURNING has no meaning in batches: take it away");
        }
        let end = statement.trim_end().trim_end_matches(';').trim_end().len();
        let found = match tree.statement() {
            ast::Stmt::Update(update) => written(
                update.relation_name(),
                update.alias(),
                update.where_clause_or_current_of(),
                end,
            ),
            ast::Stmt::Delete(delete) => written(
                delete.relation_name(),
                delete.alias(),
                delete.where_clause_or_current_of(),
                end,
            ),
            ast::Stmt::Insert(insert) => source::read(insert),
            _ => Err(KIND),
        }?;
        Ok(Batched {
            statement,
            table: statement[found.table].trim(),
            relation: found.relation,
            name: found.name,
            backfill: backfill.clone(),
            condition: found.condition,
        })
    }

    /// The statement for the keys from `lower` to `upper`, inclusive: SQL expressions, one for each column of the key.
    pub fn between(&self, lower: &[String], upper: &[String]) -> String {
        let Range { start, end } = self.condition;
        let table = identifier(&self.name);
        let columns = self.backfill.key.iter();
        let key: Vec<String> = columns
            .map(|column| format!("{table}.{}", identifier(column)))
            .collect();
        let mut range = String::new();
        if let ([first, _, ..], [least, ..], [most, ..]) = (key.as_slice(), lower, upper) {
            // It follows from what comes after it; PostgreSQL estimates by it how few rows there are.
            range = format!("{first} >= {least} AND {first} <= {most} AND ");
        }
        range.push_str(&format!(
            "{} >= {} AND {} <= {}",
            row(&key),
            row(lower),
            row(&key),
            row(upper)
        ));
        let (before, own, after) = (
            &self.statement[..start],
            &self.statement[start..end],
            &self.statement[end..],
        );
        match own {
            "" => format!("{} WHERE {range}{}", before.trim_end(), rest(after)),
            // A comment may end the condition.
            own => format!("{before}({own}\n) AND {range}{after}"),
        }
    }
}

/// One expression by itself, several as a row.
pub fn row(expressions: &[String]) -> String {
    match expressions {
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    }
}

/// What follows a condition that is added.
fn rest(after: &str) -> &str {
    match after.trim() {
        "" => ";",
        _ => after,
    }
}

/// What an UPDATE or DELETE says of the table that it writes; `end` is where it ends.
fn written(
    relation: Option<ast::RelationName>,
    alias: Option<ast::OptionalAsAlias>,
    condition: Option<ast::WhereClauseOrCurrentOf>,
    end: usize,
) -> Result<Found, &'static str> {
    let relation = relation.ok_or(KIND)?;
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
    let path = segments(relation.syntax());
    let name = match alias.and_then(|alias| alias.name()) {
        Some(alias) => segments(alias.syntax()).pop(),
        None => path.last().cloned(),
    };
    Ok(Found {
        table: bytes(relation.syntax()),
        relation: dotted(&path),
        name: name.ok_or(KIND)?,
        condition,
    })
}

/// A dotted name as SQL text.
fn dotted(path: &[String]) -> String {
    let parts = path.iter().map(|part| identifier(part));
    parts.collect::<Vec<_>>().join(".")
}

/// Where a node's text stands, without the white space around it.
fn bytes(node: &squawk_syntax::SyntaxNode) -> Range<usize> {
    let range = node.text_range();
    let (start, end): (usize, usize) = (range.start().into(), range.end().into());
    let text = green::text(node);
    let before = text.len() - text.trim_start().len();
    let after = text.len() - text.trim_end().len();
    start + before..end - after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between_keys(statement: &str, key: &[&str]) -> Result<String, &'static str> {
        let backfill = Backfill {
            key: key.iter().map(|&column| column.into()).collect(),
            size: Size::Rows(10),
            rate: None,
        };
        let bounds = |last: &str| -> Vec<String> {
            let of = |(at, _)| format!("{}{last}", at + 1);
            key.iter().enumerate().map(of).collect()
        };
        Batched::read(statement, &backfill)
            .map(|batched| batched.between(&bounds(""), &bounds("9")))
    }

    fn between(statement: &str) -> Result<String, &'static str> {
        between_keys(statement, &["id"])
    }
    #[test]
    fn the_range_joins_the_condition() {
        assert_eq!(
            between("UPDATE users SET a = 1;").as_deref(),
            Ok("UPDATE users SET a = 1 WHERE users.id >= 1 AND users.id <= 19;")
        );
        assert_eq!(
            between("UPDATE ONLY app.\"Users\" AS u SET a = b.a FROM b WHERE u.x = b.x OR b.y;")
                .as_deref(),
            Ok(
                "UPDATE ONLY app.\"Users\" AS u SET a = b.a FROM b WHERE (u.x = b.x OR b.y\n) AND u.id >= 1 AND u.id <= 19;"
            )
        );
        assert_eq!(
            between("DELETE FROM app.\"Users\" WHERE gone -- for ever\n;").as_deref(),
            Ok(
                "DELETE FROM app.\"Users\" WHERE (gone\n) AND \"Users\".id >= 1 AND \"Users\".id <= 19 -- for ever\n;"
            )
        );
        assert_eq!(
            between("UPDATE t SET a = (SELECT max(b) FROM c WHERE c.d = t.d) WHERE a IS NULL")
                .as_deref(),
            Ok(
                "UPDATE t SET a = (SELECT max(b) FROM c WHERE c.d = t.d) WHERE (a IS NULL\n) AND t.id >= 1 AND t.id <= 19"
            )
        );
        for bad in [
            "INSERT INTO t SELECT 1;",
            "INSERT INTO t VALUES (1);",
            "INSERT INTO t DEFAULT VALUES;",
            "INSERT INTO t TABLE s;",
            "SELECT a INTO t FROM s;",
            "WITH x AS (SELECT 1) UPDATE t SET a = 1;",
            "UPDATE t SET a = 1 WHERE CURRENT OF c;",
            "DELETE FROM t RETURNING id;",
            "UPDATE t SET",
            "SELECT 1;",
        ] {
            assert!(between(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_range_joins_the_query_of_an_insert() {
        assert_eq!(
            between("INSERT INTO kept (id, a) SELECT id, a FROM ONLY app.\"Users\" ON CONFLICT DO NOTHING;")
                .as_deref(),
            Ok("INSERT INTO kept (id, a) SELECT id, a FROM ONLY app.\"Users\" WHERE \"Users\".id >= 1 AND \"Users\".id <= 19 ON CONFLICT DO NOTHING;")
        );
        assert_eq!(
            between("INSERT INTO kept SELECT u.id, count_of(p.id), (SELECT max(x) FROM y) FROM users u LEFT JOIN posts AS p ON p.user_id = u.id, z WHERE u.a OR p.b -- both\nON CONFLICT (id) DO UPDATE SET a = excluded.a WHERE kept.a IS NULL")
                .as_deref(),
            Ok("INSERT INTO kept SELECT u.id, count_of(p.id), (SELECT max(x) FROM y) FROM users u LEFT JOIN posts AS p ON p.user_id = u.id, z WHERE (u.a OR p.b\n) AND u.id >= 1 AND u.id <= 19 -- both\nON CONFLICT (id) DO UPDATE SET a = excluded.a WHERE kept.a IS NULL")
        );
        assert_eq!(
            between("INSERT INTO kept SELECT * FROM users *").as_deref(),
            Ok("INSERT INTO kept SELECT * FROM users * WHERE users.id >= 1 AND users.id <= 19;")
        );
    }

    #[test]
    fn what_needs_all_rows_at_once_is_refused_in_words() {
        for (statement, word) in [
            ("INSERT INTO t SELECT DISTINCT a FROM s", "DISTINCT"),
            ("INSERT INTO t SELECT a FROM s GROUP BY a", "GROUP BY"),
            (
                "INSERT INTO t SELECT a FROM s UNION ALL SELECT a FROM r",
                "UNION",
            ),
            ("INSERT INTO t SELECT a FROM s ORDER BY a", "ORDER BY"),
            ("INSERT INTO t SELECT a FROM s LIMIT 5", "LIMIT"),
            (
                "INSERT INTO t SELECT a FROM s FETCH FIRST ROW ONLY",
                "FETCH",
            ),
            ("INSERT INTO t SELECT 1 + count(*) FROM s", "aggregates"),
            (
                "INSERT INTO t SELECT pg_catalog.Max(a) FROM s",
                "aggregates",
            ),
            (
                "INSERT INTO t SELECT mine(a) FILTER (WHERE a > 1) FROM s",
                "aggregates",
            ),
            (
                "INSERT INTO t SELECT row_number() OVER (ORDER BY a) FROM s",
                "window",
            ),
            ("INSERT INTO t (SELECT a FROM s)", "parentheses"),
            ("INSERT INTO t SELECT a FROM (SELECT 1 AS a) s", "FROM"),
            (
                "INSERT INTO t SELECT a FROM generate_series(1, 2) a",
                "FROM",
            ),
            (
                "INSERT INTO t SELECT a FROM s RIGHT JOIN r USING (a)",
                "RIGHT",
            ),
            ("INSERT INTO t SELECT a FROM s AS x (a, b)", "columns"),
            ("INSERT INTO t SELECT a FROM s RETURNING a", "RETURNING"),
            ("INSERT INTO t WITH x AS (SELECT 1) SELECT a FROM s", "WITH"),
            ("INSERT INTO t VALUES (1)", "SELECT"),
        ] {
            let refused = between(statement).expect_err(statement);
            assert!(refused.contains(word), "{statement}: {refused}");
        }
    }

    #[test]
    fn a_key_of_several_columns_is_compared_as_a_row() {
        assert_eq!(
            between_keys("DELETE FROM users u WHERE gone;", &["tenant", "Id"]).as_deref(),
            Ok(
                "DELETE FROM users u WHERE (gone\n) AND u.tenant >= 1 AND u.tenant <= 19 AND (u.tenant, u.\"Id\") >= (1, 2) AND (u.tenant, u.\"Id\") <= (19, 29);"
            )
        );
    }
}
