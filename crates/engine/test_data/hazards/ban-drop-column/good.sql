CREATE TABLE users (id bigint PRIMARY KEY, phone text);
ALTER TABLE users DROP COLUMN phone;
