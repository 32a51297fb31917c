//! Builtins.

use super::{Interpreter, format, operator, truth};
use crate::value::{Args, Stop, Value};
use std::cmp::Ordering;
use std::rc::Rc;

impl Interpreter<'_> {
    pub(super) fn builtin(&mut self, name: &str, args: Args) -> Result<Value, Stop> {
        let first = args.positional.first().cloned();
        match name {
            // It shows something to whoever runs the migration.
            "print" => return Ok(Value::None),
            "list" | "tuple" | "set" | "frozenset" | "sorted" | "reversed" | "enumerate"
            | "all" | "any" | "sum" | "iter" => {
                let Some(over) = first else {
                    return Ok(match name {
                        "tuple" => Value::tuple([]),
                        "set" | "frozenset" => self.set_of(Vec::new()),
                        _ => Value::list(Vec::new()),
                    });
                };
                let items = match self.elements(&over)? {
                    Ok(items) => items,
                    Err(unknown) => return Ok(Value::Unknown(unknown)),
                };
                return self.over(name, items, &args);
            }
            "zip" | "map" | "filter" => return self.through(name, &args),
            "isinstance" => {
                return Ok(match first {
                    Some(Value::Unknown(unknown)) => Value::Unknown(unknown),
                    Some(value) => self.is_instance(&value, args.positional.get(1)),
                    None => return Err(self.raise("TypeError", "isinstance() needs a value")),
                });
            }
            _ => {}
        }
        if let Some(Value::Unknown(unknown)) = &first {
            return Ok(Value::Unknown(unknown.clone()));
        }
        let text = |value: &Value, this: &Self| match format::text(value) {
            Ok(text) => Value::str(text),
            Err(reason) => match value.find_unknown() {
                Some(unknown) => Value::Unknown(unknown),
                None => this.unknown(reason),
            },
        };
        Ok(match (name, first) {
            ("len", Some(Value::Str(text))) => Value::Int(text.chars().count() as i64),
            ("len", Some(Value::Bytes(bytes))) => Value::Int(bytes.len() as i64),
            ("len", Some(value)) => match self.elements(&value)? {
                Ok(items) => Value::Int(items.len() as i64),
                Err(unknown) => Value::Unknown(unknown),
            },
            ("str", None) => Value::str(""),
            ("str", Some(value)) => text(&value, self),
            ("repr", Some(value)) => match format::repr(&value) {
                Ok(text) => Value::str(text),
                Err(reason) => self.unknown(reason),
            },
            ("bool", value) => match truth(&value.unwrap_or(Value::None)) {
                Ok(value) => Value::Bool(value),
                Err(unknown) => Value::Unknown(unknown),
            },
            ("int", None) => Value::Int(0),
            ("int", Some(value)) => match &value {
                Value::Int(_) => value,
                Value::Bool(value) => Value::Int(i64::from(*value)),
                Value::Float(value) if value.abs() < 9e18 => Value::Int(*value as i64),
                Value::Str(text) if args.positional.len() == 1 => {
                    match text.trim().replace('_', "").parse() {
                        Ok(number) => Value::Int(number),
                        Err(_) => return Err(self.raise("ValueError", "not a whole number")),
                    }
                }
                _ => self.unknown("makes a number in a way that Cofferdam does not know"),
            },
            ("float", Some(value)) => match &value {
                Value::Int(value) => Value::Float(*value as f64),
                Value::Float(_) => value,
                Value::Str(text) => match text.trim().parse() {
                    Ok(number) => Value::Float(number),
                    Err(_) => return Err(self.raise("ValueError", "not a number")),
                },
                _ => return Err(self.raise("TypeError", "float() needs a number")),
            },
            ("abs", Some(Value::Int(value))) => match value.checked_abs() {
                Some(value) => Value::Int(value),
                None => self.unknown("is a number beyond 64 bits"),
            },
            ("abs", Some(Value::Float(value))) => Value::Float(value.abs()),
            ("chr", Some(Value::Int(value))) => {
                match u32::try_from(value).ok().and_then(char::from_u32) {
                    Some(c) => Value::str(c.to_string()),
                    None => return Err(self.raise("ValueError", "not a character")),
                }
            }
            ("ord", Some(Value::Str(text))) => match text.chars().next() {
                Some(c) => Value::Int(i64::from(u32::from(c))),
                None => return Err(self.raise("TypeError", "ord() needs a character")),
            },
            ("range", Some(_)) => return self.range(&args),
            ("max" | "min", Some(value)) => {
                let items = match args.positional.as_slice() {
                    [_] => match self.elements(&value)? {
                        Ok(items) => items,
                        Err(unknown) => return Ok(Value::Unknown(unknown)),
                    },
                    several => several.to_vec(),
                };
                if args.named("key").is_some() {
                    return Ok(self.unknown(format!("uses {name}() with a key")));
                }
                let wanted = match name {
                    "max" => Ordering::Greater,
                    _ => Ordering::Less,
                };
                let mut best: Option<Value> = None;
                for item in items {
                    best = match best {
                        None => Some(item),
                        Some(best) => match operator::order(&item, &best) {
                            Some(order) if order == wanted => Some(item),
                            Some(_) => Some(best),
                            None => return Ok(self.unknown("compares what has no order here")),
                        },
                    };
                }
                match best.or_else(|| args.named("default").cloned()) {
                    Some(best) => best,
                    None => return Err(self.raise("ValueError", "nothing to compare")),
                }
            }
            ("dict", first) => {
                let dict = Value::dict(Vec::new());
                match first {
                    Some(Value::Dict(items)) => {
                        for (key, value) in items.borrow().clone() {
                            self.store(&dict, key, value)?;
                        }
                    }
                    Some(pairs) => {
                        let pairs = match self.elements(&pairs)? {
                            Ok(pairs) => pairs,
                            Err(unknown) => return Ok(Value::Unknown(unknown)),
                        };
                        for pair in pairs {
                            match pair.items().as_deref() {
                                Some([key, value]) => {
                                    self.store(&dict, key.clone(), value.clone())?;
                                }
                                _ => return Ok(self.unknown("makes a dict of what are no pairs")),
                            }
                        }
                    }
                    None => {}
                }
                for (name, value) in args.named {
                    self.store(&dict, Value::Str(name), value)?;
                }
                dict
            }
            ("getattr", Some(value)) => match args.positional.get(1) {
                Some(Value::Str(name)) => {
                    let name = name.clone();
                    self.attribute(&value, &name)?
                }
                _ => self.unknown("needs an attribute by an unknown name"),
            },
            ("type", Some(value)) => {
                Value::Name(Rc::from(format!("builtins.{}", value.type_name())))
            }
            ("callable", Some(value)) => Value::Bool(matches!(
                value,
                Value::Function(_) | Value::Method(..) | Value::Class(_) | Value::Name(_)
            )),
            ("round", Some(Value::Float(value))) if args.positional.len() == 1 => {
                Value::Int(value.round_ties_even() as i64)
            }
            ("next", Some(value)) => match self.elements(&value)? {
                // Only the first of a fresh generator is certain.
                Ok(items) => match items
                    .into_iter()
                    .next()
                    .or_else(|| args.positional.get(1).cloned())
                {
                    Some(item) => item,
                    None => return Err(self.raise("StopIteration", "")),
                },
                Err(unknown) => Value::Unknown(unknown),
            },
            ("open" | "input", _) => self.unknown("needs another file"),
            ("object", None) => self.unknown("is an object of its own"),
            (class, _) if class.ends_with("Error") || class.ends_with("Exception") => {
                Value::Name(Rc::from(format!("builtins.{class}")))
            }
            _ => self.unknown(format!("{name}() is not followed by Cofferdam here")),
        })
    }

    fn over(&mut self, name: &str, items: Vec<Value>, args: &Args) -> Result<Value, Stop> {
        Ok(match name {
            "tuple" => Value::tuple(items),
            "set" | "frozenset" => self.set_of(items),
            "sorted" => return self.sorted(items, args),
            "reversed" => Value::list(items.into_iter().rev().collect()),
            "enumerate" => {
                let start = match args.get(1, "start") {
                    Some(Value::Int(start)) => *start,
                    Some(Value::Bool(start)) => i64::from(*start),
                    _ => 0,
                };
                let numbered = items.into_iter().zip(start..);
                Value::list(
                    numbered
                        .map(|(item, at)| Value::tuple([Value::Int(at), item]))
                        .collect(),
                )
            }
            "all" | "any" => {
                for item in &items {
                    match truth(item) {
                        Ok(value) if value == (name == "any") => return Ok(Value::Bool(value)),
                        Ok(_) => {}
                        Err(unknown) => return Ok(Value::Unknown(unknown)),
                    }
                }
                Value::Bool(name == "all")
            }
            "sum" => {
                let mut whole = args.get(1, "start").cloned().unwrap_or(Value::Int(0));
                for item in items {
                    self.spend()?;
                    whole = self.binary(ruff_python_ast::Operator::Add, &whole, &item)?;
                }
                whole
            }
            _ => Value::list(items),
        })
    }

    fn through(&mut self, name: &str, args: &Args) -> Result<Value, Stop> {
        let (function, lists) = match (name, args.positional.split_first()) {
            ("zip", _) => (None, args.positional.as_slice()),
            (_, Some((function, lists))) => (Some(function.clone()), lists),
            _ => return Err(self.raise("TypeError", "arguments are missing")),
        };
        let mut columns = Vec::new();
        for list in lists {
            match self.elements(list)? {
                Ok(items) => columns.push(items),
                Err(unknown) => return Ok(Value::Unknown(unknown)),
            }
        }
        let length = columns.iter().map(Vec::len).min().unwrap_or(0);
        let mut out = Vec::new();
        for at in 0..length {
            let row: Vec<Value> = columns.iter().map(|column| column[at].clone()).collect();
            match &function {
                None => out.push(Value::tuple(row)),
                Some(function) => {
                    let item = row[0].clone();
                    let args = Args {
                        positional: row,
                        named: Vec::new(),
                    };
                    let value = match function {
                        Value::None => item.clone(),
                        function => self.call_value(function, args)?,
                    };
                    if name == "map" {
                        out.push(value);
                    } else {
                        match truth(&value) {
                            Ok(true) => out.push(item),
                            Ok(false) => {}
                            Err(unknown) => return Ok(Value::Unknown(unknown)),
                        }
                    }
                }
            }
        }
        Ok(Value::list(out))
    }

    fn is_instance(&self, value: &Value, classes: Option<&Value>) -> Value {
        let classes = match classes {
            Some(Value::Tuple(classes)) => classes.to_vec(),
            Some(class) => vec![class.clone()],
            None => Vec::new(),
        };
        let mut unknown = false;
        for class in classes {
            match (&class, value) {
                (Value::Name(name), value) => match (name.strip_prefix("builtins."), value) {
                    (Some(_), Value::Object(_) | Value::Member(_)) | (None, _) => unknown = true,
                    (Some("int"), Value::Bool(_)) => return Value::Bool(true),
                    (Some(name), value) if name == value.type_name() => return Value::Bool(true),
                    (Some(_), _) => {}
                },
                _ => unknown = true,
            }
        }
        if unknown {
            self.unknown("asks for the class of a value")
        } else {
            Value::Bool(false)
        }
    }

    fn range(&mut self, args: &Args) -> Result<Value, Stop> {
        let mut numbers = Vec::new();
        for value in &args.positional {
            match value {
                Value::Int(number) => numbers.push(*number),
                Value::Unknown(unknown) => return Ok(Value::Unknown(unknown.clone())),
                _ => return Err(self.raise("TypeError", "range() needs whole numbers")),
            }
        }
        let (start, end, step) = match numbers.as_slice() {
            [end] => (0, *end, 1),
            [start, end] => (*start, *end, 1),
            [start, end, step] if *step != 0 => (*start, *end, *step),
            _ => return Err(self.raise("ValueError", "range() cannot count so")),
        };
        let mut items = Vec::new();
        let mut at = start;
        while (step > 0 && at < end) || (step < 0 && at > end) {
            self.spend()?;
            items.push(Value::Int(at));
            match at.checked_add(step) {
                Some(next) => at = next,
                None => break,
            }
        }
        Ok(Value::list(items))
    }
}
