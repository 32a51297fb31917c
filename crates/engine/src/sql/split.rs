//! Cutting a text into statements at its top-level semicolons.

use super::directive::{self, Raw};
use super::token::{Token, tokens};
use super::{Directive, Split, Statement};
use squawk_lexer::TokenKind;
use std::ops::Range;

/// A text's tokens, and its statements as ranges of tokens.
pub(crate) struct Cut<'a> {
    pub text: &'a str,
    pub tokens: Vec<Token>,
    pub pieces: Vec<Piece>,
    /// Bytes after the last statement.
    pub trailing: Range<usize>,
    /// Directives after the last statement.
    pub trailing_directives: Vec<Raw>,
}

impl Cut<'_> {
    pub(super) fn statements(&self) -> Vec<Statement> {
        self.pieces
            .iter()
            .map(|piece| Statement {
                range: piece.range.clone(),
                body: piece.body.clone(),
                directives: read(&piece.above),
            })
            .collect()
    }
}

/// One statement.
pub(crate) struct Piece {
    pub range: Range<usize>,
    pub body: Range<usize>,
    /// Indexes of the body's tokens.
    pub tokens: Range<usize>,
    /// Directives above the body.
    pub above: Vec<Raw>,
    /// Directives inside the body, where they mean nothing.
    pub inside: Vec<Raw>,
}

/// Cuts `text` into statements.
pub(crate) fn cut(text: &str) -> Cut<'_> {
    let tokens = tokens(text);
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut open = Open::default();
    let mut above = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.is_trivia() {
            if let Some(raw) = directive::of(text, token) {
                if open.first.is_some() {
                    &mut open.inside
                } else {
                    &mut above
                }
                .push(raw);
            }
            continue;
        }
        let Some(first) = open.first else {
            // A semicolon with no statement before it belongs to the trivia.
            if token.kind != TokenKind::Semi {
                open.begin(index);
                open.take(text, token, None);
            }
            continue;
        };
        if token.kind == TokenKind::Semi && open.is_top() {
            pieces.push(Piece {
                range: start..token.range.end,
                body: tokens[first].range.start..token.range.end,
                tokens: first..index + 1,
                above: std::mem::take(&mut above),
                inside: std::mem::take(&mut open.inside),
            });
            start = token.range.end;
            open = Open::default();
            continue;
        }
        let before = &tokens[open.last];
        open.take(text, token, Some(before));
        open.last = index;
    }
    if let Some(first) = open.first {
        let end = tokens[open.last].range.end;
        // Comments after the last token are not inside the statement.
        let (inside, after) = open
            .inside
            .into_iter()
            .partition(|raw| raw.range.start < end);
        pieces.push(Piece {
            range: start..end,
            body: tokens[first].range.start..end,
            tokens: first..open.last + 1,
            above: std::mem::replace(&mut above, after),
            inside,
        });
        start = end;
    }
    Cut {
        text,
        tokens,
        pieces,
        trailing: start..text.len(),
        trailing_directives: above,
    }
}

/// Cuts `sql` at top-level semicolons.
pub(super) fn split(sql: &str) -> Split {
    let cut = cut(sql);
    Split {
        statements: cut.statements(),
        trailing: cut.trailing.clone(),
        trailing_directives: read(&cut.trailing_directives),
    }
}

fn read(directives: &[Raw]) -> Vec<Directive> {
    directives
        .iter()
        .filter_map(|raw| raw.parse().ok())
        .collect()
}

/// The state inside a statement.
#[derive(Default)]
struct Open {
    first: Option<usize>,
    last: usize,
    inside: Vec<Raw>,
    parentheses: usize,
    head: Head,
    /// A word BEGIN was the last token, in a statement that may have an SQL body.
    begin: bool,
    /// BEGIN ATOMIC and the CASEs inside it that have not ended.
    atomic: usize,
}

/// How far a statement's first words spell CREATE [OR REPLACE] FUNCTION or PROCEDURE.
#[derive(Clone, Copy, Default, PartialEq)]
enum Head {
    #[default]
    Nothing,
    Create,
    Or,
    Replace,
    Routine,
    Other,
}

impl Open {
    fn begin(&mut self, index: usize) {
        self.first = Some(index);
        self.last = index;
    }

    fn is_top(&self) -> bool {
        self.parentheses == 0 && self.atomic == 0
    }

    fn take(&mut self, text: &str, token: &Token, before: Option<&Token>) {
        let begin = std::mem::take(&mut self.begin);
        match token.kind {
            TokenKind::OpenParen => self.parentheses += 1,
            TokenKind::CloseParen => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        let is = |word| token.is_word(text, word);
        self.head = match self.head {
            Head::Nothing if is("create") => Head::Create,
            Head::Create if is("or") => Head::Or,
            Head::Or if is("replace") => Head::Replace,
            Head::Create | Head::Replace if is("function") || is("procedure") => Head::Routine,
            Head::Routine => Head::Routine,
            _ => Head::Other,
        };
        if self.head != Head::Routine || token.kind != TokenKind::Ident {
            return;
        }
        // After a dot or AS, even END is a name.
        let named =
            before.is_some_and(|token| token.kind == TokenKind::Dot || token.is_word(text, "as"));
        if self.atomic == 0 {
            if begin && is("atomic") {
                self.atomic = 1;
            }
            self.begin = self.parentheses == 0 && is("begin");
        } else if !named && is("case") {
            self.atomic += 1;
        } else if !named && is("end") {
            self.atomic -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Directive;
    use super::*;

    fn bodies(sql: &str) -> Vec<&str> {
        split(sql)
            .statements
            .iter()
            .map(|statement| &sql[statement.body.clone()])
            .collect()
    }

    #[test]
    fn semicolons_inside_something_do_not_cut() {
        for whole in [
            "SELECT ';';",
            "SELECT \";\";",
            "SELECT E'\\';';",
            "SELECT $$;$$;",
            "SELECT $a$;$$;$a$;",
            "SELECT /* ; /* ; */ ; */ 1;",
            "SELECT 1 -- ;\n;",
            "SELECT U&'\\0441;', U&\";\";",
            "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b;);",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a THEN 1 END; END;",
            "create or replace procedure p() begin atomic select 1 as end; select t.end from t; end;",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT (SELECT CASE a WHEN 1 THEN CASE WHEN b THEN 2 END END); SELECT 2; END;",
        ] {
            assert_eq!(bodies(whole), [whole]);
            let two = format!("{whole} SELECT 2;");
            assert_eq!(bodies(&two), [whole, "SELECT 2;"], "{whole}");
        }
    }

    #[test]
    fn begin_atomic_counts_only_in_a_routine() {
        assert_eq!(
            bodies("BEGIN; SELECT 1; END;"),
            ["BEGIN;", "SELECT 1;", "END;"]
        );
        assert_eq!(
            bodies("SELECT begin atomic; a;"),
            ["SELECT begin atomic;", "a;"]
        );
        assert_eq!(
            bodies("CREATE FUNCTION f() RETURNS int RETURN 1; SELECT CASE WHEN a THEN 1 END; b"),
            [
                "CREATE FUNCTION f() RETURNS int RETURN 1;",
                "SELECT CASE WHEN a THEN 1 END;",
                "b"
            ]
        );
    }

    #[test]
    fn trivia_belong_to_the_statement_below() {
        let sql = "-- a\nSELECT 1; -- b\n;; /* c */ SELECT 2 -- d\n";
        let split = split(sql);
        let ranges: Vec<&str> = split
            .statements
            .iter()
            .map(|statement| &sql[statement.range.clone()])
            .collect();
        assert_eq!(ranges, ["-- a\nSELECT 1;", " -- b\n;; /* c */ SELECT 2"]);
        assert_eq!(&sql[split.trailing], " -- d\n");
        assert_eq!(bodies(sql), ["SELECT 1;", "SELECT 2"]);
    }

    #[test]
    fn a_text_without_a_statement_is_trailing() {
        for sql in ["", " \n", "-- a\n", ";", " ; ;\n"] {
            let split = split(sql);
            assert!(split.statements.is_empty(), "{sql:?}");
            assert_eq!(split.trailing, 0..sql.len());
        }
    }

    #[test]
    fn directives_stand_on_the_statement_below() {
        let sql =
            "-- +allow x: y\nSELECT 1;\n-- +commit\n-- +no-transaction\nCALL p();\n-- +commit\n";
        let split = split(sql);
        let allow = Directive::Allow {
            code: "x".to_owned(),
            reason: "y".to_owned(),
        };
        assert_eq!(split.statements[0].directives, [allow]);
        assert_eq!(
            split.statements[1].directives,
            [Directive::Commit, Directive::NoTransaction]
        );
        assert_eq!(split.trailing_directives, [Directive::Commit]);
    }

    #[test]
    fn a_directive_after_a_last_statement_without_semicolon_is_trailing() {
        let split = split("SELECT\n-- +commit\n1\n-- +commit\n");
        assert_eq!(split.statements[0].directives, []);
        assert_eq!(split.trailing_directives, [Directive::Commit]);
    }
}
