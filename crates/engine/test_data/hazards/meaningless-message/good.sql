-- message: Add users
CREATE TABLE users (id bigint PRIMARY KEY);
