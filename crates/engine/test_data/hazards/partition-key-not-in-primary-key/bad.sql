CREATE TABLE events (id bigint PRIMARY KEY, at date) PARTITION BY RANGE (at);
