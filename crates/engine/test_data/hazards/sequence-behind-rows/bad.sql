CREATE TABLE users (id bigserial PRIMARY KEY, name text);
-- next revision
INSERT INTO users (id, name) VALUES (1, 'Ada');
