//! The kinds of statement and the locks that each takes: data, in one table.
//!
//! Source: PostgreSQL manual, 13.3.1 "Table-Level Locks", and the pages of the commands. It is measured by
//! `tests/tests/postgres/effects.rs` on a real PostgreSQL and by `tests/tests/browser/effects.rs` in the browser.

use crate::lock::LockMode;

/// What a relation is to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The one that it names first.
    Target,
    /// That foreign keys of the target refer to.
    Referenced,
    /// With foreign keys to the target.
    Referencing,
    /// That the target inherits from or is a partition of.
    Parent,
    /// A partition that comes or goes.
    Partition,
    /// A table that inherits from the target.
    Inheritor,
    /// The default partition beside it.
    DefaultPartition,
    /// The table of an index, a sequence, a policy, a publication.
    Table,
    /// An index of the target.
    Index,
    /// A sequence that goes with the target's columns, or whose value is taken.
    Sequence,
    /// What a query reads.
    Read,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Target => "target",
            Role::Referenced => "referenced table",
            Role::Referencing => "referencing table",
            Role::Parent => "parent",
            Role::Partition => "partition",
            Role::Inheritor => "inheriting table",
            Role::DefaultPartition => "default partition",
            Role::Table => "table",
            Role::Index => "index",
            Role::Sequence => "sequence",
            Role::Read => "tables read",
        }
    }
}

/// A lock that a kind of statement takes, and the major versions of PostgreSQL in which it does.
#[derive(Clone, Copy, Debug)]
pub struct KindLock {
    pub role: Role,
    pub mode: LockMode,
    pub from: u32,
    pub to: u32,
}

macro_rules! kinds {
    ($($id:ident = $name:literal, $since:literal, $depth:ident,
       [$($role:ident $mode:ident $($from:literal to $to:literal)?),*];)*) => {
        /// A kind of statement, or of action in an ALTER TABLE.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($id,)* }

        impl Kind {
            /// All of them, in the order of this table.
            pub const ALL: &[Kind] = &[$(Kind::$id,)*];

            /// Its name in SQL's words.
            pub fn as_str(self) -> &'static str {
                match self { $(Kind::$id => $name,)* }
            }

            /// The first major version of PostgreSQL that has it; 12 where it is older.
            pub fn since(self) -> u32 {
                match self { $(Kind::$id => $since,)* }
            }

            /// How far it goes, unless the statement says ONLY.
            pub fn depth(self) -> Depth {
                match self { $(Kind::$id => Depth::$depth,)* }
            }

            /// The locks, in the order of this table.
            pub fn locks(self) -> &'static [KindLock] {
                match self { $(Kind::$id => const { &[$(KindLock {
                    role: Role::$role,
                    mode: LockMode::$mode,
                    from: last(&[12 $(, $from)?]),
                    to: last(&[u32::MAX $(, $to)?]),
                },)*] },)* }
            }
        }
    };
}

/// How far below its table a kind goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Not at all.
    Flat,
    /// To partitions.
    Parts,
    /// To partitions and to tables that inherit.
    Down,
}

/// The last of the numbers: the one that is given, or the one that stands for it.
const fn last(numbers: &[u32]) -> u32 {
    numbers[numbers.len() - 1]
}

impl Kind {
    /// The lock on relations of that role in that major version.
    pub fn lock(self, role: Role, version: u32) -> Option<LockMode> {
        self.locks()
            .iter()
            .find(|lock| lock.role == role && (lock.from..=lock.to).contains(&version))
            .map(|lock| lock.mode)
    }
}

kinds! {
    // name, since, whether it goes down to partitions, locks by role (with versions where they differ)
    CreateTable = "CREATE TABLE", 12, Flat, [Referenced ShareRowExclusive, Parent ShareUpdateExclusive, Read AccessShare];
    CreatePartition = "CREATE TABLE … PARTITION OF", 12, Flat, [Parent AccessExclusive, DefaultPartition AccessExclusive, Referenced ShareRowExclusive];
    CreateTableAs = "CREATE TABLE … AS", 12, Flat, [Read AccessShare];
    CreateForeignTable = "CREATE FOREIGN TABLE", 12, Flat, [Parent ShareUpdateExclusive];
    DropTable = "DROP TABLE", 12, Down, [Target AccessExclusive, Referenced AccessExclusive, Referencing AccessExclusive, Parent AccessExclusive, DefaultPartition AccessExclusive, Index AccessExclusive, Sequence AccessExclusive];

    AddColumn = "ALTER TABLE … ADD COLUMN", 12, Down, [Target AccessExclusive];
    DropColumn = "ALTER TABLE … DROP COLUMN", 12, Down, [Target AccessExclusive, Referenced AccessExclusive, Referencing AccessExclusive, Sequence AccessExclusive];
    AlterColumnType = "ALTER TABLE … ALTER COLUMN … TYPE", 12, Down, [Target AccessExclusive, Referenced AccessExclusive, Referencing AccessExclusive, Sequence ShareRowExclusive];
    SetDefault = "ALTER TABLE … ALTER COLUMN … SET DEFAULT", 12, Down, [Target AccessExclusive];
    DropDefault = "ALTER TABLE … ALTER COLUMN … DROP DEFAULT", 12, Down, [Target AccessExclusive];
    SetNotNull = "ALTER TABLE … ALTER COLUMN … SET NOT NULL", 12, Down, [Target AccessExclusive];
    DropNotNull = "ALTER TABLE … ALTER COLUMN … DROP NOT NULL", 12, Down, [Target AccessExclusive];
    AddIdentity = "ALTER TABLE … ALTER COLUMN … ADD GENERATED AS IDENTITY", 12, Flat, [Target AccessExclusive];
    SetIdentity = "ALTER TABLE … ALTER COLUMN … SET GENERATED", 12, Flat, [Target AccessExclusive, Sequence ShareRowExclusive];
    DropIdentity = "ALTER TABLE … ALTER COLUMN … DROP IDENTITY", 12, Flat, [Target AccessExclusive, Sequence AccessExclusive];
    SetExpression = "ALTER TABLE … ALTER COLUMN … SET EXPRESSION", 17, Down, [Target AccessExclusive];
    DropExpression = "ALTER TABLE … ALTER COLUMN … DROP EXPRESSION", 13, Down, [Target AccessExclusive];
    SetStatistics = "ALTER TABLE … ALTER COLUMN … SET STATISTICS", 12, Down, [Target ShareUpdateExclusive];
    SetColumnOptions = "ALTER TABLE … ALTER COLUMN … SET (…)", 12, Flat, [Target ShareUpdateExclusive];
    SetColumnForeignOptions = "ALTER FOREIGN TABLE … ALTER COLUMN … OPTIONS", 12, Flat, [Target AccessExclusive];
    SetStorage = "ALTER TABLE … ALTER COLUMN … SET STORAGE", 12, Down, [Target AccessExclusive];
    SetCompression = "ALTER TABLE … ALTER COLUMN … SET COMPRESSION", 14, Flat, [Target AccessExclusive];
    AddCheck = "ALTER TABLE … ADD CHECK", 12, Down, [Target AccessExclusive, Inheritor AccessExclusive 18 to 99];
    AddNotNull = "ALTER TABLE … ADD NOT NULL", 18, Down, [Target AccessExclusive];
    AddUnique = "ALTER TABLE … ADD UNIQUE", 12, Flat, [Target AccessExclusive, Partition Share 12 to 17, Partition AccessExclusive 18 to 99, Inheritor AccessExclusive 18 to 99];
    AddPrimaryKey = "ALTER TABLE … ADD PRIMARY KEY", 12, Flat, [Target AccessExclusive, Partition Share 12 to 17, Partition AccessExclusive 18 to 99, Inheritor AccessExclusive 18 to 99];
    AddUniqueUsing = "ALTER TABLE … ADD UNIQUE USING INDEX", 12, Flat, [Target AccessExclusive, Inheritor AccessExclusive 18 to 99];
    AddPrimaryKeyUsing = "ALTER TABLE … ADD PRIMARY KEY USING INDEX", 12, Flat, [Target AccessExclusive, Inheritor AccessExclusive 18 to 99];
    AddExclude = "ALTER TABLE … ADD EXCLUDE", 12, Flat, [Target AccessExclusive, Inheritor AccessExclusive 18 to 99];
    AddForeignKey = "ALTER TABLE … ADD FOREIGN KEY", 12, Parts, [Target ShareRowExclusive, Referenced ShareRowExclusive, Inheritor ShareRowExclusive 18 to 99];
    ValidateConstraint = "ALTER TABLE … VALIDATE CONSTRAINT (CHECK)", 12, Down, [Target ShareUpdateExclusive];
    ValidateForeignKey = "ALTER TABLE … VALIDATE CONSTRAINT (FOREIGN KEY)", 12, Parts, [Target ShareUpdateExclusive, Referenced RowShare];
    AlterConstraint = "ALTER TABLE … ALTER CONSTRAINT", 12, Flat, [Target AccessExclusive];
    DropConstraint = "ALTER TABLE … DROP CONSTRAINT", 12, Down, [Target AccessExclusive, Referencing AccessExclusive];
    DropForeignKey = "ALTER TABLE … DROP CONSTRAINT (FOREIGN KEY)", 12, Parts, [Target AccessExclusive, Referenced AccessExclusive];
    RenameColumn = "ALTER TABLE … RENAME COLUMN", 12, Down, [Target AccessExclusive];
    RenameConstraint = "ALTER TABLE … RENAME CONSTRAINT", 12, Down, [Target AccessExclusive];
    RenameTable = "ALTER TABLE … RENAME TO", 12, Flat, [Target AccessExclusive];
    TableSetSchema = "ALTER TABLE … SET SCHEMA", 12, Flat, [Target AccessExclusive, Sequence AccessExclusive];
    TableOwner = "ALTER TABLE … OWNER TO", 12, Flat, [Target AccessExclusive, Sequence AccessExclusive];
    EnableTrigger = "ALTER TABLE … ENABLE TRIGGER", 12, Parts, [Target ShareRowExclusive];
    DisableTrigger = "ALTER TABLE … DISABLE TRIGGER", 12, Parts, [Target ShareRowExclusive];
    EnableRule = "ALTER TABLE … ENABLE RULE", 12, Flat, [Target AccessExclusive];
    DisableRule = "ALTER TABLE … DISABLE RULE", 12, Flat, [Target AccessExclusive];
    RowSecurity = "ALTER TABLE … ROW LEVEL SECURITY", 12, Flat, [Target AccessExclusive];
    ReplicaIdentity = "ALTER TABLE … REPLICA IDENTITY", 12, Flat, [Target AccessExclusive];
    ClusterOn = "ALTER TABLE … CLUSTER ON", 12, Flat, [Target ShareUpdateExclusive];
    SetWithoutCluster = "ALTER TABLE … SET WITHOUT CLUSTER", 12, Flat, [Target ShareUpdateExclusive];
    SetWithoutOids = "ALTER TABLE … SET WITHOUT OIDS", 12, Flat, [Target AccessExclusive];
    SetAccessMethod = "ALTER TABLE … SET ACCESS METHOD", 15, Flat, [Target AccessExclusive];
    SetTablespace = "ALTER TABLE … SET TABLESPACE", 12, Flat, [Target AccessExclusive];
    SetLogged = "ALTER TABLE … SET LOGGED", 12, Flat, [Target AccessExclusive, Sequence AccessExclusive 15 to 99];
    SetUnlogged = "ALTER TABLE … SET UNLOGGED", 12, Flat, [Target AccessExclusive, Sequence AccessExclusive 15 to 99];
    SetParameters = "ALTER TABLE … SET (storage parameters)", 12, Flat, [Target ShareUpdateExclusive];
    SetExclusiveParameters = "ALTER TABLE … SET (user_catalog_table)", 12, Flat, [Target AccessExclusive];
    Inherit = "ALTER TABLE … INHERIT", 12, Flat, [Target AccessExclusive, Parent ShareUpdateExclusive];
    NoInherit = "ALTER TABLE … NO INHERIT", 12, Flat, [Target AccessExclusive, Parent AccessShare];
    OfType = "ALTER TABLE … OF", 12, Flat, [Target AccessExclusive];
    NotOf = "ALTER TABLE … NOT OF", 12, Flat, [Target AccessExclusive];
    AttachPartition = "ALTER TABLE … ATTACH PARTITION", 12, Flat, [Target ShareUpdateExclusive, Partition AccessExclusive, DefaultPartition AccessExclusive, Referenced ShareRowExclusive];
    DetachPartition = "ALTER TABLE … DETACH PARTITION", 12, Flat, [Target AccessExclusive, Partition ShareUpdateExclusive 12 to 13, Partition AccessExclusive 14 to 99, DefaultPartition AccessExclusive, Referenced ShareRowExclusive];
    DetachConcurrently = "ALTER TABLE … DETACH PARTITION CONCURRENTLY", 14, Flat, [Target ShareUpdateExclusive, Partition AccessExclusive];
    DetachFinalize = "ALTER TABLE … DETACH PARTITION FINALIZE", 14, Flat, [Target ShareUpdateExclusive, Partition AccessExclusive];
    ForeignOptions = "ALTER FOREIGN TABLE … OPTIONS", 12, Flat, [Target AccessExclusive];

    CreateIndex = "CREATE INDEX", 12, Down, [Target Share];
    CreateIndexConcurrently = "CREATE INDEX CONCURRENTLY", 12, Flat, [Target ShareUpdateExclusive];
    DropIndex = "DROP INDEX", 12, Flat, [Target AccessExclusive, Table AccessExclusive];
    DropIndexConcurrently = "DROP INDEX CONCURRENTLY", 12, Flat, [Target ShareUpdateExclusive, Table ShareUpdateExclusive];
    RenameIndex = "ALTER INDEX … RENAME TO", 12, Flat, [Target ShareUpdateExclusive];
    IndexSetTablespace = "ALTER INDEX … SET TABLESPACE", 12, Flat, [Target AccessExclusive];
    IndexSetParameters = "ALTER INDEX … SET (…)", 12, Flat, [Target ShareUpdateExclusive];
    IndexSetExclusiveParameters = "ALTER INDEX … SET (fastupdate, buffering, …)", 12, Flat, [Target AccessExclusive];
    IndexSetStatistics = "ALTER INDEX … ALTER COLUMN … SET STATISTICS", 12, Flat, [Target ShareUpdateExclusive];
    AttachIndex = "ALTER INDEX … ATTACH PARTITION", 12, Flat, [Target ShareUpdateExclusive, Index AccessExclusive, Table AccessShare];
    IndexDepends = "ALTER INDEX … DEPENDS ON EXTENSION", 12, Flat, [Target AccessExclusive];
    ReindexIndex = "REINDEX INDEX", 12, Flat, [Target AccessExclusive, Table Share];
    ReindexTable = "REINDEX TABLE", 12, Flat, [Target Share, Index AccessExclusive];
    ReindexIndexConcurrently = "REINDEX INDEX CONCURRENTLY", 12, Flat, [Target ShareUpdateExclusive, Table ShareUpdateExclusive];
    ReindexTableConcurrently = "REINDEX TABLE CONCURRENTLY", 12, Flat, [Target ShareUpdateExclusive, Index ShareUpdateExclusive];
    ReindexAll = "REINDEX SCHEMA, DATABASE or SYSTEM", 12, Flat, [];

    CreateView = "CREATE VIEW", 12, Flat, [Read AccessShare];
    ReplaceView = "CREATE OR REPLACE VIEW", 12, Flat, [Target AccessExclusive, Read AccessShare];
    AlterView = "ALTER VIEW", 12, Flat, [Target AccessExclusive];
    DropView = "DROP VIEW", 12, Flat, [Target AccessExclusive];
    CreateMaterializedView = "CREATE MATERIALIZED VIEW", 12, Flat, [Read AccessShare];
    AlterMaterializedView = "ALTER MATERIALIZED VIEW", 12, Flat, [Target AccessExclusive];
    DropMaterializedView = "DROP MATERIALIZED VIEW", 12, Flat, [Target AccessExclusive, Index AccessExclusive];
    Refresh = "REFRESH MATERIALIZED VIEW", 12, Flat, [Target AccessExclusive, Read AccessShare];
    RefreshConcurrently = "REFRESH MATERIALIZED VIEW CONCURRENTLY", 12, Flat, [Target Exclusive, Read AccessShare];

    CreateSequence = "CREATE SEQUENCE", 12, Flat, [Table AccessShare];
    AlterSequence = "ALTER SEQUENCE", 12, Flat, [Target ShareRowExclusive, Table AccessShare];
    MoveSequence = "ALTER SEQUENCE … RENAME, OWNER, SET SCHEMA or SET LOGGED", 12, Flat, [Target AccessExclusive];
    DropSequence = "DROP SEQUENCE", 12, Flat, [Target AccessExclusive];

    Select = "SELECT", 12, Down, [Read AccessShare, Sequence RowExclusive];
    SelectFor = "SELECT … FOR UPDATE or SHARE", 12, Down, [Read RowShare];
    Insert = "INSERT", 12, Flat, [Target RowExclusive, Referenced RowShare, Sequence RowExclusive];
    Update = "UPDATE", 12, Down, [Target RowExclusive, Referenced RowShare];
    Delete = "DELETE", 12, Down, [Target RowExclusive, Referencing RowShare];
    Merge = "MERGE", 15, Down, [Target RowExclusive, Referenced RowShare, Referencing RowShare, Sequence RowExclusive];
    CopyFrom = "COPY … FROM", 12, Flat, [Target RowExclusive, Referenced RowShare, Sequence RowExclusive];
    CopyTo = "COPY … TO", 12, Flat, [Read AccessShare];
    CascadedWrite = "DELETE through ON DELETE CASCADE", 12, Flat, [Referencing RowExclusive];
    Truncate = "TRUNCATE", 12, Down, [Target AccessExclusive, Referencing AccessExclusive, Sequence AccessExclusive];
    LockTable = "LOCK TABLE", 12, Down, [];
    Vacuum = "VACUUM", 12, Down, [Target ShareUpdateExclusive];
    VacuumFull = "VACUUM FULL", 12, Down, [Target AccessExclusive];
    Analyze = "ANALYZE", 12, Flat, [Target ShareUpdateExclusive];
    Cluster = "CLUSTER", 12, Flat, [Target AccessExclusive];

    CreateTrigger = "CREATE TRIGGER", 12, Parts, [Table ShareRowExclusive, Referenced AccessShare];
    AlterTrigger = "ALTER TRIGGER", 12, Flat, [Table AccessExclusive];
    DropTrigger = "DROP TRIGGER", 12, Parts, [Table AccessExclusive];
    CreateRule = "CREATE RULE", 12, Flat, [Table AccessExclusive, Read AccessShare];
    AlterRule = "ALTER RULE", 12, Flat, [Table AccessExclusive];
    DropRule = "DROP RULE", 12, Flat, [Table AccessExclusive];
    CreatePolicy = "CREATE POLICY", 12, Flat, [Table AccessExclusive, Read AccessShare];
    AlterPolicy = "ALTER POLICY", 12, Flat, [Table AccessExclusive, Read AccessShare];
    DropPolicy = "DROP POLICY", 12, Flat, [Table AccessExclusive];
    CreateStatistics = "CREATE STATISTICS", 12, Flat, [Table ShareUpdateExclusive];
    AlterStatistics = "ALTER STATISTICS", 13, Flat, [];
    DropStatistics = "DROP STATISTICS", 12, Flat, [Table ShareUpdateExclusive];
    CreatePublication = "CREATE PUBLICATION", 12, Flat, [Table ShareUpdateExclusive];
    AlterPublication = "ALTER PUBLICATION", 12, Flat, [Table ShareUpdateExclusive];
    DropPublication = "DROP PUBLICATION", 12, Flat, [];
    Comment = "COMMENT ON", 12, Flat, [Target ShareUpdateExclusive, Table AccessShare];
    Grant = "GRANT", 12, Flat, [Target AccessShare 18 to 99];
    Revoke = "REVOKE", 12, Flat, [Target AccessShare 18 to 99];

    CreateType = "CREATE TYPE", 12, Flat, [];
    AddEnumValue = "ALTER TYPE … ADD VALUE", 12, Flat, [];
    RenameEnumValue = "ALTER TYPE … RENAME VALUE", 12, Flat, [];
    AlterType = "ALTER TYPE", 12, Flat, [];
    DropType = "DROP TYPE", 12, Flat, [Table AccessExclusive];
    CreateDomain = "CREATE DOMAIN", 12, Flat, [];
    AlterDomain = "ALTER DOMAIN", 12, Flat, [];
    CheckDomain = "ALTER DOMAIN … ADD CONSTRAINT or SET NOT NULL", 12, Flat, [Table Share];
    ValidateDomain = "ALTER DOMAIN … VALIDATE CONSTRAINT", 12, Flat, [Table Share];
    DropDomain = "DROP DOMAIN", 12, Flat, [Table AccessExclusive];
    CreateSchema = "CREATE SCHEMA", 12, Flat, [];
    AlterSchema = "ALTER SCHEMA", 12, Flat, [];
    DropSchema = "DROP SCHEMA", 12, Flat, [Target AccessExclusive, Referenced AccessExclusive];
    CreateFunction = "CREATE FUNCTION", 12, Flat, [Read AccessShare];
    CreateProcedure = "CREATE PROCEDURE", 12, Flat, [Read AccessShare];
    Other = "other statements", 12, Flat, [];
}
