ALTER TABLE users ADD COLUMN a text;
-- next revision of the plan
ALTER TABLE users ADD COLUMN b text;
-- next revision of the plan
ALTER TABLE users ADD COLUMN c text;
