//! JSON as Python's `json` writes and reads it.

use super::{Value, float};
use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// How deep it may nest.
const DEPTH: usize = 64;

/// How long a text may become.
const LENGTH: usize = 4_000_000;

/// The options of `json.dumps`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    pub ascii: bool,
    pub sort: bool,
    /// Between items, and after a key.
    pub separators: (String, String),
    /// What each level is indented by, on lines of their own.
    pub indent: Option<String>,
}

impl Default for Style {
    fn default() -> Self {
        Style {
            ascii: true,
            sort: false,
            separators: (", ".into(), ": ".into()),
            indent: None,
        }
    }
}

/// `json.dumps(value)`; or why it cannot be written.
pub fn dumps(value: &Value, style: &Style) -> Result<String, String> {
    let mut out = String::new();
    style.write(value, &mut out, 0)?;
    Ok(out)
}

impl Style {
    fn write(&self, value: &Value, out: &mut String, depth: usize) -> Result<(), String> {
        if out.len() > LENGTH {
            return Err("writes JSON that is too long".into());
        }
        if depth > DEPTH {
            return Err("writes JSON that is nested too deep".into());
        }
        match value {
            Value::Str(text) => self.text(text, out),
            Value::List(_) | Value::Tuple(_) => {
                let items = value.items().unwrap_or_default();
                self.block(['[', ']'], &items, out, depth, |item, out| {
                    self.write(item, out, depth + 1)
                })?;
            }
            Value::Dict(items) => {
                let mut pairs = items.borrow().clone();
                if self.sort {
                    sort(&mut pairs)?;
                }
                self.block(['{', '}'], &pairs, out, depth, |(key, value), out| {
                    match key {
                        Value::Str(key) => self.text(key, out),
                        key => self.text(&plain(key)?, out),
                    }
                    out.push_str(&self.separators.1);
                    self.write(value, out, depth + 1)
                })?;
            }
            other => out.push_str(&plain(other)?),
        }
        Ok(())
    }

    fn block<T>(
        &self,
        [open, close]: [char; 2],
        items: &[T],
        out: &mut String,
        depth: usize,
        mut write: impl FnMut(&T, &mut String) -> Result<(), String>,
    ) -> Result<(), String> {
        let line = |out: &mut String, depth: usize| {
            if let Some(indent) = &self.indent {
                out.push('\n');
                out.push_str(&indent.repeat(depth));
            }
        };
        out.push(open);
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                out.push_str(&self.separators.0);
            }
            line(out, depth + 1);
            write(item, out)?;
        }
        if !items.is_empty() {
            line(out, depth);
        }
        out.push(close);
        Ok(())
    }

    fn text(&self, text: &str, out: &mut String) {
        out.push('"');
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                c if c < ' ' || (self.ascii && c > '~') => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                c => out.push(c),
            }
        }
        out.push('"');
    }
}

/// What is neither a text nor holds anything.
fn plain(value: &Value) -> Result<String, String> {
    Ok(match value {
        Value::None => "null".into(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) if number.is_nan() => "NaN".into(),
        Value::Float(number) if number.is_infinite() => match *number > 0.0 {
            true => "Infinity".into(),
            false => "-Infinity".into(),
        },
        Value::Float(number) => float::repr(*number),
        other => return Err(format!("writes a {} as JSON", other.type_name())),
    })
}

/// Sorts by keys, as they are before they are written.
fn sort(pairs: &mut [(Value, Value)]) -> Result<(), String> {
    if pairs.iter().all(|(key, _)| matches!(key, Value::Str(_))) {
        pairs.sort_by(|(a, _), (b, _)| a.as_str().cmp(&b.as_str()));
    } else if pairs.iter().all(|(key, _)| matches!(key, Value::Int(_))) {
        pairs.sort_by_key(|(key, _)| match key {
            Value::Int(number) => *number,
            _ => 0,
        });
    } else {
        return Err("writes JSON with odd keys".into());
    }
    Ok(())
}

/// `json.loads(text)`, its keys in their order; none where it is no JSON.
pub fn loads(text: &str) -> Option<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = reader.deserialize_any(Reading).ok()?;
    reader.end().ok()?;
    Some(value)
}

struct Reading;

impl<'de> serde::de::DeserializeSeed<'de> for Reading {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(Reading)
    }
}

impl<'de> Visitor<'de> for Reading {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(match i64::try_from(number) {
            Ok(number) => Value::Int(number),
            Err(_) => Value::unknown(0, "is a number beyond 64 bits"),
        })
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(match number.abs() < 9e18 {
            true => Value::Float(number),
            // A whole number beyond 64 bits comes here too.
            false => Value::unknown(0, "is a number beyond 64 bits"),
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::str(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Reading)? {
            list.push(item);
        }
        Ok(Value::list(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut pairs: Vec<(Value, Value)> = Vec::new();
        while let Some(key) = items.next_key::<String>()? {
            let value = items.next_value_seed(Reading)?;
            // A key given twice keeps its place and has the last value.
            match pairs
                .iter_mut()
                .find(|(known, _)| known.as_str() == Some(&key))
            {
                Some((_, known)) => *known = value,
                None => pairs.push((Value::str(key), value)),
            }
        }
        Ok(Value::dict(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_writes_it() {
        let value = Value::dict(vec![
            (
                Value::str("é\"\u{7f}"),
                Value::list(vec![Value::None, Value::Bool(true)]),
            ),
            (Value::Int(1), Value::Float(2.0)),
        ]);
        let plain = Style::default();
        assert_eq!(
            dumps(&value, &plain).unwrap(),
            r#"{"\u00e9\"\u007f": [null, true], "1": 2.0}"#
        );
        let lines = Style {
            ascii: false,
            indent: Some("  ".into()),
            separators: (",".into(), ": ".into()),
            ..plain.clone()
        };
        let value = Value::list(vec![
            Value::str("é"),
            Value::list(Vec::new()),
            Value::Int(1),
        ]);
        assert_eq!(dumps(&value, &lines).unwrap(), "[\n  \"é\",\n  [],\n  1\n]");
        let numbers = [10, 9].map(|key| (Value::Int(key), Value::Float(f64::INFINITY)));
        let sorted = Style {
            sort: true,
            ..plain
        };
        assert_eq!(
            dumps(&Value::dict(numbers.to_vec()), &sorted).unwrap(),
            r#"{"9": Infinity, "10": Infinity}"#
        );
    }

    #[test]
    fn keys_keep_their_order() {
        let value = loads(r#"{"b": [1, 2.5], "a": null, "b": {"z": 1, "y": "é"}}"#).unwrap();
        assert_eq!(
            dumps(&value, &Style::default()).unwrap(),
            r#"{"b": {"z": 1, "y": "\u00e9"}, "a": null}"#
        );
        assert!(loads("{} x").is_none());
    }
}
