//! ADD COLUMN and ALTER COLUMN.

use super::alter_table::Target;
use super::kind::{Kind, Role};
use super::reading::Reading;
use super::type_change::{Narrowing, type_change};
use super::{Action, Loss, ObjectKind, WorkKind, expression};
use crate::sql::green::segments;
use crate::sql::schema::define::column;
use crate::sql::schema::{ConstraintKind, Generated, OwnType, SqlType, Table, TableName};
use crate::sql::tree::{text, word};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

impl Reading<'_> {
    pub fn add_column(&mut self, target: &Target, add: &ast::AddColumn) -> Option<()> {
        let def = column(add.syntax())?;
        self.on_target(target, Kind::AddColumn);
        let named = def.column.name.clone();
        let known = self.schema.table(&target.table);
        if add.if_not_exists().is_some()
            && known.is_some_and(|table| table.column(&named).is_some())
        {
            return Some(());
        }
        self.touch(
            Action::Create,
            ObjectKind::Column,
            target.table.clone(),
            Some(named),
        );
        let domain = match self.schema.type_of(&def.column.sql_type) {
            Some(OwnType::Domain { constraints, .. }) => !constraints.is_empty(),
            _ => false,
        };
        let volatile = match &def.expression {
            Some(default) if def.column.generated.is_none() => {
                expression::is_volatile(default, self.schema)
            }
            _ => Some(false),
        };
        if def.column.generated == Some(Generated::Virtual) {
            self.since(18);
        }
        let rewrites = def.has_sequence
            || domain
            || def.column.generated == Some(Generated::Stored)
            || volatile != Some(false);
        let is_certain = volatile.is_some() || def.has_sequence || domain;
        if rewrites {
            for one in self.family(Kind::AddColumn, &target.table, target.only) {
                if !self.is_partitioned(&one) {
                    self.work(&one, WorkKind::Rewrite, is_certain);
                }
            }
        } else if !def.column.is_nullable && def.column.default.is_none() {
            // It must find no row, for each would hold a null.
            for one in self.family(Kind::AddColumn, &target.table, target.only) {
                if !self.is_partitioned(&one) {
                    self.work(&one, WorkKind::Scan, true);
                }
            }
        }
        if let Some(default) = &def.expression {
            self.calls_of_default(default);
        }
        for constraint in &def.constraints {
            let refers = matches!(constraint.kind, ConstraintKind::ForeignKey { .. });
            let nulls =
                def.column.default.is_none() && !def.has_sequence && def.column.generated.is_none();
            // A new column's key finds no nulls beside those that make it fail anyway.
            let fresh =
                !refers && !matches!(constraint.kind, ConstraintKind::Check(_)) || refers && nulls;
            self.add_constraint(target, constraint, fresh);
        }
        Some(())
    }

    /// The sequence of a default takes a lock where rows are written with it.
    fn calls_of_default(&mut self, default: &SyntaxNode) {
        if let Some(sequence) = expression::sequence_of_default(&text(default)) {
            self.lock(Kind::Insert, Role::Sequence, &sequence);
        }
    }

    pub fn alter_column(&mut self, target: &Target, alter: &ast::AlterColumn) -> Option<()> {
        use ast::AlterColumnOption as O;
        let named = word(alter.column_name_ref())?;
        let table = &target.table;
        self.touch(
            Action::Alter,
            ObjectKind::Column,
            table.clone(),
            Some(named.clone()),
        );
        let known = self
            .schema
            .table(table)
            .and_then(|table| table.column(&named))
            .cloned();
        let sequence = known.as_ref().and_then(|column| column.sequence.clone());
        match alter.option()? {
            O::SetType(set) => self.set_type(target, &named, &set)?,
            O::SetNotNull(_) => {
                self.on_target(target, Kind::SetNotNull);
                self.scan_for_nulls(target, std::slice::from_ref(&named));
            }
            O::DropNotNull(_) => {
                // From 18 on it looks for the constraint first, and goes no further where there is none.
                let nothing = self.version >= 18 && known.is_some_and(|column| column.is_nullable);
                let alone = Target {
                    table: table.clone(),
                    only: target.only || nothing,
                    dropped: Vec::new(),
                };
                self.on_target(&alone, Kind::DropNotNull);
            }
            O::SetDefault(_) => self.on_target(target, Kind::SetDefault),
            O::DropDefault(_) => self.on_target(target, Kind::DropDefault),
            O::SetExpression(_) => {
                self.on_target(target, Kind::SetExpression);
                let generated = known.and_then(|column| column.generated);
                if generated != Some(Generated::Virtual) {
                    self.work(table, WorkKind::Rewrite, generated.is_some());
                } else {
                    self.since(18);
                    self.scan_checks(target, &named);
                }
            }
            O::DropExpression(_) => self.on_target(target, Kind::DropExpression),
            O::AddGenerated(_) => self.on_target(target, Kind::AddIdentity),
            O::SetGenerated(_)
            | O::SetGeneratedOptions(_)
            | O::SetSequenceOption(_)
            | O::Restart(_) => {
                self.on_target(target, Kind::SetIdentity);
                if let Some(sequence) = sequence {
                    self.lock(Kind::SetIdentity, Role::Sequence, &sequence);
                }
            }
            O::DropIdentity(_) => {
                self.on_target(target, Kind::DropIdentity);
                if let Some(sequence) = sequence {
                    self.lock(Kind::DropIdentity, Role::Sequence, &sequence);
                    self.touch(Action::Drop, ObjectKind::Sequence, sequence, None);
                }
            }
            O::SetStatistics(_) => self.on_target(target, Kind::SetStatistics),
            O::SetOptions(_) | O::ResetOptions(_) => self.on_target(target, Kind::SetColumnOptions),
            O::SetOptionsList(_) => self.on_target(target, Kind::SetColumnForeignOptions),
            O::SetStorage(_) => self.on_target(target, Kind::SetStorage),
            O::SetCompression(_) => self.on_target(target, Kind::SetCompression),
            O::Inherit(_) | O::NoInherit(_) => self.on_target(target, Kind::AlterConstraint),
        }
        Some(())
    }

    fn set_type(&mut self, target: &Target, named: &str, set: &ast::SetType) -> Option<()> {
        let kind = Kind::AlterColumnType;
        self.on_target(target, kind);
        let table = &target.table;
        let new = SqlType::read(&text(set.ty()?.syntax()));
        let using = set.using_expr().and_then(|using| using.expr());
        let using = using.map_or(Using::None, |using| how(using.syntax(), named, &new));
        let has_using = using == Using::Other;
        let family = self.family(kind, table, target.only);
        let Some(column) = self
            .schema
            .table(table)
            .and_then(|known| known.column(named))
            .cloned()
        else {
            for one in family {
                self.work(&one, WorkKind::Rewrite, has_using);
            }
            return Some(());
        };
        let change = type_change(&column.sql_type, &new, has_using, self.schema);
        // An explicit cast cuts what an assignment refuses.
        let cuts = using == Using::Cast
            && !new.modifiers.is_empty()
            && change.narrowing == Narrowing::Fails;
        if change.narrowing == Narrowing::Loses || cuts {
            self.lose(Loss::Narrowed {
                table: table.clone(),
                column: named.to_owned(),
            });
        }
        let collates = set.collate().is_some();
        for one in family {
            if self.is_partitioned(&one) {
                continue;
            }
            if change.rewrites {
                self.work(&one, WorkKind::Rewrite, change.is_certain);
                continue;
            }
            let rebuilt = self.schema.indexes_of(&one).any(|(_, index)| {
                let plain = index.columns.iter().any(|column| column == named);
                let used = index.uses.iter().any(|column| column == named);
                // PostgreSQL builds an index with an expression or a WHERE again without looking at it.
                used || plain
                    && (change.rebuilds_indexes || collates || !index.is_plain || index.is_partial)
            });
            if rebuilt {
                self.work(&one, WorkKind::Index, change.is_certain);
            }
        }
        if !change.rewrites {
            self.scan_checks(target, named);
        }
        let renames = column.sql_type.name != new.name;
        self.retype_keys(table, named, renames);
        if column.is_identity
            && let Some(sequence) = column.sequence
        {
            self.lock(kind, Role::Sequence, &sequence);
        }
        Some(())
    }

    /// Validated CHECKs on a column are checked again when its type or expression changes.
    fn scan_checks(&mut self, target: &Target, named: &str) {
        for one in self.family(Kind::AlterColumnType, &target.table, target.only) {
            let checked = |table: &Table| {
                table.constraints.iter().any(|check| {
                    check.is_validated
                        && matches!(check.kind, ConstraintKind::Check(_))
                        && check.columns.iter().any(|column| column == named)
                })
            };
            if !self.is_partitioned(&one) && self.schema.table(&one).is_some_and(checked) {
                self.work(&one, WorkKind::Scan, true);
            }
        }
    }

    /// Foreign keys over a column whose type changes are dropped and made again, which locks the other table.
    fn retype_keys(&mut self, table: &TableName, named: &str, checks: bool) {
        let Some(known) = self.schema.table(table) else {
            return;
        };
        let mut referenced = Vec::new();
        for (key, other) in known.foreign_keys() {
            if key.columns.iter().any(|column| column == named) {
                referenced.push(other.clone());
            }
        }
        let is_key = known.constraints.iter().any(|constraint| {
            constraint.kind.has_index() && constraint.columns.iter().any(|column| column == named)
        });
        let mut referencing = Vec::new();
        if is_key {
            for (other, key) in self.schema.referencing(table) {
                if let ConstraintKind::ForeignKey { columns, .. } = &key.kind
                    && (columns.is_empty() || columns.iter().any(|column| column == named))
                {
                    referencing.push(other.clone());
                }
            }
        }
        for other in referenced {
            self.lock(Kind::AlterColumnType, Role::Referenced, &other);
        }
        for other in referencing {
            self.lock(Kind::AlterColumnType, Role::Referencing, &other);
            if checks {
                // Another type compares by another operator, so every row is checked again.
                self.work(&other, WorkKind::Scan, true);
            }
        }
    }
}

/// What a USING says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Using {
    /// Nothing, or the column itself.
    None,
    /// The column, cast to the new type.
    Cast,
    Other,
}

/// `USING column` and `USING column::the new type` are what PostgreSQL does without a USING.
fn how(using: &SyntaxNode, column: &str, new: &SqlType) -> Using {
    match ast::Expr::cast(bare(using)) {
        Some(ast::Expr::NameRef(name)) if segments(name.syntax()) == [column] => Using::None,
        Some(ast::Expr::CastExpr(cast)) => {
            let to = cast.ty().map(|to| SqlType::read(&text(to.syntax())));
            let of = cast.expr().map(|of| bare(of.syntax()));
            let is_column =
                of.is_some_and(|of| ast::NameRef::can_cast(of.kind()) && segments(&of) == [column]);
            if to.as_ref() == Some(new) && is_column {
                Using::Cast
            } else {
                Using::Other
            }
        }
        _ => Using::Other,
    }
}

/// An expression without the parentheses around it.
fn bare(expression: &SyntaxNode) -> SyntaxNode {
    let mut node = expression.clone();
    while ast::ParenExpr::can_cast(node.kind()) {
        match node
            .children()
            .find(|inner| ast::Expr::can_cast(inner.kind()))
        {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}
