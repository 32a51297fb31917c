ALTER TABLE users ADD COLUMN state text;
UPDATE users SET state = 'new';
