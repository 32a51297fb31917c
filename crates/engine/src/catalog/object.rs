//! What stands in a catalog, in PostgreSQL's own words (manual, System Catalogs). What is as PostgreSQL has it where
//! nothing is said (a heap, a logged table, a default's absence) is left out of JSON.

use serde::{Deserialize, Serialize};

/// The kinds of objects, in the order in which a catalog lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Schema,
    Extension,
    Enum,
    Domain,
    Composite,
    Range,
    Sequence,
    Table,
    View,
    MaterializedView,
    Function,
    Procedure,
    Aggregate,
    Statistics,
    EventTrigger,
    Other,
}

impl Kind {
    pub const ALL: [Kind; 16] = [
        Kind::Schema,
        Kind::Extension,
        Kind::Enum,
        Kind::Domain,
        Kind::Composite,
        Kind::Range,
        Kind::Sequence,
        Kind::Table,
        Kind::View,
        Kind::MaterializedView,
        Kind::Function,
        Kind::Procedure,
        Kind::Aggregate,
        Kind::Statistics,
        Kind::EventTrigger,
        Kind::Other,
    ];

    /// As people call it.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Schema => "schema",
            Kind::Extension => "extension",
            Kind::Enum => "enum",
            Kind::Domain => "domain",
            Kind::Composite => "composite type",
            Kind::Range => "range type",
            Kind::Sequence => "sequence",
            Kind::Table => "table",
            Kind::View => "view",
            Kind::MaterializedView => "materialized view",
            Kind::Function => "function",
            Kind::Procedure => "procedure",
            Kind::Aggregate => "aggregate",
            Kind::Statistics => "statistics object",
            Kind::EventTrigger => "event trigger",
            Kind::Other => "object",
        }
    }
}

/// One object of a database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Object {
    Schema(Schema),
    Extension(Extension),
    Enum(Enum),
    Domain(Domain),
    Composite(Composite),
    Range(Defined),
    Sequence(Sequence),
    Table(Relation),
    View(Relation),
    MaterializedView(Relation),
    /// Its name holds the types of its arguments.
    Function(Defined),
    Procedure(Defined),
    Aggregate(Defined),
    Statistics(Statistics),
    EventTrigger(EventTrigger),
    Other(Other),
}

impl Object {
    pub fn kind(&self) -> Kind {
        match self {
            Object::Schema(_) => Kind::Schema,
            Object::Extension(_) => Kind::Extension,
            Object::Enum(_) => Kind::Enum,
            Object::Domain(_) => Kind::Domain,
            Object::Composite(_) => Kind::Composite,
            Object::Range(_) => Kind::Range,
            Object::Sequence(_) => Kind::Sequence,
            Object::Table(_) => Kind::Table,
            Object::View(_) => Kind::View,
            Object::MaterializedView(_) => Kind::MaterializedView,
            Object::Function(_) => Kind::Function,
            Object::Procedure(_) => Kind::Procedure,
            Object::Aggregate(_) => Kind::Aggregate,
            Object::Statistics(_) => Kind::Statistics,
            Object::EventTrigger(_) => Kind::EventTrigger,
            Object::Other(_) => Kind::Other,
        }
    }

    /// Its schema (empty where it is in none), and its name as it is, without quotes.
    pub fn name(&self) -> (&str, &str) {
        match self {
            Object::Schema(it) => ("", &it.name),
            Object::Extension(it) => ("", &it.name),
            Object::Enum(it) => (&it.schema, &it.name),
            Object::Domain(it) => (&it.schema, &it.name),
            Object::Composite(it) => (&it.schema, &it.name),
            Object::Sequence(it) => (&it.schema, &it.name),
            Object::Table(it) | Object::View(it) | Object::MaterializedView(it) => {
                (&it.schema, &it.name)
            }
            Object::Range(it)
            | Object::Function(it)
            | Object::Procedure(it)
            | Object::Aggregate(it) => (&it.schema, &it.name),
            Object::Statistics(it) => (&it.schema, &it.name),
            Object::EventTrigger(it) => ("", &it.name),
            Object::Other(it) => (&it.type_, &it.name),
        }
    }

    /// A relation, or a composite type, has columns.
    pub(super) fn columns_mut(&mut self) -> Option<&mut Vec<Column>> {
        match self {
            Object::Table(it) | Object::View(it) | Object::MaterializedView(it) => {
                Some(&mut it.columns)
            }
            Object::Composite(it) => Some(&mut it.columns),
            _ => None,
        }
    }

    pub(super) fn relation_mut(&mut self) -> Option<&mut Relation> {
        match self {
            Object::Table(it) | Object::View(it) | Object::MaterializedView(it) => Some(it),
            _ => None,
        }
    }

    pub fn relation(&self) -> Option<&Relation> {
        match self {
            Object::Table(it) | Object::View(it) | Object::MaterializedView(it) => Some(it),
            _ => None,
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Structs whose fields stand in JSON only where they are not at their default.
macro_rules! plain {
    ($($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $($(#[$note])* #[serde(skip_serializing_if = "is_default")] pub $field: $type,)*
        }
    )*};
}

plain! {
    Schema {
        name: String,
        owner: String,
        /// As `aclitem`s; none where they are PostgreSQL's default for the owner.
        grants: Option<Vec<String>>,
        comment: Option<String>,
    }
    Extension {
        name: String,
        version: String,
        schema_of_objects: String,
        comment: Option<String>,
    }
    Enum {
        schema: String,
        name: String,
        owner: String,
        /// In their own order.
        labels: Vec<String>,
        grants: Option<Vec<String>>,
        comment: Option<String>,
    }
    Domain {
        schema: String,
        name: String,
        owner: String,
        #[serde(rename = "type")]
        type_: String,
        collation: Option<String>,
        not_null: bool,
        default: Option<String>,
        /// Sorted by name.
        constraints: Vec<Constraint>,
        grants: Option<Vec<String>>,
        comment: Option<String>,
    }
    Composite {
        schema: String,
        name: String,
        owner: String,
        /// In their own order.
        columns: Vec<Column>,
        grants: Option<Vec<String>>,
        comment: Option<String>,
    }
    /// A function, procedure, aggregate or range type: what it is stands in one text.
    Defined {
        schema: String,
        name: String,
        owner: String,
        definition: String,
        grants: Option<Vec<String>>,
        comment: Option<String>,
    }
    Sequence {
        schema: String,
        name: String,
        owner: String,
        unlogged: bool,
        #[serde(rename = "type")]
        type_: String,
        start: i64,
        increment: i64,
        minimum: i64,
        maximum: i64,
        cache: i64,
        cycle: bool,
        /// The column that it goes with.
        owned_by: Option<String>,
        grants: Option<Vec<String>>,
        comment: Option<String>,
    }
    /// A table (partitioned, foreign or neither), view or materialized view.
    Relation {
        schema: String,
        name: String,
        owner: String,
        unlogged: bool,
        /// The query of a view or materialized view.
        definition: Option<String>,
        partition_key: Option<String>,
        partition_bound: Option<String>,
        /// The table that it is a partition of, or the tables that it inherits from, in their order.
        parents: Vec<String>,
        of_type: Option<String>,
        options: Vec<String>,
        toast_options: Vec<String>,
        /// None for a heap.
        access_method: Option<String>,
        tablespace: Option<String>,
        row_security: bool,
        force_row_security: bool,
        /// None for the primary key.
        replica_identity: Option<String>,
        /// Of a foreign table.
        server: Option<String>,
        server_options: Vec<String>,
        /// In their own order.
        columns: Vec<Column>,
        /// Sorted by name, as all that follow.
        constraints: Vec<Constraint>,
        indexes: Vec<Index>,
        triggers: Vec<Trigger>,
        policies: Vec<Policy>,
        rules: Vec<Rule>,
        grants: Option<Vec<String>>,
        comment: Option<String>,
    }
    Column {
        name: String,
        #[serde(rename = "type")]
        type_: String,
        /// None for the type's own.
        collation: Option<String>,
        not_null: bool,
        default: Option<String>,
        /// `stored` or `virtual`.
        generated: Option<String>,
        /// What a generated column computes.
        expression: Option<String>,
        /// `always` or `by default`.
        identity: Option<String>,
        /// None for the type's own.
        storage: Option<String>,
        compression: Option<String>,
        statistics: Option<i32>,
        options: Vec<String>,
        server_options: Vec<String>,
        /// It comes from a parent table.
        inherited: bool,
        grants: Option<Vec<String>>,
        comment: Option<String>,
    }
    Constraint {
        name: String,
        /// `primary key`, `unique`, `foreign key`, `check`, `exclusion` or `not null`; of the last, only those that have a name
        /// of their own or are not valid (PostgreSQL 18).
        #[serde(rename = "type")]
        type_: String,
        definition: String,
        not_valid: bool,
        /// `initially immediate` or `initially deferred`.
        deferrable: Option<String>,
        inherited: bool,
        comment: Option<String>,
    }
    Index {
        name: String,
        definition: String,
        invalid: bool,
        /// The constraint that it backs.
        constraint: Option<String>,
        clustered: bool,
        replica_identity: bool,
        /// The index of the partitioned table that it belongs to.
        partition_of: Option<String>,
        tablespace: Option<String>,
        comment: Option<String>,
    }
    Trigger {
        name: String,
        definition: String,
        /// None where it fires as usual; else `disabled`, `replica` or `always`.
        enabled: Option<String>,
        comment: Option<String>,
    }
    Policy {
        name: String,
        command: String,
        restrictive: bool,
        roles: Vec<String>,
        using: Option<String>,
        check: Option<String>,
        comment: Option<String>,
    }
    Rule {
        name: String,
        definition: String,
        enabled: Option<String>,
        comment: Option<String>,
    }
    Statistics {
        schema: String,
        name: String,
        owner: String,
        definition: String,
        target: Option<i32>,
        comment: Option<String>,
    }
    EventTrigger {
        name: String,
        owner: String,
        event: String,
        function: String,
        tags: Vec<String>,
        enabled: Option<String>,
        comment: Option<String>,
    }
    /// A kind without data of its own here: a collation, operator, cast, publication, text search configuration, ….
    Other {
        /// Such as `operator`, in PostgreSQL's words (`pg_identify_object`).
        #[serde(rename = "type")]
        type_: String,
        name: String,
        owner: Option<String>,
        definition: Option<String>,
        comment: Option<String>,
    }
}
