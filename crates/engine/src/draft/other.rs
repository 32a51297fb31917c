//! Schemas, extensions, statistics, event triggers, and what catalogs have no data of.

use super::access::{Access, Grantable, Subject};
use super::op::Rank;
use super::restore::Restore;
use super::words::qualified;
use crate::catalog::{EventTrigger, Extension, Other, Schema, Statistics};
use crate::operation::{Operation, ident};
use crate::sql::{identifier, literal};

fn schema_access(it: &Schema) -> Access<'_> {
    Access {
        owner: &it.owner,
        grants: it.grants.as_deref(),
        comment: it.comment.as_deref(),
    }
}

impl<'c> Restore<'c> {
    pub(super) fn drop_schema(&mut self, it: &'c Schema) {
        self.push(
            Rank::DropSchema,
            format!("DROP SCHEMA {};", identifier(&it.name)),
        );
    }

    pub(super) fn make_schema(&mut self, it: &'c Schema) {
        let name = identifier(&it.name);
        self.push(Rank::MakeSchema, format!("CREATE SCHEMA {name};"));
        let subject = Subject {
            kind: "SCHEMA",
            name: &name,
            grantable: Some(Grantable::Schema),
        };
        self.access_of_new(subject, schema_access(it));
    }

    pub(super) fn alter_schema(&mut self, now: &'c Schema, then: &'c Schema) {
        let name = identifier(&then.name);
        let subject = Subject {
            kind: "SCHEMA",
            name: &name,
            grantable: Some(Grantable::Schema),
        };
        self.access(subject, schema_access(now), schema_access(then));
    }

    pub(super) fn drop_extension(&mut self, it: &'c Extension) {
        let drop = Operation::DropExtension(ident(&it.name));
        self.push(Rank::DropType, drop.to_string());
    }

    pub(super) fn make_extension(&mut self, it: &'c Extension) {
        let name = identifier(&it.name);
        self.push(
            Rank::MakeSchema,
            format!(
                "CREATE EXTENSION {name} SCHEMA {} VERSION {};",
                identifier(&it.schema_of_objects),
                literal(&it.version)
            ),
        );
    }

    pub(super) fn alter_extension(&mut self, now: &'c Extension, then: &'c Extension) {
        let name = identifier(&then.name);
        if now.schema_of_objects != then.schema_of_objects {
            let schema = identifier(&then.schema_of_objects);
            self.push(
                Rank::Setting,
                format!("ALTER EXTENSION {name} SET SCHEMA {schema};"),
            );
        }
        if now.version != then.version {
            self.miss(format!(
                "version {} of extension {name}, unless it can be updated from {} to that.",
                then.version, now.version
            ));
            self.push(
                Rank::Setting,
                format!(
                    "ALTER EXTENSION {name} UPDATE TO {};",
                    literal(&then.version)
                ),
            );
        }
        let subject = Subject {
            kind: "EXTENSION",
            name: &name,
            grantable: None,
        };
        self.comment(subject, now.comment.as_deref(), then.comment.as_deref());
    }

    pub(super) fn drop_statistics(&mut self, it: &'c Statistics) {
        let name = qualified(&it.schema, &it.name);
        self.push_drop(
            Rank::DropTrigger,
            &it.schema,
            &it.name,
            it.definition.clone(),
            format!("DROP STATISTICS {name};"),
        );
    }

    pub(super) fn make_statistics(&mut self, it: &'c Statistics) {
        let sql = format!("{};", it.definition);
        self.push_make(Rank::MakeTrigger, &it.schema, &it.name, sql);
        let fresh = Statistics {
            owner: self.role.to_owned(),
            ..Statistics::default()
        };
        self.statistics_settings(&fresh, it);
    }

    pub(super) fn alter_statistics(&mut self, now: &'c Statistics, then: &'c Statistics) {
        if now.definition == then.definition {
            self.statistics_settings(now, then);
        } else {
            self.drop_statistics(now);
            self.make_statistics(then);
        }
    }

    fn statistics_settings(&mut self, now: &Statistics, then: &Statistics) {
        let name = qualified(&then.schema, &then.name);
        if now.target != then.target {
            let target = then.target.unwrap_or(-1);
            self.push(
                Rank::Setting,
                format!("ALTER STATISTICS {name} SET STATISTICS {target};"),
            );
        }
        let subject = Subject {
            kind: "STATISTICS",
            name: &name,
            grantable: None,
        };
        let access = |it: &'_ Statistics| (it.owner.clone(), it.comment.clone());
        let ((old_owner, old_comment), (owner, comment)) = (access(now), access(then));
        let of = |owner, comment| Access {
            owner,
            grants: None,
            comment,
        };
        self.access(
            subject,
            of(&old_owner, old_comment.as_deref()),
            of(&owner, comment.as_deref()),
        );
    }

    pub(super) fn drop_event_trigger(&mut self, it: &'c EventTrigger) {
        self.push(
            Rank::DropTrigger,
            format!("DROP EVENT TRIGGER {};", identifier(&it.name)),
        );
    }

    pub(super) fn make_event_trigger(&mut self, it: &'c EventTrigger) {
        let name = identifier(&it.name);
        let tags: Vec<String> = it.tags.iter().map(|tag| literal(tag)).collect();
        let when = match tags.is_empty() {
            true => String::new(),
            false => format!(" WHEN TAG IN ({})", tags.join(", ")),
        };
        self.push(
            Rank::MakeTrigger,
            format!(
                "CREATE EVENT TRIGGER {name} ON {}{when} EXECUTE FUNCTION {};",
                it.event, it.function
            ),
        );
        let fresh = EventTrigger {
            owner: self.role.to_owned(),
            ..EventTrigger::default()
        };
        self.event_trigger_settings(&fresh, it);
    }

    pub(super) fn alter_event_trigger(&mut self, now: &'c EventTrigger, then: &'c EventTrigger) {
        let shape = |it: &EventTrigger| (it.event.clone(), it.function.clone(), it.tags.clone());
        if shape(now) == shape(then) {
            self.event_trigger_settings(now, then);
        } else {
            self.drop_event_trigger(now);
            self.make_event_trigger(then);
        }
    }

    fn event_trigger_settings(&mut self, now: &EventTrigger, then: &EventTrigger) {
        let name = identifier(&then.name);
        if now.enabled != then.enabled {
            let verb = match then.enabled.as_deref() {
                None => "ENABLE",
                Some("disabled") => "DISABLE",
                Some("replica") => "ENABLE REPLICA",
                Some(_) => "ENABLE ALWAYS",
            };
            self.push(Rank::Setting, format!("ALTER EVENT TRIGGER {name} {verb};"));
        }
        let subject = Subject {
            kind: "EVENT TRIGGER",
            name: &name,
            grantable: None,
        };
        let (old_owner, old_comment) = (now.owner.clone(), now.comment.clone());
        let before = Access {
            owner: &old_owner,
            grants: None,
            comment: old_comment.as_deref(),
        };
        let after = Access {
            owner: &then.owner,
            grants: None,
            comment: then.comment.as_deref(),
        };
        self.access(subject, before, after);
    }

    pub(super) fn drop_other(&mut self, it: &'c Other) {
        match DROPPABLE.contains(&it.type_.as_str()) {
            true => {
                let words = it.type_.replace('-', " ").to_ascii_uppercase();
                self.push(Rank::DropType, format!("DROP {words} {};", it.name));
            }
            false => self.miss(format!(
                "that there was no {} {}: drop it by hand.",
                it.type_, it.name
            )),
        }
    }

    pub(super) fn make_other(&mut self, it: &'c Other) {
        self.miss(format!(
            "{} {}: create it again by hand.",
            it.type_, it.name
        ));
    }

    pub(super) fn alter_other(&mut self, now: &'c Other, then: &'c Other) {
        if now.definition != then.definition {
            self.miss(format!(
                "{} {} as it was: change it back by hand.",
                then.type_, then.name
            ));
        }
        let words = then.type_.replace('-', " ").to_ascii_uppercase();
        if !DROPPABLE.contains(&then.type_.as_str()) {
            return;
        }
        if now.owner != then.owner {
            let owner = self.who(then.owner.as_deref().unwrap_or_default());
            self.push(
                Rank::Owner,
                format!("ALTER {words} {} OWNER TO {owner};", then.name),
            );
        }
        let subject = Subject {
            kind: &words,
            name: &then.name,
            grantable: None,
        };
        self.comment(subject, now.comment.as_deref(), then.comment.as_deref());
    }
}

/// Kinds whose name in PostgreSQL's words (`pg_identify_object`) is what DROP takes.
const DROPPABLE: [&str; 17] = [
    "collation",
    "conversion",
    "cast",
    "operator",
    "operator class",
    "operator family",
    "publication",
    "foreign-data wrapper",
    "server",
    "language",
    "access method",
    "text search configuration",
    "text search dictionary",
    "text search parser",
    "text search template",
    "transform",
    "type",
];
