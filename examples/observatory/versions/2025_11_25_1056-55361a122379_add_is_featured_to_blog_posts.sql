-- Add is_featured to blog_posts
--
-- Revision ID: 55361a122379
-- Revises: 7a6c838f8b19
-- Author: Rui Castanheira
-- Create Date: 2025-11-25 10:56:08.445190

-- +upgrade
ALTER TABLE blog_posts ADD COLUMN is_featured boolean NOT NULL DEFAULT false;

-- Readers and writers go on while the index is built.
CREATE INDEX CONCURRENTLY ix_blog_posts_featured
    ON blog_posts (published_at DESC)
    WHERE is_featured AND status = 'published';

-- +downgrade
DROP INDEX CONCURRENTLY ix_blog_posts_featured;

ALTER TABLE blog_posts DROP COLUMN is_featured;
