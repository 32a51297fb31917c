//! Python's values, as far as they are known.

pub mod float;
pub mod json;

use crate::library::Object;
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    /// Everything that can hold other values, in the order in which it was made.
    static HELD: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

/// Keeps a value until the end of the file, so that none is dropped with a long chain of others inside it.
fn hold(value: Value) -> Value {
    HELD.with_borrow_mut(|held| held.push(value.clone()));
    value
}

/// Drops all that was held on this thread: circles are opened, and what was made later, which may hold what was made
/// before, goes first.
pub fn release() {
    let mut held = HELD.with_borrow_mut(std::mem::take);
    for value in &held {
        match value {
            Value::List(items) | Value::Set(items) => drop(items.take()),
            Value::Dict(items) => drop(items.take()),
            _ => {}
        }
    }
    while held.pop().is_some() {}
}

/// How deep a value may nest that something computes with.
const NESTING: u32 = 64;

/// How many parts of a value are looked at, at the most; a small value may have many where its parts are the same.
const VISITS: u32 = 500_000;

/// A list, set or dict can be changed through every name that it has.
pub type Shared<T> = Rc<RefCell<T>>;

/// A Python value.
#[derive(Clone, Debug)]
pub enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Rc<str>),
    Bytes(Rc<[u8]>),
    List(Shared<Vec<Value>>),
    Tuple(Rc<[Value]>),
    /// In the order of insertion.
    Set(Shared<Vec<Value>>),
    /// In the order of insertion.
    Dict(Shared<Vec<(Value, Value)>>),
    /// A function of the file.
    Function(Rc<Function>),
    /// A class of the file.
    Class(Rc<Class>),
    /// A member of an enumeration of the file.
    Member(Rc<Member>),
    /// Something imported, by its full dotted name: a module, a class or a function. Builtins are
    /// `builtins.len` and so on.
    Name(Rc<str>),
    /// An attribute of a value that is called: `"a".join`.
    Method(Rc<Value>, Rc<str>),
    /// Something of SQLAlchemy's or Alembic's.
    Object(Rc<Object>),
    Unknown(Rc<Unknown>),
}

/// A value that cannot be known without running the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// 1-based line on which it comes from; 0 where it is none of the file's.
    pub line: u32,
    /// What it needs, in a few words: "needs the application's code: app.models.Role".
    pub reason: String,
}

/// A function or lambda of the file: its index among the interpreter's definitions, and the scope in which it stands.
#[derive(Clone, Debug)]
pub struct Function {
    pub definition: usize,
    pub scope: Rc<crate::interpret::Scope>,
}

/// A class of the file.
#[derive(Clone, Debug)]
pub struct Class {
    pub name: String,
    /// The full names of its bases, where they are library classes; `?` for others.
    pub bases: Vec<String>,
    pub attributes: Vec<(String, Value)>,
}

/// A member of an enumeration.
#[derive(Clone, Debug)]
pub struct Member {
    pub class: String,
    pub name: String,
    pub value: Value,
}

/// Why an evaluation ends.
#[derive(Clone, Debug)]
pub enum Stop {
    /// Python would raise this.
    Raise(Exception),
    /// The bound on work is reached.
    Limit,
}

/// A Python exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its class, without the module.
    pub class: String,
    pub message: String,
    /// 1-based line.
    pub line: u32,
}

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub struct Args {
    pub positional: Vec<Value>,
    pub named: Vec<(Rc<str>, Value)>,
}

impl Value {
    pub fn str(text: impl AsRef<str>) -> Self {
        Value::Str(Rc::from(text.as_ref()))
    }

    pub fn list(items: Vec<Value>) -> Self {
        hold(Value::List(Rc::new(RefCell::new(items))))
    }

    pub fn tuple(items: impl Into<Rc<[Value]>>) -> Self {
        hold(Value::Tuple(items.into()))
    }

    /// A set of items that differ.
    pub fn set(items: Vec<Value>) -> Self {
        hold(Value::Set(Rc::new(RefCell::new(items))))
    }

    pub fn class(class: Class) -> Self {
        hold(Value::Class(Rc::new(class)))
    }

    pub fn dict(items: Vec<(Value, Value)>) -> Self {
        hold(Value::Dict(Rc::new(RefCell::new(items))))
    }

    pub fn object(object: Object) -> Self {
        Value::Object(Rc::new(object))
    }

    pub fn unknown(line: u32, reason: impl Into<String>) -> Self {
        Value::Unknown(Rc::new(Unknown {
            line,
            reason: reason.into(),
        }))
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list, tuple or set; the keys of a dict; the characters of a string.
    pub fn items(&self) -> Option<Vec<Value>> {
        Some(match self {
            Value::List(items) | Value::Set(items) => items.borrow().clone(),
            Value::Tuple(items) => items.to_vec(),
            Value::Dict(items) => items.borrow().iter().map(|(key, _)| key.clone()).collect(),
            Value::Str(text) => text
                .chars()
                .map(|c| Value::str(c.encode_utf8(&mut [0; 4])))
                .collect(),
            Value::Class(class) => class
                .attributes
                .iter()
                .filter(|(_, value)| matches!(value, Value::Member(_)))
                .map(|(_, value)| value.clone())
                .collect(),
            _ => return None,
        })
    }

    /// The first unknown in this value, looking into lists, tuples, sets and dicts. A value that is nested without end, or
    /// is too large to be looked through, is unknown itself.
    pub fn find_unknown(&self) -> Option<Rc<Unknown>> {
        let mut visits = VISITS;
        self.look_for_unknown(0, &mut visits)
    }

    fn look_for_unknown(&self, depth: u32, visits: &mut u32) -> Option<Rc<Unknown>> {
        *visits = visits.saturating_sub(1);
        if depth > NESTING || *visits == 0 {
            return Some(Rc::new(Unknown {
                line: 0,
                reason: "needs a value that is nested too deep".into(),
            }));
        }
        let mut look = |value: &Value| value.look_for_unknown(depth + 1, visits);
        match self {
            Value::Unknown(unknown) => Some(unknown.clone()),
            Value::List(items) | Value::Set(items) => items.borrow().iter().find_map(look),
            Value::Tuple(items) => items.iter().find_map(look),
            Value::Dict(items) => items
                .borrow()
                .iter()
                .find_map(|(key, value)| look(key).or_else(|| look(value))),
            _ => None,
        }
    }

    /// Python's name of its type.
    pub fn type_name(&self) -> &str {
        match self {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "str",
            Value::Bytes(_) => "bytes",
            Value::List(_) => "list",
            Value::Tuple(_) => "tuple",
            Value::Set(_) => "set",
            Value::Dict(_) => "dict",
            Value::Function(_) | Value::Method(..) => "function",
            Value::Class(_) => "type",
            Value::Member(member) => &member.class,
            Value::Name(name) => name.rsplit('.').next().unwrap_or_default(),
            Value::Object(_) => "object",
            Value::Unknown(_) => "unknown",
        }
    }
}

/// Python's `==`; none where it cannot be known.
pub fn equal(left: &Value, right: &Value) -> Option<bool> {
    let mut visits = VISITS;
    equal_inside(left, right, 0, &mut visits)
}

fn equal_inside(left: &Value, right: &Value, depth: u32, visits: &mut u32) -> Option<bool> {
    use Value::*;
    *visits = visits.saturating_sub(1);
    if depth > NESTING || *visits == 0 {
        return Option::None;
    }
    let mut equal = |a: &Value, b: &Value| equal_inside(a, b, depth + 1, visits);
    Some(match (left, right) {
        (Unknown(_), _) | (_, Unknown(_)) => return Option::None,
        (Object(a), Object(b)) if Rc::ptr_eq(a, b) => true,
        (Object(_), None) | (None, Object(_)) => false,
        (Object(_), _) | (_, Object(_)) => return Option::None,
        (None, None) => true,
        (Bool(a), Bool(b)) => a == b,
        (Bool(a), Int(b)) | (Int(b), Bool(a)) => i64::from(*a) == *b,
        (Int(a), Int(b)) => a == b,
        (Float(a), Float(b)) => a == b,
        (Int(a), Float(b)) | (Float(b), Int(a)) => *a as f64 == *b,
        (Str(a), Str(b)) => a == b,
        (Bytes(a), Bytes(b)) => a == b,
        (List(a), List(b)) => return equal_all(&a.borrow(), &b.borrow(), equal),
        (Tuple(a), Tuple(b)) => return equal_all(a, b, equal),
        (Set(a), Set(b)) => {
            let (a, b) = (a.borrow(), b.borrow());
            let mut same = a.len() == b.len();
            for item in a.iter() {
                let mut found = false;
                for other in b.iter() {
                    found |= equal(item, other)?;
                }
                same &= found;
            }
            same
        }
        (Dict(a), Dict(b)) => {
            let (a, b) = (a.borrow(), b.borrow());
            let mut same = a.len() == b.len();
            for (key, value) in a.iter() {
                let mut found = false;
                for (other, its) in b.iter() {
                    found |= equal(key, other)? && equal(value, its)?;
                }
                same &= found;
            }
            same
        }
        (Member(a), Member(b)) => a.class == b.class && a.name == b.name,
        (Name(a), Name(b)) => a == b,
        (Class(a), Class(b)) => Rc::ptr_eq(a, b),
        (Function(a), Function(b)) => Rc::ptr_eq(a, b),
        _ => false,
    })
}

fn equal_all(
    left: &[Value],
    right: &[Value],
    mut equal: impl FnMut(&Value, &Value) -> Option<bool>,
) -> Option<bool> {
    let mut same = left.len() == right.len();
    for (a, b) in left.iter().zip(right) {
        same = same && equal(a, b)?;
    }
    Some(same)
}

/// Whether `items` has one equal to `wanted`; none where it cannot be known.
pub fn contains(items: &[Value], wanted: &Value) -> Option<bool> {
    let mut unknown = false;
    for item in items {
        match equal(item, wanted) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(false) }
}

impl Args {
    /// The argument at `index` (0-based) or called `name`.
    pub fn get(&self, index: usize, name: &str) -> Option<&Value> {
        self.named(name).or_else(|| self.positional.get(index))
    }

    pub fn named(&self, name: &str) -> Option<&Value> {
        self.named
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(_, value)| value)
    }

    /// The first unknown among the arguments.
    pub fn find_unknown(&self) -> Option<Rc<Unknown>> {
        let named = self.named.iter().map(|(_, value)| value);
        self.positional
            .iter()
            .chain(named)
            .find_map(Value::find_unknown)
    }
}

impl Stop {
    pub fn raise(class: &str, message: impl Into<String>, line: u32) -> Self {
        Stop::Raise(Exception {
            class: class.to_owned(),
            message: message.into(),
            line,
        })
    }
}
