//! What DROP takes away, and what goes with it.

use super::{ConstraintKind, OwnType, Schema, TableName};
use crate::sql::tree::{name, word};
use squawk_syntax::ast;

impl Schema {
    pub(super) fn drop(&mut self, statement: &ast::Stmt) -> Option<()> {
        use ast::Stmt as S;
        match statement {
            S::DropTable(drop) => {
                self.drop_all(drop.table_name_refs().filter_map(|one| name(Some(one))))
            }
            S::DropForeignTable(drop) => {
                self.drop_all(drop.table_name_refs().filter_map(|one| name(Some(one))))
            }
            S::DropView(drop) => self.drop_all(drop.view_refs().filter_map(|one| name(Some(one)))),
            S::DropMaterializedView(drop) => {
                self.drop_all(drop.view_refs().filter_map(|one| name(Some(one))))
            }
            S::DropIndex(drop) => {
                self.drop_all(drop.index_refs().filter_map(|one| name(Some(one))))
            }
            S::DropSequence(drop) => {
                self.drop_all(drop.sequence_refs().filter_map(|one| name(Some(one))))
            }
            S::DropType(drop) => {
                let types: Vec<_> = drop
                    .type_name_refs()
                    .filter_map(|one| name(Some(one)))
                    .collect();
                types.iter().for_each(|one| self.drop_type(one));
            }
            S::DropDomain(drop) => {
                let types: Vec<_> = drop
                    .domain_refs()
                    .filter_map(|one| name(Some(one)))
                    .collect();
                types.iter().for_each(|one| self.drop_type(one));
            }
            S::DropStatistics(drop) => {
                for one in drop.statistics_refs() {
                    self.statistics.remove(&name(Some(one))?);
                }
            }
            S::DropSchema(drop) => {
                for gone in drop.schema_refs().filter_map(|one| word(Some(one))) {
                    self.drop_schema(&gone);
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn drop_all(&mut self, names: impl Iterator<Item = TableName>) {
        names.for_each(|name| self.drop_relation(&name));
    }

    /// Takes a relation away with its indexes, sequences, partitions, the views that read it and foreign keys to it.
    pub(super) fn drop_relation(&mut self, gone: &TableName) {
        self.new.remove(gone);
        if self.indexes.remove(gone).is_some() || self.tables.remove(gone).is_some() {
            let who = self.dependents.remove(gone).unwrap_or_default();
            for one in &who {
                let goes = if let Some(table) = self.table(one) {
                    table.parents.contains(gone) || table.reads.contains(gone)
                } else if let Some(index) = self.index(one) {
                    index.table == *gone
                } else {
                    let owner = self
                        .sequence(one)
                        .and_then(|sequence| sequence.owner.as_ref());
                    owner.is_some_and(|(table, _)| table == gone)
                };
                if goes {
                    self.drop_relation(one);
                } else if let Some(table) = self.table_mut(one) {
                    table.constraints.retain(|constraint| {
                        !matches!(&constraint.kind, ConstraintKind::ForeignKey { table, .. } if table == gone)
                    });
                }
            }
        } else if let Some(sequence) = self.sequences.remove(gone)
            && let Some((table, column)) = &sequence.owner
            && let Some(column) = self
                .table_mut(table)
                .and_then(|table| table.column_mut(column))
        {
            column.sequence = None;
            column.default = None;
        }
    }

    pub(super) fn drop_column(&mut self, table: &TableName, gone: &str) {
        let sequence = self
            .table(table)
            .and_then(|known| known.column(gone)?.sequence.clone());
        if let Some(sequence) = sequence {
            self.sequences.remove(&sequence);
            self.new.remove(&sequence);
        }
        let indexes: Vec<TableName> = self
            .indexes_of(table)
            .filter(|(_, index)| {
                index
                    .columns
                    .iter()
                    .chain(&index.uses)
                    .any(|column| column == gone)
            })
            .map(|(name, _)| name.clone())
            .collect();
        for index in indexes {
            self.indexes.remove(&index);
            self.new.remove(&index);
        }
        if let Some(known) = self.table_mut(table) {
            known.columns.retain(|column| column.name != gone);
            known
                .constraints
                .retain(|one| !one.columns.iter().any(|column| column == gone));
        }
    }

    pub(super) fn drop_constraint(&mut self, table: &TableName, gone: &str) {
        let index = TableName {
            schema: table.schema.clone(),
            name: gone.to_owned(),
        };
        let Some(known) = self.table_mut(table) else {
            return;
        };
        let old = known.constraint(gone).cloned();
        known.constraints.retain(|one| one.name != gone);
        let Some(old) = old else {
            return;
        };
        if old.kind == ConstraintKind::NotNull {
            for column in &old.columns {
                if let Some(column) = known.column_mut(column) {
                    column.is_nullable = true;
                }
            }
        }
        if old.kind.has_index()
            && self
                .index(&index)
                .is_some_and(|index| index.table == *table)
        {
            self.indexes.remove(&index);
            self.new.remove(&index);
        }
    }

    fn drop_type(&mut self, gone: &TableName) {
        if self.types.remove(gone).is_none() {
            return;
        }
        self.new.remove(gone);
        let columns: Vec<(TableName, String)> = self
            .columns_of_type(gone)
            .map(|(table, column)| (table.clone(), column.name.clone()))
            .collect();
        for (table, column) in columns {
            self.drop_column(&table, &column);
        }
        let based: Vec<TableName> = self
            .types
            .iter()
            .filter(|(_, own)| match &***own {
                OwnType::Domain { base, .. } => {
                    base.name == gone.name && base.schema == gone.schema
                }
                _ => false,
            })
            .map(|(name, _)| name.clone())
            .collect();
        based.iter().for_each(|one| self.drop_type(one));
    }

    fn drop_schema(&mut self, gone: &str) {
        let within = |name: &&TableName| name.schema.as_deref().unwrap_or("public") == gone;
        let relations = self
            .tables
            .names()
            .chain(self.indexes.names())
            .chain(self.sequences.names());
        let all: Vec<TableName> = relations.filter(within).cloned().collect();
        let types: Vec<TableName> = self.types.names().filter(within).cloned().collect();
        all.iter().for_each(|one| self.drop_relation(one));
        types.iter().for_each(|one| self.drop_type(one));
        self.functions.retain(|name| !within(&name));
    }

    /// The relations and types of a schema, in order of name.
    pub(crate) fn within(&self, schema: &str) -> Vec<TableName> {
        let within = |name: &&TableName| name.schema.as_deref().unwrap_or("public") == schema;
        let relations = self
            .tables
            .names()
            .chain(self.indexes.names())
            .chain(self.sequences.names());
        let mut all: Vec<TableName> = relations.filter(within).cloned().collect();
        all.sort();
        all
    }
}
