//! `batch_alter_table`: on PostgreSQL its operations are plain ALTERs, sent when the block ends
//! (`alembic.operations.batch`).

use super::{Call, send};
use crate::library::Object;
use crate::library::name::Name;
use crate::library::reader;
use crate::library::trouble::{Known, unknown};
use crate::value::Value;
use crate::world::World;
use std::cell::RefCell;
use std::ops::Range;

/// An open block.
#[derive(Debug)]
pub struct Batch {
    pub table: Name,
    pub schema: Option<Name>,
    /// What waits for the end, with the lines of the file.
    waiting: RefCell<Vec<(u32, Range<usize>, String)>>,
}

impl Batch {
    pub fn queue(&self, world: &World<'_>, statements: Vec<String>) {
        let mut waiting = self.waiting.borrow_mut();
        for statement in statements {
            waiting.push((world.line, world.statement.clone(), statement));
        }
    }

    /// Sends what waits.
    pub fn flush(&self, world: &mut World<'_>) {
        let here = (world.line, world.statement.clone());
        for (line, place, statement) in self.waiting.take() {
            (world.line, world.statement) = (line, place);
            send(world, &statement);
        }
        (world.line, world.statement) = here;
    }
}

pub fn new(call: &Call<'_, '_>) -> Known<Value> {
    let table = call.reader.require_name("table_name")?;
    let schema = crate::library::name::optional(call.reader.take("schema"))?;
    if let Some(recreate) = call.reader.take("recreate")
        && reader::text(recreate)? == "always"
    {
        return Err(unknown(
            "batch_alter_table(recreate='always') asks the database for the table that it copies",
        ));
    }
    call.reader.ignore(&[
        "partial_reordering",
        "copy_from",
        "table_args",
        "table_kwargs",
        "reflect_args",
        "reflect_kwargs",
        "naming_convention",
    ]);
    Ok(Value::object(Object::Batch(Batch {
        table,
        schema,
        waiting: RefCell::default(),
    })))
}
