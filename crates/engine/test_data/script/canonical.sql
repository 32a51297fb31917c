-- Add email_verified to users
--
-- The mail job needs it:
--   see the ticket.
--
-- No default.
--
-- Revision ID: 3f2a9c1b7d40
-- Revises: 9b5e1a052466
-- Branch labels: mail, jobs
-- Depends on: 1975ea83b712
-- Author: Ana Prado <ana@example.org>
-- Create Date: 2025-11-23 10:30:45.123456
-- Ticket: OPS-5
-- Reviewed in March.

-- +upgrade
-- A comment of the first statement.
ALTER TABLE users ADD COLUMN email_verified boolean;

DO $body$
BEGIN
-- +downgrade
    PERFORM 1;
END $body$;

-- +downgrade
ALTER TABLE users DROP COLUMN email_verified;
