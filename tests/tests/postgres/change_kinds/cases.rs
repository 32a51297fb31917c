//! The cases: a change, the schema that it starts from, the plain migration, and what both versions of the application write.

/// A change of a schema.
pub struct Case {
    pub name: &'static str,
    pub kind: &'static str,
    pub table: &'static str,
    pub fields: &'static [(&'static str, &'static str)],
    /// The schema with its rows.
    pub schema: &'static str,
    /// What does the same at once, in the way of everybody.
    pub plain: &'static str,
    /// What has to be the same at the beginning and when all is undone.
    pub rows: &'static str,
    /// What has to be the same after the plain migration and after the phases.
    pub end: &'static str,
    /// What the old version writes; `{n}` is another number each time.
    pub old: &'static [&'static str],
    /// What the new version writes, from the expand on.
    pub new: &'static [&'static str],
    /// A query that is true of the rows when they wrote in turns and all is undone.
    pub holds: &'static str,
}

pub const NONE: Case = Case {
    name: "",
    kind: "",
    table: "reports",
    fields: &[],
    schema: REPORTS,
    plain: "",
    rows: "SELECT md5(string_agg(concat_ws('|', id, tier, author, note, price), ',' ORDER BY id)) FROM reports",
    end: "",
    old: &[],
    new: &[],
    holds: "",
};

const REPORTS: &str = "
CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO people SELECT n, 'p' || n FROM generate_series(1, 50) n;
CREATE TABLE reports (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'free', author bigint, note text, price numeric(10, 2));
INSERT INTO reports SELECT n, CASE n % 3 WHEN 0 THEN 'gold' ELSE 'free' END, n % 50 + 1, CASE n % 2 WHEN 0 THEN 'n' || n END, n / 4.0 FROM generate_series(1, 3000) n;
CREATE INDEX reports_tier ON reports (tier);
CREATE INDEX reports_author ON reports (author);
COMMENT ON COLUMN reports.note IS 'what they say';
";

pub const CASES: &[Case] = &[
    Case {
        name: "rename-column",
        kind: "rename-column",
        fields: &[("column", "note"), ("to", "body")],
        plain: "ALTER TABLE reports RENAME COLUMN note TO body",
        end: "SELECT md5(string_agg(concat_ws('|', id, tier, body), ',' ORDER BY id)) FROM reports",
        old: &[
            "INSERT INTO reports (id, note) VALUES ({n}, 'old {n}')",
            "UPDATE reports SET note = 'old {n}' WHERE id = {n} % 3000",
        ],
        new: &[
            "INSERT INTO reports (id, body) VALUES ({n}, 'new {n}')",
            "UPDATE reports SET body = 'new {n}' WHERE id = {n} % 2900",
        ],
        holds: "SELECT bool_and(note ~ ('^(old|new) ' || id || '$')) FROM reports WHERE id > 3000",
        ..NONE
    },
    Case {
        name: "rename-column of a column with a default",
        kind: "rename-column",
        fields: &[("column", "tier"), ("to", "plan")],
        plain: "ALTER TABLE reports RENAME COLUMN tier TO plan",
        end: "SELECT md5(string_agg(concat_ws('|', id, plan, note), ',' ORDER BY id)) FROM reports",
        old: &[
            "INSERT INTO reports (id, tier) VALUES ({n}, 'old {n}')",
            "UPDATE reports SET tier = 'old {n}' WHERE id = {n} % 2800",
        ],
        new: &[
            "INSERT INTO reports (id, plan) VALUES ({n}, 'new {n}')",
            "UPDATE reports SET plan = 'new {n}' WHERE id = {n} % 2700",
        ],
        holds: "SELECT bool_and(tier ~ ('^(old|new) ' || id || '$') OR tier = 'free') FROM reports WHERE id > 3000",
        ..NONE
    },
    Case {
        name: "rename-column, names that are quoted",
        kind: "rename-column",
        table: "\"My App\".\"Order Lines\"",
        fields: &[("column", "\"The Note\""), ("to", "\"Its \"\"Body\"\"\"")],
        schema: "
CREATE SCHEMA \"My App\";
CREATE TABLE \"My App\".\"Order Lines\" (\"Order Id\" bigint, \"Line = No\" int, \"The Note\" text NOT NULL DEFAULT 'no note', PRIMARY KEY (\"Order Id\", \"Line = No\"));
INSERT INTO \"My App\".\"Order Lines\" SELECT n / 3, n % 3, 'n' || n FROM generate_series(1, 3000) n;
CREATE INDEX \"By Note\" ON \"My App\".\"Order Lines\" (lower(\"The Note\"), \"Order Id\");
",
        plain: "ALTER TABLE \"My App\".\"Order Lines\" RENAME COLUMN \"The Note\" TO \"Its \"\"Body\"\"\"",
        rows: "SELECT md5(string_agg(concat_ws('|', \"Order Id\", \"Line = No\", \"The Note\"), ',' ORDER BY \"Order Id\", \"Line = No\")) FROM \"My App\".\"Order Lines\"",
        end: "SELECT md5(string_agg(concat_ws('|', \"Order Id\", \"Line = No\", \"Its \"\"Body\"\"\"), ',' ORDER BY \"Order Id\", \"Line = No\")) FROM \"My App\".\"Order Lines\"",
        old: &[
            "INSERT INTO \"My App\".\"Order Lines\" VALUES ({n}, 1, 'old {n}')",
            "UPDATE \"My App\".\"Order Lines\" SET \"The Note\" = 'old' WHERE \"Order Id\" = {n} % 1000",
        ],
        new: &["INSERT INTO \"My App\".\"Order Lines\" (\"Order Id\", \"Line = No\", \"Its \"\"Body\"\"\") VALUES ({n}, 1, 'new {n}')"],
        holds: "SELECT bool_and(\"The Note\" ~ ('^(old|new) ' || \"Order Id\" || '$')) FROM \"My App\".\"Order Lines\" WHERE \"Order Id\" > 3000",
    },
    Case {
        name: "require-column",
        kind: "require-column",
        fields: &[("column", "note"), ("fill", "'none ' || id")],
        plain: "UPDATE reports SET note = 'none ' || id WHERE note IS NULL; ALTER TABLE reports ALTER COLUMN note SET NOT NULL",
        rows: "SELECT md5(string_agg(concat_ws('|', id, tier, CASE WHEN id % 2 = 0 THEN note END), ',' ORDER BY id)) FROM reports",
        end: "SELECT md5(string_agg(concat_ws('|', id, tier, note), ',' ORDER BY id)) FROM reports",
        old: &[
            "INSERT INTO reports (id) VALUES ({n})",
            "UPDATE reports SET note = NULL WHERE id = {n} % 3000",
            "UPDATE reports SET tier = 'x' WHERE id = {n} % 2999",
        ],
        new: &["INSERT INTO reports (id, note) VALUES ({n}, 'new')"],
        holds: "SELECT count(*) > 3000 FROM reports",
        ..NONE
    },
    Case {
        name: "require-column with a default",
        kind: "require-column",
        fields: &[("column", "note"), ("default", "'quiet'")],
        plain: "UPDATE reports SET note = 'quiet' WHERE note IS NULL; ALTER TABLE reports ALTER COLUMN note SET DEFAULT 'quiet', ALTER COLUMN note SET NOT NULL",
        rows: "SELECT md5(string_agg(concat_ws('|', id, tier, CASE WHEN id % 2 = 0 THEN note END), ',' ORDER BY id)) FROM reports",
        end: "SELECT md5(string_agg(concat_ws('|', id, tier, note), ',' ORDER BY id)) FROM reports",
        old: &["INSERT INTO reports (id, note) VALUES ({n}, NULL)"],
        new: &["INSERT INTO reports (id) VALUES ({n})"],
        holds: "SELECT count(*) > 3000 FROM reports",
        ..NONE
    },
    Case {
        name: "add-column at once",
        kind: "add-column",
        fields: &[
            ("column", "\"odd name\""),
            ("type", "int"),
            ("default", "7"),
            ("required", "yes"),
        ],
        plain: "ALTER TABLE reports ADD COLUMN \"odd name\" int NOT NULL DEFAULT 7",
        old: &["INSERT INTO reports (id) VALUES ({n})"],
        holds: "SELECT count(*) > 3000 FROM reports",
        ..NONE
    },
    Case {
        name: "add-column with another value for each row",
        kind: "add-column",
        fields: &[
            ("column", "token"),
            ("type", "uuid"),
            ("default", "gen_random_uuid()"),
            ("required", "yes"),
        ],
        plain: "ALTER TABLE reports ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()",
        end: "SELECT count(DISTINCT token) FROM reports",
        old: &[
            "INSERT INTO reports (id) VALUES ({n})",
            "UPDATE reports SET tier = 'x' WHERE id = {n} % 3000",
        ],
        new: &["INSERT INTO reports (id, token) VALUES ({n}, gen_random_uuid())"],
        holds: "SELECT count(*) > 3000 FROM reports",
        ..NONE
    },
    Case {
        name: "add-column from others",
        kind: "add-column",
        fields: &[
            ("column", "lower_note"),
            ("type", "text"),
            ("fill", "lower(note)"),
        ],
        plain: "ALTER TABLE reports ADD COLUMN lower_note text; UPDATE reports SET lower_note = lower(note)",
        end: "SELECT md5(string_agg(concat_ws('|', id, lower_note), ',' ORDER BY id)) FROM reports",
        old: &[
            "INSERT INTO reports (id, note) VALUES ({n}, 'OLD')",
            "UPDATE reports SET note = 'OLD {n}' WHERE id = {n} % 3000",
        ],
        new: &["INSERT INTO reports (id, note, lower_note) VALUES ({n}, 'NEW', 'mine')"],
        holds: "SELECT count(*) > 3000 FROM reports",
        ..NONE
    },
    Case {
        name: "add-check",
        kind: "add-check",
        fields: &[("name", "price_positive"), ("condition", "price >= 0")],
        plain: "ALTER TABLE reports ADD CONSTRAINT price_positive CHECK (price >= 0)",
        old: &["INSERT INTO reports (id, price) VALUES ({n}, 1)"],
        ..NONE
    },
    Case {
        name: "add-foreign-key",
        kind: "add-foreign-key",
        fields: &[
            ("columns", "author"),
            ("to", "people"),
            ("actions", "ON DELETE SET NULL"),
        ],
        plain: "ALTER TABLE reports ADD FOREIGN KEY (author) REFERENCES people ON DELETE SET NULL",
        old: &["INSERT INTO reports (id, author) VALUES ({n}, 5)"],
        ..NONE
    },
    Case {
        name: "add-unique",
        kind: "add-unique",
        fields: &[("columns", "author, id")],
        plain: "ALTER TABLE reports ADD UNIQUE (author, id)",
        old: &["INSERT INTO reports (id, author) VALUES ({n}, 5)"],
        ..NONE
    },
    Case {
        name: "add-primary-key",
        kind: "add-primary-key",
        table: "\"Odd\".\"Loose Ends\"",
        fields: &[("columns", "k, \"The Name\"")],
        schema: "CREATE SCHEMA \"Odd\"; CREATE TABLE \"Odd\".\"Loose Ends\" (k int, \"The Name\" text, v text); INSERT INTO \"Odd\".\"Loose Ends\" SELECT n, 'n' || n, 'v' FROM generate_series(1, 2000) n;",
        plain: "ALTER TABLE \"Odd\".\"Loose Ends\" ADD PRIMARY KEY (k, \"The Name\")",
        rows: "SELECT md5(string_agg(k || \"The Name\" || v, ',' ORDER BY k)) FROM \"Odd\".\"Loose Ends\"",
        old: &["INSERT INTO \"Odd\".\"Loose Ends\" VALUES ({n}, 'x')"],
        ..NONE
    },
    Case {
        name: "add-primary-key in another's place",
        kind: "add-primary-key",
        fields: &[("columns", "author, id")],
        plain: "ALTER TABLE reports DROP CONSTRAINT reports_pkey; ALTER TABLE reports ADD PRIMARY KEY (author, id)",
        old: &["INSERT INTO reports (id, author) VALUES ({n}, 5)"],
        ..NONE
    },
    Case {
        name: "replace-index",
        kind: "replace-index",
        fields: &[
            ("index", "reports_tier"),
            ("definition", "(tier, id DESC) WHERE author > 3"),
        ],
        plain: "DROP INDEX reports_tier; CREATE INDEX reports_tier ON reports (tier, id DESC) WHERE author > 3",
        ..NONE
    },
    Case {
        name: "replace-index with a new name",
        kind: "replace-index",
        fields: &[
            ("index", "reports_tier"),
            ("definition", "USING hash (tier)"),
            ("name", "tiers"),
        ],
        plain: "DROP INDEX reports_tier; CREATE INDEX tiers ON reports USING hash (tier)",
        ..NONE
    },
    Case {
        name: "drop-column",
        kind: "drop-column",
        fields: &[("column", "note")],
        plain: "ALTER TABLE reports DROP COLUMN note",
        old: &[
            "INSERT INTO reports (id, note) VALUES ({n}, 'old {n}')",
            "UPDATE reports SET note = 'old {n}' WHERE id = {n} % 3000",
        ],
        new: &["INSERT INTO reports (id) VALUES ({n})"],
        holds: "SELECT bool_and(note IS NULL OR note = 'old ' || id) FROM reports WHERE id > 3000",
        ..NONE
    },
    Case {
        name: "drop-column with all that stands on it",
        kind: "drop-column",
        table: "app.\"Items\"",
        fields: &[("column", "\"The Code\""), ("fill", "'c' || id")],
        schema: "
DO $$BEGIN CREATE ROLE reader_of_items; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END$$;
CREATE SCHEMA app;
CREATE TABLE app.codes (code text PRIMARY KEY);
INSERT INTO app.codes SELECT 'c' || n FROM generate_series(1, 5000) n;
CREATE TABLE app.\"Items\" (id int PRIMARY KEY, v int, \"The Code\" varchar(20) COLLATE \"C\" NOT NULL CHECK (\"The Code\" <> ''), UNIQUE (\"The Code\", v));
INSERT INTO app.\"Items\" SELECT n, n % 7, 'c' || n FROM generate_series(1, 2000) n;
ALTER TABLE app.\"Items\" ADD CONSTRAINT to_codes FOREIGN KEY (\"The Code\") REFERENCES app.codes ON DELETE CASCADE;
ALTER TABLE app.\"Items\" ADD CONSTRAINT later CHECK (length(\"The Code\") < 20 OR v > 3) NOT VALID;
CREATE INDEX \"By Code\" ON app.\"Items\" (v, lower(\"The Code\")) WHERE v > 2;
COMMENT ON INDEX app.\"By Code\" IS 'found by it';
COMMENT ON COLUMN app.\"Items\".\"The Code\" IS 'it''s a code';
GRANT SELECT (\"The Code\", id) ON app.\"Items\" TO reader_of_items;
ALTER TABLE app.\"Items\" ALTER \"The Code\" SET STATISTICS 500, ALTER \"The Code\" SET STORAGE external;
",
        plain: "ALTER TABLE app.\"Items\" DROP COLUMN \"The Code\"",
        rows: "SELECT md5(string_agg(concat_ws('|', id, v, \"The Code\"), ',' ORDER BY id)) FROM app.\"Items\"",
        end: "SELECT md5(string_agg(concat_ws('|', id, v), ',' ORDER BY id)) FROM app.\"Items\"",
        old: &["UPDATE app.\"Items\" SET \"The Code\" = 'c' || (2000 + {n} % 1000) WHERE id = {n} % 1000"],
        new: &["UPDATE app.\"Items\" SET v = v + 1 WHERE id = {n} % 1000"],
        holds: "SELECT count(*) = 2000 AND bool_and(\"The Code\" = 'c' || CASE WHEN id < 1000 AND \"The Code\" <> 'c' || id THEN 2000 + id ELSE id END) FROM app.\"Items\"",
    },
    Case {
        name: "drop-table",
        kind: "drop-table",
        fields: &[],
        schema: "
CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO people SELECT n, 'p' || n FROM generate_series(1, 50) n;
CREATE TABLE reports (id serial PRIMARY KEY, author bigint REFERENCES people ON DELETE SET NULL, answers int REFERENCES reports);
INSERT INTO reports (author, answers) SELECT n % 50 + 1, CASE WHEN n > 1 THEN n - 1 END FROM generate_series(1, 2000) n;
CREATE INDEX reports_author ON reports (author);
CREATE TABLE lines (report int NOT NULL REFERENCES reports ON DELETE CASCADE, line text);
INSERT INTO lines SELECT n, 'x' FROM generate_series(1, 2000) n;
",
        plain: "DROP TABLE reports CASCADE",
        rows: "SELECT md5(string_agg(concat_ws('|', id, author, answers), ',' ORDER BY id)), nextval('reports_id_seq') > 2000 FROM reports",
        old: &["INSERT INTO reports (author) VALUES (7)"],
        new: &["INSERT INTO lines (report, line) VALUES (5, 'new')"],
        holds: "SELECT count(*) > 2000 FROM reports",
        ..NONE
    },
    Case {
        name: "change-type of a key with its sequence and all that refers to it",
        kind: "change-type",
        fields: &[("column", "id"), ("type", "bigint")],
        schema: "
CREATE TABLE people (id bigint PRIMARY KEY);
INSERT INTO people SELECT generate_series(1, 50);
CREATE TABLE reports (id serial PRIMARY KEY, author bigint REFERENCES people, answers int REFERENCES reports, CONSTRAINT positive CHECK (id > 0 AND author > 0), UNIQUE (author, id));
INSERT INTO reports (author, answers) SELECT n % 50 + 1, CASE WHEN n > 1 THEN n - 1 END FROM generate_series(1, 2000) n;
CREATE INDEX reports_author ON reports (author, id DESC) WHERE id > 10;
COMMENT ON INDEX reports_author IS 'who';
COMMENT ON COLUMN reports.id IS 'the key';
COMMENT ON CONSTRAINT reports_pkey ON reports IS 'the key itself';
CREATE TABLE lines (report int NOT NULL REFERENCES reports ON DELETE CASCADE, line text);
CREATE INDEX lines_report ON lines (report);
INSERT INTO lines SELECT n, 'x' FROM generate_series(1, 2000) n;
",
        plain: "ALTER TABLE reports ALTER COLUMN id TYPE bigint; ALTER SEQUENCE reports_id_seq AS bigint",
        rows: "SELECT md5(string_agg(concat_ws('|', id, author, answers), ',' ORDER BY id)) FROM reports",
        end: "SELECT md5(string_agg(concat_ws('|', id, author, answers), ',' ORDER BY id)) FROM reports",
        old: &[
            "INSERT INTO reports (author) VALUES (7)",
            "UPDATE reports SET author = 8 WHERE id = {n} % 2000",
            "DELETE FROM reports WHERE id = (SELECT max(id) FROM reports)",
            "INSERT INTO lines (report, line) VALUES (5, 'old')",
        ],
        new: &[
            "INSERT INTO reports (author) VALUES (9)",
            "INSERT INTO lines (report, line) VALUES (6, 'new')",
        ],
        holds: "SELECT count(*) > 2000 AND bool_and(author IS NOT NULL) FROM reports",
        ..NONE
    },
    Case {
        name: "change-type with a new name",
        kind: "change-type",
        fields: &[
            ("column", "note"),
            ("type", "integer"),
            ("up", "substr(note, 2)::integer"),
            ("down", "'n' || number"),
            ("to", "number"),
        ],
        plain: "ALTER TABLE reports ALTER COLUMN note TYPE integer USING substr(note, 2)::integer; ALTER TABLE reports RENAME COLUMN note TO number",
        end: "SELECT md5(string_agg(concat_ws('|', id, number), ',' ORDER BY id)) FROM reports",
        old: &[
            "INSERT INTO reports (id, note) VALUES ({n}, 'n{n}')",
            "UPDATE reports SET note = 'n{n}' WHERE id = {n} % 3000",
        ],
        new: &[
            "INSERT INTO reports (id, number) VALUES ({n}, {n})",
            "UPDATE reports SET number = {n} WHERE id = {n} % 2900",
        ],
        holds: "SELECT bool_and(note = 'n' || id) FROM reports WHERE id > 3000",
        ..NONE
    },
    Case {
        name: "change-type that loses something on the way back",
        kind: "change-type",
        fields: &[
            ("column", "price"),
            ("type", "integer"),
            ("up", "round(price)::integer"),
        ],
        plain: "ALTER TABLE reports ALTER COLUMN price TYPE integer USING round(price)::integer",
        end: "SELECT md5(string_agg(concat_ws('|', id, price), ',' ORDER BY id)) FROM reports",
        old: &[
            "INSERT INTO reports (id, price) VALUES ({n}, 1.25)",
            "UPDATE reports SET price = 3.5 WHERE id = {n} % 3000",
        ],
        new: &["INSERT INTO reports (id, price) VALUES ({n}, 4)"],
        holds: "SELECT bool_and(price IN (1.25, 4)) FROM reports WHERE id > 3000",
        ..NONE
    },
    Case {
        name: "rename-table",
        kind: "rename-table",
        fields: &[("to", "\"The Papers\"")],
        schema: "
DO $$BEGIN CREATE ROLE reader_of_reports; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END$$;
CREATE TABLE reports (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tier text NOT NULL DEFAULT 'free', note text UNIQUE, long int GENERATED ALWAYS AS (length(note)) STORED);
INSERT INTO reports (note) SELECT 'n' || n FROM generate_series(1, 2000) n;
CREATE TABLE lines (report bigint REFERENCES reports);
CREATE VIEW free AS SELECT * FROM reports WHERE tier = 'free';
GRANT SELECT, INSERT ON reports TO reader_of_reports;
GRANT UPDATE (tier) ON reports TO reader_of_reports;
ALTER TABLE reports ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_of_them ON reports USING (true);
",
        plain: "ALTER TABLE reports RENAME TO \"The Papers\"",
        rows: "SELECT md5(string_agg(concat_ws('|', id, tier, note), ',' ORDER BY id)) FROM reports",
        end: "SELECT md5(string_agg(concat_ws('|', id, tier, note), ',' ORDER BY id)) FROM \"The Papers\"",
        old: &[
            "INSERT INTO reports (note) VALUES ('old {n}')",
            "UPDATE reports SET tier = 'gold' WHERE id = {n} % 2000",
        ],
        new: &[
            "SET ROLE reader_of_reports; INSERT INTO \"The Papers\" (note) VALUES ('new {n}') ON CONFLICT (note) DO NOTHING; UPDATE \"The Papers\" SET tier = 'new' WHERE id = {n} % 2000",
            "DELETE FROM \"The Papers\" WHERE note = 'new {n}'",
        ],
        holds: "SELECT count(*) > 2000 FROM reports",
        ..NONE
    },
    Case {
        name: "split-column",
        kind: "split-column",
        table: "people",
        fields: &[
            ("column", "name"),
            ("to", "first, last"),
            ("up", "split_part(name, ' ', 1), split_part(name, ' ', 2)"),
            ("down", "first || ' ' || last"),
        ],
        schema: "
CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'Some Body', age int);
INSERT INTO people SELECT n, 'Ann B' || n || CASE n % 5 WHEN 0 THEN ' Third' ELSE '' END, n % 90 FROM generate_series(1, 2000) n;
CREATE INDEX people_name ON people (lower(name));
COMMENT ON COLUMN people.name IS 'all of it';
",
        plain: "ALTER TABLE people ADD COLUMN first text, ADD COLUMN last text; UPDATE people SET first = split_part(name, ' ', 1), last = split_part(name, ' ', 2); ALTER TABLE people DROP COLUMN name",
        rows: "SELECT md5(string_agg(concat_ws('|', id, name, age), ',' ORDER BY id)) FROM people",
        end: "SELECT md5(string_agg(concat_ws('|', id, first, last, age), ',' ORDER BY id)) FROM people",
        old: &[
            "INSERT INTO people (id, name) VALUES ({n}, 'Old N{n}')",
            "INSERT INTO people (id, age) VALUES ({n}, 5)",
            "UPDATE people SET name = 'Old N{n}' WHERE id = {n} % 2000",
        ],
        new: &[
            "INSERT INTO people (id, first, last) VALUES ({n}, 'New', 'N{n}')",
            "UPDATE people SET last = 'N{n}' WHERE id = {n} % 1900",
        ],
        holds: "SELECT bool_and(name IN ('Old N' || id, 'New N' || id, 'Some Body')) FROM people WHERE id > 2000",
    },
    Case {
        name: "merge-columns",
        kind: "merge-columns",
        table: "people",
        fields: &[
            ("columns", "first, last"),
            ("to", "name"),
            ("type", "text"),
            ("up", "first || ' ' || last"),
            ("down", "split_part(name, ' ', 1), split_part(name, ' ', 2)::varchar(30)"),
        ],
        schema: "
CREATE TABLE people (id bigint PRIMARY KEY, first text NOT NULL, last varchar(30), age int);
INSERT INTO people SELECT n, 'Ann' || CASE n % 5 WHEN 0 THEN ' Third' ELSE '' END, CASE WHEN n % 7 > 0 THEN 'B' || n END, n % 90 FROM generate_series(1, 2000) n;
CREATE INDEX people_name ON people (last, first);
",
        plain: "ALTER TABLE people ADD COLUMN name text; UPDATE people SET name = first || ' ' || last; ALTER TABLE people DROP COLUMN first, DROP COLUMN last",
        rows: "SELECT md5(string_agg(concat_ws('|', id, first, last, age), ',' ORDER BY id)) FROM people",
        end: "SELECT md5(string_agg(concat_ws('|', id, name, age), ',' ORDER BY id)) FROM people",
        old: &[
            "INSERT INTO people (id, first, last) VALUES ({n}, 'Old', 'N{n}')",
            "UPDATE people SET last = 'N{n}' WHERE id = {n} % 2000",
        ],
        new: &["INSERT INTO people (id, name) VALUES ({n}, 'New N{n}')"],
        holds: "SELECT bool_and(last = 'N' || id AND first IN ('Old', 'New')) FROM people WHERE id > 2000",
    },
    Case {
        name: "move-column to a table that refers to this one",
        kind: "move-column",
        table: "orders",
        fields: &[
            ("column", "remark"),
            ("to", "shipments"),
            ("name", "\"The Remark\""),
        ],
        schema: "
CREATE TABLE orders (id bigint PRIMARY KEY, state text, remark varchar(40) DEFAULT 'none');
INSERT INTO orders SELECT n, 's', CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN 'none' ELSE 'r' || n END FROM generate_series(1, 3000) n;
CREATE INDEX orders_remark ON orders (remark, id);
COMMENT ON COLUMN orders.remark IS 'what they say';
CREATE TABLE shipments (nr bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, \"Order Id\" bigint UNIQUE REFERENCES orders ON DELETE CASCADE, weight int);
INSERT INTO shipments (\"Order Id\", weight) SELECT n, n % 9 FROM generate_series(1, 2500) n;
",
        plain: "ALTER TABLE shipments ADD COLUMN \"The Remark\" varchar(40); UPDATE shipments SET \"The Remark\" = remark FROM orders WHERE \"Order Id\" = id; ALTER TABLE shipments ALTER COLUMN \"The Remark\" SET DEFAULT 'none'; COMMENT ON COLUMN shipments.\"The Remark\" IS 'what they say'; ALTER TABLE orders DROP COLUMN remark",
        rows: "SELECT md5(string_agg(concat_ws('|', id, state, remark), ',' ORDER BY id)) FROM orders",
        end: "SELECT md5(string_agg(concat_ws('|', nr, \"Order Id\", \"The Remark\"), ',' ORDER BY nr)) FROM shipments",
        old: &[
            "INSERT INTO orders (id, state, remark) VALUES ({n}, 'old', 'old {n}'); INSERT INTO shipments (\"Order Id\") VALUES ({n})",
            "INSERT INTO orders (id, state) VALUES ({n}, 'none')",
            "UPDATE orders SET state = 'was', remark = 'old ' || id WHERE id = {n} % 2500",
            "UPDATE orders SET remark = NULL, state = 'null' WHERE id = {n} % 2499",
        ],
        new: &[
            "INSERT INTO orders (id, state) VALUES ({n}, 'new'); INSERT INTO shipments (\"Order Id\", \"The Remark\") VALUES ({n}, 'new {n}')",
            "UPDATE shipments SET \"The Remark\" = 'new ' || \"Order Id\" WHERE \"Order Id\" = {n} % 2400; UPDATE orders SET state = 'is' WHERE id = {n} % 2400",
            "INSERT INTO shipments (\"Order Id\", \"The Remark\") VALUES ({n} % 2300, 'new ' || {n} % 2300) ON CONFLICT (\"Order Id\") DO UPDATE SET \"The Remark\" = excluded.\"The Remark\"; UPDATE orders SET state = 'is' WHERE id = {n} % 2300",
        ],
        holds: "SELECT bool_and(CASE WHEN state IN ('old', 'was') THEN remark = 'old ' || id WHEN state IN ('new', 'is') THEN remark = 'new ' || id WHEN state = 'none' THEN remark = 'none' WHEN state = 'null' THEN remark IS NULL ELSE true END) FROM orders",
    },
    Case {
        name: "move-column to the table that this one refers to",
        kind: "move-column",
        table: "profiles",
        fields: &[("column", "bio"), ("to", "people"), ("fill", "''")],
        schema: "
CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO people SELECT n, 'p' || n FROM generate_series(1, 3000) n;
CREATE TABLE profiles (id bigint PRIMARY KEY, person bigint NOT NULL REFERENCES people, state text, bio text NOT NULL);
CREATE UNIQUE INDEX profiles_person ON profiles (person);
INSERT INTO profiles SELECT n, n, 's', CASE n % 4 WHEN 0 THEN '' ELSE 'b' || n END FROM generate_series(1, 2500) n;
",
        plain: "ALTER TABLE people ADD COLUMN bio text; UPDATE people SET bio = profiles.bio FROM profiles WHERE person = people.id; ALTER TABLE profiles DROP COLUMN bio",
        rows: "SELECT md5(string_agg(concat_ws('|', id, person, state, bio), ',' ORDER BY id)) FROM profiles",
        end: "SELECT md5(string_agg(concat_ws('|', id, name, bio), ',' ORDER BY id)) FROM people",
        old: &[
            "INSERT INTO people VALUES ({n}, 'old'); INSERT INTO profiles VALUES ({n}, {n}, 'old', 'old {n}')",
            "UPDATE profiles SET state = 'was', bio = 'old ' || id WHERE id = {n} % 2500",
        ],
        new: &[
            "INSERT INTO people (id, name, bio) VALUES ({n}, 'new', 'new {n}'); INSERT INTO profiles (id, person, state) VALUES ({n}, {n}, 'new')",
            "INSERT INTO people (id, name) VALUES ({n}, 'none'); INSERT INTO profiles (id, person, state) VALUES ({n}, {n}, 'none')",
            "UPDATE people SET bio = 'new ' || id WHERE id = {n} % 2400; UPDATE profiles SET state = 'is' WHERE id = {n} % 2400",
        ],
        holds: "SELECT bool_and(CASE WHEN state IN ('old', 'was') THEN bio = 'old ' || id WHEN state IN ('new', 'is') THEN bio = 'new ' || id WHEN state = 'none' THEN bio = '' ELSE true END) FROM profiles",
    },
    Case {
        name: "rename-enum-value",
        kind: "rename-enum-value",
        fields: &[
            ("column", "tier"),
            ("value", "gold"),
            ("to", "'it''s paid'"),
            ("name", "plan"),
        ],
        schema: "
CREATE TYPE tier AS ENUM ('free', 'gold', 'trial');
COMMENT ON TYPE tier IS 'what they pay';
CREATE TABLE reports (id bigint PRIMARY KEY, tier tier NOT NULL DEFAULT 'gold', note text, UNIQUE (id, tier));
INSERT INTO reports SELECT n, CASE n % 3 WHEN 0 THEN 'gold' ELSE 'free' END::tier FROM generate_series(1, 3000) n;
CREATE INDEX reports_tier ON reports (tier, id);
",
        plain: "ALTER TYPE tier RENAME VALUE 'gold' TO 'it''s paid'; ALTER TABLE reports RENAME COLUMN tier TO plan",
        rows: "SELECT md5(string_agg(concat_ws('|', id, tier), ',' ORDER BY id)) FROM reports",
        end: "SELECT md5(string_agg(concat_ws('|', id, plan), ',' ORDER BY id)) FROM reports",
        old: &[
            "INSERT INTO reports (id, tier) VALUES ({n}, 'gold')",
            "INSERT INTO reports (id, tier) VALUES ({n}, 'trial'::tier)",
            "UPDATE reports SET tier = 'gold', note = 'old' WHERE id = {n} % 3000",
        ],
        new: &[
            "INSERT INTO reports (id, plan) VALUES ({n}, 'it''s paid')",
            "UPDATE reports SET plan = 'it''s paid' WHERE id = {n} % 2900 AND plan = 'free'",
        ],
        holds: "SELECT bool_and(tier IN ('gold', 'trial')) AND (SELECT bool_and(tier = 'gold') FROM reports WHERE note = 'old') FROM reports WHERE id > 3000",
        ..NONE
    },
    Case {
        name: "remove-enum-value",
        kind: "remove-enum-value",
        table: "app.\"Reports\"",
        fields: &[
            ("column", "\"The Tier\""),
            ("value", "gold"),
            ("replacement", "free"),
        ],
        schema: "
CREATE SCHEMA app;
CREATE TYPE app.\"Tier\" AS ENUM ('free', 'gold', 'trial');
CREATE TABLE app.\"Reports\" (id bigint PRIMARY KEY, \"The Tier\" app.\"Tier\" DEFAULT 'gold');
INSERT INTO app.\"Reports\" SELECT n, CASE n % 3 WHEN 0 THEN 'gold' WHEN 1 THEN 'free' END::app.\"Tier\" FROM generate_series(1, 3000) n;
CREATE INDEX reports_tier ON app.\"Reports\" (\"The Tier\", id);
",
        plain: "ALTER TYPE app.\"Tier\" RENAME TO was; CREATE TYPE app.\"Tier\" AS ENUM ('free', 'trial'); UPDATE app.\"Reports\" SET \"The Tier\" = 'free' WHERE \"The Tier\" = 'gold'; ALTER TABLE app.\"Reports\" ALTER COLUMN \"The Tier\" DROP DEFAULT; ALTER TABLE app.\"Reports\" ALTER COLUMN \"The Tier\" TYPE app.\"Tier\" USING \"The Tier\"::text::app.\"Tier\"; ALTER TABLE app.\"Reports\" ALTER COLUMN \"The Tier\" SET DEFAULT 'free'; DROP TYPE app.was",
        rows: "SELECT md5(string_agg(concat_ws('|', id, \"The Tier\"), ',' ORDER BY id)) FROM app.\"Reports\"",
        end: "SELECT md5(string_agg(concat_ws('|', id, \"The Tier\"), ',' ORDER BY id)) FROM app.\"Reports\"",
        old: &[
            "INSERT INTO app.\"Reports\" (id, \"The Tier\") VALUES ({n}, 'gold')",
            "UPDATE app.\"Reports\" SET \"The Tier\" = 'gold'::app.\"Tier\" WHERE id = {n} % 3000",
        ],
        new: &[
            "INSERT INTO app.\"Reports\" (id, \"The Tier\") VALUES ({n}, 'trial'::app.\"Tier\")",
            "UPDATE app.\"Reports\" SET \"The Tier\" = 'trial' WHERE id = {n} % 2900 AND \"The Tier\" = 'free'",
        ],
        holds: "SELECT bool_and(\"The Tier\" IN ('gold', 'trial')) FROM app.\"Reports\" WHERE id > 3000",
    },
    Case {
        name: "remove-enum-value with a new name",
        kind: "remove-enum-value",
        fields: &[
            ("column", "tier"),
            ("value", "gold"),
            ("replacement", "free"),
            ("name", "plan"),
        ],
        schema: "
CREATE TYPE tier AS ENUM ('free', 'gold', 'trial');
CREATE TABLE reports (id bigint PRIMARY KEY, tier tier NOT NULL DEFAULT 'free');
INSERT INTO reports SELECT n, CASE n % 3 WHEN 0 THEN 'gold' ELSE 'free' END::tier FROM generate_series(1, 3000) n;
",
        plain: "ALTER TYPE tier RENAME TO was; CREATE TYPE tier AS ENUM ('free', 'trial'); ALTER TABLE reports ALTER COLUMN tier DROP DEFAULT; ALTER TABLE reports ALTER COLUMN tier TYPE tier USING replace(tier::text, 'gold', 'free')::tier; ALTER TABLE reports ALTER COLUMN tier SET DEFAULT 'free'; ALTER TABLE reports RENAME COLUMN tier TO plan; DROP TYPE was",
        rows: "SELECT md5(string_agg(concat_ws('|', id, tier), ',' ORDER BY id)) FROM reports",
        end: "SELECT md5(string_agg(concat_ws('|', id, plan), ',' ORDER BY id)) FROM reports",
        old: &[
            "INSERT INTO reports (id, tier) VALUES ({n}, 'gold')",
            "UPDATE reports SET tier = 'gold' WHERE id = {n} % 3000",
        ],
        new: &["INSERT INTO reports (id, plan) VALUES ({n}, 'trial')"],
        holds: "SELECT bool_and(tier IN ('gold', 'trial')) FROM reports WHERE id > 3000",
        ..NONE
    },
    Case {
        name: "attach-partition",
        kind: "attach-partition",
        table: "events",
        fields: &[
            ("partition", "events_2026"),
            ("bound", "FROM ('2026-01-01') TO (MAXVALUE)"),
        ],
        schema: "
CREATE TABLE events (at date, what text, PRIMARY KEY (at, what)) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
INSERT INTO events SELECT date '2024-06-01' + n % 500, 'e' || n FROM generate_series(1, 1000) n;
CREATE TABLE events_2026 (at date NOT NULL, what text NOT NULL, PRIMARY KEY (at, what));
INSERT INTO events_2026 SELECT date '2026-01-01' + n % 300, 'e' || n FROM generate_series(1, 1000) n;
",
        plain: "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO (MAXVALUE)",
        rows: "SELECT md5(string_agg(concat_ws('|', at, what), ',' ORDER BY at, what)) FROM events",
        end: "SELECT md5(string_agg(concat_ws('|', at, what), ',' ORDER BY at, what)) FROM events",
        old: &["INSERT INTO events VALUES ('2025-05-05', 'old {n}')"],
        new: &["INSERT INTO events_2026 VALUES ('2026-05-05', 'new {n}')"],
        holds: "SELECT count(*) > 1000 FROM events",
    },
    Case {
        name: "attach-partition of a list",
        kind: "attach-partition",
        table: "events",
        fields: &[
            ("partition", "events_new"),
            ("bound", "IN ('c', 'd')"),
        ],
        schema: "
CREATE TABLE events (kind text, n int) PARTITION BY LIST (kind);
CREATE TABLE events_old PARTITION OF events FOR VALUES IN ('a', 'b');
CREATE TABLE events_new (kind text, n int);
INSERT INTO events_new SELECT CASE n % 2 WHEN 0 THEN 'c' ELSE 'd' END, n FROM generate_series(1, 1000) n;
",
        plain: "ALTER TABLE events ATTACH PARTITION events_new FOR VALUES IN ('c', 'd')",
        rows: "SELECT count(*) FROM events",
        end: "SELECT count(*) FROM events",
        old: &["INSERT INTO events VALUES ('a', {n})"],
        ..NONE
    },
    Case {
        name: "add-identity",
        kind: "add-identity",
        fields: &[("column", "\"The Number\""), ("always", "yes")],
        plain: "ALTER TABLE reports ADD COLUMN \"The Number\" bigint GENERATED ALWAYS AS IDENTITY",
        end: "SELECT count(DISTINCT \"The Number\"), min(\"The Number\") FROM reports",
        old: &[
            "INSERT INTO reports (id) VALUES ({n})",
            "UPDATE reports SET tier = 'x' WHERE id = {n} % 3000",
        ],
        new: &["INSERT INTO reports (id) VALUES ({n})"],
        holds: "SELECT count(*) > 3000 FROM reports",
        ..NONE
    },
    Case {
        name: "change-type to an enum with another value",
        kind: "change-type",
        fields: &[
            ("column", "tier"),
            ("type", "public.plan"),
            ("up", "replace(tier::text, 'gold', 'paid')::public.plan"),
            ("down", "replace(tier::text, 'paid', 'gold')::public.tier"),
            ("default", "'free'::public.plan"),
        ],
        schema: "
CREATE TYPE tier AS ENUM ('free', 'gold');
CREATE TYPE plan AS ENUM ('free', 'paid');
CREATE TABLE reports (id bigint PRIMARY KEY, tier tier NOT NULL DEFAULT 'free', CHECK (tier::text <> ''));
INSERT INTO reports SELECT n, CASE n % 3 WHEN 0 THEN 'gold' ELSE 'free' END::tier FROM generate_series(1, 3000) n;
CREATE INDEX reports_tier ON reports (tier, id);
",
        plain: "ALTER TABLE reports ALTER COLUMN tier DROP DEFAULT; ALTER TABLE reports ALTER COLUMN tier TYPE plan USING replace(tier::text, 'gold', 'paid')::plan; ALTER TABLE reports ALTER COLUMN tier SET DEFAULT 'free'",
        rows: "SELECT md5(string_agg(concat_ws('|', id, tier), ',' ORDER BY id)) FROM reports",
        end: "SELECT md5(string_agg(concat_ws('|', id, tier), ',' ORDER BY id)) FROM reports",
        old: &[
            "INSERT INTO reports (id, tier) VALUES ({n}, 'gold')",
            "UPDATE reports SET tier = 'gold' WHERE id = {n} % 3000",
        ],
        new: &["INSERT INTO reports (id) VALUES ({n})"],
        holds: "SELECT bool_and(tier IN ('free', 'gold')) AND count(*) > 3000 FROM reports",
        ..NONE
    },
];
