//! Which statements are looked at again for syntax errors. The grammar lets some things pass that PostgreSQL does not;
//! [`Parse::errors`] looks for them in several walks of the whole tree. One walk of its green tree tells the
//! statements where they may be: few have any of the forms that squawk-syntax 2.68 looks at.

use super::green::{holds as has, kind, write};
use rowan::{GreenNodeData, NodeOrToken};
use squawk_parser::{is_col_name_keyword, is_reserved_keyword, is_type_func_name_keyword};
use squawk_syntax::ast::{AstNode, ConfigValue, SetColumn, Type};
use squawk_syntax::syntax_error::SyntaxError;
use squawk_syntax::{Parse, SourceFile, SyntaxKind};

/// What is wrong with a file.
pub(super) fn errors(file: &Parse<SourceFile>) -> Vec<SyntaxError> {
    let doubt = match parses(file) {
        true => Doubt::about(&file.syntax_node().green()),
        false => Doubt::All,
    };
    match doubt {
        Doubt::Nothing => Vec::new(),
        Doubt::Of(sql) => SourceFile::parse(&sql).errors(),
        Doubt::All => file.errors(),
    }
}

/// Whether the parser itself found nothing wrong. What it found is told apart from what [`Parse::errors`] finds after it in the
/// derived `Debug` alone; parsing once more, with squawk-parser, would tell it too, and takes a seventh of all of judging.
fn parses(file: &Parse<SourceFile>) -> bool {
    format!("{file:?}").contains("errors: None")
}

/// What has to be looked at again in a file that parses.
#[derive(Debug, PartialEq, Eq)]
enum Doubt {
    Nothing,
    /// These statements alone: their text, at its place, with white space around.
    Of(String),
    All,
}

impl Doubt {
    /// Of the file whose tree is `file`.
    fn about(file: &GreenNodeData) -> Self {
        let mut kept = String::new();
        let mut bytes = 0;
        let mut at = 0;
        let mut is_open = false;
        for child in file.children() {
            let length = usize::from(child.text_len());
            if let NodeOrToken::Node(statement) = child {
                let is_empty = kind(statement) == SyntaxKind::EMPTY_STMT;
                if is_open && !is_empty {
                    // A semicolon is missing before it.
                    return Doubt::All;
                }
                is_open = !is_empty && !ends(statement);
                if is_doubtful(statement, SyntaxKind::SOURCE_FILE) {
                    kept.extend(std::iter::repeat_n(' ', at - kept.len()));
                    write(statement, &mut kept);
                    bytes += length;
                }
            }
            at += length;
        }
        match bytes {
            0 => Doubt::Nothing,
            _ if bytes * 2 > at => Doubt::All,
            _ => Doubt::Of(kept),
        }
    }
}

/// Whether a semicolon ends it.
fn ends(statement: &GreenNodeData) -> bool {
    let last = statement.children().last();
    let last = last.and_then(NodeOrToken::into_token);
    last.is_some_and(|token| token.kind().0 == u16::from(SyntaxKind::SEMICOLON))
}

/// Whether something may be wrong with the node, which stands in one of the kind `parent`, or with what it holds.
fn is_doubtful(node: &GreenNodeData, parent: SyntaxKind) -> bool {
    let own = kind(node);
    is_doubtful_itself(node, own, parent)
        || node.children().any(|child| match child {
            NodeOrToken::Node(node) => is_doubtful(node, own),
            NodeOrToken::Token(token) => match SyntaxKind::from(token.kind().0) {
                SyntaxKind::IDENT => token.text().as_bytes().get(1) == Some(&b'&'),
                kind => kind == SyntaxKind::UESCAPE_KW,
            },
        })
}

fn is_doubtful_itself(node: &GreenNodeData, own: SyntaxKind, parent: SyntaxKind) -> bool {
    use SyntaxKind as K;
    match own {
        K::AGGREGATE
        | K::ALL_FN
        | K::ANY_FN
        | K::ATOMIC_BODY
        | K::CREATE_AGGREGATE
        | K::CREATE_FUNCTION
        | K::CREATE_PROCEDURE
        | K::DISTINCT_CLAUSE
        | K::DISTINCT_ON
        | K::DO
        | K::EXCEPT_TABLE_CLAUSE
        | K::FUNC_OPTION_LIST
        | K::FUNCTION_SIG
        | K::JOIN_CROSS
        | K::JSON_ARRAY_FN
        | K::JSON_OBJECT_FN
        | K::NON_STANDARD_PARAM
        | K::PAREN_FROM_ITEM
        | K::PARTITION_FOR_VALUES_WITH
        | K::PROCEDURE_SIG
        | K::ROUTINE_SIG
        | K::RULE_STMT_LIST
        | K::SELECT_INTO
        | K::SOME_FN
        | K::STORAGE_MODE => true,
        K::ARRAY_EXPR => !has(node, K::ARRAY_KW) || has(node, K::L_PAREN),
        K::BIN_EXPR => match has(node, K::IN_KW) || has(node, K::NOT_IN) {
            true => !is_listed(node),
            false => has(node, K::OVERLAPS_KW),
        },
        K::CALL_EXPR => {
            let called = nodes(node).find(|node| kind(node) == K::NAME_REF);
            called.and_then(first_token).is_some_and(|first| {
                let mut lists = nodes(node).filter(|node| kind(node) == K::ARG_LIST);
                let takes_any = matches!(first, K::COALESCE_KW | K::GREATEST_KW | K::LEAST_KW);
                let is_known = takes_any && lists.any(|list| has(list, K::ARG));
                !is_known && (is_col_name_keyword(first) || is_reserved_keyword(first))
            })
        }
        K::COLUMN => {
            parent == K::TABLE_ARG_LIST && !nodes(node).any(|node| Type::can_cast(kind(node)))
        }
        K::COLUMN_TARGET => nodes(node).count() > 1,
        K::CUSTOM_OP => parent == K::PREFIX_EXPR || u32::from(node.text_len()) > 63,
        K::FUNCTION_FROM_ITEM => has(node, K::ONLY_KW),
        K::JOIN => {
            let is_told = has(node, K::ON_CLAUSE) || has(node, K::JOIN_USING_CLAUSE);
            has(node, K::NATURAL_KW) || !is_told
        }
        K::LITERAL => {
            let is_one = node.children().len() == 1;
            !is_one || has(node, K::DEFAULT_KW) || has(node, K::UNICODE_ESC_STRING)
        }
        K::NAME_REF | K::TABLE_NAME => first_token(node).is_some_and(is_type_func_name_keyword),
        K::RELATION_FROM_ITEM => has(node, K::LATERAL_KW),
        K::SELECT => {
            let mut clauses = nodes(node).map(kind);
            let first = clauses.find(|kind| matches!(kind, K::FROM_CLAUSE | K::SELECT_CLAUSE));
            matches!(parent, K::PAREN_EXPR | K::TUPLE_EXPR) || first == Some(K::FROM_CLAUSE)
        }
        K::SET_COLUMN_LIST => !nodes(node).any(|node| SetColumn::can_cast(kind(node))),
        K::TO_CONFIG_VALUE => {
            !has(node, K::DEFAULT_KW) && !nodes(node).any(|node| ConfigValue::can_cast(kind(node)))
        }
        _ if Type::can_cast(own) => {
            let mut lists = nodes(node).filter(|node| kind(node) == K::ARG_LIST);
            !lists.all(|list| nodes(list).all(is_number))
        }
        _ => false,
    }
}

/// Whether what stands behind IN is a list, or something in parentheses.
fn is_listed(node: &GreenNodeData) -> bool {
    let behind = nodes(node).last();
    behind.is_some_and(|behind| match kind(behind) {
        SyntaxKind::PAREN_EXPR => true,
        SyntaxKind::TUPLE_EXPR => {
            !has(behind, SyntaxKind::ROW_KW) && nodes(behind).next().is_some()
        }
        _ => false,
    })
}

/// Whether it is an argument that is a number alone.
fn is_number(argument: &GreenNodeData) -> bool {
    let mut children = argument.children();
    let only = children.next().and_then(NodeOrToken::into_node);
    let is_literal = only
        .is_some_and(|only| kind(only) == SyntaxKind::LITERAL && has(only, SyntaxKind::INT_NUMBER));
    is_literal && children.next().is_none()
}

fn nodes(node: &GreenNodeData) -> impl Iterator<Item = &GreenNodeData> {
    node.children().filter_map(NodeOrToken::into_node)
}

/// The kind of the first token in it, white space and comments among them.
fn first_token(node: &GreenNodeData) -> Option<SyntaxKind> {
    match node.children().next()? {
        NodeOrToken::Node(node) => first_token(node),
        NodeOrToken::Token(token) => Some(SyntaxKind::from(token.kind().0)),
    }
}

#[cfg(test)]
mod tests;
