SET statement_timeout = '10min';
ALTER TABLE users ADD COLUMN email text;
