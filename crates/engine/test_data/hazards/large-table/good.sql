-- statistics: {"tables": {"users": {"rows": 900, "bytes": 90000}}}
ALTER TABLE users ADD COLUMN email text;
