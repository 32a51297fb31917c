-- statistics: {"tables": {"users": {"rows": 90000000, "bytes": 9000000000, "writes_per_hour": 900000}}}
ALTER TABLE users ADD COLUMN email text;
