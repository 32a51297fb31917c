//! Generators: functions that yield.
//!
//! One is run to its end where it is called. That is the same as running it piece by piece, as long as it does nothing
//! to the database by itself; where it does, what it gives is unknown.

use super::Interpreter;
use super::statement::Flow;
use crate::value::{Stop, Unknown, Value};
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};
use std::rc::Rc;

/// Whether a function with this body is a generator.
pub(super) fn is_generator(body: &[Stmt]) -> bool {
    struct Yields(bool);
    impl<'a> Visitor<'a> for Yields {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            if !self.0 && !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                walk_stmt(self, statement);
            }
        }
        fn visit_expr(&mut self, expression: &'a Expr) {
            match expression {
                Expr::Yield(_) | Expr::YieldFrom(_) => self.0 = true,
                Expr::Lambda(_) => {}
                _ => walk_expr(self, expression),
            }
        }
    }
    let mut yields = Yields(false);
    yields.visit_body(body);
    yields.0
}

impl<'a> Interpreter<'a> {
    /// What a generator with this body gives.
    pub(super) fn generator(&mut self, body: &'a [Stmt]) -> Result<Value, Stop> {
        let before = self.world.steps.len();
        self.yielded = Some(Ok(Vec::new()));
        let flow = self.block(body)?;
        let given = self.yielded.take().unwrap_or(Ok(Vec::new()));
        Ok(match flow {
            Flow::Lost(unknown) => Value::Unknown(unknown),
            _ if self.world.steps.len() != before => {
                let unknown =
                    self.unknown("needs a generator that changes the database on its way");
                if let Value::Unknown(unknown) = &unknown {
                    self.world.unreadable(unknown);
                }
                unknown
            }
            _ => match given {
                Ok(given) => Value::list(given),
                Err(unknown) => Value::Unknown(unknown),
            },
        })
    }

    /// `yield value`.
    pub(super) fn yield_value(&mut self, value: Value) -> Value {
        match &mut self.yielded {
            Some(given) => {
                if let Ok(given) = given {
                    given.push(value);
                }
                Value::None
            }
            None => self.unknown("is a kind of expression that Cofferdam does not follow"),
        }
    }

    /// Says that the running generator gives something else that cannot be known, where `body` yields.
    pub(super) fn lose_yields(&mut self, body: &[Stmt], unknown: &Rc<Unknown>) {
        if let Some(given @ Ok(_)) = &mut self.yielded
            && is_generator(body)
        {
            *given = Err(unknown.clone());
        }
    }

    /// `yield from values`.
    pub(super) fn yield_from(&mut self, over: &Value) -> Result<Value, Stop> {
        match self.elements(over)? {
            Ok(items) => {
                for item in items {
                    self.yield_value(item);
                }
            }
            Err(unknown) => {
                if let Some(given) = &mut self.yielded {
                    *given = Err(unknown);
                }
            }
        }
        Ok(Value::None)
    }
}
