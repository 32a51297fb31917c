//! What queries read, and the functions that they call.

use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, expression};
use crate::lock::LockMode;
use crate::sql::green::{self, segments};
use crate::sql::schema::TableName;
use crate::sql::tree::{child, has, name, name_of, word};
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};
use std::collections::BTreeSet;

/// The tables and views that the queries in a node read, in order of name.
pub(crate) fn relations(node: &SyntaxNode) -> BTreeSet<TableName> {
    sources(node)
        .into_iter()
        .map(|source| source.name)
        .collect()
}

/// A relation in a FROM.
struct Source {
    name: TableName,
    alias: String,
    only: bool,
    node: SyntaxNode,
}

fn sources(node: &SyntaxNode) -> Vec<Source> {
    let mut all = Vec::new();
    let is_source = |kind| matches!(kind, SyntaxKind::RELATION_FROM_ITEM | SyntaxKind::TABLE);
    let around = node.ancestors();
    let statement = around.take_while(|node| node.kind() != SyntaxKind::SOURCE_FILE);
    let statement = statement.last().unwrap_or_else(|| node.clone());
    let has_with = green::has(&statement, |kind| kind == SyntaxKind::WITH_CLAUSE);
    for inner in green::nodes(node, is_source) {
        let (found, alias) = match inner.kind() {
            SyntaxKind::RELATION_FROM_ITEM => {
                let alias = child::<ast::FromAlias>(&inner).and_then(|alias| word(alias.name()));
                (
                    child::<ast::RelationNameRef>(&inner).and_then(|of| name(Some(of))),
                    alias,
                )
            }
            SyntaxKind::TABLE => (
                child::<ast::RelationName>(&inner).and_then(|of| name_of(of.syntax())),
                None,
            ),
            _ => continue,
        };
        let Some(found) = found else { continue };
        if has_with && found.schema.is_none() && is_common_table(&inner, &found.name) {
            continue;
        }
        all.push(Source {
            alias: alias.unwrap_or_else(|| found.name.clone()),
            only: has(&inner, SyntaxKind::ONLY_KW),
            name: found,
            node: inner,
        });
    }
    all
}

/// Whether the name stands for a query in a WITH around it (manual, 7.8).
fn is_common_table(node: &SyntaxNode, name: &str) -> bool {
    let mut inside: Option<SyntaxNode> = None;
    // What stands around the statement is the file, which has as many children as it has statements.
    let ancestors = node.ancestors();
    for around in ancestors.take_while(|node| node.kind() != SyntaxKind::SOURCE_FILE) {
        if let Some(with) = child::<ast::WithClause>(&around) {
            // Without RECURSIVE, a query in the WITH sees those before it only.
            let mut visible = true;
            for table in with.with_tables() {
                let here = inside.as_ref().is_some_and(|node| node == table.syntax());
                if here && with.recursive_token().is_none() {
                    visible = false;
                }
                if visible && word(table.name()).as_deref() == Some(name) {
                    return true;
                }
            }
        }
        if around.kind() == SyntaxKind::WITH_TABLE {
            inside = Some(around);
        }
    }
    false
}

impl Reading<'_> {
    /// Notes what the queries in a node read and lock, by `kind`'s lock for what is read.
    pub fn queries(&mut self, node: &SyntaxNode, kind: Kind) {
        let mode = kind
            .lock(Role::Read, self.version)
            .unwrap_or(LockMode::AccessShare);
        for source in sources(node) {
            let locked = is_locked(&source);
            if locked {
                self.kind(Kind::SelectFor);
            }
            let row = Kind::SelectFor.lock(Role::Read, self.version);
            let strongest = row.filter(|_| locked).unwrap_or(mode).max(mode);
            self.read(&source.name, strongest, source.only);
        }
        self.calls(node);
    }

    /// Notes that a relation is read, and what is behind it where it is a view.
    pub fn read(&mut self, relation: &TableName, mode: LockMode, only: bool) {
        let kind = self.kind_of(relation);
        self.touch(Action::Read, kind, relation.clone(), None);
        self.lock_behind(relation, mode, only, &mut BTreeSet::new());
    }

    /// Locks a relation, its partitions and inheritors, and what a view reads.
    pub fn lock_behind(
        &mut self,
        relation: &TableName,
        mode: LockMode,
        only: bool,
        seen: &mut BTreeSet<TableName>,
    ) {
        if !seen.insert(relation.clone()) {
            return;
        }
        for one in self.family(Kind::Select, relation, only) {
            self.lock_in(mode, &one);
        }
        let Some(view) = self.schema.table(relation) else {
            return;
        };
        if view.kind == crate::sql::schema::TableKind::View {
            for behind in view.reads.clone() {
                self.lock_behind(&behind, mode, false, seen);
            }
        }
    }

    /// Notes the functions that are called: those of sequences lock them, and those of the project may do anything.
    pub fn calls(&mut self, node: &SyntaxNode) {
        for call in green::all::<ast::CallExpr>(node) {
            let Some(function) = expression::called(&call) else {
                continue;
            };
            let builtin = matches!(function.schema.as_deref(), None | Some("pg_catalog"));
            let own = self.schema.function(&function).is_some();
            if builtin && !own {
                if ["nextval", "setval", "currval"].contains(&function.name.as_str())
                    && let Some(sequence) = expression::text_argument(&call)
                    && let Some(sequence) = expression::relation_of_text(&sequence)
                {
                    self.lock(Kind::Select, Role::Sequence, &sequence);
                    let action = if function.name == "currval" {
                        Action::Read
                    } else {
                        Action::Write
                    };
                    self.touch(action, super::ObjectKind::Sequence, sequence, None);
                }
            } else {
                self.open(format!(
                    "It calls {function}(), and what that does is not read."
                ));
            }
        }
    }
}

/// Whether a FOR UPDATE or the like of the query around it means this source.
fn is_locked(source: &Source) -> bool {
    let Some(select) = source
        .node
        .ancestors()
        .find(|node| node.kind() == SyntaxKind::SELECT)
    else {
        return false;
    };
    select
        .children()
        .filter_map(ast::LockingClause::cast)
        .any(|clause| match clause.locking_of() {
            None => true,
            Some(of) => of
                .exprs()
                .any(|one| segments(one.syntax()).last() == Some(&source.alias)),
        })
}
