CREATE TABLE users (id bigint, name text);
-- next revision
ALTER TABLE users ALTER COLUMN name TYPE varchar(10);
