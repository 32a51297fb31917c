//! CREATE of tables, views, indexes and sequences.

use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, ObjectKind, WorkKind, partition};
use crate::lock::LockMode;
use crate::sql::schema::create::has_if_not_exists;
use crate::sql::schema::define::{ColumnDef, ConstraintDef, column, constraint, only};
use crate::sql::schema::{ConstraintKind, Generated, TableName};
use crate::sql::tree::{child, has, name, word};
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};

impl Reading<'_> {
    /// CREATE TABLE and CREATE FOREIGN TABLE.
    pub fn create_table(&mut self, node: &SyntaxNode, kind: Kind) -> Option<()> {
        let made = name(child::<ast::TableName>(node))?;
        let of = child::<ast::PartitionOf>(node).and_then(|of| name(of.table_name_ref()));
        let kind = if of.is_some() && kind == Kind::CreateTable {
            Kind::CreatePartition
        } else {
            kind
        };
        self.kind(kind);
        self.touch(Action::Create, ObjectKind::Table, made.clone(), None);
        if has_if_not_exists(node) && self.schema.has_relation(&made) {
            return Some(());
        }
        if let Some(parent) = of {
            self.lock(Kind::CreatePartition, Role::Parent, &parent);
            self.touch(Action::Alter, ObjectKind::Table, parent.clone(), None);
            partition::default_partition(self, Kind::CreatePartition, &parent, true);
            let keys: Vec<TableName> = self
                .schema
                .table(&parent)
                .into_iter()
                .flat_map(|parent| parent.foreign_keys().map(|(_, other)| other.clone()))
                .collect();
            for other in keys {
                self.lock(Kind::CreatePartition, Role::Referenced, &other);
            }
        }
        let inherits = child::<ast::Inherits>(node);
        for parent in inherits.into_iter().flat_map(|list| list.table_name_refs()) {
            let parent = name(Some(parent))?;
            self.lock(kind, Role::Parent, &parent);
            self.touch(Action::Alter, ObjectKind::Table, parent, None);
        }
        let arguments = child::<ast::TableArgList>(node);
        for argument in arguments.into_iter().flat_map(|list| list.args()) {
            match argument {
                ast::TableArg::Column(one) => {
                    if let Some(def) = column(one.syntax()) {
                        self.column_features(&def);
                        def.constraints
                            .iter()
                            .for_each(|one| self.new_key(&made, one));
                    }
                }
                ast::TableArg::LikeClause(like) => {
                    let source = name(like.relation_name_ref())?;
                    self.lock(Kind::CreateTable, Role::Read, &source);
                    let kind = self.kind_of(&source);
                    self.touch(Action::Read, kind, source, None);
                }
                ast::TableArg::TableConstraint(one) => {
                    let one = ast::Constraint::cast(one.syntax().clone())?;
                    if let Some(def) = constraint(&one, &[]) {
                        self.new_key(&made, &def);
                    }
                }
            }
        }
        Some(())
    }

    fn column_features(&mut self, def: &ColumnDef) {
        if def.column.generated == Some(Generated::Virtual) {
            self.since(18);
        }
    }

    /// A constraint of a new table: a foreign key touches another.
    fn new_key(&mut self, made: &TableName, def: &ConstraintDef) {
        if !def.is_enforced {
            self.since(18);
        }
        if let ConstraintKind::ForeignKey { table: other, .. } = &def.kind
            && other != made
        {
            self.lock(Kind::CreateTable, Role::Referenced, other);
            self.touch(Action::Alter, ObjectKind::Table, other.clone(), None);
        }
    }

    /// CREATE TABLE AS, SELECT INTO, CREATE VIEW, CREATE MATERIALIZED VIEW.
    pub fn create_by_query(&mut self, made: TableName, node: &SyntaxNode, kind: Kind) {
        let object = match kind {
            Kind::CreateView => ObjectKind::View,
            Kind::CreateMaterializedView => ObjectKind::MaterializedView,
            _ => ObjectKind::Table,
        };
        let exists = self.schema.has_relation(&made);
        let replaced = child::<ast::OrReplace>(node).is_some() && exists;
        let kind = if replaced { Kind::ReplaceView } else { kind };
        self.kind(kind);
        if replaced {
            self.lock(kind, Role::Target, &made);
            self.touch(Action::Alter, object, made, None);
        } else {
            self.touch(Action::Create, object, made.clone(), None);
            if has_if_not_exists(node) && exists {
                return;
            }
            if object != ObjectKind::View && child::<ast::WithNoData>(node).is_none() {
                self.work(&made, WorkKind::Rows, true);
            }
        }
        if object == ObjectKind::View {
            // The query is not run: what is behind the views that it reads is left alone.
            self.names_read(node, kind);
        } else {
            self.queries(node, kind);
        }
    }

    /// Notes what a definition's queries name, without what is behind.
    pub fn names_read(&mut self, node: &SyntaxNode, kind: Kind) {
        for read in super::query::relations(node) {
            let object = self.kind_of(&read);
            self.touch(Action::Read, object, read.clone(), None);
            self.lock(kind, Role::Read, &read);
        }
    }

    pub fn create_index(&mut self, create: &ast::CreateIndex) -> Option<()> {
        let (table, is_only) = only(create.table_relation_name()?.syntax())?;
        let kind = match create.concurrently_token() {
            Some(_) => Kind::CreateIndexConcurrently,
            None => Kind::CreateIndex,
        };
        self.kind(kind);
        if create.nulls_distinct_option().is_some() {
            self.since(15);
        }
        for one in self.family(kind, &table, is_only || !self.is_partitioned(&table)) {
            self.lock(kind, Role::Target, &one);
        }
        let named = create
            .index()
            .and_then(|index| word(Some(index)))
            .map(|name| TableName {
                schema: table.schema.clone(),
                name,
            });
        let exists = named
            .as_ref()
            .is_some_and(|index| self.schema.has_relation(index));
        if let Some(index) = named {
            self.touch(Action::Create, ObjectKind::Index, index, None);
        }
        self.touch(Action::Alter, ObjectKind::Table, table.clone(), None);
        let is_there = create.if_not_exists().is_some() && exists;
        let is_empty = is_only && self.is_partitioned(&table);
        if !is_there && !is_empty {
            self.work(&table, WorkKind::Index, true);
        }
        Some(())
    }

    /// CREATE and ALTER SEQUENCE: OWNED BY looks at the table.
    pub fn sequence_options(&mut self, node: &SyntaxNode, kind: Kind) {
        let owned = child::<ast::OptionOwnedBy>(node).and_then(|owned| owned.owned_by_target());
        if let Some(ast::OwnedByTarget::QualifiedColumnNameRef(column)) = owned
            && let Some((table, _)) = crate::sql::schema::alter::table_column(column.syntax())
        {
            self.lock(kind, Role::Table, &table);
            self.touch(Action::Read, ObjectKind::Table, table, None);
        }
    }

    pub fn create_trigger(&mut self, create: &ast::CreateTrigger) -> Option<()> {
        let kind = Kind::CreateTrigger;
        self.kind(kind);
        if create.or_replace().is_some() {
            self.since(14);
        }
        let table = name(create.on_relation()?.relation_name_ref())?;
        let row = has_row(create);
        for one in self.family(kind, &table, !row) {
            self.lock(kind, Role::Table, &one);
        }
        self.touch(
            Action::Create,
            ObjectKind::Trigger,
            table.clone(),
            word(create.trigger()),
        );
        let object = self.kind_of(&table);
        self.touch(Action::Alter, object, table, None);
        if let Some(from) = create
            .from_table()
            .and_then(|from| name(from.table_name_ref()))
        {
            self.lock(kind, Role::Referenced, &from);
        }
        Some(())
    }

    pub fn create_rule(&mut self, create: &ast::CreateRule) -> Option<()> {
        let kind = Kind::CreateRule;
        self.kind(kind);
        let table = name(create.rule_on()?.relation_name_ref())?;
        self.lock(kind, Role::Table, &table);
        self.touch(
            Action::Create,
            ObjectKind::Rule,
            table.clone(),
            word(create.rule()),
        );
        if let Some(action) = create.rule_do() {
            self.names_read(create.syntax(), kind);
            // What the rule writes is looked up when it is made, with the lock of writing.
            for written in super::write::targets(action.syntax()) {
                self.lock_in(LockMode::RowExclusive, &written);
                self.touch(Action::Read, ObjectKind::Table, written, None);
            }
        }
        Some(())
    }
}

/// A trigger for each row goes down to partitions.
fn has_row(create: &ast::CreateTrigger) -> bool {
    matches!(
        create.trigger_level(),
        Some(ast::TriggerLevel::ForEachRow(_))
    ) || create.constraint_token().is_some()
        || has(create.syntax(), SyntaxKind::ROW_KW)
}
