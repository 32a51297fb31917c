-- Rename geral to free, add premium role
--
-- Revision ID: 13342d0a1b93
-- Revises: 9b5e1a052466
-- Author: Tomás Okafor
-- Create Date: 2025-11-24 15:37:40.308551

-- +upgrade
-- Rows and the column's default hold the value itself, not its name: both follow.
ALTER TYPE user_role RENAME VALUE 'geral' TO 'free';

ALTER TYPE user_role ADD VALUE 'premium' AFTER 'free';

-- A new value cannot be used before the transaction that added it has committed.
-- +commit
-- Whoever came on the first two days was promised premium for life.
UPDATE users
SET role = 'premium'
WHERE role = 'free'
  AND deleted_at IS NULL
  AND created_at < TIMESTAMPTZ '2025-11-16 00:00:00+00';

-- +downgrade
-- PostgreSQL cannot take a value out of an enum: make the old type anew and move over.
ALTER TABLE users ALTER COLUMN role DROP DEFAULT;

ALTER TYPE user_role RENAME TO user_role_with_premium;

CREATE TYPE user_role AS ENUM ('geral', 'admin');

COMMENT ON TYPE user_role IS 'What an account may do';

ALTER TABLE users
    ALTER COLUMN role TYPE user_role
    USING (CASE role::text
               WHEN 'free' THEN 'geral'
               WHEN 'premium' THEN 'geral'
               ELSE role::text
           END)::user_role;

ALTER TABLE users ALTER COLUMN role SET DEFAULT 'geral';

DROP TYPE user_role_with_premium;
