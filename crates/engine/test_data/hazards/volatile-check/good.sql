CREATE TABLE events (id bigint PRIMARY KEY, n int CHECK (n > 0));
