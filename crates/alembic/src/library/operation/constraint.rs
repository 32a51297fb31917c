//! Operations on constraints (`alembic.operations.schemaobj`).

use super::{Call, columns, exists};
use crate::library::constraint::{Common, Constraint, Reference, exclude_of};
use crate::library::expression;
use crate::library::name::{self, Name, qualified};
use crate::library::naming::{self, Parts};
use crate::library::reader;
use crate::library::table::Table;
use crate::library::trouble::{Known, raise};
use crate::value::Value;

fn named(call: &Call<'_, '_>) -> Known<Option<Name>> {
    name::optional(call.reader.take("constraint_name"))
}

fn add(
    call: &Call<'_, '_>,
    table: Name,
    schema: Option<Name>,
    constraint: &Constraint,
) -> Known<Vec<String>> {
    let table = Table::bare(table, schema);
    let sql = constraint.sql(call.world.settings, &table.parts())?;
    Ok(vec![format!("ALTER TABLE {} ADD {sql}", table.sql_name())])
}

fn common(call: &Call<'_, '_>, name: Option<Name>) -> Known<Common> {
    Ok(Common {
        name,
        ..Common::read(&call.reader)?
    })
}

pub fn primary(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = named(call)?;
    let table = call.table("table_name")?;
    let columns = columns(&call.reader, "columns")?;
    let schema = call.schema()?;
    let constraint = Constraint::Primary {
        common: common(call, name)?,
        columns,
        include: Vec::new(),
    };
    add(call, table, schema, &constraint)
}

pub fn unique(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = named(call)?;
    let table = call.table("table_name")?;
    let columns = columns(&call.reader, "columns")?;
    let schema = call.schema()?;
    let include = call
        .reader
        .set("postgresql_include")?
        .map(reader::names)
        .transpose()?;
    let constraint = Constraint::Unique {
        common: common(call, name)?,
        columns,
        include: include.unwrap_or_default(),
        nulls_not_distinct: call.reader.exact_flag("postgresql_nulls_not_distinct")?,
    };
    call.reader.ignore(&["info"]);
    add(call, table, schema, &constraint)
}

pub fn check(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = named(call)?;
    let table = call.table("table_name")?;
    let condition = expression::ddl(call.reader.require("condition")?)?;
    let schema = call.schema()?;
    let constraint = Constraint::Check {
        common: common(call, name)?,
        condition,
        not_valid: exists(&call.reader, "postgresql_not_valid")?,
    };
    call.reader.ignore(&["info"]);
    add(call, table, schema, &constraint)
}

pub fn foreign(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = named(call)?;
    let table = match call.batch {
        Some(batch) => batch.table.clone(),
        None => call.reader.require_name("source_table")?,
    };
    let referent = call.reader.require_name("referent_table")?;
    let local = columns(&call.reader, "local_cols")?;
    let remote = columns(&call.reader, "remote_cols")?;
    let schema = match call.batch {
        Some(batch) => batch.schema.clone(),
        None => call.reader.name("source_schema")?,
    };
    let mut reference = Reference::read(&call.reader)?;
    reference.schema = call.reader.name("referent_schema")?;
    reference.table = referent;
    reference.columns = remote;
    let constraint = Constraint::Foreign {
        common: common(call, name)?,
        columns: local,
        reference,
    };
    call.reader.ignore(&["info", "link_to_name"]);
    add(call, table, schema, &constraint)
}

pub fn exclude(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = named(call)?;
    let table = call.table("table_name")?;
    let schema = call.schema()?;
    let elements = call.reader.rest();
    let mut constraint = exclude_of(&call.reader, elements)?;
    constraint.common_mut().name = name;
    add(call, table, schema, &constraint)
}

pub fn drop(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = named(call)?;
    let table = call.table("table_name")?;
    let kind = match call
        .reader
        .option("type_")
        .or_else(|| call.reader.take("type_"))
    {
        None | Some(Value::None) => None,
        Some(value) => Some(reader::text(value)?),
    };
    let schema = call.schema()?;
    let if_exists = if exists(&call.reader, "if_exists")? {
        "IF EXISTS "
    } else {
        ""
    };
    let prefix = match kind.as_deref() {
        None => None,
        Some("foreignkey") => Some("fk"),
        Some("primary") => Some("pk"),
        Some("unique") => Some("uq"),
        Some("check") => Some("ck"),
        Some(other) => {
            return Err(raise(
                "TypeError",
                format!(
                    "'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None; it is {other:?}"
                ),
            ));
        }
    };
    let parts = Parts {
        table: table.text.to_string(),
        ..Parts::default()
    };
    let name = match prefix {
        Some(prefix) => naming::name(call.world.settings, prefix, name.as_ref(), &parts)?,
        None => name,
    };
    let name = name.ok_or_else(|| {
        raise(
            "CompileError",
            "Can't emit DROP CONSTRAINT for constraint; it has no name",
        )
    })?;
    Ok(vec![format!(
        "ALTER TABLE {} DROP CONSTRAINT {if_exists}{}",
        qualified(schema.as_ref(), &table),
        naming::sql(&name)?
    )])
}
