//! Colours for SQL that is only read: statement cards, previews, diffs.

use leptos::prelude::*;
use squawk_lexer::{LiteralKind, TokenKind, tokenize};

/// A stretch of text and the class of the stylesheet that colours it, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    pub class: Option<&'static str>,
    pub text: &'a str,
}

/// `text` as coloured spans; put it into a `<pre>`.
pub fn highlight_sql(text: &str) -> impl IntoView + use<> {
    let spans = spans(text).into_iter();
    spans
        .map(|Span { class, text }| view! { <span class=class>{text.to_owned()}</span> })
        .collect_view()
}

/// All of `text` in order, cut where the colour changes.
pub fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans: Vec<Span> = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut class = None;
    let mut after_dot = false;
    for token in tokenize(text) {
        let end = at + token.len as usize;
        let next = class_of(token.kind, &text[at..end], after_dot);
        // White space takes the colour of what is before it.
        if token.kind != TokenKind::Whitespace {
            if next != class && start < at {
                spans.push(Span {
                    class,
                    text: &text[start..at],
                });
                start = at;
            }
            class = next;
            after_dot = token.kind == TokenKind::Dot;
        }
        at = end;
    }
    if start < text.len() {
        spans.push(Span {
            class,
            text: &text[start..],
        });
    }
    spans
}

fn class_of(kind: TokenKind, text: &str, after_dot: bool) -> Option<&'static str> {
    match kind {
        TokenKind::LineComment | TokenKind::BlockComment { .. } => Some("com"),
        TokenKind::Literal {
            kind: LiteralKind::Int { .. } | LiteralKind::Numeric { .. },
        } => Some("num"),
        TokenKind::Literal { .. } => Some("str"),
        // What follows a dot is a name, whatever it looks like.
        TokenKind::Ident if !after_dot => word(text),
        _ => None,
    }
}

fn word(text: &str) -> Option<&'static str> {
    let upper = text.to_ascii_uppercase();
    let is_in = |words: &[&str]| words.binary_search(&upper.as_str()).is_ok();
    match () {
        () if is_in(TYPES) => Some("typ"),
        () if is_in(KEYWORDS) => Some("k"),
        () => None,
    }
}

/// Names of types, in order.
#[rustfmt::skip]
const TYPES: &[&str] = &[
    "BIGINT", "BIGSERIAL", "BIT", "BOOL", "BOOLEAN", "BOX", "BYTEA", "CHAR", "CHARACTER", "CIDR", "CIRCLE", "CITEXT",
    "DATE", "DATERANGE", "DECIMAL", "FLOAT", "FLOAT4", "FLOAT8", "HSTORE", "INET", "INT", "INT2", "INT4", "INT4RANGE",
    "INT8", "INT8RANGE", "INTEGER", "INTERVAL", "JSON", "JSONB", "JSONPATH", "LINE", "LSEG", "LTREE", "MACADDR",
    "MACADDR8", "MONEY", "NUMERIC", "NUMRANGE", "OID", "PATH", "POINT", "POLYGON", "PRECISION", "REAL", "REGCLASS",
    "SERIAL", "SMALLINT", "SMALLSERIAL", "TEXT", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "TIMETZ", "TSQUERY", "TSRANGE",
    "TSTZRANGE", "TSVECTOR", "UUID", "VARBIT", "VARCHAR", "VARYING", "VECTOR", "XML",
];

/// Words that shape a statement, in order. Words that are more often a column's name (name, value, role …) are not here.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "ABORT", "ACCESS", "ADD", "AFTER", "AGGREGATE", "ALL", "ALTER", "ALWAYS", "ANALYZE", "AND", "ANY", "ARRAY", "AS",
    "ASC", "ASSERT", "ATOMIC", "ATTACH", "AUTHORIZATION", "BEFORE", "BEGIN", "BETWEEN", "BY", "CALL", "CALLED", "CASCADE",
    "CASE", "CAST", "CHECK", "CLUSTER", "COLLATE", "COLUMN", "COMMENT", "COMMIT", "CONCURRENTLY", "CONFLICT",
    "CONSTRAINT", "CONVERSION", "COPY", "CREATE", "CROSS", "CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_USER", "CURSOR",
    "CYCLE", "DATABASE", "DECLARE", "DEFAULT", "DEFAULTS", "DEFERRABLE", "DEFERRED", "DEFINER", "DELETE", "DESC",
    "DETACH", "DISABLE", "DISTINCT", "DO", "DOMAIN", "DROP", "EACH", "ELSE", "ELSIF", "ENABLE", "END", "ENUM", "EXCEPT",
    "EXCEPTION", "EXCLUDE", "EXCLUDED", "EXCLUSIVE", "EXECUTE", "EXISTS", "EXPLAIN", "EXTENSION", "FALSE", "FETCH",
    "FILTER", "FOR", "FORCE", "FOREIGN", "FROM", "FULL", "FUNCTION", "GENERATED", "GRANT", "GROUP", "HAVING",
    "IDENTITY", "IF", "ILIKE", "IMMUTABLE", "IN", "INCLUDE", "INCREMENT", "INDEX", "INHERIT", "INHERITS", "INITIALLY",
    "INNER", "INSERT", "INSTEAD", "INTERSECT", "INTO", "INVOKER", "IS", "ISOLATION", "JOIN", "KEY", "LANGUAGE",
    "LATERAL", "LEFT", "LIKE", "LIMIT", "LOCAL", "LOCK", "LOCKED", "LOOP", "MATCH", "MATERIALIZED", "MERGE", "MINVALUE",
    "MODE", "NATURAL", "NEW", "NEXT", "NO", "NOT", "NOTHING", "NOTIFY", "NOWAIT", "NULL", "NULLS", "OF", "OFFSET",
    "OLD", "ON", "ONLY", "OPERATOR", "OR", "ORDER", "OUTER", "OVER", "OVERRIDING", "OWNED", "OWNER", "PARALLEL",
    "PARTITION", "PERFORM", "POLICY", "PRIMARY", "PRIVILEGES", "PROCEDURE", "PUBLICATION", "RAISE", "RECURSIVE",
    "REFERENCES", "REFERENCING", "REFRESH", "REINDEX", "RELEASE", "RENAME", "REPLACE", "REPLICA", "RESET", "RESTART",
    "RESTRICT", "RETURN", "RETURNING", "RETURNS", "REVOKE", "RIGHT", "ROLLBACK", "ROW", "ROWS", "RULE", "SAFE",
    "SAVEPOINT", "SCHEMA", "SECURITY", "SELECT", "SEQUENCE", "SESSION", "SET", "SHARE", "SHOW", "SKIP", "SOME", "STABLE",
    "START", "STATEMENT", "STATISTICS", "STORED", "STRICT", "SUBSCRIPTION", "TABLE", "TABLESPACE", "TEMP", "TEMPORARY",
    "THEN", "TO", "TRANSACTION", "TRIGGER", "TRUE", "TRUNCATE", "TYPE", "UNION", "UNIQUE", "UNLOGGED", "UPDATE", "USING",
    "VACUUM", "VALID", "VALIDATE", "VALUES", "VIEW", "VIRTUAL", "VOLATILE", "WHEN", "WHERE", "WHILE", "WINDOW", "WITH",
    "WITHOUT", "ZONE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_words_are_in_order() {
        assert!(TYPES.is_sorted() && KEYWORDS.is_sorted());
    }

    #[test]
    fn spans_keep_every_byte_and_know_their_class() {
        let text = "ALTER TABLE users\n  ADD \"table\" text DEFAULT 'é', n int; -- 🎉\n";
        let spans = spans(text);
        assert_eq!(spans.iter().map(|span| span.text).collect::<String>(), text);
        let find = |text: &str| {
            spans
                .iter()
                .find(|span| span.text.trim() == text)
                .and_then(|span| span.class)
        };
        assert_eq!(find("ALTER TABLE"), Some("k"));
        assert_eq!(find("text"), Some("typ"));
        assert_eq!(find("'é'"), Some("str"));
        assert_eq!(find("-- 🎉"), Some("com"));
        assert_eq!(find("\"table\""), None);
    }

    #[test]
    fn a_name_after_a_dot_is_no_keyword_and_broken_text_is_kept() {
        assert_eq!(
            spans("t.table")[0],
            Span {
                class: None,
                text: "t.table"
            }
        );
        assert_eq!(spans("SELECT 'open")[1].text, "'open");
        assert!(spans("").is_empty());
    }
}
