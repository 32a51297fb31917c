CREATE TABLE users (id bigint PRIMARY KEY);
DROP TRIGGER IF EXISTS users_history ON users;
