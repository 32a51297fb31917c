CREATE TABLE users (id bigint PRIMARY KEY, seen timestamptz, active boolean);
