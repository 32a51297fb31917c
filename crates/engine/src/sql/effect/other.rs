//! Which statement it is; those without locks on relations are a table.

use super::kind::{Kind, Role};
use super::reading::Reading;
use super::{Action, Effect, ObjectKind};
use crate::sql::green;
use crate::sql::schema::{Schema, TableName};
use crate::sql::tree::{Tree, child, name, name_of, word};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

pub(super) fn read(tree: &Tree, schema: &Schema, version: u32) -> Effect {
    let unknown = |reason: &str| Effect::Unknown {
        reason: reason.to_owned(),
    };
    match tree.statement() {
        ast::Stmt::Do(_) => {
            return unknown("A DO block runs code, and what it does is decided when it runs.");
        }
        ast::Stmt::Call(_) => {
            return unknown("It calls a procedure, and what that does is decided when it runs.");
        }
        ast::Stmt::Execute(_) => {
            return unknown("It runs a prepared statement, and what that does stands elsewhere.");
        }
        ast::Stmt::Repack(_)
        | ast::Stmt::CreatePropertyGraph(_)
        | ast::Stmt::AlterPropertyGraph(_)
        | ast::Stmt::DropPropertyGraph(_) => {
            return unknown("It is newer than PostgreSQL 18, the last version that is read here.");
        }
        _ => {}
    }
    let mut reading = Reading::new(schema, version);
    reading.facts.is_outside = tree.is_outside();
    // A part that is missing leaves what is known without it.
    let _ = reading.statement(tree.statement());
    reading.end()
}

impl Reading<'_> {
    fn statement(&mut self, statement: &ast::Stmt) -> Option<()> {
        use ast::Stmt as S;
        match statement {
            S::CreateTable(one) => self.create_table(one.syntax(), Kind::CreateTable)?,
            S::CreateForeignTable(one) => {
                self.create_table(one.syntax(), Kind::CreateForeignTable)?
            }
            S::CreateTableAs(one) => {
                self.create_by_query(name(one.table_name())?, one.syntax(), Kind::CreateTableAs)
            }
            S::SelectInto(one) => {
                let made = name(one.into_clause()?.table_name())?;
                self.create_by_query(made, one.syntax(), Kind::CreateTableAs);
            }
            S::CreateView(one) => {
                self.create_by_query(name(one.view())?, one.syntax(), Kind::CreateView)
            }
            S::CreateMaterializedView(one) => {
                self.create_by_query(
                    name(one.view())?,
                    one.syntax(),
                    Kind::CreateMaterializedView,
                );
            }
            S::CreateIndex(one) => self.create_index(one)?,
            S::CreateSequence(one) => {
                self.kind(Kind::CreateSequence);
                self.touch(
                    Action::Create,
                    ObjectKind::Sequence,
                    name(one.sequence())?,
                    None,
                );
                self.sequence_options(one.syntax(), Kind::CreateSequence);
            }
            S::CreateTrigger(one) => self.create_trigger(one)?,
            S::CreateRule(one) => self.create_rule(one)?,
            S::CreatePolicy(one) => self.policy(
                Kind::CreatePolicy,
                Action::Create,
                one.syntax(),
                one.on_table(),
                word(one.policy()),
            )?,
            S::AlterPolicy(one) => self.policy(
                Kind::AlterPolicy,
                Action::Alter,
                one.syntax(),
                one.on_table(),
                word(one.policy_ref()),
            )?,
            S::DropPolicy(one) => self.policy(
                Kind::DropPolicy,
                Action::Drop,
                one.syntax(),
                one.on_table(),
                word(one.policy_ref()),
            )?,
            S::AlterTrigger(one) => self.on_relation(
                Kind::AlterTrigger,
                Action::Alter,
                ObjectKind::Trigger,
                one.on_relation(),
                word(one.trigger_ref()),
            )?,
            S::DropTrigger(one) => self.on_relation(
                Kind::DropTrigger,
                Action::Drop,
                ObjectKind::Trigger,
                one.on_relation(),
                word(one.trigger_ref()),
            )?,
            S::AlterRule(one) => self.on_relation(
                Kind::AlterRule,
                Action::Alter,
                ObjectKind::Rule,
                one.on_relation(),
                word(one.rule_ref()),
            )?,
            S::DropRule(one) => self.on_relation(
                Kind::DropRule,
                Action::Drop,
                ObjectKind::Rule,
                one.on_relation(),
                word(one.rule_ref()),
            )?,
            S::CreateStatistics(one) => {
                self.kind(Kind::CreateStatistics);
                let table = name(one.from_table()?.table_name_ref())?;
                self.lock(Kind::CreateStatistics, Role::Table, &table);
                self.touch(
                    Action::Create,
                    ObjectKind::Statistics,
                    table,
                    word(one.statistics()),
                );
            }
            S::CreatePublication(one) => {
                self.publication(one.syntax(), Kind::CreatePublication, Action::Create)
            }
            S::AlterPublication(one) => {
                self.publication(one.syntax(), Kind::AlterPublication, Action::Alter)
            }
            S::AlterTable(one) => {
                let Some(relation) = one.table_relation_name() else {
                    self.kind(Kind::SetTablespace);
                    self.open("It moves every table of the tablespace.");
                    return Some(());
                };
                let (table, only) = crate::sql::schema::define::only(relation.syntax())?;
                self.alter_table(table, only, one.actions());
            }
            S::AlterForeignTable(one) => {
                let (table, only) =
                    crate::sql::schema::define::only(one.table_relation_name()?.syntax())?;
                self.alter_table(table, only, one.actions());
            }
            S::AlterIndex(one) => self.alter_index(one)?,
            S::AlterSequence(one) => self.alter_sequence(one)?,
            S::AlterView(one) => {
                self.alter_view(one.syntax(), name(one.view_ref())?, Kind::AlterView)
            }
            S::AlterMaterializedView(one) => match name(one.view_ref()) {
                Some(view) => self.alter_view(one.syntax(), view, Kind::AlterMaterializedView),
                None => self.open("It moves every materialized view of the tablespace."),
            },
            S::AlterDomain(one) => self.alter_domain(one)?,
            S::AlterType(one) => {
                use ast::AlterTypeAction as A;
                let kind = match one.action()? {
                    A::AddValue(_) => Kind::AddEnumValue,
                    A::RenameValue(_) => Kind::RenameEnumValue,
                    _ => Kind::AlterType,
                };
                self.kind(kind);
                self.touch(
                    Action::Alter,
                    ObjectKind::Type,
                    name(one.type_name_ref())?,
                    None,
                );
            }
            S::DropTable(one) => self.drop_tables(one.syntax()),
            S::DropForeignTable(one) => self.drop_tables(one.syntax()),
            S::DropView(one) => self.drop_view(one.syntax(), Kind::DropView),
            S::DropMaterializedView(one) => {
                self.drop_view(one.syntax(), Kind::DropMaterializedView)
            }
            S::DropIndex(one) => self.drop_index(one),
            S::DropSequence(one) => self.drop_sequence(one.syntax()),
            S::DropType(one) => self.drop_type(one.syntax(), Kind::DropType),
            S::DropDomain(one) => self.drop_type(one.syntax(), Kind::DropDomain),
            S::DropSchema(one) => self.drop_schema(one.syntax()),
            S::CreateSchema(one) => {
                self.kind(Kind::CreateSchema);
                if let Some(made) = one.schema_name() {
                    self.touch(Action::Create, ObjectKind::Schema, name_of(&made)?, None);
                }
                for element in one.schema_elements() {
                    if let Some(inner) = S::cast(element.syntax().clone()) {
                        let _ = self.statement(&inner);
                    }
                }
            }
            S::Select(_)
            | S::CompoundSelect(_)
            | S::ParenSelect(_)
            | S::Table(_)
            | S::Values(_) => {
                self.kind(Kind::Select);
                self.writes(statement.syntax());
            }
            S::Insert(_) | S::Update(_) | S::Delete(_) | S::Merge(_) => {
                self.writes(statement.syntax())
            }
            S::Copy(one) => self.copy(one)?,
            S::Truncate(one) => self.truncate(one)?,
            S::Lock(one) => self.lock_table(one)?,
            S::Reindex(one) => self.reindex(one)?,
            S::Vacuum(one) => self.vacuum(one),
            S::Analyze(one) => self.analyze(one),
            S::Cluster(one) => self.cluster(one)?,
            S::Refresh(one) => self.refresh(one)?,
            S::CommentOn(one) => self.comment(one.comment_object()?.syntax())?,
            S::SecurityLabel(one) => self.comment(one.security_label_object()?.syntax())?,
            S::Grant(one) => self.grant(one.syntax(), Kind::Grant)?,
            S::Revoke(one) => self.grant(one.syntax(), Kind::Revoke)?,
            S::Explain(one) => self.explain(one)?,
            S::Declare(one) => {
                self.kind(Kind::Select);
                self.writes(one.query()?.syntax());
            }
            S::Prepare(_) => {
                // It is looked up now, and run later.
                self.kind(Kind::Other);
                self.names_read(statement.syntax(), Kind::Select);
            }
            S::CreateFunction(one) => self.routine(
                one.syntax(),
                one.body(),
                Kind::CreateFunction,
                name(one.name())?,
            ),
            S::CreateProcedure(one) => self.routine(
                one.syntax(),
                one.body(),
                Kind::CreateProcedure,
                name(one.name())?,
            ),
            other => self.plain_statement(other.syntax()),
        }
        Some(())
    }

    fn policy(
        &mut self,
        kind: Kind,
        action: Action,
        node: &SyntaxNode,
        on: Option<ast::OnTable>,
        part: Option<String>,
    ) -> Option<()> {
        self.kind(kind);
        let table = name(on?.table_name_ref())?;
        self.lock(kind, Role::Table, &table);
        self.touch(action, ObjectKind::Policy, table, part);
        self.names_read(node, kind);
        Some(())
    }

    fn on_relation(
        &mut self,
        kind: Kind,
        action: Action,
        object: ObjectKind,
        on: Option<ast::OnRelation>,
        part: Option<String>,
    ) -> Option<()> {
        self.kind(kind);
        let table = name(on?.relation_name_ref())?;
        for one in self.family(kind, &table, false) {
            self.lock(kind, Role::Table, &one);
        }
        self.touch(action, object, table, part);
        Some(())
    }

    fn alter_view(&mut self, node: &SyntaxNode, view: TableName, kind: Kind) {
        let object = match kind {
            Kind::AlterView => ObjectKind::View,
            _ => ObjectKind::MaterializedView,
        };
        let actions: Vec<ast::AlterTableAction> = node
            .children()
            .filter_map(ast::AlterTableAction::cast)
            .collect();
        self.touch(Action::Alter, object, view.clone(), None);
        // Storage parameters, statistics and the like have the locks that they have on a table.
        let weak = |action: &ast::AlterTableAction| {
            use ast::AlterTableAction as A;
            matches!(
                action,
                A::SetOptions(_)
                    | A::ResetOptions(_)
                    | A::ClusterOn(_)
                    | A::SetWithoutCluster(_)
                    | A::AlterColumn(_)
            )
        };
        self.kind(kind);
        if child::<ast::RenameColumn>(node).is_some() && kind == Kind::AlterView {
            self.since(13);
        }
        if kind == Kind::AlterMaterializedView && !actions.is_empty() && actions.iter().all(weak) {
            let target = super::alter_table::Target {
                table: view,
                only: false,
                dropped: Vec::new(),
            };
            for action in &actions {
                let _ = self.alter_action(&target, action);
            }
        } else {
            self.lock(kind, Role::Target, &view);
        }
        if green::all::<ast::AttributeName>(node)
            .any(|one| word(Some(one)).as_deref() == Some("security_invoker"))
        {
            self.since(15);
        }
    }

    /// EXPLAIN looks tables up as the statement itself does, and runs it only with ANALYZE.
    fn explain(&mut self, explain: &ast::Explain) -> Option<()> {
        self.kind(Kind::Other);
        let inner = explain.explain_stmt()?;
        let analyzes = match explain.explain_mode() {
            Some(ast::ExplainMode::ExplainAnalyze(_)) => true,
            Some(ast::ExplainMode::ExplainOptionList(list)) => {
                list.explain_options().any(|option| {
                    let named = word(option.explain_option_name());
                    named.is_some_and(|name| name == "analyze" || name == "analyse")
                })
            }
            _ => false,
        };
        let inner = ast::Stmt::cast(inner.syntax().clone())?;
        self.statement(&inner)?;
        if !analyzes {
            self.facts.work.clear();
            self.facts.losses.clear();
        }
        Some(())
    }

    /// A function's body of its own grammar is looked up when it is made; a string is not read.
    fn routine(
        &mut self,
        node: &SyntaxNode,
        body: Option<ast::RoutineBody>,
        kind: Kind,
        made: TableName,
    ) {
        self.kind(kind);
        let object = match kind {
            Kind::CreateFunction => ObjectKind::Function,
            _ => ObjectKind::Procedure,
        };
        let action = if child::<ast::OrReplace>(node).is_some() {
            Action::Alter
        } else {
            Action::Create
        };
        self.touch(action, object, made, None);
        if let Some(body) = body {
            self.since(14);
            self.names_read(body.syntax(), kind);
            for written in super::write::targets(body.syntax()) {
                self.lock_in(crate::lock::LockMode::RowExclusive, &written);
            }
        }
    }
}
