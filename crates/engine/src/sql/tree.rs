//! One statement's syntax tree.

use super::green::{self, segments};
use super::nesting::{Refusal, refuse};
use super::schema::TableName;
use super::token::{Token, tokens};
use super::{Execution, execution};
use squawk_lexer::{LiteralKind, TokenKind};
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{Parse, SourceFile, SyntaxKind, SyntaxNode};
use std::ops::Range;

/// Longest statement that is parsed.
pub(super) const MAX_BYTES: usize = 4 << 20;

/// A statement without a syntax error, parsed once for all who read it.
#[derive(Clone, Debug)]
pub struct Tree {
    statement: ast::Stmt,
    is_outside: bool,
}

impl Tree {
    /// Parses `statement` (one statement's text).
    ///
    /// # Errors
    /// One sentence that says why it cannot be read: a syntax error, too deep, longer than 4 MB.
    pub fn read(statement: &str) -> Result<Self, String> {
        if statement.len() > MAX_BYTES {
            return Err("It is longer than 4 MB, which is not read.".to_owned());
        }
        let tokens = tokens(statement);
        let unterminated = tokens.last().and_then(Token::unterminated);
        if let Some(what) = unterminated {
            return Err(format!("A {what} in it never ends."));
        }
        match refuse(statement, &tokens) {
            Some(Refusal::TooDeep(_)) => {
                return Err("It is nested too deep to be read.".to_owned());
            }
            Some(Refusal::Broken(_)) => {
                return Err("It has a syntax error, it seems.".to_owned());
            }
            None => {}
        }
        let file = parse(statement, 0..statement.len(), &tokens);
        if !file.errors().is_empty() {
            return Err("It has a syntax error.".to_owned());
        }
        let mut all = file
            .tree()
            .stmts()
            .filter(|statement| !matches!(statement, ast::Stmt::EmptyStmt(_)));
        match (all.next(), all.next()) {
            (Some(one), None) => Ok(Tree {
                statement: one,
                is_outside: execution(statement, &[]) != Execution::Transactional,
            }),
            (None, _) => Err("There is no statement in it.".to_owned()),
            (Some(_), Some(_)) => Err("It is more than one statement.".to_owned()),
        }
    }

    /// A statement that was parsed with others; `text` is its own.
    pub(super) fn of(statement: ast::Stmt, text: &str) -> Self {
        Tree {
            statement,
            is_outside: execution(text, &[]) != Execution::Transactional,
        }
    }

    pub(crate) fn statement(&self) -> &ast::Stmt {
        &self.statement
    }

    /// Whether PostgreSQL refuses it in a transaction block.
    pub fn is_outside(&self) -> bool {
        self.is_outside
    }
}

/// Parses one statement of `text`, whose body is at `range`. Ranges of the tree count from the start of the body.
pub(super) fn parse(text: &str, range: Range<usize>, tokens: &[Token]) -> Parse<SourceFile> {
    SourceFile::parse(&mask(text, range, tokens))
}

/// The statement's text with the strings after AS emptied, byte for byte as long: squawk would parse
/// the bodies of SQL functions in them, which nothing has measured yet.
pub(super) fn mask(text: &str, range: Range<usize>, tokens: &[Token]) -> String {
    let mut masked = String::with_capacity(range.len());
    let mut after_as = false;
    for token in tokens {
        let part = &text[token.range.clone()];
        if token.is_trivia() {
            masked.push_str(part);
        } else if after_as && is_string(token.kind) {
            masked.push_str("''");
            masked.extend(std::iter::repeat_n(' ', part.len().saturating_sub(2)));
        } else {
            after_as = token.is_word(text, "as") || after_as && token.kind == TokenKind::Comma;
            masked.push_str(part);
        }
    }
    masked
}

fn is_string(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Literal {
            kind: LiteralKind::Str { .. }
                | LiteralKind::EscStr { .. }
                | LiteralKind::UnicodeEscStr { .. }
                | LiteralKind::NationalStr { .. }
                | LiteralKind::DollarQuotedString { .. }
        }
    )
}

/// The folded name that a node holds: a column's, a role's, or the last part of a qualified one.
pub(super) fn word(node: Option<impl AstNode>) -> Option<String> {
    let node = node?;
    segments(node.syntax()).pop()
}

/// The name of a relation, a type or a function that a node holds.
pub(super) fn name(node: Option<impl AstNode>) -> Option<TableName> {
    name_of(node?.syntax())
}

/// As [`name`].
pub(crate) fn name_of(node: &SyntaxNode) -> Option<TableName> {
    let mut parts = segments(node);
    let name = parts.pop()?;
    Some(TableName::new(parts.pop(), name))
}

/// A node's text without the white space around it.
pub(super) fn text(node: &SyntaxNode) -> String {
    green::text(node).trim().to_owned()
}

/// The first child that is a `N`.
pub(super) fn child<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    let green = node.green();
    let mut kinds = green.children().map(|child| child.kind().0.into());
    let is_there = kinds.any(N::can_cast);
    is_there
        .then(|| node.children().find_map(N::cast))
        .flatten()
}

/// Whether the word of that kind stands directly in the node.
pub(super) fn has(node: &SyntaxNode, kind: SyntaxKind) -> bool {
    green::holds(&node.green(), kind)
}
