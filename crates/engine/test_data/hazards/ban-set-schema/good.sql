CREATE TABLE users (id bigint PRIMARY KEY);
ALTER TABLE users SET SCHEMA archive;
