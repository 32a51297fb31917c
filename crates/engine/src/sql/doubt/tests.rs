use super::super::split::cut;
use super::super::tree::mask;
use super::*;
use proptest::prelude::*;
use squawk_syntax::SourceFile;

/// The statements that are measured, of every kind.
const MEASURED: &str = include_str!("../../../../../tests/src/effects/cases.sql");

/// What is wrong with `sql`, where only doubtful statements are looked at again.
fn looked(sql: &str) -> Vec<String> {
    let errors = errors(&SourceFile::parse(sql));
    errors.iter().map(|error| format!("{error:?}")).collect()
}

/// What is wrong with it.
fn wrong(sql: &str) -> Vec<String> {
    let errors = SourceFile::parse(sql).errors();
    errors.iter().map(|error| format!("{error:?}")).collect()
}

/// One statement for each thing that squawk-syntax looks for behind its parser.
const WRONG: [&str; 54] = [
    "CREATE PUBLICATION p FOR ALL TABLES EXCEPT (a, TABLE b)",
    "SELECT * FROM ONLY f(1)",
    "CREATE TABLE a PARTITION OF t FOR VALUES WITH (modulus 3)",
    "CREATE TABLE a PARTITION OF t FOR VALUES WITH (modulus 3, modulus 3)",
    "SELECT left FROM t",
    "CREATE TABLE left (a int)",
    "SELECT nullif(1)",
    "SELECT coalesce()",
    "SELECT between(1)",
    "SELECT any(ARRAY[1])",
    "SELECT 1, all(ARRAY[1])",
    "SELECT * FROM t, LATERAL u",
    "SELECT * FROM (t)",
    "SELECT * FROM ((SELECT 1) AS a)",
    "SELECT DISTINCT FROM t",
    "SELECT (1, SELECT 2)",
    "SELECT a IN (SELECT)",
    "SELECT (SELECT FROM t)",
    "FROM t SELECT a",
    "FROM t",
    "ALTER TABLE t ALTER COLUMN a SET STORAGE sideways",
    "CREATE TABLE t (a numeric(x => 1))",
    "CREATE TABLE t (a numeric(1 + 1))",
    "CREATE TABLE t (a foo(VARIADIC 1))",
    "CREATE TABLE t (a varchar(true))",
    "SELECT 1::char(1 ORDER BY 1)",
    "SELECT 1 UNION SELECT 2 INTO t",
    "CREATE TABLE a AS SELECT 1 INTO t",
    "CREATE TABLE t (a, b int)",
    "CREATE TABLE t (a PRIMARY KEY)",
    "SELECT 'a' 'b'",
    "SELECT 'a' /* b */ 'c'",
    "SELECT DEFAULT",
    "CREATE TABLE t (a int CHECK (a > DEFAULT))",
    "UPDATE t SET",
    "SELECT some(ARRAY[1])",
    "UPDATE t SET a.b = DEFAULT",
    "UPDATE t SET a[1] = DEFAULT",
    "SELECT U&'\\00' ",
    "SELECT U&'a' UESCAPE '+'",
    "SELECT U&\"\\00\" FROM t",
    "SELECT a UESCAPE '!' FROM t",
    "SELECT a IN b",
    "SELECT a NOT IN ARRAY[1]",
    "SELECT a IN ROW (1)",
    "SELECT (1, 2, 3) OVERLAPS (1, 2)",
    "SELECT * FROM a JOIN b",
    "SELECT * FROM a LEFT JOIN b",
    "SELECT * FROM a NATURAL JOIN b USING (c)",
    "SELECT * FROM a CROSS JOIN b USING (c)",
    "SELECT [1, 2]",
    "SELECT ARRAY(1)",
    "SELECT % 1",
    "SELECT a + :name",
];

/// As [`WRONG`], of functions and their like.
const ROUTINES: [&str; 13] = [
    "DROP AGGREGATE a (OUT int)",
    "CREATE AGGREGATE a (INOUT int) (sfunc = f, stype = int)",
    "CREATE AGGREGATE a (int DEFAULT 1) (sfunc = f, stype = int)",
    "DROP FUNCTION f (a int DEFAULT 1)",
    "ALTER PROCEDURE p (a int = 1) RENAME TO q",
    "DROP ROUTINE r (a int DEFAULT 1)",
    "CREATE FUNCTION f(VARIADIC a int[], b int) RETURNS int LANGUAGE sql RETURN 1",
    "CREATE FUNCTION f(OUT a int) RETURNS TABLE (b int) LANGUAGE sql RETURN 1",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql LANGUAGE sql RETURN 1",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1' RETURN 1",
    "CREATE PROCEDURE p(VARIADIC a int[], b int) LANGUAGE sql AS 'SELECT from from'",
    "DO LANGUAGE sql 'SELECT 1'",
    "DO LANGUAGE plpgsql 'BEGIN END' LANGUAGE plpgsql",
];

#[test]
fn what_is_wrong_is_found_where_only_the_doubtful_is_looked_at() {
    let operator = format!("SELECT 1 {} 2", "|&".repeat(40));
    let all = WRONG
        .iter()
        .chain(&ROUTINES)
        .copied()
        .chain([operator.as_str()]);
    let mut doubtful = 0;
    for sql in all {
        assert_eq!(looked(sql), wrong(sql), "{sql}");
        let among = format!(
            "CREATE TABLE t (a int);\n-- é\n{sql};\nINSERT INTO t (a) VALUES (1), (2), (3); COMMENT ON TABLE t IS 'It is one of many tables, and has one column.'"
        );
        assert_eq!(looked(&among), wrong(&among), "{among}");
        let file = SourceFile::parse(&among).syntax_node();
        doubtful += usize::from(matches!(Doubt::about(&file.green()), Doubt::Of(_)));
        assert!(parses(&SourceFile::parse(sql)), "the parser refuses {sql}");
        assert!(!wrong(sql).is_empty(), "nothing is wrong with {sql}");
    }
    assert!(doubtful > 50, "{doubtful}");
}

#[test]
fn what_is_measured_has_the_same_errors() {
    for sql in measured() {
        assert_eq!(looked(&sql), wrong(&sql), "{sql}");
    }
    assert_eq!(looked(MEASURED), wrong(MEASURED));
}

/// Most statements of a migration are not looked at again.
#[test]
fn few_statements_are_doubtful() {
    let mut kept = 0;
    let all = measured();
    for sql in &all {
        let file = SourceFile::parse(sql).syntax_node();
        kept += usize::from(Doubt::about(&file.green()) != Doubt::Nothing);
    }
    assert!(kept * 5 < all.len(), "{kept} of {}", all.len());
    for sql in [
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a numeric(10, 2) CHECK (a > 0) DEFAULT 1, b varchar(3)[], c timestamptz DEFAULT now(), d text CHECK (d IN ('a', 'b')))",
        "UPDATE t SET a = lower(a), b = DEFAULT WHERE id = 1 AND c IS NOT NULL",
        "CREATE VIEW v AS SELECT u.id, count(*) FROM u LEFT JOIN o ON o.u = u.id WHERE u.a NOT IN (1, 2) GROUP BY u.id",
        "SET lock_timeout = '2s'",
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (b) ON DELETE SET NULL NOT VALID",
        "SELECT coalesce(a, ARRAY[1]) || 'x', current_timestamp FROM public.t AS t, u WHERE EXISTS (SELECT 1 FROM w)",
    ] {
        let file = SourceFile::parse(sql).syntax_node();
        assert_eq!(Doubt::about(&file.green()), Doubt::Nothing, "{sql}");
    }
}

/// Statements and parts of them, with odd signs between.
fn mixed() -> impl Strategy<Value = String> {
    let mut corpus = measured();
    corpus.extend(WRONG.iter().chain(&ROUTINES).map(|sql| (*sql).to_owned()));
    let count = corpus.len();
    let odd = prop::sample::select(vec![
        "", ";", ";\n", "'", "\"", "(", ")", ",", "U&'\\00'", "DEFAULT", "left", "IN", "é",
    ]);
    let from = any::<prop::sample::Index>();
    let piece = (0..count, from, cut_or_whole(), odd);
    prop::collection::vec(piece, 1..6).prop_map(move |pieces| {
        let mut text = String::new();
        for (which, from, to, odd) in pieces {
            let whole = &corpus[which];
            let ends: Vec<usize> = (0..=whole.len())
                .filter(|at| whole.is_char_boundary(*at))
                .collect();
            let (from, to) = match to {
                Some(to) => (from.get(&ends), to.index(ends.len())),
                None => (&0, ends.len() - 1),
            };
            let to = ends[to];
            text.push_str(&whole[to.min(*from)..to.max(*from)]);
            text.push_str(odd);
        }
        text
    })
}

/// Where a part ends; none for a whole one.
fn cut_or_whole() -> impl Strategy<Value = Option<prop::sample::Index>> {
    prop::option::of(any::<prop::sample::Index>())
}

proptest! {
    #[test]
    fn any_text_has_the_same_errors(sql in mixed()) {
        prop_assert_eq!(looked(&sql), wrong(&sql));
    }
}

/// The measured statements as they are parsed.
fn measured() -> Vec<String> {
    let cut = cut(MEASURED);
    let pieces = cut.pieces.iter();
    pieces
        .map(|piece| {
            mask(
                MEASURED,
                piece.body.clone(),
                &cut.tokens[piece.tokens.clone()],
            )
        })
        .collect()
}
