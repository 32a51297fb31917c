-- message: fix 2
CREATE TABLE users (id bigint PRIMARY KEY);
