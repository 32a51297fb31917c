CREATE TABLE users (id bigint);
CREATE INDEX users_key ON users (id);
-- next revision
DROP INDEX CONCURRENTLY users_key;
