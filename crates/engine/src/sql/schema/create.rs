//! What CREATE makes.

use super::define::{ColumnDef, column, constraint, index_parts, names_in, only};
use super::{
    Column, ConstraintKind, Function, Index, OwnType, Persistence, Schema, SqlType, Table,
    TableKind, TableName, Volatility,
};
use crate::sql::effect::query;
use crate::sql::green;
use crate::sql::tree::{Tree, child, has, name, text, word};
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};

impl Schema {
    /// Takes in what a statement does.
    pub fn apply_tree(&mut self, tree: &Tree) {
        // What is not understood changes nothing.
        let _ = self.take(tree.statement());
    }

    fn take(&mut self, statement: &ast::Stmt) -> Option<()> {
        use ast::Stmt as S;
        match statement {
            S::CreateTable(create) => {
                let kind = match create.partition_by() {
                    Some(_) => TableKind::Partitioned,
                    None => TableKind::Table,
                };
                self.create_table(create.syntax(), kind)
            }
            S::CreateForeignTable(create) => self.create_table(create.syntax(), TableKind::Foreign),
            S::CreateTableAs(create) => {
                let made = name(create.table_name())?;
                self.create_by_query(made, create.syntax(), TableKind::Table)
            }
            S::SelectInto(select) => {
                let into = select.into_clause()?;
                let made = name(into.table_name())?;
                self.create_by_query(made, into.syntax(), TableKind::Table)
            }
            S::CreateView(create) => {
                let made = name(create.view())?;
                self.create_by_query(made, create.syntax(), TableKind::View)
            }
            S::CreateMaterializedView(create) => {
                let made = name(create.view())?;
                self.create_by_query(made, create.syntax(), TableKind::MaterializedView)
            }
            S::CreateIndex(create) => self.create_index(create),
            S::CreateSequence(create) => {
                let made = name(create.sequence())?;
                if self.has_relation(&made) {
                    return None;
                }
                self.add_sequence(made.clone(), None);
                self.own_sequence(&made, create.syntax())
            }
            S::CreateType(create) => {
                let own = match create.kind() {
                    Some(ast::CreateTypeKind::EnumType(labels)) => {
                        let list = labels.variant_list()?;
                        let labels = list
                            .variants()
                            .filter_map(|label| label.literal()?.string_value());
                        OwnType::Enum(labels.collect())
                    }
                    Some(ast::CreateTypeKind::CompositeType(_)) => OwnType::Composite,
                    Some(ast::CreateTypeKind::RangeType(_)) => OwnType::Range,
                    Some(ast::CreateTypeKind::BaseType(_)) | None => OwnType::Base,
                };
                self.add_type(name(create.type_name())?, own);
                Some(())
            }
            S::CreateDomain(create) => self.create_domain(create),
            S::CreateFunction(create) => self.create_function(create),
            S::CreateStatistics(create) => {
                let table = name(create.from_table()?.table_name_ref())?;
                self.statistics.insert(name(create.statistics())?, table);
                Some(())
            }
            S::CreateSchema(create) => {
                for element in create.schema_elements() {
                    let inner = ast::Stmt::cast(element.syntax().clone())?;
                    self.take(&inner);
                }
                Some(())
            }
            other => self.alter(other).or_else(|| self.drop(other)),
        }
    }

    fn create_table(&mut self, node: &SyntaxNode, kind: TableKind) -> Option<()> {
        let made = name(child::<ast::TableName>(node))?;
        if has_if_not_exists(node) && self.has_relation(&made) {
            return None;
        }
        let parent = child::<ast::PartitionOf>(node).and_then(|of| name(of.table_name_ref()));
        let inherits = child::<ast::Inherits>(node);
        let mut parents: Vec<TableName> = parent.iter().cloned().collect();
        let refs = inherits.into_iter().flat_map(|list| list.table_name_refs());
        parents.extend(refs.filter_map(|parent| name(Some(parent))));
        let partition_key = child::<ast::PartitionBy>(node)
            .map(|by| index_parts(by.partition_item_list()).columns)
            .unwrap_or_default();
        self.add_table(
            made.clone(),
            Table {
                kind,
                persistence: persistence(node),
                parents: parents.clone(),
                partition_key,
                is_default_partition: child::<ast::PartitionDefault>(node).is_some(),
                ..Table::default()
            },
        );
        for parent in &parents {
            self.inherit(&made, parent);
        }
        let arguments = child::<ast::TableArgList>(node);
        let mut later = Vec::new();
        for argument in arguments.into_iter().flat_map(|list| list.args()) {
            match argument {
                ast::TableArg::Column(one) => {
                    let def = column(one.syntax());
                    later.extend(def.and_then(|def| self.define_column(&made, def)));
                }
                ast::TableArg::LikeClause(like) => self.like(&made, &like),
                ast::TableArg::TableConstraint(one) => {
                    let one = ast::Constraint::cast(one.syntax().clone());
                    later.extend(
                        one.and_then(|one| constraint(&one, &[]))
                            .map(|one| vec![one]),
                    );
                }
            }
        }
        // Keys come first where PostgreSQL names them: it makes the primary key's index before all others.
        for one in later.into_iter().flatten() {
            self.add_constraint(&made, one);
        }
        if let Some(parent) = parent {
            self.copy_indexes(&made, &parent);
        }
        Some(())
    }

    /// Adds a column, or joins it with the inherited one; its constraints are left for later.
    fn define_column(
        &mut self,
        table: &TableName,
        mut def: ColumnDef,
    ) -> Option<Vec<super::define::ConstraintDef>> {
        let constraints = std::mem::take(&mut def.constraints);
        let known = self.table_mut(table)?;
        if let Some(old) = known.column_mut(&def.column.name) {
            old.is_nullable &= def.column.is_nullable;
            if def.column.default.is_some() {
                old.default = def.column.default;
            }
        } else {
            self.add_column(table, def);
        }
        Some(constraints)
    }

    fn create_by_query(
        &mut self,
        made: TableName,
        node: &SyntaxNode,
        kind: TableKind,
    ) -> Option<()> {
        if has_if_not_exists(node) && self.has_relation(&made) {
            return None;
        }
        let list = child::<ast::ColumnList>(node);
        let named = list.into_iter().flat_map(|list| list.column_names());
        let arguments = child::<ast::TableArgList>(node);
        let arguments = arguments.into_iter().flat_map(|list| list.args());
        let written = arguments.filter_map(|argument| match argument {
            ast::TableArg::Column(one) => one.name(),
            _ => None,
        });
        let columns = named.chain(written).filter_map(|column| {
            Some(Column {
                name: word(Some(column))?,
                is_nullable: true,
                ..Column::default()
            })
        });
        let table = Table {
            kind,
            persistence: persistence(node),
            columns: columns.collect(),
            reads: match kind {
                TableKind::Table => Vec::new(),
                _ => query::relations(node).into_iter().collect(),
            },
            uses: match kind {
                TableKind::Table => Vec::new(),
                _ => names_used(node),
            },
            ..Table::default()
        };
        self.add_table(made, table);
        Some(())
    }

    /// The index that it makes; none where it makes none.
    pub(crate) fn index_made(&self, create: &ast::CreateIndex) -> Option<(TableName, Index)> {
        let (table, is_only) = only(create.table_relation_name()?.syntax())?;
        let parts = index_parts(create.partition_item_list());
        let condition = create.where_clause();
        let mut uses = parts.uses;
        if let Some(condition) = &condition {
            uses.extend(names_in(condition.syntax()));
        }
        let made = match create.index().and_then(|index| word(Some(index))) {
            Some(written) => TableName {
                schema: table.schema.clone(),
                name: written,
            },
            None => {
                let mut words = parts.columns.clone();
                if !parts.is_plain {
                    words.push("expr".to_owned());
                }
                self.free_relation(&table, &words.join("_"), "idx")
            }
        };
        if create.if_not_exists().is_some() && self.has_relation(&made) {
            return None;
        }
        let method = create
            .using_method()
            .and_then(|using| word(using.access_method_ref()));
        let index = Index {
            table,
            columns: parts.columns,
            is_plain: parts.is_plain,
            uses,
            is_partial: condition.is_some(),
            is_unique: create.unique_token().is_some(),
            is_valid: !is_only,
            method: method.unwrap_or_else(|| "btree".to_owned()),
        };
        Some((made, index))
    }

    fn create_index(&mut self, create: &ast::CreateIndex) -> Option<()> {
        let (made, index) = self.index_made(create)?;
        let partitioned = self
            .table(&index.table)
            .is_some_and(|table| table.kind == TableKind::Partitioned);
        // One ON ONLY a partitioned table is not valid before its partitions have theirs.
        if partitioned && index.is_valid {
            for child in self.descendants(&index.table) {
                let own = self.free_relation(&child, &index.columns.join("_"), "idx");
                self.add_index(
                    own,
                    Index {
                        table: child,
                        ..index.clone()
                    },
                );
            }
        }
        self.add_index(made, index);
        Some(())
    }

    fn create_function(&mut self, create: &ast::CreateFunction) -> Option<()> {
        let mut function = Function {
            is_sql: create.body().is_some(),
            ..Function::default()
        };
        for option in create
            .option_list()
            .into_iter()
            .flat_map(|list| list.options())
        {
            match option {
                ast::FuncOption::VolatilityFuncOption(volatility) => {
                    function.volatility = match volatility {
                        ast::VolatilityFuncOption::Immutable(_) => Volatility::Immutable,
                        ast::VolatilityFuncOption::Stable(_) => Volatility::Stable,
                        ast::VolatilityFuncOption::Volatile(_) => Volatility::Volatile,
                    };
                }
                ast::FuncOption::LanguageFuncOption(language) => {
                    let written = text(language.syntax()).to_ascii_lowercase();
                    function.is_sql |= written.trim_end_matches('\'').ends_with("sql")
                        && !written.contains("plpgsql");
                }
                _ => {}
            }
        }
        self.functions.insert(name(create.name())?, function);
        Some(())
    }

    fn create_domain(&mut self, create: &ast::CreateDomain) -> Option<()> {
        let made = name(create.domain())?;
        let base = SqlType::read(&text(create.ty()?.syntax()));
        let mut constraints = Vec::new();
        for qualifier in create.domain_qualifiers() {
            if let ast::DomainQualifier::Constraint(one) = qualifier
                && let Some(def) = constraint(&one, &[])
            {
                let label = match def.kind {
                    ConstraintKind::NotNull => "not_null",
                    _ => "check",
                };
                constraints.push(
                    def.name
                        .unwrap_or_else(|| super::names::made(&made.name, "", label)),
                );
            }
        }
        self.add_type(made, OwnType::Domain { base, constraints });
        Some(())
    }
}

/// The names that a query uses, each once; `*` where it takes all columns.
fn names_used(query: &SyntaxNode) -> Vec<String> {
    let mut names = names_in(query);
    let is_star = green::has_token(query, SyntaxKind::TARGET, SyntaxKind::STAR);
    if is_star || text(query).contains(".*") {
        names.push("*".to_owned());
    }
    names
}

pub(crate) fn has_if_not_exists(node: &SyntaxNode) -> bool {
    child::<ast::IfNotExists>(node).is_some()
}

/// How long a relation lasts: by its words, or by the schema of its name.
pub(crate) fn persistence(node: &SyntaxNode) -> Persistence {
    match child::<ast::Persistence>(node) {
        Some(ast::Persistence::Temp(_)) => Persistence::Temporary,
        Some(ast::Persistence::Unlogged(_)) => Persistence::Unlogged,
        None if has(node, SyntaxKind::TEMP_KW) || has(node, SyntaxKind::TEMPORARY_KW) => {
            Persistence::Temporary
        }
        None => Persistence::Permanent,
    }
}
