//! Values of Python's `datetime`, `uuid` and `decimal`.

use super::Object;
use super::reader::{self, Reader};
use super::trouble::{Known, raise, unknown};
use crate::value::{Args, Value};

/// A value of Python's standard library that can stand in SQL.
#[derive(Clone, Debug, PartialEq)]
pub enum Python {
    /// As `isoformat()` gives it, with a `T`.
    DateTime(String),
    Date(String),
    Time(String),
    Duration {
        microseconds: i64,
    },
    Uuid(String),
    Decimal(String),
    /// An offset: `+00:00`.
    Zone(String),
}

/// Whether a name of the standard library is made here.
pub fn knows(name: &str) -> bool {
    matches!(
        name,
        "datetime.datetime"
            | "datetime.date"
            | "datetime.time"
            | "datetime.timedelta"
            | "datetime.timezone"
            | "datetime.datetime.strptime"
            | "datetime.datetime.fromisoformat"
            | "datetime.date.fromisoformat"
            | "uuid.UUID"
            | "decimal.Decimal"
    ) || changing(name)
}

/// Whether a function gives something else on every run.
fn changing(name: &str) -> bool {
    matches!(
        name,
        "datetime.datetime.now"
            | "datetime.datetime.utcnow"
            | "datetime.datetime.today"
            | "datetime.date.today"
            | "uuid.uuid1"
            | "uuid.uuid4"
            | "uuid.uuid6"
            | "uuid.uuid7"
            | "uuid.uuid8"
    )
}

/// Calls a name that is made here.
pub fn call(name: &str, args: &Args) -> Known<Value> {
    if changing(name) {
        return Err(unknown(format!("{name}() is different on every run")));
    }
    let reader = Reader::new(name, args);
    let made = match name {
        "datetime.datetime" => {
            let date = date(&reader)?;
            let time = time(&reader)?;
            Python::DateTime(format!("{date}T{time}"))
        }
        "datetime.date" => Python::Date(date(&reader)?),
        "datetime.time" => Python::Time(time(&reader)?),
        "datetime.timezone" => {
            let offset = reader.require("offset")?;
            match python(offset) {
                Some(Python::Duration { microseconds }) => Python::Zone(zone(*microseconds)),
                _ => return Err(unknown("needs a timedelta for a timezone")),
            }
        }
        "datetime.timedelta" => Python::Duration {
            microseconds: duration(&reader)?,
        },
        "datetime.datetime.fromisoformat" => {
            let text = reader::text(reader.require("date_string")?)?;
            Python::DateTime(parsed(&text)?)
        }
        "datetime.date.fromisoformat" => {
            let text = reader::text(reader.require("date_string")?)?;
            match text.len() == 10 && is_date(&text) {
                true => Python::Date(text),
                false => {
                    return Err(unknown(format!(
                        "the date {text:?} is not known to Cofferdam"
                    )));
                }
            }
        }
        "datetime.datetime.strptime" => {
            let text = reader::text(reader.require("date_string")?)?;
            let format = reader::text(reader.require("format")?)?;
            let separators = matches!(
                format.as_str(),
                "%Y-%m-%d"
                    | "%Y-%m-%d %H:%M:%S"
                    | "%Y-%m-%dT%H:%M:%S"
                    | "%Y-%m-%d %H:%M:%S.%f"
                    | "%Y-%m-%dT%H:%M:%S.%f"
            );
            if !separators {
                return Err(unknown(format!(
                    "strptime with the format {format:?} is not known to Cofferdam"
                )));
            }
            Python::DateTime(parsed(&text)?)
        }
        "uuid.UUID" => {
            let hex = match reader.option("int") {
                Some(Value::Int(number @ 0..)) => format!("{number:032x}"),
                Some(_) => return Err(unknown("a UUID of this value is not known to Cofferdam")),
                None => reader::text(reader.require("hex")?)?,
            };
            let digits: String = hex
                .trim_start_matches("urn:uuid:")
                .chars()
                .filter(|c| !matches!(c, '{' | '}' | '-'))
                .collect::<String>()
                .to_ascii_lowercase();
            if digits.len() != 32 || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
                return Err(raise("ValueError", "badly formed hexadecimal UUID string"));
            }
            let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_owned();
            let parts = [
                part(0, 8),
                part(8, 12),
                part(12, 16),
                part(16, 20),
                part(20, 32),
            ];
            Python::Uuid(parts.join("-"))
        }
        _ => {
            let value = reader.require("value")?;
            let digits = match value {
                Value::Int(number) => number.to_string(),
                Value::Str(digits) => digits.trim().to_owned(),
                _ => return Err(unknown("a Decimal of this value is not known to Cofferdam")),
            };
            let plain = !digits.is_empty()
                && digits
                    .chars()
                    .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
                && digits.parse::<f64>().is_ok();
            if !plain {
                return Err(unknown(format!(
                    "the Decimal {digits:?} is not known to Cofferdam"
                )));
            }
            Python::Decimal(digits)
        }
    };
    reader.finish()?;
    Ok(Value::object(Object::Python(made)))
}

/// `str(value)`.
pub fn text(python: &Python) -> String {
    match python {
        Python::DateTime(iso) => iso.replacen('T', " ", 1),
        Python::Date(text) | Python::Time(text) | Python::Uuid(text) | Python::Decimal(text) => {
            text.clone()
        }
        Python::Zone(offset) => format!("UTC{}", if offset == "+00:00" { "" } else { offset }),
        Python::Duration { microseconds } => {
            let seconds = microseconds.div_euclid(1_000_000);
            let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
            let clock = format!("{}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
            let part = microseconds.rem_euclid(1_000_000);
            let fraction = if part == 0 {
                String::new()
            } else {
                format!(".{part:06}")
            };
            match days {
                0 => format!("{clock}{fraction}"),
                1 | -1 => format!("{days} day, {clock}{fraction}"),
                _ => format!("{days} days, {clock}{fraction}"),
            }
        }
    }
}

/// A method or an attribute that is called with no arguments.
pub fn method(python: &Python, name: &str) -> Option<Value> {
    Some(match (python, name) {
        (_, "__str__") => Value::str(text(python)),
        (Python::DateTime(iso) | Python::Date(iso) | Python::Time(iso), "isoformat") => {
            Value::str(iso)
        }
        (Python::DateTime(iso), "date") => Value::object(Object::Python(Python::Date(
            iso.split('T').next()?.to_owned(),
        ))),
        (Python::Duration { microseconds }, "total_seconds") => {
            Value::Float(*microseconds as f64 / 1e6)
        }
        _ => return None,
    })
}

/// An attribute.
pub fn attribute(python: &Python, name: &str) -> Option<Value> {
    let number = |text: &str, from: usize, to: usize| {
        text.get(from..to)
            .and_then(|digits| digits.parse().ok())
            .map(Value::Int)
    };
    match (python, name) {
        (Python::Uuid(id), "hex") => Some(Value::str(id.replace('-', ""))),
        (Python::DateTime(iso) | Python::Date(iso), "year") => number(iso, 0, 4),
        (Python::DateTime(iso) | Python::Date(iso), "month") => number(iso, 5, 7),
        (Python::DateTime(iso) | Python::Date(iso), "day") => number(iso, 8, 10),
        _ => None,
    }
}

fn python(value: &Value) -> Option<&Python> {
    match value {
        Value::Object(object) => match &**object {
            Object::Python(python) => Some(python),
            _ => None,
        },
        _ => None,
    }
}

fn date(reader: &Reader<'_>) -> Known<String> {
    let year = reader::integer(reader.require("year")?)?;
    let month = reader::integer(reader.require("month")?)?;
    let day = reader::integer(reader.require("day")?)?;
    Ok(format!("{year:04}-{month:02}-{day:02}"))
}

fn time(reader: &Reader<'_>) -> Known<String> {
    let mut parts = [0i64; 4];
    for (part, name) in parts
        .iter_mut()
        .zip(["hour", "minute", "second", "microsecond"])
    {
        if let Some(value) = reader.take(name) {
            *part = reader::integer(reader::known(value)?)?;
        }
    }
    let [hour, minute, second, microsecond] = parts;
    let zone = match reader.take("tzinfo") {
        None | Some(Value::None) => String::new(),
        Some(Value::Name(name))
            if &**name == "datetime.timezone.utc" || &**name == "datetime.UTC" =>
        {
            "+00:00".to_owned()
        }
        Some(value) => match python(reader::known(value)?) {
            Some(Python::Zone(offset)) => offset.clone(),
            _ => return Err(unknown("this tzinfo is not known to Cofferdam")),
        },
    };
    let fraction = match microsecond {
        0 => String::new(),
        part => format!(".{part:06}"),
    };
    Ok(format!("{hour:02}:{minute:02}:{second:02}{fraction}{zone}"))
}

fn duration(reader: &Reader<'_>) -> Known<i64> {
    const UNITS: [(&str, i64); 7] = [
        ("days", 86_400_000_000),
        ("seconds", 1_000_000),
        ("microseconds", 1),
        ("milliseconds", 1000),
        ("minutes", 60_000_000),
        ("hours", 3_600_000_000),
        ("weeks", 604_800_000_000),
    ];
    let mut total = 0i64;
    for (unit, size) in UNITS {
        total = total.saturating_add(match reader.take(unit) {
            None => 0,
            Some(Value::Float(number)) => (number * size as f64).round() as i64,
            Some(value) => reader::integer(reader::known(value)?)?.saturating_mul(size),
        });
    }
    Ok(total)
}

fn zone(microseconds: i64) -> String {
    let minutes = microseconds / 60_000_000;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

fn is_date(text: &str) -> bool {
    text.chars().enumerate().all(|(index, c)| match index {
        4 | 7 => c == '-',
        _ => c.is_ascii_digit(),
    })
}

/// A date, with a time or without, as `isoformat()` gives it.
fn parsed(text: &str) -> Known<String> {
    let trouble = || unknown(format!("the time {text:?} is not known to Cofferdam"));
    let date = text
        .get(..10)
        .filter(|date| is_date(date))
        .ok_or_else(trouble)?;
    let rest = text.get(10..).unwrap_or_default();
    if rest.is_empty() {
        return Ok(format!("{date}T00:00:00"));
    }
    let rest = rest.strip_prefix(['T', ' ']).ok_or_else(trouble)?;
    let rest = rest.replace('Z', "+00:00");
    let clock = |text: &str| {
        text.len() == 8
            && text.chars().enumerate().all(|(index, c)| match index {
                2 | 5 => c == ':',
                _ => c.is_ascii_digit(),
            })
    };
    let time = rest
        .get(..8)
        .filter(|time| clock(time))
        .ok_or_else(trouble)?;
    let mut after = rest.get(8..).unwrap_or_default();
    let mut fraction = String::new();
    if let Some(digits) = after.strip_prefix('.') {
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let part = digits.get(..end).unwrap_or_default();
        if part.len() > 6 {
            return Err(trouble());
        }
        let part = format!("{part:0<6}");
        if part != "000000" {
            fraction = format!(".{part}");
        }
        after = digits.get(end..).unwrap_or_default();
    }
    let offset = after.is_empty()
        || (after.len() == 6 && after.starts_with(['+', '-']) && after.get(3..4) == Some(":"));
    if !offset {
        return Err(trouble());
    }
    Ok(format!("{date}T{time}{fraction}{after}"))
}
