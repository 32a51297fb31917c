-- Merge two heads
--
-- Revision ID: 93b7ace49920
-- Revises: 44bae117595b, 99dbbd3990dd

-- +upgrade

-- +downgrade
