//! What objects do to the database by themselves: `create`, `drop`, `create_all`, `drop_all`.

use super::Object;
use super::operation;
use super::reader::Reader;
use super::trouble::{Known, unknown};
use super::types::Kind;
use crate::value::{Args, Stop, Value};
use crate::world::World;

/// `create` and `drop` of types, tables, indexes and sequences; none for every other method. Offline nothing is checked
/// first.
pub fn perform(
    world: &mut World<'_>,
    object: &Object,
    method: &str,
    args: &Args,
) -> Result<Option<Value>, Stop> {
    let create = match method {
        "create" | "create_all" => true,
        "drop" | "drop_all" => false,
        _ => return Ok(None),
    };
    let known = match object {
        Object::Type(_) | Object::From(_) | Object::Index(_) | Object::Sequence(_) => {
            let reader = Reader::new("create", args);
            bound(&reader)
                .and_then(|()| reader.finish())
                .and_then(|()| effects(world, object, create))
        }
        Object::MetaData(metadata) => {
            let reader = Reader::new("create_all", args);
            bound(&reader).and_then(|()| metadata.effects(world, &reader, create))
        }
        _ => return Ok(None),
    };
    let Some(statements) = super::report(world, known)? else {
        return Ok(Some(Value::None));
    };
    for statement in statements {
        operation::send(world, &statement);
    }
    Ok(Some(Value::None))
}

/// Takes the connection, which must be Alembic's, and `checkfirst`.
fn bound(reader: &Reader<'_>) -> Known<()> {
    match reader.take("bind") {
        Some(Value::Object(object)) if matches!(**object, Object::Bind) => {}
        Some(Value::Unknown(unknown)) => return Err(unknown.clone().into()),
        _ => return Err(unknown("create() and drop() need op.get_bind()")),
    }
    reader.option("checkfirst");
    Ok(())
}

fn effects(world: &mut World<'_>, object: &Object, create: bool) -> Known<Vec<String>> {
    Ok(match object {
        Object::Type(kind) => match &kind.kind {
            Kind::Enumeration(found) if !found.native => Vec::new(),
            Kind::Enumeration(found) if create => vec![found.create_sql(None)?],
            Kind::Enumeration(found) => vec![found.drop_sql()?],
            Kind::Domain(found) if create => vec![found.create_sql()],
            Kind::Domain(found) => vec![found.drop_sql()],
            _ => Vec::new(),
        },
        Object::From(from) => {
            let table = from.table().ok_or_else(|| unknown("needs a table"))?;
            match create {
                true => operation::create_table(world, table, false)?,
                false => vec![format!("DROP TABLE {}", table.sql_name())],
            }
        }
        Object::Sequence(sequence) if create => vec![sequence.create_sql(false)],
        Object::Sequence(sequence) => vec![sequence.drop_sql(false)],
        _ => {
            return Err(unknown(
                "create() and drop() of an Index without its table are not known to Cofferdam",
            ));
        }
    })
}
