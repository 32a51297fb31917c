CREATE TABLE users (id bigint PRIMARY KEY, country char(2));
