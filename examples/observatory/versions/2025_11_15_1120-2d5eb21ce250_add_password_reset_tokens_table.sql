-- Add password_reset_tokens table
--
-- Revision ID: 2d5eb21ce250
-- Revises: 22f518a0295f
-- Author: Tomás Okafor
-- Create Date: 2025-11-15 11:20:31.904417

-- +upgrade
CREATE TABLE password_reset_tokens (
    id         uuid        NOT NULL DEFAULT gen_random_uuid(),
    user_id    uuid        NOT NULL,
    token_hash text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '1 hour',
    used_at    timestamptz,
    CONSTRAINT pk_password_reset_tokens PRIMARY KEY (id),
    CONSTRAINT uq_password_reset_tokens_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_password_reset_tokens_user_id_users
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_password_reset_tokens_expires_at CHECK (expires_at > created_at)
);

COMMENT ON TABLE password_reset_tokens IS 'Only the hash is kept; the token itself is in the e-mail and nowhere else';

-- The tokens that can still be used, for "you have asked for this already".
CREATE INDEX ix_password_reset_tokens_open
    ON password_reset_tokens (user_id, expires_at)
    WHERE used_at IS NULL;

-- +downgrade
DROP TABLE password_reset_tokens;
