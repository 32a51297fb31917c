-- statistics: {"tables": {"users": {"rows": 90000000, "bytes": 9000000000}}}
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();
