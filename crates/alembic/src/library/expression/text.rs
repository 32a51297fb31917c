//! `text(…)`: SQL with parameters (`sqlalchemy.sql.elements.TextClause`).

use super::{E, Expression};
use crate::library::literal;
use crate::library::trouble::{Known, unknown};
use crate::value::Value;
use std::rc::Rc;

/// SQL with the values of its parameters.
#[derive(Clone, Debug)]
pub struct Text {
    pub sql: Rc<str>,
    pub values: Vec<(String, E)>,
}

impl Text {
    pub fn new(sql: &str) -> Self {
        Text {
            sql: Rc::from(sql),
            values: Vec::new(),
        }
    }

    /// With the value of one parameter more.
    pub fn with(mut self, name: &str, value: E) -> Self {
        self.values.retain(|(known, _)| known != name);
        self.values.push((name.to_owned(), value));
        self
    }

    /// The SQL with the values in their places, and `\:` as `:`.
    ///
    /// Alembic's offline mode writes NULL for a parameter without a value, which no run on a database does; here its
    /// text cannot be known.
    pub fn write(&self, mut value: impl FnMut(&E) -> Known<String>) -> Known<String> {
        let mut out = String::with_capacity(self.sql.len());
        let mut before = ' ';
        let mut chars = self.sql.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' if is_escape(self.sql.get(at + 1..).unwrap_or_default()) => {
                    chars.next();
                    out.push(':');
                    before = ':';
                    continue;
                }
                ':' if !is_word(before) && before != ':' && before != '\\' => {
                    let rest = self.sql.get(at + 1..).unwrap_or_default();
                    let name: String = rest.chars().take_while(|c| is_word(*c)).collect();
                    let after = rest.get(name.len()..).and_then(|rest| rest.chars().next());
                    if name.is_empty() || after == Some(':') {
                        out.push(c);
                        before = c;
                        continue;
                    }
                    let found = self.values.iter().find(|(known, _)| *known == name);
                    let Some((_, found)) = found else {
                        return Err(unknown(format!(
                            "text() has a parameter :{name} without a value (write \\: for a colon)"
                        )));
                    };
                    out.push_str(&value(found)?);
                    for _ in name.chars() {
                        chars.next();
                    }
                    before = name.chars().last().unwrap_or(' ');
                    continue;
                }
                _ => out.push(c),
            }
            before = c;
        }
        Ok(out)
    }
}

/// Whether a backslash before `rest` is dropped (`BIND_PARAMS_ESC` of sqlalchemy/sql/compiler.py).
fn is_escape(rest: &str) -> bool {
    let word = rest.strip_prefix(':');
    word.is_some_and(|word| !word.trim_start_matches(is_word).starts_with(':'))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A parameter that stands for several values.
pub fn expanding(value: &Value) -> Known<E> {
    let items = crate::library::reader::items(value)?;
    let parts: Vec<String> = items
        .iter()
        .map(|item| {
            literal::plain(item).ok_or_else(|| {
                unknown("this value of an expanding parameter is not known to Cofferdam")
            })
        })
        .collect::<Known<_>>()?;
    let sql = match parts.is_empty() {
        true => "(SELECT 1 WHERE 1!=1)".to_owned(),
        false => format!("({})", parts.join(", ")),
    };
    Expression::new(super::Node::Verbatim(Rc::from(sql)))
}
