//! Columns: made, dropped, changed.

use super::access::{Access, Grantable, Subject};
use super::op::Rank;
use super::relation::foreign_options;
use super::restore::Restore;
use super::words::{object_name, qualified};
use crate::catalog::{Column, Relation};
use crate::operation::{Operation, ident};
use crate::sql::identifier;
use sqlparser::ast::AlterColumnOperation;
use std::collections::BTreeSet;

impl<'c> Restore<'c> {
    /// A column as CREATE TABLE and ADD COLUMN have it. `options` are a foreign table's.
    pub(super) fn column_definition(
        &self,
        table: &Relation,
        column: &Column,
        options: &str,
    ) -> String {
        let mut text = format!("{} {}{options}", identifier(&column.name), column.type_);
        if let Some(collation) = &column.collation {
            text.push_str(&format!(" COLLATE {collation}"));
        }
        if let Some(expression) = &column.expression {
            let kind = column.generated.as_deref().unwrap_or("stored");
            text.push_str(&format!(
                " GENERATED ALWAYS AS ({expression}) {}",
                kind.to_ascii_uppercase()
            ));
        }
        if let Some(identity) = &column.identity {
            text.push_str(&format!(
                " GENERATED {} AS IDENTITY{}",
                identity.to_ascii_uppercase(),
                self.identity_options(table, column)
            ));
        }
        if let Some(default) = &column.default {
            text.push_str(&format!(" DEFAULT {default}"));
        }
        if column.not_null {
            let wanted = format!("NOT NULL {}", identifier(&column.name));
            let named = table
                .constraints
                .iter()
                .find(|one| one.type_ == "not null" && one.definition == wanted);
            match named {
                Some(one) => {
                    text.push_str(&format!(" CONSTRAINT {} NOT NULL", identifier(&one.name)))
                }
                None => text.push_str(" NOT NULL"),
            }
        }
        text
    }

    /// What a column's definition cannot say: storage, statistics, privileges, comment.
    pub(super) fn column_extras(&mut self, table: &Relation, column: &Column) {
        let fresh = Column {
            type_: column.type_.clone(),
            ..Column::default()
        };
        self.column_changes(table, &fresh, column);
    }

    /// Storage, statistics, privileges and comment of a column that is there in both.
    pub(super) fn column_changes(&mut self, table: &Relation, now: &Column, then: &Column) {
        self.column_storage(table, now, then);
        self.column_access(table, now, then);
    }

    /// Brings the columns back; tells those that are made again under the same name.
    pub(super) fn alter_columns(
        &mut self,
        now: &'c Relation,
        then: &'c Relation,
    ) -> BTreeSet<&'c str> {
        let mut rebuilt = BTreeSet::new();
        let table = object_name(&then.schema, &then.name);
        for column in &now.columns {
            let kept = then.columns.iter().any(|one| one.name == column.name);
            if !kept && !self.follows(now, &column.name) && !column.inherited {
                let drop = Operation::DropColumn {
                    table: table.clone(),
                    column: ident(&column.name),
                };
                self.push(Rank::DropColumn, drop.to_string());
            }
        }
        for column in &then.columns {
            match now.columns.iter().find(|one| one.name == column.name) {
                Some(old) if is_rebuilt(old, column, self.to.major) => {
                    rebuilt.insert(column.name.as_str());
                    let drop = Operation::DropColumn {
                        table: table.clone(),
                        column: ident(&column.name),
                    };
                    self.push(Rank::DropColumn, drop.to_string());
                    self.add_column(then, column);
                }
                Some(old) if old != column => self.alter_column(then, old, column),
                Some(_) => {}
                None if self.follows(then, &column.name) || column.inherited => {}
                None => {
                    rebuilt.insert(column.name.as_str());
                    self.add_column(then, column);
                }
            }
        }
        rebuilt
    }

    /// Whether the column comes and goes with the one of the partition's parent.
    fn follows(&self, table: &Relation, column: &str) -> bool {
        let has = |relation: Option<&Relation>| {
            relation.is_some_and(|one| one.columns.iter().any(|one| one.name == column))
        };
        table.partition_bound.is_some()
            && table.parents.iter().any(|parent| {
                has(Self::printed(self.from, parent)) != has(Self::printed(self.to, parent))
            })
    }

    fn add_column(&mut self, table: &'c Relation, column: &'c Column) {
        let name = qualified(&table.schema, &table.name);
        let written = format!("{name}.{}", identifier(&column.name));
        if column.expression.is_none() {
            self.miss(format!("the values of {written}."));
        }
        let has_value =
            column.default.is_some() || column.identity.is_some() || column.expression.is_some();
        if column.not_null && !has_value {
            self.miss(format!(
                "NOT NULL of {written} can only be set where {name} has no rows: otherwise add it without, fill it, and SET NOT NULL."
            ));
        }
        if table.columns.last().map(|last| &last.name) != Some(&column.name) {
            self.miss(format!(
                "the place of {written} among the columns: it comes last."
            ));
        }
        let options = foreign_options(&column.server_options);
        let definition = self.column_definition(table, column, &options);
        self.push(
            Rank::Column,
            format!("ALTER TABLE {name} ADD COLUMN {definition};"),
        );
        self.column_extras(table, column);
    }

    fn alter_column(&mut self, table: &'c Relation, now: &'c Column, then: &'c Column) {
        let name = qualified(&table.schema, &table.name);
        let own = identifier(&then.name);
        let alter = |what: String| format!("ALTER TABLE {name} ALTER COLUMN {own} {what};");
        let change = |change: AlterColumnOperation| {
            Operation::AlterColumn {
                table: object_name(&table.schema, &table.name),
                column: ident(&then.name),
                change,
            }
            .to_string()
        };
        if self.passed_on(table, now, then) {
            self.column_access(table, now, then);
            return;
        }
        let retyped = now.type_ != then.type_ || now.collation != then.collation;
        if now.default.is_some() && (then.default.is_none() || retyped) {
            self.push(Rank::Column, change(AlterColumnOperation::DropDefault));
        }
        if now.identity.is_some() && then.identity.is_none() {
            self.push(Rank::Column, alter("DROP IDENTITY".into()));
        }
        if now.expression.is_some() && then.expression.is_none() {
            self.push(Rank::Column, alter("DROP EXPRESSION".into()));
        }
        if retyped {
            let collation = match (&now.collation, &then.collation) {
                (_, Some(collation)) => format!(" COLLATE {collation}"),
                (Some(_), None) => " COLLATE pg_catalog.\"default\"".to_owned(),
                (None, None) => String::new(),
            };
            self.miss(format!(
                "the values of {name}.{own} that {} could not hold as they were; where it has no cast to {}, write into USING what makes one of the other.",
                now.type_, then.type_
            ));
            // A partition or an heir gets its type from its parent.
            let using = match now.type_ == then.type_ || table.server.is_some() {
                true => String::new(),
                false => format!(" USING {own}::{}", then.type_),
            };
            self.push(
                Rank::Column,
                alter(format!("TYPE {}{collation}{using}", then.type_)),
            );
        }
        if let Some(expression) = &then.expression
            && now.expression != then.expression
        {
            self.push(
                Rank::Column,
                alter(format!("SET EXPRESSION AS ({expression})")),
            );
        }
        if now.not_null && !then.not_null {
            self.push(Rank::Column, change(AlterColumnOperation::DropNotNull));
        }
        let wanted = format!("NOT NULL {own}");
        let by_name = |one: &crate::catalog::Constraint| one.definition == wanted;
        if then.not_null && !now.not_null && !table.constraints.iter().any(by_name) {
            self.push(Rank::Column, change(AlterColumnOperation::SetNotNull));
        }
        if let Some(default) = &then.default
            && (now.default != then.default || retyped)
        {
            self.push(Rank::Column, alter(format!("SET DEFAULT {default}")));
        }
        match (&now.identity, &then.identity) {
            (None, Some(how)) => {
                let options = self.identity_options(table, then);
                let how = how.to_ascii_uppercase();
                self.push(
                    Rank::Column,
                    alter(format!("ADD GENERATED {how} AS IDENTITY{options}")),
                );
            }
            (Some(old), Some(how)) if old != how => {
                let how = how.to_ascii_uppercase();
                self.push(Rank::Column, alter(format!("SET GENERATED {how}")));
            }
            _ => {}
        }
        self.column_changes(table, now, then);
        if now.server_options != then.server_options {
            let column = format!("ALTER COLUMN {own} ");
            self.foreign_options(&name, &column, &now.server_options, &then.server_options);
        }
    }

    /// Whether a change of the column comes from a parent's, which is restored there.
    fn passed_on(&self, table: &Relation, now: &Column, then: &Column) -> bool {
        let of = |catalog, parent: &str| {
            Self::printed(catalog, parent)?
                .columns
                .iter()
                .find(|one| one.name == then.name)
        };
        let same = |one: &Column, other: &Column| {
            (
                &one.type_,
                one.not_null,
                &one.default,
                &one.storage,
                one.statistics,
            ) == (
                &other.type_,
                other.not_null,
                &other.default,
                &other.storage,
                other.statistics,
            )
        };
        table.parents.iter().any(
            |parent| match (of(self.from, parent), of(self.to, parent)) {
                (Some(before), Some(after)) => {
                    !same(before, after) && same(before, now) && same(after, then)
                }
                _ => false,
            },
        )
    }

    fn column_storage(&mut self, table: &Relation, now: &Column, then: &Column) {
        let name = qualified(&table.schema, &table.name);
        let own = identifier(&then.name);
        let alter = |what: String| format!("ALTER TABLE {name} ALTER COLUMN {own} {what};");
        if now.storage != then.storage && now.type_ == then.type_ {
            match then.storage.as_deref().or_else(|| own_storage(&then.type_, self.to.major)) {
                Some(storage) => self.push(
                    Rank::Setting,
                    alter(format!("SET STORAGE {}", storage.to_ascii_uppercase())),
                ),
                None => self.miss(format!(
                    "the storage of {name}.{own}: it was the one of type {}, which is not known here.",
                    then.type_
                )),
            }
        }
        if now.compression != then.compression {
            let method = then.compression.as_deref().unwrap_or("default");
            self.push(Rank::Setting, alter(format!("SET COMPRESSION {method}")));
        }
        if now.statistics != then.statistics {
            let target = then.statistics.unwrap_or(-1);
            self.push(Rank::Setting, alter(format!("SET STATISTICS {target}")));
        }
        self.options(
            &format!("TABLE {name} ALTER COLUMN {own}"),
            "",
            &now.options,
            &then.options,
        );
    }

    fn column_access(&mut self, table: &Relation, now: &Column, then: &Column) {
        let name = qualified(&table.schema, &table.name);
        let own = identifier(&then.name);
        let access = |column: &'_ Column| -> (Option<Vec<String>>, Option<String>) {
            (column.grants.clone(), column.comment.clone())
        };
        let ((had, comment), (has, text)) = (access(now), access(then));
        let (had, has) = (
            Access {
                owner: &table.owner,
                grants: had.as_deref(),
                comment: comment.as_deref(),
            },
            Access {
                owner: &table.owner,
                grants: has.as_deref(),
                comment: text.as_deref(),
            },
        );
        self.grants(Grantable::Column, &name, Some(&own), had, has);
        let subject = Subject {
            kind: "COLUMN",
            name: &format!("{name}.{own}"),
            grantable: None,
        };
        self.comment(subject, had.comment, has.comment);
    }
}

/// Whether a column has to be made again, as what it computes cannot be changed (manual, ALTER TABLE).
fn is_rebuilt(now: &Column, then: &Column, major: u32) -> bool {
    match (&now.expression, &then.expression) {
        (None, Some(_)) => true,
        (Some(one), Some(other)) => now.generated != then.generated || (one != other && major < 17),
        (Some(_), None) => now.generated.as_deref() == Some("virtual"),
        (None, None) => false,
    }
}

/// How values of a built-in type are stored (`pg_type.typstorage`); from version 16 on, DEFAULT says so.
fn own_storage(type_: &str, major: u32) -> Option<&'static str> {
    if major >= 16 {
        return Some("default");
    }
    let word = type_.split('(').next().unwrap_or(type_).trim();
    match word {
        _ if type_.ends_with("[]") => Some("extended"),
        "text" | "character varying" | "character" | "bytea" | "json" | "jsonb" | "xml"
        | "tsvector" | "bit" | "bit varying" | "path" | "polygon" => Some("extended"),
        "numeric" | "inet" | "cidr" => Some("main"),
        _ => None,
    }
}
