//! `script.py.mako`: filling in the project's template for new revision files.
//!
//! The expressions are those of Alembic's own templates (alembic/templates/*/script.py.mako) and of Python that
//! means the same. A template with anything else of Mako's is refused, never filled in by guessing.

use super::literal;
use ruff_python_ast::{BoolOp, Expr};
use ruff_python_parser::parse_expression;

/// The template that is used where a project has none that can be filled in, in the shape of Alembic's generic one.
pub const GENERIC: &str = r#""""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade() -> None:
    """Upgrade schema."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Downgrade schema."""
    ${downgrades if downgrades else "pass"}
"#;

/// What a template's name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filling {
    None,
    Text(String),
    Tuple(Vec<String>),
}

/// What a template's names stand for.
#[derive(Clone, Debug)]
pub struct Fillings {
    pub message: Filling,
    pub up_revision: Filling,
    pub down_revision: Filling,
    pub branch_labels: Filling,
    pub depends_on: Filling,
    pub create_date: Filling,
    pub imports: Filling,
}

/// Which function's body is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Upgrade,
    Downgrade,
}

/// A template that can be filled in.
#[derive(Clone, Debug)]
pub struct Template<'t> {
    pieces: Vec<Piece<'t>>,
}

#[derive(Clone, Debug)]
enum Piece<'t> {
    Text(&'t str),
    Expression {
        expression: Expr,
        filters: Vec<&'t str>,
        /// The white space that its line begins with.
        indent: &'t str,
    },
}

impl<'t> Template<'t> {
    /// Reads a template; what cannot be filled in, with its line, where it has such a thing.
    pub fn read(text: &'t str) -> Result<Self, (usize, String)> {
        for (index, line) in text.lines().enumerate() {
            let begins = line.trim_start();
            let found = ["<%", "</%"].iter().find(|tag| line.contains(**tag));
            let found = found.or(["%", "##"].iter().find(|sign| begins.starts_with(**sign)));
            match found {
                Some(sign) => return Err((index + 1, format!("`{sign}`"))),
                None if line.ends_with('\\') => return Err((index + 1, "`\\` at its end".into())),
                None => {}
            }
        }
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(start) = text[at..].find("${").map(|found| at + found) {
            pieces.push(Piece::Text(&text[at..start]));
            let refuse = || (text[..start].matches('\n').count() + 1, "`${`".to_owned());
            let end = start + text[start..].find('}').ok_or_else(refuse)?;
            let inside = &text[start + 2..end];
            let (source, filters) = inside.rsplit_once('|').unwrap_or((inside, ""));
            let filters = filters.split(',').map(str::trim);
            let filters: Vec<&str> = filters.filter(|filter| !filter.is_empty()).collect();
            let refuse = || (refuse().0, format!("`${{{}}}`", inside.trim()));
            let parsed = parse_expression(source.trim()).map_err(|_| refuse())?;
            let expression = *parsed.into_syntax().body;
            if !is_usual(&expression) || !filters.iter().all(|filter| FILTERS.contains(filter)) {
                return Err(refuse());
            }
            let line = text[..start].rfind('\n').map_or(0, |found| found + 1);
            let before = &text[line..start];
            let blank = before.len() - before.trim_start().len();
            pieces.push(Piece::Expression {
                expression,
                filters,
                indent: &before[..blank],
            });
            at = end + 1;
        }
        pieces.push(Piece::Text(&text[at..]));
        Ok(Template { pieces })
    }

    /// Fills it in. `body` gives a function's statements, indented but for the first line.
    pub fn fill(&self, fillings: &Fillings, body: impl Fn(Function, &str) -> Filling) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Expression {
                    expression,
                    filters,
                    indent,
                } => {
                    let value = value(expression, &|name| match name {
                        "upgrades" => body(Function::Upgrade, indent),
                        "downgrades" => body(Function::Downgrade, indent),
                        name => fillings.of(name),
                    });
                    out.push_str(&shown(&value, filters));
                }
            }
        }
        out
    }
}

impl Fillings {
    fn of(&self, name: &str) -> Filling {
        match name {
            "message" => self.message.clone(),
            "up_revision" => self.up_revision.clone(),
            "down_revision" => self.down_revision.clone(),
            "branch_labels" => self.branch_labels.clone(),
            "depends_on" => self.depends_on.clone(),
            "create_date" => self.create_date.clone(),
            "imports" => self.imports.clone(),
            _ => Filling::None,
        }
    }
}

/// Mako's own filters that change nothing here, and Alembic's `comma`.
const FILTERS: [&str; 4] = ["comma", "n", "trim", "str"];

const NAMES: [&str; 9] = [
    "message",
    "up_revision",
    "down_revision",
    "branch_labels",
    "depends_on",
    "create_date",
    "imports",
    "upgrades",
    "downgrades",
];

fn is_usual(expression: &Expr) -> bool {
    match expression {
        Expr::Name(name) => NAMES.contains(&name.id.as_str()),
        Expr::StringLiteral(_) | Expr::NoneLiteral(_) => true,
        Expr::Call(call) => {
            let is_repr = matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "repr");
            is_repr
                && call.arguments.keywords.is_empty()
                && matches!(&*call.arguments.args, [only] if is_usual(only))
        }
        Expr::If(choice) => [&choice.test, &choice.body, &choice.orelse]
            .iter()
            .all(|part| is_usual(part)),
        Expr::BoolOp(choice) => choice.op == BoolOp::Or && choice.values.iter().all(is_usual),
        _ => false,
    }
}

fn value(expression: &Expr, name: &dyn Fn(&str) -> Filling) -> Filling {
    match expression {
        Expr::Name(found) => name(found.id.as_str()),
        Expr::StringLiteral(text) => Filling::Text(text.value.to_str().to_owned()),
        Expr::Call(call) => match call.arguments.args.first() {
            Some(only) => Filling::Text(value(only, name).repr()),
            None => Filling::None,
        },
        Expr::If(choice) => match value(&choice.test, name).is_true() {
            true => value(&choice.body, name),
            false => value(&choice.orelse, name),
        },
        Expr::BoolOp(choice) => {
            let mut last = Filling::None;
            for part in &choice.values {
                last = value(part, name);
                if last.is_true() {
                    break;
                }
            }
            last
        }
        _ => Filling::None,
    }
}

fn shown(value: &Filling, filters: &[&str]) -> String {
    match value {
        Filling::Text(text) => text.clone(),
        Filling::None if filters.contains(&"comma") => String::new(),
        Filling::Tuple(items) if filters.contains(&"comma") => items.join(", "),
        other => other.repr(),
    }
}

impl Filling {
    /// The form in which Alembic gives ids: none, one, or a tuple (`tuple_rev_as_scalar` of alembic/script/revision.py).
    pub fn scalar(mut items: Vec<String>) -> Self {
        match items.len() {
            0 => Filling::None,
            1 => Filling::Text(items.remove(0)),
            _ => Filling::Tuple(items),
        }
    }

    fn is_true(&self) -> bool {
        match self {
            Filling::None => false,
            Filling::Text(text) => !text.is_empty(),
            Filling::Tuple(items) => !items.is_empty(),
        }
    }

    fn repr(&self) -> String {
        match self {
            Filling::None => "None".into(),
            Filling::Text(text) => literal::repr(text),
            Filling::Tuple(items) => {
                let items: Vec<String> = items.iter().map(|item| literal::repr(item)).collect();
                match items.as_slice() {
                    [only] => format!("({only},)"),
                    several => format!("({})", several.join(", ")),
                }
            }
        }
    }
}
