//! The cases in which a second table takes the place of the first.

use super::cases::{Case, NONE};
use super::place::Place;
use cofferdam_tests::cluster::{cluster, database};
use sqlx::{Connection, Executor, PgConnection};

/// A table with all that another one has to take over.
const BOOKINGS: &str = "
CREATE SCHEMA \"My App\";
CREATE TABLE rooms (id bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO rooms SELECT n, 'r' || n FROM generate_series(1, 50) n;
CREATE TABLE \"My App\".\"The Bookings\" (
    \"Its Id\" bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 2 START WITH 7) PRIMARY KEY,
    ticket serial,
    room bigint NOT NULL REFERENCES rooms ON DELETE CASCADE ON UPDATE CASCADE,
    during int4range NOT NULL,
    after_it bigint REFERENCES \"My App\".\"The Bookings\" ON DELETE SET NULL,
    guest text COLLATE \"C\" NOT NULL DEFAULT 'nobody',
    long text GENERATED ALWAYS AS (guest || ' in ' || room) STORED,
    CONSTRAINT \"Not Empty\" CHECK (NOT isempty(during)),
    CONSTRAINT one_ticket UNIQUE (ticket) INCLUDE (room) DEFERRABLE
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
INSERT INTO \"My App\".\"The Bookings\" (room, during) SELECT n % 50 + 1, int4range(n * 10, n * 10 + 5) FROM generate_series(1, 3000) n;
UPDATE \"My App\".\"The Bookings\" SET after_it = \"Its Id\" - 2 WHERE ticket % 3 = 0;
CREATE INDEX \"By Guest\" ON \"My App\".\"The Bookings\" (lower(guest), room DESC) WHERE room > 5;
CREATE UNIQUE INDEX by_room ON \"My App\".\"The Bookings\" (room, ticket);
CREATE INDEX by_time ON \"My App\".\"The Bookings\" USING gist (during);
ALTER TABLE \"My App\".\"The Bookings\" REPLICA IDENTITY USING INDEX by_room;
ALTER TABLE \"My App\".\"The Bookings\" ALTER COLUMN guest SET STORAGE EXTERNAL, ALTER COLUMN room SET STATISTICS 50;
CREATE STATISTICS \"My App\".room_and_guest (dependencies) ON room, guest FROM \"My App\".\"The Bookings\";
CREATE TABLE bills (id bigint PRIMARY KEY, booking bigint REFERENCES \"My App\".\"The Bookings\" ON DELETE CASCADE, other bigint);
ALTER TABLE bills ADD CONSTRAINT \"Not Yet\" FOREIGN KEY (other) REFERENCES \"My App\".\"The Bookings\" NOT VALID;
INSERT INTO bills SELECT n, n * 2 + 5 FROM generate_series(1, 1000) n;
CREATE VIEW late WITH (security_barrier = true) AS SELECT * FROM \"My App\".\"The Bookings\" b WHERE lower(during) > 100 WITH LOCAL CHECK OPTION;
CREATE VIEW named AS SELECT b.*, r.name FROM \"My App\".\"The Bookings\" b JOIN rooms r ON r.id = b.room;
COMMENT ON VIEW named IS 'with names';
GRANT SELECT ON named TO pg_monitor;
CREATE VIEW later AS SELECT * FROM late;
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.guest := trim(NEW.guest); RETURN NEW; END$$;
CREATE TRIGGER \"Trims\" BEFORE INSERT OR UPDATE OF guest ON \"My App\".\"The Bookings\" FOR EACH ROW WHEN (NEW.guest <> '') EXECUTE FUNCTION noted();
CREATE TRIGGER off BEFORE DELETE ON \"My App\".\"The Bookings\" FOR EACH ROW EXECUTE FUNCTION noted();
ALTER TABLE \"My App\".\"The Bookings\" DISABLE TRIGGER off;
CREATE FUNCTION booked() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM \"My App\".\"The Bookings\"';
ALTER TABLE \"My App\".\"The Bookings\" ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON \"My App\".\"The Bookings\" FOR SELECT TO PUBLIC USING (EXISTS (SELECT FROM rooms WHERE id = room));
GRANT SELECT, INSERT ON \"My App\".\"The Bookings\" TO pg_monitor;
GRANT UPDATE (guest) ON \"My App\".\"The Bookings\" TO PUBLIC;
GRANT USAGE ON SEQUENCE \"My App\".\"The Bookings_Its Id_seq\" TO pg_monitor;
COMMENT ON TABLE \"My App\".\"The Bookings\" IS 'who is where';
COMMENT ON COLUMN \"My App\".\"The Bookings\".guest IS 'a name';
COMMENT ON CONSTRAINT \"Not Empty\" ON \"My App\".\"The Bookings\" IS 'of course';
COMMENT ON INDEX \"My App\".by_time IS 'for the plan';
COMMENT ON TRIGGER \"Trims\" ON \"My App\".\"The Bookings\" IS 'no blanks';
COMMENT ON POLICY known ON \"My App\".\"The Bookings\" IS 'all';
";

const OF_BOOKINGS: Case = Case {
    table: "\"My App\".\"The Bookings\"",
    schema: BOOKINGS,
    rows: "SELECT md5(string_agg(b::text, ',' ORDER BY \"Its Id\")) FROM \"My App\".\"The Bookings\" b",
    end: "SELECT (SELECT md5(string_agg(b::text, ',' ORDER BY \"Its Id\")) FROM \"My App\".\"The Bookings\" b), nextval('\"My App\".\"The Bookings_Its Id_seq\"'), nextval('\"My App\".\"The Bookings_ticket_seq\"'), (SELECT count(*) FROM later), booked()",
    old: &[
        "INSERT INTO \"My App\".\"The Bookings\" (room, during, guest) VALUES ({n} % 50 + 1, int4range({n} * 10, {n} * 10 + 5), ' {n} ')",
        "INSERT INTO bills SELECT {n}, max(\"Its Id\") FROM \"My App\".\"The Bookings\"",
        "UPDATE \"My App\".\"The Bookings\" SET guest = 'old', after_it = NULL WHERE ticket = {n} % 2800",
        "UPDATE rooms SET id = id + 1000 WHERE id = {n} % 50; UPDATE rooms SET id = id - 1000 WHERE id > 1000",
    ],
    new: &[
        "DELETE FROM \"My App\".\"The Bookings\" WHERE ticket = {n} % 2900",
        "INSERT INTO late (room, during) VALUES (3, int4range({n} * 10, {n} * 10 + 5))",
        "INSERT INTO rooms VALUES ({n}, 'gone'); INSERT INTO \"My App\".\"The Bookings\" (room, during) VALUES ({n}, int4range(-{n} * 10, -{n} * 10 + 5)); DELETE FROM rooms WHERE id = {n}",
    ],
    holds: "SELECT count(*) FILTER (WHERE guest = 'old') > 0 AND count(*) FILTER (WHERE ticket > 3000) > 10 AND bool_and(room <= 50) AND bool_and(guest = trim(guest)) FROM \"My App\".\"The Bookings\"",
    ..NONE
};

pub const CASES: &[Case] = &[
    Case {
        name: "add-exclusion to a table with everything",
        kind: "add-exclusion",
        fields: &[
            (
                "definition",
                "USING gist (int8range(room, room, '[]') WITH &&, during WITH &&) WHERE (room > 0)",
            ),
            ("name", "\"Once\""),
        ],
        plain: "ALTER TABLE \"My App\".\"The Bookings\" ADD CONSTRAINT \"Once\" EXCLUDE USING gist (int8range(room, room, '[]') WITH &&, during WITH &&) WHERE (room > 0)",
        ..OF_BOOKINGS
    },
    Case {
        name: "add-generated to a table with everything",
        kind: "add-generated",
        fields: &[
            ("column", "\"The Length\""),
            ("type", "integer"),
            ("expression", "upper(during) - lower(during)"),
            ("stored", "yes"),
        ],
        plain: "ALTER TABLE \"My App\".\"The Bookings\" ADD COLUMN \"The Length\" integer GENERATED ALWAYS AS (upper(during) - lower(during)) STORED",
        ..OF_BOOKINGS
    },
    Case {
        name: "add-generated, a key of two columns",
        kind: "add-generated",
        table: "lines",
        fields: &[
            ("column", "total"),
            ("type", "numeric(10, 2)"),
            ("expression", "price * amount"),
        ],
        schema: "
CREATE TABLE lines (bill bigint, line int, price numeric(10, 2) NOT NULL, amount int NOT NULL DEFAULT 1, PRIMARY KEY (bill, line));
INSERT INTO lines SELECT n / 3, n % 3, n / 4.0, n % 7 FROM generate_series(1, 3000) n;
",
        plain: "ALTER TABLE lines ADD COLUMN total numeric(10, 2) GENERATED ALWAYS AS (price * amount) STORED",
        rows: "SELECT md5(string_agg(concat_ws('|', bill, line, price, amount), ',' ORDER BY bill, line)) FROM lines",
        end: "SELECT md5(string_agg(l::text, ',' ORDER BY bill, line)) FROM lines l",
        old: &[
            "INSERT INTO lines (bill, line, price) VALUES ({n}, 1, 5), ({n}, 2, 6)",
            "UPDATE lines SET bill = bill + 1 WHERE bill BETWEEN {n} - 10 AND {n}",
            "UPDATE lines SET amount = amount + 1 WHERE line = 1",
            "DELETE FROM lines WHERE bill = {n} % 900",
        ],
        new: &[
            "COPY lines (bill, line, price) FROM STDIN;\n{n}\t7\t7.50\n\\.\n",
            "INSERT INTO lines (bill, line, price) VALUES ({n}, 9, 1) ON CONFLICT (bill, line) DO UPDATE SET price = EXCLUDED.price",
        ],
        holds: "SELECT count(*) > 2500 AND bool_or(line = 7) FROM lines",
    },
    Case {
        name: "add-exclusion, only a key",
        kind: "add-exclusion",
        table: "spans",
        fields: &[("definition", "USING gist (during WITH &&)")],
        schema: "
CREATE TABLE spans (during int4range PRIMARY KEY);
INSERT INTO spans SELECT int4range(n * 10, n * 10 + 5) FROM generate_series(1, 3000) n;
",
        plain: "ALTER TABLE spans ADD CONSTRAINT spans_excl EXCLUDE USING gist (during WITH &&)",
        rows: "SELECT md5(string_agg(during::text, ',' ORDER BY during)) FROM spans",
        end: "SELECT md5(string_agg(during::text, ',' ORDER BY during)) FROM spans",
        old: &[
            "INSERT INTO spans VALUES (int4range({n} * 10, {n} * 10 + 5))",
            "UPDATE spans SET during = int4range(upper(during), upper(during) + 1) WHERE lower(during) = {n} % 2000 * 10",
            "BEGIN; TRUNCATE spans; ROLLBACK",
        ],
        new: &["DELETE FROM spans WHERE lower(during) = {n} % 2900 * 10"],
        holds: "SELECT count(*) > 2900 FROM spans",
    },
];

/// A change that adds a generated column to `t`, written.
fn generated(schema: &str) -> Place {
    let it = Place::new(schema);
    let fields = ["column=loud", "type=text", "expression=upper(tier)"];
    it.change(
        "add-generated",
        "it",
        "t",
        &[&fields[..], &["stored=yes"]].concat(),
    );
    it
}

const TABLE: &str = "CREATE TABLE t (id bigint PRIMARY KEY, tier text, CONSTRAINT known CHECK (tier <> ''));\nINSERT INTO t SELECT n, 'a' || n FROM generate_series(1, 100) n;\n";

/// Both tables have the same rows.
const SAME: &str = "SELECT (SELECT array_agg(t ORDER BY id) FROM (SELECT id, tier FROM t) t) IS NOT DISTINCT FROM (SELECT array_agg(t ORDER BY id) FROM (SELECT id, tier FROM cofferdam_it_new) t)";

#[test]
fn whatever_is_written_to_the_table_is_in_the_second_one() {
    let it = generated(&format!(
        "{TABLE}\
         CREATE TABLE log (id bigint, what text);\n\
         CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN\n\
             IF NEW.tier = 'again' THEN UPDATE t SET tier = 'done' WHERE id IN (NEW.id, NEW.id + 1); END IF;\n\
             IF OLD.tier = 'keep' AND TG_OP = 'DELETE' THEN INSERT INTO t VALUES (OLD.id, 'kept'), (OLD.id + 1, 'kept') ON CONFLICT (id) DO NOTHING; END IF;\n\
             RETURN NULL; END$$;\n\
         CREATE TRIGGER again AFTER UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION again();\n"
    ));
    it.go(&["upgrade", "head"]);
    assert_eq!(it.ask(SAME), "t");
    for write in [
        "INSERT INTO t VALUES (200, 'b'), (201, NULL)",
        "UPDATE t SET id = id + 1000",
        "UPDATE t SET id = -id, tier = 'c' WHERE id % 2 = 0",
        "UPDATE t SET tier = 'again' WHERE id > 1000",
        "UPDATE t SET tier = 'keep' WHERE id < 0",
        "DELETE FROM t WHERE id < 0",
        "INSERT INTO t VALUES (7, 'd') ON CONFLICT (id) DO NOTHING; INSERT INTO t VALUES (7, 'e') ON CONFLICT (id) DO UPDATE SET tier = EXCLUDED.tier",
        "COPY t FROM PROGRAM 'echo \"9 x\"' (DELIMITER ' ')",
        "SET session_replication_role = replica; UPDATE t SET tier = 'f'",
        "BEGIN; DELETE FROM t; INSERT INTO t VALUES (1, 'g'); COMMIT",
        "BEGIN; DELETE FROM t; ROLLBACK",
        "TRUNCATE t",
        "INSERT INTO t VALUES (1, 'h')",
    ] {
        it.ask(write);
        assert_eq!(it.ask(SAME), "t", "{write}");
    }
}

#[test]
fn a_comparison_finds_rows_of_either_side() {
    let it = generated(TABLE);
    it.go(&["upgrade", "head"]);
    let compared = |words: &str| {
        let said = it.try_(&["change", "parity", "it"]);
        assert!(said.out.contains(words), "{}{}", said.out, said.err);
    };
    compared("0 of 100 rows disagree");
    it.ask("UPDATE cofferdam_it_new SET tier = 'other' WHERE id = 3");
    it.ask("DELETE FROM cofferdam_it_new WHERE id = 4");
    it.ask("INSERT INTO cofferdam_it_new (id) VALUES (0), (500)");
    compared("4 of 100 rows disagree");
    let refused = it.try_(&["change", "contract", "it"]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);

    // What a forced contract would lose is kept.
    it.go(&["change", "force", "it", "--reason", "to see what is kept"]);
    it.go(&["change", "contract", "it"]);
    it.go(&["upgrade", "head"]);
    assert_eq!(
        it.ask("SELECT string_agg(id || tier, ' ' ORDER BY id) FROM cofferdam_quarantine.it"),
        "3a3 4a4"
    );
}

#[test]
fn the_contract_stops_where_the_table_was_changed_meanwhile() {
    let it = generated(&format!(
        "{TABLE}CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';\n"
    ));
    it.go(&["upgrade", "head"]);
    it.go(&["change", "parity", "it"]);
    it.go(&[
        "change",
        "force",
        "it",
        "--reason",
        "replicas of other tests",
    ]);
    it.go(&["change", "contract", "it"]);
    for (change, back, words) in [
        (
            "ALTER TABLE t ADD COLUMN more int",
            "ALTER TABLE t DROP COLUMN more",
            "column more",
        ),
        (
            "ALTER TABLE t ALTER COLUMN tier TYPE varchar(90)",
            "ALTER TABLE t ALTER COLUMN tier TYPE text",
            "column tier",
        ),
        (
            "CREATE INDEX by_tier ON t (tier)",
            "DROP INDEX by_tier",
            "index by_tier",
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT more CHECK (id > 0)",
            "ALTER TABLE t DROP CONSTRAINT more",
            "constraint more",
        ),
        (
            "CREATE TRIGGER more AFTER INSERT ON t EXECUTE FUNCTION f()",
            "DROP TRIGGER more ON t",
            "trigger more",
        ),
        (
            "CREATE POLICY more ON t USING (true)",
            "DROP POLICY more ON t",
            "policy more",
        ),
    ] {
        it.ask(change);
        let said = it.try_(&["upgrade", "head"]);
        let wanted = format!("t was changed since its second table was made: {words} (");
        assert!(
            said.err.contains(&wanted),
            "{change}: {}{}",
            said.out,
            said.err
        );
        it.ask(back);
    }
    it.go(&["upgrade", "head"]);
    assert_eq!(it.ask("SELECT count(loud) FROM t"), "100");
}

#[test]
fn rows_that_exclude_each_other_stop_the_migrate_until_they_are_changed() {
    let it = Place::new(
        "CREATE TABLE t (id bigint PRIMARY KEY, during int4range);\nINSERT INTO t SELECT n, int4range(n * 10, n * 10 + 5) FROM generate_series(1, 100) n;\nINSERT INTO t VALUES (101, '[52,53)');\n",
    );
    let fields = ["definition=USING gist (during WITH &&)"];
    it.change("add-exclusion", "it", "t", &fields);
    let said = it.try_(&["upgrade", "head"]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(
        said.err
            .contains("Key (during)=([52,53)) conflicts with existing key (during)=([50,55))"),
        "{}",
        said.err
    );
    it.ask("INSERT INTO t VALUES (200, '[9000,9005)')");
    let error = cluster().try_psql(
        &it.database.name,
        "INSERT INTO t VALUES (201, '[9000,9001)')",
    );
    assert!(
        error
            .as_ref()
            .is_err_and(|error| error.contains("conflicting key value violates")),
        "{error:?}"
    );
    it.ask("UPDATE t SET during = '[56,57)' WHERE id = 101");
    it.go(&["upgrade", "head"]);
    it.contract("it");
    let error = cluster().try_psql(&it.database.name, "INSERT INTO t VALUES (102, '[52,53)')");
    assert!(
        error
            .as_ref()
            .is_err_and(|error| error.contains("exclusion constraint \"t_excl\"")),
        "{error:?}"
    );
}

fn runtime() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
}

/// A session whose snapshot is from now on the same.
async fn repeatable(it: &Place) -> PgConnection {
    let mut session = PgConnection::connect(&it.database.url)
        .await
        .expect("a connection");
    session
        .execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        .await
        .expect("a snapshot");
    session
}

#[test]
fn a_transaction_that_cannot_see_a_copy_never_leaves_it_behind() {
    let it = generated(TABLE);
    it.go(&["upgrade", "+1"]);
    let writes = [
        "DELETE FROM t WHERE id = 5",
        "UPDATE t SET id = 1005 WHERE id = 5",
        "UPDATE t SET tier = 'b' WHERE id = 5",
    ];
    runtime().block_on(async {
        // Nothing is copied yet.
        for write in writes {
            let mut session = repeatable(&it).await;
            session.execute(write).await.expect("a write");
            session.execute("ROLLBACK").await.expect("its end");
        }
        let mut first = repeatable(&it).await;
        first
            .execute("DELETE FROM t WHERE id = 6")
            .await
            .expect("a write");
        first.execute("COMMIT").await.expect("its end");
        let mut sessions = Vec::new();
        for _ in writes {
            sessions.push(repeatable(&it).await);
        }
        it.go(&["upgrade", "head"]);
        for (session, write) in sessions.iter_mut().zip(writes) {
            let error = session.execute(write).await.expect_err(write);
            let code = error.as_database_error().and_then(|error| error.code());
            assert_eq!(code.as_deref(), Some("40001"), "{write}: {error}");
            session.execute("ROLLBACK").await.expect("its end");
            // Tried again, it sees the copy.
            let mut session = repeatable(&it).await;
            session.execute(write).await.expect("a write");
            session.execute("ROLLBACK").await.expect("its end");
        }
    });
    assert_eq!(it.ask(SAME), "t");
    assert_eq!(it.ask("SELECT count(*) FROM cofferdam_it_new"), "99");
}

#[test]
fn a_transaction_from_before_all_rows_were_copied_keeps_the_gate_shut() {
    let it = generated(TABLE);
    it.go(&["upgrade", "+1"]);
    let runtime = runtime();
    let mut old = runtime.block_on(repeatable(&it));
    it.go(&["upgrade", "head"]);
    it.go(&["change", "parity", "it"]);
    let shut = it.try_(&["change", "gate", "it"]).out;
    assert!(
        shut.contains(
            "[ ] no transaction is older than the migrate, prepared ones included: 1 older"
        ),
        "{shut}"
    );
    runtime.block_on(old.execute("COMMIT")).expect("its end");
    it.contract("it");
}

#[test]
fn the_new_table_is_the_owners_whoever_runs_it() {
    let database = database();
    cluster().psql(
        &database.name,
        "DO $$BEGIN CREATE ROLE rebuilt_owner; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END$$",
    );
    let it = Place::on(
        database,
        "GRANT CREATE ON SCHEMA public TO rebuilt_owner;\nCREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tier text);\nALTER TABLE t OWNER TO rebuilt_owner;\nINSERT INTO t (tier) VALUES ('a');\n",
    );
    let fields = [
        "column=loud",
        "type=text",
        "expression=upper(tier)",
        "stored=yes",
    ];
    it.change("add-generated", "it", "t", &fields);
    let before = it.go(&["catalog"]);
    it.go(&["upgrade", "head"]);
    it.ask("SET ROLE rebuilt_owner; INSERT INTO t (tier) VALUES ('b')");
    it.contract("it");
    it.ask("SET ROLE rebuilt_owner; INSERT INTO t (tier) VALUES ('c'); ALTER TABLE t ADD COLUMN more int; ALTER TABLE t DROP COLUMN more");
    assert_eq!(
        it.ask("SELECT string_agg(id || loud, ' ' ORDER BY id) FROM t"),
        "1A 2B 3C"
    );
    it.go(&["downgrade", "r00"]);
    assert_eq!(it.go(&["catalog"]), before);
}

#[test]
fn what_no_other_table_can_take_over_is_refused_in_words() {
    for (schema, words) in [
        (
            "ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;",
            "forces row-level security on its owner",
        ),
        (
            "CREATE MATERIALIZED VIEW m AS SELECT * FROM t;",
            "is used by materialized view m",
        ),
        (
            "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END;",
            "is used by function f()",
        ),
        (
            "CREATE FUNCTION f(one t) RETURNS text LANGUAGE sql AS 'SELECT one.tier';",
            "is used by function f(one public.t)",
        ),
        ("CREATE TABLE o (id int, kept t[]);", "is used by o, which"),
        (
            "CREATE PUBLICATION p FOR ALL TABLES;",
            "is used by the publication p",
        ),
        (
            "CREATE PUBLICATION p FOR TABLES IN SCHEMA public;",
            "is used by the publication p",
        ),
        (
            "CREATE PUBLICATION p FOR TABLE t;",
            "is used by publication p",
        ),
        (
            "CREATE TABLE o (id int); ALTER TABLE o ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON o USING (id IN (SELECT id FROM t));",
            "is used by policy p on o",
        ),
        (
            "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id) DEFERRABLE;",
            "has the key t_pkey, which is DEFERRABLE",
        ),
        (
            "CREATE EXTENSION ltree; TRUNCATE t; ALTER TABLE t DROP COLUMN id, ADD COLUMN path ltree PRIMARY KEY;",
            "t.path is public.ltree, a type with operators of its own",
        ),
        (
            "CREATE TABLE part (id bigint) INHERITS (t);",
            "is inherited by part",
        ),
    ] {
        let it = Place::new(&format!("{TABLE}{schema}\n"));
        let new = [
            "change",
            "new",
            "add-generated",
            "--id",
            "it",
            "--table",
            "t",
        ];
        let fields = [
            "column=loud",
            "type=text",
            "expression=upper(tier)",
            "stored=yes",
        ];
        let said = it.try_(&[&new[..], &fields].concat());
        assert_eq!(said.code, Some(1), "{schema}: {}", said.out);
        assert!(said.err.contains(words), "{schema}: {}", said.err);
    }
}
