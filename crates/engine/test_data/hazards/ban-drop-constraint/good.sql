CREATE TABLE orders (id bigint PRIMARY KEY, total bigint CONSTRAINT positive CHECK (total > 0));
ALTER TABLE orders DROP CONSTRAINT positive;
