-- Runs that are asked to wait
--
-- Revision ID: c0ffe0000b01
-- Revises: c0ffe0000001
-- Create Date: 2026-11-22 02:00:00

-- +upgrade
ALTER TABLE cofferdam_server.run ADD COLUMN pause_requested boolean NOT NULL DEFAULT false;

-- +downgrade
ALTER TABLE cofferdam_server.run DROP COLUMN pause_requested;
