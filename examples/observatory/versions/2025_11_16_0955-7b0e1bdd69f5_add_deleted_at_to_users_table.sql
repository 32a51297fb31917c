-- Add deleted_at to users table
--
-- Revision ID: 7b0e1bdd69f5
-- Revises: 26cd00243413
-- Author: Ilse Brandt
-- Create Date: 2025-11-16 09:55:12.640031

-- +upgrade
ALTER TABLE users ADD COLUMN deleted_at timestamptz;

COMMENT ON COLUMN users.deleted_at IS 'When the account was closed; the row is erased 30 days later';

-- Few accounts are closed, so the nightly clean-up reads a very small index.
CREATE INDEX ix_users_deleted_at ON users (deleted_at) WHERE deleted_at IS NOT NULL;

-- +downgrade
DROP INDEX ix_users_deleted_at;

ALTER TABLE users DROP COLUMN deleted_at;
