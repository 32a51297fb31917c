//! alembic_utils' entities (`alembic_utils.pg_function.PGFunction` and the like), as its operations write them.

use super::Object;
use super::reader::{self, Reader};
use super::trouble::{Known, raise, unknown};
use crate::value::{Args, Value};

/// A function, view, trigger, extension or policy.
#[derive(Clone, Debug)]
pub struct Entity {
    kind: Kind,
    schema: String,
    signature: String,
    /// What follows, with the escapes of a `text()`.
    definition: String,
    /// The table of a trigger or policy, with its schema.
    on: String,
    /// A trigger's `is_constraint`, a materialized view's `with_data`.
    flag: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Function,
    View,
    MaterializedView,
    Trigger,
    Extension,
    Policy,
}

/// What an operation does with an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Create,
    Replace,
    Drop { cascade: bool },
}

/// Calls one of alembic_utils' classes.
pub fn make(name: &str, args: &Args) -> Known<Value> {
    let class = name.rsplit('.').next().unwrap_or_default();
    let kind = match class {
        "PGFunction" => Kind::Function,
        "PGView" => Kind::View,
        "PGMaterializedView" => Kind::MaterializedView,
        "PGTrigger" => Kind::Trigger,
        "PGExtension" => Kind::Extension,
        "PGPolicy" => Kind::Policy,
        _ => return Err(unknown(format!("{name} is not known to Cofferdam"))),
    };
    let reader = Reader::new(class, args);
    let plain = |name: &str| -> Known<String> { reader::text(reader.require(name)?) };
    let schema = unquoted(&one_spaced(&plain("schema")?));
    let signature = unquoted(&one_spaced(&plain("signature")?));
    let definition = match kind {
        Kind::Extension => String::new(),
        _ => ended(&plain("definition")?).to_owned(),
    };
    let definition = match kind {
        Kind::Function => {
            let words = one_spaced(&definition).to_lowercase().replace('\'', "");
            escaped(&definition, words.contains("language plpgsql"))
        }
        Kind::Trigger | Kind::Policy => escaped(&definition, false),
        _ => definition,
    };
    let on = match kind {
        Kind::Trigger | Kind::Policy => {
            let on = plain("on_entity")?;
            match on.contains('.') {
                true => unquoted(&on),
                false => format!("public.{}", unquoted(&on)),
            }
        }
        _ => String::new(),
    };
    let flag = |name: &str, standard: bool| -> Known<bool> {
        let given = reader.take(name).map(reader::truth).transpose()?;
        Ok(given.unwrap_or(standard))
    };
    let flag = match kind {
        Kind::Trigger => flag("is_constraint", false)?,
        Kind::MaterializedView => flag("with_data", true)?,
        _ => false,
    };
    reader.finish()?;
    Ok(Value::object(Object::Entity(Entity {
        kind,
        schema,
        signature,
        definition,
        on,
        flag,
    })))
}

impl Entity {
    /// The texts that an operation executes.
    pub fn texts(&self, action: Action) -> Known<Vec<String>> {
        let name = format!("{}.\"{}\"", quoted(&self.schema), self.signature);
        let Entity {
            signature,
            definition,
            on,
            ..
        } = self;
        let data = if self.flag { "" } else { "NO" };
        let cascade = match action {
            Action::Drop { cascade: true } => "cascade",
            _ => "",
        };
        Ok(match (self.kind, action) {
            (Kind::Function, Action::Drop { .. }) => vec![format!(
                "DROP FUNCTION {} {cascade}",
                self.function_in_drop()?
            )],
            (Kind::Function, _) => {
                let replace = match action {
                    Action::Replace => " OR REPLACE",
                    _ => "",
                };
                let Some((function, rest)) = signature.split_once('(') else {
                    return Err(raise("ValueError", "the signature has no parentheses"));
                };
                vec![format!(
                    "CREATE{replace} FUNCTION {}.\"{}\"({rest} {definition}",
                    quoted(&self.schema),
                    function.trim()
                )]
            }
            (Kind::View, Action::Create) => vec![format!("CREATE VIEW {name} AS {definition};")],
            (Kind::View, Action::Drop { .. }) => vec![format!("DROP VIEW {name} {cascade}")],
            (Kind::View, Action::Replace) => vec![format!(
                "do $$
            begin
                CREATE OR REPLACE VIEW {name} AS {definition};

            exception when others then
                DROP VIEW IF EXISTS {name};

                CREATE VIEW {name} AS {definition};
            end;
        $$ language 'plpgsql'"
            )],
            (Kind::MaterializedView, Action::Drop { .. }) => {
                vec![format!("DROP MATERIALIZED VIEW {name} {cascade}")]
            }
            (Kind::MaterializedView, _) => {
                let create =
                    format!("CREATE MATERIALIZED VIEW {name} AS {definition} WITH {data} DATA");
                match action {
                    Action::Replace => {
                        vec![format!("DROP MATERIALIZED VIEW IF EXISTS {name}"), create]
                    }
                    _ => vec![create],
                }
            }
            (Kind::Trigger, Action::Create) => vec![self.trigger()?],
            (Kind::Trigger, Action::Replace) => vec![
                format!("DROP TRIGGER IF EXISTS \"{signature}\" ON {on}"),
                self.trigger()?,
            ],
            (Kind::Trigger, Action::Drop { .. }) => {
                vec![format!("DROP TRIGGER \"{signature}\" ON {on} {cascade}")]
            }
            (Kind::Extension, Action::Create) => vec![format!(
                "CREATE EXTENSION \"{signature}\" WITH SCHEMA {}",
                quoted(&self.schema)
            )],
            (Kind::Extension, Action::Replace) => {
                return Err(raise("NotImplementedError", "an extension is not replaced"));
            }
            (Kind::Extension, Action::Drop { .. }) => vec![format!(
                "DROP EXTENSION \"{signature}\" {}",
                cascade.to_uppercase()
            )],
            (Kind::Policy, Action::Create) => {
                vec![format!("CREATE POLICY {signature} on {on} {definition}")]
            }
            (Kind::Policy, Action::Replace) => vec![
                format!("DROP POLICY IF EXISTS {signature} on {on}"),
                format!("CREATE POLICY {signature} on {on} {definition}"),
            ],
            (Kind::Policy, Action::Drop { .. }) => {
                vec![format!("DROP POLICY {signature} on {on} {cascade}")]
            }
        })
    }

    /// A function's name and parameters without their defaults.
    fn function_in_drop(&self) -> Known<String> {
        let parts = self.signature.strip_suffix(')');
        let Some((name, parameters)) = parts.and_then(|parts| parts.split_once('(')) else {
            return Err(unknown(
                "PGFunction with such a signature is not known to Cofferdam",
            ));
        };
        let parameters: Vec<&str> = parameters
            .split(',')
            .map(|parameter| {
                let length = parameter.to_ascii_lowercase().find("default");
                parameter[..length.unwrap_or(parameter.len())].trim()
            })
            .collect();
        Ok(format!(
            "{}.\"{}\"({})",
            quoted(&self.schema),
            name.trim(),
            parameters.join(", ")
        ))
    }

    /// CREATE TRIGGER; the table in the definition is put in the schema of the trigger.
    fn trigger(&self) -> Known<String> {
        let odd = || unknown("PGTrigger with such a definition is not known to Cofferdam");
        let mut words = words(&self.definition);
        let on = words
            .by_ref()
            .find(|(at, word)| *at > 0 && word.eq_ignore_ascii_case("on"));
        let (at, _) = on.ok_or_else(odd)?;
        let (_, table) = words.next().ok_or_else(odd)?;
        let (rest, _) = words.next().ok_or_else(odd)?;
        let table = table.split_once('.').map_or(table, |(_, table)| table);
        let constraint = if self.flag { "CONSTRAINT " } else { "" };
        Ok(format!(
            "CREATE {constraint}TRIGGER \"{}\" {} ON {}.{table} {}",
            self.signature,
            self.definition[..at].trim_end(),
            self.schema,
            &self.definition[rest..]
        ))
    }
}

/// The words of a text, each with its place.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive(char::is_whitespace)
        .scan(0, |at, word| {
            let place = *at;
            *at += word.len();
            Some((place, word.trim_end()))
        })
        .filter(|(_, word)| !word.is_empty())
}

fn one_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unquoted(text: &str) -> String {
    text.replace('"', "")
}

/// Without the `;` at its end.
fn ended(sql: &str) -> &str {
    sql.trim().trim_end_matches(';').trim()
}

fn quoted(name: &str) -> String {
    match name.split_once('.') {
        Some((schema, name)) => format!("\"{schema}\".\"{name}\""),
        None => format!("\"{name}\""),
    }
}

/// With a backslash before each colon that `text()` would read.
fn escaped(sql: &str, is_plpgsql: bool) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let kept = ["::", ":=", "\\:"]
            .into_iter()
            .find(|kept| rest.starts_with(kept) && (is_plpgsql || *kept == "::"));
        let length = match (kept, c) {
            (Some(kept), _) => kept.len(),
            (None, ':') => {
                out.push('\\');
                1
            }
            (None, c) => c.len_utf8(),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}
