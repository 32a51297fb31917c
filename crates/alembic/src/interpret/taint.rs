//! What a statement that was not run may have changed.

use super::Interpreter;
use crate::value::{Unknown, Value};
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprContext, Stmt};
use std::rc::Rc;

/// Whether it calls anything, so that it may do something to the database.
pub(super) fn calls(statement: &Stmt) -> bool {
    #[derive(Default)]
    struct Calls(bool);
    impl<'a> Visitor<'a> for Calls {
        fn visit_expr(&mut self, expression: &'a Expr) {
            self.0 |= matches!(expression, Expr::Call(_));
            walk_expr(self, expression);
        }
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            // Defining a function does nothing yet; raising ends the migration, which is known by the rest.
            if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                walk_stmt(self, statement);
            }
        }
    }
    let mut found = Calls::default();
    found.visit_stmt(statement);
    found.0
}

/// Whether one of the statements may leave the function or the loop around them. Raising is none of it: then the migration
/// ends, and nothing was done.
pub(super) fn leaves(body: &[Stmt]) -> bool {
    #[derive(Default)]
    struct Leaves {
        found: bool,
        loops: u32,
    }
    impl<'a> Visitor<'a> for Leaves {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            match statement {
                Stmt::Return(_) => self.found = true,
                Stmt::Break(_) | Stmt::Continue(_) if self.loops == 0 => self.found = true,
                Stmt::For(_) | Stmt::While(_) => {
                    self.loops += 1;
                    walk_stmt(self, statement);
                    self.loops -= 1;
                }
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                _ => walk_stmt(self, statement),
            }
        }
    }
    let mut leaves = Leaves::default();
    for statement in body {
        leaves.visit_stmt(statement);
    }
    leaves.found
}

/// The names that the statements assign to, or whose values they may change by a method.
#[derive(Default)]
struct Changed<'a>(Vec<&'a str>);

impl<'a> Visitor<'a> for Changed<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(it) => self.0.push(&it.name.id),
            Stmt::ClassDef(it) => self.0.push(&it.name.id),
            Stmt::Import(it) => self.0.extend(it.names.iter().map(|alias| {
                let name = alias.asname.as_ref().unwrap_or(&alias.name);
                name.id.as_str().split('.').next().unwrap_or_default()
            })),
            Stmt::ImportFrom(it) => self.0.extend(
                it.names
                    .iter()
                    .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).id.as_str()),
            ),
            _ => walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx != ExprContext::Load => self.0.push(&name.id),
            Expr::Subscript(it) if it.ctx != ExprContext::Load => {
                if let Expr::Name(name) = &*it.value {
                    self.0.push(&name.id);
                }
                walk_expr(self, expression);
            }
            Expr::Call(call) => {
                if let Expr::Attribute(attribute) = &*call.func
                    && let Expr::Name(name) = &*attribute.value
                    && MUTATING.contains(&attribute.attr.id.as_str())
                {
                    self.0.push(&name.id);
                }
                walk_expr(self, expression);
            }
            _ => walk_expr(self, expression),
        }
    }
}

/// The methods of lists, sets and dicts that change them.
const MUTATING: [&str; 13] = [
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "sort",
    "reverse",
    "add",
    "discard",
    "update",
    "setdefault",
    "popitem",
];

impl<'a> Interpreter<'a> {
    /// Makes every name unknown that `body` may have changed.
    pub(super) fn taint(&mut self, body: &'a [Stmt], unknown: &Rc<Unknown>) {
        self.lose_yields(body, unknown);
        let mut changed = Changed::default();
        for statement in body {
            changed.visit_stmt(statement);
        }
        for name in changed.0 {
            self.set(name, Value::Unknown(unknown.clone()));
        }
    }
}
