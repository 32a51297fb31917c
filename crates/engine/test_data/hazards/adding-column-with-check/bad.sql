ALTER TABLE users ADD COLUMN age integer DEFAULT 0 CHECK (age >= 0);
