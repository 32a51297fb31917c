CREATE TABLE users (id int);
-- next revision
ALTER TABLE users ALTER COLUMN id TYPE bigint;
