CREATE TABLE users (id bigint, phone text);
CREATE VIEW phones (phone) AS SELECT phone FROM users;
-- next revision
ALTER TABLE users DROP COLUMN phone;
