-- Forget the old values
--
-- Revision ID: aaaaaaaaaaaa
-- Revises:

-- +upgrade
UPDATE users SET note = NULL;

-- +downgrade none: the old values are gone
