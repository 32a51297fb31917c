//! Alembic's operations (`alembic.operations.ops`, `alembic.operations.toimpl`, `alembic.ddl.postgresql`): what each
//! sends, in its order.

pub mod batch;
mod column;
mod constraint;
mod data;
pub mod enumeration;
mod index;
mod table;

pub use data::execute;
pub use table::create as create_table;

use super::Object;
use super::name::Name;
use super::reader::{self, Reader};
use super::trouble::{Known, Trouble, at, located, raise, unknown};
use crate::value::{Args, Stop, Value};
use crate::world::World;
use batch::Batch;
use std::rc::Rc;

/// What an operation needs besides its arguments.
#[derive(Debug)]
pub struct Call<'a, 'w> {
    pub world: &'a mut World<'w>,
    pub reader: Reader<'a>,
    /// The table of a `batch_alter_table`.
    pub batch: Option<&'a Batch>,
}

impl Call<'_, '_> {
    /// The table that the operation is about.
    pub fn table(&self, argument: &str) -> Known<Name> {
        match self.batch {
            Some(batch) => Ok(batch.table.clone()),
            None => self.reader.require_name(argument),
        }
    }

    pub fn schema(&self) -> Known<Option<Name>> {
        match self.batch {
            Some(batch) => Ok(batch.schema.clone()),
            None => self.reader.name("schema"),
        }
    }
}

/// What an operation gives: the statements that it sends, and its value.
pub struct Given {
    pub statements: Vec<String>,
    pub value: Value,
}

impl From<Vec<String>> for Given {
    fn from(statements: Vec<String>) -> Self {
        Given {
            statements,
            value: Value::None,
        }
    }
}

/// Calls `op.<name>`.
pub fn call(world: &mut World<'_>, name: &str, args: &Args) -> Result<Value, Stop> {
    perform(world, name, args, None)
}

/// Calls an operation, of a batch or not. One that cannot be known is reported.
pub fn perform(
    world: &mut World<'_>,
    name: &str,
    args: &Args,
    batch: Option<&Batch>,
) -> Result<Value, Stop> {
    let given = given(world, name, args, batch);
    let given = match given {
        Err(Trouble::Unknown(unknown)) => {
            world.unreadable(&unknown);
            return Ok(located(world.line, &unknown));
        }
        Err(Trouble::Stop(stop)) => return Err(at(world.line, stop)),
        Ok(given) => given,
    };
    match batch.filter(|_| name != "execute") {
        Some(batch) => batch.queue(world, given.statements),
        None => {
            for statement in given.statements {
                send(world, &statement);
            }
        }
    }
    Ok(given.value)
}

fn given(world: &mut World<'_>, name: &str, args: &Args, batch: Option<&Batch>) -> Known<Given> {
    let mut call = Call {
        world,
        reader: Reader::new(format!("op.{name}"), args),
        batch,
    };
    let given = match name {
        "create_table" if batch.is_none() => table::op_create(&mut call)?,
        "drop_table" if batch.is_none() => table::drop(&call)?.into(),
        "rename_table" if batch.is_none() => table::rename(&call)?.into(),
        "create_table_comment" => table::comment(&call)?.into(),
        "drop_table_comment" => table::drop_comment(&call)?.into(),
        "add_column" => column::add(&mut call)?.into(),
        "drop_column" => column::drop(&call)?.into(),
        "alter_column" => column::alter(&call)?.into(),
        "create_primary_key" => constraint::primary(&call)?.into(),
        "create_foreign_key" => constraint::foreign(&call)?.into(),
        "create_unique_constraint" => constraint::unique(&call)?.into(),
        "create_check_constraint" => constraint::check(&call)?.into(),
        "create_exclude_constraint" => constraint::exclude(&call)?.into(),
        "drop_constraint" => constraint::drop(&call)?.into(),
        "create_index" => index::create(&call)?.into(),
        "drop_index" => index::drop(&call)?.into(),
        "bulk_insert" if batch.is_none() => data::bulk_insert(&call)?.into(),
        "execute" => data::op_execute(&call)?.into(),
        "f" => value(Value::object(Object::Name(Name {
            fixed: true,
            ..call.reader.require_name("name")?
        }))),
        "inline_literal" => value(data::inline_literal(&call)?),
        "batch_alter_table" if batch.is_none() => value(batch::new(&call)?),
        "get_bind" => value(Value::object(Object::Bind)),
        "get_context" => value(Value::object(Object::Migration)),
        "run_async" => {
            return Err(unknown("op.run_async runs the application's code"));
        }
        "invoke" => return Err(unknown("op.invoke is not known to Cofferdam")),
        "sync_enum_values" => enumeration::sync(&call)?.into(),
        "create_entity" | "drop_entity" | "replace_entity" => data::entity(&call, name)?.into(),
        _ => return Err(unknown(format!("op.{name} is not known to Cofferdam"))),
    };
    call.reader.finish()?;
    Ok(given)
}

fn value(value: Value) -> Given {
    Given {
        statements: Vec::new(),
        value,
    }
}

/// Sends a statement as Alembic prints it, without the `;` at its end.
pub fn send(world: &mut World<'_>, sql: &str) {
    let sql = sql.trim().trim_end_matches([';', ' ', '\n', '\r', '\t']);
    if !sql.is_empty() {
        world.emit(sql);
    }
}

/// Reads a flag that Alembic prints as `IF EXISTS` or `IF NOT EXISTS`.
fn exists(reader: &Reader<'_>, option: &str) -> Known<bool> {
    Ok(reader.flag(option)?.unwrap_or(false))
}

/// A list of names of columns.
fn columns(reader: &Reader<'_>, option: &str) -> Known<Vec<Name>> {
    let value = reader.require(option)?;
    match value {
        Value::Str(_) => Err(raise(
            "TypeError",
            format!("{option} needs a list of columns"),
        )),
        value => reader::items(value)?
            .iter()
            .map(super::expression::method::key)
            .collect(),
    }
}

/// The shared table of a value.
fn table_of(value: &Value) -> Option<Rc<super::from::From>> {
    match value {
        Value::Object(object) => match &**object {
            Object::From(from) => Some(from.clone()),
            _ => None,
        },
        _ => None,
    }
}
