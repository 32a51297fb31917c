//! Types of other packages, as they are on PostgreSQL: sqlmodel, `sqlalchemy_utils.types`, `pgvector.sqlalchemy`,
//! `geoalchemy2.types`, fastapi-users' `GUID` (`fastapi_users_db_sqlalchemy.generics`), `advanced_alchemy.types`,
//! sqlalchemy-citext.

use super::{Holds, Kind, SpatialIndex, Type, of};
use crate::library::reader::{self, Reader};
use crate::library::trouble::{Known, unknown};
use crate::value::{Args, Value};
use std::rc::Rc;

/// The packages whose types are known here.
pub const PACKAGES: [&str; 9] = [
    "sqlmodel",
    "sqlalchemy_utils",
    "pgvector",
    "geoalchemy2",
    "fastapi_users_db_sqlalchemy",
    "fastapi_users",
    "advanced_alchemy",
    "citext",
    "sqlalchemy_citext",
];

/// A type of the package `root`.
pub fn make(root: &str, name: &str, args: &Args) -> Option<Known<Type>> {
    let reader = Reader::new(format!("{root}.{name}"), args);
    let text = |sql: &str| Some(Ok(Type::plain(sql, Holds::Text)));
    let uuid = || Some(Ok(Type::plain("UUID", Holds::Uuid { native: true })));
    match (root, name) {
        ("sqlmodel", "AutoString") => Some(sized("VARCHAR", "length", None, &reader)),
        ("sqlmodel", "GUID") => uuid(),
        ("fastapi_users_db_sqlalchemy" | "fastapi_users" | "advanced_alchemy", "GUID") => uuid(),
        ("fastapi_users_db_sqlalchemy" | "fastapi_users", "TIMESTAMPAware") => Some(zoned(&reader)),
        ("advanced_alchemy", "DateTimeUTC") => {
            Some(Ok(Type::plain("TIMESTAMP WITH TIME ZONE", Holds::DateTime)))
        }
        ("advanced_alchemy", "JsonB") => Some(Ok(Type::plain("JSONB", Holds::Json))),
        ("advanced_alchemy", "BigIntIdentity") => {
            Some(Ok(Type::plain("BIGINT", Holds::BigInteger)))
        }
        ("advanced_alchemy", "EncryptedString") => text("VARCHAR"),
        ("advanced_alchemy", "EncryptedText") => text("TEXT"),
        ("citext" | "sqlalchemy_citext", "CIText") => text("CITEXT"),
        ("pgvector", "Vector" | "VECTOR" | "HALFVEC" | "SPARSEVEC") => {
            let name = name.to_ascii_uppercase();
            let made = sized(&name, "dim", None, &reader);
            Some(made.map(|made| Type {
                holds: Holds::Other,
                ..made
            }))
        }
        ("pgvector", "BIT") => Some(sized("BIT", "length", Some(1), &reader)),
        ("geoalchemy2", "Geometry" | "Geography") => Some(spatial(name, &reader)),
        ("geoalchemy2", "Raster") => Some(raster(&reader)),
        ("sqlalchemy_utils", _) => utils(name, &reader),
        _ => None,
    }
}

fn utils(name: &str, reader: &Reader<'_>) -> Option<Known<Type>> {
    let text = |sql: &str| Some(Ok(Type::plain(sql, Holds::Text)));
    let other = |sql: &str| Some(Ok(Type::plain(sql, Holds::Other)));
    match name {
        "UUIDType" => Some(uuid(reader)),
        "JSONType" => Some(Ok(Type::plain("JSON", Holds::Json))),
        "TSVectorType" => text("TSVECTOR"),
        "LtreeType" => other("LTREE"),
        "URLType" | "ScalarListType" => text("TEXT"),
        "EmailType" => Some(sized("VARCHAR", "length", Some(255), reader)),
        "IPAddressType" => Some(sized("VARCHAR", "max_length", Some(50), reader)),
        "ColorType" => Some(sized("VARCHAR", "max_length", Some(20), reader)),
        "CountryType" => text("VARCHAR(2)"),
        "CurrencyType" => text("VARCHAR(3)"),
        "LocaleType" => text("VARCHAR(10)"),
        "TimezoneType" => text("VARCHAR(50)"),
        "PhoneNumberType" => {
            reader.take("region");
            Some(sized("VARCHAR", "max_length", Some(20), reader))
        }
        "PasswordType" | "EncryptedType" => Some(Ok(Type::plain("BYTEA", Holds::Bytes))),
        "StringEncryptedType" => {
            reader.rest();
            let length = reader.integer("length");
            Some(length.map(|length| Type::plain(with("VARCHAR", length), Holds::Text)))
        }
        "ChoiceType" => Some(choice(reader)),
        "ArrowType" | "EnrichedDateTimeType" => Some(zoned(reader)),
        "WeekDaysType" => other("BIT(7)"),
        "IntRangeType" => other("INT4RANGE"),
        "Int8RangeType" => other("INT8RANGE"),
        "NumericRangeType" => other("NUMRANGE"),
        "DateRangeType" => other("DATERANGE"),
        "DateTimeRangeType" => other("TSRANGE"),
        _ => None,
    }
}

fn sized(sql: &str, argument: &str, standard: Option<i64>, reader: &Reader<'_>) -> Known<Type> {
    let length = match reader.take(argument) {
        None => standard,
        Some(Value::None) => None,
        Some(value) => Some(reader::integer(value)?),
    };
    Ok(Type::plain(with(sql, length), Holds::Text))
}

fn with(sql: &str, length: Option<i64>) -> String {
    match length {
        Some(length) => format!("{sql}({length})"),
        None => sql.to_owned(),
    }
}

fn zoned(reader: &Reader<'_>) -> Known<Type> {
    let sql = match reader.flag("timezone")? {
        Some(true) => "TIMESTAMP WITH TIME ZONE",
        _ => "TIMESTAMP WITHOUT TIME ZONE",
    };
    Ok(Type::plain(sql, Holds::DateTime))
}

fn uuid(reader: &Reader<'_>) -> Known<Type> {
    let binary = reader
        .take("binary")
        .map(reader::truth)
        .transpose()?
        .unwrap_or(true);
    let native = reader
        .take("native")
        .map(reader::truth)
        .transpose()?
        .unwrap_or(true);
    Ok(match (native, binary) {
        (true, _) => Type::plain("UUID", Holds::Uuid { native: true }),
        (false, true) => Type::plain("BINARY(16)", Holds::Other),
        (false, false) => Type::plain("CHAR(32)", Holds::Uuid { native: false }),
    })
}

fn choice(reader: &Reader<'_>) -> Known<Type> {
    reader.take("choices");
    match reader.take("impl") {
        None | Some(Value::None) => Ok(Type::plain("VARCHAR(255)", Holds::Text)),
        Some(kind) => of(kind),
    }
}

fn raster(reader: &Reader<'_>) -> Known<Type> {
    let index = reader
        .take("spatial_index")
        .map(reader::truth)
        .transpose()?
        .unwrap_or(true);
    reader.ignore(&["from_text", "name", "nullable"]);
    Ok(Type {
        kind: Kind::Spatial {
            sql: Rc::from("raster"),
            index: index.then_some(SpatialIndex::Hull),
        },
        holds: Holds::Other,
    })
}

fn spatial(name: &str, reader: &Reader<'_>) -> Known<Type> {
    let shape = match reader.take("geometry_type") {
        None => Some("GEOMETRY".to_owned()),
        Some(Value::None) => None,
        Some(value) => Some(reader::text(value)?.to_uppercase()),
    };
    let srid = reader
        .take("srid")
        .map(reader::integer)
        .transpose()?
        .unwrap_or(-1);
    reader.take("dimension");
    let index = reader
        .take("spatial_index")
        .map(reader::truth)
        .transpose()?
        .unwrap_or(true);
    let deep = reader
        .take("use_N_D_index")
        .map(reader::truth)
        .transpose()?
        .unwrap_or(false);
    let typed = reader.take("use_typmod");
    if typed.map(reader::truth).transpose()? == Some(false) {
        return Err(unknown(format!(
            "{name}(use_typmod=False) is not known to Cofferdam"
        )));
    }
    reader.ignore(&["from_text", "name", "nullable"]);
    let base = name.to_ascii_lowercase();
    let sql = match shape {
        Some(shape) => format!("{base}({shape},{srid})"),
        None => base,
    };
    Ok(Type {
        kind: Kind::Spatial {
            sql: Rc::from(sql),
            index: index.then_some(match deep {
                true => SpatialIndex::Deep,
                false => SpatialIndex::Plain,
            }),
        },
        holds: Holds::Other,
    })
}
