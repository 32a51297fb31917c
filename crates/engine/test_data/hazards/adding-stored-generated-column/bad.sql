ALTER TABLE orders ADD COLUMN total bigint GENERATED ALWAYS AS (price * amount) STORED;
