ALTER TABLE
----
ALTER TABLE t ADD CONSTRAINT
----
ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY () REFERENCES
----
CREATE INDEX ON
----
CREATE INDEX i ON t USING gin
----
DROP INDEX CONCURRENTLY ,
----
ALTER TABLE "" ALTER COLUMN "" SET NOT NULL;
----
ALTER TABLE "a""b"."c d" ALTER COLUMN "É" SET NOT NULL;
----
ALTER TYPE t ADD VALUE
----
ALTER TABLE t ADD PRIMARY KEY USING INDEX
----
ALTER TABLE t ADD UNIQUE (lower(a), b DESC);
----
ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid() NOT NULL, DROP COLUMN d;
----
DO $$ BEGIN EXECUTE 'x' || y
----
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 'unfinished
----
UPDATE ONLY t SET a = 1 WHERE CURRENT OF c;
----
COPY t FROM stdin;
1	2
\.
SELECT 1;
----
-- +allow
-- +allow-file
-- squawk-ignore-file ,, ,
-- squawk-ignore
----
SELECT ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1
----
GRANT
----
TRUNCATE , CASCADE
----
CREATE TABLE t (a, b int PRIMARY, CHECK)
----
CREATE TABLE t () PARTITION BY RANGE ()
----
INSERT INTO t (a,) VALUES (1
----
REFRESH MATERIALIZED VIEW
----
REINDEX
----
VACUUM (FULL)
----
LOCK TABLE
