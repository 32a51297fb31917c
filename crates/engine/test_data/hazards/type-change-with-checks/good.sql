CREATE TABLE users (name varchar(10));
-- next revision
ALTER TABLE users ALTER COLUMN name TYPE text;
