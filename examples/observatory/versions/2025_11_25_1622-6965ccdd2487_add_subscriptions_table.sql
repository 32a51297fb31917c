-- Add subscriptions table
--
-- Revision ID: 6965ccdd2487
-- Revises: 55361a122379
-- Author: Tomás Okafor
-- Create Date: 2025-11-25 16:22:36.079815+00:00

-- +upgrade
CREATE TYPE subscription_status AS ENUM ('trialing', 'active', 'past_due', 'canceled');

CREATE TABLE subscriptions (
    id                   uuid                NOT NULL DEFAULT gen_random_uuid(),
    user_id              uuid                NOT NULL,
    plan                 text                NOT NULL,
    status               subscription_status NOT NULL DEFAULT 'trialing',
    price_cents          integer             NOT NULL,
    currency             text                NOT NULL DEFAULT 'BRL',
    external_id          text,
    current_period_start timestamptz         NOT NULL DEFAULT now(),
    current_period_end   timestamptz,
    canceled_at          timestamptz,
    created_at           timestamptz         NOT NULL DEFAULT now(),
    updated_at           timestamptz         NOT NULL DEFAULT now(),
    CONSTRAINT pk_subscriptions PRIMARY KEY (id),
    CONSTRAINT uq_subscriptions_external_id UNIQUE (external_id),
    -- Money was paid: an account with a subscription cannot simply be deleted.
    CONSTRAINT fk_subscriptions_user_id_users
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT ck_subscriptions_plan CHECK (plan IN ('monthly', 'yearly', 'lifetime')),
    CONSTRAINT ck_subscriptions_price_cents CHECK (price_cents >= 0),
    CONSTRAINT ck_subscriptions_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT ck_subscriptions_period
        CHECK (current_period_end > current_period_start),
    CONSTRAINT ck_subscriptions_canceled_at
        CHECK ((status = 'canceled') = (canceled_at IS NOT NULL))
);

COMMENT ON TABLE subscriptions IS 'Past and present subscriptions; at most one per person is not canceled';
COMMENT ON COLUMN subscriptions.current_period_end IS 'Null: it does not end';

CREATE UNIQUE INDEX ix_subscriptions_one_open
    ON subscriptions (user_id)
    WHERE canceled_at IS NULL;

CREATE INDEX ix_subscriptions_user_id ON subscriptions (user_id);

CREATE TRIGGER tr_subscriptions_updated_at
    BEFORE UPDATE ON subscriptions
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();

-- Those who are premium already are so for life, and free of charge.
INSERT INTO subscriptions (user_id, plan, status, price_cents, current_period_start)
SELECT id, 'lifetime', 'active', 0, created_at
FROM users
WHERE role = 'premium';

-- +downgrade
DROP TABLE subscriptions;

DROP TYPE subscription_status;
