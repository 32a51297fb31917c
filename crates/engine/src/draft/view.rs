//! Views and materialized views.

use super::access::{Grantable, Subject};
use super::op::Rank;
use super::relation::{access, with};
use super::restore::Restore;
use super::words::{mentions, qualified};
use crate::catalog::{Object, Relation};
use crate::sql::identifier;
use std::collections::BTreeSet;

impl<'c> Restore<'c> {
    pub(super) fn drop_view(&mut self, view: &'c Relation, kind: &str) {
        let name = qualified(&view.schema, &view.name);
        self.push_drop(
            Rank::DropView,
            &view.schema,
            &view.name,
            query(view).to_owned(),
            format!("DROP {kind} {name};"),
        );
    }

    pub(super) fn make_view(&mut self, view: &'c Relation, kind: &str) {
        let name = qualified(&view.schema, &view.name);
        let is_view = kind == "VIEW";
        let mut sql = format!("CREATE {kind} {name}");
        if let Some(method) = &view.access_method {
            sql.push_str(&format!(" USING {}", identifier(method)));
        }
        sql.push_str(&with(&view.options, &view.toast_options));
        if let Some(tablespace) = &view.tablespace {
            sql.push_str(&format!(" TABLESPACE {}", identifier(tablespace)));
        }
        sql.push_str(&format!(" AS\n{};", query(view)));
        self.push_make(Rank::MakeView, &view.schema, &view.name, sql);
        for column in &view.columns {
            if let Some(default) = &column.default {
                self.view_default(&name, &column.name, Some(default));
            }
            self.column_extras(view, column);
        }
        for index in &view.indexes {
            self.make_index(view, index, true);
        }
        self.make_parts(view);
        let subject = Subject {
            kind,
            name: &name,
            grantable: Some(Grantable::Table),
        };
        self.access_of_new(subject, access(view));
        if !is_view {
            self.cluster(view);
        }
    }

    fn cluster(&mut self, view: &Relation) {
        for index in view.indexes.iter().filter(|index| index.clustered) {
            let name = qualified(&view.schema, &view.name);
            self.push(
                Rank::Setting,
                format!(
                    "ALTER MATERIALIZED VIEW {name} CLUSTER ON {};",
                    identifier(&index.name)
                ),
            );
        }
    }

    fn view_default(&mut self, view: &str, column: &str, default: Option<&str>) {
        let what = default.map_or_else(
            || "DROP DEFAULT".to_owned(),
            |default| format!("SET DEFAULT {default}"),
        );
        self.push(
            Rank::Setting,
            format!(
                "ALTER VIEW {view} ALTER COLUMN {} {what};",
                identifier(column)
            ),
        );
    }

    pub(super) fn alter_view(&mut self, now: &'c Relation, then: &'c Relation, kind: &'static str) {
        let name = qualified(&then.schema, &then.name);
        if query(now) != query(then) {
            match kind == "VIEW" && can_replace(now, then) {
                true => {
                    let sql = format!("{};", replaced(then));
                    self.push_make(Rank::MakeView, &then.schema, &then.name, sql);
                }
                false => {
                    self.remake(now, then, kind);
                    return;
                }
            }
        } else {
            self.options(&format!("{kind} {name}"), "", &now.options, &then.options);
            self.options(
                &format!("{kind} {name}"),
                "toast.",
                &now.toast_options,
                &then.toast_options,
            );
        }
        for column in &then.columns {
            let Some(old) = now.columns.iter().find(|one| one.name == column.name) else {
                continue;
            };
            if old.default != column.default {
                self.view_default(&name, &column.name, column.default.as_deref());
            }
            let mut before = old.clone();
            before.default = column.default.clone();
            if before != *column {
                self.column_changes(then, &before, column);
            }
        }
        if kind != "VIEW" {
            self.alter_indexes(now, then, &BTreeSet::new());
            let clustered = |view: &Relation| view.indexes.iter().any(|index| index.clustered);
            if clustered(now) && !clustered(then) {
                self.push(
                    Rank::Setting,
                    format!("ALTER MATERIALIZED VIEW {name} SET WITHOUT CLUSTER;"),
                );
            } else if clustered(then) {
                self.cluster(then);
            }
            let unlike = |one: &Relation| (one.access_method.clone(), one.tablespace.clone());
            if unlike(now) != unlike(then) {
                let mut moved = now.clone();
                moved.options.clone_from(&then.options);
                moved.toast_options.clone_from(&then.toast_options);
                self.storage(&moved, then);
            }
        }
        self.alter_parts(now, then);
        let subject = Subject {
            kind,
            name: &name,
            grantable: Some(Grantable::Table),
        };
        self.access(subject, access(now), access(then));
    }

    /// Drops a view and makes it as it was, with the views on it, which have to go before.
    fn remake(&mut self, now: &'c Relation, then: &'c Relation, kind: &'static str) {
        let mut names: BTreeSet<(String, String)> =
            [(then.schema.clone(), then.name.clone())].into();
        let mut others: Vec<(&'c Relation, &'static str)> = Vec::new();
        loop {
            let more = self.from.objects().find_map(|object| {
                let (view, kind) = match object {
                    Object::View(view) => (view, "VIEW"),
                    Object::MaterializedView(view) => (view, "MATERIALIZED VIEW"),
                    _ => return None,
                };
                let own = (view.schema.clone(), view.name.clone());
                let stands = !names.contains(&own) && !mentions(query(view)).is_disjoint(&names);
                stands.then_some((view, kind))
            });
            let Some((view, kind)) = more else { break };
            names.insert((view.schema.clone(), view.name.clone()));
            others.push((view, kind));
        }
        self.drop_view(now, kind);
        self.make_view(then, kind);
        for (view, kind) in others {
            // What is not the same in both is dropped and made by itself.
            if let Some(same) = self.to.relation(&view.schema, &view.name)
                && same == view
            {
                self.drop_view(view, kind);
                self.make_view(same, kind);
            }
        }
    }
}

/// The statement that puts a view's query anew, in place of whatever it has.
pub fn replaced(view: &Relation) -> String {
    format!(
        "CREATE OR REPLACE VIEW {}{} AS\n{}",
        qualified(&view.schema, &view.name),
        with(&view.options, &[]),
        query(view)
    )
}

/// The query, without its end.
fn query(view: &Relation) -> &str {
    let text = view.definition.as_deref().unwrap_or_default();
    text.trim_end().trim_end_matches(';')
}

/// CREATE OR REPLACE keeps names, types and order of the columns that there are, and adds some at most.
fn can_replace(now: &Relation, then: &Relation) -> bool {
    now.columns.len() <= then.columns.len()
        && now.columns.iter().zip(&then.columns).all(|(one, other)| {
            (&one.name, &one.type_, &one.collation) == (&other.name, &other.type_, &other.collation)
        })
}
