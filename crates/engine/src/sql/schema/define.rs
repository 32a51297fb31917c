//! Columns and constraints as a statement defines them.

use super::{Column, Constraint, ConstraintKind, Generated, Schema, SqlType, Table, TableName};
use crate::sql::green;
use crate::sql::tree::{child, has, name, name_of, text, word};
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// A constraint as it is written.
#[derive(Clone, Debug)]
pub(crate) struct ConstraintDef {
    pub name: Option<String>,
    pub kind: ConstraintKind,
    pub columns: Vec<String>,
    pub is_validated: bool,
    pub is_enforced: bool,
    /// It says NO INHERIT.
    pub is_local: bool,
    /// The index of USING INDEX.
    pub using_index: Option<String>,
}

/// A column as it is written, with the constraints that stand behind it.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnDef {
    pub column: Column,
    pub constraints: Vec<ConstraintDef>,
    /// It brings a sequence of its own: serial, or identity.
    pub has_sequence: bool,
    /// The default or the expression of a generated column.
    pub expression: Option<SyntaxNode>,
}

/// Reads a column of CREATE TABLE or ADD COLUMN.
pub(crate) fn column(node: &SyntaxNode) -> Option<ColumnDef> {
    let name = word(child::<ast::ColumnName>(node))?;
    let written = child::<ast::Type>(node)
        .map(|written| text(written.syntax()))
        .unwrap_or_default();
    let mut sql_type = SqlType::read(&written);
    let serial = sql_type.of_serial();
    if let Some(integer) = serial {
        sql_type.name = integer.to_owned();
    }
    let mut def = ColumnDef {
        column: Column {
            name,
            written,
            sql_type,
            is_nullable: serial.is_none(),
            ..Column::default()
        },
        has_sequence: serial.is_some(),
        ..ColumnDef::default()
    };
    for constraint in node.children().filter_map(ast::Constraint::cast) {
        take(&mut def, &constraint);
    }
    Some(def)
}

fn take(def: &mut ColumnDef, constraint: &ast::Constraint) {
    match constraint {
        ast::Constraint::DefaultConstraint(default) => {
            let expression = default.expr();
            def.column.default = expression
                .as_ref()
                .map(|expression| text(expression.syntax()));
            def.expression = expression.map(|expression| expression.syntax().clone());
        }
        ast::Constraint::GeneratedConstraint(generated) => match generated.generated_as() {
            Some(ast::GeneratedAs::GeneratedIdentity(_)) => {
                def.column.is_identity = true;
                def.column.is_nullable = false;
                def.has_sequence = true;
            }
            Some(ast::GeneratedAs::GeneratedStored(stored)) => {
                // Without a word, 18 makes it virtual; before, STORED had to be said.
                let kind = match stored.generated_kind() {
                    Some(ast::GeneratedKind::Stored(_)) => Generated::Stored,
                    Some(ast::GeneratedKind::Virtual(_)) | None => Generated::Virtual,
                };
                def.column.generated = Some(kind);
                def.expression = stored.expr().map(|expression| expression.syntax().clone());
            }
            None => {}
        },
        other => {
            let own = [def.column.name.clone()];
            if let Some(one) = self::constraint(other, &own) {
                let is_key = one.kind == ConstraintKind::PrimaryKey;
                if is_key || one.kind == ConstraintKind::NotNull && one.is_validated {
                    def.column.is_nullable = false;
                }
                def.constraints.push(one);
            }
        }
    }
}

/// Reads a constraint; `own` is the column that it stands behind, where it stands behind one.
pub(crate) fn constraint(node: &ast::Constraint, own: &[String]) -> Option<ConstraintDef> {
    use ast::Constraint as C;
    let syntax = node.syntax();
    let named = child::<ast::ConstraintNameClause>(syntax)
        .and_then(|clause| word(clause.constraint_name()));
    let options = |kind: SyntaxKind| syntax.children().any(|option| option.kind() == kind);
    let mut def = ConstraintDef {
        name: named,
        kind: ConstraintKind::NotNull,
        columns: own.to_vec(),
        is_validated: !options(SyntaxKind::NOT_VALID) && !options(SyntaxKind::NOT_ENFORCED),
        is_enforced: !options(SyntaxKind::NOT_ENFORCED),
        is_local: options(SyntaxKind::NO_INHERIT),
        using_index: None,
    };
    match node {
        C::NotNullConstraint(not_null) => {
            if let Some(column) = word(not_null.column_name_ref()) {
                def.columns = vec![column];
            }
        }
        C::CheckConstraint(check) => {
            let expression = check.expr()?;
            def.columns = names_in(expression.syntax());
            def.kind = ConstraintKind::Check(text(expression.syntax()));
        }
        C::UniqueConstraint(unique) => {
            def.kind = ConstraintKind::Unique;
            key(&mut def, unique.index_parameters(), unique.using_index());
        }
        C::PrimaryKeyConstraint(primary) => {
            def.kind = ConstraintKind::PrimaryKey;
            key(&mut def, primary.index_parameters(), primary.using_index());
        }
        C::ExcludeConstraint(exclude) => {
            def.kind = ConstraintKind::Exclude;
            let list = exclude.constraint_exclusion_list();
            def.columns = list.map(|list| names_in(list.syntax())).unwrap_or_default();
        }
        C::ForeignKeyConstraint(foreign) => {
            let lists: Vec<_> = syntax
                .children()
                .filter_map(ast::ForeignKeyColumnList::cast)
                .collect();
            let columns = |at: usize| {
                lists
                    .get(at)
                    .map(|list| columns_of(list.syntax()))
                    .unwrap_or_default()
            };
            def.columns = columns(0);
            def.kind = ConstraintKind::ForeignKey {
                table: name(foreign.table_name_ref())?,
                columns: columns(1),
                cascades: cascades(foreign.referential_actions()),
            };
        }
        C::ReferencesConstraint(references) => {
            def.kind = ConstraintKind::ForeignKey {
                table: name(references.table())?,
                columns: word(references.column()).into_iter().collect(),
                cascades: cascades(references.referential_actions()),
            };
        }
        C::DefaultConstraint(_) | C::GeneratedConstraint(_) | C::NullConstraint(_) => return None,
    }
    Some(def)
}

fn key(
    def: &mut ConstraintDef,
    parameters: Option<ast::IndexParameters>,
    using: Option<ast::UsingIndexName>,
) {
    let list = parameters.and_then(|parameters| parameters.column_list());
    if let Some(list) = list {
        def.columns = columns_of(list.syntax());
    }
    def.using_index = using.and_then(|using| word(using.index_ref()));
}

fn cascades(actions: ast::AstChildren<ast::ReferentialAction>) -> bool {
    actions
        .filter_map(|action| match action {
            ast::ReferentialAction::OnDeleteAction(action) => action.ref_action(),
            ast::ReferentialAction::OnUpdateAction(_) => None,
        })
        .any(|action| {
            !matches!(
                action,
                ast::RefAction::NoAction(_) | ast::RefAction::Restrict(_)
            )
        })
}

/// The columns of a list in parentheses.
pub(crate) fn columns_of(list: &SyntaxNode) -> Vec<String> {
    green::all(list)
        .filter_map(|column: ast::ColumnNameRef| word(Some(column)))
        .collect()
}

/// The names that an expression uses, each once, in their order; those of functions are not among them.
pub(crate) fn names_in(expression: &SyntaxNode) -> Vec<String> {
    let mut names = Vec::new();
    for name in green::names(expression) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The parts of an index or a partition key: its columns, and the names in its expressions.
pub(crate) struct Parts {
    pub columns: Vec<String>,
    pub is_plain: bool,
    pub uses: Vec<String>,
}

/// Reads the parts of an index or a partition key.
pub(crate) fn index_parts(list: Option<ast::PartitionItemList>) -> Parts {
    let items = list.into_iter().flat_map(|list| list.partition_items());
    let (mut columns, mut is_plain, mut uses) = (Vec::new(), true, Vec::new());
    for item in items {
        let mut expression = item.expr();
        // `a COLLATE "C"` is the column, too.
        if let Some(ast::Expr::Collate(collate)) = &expression {
            expression = collate.expr();
        }
        match expression {
            Some(ast::Expr::NameRef(column)) => columns.extend(word(Some(column))),
            Some(other) => {
                is_plain = false;
                uses.extend(names_in(other.syntax()));
            }
            None => {}
        }
    }
    Parts {
        columns,
        is_plain,
        uses,
    }
}

/// A relation's name behind ONLY or before `*`, and whether ONLY stands there.
pub(crate) fn only(node: &SyntaxNode) -> Option<(TableName, bool)> {
    Some((name_of(node)?, has(node, SyntaxKind::ONLY_KW)))
}

impl Schema {
    /// Gives a table a constraint, with the index that carries it.
    pub(super) fn add_constraint(&mut self, table: &TableName, def: ConstraintDef) {
        let name = self.constraint_name(table, &def);
        if let ConstraintKind::ForeignKey { table: other, .. } = &def.kind {
            let other = other.clone();
            self.depend(&other, table);
        }
        let mut columns = def.columns;
        if def.kind.has_index() {
            let full = TableName {
                schema: table.schema.clone(),
                name: name.clone(),
            };
            if let Some(index) = &def.using_index {
                let old = TableName {
                    schema: table.schema.clone(),
                    name: index.clone(),
                };
                columns = self
                    .index(&old)
                    .map(|index| index.columns.clone())
                    .unwrap_or_default();
                self.rename_relation(&old, full);
            } else {
                let index = super::Index {
                    table: table.clone(),
                    columns: columns.clone(),
                    is_plain: true,
                    uses: Vec::new(),
                    is_partial: false,
                    is_unique: def.kind != ConstraintKind::Exclude,
                    is_valid: true,
                    method: if def.kind == ConstraintKind::Exclude {
                        "gist"
                    } else {
                        "btree"
                    }
                    .to_owned(),
                };
                self.add_index(full, index);
            }
        }
        let Some(table) = self.table_mut(table) else {
            return;
        };
        let not_null = match def.kind {
            ConstraintKind::PrimaryKey => true,
            ConstraintKind::NotNull => def.is_validated,
            _ => false,
        };
        if not_null {
            for column in &columns {
                if let Some(column) = table.column_mut(column) {
                    column.is_nullable = false;
                }
            }
        }
        if matches!(def.kind, ConstraintKind::Check(_)) {
            columns.retain(|column| table.column(column).is_some());
        }
        table.constraints.push(Constraint {
            name,
            kind: def.kind,
            columns,
            is_validated: def.is_validated,
            is_enforced: def.is_enforced,
        });
    }

    /// The name that a constraint has or is given.
    pub(crate) fn constraint_name(&self, table: &TableName, def: &ConstraintDef) -> String {
        if let Some(name) = &def.name {
            return name.clone();
        }
        if let Some(index) = &def.using_index {
            return index.clone();
        }
        let known = self.table(table);
        let columns = def.columns.join("_");
        let (second, label) = match &def.kind {
            ConstraintKind::PrimaryKey => (String::new(), "pkey"),
            ConstraintKind::Unique => (columns, "key"),
            ConstraintKind::Exclude => (columns, "excl"),
            ConstraintKind::ForeignKey { .. } => (columns, "fkey"),
            ConstraintKind::NotNull => (columns, "not_null"),
            ConstraintKind::Check(_) => {
                let is_column =
                    |column: &&String| known.is_some_and(|known| known.column(column).is_some());
                let mut met = def.columns.iter().filter(is_column);
                match (met.next(), met.next()) {
                    (Some(one), None) => (one.clone(), "check"),
                    _ => (String::new(), "check"),
                }
            }
        };
        if def.kind.has_index() {
            self.free_relation(table, &second, label).name
        } else {
            let taken =
                |name: &str| known.is_some_and(|known: &Table| known.constraint(name).is_some());
            self.free_constraint(table, taken, &second, label)
        }
    }

    /// Gives a table a column, with its constraints and its sequence.
    pub(super) fn add_column(&mut self, table: &TableName, mut def: ColumnDef) {
        let known = self.table(table);
        if known.is_none_or(|known| known.column(&def.column.name).is_some()) {
            return;
        }
        if def.has_sequence {
            let sequence = self.free_relation(table, &def.column.name, "seq");
            self.add_sequence(
                sequence.clone(),
                Some((table.clone(), def.column.name.clone())),
            );
            def.column.sequence = Some(sequence);
        }
        if let Some(table) = self.table_mut(table) {
            table.columns.push(def.column);
        }
        for constraint in def.constraints {
            self.add_constraint(table, constraint);
        }
    }
}
