-- Merge multiple heads
--
-- Revision ID: 93b7ace49920
-- Revises: 44bae117595b, 99dbbd3990dd, 2f5d48c07f14
-- Author: Marina Duarte
-- Create Date: 2025-11-22 15:30:11.405926

-- +upgrade

-- +downgrade
