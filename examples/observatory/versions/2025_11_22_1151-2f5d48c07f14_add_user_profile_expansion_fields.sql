-- Add user profile expansion fields
--
-- Revision ID: 2f5d48c07f14
-- Revises: 17d797292022
-- Author: Ilse Brandt
-- Create Date: 2025-11-22 11:51:39.126504+00:00

-- +upgrade
ALTER TABLE users
    ADD COLUMN display_name text,
    ADD COLUMN bio text
        CONSTRAINT ck_users_bio CHECK (char_length(bio) <= 500),
    ADD COLUMN website text
        CONSTRAINT ck_users_website CHECK (website ~ '^https?://'),
    ADD COLUMN preferences jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT ck_users_preferences CHECK (jsonb_typeof(preferences) = 'object');

COMMENT ON COLUMN users.display_name IS 'Shown to others; the full name is for invoices only';

-- Until people choose one, the first word of the full name will do.
UPDATE users
SET display_name = split_part(full_name, ' ', 1)
WHERE display_name IS NULL;

-- +downgrade
ALTER TABLE users
    DROP COLUMN preferences,
    DROP COLUMN website,
    DROP COLUMN bio,
    DROP COLUMN display_name;
