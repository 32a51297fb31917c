//! Operations on indexes.

use super::{Call, exists};
use crate::library::expression;
use crate::library::index::Index;
use crate::library::name::{self, Name};
use crate::library::reader;
use crate::library::table::Table;
use crate::library::trouble::{Known, raise};
use crate::value::Value;

pub fn create(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = name::optional(call.reader.take("index_name"))?;
    let table = call.table("table_name")?;
    let given = call.reader.require("columns")?;
    if let Value::Str(_) = given {
        return Err(raise("TypeError", "columns needs a list of columns"));
    }
    let given = reader::items(given)?;
    for (at, column) in given.iter().enumerate() {
        if let Value::Str(name) = column
            && given[..at]
                .iter()
                .any(|other| other.as_str() == Some(&**name))
        {
            return Err(raise(
                "DuplicateColumnError",
                format!("the index has the column '{name}' twice"),
            ));
        }
    }
    let columns = given.iter().map(expression::named).collect::<Known<_>>()?;
    let schema = call.schema()?;
    let if_not_exists = exists(&call.reader, "if_not_exists")?;
    let index = Index {
        name,
        columns,
        ..Index::default()
    }
    .with_options(&call.reader)?;
    let table = Table::bare(table, schema);
    Ok(vec![index.create_sql(
        call.world.settings,
        &table.name,
        table.schema.as_ref(),
        &table.parts(),
        if_not_exists,
    )?])
}

pub fn drop(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = name::optional(call.reader.take("index_name"))?;
    let table = match call.batch {
        Some(batch) => Some(batch.table.clone()),
        None => name::optional(call.reader.take("table_name"))?,
    };
    let schema = call.schema()?;
    let if_exists = exists(&call.reader, "if_exists")?;
    let index = Index {
        name,
        columns: vec![expression::named(&Value::str("x"))?],
        ..Index::default()
    }
    .with_options(&call.reader)?;
    let table = Table::bare(table.unwrap_or_else(|| Name::new("no_table")), schema);
    Ok(vec![index.drop_sql(
        call.world.settings,
        table.schema.as_ref(),
        &table.parts(),
        if_exists,
    )?])
}
