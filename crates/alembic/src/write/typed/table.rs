//! Tables, their columns and constraints.

use super::cursor::{Cursor, Qualified};
use super::{Names, kind, list, text};

/// `CREATE TABLE` from after these words.
pub fn create(mut at: Cursor<'_>, names: &Names) -> Option<Vec<String>> {
    let is_optional = at.eat("if not exists");
    let table = at.qualified()?;
    let items = at.parenthesised()?.list();
    if !at.is_end() {
        return None;
    }
    let key = items.iter().find_map(|item| primary_key(item.clone()));
    let key = key.unwrap_or_default();
    let mut arguments = vec![text(&table.name)];
    for item in items {
        let argument = match constraint(item.clone(), names) {
            Some(constraint) => constraint.inside(names),
            None => Column::read(item)?.written(&key),
        };
        arguments.push(argument);
    }
    arguments.extend(schema("schema", &table));
    if is_optional {
        arguments.push("if_not_exists=True".into());
    }
    Some(arguments)
}

/// `schema="…"`, where there is one.
pub fn schema(key: &str, table: &Qualified) -> Option<String> {
    let schema = table.schema.as_ref()?;
    Some(format!("{key}={}", text(schema)))
}

/// The columns of a table's primary key.
fn primary_key(mut item: Cursor<'_>) -> Option<Vec<String>> {
    if item.eat("constraint") {
        item.name()?;
    }
    item.eat("primary key").then(|| item.names()).flatten()
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    name: String,
    kind: String,
    is_serial: bool,
    default: Option<String>,
    is_nullable: bool,
}

impl Column {
    pub fn read(mut at: Cursor<'_>) -> Option<Self> {
        let name = at.name()?;
        let stops = [
            "default",
            "not null",
            "generated",
            "collate",
            "primary",
            "unique",
            "references",
            "check",
            "constraint",
            "null",
        ];
        let found = at.until(&stops);
        let default = at.eat("default").then(|| at.until(&["not null"]));
        let is_nullable = !at.eat("not null");
        at.is_end().then_some(())?;
        Some(Column {
            name,
            kind: kind::of(&found)?,
            is_serial: found.words().ends_with("serial"),
            default: default.map(|expression| super::sql_text(expression.source())),
            is_nullable,
        })
    }

    /// `sa.Column(…)` in a table whose primary key is `key`.
    pub fn written(&self, key: &[String]) -> String {
        let mut arguments = vec![text(&self.name), self.kind.clone()];
        if let Some(default) = &self.default {
            arguments.push(format!("server_default={default}"));
        }
        // SQLAlchemy makes a serial of the key's integer column unless it is told not to.
        let is_integer = self.kind.ends_with("Integer()") && self.default.is_none();
        if self.is_serial || (is_integer && key.contains(&self.name)) {
            let word = if self.is_serial { "True" } else { "False" };
            arguments.push(format!("autoincrement={word}"));
        }
        let word = if self.is_nullable { "True" } else { "False" };
        arguments.push(format!("nullable={word}"));
        format!("sa.Column({})", arguments.join(", "))
    }
}

/// A constraint of a table.
#[derive(Clone, Debug)]
pub struct Constraint {
    name: Option<String>,
    rule: Rule,
    options: Vec<String>,
}

#[derive(Clone, Debug)]
enum Rule {
    PrimaryKey(Vec<String>),
    Unique(Vec<String>),
    Check(String),
    ForeignKey {
        columns: Vec<String>,
        table: Qualified,
        referenced: Vec<String>,
    },
}

/// Reads a constraint of a table.
pub fn constraint(mut at: Cursor<'_>, _names: &Names) -> Option<Constraint> {
    let name = match at.eat("constraint") {
        true => Some(at.name()?),
        false => None,
    };
    let rule = if at.eat("primary key") {
        Rule::PrimaryKey(at.names()?)
    } else if at.eat("unique") {
        Rule::Unique(at.names()?)
    } else if at.eat("check") {
        Rule::Check(super::bind::escape(at.parenthesised()?.source()))
    } else if at.eat("foreign key") {
        let columns = at.names()?;
        at.eat("references").then_some(())?;
        Rule::ForeignKey {
            columns,
            table: at.qualified()?,
            referenced: at.names()?,
        }
    } else {
        return None;
    };
    let mut options = Vec::new();
    while !at.is_end() {
        options.push(option(&mut at)?);
    }
    Some(Constraint {
        name,
        rule,
        options,
    })
}

fn option(at: &mut Cursor<'_>) -> Option<String> {
    for (words, key) in [("on delete", "ondelete"), ("on update", "onupdate")] {
        if at.eat(words) {
            let actions = [
                "CASCADE",
                "RESTRICT",
                "SET NULL",
                "SET DEFAULT",
                "NO ACTION",
            ];
            let action = actions.iter().find(|action| at.eat(action))?;
            return Some(format!("{key}=\"{action}\""));
        }
    }
    Some(
        if at.eat("deferrable") {
            "deferrable=True"
        } else if at.eat("not deferrable") {
            "deferrable=False"
        } else if at.eat("initially deferred") {
            "initially=\"DEFERRED\""
        } else if at.eat("initially immediate") {
            "initially=\"IMMEDIATE\""
        } else if at.eat("not valid") {
            "postgresql_not_valid=True"
        } else {
            return None;
        }
        .to_owned(),
    )
}

impl Constraint {
    /// As an argument of `op.create_table()`.
    fn inside(&self, names: &Names) -> String {
        let (class, mut arguments) = match &self.rule {
            Rule::PrimaryKey(columns) => ("PrimaryKey", texts(columns)),
            Rule::Unique(columns) => ("Unique", texts(columns)),
            Rule::Check(expression) => ("Check", vec![text(expression)]),
            Rule::ForeignKey {
                columns,
                table,
                referenced,
            } => {
                let schema = table.schema.iter();
                let path: Vec<&str> = schema.chain([&table.name]).map(String::as_str).collect();
                let path = path.join(".");
                let referenced = referenced.iter().map(|column| format!("{path}.{column}"));
                let referenced: Vec<String> = referenced.collect();
                ("ForeignKey", vec![list(columns), list(&referenced)])
            }
        };
        let name = self.name.iter();
        arguments.extend(name.map(|name| format!("name={}", names.constraint(name))));
        arguments.extend(self.options.iter().cloned());
        format!("sa.{class}Constraint({})", arguments.join(", "))
    }

    /// The operation that adds it to a table.
    pub fn added(&self, table: &Qualified, names: &Names) -> Option<(&'static str, Vec<String>)> {
        let name = names.constraint(self.name.as_ref()?);
        let named = text(&table.name);
        let (operation, mut arguments) = match &self.rule {
            Rule::PrimaryKey(columns) => {
                ("op.create_primary_key", vec![name, named, list(columns)])
            }
            Rule::Unique(columns) => (
                "op.create_unique_constraint",
                vec![name, named, list(columns)],
            ),
            Rule::Check(expression) => (
                "op.create_check_constraint",
                vec![name, named, text(expression)],
            ),
            Rule::ForeignKey {
                columns,
                table: other,
                referenced,
            } => {
                let arguments = vec![
                    name,
                    named,
                    text(&other.name),
                    list(columns),
                    list(referenced),
                ];
                ("op.create_foreign_key", arguments)
            }
        };
        arguments.extend(self.options.iter().cloned());
        match &self.rule {
            Rule::ForeignKey { table: other, .. } => {
                arguments.extend(schema("source_schema", table));
                arguments.extend(schema("referent_schema", other));
            }
            _ => arguments.extend(schema("schema", table)),
        }
        Some((operation, arguments))
    }
}

fn texts(items: &[String]) -> Vec<String> {
    items.iter().map(|item| text(item)).collect()
}
