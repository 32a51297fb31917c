CREATE TABLE users (id bigint);
CREATE UNIQUE INDEX users_key ON users (id);
-- next revision
ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_key;
