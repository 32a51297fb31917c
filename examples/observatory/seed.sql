-- Rows for a dry run, loaded when a replay has reached revision 782ba409672f.
--
-- The same rows every time: ids are made with md5, times are written out, and nothing is
-- random. The data migrations after that revision find what they look for: people with
-- other languages, early accounts, and interpretations that the queue wrote twice.

INSERT INTO users (id, email, hashed_password, full_name, is_active, created_at, updated_at,
                   deleted_at, password_changed_at, locale, timezone, role, display_name,
                   preferences, time_format)
SELECT md5('user ' || n)::uuid,
       'person' || n || '@example.org',
       '$argon2id$v=19$m=19456,t=2,p=1$' || md5('salt ' || n) || '$' || md5('hash ' || n),
       given || ' ' || family,
       n % 50 <> 0,
       created_at,
       created_at,
       CASE WHEN n % 50 = 0 THEN created_at + interval '5 days' END,
       -- the resets below: every third person asks, and three in four go through with it
       CASE WHEN n % 3 = 0 AND n % 12 <> 0 AND n <= 360 THEN
           TIMESTAMPTZ '2025-11-19 09:06:00+00' + n / 3 * interval '50 minutes'
       END,
       (ARRAY['pt-BR', 'pt-BR', 'pt-BR', 'en-US', 'es-ES'])[n % 5 + 1],
       (ARRAY['America/Sao_Paulo', 'America/Recife', 'Europe/Lisbon', 'America/New_York', 'Europe/Madrid'])[n % 5 + 1],
       (CASE WHEN n <= 3 THEN 'admin' ELSE 'geral' END)::user_role,
       given,
       jsonb_build_object('theme', (ARRAY['dark', 'light', 'auto'])[n % 3 + 1], 'newsletter', n % 2 = 0),
       CASE WHEN n % 5 = 3 THEN '12h' ELSE '24h' END
FROM (
    SELECT n,
           (ARRAY['Ana', 'João', 'Inês', 'Luís', 'Zoë', 'Søren', 'Márcia', 'Núria'])[n % 8 + 1] AS given,
           (ARRAY['Silva', 'O''Brien', 'Gonçalves', 'Núñez', 'd''Ávila', 'Sato', 'Müller'])[n % 7 + 1] AS family,
           TIMESTAMPTZ '2025-11-14 12:00:00+00' + n * interval '33 minutes' AS created_at
    FROM generate_series(1, 400) AS n
) AS people;

INSERT INTO birth_charts (id, user_id, name, born_at, birth_place, latitude, longitude, house_system,
                          positions, created_at, updated_at, status, progress, task_id, error_message,
                          pdf_url, pdf_generated_at, pdf_bytes)
SELECT md5('chart ' || n)::uuid,
       md5('user ' || (n % 400 + 1))::uuid,
       (ARRAY['Meu mapa', 'Mãe', 'Filho; o mais novo', 'Trânsitos'])[n / 400 + 1],
       TIMESTAMPTZ '1950-01-01 00:00:00+00' + n * interval '27 days 5 hours 11 minutes',
       (ARRAY['São Paulo', 'Recife', 'Lisboa', 'New York', 'Madrid', 'Reykjavík'])[n % 6 + 1],
       (ARRAY[-23.55052, -8.04756, 38.72225, 40.71278, 40.41678, 64.14661])[n % 6 + 1],
       (ARRAY[-46.63331, -34.87700, -9.13934, -74.00594, -3.70379, -21.94262])[n % 6 + 1],
       (ARRAY['placidus', 'placidus', 'koch', 'whole_sign', 'equal'])[n % 5 + 1],
       CASE WHEN n % 20 > 1 THEN
           jsonb_build_object('Sun', n * 26.8 % 360, 'Moon', n * 358.4 % 360, 'Saturn', n * 0.91 % 360)
       END,
       created_at,
       created_at,
       CASE n % 20 WHEN 0 THEN 'failed' WHEN 1 THEN 'pending' ELSE 'completed' END,
       CASE n % 20 WHEN 0 THEN 40 WHEN 1 THEN 0 ELSE 100 END,
       CASE WHEN n % 20 <> 1 THEN 'chart-' || n END,
       CASE WHEN n % 20 = 0 THEN 'ephemeris: no data for "Chiron"; try again' END,
       CASE WHEN n % 3 = 2 THEN 'https://files.example.org/charts/' || n || '.pdf' END,
       CASE WHEN n % 3 = 2 THEN created_at + interval '90 seconds' END,
       CASE WHEN n % 3 = 2 THEN 180000 + n * 37 END
FROM (
    SELECT n,
           TIMESTAMPTZ '2025-11-14 12:20:00+00'
               + (n % 400 + 1) * interval '33 minutes' + n / 400 * interval '6 hours' AS created_at
    FROM generate_series(0, 1199) AS n
) AS charts;

-- Two texts for each computed chart …
INSERT INTO chart_interpretations (id, chart_id, interpretation_type, subject, content, model,
                                   prompt_version, tokens_used, created_at, updated_at, rag_sources)
SELECT md5('text ' || c.task_id || ' ' || subject)::uuid,
       c.id,
       'planet',
       subject,
       subject || ' a ' || round((c.positions ->> subject)::numeric, 1) || '°: um bom momento para começar.',
       'writer-2',
       'v1',
       300 + length(c.task_id) * 11,
       c.created_at + interval '2 minutes',
       c.created_at + interval '2 minutes',
       CASE WHEN subject = 'Moon' THEN
           jsonb_build_array(jsonb_build_object('id', md5('document ' || c.pdf_bytes % 120)::uuid, 'similarity', 0.87))
       END
FROM birth_charts AS c
CROSS JOIN unnest(ARRAY['Sun', 'Moon']) AS subject
WHERE c.status = 'completed';

-- … and a second copy of some, as the queue left them.
INSERT INTO chart_interpretations (id, chart_id, interpretation_type, subject, content, model,
                                   prompt_version, tokens_used, created_at, updated_at)
SELECT md5('again ' || id::text)::uuid, chart_id, interpretation_type, subject, content, model,
       prompt_version, tokens_used, created_at + interval '41 seconds', updated_at + interval '41 seconds'
FROM chart_interpretations
WHERE subject = 'Sun'
  AND id::text < '10000000-0000-0000-0000-000000000000';

INSERT INTO password_reset_tokens (id, user_id, token_hash, created_at, expires_at, used_at)
SELECT md5('reset ' || n)::uuid,
       md5('user ' || n * 3)::uuid,
       md5('token ' || n) || md5('nekot ' || n),
       asked_at,
       asked_at + interval '1 hour',
       CASE WHEN n % 4 <> 0 THEN asked_at + interval '6 minutes' END
FROM (
    SELECT n, TIMESTAMPTZ '2025-11-19 09:00:00+00' + n * interval '50 minutes' AS asked_at
    FROM generate_series(1, 120) AS n
) AS resets;

INSERT INTO user_consents (user_id, consent_type, version, accepted, ip_address, user_agent, created_at)
SELECT u.id,
       kind,
       '2025-11',
       kind <> 'marketing' OR (u.preferences ->> 'newsletter')::boolean,
       ('203.0.113.' || length(u.email) * 7)::inet,
       'Mozilla/5.0 (X11; Linux x86_64)',
       u.created_at
FROM users AS u
CROSS JOIN unnest(ARRAY['terms', 'privacy', 'marketing']) AS kind
ORDER BY u.created_at, kind;

INSERT INTO vector_documents (id, source, chunk, title, content, metadata, embedding, embedding_model, created_at)
SELECT md5('document ' || n)::uuid,
       'livro-' || n / 12,
       n % 12,
       'Capítulo ' || n / 12 + 1 || ', trecho ' || n % 12 + 1,
       (ARRAY['A Lua crescente favorece o que começa.', 'Saturno ensina o tempo das coisas.',
              'O Sol na casa 10 busca ser visto.'])[n % 3 + 1],
       jsonb_build_object('language', 'pt-BR', 'page', 10 + n),
       ARRAY(SELECT round(sin(n * 0.7 + i * 0.37)::numeric, 4)::real FROM generate_series(1, 64) AS i ORDER BY i),
       'small-64',
       TIMESTAMPTZ '2025-11-23 06:00:00+00' + n * interval '1 second'
FROM generate_series(0, 119) AS n;

INSERT INTO interpretation_cache (cache_key, interpretation_type, subject, parameters, content,
                                  hit_count, created_at, expires_at, document_ids)
SELECT encode(sha256(convert_to('cache ' || n, 'UTF8')), 'hex'),
       'aspect',
       (ARRAY['Sun ☌ Moon', 'Moon □ Saturn', 'Sun △ Saturn'])[n % 3 + 1],
       jsonb_build_object('orb', n % 8, 'prompt', 'v1'),
       'Um aspecto que pede paciência; e um pouco de coragem.',
       n * 13 % 29,
       TIMESTAMPTZ '2025-11-22 18:00:00+00' + n * interval '4 minutes',
       TIMESTAMPTZ '2025-12-22 18:00:00+00' + n * interval '4 minutes',
       ARRAY[md5('document ' || n % 120)::uuid]
FROM generate_series(1, 200) AS n;

INSERT INTO public_chart_interpretations (id, public_chart_id, interpretation_type, subject, content,
                                          created_at, updated_at)
SELECT md5('public ' || p.slug || ' ' || subject)::uuid, p.id, 'planet', subject,
       p.title || ': ' || subject || ' em destaque.',
       TIMESTAMPTZ '2025-11-23 20:00:00+00',
       TIMESTAMPTZ '2025-11-23 20:00:00+00'
FROM public_charts AS p
CROSS JOIN unnest(ARRAY['Sun', 'Moon', 'Mercury', 'Venus', 'Mars']) AS subject;
