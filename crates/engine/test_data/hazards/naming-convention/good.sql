-- prefixes: {"ix": "ix_"}
CREATE INDEX CONCURRENTLY ix_users_email ON users (email);
