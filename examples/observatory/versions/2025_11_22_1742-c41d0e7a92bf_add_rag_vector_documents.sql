-- Add RAG vector documents
--
-- Revision ID: c41d0e7a92bf
-- Revises: 17d797292022
-- Branch labels: rag
-- Depends on: 44bae117595b
-- Author: Rui Castanheira
-- Create Date: 2025-11-22 17:42:55.018347+00:00

-- +upgrade
CREATE TABLE vector_documents (
    id              uuid        NOT NULL DEFAULT gen_random_uuid(),
    source          text        NOT NULL,
    chunk           integer     NOT NULL,
    title           text        NOT NULL,
    content         text        NOT NULL,
    metadata        jsonb       NOT NULL DEFAULT '{}',
    embedding       real[]      NOT NULL,
    embedding_model text        NOT NULL,
    search          tsvector    NOT NULL
        GENERATED ALWAYS AS (to_tsvector('portuguese', title || ' ' || content)) STORED,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_vector_documents PRIMARY KEY (id),
    CONSTRAINT uq_vector_documents_source_chunk UNIQUE (source, chunk),
    CONSTRAINT ck_vector_documents_chunk CHECK (chunk >= 0),
    -- One dimension, 64 numbers, none of them null.
    CONSTRAINT ck_vector_documents_embedding
        CHECK (array_ndims(embedding) = 1
            AND cardinality(embedding) = 64
            AND array_position(embedding, NULL) IS NULL)
);

COMMENT ON TABLE vector_documents IS 'Passages of the library with their embeddings, for retrieval-augmented generation';

CREATE INDEX ix_vector_documents_search ON vector_documents USING gin (search);

CREATE INDEX ix_vector_documents_metadata ON vector_documents USING gin (metadata jsonb_path_ops);

CREATE FUNCTION cosine_similarity(a real[], b real[]) RETURNS double precision
LANGUAGE sql
IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN cardinality(a) = cardinality(b) THEN
            sum(x::double precision * y)
                / nullif(sqrt(sum(x::double precision * x)) * sqrt(sum(y::double precision * y)), 0)
    END
    FROM unnest(a, b) AS pair (x, y);
END;

COMMENT ON FUNCTION cosine_similarity(real[], real[]) IS
    'From -1 (opposite) to 1 (same direction); null for a zero vector or for vectors of unlike length';

CREATE FUNCTION nearest_documents(query real[], max_results integer DEFAULT 5)
RETURNS TABLE (document_id uuid, document_title text, similarity double precision)
LANGUAGE sql
STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT d.id, d.title, cosine_similarity(d.embedding, query)
    FROM vector_documents AS d
    ORDER BY cosine_similarity(d.embedding, query) DESC NULLS LAST, d.id
    LIMIT max_results;
END;

-- What a cached text was written from; this is why the cache must be there first.
ALTER TABLE interpretation_cache
    ADD COLUMN document_ids uuid[] NOT NULL DEFAULT '{}';

-- +downgrade
ALTER TABLE interpretation_cache DROP COLUMN document_ids;

DROP FUNCTION nearest_documents(real[], integer);

DROP FUNCTION cosine_similarity(real[], real[]);

DROP TABLE vector_documents;
