//! Changes of tables, indexes and comments.

use super::cursor::{Cursor, Qualified};
use super::table::{Column, constraint, schema};
use super::{Names, kind, list, sql_text, text};

type Call = (&'static str, Vec<String>);

/// `ALTER TABLE` from after these words.
pub fn alter_table(mut at: Cursor<'_>, names: &Names) -> Option<Call> {
    let table = at.qualified()?;
    let named = |mut arguments: Vec<String>| {
        arguments.extend(schema("schema", &table));
        arguments
    };
    if at.eat("rename to") {
        let to = at.only_name()?;
        return Some(("op.rename_table", named(vec![text(&table.name), text(&to)])));
    }
    if at.eat("rename") {
        let from = at.name()?;
        at.eat("to").then_some(())?;
        let change = format!("new_column_name={}", text(&at.only_name()?));
        return Some(alter_column(&table, &from, vec![change]));
    }
    if at.eat("add column") {
        let is_optional = at.eat("if not exists");
        let mut arguments = named(vec![text(&table.name), Column::read(at)?.written(&[])]);
        arguments.extend(is_optional.then(|| "if_not_exists=True".into()));
        return Some(("op.add_column", arguments));
    }
    if at.eat("drop column") {
        let is_optional = at.eat("if exists");
        let mut arguments = named(vec![text(&table.name), text(&at.only_name()?)]);
        arguments.extend(is_optional.then(|| "if_exists=True".into()));
        return Some(("op.drop_column", arguments));
    }
    if at.eat("drop constraint") {
        let is_optional = at.eat("if exists");
        let name = names.constraint(&at.only_name()?);
        let mut arguments = named(vec![name, text(&table.name)]);
        arguments.extend(is_optional.then(|| "if_exists=True".into()));
        return Some(("op.drop_constraint", arguments));
    }
    if at.eat("add") {
        return constraint(at, names)?.added(&table, names);
    }
    at.eat("alter column").then_some(())?;
    let column = at.name()?;
    let change = if at.eat("set not null") {
        vec!["nullable=False".to_owned()]
    } else if at.eat("drop not null") {
        vec!["nullable=True".to_owned()]
    } else if at.eat("drop default") {
        vec!["server_default=None".to_owned()]
    } else if at.eat("set default") {
        vec![format!(
            "server_default={}",
            sql_text(at.until(&[]).source())
        )]
    } else if at.eat("type") {
        let mut changes = vec![format!("type_={}", kind::of(&at.until(&["using"]))?)];
        if at.eat("using") {
            changes.push(format!("postgresql_using={}", text(at.until(&[]).source())));
        }
        changes
    } else {
        return None;
    };
    at.is_end().then(|| alter_column(&table, &column, change))
}

fn alter_column(table: &Qualified, column: &str, changes: Vec<String>) -> Call {
    let mut arguments = vec![text(&table.name), text(column)];
    arguments.extend(changes);
    arguments.extend(schema("schema", table));
    ("op.alter_column", arguments)
}

/// `DROP TABLE` from after these words.
pub fn drop_table(mut at: Cursor<'_>) -> Option<Call> {
    let is_optional = at.eat("if exists");
    let table = at.qualified()?;
    let mut arguments = vec![text(&table.name)];
    arguments.extend(schema("schema", &table));
    arguments.extend(is_optional.then(|| "if_exists=True".into()));
    at.is_end().then_some(("op.drop_table", arguments))
}

/// `CREATE INDEX` or `CREATE UNIQUE INDEX` from after `CREATE`.
pub fn create_index(mut at: Cursor<'_>, names: &Names) -> Option<Call> {
    let is_unique = at.eat("unique");
    at.eat("index").then_some(())?;
    let is_concurrent = at.eat("concurrently");
    let is_optional = at.eat("if not exists");
    let name = at.name()?;
    at.eat("on").then_some(())?;
    let table = at.qualified()?;
    let method = match at.eat("using") {
        true => Some(at.name()?),
        false => None,
    };
    let columns = at.parenthesised()?.list();
    let columns = columns
        .into_iter()
        .map(|column| match column.clone().only_name() {
            Some(name) => text(&name),
            None => sql_text(column.source()),
        });
    let columns: Vec<String> = columns.collect();
    let columns = format!("[{}]", columns.join(", "));
    let mut arguments = vec![names.constraint(&name), text(&table.name), columns];
    arguments.extend(schema("schema", &table));
    arguments.extend(is_unique.then(|| "unique=True".into()));
    arguments.extend(method.map(|method| format!("postgresql_using={}", text(&method))));
    if at.eat("include") {
        arguments.push(format!("postgresql_include={}", list(&at.names()?)));
    }
    if at.eat("nulls not distinct") {
        arguments.push("postgresql_nulls_not_distinct=True".into());
    }
    if at.eat("where") {
        let expression = sql_text(at.until(&[]).source());
        arguments.push(format!("postgresql_where={expression}"));
    }
    arguments.extend(is_concurrent.then(|| "postgresql_concurrently=True".into()));
    arguments.extend(is_optional.then(|| "if_not_exists=True".into()));
    at.is_end().then_some(("op.create_index", arguments))
}

/// `DROP INDEX` from after these words.
pub fn drop_index(mut at: Cursor<'_>, names: &Names) -> Option<Call> {
    let is_concurrent = at.eat("concurrently");
    let is_optional = at.eat("if exists");
    let index = at.qualified()?;
    let mut arguments = vec![names.constraint(&index.name)];
    arguments.extend(schema("schema", &index));
    arguments.extend(is_concurrent.then(|| "postgresql_concurrently=True".into()));
    arguments.extend(is_optional.then(|| "if_exists=True".into()));
    at.is_end().then_some(("op.drop_index", arguments))
}

/// `COMMENT ON` from after these words.
pub fn comment(mut at: Cursor<'_>) -> Option<Call> {
    if at.eat("table") {
        let table = at.qualified()?;
        at.eat("is").then_some(())?;
        let comment = said(&mut at)?;
        let mut arguments = vec![text(&table.name)];
        arguments.extend(comment.iter().map(|comment| text(comment)));
        arguments.extend(schema("schema", &table));
        let operation = match comment {
            Some(_) => "op.create_table_comment",
            None => "op.drop_table_comment",
        };
        return Some((operation, arguments));
    }
    at.eat("column").then_some(())?;
    let first = at.qualified()?;
    let (table, column) = match at.eat(".") {
        true => (first, at.name()?),
        false => {
            let name = first.schema?;
            let table = Qualified { schema: None, name };
            (table, first.name)
        }
    };
    at.eat("is").then_some(())?;
    let change = match said(&mut at)? {
        Some(comment) => format!("comment={}", text(&comment)),
        None => "comment=None".into(),
    };
    Some(alter_column(&table, &column, vec![change]))
}

/// What a comment says; `Some(None)` where it is taken away.
fn said(at: &mut Cursor<'_>) -> Option<Option<String>> {
    let comment = match at.eat("null") {
        true => None,
        false => Some(at.string()?),
    };
    at.is_end().then_some(comment)
}
