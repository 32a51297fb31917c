//! The rest of SQLAlchemy's names for schemas (`sqlalchemy.sql.schema`, `sqlalchemy.sql.ddl`).

use super::Object;
use super::column::Column;
use super::default::{self, Computed, Default, Identity, Sequence};
use super::from::From;
use super::index::Index;
use super::metadata::MetaData;
use super::name::{self, Name};
use super::reader::{self, Reader};
use super::statement;
use super::table::Table;
use super::trouble::{Known, unknown};
use crate::settings::Settings;
use crate::value::{Args, Value};
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
