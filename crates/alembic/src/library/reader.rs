//! The arguments of one call, taken one by one; what is left over is not known.

use super::Object;
use super::name::{self, Name};
use super::trouble::{Known, raise, unknown};
use crate::value::{Args, Value};
use std::cell::Cell;
use std::rc::Rc;

/// Options that other databases read; they change nothing on PostgreSQL.
const ELSEWHERE: [&str; 6] = [
    "mysql_",
    "mariadb_",
    "sqlite_",
    "mssql_",
    "oracle_",
    "snowflake_",
];

/// The arguments of one call.
#[derive(Debug)]
pub struct Reader<'a> {
    /// What is called, for messages: `op.create_index`.
    pub call: String,
    args: &'a Args,
    next: Cell<usize>,
    used: Vec<Cell<bool>>,
}

impl<'a> Reader<'a> {
    pub fn new(call: impl Into<String>, args: &'a Args) -> Self {
        Reader {
            call: call.into(),
            args,
            next: Cell::new(0),
            used: args.named.iter().map(|_| Cell::new(false)).collect(),
        }
    }

    /// The next positional argument, or the one called `name`; it may hold an unknown.
    pub fn take(&self, name: &str) -> Option<&'a Value> {
        let index = self.next.get();
        match self.args.positional.get(index) {
            Some(value) => {
                self.next.set(index + 1);
                Some(value)
            }
            None => self.option(name),
        }
    }

    /// The argument called `name`; it may hold an unknown.
    pub fn option(&self, name: &str) -> Option<&'a Value> {
        let index = self
            .args
            .named
            .iter()
            .position(|(known, _)| &**known == name)?;
        self.used.get(index)?.set(true);
        self.args.named.get(index).map(|(_, value)| value)
    }

    /// All positional arguments that were not taken.
    pub fn rest(&self) -> &'a [Value] {
        let from = self.next.replace(self.args.positional.len());
        self.args.positional.get(from..).unwrap_or_default()
    }

    /// All options that were not taken.
    pub fn others(&self) -> Vec<(Rc<str>, &'a Value)> {
        let mut others = Vec::new();
        for ((name, value), used) in self.args.named.iter().zip(&self.used) {
            if !used.replace(true) {
                others.push((name.clone(), value));
            }
        }
        others
    }

    /// The next argument, which must be there and known.
    pub fn require(&self, name: &str) -> Known<&'a Value> {
        let value = self.take(name).ok_or_else(|| {
            raise(
                "TypeError",
                format!("{}() missing a required argument: '{name}'", self.call),
            )
        })?;
        known(value)
    }

    /// The next argument where it is there and not None.
    pub fn maybe(&self, name: &str) -> Known<Option<&'a Value>> {
        some(self.take(name))
    }

    /// The option where it is there and not None.
    pub fn set(&self, name: &str) -> Known<Option<&'a Value>> {
        some(self.option(name))
    }

    pub fn require_name(&self, name: &str) -> Known<Name> {
        name::required(self.require(name)?)
    }

    pub fn name(&self, option: &str) -> Known<Option<Name>> {
        name::optional(self.option(option))
    }

    pub fn flag(&self, option: &str) -> Known<Option<bool>> {
        self.set(option)?.map(truth).transpose()
    }

    /// The option where it is True or False itself.
    pub fn exact_flag(&self, option: &str) -> Known<Option<bool>> {
        Ok(match self.set(option)? {
            Some(Value::Bool(flag)) => Some(*flag),
            _ => None,
        })
    }

    pub fn text(&self, option: &str) -> Known<Option<String>> {
        self.set(option)?.map(text).transpose()
    }

    pub fn integer(&self, option: &str) -> Known<Option<i64>> {
        self.set(option)?.map(integer).transpose()
    }

    /// Takes options that change nothing on PostgreSQL, whatever they are.
    pub fn ignore(&self, options: &[&str]) {
        for option in options {
            self.option(option);
        }
    }

    /// Says what was not taken.
    pub fn finish(&self) -> Known<()> {
        if let Some(left) = self.args.positional.get(self.next.get()) {
            known(left)?;
            return Err(unknown(format!(
                "{}() with so many arguments is not known to Cofferdam",
                self.call
            )));
        }
        for ((name, _), used) in self.args.named.iter().zip(&self.used) {
            if !used.get() && !ELSEWHERE.iter().any(|prefix| name.starts_with(prefix)) {
                return Err(unknown(format!(
                    "{}({name}=…) is not known to Cofferdam",
                    self.call
                )));
            }
        }
        Ok(())
    }
}

/// The value, if it holds no unknown.
pub fn known(value: &Value) -> Known<&Value> {
    match value.find_unknown() {
        Some(unknown) => Err(unknown.into()),
        None => Ok(value),
    }
}

fn some(value: Option<&Value>) -> Known<Option<&Value>> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => known(value).map(Some),
    }
}

/// Python's truth of a flag.
pub fn truth(value: &Value) -> Known<bool> {
    Ok(match value {
        Value::None => false,
        Value::Bool(flag) => *flag,
        Value::Int(number) => *number != 0,
        Value::Str(text) => !text.is_empty(),
        Value::Unknown(unknown) => return Err(unknown.clone().into()),
        Value::List(items) | Value::Set(items) => !items.borrow().is_empty(),
        Value::Tuple(items) => !items.is_empty(),
        Value::Dict(items) => !items.borrow().is_empty(),
        _ => true,
    })
}

pub fn text(value: &Value) -> Known<String> {
    match value {
        Value::Str(text) => Ok(text.to_string()),
        Value::Member(member) if matches!(member.value, Value::Str(_)) => text(&member.value),
        Value::Object(object) => match &**object {
            Object::Name(name) => Ok(name.text.to_string()),
            _ => Err(unknown("needs a string")),
        },
        Value::Unknown(unknown) => Err(unknown.clone().into()),
        other => Err(unknown(format!(
            "needs a string, and has a value of type {}",
            other.type_name()
        ))),
    }
}

pub fn integer(value: &Value) -> Known<i64> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Unknown(unknown) => Err(unknown.clone().into()),
        other => Err(unknown(format!(
            "needs a whole number, and has a value of type {}",
            other.type_name()
        ))),
    }
}

/// The names in a list, or the one name.
pub fn names(value: &Value) -> Known<Vec<Name>> {
    match value {
        Value::Str(_) | Value::Object(_) | Value::Member(_) => Ok(vec![name::required(value)?]),
        Value::Unknown(unknown) => Err(unknown.clone().into()),
        _ => items(value)?.iter().map(name::required).collect(),
    }
}

/// The elements of a list, a tuple or a set.
pub fn items(value: &Value) -> Known<Vec<Value>> {
    known(value)?.items().ok_or_else(|| {
        unknown(format!(
            "needs a list, and has a value of type {}",
            value.type_name()
        ))
    })
}

/// The pairs of a dict.
pub fn pairs(value: &Value) -> Known<Vec<(Value, Value)>> {
    match known(value)? {
        Value::Dict(items) => Ok(items.borrow().clone()),
        other => Err(unknown(format!(
            "needs a dict, and has a value of type {}",
            other.type_name()
        ))),
    }
}
