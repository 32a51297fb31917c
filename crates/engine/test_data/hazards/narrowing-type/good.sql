CREATE TABLE users (id int, name text);
-- next revision
ALTER TABLE users ALTER COLUMN id TYPE bigint;
