CREATE TABLE users (id bigint PRIMARY KEY, state text);
ALTER TABLE users ALTER COLUMN state SET DEFAULT 'active';
