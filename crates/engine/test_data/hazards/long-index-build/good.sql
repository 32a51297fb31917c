-- statistics: {"tables": {"users": {"rows": 900, "bytes": 90000}}}
CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
