//! Enums, domains, composite types and ranges.

use super::access::{Access, Grantable, Subject};
use super::op::Rank;
use super::restore::Restore;
use super::words::{object_name, qualified};
use crate::catalog::{Column, Composite, Constraint, Defined, Domain, Enum};
use crate::operation::Operation;
use crate::sql::identifier;

fn attribute(column: &Column) -> String {
    let mut text = format!("{} {}", identifier(&column.name), column.type_);
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    text
}

impl<'c> Restore<'c> {
    pub(super) fn drop_type(&mut self, schema: &str, name: &str, kind: &str) {
        let sql = match kind {
            "DOMAIN" => format!("DROP DOMAIN {};", qualified(schema, name)),
            _ => Operation::DropType(object_name(schema, name)).to_string(),
        };
        self.push_drop(Rank::DropType, schema, name, String::new(), sql);
    }

    pub(super) fn type_access(
        &mut self,
        kind: &str,
        name: &str,
        now: Option<Access<'_>>,
        then: Access<'_>,
    ) {
        let subject = Subject {
            kind,
            name,
            grantable: Some(Grantable::Type),
        };
        match now {
            Some(now) => self.access(subject, now, then),
            None => self.access_of_new(subject, then),
        }
    }

    pub(super) fn make_enum(&mut self, it: &'c Enum) {
        let create = Operation::CreateEnum {
            name: object_name(&it.schema, &it.name),
            labels: it.labels.clone(),
        };
        self.push_make(Rank::MakeType, &it.schema, &it.name, create.to_string());
        let name = qualified(&it.schema, &it.name);
        self.type_access("TYPE", &name, None, enum_access(it));
    }

    pub(super) fn make_composite(&mut self, it: &'c Composite) {
        let name = qualified(&it.schema, &it.name);
        let columns: Vec<String> = it.columns.iter().map(attribute).collect();
        self.push_make(
            Rank::MakeType,
            &it.schema,
            &it.name,
            format!("CREATE TYPE {name} AS ({});", columns.join(", ")),
        );
        for column in &it.columns {
            let subject = Subject {
                kind: "COLUMN",
                name: &format!("{name}.{}", identifier(&column.name)),
                grantable: None,
            };
            self.comment(subject, None, column.comment.as_deref());
        }
        self.type_access("TYPE", &name, None, composite_access(it));
    }

    pub(super) fn alter_composite(&mut self, now: &'c Composite, then: &'c Composite) {
        let name = qualified(&then.schema, &then.name);
        for column in &now.columns {
            if !then.columns.iter().any(|one| one.name == column.name) {
                self.push(
                    Rank::DropColumn,
                    format!(
                        "ALTER TYPE {name} DROP ATTRIBUTE {};",
                        identifier(&column.name)
                    ),
                );
            }
        }
        for column in &then.columns {
            let own = identifier(&column.name);
            let old = now.columns.iter().find(|one| one.name == column.name);
            match old {
                None => {
                    if then.columns.last().map(|last| &last.name) != Some(&column.name) {
                        self.miss(format!("the place of {name}.{own}: it comes last."));
                    }
                    self.push(
                        Rank::Column,
                        format!("ALTER TYPE {name} ADD ATTRIBUTE {};", attribute(column)),
                    );
                }
                Some(old) if (&old.type_, &old.collation) != (&column.type_, &column.collation) => {
                    let collation = match (&old.collation, &column.collation) {
                        (_, Some(collation)) => format!(" COLLATE {collation}"),
                        (Some(_), None) => " COLLATE pg_catalog.\"default\"".to_owned(),
                        (None, None) => String::new(),
                    };
                    self.push(
                        Rank::Column,
                        format!(
                            "ALTER TYPE {name} ALTER ATTRIBUTE {own} TYPE {}{collation};",
                            column.type_
                        ),
                    );
                }
                Some(_) => {}
            }
            let subject = Subject {
                kind: "COLUMN",
                name: &format!("{name}.{own}"),
                grantable: None,
            };
            let before = old.and_then(|old| old.comment.as_deref());
            self.comment(subject, before, column.comment.as_deref());
        }
        self.type_access(
            "TYPE",
            &name,
            Some(composite_access(now)),
            composite_access(then),
        );
    }

    pub(super) fn make_domain(&mut self, it: &'c Domain) {
        let name = qualified(&it.schema, &it.name);
        let mut sql = format!("CREATE DOMAIN {name} AS {}", it.type_);
        if let Some(collation) = &it.collation {
            sql.push_str(&format!(" COLLATE {collation}"));
        }
        if let Some(default) = &it.default {
            sql.push_str(&format!(" DEFAULT {default}"));
        }
        if it.not_null {
            sql.push_str(" NOT NULL");
        }
        for constraint in it.constraints.iter().filter(|one| !one.not_valid) {
            sql.push_str(&format!(
                " CONSTRAINT {} {}",
                identifier(&constraint.name),
                constraint.definition
            ));
        }
        sql.push(';');
        self.push_make(Rank::MakeType, &it.schema, &it.name, sql);
        for constraint in &it.constraints {
            if constraint.not_valid {
                self.add_to_domain(&name, constraint);
            } else {
                self.comment_in_domain(&name, constraint, None);
            }
        }
        self.type_access("DOMAIN", &name, None, domain_access(it));
    }

    fn add_to_domain(&mut self, domain: &str, constraint: &Constraint) {
        self.push(
            Rank::Constraint,
            format!(
                "ALTER DOMAIN {domain} ADD CONSTRAINT {} {};",
                identifier(&constraint.name),
                constraint.definition
            ),
        );
        self.comment_in_domain(domain, constraint, None);
    }

    fn comment_in_domain(&mut self, domain: &str, constraint: &Constraint, now: Option<&str>) {
        let subject = Subject {
            kind: "CONSTRAINT",
            name: &format!("{} ON DOMAIN {domain}", identifier(&constraint.name)),
            grantable: None,
        };
        self.comment(subject, now, constraint.comment.as_deref());
    }

    pub(super) fn alter_domain(&mut self, now: &'c Domain, then: &'c Domain) {
        let name = qualified(&then.schema, &then.name);
        if (&now.type_, &now.collation) != (&then.type_, &then.collation) {
            self.miss(format!("that {name} was a domain over {}.", then.type_));
        }
        if now.default != then.default {
            let what = then.default.as_ref().map_or_else(
                || "DROP DEFAULT".to_owned(),
                |default| format!("SET DEFAULT {default}"),
            );
            self.push(Rank::Setting, format!("ALTER DOMAIN {name} {what};"));
        }
        if now.not_null != then.not_null {
            let verb = if then.not_null { "SET" } else { "DROP" };
            self.push(
                Rank::Constraint,
                format!("ALTER DOMAIN {name} {verb} NOT NULL;"),
            );
        }
        let bare = |one: &Constraint| (one.name.clone(), one.definition.clone(), one.not_valid);
        for constraint in &now.constraints {
            if !then
                .constraints
                .iter()
                .any(|one| bare(one) == bare(constraint))
            {
                self.push(
                    Rank::DropConstraint,
                    format!(
                        "ALTER DOMAIN {name} DROP CONSTRAINT {};",
                        identifier(&constraint.name)
                    ),
                );
            }
        }
        for constraint in &then.constraints {
            let old = now
                .constraints
                .iter()
                .find(|one| bare(one) == bare(constraint));
            match old {
                None => self.add_to_domain(&name, constraint),
                Some(old) if old.comment != constraint.comment => {
                    self.comment_in_domain(&name, constraint, old.comment.as_deref());
                }
                Some(_) => {}
            }
        }
        self.type_access(
            "DOMAIN",
            &name,
            Some(domain_access(now)),
            domain_access(then),
        );
    }

    pub(super) fn make_range(&mut self, it: &'c Defined) {
        let name = qualified(&it.schema, &it.name);
        let Some(options) = range_options(&it.definition) else {
            self.miss(format!("range type {name}: create it again by hand."));
            return;
        };
        self.push_make(
            Rank::MakeType,
            &it.schema,
            &it.name,
            format!("CREATE TYPE {name} AS RANGE ({options});"),
        );
        self.type_access("TYPE", &name, None, range_access(it));
    }

    pub(super) fn alter_range(&mut self, now: &'c Defined, then: &'c Defined) {
        let name = qualified(&then.schema, &then.name);
        if now.definition != then.definition {
            self.miss(format!("what range type {name} was: {}.", then.definition));
        }
        self.type_access("TYPE", &name, Some(range_access(now)), range_access(then));
    }
}

/// The options of a range, from what the catalog has of it. One with functions of its own is not made again: a canonical
/// function has to be there before the type and takes it as its argument.
fn range_options(definition: &str) -> Option<String> {
    let (subtype, rest) = definition
        .strip_prefix("subtype ")?
        .split_once(" opclass ")?;
    let (_, functions) = rest.split_once("canonical ")?;
    let mut words = functions.split(' ');
    let (canonical, _, difference) = (words.next()?, words.next()?, words.next()?);
    if canonical != "-" {
        return None;
    }
    let mut options = format!("subtype = {subtype}");
    let class = rest.split(' ').next()?;
    options.push_str(&format!(", subtype_opclass = {}", identifier(class)));
    if let Some((_, collation)) = rest.split_once(" collation ") {
        let collation = collation.split(' ').next()?;
        options.push_str(&format!(", collation = {}", identifier(collation)));
    }
    if difference != "-" {
        options.push_str(&format!(", subtype_diff = {difference}"));
    }
    if let Some((_, multirange)) = definition.split_once(" multirange ") {
        options.push_str(&format!(", multirange_type_name = {multirange}"));
    }
    Some(options)
}

pub fn enum_access(it: &Enum) -> Access<'_> {
    Access {
        owner: &it.owner,
        grants: it.grants.as_deref(),
        comment: it.comment.as_deref(),
    }
}

fn composite_access(it: &Composite) -> Access<'_> {
    Access {
        owner: &it.owner,
        grants: it.grants.as_deref(),
        comment: it.comment.as_deref(),
    }
}

fn domain_access(it: &Domain) -> Access<'_> {
    Access {
        owner: &it.owner,
        grants: it.grants.as_deref(),
        comment: it.comment.as_deref(),
    }
}

fn range_access(it: &Defined) -> Access<'_> {
    Access {
        owner: &it.owner,
        grants: it.grants.as_deref(),
        comment: it.comment.as_deref(),
    }
}
