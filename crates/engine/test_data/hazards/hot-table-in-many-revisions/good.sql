ALTER TABLE users ADD COLUMN a text, ADD COLUMN b text, ADD COLUMN c text;
