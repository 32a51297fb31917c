CREATE TABLE users_new (id bigint PRIMARY KEY);
DROP TABLE users_new;
