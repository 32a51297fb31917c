-- Add blog_posts table
--
-- Revision ID: 7a6c838f8b19
-- Revises: 13342d0a1b93
-- Author: Marina Duarte
-- Create Date: 2025-11-25 08:40:21.914376

-- +upgrade
CREATE TABLE blog_posts (
    id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    author_id    uuid,
    slug         text        NOT NULL,
    title        text        NOT NULL,
    body         text        NOT NULL,
    tags         text[]      NOT NULL DEFAULT '{}',
    status       text        NOT NULL DEFAULT 'draft',
    published_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_blog_posts PRIMARY KEY (id),
    -- A post outlives the account of the person who wrote it.
    CONSTRAINT fk_blog_posts_author_id_users
        FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT ck_blog_posts_status CHECK (status IN ('draft', 'published', 'archived')),
    CONSTRAINT ck_blog_posts_published_at CHECK (status <> 'published' OR published_at IS NOT NULL)
);

COMMENT ON TABLE blog_posts IS 'The site''s journal; the body is Markdown, never HTML';

CREATE UNIQUE INDEX ix_blog_posts_slug_lower ON blog_posts (lower(slug));

CREATE INDEX ix_blog_posts_author_id ON blog_posts (author_id);

CREATE INDEX ix_blog_posts_tags ON blog_posts USING gin (tags);

CREATE INDEX ix_blog_posts_published_at
    ON blog_posts (published_at DESC)
    WHERE status = 'published';

CREATE TRIGGER tr_blog_posts_updated_at
    BEFORE UPDATE ON blog_posts
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();

INSERT INTO blog_posts (slug, title, body, tags, status, published_at)
VALUES (
    'ola-ceu',
    'Olá, céu ☉☽',
    $markdown$
# Olá, céu

O observatório abre hoje; a entrada é livre.

- Faça o seu mapa -- leva *um minuto*.
- Leia o que dizem o Sol, a Lua e 'os outros'.
$markdown$,
    ARRAY['novidades', 'céu'],
    'published',
    '2025-11-25 12:00:00+00'
);

-- +downgrade
DROP TABLE blog_posts;
