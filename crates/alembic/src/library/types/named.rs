//! Types that have a name in the database: enumerations and domains (`sqlalchemy.types.Enum`,
//! `sqlalchemy.dialects.postgresql.named_types`).

use super::{Holds, Kind, Type, of};
use crate::library::Object;
use crate::library::expression::{self, Context};
use crate::library::name::{self, Name};
use crate::library::reader::{self, Reader, text};
use crate::library::trouble::{Known, raise, unknown};
use crate::library::{default, literal};
use crate::value::{Args, Value, equal};
use std::rc::Rc;

/// An enumeration.
#[derive(Clone, Debug)]
pub struct Enumeration {
    pub name: Option<Name>,
    pub schema: Option<Name>,
    /// It lies in the schema of its table.
    pub inherits: bool,
    /// What the database holds.
    pub values: Vec<String>,
    /// The members of a Python enumeration, and what the database holds for each.
    pub members: Vec<(Value, String)>,
    pub native: bool,
    /// It is created together with a table.
    pub create: bool,
    pub constraint: bool,
    pub length: Option<i64>,
}

/// A domain.
#[derive(Clone, Debug)]
pub struct Domain {
    pub name: Name,
    pub schema: Option<Name>,
    pub create: bool,
    /// What comes after `CREATE DOMAIN name AS`.
    pub definition: String,
}

impl Enumeration {
    pub fn sql(&self, table: Option<&Name>) -> Known<String> {
        if !self.native {
            let longest = self.values.iter().map(|value| value.chars().count()).max();
            let length = match self.length {
                Some(length) => length.to_string(),
                None => longest.unwrap_or(0).to_string(),
            };
            return Ok(match length.as_str() {
                "0" => "VARCHAR".to_owned(),
                length => format!("VARCHAR({length})"),
            });
        }
        let name = self
            .name
            .as_ref()
            .ok_or_else(|| raise("CompileError", "PostgreSQL ENUM type requires a name."))?;
        Ok(name::qualified(self.place(table), name))
    }

    /// Its schema, in a table of schema `table`.
    pub fn place<'a>(&'a self, table: Option<&'a Name>) -> Option<&'a Name> {
        match self.inherits {
            true => table,
            false => self.schema.as_ref(),
        }
    }

    pub fn create_sql(&self, table: Option<&Name>) -> Known<String> {
        let values: Vec<String> = self
            .values
            .iter()
            .map(|value| literal::text(value))
            .collect();
        Ok(format!(
            "CREATE TYPE {} AS ENUM ({})",
            self.sql(table)?,
            values.join(", ")
        ))
    }

    pub fn drop_sql(&self) -> Known<String> {
        Ok(format!("DROP TYPE {}", self.sql(None)?))
    }
}

impl Domain {
    pub fn sql(&self) -> String {
        name::qualified(self.schema.as_ref(), &self.name)
    }

    pub fn create_sql(&self) -> String {
        format!("CREATE DOMAIN {} AS {}", self.sql(), self.definition)
    }

    pub fn drop_sql(&self) -> String {
        format!("DROP DOMAIN {}", self.sql())
    }
}

/// `Enum`, `ENUM` or `DOMAIN`.
pub fn make(name: &str, args: &Args, postgresql: bool) -> Option<Known<Type>> {
    match name {
        "Enum" | "ENUM" => Some(enumeration(name, args, postgresql || name == "ENUM")),
        "DOMAIN" => Some(domain(args)),
        _ => None,
    }
}

fn enumeration(call: &str, args: &Args, postgresql: bool) -> Known<Type> {
    let reader = Reader::new(call, args);
    let given = reader.rest();
    let (mut values, mut members, mut class_name) = (Vec::new(), Vec::new(), None);
    match given {
        [Value::Class(class)] => {
            class_name = Some(Name::new(class.name.to_lowercase()));
            let mut seen: Vec<Value> = Vec::new();
            for (member_name, value) in &class.attributes {
                let Value::Member(member) = value else {
                    continue;
                };
                if member.name != *member_name
                    || seen
                        .iter()
                        .any(|other| equal(other, &member.value) == Some(true))
                {
                    continue;
                }
                seen.push(member.value.clone());
                values.push(member.name.clone());
                members.push((value.clone(), member.name.clone()));
            }
        }
        [Value::Name(name)] => {
            return Err(unknown(format!("needs the application's code: {name}")));
        }
        given => {
            for value in given {
                reader::known(value)?;
                values.push(match value {
                    Value::Str(text) => text.to_string(),
                    value => text(value)?,
                });
            }
        }
    }
    if let Some(callable) = reader.set("values_callable")?
        && !members.is_empty()
    {
        let (Value::List(_) | Value::Tuple(_)) = callable else {
            return Err(unknown("needs to call values_callable"));
        };
        values = reader::items(callable)?
            .iter()
            .map(text)
            .collect::<Known<_>>()?;
        for ((_, held), value) in members.iter_mut().zip(&values) {
            held.clone_from(value);
        }
    }
    let name = match reader.option("name") {
        Some(value) => name::optional(Some(value))?,
        None => class_name,
    };
    let quote = reader.flag("quote")?;
    let schema = match (reader.option("schema"), reader.option("metadata")) {
        (Some(schema), _) => name::optional(Some(schema))?,
        (None, Some(Value::Object(object))) => match &**object {
            Object::MetaData(metadata) => metadata.schema.clone(),
            _ => None,
        },
        (None, Some(Value::Unknown(unknown))) => return Err(unknown.clone().into()),
        _ => None,
    };
    let found = Enumeration {
        name: name.map(|name| Name {
            quote: quote.or(name.quote),
            ..name
        }),
        schema,
        inherits: reader.flag("inherit_schema")?.unwrap_or(false),
        native: reader.flag("native_enum")?.unwrap_or(true) || postgresql,
        create: reader.flag("create_type")?.unwrap_or(true),
        constraint: reader.flag("create_constraint")?.unwrap_or(false),
        length: reader.integer("length")?,
        values,
        members,
    };
    reader.ignore(&[
        "validate_strings",
        "sort_key_function",
        "omit_aliases",
        "convert_unicode",
    ]);
    reader.finish()?;
    Ok(Type {
        kind: Kind::Enumeration(Rc::new(found)),
        holds: Holds::Text,
    })
}

fn domain(args: &Args) -> Known<Type> {
    let reader = Reader::new("DOMAIN", args);
    let name = reader.require_name("name")?;
    let data = of(reader.require("data_type")?)?;
    let mut parts = Vec::new();
    let collation = reader.name("collation")?;
    let collation_schema = reader.name("collation_schema")?;
    if let Some(collation) = collation {
        parts.push(format!(
            "COLLATE {}",
            name::qualified(collation_schema.as_ref(), &collation)
        ));
    }
    if let Some(value) = reader.set("default")? {
        parts.push(format!("DEFAULT {}", default::text(value)?));
    }
    if let Some(name) = reader.name("constraint_name")? {
        parts.push(format!("CONSTRAINT {}", name.sql()));
    }
    if reader.flag("not_null")?.unwrap_or(false) {
        parts.push("NOT NULL".to_owned());
    }
    if let Some(check) = reader.set("check")? {
        let check = expression::ddl(check)?;
        parts.push(format!("CHECK ({})", check.sql(&Context::ddl())?));
    }
    let found = Domain {
        name,
        schema: reader.name("schema")?,
        create: reader.flag("create_type")?.unwrap_or(true),
        definition: format!("{} {}", data.sql(None)?, parts.join(" ")),
    };
    reader.ignore(&["metadata"]);
    reader.finish()?;
    Ok(Type {
        kind: Kind::Domain(Rc::new(found)),
        holds: data.holds,
    })
}
