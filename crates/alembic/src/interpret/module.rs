//! The standard library's functions.

use super::{Interpreter, LENGTH};
use crate::value::json::{self, Style};
use crate::value::{Args, Stop, Value};
use std::rc::Rc;

impl Interpreter<'_> {
    /// Calls a function of the standard library.
    pub(super) fn standard(&mut self, name: &str, args: Args) -> Result<Value, Stop> {
        if let Some(name) = name.strip_prefix("builtins.") {
            return self.builtin(name, args);
        }
        let (module, function) = name.split_once('.').unwrap_or((name, ""));
        if let ("logging" | "warnings", _) = (module, function) {
            // A logger's methods are names below it, which land here too.
            return Ok(match function {
                "getLogger" => Value::Name(Rc::from("logging.Logger")),
                _ => Value::None,
            });
        }
        if let Some(unknown) = args.find_unknown() {
            return Ok(Value::Unknown(unknown));
        }
        let first = args.positional.first();
        Ok(match (module, function) {
            ("textwrap", "dedent") => match first.and_then(Value::as_str) {
                Some(text) => Value::str(dedent(text)),
                None => return Err(self.raise("TypeError", "dedent() needs a text")),
            },
            ("copy", "copy" | "deepcopy") | ("typing", "cast") => {
                args.positional.last().map_or(Value::None, copy)
            }
            ("collections", "OrderedDict") => return self.builtin("dict", args),
            ("functools", "partial") => return Ok(self.unknown("uses functools.partial")),
            ("itertools", "chain") => {
                let mut whole = Vec::new();
                for part in &args.positional {
                    match self.elements(part)? {
                        Ok(items) => whole.extend(items),
                        Err(unknown) => return Ok(Value::Unknown(unknown)),
                    }
                }
                self.bounded_list(whole)?
            }
            ("itertools", "product") => {
                let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
                for part in &args.positional {
                    let items = match self.elements(part)? {
                        Ok(items) => items,
                        Err(unknown) => return Ok(Value::Unknown(unknown)),
                    };
                    if rows.len().saturating_mul(items.len()) > LENGTH / 16 {
                        return Err(Stop::Limit);
                    }
                    rows = rows
                        .iter()
                        .flat_map(|row| {
                            items
                                .iter()
                                .map(|item| [&**row, std::slice::from_ref(item)].concat())
                        })
                        .collect();
                }
                Value::list(rows.into_iter().map(Value::tuple).collect())
            }
            ("json", "dumps") => match dumps(&args) {
                Ok(text) => Value::str(text),
                Err(reason) => self.unknown(reason),
            },
            ("json", "loads") => match first.and_then(Value::as_str).and_then(json::loads) {
                Some(value) => value,
                None => return Err(self.raise("JSONDecodeError", "not JSON")),
            },
            ("enum", "auto") => self.unknown("uses enum.auto()"),
            ("re", _) => self.unknown("uses a regular expression"),
            ("os", "getenv" | "environ.get") | ("os", "environ") => self.unknown(format!(
                "needs the environment variable {}",
                first.and_then(Value::as_str).unwrap_or_default()
            )),
            ("os" | "pathlib" | "io" | "shutil" | "csv", _) => self.unknown("needs another file"),
            ("random" | "secrets" | "time", _) => self.unknown("is different on every run"),
            _ => self.unknown(format!("{name} is not followed by Cofferdam")),
        })
    }
}

/// A copy that shares nothing with `value`.
fn copy(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::list(items.borrow().iter().map(copy).collect()),
        Value::Dict(items) => Value::dict(
            items
                .borrow()
                .iter()
                .map(|(key, value)| (copy(key), copy(value)))
                .collect(),
        ),
        Value::Set(items) => Value::set(items.borrow().clone()),
        other => other.clone(),
    }
}

/// `textwrap.dedent`: the white space that every line begins with goes; lines of white space alone become empty.
fn dedent(text: &str) -> String {
    let blank = |line: &str| line.chars().all(|c| c == ' ' || c == '\t');
    let mut margin: Option<&str> = None;
    for line in text.split('\n').filter(|line| !blank(line)) {
        let own = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        margin = Some(match margin {
            None => own,
            Some(margin) => {
                let same = margin
                    .bytes()
                    .zip(own.bytes())
                    .take_while(|(a, b)| a == b)
                    .count();
                &margin[..same]
            }
        });
    }
    let margin = margin.unwrap_or_default();
    let lines: Vec<&str> = text
        .split('\n')
        .map(|line| match blank(line) {
            true => "",
            false => line.strip_prefix(margin).unwrap_or(line),
        })
        .collect();
    lines.join("\n")
}

/// `json.dumps(value, …)`; or why it is not known.
fn dumps(args: &Args) -> Result<String, String> {
    let mut style = Style::default();
    for (name, value) in &args.named {
        match (&**name, value) {
            ("ensure_ascii", Value::Bool(ascii)) => style.ascii = *ascii,
            ("sort_keys", Value::Bool(sort)) => style.sort = *sort,
            ("indent" | "separators", Value::None) => {}
            ("indent", Value::Int(width @ 0..=16)) => {
                style.indent = Some(" ".repeat(usize::try_from(*width).unwrap_or_default()));
            }
            ("separators", _) => {}
            (name, _) => return Err(format!("uses json.dumps with {name}")),
        }
    }
    match args.named("separators").and_then(Value::items).as_deref() {
        None if style.indent.is_some() => style.separators.0 = ",".into(),
        None => {}
        Some([Value::Str(item), Value::Str(key)]) => {
            style.separators = (item.to_string(), key.to_string());
        }
        Some(_) => return Err("uses json.dumps with odd separators".into()),
    }
    json::dumps(args.positional.first().unwrap_or(&Value::None), &style)
}
