//! Lists, tuples, sets and dicts.

use super::{Interpreter, operator};
use crate::library;
use crate::value::{Args, Stop, Value, contains, equal};
use std::cmp::Ordering;

impl Interpreter<'_> {
    /// A set of `items`, each once.
    pub(super) fn set_of(&mut self, items: Vec<Value>) -> Value {
        let mut unique: Vec<Value> = Vec::new();
        for item in items {
            if self.spend_on(unique.len() / 8).is_err() {
                return self.unknown("is too much work to follow");
            }
            match contains(&unique, &item) {
                Some(true) => {}
                Some(false) => unique.push(item),
                None => match item.find_unknown() {
                    Some(unknown) => return Value::Unknown(unknown),
                    None => return self.unknown("is a set of what cannot be compared here"),
                },
            }
        }
        Value::set(unique)
    }

    /// `holder[key] = value`.
    pub(super) fn store(&mut self, holder: &Value, key: Value, value: Value) -> Result<(), Stop> {
        self.spend()?;
        if let Value::Dict(items) = holder {
            self.spend_on(items.borrow().len() / 8)?;
        }
        match holder {
            Value::Dict(items) => {
                let mut items = items.borrow_mut();
                for (known, held) in items.iter_mut() {
                    if equal(known, &key) == Some(true) {
                        *held = value;
                        return Ok(());
                    }
                }
                items.push((key, value));
                Ok(())
            }
            Value::List(items) => {
                let index = match &key {
                    Value::Int(index) => position(*index, items.borrow().len()),
                    _ => None,
                };
                match index.and_then(|at| items.borrow_mut().get_mut(at).map(|held| *held = value))
                {
                    Some(()) => Ok(()),
                    None => Err(self.raise("IndexError", "list assignment index out of range")),
                }
            }
            // What is kept in something unknown is read from something unknown.
            _ => Ok(()),
        }
    }

    /// `del holder[key]`.
    pub(super) fn remove(&mut self, holder: &Value, key: &Value) -> Result<(), Stop> {
        match (holder, key) {
            (Value::Dict(items), key) => {
                items
                    .borrow_mut()
                    .retain(|(known, _)| equal(known, key) != Some(true));
                Ok(())
            }
            (Value::List(items), Value::Int(index)) => {
                let length = items.borrow().len();
                match position(*index, length) {
                    Some(at) => {
                        items.borrow_mut().remove(at);
                        Ok(())
                    }
                    None => Err(self.raise("IndexError", "list assignment index out of range")),
                }
            }
            _ => Ok(()),
        }
    }

    pub(super) fn subscript(&mut self, value: &Value, key: &Value) -> Result<Value, Stop> {
        let item = |items: &[Value]| match key {
            Value::Int(index) => position(*index, items.len()).map(|at| items[at].clone()),
            _ => None,
        };
        let out_of_range = |this: &Self| this.raise("IndexError", "index out of range");
        Ok(match (value, key) {
            (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => {
                Value::Unknown(unknown.clone())
            }
            (Value::Object(object), _) => {
                return library::subscript(&mut self.world, object, key);
            }
            (Value::List(items), _) => item(&items.borrow()).ok_or_else(|| out_of_range(self))?,
            (Value::Tuple(items), _) => item(items).ok_or_else(|| out_of_range(self))?,
            (Value::Str(text), Value::Int(index)) => {
                let chars: Vec<char> = text.chars().collect();
                match position(*index, chars.len()) {
                    Some(at) => Value::str(chars[at].to_string()),
                    None => return Err(out_of_range(self)),
                }
            }
            (Value::Dict(items), key) => {
                let items = items.borrow();
                for (known, held) in items.iter() {
                    match equal(known, key) {
                        Some(true) => return Ok(held.clone()),
                        Some(false) => {}
                        None => return Ok(self.unknown("is looked up by an unknown key")),
                    }
                }
                return Err(self.raise("KeyError", "no such key"));
            }
            (Value::Class(class), Value::Str(name)) => {
                match class.attributes.iter().find(|(known, _)| **known == **name) {
                    Some((_, value)) => value.clone(),
                    None => return Err(self.raise("KeyError", &**name)),
                }
            }
            (Value::Method(of, name), _) if matches!(**of, Value::Object(_)) => {
                self.unknown(format!("needs {name} of what SQLAlchemy made"))
            }
            _ => {
                return Err(self.raise(
                    "TypeError",
                    format!("'{}' object is not subscriptable", value.type_name()),
                ));
            }
        })
    }

    pub(super) fn slice(&mut self, value: &Value, ends: &[Value; 3]) -> Result<Value, Stop> {
        if let Some(unknown) = ends.iter().chain([value]).find_map(|value| match value {
            Value::Unknown(unknown) => Some(unknown.clone()),
            _ => None,
        }) {
            return Ok(Value::Unknown(unknown));
        }
        let mut numbers = [None; 3];
        for (number, end) in numbers.iter_mut().zip(ends) {
            *number = match end {
                Value::None => None,
                Value::Int(value) => Some(*value),
                _ => return Err(self.raise("TypeError", "slice indices must be integers")),
            };
        }
        let items = match value {
            Value::Str(_) | Value::List(_) | Value::Tuple(_) => value.items().unwrap_or_default(),
            _ => {
                return Err(self.raise(
                    "TypeError",
                    format!("'{}' object is not subscriptable", value.type_name()),
                ));
            }
        };
        self.spend_on(items.len())?;
        let picked: Vec<Value> = indexes(numbers, items.len())
            .into_iter()
            .map(|at| items[at].clone())
            .collect();
        Ok(match value {
            Value::Str(_) => {
                Value::str(picked.iter().filter_map(Value::as_str).collect::<String>())
            }
            Value::Tuple(_) => Value::tuple(picked),
            _ => Value::list(picked),
        })
    }

    pub(super) fn container_method(
        &mut self,
        value: &Value,
        name: &str,
        args: Args,
    ) -> Result<Value, Stop> {
        let first = args.positional.first().cloned();
        Ok(match (value, name) {
            (Value::List(items), "append") => {
                items.borrow_mut().extend(first);
                Value::None
            }
            (Value::List(items), "extend") => {
                let over = first.unwrap_or(Value::None);
                match self.elements(&over)? {
                    Ok(more) => {
                        let whole = self.bounded_list([&**items.borrow(), &more].concat())?;
                        if let Value::List(whole) = whole {
                            *items.borrow_mut() = whole.take();
                        }
                    }
                    Err(unknown) => items.borrow_mut().push(Value::Unknown(unknown)),
                }
                Value::None
            }
            (Value::List(items), "insert") => {
                if let [Value::Int(at), item] = args.positional.as_slice() {
                    let length = items.borrow().len();
                    let at = if *at < 0 { at + length as i64 } else { *at };
                    let at = usize::try_from(at).unwrap_or(0).min(length);
                    items.borrow_mut().insert(at, item.clone());
                }
                Value::None
            }
            (Value::List(items), "pop") => {
                let length = items.borrow().len();
                let at = match first {
                    Some(Value::Int(index)) => position(index, length),
                    _ => length.checked_sub(1),
                };
                match at {
                    Some(at) => items.borrow_mut().remove(at),
                    None => return Err(self.raise("IndexError", "pop index out of range")),
                }
            }
            (Value::List(items), "remove") => {
                let wanted = first.unwrap_or(Value::None);
                let at = items
                    .borrow()
                    .iter()
                    .position(|item| equal(item, &wanted) == Some(true));
                match at {
                    Some(at) => {
                        items.borrow_mut().remove(at);
                        Value::None
                    }
                    None => return Err(self.raise("ValueError", "not in the list")),
                }
            }
            (Value::List(items), "reverse") => {
                items.borrow_mut().reverse();
                Value::None
            }
            (Value::List(items), "sort") => {
                let listed = items.borrow().clone();
                match self.sorted(listed, &args)? {
                    Value::List(sorted) => *items.borrow_mut() = sorted.take(),
                    unknown => *items.borrow_mut() = vec![unknown],
                }
                Value::None
            }
            (Value::List(items) | Value::Set(items), "clear") => {
                items.borrow_mut().clear();
                Value::None
            }
            (Value::List(items) | Value::Set(items), "copy") => {
                let copy = items.borrow().clone();
                match value {
                    Value::Set(_) => self.set_of(copy),
                    _ => Value::list(copy),
                }
            }
            (Value::List(_) | Value::Tuple(_), "index" | "count") => {
                let items = value.items().unwrap_or_default();
                let wanted = first.unwrap_or(Value::None);
                let same = |item: &Value| equal(item, &wanted) == Some(true);
                match (name, items.iter().position(same)) {
                    ("count", _) => {
                        Value::Int(items.iter().filter(|item| same(item)).count() as i64)
                    }
                    (_, Some(at)) => Value::Int(at as i64),
                    (_, None) => return Err(self.raise("ValueError", "not in the list")),
                }
            }
            (Value::Set(items), "add") => {
                let mut whole = items.borrow().clone();
                whole.extend(first);
                if let Value::Set(whole) = self.set_of(whole) {
                    *items.borrow_mut() = whole.take();
                }
                Value::None
            }
            (Value::Set(items), "discard" | "remove") => {
                let wanted = first.unwrap_or(Value::None);
                items
                    .borrow_mut()
                    .retain(|item| equal(item, &wanted) != Some(true));
                Value::None
            }
            (
                Value::Set(items),
                "update" | "union" | "difference" | "intersection" | "issubset",
            ) => {
                let over = first.unwrap_or(Value::None);
                let others = match self.elements(&over)? {
                    Ok(others) => others,
                    Err(unknown) => return Ok(Value::Unknown(unknown)),
                };
                let own = items.borrow().clone();
                let has = |items: &[Value], item: &Value| contains(items, item) == Some(true);
                match name {
                    "issubset" => Value::Bool(own.iter().all(|item| has(&others, item))),
                    "difference" => {
                        self.set_of(own.into_iter().filter(|item| !has(&others, item)).collect())
                    }
                    "intersection" => {
                        self.set_of(own.into_iter().filter(|item| has(&others, item)).collect())
                    }
                    _ => {
                        let whole = self.set_of(own.into_iter().chain(others).collect());
                        match (name, &whole) {
                            ("update", Value::Set(whole)) => {
                                *items.borrow_mut() = whole.borrow().clone();
                                Value::None
                            }
                            _ => whole,
                        }
                    }
                }
            }
            (Value::Dict(items), _) => return self.dict_method(items, name, args),
            _ => {
                return Err(self.raise(
                    "AttributeError",
                    format!("'{}' object has no attribute '{name}'", value.type_name()),
                ));
            }
        })
    }

    fn dict_method(
        &mut self,
        items: &crate::value::Shared<Vec<(Value, Value)>>,
        name: &str,
        args: Args,
    ) -> Result<Value, Stop> {
        let key = args.positional.first().cloned().unwrap_or(Value::None);
        let default = args.positional.get(1).cloned();
        let find = |key: &Value| {
            let items = items.borrow();
            let found = items
                .iter()
                .find(|(known, _)| equal(known, key) == Some(true));
            found.map(|(_, value)| value.clone())
        };
        Ok(match name {
            "items" => Value::list(
                items
                    .borrow()
                    .iter()
                    .map(|(key, value)| Value::tuple([key.clone(), value.clone()]))
                    .collect(),
            ),
            "keys" => Value::list(items.borrow().iter().map(|(key, _)| key.clone()).collect()),
            "values" => Value::list(
                items
                    .borrow()
                    .iter()
                    .map(|(_, value)| value.clone())
                    .collect(),
            ),
            "get" => match key {
                Value::Unknown(_) => key,
                key => find(&key).or(default).unwrap_or(Value::None),
            },
            "setdefault" => match find(&key) {
                Some(value) => value,
                None => {
                    let value = default.unwrap_or(Value::None);
                    items.borrow_mut().push((key, value.clone()));
                    value
                }
            },
            "pop" => match (find(&key), default) {
                (Some(value), _) => {
                    items
                        .borrow_mut()
                        .retain(|(known, _)| equal(known, &key) != Some(true));
                    value
                }
                (None, Some(default)) => default,
                (None, None) => return Err(self.raise("KeyError", "no such key")),
            },
            "update" => {
                let whole = Value::Dict(items.clone());
                if let Value::Dict(others) = &key {
                    for (key, value) in others.borrow().clone() {
                        self.store(&whole, key, value)?;
                    }
                } else if let Value::Unknown(_) = &key {
                    items.borrow_mut().push((key.clone(), key));
                }
                for (name, value) in args.named {
                    self.store(&whole, Value::Str(name), value)?;
                }
                Value::None
            }
            "copy" => Value::dict(items.borrow().clone()),
            "clear" => {
                items.borrow_mut().clear();
                Value::None
            }
            _ => {
                return Err(self.raise(
                    "AttributeError",
                    format!("'dict' object has no attribute '{name}'"),
                ));
            }
        })
    }

    /// `sorted(items, key=…, reverse=…)`.
    pub(super) fn sorted(&mut self, items: Vec<Value>, args: &Args) -> Result<Value, Stop> {
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            let key = match args.named("key") {
                Some(Value::None) | None => item.clone(),
                Some(function) => {
                    let args = Args {
                        positional: vec![item.clone()],
                        named: Vec::new(),
                    };
                    self.call_value(&function.clone(), args)?
                }
            };
            if let Some(unknown) = key.find_unknown() {
                return Ok(Value::Unknown(unknown));
            }
            keyed.push((key, item));
        }
        let mut comparable = true;
        let reverse = matches!(args.named("reverse"), Some(Value::Bool(true)));
        keyed.sort_by(|(a, _), (b, _)| {
            let order = operator::order(a, b).unwrap_or_else(|| {
                comparable = false;
                Ordering::Equal
            });
            if reverse { order.reverse() } else { order }
        });
        if !comparable {
            return Ok(self.unknown("sorts what has no order here"));
        }
        Ok(Value::list(
            keyed.into_iter().map(|(_, item)| item).collect(),
        ))
    }
}

/// The place of a Python index, which counts from the end where it is negative.
fn position(index: i64, length: usize) -> Option<usize> {
    let at = if index < 0 {
        index.checked_add(i64::try_from(length).ok()?)?
    } else {
        index
    };
    usize::try_from(at).ok().filter(|at| *at < length)
}

/// The places that a slice picks.
fn indexes([lower, upper, step]: [Option<i64>; 3], length: usize) -> Vec<usize> {
    let step = step.unwrap_or(1);
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let clamp = |index: i64, low: i64, high: i64| {
        let index = if index < 0 {
            index.saturating_add(length)
        } else {
            index
        };
        index.clamp(low, high)
    };
    let mut picked = Vec::new();
    if step > 0 {
        let mut at = clamp(lower.unwrap_or(0), 0, length);
        let end = clamp(upper.unwrap_or(length), 0, length);
        while at < end {
            picked.push(at as usize);
            at = at.saturating_add(step);
        }
    } else if step < 0 {
        let mut at = lower.map_or(length - 1, |lower| clamp(lower, -1, length - 1));
        let end = upper.map_or(-1, |upper| clamp(upper, -1, length - 1));
        while at > end {
            picked.push(at as usize);
            at = at.saturating_add(step);
        }
    }
    picked
}
