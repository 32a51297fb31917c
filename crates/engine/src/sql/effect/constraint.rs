//! ADD, DROP and VALIDATE CONSTRAINT.

use super::alter_table::Target;
use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, Loss, ObjectKind, WorkKind, expression};
use crate::sql::schema::define::ConstraintDef;
use crate::sql::schema::{ConstraintKind, TableName};
use squawk_syntax::ast;

impl Reading<'_> {
    /// ADD CONSTRAINT, and the constraints behind a new column (`fresh`, whose rows hold nothing yet).
    pub fn add_constraint(&mut self, target: &Target, def: &ConstraintDef, fresh: bool) {
        let alone = Target {
            table: target.table.clone(),
            only: target.only || def.is_local,
            dropped: target.dropped.clone(),
        };
        let (says_only, target) = (target.only, &alone);
        let table = &target.table;
        let part = Some(self.schema.constraint_name(table, def));
        self.touch_part(target, Action::Create, ObjectKind::Constraint, part);
        if !def.is_enforced {
            self.since(18);
        }
        let kind = match (&def.kind, &def.using_index) {
            (ConstraintKind::NotNull, _) => {
                if fresh {
                    return;
                }
                Kind::AddNotNull
            }
            (ConstraintKind::Check(_), _) => Kind::AddCheck,
            (ConstraintKind::Unique, None) => Kind::AddUnique,
            (ConstraintKind::Unique, Some(_)) => Kind::AddUniqueUsing,
            (ConstraintKind::PrimaryKey, None) => Kind::AddPrimaryKey,
            (ConstraintKind::PrimaryKey, Some(_)) => Kind::AddPrimaryKeyUsing,
            (ConstraintKind::Exclude, _) => Kind::AddExclude,
            (ConstraintKind::ForeignKey { .. }, _) => Kind::AddForeignKey,
        };
        self.on_target(target, kind);
        let role = match self.is_partitioned(table) {
            true => Role::Partition,
            false => Role::Inheritor,
        };
        if !says_only {
            for one in self.schema.descendants(table) {
                self.lock(kind, role, &one);
            }
        }
        match &def.kind {
            ConstraintKind::NotNull => {
                if def.is_validated {
                    self.scan_for_nulls(target, &def.columns);
                }
            }
            ConstraintKind::Check(_) => {
                if def.is_validated {
                    self.scan(target);
                }
            }
            ConstraintKind::Unique | ConstraintKind::PrimaryKey | ConstraintKind::Exclude => {
                if let Some(index) = &def.using_index {
                    let index = TableName {
                        schema: table.schema.clone(),
                        name: index.clone(),
                    };
                    if def.kind == ConstraintKind::PrimaryKey {
                        let columns = self.schema.index(&index).map(|index| index.columns.clone());
                        match columns {
                            Some(columns) => self.key_not_null(target, &columns),
                            None => self.work(table, WorkKind::Scan, false),
                        }
                    }
                    self.touch(Action::Alter, ObjectKind::Index, index, None);
                } else {
                    self.work(table, WorkKind::Index, true);
                    if def.kind == ConstraintKind::PrimaryKey && !fresh {
                        self.key_not_null(target, &def.columns);
                    }
                }
            }
            ConstraintKind::ForeignKey { table: other, .. } => {
                self.lock(kind, Role::Referenced, other);
                self.touch(Action::Alter, ObjectKind::Table, other.clone(), None);
                // A new column without a default holds only nulls, and is not looked at.
                if def.is_validated && !fresh {
                    self.work(table, WorkKind::Scan, true);
                    self.scan_referenced(table, other);
                }
            }
        }
    }

    /// A foreign key is checked by joining both tables; how the other one is read is for the planner to say.
    fn scan_referenced(&mut self, table: &TableName, other: &TableName) {
        if table != other {
            self.work(other, WorkKind::Scan, false);
        }
    }

    /// Notes that every row of the table is read, and of those that inherit from it.
    fn scan(&mut self, target: &Target) {
        for one in self.family(Kind::AddCheck, &target.table, target.only) {
            if !self.is_partitioned(&one) {
                self.work(&one, WorkKind::Scan, true);
            }
        }
    }

    /// A primary key's columns become NOT NULL first, also in partitions and inheritors.
    fn key_not_null(&mut self, target: &Target, columns: &[String]) {
        let known = self.schema.table(&target.table);
        let is_open = |column: &String| {
            let column = known.and_then(|table| table.column(column));
            column.is_none_or(|column| column.is_nullable)
        };
        if columns.iter().any(is_open) {
            for one in self.family(Kind::SetNotNull, &target.table, target.only) {
                self.lock(Kind::SetNotNull, Role::Target, &one);
            }
        }
        self.scan_for_nulls(target, columns);
    }

    /// The scan of SET NOT NULL, which a NOT NULL that is there and a validated CHECK spare (manual, ALTER TABLE).
    pub fn scan_for_nulls(&mut self, target: &Target, columns: &[String]) {
        for one in self.family(Kind::SetNotNull, &target.table, target.only) {
            if self.is_partitioned(&one) {
                continue;
            }
            let Some(known) = self.schema.table(&one) else {
                self.work(&one, WorkKind::Scan, false);
                continue;
            };
            let proved = |column: &String| {
                known.constraints.iter().any(|check| {
                    check.is_validated
                        && !target.dropped.contains(&check.name)
                        && matches!(&check.kind, ConstraintKind::Check(text) if expression::says_not_null(text, column))
                })
            };
            let is_open = |column: &&String| {
                known.column(column).is_none_or(|column| column.is_nullable) && !proved(column)
            };
            let open: Vec<&String> = columns.iter().filter(is_open).collect();
            if !open.is_empty() {
                let is_certain = open.iter().all(|column| known.column(column).is_some());
                self.work(&one, WorkKind::Scan, is_certain);
            }
        }
    }

    pub fn drop_constraint(
        &mut self,
        target: &Target,
        gone: &str,
        behavior: Option<ast::DropBehavior>,
    ) {
        let table = &target.table;
        self.touch_part(
            target,
            Action::Drop,
            ObjectKind::Constraint,
            Some(gone.to_owned()),
        );
        let known = self
            .schema
            .table(table)
            .and_then(|table| table.constraint(gone))
            .cloned();
        match known.map(|constraint| constraint.kind) {
            Some(ConstraintKind::ForeignKey { table: other, .. }) => {
                self.on_target(target, Kind::DropForeignKey);
                self.lock(Kind::DropForeignKey, Role::Referenced, &other);
            }
            Some(kind) => {
                self.on_target(target, Kind::DropConstraint);
                if kind.has_index() && matches!(behavior, Some(ast::DropBehavior::Cascade(_))) {
                    self.lose(Loss::Dependents(table.clone()));
                    self.lock_referencing(Kind::DropConstraint, table);
                }
            }
            None => self.on_target(target, Kind::DropConstraint),
        }
    }

    /// Locks the tables whose foreign keys to this one go with it.
    pub fn lock_referencing(&mut self, kind: Kind, table: &TableName) {
        let others: Vec<TableName> = self
            .schema
            .referencing(table)
            .map(|(other, _)| other.clone())
            .collect();
        for other in others {
            self.lock(kind, Role::Referencing, &other);
        }
    }

    pub fn validate(&mut self, target: &Target, named: &str) {
        let table = &target.table;
        self.touch_part(
            target,
            Action::Alter,
            ObjectKind::Constraint,
            Some(named.to_owned()),
        );
        let known = self
            .schema
            .table(table)
            .and_then(|table| table.constraint(named))
            .cloned();
        match known {
            Some(constraint) => {
                if let ConstraintKind::ForeignKey { table: other, .. } = &constraint.kind {
                    self.on_target(target, Kind::ValidateForeignKey);
                    if !constraint.is_validated {
                        self.lock(Kind::ValidateForeignKey, Role::Referenced, other);
                    }
                } else {
                    self.on_target(target, Kind::ValidateConstraint);
                }
                if !constraint.is_validated {
                    match constraint.kind {
                        ConstraintKind::ForeignKey { table: other, .. } => {
                            self.work(table, WorkKind::Scan, true);
                            self.scan_referenced(table, &other);
                        }
                        _ => self.scan(target),
                    }
                }
            }
            None => {
                self.on_target(target, Kind::ValidateConstraint);
                self.work(table, WorkKind::Scan, false);
            }
        }
    }
}
