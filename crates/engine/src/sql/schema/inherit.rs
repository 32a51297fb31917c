//! INHERITS, PARTITION OF and LIKE: what a table takes from others.

use super::define::ColumnDef;
use super::{Column, Constraint, ConstraintKind, Index, Schema, TableKind, TableName};
use crate::sql::green;
use crate::sql::tree::name;
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode};

impl Schema {
    /// Gives `table` the columns and constraints of a table that it inherits from.
    pub(super) fn inherit(&mut self, table: &TableName, parent: &TableName) {
        let Some(from) = self.tables.get(parent).cloned() else {
            return;
        };
        let Some(into) = self.table_mut(table) else {
            return;
        };
        for column in &from.columns {
            if into.column(&column.name).is_none() {
                into.columns.push(Column {
                    sequence: None,
                    ..column.clone()
                });
            }
        }
        let partition = from.kind == TableKind::Partitioned;
        let mut refers = Vec::new();
        for one in &from.constraints {
            let inherits = match &one.kind {
                ConstraintKind::Check(_) | ConstraintKind::NotNull => true,
                ConstraintKind::ForeignKey { table, .. } => {
                    if partition {
                        refers.push(table.clone());
                    }
                    partition
                }
                _ => false,
            };
            if inherits && into.constraint(&one.name).is_none() {
                into.constraints.push(one.clone());
            }
        }
        for other in refers {
            self.depend(&other, table);
        }
    }

    /// Gives a partition the indexes of its parent, under names of its own.
    pub(super) fn copy_indexes(&mut self, table: &TableName, parent: &TableName) {
        let indexes: Vec<(TableName, Index)> = self
            .indexes_of(parent)
            .map(|(name, index)| (name.clone(), index.clone()))
            .collect();
        for (old, index) in indexes {
            let of = self
                .table(parent)
                .and_then(|parent| parent.constraint(&old.name))
                .cloned();
            let label = match of.as_ref().map(|of| &of.kind) {
                Some(ConstraintKind::PrimaryKey) => "pkey",
                Some(ConstraintKind::Unique) => "key",
                Some(ConstraintKind::Exclude) => "excl",
                _ => "idx",
            };
            let second = match label {
                "pkey" => String::new(),
                _ => index.columns.join("_"),
            };
            let made = self.free_relation(table, &second, label);
            if let (Some(of), Some(table)) = (of, self.table_mut(table)) {
                table.constraints.push(Constraint {
                    name: made.name.clone(),
                    ..of
                });
            }
            self.add_index(
                made,
                Index {
                    table: table.clone(),
                    ..index
                },
            );
        }
    }

    pub(super) fn like(&mut self, table: &TableName, like: &ast::LikeClause) {
        let from = name(like.relation_name_ref());
        let Some((parent, from)) =
            from.and_then(|from| Some((from.clone(), self.tables.get(&from)?.clone())))
        else {
            return;
        };
        let including = |kind: SyntaxKind| {
            like.like_options().any(|option| match option {
                ast::LikeOption::IncludingProperty(option) => green::has(option.syntax(), |own| {
                    own == kind || own == SyntaxKind::PROPERTY_ALL
                }),
                ast::LikeOption::ExcludingProperty(_) => false,
            })
        };
        for column in &from.columns {
            let keep = including(SyntaxKind::PROPERTY_DEFAULTS);
            let identity = column.is_identity && including(SyntaxKind::PROPERTY_IDENTITY);
            let def = ColumnDef {
                column: Column {
                    default: column.default.clone().filter(|_| keep),
                    generated: column
                        .generated
                        .filter(|_| including(SyntaxKind::PROPERTY_GENERATED)),
                    is_identity: identity,
                    sequence: None,
                    ..column.clone()
                },
                has_sequence: identity,
                ..ColumnDef::default()
            };
            self.add_column(table, def);
        }
        if including(SyntaxKind::PROPERTY_CONSTRAINTS)
            && let Some(table) = self.table_mut(table)
        {
            let checks = from
                .constraints
                .iter()
                .filter(|one| matches!(one.kind, ConstraintKind::Check(_)));
            table.constraints.extend(checks.cloned());
        }
        if including(SyntaxKind::PROPERTY_INDEXES) {
            self.copy_indexes(table, &parent);
        }
    }
}
