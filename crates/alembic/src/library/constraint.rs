//! Constraints (`sqlalchemy.sql.schema`, `sqlalchemy.dialects.postgresql.ext.ExcludeConstraint`).

mod reference;

pub use reference::{ForeignKey, Reference};

use super::expression::{self, Context, E, Node};
use super::name::{self, Name};
use super::naming::{self, Parts};
use super::reader::{self, Reader};
use super::trouble::{Known, raise, unknown};
use crate::settings::Settings;
use crate::value::{Args, Value};

/// What every constraint can have.
#[derive(Clone, Debug, Default)]
pub struct Common {
    pub name: Option<Name>,
    pub deferrable: Option<bool>,
    pub initially: Option<String>,
}

/// A constraint of a table.
#[derive(Clone, Debug)]
pub enum Constraint {
    Primary {
        common: Common,
        columns: Vec<Name>,
        include: Vec<Name>,
    },
    Unique {
        common: Common,
        columns: Vec<Name>,
        include: Vec<Name>,
        nulls_not_distinct: Option<bool>,
    },
    Foreign {
        common: Common,
        columns: Vec<Name>,
        reference: Reference,
    },
    Check {
        common: Common,
        condition: E,
        not_valid: bool,
    },
    Exclude {
        common: Common,
        elements: Vec<(E, String)>,
        using: String,
        condition: Option<E>,
        classes: Vec<(String, String)>,
    },
}

impl Common {
    pub fn read(reader: &Reader<'_>) -> Known<Self> {
        Ok(Common {
            name: reader.name("name")?,
            deferrable: reader.flag("deferrable")?,
            initially: reader.text("initially")?.map(phrase).transpose()?,
        })
    }

    fn end(&self) -> String {
        let mut sql = match self.deferrable {
            Some(true) => " DEFERRABLE".to_owned(),
            Some(false) => " NOT DEFERRABLE".to_owned(),
            None => String::new(),
        };
        if let Some(initially) = &self.initially {
            sql.push_str(&format!(" INITIALLY {initially}"));
        }
        sql
    }
}

/// Words that SQLAlchemy lets through.
fn phrase(text: String) -> Known<String> {
    let fits = text.chars().all(|c| {
        c.is_alphanumeric() || c == '_' || c.is_whitespace() || matches!(c, '(' | ')' | ',' | '"')
    });
    match fits && !text.is_empty() {
        true => Ok(text),
        false => Err(raise(
            "CompileError",
            format!("Unexpected SQL phrase: {text:?}"),
        )),
    }
}

/// The constraint that one of SQLAlchemy's classes makes; none where `name` is none of those here.
pub fn make(name: &str, args: &Args) -> Option<Known<Constraint>> {
    let reader = Reader::new(name, args);
    let made = match name {
        "PrimaryKeyConstraint" => primary(&reader),
        "UniqueConstraint" => unique(&reader),
        "CheckConstraint" => check(&reader),
        "ForeignKeyConstraint" => foreign(&reader),
        "ExcludeConstraint" => exclude(&reader),
        _ => return None,
    };
    Some(made.and_then(|made| {
        reader.ignore(&["info", "comment", "_create_rule", "_type_bound"]);
        reader.finish()?;
        Ok(made)
    }))
}

fn columns(reader: &Reader<'_>) -> Known<Vec<Name>> {
    reader.rest().iter().map(expression::method::key).collect()
}

fn include(reader: &Reader<'_>) -> Known<Vec<Name>> {
    Ok(reader
        .set("postgresql_include")?
        .map(reader::names)
        .transpose()?
        .unwrap_or_default())
}

fn primary(reader: &Reader<'_>) -> Known<Constraint> {
    Ok(Constraint::Primary {
        columns: columns(reader)?,
        common: Common::read(reader)?,
        include: include(reader)?,
    })
}

fn unique(reader: &Reader<'_>) -> Known<Constraint> {
    Ok(Constraint::Unique {
        columns: columns(reader)?,
        common: Common::read(reader)?,
        include: include(reader)?,
        nulls_not_distinct: reader.exact_flag("postgresql_nulls_not_distinct")?,
    })
}

fn check(reader: &Reader<'_>) -> Known<Constraint> {
    let condition = expression::ddl(reader.require("sqltext")?)?;
    let name = name::optional(reader.take("name"))?;
    let common = Common::read(reader)?;
    Ok(Constraint::Check {
        condition,
        common: Common {
            name: common.name.or(name),
            ..common
        },
        not_valid: reader.flag("postgresql_not_valid")?.unwrap_or(false),
    })
}

fn foreign(reader: &Reader<'_>) -> Known<Constraint> {
    let columns = reader::items(reader.require("columns")?)?;
    let targets = reader::items(reader.require("refcolumns")?)?;
    let name = name::optional(reader.take("name"))?;
    let mut reference = Reference::read(reader)?;
    for target in &targets {
        reference.to(target)?;
    }
    let common = Common::read(reader)?;
    reader.ignore(&["link_to_name", "table"]);
    Ok(Constraint::Foreign {
        columns: columns
            .iter()
            .map(expression::method::key)
            .collect::<Known<_>>()?,
        common: Common {
            name: common.name.or(name),
            ..common
        },
        reference,
    })
}

fn exclude(reader: &Reader<'_>) -> Known<Constraint> {
    let elements = reader.rest();
    exclude_of(reader, elements)
}

/// An exclusion constraint of elements: pairs of a column or an expression, and an operator.
pub fn exclude_of(reader: &Reader<'_>, elements: &[Value]) -> Known<Constraint> {
    let mut pairs = Vec::new();
    for element in elements {
        match reader::items(element)?.as_slice() {
            [what, operator] => pairs.push((expression::named(what)?, reader::text(operator)?)),
            _ => return Err(unknown("an exclusion constraint needs pairs")),
        }
    }
    let common = Common::read(reader)?;
    let using = reader
        .text("using")?
        .unwrap_or_else(|| "gist".to_owned())
        .to_lowercase();
    let condition = match reader.option("where") {
        None | Some(Value::None) => None,
        Some(value) => Some(expression::ddl(value)?),
    };
    let classes = match reader.set("ops")? {
        None => Vec::new(),
        Some(value) => classes(value)?,
    };
    Ok(Constraint::Exclude {
        common,
        elements: pairs,
        using,
        condition,
        classes,
    })
}

/// Operator classes by the keys of their columns.
pub fn classes(value: &Value) -> Known<Vec<(String, String)>> {
    reader::pairs(value)?
        .iter()
        .map(|(key, class)| Ok((reader::text(key)?, reader::text(class)?)))
        .collect()
}

/// The key by which an expression finds its operator class.
pub fn class_of<'a>(expression: &E, classes: &'a [(String, String)]) -> Option<&'a str> {
    let key = match &expression.node {
        Node::Column { name, .. } | Node::Label { name, .. } => name.text.clone(),
        Node::Text(text) => text.sql.clone(),
        Node::Verbatim(text) => text.clone(),
        _ => return None,
    };
    classes
        .iter()
        .find(|(known, _)| **known == *key)
        .map(|(_, class)| class.as_str())
}

impl Constraint {
    pub fn common(&self) -> &Common {
        match self {
            Constraint::Primary { common, .. }
            | Constraint::Unique { common, .. }
            | Constraint::Foreign { common, .. }
            | Constraint::Check { common, .. }
            | Constraint::Exclude { common, .. } => common,
        }
    }

    pub fn common_mut(&mut self) -> &mut Common {
        match self {
            Constraint::Primary { common, .. }
            | Constraint::Unique { common, .. }
            | Constraint::Foreign { common, .. }
            | Constraint::Check { common, .. }
            | Constraint::Exclude { common, .. } => common,
        }
    }

    /// Its key in a naming convention.
    fn prefix(&self) -> &'static str {
        match self {
            Constraint::Primary { .. } => "pk",
            Constraint::Unique { .. } => "uq",
            Constraint::Foreign { .. } => "fk",
            Constraint::Check { .. } => "ck",
            Constraint::Exclude { .. } => "",
        }
    }

    /// Its columns by name.
    pub fn columns(&self) -> Vec<Name> {
        match self {
            Constraint::Primary { columns, .. }
            | Constraint::Unique { columns, .. }
            | Constraint::Foreign { columns, .. } => columns.clone(),
            Constraint::Check { condition, .. } => {
                let mut found = Vec::new();
                named_columns(condition, &mut found);
                found
            }
            Constraint::Exclude { elements, .. } => {
                let mut found = Vec::new();
                for (element, _) in elements {
                    named_columns(element, &mut found);
                }
                found
            }
        }
    }

    /// The table that a foreign key refers to.
    pub fn referred(&self) -> Option<(&Option<Name>, &Name)> {
        match self {
            Constraint::Foreign { reference, .. } => Some((&reference.schema, &reference.table)),
            _ => None,
        }
    }

    /// The columns that a foreign key refers to.
    pub fn referred_columns(&self) -> &[Name] {
        match self {
            Constraint::Foreign { reference, .. } => &reference.columns,
            _ => &[],
        }
    }

    /// Changes the keys of columns into their names.
    pub fn rename(&mut self, name: impl Fn(&Name) -> Known<Name>) -> Known<()> {
        if let Constraint::Primary { columns, .. }
        | Constraint::Unique { columns, .. }
        | Constraint::Foreign { columns, .. } = self
        {
            for column in columns {
                *column = name(column)?;
            }
        }
        Ok(())
    }

    /// The name that it gets in a table.
    pub fn named(&self, settings: &Settings, parts: &Parts) -> Known<Option<Name>> {
        let mut parts = parts.clone();
        parts.columns = self
            .columns()
            .iter()
            .map(|name| (name.text.to_string(), name.text.to_string()))
            .collect();
        if let Constraint::Foreign { reference, .. } = self {
            parts.referred_table = reference.table.text.to_string();
            parts.referred_columns = reference
                .columns
                .iter()
                .map(|name| name.text.to_string())
                .collect();
        }
        match self.prefix() {
            "" => Ok(self.common().name.clone()),
            prefix => naming::name(settings, prefix, self.common().name.as_ref(), &parts),
        }
    }

    /// As it stands in CREATE TABLE or after ADD.
    pub fn sql(&self, settings: &Settings, parts: &Parts) -> Known<String> {
        let mut sql = match self.named(settings, parts)? {
            Some(name) => format!("CONSTRAINT {} ", naming::sql(&name)?),
            None => String::new(),
        };
        let list = |names: &[Name]| names.iter().map(Name::sql).collect::<Vec<_>>().join(", ");
        let include = |names: &[Name]| match names.is_empty() {
            true => String::new(),
            false => format!(" INCLUDE ({})", list(names)),
        };
        match self {
            Constraint::Primary {
                common,
                columns,
                include: more,
            } => sql.push_str(&format!(
                "PRIMARY KEY ({}){}{}",
                list(columns),
                include(more),
                common.end()
            )),
            Constraint::Unique {
                common,
                columns,
                include: more,
                nulls_not_distinct,
            } => {
                let nulls = match nulls_not_distinct {
                    Some(true) => "NULLS NOT DISTINCT ",
                    Some(false) => "NULLS DISTINCT ",
                    None => "",
                };
                sql.push_str(&format!(
                    "UNIQUE {nulls}({}){}{}",
                    list(columns),
                    include(more),
                    common.end()
                ));
            }
            Constraint::Foreign {
                common,
                columns,
                reference,
            } => {
                sql.push_str(&format!(
                    "FOREIGN KEY({}) {}",
                    list(columns),
                    reference.sql(common)
                ));
                if reference.not_valid {
                    sql.push_str(" NOT VALID");
                }
            }
            Constraint::Check {
                common,
                condition,
                not_valid,
            } => {
                sql.push_str(&format!(
                    "CHECK ({}){}",
                    condition.sql(&Context::ddl())?,
                    common.end()
                ));
                if *not_valid {
                    sql.push_str(" NOT VALID");
                }
            }
            Constraint::Exclude {
                common,
                elements,
                using,
                condition,
                classes,
            } => {
                let mut parts = Vec::new();
                for (element, operator) in elements {
                    let class = class_of(element, classes)
                        .map(|class| format!(" {class}"))
                        .unwrap_or_default();
                    parts.push(format!(
                        "{}{class} WITH {operator}",
                        element.sql(&Context::ddl())?
                    ));
                }
                sql.push_str(&format!("EXCLUDE USING {using} ({})", parts.join(", ")));
                if let Some(condition) = condition {
                    sql.push_str(&format!(" WHERE ({})", condition.sql(&Context::ddl())?));
                }
                sql.push_str(&common.end());
            }
        }
        Ok(sql)
    }
}

/// The columns in an expression, by name.
pub fn named_columns(expression: &E, found: &mut Vec<Name>) {
    if let Node::Column { name, .. } = &expression.node {
        found.push(name.clone());
    }
    for child in expression::children(&expression.node) {
        named_columns(child, found);
    }
}

/// The CHECK of an enumeration that is no type of the database.
pub fn of_values(column: &Name, values: &[String], name: Option<&Name>) -> Known<Constraint> {
    let values: Vec<String> = values
        .iter()
        .map(|value| super::literal::text(value))
        .collect();
    let sql = format!("{} IN ({})", column.sql(), values.join(", "));
    Ok(Constraint::Check {
        common: Common {
            name: name.cloned(),
            ..Common::default()
        },
        condition: expression::Expression::new(Node::Verbatim(sql.into()))?,
        not_valid: false,
    })
}
