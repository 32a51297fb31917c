//! Names by convention: `ix_{table}_{columns}`, `uq_`, `fk_{table}_{columns}_{other table}`, `ck_`.

use crate::digest::sha256;
use crate::operation::ident;
use sqlparser::ast::{Expr, Ident};

/// PostgreSQL's NAMEDATALEN less one: it cuts longer identifiers silently.
pub const LONGEST: usize = 63;

/// Joins `parts` with `_`; a name over 63 bytes is cut, and ends in eight digits of its SHA-256 instead.
pub fn joined(parts: &[&str]) -> Ident {
    let name = parts.join("_");
    if name.len() <= LONGEST {
        return ident(name);
    }
    let digest = sha256(name.as_bytes());
    let mut end = LONGEST - 9;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    ident(format!("{}_{}", &name[..end], &digest[..8]))
}

/// What an index column contributes to a name: a column's name, or the words of an expression.
pub fn of_expr(expr: &Expr) -> String {
    if let Expr::Identifier(name) = expr {
        return name.value.clone();
    }
    let text = expr.to_string().to_ascii_lowercase();
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_to_63_bytes_and_stays_its_own() {
        let one = joined(&["ix", &"é".repeat(40), "a"]);
        let other = joined(&["ix", &"é".repeat(40), "b"]);
        assert!(one.value.len() <= LONGEST && one.value.starts_with("ix_ééé"));
        assert_ne!(one, other);
        assert_eq!(joined(&["fk", "a", "b"]).to_string(), "fk_a_b");
        assert_eq!(joined(&["fk", "A", "b"]).to_string(), "\"fk_A_b\"");
    }
}
