-- +allow ban-drop-table: nobody reads it
CREATE TABLE users (id bigint PRIMARY KEY);
