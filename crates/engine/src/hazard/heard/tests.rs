use super::super::{Find, RULES, Rule, Version, squawk};
use super::*;
use crate::sql::forest::Source;
use crate::sql::split::cut;
use crate::two::InTurn;

/// The statements that are measured, of every kind.
const MEASURED: &str = include_str!("../../../../../tests/src/effects/cases.sql");

/// What squawk finds by these rules, of the statements that are heard or of all.
fn found(sql: &str, rules: &[(Squawk, &'static Rule)], all: bool) -> Vec<String> {
    let lower = sql.to_ascii_lowercase();
    let heard = Heard::of(rules.iter().map(|(theirs, _)| *theirs), &lower);
    let source = Source::parse(
        cut(sql),
        |cut, piece| !all && !heard.hears(cut, piece),
        InTurn,
    );
    let found = squawk::find(&source.whole, sql, Version::NEWEST, rules).into_iter();
    found
        .map(|one| format!("{} {:?} {}", one.rule.code, one.range, one.message))
        .collect()
}

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = crate::sql::split(MEASURED)
        .statements
        .into_iter()
        .map(|statement| MEASURED[statement.body].to_owned())
        .collect();
    texts.push(MEASURED.to_owned());
    texts
}

fn theirs() -> Vec<(Squawk, &'static Rule)> {
    let theirs = RULES.iter().filter_map(|rule| match rule.find {
        Find::Squawk(theirs, _) => Some((theirs, *rule)),
        _ => None,
    });
    theirs.collect()
}

#[test]
fn squawk_finds_the_same_in_what_it_is_given() {
    let texts = texts();
    let rules = theirs();
    for text in &texts {
        // Each by itself: what one reads must not depend on another's statements.
        let alone = rules.iter().map(std::slice::from_ref);
        let alone = alone.filter(|_| text.len() < 10_000);
        for rules in alone.chain([rules.as_slice()]) {
            assert_eq!(
                found(text, rules, false),
                found(text, rules, true),
                "{text}"
            );
        }
    }
    assert!(texts.len() > 500, "only {} texts", texts.len());
}

#[test]
fn a_column_that_may_stand_twice_is_looked_for() {
    let duplicates = theirs()
        .into_iter()
        .find(|(theirs, _)| *theirs == Squawk::BanDuplicateColumnAssignments)
        .expect("the rule");
    let mut twice = 0;
    for sql in [
        "INSERT INTO t (a, b, A) VALUES (1, 2, 3)",
        "INSERT INTO t (a, \"a\") VALUES (1, 2)",
        "INSERT INTO t (a, \"A\") VALUES (1, 2)",
        "INSERT INTO t (a, U&\"\\0061\") VALUES (1, 2)",
        "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1, b = 2",
        "WITH w AS (INSERT INTO t (a, a) VALUES (1, 2)) SELECT 1",
        "UPDATE t SET a = 1, b = 2, a = 3",
        "UPDATE t SET (a, a) = (1, 2)",
        "UPDATE t SET (a, b) = (1, 2), a = 3 WHERE c = 1",
        "UPDATE t SET a = 1 /* , a = 2 */, a = 3",
        "UPDATE t SET a[1] = 1, a[2] = 2",
        "MERGE INTO t USING s ON t.i = s.i WHEN MATCHED THEN UPDATE SET a = 1, a = 2",
        "CREATE TABLE t (a int, b int, a text)",
        "CREATE TABLE t AS SELECT 1 AS a, 2 AS a",
        "CREATE TABLE t (a, a) AS SELECT 1, 2",
        "CREATE VIEW v AS SELECT a, b.a FROM b",
        "CREATE VIEW v (a, a) AS SELECT 1, 2",
        "CREATE VIEW v AS SELECT 1 AS a, 2 AS a",
        "CREATE VIEW v AS SELECT a::int, b.a::text FROM b",
        "CREATE VIEW v AS SELECT count(*), count(a) FROM b",
        "CREATE OR REPLACE RECURSIVE VIEW v (a, a) AS SELECT 1, 2 FROM v",
        "CREATE VIEW v AS WITH w AS (SELECT 1) SELECT a, a FROM w",
        "CREATE VIEW v AS SELECT CASE WHEN a THEN 1 END, CASE WHEN b THEN 2 END FROM b",
        "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a, 2 AS a FROM b",
        "SELECT 1 AS a, 2 AS a INTO t",
        "SELECT 1 AS a, 2 AS a",
        "EXPLAIN UPDATE t SET a = 1, a = 2",
        "PREPARE p AS INSERT INTO t (a, a) VALUES (1, 2)",
        "CREATE RULE r AS ON INSERT TO t DO ALSO UPDATE t SET a = 1, a = 2",
        "CREATE SCHEMA s CREATE TABLE t (a int, a int)",
        "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC UPDATE t SET a = 1, a = 2; END",
    ] {
        let all = found(sql, &[duplicates], true);
        assert_eq!(found(sql, &[duplicates], false), all, "{sql}");
        twice += usize::from(!all.is_empty());
        let cut = cut(sql);
        let may = may_assign_twice(&cut, &cut.pieces[0]);
        assert!(may || all.is_empty(), "{sql}");
    }
    assert!(twice > 18, "squawk finds only {twice}");
    for sql in [
        "INSERT INTO t (a, b) VALUES ('one', 1.5), ('two', 2.5)",
        "UPDATE t SET name = lower(name) WHERE id = 1",
        "CREATE TABLE t (a int, b numeric(10, 2) CHECK (a > b), PRIMARY KEY (a, b))",
        "CREATE VIEW v AS SELECT u.id, name, count(o.id) AS orders FROM u, o GROUP BY u.id, name",
        "COMMENT ON TABLE t IS 'a, a'",
        "CREATE INDEX i ON t (a, a)",
    ] {
        let cut = cut(sql);
        assert!(!may_assign_twice(&cut, &cut.pieces[0]), "{sql}");
        let heard = Heard::of([Squawk::BanDropTable].into_iter(), sql);
        let plain = begins(sql, &PLAIN) || is_view(sql);
        assert_eq!(heard.hears(&cut, &cut.pieces[0]), !plain, "{sql}");
    }
}

/// Statements that are set apart are judged as the others are.
#[test]
fn what_is_set_apart_has_its_tree() {
    let sql = "CREATE TABLE t (a int);\n-- one\nINSERT INTO t VALUES (1);ALTER TABLE t ADD b int;\nUPDATE t SET b = ;\nCOMMENT ON TABLE t IS 'x'";
    let apart = |cut: &Cut<'_>, piece: &Piece| begins(&cut.text[piece.body.clone()], &PLAIN);
    let read = |source: Source<'_>| -> Vec<(String, bool)> {
        let statements = source.plant(&source.errors()).into_iter();
        statements
            .map(|parsed| {
                let tree = parsed.tree.as_ref();
                let text = tree.map(|tree| format!("{:#?}", tree.statement()));
                (text.unwrap_or_default(), parsed.tree.is_some())
            })
            .collect()
    };
    let parted = read(Source::parse(cut(sql), apart, InTurn));
    assert_eq!(parted, read(Source::read(sql)));
    let trees: Vec<bool> = parted.into_iter().map(|(_, has_tree)| has_tree).collect();
    assert_eq!(trees, [true, true, true, false, true]);
}
