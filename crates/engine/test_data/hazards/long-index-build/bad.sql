-- statistics: {"tables": {"users": {"rows": 90000000, "bytes": 9000000000}}}
CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
