CREATE TABLE users (id bigserial PRIMARY KEY, name text);
-- next revision
INSERT INTO users (name) VALUES ('Ada');
