-- version: 14.2
CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
