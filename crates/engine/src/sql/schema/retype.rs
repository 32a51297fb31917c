//! ALTER TYPE and ALTER DOMAIN.

use super::define::constraint;
use super::{OwnType, Schema, TableName};
use crate::sql::green::segments;
use crate::sql::tree::{name, word};
use squawk_syntax::ast::{self, AstNode};
use std::sync::Arc;

impl Schema {
    pub(super) fn alter_type(&mut self, alter: &ast::AlterType) -> Option<()> {
        let named = name(alter.type_name_ref())?;
        match alter.action()? {
            ast::AlterTypeAction::AddValue(add) => {
                let label = add.literal()?.string_value()?;
                let labels = self.labels_mut(&named)?;
                if labels.contains(&label) {
                    return None;
                }
                let place = |at: Option<ast::Literal>, labels: &[String]| {
                    let other = at?.string_value()?;
                    labels.iter().position(|label| *label == other)
                };
                let at = match add.value_position() {
                    Some(ast::ValuePosition::BeforeValue(before)) => {
                        place(before.literal(), labels)
                    }
                    Some(ast::ValuePosition::AfterValue(after)) => {
                        place(after.literal(), labels).map(|at| at + 1)
                    }
                    None => None,
                };
                labels.insert(at.unwrap_or(labels.len()), label);
            }
            ast::AlterTypeAction::RenameValue(rename) => {
                let (from, to) = (rename.from()?.string_value()?, rename.to()?.string_value()?);
                for label in self.labels_mut(&named)? {
                    if *label == from {
                        label.clone_from(&to);
                    }
                }
            }
            ast::AlterTypeAction::TypeRenameTo(to) => {
                let to = TableName {
                    schema: named.schema.clone(),
                    name: segments(to.syntax()).pop()?,
                };
                self.rename_type(&named, &to)?;
            }
            ast::AlterTypeAction::SetSchema(to) => {
                let to = TableName::new(word(to.schema_ref()), named.name.clone());
                self.rename_type(&named, &to)?;
            }
            _ => {}
        }
        Some(())
    }

    fn labels_mut(&mut self, named: &TableName) -> Option<&mut Vec<String>> {
        match Arc::make_mut(self.types.get_mut(named)?) {
            OwnType::Enum(labels) => Some(labels),
            _ => None,
        }
    }

    pub(super) fn rename_type(&mut self, from: &TableName, to: &TableName) -> Option<()> {
        let own = self.types.remove(from)?;
        self.types.insert(to.clone(), own);
        if self.new.remove(from).is_some() {
            self.new.insert(to.clone(), ());
        }
        let users: Vec<TableName> = self
            .columns_of_type(from)
            .map(|(table, _)| table.clone())
            .collect();
        for table in users {
            for column in &mut self.table_mut(&table)?.columns {
                if column.sql_type.name == from.name && column.sql_type.schema == from.schema {
                    column.sql_type.name.clone_from(&to.name);
                    column.sql_type.schema.clone_from(&to.schema);
                }
            }
        }
        Some(())
    }

    pub(super) fn alter_domain(&mut self, alter: &ast::AlterDomain) -> Option<()> {
        let named = name(alter.domain_ref())?;
        use ast::AlterDomainAction as A;
        match alter.action()? {
            A::DomainRenameTo(to) => {
                let to = TableName {
                    schema: named.schema.clone(),
                    name: segments(to.syntax()).pop()?,
                };
                return self.rename_type(&named, &to);
            }
            A::SetSchema(to) => {
                let to = TableName::new(word(to.schema_ref()), named.name.clone());
                return self.rename_type(&named, &to);
            }
            action => {
                let OwnType::Domain { constraints, .. } =
                    Arc::make_mut(self.types.get_mut(&named)?)
                else {
                    return None;
                };
                match action {
                    A::AddConstraint(add) => {
                        let def = constraint(&add.constraint()?, &[])?;
                        let made = super::names::made(&named.name, "", "check");
                        constraints.push(def.name.unwrap_or(made));
                    }
                    A::SetNotNull(_) => {
                        constraints.push(super::names::made(&named.name, "", "not_null"))
                    }
                    A::DropNotNull(_) => {
                        let made = super::names::made(&named.name, "", "not_null");
                        constraints.retain(|one| *one != made);
                    }
                    A::DropConstraint(drop) => {
                        let gone = word(drop.constraint_name_ref())?;
                        constraints.retain(|one| *one != gone);
                    }
                    A::RenameConstraint(rename) => {
                        let from = word(rename.constraint_name_ref())?;
                        let to = word(rename.constraint_name())?;
                        for one in constraints {
                            if *one == from {
                                one.clone_from(&to);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        Some(())
    }
}
