//! A text's syntax trees, parsed once.

use super::Statement;
use super::doubt;
use super::nesting::refuse;
use super::split::{Cut, Piece, cut};
use super::token::Token;
use super::tree::{MAX_BYTES, Tree, mask};
use crate::two::{InTurn, Two};
use squawk_lexer::TokenKind;
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{Parse, SourceFile, SyntaxKind};
use std::ops::Range;

/// A text, cut and parsed. Unlike trees, it may go from one thread to another.
pub(crate) struct Source<'a> {
    pub cut: Cut<'a>,
    /// The text with white space where the statements of `rest` stand, and what is not parsed: statements that would overflow
    /// the parser's stack, the strings after AS, and squawk's own comments, which are read here.
    pub whole: Parse<SourceFile>,
    /// As `whole`, of the statements that were set apart; none where there are none.
    rest: Option<Parse<SourceFile>>,
}

/// A statement with its tree, whose offsets are those of the text.
pub(crate) struct Parsed {
    pub statement: Statement,
    /// None where the statement cannot be read.
    pub tree: Option<Tree>,
    /// The codes of the `squawk-ignore` comments above it; an empty list means every code.
    pub ignored: Vec<Vec<String>>,
}

/// The statements of `sql`, one section of a revision or a whole file, in order.
pub(crate) fn read(sql: &str) -> Vec<Parsed> {
    let source = Source::read(sql);
    source.plant(&source.errors())
}

impl<'a> Source<'a> {
    /// Parses all of it at once.
    pub fn read(sql: &'a str) -> Self {
        Source::parse(cut(sql), |_, _| false, InTurn)
    }

    /// Parses the statements that are set apart by themselves.
    pub fn parse(cut: Cut<'a>, is_apart: impl Fn(&Cut<'a>, &Piece) -> bool, two: impl Two) -> Self {
        let sql = cut.text;
        let mut whole = String::with_capacity(sql.len());
        let mut rest = String::new();
        for (at, piece) in cut.pieces.iter().enumerate() {
            let first = match at {
                0 => 0,
                _ => cut.pieces[at - 1].tokens.end,
            };
            let masked = match is_apart(&cut, piece) {
                true => &mut rest,
                false => &mut whole,
            };
            let start = cut.tokens.get(first).map_or(0, |token| token.range.start);
            masked.extend(std::iter::repeat_n(' ', start - masked.len()));
            comments(masked, sql, &cut.tokens[first..piece.tokens.start]);
            let tokens = &cut.tokens[piece.tokens.clone()];
            let is_broken = tokens
                .last()
                .is_some_and(|token| token.unterminated().is_some());
            if is_broken || piece.body.len() > MAX_BYTES || refuse(sql, tokens).is_some() {
                blank(masked, &sql[piece.body.clone()]);
            } else {
                masked.push_str(&mask(sql, piece.body.clone(), tokens));
            }
        }
        let (whole, rest) = two.both(
            || SourceFile::parse(&whole),
            || (!rest.is_empty()).then(|| SourceFile::parse(&rest)),
        );
        Source { cut, whole, rest }
    }

    /// Where syntax errors stand, in order. They are looked for at each call.
    pub fn errors(&self) -> Vec<usize> {
        let parts = std::iter::once(&self.whole).chain(&self.rest);
        let mut errors: Vec<usize> = parts
            .flat_map(doubt::errors)
            .map(|error| error.range().start().into())
            .collect();
        errors.sort_unstable();
        errors
    }

    /// Its statements with their trees, where its syntax errors are `errors`.
    pub fn plant(&self, errors: &[usize]) -> Vec<Parsed> {
        let cut = &self.cut;
        let sql = cut.text;
        let parts = [Some(&self.whole), self.rest.as_ref()];
        let mut parts = parts.map(|part| {
            let trees = part.map(|part| part.tree().stmts());
            trees.into_iter().flatten().peekable()
        });
        let statements = cut.statements().into_iter().zip(&cut.pieces);
        statements
            .enumerate()
            .map(|(at, (statement, piece))| {
                let mut found = Vec::new();
                for trees in &mut parts {
                    while let Some(tree) = trees.next_if(|tree| start(tree) < statement.body.end) {
                        if start(&tree) >= statement.body.start {
                            found.push(tree);
                        }
                    }
                }
                let first = match at {
                    0 => 0,
                    _ => cut.pieces[at - 1].tokens.end,
                };
                Parsed {
                    ignored: ignored(sql, &cut.tokens[first..piece.tokens.start]),
                    tree: match (found.len(), has_error(errors, &statement.body)) {
                        (1, false) => {
                            let tree = found.pop().filter(|tree| is_whole(tree, piece));
                            tree.map(|tree| Tree::of(tree, &sql[piece.body.clone()]))
                        }
                        _ => None,
                    },
                    statement,
                }
            })
            .collect()
    }
}

/// Whether one of `errors`, in order, stands in the statement.
fn has_error(errors: &[usize], body: &Range<usize>) -> bool {
    let first = errors.partition_point(|at| *at < body.start);
    errors.get(first).is_some_and(|at| *at <= body.end)
}

/// Whether the tree is all of the statement, and not what the parser picked out of it.
fn is_whole(tree: &ast::Stmt, piece: &Piece) -> bool {
    let end: usize = tree.syntax().text_range().end().into();
    start(tree) == piece.body.start && end + 1 >= piece.body.end
}

/// Where a tree's first token or node stands.
fn start(tree: &ast::Stmt) -> usize {
    let node = tree.syntax();
    let green = node.green();
    let is_trivia = |kind: u16| SyntaxKind::from(kind).is_trivia();
    let before = green
        .children()
        .map_while(|child| is_trivia(child.kind().0).then(|| usize::from(child.text_len())));
    usize::from(node.text_range().start()) + before.sum::<usize>()
}

/// Adds white space and comments, without what squawk would take for an order.
fn comments(masked: &mut String, sql: &str, tokens: &[Token]) {
    for token in tokens {
        let text = &sql[token.range.clone()];
        match ignore_words(text) {
            Some(_) => blank(masked, text),
            None => masked.push_str(text),
        }
    }
}

fn blank(masked: &mut String, text: &str) {
    masked.extend(text.bytes().map(|byte| match byte {
        b'\n' => '\n',
        b'\r' => '\r',
        _ => ' ',
    }));
}

/// The codes of each squawk-ignore comment among these tokens.
fn ignored(sql: &str, tokens: &[Token]) -> Vec<Vec<String>> {
    let comments = tokens.iter().filter(|token| {
        matches!(
            token.kind,
            TokenKind::LineComment | TokenKind::BlockComment { .. }
        )
    });
    comments
        .filter_map(|token| ignore_words(&sql[token.range.clone()]))
        .filter(|words| !words.starts_with("-file"))
        .map(codes)
        .collect()
}

/// The codes of the squawk-ignore-file comments of a text.
pub(crate) fn ignored_in_file(sql: &str) -> Vec<Vec<String>> {
    let tokens = super::token::tokens(sql);
    let comments = tokens.iter().filter(|token| {
        matches!(
            token.kind,
            TokenKind::LineComment | TokenKind::BlockComment { .. }
        )
    });
    comments
        .filter_map(|token| ignore_words(&sql[token.range.clone()]))
        .filter_map(|words| words.strip_prefix("-file"))
        .map(codes)
        .collect()
}

/// What follows `squawk-ignore` in a comment.
fn ignore_words(comment: &str) -> Option<&str> {
    let inner = comment.strip_prefix("--").or_else(|| {
        let inner = comment.strip_prefix("/*")?;
        inner.strip_suffix("*/")
    })?;
    let words = inner.trim_start().strip_prefix("squawk-ignore")?;
    Some(words.split("--").next().unwrap_or_default())
}

fn codes(words: &str) -> Vec<String> {
    let codes = words.split(',').map(|code| code.trim().to_owned());
    codes.filter(|code| !code.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_has_its_own_tree_or_none() {
        let sql = "SELECT 1; -- squawk-ignore ban-drop-table, x -- why\nfrobnicate the table;\n/* squawk-ignore */ DROP TABLE t;\nSELECT 'ü'\nSELECT 2;SELECT 3";
        let statements = read(sql);
        let found: Vec<_> = statements
            .iter()
            .map(|parsed| {
                let text = &sql[parsed.statement.body.clone()];
                (text, parsed.tree.is_some(), parsed.ignored.clone())
            })
            .collect();
        let codes = vec![vec!["ban-drop-table".to_owned(), "x".to_owned()]];
        assert_eq!(
            found,
            [
                ("SELECT 1;", true, vec![]),
                ("frobnicate the table;", false, codes),
                ("DROP TABLE t;", true, vec![vec![]]),
                ("SELECT 'ü'\nSELECT 2;", false, vec![]),
                ("SELECT 3", true, vec![]),
            ]
        );
    }
}
