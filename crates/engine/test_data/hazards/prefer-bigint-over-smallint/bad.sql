CREATE TABLE users (id smallint PRIMARY KEY);
