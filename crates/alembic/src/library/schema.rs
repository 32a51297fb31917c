//! The rest of SQLAlchemy's names for schemas (`sqlalchemy.sql.schema`, `sqlalchemy.sql.ddl`), and what objects do to the
//! database by themselves.

use super::Object;
use super::column::Column;
use super::default::{self, Computed, Default, Identity, Sequence};
use super::expression::{self, Expression};
use super::from::From;
use super::index::Index;
use super::metadata::MetaData;
use super::name::{self, Name};
use super::operation;
use super::reader::{self, Reader};
use super::statement::{self, Delete, Insert, Query, Select, Update};
use super::table::Table;
use super::trouble::{Known, unknown};
use super::types::{self, Kind, Type};
use crate::settings::Settings;
use crate::value::{Args, Stop, Value};
use crate::world::World;
use std::rc::Rc;

/// What one of SQLAlchemy's other names makes; none where `last` is none of those here.
pub fn call(settings: &Settings, name: &str, last: &str, args: &Args) -> Option<Known<Value>> {
    let reader = Reader::new(last, args);
    let object = |made: Object| Value::object(made);
    Some(match last {
        "Column" => Column::new(args).map(|made| object(Object::Column(Rc::new(made)))),
        "ForeignKey" => {
            super::constraint::ForeignKey::new(args).map(|made| object(Object::ForeignKey(made)))
        }
        "Index" => Index::new(args).map(|made| object(Object::Index(made))),
        "Identity" => {
            Identity::new(args).map(|made| object(Object::Default(Default::Identity(made))))
        }
        "Computed" => {
            Computed::new(args).map(|made| object(Object::Default(Default::Computed(made))))
        }
        "FetchedValue" => Ok(object(Object::Default(Default::Fetched))),
        "DefaultClause" => reader
            .require("arg")
            .and_then(default::text)
            .and_then(|made| {
                reader.finish()?;
                Ok(object(Object::Default(Default::Sql(made))))
            }),
        "Sequence" => Sequence::new(args).map(|made| object(Object::Sequence(made))),
        "MetaData" => MetaData::new(&reader).map(|made| object(Object::MetaData(made))),
        "Table" => table(&reader),
        "table" | "TableClause" => Table::light(&reader).map(of_table),
        "quoted_name" => quoted(&reader),
        "conv" => reader.require_name("value").map(|found| {
            object(Object::Name(Name {
                fixed: true,
                ..found
            }))
        }),
        "inspect" | "from_engine" | "Inspector" => {
            match args.positional.first().or_else(|| args.named("bind")) {
                Some(Value::Object(bind)) if matches!(**bind, Object::Bind | Object::Migration) => {
                    Ok(object(Object::Inspector))
                }
                Some(Value::Unknown(unknown)) => Err(unknown.clone().into()),
                _ => Err(unknown(format!("{name} of this is not known to Cofferdam"))),
            }
        }
        "join" | "outerjoin" => join(&reader, last == "outerjoin"),
        "alias" => reader
            .require("selectable")
            .and_then(statement::from)
            .and_then(|of| {
                let name = name::optional(reader.take("name"))?;
                Ok(object(Object::From(Rc::new(From::alias(&of, name)?))))
            }),
        "DDL" => ddl(&reader),
        "CreateTable" => create_table(settings, &reader),
        "DropTable" => one_table(&reader).and_then(|table| {
            let exists = if reader.flag("if_exists")?.unwrap_or(false) {
                "IF EXISTS "
            } else {
                ""
            };
            Ok(object(Object::Statement(format!(
                "DROP TABLE {exists}{}",
                table.sql_name()
            ))))
        }),
        "CreateSequence" | "DropSequence" => sequence(&reader, last == "CreateSequence"),
        "CreateSchema" | "DropSchema" => named_schema(&reader, last == "CreateSchema"),
        _ => return None,
    })
}

fn of_table(table: Table) -> Value {
    Value::object(Object::From(Rc::new(From::Table(Rc::new(table)))))
}

fn table(reader: &Reader<'_>) -> Known<Value> {
    let name = reader.require_name("name")?;
    let holder = match reader.require("metadata")? {
        Value::Object(object) if matches!(**object, Object::MetaData(_)) => object.clone(),
        Value::Name(name) if name.ends_with(".MetaData") => {
            Rc::new(Object::MetaData(MetaData::default()))
        }
        _ => return Err(unknown("Table() needs a MetaData")),
    };
    let Object::MetaData(metadata) = &*holder else {
        return Err(unknown("Table() needs a MetaData"));
    };
    for option in ["autoload", "autoload_with"] {
        if let Some(value) = reader.option(option)
            && !matches!(value, Value::None | Value::Bool(false))
        {
            return Err(unknown(format!(
                "Table('{}', {option}=…) asks the database for its columns",
                name.text
            )));
        }
    }
    let schema = match reader.option("schema") {
        Some(value) => name::optional(Some(value))?,
        None => metadata.schema.clone(),
    };
    let items = reader.rest();
    let mut made = Table::bare(name, schema).with(items, reader)?;
    made.settings = Some(metadata.settings());
    reader.finish()?;
    Ok(Value::object(Object::From(metadata.add(Rc::new(made)))))
}

fn quoted(reader: &Reader<'_>) -> Known<Value> {
    let found = reader.require_name("value")?;
    let quote = match reader.take("quote") {
        None | Some(Value::None) => found.quote,
        Some(value) => Some(reader::truth(value)?),
    };
    reader.finish()?;
    Ok(Value::object(Object::Name(Name { quote, ..found })))
}

fn join(reader: &Reader<'_>, outer: bool) -> Known<Value> {
    let left = statement::from(reader.require("left")?)?;
    let right = statement::from(reader.require("right")?)?;
    let on = reader.take("onclause");
    let outer = outer || reader.flag("isouter")?.unwrap_or(false);
    let full = reader.flag("full")?.unwrap_or(false);
    statement::method::join(left, right, on, outer, full)
        .map(|made| Value::object(Object::From(made)))
}

fn ddl(reader: &Reader<'_>) -> Known<Value> {
    let sql = reader::text(reader.require("statement")?)?;
    if reader.take("context").is_some() {
        return Err(unknown("DDL() with a context is not known to Cofferdam"));
    }
    Ok(Value::object(Object::Statement(sql.replace("%%", "%"))))
}

fn one_table(reader: &Reader<'_>) -> Known<Rc<Table>> {
    let found = statement::from(reader.require("element")?)?;
    found
        .table()
        .cloned()
        .ok_or_else(|| unknown("needs a table"))
}

fn create_table(settings: &Settings, reader: &Reader<'_>) -> Known<Value> {
    let table = one_table(reader)?;
    let if_not_exists = reader.flag("if_not_exists")?.unwrap_or(false);
    reader.finish()?;
    let statements = table.create_sql(settings, if_not_exists)?;
    let first = statements.into_iter().next().unwrap_or_default();
    Ok(Value::object(Object::Statement(first)))
}

fn sequence(reader: &Reader<'_>, create: bool) -> Known<Value> {
    let Value::Object(object) = reader.require("element")? else {
        return Err(unknown("needs a Sequence"));
    };
    let Object::Sequence(sequence) = &**object else {
        return Err(unknown("needs a Sequence"));
    };
    let sql = match create {
        true => sequence.create_sql(reader.flag("if_not_exists")?.unwrap_or(false)),
        false => sequence.drop_sql(reader.flag("if_exists")?.unwrap_or(false)),
    };
    reader.finish()?;
    Ok(Value::object(Object::Statement(sql)))
}

fn named_schema(reader: &Reader<'_>, create: bool) -> Known<Value> {
    let name = reader.require_name("name")?;
    let sql = if create {
        let exists = if reader.flag("if_not_exists")?.unwrap_or(false) {
            "IF NOT EXISTS "
        } else {
            ""
        };
        format!("CREATE SCHEMA {exists}{}", name.sql())
    } else {
        let exists = if reader.flag("if_exists")?.unwrap_or(false) {
            "IF EXISTS "
        } else {
            ""
        };
        let cascade = if reader.flag("cascade")?.unwrap_or(false) {
            " CASCADE"
        } else {
            ""
        };
        format!("DROP SCHEMA {exists}{}{cascade}", name.sql())
    };
    reader.finish()?;
    Ok(Value::object(Object::Statement(sql)))
}

/// `create` and `drop` of types, tables, indexes and sequences; none for every other method. Offline nothing is checked
/// first.
pub fn effect(
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

/// A method of a type.
pub fn type_method(kind: &Type, name: &str, args: &Args) -> Known<Value> {
    match name {
        "with_variant" => {
            types::with_variant(kind, args).map(|made| Value::object(Object::Type(made)))
        }
        "evaluates_none" | "copy" => Ok(Value::object(Object::Type(kind.clone()))),
        _ => Err(unknown(format!(
            "{name}() of a type is not known to Cofferdam"
        ))),
    }
}

/// An attribute of a type.
pub fn type_attribute(kind: &Type, name: &str) -> Option<Known<Value>> {
    match (&kind.kind, name) {
        (Kind::Enumeration(found), "name") => Some(Ok(match &found.name {
            Some(name) => Value::str(&name.text),
            None => Value::None,
        })),
        (Kind::Enumeration(found), "enums") => Some(Ok(Value::list(
            found.values.iter().map(Value::str).collect(),
        ))),
        (Kind::Enumeration(found), "schema") => Some(Ok(match &found.schema {
            Some(schema) => Value::str(&schema.text),
            None => Value::None,
        })),
        (_, "create" | "drop" | "with_variant" | "evaluates_none" | "copy") => None,
        _ => Some(Err(unknown(format!(
            "{name} of a type is not known to Cofferdam"
        )))),
    }
}

/// A method of a table or another thing to read from.
pub fn from_method(from: &Rc<From>, name: &str, args: &Args) -> Known<Value> {
    let reader = Reader::new(name, args);
    let object = |query: Query| statement::object(query);
    let made = match name {
        "insert" => {
            let mut insert = Insert::new(from.clone(), false);
            if let Some(values) = reader.take("values") {
                let args = Args {
                    positional: vec![values.clone()],
                    named: Vec::new(),
                };
                return statement::method::call(&Rc::new(Query::Insert(insert)), "values", &args);
            }
            insert.inline = reader.flag("inline")?.unwrap_or(false);
            object(Query::Insert(insert))
        }
        "update" => object(Query::Update(Update::new(from.clone()))),
        "delete" => object(Query::Delete(Delete::new(from.clone()))),
        "select" => object(Query::Select(Select::new(&[Value::object(Object::From(
            from.clone(),
        ))])?)),
        "alias" => Value::object(Object::From(Rc::new(From::alias(
            from,
            name::optional(reader.take("name"))?,
        )?))),
        "join" | "outerjoin" => {
            let right = statement::from(reader.require("right")?)?;
            let on = reader.take("onclause");
            let outer = name == "outerjoin" || reader.flag("isouter")?.unwrap_or(false);
            let full = reader.flag("full")?.unwrap_or(false);
            Value::object(Object::From(statement::method::join(
                from.clone(),
                right,
                on,
                outer,
                full,
            )?))
        }
        _ => {
            return Err(unknown(format!(
                "{name}() of a table is not known to Cofferdam"
            )));
        }
    };
    reader.finish()?;
    Ok(made)
}

/// An attribute of a table.
pub fn from_attribute(from: &Rc<From>, name: &str) -> Option<Known<Value>> {
    let table = from.table();
    match (name, table) {
        ("c" | "columns", _) => Some(Ok(Value::object(Object::Columns(from.clone())))),
        ("name" | "description", Some(table)) => Some(Ok(Value::str(&table.name.text))),
        ("fullname", Some(table)) => Some(Ok(Value::str(match &table.schema {
            Some(schema) => format!("{}.{}", schema.text, table.name.text),
            None => table.name.text.to_string(),
        }))),
        ("schema", Some(table)) => Some(Ok(match &table.schema {
            Some(schema) => Value::str(&schema.text),
            None => Value::None,
        })),
        (
            "insert" | "update" | "delete" | "select" | "alias" | "join" | "outerjoin" | "create"
            | "drop",
            _,
        ) => None,
        _ => Some(Err(unknown(format!(
            "{name} of a table is not known to Cofferdam"
        )))),
    }
}

/// Whether a name is a method of `table.c`.
pub fn is_columns_method(name: &str) -> bool {
    matches!(
        name,
        "keys" | "values" | "items" | "get" | "contains_column"
    )
}

/// A method of `table.c`.
pub fn columns_method(from: &Rc<From>, name: &str, args: &Args) -> Known<Value> {
    let columns = from.columns()?;
    let expression = |column: &expression::E| Value::object(Object::Expression(column.clone()));
    Ok(match name {
        "keys" => Value::list(columns.iter().map(|(key, _)| Value::str(key)).collect()),
        "values" => Value::list(
            columns
                .iter()
                .map(|(_, column)| expression(column))
                .collect(),
        ),
        "items" => Value::list(
            columns
                .iter()
                .map(|(key, column)| Value::Tuple(Rc::from([Value::str(key), expression(column)])))
                .collect(),
        ),
        "get" => {
            let reader = Reader::new(name, args);
            let key = reader::text(reader.require("key")?)?;
            match columns.iter().find(|(known, _)| *known == key) {
                Some((_, column)) => expression(column),
                None => reader.take("default").cloned().unwrap_or(Value::None),
            }
        }
        _ => {
            return Err(unknown(format!(
                "{name}() of columns is not known to Cofferdam"
            )));
        }
    })
}

/// An attribute of a Column that stands alone.
pub fn column_attribute(column: &Rc<Column>, name: &str) -> Option<Known<Value>> {
    match name {
        "name" => Some(Ok(Value::str(&column.name.text))),
        "key" => Some(Ok(Value::str(&column.key))),
        "type" => Some(Ok(Value::object(Object::Type(column.kind.clone())))),
        "nullable" => Some(Ok(Value::Bool(column.is_nullable()))),
        "primary_key" => Some(Ok(Value::Bool(column.primary))),
        _ => {
            let own = Expression::column(None, column.name.clone(), column.kind.clone());
            expression::method::attribute(&own, name)
        }
    }
}

/// An operator between values that are no expressions: names are strings, `in` asks for a column.
pub fn plain_binary(operator: &str, left: &Value, right: &Value) -> Option<Value> {
    if let (true, Value::Object(object)) = (matches!(operator, "in" | "not in"), right)
        && let (Object::Columns(from), Value::Str(key)) = (&**object, left)
    {
        let found = from
            .columns()
            .ok()?
            .iter()
            .any(|(known, _)| **known == **key);
        return Some(Value::Bool(found == (operator == "in")));
    }
    let text = |value: &Value| match value {
        Value::Str(text) => Some(text.to_string()),
        Value::Object(object) => match &**object {
            Object::Name(name) => Some(name.text.to_string()),
            _ => None,
        },
        _ => None,
    };
    let (l, r) = (text(left)?, text(right)?);
    Some(match operator {
        "+" => Value::str(format!("{l}{r}")),
        "==" => Value::Bool(l == r),
        "!=" => Value::Bool(l != r),
        _ => return None,
    })
}
