-- version: 14.4
CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
