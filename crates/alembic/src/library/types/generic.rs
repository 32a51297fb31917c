//! SQLAlchemy's own types (`sqlalchemy.types`) and those of its PostgreSQL dialect.

use super::{Holds, Type, of};
use crate::library::name;
use crate::library::reader::{self, Reader};
use crate::library::trouble::Known;
use crate::value::Args;

/// A type of SQLAlchemy's own.
pub fn make(name: &str, args: &Args) -> Option<Known<Type>> {
    let reader = Reader::new(name, args);
    Some(match name {
        "String" | "VARCHAR" | "Unicode" => string("VARCHAR", &reader),
        "Text" | "TEXT" | "UnicodeText" => string("TEXT", &reader),
        "CHAR" | "NCHAR" | "NVARCHAR" | "CLOB" => string(name, &reader),
        "Integer" | "INTEGER" | "INT" => fixed(&reader, "INTEGER", Holds::Integer),
        "SmallInteger" | "SMALLINT" => fixed(&reader, "SMALLINT", Holds::SmallInteger),
        "BigInteger" | "BIGINT" => fixed(&reader, "BIGINT", Holds::BigInteger),
        "Numeric" | "NUMERIC" => numeric("NUMERIC", &reader),
        "DECIMAL" => numeric("DECIMAL", &reader),
        "Float" | "FLOAT" => float(&reader),
        "Double" | "DOUBLE_PRECISION" => floating("DOUBLE PRECISION", &reader),
        "DOUBLE" | "REAL" => floating(name, &reader),
        "Boolean" | "BOOLEAN" => boolean(&reader),
        "Date" | "DATE" => fixed(&reader, "DATE", Holds::Date),
        "DateTime" | "TIMESTAMP" => zoned("TIMESTAMP", &reader, Holds::DateTime),
        "DATETIME" => {
            reader.ignore(&["timezone"]);
            fixed(&reader, "DATETIME", Holds::DateTime)
        }
        "Time" | "TIME" => zoned("TIME", &reader, Holds::Time),
        "Interval" => interval(&reader),
        "LargeBinary" => binary("BYTEA", false, &reader),
        "BLOB" => binary("BLOB", false, &reader),
        "BINARY" | "VARBINARY" => binary(name, true, &reader),
        "PickleType" => {
            reader.rest();
            reader.others();
            fixed(&reader, "BYTEA", Holds::Other)
        }
        "JSON" => {
            reader.take("none_as_null");
            fixed(&reader, "JSON", Holds::Json)
        }
        "Uuid" => uuid(&reader),
        "UUID" => {
            reader.take("as_uuid");
            fixed(&reader, "UUID", Holds::Uuid { native: true })
        }
        "ARRAY" => array(&reader),
        "NullType" => reader.finish().map(|()| Type::null()),
        _ => return None,
    })
}

/// A type of SQLAlchemy's PostgreSQL dialect.
pub fn postgresql(name: &str, args: &Args) -> Option<Known<Type>> {
    let reader = Reader::new(format!("postgresql.{name}"), args);
    Some(match name {
        "BYTEA" => binary("BYTEA", false, &reader),
        "TSVECTOR" | "TSQUERY" | "INET" | "CIDR" | "CITEXT" | "MACADDR" | "MACADDR8" | "MONEY"
        | "OID" | "REGCLASS" | "REGCONFIG" | "INT4RANGE" | "INT8RANGE" | "NUMRANGE"
        | "DATERANGE" | "TSRANGE" | "TSTZRANGE" | "INT4MULTIRANGE" | "INT8MULTIRANGE"
        | "NUMMULTIRANGE" | "DATEMULTIRANGE" | "TSMULTIRANGE" | "TSTZMULTIRANGE" | "JSONPATH" => {
            let holds = match name {
                "CITEXT" | "TSVECTOR" | "TSQUERY" | "INET" | "CIDR" | "MACADDR" | "MACADDR8" => {
                    Holds::Text
                }
                "OID" => Holds::Integer,
                _ => Holds::Other,
            };
            if name == "CITEXT" {
                string(name, &reader)
            } else {
                fixed(&reader, name, holds)
            }
        }
        "HSTORE" => {
            reader.take("text_type");
            fixed(&reader, name, Holds::Other)
        }
        "JSON" | "JSONB" => {
            reader.take("none_as_null");
            reader.take("astext_type");
            fixed(&reader, name, Holds::Json)
        }
        "TIMESTAMP" | "TIME" => precise(name, &reader),
        "INTERVAL" => (|| {
            let precision = reader.maybe("precision")?.map(reader::integer);
            let precision = precision.transpose()?;
            let fields = reader.maybe("fields")?.map(reader::text);
            let fields = fields.transpose()?;
            reader.finish()?;
            Ok(Type::plain(
                interval_sql(fields.as_deref(), precision),
                Holds::Interval,
            ))
        })(),
        "BIT" => (|| {
            let length = reader.maybe("length")?.map(reader::integer);
            let length = length.transpose()?;
            let varying = match reader.take("varying") {
                Some(value) => reader::truth(value)?,
                None => false,
            };
            reader.finish()?;
            let sql = match (varying, length) {
                (true, Some(length)) => format!("BIT VARYING({length})"),
                (true, None) => "BIT VARYING".to_owned(),
                (false, length) => format!("BIT({})", length.filter(|n| *n != 0).unwrap_or(1)),
            };
            Ok(Type::plain(sql, Holds::Other))
        })(),
        _ => return None,
    })
}

fn fixed(reader: &Reader<'_>, sql: &str, holds: Holds) -> Known<Type> {
    reader.finish()?;
    Ok(Type::plain(sql, holds))
}

fn string(sql: &str, reader: &Reader<'_>) -> Known<Type> {
    let length = reader.maybe("length")?.map(reader::integer);
    let length = length.transpose()?;
    let collation = name::optional(reader.take("collation"))?;
    let schema = reader.name("collation_schema")?;
    reader.ignore(&["convert_unicode", "unicode_error", "_warn_on_bytestring"]);
    reader.finish()?;
    let mut text = sql.to_owned();
    if let Some(length) = length.filter(|length| *length != 0 && sql != "CLOB") {
        text.push_str(&format!("({length})"));
    }
    let collation = collation.filter(|collation| sql != "CLOB" && !collation.text.is_empty());
    if let Some(collation) = collation {
        text.push_str(" COLLATE ");
        text.push_str(&name::qualified(schema.as_ref(), &collation));
    }
    Ok(Type::plain(text, Holds::Text))
}

fn numeric(sql: &str, reader: &Reader<'_>) -> Known<Type> {
    let precision = reader.maybe("precision")?.map(reader::integer);
    let precision = precision.transpose()?;
    let scale = reader.maybe("scale")?.map(reader::integer);
    let scale = scale.transpose()?;
    reader.take("decimal_return_scale");
    reader.take("asdecimal");
    reader.finish()?;
    let text = match (precision, scale) {
        (None, _) => sql.to_owned(),
        (Some(precision), None) => format!("{sql}({precision})"),
        (Some(precision), Some(scale)) => format!("{sql}({precision}, {scale})"),
    };
    Ok(Type::plain(text, Holds::Numeric))
}

fn float(reader: &Reader<'_>) -> Known<Type> {
    let precision = reader.maybe("precision")?.map(reader::integer);
    let precision = precision.transpose()?.filter(|precision| *precision != 0);
    reader.take("asdecimal");
    reader.take("decimal_return_scale");
    reader.finish()?;
    let sql = match precision {
        Some(precision) => format!("FLOAT({precision})"),
        None => "FLOAT".to_owned(),
    };
    Ok(Type::plain(sql, Holds::Float))
}

fn floating(sql: &str, reader: &Reader<'_>) -> Known<Type> {
    reader.take("precision");
    reader.take("asdecimal");
    reader.take("decimal_return_scale");
    fixed(reader, sql, Holds::Float)
}

/// PostgreSQL has a boolean type, so that `create_constraint` changes nothing.
fn boolean(reader: &Reader<'_>) -> Known<Type> {
    reader.take("create_constraint");
    reader.take("name");
    reader.ignore(&["_create_events", "_adapted_from"]);
    fixed(reader, "BOOLEAN", Holds::Boolean)
}

fn zoned(sql: &str, reader: &Reader<'_>, holds: Holds) -> Known<Type> {
    let zone = reader.maybe("timezone")?.map(reader::truth);
    let zone = zone.transpose()?.unwrap_or(false);
    fixed(reader, &with_zone(sql, None, zone), holds)
}

fn precise(sql: &str, reader: &Reader<'_>) -> Known<Type> {
    let zone = reader.maybe("timezone")?.map(reader::truth);
    let zone = zone.transpose()?.unwrap_or(false);
    let precision = reader.maybe("precision")?.map(reader::integer);
    let precision = precision.transpose()?;
    let holds = match sql {
        "TIME" => Holds::Time,
        _ => Holds::DateTime,
    };
    fixed(reader, &with_zone(sql, precision, zone), holds)
}

fn with_zone(sql: &str, precision: Option<i64>, zone: bool) -> String {
    let precision = precision.map(|n| format!("({n})")).unwrap_or_default();
    let with = if zone { "WITH" } else { "WITHOUT" };
    format!("{sql}{precision} {with} TIME ZONE")
}

fn interval(reader: &Reader<'_>) -> Known<Type> {
    let native = reader.take("native").map(reader::truth);
    if native.transpose()? == Some(false) {
        reader.take("second_precision");
        reader.take("day_precision");
        return fixed(reader, "TIMESTAMP WITHOUT TIME ZONE", Holds::Other);
    }
    let precision = reader.maybe("second_precision")?.map(reader::integer);
    let precision = precision.transpose()?;
    reader.take("day_precision");
    reader.finish()?;
    Ok(Type::plain(interval_sql(None, precision), Holds::Interval))
}

fn interval_sql(fields: Option<&str>, precision: Option<i64>) -> String {
    let fields = fields
        .map(|fields| format!(" {fields}"))
        .unwrap_or_default();
    let precision = precision.map(|n| format!(" ({n})")).unwrap_or_default();
    format!("INTERVAL{fields}{precision}")
}

fn binary(sql: &str, sized: bool, reader: &Reader<'_>) -> Known<Type> {
    let length = reader.maybe("length")?.map(reader::integer);
    let length = length.transpose()?.filter(|length| sized && *length != 0);
    reader.finish()?;
    let length = length.map(|n| format!("({n})")).unwrap_or_default();
    Ok(Type::plain(format!("{sql}{length}"), Holds::Bytes))
}

fn uuid(reader: &Reader<'_>) -> Known<Type> {
    reader.take("as_uuid");
    let native = reader.take("native_uuid").map(reader::truth);
    let native = native.transpose()?.unwrap_or(true);
    let sql = if native { "UUID" } else { "CHAR(32)" };
    fixed(reader, sql, Holds::Uuid { native })
}

fn array(reader: &Reader<'_>) -> Known<Type> {
    let item = of(reader.require("item_type")?)?;
    reader.take("as_tuple");
    let dimensions = reader.maybe("dimensions")?.map(reader::integer);
    let dimensions = dimensions.transpose()?.unwrap_or(1);
    reader.take("zero_indexes");
    reader.finish()?;
    item.checked_depth()?;
    Ok(Type::array(
        item,
        usize::try_from(dimensions).unwrap_or(1).min(64),
    ))
}
