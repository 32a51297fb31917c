//! What is known of relations.

use super::{SqlType, TableName};

/// A table, a partitioned or foreign one, a view or a materialized view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub kind: TableKind,
    pub persistence: Persistence,
    /// In their order. Of a view without a column list, and of a table made by a query, they are not known.
    pub columns: Vec<Column>,
    /// In the order in which they came.
    pub constraints: Vec<Constraint>,
    /// The tables and views that a view's query reads, in order of name.
    pub reads: Vec<TableName>,
    /// The names that a view's query uses; `*` stands for all columns.
    pub uses: Vec<String>,
    /// The partitioned table that it is a partition of, or those that it inherits from.
    pub parents: Vec<TableName>,
    /// The columns of the partition key; an expression is not among them.
    pub partition_key: Vec<String>,
    /// It is the default partition of its parent.
    pub is_default_partition: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableKind {
    #[default]
    Table,
    Partitioned,
    Foreign,
    View,
    MaterializedView,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Persistence {
    #[default]
    Permanent,
    Unlogged,
    Temporary,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// The type as it is written; empty where it is not known.
    pub written: String,
    pub sql_type: SqlType,
    pub is_nullable: bool,
    /// The default's text.
    pub default: Option<String>,
    pub generated: Option<Generated>,
    pub is_identity: bool,
    /// The sequence that goes with it: of a serial or an identity column, or one that says OWNED BY.
    pub sequence: Option<TableName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generated {
    Stored,
    Virtual,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    pub name: String,
    pub kind: ConstraintKind,
    /// In the order of the text; those of a CHECK in the order in which they are met.
    pub columns: Vec<String>,
    pub is_validated: bool,
    pub is_enforced: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    NotNull,
    /// With the text of its expression.
    Check(String),
    Unique,
    PrimaryKey,
    Exclude,
    ForeignKey {
        table: TableName,
        /// Empty where they are those of the primary key.
        columns: Vec<String>,
        /// What happens to the rows here when the referenced row is deleted changes them.
        cascades: bool,
    },
}

impl ConstraintKind {
    /// An index of the same name carries it.
    pub fn has_index(&self) -> bool {
        matches!(
            self,
            ConstraintKind::Unique | ConstraintKind::PrimaryKey | ConstraintKind::Exclude
        )
    }
}

/// An index, one that carries a constraint among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    pub table: TableName,
    /// Columns in their order; an expression is not among them.
    pub columns: Vec<String>,
    /// All its parts are columns.
    pub is_plain: bool,
    /// The names that its expressions and its WHERE use.
    pub uses: Vec<String>,
    /// It has a WHERE.
    pub is_partial: bool,
    pub is_unique: bool,
    /// False of one ON ONLY a partitioned table until its partitions' indexes are attached.
    pub is_valid: bool,
    /// The access method's name, such as `btree`.
    pub method: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// The table and the column that it goes with.
    pub owner: Option<(TableName, String)>,
}

/// A type that the project made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnType {
    /// Its labels in their order.
    Enum(Vec<String>),
    Domain {
        base: SqlType,
        /// The names of its constraints; a NOT NULL counts.
        constraints: Vec<String>,
    },
    Composite,
    Range,
    Base,
}

/// A function that the project made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Function {
    pub volatility: Volatility,
    /// It is written in SQL, and PostgreSQL may put its body in the place of a call.
    pub is_sql: bool,
}

/// How often a function's result may change (manual, 36.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Volatility {
    Immutable,
    Stable,
    #[default]
    Volatile,
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    pub(super) fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|one| one.name == name)
    }

    pub fn is_view(&self) -> bool {
        matches!(self.kind, TableKind::View | TableKind::MaterializedView)
    }

    /// The foreign keys, with the table that each refers to.
    pub fn foreign_keys(&self) -> impl Iterator<Item = (&Constraint, &TableName)> {
        self.constraints.iter().filter_map(|one| match &one.kind {
            ConstraintKind::ForeignKey { table, .. } => Some((one, table)),
            _ => None,
        })
    }
}
