//! What ALTER changes.

use super::define::{column, constraint};
use super::{ConstraintKind, Persistence, Schema, SqlType, TableKind, TableName};
use crate::sql::green::segments;
use crate::sql::tree::{child, name, text, word};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::sync::Arc;

impl Schema {
    pub(super) fn alter(&mut self, statement: &ast::Stmt) -> Option<()> {
        use ast::Stmt as S;
        match statement {
            S::AlterTable(alter) => {
                let table = name(alter.table_relation_name()?.table_name_ref())?;
                self.alter_relation(&table, alter.actions())
            }
            S::AlterForeignTable(alter) => {
                let table = name(alter.table_relation_name()?.table_name_ref())?;
                self.alter_relation(&table, alter.actions())
            }
            S::AlterMaterializedView(alter) => {
                self.alter_name(&name(alter.view_ref())?, alter.syntax())
            }
            S::AlterView(alter) => self.alter_name(&name(alter.view_ref())?, alter.syntax()),
            S::AlterIndex(alter) => {
                let index = name(alter.index_ref())?;
                if let Some(ast::AlterIndexAction::AttachIndexPartition(_)) = alter.action() {
                    // It is valid once every partition has one; which those are is not kept.
                    Arc::make_mut(self.indexes.get_mut(&index)?).is_valid = true;
                }
                self.alter_name(&index, alter.syntax())
            }
            S::AlterSequence(alter) => {
                let sequence = name(alter.sequence_ref())?;
                self.own_sequence(&sequence, alter.syntax());
                self.alter_name(&sequence, alter.syntax())
            }
            S::AlterType(alter) => self.alter_type(alter),
            S::AlterDomain(alter) => self.alter_domain(alter),
            S::AlterSchema(alter) => {
                let Some(ast::AlterSchemaAction::SchemaRenameTo(to)) = alter.action() else {
                    return None;
                };
                self.rename_schema(&word(alter.schema_ref())?, word(to.schema())?)
            }
            _ => None,
        }
    }

    fn alter_relation(
        &mut self,
        table: &TableName,
        actions: ast::AstChildren<ast::AlterTableAction>,
    ) -> Option<()> {
        let mut table = table.clone();
        for action in actions {
            if let Some(moved) = self.action(&table, &action) {
                table = moved;
            }
        }
        Some(())
    }

    fn family(&self, table: &TableName) -> Vec<TableName> {
        let mut all = vec![table.clone()];
        all.extend(self.descendants(table));
        all
    }

    /// Takes in one action; gives the table's new name where it has one.
    fn action(&mut self, table: &TableName, action: &ast::AlterTableAction) -> Option<TableName> {
        use ast::AlterTableAction as A;
        match action {
            A::TableRenameTo(to) => {
                let to = TableName {
                    schema: table.schema.clone(),
                    name: word(to.table_name())?,
                };
                self.rename_relation(table, to.clone());
                return Some(to);
            }
            A::SetSchema(to) => {
                let to = TableName::new(word(to.schema_ref()), table.name.clone());
                self.move_relation(table, &to);
                return Some(to);
            }
            A::AddColumn(add) => {
                let def = column(add.syntax())?;
                for one in self.family(table) {
                    self.add_column(&one, def.clone());
                }
            }
            A::DropColumn(drop) => {
                let gone = word(drop.column_name_ref())?;
                for one in self.family(table) {
                    self.drop_column(&one, &gone);
                }
            }
            A::RenameColumn(rename) => {
                let from = word(rename.column_name_ref())?;
                let to = word(rename.column_name())?;
                for one in self.family(table) {
                    self.rename_column(&one, &from, &to);
                }
            }
            A::AlterColumn(alter) => {
                let named = word(alter.column_name_ref())?;
                let option = alter.option()?;
                for one in self.family(table) {
                    self.alter_column(&one, &named, &option);
                }
            }
            A::AddConstraint(add) => {
                let def = constraint(&add.constraint()?, &[])?;
                let to_children = match def.kind {
                    ConstraintKind::Check(_) | ConstraintKind::NotNull => !def.is_local,
                    _ => self.table(table)?.kind == TableKind::Partitioned,
                };
                let all = if to_children {
                    self.family(table)
                } else {
                    vec![table.clone()]
                };
                for one in all {
                    self.add_constraint(&one, def.clone());
                }
            }
            A::DropConstraint(drop) => {
                let gone = word(drop.constraint_name_ref())?;
                for one in self.family(table) {
                    self.drop_constraint(&one, &gone);
                }
            }
            A::RenameConstraint(rename) => {
                let from = word(rename.constraint_name_ref())?;
                let to = word(rename.constraint_name())?;
                let index = TableName {
                    schema: table.schema.clone(),
                    name: from.clone(),
                };
                if self
                    .index(&index)
                    .is_some_and(|index| index.table == *table)
                {
                    let to = TableName {
                        name: to.clone(),
                        ..index.clone()
                    };
                    self.rename_relation(&index, to);
                }
                for one in self.family(table) {
                    let known = self.table_mut(&one)?;
                    for constraint in &mut known.constraints {
                        if constraint.name == from {
                            constraint.name.clone_from(&to);
                        }
                    }
                }
            }
            A::ValidateConstraint(validate) => {
                let valid = word(validate.constraint_name_ref())?;
                for one in self.family(table) {
                    let known = self.table_mut(&one)?;
                    let mut columns = Vec::new();
                    for constraint in &mut known.constraints {
                        if constraint.name == valid {
                            constraint.is_validated = true;
                            if constraint.kind == ConstraintKind::NotNull {
                                columns.clone_from(&constraint.columns);
                            }
                        }
                    }
                    for column in columns {
                        if let Some(column) = known.column_mut(&column) {
                            column.is_nullable = false;
                        }
                    }
                }
            }
            A::AttachPartition(attach) => {
                let partition = name(attach.table_name_ref())?;
                let is_default = matches!(
                    attach.partition_type(),
                    Some(ast::PartitionType::PartitionDefault(_))
                );
                self.depend(table, &partition);
                if let Some(known) = self.table_mut(&partition) {
                    known.parents = vec![table.clone()];
                    known.is_default_partition = is_default;
                }
            }
            A::DetachPartition(detach) => {
                let partition = name(detach.table_name_ref())?;
                let known = self.table_mut(&partition)?;
                known.parents.clear();
                known.is_default_partition = false;
            }
            A::InheritTable(inherit) => {
                let parent = name(inherit.table_name_ref())?;
                self.depend(&parent, table);
                self.table_mut(table)?.parents.push(parent);
            }
            A::NoInheritTable(inherit) => {
                let parent = name(inherit.table_name_ref())?;
                self.table_mut(table)?.parents.retain(|one| *one != parent);
            }
            A::SetLogged(_) => self.table_mut(table)?.persistence = Persistence::Permanent,
            A::SetUnlogged(_) => self.table_mut(table)?.persistence = Persistence::Unlogged,
            _ => {}
        }
        None
    }

    fn alter_column(
        &mut self,
        table: &TableName,
        named: &str,
        option: &ast::AlterColumnOption,
    ) -> Option<()> {
        use ast::AlterColumnOption as O;
        if let O::AddGenerated(_) = option {
            let sequence = self.free_relation(table, named, "seq");
            self.add_sequence(sequence.clone(), Some((table.clone(), named.to_owned())));
            let column = self.table_mut(table)?.column_mut(named)?;
            column.is_identity = true;
            column.sequence = Some(sequence);
            return Some(());
        }
        let column = self.table_mut(table)?.column_mut(named)?;
        match option {
            O::SetDefault(set) => column.default = set.expr().map(|default| text(default.syntax())),
            O::DropDefault(_) => column.default = None,
            O::SetNotNull(_) => column.is_nullable = false,
            O::DropNotNull(_) => column.is_nullable = true,
            O::DropExpression(_) => column.generated = None,
            O::SetType(set) => {
                column.written = text(set.ty()?.syntax());
                column.sql_type = SqlType::read(&column.written);
            }
            O::DropIdentity(_) => {
                column.is_identity = false;
                let sequence = column.sequence.take()?;
                self.sequences.remove(&sequence);
            }
            _ => {}
        }
        Some(())
    }

    fn rename_column(&mut self, table: &TableName, from: &str, to: &str) {
        let swap = |columns: &mut Vec<String>| {
            for column in columns {
                if column == from {
                    to.clone_into(column);
                }
            }
        };
        if let Some(known) = self.table_mut(table) {
            if let Some(column) = known.column_mut(from) {
                to.clone_into(&mut column.name);
            }
            for constraint in &mut known.constraints {
                swap(&mut constraint.columns);
                if let ConstraintKind::Check(expression) = &mut constraint.kind {
                    *expression = crate::sql::effect::expression::renamed(expression, from, to);
                }
            }
            swap(&mut known.partition_key);
        }
        let indexes: Vec<TableName> = self
            .indexes_of(table)
            .map(|(name, _)| name.clone())
            .collect();
        for index in indexes {
            if let Some(index) = self.indexes.get_mut(&index) {
                let index = Arc::make_mut(index);
                swap(&mut index.columns);
                swap(&mut index.uses);
            }
        }
        let sequences: Vec<TableName> = self
            .sequences_of(table)
            .filter(|(_, column)| *column == from)
            .map(|(name, _)| name.clone())
            .collect();
        for sequence in sequences {
            if let Some(sequence) = self.sequences.get_mut(&sequence) {
                Arc::make_mut(sequence).owner = Some((table.clone(), to.to_owned()));
            }
        }
    }

    /// RENAME TO, RENAME COLUMN and SET SCHEMA of what is no table.
    fn alter_name(&mut self, relation: &TableName, node: &SyntaxNode) -> Option<()> {
        if let Some(rename) = child::<ast::RenameColumn>(node) {
            let from = word(rename.column_name_ref())?;
            let to = word(rename.column_name())?;
            self.rename_column(relation, &from, &to);
        }
        if let Some(set) = child::<ast::SetSchema>(node) {
            let to = TableName::new(word(set.schema_ref()), relation.name.clone());
            self.move_relation(relation, &to);
            return Some(());
        }
        let renames = [
            child::<ast::ViewRenameTo>(node).map(|to| to.syntax().clone()),
            child::<ast::IndexRenameTo>(node).map(|to| to.syntax().clone()),
            child::<ast::SequenceRenameTo>(node).map(|to| to.syntax().clone()),
        ];
        let to = renames.into_iter().flatten().next()?;
        let to = TableName {
            schema: relation.schema.clone(),
            name: segments(&to).pop()?,
        };
        // An index that carries a constraint takes it along.
        if let Some(index) = self.index(relation) {
            let table = index.table.clone();
            if let Some(known) = self.table_mut(&table) {
                for constraint in &mut known.constraints {
                    if constraint.kind.has_index() && constraint.name == relation.name {
                        constraint.name.clone_from(&to.name);
                    }
                }
            }
        }
        self.rename_relation(relation, to);
        Some(())
    }

    /// OWNED BY of CREATE and ALTER SEQUENCE.
    pub(super) fn own_sequence(&mut self, sequence: &TableName, node: &SyntaxNode) -> Option<()> {
        let owned = child::<ast::OptionOwnedBy>(node)?;
        let owner = match owned.owned_by_target()? {
            ast::OwnedByTarget::OwnedByNone(_) => None,
            ast::OwnedByTarget::QualifiedColumnNameRef(column) => {
                Some(table_column(column.syntax())?)
            }
        };
        if let Some((table, column)) = &owner {
            self.depend(table, sequence);
            let known = self
                .table_mut(table)
                .and_then(|table| table.column_mut(column));
            if let Some(column) = known {
                column.sequence = Some(sequence.clone());
            }
        }
        Arc::make_mut(self.sequences.get_mut(sequence)?).owner = owner;
        Some(())
    }
}

/// The table and the column that `table.column` or `schema.table.column` names.
pub(crate) fn table_column(node: &SyntaxNode) -> Option<(TableName, String)> {
    let mut parts = segments(node);
    let column = parts.pop()?;
    let table = parts.pop()?;
    Some((TableName::new(parts.pop(), table), column))
}
