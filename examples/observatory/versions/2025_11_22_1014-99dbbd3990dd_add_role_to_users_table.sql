-- Add role to users table
--
-- Revision ID: 99dbbd3990dd
-- Revises: 17d797292022
-- Author: Tomás Okafor
-- Create Date: 2025-11-22 10:14:02.847731

-- +upgrade
CREATE TYPE user_role AS ENUM ('geral', 'admin');

COMMENT ON TYPE user_role IS 'What an account may do';

ALTER TABLE users ADD COLUMN role user_role NOT NULL DEFAULT 'geral';

CREATE INDEX ix_users_role ON users (role);

-- +downgrade
DROP INDEX ix_users_role;

ALTER TABLE users DROP COLUMN role;

DROP TYPE user_role;
