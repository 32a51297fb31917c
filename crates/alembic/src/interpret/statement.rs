//! Statements.

use super::{Definition, Interpreter, truth};
use crate::library;
use crate::value::{Function, Stop, Unknown, Value};
use ruff_python_ast::{
    ExceptHandler, Expr, Stmt, StmtFor, StmtFunctionDef, StmtIf, StmtRaise, StmtTry, StmtWhile,
    StmtWith,
};
use ruff_text_size::Ranged;
use std::rc::Rc;

/// Where a statement leads.
#[derive(Debug)]
pub(super) enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
    /// Whether anything after this runs depends on something unknown.
    Lost(Rc<Unknown>),
}

impl<'a> Interpreter<'a> {
    pub(super) fn block(&mut self, body: &'a [Stmt]) -> Result<Flow, Stop> {
        let mut statements = body.iter();
        while let Some(statement) = statements.next() {
            match self.statement(statement)? {
                Flow::Next => {}
                Flow::Lost(unknown) => {
                    let rest = statements.as_slice();
                    if let Some(next) = rest.iter().find(|next| super::taint::calls(next)) {
                        self.stand_at(next.range());
                        self.world.unreadable(&Unknown {
                            line: self.world.line,
                            reason: format!(
                                "runs or not by line {}, which {}",
                                unknown.line, unknown.reason
                            ),
                        });
                    }
                    self.taint(rest, &unknown);
                    return Ok(Flow::Lost(unknown));
                }
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    pub(super) fn statement(&mut self, statement: &'a Stmt) -> Result<Flow, Stop> {
        self.spend()?;
        self.deeper(|this| this.statement_inside(statement))
    }

    fn statement_inside(&mut self, statement: &'a Stmt) -> Result<Flow, Stop> {
        let compound = matches!(
            statement,
            Stmt::FunctionDef(_)
                | Stmt::ClassDef(_)
                | Stmt::For(_)
                | Stmt::While(_)
                | Stmt::If(_)
                | Stmt::With(_)
                | Stmt::Try(_)
                | Stmt::Match(_)
        );
        if !compound {
            self.stand_at(statement.range());
        }
        match statement {
            Stmt::Expr(it) => {
                self.value(&it.value)?;
            }
            Stmt::Assign(it) => {
                let value = self.value(&it.value)?;
                for target in &it.targets {
                    self.assign(target, value.clone())?;
                }
            }
            Stmt::AnnAssign(it) => {
                if let Some(value) = &it.value {
                    let value = self.value(value)?;
                    self.assign(&it.target, value)?;
                }
            }
            Stmt::AugAssign(it) => self.augment(it)?,
            Stmt::FunctionDef(it) => {
                let value = if it.is_async || !self.is_plain(it)? {
                    self.stand_at(it.name.range);
                    self.unknown("is a function with a decorator, or an asynchronous one")
                } else {
                    self.define(Definition::Function(it))
                };
                self.set(&it.name.id, value);
            }
            Stmt::ClassDef(it) => {
                self.stand_at(it.name.range);
                let class = self.class(it)?;
                self.set(&it.name.id, class);
            }
            Stmt::Return(it) => {
                return Ok(Flow::Return(match &it.value {
                    Some(value) => self.value(value)?,
                    None => Value::None,
                }));
            }
            Stmt::If(it) => return self.if_statement(it),
            Stmt::For(it) => return self.for_statement(it, statement),
            Stmt::While(it) => return self.while_statement(it, statement),
            Stmt::With(it) => return self.with_statement(it),
            Stmt::Match(it) => return self.match_statement(it),
            Stmt::Try(it) => return self.try_statement(it),
            Stmt::Raise(it) => return Err(self.raise_statement(it)?),
            Stmt::Import(it) => self.import(it),
            Stmt::ImportFrom(it) => self.import_from(it),
            Stmt::Assert(it) => {
                let value = self.value(&it.test)?;
                match truth(&value) {
                    Ok(true) => {}
                    Ok(false) => return Err(self.raise("AssertionError", "")),
                    Err(unknown) => self.world.unreadable(&unknown),
                }
            }
            Stmt::Delete(it) => {
                for target in &it.targets {
                    self.delete(target)?;
                }
            }
            Stmt::Global(it) => {
                for name in &it.names {
                    self.declared.insert(Rc::from(name.as_str()));
                }
            }
            Stmt::Pass(_) => {}
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::Nonlocal(_) | Stmt::TypeAlias(_) | Stmt::IpyEscapeCommand(_) => {
                self.stand_at(statement.range());
                let unknown = Rc::new(Unknown {
                    line: self.world.line,
                    reason: "is a kind of statement that Cofferdam does not follow".into(),
                });
                return Ok(self.skip(std::slice::from_ref(statement), &unknown));
            }
        }
        Ok(Flow::Next)
    }

    /// Whether its decorators leave a function as it is.
    fn is_plain(&mut self, it: &'a StmtFunctionDef) -> Result<bool, Stop> {
        for decorator in &it.decorator_list {
            let expression = match &decorator.expression {
                Expr::Call(call) => &*call.func,
                other => other,
            };
            let plain = match self.raw(expression)? {
                Value::Name(name) => super::standard::is_plain_decorator(&name),
                _ => false,
            };
            if !plain {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Leaves out statements that depend on something unknown, as the statement being interpreted.
    pub(super) fn skip(&mut self, body: &'a [Stmt], unknown: &Rc<Unknown>) -> Flow {
        if body.iter().any(super::taint::calls) {
            self.world.unreadable(unknown);
        }
        self.taint(body, unknown);
        if super::taint::leaves(body) {
            Flow::Lost(unknown.clone())
        } else {
            Flow::Next
        }
    }

    fn if_statement(&mut self, it: &'a StmtIf) -> Result<Flow, Stop> {
        self.stand_at(it.range);
        let mut test = Some(&*it.test);
        let mut body: &'a [Stmt] = &it.body;
        let mut clauses = it.elif_else_clauses.iter();
        loop {
            let taken = match test {
                None => Ok(true),
                Some(test) => {
                    let value = self.value(test)?;
                    truth(&value)
                }
            };
            match taken {
                Ok(true) => return self.block(body),
                Ok(false) => match clauses.next() {
                    Some(clause) => {
                        test = clause.test.as_ref();
                        body = &clause.body;
                    }
                    None => return Ok(Flow::Next),
                },
                Err(unknown) => {
                    let mut flow = self.skip(body, &unknown);
                    for clause in clauses {
                        if let Flow::Lost(unknown) = self.skip(&clause.body, &unknown) {
                            flow = Flow::Lost(unknown);
                        }
                    }
                    return Ok(flow);
                }
            }
        }
    }

    fn for_statement(&mut self, it: &'a StmtFor, whole: &'a Stmt) -> Result<Flow, Stop> {
        self.stand_at(it.range);
        let over = self.value(&it.iter)?;
        let items = match self.elements(&over)? {
            Ok(items) => items,
            Err(unknown) => return Ok(self.skip(std::slice::from_ref(whole), &unknown)),
        };
        for item in items {
            self.spend()?;
            self.assign(&it.target, item)?;
            match self.block(&it.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Ok(Flow::Next),
                Flow::Lost(unknown) => return Ok(self.lost_loop(&it.body, whole, &unknown)),
                other => return Ok(other),
            }
        }
        self.block(&it.orelse)
    }

    fn while_statement(&mut self, it: &'a StmtWhile, whole: &'a Stmt) -> Result<Flow, Stop> {
        loop {
            self.spend()?;
            self.stand_at(it.range);
            let value = self.value(&it.test)?;
            match truth(&value) {
                Ok(false) => return self.block(&it.orelse),
                Ok(true) => match self.block(&it.body)? {
                    Flow::Next | Flow::Continue => {}
                    Flow::Break => return Ok(Flow::Next),
                    Flow::Lost(unknown) => return Ok(self.lost_loop(&it.body, whole, &unknown)),
                    other => return Ok(other),
                },
                Err(unknown) => return Ok(self.skip(std::slice::from_ref(whole), &unknown)),
            }
        }
    }

    /// The end of a loop that goes round once more or not, by something unknown.
    fn lost_loop(&mut self, body: &'a [Stmt], whole: &'a Stmt, unknown: &Rc<Unknown>) -> Flow {
        if let Some(first) = body.iter().find(|part| super::taint::calls(part)) {
            self.stand_at(first.range());
            self.world.unreadable(&Unknown {
                line: self.world.line,
                reason: format!(
                    "runs again or not by line {}, which {}",
                    unknown.line, unknown.reason
                ),
            });
        }
        self.taint(std::slice::from_ref(whole), unknown);
        match super::taint::leaves(std::slice::from_ref(whole)) {
            true => Flow::Lost(unknown.clone()),
            false => Flow::Next,
        }
    }

    fn with_statement(&mut self, it: &'a StmtWith) -> Result<Flow, Stop> {
        let mut entered = Vec::new();
        for item in &it.items {
            self.stand_at(item.context_expr.range());
            let context = self.value(&item.context_expr)?;
            let value = match &context {
                Value::Object(object) => {
                    let value = library::enter(&mut self.world, object)?;
                    entered.push(object.clone());
                    value
                }
                Value::Unknown(unknown) => {
                    self.world.unreadable(unknown);
                    context.clone()
                }
                _ => self.unknown("is a context that Cofferdam does not know"),
            };
            if let Some(target) = &item.optional_vars {
                self.assign(target, value)?;
            }
        }
        let result = self.block(&it.body);
        while let Some(object) = entered.pop() {
            self.stand_at(
                it.items
                    .last()
                    .map_or(it.range, |item| item.context_expr.range()),
            );
            library::exit(&mut self.world, &object)?;
        }
        result
    }

    fn try_statement(&mut self, it: &'a StmtTry) -> Result<Flow, Stop> {
        let mut result = self.block(&it.body);
        if let Err(Stop::Raise(exception)) = &result {
            let exception = exception.clone();
            for handler in &it.handlers {
                let ExceptHandler::ExceptHandler(handler) = handler;
                let catches = match &handler.type_ {
                    None => true,
                    Some(classes) => self.catches(classes, &exception.class)?,
                };
                if catches {
                    if let Some(name) = &handler.name {
                        self.set(&name.id, Value::str(&exception.message));
                    }
                    result = self.block(&handler.body);
                    break;
                }
            }
        } else if let Ok(Flow::Next) = &result {
            result = self.block(&it.orelse);
        }
        match self.block(&it.finalbody)? {
            Flow::Next => result,
            other => Ok(other),
        }
    }

    fn catches(&mut self, classes: &'a Expr, class: &str) -> Result<bool, Stop> {
        let classes = self.raw(classes)?;
        let classes = match &classes {
            Value::Tuple(items) => items.to_vec(),
            _ => vec![classes],
        };
        Ok(classes.iter().any(|value| {
            let name = match value {
                Value::Name(name) => name.rsplit('.').next().unwrap_or_default(),
                Value::Class(class) => &class.name,
                _ => "",
            };
            name == class || ["Exception", "BaseException"].contains(&name)
        }))
    }

    fn raise_statement(&mut self, it: &'a StmtRaise) -> Result<Stop, Stop> {
        let Some(exception) = &it.exc else {
            return Ok(self.raise("RuntimeError", "no active exception to raise again"));
        };
        let (class, arguments) = match &**exception {
            Expr::Call(call) => (&*call.func, Some(&call.arguments)),
            other => (other, None),
        };
        let name = match self.raw(class)? {
            Value::Name(name) => name.rsplit('.').next().unwrap_or_default().to_owned(),
            Value::Class(class) => class.name.clone(),
            _ => "Exception".to_owned(),
        };
        let message = match arguments.and_then(|arguments| arguments.args.first()) {
            Some(argument) => match self.value(argument)? {
                Value::Str(text) => text.to_string(),
                _ => self.text.slice(argument.range()).to_owned(),
            },
            None => String::new(),
        };
        Ok(self.raise(&name, message))
    }

    pub(super) fn define(&mut self, definition: Definition<'a>) -> Value {
        self.definitions.push(definition);
        Value::Function(Rc::new(Function {
            definition: self.definitions.len() - 1,
            scope: self.scope.clone(),
        }))
    }
}
