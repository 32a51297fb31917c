//! Which statements run outside a transaction block, and what a crash leaves of them.

use super::reader::{Reader, begins};
use super::{Directive, Execution, Recovery};
use squawk_lexer::TokenKind;

/// Tells how `statement` has to be run.
pub(super) fn execution(statement: &str, directives: &[Directive]) -> Execution {
    if let Some(recovery) = may_be_outside(statement)
        .then(|| outside(&mut Reader::new(statement)))
        .flatten()
    {
        Execution::Outside(recovery)
    } else if directives.contains(&Directive::NoTransaction) {
        Execution::Outside(Recovery::Unknown)
    } else {
        let mut directives = directives.iter();
        let backfill = directives.find_map(|directive| match directive {
            Directive::Backfill(backfill) => Some(backfill.clone()),
            _ => None,
        });
        backfill.map_or(Execution::Transactional, Execution::Batches)
    }
}

/// Whether it begins with a word that is looked for below, or with none: a comment, for one, may stand before it.
fn may_be_outside(statement: &str) -> bool {
    let words = [
        "create", "drop", "alter", "reindex", "cluster", "discard", "vacuum",
    ];
    !statement.starts_with(|first: char| first.is_ascii_alphabetic()) || begins(statement, &words)
}

/// What is known of a statement that PostgreSQL refuses to run in a transaction block.
fn outside(reader: &mut Reader) -> Option<Recovery> {
    if reader.eat("create") {
        create(reader)
    } else if reader.eat("drop") {
        drop_object(reader)
    } else if reader.eat("alter") {
        alter(reader)
    } else if reader.eat("reindex") {
        reindex(reader)
    } else if reader.eat("cluster") {
        reader.eat("verbose");
        reader.parenthesised();
        reader.is_end().then_some(Recovery::Repeatable)
    } else if reader.eat("discard") {
        reader.is("all").then_some(Recovery::Repeatable)
    } else {
        reader.is("vacuum").then_some(Recovery::Repeatable)
    }
}

fn create(reader: &mut Reader) -> Option<Recovery> {
    if reader.eat("database") {
        return Some(match reader.word() {
            Some(name) => Recovery::Database {
                name: name.to_owned(),
                exists: true,
            },
            None => Recovery::Unknown,
        });
    }
    if reader.is_any(&["tablespace", "subscription"]) {
        return Some(Recovery::Unknown);
    }
    reader.eat("unique");
    if !reader.eat_all(&["index", "concurrently"]) {
        return None;
    }
    reader.eat_all(&["if", "not", "exists"]);
    if reader.is("on") {
        return Some(Recovery::Unknown);
    }
    let index = reader.name();
    let on = reader.eat("on");
    reader.eat("only");
    Some(match (index, reader.name()) {
        (Some(index), Some(table)) if on => Recovery::IndexBuilt { index, table },
        _ => Recovery::Unknown,
    })
}

fn drop_object(reader: &mut Reader) -> Option<Recovery> {
    if reader.eat("database") {
        reader.eat_all(&["if", "exists"]);
        return Some(match reader.word() {
            Some(name) => Recovery::Database {
                name: name.to_owned(),
                exists: false,
            },
            None => Recovery::Unknown,
        });
    }
    if reader.is_any(&["tablespace", "subscription"]) {
        return Some(Recovery::Unknown);
    }
    if !reader.eat_all(&["index", "concurrently"]) {
        return None;
    }
    reader.eat_all(&["if", "exists"]);
    let mut indexes = Vec::new();
    while let Some(index) = reader.name() {
        indexes.push(index);
        if !reader.eat_kind(TokenKind::Comma) {
            break;
        }
    }
    Some(if indexes.is_empty() {
        Recovery::Unknown
    } else {
        Recovery::IndexGone { indexes }
    })
}

fn alter(reader: &mut Reader) -> Option<Recovery> {
    if reader.is("system") {
        return Some(Recovery::Repeatable);
    }
    if reader.eat("database") {
        reader.word()?;
        return reader
            .eat_all(&["set", "tablespace"])
            .then_some(Recovery::Repeatable);
    }
    if reader.eat("subscription") {
        // These refresh, and with it need to be outside, unless told not to.
        reader.word()?;
        let refreshes = reader.eat_any(&["refresh", "set", "add", "drop"]);
        return (refreshes && reader.is("publication")).then_some(Recovery::Unknown);
    }
    if !reader.eat("table") {
        return None;
    }
    reader.eat_all(&["if", "exists"]);
    reader.eat("only");
    let table = reader.name()?;
    reader.eat_kind(TokenKind::Star);
    if !reader.eat_all(&["detach", "partition"]) {
        return None;
    }
    let partition = reader.name()?;
    reader
        .is("concurrently")
        .then_some(Recovery::PartitionDetached { table, partition })
}

fn reindex(reader: &mut Reader) -> Option<Recovery> {
    let options = reader.parenthesised();
    let concurrently = options
        .iter()
        .position(|word| word.eq_ignore_ascii_case("concurrently"));
    let on = |value: Option<&&str>| {
        !value.is_some_and(|value| {
            ["off", "false", "0", "'off'", "'false'"]
                .iter()
                .any(|off| value.eq_ignore_ascii_case(off))
        })
    };
    if concurrently.is_some_and(|at| on(options.get(at + 1))) {
        return Some(Recovery::Repeatable);
    }
    if reader.is_any(&["database", "system", "schema"]) {
        return Some(Recovery::Repeatable);
    }
    (reader.eat_any(&["index", "table"]) && reader.is("concurrently"))
        .then_some(Recovery::Repeatable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(sql: &str) -> Execution {
        execution(sql, &[])
    }

    #[test]
    fn these_run_in_a_transaction() {
        for sql in [
            "CREATE INDEX a ON t (b);",
            "CREATE INDEX \"concurrently\" ON t (b);",
            "DROP INDEX a;",
            "REINDEX TABLE t;",
            "REINDEX (VERBOSE) INDEX i;",
            "REINDEX (CONCURRENTLY off, VERBOSE) INDEX i;",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v;",
            "ALTER TYPE t ADD VALUE 'a';",
            "ALTER TABLE t DETACH PARTITION p;",
            "ALTER TABLE t DETACH PARTITION p FINALIZE;",
            "ALTER DATABASE d SET work_mem = '1MB';",
            "ALTER SUBSCRIPTION s DISABLE;",
            "CLUSTER t;",
            "CLUSTER VERBOSE t USING i;",
            "SELECT 'VACUUM', $$CREATE INDEX CONCURRENTLY$$;",
            "-- VACUUM\nSELECT 1;",
            "COMMENT ON INDEX a IS 'CREATE INDEX CONCURRENTLY a ON t (b)';",
            "DO $$ BEGIN COMMIT; END $$;",
            "DISCARD TEMP;",
            "",
            "(",
        ] {
            assert_eq!(run(sql), Execution::Transactional, "{sql}");
        }
    }

    #[test]
    fn these_run_outside_and_may_be_repeated() {
        for sql in [
            "VACUUM;",
            "/* a */ vacuum (ANALYZE) t;",
            "REINDEX DATABASE d;",
            "REINDEX SYSTEM;",
            "REINDEX SCHEMA s;",
            "REINDEX TABLE CONCURRENTLY t;",
            "REINDEX (VERBOSE) INDEX CONCURRENTLY i;",
            "REINDEX (CONCURRENTLY) INDEX i;",
            "REINDEX (CONCURRENTLY true) INDEX i;",
            "ALTER SYSTEM SET work_mem = '1MB';",
            "ALTER DATABASE d SET TABLESPACE t;",
            "CLUSTER;",
            "CLUSTER VERBOSE;",
            "CLUSTER (VERBOSE)",
        ] {
            assert_eq!(run(sql), Execution::Outside(Recovery::Repeatable), "{sql}");
        }
    }

    #[test]
    fn what_is_left_of_the_others_is_known_by_name() {
        let built = |index: &str, table: &str| Recovery::IndexBuilt {
            index: index.to_owned(),
            table: table.to_owned(),
        };
        let database = |name: &str, exists| Recovery::Database {
            name: name.to_owned(),
            exists,
        };
        let cases = [
            ("CREATE INDEX CONCURRENTLY i ON t (a);", built("i", "t")),
            (
                "create unique index concurrently if not exists \"I x\" on only s . t using gin (a)",
                built("\"I x\"", "s.t"),
            ),
            (
                "CREATE INDEX CONCURRENTLY /* c */ i -- d\n ON t (a);",
                built("i", "t"),
            ),
            ("CREATE INDEX CONCURRENTLY ON t (a);", Recovery::Unknown),
            (
                "DROP INDEX CONCURRENTLY IF EXISTS a, s.\"B\" CASCADE;",
                Recovery::IndexGone {
                    indexes: vec!["a".to_owned(), "s.\"B\"".to_owned()],
                },
            ),
            (
                "ALTER TABLE IF EXISTS ONLY s.t DETACH PARTITION p CONCURRENTLY;",
                Recovery::PartitionDetached {
                    table: "s.t".to_owned(),
                    partition: "p".to_owned(),
                },
            ),
            ("CREATE DATABASE d OWNER o;", database("d", true)),
            (
                "DROP DATABASE IF EXISTS \"D\" WITH (FORCE);",
                database("\"D\"", false),
            ),
            ("CREATE TABLESPACE t LOCATION '/a';", Recovery::Unknown),
            ("DROP TABLESPACE t;", Recovery::Unknown),
            (
                "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p;",
                Recovery::Unknown,
            ),
            ("DROP SUBSCRIPTION s;", Recovery::Unknown),
            (
                "ALTER SUBSCRIPTION s REFRESH PUBLICATION;",
                Recovery::Unknown,
            ),
        ];
        for (sql, recovery) in cases {
            assert_eq!(run(sql), Execution::Outside(recovery), "{sql}");
        }
    }

    #[test]
    fn the_directive_takes_any_statement_outside() {
        let directives = [Directive::NoTransaction];
        assert_eq!(
            execution("CALL p();", &directives),
            Execution::Outside(Recovery::Unknown)
        );
        assert_eq!(
            execution("VACUUM;", &directives),
            Execution::Outside(Recovery::Repeatable)
        );
    }
}
