CREATE TABLE users (id bigint CONSTRAINT users_pkey PRIMARY KEY, n int CONSTRAINT n_positive CHECK (n > 0));
-- next revision
ALTER TABLE users DROP CONSTRAINT n_positive;
