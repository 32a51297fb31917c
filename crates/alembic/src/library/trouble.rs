//! Why a library's construct has no answer.

use crate::value::{Stop, Unknown, Value};
use std::rc::Rc;

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// It cannot be known.
    Unknown(Rc<Unknown>),
    /// Python would raise.
    Stop(Stop),
}

/// What is known, or why not.
pub type Known<T> = Result<T, Trouble>;

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        Trouble::Stop(stop)
    }
}

impl From<Rc<Unknown>> for Trouble {
    fn from(unknown: Rc<Unknown>) -> Self {
        Trouble::Unknown(unknown)
    }
}

/// The trouble that something cannot be known. Its line is the statement's.
pub fn unknown(reason: impl Into<String>) -> Trouble {
    Trouble::Unknown(Rc::new(Unknown {
        line: 0,
        reason: reason.into(),
    }))
}

/// The trouble that SQLAlchemy or Alembic raises `class`.
pub fn raise(class: &str, message: impl Into<String>) -> Trouble {
    Trouble::Stop(Stop::raise(class, message, 0))
}

/// The value of a pure construct: an unknown one is passed on.
pub fn value(line: u32, known: Known<Value>) -> Result<Value, Stop> {
    match known {
        Ok(value) => Ok(value),
        Err(Trouble::Unknown(unknown)) => Ok(located(line, &unknown)),
        Err(Trouble::Stop(stop)) => Err(at(line, stop)),
    }
}

/// An unknown value that comes from `line` where it has no line of its own.
pub fn located(line: u32, unknown: &Rc<Unknown>) -> Value {
    match unknown.line {
        0 => Value::unknown(line, unknown.reason.clone()),
        _ => Value::Unknown(unknown.clone()),
    }
}

/// A stop on `line` where it has no line of its own.
pub fn at(line: u32, stop: Stop) -> Stop {
    match stop {
        Stop::Raise(mut exception) if exception.line == 0 => {
            exception.line = line;
            Stop::Raise(exception)
        }
        other => other,
    }
}
