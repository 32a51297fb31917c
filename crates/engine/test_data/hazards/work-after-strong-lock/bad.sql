BEGIN;
ALTER TABLE users ADD COLUMN email text;
UPDATE orders SET state = 'new';
COMMIT;
