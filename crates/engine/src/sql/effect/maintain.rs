//! REINDEX, VACUUM, ANALYZE, CLUSTER, REFRESH, LOCK, COMMENT, GRANT, and what is about indexes and views.

use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, ObjectKind, WorkKind};
use crate::lock::LockMode;
use crate::sql::green;
use crate::sql::schema::TableName;
use crate::sql::tree::{child, has, name, name_of, word};
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode};

impl Reading<'_> {
    pub fn reindex(&mut self, reindex: &ast::Reindex) -> Option<()> {
        let concurrently = self.facts.is_outside;
        match reindex.reindex_target()? {
            ast::ReindexTarget::ReindexTargetIndex(target) => {
                let index = name(target.index_ref())?;
                let kind = if concurrently {
                    Kind::ReindexIndexConcurrently
                } else {
                    Kind::ReindexIndex
                };
                self.kind(kind);
                self.lock(kind, Role::Target, &index);
                self.touch(Action::Alter, ObjectKind::Index, index.clone(), None);
                match self.schema.index(&index).map(|index| index.table.clone()) {
                    Some(table) => {
                        self.lock(kind, Role::Table, &table);
                        self.work(&table, WorkKind::Index, true);
                        self.touch(Action::Alter, ObjectKind::Table, table, None);
                    }
                    None => self.open(
                        "It locks and reads the index's table, too, which the text does not name.",
                    ),
                }
            }
            ast::ReindexTarget::ReindexTargetTable(target) => {
                let table = name(target.table_name_ref())?;
                let kind = if concurrently {
                    Kind::ReindexTableConcurrently
                } else {
                    Kind::ReindexTable
                };
                self.kind(kind);
                self.lock(kind, Role::Target, &table);
                self.touch(Action::Alter, ObjectKind::Table, table.clone(), None);
                let indexes: Vec<TableName> = self
                    .schema
                    .indexes_of(&table)
                    .map(|(name, _)| name.clone())
                    .collect();
                for index in indexes {
                    self.lock(kind, Role::Index, &index);
                }
                self.work(&table, WorkKind::Index, true);
            }
            _ => {
                self.kind(Kind::ReindexAll);
                self.open("It builds every index there again, each table's while it is locked.");
            }
        }
        Some(())
    }

    pub fn vacuum(&mut self, vacuum: &ast::Vacuum) {
        let kind = if vacuum.is_full() {
            Kind::VacuumFull
        } else {
            Kind::Vacuum
        };
        let work = if vacuum.is_full() {
            WorkKind::Rewrite
        } else {
            WorkKind::Scan
        };
        self.over_tables(vacuum.table_and_columns_list(), kind, work);
    }

    pub fn analyze(&mut self, analyze: &ast::Analyze) {
        // It reads a sample, so the time does not grow with the table.
        self.over_tables(
            analyze.table_and_columns_list(),
            Kind::Analyze,
            WorkKind::Rows,
        );
        self.facts.work.clear();
    }

    fn over_tables(&mut self, list: Option<ast::TableAndColumnsList>, kind: Kind, work: WorkKind) {
        self.kind(kind);
        let Some(list) = list else {
            self.open("It goes over every table of the database.");
            return;
        };
        for one in list.table_and_columnss() {
            let Some(relation) = one.table_relation_name() else {
                continue;
            };
            let Some(table) = name_of(relation.syntax()) else {
                continue;
            };
            let only = has(relation.syntax(), SyntaxKind::ONLY_KW);
            let object = self.kind_of(&table);
            self.touch(Action::Alter, object, table.clone(), None);
            let mut family = self.family(kind, &table, only);
            if kind == Kind::Analyze && self.is_partitioned(&table) && !only {
                // The statistics of the whole come from all partitions.
                family.extend(self.schema.descendants(&table));
            }
            for one in family {
                self.lock(kind, Role::Target, &one);
            }
            self.work(&table, work, true);
        }
    }

    pub fn cluster(&mut self, cluster: &ast::Cluster) -> Option<()> {
        self.kind(Kind::Cluster);
        let legacy = cluster.cluster_legacy().and_then(|legacy| legacy.on_path());
        let table = name(cluster.table_name_ref()).or_else(|| name(legacy?.table_name_ref()));
        let Some(table) = table else {
            self.open("It goes over every table that was clustered before.");
            return Some(());
        };
        self.lock(Kind::Cluster, Role::Target, &table);
        self.touch(Action::Alter, ObjectKind::Table, table.clone(), None);
        self.work(&table, WorkKind::Rewrite, true);
        Some(())
    }

    pub fn refresh(&mut self, refresh: &ast::Refresh) -> Option<()> {
        let view = name(refresh.view_ref())?;
        let concurrently = refresh.concurrently_token().is_some();
        let kind = if concurrently {
            Kind::RefreshConcurrently
        } else {
            Kind::Refresh
        };
        self.kind(kind);
        self.lock(kind, Role::Target, &view);
        self.touch(
            Action::Write,
            ObjectKind::MaterializedView,
            view.clone(),
            None,
        );
        let empty = child::<ast::WithNoData>(refresh.syntax()).is_some();
        self.work(
            &view,
            if concurrently {
                WorkKind::Rows
            } else {
                WorkKind::Rewrite
            },
            true,
        );
        match self.schema.table(&view).map(|known| known.reads.clone()) {
            Some(reads) if !empty => {
                for read in reads {
                    self.read(&read, LockMode::AccessShare, false);
                }
            }
            Some(_) => {}
            None => {
                self.open("It reads the tables of the view's query, which the text does not name.")
            }
        }
        Some(())
    }

    pub fn lock_table(&mut self, lock: &ast::Lock) -> Option<()> {
        self.kind(Kind::LockTable);
        use ast::LockMode as L;
        let mode = match lock
            .lock_mode_clause()
            .and_then(|clause| clause.lock_mode())
        {
            Some(L::AccessShare(_)) => LockMode::AccessShare,
            Some(L::RowShare(_)) => LockMode::RowShare,
            Some(L::RowExclusive(_)) => LockMode::RowExclusive,
            Some(L::ShareUpdateExclusive(_)) => LockMode::ShareUpdateExclusive,
            Some(L::Share(_)) => LockMode::Share,
            Some(L::ShareRowExclusive(_)) => LockMode::ShareRowExclusive,
            Some(L::Exclusive(_)) => LockMode::Exclusive,
            Some(L::AccessExclusive(_)) | None => LockMode::AccessExclusive,
        };
        for relation in lock.relation_list()?.relation_names() {
            let only = has(relation.syntax(), SyntaxKind::ONLY_KW);
            let named = name_of(relation.syntax())?;
            let object = self.kind_of(&named);
            self.touch(Action::Alter, object, named.clone(), None);
            self.lock_behind(&named, mode, only, &mut std::collections::BTreeSet::new());
        }
        Some(())
    }

    pub fn alter_index(&mut self, alter: &ast::AlterIndex) -> Option<()> {
        use ast::AlterIndexAction as A;
        let Some(index) = name(alter.index_ref()) else {
            self.kind(Kind::IndexSetTablespace);
            self.open("It moves every index of the tablespace.");
            return Some(());
        };
        self.touch(Action::Alter, ObjectKind::Index, index.clone(), None);
        let kind = match alter.action()? {
            A::IndexRenameTo(_) => Kind::RenameIndex,
            A::SetTablespace(_) => Kind::IndexSetTablespace,
            A::AlterSetStatistics(_) => Kind::IndexSetStatistics,
            A::AttachIndexPartition(attach) => {
                let part = name(attach.index_ref())?;
                self.lock(Kind::AttachIndex, Role::Index, &part);
                for one in [&index, &part] {
                    if let Some(table) = self.schema.index(one).map(|known| known.table.clone()) {
                        self.lock(Kind::AttachIndex, Role::Table, &table);
                    }
                }
                self.touch(Action::Alter, ObjectKind::Index, part, None);
                Kind::AttachIndex
            }
            A::DependsOnExtension(_) | A::NoDependsOnExtension(_) => Kind::IndexDepends,
            A::SetOptions(_) | A::ResetOptions(_) => {
                let strong = [
                    "fastupdate",
                    "buffering",
                    "pages_per_range",
                    "autosummarize",
                    "gin_pending_list_limit",
                ];
                let options = green::all::<ast::AttributeName>(alter.syntax());
                let names: Vec<String> = options.filter_map(|option| word(Some(option))).collect();
                match names.iter().any(|name| strong.contains(&name.as_str())) {
                    true => Kind::IndexSetExclusiveParameters,
                    false => Kind::IndexSetParameters,
                }
            }
        };
        self.kind(kind);
        self.lock(kind, Role::Target, &index);
        if kind == Kind::IndexSetTablespace
            && let Some(table) = self.schema.index(&index).map(|known| known.table.clone())
        {
            self.work(&table, WorkKind::Index, false);
        }
        Some(())
    }

    pub fn alter_sequence(&mut self, alter: &ast::AlterSequence) -> Option<()> {
        let sequence = name(alter.sequence_ref())?;
        let moves = alter.actions().any(|action| {
            matches!(
                action,
                ast::AlterSequenceAction::OwnerTo(_)
                    | ast::AlterSequenceAction::SequenceRenameTo(_)
                    | ast::AlterSequenceAction::SetSchema(_)
                    | ast::AlterSequenceAction::SetLogged(_)
                    | ast::AlterSequenceAction::SetUnlogged(_)
            )
        });
        let kind = if moves {
            Kind::MoveSequence
        } else {
            Kind::AlterSequence
        };
        self.kind(kind);
        if alter.actions().any(|action| {
            matches!(
                action,
                ast::AlterSequenceAction::SetLogged(_) | ast::AlterSequenceAction::SetUnlogged(_)
            )
        }) {
            self.since(15);
        }
        self.lock(kind, Role::Target, &sequence);
        self.touch(Action::Alter, ObjectKind::Sequence, sequence, None);
        self.sequence_options(alter.syntax(), kind);
        Some(())
    }
}
