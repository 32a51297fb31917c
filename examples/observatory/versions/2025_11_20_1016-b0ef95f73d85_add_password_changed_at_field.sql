-- Add password_changed_at field
--
-- Revision ID: b0ef95f73d85
-- Revises: b6028633621c
-- Author: Tomás Okafor
-- Create Date: 2025-11-20 10:16:44.090358

-- +upgrade
ALTER TABLE users ADD COLUMN password_changed_at timestamptz;

COMMENT ON COLUMN users.password_changed_at IS 'Sessions opened before this moment are no longer valid; null: never changed';

-- Every reset that was carried out was a change of password.
UPDATE users AS u
SET password_changed_at = t.used_at
FROM (
    SELECT user_id, max(used_at) AS used_at
    FROM password_reset_tokens
    WHERE used_at IS NOT NULL
    GROUP BY user_id
) AS t
WHERE t.user_id = u.id;

-- +downgrade
ALTER TABLE users DROP COLUMN password_changed_at;
