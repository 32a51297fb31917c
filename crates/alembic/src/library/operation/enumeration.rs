//! alembic-postgresql-enum's `op.sync_enum_values`: an enumeration with other values, in place of one
//! (`alembic_postgresql_enum.operations.sync_enum_values`, 1.11).

use super::{Call, execute};
use crate::library::Object;
use crate::library::reader::{self, Reader};
use crate::library::trouble::{Known, unknown};
use crate::value::{Args, Value};

/// `TableReference(…)`: a column of the enumeration.
#[derive(Clone, Debug)]
pub struct Reference {
    table: String,
    column: String,
    /// None where the enumeration's is meant; an empty one is none.
    schema: Option<String>,
    is_array: bool,
    default: Option<String>,
}

/// The operators with which old and new values are compared meanwhile, and their functions.
const OPERATORS: [(&str, &str); 2] = [("!=", "new_old_not_equals"), ("=", "new_old_equals")];

/// Calls one of the package's classes.
pub fn make(name: &str, args: &Args) -> Known<Value> {
    let class = name.rsplit('.').next().unwrap_or_default();
    let reader = Reader::new(class, args);
    let text = |name: &str| reader::text(reader.require(name)?);
    let made = match class {
        "TableReference" => Value::object(Object::Reference(Reference {
            table: text("table_name")?,
            column: text("column_name")?,
            schema: match reader.take("table_schema") {
                None => None,
                Some(Value::None) => Some(String::new()),
                Some(schema) => Some(reader::text(schema)?),
            },
            is_array: match reader.take("column_type") {
                None => false,
                Some(Value::Name(kind)) if kind.ends_with("ColumnType.COMMON") => false,
                Some(Value::Name(kind)) if kind.ends_with("ColumnType.ARRAY") => true,
                Some(_) => return Err(unknown("this column_type is not known to Cofferdam")),
            },
            default: reader
                .maybe("existing_server_default")?
                .map(reader::text)
                .transpose()?,
        })),
        "TableIndex" => Value::tuple([Value::str(text("name")?), Value::str(text("definition")?)]),
        _ => return Err(unknown(format!("{name} is not known to Cofferdam"))),
    };
    reader.finish()?;
    Ok(made)
}

pub fn sync(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let reader = &call.reader;
    let schema = reader::text(reader.require("enum_schema")?)?;
    let name = reader::text(reader.require("enum_name")?)?;
    let values = reader::items(reader.require("new_values")?)?
        .iter()
        .map(|value| Ok(format!("'{}'", reader::text(value)?)))
        .collect::<Known<Vec<String>>>()?;
    let columns = reader::items(reader.require("affected_columns")?)?
        .iter()
        .map(column)
        .collect::<Known<Vec<Reference>>>()?;
    let renamed = match reader.maybe("enum_values_to_rename")? {
        Some(pairs) => text_pairs(pairs)?,
        None => Vec::new(),
    };
    let mut indexes = match reader.maybe("indexes_to_recreate")? {
        Some(pairs) => text_pairs(pairs)?,
        None => Vec::new(),
    };
    for (old, new) in &renamed {
        for (_, definition) in &mut indexes {
            for kind in [name.clone(), format!("{schema}.{name}")] {
                let (from, to) = (format!("'{old}'::{kind}"), format!("'{new}'::{kind}"));
                *definition = definition.replace(&from, &to);
            }
        }
    }
    let new = format!("\"{schema}\".\"{name}\"");
    let old = format!("\"{schema}\".\"{name}_old\"");
    let mut texts = vec![
        format!("ALTER TYPE {new} RENAME TO \"{name}_old\""),
        format!("CREATE TYPE {new} AS ENUM({})", values.join(", ")),
    ];
    for (operator, function) in OPERATORS {
        let function = format!("\"{schema}\".{function}");
        let body = match renamed.as_slice() {
            [] => {
                format!("SELECT new_enum_val::text {operator} old_enum_val::text;\n            ")
            }
            renamed => {
                let cases: Vec<String> = renamed
                    .iter()
                    .map(|(old, new)| format!("WHEN old_enum_val::text = '{old}' THEN '{new}'"))
                    .collect();
                format!(
                    "SELECT new_enum_val::text {operator} CASE\n                    {}\n\n                    ELSE old_enum_val::text\n                END;\n            ",
                    cases.join(" ")
                )
            }
        };
        texts.push(format!(
            "CREATE FUNCTION {function}(\n    new_enum_val {new}, old_enum_val {old}\n)\nRETURNS boolean AS $$\n                {body}$$ LANGUAGE SQL IMMUTABLE"
        ));
        texts.push(format!(
            "CREATE OPERATOR \"{schema}\".{operator} (\n    leftarg = {new},\n    rightarg = {old},\n    procedure = {function}\n)"
        ));
    }
    for (index, _) in &indexes {
        texts.push(match index.rsplit_once('.') {
            Some((schema, index)) => format!(
                "DROP INDEX IF EXISTS \"{}\".\"{}\"",
                schema.trim_matches('"'),
                index.trim_matches('"')
            ),
            None => format!("DROP INDEX IF EXISTS \"{}\"", index.trim_matches('"')),
        });
    }
    for column in &columns {
        column.change(&schema, &name, &renamed, &mut texts)?;
    }
    for (operator, function) in OPERATORS {
        texts.push(format!(
            "DROP OPERATOR IF EXISTS \"{schema}\".{operator} (\n    {new},\n    {old}\n)"
        ));
        texts.push(format!(
            "DROP FUNCTION \"{schema}\".{function}(\n    new_enum_val {new}, old_enum_val {old}\n)"
        ));
    }
    texts.push(format!("DROP TYPE {old}"));
    texts.extend(indexes.into_iter().map(|(_, definition)| definition));
    texts
        .iter()
        .map(|text| execute(&Value::str(text)))
        .collect()
}

fn column(value: &Value) -> Known<Reference> {
    if let Value::Object(object) = value
        && let Object::Reference(reference) = &**object
    {
        return Ok(reference.clone());
    }
    Err(unknown(
        "op.sync_enum_values without a TableReference asks the database for the column's default",
    ))
}

fn text_pairs(value: &Value) -> Known<Vec<(String, String)>> {
    let odd = || unknown("op.sync_enum_values needs pairs of texts");
    reader::items(value)?
        .iter()
        .map(|pair| match pair.items().as_deref() {
            Some([a, b]) => Ok((reader::text(a)?, reader::text(b)?)),
            _ => Err(odd()),
        })
        .collect()
}

impl Reference {
    /// The column with the new type, its default as it was.
    fn change(
        &self,
        schema: &str,
        name: &str,
        renamed: &[(String, String)],
        texts: &mut Vec<String>,
    ) -> Known<()> {
        let of = self.schema.as_deref().unwrap_or(schema);
        let table = match of {
            "" => format!("\"{}\"", self.table),
            of => format!("\"{of}\".\"{}\"", self.table),
        };
        let (column, new) = (
            format!("\"{}\"", self.column),
            format!("\"{schema}\".\"{name}\""),
        );
        let alter = format!("ALTER TABLE {table}\nALTER COLUMN {column}");
        if self.default.is_some() {
            texts.push(format!("{alter} DROP DEFAULT"));
        }
        texts.push(match (self.is_array, renamed) {
            (true, renamed) => {
                let cast = renamed
                    .iter()
                    .fold(format!("{column}::text[]"), |cast, (old, new)| {
                        format!("array_replace({cast}, '{old}', '{new}')")
                    });
                format!("{alter} TYPE {new}[]\nUSING {cast}::{new}[]")
            }
            (false, []) => format!("{alter} TYPE {new}\nUSING {column}::text::{new}"),
            (false, renamed) => {
                let cases: Vec<String> = renamed
                    .iter()
                    .map(|(from, to)| format!("WHEN {column}::text = '{from}' THEN '{to}'::{new}"))
                    .collect();
                format!(
                    "{alter} TYPE {new}\nUSING CASE\n{}\nELSE {column}::text::{new}\nEND",
                    cases.join(" ")
                )
            }
        });
        if let Some(default) = &self.default {
            let default = new_default(default, schema, name, renamed)?;
            texts.push(format!("{alter} SET DEFAULT {default}"));
        }
        Ok(())
    }
}

/// A default that was written with the old type.
fn new_default(
    default: &str,
    schema: &str,
    name: &str,
    renamed: &[(String, String)],
) -> Known<String> {
    let kind = match schema {
        "" => name.to_owned(),
        schema => format!("{schema}.{name}"),
    };
    let replaced = |text: &str| {
        renamed.iter().fold(text.to_owned(), |text, (old, new)| {
            text.replace(&format!("'{old}'"), &format!("'{new}'"))
                .replace(&format!("\"{old}\""), &format!("\"{new}\""))
        })
    };
    if default.starts_with("ARRAY[") {
        let text = replaced(default);
        let mut parts = text.split("::");
        let mut made = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest =
                part.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_'));
            match rest.len() == part.len() {
                true => made.push_str(&format!("::{part}")),
                false => made.push_str(&format!("::{kind}{rest}")),
            }
        }
        return Ok(made);
    }
    let (value, _) = default.split_once("::").ok_or_else(|| {
        unknown("op.sync_enum_values with a default without its type is not known to Cofferdam")
    })?;
    let brackets = if default.ends_with("[]") { "[]" } else { "" };
    Ok(format!("{}::{kind}{brackets}", replaced(value)))
}
