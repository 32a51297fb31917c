CREATE TABLE events (id bigint PRIMARY KEY) USING heap;
