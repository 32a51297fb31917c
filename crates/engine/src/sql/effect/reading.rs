//! Facts while they are gathered.

use super::kind::{Depth, Kind, Role};
use super::{Action, Effect, Facts, Lock, Loss, ObjectKind, Touch, Work, WorkKind};
use crate::lock::LockMode;
use crate::sql::schema::{Schema, TableKind, TableName};
use std::collections::BTreeMap;

/// What is known so far of one statement.
pub(super) struct Reading<'a> {
    pub schema: &'a Schema,
    pub version: u32,
    pub facts: Facts,
    locks: BTreeMap<TableName, LockMode>,
}

impl<'a> Reading<'a> {
    pub fn new(schema: &'a Schema, version: u32) -> Self {
        Reading {
            schema,
            version,
            facts: Facts::default(),
            locks: BTreeMap::new(),
        }
    }

    pub fn end(mut self) -> Effect {
        self.facts.locks = self
            .locks
            .into_iter()
            .map(|(relation, mode)| Lock { relation, mode })
            .collect();
        let rewritten: Vec<TableName> = self
            .facts
            .work
            .iter()
            .filter(|work| work.kind == WorkKind::Rewrite && work.is_certain)
            .map(|work| work.table.clone())
            .collect();
        // A rewrite reads every row.
        self.facts
            .work
            .retain(|work| work.kind != WorkKind::Scan || !rewritten.contains(&work.table));
        Effect::Known(self.facts)
    }

    /// Notes that the statement is of that kind, or has a part that is.
    pub fn kind(&mut self, kind: Kind) {
        let name = kind.as_str();
        if !self.facts.kinds.iter().any(|one| one == name) {
            self.facts.kinds.push(name.to_owned());
        }
        self.since(kind.since());
    }

    /// Notes that only that version and later ones have it.
    pub fn since(&mut self, version: u32) {
        if version > 12 {
            self.facts.since = self.facts.since.max(Some(version));
        }
    }

    /// Notes the lock that `kind` takes on a relation of that role.
    pub fn lock(&mut self, kind: Kind, role: Role, relation: &TableName) {
        if let Some(mode) = kind.lock(role, self.version) {
            self.lock_in(mode, relation);
        }
    }

    pub fn lock_in(&mut self, mode: LockMode, relation: &TableName) {
        let held = self.locks.entry(relation.clone()).or_insert(mode);
        *held = mode.max(*held);
    }

    /// The relation, and its partitions and inheritors where the kind goes down to them.
    pub fn family(&self, kind: Kind, relation: &TableName, only: bool) -> Vec<TableName> {
        let mut all = vec![relation.clone()];
        let goes = match kind.depth() {
            Depth::Flat => false,
            Depth::Parts => self.is_partitioned(relation),
            Depth::Down => true,
        };
        if goes && !only {
            all.extend(self.schema.descendants(relation));
        }
        all
    }

    pub fn touch(
        &mut self,
        action: Action,
        kind: ObjectKind,
        name: TableName,
        part: Option<String>,
    ) {
        let touch = Touch {
            action,
            kind,
            name,
            part,
        };
        if !self.facts.touches.contains(&touch) {
            self.facts.touches.push(touch);
        }
    }

    /// Notes work on a table, and on its partitions where it has rows only there.
    pub fn work(&mut self, table: &TableName, kind: WorkKind, is_certain: bool) {
        let partitioned = self.is_partitioned(table);
        let mut tables = Vec::new();
        if partitioned {
            let parts = self.schema.descendants(table);
            tables.extend(parts.into_iter().filter(|part| !self.is_partitioned(part)));
        } else {
            tables.push(table.clone());
        }
        for table in tables {
            self.work_on(table, kind, is_certain);
        }
    }

    fn work_on(&mut self, table: TableName, kind: WorkKind, is_certain: bool) {
        // The rows of a foreign table are another server's: only what is written to them is work.
        let known = self.schema.table(&table).map(|known| known.kind);
        if known == Some(TableKind::Foreign) && kind != WorkKind::Rows {
            return;
        }
        let same = |work: &&mut Work| work.table == table && work.kind == kind;
        if let Some(work) = self.facts.work.iter_mut().find(same) {
            work.is_certain |= is_certain;
        } else {
            self.facts.work.push(Work {
                table,
                kind,
                is_certain,
            });
        }
    }

    pub fn lose(&mut self, loss: Loss) {
        if !self.facts.losses.contains(&loss) {
            self.facts.losses.push(loss);
        }
    }

    /// Says what is decided by the database.
    pub fn open(&mut self, sentence: impl Into<String>) {
        self.facts.open.get_or_insert(sentence.into());
    }

    pub fn is_partitioned(&self, table: &TableName) -> bool {
        let known = self.schema.table(table);
        known.is_some_and(|table| table.kind == TableKind::Partitioned)
    }

    /// What a relation of that name is; a table where nothing is known of it.
    pub fn kind_of(&self, name: &TableName) -> ObjectKind {
        match self.schema.table(name).map(|table| table.kind) {
            Some(TableKind::View) => ObjectKind::View,
            Some(TableKind::MaterializedView) => ObjectKind::MaterializedView,
            Some(_) => ObjectKind::Table,
            None if self.schema.index(name).is_some() => ObjectKind::Index,
            None if self.schema.sequence(name).is_some() => ObjectKind::Sequence,
            None => ObjectKind::Table,
        }
    }
}
