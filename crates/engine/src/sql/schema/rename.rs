//! Other names and schemas for relations, everywhere where they stand.

use super::{Column, ConstraintKind, Schema, TableName};
use std::sync::Arc;

impl Schema {
    /// SET SCHEMA: indexes and owned sequences go along.
    pub(super) fn move_relation(&mut self, from: &TableName, to: &TableName) {
        let with: Vec<TableName> = self
            .indexes_of(from)
            .map(|(name, _)| name)
            .chain(self.sequences_of(from).map(|(name, _)| name))
            .cloned()
            .collect();
        self.rename_relation(from, to.clone());
        for one in with {
            let moved = TableName {
                schema: to.schema.clone(),
                name: one.name.clone(),
            };
            self.rename_relation(&one, moved);
        }
    }

    pub(super) fn rename_schema(&mut self, from: &str, to: String) -> Option<()> {
        let within = |name: &&TableName| name.schema.as_deref().unwrap_or("public") == from;
        let relations = self
            .tables
            .names()
            .chain(self.indexes.names())
            .chain(self.sequences.names());
        let all: Vec<TableName> = relations.filter(within).cloned().collect();
        let types: Vec<TableName> = self.types.names().filter(within).cloned().collect();
        for one in all {
            let moved = TableName::new(Some(to.clone()), one.name.clone());
            self.rename_relation(&one, moved);
        }
        for one in types {
            let moved = TableName::new(Some(to.clone()), one.name.clone());
            self.rename_type(&one, &moved);
        }
        Some(())
    }

    /// Gives a relation another name, everywhere.
    pub(super) fn rename_relation(&mut self, from: &TableName, to: TableName) {
        let swap = |name: &mut TableName| {
            if name == from {
                *name = to.clone();
            }
        };
        if self.new.remove(from).is_some() {
            self.new.insert(to.clone(), ());
        }
        let who = self.dependents.remove(from).unwrap_or_default();
        for one in &who {
            if let Some(table) = self.tables.get_mut(one).map(Arc::make_mut) {
                table.parents.iter_mut().for_each(swap);
                table.reads.iter_mut().for_each(swap);
                for constraint in &mut table.constraints {
                    if let ConstraintKind::ForeignKey { table, .. } = &mut constraint.kind {
                        swap(table);
                    }
                }
            } else if let Some(index) = self.indexes.get_mut(one) {
                swap(&mut Arc::make_mut(index).table);
            } else if let Some(sequence) = self.sequences.get_mut(one)
                && let Some((table, _)) = &mut Arc::make_mut(sequence).owner
            {
                swap(table);
            }
        }
        self.dependents.entry(&to).extend(who);
        if let Some(table) = self.tables.remove(from) {
            let keys = table.foreign_keys().map(|(_, other)| other);
            let on: Vec<TableName> = table
                .parents
                .iter()
                .chain(&table.reads)
                .chain(keys)
                .cloned()
                .collect();
            for other in on {
                self.depend(&other, &to);
            }
            self.tables.insert(to, table);
        } else if let Some(index) = self.indexes.remove(from) {
            self.depend(&index.table.clone(), &to);
            self.indexes.insert(to, index);
        } else if let Some(sequence) = self.sequences.remove(from) {
            if let Some((table, column)) = sequence.owner.clone() {
                self.depend(&table, &to);
                let known = self
                    .table_mut(&table)
                    .and_then(|table| table.column_mut(&column));
                if let Some(Column {
                    sequence: Some(own),
                    ..
                }) = known
                {
                    *own = to.clone();
                }
            }
            self.sequences.insert(to, sequence);
        }
    }
}
