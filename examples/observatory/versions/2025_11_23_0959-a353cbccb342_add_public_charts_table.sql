-- Add public_charts table
--
-- Revision ID: a353cbccb342
-- Revises: 303700b12232
-- Author: Marina Duarte
-- Create Date: 2025-11-23 09:59:04.283615

-- +upgrade
CREATE TABLE public_charts (
    id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    slug         text        NOT NULL,
    title        text        NOT NULL,
    summary      text        NOT NULL,
    category     text        NOT NULL,
    "order"      integer     NOT NULL DEFAULT 0,
    born_at      timestamptz NOT NULL,
    birth_place  text        NOT NULL,
    positions    jsonb,
    is_published boolean     NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_public_charts PRIMARY KEY (id),
    CONSTRAINT uq_public_charts_slug UNIQUE (slug),
    CONSTRAINT ck_public_charts_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT ck_public_charts_category
        CHECK (category IN ('art', 'literature', 'science', 'music'))
);

COMMENT ON TABLE public_charts IS 'Charts of well-known people, open to visitors without an account';
COMMENT ON COLUMN public_charts."order" IS 'Place in its category; equal numbers sort by title';

CREATE INDEX ix_public_charts_published
    ON public_charts (category, "order", title)
    WHERE is_published;

CREATE TRIGGER tr_public_charts_updated_at
    BEFORE UPDATE ON public_charts
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION set_updated_at();

-- The gallery opens with six of them. Local mean time, where it was the custom.
INSERT INTO public_charts (slug, title, summary, category, "order", born_at, birth_place, is_published)
VALUES
    ('frida-kahlo', 'Frida Kahlo', 'Pintora mexicana; "pinto a minha própria realidade".',
        'art', 1, '1907-07-06 08:30:00-06:36:36', 'Coyoacán, México', true),
    ('tarsila-do-amaral', 'Tarsila do Amaral', 'Pintora do Abaporu; nome maior do modernismo.',
        'art', 2, '1886-09-01 12:00:00-03:06:28', 'Capivari, São Paulo', true),
    ('machado-de-assis', 'Machado de Assis', 'Romancista, e dono de um olhar d''água-forte.',
        'literature', 1, '1839-06-21 12:00:00-02:52:40', 'Rio de Janeiro', true),
    ('ada-lovelace', 'Ada Lovelace', 'Escreveu o primeiro programa -- em 1843.',
        'science', 1, '1815-12-10 13:00:00-00:01:15', 'London', true),
    ('johannes-kepler', 'Johannes Kepler', 'Três leis, e as tabelas com que se fazem mapas até hoje.',
        'science', 2, '1571-12-27 14:37:00+00:35:28', 'Weil der Stadt', true),
    ('clara-schumann', 'Clara Schumann', 'Pianista e compositora; 61 anos de palco.',
        'music', 1, '1819-09-13 12:00:00+00:49:32', 'Leipzig', false);

-- +downgrade
DROP TABLE public_charts;
