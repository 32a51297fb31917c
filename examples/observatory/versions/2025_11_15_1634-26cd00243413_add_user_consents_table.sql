-- Add user_consents table
--
-- Revision ID: 26cd00243413
-- Revises: 2d5eb21ce250
-- Author: Ilse Brandt
-- Create Date: 2025-11-15 16:34:58.071902

-- +upgrade
CREATE TABLE user_consents (
    id           bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    user_id      uuid        NOT NULL,
    consent_type text        NOT NULL,
    version      text        NOT NULL,
    accepted     boolean     NOT NULL,
    ip_address   inet,
    user_agent   text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_user_consents PRIMARY KEY (id),
    CONSTRAINT fk_user_consents_user_id_users
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_user_consents_type
        CHECK (consent_type IN ('terms', 'privacy', 'cookies', 'marketing'))
);

COMMENT ON TABLE user_consents IS 'What each person agreed to, and when; rows are added, never changed';

-- The newest answer to each question is the one that counts.
CREATE INDEX ix_user_consents_latest
    ON user_consents (user_id, consent_type, created_at DESC);

-- +downgrade
DROP TABLE user_consents;
