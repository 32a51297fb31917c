//! Operations on columns.

use super::{Call, exists};
use crate::library::Object;
use crate::library::column::Column;
use crate::library::constraint::Constraint;
use crate::library::default::{self, Default};
use crate::library::literal;
use crate::library::name::{Name, dotted};
use crate::library::reader;
use crate::library::table::Table;
use crate::library::trouble::{Known, raise, unknown};
use crate::library::types::{self, Kind, Type};
use crate::value::Value;
use std::rc::Rc;

pub fn add(call: &mut Call<'_, '_>) -> Known<Vec<String>> {
    let name = call.table("table_name")?;
    let value = call.reader.require("column")?;
    let column = match value {
        Value::Object(object) => match &**object {
            Object::Column(column) => column.clone(),
            _ => return Err(unknown("op.add_column needs a Column")),
        },
        _ => return Err(unknown("op.add_column needs a Column")),
    };
    let schema = call.schema()?;
    let reader = &call.reader;
    let if_not_exists = if exists(reader, "if_not_exists")? {
        "IF NOT EXISTS "
    } else {
        ""
    };
    let inline_references = exists(reader, "inline_references")?;
    let inline_key = exists(reader, "inline_primary_key")?;
    if call.batch.is_some() {
        for option in ["insert_before", "insert_after"] {
            if reader.set(option)?.is_some() {
                return Err(raise(
                    "CommandError",
                    "Can't specify insert_before or insert_after when using ALTER; please specify recreate='always'",
                ));
            }
        }
    }
    let settings = call.world.settings;
    let mut table = Table::bare(name.clone(), schema.clone());
    table.columns.push(column.clone());
    let own = column_line(&table, &column)?;
    table.columns.clear();
    table.add(&[Value::Object(Rc::new(Object::Column(column.clone())))])?;
    let mut line = format!(
        "ALTER TABLE {} ADD COLUMN {if_not_exists}{own}",
        dotted(schema.as_ref(), &name)
    );
    if inline_key && column.primary {
        line.push_str(" PRIMARY KEY");
    }
    let inline = inline_references && column.references.len() == 1;
    if let (true, [reference]) = (inline, column.references.as_slice()) {
        line.push_str(&format!(" {}", reference.reference.sql(&reference.common)));
    }
    let parts = table.parts();
    for check in &column.checks {
        line.push_str(&format!(" {}", check.sql(settings, &parts)?));
    }
    let mut statements = vec![line];
    for constraint in &table.constraints {
        if inline && matches!(constraint, Constraint::Foreign { .. }) {
            continue;
        }
        statements.push(format!(
            "ALTER TABLE {} ADD {}",
            table.sql_name(),
            constraint.sql(settings, &parts)?
        ));
    }
    for index in &table.indexes {
        statements.push(index.create_sql(settings, &name, schema.as_ref(), &parts, false)?);
    }
    statements.extend(table.comment_sql(&column));
    Ok(statements)
}

fn column_line(table: &Table, column: &Column) -> Known<String> {
    let bare = Column {
        checks: Vec::new(),
        ..column.clone()
    };
    table.column_sql(&bare, &crate::settings::Settings::default())
}

pub fn drop(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let name = call.table("table_name")?;
    let column = call.reader.require_name("column_name")?;
    let schema = call.schema()?;
    let if_exists = if exists(&call.reader, "if_exists")? {
        "IF EXISTS "
    } else {
        ""
    };
    call.reader.ignore(&[
        "existing_type",
        "existing_nullable",
        "existing_server_default",
    ]);
    Ok(vec![format!(
        "ALTER TABLE {} DROP COLUMN {if_exists}{}",
        dotted(schema.as_ref(), &name),
        column.sql()
    )])
}

pub fn alter(call: &Call<'_, '_>) -> Known<Vec<String>> {
    let table = call.table("table_name")?;
    let column = call.reader.require_name("column_name")?;
    let schema = call.schema()?;
    let reader = &call.reader;
    let target = dotted(schema.as_ref(), &table);
    let alter = format!("ALTER TABLE {target} ALTER COLUMN {}", column.sql());
    let mut statements = Vec::new();
    let kind = reader.set("type_")?.map(types::of).transpose()?;
    let existing = reader.option("existing_type");
    if let (Some(existing), Some(_)) = (existing, &kind)
        && !matches!(existing, Value::None)
        && let Some(name) = checked(
            &types::of(existing)?,
            &column,
            call,
            &table,
            schema.as_ref(),
        )?
        .0
    {
        statements.push(format!(
            "ALTER TABLE {} DROP CONSTRAINT {name}",
            crate::library::name::qualified(schema.as_ref(), &table)
        ));
    }
    let using = reader.text("postgresql_using")?;
    match (&kind, using) {
        (Some(kind), using) => {
            let using = using
                .filter(|using| !using.is_empty())
                .map(|using| format!(" USING {using}"));
            statements.push(format!(
                "{alter} TYPE {}{}",
                kind.sql(None)?,
                using.unwrap_or_default()
            ));
        }
        (None, Some(_)) => {
            return Err(raise(
                "CommandError",
                "postgresql_using must be used with the type_ parameter",
            ));
        }
        (None, None) => {}
    }
    if let Some(nullable) = reader.flag("nullable")? {
        statements.push(format!(
            "{alter} {} NOT NULL",
            if nullable { "DROP" } else { "SET" }
        ));
    }
    if let Some(value) = reader.option("server_default")
        && !matches!(value, Value::Bool(false))
    {
        let existing = match reader.option("existing_server_default") {
            None | Some(Value::Bool(false) | Value::None) => None,
            Some(value) => default::of(value)?,
        };
        let change = default_change(default::of(value)?, existing)?;
        statements.push(format!("{alter} {change}"));
    }
    match reader.option("comment") {
        None | Some(Value::Bool(false)) => {}
        Some(Value::None) => statements.push(comment(&target, &column, "NULL")),
        Some(value) => {
            let text = literal::text(&reader::text(reader::known(value)?)?);
            statements.push(comment(&target, &column, &text));
        }
    }
    if let Some(name) = reader.name("new_column_name")? {
        statements.push(format!(
            "ALTER TABLE {target} RENAME {} TO {}",
            column.sql(),
            name.sql()
        ));
    }
    if let Some(kind) = &kind
        && let Some(constraint) = checked(kind, &column, call, &table, schema.as_ref())?.1
    {
        statements.push(format!(
            "ALTER TABLE {} ADD {constraint}",
            crate::library::name::qualified(schema.as_ref(), &table)
        ));
    }
    reader.ignore(&[
        "existing_type",
        "existing_nullable",
        "existing_comment",
        "existing_server_default",
        "existing_autoincrement",
        "autoincrement",
        "insert_before",
        "insert_after",
    ]);
    Ok(statements)
}

fn comment(target: &str, column: &Name, text: &str) -> String {
    format!("COMMENT ON COLUMN {target}.{} IS {text}", column.sql())
}

fn default_change(new: Option<Default>, old: Option<Default>) -> Known<String> {
    let computed = |default: &Option<Default>| matches!(default, Some(Default::Computed(_)));
    if computed(&new) || computed(&old) {
        return Err(raise(
            "CompileError",
            "Adding or removing a \"computed\" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported.",
        ));
    }
    Ok(match (new, old) {
        (None, Some(Default::Identity(_))) => "DROP IDENTITY".to_owned(),
        (Some(Default::Identity(new)), Some(Default::Identity(old))) => new.changed(&old)?,
        (Some(Default::Identity(new)), None) => format!("ADD {}", new.sql()),
        (Some(Default::Identity(_)), Some(_)) | (Some(_), Some(Default::Identity(_))) => {
            return Err(unknown(
                "changing between a default and an identity is not known to Cofferdam",
            ));
        }
        (None, _) => "DROP DEFAULT".to_owned(),
        (Some(Default::Sql(sql)), _) => format!("SET DEFAULT {sql}"),
        (Some(_), _) => {
            return Err(unknown(
                "a FetchedValue as a new default is not known to Cofferdam",
            ));
        }
    })
}

/// The CHECK that a type brings with it: its name, and how it is added.
fn checked(
    kind: &Type,
    column: &Name,
    call: &Call<'_, '_>,
    table: &Name,
    schema: Option<&Name>,
) -> Known<(Option<String>, Option<String>)> {
    let Kind::Enumeration(found) = &kind.kind else {
        return Ok((None, None));
    };
    if found.native || !found.constraint {
        return Ok((None, None));
    }
    let mut whole = Table::bare(table.clone(), schema.cloned());
    let column = Rc::new(Column::plain(column.clone(), kind.clone()));
    whole.add(&[Value::Object(Rc::new(Object::Column(column)))])?;
    let Some(constraint) = whole.constraints.first() else {
        return Ok((None, None));
    };
    let parts = whole.parts();
    let name = constraint.named(call.world.settings, &parts)?;
    let name = name
        .map(|name| crate::library::naming::sql(&name))
        .transpose()?;
    Ok((name, Some(constraint.sql(call.world.settings, &parts)?)))
}
