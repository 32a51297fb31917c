-- Add user profile fields
--
-- Revision ID: 5d7ee6340019
-- Revises: 7b0e1bdd69f5
-- Create Date: 2025-11-16 14:18:20.337745

-- +upgrade
ALTER TABLE users
    ADD COLUMN locale text NOT NULL DEFAULT 'pt-BR'
        CONSTRAINT ck_users_locale CHECK (locale ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    ADD COLUMN timezone text NOT NULL DEFAULT 'America/Sao_Paulo',
    ADD COLUMN avatar_url text;

COMMENT ON COLUMN users.locale IS 'Language tag such as pt-BR; also the language in which texts are written';

-- +downgrade
ALTER TABLE users
    DROP COLUMN avatar_url,
    DROP COLUMN timezone,
    DROP COLUMN locale;
