//! Triggers, policies and rules.

use super::op::Rank;
use super::restore::Restore;
use super::words::qualified;
use crate::catalog::{Policy, Relation, Rule, Trigger};
use crate::sql::identifier;

impl<'c> Restore<'c> {
    pub(super) fn alter_parts(&mut self, now: &'c Relation, then: &'c Relation) {
        for trigger in &now.triggers {
            let kept = then.triggers.iter().find(|one| one.name == trigger.name);
            if kept.is_none_or(|kept| kept.definition != trigger.definition)
                && !self.is_cloned(now, trigger, false)
            {
                self.drop_part("TRIGGER", now, &trigger.name, &trigger.definition);
            }
        }
        for trigger in &then.triggers {
            let old = now.triggers.iter().find(|one| one.name == trigger.name);
            match old.filter(|old| old.definition == trigger.definition) {
                None => self.make_trigger(then, trigger),
                Some(old) => {
                    if !self.is_cloned(then, trigger, true) {
                        self.enable(
                            "TRIGGER",
                            then,
                            &trigger.name,
                            &old.enabled,
                            &trigger.enabled,
                        );
                    }
                    self.comment_on_part(
                        "TRIGGER",
                        then,
                        &trigger.name,
                        old.comment.as_deref(),
                        trigger.comment.as_deref(),
                    );
                }
            }
        }
        let bare = |policy: &Policy| Policy {
            comment: None,
            ..policy.clone()
        };
        for policy in &now.policies {
            let kept = then.policies.iter().find(|one| one.name == policy.name);
            if kept.is_none_or(|kept| bare(kept) != bare(policy)) {
                self.drop_part("POLICY", now, &policy.name, "");
            }
        }
        for policy in &then.policies {
            let old = now.policies.iter().find(|one| one.name == policy.name);
            match old.filter(|old| bare(old) == bare(policy)) {
                None => self.make_policy(then, policy),
                Some(old) => self.comment_on_part(
                    "POLICY",
                    then,
                    &policy.name,
                    old.comment.as_deref(),
                    policy.comment.as_deref(),
                ),
            }
        }
        for rule in &now.rules {
            let kept = then.rules.iter().find(|one| one.name == rule.name);
            if kept.is_none_or(|kept| kept.definition != rule.definition) {
                self.drop_part("RULE", now, &rule.name, &rule.definition);
            }
        }
        for rule in &then.rules {
            let old = now.rules.iter().find(|one| one.name == rule.name);
            match old.filter(|old| old.definition == rule.definition) {
                None => self.make_rule(then, rule),
                Some(old) => {
                    self.enable("RULE", then, &rule.name, &old.enabled, &rule.enabled);
                    self.comment_on_part(
                        "RULE",
                        then,
                        &rule.name,
                        old.comment.as_deref(),
                        rule.comment.as_deref(),
                    );
                }
            }
        }
    }

    fn drop_part(&mut self, kind: &str, table: &Relation, name: &str, definition: &str) {
        let sql = format!(
            "DROP {kind} {} ON {};",
            identifier(name),
            qualified(&table.schema, &table.name)
        );
        // A part has no name of its own that others could mention.
        self.push_drop(Rank::DropTrigger, "", "", definition.to_owned(), sql);
    }

    pub(super) fn make_trigger(&mut self, table: &Relation, trigger: &Trigger) {
        if !self.is_cloned(table, trigger, true) {
            self.push(Rank::MakeTrigger, format!("{};", trigger.definition));
            self.enable("TRIGGER", table, &trigger.name, &None, &trigger.enabled);
        }
        self.comment_on_part(
            "TRIGGER",
            table,
            &trigger.name,
            None,
            trigger.comment.as_deref(),
        );
    }

    pub(super) fn make_policy(&mut self, table: &Relation, policy: &Policy) {
        let mut sql = format!(
            "CREATE POLICY {} ON {}",
            identifier(&policy.name),
            qualified(&table.schema, &table.name)
        );
        if policy.restrictive {
            sql.push_str(" AS RESTRICTIVE");
        }
        let own = identifier(self.role);
        let roles: Vec<&str> = policy
            .roles
            .iter()
            .map(|role| {
                if *role == own {
                    "CURRENT_USER"
                } else {
                    role.as_str()
                }
            })
            .collect();
        sql.push_str(&format!(" FOR {} TO {}", policy.command, roles.join(", ")));
        if let Some(using) = &policy.using {
            sql.push_str(&format!(" USING ({using})"));
        }
        if let Some(check) = &policy.check {
            sql.push_str(&format!(" WITH CHECK ({check})"));
        }
        sql.push(';');
        self.push(Rank::MakeTrigger, sql);
        self.comment_on_part(
            "POLICY",
            table,
            &policy.name,
            None,
            policy.comment.as_deref(),
        );
    }

    pub(super) fn make_rule(&mut self, table: &Relation, rule: &Rule) {
        let end = if rule.definition.trim_end().ends_with(';') {
            ""
        } else {
            ";"
        };
        self.push(Rank::MakeTrigger, format!("{}{end}", rule.definition));
        self.enable("RULE", table, &rule.name, &None, &rule.enabled);
        self.comment_on_part("RULE", table, &rule.name, None, rule.comment.as_deref());
    }

    fn enable(
        &mut self,
        kind: &str,
        table: &Relation,
        name: &str,
        now: &Option<String>,
        then: &Option<String>,
    ) {
        if now == then {
            return;
        }
        let verb = match then.as_deref() {
            None => "ENABLE",
            Some("disabled") => "DISABLE",
            Some("replica") => "ENABLE REPLICA",
            Some(_) => "ENABLE ALWAYS",
        };
        self.push(
            Rank::Setting,
            format!(
                "ALTER TABLE {} {verb} {kind} {};",
                qualified(&table.schema, &table.name),
                identifier(name)
            ),
        );
    }
}
