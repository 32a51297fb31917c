CREATE TABLE moods (id bigint PRIMARY KEY);
