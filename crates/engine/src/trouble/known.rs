//! The troubles that are known: a table.

/// What is known of one trouble.
pub(super) struct Known {
    pub code: &'static str,
    /// SQLSTATEs (manual, appendix A), and exceptions of psycopg that stand for them.
    pub states: &'static [&'static str],
    /// Words of the error, lower case; `*` stands for a name in quotes.
    pub words: &'static [&'static str],
    /// `{}` is that name.
    pub happened: &'static str,
    /// Words and command, which may be empty.
    pub ways: &'static [(&'static str, &'static str)],
}

/// In the order in which they are tried: what says more comes first.
pub(super) const TROUBLES: &[Known] = &[
    Known {
        code: "version-id-too-long",
        states: &[],
        words: &["value too long for type character varying(32)"],
        happened: "alembic_version.version_num holds 32 characters, and a revision's id is longer.",
        ways: &[(
            "Give the revision a shorter id, and the revisions after it.",
            "cofferdam check-history",
        )],
    },
    Known {
        code: "multiple-heads",
        states: &[],
        words: &["multiple head revisions", "multiple heads", "several heads"],
        happened: "Two people wrote a revision after the same one: the history has several heads, and `head` does not say which is meant.",
        ways: &[
            (
                "See them, and whether their branches commute.",
                "cofferdam verify --heads",
            ),
            (
                "Write a revision that merges them.",
                "cofferdam merge heads",
            ),
            ("Or go up on all of them.", "cofferdam upgrade heads"),
        ],
    },
    Known {
        code: "missing-revision",
        states: &[],
        words: &[
            "can't locate revision identified by *",
            "no such revision or branch *",
            "there is no revision *",
        ],
        happened: "The revision {} has no file here: it is on another branch of the repository, was deleted, or the container holds an older build.",
        ways: &[
            (
                "Look for its file in the repository's history.",
                "git log --all --oneline -- '*{}*'",
            ),
            (
                "See what the database and the files have.",
                "cofferdam status",
            ),
            (
                "If the file is gone for good, find the revision that the schema matches before you stamp it.",
                "cofferdam identify",
            ),
        ],
    },
    Known {
        code: "not-up-to-date",
        states: &[],
        words: &["target database is not up to date"],
        happened: "The database is behind the files: Alembic compares models only with a database at the head.",
        ways: &[("Bring it up.", "cofferdam upgrade head")],
    },
    Known {
        code: "driver-missing",
        states: &[],
        words: &[
            "no module named 'psycopg",
            "no module named \"psycopg",
            "no module named 'asyncpg",
        ],
        happened: "Python's driver for PostgreSQL is not installed.",
        ways: &[
            (
                "Cofferdam needs no Python and no driver.",
                "cofferdam upgrade head",
            ),
            ("For Alembic, install it.", "pip install psycopg2-binary"),
        ],
    },
    Known {
        code: "object-exists",
        states: &[
            "42P07",
            "42701",
            "42710",
            "42P06",
            "42723",
            "DuplicateTable",
            "DuplicateColumn",
            "DuplicateObject",
        ],
        words: &["* already exists"],
        happened: "{} is there already: the revision was applied in part, or somebody made it by hand.",
        ways: &[
            (
                "Find the revision whose schema this database has.",
                "cofferdam identify",
            ),
            (
                "If it is exactly as the revision makes it, say that the revision is applied.",
                "cofferdam stamp REVISION",
            ),
            (
                "If it is a leftover without rows that matter, drop it, and go on.",
                "cofferdam upgrade head",
            ),
        ],
    },
    Known {
        code: "dependents",
        states: &["2BP01", "DependentObjectsStillExist"],
        words: &[
            "because other objects depend on it",
            "other objects depend on",
        ],
        happened: "Something depends on it: the detail of the error names what.",
        ways: &[
            (
                "Drop what depends on it first, children before parents, each by name.",
                "",
            ),
            (
                "CASCADE drops all of it without naming it: only where the list was read.",
                "cofferdam lint",
            ),
        ],
    },
    Known {
        code: "foreign-key",
        states: &["23503", "ForeignKeyViolation"],
        words: &[
            "violates foreign key constraint *",
            "foreign key constraint fails",
        ],
        happened: "Rows of one table refer to rows of another that are not there, or are to go: the foreign key {} does not hold.",
        ways: &[
            (
                "In a downgrade, drop the foreign key before the table or column.",
                "",
            ),
            (
                "In an upgrade, look for the rows, add the key NOT VALID, mend them, and validate it.",
                "",
            ),
        ],
    },
    Known {
        code: "nulls-there",
        states: &["23502", "NotNullViolation"],
        words: &[
            "contains null values",
            "violates not-null constraint",
            "null value in column *",
        ],
        happened: "A column is to be NOT NULL, and rows hold NULL in it.",
        ways: &[
            ("Fill the rows in a revision before.", ""),
            (
                "Prove it with a validated CHECK first, so that nobody waits.",
                "cofferdam lint --fix",
            ),
        ],
    },
    Known {
        code: "duplicates-there",
        states: &["23505", "UniqueViolation"],
        words: &[
            "could not create unique index *",
            "duplicate key value violates unique constraint *",
        ],
        happened: "Rows have the same values where {} wants them to differ.",
        ways: &[
            (
                "Look for them: GROUP BY the columns HAVING count(*) > 1.",
                "",
            ),
            (
                "A concurrent build that failed left an invalid index: the same upgrade drops it and builds again.",
                "cofferdam upgrade head",
            ),
        ],
    },
    Known {
        code: "check-fails",
        states: &["23514", "CheckViolation"],
        words: &[
            "check constraint * of relation",
            "violates check constraint *",
        ],
        happened: "Rows do not hold to the CHECK {}.",
        ways: &[(
            "Add it NOT VALID, mend the rows, and validate it.",
            "cofferdam lint --fix",
        )],
    },
    Known {
        code: "lock-timeout",
        states: &["55P03", "LockNotAvailable"],
        words: &[
            "canceling statement due to lock timeout",
            "could not obtain lock on",
        ],
        happened: "Another session held a lock for longer than lock_timeout allows; nothing of this transaction was done.",
        ways: &[
            (
                "See who: SELECT * FROM pg_stat_activity WHERE wait_event_type = 'Lock' OR state LIKE 'idle in%'.",
                "",
            ),
            ("Try again when little runs.", "cofferdam upgrade head"),
        ],
    },
    Known {
        code: "deadlock",
        states: &["40P01", "DeadlockDetected"],
        words: &["deadlock detected"],
        happened: "This session and another waited for each other, and PostgreSQL ended this one; nothing of this transaction was done.",
        ways: &[
            ("Try again.", "cofferdam upgrade head"),
            (
                "Lock fewer tables in one transaction: put -- +commit between them.",
                "cofferdam lint",
            ),
        ],
    },
    Known {
        code: "statement-timeout",
        states: &["57014", "QueryCanceled"],
        words: &[
            "canceling statement due to statement timeout",
            "canceling statement due to user request",
        ],
        happened: "The statement took longer than statement_timeout allows, or somebody cancelled it; nothing of this transaction was done.",
        ways: &[
            (
                "Do the work in batches, or without holding a lock.",
                "cofferdam lint",
            ),
            (
                "Or allow it more time, in cofferdam.toml: statement_timeout.",
                "",
            ),
        ],
    },
    Known {
        code: "not-in-a-transaction",
        states: &["25001", "ActiveSqlTransaction"],
        words: &[
            "cannot run inside a transaction block",
            "cannot be executed from a function",
        ],
        happened: "PostgreSQL runs this statement only by itself.",
        ways: &[
            (
                "In a SQL revision Cofferdam runs it outside by itself; take BEGIN and COMMIT away.",
                "cofferdam lint",
            ),
            (
                "In Alembic's Python files, put it into op.get_context().autocommit_block().",
                "",
            ),
        ],
    },
    Known {
        code: "new-enum-value",
        states: &["55P04", "UnsafeNewEnumValueUsage"],
        words: &["unsafe use of new value *"],
        happened: "The enum value {} was added in this same transaction, and can be used only after it has committed.",
        ways: &[(
            "Put -- +commit between the two, or the second into a revision of its own.",
            "cofferdam lint --fix",
        )],
    },
    Known {
        code: "no-cast",
        states: &["42804", "DatatypeMismatch"],
        words: &["cannot be cast automatically to type"],
        happened: "PostgreSQL does not know how to turn the old type's values into the new one's.",
        ways: &[("Say it: ALTER COLUMN … TYPE … USING an expression.", "")],
    },
    Known {
        code: "permission",
        states: &["42501", "InsufficientPrivilege"],
        words: &[
            "permission denied for",
            "must be owner of",
            "must be superuser",
        ],
        happened: "The role that runs the migration may not do this.",
        ways: &[
            (
                "Run it as the owner of the objects, or give the role what it needs.",
                "",
            ),
            ("See what needs a superuser.", "cofferdam lint"),
        ],
    },
    Known {
        code: "password",
        states: &["28P01", "28000"],
        words: &[
            "password authentication failed for user *",
            "no pg_hba.conf entry",
            "fe_sendauth",
        ],
        happened: "The server does not let this user in.",
        ways: &[
            (
                "Check user and password in DATABASE_URL or .env; special characters of a password are written as %40 and the like.",
                "",
            ),
            ("See which database is meant.", "cofferdam current -v"),
        ],
    },
    Known {
        code: "no-database",
        states: &["3D000"],
        words: &["database * does not exist"],
        happened: "The server has no database {}.",
        ways: &[(
            "Make it, or correct the name in DATABASE_URL.",
            "createdb {}",
        )],
    },
    Known {
        code: "no-connection",
        states: &["08006", "08001", "57P03"],
        words: &[
            "connection refused",
            "could not connect to server",
            "connection to server at",
            "could not translate host name *",
            "connection timed out",
            "the database system is starting up",
            "failed to lookup address",
        ],
        happened: "No PostgreSQL answers there: it is not running, not ready yet, or the address is another one.",
        ways: &[
            (
                "Wait for it, as an entrypoint does.",
                "cofferdam upgrade head --wait 5m",
            ),
            (
                "Check host and port in DATABASE_URL or .env; inside Docker, localhost is the container itself.",
                "cofferdam current -v",
            ),
        ],
    },
    Known {
        code: "no-driver-in-url",
        states: &[],
        words: &[
            "the asyncio extension requires an async driver",
            "can't load plugin: sqlalchemy.dialects",
        ],
        happened: "The URL's driver is not the one that env.py needs.",
        ways: &[(
            "Cofferdam takes every form of it: postgresql://, postgresql+asyncpg://, postgres://.",
            "cofferdam current -v",
        )],
    },
    Known {
        code: "no-such-table",
        states: &["42P01", "UndefinedTable"],
        words: &["relation * does not exist", "table * does not exist"],
        happened: "{} is not there: an earlier revision was not applied, was stamped without being applied, or the search_path is another one.",
        ways: &[
            (
                "Find the revision whose schema this database has.",
                "cofferdam identify",
            ),
            ("See what is pending.", "cofferdam status"),
        ],
    },
    Known {
        code: "no-such-column",
        states: &["42703", "UndefinedColumn"],
        words: &["column * does not exist", "column * of relation"],
        happened: "The column {} is not there: an earlier revision was not applied, or somebody renamed it.",
        ways: &[
            (
                "Find the revision whose schema this database has.",
                "cofferdam identify",
            ),
            ("See what is pending.", "cofferdam status"),
        ],
    },
    Known {
        code: "no-space",
        states: &["53100"],
        words: &["no space left on device", "could not extend file"],
        happened: "The server's disk is full: a rewrite needs as much room as the table has.",
        ways: &[(
            "Make room, and do the change without a rewrite.",
            "cofferdam lint --statistics FILE",
        )],
    },
    Known {
        code: "half-applied",
        states: &[],
        words: &["half applied", "migration fails partway", "failed partway"],
        happened: "A part of a revision is applied: it has statements that cannot run in a transaction, or ends one itself.",
        ways: &[
            ("See what is there.", "cofferdam status"),
            ("Go on from there.", "cofferdam upgrade head"),
            ("Or take it back.", "cofferdam undo"),
        ],
    },
    Known {
        code: "out-of-sync",
        states: &[],
        words: &[
            "schema doesn't match",
            "schema does not match",
            "out of sync",
        ],
        happened: "Somebody changed the database without a revision, or its version rows are wrong.",
        ways: &[
            (
                "Find the revision whose schema this database has, or the nearest with the difference.",
                "cofferdam identify",
            ),
            (
                "Stamp the one that it names, never a bare head.",
                "cofferdam stamp REVISION",
            ),
            (
                "Or write what differs as a revision.",
                "cofferdam revision -m \"Bring the schema in step\"",
            ),
        ],
    },
    Known {
        code: "no-downgrade",
        states: &[],
        words: &[
            "notimplementederror",
            "has no downgrade",
            "downgrade is impossible",
        ],
        happened: "The revision has no way back.",
        ways: &[
            (
                "Write its downgrade, and prove it.",
                "cofferdam verify REVISION",
            ),
            ("Or restore a backup that is older than the revision.", ""),
        ],
    },
];
