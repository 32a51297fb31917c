/// The differences that are known, with their reason.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        versions: (120_000, 999_999),
        statement: "INSERT INTO events VALUES ('2024-06-01', 5, 'z')",
        difference: "lock on events_2025: predicted ROW EXCLUSIVE, measured none",
        reason: "rows tell which partitions are locked, so all are predicted",
    },
    Exception {
        versions: (120_000, 999_999),
        statement: "COPY users (id, name) FROM '/dev/null'",
        difference: "work on users: predicted Rows, not measured",
        reason: "the file is empty",
    },
    Exception {
        versions: (120_000, 999_999),
        statement: "INSERT INTO events VALUES ('2024-06-01', 1, 'z')",
        difference: "lock on events_2025: predicted ROW EXCLUSIVE, measured none",
        reason: "rows tell which partitions are locked, so all are predicted",
    },
    Exception {
        versions: (120_000, 129_999),
        statement: "COPY users TO '/dev/null'",
        difference: "lock on users: predicted ACCESS SHARE, measured none",
        reason: "12 gives the lock back at the statement's end",
    },
    Exception {
        versions: (180_005, 189_999),
        statement: "ALTER TABLE users ALTER COLUMN age SET DEFAULT nextval('counter')",
        difference: "lock on counter: predicted none, measured ACCESS SHARE",
        reason: "18.6 looks the sequence up with a lock, 18.4 does not; nobody waits for it",
    },
];
