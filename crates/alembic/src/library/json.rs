//! Python's `json.dumps`, and its way of writing a float.

use crate::value::Value;

/// As Python's `json.dumps(value)` writes it; none where it cannot.
pub fn dumps(value: &Value) -> Option<String> {
    let mut text = String::new();
    write(value, &mut text, 0)?;
    Some(text)
}

fn write(value: &Value, out: &mut String, depth: u32) -> Option<()> {
    if depth > 64 {
        return None;
    }
    match value {
        Value::None => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&float(*number)?),
        Value::Str(text) => string(text, out),
        Value::List(items) => list(&items.borrow(), out, depth)?,
        Value::Tuple(items) => list(items, out, depth)?,
        Value::Dict(items) => {
            out.push('{');
            for (index, (key, value)) in items.borrow().iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                match key {
                    Value::Str(text) => string(text, out),
                    Value::Int(_) | Value::Bool(_) | Value::None | Value::Float(_) => {
                        let mut key_text = String::new();
                        write(key, &mut key_text, depth + 1)?;
                        string(&key_text, out);
                    }
                    _ => return None,
                }
                out.push_str(": ");
                write(value, out, depth + 1)?;
            }
            out.push('}');
        }
        _ => return None,
    }
    Some(())
}

fn list(items: &[Value], out: &mut String, depth: u32) -> Option<()> {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(item, out, depth + 1)?;
    }
    out.push(']');
    Some(())
}

fn string(text: &str, out: &mut String) {
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
            ' '..='~' => out.push(c),
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

/// A float as Python's `repr` writes it; none for infinities and what is no number.
pub fn float(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e')?;
        let exponent: i32 = exponent.parse().ok()?;
        let sign = if exponent < 0 { '-' } else { '+' };
        return Some(format!("{digits}e{sign}{:02}", exponent.abs()));
    }
    let text = number.to_string();
    Some(if text.contains('.') {
        text
    } else {
        format!("{text}.0")
    })
}

#[cfg(test)]
mod tests {
    use super::{dumps, float};
    use crate::value::Value;

    #[test]
    fn as_python_writes_it() {
        let value = Value::dict(vec![
            (
                Value::str("é\""),
                Value::list(vec![Value::None, Value::Bool(true)]),
            ),
            (Value::Int(1), Value::Float(2.0)),
        ]);
        assert_eq!(
            dumps(&value).unwrap(),
            r#"{"\u00e9\"": [null, true], "1": 2.0}"#
        );
        assert_eq!(float(1e-7).unwrap(), "1e-07");
        assert_eq!(float(1.5e20).unwrap(), "1.5e+20");
        assert_eq!(float(0.1).unwrap(), "0.1");
    }
}
