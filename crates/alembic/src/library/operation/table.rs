//! Operations on whole tables.

use super::{Call, Given, exists};
use crate::library::Object;
use crate::library::from::From;
use crate::library::literal;
use crate::library::name::{Name, dotted, qualified};
use crate::library::table::Table;
use crate::library::trouble::Known;
use crate::library::types::Kind;
use crate::value::Value;
use crate::world::World;
use std::rc::Rc;

pub fn op_create(call: &mut Call<'_, '_>) -> Known<Given> {
    let name = call.table("table_name")?;
    let schema = call.schema()?;
    let items = call.reader.rest();
    let if_not_exists = exists(&call.reader, "if_not_exists")?;
    let table = Table::bare(name, schema).with(items, &call.reader)?;
    call.reader.finish()?;
    let statements = create(call.world, &table, if_not_exists)?;
    Ok(Given {
        statements,
        value: Value::object(Object::From(Rc::new(From::Table(Rc::new(table))))),
    })
}

/// What creates a table: its types first. A type of one name is created once in a run (`NamedType._check_for_name_in_memos`).
pub fn create(world: &mut World<'_>, table: &Table, if_not_exists: bool) -> Known<Vec<String>> {
    let made = table.create_sql(world.settings, if_not_exists)?;
    let mut statements = Vec::new();
    for column in &table.columns {
        let (create, sql, place, name) = match &column.kind.innermost().kind {
            Kind::Enumeration(found) if found.native => (
                found.create,
                found.create_sql(table.schema.as_ref())?,
                found.place(table.schema.as_ref()).cloned(),
                found.name.clone(),
            ),
            Kind::Domain(found) => (
                found.create,
                found.create_sql(),
                found.schema.clone(),
                Some(found.name.clone()),
            ),
            _ => continue,
        };
        let key = (
            place.map(|place| place.text.to_string()),
            name.map(|name| name.text.to_string()).unwrap_or_default(),
        );
        if create && world.types.insert(key) {
            statements.push(sql);
        }
    }
    statements.extend(made);
    Ok(statements)
}

pub fn drop(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = call.table("table_name")?;
    let schema = call.schema()?;
    let if_exists = if exists(&call.reader, "if_exists")? {
        "IF EXISTS "
    } else {
        ""
    };
    call.reader.ignore(&["info", "prefixes", "comment"]);
    Ok(vec![format!(
        "DROP TABLE {if_exists}{}",
        qualified(schema.as_ref(), &name)
    )])
}

pub fn rename(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let old = call.reader.require_name("old_table_name")?;
    let new = call.reader.require_name("new_table_name")?;
    let schema = call.schema()?;
    Ok(vec![format!(
        "ALTER TABLE {} RENAME TO {}",
        dotted(schema.as_ref(), &old),
        new.sql()
    )])
}

pub fn comment(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = call.table("table_name")?;
    let comment = crate::library::reader::text(call.reader.require("comment")?)?;
    let schema = call.schema()?;
    call.reader.ignore(&["existing_comment"]);
    Ok(vec![comment_sql(
        schema.as_ref(),
        &name,
        &literal::text(&comment),
    )])
}

pub fn drop_comment(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = call.table("table_name")?;
    let schema = call.schema()?;
    call.reader.ignore(&["existing_comment"]);
    Ok(vec![comment_sql(schema.as_ref(), &name, "NULL")])
}

fn comment_sql(schema: Option<&Name>, table: &Name, comment: &str) -> String {
    format!("COMMENT ON TABLE {} IS {comment}", qualified(schema, table))
}
