//! Python's texts of values: `str`, `repr`, format specifications, `%` and `str.format`.

use crate::value::{Value, float};

type Formatted = Result<String, String>;

/// `str(value)`.
pub(super) fn text(value: &Value) -> Formatted {
    match value {
        Value::Str(text) => Ok(text.to_string()),
        Value::Member(member) if member.class.starts_with("StrEnum ") => text(&member.value),
        Value::Member(_) => Err("has a text that differs between versions of Python".into()),
        Value::Object(object) => {
            crate::library::text(object).ok_or_else(|| format!("has the text of {}", object.what()))
        }
        other => repr(other),
    }
}

/// `repr(value)`.
pub(super) fn repr(value: &Value) -> Formatted {
    let mut out = String::new();
    write(value, &mut out, 0)?;
    Ok(out)
}

/// How deep a value may nest that is written.
const DEPTH: u32 = 64;

fn write(value: &Value, out: &mut String, depth: u32) -> Result<(), String> {
    within(out)?;
    if depth > DEPTH {
        return Err("has a text that nests too deep".into());
    }
    match value {
        Value::None => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Float(value) => out.push_str(&float::repr(*value)),
        Value::Str(text) => out.push_str(&quoted(text)),
        Value::List(items) => {
            out.push('[');
            write_all(&items.borrow(), out, depth)?;
            out.push(']');
        }
        Value::Tuple(items) => {
            out.push('(');
            write_all(items, out, depth)?;
            out.push_str(if items.len() == 1 { ",)" } else { ")" });
        }
        Value::Dict(items) => {
            out.push('{');
            for (at, (key, value)) in items.borrow().iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write(key, out, depth + 1)?;
                out.push_str(": ");
                write(value, out, depth + 1)?;
            }
            out.push('}');
        }
        Value::Unknown(unknown) => return Err(unknown.reason.clone()),
        other => {
            return Err(format!(
                "needs the text of a value of type {}",
                other.type_name()
            ));
        }
    }
    Ok(())
}

fn write_all(items: &[Value], out: &mut String, depth: u32) -> Result<(), String> {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write(item, out, depth + 1)?;
    }
    Ok(())
}

/// Refuses a text that has become too long.
fn within(out: &str) -> Result<(), String> {
    match out.len() > super::LENGTH {
        true => Err("has a text that is too long".into()),
        false => Ok(()),
    }
}

fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                out.push_str(&format!("\\x{:02x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// `format(value, spec)`, after `!s`, `!r` or `!a`.
pub(super) fn format(value: &Value, conversion: Option<char>, spec: &str) -> Formatted {
    let converted;
    let value = match conversion {
        Some('s') => {
            converted = Value::str(text(value)?);
            &converted
        }
        Some('r') => {
            converted = Value::str(repr(value)?);
            &converted
        }
        Some(_) => return Err("has !a".into()),
        None => value,
    };
    if spec.is_empty() {
        return text(value);
    }
    let spec = Spec::read(spec).ok_or("has a format that Cofferdam does not know")?;
    spec.apply(value)
}

/// `[[fill]align][sign][#][0][width][,][.precision][type]` of Python's format specifications.
#[derive(Debug, Default)]
struct Spec {
    fill: char,
    align: Option<char>,
    plus: bool,
    width: usize,
    grouping: bool,
    precision: Option<usize>,
    kind: Option<char>,
}

impl Spec {
    fn read(text: &str) -> Option<Self> {
        let mut spec = Spec {
            fill: ' ',
            ..Spec::default()
        };
        let mut chars: Vec<char> = text.chars().collect();
        let aligns = |c: &char| ['<', '>', '^', '='].contains(c);
        if chars.get(1).is_some_and(aligns) {
            spec.fill = chars[0];
            spec.align = Some(chars[1]);
            chars.drain(..2);
        } else if chars.first().is_some_and(aligns) {
            spec.align = Some(chars[0]);
            chars.remove(0);
        }
        let mut at = 0;
        if chars.get(at) == Some(&'+') {
            spec.plus = true;
            at += 1;
        } else if chars.get(at) == Some(&'-') {
            at += 1;
        }
        if chars.get(at) == Some(&'0') {
            at += 1;
            if spec.align.is_none() {
                (spec.fill, spec.align) = ('0', Some('='));
            }
        }
        let digits = |at: &mut usize| {
            let start = *at;
            while chars.get(*at).is_some_and(char::is_ascii_digit) {
                *at += 1;
            }
            let text: String = chars[start..*at].iter().collect();
            text.parse::<usize>().ok().filter(|number| *number < 10_000)
        };
        spec.width = digits(&mut at).unwrap_or(0);
        if chars.get(at) == Some(&',') {
            spec.grouping = true;
            at += 1;
        }
        if chars.get(at) == Some(&'.') {
            at += 1;
            spec.precision = Some(digits(&mut at)?);
        }
        if let Some(kind) = chars.get(at) {
            spec.kind = Some(*kind);
            at += 1;
        }
        (at == chars.len()).then_some(spec)
    }

    fn apply(&self, value: &Value) -> Formatted {
        let odd = || Err("has a format that Cofferdam does not know".to_owned());
        let (body, numeric) = match (value, self.kind) {
            (Value::Int(value), None | Some('d')) => (self.signed(value.to_string()), true),
            (Value::Int(value), Some('x')) if *value >= 0 => (format!("{value:x}"), true),
            (Value::Int(value), Some('X')) if *value >= 0 => (format!("{value:X}"), true),
            (Value::Int(value), Some('f')) => {
                let precision = self.precision.unwrap_or(6);
                (
                    self.signed(format!("{:.*}", precision, *value as f64)),
                    true,
                )
            }
            (Value::Float(value), Some('f')) => {
                let precision = self.precision.unwrap_or(6);
                (self.signed(format!("{value:.precision$}")), true)
            }
            (Value::Float(value), None) if self.precision.is_none() => {
                (self.signed(float::repr(*value)), true)
            }
            (Value::Str(text), None | Some('s')) => {
                let text = match self.precision {
                    Some(most) => text.chars().take(most).collect(),
                    None => text.to_string(),
                };
                (text, false)
            }
            _ => return odd(),
        };
        if self.grouping && !numeric {
            return odd();
        }
        let missing = self.width.saturating_sub(body.chars().count());
        let fill = |count: usize| self.fill.to_string().repeat(count);
        let default = if numeric { '>' } else { '<' };
        Ok(match self.align.unwrap_or(default) {
            '<' => format!("{body}{}", fill(missing)),
            '^' => format!("{}{body}{}", fill(missing / 2), fill(missing - missing / 2)),
            '=' if numeric => {
                let (sign, digits) = match body.strip_prefix(['-', '+']) {
                    Some(digits) => (&body[..1], digits),
                    None => ("", &*body),
                };
                format!("{sign}{}{digits}", fill(missing))
            }
            '=' => format!("{body}{}", fill(missing)),
            _ => format!("{}{body}", fill(missing)),
        })
    }

    fn signed(&self, digits: String) -> String {
        let digits = if self.grouping {
            grouped(&digits)
        } else {
            digits
        };
        if self.plus && !digits.starts_with('-') {
            format!("+{digits}")
        } else {
            digits
        }
    }
}

fn grouped(number: &str) -> String {
    let (sign, rest) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (whole, fraction) = match rest.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (rest, String::new()),
    };
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{sign}{out}{fraction}")
}

/// `template % with`.
pub(super) fn percent(template: &str, with: &Value) -> Formatted {
    let mut positional = match with {
        Value::Tuple(items) => items.to_vec(),
        other => vec![other.clone()],
    }
    .into_iter();
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        within(&out)?;
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let mut named = None;
        if let Some(inside) = rest.strip_prefix('(') {
            let end = inside.find(')').ok_or("has a % format without its end")?;
            named = Some(&inside[..end]);
            rest = &inside[end + 1..];
        }
        let end = rest
            .find(|c: char| c.is_ascii_alphabetic() || c == '%')
            .ok_or("has a % format without its end")?;
        let (spec, kind) = (&rest[..end], &rest[end..=end]);
        rest = &rest[end + 1..];
        if kind == "%" {
            out.push('%');
            continue;
        }
        let value = match (named, with) {
            (Some(name), Value::Dict(items)) => items
                .borrow()
                .iter()
                .find(|(key, _)| key.as_str() == Some(name))
                .map(|(_, value)| value.clone()),
            (Some(_), _) => None,
            (None, _) => positional.next(),
        };
        let value = value.ok_or("has a % format without a value")?;
        let piece = match kind {
            "s" => Value::str(text(&value)?),
            "r" => Value::str(repr(&value)?),
            "d" | "i" | "f" | "x" | "X" => value,
            _ => return Err("has a % format that Cofferdam does not know".into()),
        };
        let kind = match kind {
            "s" | "r" => "s",
            "i" => "d",
            other => other,
        };
        let spec = match (spec.strip_prefix('-'), kind) {
            (Some(spec), _) => format!("<{spec}{kind}"),
            (None, "s") => format!(">{spec}{kind}"),
            (None, _) => format!("{spec}{kind}"),
        };
        let piece = match Spec::read(&spec) {
            Some(spec) => spec.apply(&piece)?,
            None => return Err("has a % format that Cofferdam does not know".into()),
        };
        out.push_str(&piece);
    }
    out.push_str(rest);
    Ok(out)
}

/// `template.format(…)`: `field` finds the value of `0`, `name`, `name.attribute` or `name[key]`.
pub(super) fn braces(
    template: &str,
    mut field: impl FnMut(&str) -> Result<Value, String>,
) -> Formatted {
    let mut out = String::new();
    let mut chars = template.char_indices().peekable();
    let mut next = 0;
    while let Some((at, c)) = chars.next() {
        within(&out)?;
        match c {
            '{' | '}' if chars.peek().is_some_and(|(_, other)| *other == c) => {
                chars.next();
                out.push(c);
            }
            '{' => {
                let inside = &template[at + 1..];
                let end = inside.find('}').ok_or("has a { without its }")?;
                let inside = &inside[..end];
                if inside.contains('{') {
                    return Err("has a format inside a format".into());
                }
                let (name, spec) = inside.split_once(':').unwrap_or((inside, ""));
                let (name, conversion) = match name.split_once('!') {
                    Some((name, conversion)) => (name, conversion.chars().next()),
                    None => (name, None),
                };
                let numbered;
                let name = if name.is_empty() || name.starts_with(['.', '[']) {
                    numbered = format!("{next}{name}");
                    next += 1;
                    &numbered
                } else {
                    name
                };
                out.push_str(&format(&field(name)?, conversion, spec)?);
                while chars
                    .peek()
                    .is_some_and(|(other, _)| *other <= at + 1 + end)
                {
                    chars.next();
                }
            }
            '}' => return Err("has a } without its {".into()),
            c => out.push(c),
        }
    }
    Ok(out)
}
