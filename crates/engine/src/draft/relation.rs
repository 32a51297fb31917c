//! Tables: made, dropped, changed.

use super::access::{Access, Grantable, Subject};
use super::op::Rank;
use super::restore::Restore;
use super::words::{object_name, option, qualified};
use crate::catalog::{Object, Relation, Trigger};
use crate::operation::Operation;
use crate::sql::{identifier, literal};
use std::collections::BTreeSet;

/// Owner, privileges and comment of a relation.
pub fn access(relation: &Relation) -> Access<'_> {
    Access {
        owner: &relation.owner,
        grants: relation.grants.as_deref(),
        comment: relation.comment.as_deref(),
    }
}

fn word(table: &Relation) -> &'static str {
    match table.server {
        Some(_) => "FOREIGN TABLE",
        None => "TABLE",
    }
}

/// `WITH (…)`, or nothing.
pub fn with(options: &[String], toast: &[String]) -> String {
    let own = options.iter().map(|one| assigned("", one));
    let toasted = toast.iter().map(|one| assigned("toast.", one));
    let all: Vec<String> = own.chain(toasted).collect();
    match all.is_empty() {
        true => String::new(),
        false => format!(" WITH ({})", all.join(", ")),
    }
}

fn assigned(prefix: &str, text: &str) -> String {
    let (key, value) = option(text);
    format!("{prefix}{key}={}", literal(value))
}

/// `OPTIONS (…)` of a foreign table or column, or nothing.
pub fn foreign_options(options: &[String]) -> String {
    let all: Vec<String> = options
        .iter()
        .map(|one| option(one))
        .map(|(key, value)| format!("{} {}", identifier(key), literal(value)))
        .collect();
    match all.is_empty() {
        true => String::new(),
        false => format!(" OPTIONS ({})", all.join(", ")),
    }
}

impl<'c> Restore<'c> {
    pub(super) fn drop_table(&mut self, table: &'c Relation) {
        let sql = match table.server {
            Some(_) => format!(
                "DROP FOREIGN TABLE {};",
                qualified(&table.schema, &table.name)
            ),
            None => Operation::DropTable(object_name(&table.schema, &table.name)).to_string(),
        };
        // What it stands on: its parents, and the tables that its foreign keys refer to.
        let mut definition = table.parents.join(" ");
        for constraint in table
            .constraints
            .iter()
            .filter(|one| one.type_ == "foreign key")
        {
            definition.push(' ');
            definition.push_str(&constraint.definition);
        }
        self.push_drop(Rank::DropTable, &table.schema, &table.name, definition, sql);
    }

    pub(super) fn make_table(&mut self, table: &'c Relation) {
        let name = qualified(&table.schema, &table.name);
        if let Some(server) = &table.server
            && !self.has_server(server)
        {
            self.miss(format!(
                "foreign table {name}: create it again when its server {server} is there again."
            ));
            return;
        }
        if table.server.is_none() && table.partition_key.is_none() {
            self.miss(format!("the rows of {name}."));
        }
        let mut lines: Vec<String> = table
            .columns
            .iter()
            .filter(|column| !column.inherited && table.of_type.is_none())
            .map(|column| {
                let options = foreign_options(&column.server_options);
                self.column_definition(table, column, &options)
            })
            .collect();
        for constraint in self.own_constraints(table) {
            if constraint.type_ != "foreign key"
                && !constraint.not_valid
                && constraint.type_ != "not null"
            {
                lines.push(format!(
                    "CONSTRAINT {} {}",
                    identifier(&constraint.name),
                    constraint.definition
                ));
            }
        }
        let mut sql = format!(
            "CREATE {}{} {name}",
            if table.unlogged { "UNLOGGED " } else { "" },
            word(table)
        );
        if let Some(type_) = &table.of_type {
            sql.push_str(&format!(" OF {type_}"));
        }
        match lines.is_empty() {
            true if table.of_type.is_some() => {}
            true => sql.push_str(" ()"),
            false => sql.push_str(&format!(" (\n    {}\n)", lines.join(",\n    "))),
        }
        if table.partition_bound.is_none() && !table.parents.is_empty() {
            sql.push_str(&format!(" INHERITS ({})", table.parents.join(", ")));
        }
        if let Some(server) = &table.server {
            sql.push_str(&format!(" SERVER {}", identifier(server)));
            sql.push_str(&foreign_options(&table.server_options));
        }
        if let Some(key) = &table.partition_key {
            sql.push_str(&format!(" PARTITION BY {key}"));
        }
        if let Some(method) = &table.access_method {
            sql.push_str(&format!(" USING {}", identifier(method)));
        }
        sql.push_str(&with(&table.options, &table.toast_options));
        if let Some(tablespace) = &table.tablespace {
            sql.push_str(&format!(" TABLESPACE {}", identifier(tablespace)));
        }
        sql.push(';');
        self.push_make(Rank::MakeTable, &table.schema, &table.name, sql);
        for column in table.columns.iter().filter(|column| !column.inherited) {
            self.column_extras(table, column);
        }
        self.attach(table);
        for constraint in self.own_constraints(table) {
            if constraint.type_ == "foreign key" || constraint.not_valid {
                self.add_constraint(table, constraint);
            }
            self.comment_on_constraint(table, constraint);
        }
        for index in &table.indexes {
            self.make_index(table, index, true);
        }
        self.make_parts(table);
        self.settings(table, None);
        let subject = Subject {
            kind: word(table),
            name: &name,
            grantable: Some(Grantable::Table),
        };
        self.access_of_new(subject, access(table));
    }

    fn has_server(&self, server: &str) -> bool {
        self.from.objects().any(|object| {
            matches!(object, Object::Other(it) if it.type_ == "server" && it.name == identifier(server))
        })
    }

    /// Triggers, policies and rules of a relation that is made anew.
    pub(super) fn make_parts(&mut self, table: &'c Relation) {
        for trigger in &table.triggers {
            self.make_trigger(table, trigger);
        }
        for policy in &table.policies {
            self.make_policy(table, policy);
        }
        for rule in &table.rules {
            self.make_rule(table, rule);
        }
    }

    pub(super) fn alter_table(&mut self, now: &'c Relation, then: &'c Relation) {
        let name = qualified(&then.schema, &then.name);
        if now.partition_key != then.partition_key
            || now.server.is_some() != then.server.is_some()
            || (now.of_type != then.of_type)
        {
            self.miss(format!(
                "what kind of table {name} was: make it again by hand."
            ));
            return;
        }
        let rebuilt = self.alter_columns(now, then);
        self.alter_parents(now, then);
        self.alter_constraints(now, then, &rebuilt);
        self.alter_indexes(now, then, &rebuilt);
        self.alter_parts(now, then);
        self.storage(now, then);
        self.settings(then, Some(now));
        if now.server_options != then.server_options {
            self.foreign_options(&name, "", &now.server_options, &then.server_options);
        }
        let subject = Subject {
            kind: word(then),
            name: &name,
            grantable: Some(Grantable::Table),
        };
        self.access(subject, access(now), access(then));
    }

    /// Sets the options of a foreign table, or of a `column` of it.
    pub(super) fn foreign_options(
        &mut self,
        table: &str,
        column: &str,
        now: &[String],
        then: &[String],
    ) {
        let keys = |list: &'_ [String]| -> BTreeSet<String> {
            list.iter().map(|one| option(one).0.to_owned()).collect()
        };
        let (has, wants) = (keys(now), keys(then));
        let dropped = has
            .difference(&wants)
            .map(|key| format!("DROP {}", identifier(key)));
        let set = then.iter().filter(|one| !now.contains(one)).map(|one| {
            let (key, value) = option(one);
            let verb = if has.contains(key) { "SET" } else { "ADD" };
            format!("{verb} {} {}", identifier(key), literal(value))
        });
        let list: Vec<String> = dropped.chain(set).collect();
        self.push(
            Rank::Setting,
            format!(
                "ALTER FOREIGN TABLE {table} {column}OPTIONS ({});",
                list.join(", ")
            ),
        );
    }

    /// Where and how a relation is kept.
    pub(super) fn storage(&mut self, now: &Relation, then: &Relation) {
        let name = qualified(&then.schema, &then.name);
        if now.unlogged != then.unlogged {
            let state = if then.unlogged { "UNLOGGED" } else { "LOGGED" };
            self.push(Rank::Setting, format!("ALTER TABLE {name} SET {state};"));
        }
        self.options(&format!("TABLE {name}"), "", &now.options, &then.options);
        self.options(
            &format!("TABLE {name}"),
            "toast.",
            &now.toast_options,
            &then.toast_options,
        );
        if now.access_method != then.access_method {
            let method = then.access_method.as_deref().unwrap_or("heap");
            self.push(
                Rank::Setting,
                format!(
                    "ALTER TABLE {name} SET ACCESS METHOD {};",
                    identifier(method)
                ),
            );
        }
        if now.tablespace != then.tablespace {
            let tablespace = then.tablespace.as_deref().unwrap_or("pg_default");
            self.push(
                Rank::Setting,
                format!(
                    "ALTER TABLE {name} SET TABLESPACE {};",
                    identifier(tablespace)
                ),
            );
        }
    }

    /// Storage parameters, of what `on` says.
    pub(super) fn options(&mut self, on: &str, prefix: &str, now: &[String], then: &[String]) {
        let wanted: BTreeSet<&str> = then.iter().map(|one| option(one).0).collect();
        let reset: Vec<String> = now
            .iter()
            .map(|one| option(one).0)
            .filter(|key| !wanted.contains(key))
            .map(|key| format!("{prefix}{key}"))
            .collect();
        let set: Vec<String> = then
            .iter()
            .filter(|one| !now.contains(one))
            .map(|one| assigned(prefix, one))
            .collect();
        for (verb, list) in [("RESET", reset), ("SET", set)] {
            if !list.is_empty() {
                self.push(
                    Rank::Setting,
                    format!("ALTER {on} {verb} ({});", list.join(", ")),
                );
            }
        }
    }

    /// Row security, replica identity, clustering.
    fn settings(&mut self, then: &Relation, now: Option<&Relation>) {
        let name = qualified(&then.schema, &then.name);
        let fresh = Relation::default();
        let now = now.unwrap_or(&fresh);
        let set = |this: &mut Self, what: String| {
            this.push(Rank::Setting, format!("ALTER TABLE {name} {what};"));
        };
        if now.row_security != then.row_security {
            let verb = if then.row_security {
                "ENABLE"
            } else {
                "DISABLE"
            };
            set(self, format!("{verb} ROW LEVEL SECURITY"));
        }
        if now.force_row_security != then.force_row_security {
            let verb = if then.force_row_security {
                "FORCE"
            } else {
                "NO FORCE"
            };
            set(self, format!("{verb} ROW LEVEL SECURITY"));
        }
        let identity = |table: &Relation| {
            let index = table.indexes.iter().find(|one| one.replica_identity);
            (
                table.replica_identity.clone(),
                index.map(|index| index.name.clone()),
            )
        };
        if identity(now) != identity(then) {
            set(
                self,
                match identity(then) {
                    (Some(how), Some(index)) if how == "index" => {
                        format!("REPLICA IDENTITY USING INDEX {}", identifier(&index))
                    }
                    (Some(how), _) => format!("REPLICA IDENTITY {}", how.to_ascii_uppercase()),
                    (None, _) => "REPLICA IDENTITY DEFAULT".to_owned(),
                },
            );
        }
        let clustered = |table: &Relation| {
            let index = table.indexes.iter().find(|one| one.clustered);
            index.map(|index| index.name.clone())
        };
        if clustered(now) != clustered(then) {
            set(
                self,
                match clustered(then) {
                    Some(index) => format!("CLUSTER ON {}", identifier(&index)),
                    None => "SET WITHOUT CLUSTER".to_owned(),
                },
            );
        }
    }

    /// The trigger of a parent comes to a partition by itself.
    pub(super) fn is_cloned(&self, table: &Relation, trigger: &Trigger, then: bool) -> bool {
        let catalog = if then { self.to } else { self.from };
        table.partition_bound.is_some()
            && table.parents.iter().any(|parent| {
                Self::printed(catalog, parent).is_some_and(|parent| {
                    parent.triggers.iter().any(|one| one.name == trigger.name)
                })
            })
    }
}

/// The columns of `now` that `then` has not: what hangs on them goes with them.
pub(super) fn columns_gone<'c>(now: &'c Relation, then: &Relation) -> BTreeSet<&'c str> {
    let names = now.columns.iter().map(|column| column.name.as_str());
    names
        .filter(|name| !then.columns.iter().any(|one| one.name == *name))
        .collect()
}

/// Whether it was attached to another parent, or with another bound: what came from the parent comes again with it.
pub(super) fn is_moved(now: &Relation, then: &Relation) -> bool {
    now.parents != then.parents || now.partition_bound != then.partition_bound
}
