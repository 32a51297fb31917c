//! Which tables there are after some statements, by what their text says.
//!
//! It reads CREATE, ALTER and DROP of tables and views, and nothing that a function or a DO block does. It is for
//! offering names while somebody writes; what a database has is known by asking it.

use super::fold;
use super::reader::Reader;
use serde::{Deserialize, Serialize};
use squawk_lexer::TokenKind;
use std::collections::BTreeMap;

/// A table's or a view's name, folded; no schema where it stands in `public` or is not qualified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TableName {
    pub schema: Option<String>,
    pub name: String,
}

/// Tables and views with their columns' names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    all: BTreeMap<TableName, Vec<String>>,
}

/// What begins a table's element that is no column.
const NO_COLUMN: [&str; 6] = [
    "constraint",
    "primary",
    "unique",
    "check",
    "foreign",
    "exclude",
];

impl Tables {
    /// In order of name; columns in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&TableName, &[String])> {
        self.all
            .iter()
            .map(|(name, columns)| (name, columns.as_slice()))
    }

    /// Takes in what `statement` (one statement's text) does.
    pub fn apply(&mut self, statement: &str) {
        let mut reader = Reader::new(statement);
        // What is not understood changes nothing.
        let _ = if reader.eat("create") {
            self.create(&mut reader)
        } else if reader.eat("alter") {
            self.alter(&mut reader)
        } else if reader.eat("drop") {
            self.drop(&mut reader)
        } else {
            None
        };
    }

    fn create(&mut self, reader: &mut Reader) -> Option<()> {
        reader.eat_all(&["or", "replace"]);
        // A temporary table is gone when the next revision runs.
        reader.eat_any(&["unlogged", "foreign", "recursive", "materialized"]);
        if !reader.eat_any(&["table", "view"]) {
            return None;
        }
        let kept = reader.eat_all(&["if", "not", "exists"]);
        let name = table_name(reader)?;
        let mut columns = Vec::new();
        if reader.eat_all(&["partition", "of"]) {
            columns.extend(self.columns(&table_name(reader)?));
        } else if reader.eat_kind(TokenKind::OpenParen) {
            loop {
                if reader.eat("like") {
                    columns.extend(self.columns(&table_name(reader)?));
                } else if !reader.is_any(&NO_COLUMN) {
                    columns.extend(reader.word().map(fold));
                }
                if !next_part(reader) {
                    break;
                }
            }
            reader.eat_kind(TokenKind::CloseParen);
            if reader.eat("inherits") && reader.eat_kind(TokenKind::OpenParen) {
                loop {
                    columns.extend(self.columns(&table_name(reader)?));
                    if !next_part(reader) {
                        break;
                    }
                }
            }
        }
        if !(kept && self.all.contains_key(&name)) {
            self.all.insert(name, columns);
        }
        Some(())
    }

    fn alter(&mut self, reader: &mut Reader) -> Option<()> {
        reader.eat_any(&["foreign", "materialized"]);
        if !reader.eat_any(&["table", "view"]) {
            return None;
        }
        reader.eat_all(&["if", "exists"]);
        reader.eat("only");
        let name = table_name(reader)?;
        reader.eat_kind(TokenKind::Star);
        if reader.eat_all(&["rename", "to"]) {
            let to = fold(reader.word()?);
            let columns = self.all.remove(&name)?;
            self.all.insert(TableName { name: to, ..name }, columns);
            return Some(());
        }
        if reader.eat_all(&["set", "schema"]) {
            let schema = schema(fold(reader.word()?));
            let columns = self.all.remove(&name)?;
            self.all.insert(TableName { schema, ..name }, columns);
            return Some(());
        }
        let columns = self.all.get_mut(&name)?;
        loop {
            column_action(reader, columns);
            if !next_part(reader) {
                return Some(());
            }
        }
    }

    fn drop(&mut self, reader: &mut Reader) -> Option<()> {
        reader.eat_any(&["foreign", "materialized"]);
        if !reader.eat_any(&["table", "view"]) {
            return None;
        }
        reader.eat_all(&["if", "exists"]);
        loop {
            self.all.remove(&table_name(reader)?);
            if !next_part(reader) {
                return Some(());
            }
        }
    }

    fn columns(&self, name: &TableName) -> Vec<String> {
        self.all.get(name).cloned().unwrap_or_default()
    }
}

/// One action of an ALTER TABLE, where it is about a column's name.
fn column_action(reader: &mut Reader, columns: &mut Vec<String>) -> Option<()> {
    if reader.eat("add") {
        reader.eat("column");
        reader.eat_all(&["if", "not", "exists"]);
        if !reader.is_any(&NO_COLUMN) {
            let column = fold(reader.word()?);
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
    } else if reader.eat("drop") {
        reader.eat("column");
        reader.eat_all(&["if", "exists"]);
        if !reader.is("constraint") {
            let column = fold(reader.word()?);
            columns.retain(|other| *other != column);
        }
    } else if reader.eat("rename") {
        reader.eat("column");
        let from = fold(reader.word()?);
        if reader.eat("to") {
            let place = columns.iter_mut().find(|column| **column == from)?;
            *place = fold(reader.word()?);
        }
    }
    Some(())
}

/// Goes behind the next comma of this depth; false where the list ends before one.
fn next_part(reader: &mut Reader) -> bool {
    let mut depth = 0usize;
    while let Some(token) = reader.peek() {
        match token.kind {
            TokenKind::OpenParen | TokenKind::OpenBracket => depth += 1,
            TokenKind::CloseParen | TokenKind::CloseBracket if depth == 0 => return false,
            TokenKind::CloseParen | TokenKind::CloseBracket => depth -= 1,
            TokenKind::Comma if depth == 0 => {
                reader.skip();
                return true;
            }
            _ => {}
        }
        reader.skip();
    }
    false
}

fn table_name(reader: &mut Reader) -> Option<TableName> {
    let mut name = fold(reader.word()?);
    let mut before = None;
    while reader.eat_kind(TokenKind::Dot) {
        before = schema(std::mem::replace(&mut name, fold(reader.word()?)));
    }
    Some(TableName {
        schema: before,
        name,
    })
}

fn schema(name: String) -> Option<String> {
    (name != "public").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::Tables;

    fn after(statements: &[&str]) -> Vec<String> {
        let mut tables = Tables::default();
        for statement in statements {
            tables.apply(statement);
        }
        let one = |(name, columns): (&super::TableName, &[String])| {
            let schema = name.schema.iter().map(|schema| format!("{schema}."));
            format!(
                "{}{}({})",
                schema.collect::<String>(),
                name.name,
                columns.join(" ")
            )
        };
        tables.iter().map(one).collect()
    }

    const USERS: &str =
        "CREATE TABLE users (id int PRIMARY KEY, price numeric(8, 2) DEFAULT 0, \"Odd, name\" text,
        CONSTRAINT c CHECK (id > 0), UNIQUE (id, price));";

    #[test]
    fn tables_are_made_and_go() {
        for (statements, want) in [
            (vec![USERS], vec!["users(id price Odd, name)"]),
            (
                vec![USERS, "create table if not exists public.users (x int)"],
                vec!["users(id price Odd, name)"],
            ),
            (
                vec![
                    USERS,
                    "ALTER TABLE users RENAME TO people;",
                    "DROP TABLE other",
                ],
                vec!["people(id price Odd, name)"],
            ),
            (
                vec![USERS, "ALTER TABLE IF EXISTS users SET SCHEMA s"],
                vec!["s.users(id price Odd, name)"],
            ),
            (
                vec![
                    USERS,
                    "CREATE TABLE b AS SELECT 1",
                    "DROP TABLE IF EXISTS b, public.users CASCADE",
                ],
                vec![],
            ),
            (
                vec![
                    USERS,
                    "CREATE TABLE p PARTITION OF users FOR VALUES IN (1)",
                    "CREATE TABLE l (LIKE users INCLUDING ALL, more text)",
                    "CREATE TABLE i (own int) INHERITS (users)",
                    "CREATE OR REPLACE VIEW v (a, b) AS SELECT 1, 2",
                    "CREATE TEMP TABLE t (a int)",
                    "CREATE INDEX ON users (id)",
                ],
                vec![
                    "i(own id price Odd, name)",
                    "l(id price Odd, name more)",
                    "p(id price Odd, name)",
                    "users(id price Odd, name)",
                    "v(a b)",
                ],
            ),
        ] {
            assert_eq!(after(&statements), want, "{statements:?}");
        }
    }

    #[test]
    fn columns_come_and_go() {
        for (statement, want) in [
            (
                "ALTER TABLE ONLY users ADD COLUMN IF NOT EXISTS phone text, DROP price, ADD CHECK (id > 0), ADD id int",
                "users(id Odd, name phone)",
            ),
            (
                "ALTER TABLE users RENAME COLUMN price TO \"Cost\"",
                "users(id Cost Odd, name)",
            ),
            (
                "ALTER TABLE users RENAME price TO cost",
                "users(id cost Odd, name)",
            ),
            (
                "ALTER TABLE users RENAME CONSTRAINT c TO d",
                "users(id price Odd, name)",
            ),
            (
                "ALTER TABLE users DROP CONSTRAINT price",
                "users(id price Odd, name)",
            ),
            ("ALTER TABLE users ADD", "users(id price Odd, name)"),
            ("ALTER TABLE gone ADD x int", "users(id price Odd, name)"),
        ] {
            assert_eq!(after(&[USERS, statement]), [want], "{statement}");
        }
    }
}
