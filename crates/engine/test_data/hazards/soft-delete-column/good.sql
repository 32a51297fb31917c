CREATE TABLE users (id bigint PRIMARY KEY, deleted_at timestamptz);
