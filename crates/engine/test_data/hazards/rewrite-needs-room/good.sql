-- statistics: {"tables": {"users": {"rows": 900, "bytes": 90000}}}
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();
