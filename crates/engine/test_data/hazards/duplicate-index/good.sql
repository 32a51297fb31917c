CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);
CREATE INDEX users_email_name_idx ON users (email, name);
-- next revision
CREATE INDEX CONCURRENTLY users_name_idx ON users (name);
