//! What is looked at before a file is parsed: nesting that a parser could not stand, and where the header ends.

use crate::header::NAMES;

/// How deep brackets, blocks and operators before an operand may go. CPython's own limits are 200 brackets and 100 blocks.
const DEPTH: usize = 90;

/// How many operators one logical line may have, as each may nest in the tree.
const OPERATORS: usize = 3_000;

/// The byte at which the file is nested too deep; none where it can be parsed. It looks at words and signs without
/// telling texts from code, so that it may only be too careful.
pub fn too_deep(source: &str) -> Option<usize> {
    let (mut depth, mut operators, mut prefixes) = (0_usize, 0_usize, 0_usize);
    let mut in_line_start = true;
    let mut indents: Vec<usize> = vec![0];
    let bytes = source.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if in_line_start {
            in_line_start = false;
            let indent = bytes[at..]
                .iter()
                .take_while(|byte| **byte == b' ' || **byte == b'\t')
                .count();
            if depth == 0 {
                operators = 0;
                while indents.last().is_some_and(|last| *last > indent) {
                    indents.pop();
                }
                if indents.last().is_some_and(|last| *last < indent) {
                    indents.push(indent);
                }
                if indents.len() > DEPTH {
                    return Some(at);
                }
            }
        }
        match byte {
            b'\n' => in_line_start = true,
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > DEPTH {
                    return exact(source).then_some(at);
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'+' | b'-' | b'*' | b'/' | b'%' | b'|' | b'&' | b'^' | b'~' | b'@' | b'<' | b'>' => {
                operators += 1;
                prefixes += 1;
            }
            b' ' | b'\t' => {}
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let end = bytes[at..]
                    .iter()
                    .position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_'))
                    .map_or(bytes.len(), |length| at + length);
                match &source[at..end] {
                    "not" | "lambda" | "await" | "if" | "else" | "for" | "yield" => {
                        operators += 1;
                        prefixes += 1;
                    }
                    _ => prefixes = 0,
                }
                at = end;
                continue;
            }
            _ => prefixes = 0,
        }
        if prefixes > DEPTH || operators > OPERATORS {
            return exact(source).then_some(at);
        }
        at += 1;
    }
    None
}

/// The same with Python's own tokens: texts and comments do not count.
fn exact(source: &str) -> bool {
    use ruff_python_ast::token::TokenKind;
    let mut lexer = ruff_python_parser::lexer::lex(source, ruff_python_parser::Mode::Module);
    let (mut depth, mut operators, mut prefixes) = (0_usize, 0_usize, 0_usize);
    loop {
        let kind = lexer.next_token();
        match kind {
            TokenKind::EndOfFile => return false,
            TokenKind::Newline => operators = 0,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::Indent => depth += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::Dedent => {
                depth = depth.saturating_sub(1);
            }
            TokenKind::Not
            | TokenKind::Lambda
            | TokenKind::Await
            | TokenKind::If
            | TokenKind::Else
            | TokenKind::For
            | TokenKind::Yield
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Tilde
            | TokenKind::Star
            | TokenKind::DoubleStar
            | TokenKind::Slash
            | TokenKind::Percent
            | TokenKind::Vbar
            | TokenKind::Amper
            | TokenKind::CircumFlex
            | TokenKind::At
            | TokenKind::Less
            | TokenKind::Greater => {
                operators += 1;
                prefixes += 1;
                if prefixes <= DEPTH && operators <= OPERATORS {
                    continue;
                }
            }
            _ => {
                prefixes = 0;
            }
        }
        if depth > DEPTH || prefixes > DEPTH || operators > OPERATORS {
            return true;
        }
    }
}

/// The part of the file before its first function, where the header's variables are all in it and are not assigned to
/// again after it; none where the whole file has to be read.
pub fn header(source: &str) -> Option<&str> {
    let mut start = 0;
    let mut end = None;
    let mut seen = false;
    for line in source.split_inclusive('\n') {
        let starts = |word: &str| line.starts_with(word);
        if end.is_none()
            && (starts("def ") || starts("async def ") || starts("class ") || starts("@"))
        {
            end = Some(start);
        }
        let assigns = NAMES.iter().any(|name| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.trim_start().starts_with(['=', ':', '+', ',']))
        });
        if assigns {
            if end.is_some() {
                return None;
            }
            seen |= starts("revision");
        }
        start += line.len();
    }
    match end {
        Some(end) if seen => source.get(..end),
        _ => None,
    }
}
