CREATE TABLE users (name varchar(10) CONSTRAINT name_filled CHECK (name <> ''));
-- next revision
ALTER TABLE users ALTER COLUMN name TYPE text;
