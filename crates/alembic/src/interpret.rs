//! Plain Python, evaluated.
//!
//! The values are those that every run of the file would have. A value that depends on anything else is
//! [`Value::Unknown`], and what depends on it is unknown too; where an operation, a branch or a loop depends on one, the
//! statement is reported as unreadable and the names that it may have changed become unknown. Every evaluated node
//! costs a unit of a fixed bound, so that every file ends.

mod assign;
mod builtin;
mod call;
mod class;
mod container;
mod expression;
mod format;
mod generator;
mod matching;
mod module;
mod number;
mod operator;
mod standard;
mod statement;
mod taint;
mod text;

use crate::library;
use crate::past::Past;
use crate::settings::Settings;
use crate::value::{Args, Exception, Stop, Unknown, Value};
use crate::world::{Step, World};
use ruff_python_ast::{ExprLambda, Stmt, StmtFunctionDef};
use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// How many nodes one function of one file may evaluate: a hundred times the largest that were met.
const WORK: u64 = 2_000_000;

/// How deep calls and expressions may nest.
const DEPTH: u32 = 120;

/// How long a text may become.
const LENGTH: usize = 4_000_000;

/// Names and their values, inside the scope around them.
#[derive(Debug, Default)]
pub struct Scope {
    pub names: RefCell<HashMap<Rc<str>, Value>>,
    pub around: Option<Rc<Scope>>,
}

impl Scope {
    fn find(&self, name: &str) -> Option<Value> {
        let mut scope = self;
        loop {
            if let Some(value) = scope.names.borrow().get(name) {
                return Some(value.clone());
            }
            scope = scope.around.as_deref()?;
        }
    }

    fn set(&self, name: &str, value: Value) {
        self.names.borrow_mut().insert(Rc::from(name), value);
    }
}

/// The text of a file, with its lines.
#[derive(Debug)]
pub struct Text<'a> {
    pub source: &'a str,
    /// The byte offset of each line's end.
    ends: Vec<usize>,
}

impl<'a> Text<'a> {
    pub fn new(source: &'a str) -> Self {
        let bytes = source.bytes().enumerate();
        Text {
            source,
            ends: bytes
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at)
                .collect(),
        }
    }

    /// 1-based line of a byte offset.
    pub fn line(&self, offset: usize) -> u32 {
        self.ends.partition_point(|end| *end < offset) as u32 + 1
    }

    fn slice(&self, range: TextRange) -> &'a str {
        self.source.get(range.to_std_range()).unwrap_or_default()
    }
}

/// A function of the file.
#[derive(Clone, Copy, Debug)]
enum Definition<'a> {
    Function(&'a StmtFunctionDef),
    Lambda(&'a ExprLambda),
}

/// What a function of the file ended with.
#[derive(Clone, Debug)]
pub struct Ended {
    pub steps: Vec<Step>,
    /// The exception that it always raises after these steps.
    pub raised: Option<Exception>,
}

/// A file's module, evaluated, and its functions.
#[derive(Debug)]
pub struct Interpreter<'a> {
    world: World<'a>,
    text: &'a Text<'a>,
    definitions: Vec<Definition<'a>>,
    globals: Rc<Scope>,
    scope: Rc<Scope>,
    /// The names that the running function declared `global`.
    declared: HashSet<Rc<str>>,
    /// Every scope made, so that circles of functions and scopes are broken at the end.
    scopes: Vec<Rc<Scope>>,
    work: u64,
    depth: u32,
    /// Whether the text has the word `yield`, so that its functions are looked through for it.
    may_yield: bool,
    /// What the running generator gave so far, as far as that is known.
    yielded: Option<Result<Vec<Value>, Rc<Unknown>>>,
}

fn function_range(definition: Definition<'_>) -> TextRange {
    match definition {
        Definition::Function(function) => function.name.range,
        Definition::Lambda(lambda) => lambda.range,
    }
}

impl<'a> Interpreter<'a> {
    /// Evaluates the module.
    pub fn new(
        text: &'a Text<'a>,
        body: &'a [Stmt],
        settings: &'a Settings,
        past: &'a Past,
    ) -> Self {
        let globals = Rc::new(Scope::default());
        let mut interpreter = Interpreter {
            world: World::new(text.source, settings, past),
            text,
            definitions: Vec::new(),
            scope: globals.clone(),
            scopes: vec![globals.clone()],
            globals,
            declared: HashSet::default(),
            work: WORK,
            depth: 0,
            may_yield: text.source.contains("yield"),
            yielded: None,
        };
        interpreter.module(body);
        interpreter
    }

    /// A name of the module.
    pub fn global(&self, name: &str) -> Option<Value> {
        self.globals.names.borrow().get(name).cloned()
    }

    /// Whether a function may have changed what another one starts from.
    pub fn is_changeable(&self) -> bool {
        self.definitions.iter().any(|definition| match definition {
            Definition::Function(it) => it.body.iter().any(|it| matches!(it, Stmt::Global(_))),
            Definition::Lambda(_) => false,
        }) || self.globals.names.borrow().values().any(|value| {
            matches!(
                value,
                Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::Object(_)
            )
        })
    }

    /// Evaluates the module's function `name`; none where there is no such function.
    pub fn function(&mut self, name: &str) -> Option<Ended> {
        let raised = match self.global(name) {
            Some(Value::Function(function)) => {
                self.stand_at(function_range(self.definitions[function.definition]));
                let args = self.given(self.definitions[function.definition]);
                match self.call_function(&function, args) {
                    Ok(_) => None,
                    Err(Stop::Raise(exception)) => Some(exception),
                    Err(Stop::Limit) => {
                        self.world.unreadable(&Unknown {
                            line: 0,
                            reason: "is too much work to follow".into(),
                        });
                        None
                    }
                }
            }
            Some(Value::Unknown(unknown)) => {
                self.world.unreadable(&unknown);
                None
            }
            Some(_) => {
                self.world.unreadable(&Unknown {
                    line: 0,
                    reason: format!("{name} is not a function of this file"),
                });
                None
            }
            None => return None,
        };
        self.work = WORK;
        self.world.types.clear();
        Some(Ended {
            steps: std::mem::take(&mut self.world.steps),
            raised,
        })
    }

    /// What a project's `env.py` gives to a function that takes arguments (`context.run_migrations(**kw)`): unknown.
    fn given(&self, definition: Definition<'_>) -> Args {
        let parameters = match definition {
            Definition::Function(it) => &*it.parameters,
            Definition::Lambda(_) => return Args::default(),
        };
        let needed = parameters
            .iter_non_variadic_params()
            .filter(|parameter| parameter.default.is_none());
        Args {
            positional: Vec::new(),
            named: needed
                .map(|parameter| {
                    let name = parameter.parameter.name.id.as_str();
                    let reason = format!("needs what env.py gives as the argument {name}");
                    (Rc::from(name), self.unknown(reason))
                })
                .collect(),
        }
    }

    /// Runs the module's statements. What they do to a database is not a migration's, so that it is dropped; one
    /// that cannot be evaluated leaves its names unknown.
    fn module(&mut self, body: &'a [Stmt]) {
        for statement in body {
            if let Err(stop) = self.statement(statement) {
                let reason = match stop {
                    Stop::Raise(exception) => {
                        format!("raises {}: {}", exception.class, exception.message)
                    }
                    Stop::Limit => "is too much work to follow".into(),
                };
                let unknown = Rc::new(Unknown {
                    line: self.world.line,
                    reason,
                });
                self.taint(std::slice::from_ref(statement), &unknown);
            }
        }
        self.world.steps.clear();
        self.work = WORK;
    }

    /// Says which statement is being interpreted.
    fn stand_at(&mut self, range: TextRange) {
        self.world.line = self.text.line(range.start().to_usize());
        self.world.statement = range.to_std_range();
    }

    fn unknown(&self, reason: impl Into<String>) -> Value {
        Value::unknown(self.world.line, reason)
    }

    fn raise(&self, class: &str, message: impl Into<String>) -> Stop {
        Stop::raise(class, message, self.world.line)
    }

    /// Spends a unit of the bound on work.
    fn spend(&mut self) -> Result<(), Stop> {
        match self.work.checked_sub(1) {
            Some(left) => {
                self.work = left;
                Ok(())
            }
            None => Err(Stop::Limit),
        }
    }

    /// Spends as many units as there are parts to work on.
    fn spend_on(&mut self, parts: usize) -> Result<(), Stop> {
        match self.work.checked_sub(parts as u64) {
            Some(left) => {
                self.work = left;
                Ok(())
            }
            None => Err(Stop::Limit),
        }
    }

    /// A scope inside `around`.
    fn open(&mut self, around: Rc<Scope>) -> Rc<Scope> {
        let scope = Rc::new(Scope {
            names: RefCell::default(),
            around: Some(around),
        });
        self.scopes.push(scope.clone());
        scope
    }

    fn set(&mut self, name: &str, value: Value) {
        if self.declared.contains(name) {
            self.globals.set(name, value);
        } else {
            self.scope.set(name, value);
        }
    }

    /// The value as something computes with it: the application's own names become unknown.
    fn used(&self, value: Value) -> Value {
        match value {
            Value::Name(name) if !is_known(&name) => self.foreign(&name),
            other => other,
        }
    }

    fn foreign(&self, name: &str) -> Value {
        self.unknown(format!("needs the application's code: {name}"))
    }
}

impl Drop for Interpreter<'_> {
    fn drop(&mut self) {
        for scope in &self.scopes {
            scope.names.borrow_mut().clear();
        }
        crate::value::release();
    }
}

/// Whether a dotted name is Python's own or a known library's.
fn is_known(name: &str) -> bool {
    library::knows(name) || standard::knows(name)
}

/// Python's truth of a value.
fn truth(value: &Value) -> Result<bool, Rc<Unknown>> {
    Ok(match value {
        Value::None => false,
        Value::Bool(value) => *value,
        Value::Int(value) => *value != 0,
        Value::Float(value) => *value != 0.0,
        Value::Str(text) => !text.is_empty(),
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::List(items) | Value::Set(items) => !items.borrow().is_empty(),
        Value::Tuple(items) => !items.is_empty(),
        Value::Dict(items) => !items.borrow().is_empty(),
        Value::Unknown(unknown) => return Err(unknown.clone()),
        Value::Function(_)
        | Value::Class(_)
        | Value::Member(_)
        | Value::Name(_)
        | Value::Method(..)
        | Value::Object(_) => true,
    })
}
