-- Add subscription_history table
--
-- Revision ID: a1b2c3d4e5f6
-- Revises: cec026704f64
-- Author: Tomás Okafor
-- Create Date: 2025-12-23 11:18:07.534962

-- +upgrade
CREATE TABLE subscription_history (
    id              bigint              NOT NULL GENERATED ALWAYS AS IDENTITY,
    subscription_id uuid                NOT NULL,
    old_status      subscription_status,
    new_status      subscription_status NOT NULL,
    plan            text                NOT NULL,
    price_cents     integer             NOT NULL,
    changed_at      timestamptz         NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pk_subscription_history PRIMARY KEY (id),
    CONSTRAINT fk_subscription_history_subscription_id_subscriptions
        FOREIGN KEY (subscription_id) REFERENCES subscriptions (id) ON DELETE CASCADE
);

COMMENT ON TABLE subscription_history IS 'Written by a trigger; the application only reads it';
COMMENT ON COLUMN subscription_history.old_status IS 'Null: the subscription is new';

CREATE INDEX ix_subscription_history_subscription_id_changed_at
    ON subscription_history (subscription_id, changed_at DESC);

CREATE FUNCTION record_subscription_change() RETURNS trigger
LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO subscription_history (subscription_id, old_status, new_status, plan, price_cents)
    VALUES (
        NEW.id,
        CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END,
        NEW.status,
        NEW.plan,
        NEW.price_cents
    );
    RETURN NULL; -- an AFTER trigger: nobody looks at what it returns
END;
$function$;

CREATE TRIGGER tr_subscriptions_inserted
    AFTER INSERT ON subscriptions
    FOR EACH ROW
    EXECUTE FUNCTION record_subscription_change();

CREATE TRIGGER tr_subscriptions_changed
    AFTER UPDATE OF status, plan, price_cents ON subscriptions
    FOR EACH ROW
    WHEN ((OLD.status, OLD.plan, OLD.price_cents) IS DISTINCT FROM (NEW.status, NEW.plan, NEW.price_cents))
    EXECUTE FUNCTION record_subscription_change();

-- The story of each subscription so far: that it began.
INSERT INTO subscription_history (subscription_id, new_status, plan, price_cents, changed_at)
SELECT id, status, plan, price_cents, created_at
FROM subscriptions
ORDER BY created_at, id;

-- +downgrade
DROP TRIGGER tr_subscriptions_changed ON subscriptions;

DROP TRIGGER tr_subscriptions_inserted ON subscriptions;

DROP FUNCTION record_subscription_change();

DROP TABLE subscription_history;
