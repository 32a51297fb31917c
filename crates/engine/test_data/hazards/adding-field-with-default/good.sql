ALTER TABLE users ADD COLUMN state text DEFAULT 'new';
ALTER TABLE users ADD COLUMN seen timestamptz DEFAULT now();
