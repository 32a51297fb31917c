CREATE TABLE users (id bigint, CONSTRAINT users_key UNIQUE (id));
-- next revision
DROP INDEX CONCURRENTLY users_key;
