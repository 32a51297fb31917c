//! The statements of a section as the body of `upgrade()` or `downgrade()`.

use super::{bind, literal, typed};
use crate::settings::Settings;
use cofferdam_engine::sql::{self, LexemeKind, Segment, Statement};

/// Longest statement, or call, that stands on one line.
pub const LINE: usize = 100;

/// Spaces that no statement's further lines all have, unless it was written inside other code.
const DEEP: usize = 8;

/// One statement of Python.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    /// Lines of code, to be indented.
    Code(String),
    /// `op.execute()` of a text, whose lines are not all to be indented.
    Execute(String),
}

/// A function's body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    lines: Vec<(usize, Line)>,
    /// It has no statement, only comments.
    is_idle: bool,
}

impl Body {
    /// The body that runs `text`, the SQL of a section.
    pub fn of(text: &str, settings: &Settings) -> Self {
        let mut body = Body::default();
        let mut open = false;
        for segment in sql::segments(text) {
            body.segment(text, &segment, open, settings);
            open = !segment.is_outside();
        }
        body.is_idle = body.lines.is_empty();
        let rest = sql::split(text).trailing;
        body.comments(&text[rest], 0);
        body
    }

    /// The body of a downgrade that is not to be run.
    pub fn impossible(reason: &str) -> Self {
        let raise = format!("raise NotImplementedError({})", literal::line(reason));
        Body {
            lines: vec![(0, Line::Code(raise))],
            is_idle: false,
        }
    }

    /// Whether it names `postgresql`, which has to be imported.
    pub fn needs_postgresql(&self) -> bool {
        let needs = |line: &Line| matches!(line, Line::Code(code) if code.contains("postgresql."));
        self.lines.iter().any(|(_, line)| needs(line))
    }

    /// Its text, each line but the first indented; none where it does nothing and says nothing.
    pub fn text(&self, indent: &str) -> Option<String> {
        let mut lines: Vec<String> = Vec::new();
        for (depth, line) in &self.lines {
            let indent = format!("{indent}{}", "    ".repeat(*depth));
            match line {
                Line::Code(code) => {
                    lines.extend(code.lines().map(|line| match line {
                        "" => String::new(),
                        line => format!("{indent}{line}"),
                    }));
                }
                Line::Execute(statement) => lines.push(execute(statement, &indent)),
            }
        }
        if self.is_idle && !lines.is_empty() {
            lines.push(format!("{indent}pass"));
        }
        let text = lines.join("\n");
        let text = text.strip_prefix(indent).unwrap_or(&text);
        Some(text.to_owned()).filter(|text| !text.is_empty())
    }

    fn segment(&mut self, text: &str, segment: &Segment, after: bool, settings: &Settings) {
        // Alembic's block commits what came before it, and begins a transaction after it:
        // https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block
        let block = "with op.get_context().autocommit_block():";
        let alone = segment.is_outside() || (after && segment.statements.len() == 1);
        if after && !alone {
            let code = format!("{block}\n    pass  # ends the transaction");
            self.lines.push((0, Line::Code(code)));
        }
        for statement in &segment.statements {
            self.comments(&text[statement.range.start..statement.body.start], 0);
            if alone {
                self.lines.push((0, Line::Code(block.into())));
            }
            self.statement(text, statement, usize::from(alone), settings);
        }
    }

    fn statement(&mut self, text: &str, statement: &Statement, depth: usize, settings: &Settings) {
        let text = bare(&text[statement.body.clone()]);
        let line = match typed::operation(text, settings) {
            Some(code) => Line::Code(code),
            None => Line::Execute(text.to_owned()),
        };
        self.lines.push((depth, line));
    }

    /// The comments of `trivia` as Python's; what says how to run the statement is written as Python that does so.
    fn comments(&mut self, trivia: &str, depth: usize) {
        for lexeme in sql::lexemes(trivia) {
            let comment = &trivia[lexeme.range];
            let words = match (comment.strip_prefix("--"), comment.strip_prefix("/*")) {
                (Some(words), _) => words,
                (_, Some(words)) => words.strip_suffix("*/").unwrap_or(words),
                _ => continue,
            };
            let words = words.trim();
            if ["+commit", "+no-transaction"].contains(&words) {
                continue;
            }
            for line in words.lines() {
                let line: String = line.chars().filter(|c| !c.is_control()).collect();
                let comment = format!("# {}", line.trim());
                self.lines
                    .push((depth, Line::Code(comment.trim_end().to_owned())));
            }
        }
    }
}

/// A statement without its `;` and what stands around that.
fn bare(statement: &str) -> &str {
    let mut lexemes = sql::lexemes(statement);
    lexemes.retain(|lexeme| lexeme.kind != LexemeKind::Trivia);
    if lexemes
        .last()
        .is_some_and(|last| &statement[last.range.clone()] == ";")
    {
        lexemes.pop();
    }
    let end = lexemes.last().map_or(0, |last| last.range.end);
    &statement[..end]
}

/// `op.execute()` of a statement. A statement of several lines is indented between its tokens, never inside one.
fn execute(statement: &str, indent: &str) -> String {
    let is_long = statement.chars().count() > LINE;
    if !statement.contains('\n') && !is_long {
        return format!(
            "{indent}op.execute({})",
            literal::line(&bind::escape(statement))
        );
    }
    let inner = format!("{indent}    ");
    let mut text = format!("\n{inner}");
    let lexemes = sql::lexemes(statement);
    let surplus = surplus(statement, &lexemes);
    for (at, lexeme) in lexemes.iter().enumerate() {
        let piece = &statement[lexeme.range.clone()];
        let is_space = lexeme.kind == LexemeKind::Trivia && piece.trim().is_empty();
        let continues = |at: usize| {
            let is_literal = |lexeme: &sql::Lexeme| lexeme.kind == LexemeKind::Literal;
            at > 0 && is_literal(&lexemes[at - 1]) && lexemes.get(at + 1).is_some_and(is_literal)
        };
        match is_space && piece.contains('\n') && !continues(at) {
            true => text.push_str(&indented(piece, &inner, surplus)),
            false => text.push_str(piece),
        }
    }
    text.push('\n');
    text.push_str(&inner);
    let text = literal::block(&bind::escape(&text));
    format!("{indent}op.execute(\n{inner}{text}\n{indent})")
}

/// How many spaces each further line has too many, where the statement was written inside other code.
fn surplus(statement: &str, lexemes: &[sql::Lexeme]) -> usize {
    let spaces = lexemes.iter().filter_map(|lexeme| {
        let (_, last) = statement[lexeme.range.clone()].rsplit_once('\n')?;
        let is_space = lexeme.kind == LexemeKind::Trivia && last.chars().all(|c| c == ' ');
        is_space.then_some(last.len())
    });
    let least = spaces.min().unwrap_or(0);
    if least < DEEP { 0 } else { least - 4 }
}

/// White space with `indent` after its line ends, and without what is too much; a line without words stays empty.
fn indented(space: &str, indent: &str, surplus: usize) -> String {
    let ends = space.matches('\n').count();
    let last = space.rsplit('\n').next().unwrap_or_default();
    let last = last.get(surplus..).unwrap_or(last);
    format!("{}{indent}{last}", "\n".repeat(ends))
}
