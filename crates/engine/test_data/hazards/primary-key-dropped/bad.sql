CREATE TABLE users (id bigint CONSTRAINT users_pkey PRIMARY KEY);
-- next revision
ALTER TABLE users DROP CONSTRAINT users_pkey;
