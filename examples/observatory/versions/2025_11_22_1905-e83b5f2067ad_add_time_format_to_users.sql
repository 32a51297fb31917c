-- Add time_format to users
--
-- Revision ID: e83b5f2067ad
-- Revises: 93b7ace49920
-- Author: Ilse Brandt
-- Create Date: 2025-11-22 19:05:33.672119

-- +upgrade
ALTER TABLE users
    ADD COLUMN time_format text NOT NULL DEFAULT '24h'
        CONSTRAINT ck_users_time_format CHECK (time_format IN ('12h', '24h'));

UPDATE users SET time_format = '12h' WHERE locale = 'en-US';

-- +downgrade
ALTER TABLE users DROP COLUMN time_format;
