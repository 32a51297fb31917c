//! INSERT, UPDATE, DELETE, MERGE, COPY and TRUNCATE.

use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, Loss, ObjectKind, WorkKind, expression};
use crate::lock::LockMode;
use crate::sql::green;
use crate::sql::schema::define::columns_of;
use crate::sql::schema::{ConstraintKind, TableKind, TableName};
use crate::sql::tree::{child, has, name, name_of, text, word};
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};
use std::collections::BTreeSet;

fn is_write(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::INSERT | SyntaxKind::UPDATE | SyntaxKind::DELETE | SyntaxKind::MERGE
    )
}

/// The relations that the statements in a node write.
pub(super) fn targets(node: &SyntaxNode) -> Vec<TableName> {
    green::nodes(node, is_write)
        .filter_map(|inner| match inner.kind() {
            SyntaxKind::INSERT => name(child::<ast::RelationNameRef>(&inner)),
            SyntaxKind::UPDATE | SyntaxKind::DELETE => name(child::<ast::RelationName>(&inner)),
            SyntaxKind::MERGE => name(child::<ast::TableRelationName>(&inner)),
            _ => None,
        })
        .collect()
}

impl Reading<'_> {
    /// Notes what the INSERT, UPDATE, DELETE and MERGE in a node do, those in a WITH among them, and what they read.
    pub fn writes(&mut self, node: &SyntaxNode) {
        for inner in green::nodes(node, is_write) {
            // What is missing in one leaves what is known of it.
            let _ = match inner.kind() {
                SyntaxKind::INSERT => ast::Insert::cast(inner).and_then(|one| self.insert(&one)),
                SyntaxKind::UPDATE => ast::Update::cast(inner).and_then(|one| self.update(&one)),
                SyntaxKind::DELETE => ast::Delete::cast(inner).and_then(|one| self.delete(&one)),
                SyntaxKind::MERGE => ast::Merge::cast(inner).and_then(|one| self.merge(&one)),
                _ => None,
            };
        }
        self.queries(node, Kind::Select);
    }

    /// Notes the lock and the work of a write, on the table behind a view, too.
    fn write(&mut self, kind: Kind, relation: &TableName, only: bool) -> TableName {
        self.kind(kind);
        let object = self.kind_of(relation);
        self.touch(Action::Write, object, relation.clone(), None);
        let mut table = relation.clone();
        let mut seen = BTreeSet::new();
        while let Some(view) = self.schema.table(&table) {
            let behind = match (view.kind, view.reads.as_slice()) {
                (TableKind::View, [one]) => one.clone(),
                _ => break,
            };
            if !seen.insert(table.clone()) {
                break;
            }
            self.lock_in(LockMode::RowExclusive, &table);
            table = behind;
        }
        for one in self.family(kind, &table, only) {
            self.lock(kind, Role::Target, &one);
            if !self.is_partitioned(&one) {
                self.work(&one, WorkKind::Rows, true);
            }
        }
        if kind == Kind::Insert || kind == Kind::CopyFrom {
            // Rows go to those partitions that they belong in, which only the rows tell.
            let parts = self.schema.descendants(&table);
            if self.is_partitioned(&table) {
                for part in parts {
                    self.lock(kind, Role::Target, &part);
                }
                self.work(&table, WorkKind::Rows, false);
            }
        }
        table
    }

    /// Foreign keys of the columns that are written look at the other table.
    fn check_keys(&mut self, kind: Kind, table: &TableName, written: Option<&[String]>) {
        let Some(known) = self.schema.table(table) else {
            return;
        };
        let is_written = |columns: &[String]| {
            written.is_none_or(|written| columns.iter().any(|column| written.contains(column)))
        };
        let others: Vec<TableName> = known
            .foreign_keys()
            .filter(|(key, _)| key.is_enforced && is_written(&key.columns))
            .map(|(_, other)| other.clone())
            .collect();
        for other in others {
            self.lock(kind, Role::Referenced, &other);
            self.touch(Action::Read, ObjectKind::Table, other, None);
        }
    }

    /// Sequences whose values the columns that are left out take.
    fn take_values(&mut self, kind: Kind, table: &TableName, given: &dyn Fn(usize, &str) -> bool) {
        let Some(known) = self.schema.table(table) else {
            return;
        };
        let mut sequences = Vec::new();
        for (at, column) in known.columns.iter().enumerate() {
            if given(at, &column.name) {
                continue;
            }
            let of_default = column
                .default
                .as_deref()
                .and_then(expression::sequence_of_default);
            let own = column.sequence.clone().filter(|_| column.default.is_none());
            sequences.extend(of_default.or(own));
        }
        for sequence in sequences {
            self.lock(kind, Role::Sequence, &sequence);
        }
    }

    fn insert(&mut self, insert: &ast::Insert) -> Option<()> {
        let relation = name(insert.relation_name_ref())?;
        let table = self.write(Kind::Insert, &relation, false);
        let listed = insert
            .column_target_list()
            .map(|list| columns_of(list.syntax()));
        self.check_keys(Kind::Insert, &table, listed.as_deref());
        let count = insert
            .insert_source()
            .map(|source| given(&source))
            .unwrap_or_default();
        let says_default = insert
            .insert_source()
            .is_some_and(|source| has_default(source.syntax()));
        match listed {
            Some(columns) if !says_default => {
                self.take_values(Kind::Insert, &table, &|_, name| {
                    columns.iter().any(|column| column == name)
                });
            }
            None if !says_default => self.take_values(Kind::Insert, &table, &|at, _| at < count),
            _ => self.take_values(Kind::Insert, &table, &|_, _| false),
        }
        if let Some(ast::ConflictAction::ConflictDoUpdateSet(set)) = insert
            .on_conflict_clause()
            .and_then(|clause| clause.conflict_action())
        {
            let columns = set_columns(set.syntax());
            self.check_keys(Kind::Update, &table, Some(&columns));
        }
        Some(())
    }

    fn update(&mut self, update: &ast::Update) -> Option<()> {
        let relation = update.relation_name()?;
        let only = has(relation.syntax(), SyntaxKind::ONLY_KW);
        let table = self.write(Kind::Update, &name_of(relation.syntax())?, only);
        let columns = set_columns(update.set_clause()?.syntax());
        self.check_keys(Kind::Update, &table, Some(&columns));
        self.check_referencing(Kind::Delete, &table, Some(&columns));
        Some(())
    }

    fn delete(&mut self, delete: &ast::Delete) -> Option<()> {
        let relation = delete.relation_name()?;
        let only = has(relation.syntax(), SyntaxKind::ONLY_KW);
        let named = name_of(relation.syntax())?;
        let table = self.write(Kind::Delete, &named, only);
        self.lose(Loss::Rows(named));
        self.check_referencing(Kind::Delete, &table, None);
        Some(())
    }

    /// Deleting a row, or changing its key, looks for rows that refer to it, and those that cascade are written.
    fn check_referencing(&mut self, kind: Kind, table: &TableName, written: Option<&[String]>) {
        let primary: Vec<String> = self
            .schema
            .table(table)
            .into_iter()
            .flat_map(|known| &known.constraints)
            .filter(|constraint| constraint.kind == ConstraintKind::PrimaryKey)
            .flat_map(|constraint| constraint.columns.clone())
            .collect();
        let mut found = Vec::new();
        for (other, key) in self.schema.referencing(table) {
            if let ConstraintKind::ForeignKey {
                columns, cascades, ..
            } = &key.kind
            {
                let keys = if columns.is_empty() {
                    &primary
                } else {
                    columns
                };
                let touched =
                    written.is_none_or(|written| keys.iter().any(|key| written.contains(key)));
                if touched && key.is_enforced {
                    found.push((other.clone(), *cascades && written.is_none()));
                }
            }
        }
        for (other, cascades) in found {
            if cascades {
                self.kind(Kind::CascadedWrite);
                self.lock(Kind::CascadedWrite, Role::Referencing, &other);
                self.touch(Action::Write, ObjectKind::Table, other.clone(), None);
                self.work(&other, WorkKind::Rows, false);
            } else {
                self.lock(kind, Role::Referencing, &other);
                self.touch(Action::Read, ObjectKind::Table, other, None);
            }
        }
    }

    fn merge(&mut self, merge: &ast::Merge) -> Option<()> {
        let relation = merge.table_relation_name()?;
        let only = has(relation.syntax(), SyntaxKind::ONLY_KW);
        let named = name_of(relation.syntax())?;
        let table = self.write(Kind::Merge, &named, only);
        if merge.returning_clause().is_some() {
            self.since(17);
        }
        let any = |kind: SyntaxKind| green::has(merge.syntax(), |own| own == kind);
        if any(SyntaxKind::MERGE_INSERT) {
            self.check_keys(Kind::Merge, &table, None);
        }
        if any(SyntaxKind::MERGE_UPDATE) {
            let columns = set_columns(merge.syntax());
            self.check_keys(Kind::Merge, &table, Some(&columns));
        }
        if any(SyntaxKind::MERGE_DELETE) {
            self.lose(Loss::Rows(named));
            self.check_referencing(Kind::Merge, &table, None);
        }
        if any(SyntaxKind::MERGE_WHEN_NOT_MATCHED_SOURCE) {
            self.since(17);
        }
        Some(())
    }

    pub fn copy(&mut self, copy: &ast::Copy) -> Option<()> {
        if let Some(query) = copy.copy_query() {
            self.kind(Kind::CopyTo);
            self.writes(query.syntax());
            return Some(());
        }
        let of = copy.copy_table()?;
        let relation = name(of.table_name_ref())?;
        if matches!(copy.copy_direction(), Some(ast::CopyDirection::CopyTo(_))) {
            self.kind(Kind::CopyTo);
            self.lock(Kind::CopyTo, Role::Read, &relation);
            let object = self.kind_of(&relation);
            self.touch(Action::Read, object, relation, None);
            return Some(());
        }
        let table = self.write(Kind::CopyFrom, &relation, false);
        let listed = of.column_ref_list().map(|list| columns_of(list.syntax()));
        self.check_keys(Kind::CopyFrom, &table, listed.as_deref());
        if let Some(columns) = listed {
            self.take_values(Kind::CopyFrom, &table, &|_, name| {
                columns.iter().any(|column| column == name)
            });
        }
        Some(())
    }

    pub fn truncate(&mut self, truncate: &ast::Truncate) -> Option<()> {
        let kind = Kind::Truncate;
        self.kind(kind);
        let cascade = super::drop::is_cascade(truncate.syntax());
        let restart = matches!(
            truncate.identity_action(),
            Some(ast::IdentityAction::RestartIdentity(_))
        );
        let mut todo: Vec<TableName> = Vec::new();
        for table in truncate.table_list()?.table_relation_names() {
            let only = has(table.syntax(), SyntaxKind::ONLY_KW);
            let named = name_of(table.syntax())?;
            self.touch(Action::Write, ObjectKind::Table, named.clone(), None);
            self.lose(Loss::Rows(named.clone()));
            todo.extend(self.family(kind, &named, only));
        }
        let mut seen = BTreeSet::new();
        while let Some(table) = todo.pop() {
            if !seen.insert(table.clone()) {
                continue;
            }
            self.lock(kind, Role::Target, &table);
            if restart {
                let sequences: Vec<TableName> = self
                    .schema
                    .sequences_of(&table)
                    .map(|(name, _)| name.clone())
                    .collect();
                for sequence in sequences {
                    self.lock(kind, Role::Sequence, &sequence);
                }
            }
            if cascade {
                let others: Vec<TableName> = self
                    .schema
                    .referencing(&table)
                    .map(|(other, _)| other.clone())
                    .collect();
                for other in others {
                    self.lock(kind, Role::Referencing, &other);
                    self.lose(Loss::Rows(other.clone()));
                    todo.extend(self.family(kind, &other, false));
                }
            }
        }
        Some(())
    }
}

/// The columns that a SET names.
fn set_columns(node: &SyntaxNode) -> Vec<String> {
    green::all(node)
        .filter_map(|target: ast::ColumnTarget| word(target.name()))
        .collect()
}

/// How many columns an INSERT without a list gives.
fn given(source: &ast::InsertSource) -> usize {
    let node = source.syntax();
    if let Some(row) = green::all::<ast::Row>(node).next() {
        return row.exprs().count();
    }
    match green::all::<ast::TargetList>(node).next() {
        Some(list) if text(list.syntax()).contains('*') => usize::MAX,
        Some(list) => list.targets().count(),
        None if ast::DefaultValues::can_cast(node.kind()) => 0,
        None => usize::MAX,
    }
}

/// Whether a row of VALUES says DEFAULT somewhere.
fn has_default(source: &SyntaxNode) -> bool {
    green::has_token(source, SyntaxKind::LITERAL, SyntaxKind::DEFAULT_KW)
}
