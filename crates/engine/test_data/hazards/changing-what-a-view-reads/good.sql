CREATE TABLE users (id bigint, phone text);
CREATE VIEW ids (id) AS SELECT id FROM users;
-- next revision
ALTER TABLE users DROP COLUMN phone;
