//! `sqlalchemy.inspect(bind)`: questions about the schema (`sqlalchemy.engine.reflection.Inspector`), answered from the
//! history so far where that is certain.

use super::reader::{self, Reader};
use super::trouble::{self, Known, raise, unknown};
use crate::value::{Args, Stop, Value};
use crate::world::World;

/// Answers a question.
pub fn method(world: &mut World<'_>, name: &str, args: &Args) -> Result<Value, Stop> {
    let answer = answer(world, name, args);
    trouble::value(world.line, answer)
}

fn answer(world: &World<'_>, name: &str, args: &Args) -> Known<Value> {
    let not_known = || unknown(format!("the inspector's {name}() asks the database"));
    let reader = Reader::new(name, args);
    match name {
        "get_table_names" => {
            let schema = schema(&reader)?;
            let past = world.schema().ok_or_else(not_known)?;
            let names = past
                .lasting_tables()
                .filter(|(table, _)| table.schema == schema);
            let mut names: Vec<Value> = names.map(|(table, _)| Value::str(&table.name)).collect();
            if schema.is_none() {
                names.push(Value::str("alembic_version"));
            }
            Ok(Value::list(names))
        }
        "has_table" => {
            let table = reader::text(reader.require("table_name")?)?;
            has_table(world, &table, schema(&reader)?).ok_or_else(not_known)
        }
        "get_columns" => {
            let table = reader::text(reader.require("table_name")?)?;
            let schema = schema(&reader)?;
            let past = world.schema().ok_or_else(not_known)?;
            let found = past
                .lasting_tables()
                .find(|(known, _)| known.name == table && known.schema == schema);
            let (_, found) = found.ok_or_else(|| raise("NoSuchTableError", table))?;
            Ok(Value::list(
                found
                    .columns
                    .iter()
                    .map(|column| described(world, &column.name))
                    .collect(),
            ))
        }
        _ => Err(not_known()),
    }
}

/// Whether there is a table of this name; none where that is not certain.
pub fn has_table(world: &World<'_>, name: &str, schema: Option<String>) -> Option<Value> {
    let past = world.schema()?;
    let found = past
        .lasting_tables()
        .any(|(known, _)| known.name == name && known.schema == schema);
    Some(Value::Bool(
        found || (name == "alembic_version" && schema.is_none()),
    ))
}

fn schema(reader: &Reader<'_>) -> Known<Option<String>> {
    let schema = reader.maybe("schema")?.map(reader::text).transpose()?;
    Ok(schema.filter(|schema| schema != "public"))
}

/// A column as the inspector describes it: its name is known, the rest is not.
fn described(world: &World<'_>, name: &str) -> Value {
    let rest = ["type", "nullable", "default", "autoincrement", "comment"];
    let mut items = vec![(Value::str("name"), Value::str(name))];
    for key in rest {
        let reason = format!("the {key} of the column {name} is in the database");
        items.push((Value::str(key), Value::unknown(world.line, reason)));
    }
    Value::dict(items)
}
