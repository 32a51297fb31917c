//! SQL functions (`sqlalchemy.func`, `sqlalchemy.sql.functions`).

use super::{Context, E, Expression, Node, alone, own_type};
use crate::library::name::quote;
use crate::library::reader::{self, Reader};
use crate::library::trouble::Known;
use crate::library::types::{self, Holds, Type};
use crate::value::{Args, Value};

/// A call of a function.
#[derive(Clone, Debug)]
pub struct Function {
    /// With its schema, as it stands in SQL.
    pub name: String,
    /// In the name that a column of it gets.
    pub label: String,
    pub args: Vec<E>,
    pub kind: Type,
    /// Whether it is written without parentheses: `CURRENT_DATE`.
    pub bare: bool,
    /// `DISTINCT` or `ORDER BY` inside it come with its arguments.
    pub substring: bool,
}

/// Functions whose names SQLAlchemy knows, whatever their case.
const GENERIC: [&str; 22] = [
    "aggregate_strings",
    "array_agg",
    "char_length",
    "coalesce",
    "concat",
    "count",
    "cube",
    "cume_dist",
    "dense_rank",
    "grouping_sets",
    "max",
    "min",
    "mode",
    "next_value",
    "now",
    "percent_rank",
    "percentile_cont",
    "random",
    "rank",
    "rollup",
    "sum",
    "pow",
];

const BARE: [&str; 8] = [
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "user",
];

impl Function {
    pub fn sql(&self, context: &Context) -> Known<String> {
        let args: Vec<String> = self
            .args
            .iter()
            .map(|arg| arg.sql(context))
            .collect::<Known<_>>()?;
        Ok(match (self.bare, self.substring, args.as_slice()) {
            (true, ..) => self.name.clone(),
            (_, true, [text, from]) => format!("SUBSTRING({text} FROM {from})"),
            (_, true, [text, from, length]) => {
                format!("SUBSTRING({text} FROM {from} FOR {length})")
            }
            _ => format!("{}({})", self.name, args.join(", ")),
        })
    }
}

/// What stands after `func.` in a dotted name.
pub fn named(name: &str) -> Option<&str> {
    let at = name.find(".func.")?;
    name.get(at + ".func.".len()..)
}

/// `func.name(…)`.
pub fn call(path: &str, args: &Args) -> Known<E> {
    let path = path.trim_end_matches('_');
    let last = path.rsplit('.').next().unwrap_or(path);
    let lower = last.to_lowercase();
    let own = path == last;
    if own && lower == "cast" {
        return super::build::cast(args);
    }
    if own && lower == "extract" {
        return super::build::extract(args);
    }
    let reader = Reader::new(format!("func.{path}"), args);
    let mut parts = Vec::new();
    for value in reader.rest() {
        parts.push(alone(value)?);
    }
    let given = match reader.set("type_")? {
        Some(kind) => Some(types::of(kind)?),
        None => None,
    };
    reader.finish()?;
    if own && lower == "count" && parts.is_empty() {
        parts.push(Expression::new(Node::Verbatim("*".into()))?);
    }
    let bare = own && BARE.contains(&lower.as_str());
    let name = match lower.as_str() {
        _ if bare => lower.to_uppercase(),
        "pow" if own => "power".to_owned(),
        "aggregate_strings" if own => "string_agg".to_owned(),
        "grouping_sets" if own => "GROUPING SETS".to_owned(),
        "cube" | "rollup" if own => lower.to_uppercase(),
        lower if own && GENERIC.contains(&lower) => lower.to_owned(),
        _ => path.split('.').map(part).collect::<Vec<_>>().join("."),
    };
    let kind = given.unwrap_or_else(|| match lower.as_str() {
        "coalesce" | "max" | "min" | "sum" | "random" if own => {
            parts.first().map_or_else(Type::null, |first| first.kind())
        }
        "count" | "char_length" => own_type(Holds::Integer),
        "now" | "current_timestamp" | "localtimestamp" => own_type(Holds::DateTime),
        "current_date" => own_type(Holds::Date),
        "concat" => own_type(Holds::Text),
        _ => Type::null(),
    });
    Expression::new(Node::Function(Function {
        label: match own && (bare || GENERIC.contains(&lower.as_str())) {
            true => lower.clone(),
            false => last.to_owned(),
        },
        name,
        args: parts,
        kind,
        bare,
        substring: own && lower == "substring",
    }))
}

/// A name that means an expression without being called.
pub fn constant(name: &str) -> Option<E> {
    let (root, last) = (name.split('.').next()?, name.rsplit('.').next()?);
    match (root, last) {
        ("sqlalchemy" | "sqlmodel", "Null") => Some(Expression::constant("NULL")),
        _ => None,
    }
}

fn part(name: &str) -> String {
    let plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$');
    match plain {
        true => name.to_owned(),
        false => quote(name),
    }
}

/// `.over(partition_by=…, order_by=…)`.
pub fn over(value: &E, args: &Args) -> Known<E> {
    let reader = Reader::new("over", args);
    let list = |value: Option<&Value>| -> Known<Vec<E>> {
        match value {
            None | Some(Value::None) => Ok(Vec::new()),
            Some(value @ (Value::List(_) | Value::Tuple(_))) => {
                reader::items(value)?.iter().map(super::named).collect()
            }
            Some(value) => Ok(vec![super::named(value)?]),
        }
    };
    let partition = list(reader.option("partition_by"))?;
    let order = list(reader.option("order_by"))?;
    reader.finish()?;
    Expression::new(Node::Over {
        value: value.clone(),
        partition,
        order,
    })
}
