//! ALTER TABLE, and its actions on other relations.

use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, Loss, ObjectKind, WorkKind, partition};
use crate::sql::schema::define::constraint;
use crate::sql::schema::{Persistence, TableName};
use crate::sql::tree::{child, name, word};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

/// The table of an ALTER, and what is known of the whole statement.
pub(super) struct Target {
    pub table: TableName,
    pub only: bool,
    /// Constraints that the same statement drops: it drops first.
    pub dropped: Vec<String>,
}

impl Reading<'_> {
    pub fn alter_table(
        &mut self,
        table: TableName,
        only: bool,
        actions: ast::AstChildren<ast::AlterTableAction>,
    ) {
        use ast::AlterTableAction as A;
        let actions: Vec<A> = actions.collect();
        let dropped = actions.iter().filter_map(|action| match action {
            A::DropConstraint(drop) => word(drop.constraint_name_ref()),
            _ => None,
        });
        let target = Target {
            only,
            dropped: dropped.collect(),
            table,
        };
        let kind = self.kind_of(&target.table);
        self.touch(Action::Alter, kind, target.table.clone(), None);
        for action in &actions {
            // A part that is missing leaves what is known without it.
            let _ = self.alter_action(&target, action);
        }
    }

    /// Notes the kind and its lock on the target and, where it goes down, on its partitions.
    pub fn on_target(&mut self, target: &Target, kind: Kind) {
        self.kind(kind);
        for one in self.family(kind, &target.table, target.only) {
            self.lock(kind, Role::Target, &one);
        }
    }

    /// As [`Self::on_target`], for an action that changes the catalog only.
    fn plain(&mut self, target: &Target, kind: Kind) -> Option<()> {
        self.on_target(target, kind);
        Some(())
    }

    pub fn touch_part(
        &mut self,
        target: &Target,
        action: Action,
        kind: ObjectKind,
        part: Option<String>,
    ) {
        self.touch(action, kind, target.table.clone(), part);
    }

    pub fn alter_action(&mut self, target: &Target, action: &ast::AlterTableAction) -> Option<()> {
        use ast::AlterTableAction as A;
        let table = &target.table;
        match action {
            A::AddColumn(add) => self.add_column(target, add)?,
            A::DropColumn(drop) => {
                self.drop_column(target, &word(drop.column_name_ref())?, drop.drop_behavior())
            }
            A::AlterColumn(alter) => self.alter_column(target, alter)?,
            A::AddConstraint(add) => {
                let def = constraint(&add.constraint()?, &[])?;
                self.add_constraint(target, &def, false);
            }
            A::DropConstraint(drop) => self.drop_constraint(
                target,
                &word(drop.constraint_name_ref())?,
                drop.drop_behavior(),
            ),
            A::ValidateConstraint(validate) => {
                self.validate(target, &word(validate.constraint_name_ref())?)
            }
            A::AlterConstraint(alter) => {
                let part = word(alter.constraint_name_ref());
                self.touch_part(target, Action::Alter, ObjectKind::Constraint, part);
                let enforce = child::<ast::Enforced>(alter.syntax()).is_some();
                let not_enforce = child::<ast::NotEnforced>(alter.syntax()).is_some();
                let inherit = child::<ast::Inherit>(alter.syntax()).is_some()
                    || child::<ast::NoInherit>(alter.syntax()).is_some();
                if enforce || not_enforce || inherit {
                    self.since(18);
                }
                self.plain(target, Kind::AlterConstraint)?;
                if enforce {
                    self.work(table, WorkKind::Scan, true);
                }
            }
            A::RenameColumn(rename) => {
                self.touch_part(
                    target,
                    Action::Alter,
                    ObjectKind::Column,
                    word(rename.column_name_ref()),
                );
                self.plain(target, Kind::RenameColumn)?;
            }
            A::RenameConstraint(rename) => {
                self.touch_part(
                    target,
                    Action::Alter,
                    ObjectKind::Constraint,
                    word(rename.constraint_name_ref()),
                );
                self.plain(target, Kind::RenameConstraint)?;
            }
            A::TableRenameTo(_) => self.plain(target, Kind::RenameTable)?,
            A::SetSchema(_) => self.with_sequences(target, Kind::TableSetSchema),
            A::OwnerTo(_) => self.with_sequences(target, Kind::TableOwner),
            A::EnableTrigger(_) | A::EnableReplicaTrigger(_) | A::EnableAlwaysTrigger(_) => {
                self.plain(target, Kind::EnableTrigger)?;
            }
            A::DisableTrigger(_) => self.plain(target, Kind::DisableTrigger)?,
            A::EnableRule(_) | A::EnableReplicaRule(_) | A::EnableAlwaysRule(_) => {
                self.plain(target, Kind::EnableRule)?
            }
            A::DisableRule(_) => self.plain(target, Kind::DisableRule)?,
            A::EnableRls(_) | A::DisableRls(_) | A::ForceRls(_) | A::NoForceRls(_) => {
                self.plain(target, Kind::RowSecurity)?
            }
            A::ReplicaIdentity(_) => self.plain(target, Kind::ReplicaIdentity)?,
            A::ClusterOn(_) => self.plain(target, Kind::ClusterOn)?,
            A::SetWithoutCluster(_) => self.plain(target, Kind::SetWithoutCluster)?,
            A::SetWithoutOids(_) => self.plain(target, Kind::SetWithoutOids)?,
            A::SetAccessMethod(_) => {
                self.plain(target, Kind::SetAccessMethod)?;
                // With the method that the table has already, nothing is done; which that is is not known.
                if self.is_partitioned(table) {
                    self.since(17);
                } else {
                    self.work(table, WorkKind::Rewrite, false);
                }
            }
            A::SetTablespace(_) => {
                self.plain(target, Kind::SetTablespace)?;
                if !self.is_partitioned(table) {
                    self.work(table, WorkKind::Rewrite, false);
                }
            }
            A::SetLogged(_) => self.log(target, Kind::SetLogged, Persistence::Permanent),
            A::SetUnlogged(_) => self.log(target, Kind::SetUnlogged, Persistence::Unlogged),
            A::SetOptions(set) => self.parameters(target, set.syntax()),
            A::ResetOptions(reset) => self.parameters(target, reset.syntax()),
            A::InheritTable(inherit) => {
                self.with_parent(target, Kind::Inherit, &name(inherit.table_name_ref())?)
            }
            A::NoInheritTable(inherit) => {
                self.with_parent(target, Kind::NoInherit, &name(inherit.table_name_ref())?)
            }
            A::OfType(_) => self.plain(target, Kind::OfType)?,
            A::NotOf(_) => self.plain(target, Kind::NotOf)?,
            A::AttachPartition(attach) => partition::attach(self, target, attach)?,
            A::DetachPartition(detach) => partition::detach(self, target, detach)?,
            A::MergePartitions(_) | A::SplitPartition(_) => {
                self.since(19);
                self.open(
                    "It makes partitions of others, and that is newer than what is read here.",
                );
            }
            A::AlterOptionList(_) | A::OptionItemList(_) => {
                self.plain(target, Kind::ForeignOptions)?
            }
        }
        Some(())
    }

    /// An action that the sequences of the table's columns follow.
    fn with_sequences(&mut self, target: &Target, kind: Kind) {
        self.on_target(target, kind);
        let sequences: Vec<TableName> = self
            .schema
            .sequences_of(&target.table)
            .map(|(sequence, _)| sequence.clone())
            .collect();
        for sequence in sequences {
            self.lock(kind, Role::Sequence, &sequence);
        }
    }

    fn with_parent(&mut self, target: &Target, kind: Kind, parent: &TableName) {
        self.on_target(target, kind);
        self.lock(kind, Role::Parent, parent);
        self.touch(Action::Alter, ObjectKind::Table, parent.clone(), None);
    }

    fn log(&mut self, target: &Target, kind: Kind, persistence: Persistence) {
        self.with_sequences(target, kind);
        let known = self
            .schema
            .table(&target.table)
            .map(|table| table.persistence);
        if known != Some(persistence) {
            self.work(&target.table, WorkKind::Rewrite, known.is_some());
        }
    }

    /// SET and RESET of storage parameters: a few of them need the strongest lock.
    fn parameters(&mut self, target: &Target, node: &SyntaxNode) {
        let options = child::<ast::AttributeList>(node);
        let options = options
            .into_iter()
            .flat_map(|list| list.attribute_options());
        let names: Vec<String> = options.filter_map(|option| word(option.name())).collect();
        let strong = [
            "user_catalog_table",
            "security_barrier",
            "security_invoker",
            "check_option",
        ];
        let strong_index = [
            "fastupdate",
            "buffering",
            "pages_per_range",
            "autosummarize",
            "gin_pending_list_limit",
        ];
        let any = |list: &[&str]| names.iter().any(|name| list.contains(&name.as_str()));
        let kind = if self.schema.index(&target.table).is_some() {
            if any(&strong_index) {
                Kind::IndexSetExclusiveParameters
            } else {
                Kind::IndexSetParameters
            }
        } else if any(&strong) {
            Kind::SetExclusiveParameters
        } else {
            Kind::SetParameters
        };
        if names.iter().any(|name| name == "security_invoker") {
            self.since(15);
        }
        self.on_target(target, kind);
    }

    fn drop_column(&mut self, target: &Target, gone: &str, behavior: Option<ast::DropBehavior>) {
        let kind = Kind::DropColumn;
        self.on_target(target, kind);
        self.touch_part(
            target,
            Action::Drop,
            ObjectKind::Column,
            Some(gone.to_owned()),
        );
        self.lose(Loss::Column {
            table: target.table.clone(),
            column: gone.to_owned(),
        });
        let cascade = matches!(behavior, Some(ast::DropBehavior::Cascade(_)));
        if cascade {
            self.lose(Loss::Dependents(target.table.clone()));
        }
        let Some(known) = self.schema.table(&target.table) else {
            return;
        };
        let mut referenced = Vec::new();
        for (key, other) in known.foreign_keys() {
            if key.columns.iter().any(|column| column == gone) {
                referenced.push(other.clone());
            }
        }
        for other in referenced {
            self.lock(kind, Role::Referenced, &other);
        }
        if let Some(sequence) = known
            .column(gone)
            .and_then(|column| column.sequence.clone())
        {
            self.lock(kind, Role::Sequence, &sequence);
            self.touch(Action::Drop, ObjectKind::Sequence, sequence, None);
        }
        let in_key = |constraint: &crate::sql::schema::Constraint| {
            constraint.kind.has_index() && constraint.columns.iter().any(|column| column == gone)
        };
        if cascade && known.constraints.iter().any(in_key) {
            self.lock_referencing(kind, &target.table);
        }
        if cascade {
            let column = Some(gone);
            self.drop_views(&target.table.clone(), column);
        }
    }
}
