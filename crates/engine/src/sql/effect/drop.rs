//! DROP of relations, types and schemas.

use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, Loss, ObjectKind};
use crate::sql::schema::{OwnType, TableName};
use crate::sql::tree::{child, name_of};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeSet;

/// The names in a DROP, in the order of the text.
pub(super) fn dropped(node: &SyntaxNode) -> Vec<TableName> {
    let skip = |child: &SyntaxNode| {
        ast::IfExists::can_cast(child.kind()) || ast::DropBehavior::can_cast(child.kind())
    };
    node.children()
        .filter(|child| !skip(child))
        .filter_map(|child| name_of(&child))
        .collect()
}

pub(super) fn is_cascade(node: &SyntaxNode) -> bool {
    matches!(
        child::<ast::DropBehavior>(node),
        Some(ast::DropBehavior::Cascade(_))
    )
}

impl Reading<'_> {
    /// DROP TABLE and DROP FOREIGN TABLE.
    pub fn drop_tables(&mut self, node: &SyntaxNode) {
        let kind = Kind::DropTable;
        self.kind(kind);
        let cascade = is_cascade(node);
        for table in dropped(node) {
            self.touch(Action::Drop, ObjectKind::Table, table.clone(), None);
            self.lose(Loss::Table(table.clone()));
            self.drop_table(&table);
            if cascade {
                self.lose(Loss::Dependents(table));
            }
        }
    }

    fn drop_table(&mut self, table: &TableName) {
        let kind = Kind::DropTable;
        let family = self.family(kind, table, false);
        for one in &family {
            self.lock(kind, Role::Target, one);
            let Some(known) = self.schema.table(one) else {
                continue;
            };
            // A partition's share of its parent's foreign key goes without a look at the other table.
            let inherited = |name: &str| {
                known.parents.iter().any(|parent| {
                    self.is_partitioned(parent)
                        && self
                            .schema
                            .table(parent)
                            .is_some_and(|parent| parent.constraint(name).is_some())
                })
            };
            let keys: Vec<TableName> = known
                .foreign_keys()
                .filter(|(key, _)| !inherited(&key.name))
                .map(|(_, other)| other.clone())
                .collect();
            for other in keys {
                if !family.contains(&other) {
                    self.lock(kind, Role::Referenced, &other);
                }
            }
            self.lock_referencing(kind, one);
            let sequences: Vec<TableName> = self
                .schema
                .sequences_of(one)
                .map(|(name, _)| name.clone())
                .collect();
            for sequence in sequences {
                self.lock(kind, Role::Sequence, &sequence);
            }
            self.drop_views(one, None);
        }
        // A partition takes the parent's lock, whose list of partitions changes, and that of the default partition.
        let parents = self
            .schema
            .table(table)
            .map(|known| known.parents.clone())
            .unwrap_or_default();
        for parent in parents {
            if self.is_partitioned(&parent) {
                self.lock(kind, Role::Parent, &parent);
                super::partition::default_partition(self, kind, &parent, false);
            }
        }
    }

    /// Views that go with what they read, or with a column of it.
    pub fn drop_views(&mut self, gone: &TableName, column: Option<&str>) {
        let mut todo = vec![gone.clone()];
        let mut seen = BTreeSet::new();
        while let Some(one) = todo.pop() {
            for view in self.schema.views_of(&one).cloned().collect::<Vec<_>>() {
                let uses = self
                    .schema
                    .table(&view)
                    .map(|known| known.uses.clone())
                    .unwrap_or_default();
                let spared = one == *gone
                    && column.is_some_and(|column| {
                        !uses.iter().any(|name| name == column || name == "*")
                    });
                if !spared && seen.insert(view.clone()) {
                    self.lock(Kind::DropView, Role::Target, &view);
                    let object = self.kind_of(&view);
                    self.touch(Action::Drop, object, view.clone(), None);
                    todo.push(view);
                }
            }
        }
    }

    /// DROP VIEW and DROP MATERIALIZED VIEW.
    pub fn drop_view(&mut self, node: &SyntaxNode, kind: Kind) {
        self.kind(kind);
        let object = match kind {
            Kind::DropView => ObjectKind::View,
            _ => ObjectKind::MaterializedView,
        };
        for view in dropped(node) {
            self.lock(kind, Role::Target, &view);
            self.touch(Action::Drop, object, view.clone(), None);
            if object == ObjectKind::MaterializedView {
                self.lose(Loss::Table(view.clone()));
            }
            self.drop_views(&view, None);
            if is_cascade(node) {
                self.lose(Loss::Dependents(view));
            }
        }
    }

    pub fn drop_index(&mut self, drop: &ast::DropIndex) {
        let kind = match drop.concurrently_token() {
            Some(_) => Kind::DropIndexConcurrently,
            None => Kind::DropIndex,
        };
        self.kind(kind);
        for index in dropped(drop.syntax()) {
            self.lock(kind, Role::Target, &index);
            self.touch(Action::Drop, ObjectKind::Index, index.clone(), None);
            match self.schema.index(&index).map(|index| index.table.clone()) {
                Some(table) => {
                    self.lock(kind, Role::Table, &table);
                    if self.is_partitioned(&table) {
                        for part in self.schema.descendants(&table) {
                            self.lock(kind, Role::Table, &part);
                        }
                    }
                    self.touch(Action::Alter, ObjectKind::Table, table, None);
                }
                None => self.open("It locks the index's table, too, which the text does not name."),
            }
        }
    }

    pub fn drop_sequence(&mut self, node: &SyntaxNode) {
        self.kind(Kind::DropSequence);
        for sequence in dropped(node) {
            self.lock(Kind::DropSequence, Role::Target, &sequence);
            self.touch(Action::Drop, ObjectKind::Sequence, sequence.clone(), None);
            if is_cascade(node) {
                // The defaults that use it go, which locks their tables.
                let owner = self
                    .schema
                    .sequence(&sequence)
                    .and_then(|known| known.owner.clone());
                if let Some((table, _)) = owner {
                    self.lock(Kind::DropDefault, Role::Target, &table);
                }
                self.lose(Loss::Dependents(sequence));
            }
        }
    }

    /// DROP TYPE and DROP DOMAIN.
    pub fn drop_type(&mut self, node: &SyntaxNode, kind: Kind) {
        self.kind(kind);
        let object = if kind == Kind::DropDomain {
            ObjectKind::Domain
        } else {
            ObjectKind::Type
        };
        for one in dropped(node) {
            self.touch(Action::Drop, object, one.clone(), None);
            if !is_cascade(node) {
                continue;
            }
            self.lose(Loss::Dependents(one.clone()));
            let columns: Vec<(TableName, String)> = self
                .schema
                .columns_of_type(&one)
                .map(|(table, column)| (table.clone(), column.name.clone()))
                .collect();
            for (table, column) in columns {
                self.lock(kind, Role::Table, &table);
                self.touch(
                    Action::Drop,
                    ObjectKind::Column,
                    table.clone(),
                    Some(column.clone()),
                );
                self.lose(Loss::Column { table, column });
            }
        }
    }

    pub fn drop_schema(&mut self, node: &SyntaxNode) {
        let kind = Kind::DropSchema;
        self.kind(kind);
        for schema in dropped(node) {
            self.touch(Action::Drop, ObjectKind::Schema, schema.clone(), None);
            if !is_cascade(node) {
                continue;
            }
            self.lose(Loss::Dependents(schema.clone()));
            let within = self.schema.within(&schema.name);
            for relation in within {
                let Some(known) = self.schema.table(&relation) else {
                    if self.schema.sequence(&relation).is_some() {
                        self.lock(kind, Role::Target, &relation);
                    }
                    continue;
                };
                if !known.is_view() {
                    self.lose(Loss::Table(relation.clone()));
                }
                self.drop_table(&relation);
                let object = self.kind_of(&relation);
                self.touch(Action::Drop, object, relation, None);
            }
            self.open(format!(
                "It drops everything in the schema {}.",
                schema.name
            ));
        }
    }

    /// ALTER DOMAIN: new constraints are checked in every table that uses it.
    pub fn alter_domain(&mut self, alter: &ast::AlterDomain) -> Option<()> {
        use ast::AlterDomainAction as A;
        let domain = crate::sql::tree::name(alter.domain_ref())?;
        self.touch(Action::Alter, ObjectKind::Domain, domain.clone(), None);
        let not_valid = |add: &ast::AddConstraint| {
            add.constraint()
                .is_some_and(|one| child::<ast::NotValid>(one.syntax()).is_some())
        };
        let kind = match alter.action()? {
            A::AddConstraint(add) if !not_valid(&add) => Kind::CheckDomain,
            A::SetNotNull(_) => Kind::CheckDomain,
            A::ValidateConstraint(_) => Kind::ValidateDomain,
            _ => Kind::AlterDomain,
        };
        self.kind(kind);
        if kind == Kind::AlterDomain {
            return Some(());
        }
        let mut domains = vec![domain.clone()];
        let based = |base: &TableName| -> Vec<TableName> {
            self.schema
                .types_in_order()
                .filter(|(_, own)| match own {
                    OwnType::Domain { base: of, .. } => {
                        of.name == base.name && of.schema == base.schema
                    }
                    _ => false,
                })
                .map(|(name, _)| name.clone())
                .collect()
        };
        domains.extend(based(&domain));
        for domain in domains {
            let tables: BTreeSet<TableName> = self
                .schema
                .columns_of_type(&domain)
                .map(|(table, _)| table.clone())
                .collect();
            for table in tables {
                self.lock(kind, Role::Table, &table);
                self.work(&table, super::WorkKind::Scan, true);
            }
        }
        if self.schema.own_type(&domain).is_none() {
            self.open("It reads every table with a column of that domain, and locks them.");
        }
        Some(())
    }
}
