//! The methods of texts.

use super::{Interpreter, format};
use crate::value::{Args, Stop, Unknown, Value};
use std::rc::Rc;

impl Interpreter<'_> {
    pub(super) fn text_method(
        &mut self,
        text: &str,
        name: &str,
        args: &Args,
    ) -> Result<Value, Stop> {
        if name == "format" {
            return self.format_method(text, args);
        }
        if let Some(unknown) = args.find_unknown() {
            return Ok(Value::Unknown(unknown));
        }
        let first = args.positional.first();
        let word = first.and_then(Value::as_str);
        let second = args.positional.get(1).and_then(Value::as_str);
        let set: Vec<char> = word.unwrap_or_default().chars().collect();
        let strips = |c: char| match word {
            Some(_) => set.contains(&c),
            None => c.is_whitespace(),
        };
        let prefixes = || -> Vec<Rc<str>> {
            match first {
                Some(Value::Str(text)) => vec![text.clone()],
                Some(Value::Tuple(items)) => items
                    .iter()
                    .filter_map(|item| match item {
                        Value::Str(text) => Some(text.clone()),
                        _ => None,
                    })
                    .collect(),
                _ => Vec::new(),
            }
        };
        Ok(match name {
            "lower" | "casefold" => Value::str(text.to_lowercase()),
            "upper" => Value::str(text.to_uppercase()),
            "strip" => Value::str(text.trim_matches(strips)),
            "lstrip" => Value::str(text.trim_start_matches(strips)),
            "rstrip" => Value::str(text.trim_end_matches(strips)),
            "capitalize" => {
                let mut chars = text.chars();
                let head: String = chars
                    .next()
                    .into_iter()
                    .flat_map(char::to_uppercase)
                    .collect();
                Value::str(head + &chars.as_str().to_lowercase())
            }
            "title" => {
                let mut inside = false;
                let mut out = String::new();
                for c in text.chars() {
                    if inside {
                        out.extend(c.to_lowercase());
                    } else {
                        out.extend(c.to_uppercase());
                    }
                    inside = c.is_alphabetic();
                }
                Value::str(out)
            }
            "replace" => match (word, second, args.positional.get(2)) {
                (Some(from), Some(to), None) => {
                    let count = text.matches(from).count();
                    let length = text.len().saturating_add(count.saturating_mul(to.len()));
                    if length > super::LENGTH {
                        return Err(Stop::Limit);
                    }
                    Value::str(text.replace(from, to))
                }
                (Some(from), Some(to), Some(Value::Int(count))) => Value::str(text.replacen(
                    from,
                    to,
                    usize::try_from(*count).unwrap_or(usize::MAX),
                )),
                _ => return Err(self.raise("TypeError", "replace() needs two texts")),
            },
            "startswith" => {
                Value::Bool(prefixes().iter().any(|prefix| text.starts_with(&**prefix)))
            }
            "endswith" => Value::Bool(prefixes().iter().any(|suffix| text.ends_with(&**suffix))),
            "removeprefix" => {
                let prefix = word.unwrap_or_default();
                Value::str(text.strip_prefix(prefix).unwrap_or(text))
            }
            "removesuffix" => {
                let suffix = word.unwrap_or_default();
                Value::str(text.strip_suffix(suffix).unwrap_or(text))
            }
            "split" | "rsplit" => {
                let most = match args.get(1, "maxsplit") {
                    Some(Value::Int(most)) => usize::try_from(*most).ok(),
                    _ => None,
                };
                let parts: Vec<&str> = match (word, most, name) {
                    (Some(""), ..) => return Err(self.raise("ValueError", "empty separator")),
                    (Some(by), None, _) => text.split(by).collect(),
                    (Some(by), Some(most), "split") => {
                        text.splitn(most.saturating_add(1), by).collect()
                    }
                    (Some(by), Some(most), _) => {
                        let mut parts: Vec<&str> =
                            text.rsplitn(most.saturating_add(1), by).collect();
                        parts.reverse();
                        parts
                    }
                    (None, None, _) => text.split_whitespace().collect(),
                    (None, Some(_), _) => {
                        return Ok(self.unknown("splits a text at white space a number of times"));
                    }
                };
                Value::list(parts.into_iter().map(Value::str).collect())
            }
            "splitlines" => Value::list(text.lines().map(Value::str).collect()),
            "join" => {
                let over = first.cloned().unwrap_or(Value::None);
                let items = match self.elements(&over)? {
                    Ok(items) => items,
                    Err(unknown) => return Ok(Value::Unknown(unknown)),
                };
                let mut parts = Vec::with_capacity(items.len());
                for item in &items {
                    match item {
                        Value::Str(part) => parts.push(&**part),
                        Value::Unknown(unknown) => return Ok(Value::Unknown(unknown.clone())),
                        Value::Member(_) | Value::Object(_) => {
                            return Ok(self.unknown("joins what is no plain text"));
                        }
                        _ => return Err(self.raise("TypeError", "join() needs texts")),
                    }
                }
                let whole: usize = parts.iter().map(|part| part.len() + text.len()).sum();
                if whole > super::LENGTH {
                    return Err(Stop::Limit);
                }
                return self.bounded(parts.join(text));
            }
            "find" | "index" | "count" => {
                let part = word.unwrap_or_default();
                match (name, text.find(part)) {
                    ("count", _) => Value::Int(text.matches(part).count() as i64),
                    (_, Some(at)) => Value::Int(text[..at].chars().count() as i64),
                    ("find", None) => Value::Int(-1),
                    (_, None) => return Err(self.raise("ValueError", "substring not found")),
                }
            }
            "isdigit" => Value::Bool(!text.is_empty() && text.chars().all(|c| c.is_ascii_digit())),
            "isupper" => Value::Bool(text != text.to_lowercase() && text == text.to_uppercase()),
            "islower" => Value::Bool(text != text.to_uppercase() && text == text.to_lowercase()),
            "isidentifier" | "isalpha" | "isalnum" | "isspace" => {
                let fits = |c: char| match name {
                    "isalpha" => c.is_alphabetic(),
                    "isalnum" => c.is_alphanumeric(),
                    "isspace" => c.is_whitespace(),
                    _ => c.is_alphanumeric() || c == '_',
                };
                Value::Bool(!text.is_empty() && text.chars().all(fits))
            }
            "zfill" | "ljust" | "rjust" | "center" => {
                let Some(Value::Int(width)) = first else {
                    return Err(self.raise("TypeError", "a width is needed"));
                };
                let width = usize::try_from(*width).unwrap_or(0);
                if width > super::LENGTH {
                    return Err(Stop::Limit);
                }
                let fill = second.unwrap_or(" ");
                let missing = width.saturating_sub(text.chars().count());
                match name {
                    "ljust" => Value::str(text.to_owned() + &fill.repeat(missing)),
                    "rjust" => Value::str(fill.repeat(missing) + text),
                    "zfill" if !text.starts_with(['-', '+']) => {
                        Value::str("0".repeat(missing) + text)
                    }
                    _ => self.unknown(format!("needs the method {name} of a str")),
                }
            }
            "partition" | "rpartition" => {
                let by = word.unwrap_or_default();
                let cut = match name {
                    "partition" => text.split_once(by),
                    _ => text.rsplit_once(by),
                };
                let parts = match cut {
                    Some((before, after)) => [before, by, after],
                    None if name == "partition" => [text, "", ""],
                    None => ["", "", text],
                };
                Value::tuple(parts.map(Value::str))
            }
            "encode" => Value::Bytes(text.as_bytes().into()),
            _ => self.unknown(format!("needs the method {name} of a str")),
        })
    }

    fn format_method(&mut self, template: &str, args: &Args) -> Result<Value, Stop> {
        let mut unknown = None;
        let formatted = format::braces(template, |field| {
            let end = field.find(['.', '[']).unwrap_or(field.len());
            let (name, path) = field.split_at(end);
            let value = match name.parse::<usize>() {
                Ok(index) => args.positional.get(index),
                Err(_) => args.named(name),
            };
            let value = value.ok_or("has a format without a value")?;
            let value = match path
                .strip_prefix('[')
                .and_then(|path| path.strip_suffix(']'))
            {
                Some(key) => {
                    let key = match key.parse::<i64>() {
                        Ok(index) => Value::Int(index),
                        Err(_) => Value::str(key),
                    };
                    self.subscript(value, &key)
                        .map_err(|_| "has a format without a value")?
                }
                None if path.is_empty() => value.clone(),
                None => self
                    .attribute(value, path.trim_start_matches('.'))
                    .map_err(|_| "has a format without a value")?,
            };
            if unknown.is_none() {
                unknown = value.find_unknown();
            }
            Ok(value)
        });
        match (formatted, unknown) {
            (_, Some(unknown)) => Ok(Value::Unknown(unknown)),
            (Ok(text), None) => self.bounded(text),
            (Err(reason), None) => Ok(Value::Unknown(Rc::new(Unknown {
                line: self.world.line,
                reason,
            }))),
        }
    }
}
