-- Merge RAG and other heads
--
-- Revision ID: 303700b12232
-- Revises: c41d0e7a92bf, e83b5f2067ad
-- Author: Marina Duarte
-- Create Date: 2025-11-23 08:26:47.950288

-- +upgrade

-- +downgrade
