//! What an expression tells: whether its value may change, what it says of a column.

use crate::sql::green::{self, segments};
use crate::sql::schema::{Schema, TableName, Volatility};
use crate::sql::token::tokens;
use crate::sql::{fold, identifier};
use squawk_lexer::TokenKind;
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// PostgreSQL's functions whose result may change from row to row, and those of its extensions that defaults use.
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "pg_sleep",
    "random",
    "random_normal",
    "setval",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
];

/// PostgreSQL's functions that defaults use and that give one value for a whole statement.
const STEADY: &[&str] = &[
    "abs",
    "age",
    "array_append",
    "array_fill",
    "array_length",
    "ascii",
    "btrim",
    "cardinality",
    "ceil",
    "ceiling",
    "char_length",
    "chr",
    "coalesce",
    "concat",
    "concat_ws",
    "current_database",
    "current_schema",
    "current_setting",
    "current_timestamp",
    "current_user",
    "date",
    "date_part",
    "date_trunc",
    "decode",
    "digest",
    "encode",
    "exp",
    "extract",
    "float8",
    "floor",
    "format",
    "greatest",
    "hashtext",
    "initcap",
    "int4",
    "int4range",
    "int8",
    "int8range",
    "jsonb_build_array",
    "jsonb_build_object",
    "json_build_array",
    "json_build_object",
    "least",
    "left",
    "length",
    "ln",
    "localtimestamp",
    "lower",
    "lpad",
    "ltrim",
    "make_date",
    "make_interval",
    "make_time",
    "make_timestamp",
    "make_timestamptz",
    "md5",
    "mod",
    "now",
    "nullif",
    "numeric",
    "numrange",
    "octet_length",
    "overlay",
    "position",
    "power",
    "quote_ident",
    "quote_literal",
    "regexp_replace",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "row_to_json",
    "rpad",
    "rtrim",
    "session_user",
    "sha256",
    "sign",
    "split_part",
    "sqrt",
    "statement_timestamp",
    "string_to_array",
    "strpos",
    "substr",
    "substring",
    "text",
    "timezone",
    "to_char",
    "to_date",
    "to_hex",
    "to_json",
    "to_jsonb",
    "to_number",
    "to_timestamp",
    "to_tsquery",
    "to_tsvector",
    "transaction_timestamp",
    "translate",
    "trim",
    "trunc",
    "tsrange",
    "tstzrange",
    "daterange",
    "txid_current",
    "upper",
    "uuid_nil",
    "setweight",
    "plainto_tsquery",
    "jsonb",
    "json",
    "array_to_string",
    "to_regclass",
];

/// Whether an expression gives another value for each row; none where that is not known.
pub(super) fn is_volatile(expression: &SyntaxNode, schema: &Schema) -> Option<bool> {
    let mut known = Some(false);
    for call in green::all::<ast::CallExpr>(expression) {
        let Some(function) = called(&call) else {
            continue;
        };
        let own = schema.function(&function);
        let name = function.name.as_str();
        let builtin = matches!(function.schema.as_deref(), None | Some("pg_catalog"));
        match own {
            // What stands in its body counts, where the body takes the place of the call.
            Some(own) if own.is_sql && own.volatility == Volatility::Volatile => known = None,
            Some(own) if own.volatility == Volatility::Volatile => return Some(true),
            Some(_) => {}
            None if builtin && VOLATILE.contains(&name) => return Some(true),
            None if builtin && STEADY.contains(&name) => {}
            None => known = None,
        }
    }
    known
}

/// The function that is called; none for what the grammar has words of its own for.
pub(super) fn called(call: &ast::CallExpr) -> Option<TableName> {
    let name = call.syntax().children().find_map(ast::Expr::cast)?;
    let mut parts = match &name {
        ast::Expr::NameRef(name) => segments(name.syntax()),
        ast::Expr::FieldExpr(field) => field
            .syntax()
            .descendants()
            .filter(|node| node.kind() == SyntaxKind::NAME_REF)
            .flat_map(|node| segments(&node))
            .collect(),
        _ => return None,
    };
    let name = parts.pop()?;
    Some(TableName::new(parts.pop(), name))
}

/// The string that a call's first argument is.
pub(super) fn text_argument(call: &ast::CallExpr) -> Option<String> {
    let list = call.arg_list()?;
    let argument = list.args().next()?.expr()?;
    let literal = argument
        .syntax()
        .descendants()
        .find_map(ast::Literal::cast)?;
    literal.string_value()
}

/// The relation that a text such as `'my.users_id_seq'` names.
pub(super) fn relation_of_text(text: &str) -> Option<TableName> {
    let mut reader = crate::sql::reader::Reader::new(text);
    let mut name = fold(reader.word()?);
    let mut schema = None;
    while reader.eat_kind(TokenKind::Dot) {
        schema = Some(std::mem::replace(&mut name, fold(reader.word()?)));
    }
    Some(TableName::new(schema, name))
}

/// The sequence whose next value a default's text takes.
pub(super) fn sequence_of_default(default: &str) -> Option<TableName> {
    let at = default.to_ascii_lowercase().find("nextval")?;
    let rest = &default[at..];
    let open = rest.find('\'')?;
    let end = rest[open + 1..].find('\'')?;
    relation_of_text(&rest[open + 1..open + 1 + end])
}

/// The tokens of an expression's text, folded; casts of constants to a type are left out.
fn folded(expression: &str) -> Vec<String> {
    let all: Vec<_> = tokens(expression)
        .into_iter()
        .filter(|token| !token.is_trivia())
        .collect();
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(token) = all.get(at) {
        let text = &expression[token.range.clone()];
        let colons = token.kind == TokenKind::Colon
            && all
                .get(at + 1)
                .is_some_and(|next| next.kind == TokenKind::Colon);
        if colons {
            at += 2;
            while all.get(at).is_some_and(|next| {
                matches!(next.kind, TokenKind::Ident | TokenKind::QuotedIdent { .. })
            }) {
                at += 1;
            }
            continue;
        }
        let word = match token.kind {
            TokenKind::Ident | TokenKind::QuotedIdent { .. } => fold(text),
            _ => text.to_owned(),
        };
        let constant = text.starts_with('\'');
        let typed = [
            "date",
            "timestamp",
            "timestamptz",
            "time",
            "interval",
            "numeric",
        ];
        if constant
            && words
                .last()
                .is_some_and(|last| typed.contains(&last.as_str()))
        {
            words.pop();
        }
        words.push(word);
        at += 1;
    }
    // `> =` and `>=` are cut into the same tokens, so the text may be joined.
    words
}

/// The parts that an expression joins with AND, each folded and without the parentheses around it, sorted.
pub(super) fn conjuncts(expression: &str) -> Vec<String> {
    let mut all = Vec::new();
    split(&folded(expression), &mut all);
    all.sort();
    all
}

fn split(words: &[String], all: &mut Vec<String>) {
    let words = bare(words);
    let (mut depth, mut start, mut cut) = (0usize, 0, false);
    let mut between = false;
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "between" if depth == 0 => between = true,
            "or" | "case" if depth == 0 => {
                all.push(words.concat());
                return;
            }
            "and" if depth == 0 && between => between = false,
            "and" if depth == 0 => {
                split(&words[start..at], all);
                start = at + 1;
                cut = true;
            }
            _ => {}
        }
    }
    if cut {
        split(&words[start..], all);
    } else if !words.is_empty() {
        all.push(words.join(" "));
    }
}

/// Without parentheses around the whole.
fn bare(words: &[String]) -> &[String] {
    let mut words = words;
    while let [first, inner @ .., last] = words {
        let mut depth = 0i32;
        let closed = first == "("
            && last == ")"
            && inner.iter().all(|word| {
                depth += i32::from(word == "(") - i32::from(word == ")");
                depth >= 0
            });
        if !closed {
            break;
        }
        words = inner;
    }
    words
}

/// Whether an expression holds only where `column` is not null.
pub(super) fn says_not_null(expression: &str, column: &str) -> bool {
    let want = format!("{column} is not null");
    conjuncts(expression).contains(&want)
}

/// The expression with another name for a column.
pub(crate) fn renamed(expression: &str, from: &str, to: &str) -> String {
    let mut text = String::with_capacity(expression.len());
    for token in tokens(expression) {
        let part = &expression[token.range.clone()];
        let is_name = matches!(token.kind, TokenKind::Ident | TokenKind::QuotedIdent { .. });
        if is_name && fold(part) == from {
            text.push_str(&identifier(to));
        } else {
            text.push_str(part);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_says_not_null_is_seen() {
        for yes in [
            "email IS NOT NULL",
            "(((\"email\" is not null)))",
            "id > 0 AND (email IS NOT NULL)",
        ] {
            assert!(says_not_null(yes, "email"), "{yes}");
        }
        for no in [
            "email IS NULL",
            "id > 0 OR email IS NOT NULL",
            "email > ''",
            "a.email IS NOT NULL",
        ] {
            assert!(!says_not_null(no, "email"), "{no}");
        }
    }

    #[test]
    fn parts_joined_with_and_are_told_apart() {
        assert_eq!(
            conjuncts("(at >= DATE '2024-01-01') AND at < '2024-02-01'::date"),
            conjuncts("at >= '2024-01-01' and at < '2024-02-01'"),
        );
        assert_eq!(
            conjuncts("a BETWEEN 1 AND 2 AND b"),
            ["a between 1 and 2", "b"]
        );
    }

    #[test]
    fn a_column_is_renamed_in_an_expression() {
        assert_eq!(
            renamed("a > 0 AND \"a\" < b", "a", "Big"),
            "\"Big\" > 0 AND \"Big\" < b"
        );
    }

    #[test]
    fn the_sequence_of_a_default_is_found() {
        let name = sequence_of_default("nextval('my.\"Ids\"'::regclass)");
        assert_eq!(
            name.map(|name| name.to_string()),
            Some("my.\"Ids\"".to_owned())
        );
    }
}
