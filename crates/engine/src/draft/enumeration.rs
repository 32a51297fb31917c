//! Enums with other values: PostgreSQL adds some and takes none away, so that the type is made again and its columns are moved.

use super::op::Rank;
use super::restore::Restore;
use super::types::enum_access;
use super::words::{has_column, mentions, object_name, qualified};
use crate::catalog::{Column, Enum, Kind, Object, Relation};
use crate::operation::Operation;
use crate::sql::{identifier, literal};
use std::collections::BTreeSet;

/// What the type is called until nothing has it any more.
const ASIDE: &str = "_aside";

/// The longest name that PostgreSQL keeps whole, in bytes.
const LONGEST: usize = 63;

impl<'c> Restore<'c> {
    pub(super) fn alter_enum(&mut self, now: &'c Enum, then: &'c Enum) {
        let name = qualified(&then.schema, &then.name);
        if now.labels == then.labels {
            self.type_access("TYPE", &name, Some(enum_access(now)), enum_access(then));
            return;
        }
        let added: Vec<String> = now
            .labels
            .iter()
            .filter(|label| !then.labels.contains(label))
            .map(|label| literal(label))
            .collect();
        let Some(columns) = self.columns_of(now) else {
            self.miss(format!(
                "{name} without {}: PostgreSQL takes no value from an enum, and more than columns of tables uses this one; make a new type and move what uses it by hand.",
                added.join(", ")
            ));
            return;
        };
        self.miss(format!(
            "rows with {} in a column of {name}: they have no value to go back to, and the type can be made again only when there are none.",
            added.join(", ")
        ));
        let aside = format!("{}{ASIDE}", then.name);
        let create = Operation::CreateEnum {
            name: object_name(&then.schema, &then.name),
            labels: then.labels.clone(),
        };
        let mut statements = vec![
            format!("ALTER TYPE {name} RENAME TO {};", identifier(&aside)),
            create.to_string(),
        ];
        for (table, column) in columns {
            let own = identifier(&column.name);
            let alter = |what: String| {
                format!(
                    "ALTER TABLE {} ALTER COLUMN {own} {what};",
                    qualified(&table.schema, &table.name)
                )
            };
            let (text, new) = match column.type_.ends_with("[]") {
                true => ("text[]", format!("{name}[]")),
                false => ("text", name.clone()),
            };
            if column.default.is_some() {
                statements.push(alter("DROP DEFAULT".into()));
            }
            statements.push(alter(format!("TYPE {new} USING {own}::{text}::{new}")));
            if let Some(default) = &column.default {
                statements.push(alter(format!("SET DEFAULT {default}")));
            }
        }
        let drop = Operation::DropType(object_name(&then.schema, &aside));
        statements.push(drop.to_string());
        self.push_all(Rank::Column, statements);
        self.type_access("TYPE", &name, None, enum_access(then));
    }

    /// The columns of that type, where it is used by columns of tables alone, and by none on which anything stands that keeps
    /// a column's type as it is (manual, ALTER TABLE: views, policies, triggers, rules) or mentions the type.
    fn columns_of(&self, it: &Enum) -> Option<Vec<(&'c Relation, &'c Column)>> {
        let name = qualified(&it.schema, &it.name);
        let key = (it.schema.clone(), it.name.clone());
        if it.name.len() + ASIDE.len() > LONGEST {
            return None;
        }
        let has_type =
            |column: &Column| column.type_ == name || column.type_ == format!("{name}[]");
        let mut columns = Vec::new();
        let mut tables = Vec::new();
        for object in self.from.objects() {
            let Object::Table(table) = object else {
                continue;
            };
            let of_type = table.columns.iter().filter(|column| has_type(column));
            let before = columns.len();
            for column in of_type {
                if column.expression.is_some() || table.server.is_some() {
                    return None;
                }
                // A partition's column, or an heir's, goes with its parent's.
                if table.partition_bound.is_none() && !column.inherited {
                    columns.push((table, column));
                }
                tables.push((table.schema.clone(), table.name.clone()));
            }
            let has_some = columns.len() > before;
            let named: BTreeSet<&str> = table
                .columns
                .iter()
                .filter(|column| has_type(column))
                .map(|column| column.name.as_str())
                .collect();
            let triggers = table.triggers.iter().map(|one| one.definition.as_str());
            let rules = table.rules.iter().map(|one| one.definition.as_str());
            let policies = table.policies.iter().flat_map(|one| {
                [one.using.as_deref(), one.check.as_deref()]
                    .into_iter()
                    .flatten()
            });
            let mut parts = triggers.chain(rules).chain(policies);
            let on_parts = has_some && parts.any(|text| has_column(text, &named));
            let keyed = table.partition_key.is_some() && has_some;
            let texts = table
                .constraints
                .iter()
                .map(|one| &one.definition)
                .chain(table.indexes.iter().map(|one| &one.definition));
            let mentioned = texts.clone().any(|text| mentions(text).contains(&key));
            let others = table.columns.iter().filter(|column| !has_type(column));
            let in_others = others
                .filter_map(|column| column.default.as_ref().or(column.expression.as_ref()))
                .any(|text| mentions(text).contains(&key));
            if mentioned || in_others || keyed || on_parts {
                return None;
            }
        }
        let elsewhere = self.from.objects().any(|object| match object {
            // Tables were looked at above; an enum stands on nothing.
            Object::Table(_) | Object::Enum(_) => false,
            object => {
                let text = serde_json::to_string(object).unwrap_or_default();
                let found = mentions(&text.replace("\\n", " ").replace('"', " "));
                let is_view = matches!(object.kind(), Kind::View | Kind::MaterializedView);
                found.contains(&key)
                    || (is_view && tables.iter().any(|table| found.contains(table)))
            }
        });
        (!elsewhere).then_some(columns)
    }
}
