-- What PostgreSQL brings itself has an oid below 16384, so that an index gives the rest at once.
WITH here AS (
    SELECT oid, nspname::text AS schema FROM pg_catalog.pg_namespace
    WHERE nspname <> 'information_schema' AND nspname <> 'cofferdam' AND left(nspname::text, 3) <> 'pg_'
), extended AS (
    SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e' AND refclassid = 'pg_catalog.pg_extension'::regclass
), relation AS (
    SELECT c.*, c.oid AS id, h.schema, quote_ident(h.schema) || '.' || quote_ident(c.relname) AS name
    FROM pg_catalog.pg_class c JOIN here h ON h.oid = c.relnamespace
    WHERE c.oid >= 16384 AND NOT (c.relname = :version_table AND h.schema = coalesce(:version_schema, h.schema))
      AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid)
), found (kind, name, definition) AS (
    SELECT 'schema', quote_ident(schema), concat_ws(' ', n.nspacl::text, quote_literal(obj_description(n.oid, 'pg_namespace')))
    FROM here JOIN pg_catalog.pg_namespace n USING (oid) WHERE schema IS DISTINCT FROM :version_schema
    UNION ALL
    SELECT 'extension', quote_ident(extname), extversion FROM pg_catalog.pg_extension
    UNION ALL
    SELECT CASE relkind::text WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                        WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' ELSE 'composite type' END,
           name,
           concat_ws(' ', CASE relpersistence::text WHEN 'u' THEN 'unlogged' END,
               CASE WHEN relrowsecurity THEN 'row security' END, CASE WHEN relforcerowsecurity THEN 'forced' END,
               'partition by ' || pg_get_partkeydef(id), pg_get_expr(relpartbound, id), reloptions::text,
               CASE WHEN relkind::text IN ('v', 'm') THEN pg_get_viewdef(id) END,
               (SELECT concat_ws(' ', format_type(seqtypid, NULL), seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle) FROM pg_catalog.pg_sequence WHERE seqrelid = id),
               relacl::text, quote_literal(obj_description(id, 'pg_class')))
    FROM relation WHERE relkind::text IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
    UNION ALL
    SELECT 'column', r.name || '.' || quote_ident(a.attname),
           concat_ws(' ', format_type(a.atttypid, a.atttypmod),
               CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::regcollation::text END,
               CASE WHEN a.attnotnull THEN 'not null' END,
               CASE a.attgenerated::text WHEN 's' THEN 'generated stored' WHEN 'v' THEN 'generated virtual' END,
               CASE a.attidentity::text WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity by default' END,
               'default ' || pg_get_expr(d.adbin, d.adrelid),
               a.attacl::text, a.attoptions::text, quote_literal(col_description(r.id, a.attnum)))
    FROM relation r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.id AND a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = r.id AND d.adnum = a.attnum
    WHERE r.relkind::text IN ('r', 'p', 'v', 'm', 'f', 'c')
    UNION ALL
    SELECT 'constraint', r.name || '.' || quote_ident(c.conname),
           concat_ws(' ', pg_get_constraintdef(c.oid), quote_literal(obj_description(c.oid, 'pg_constraint')))
    FROM relation r JOIN pg_catalog.pg_constraint c ON c.conrelid = r.id WHERE c.conrelid >= 16384 AND c.contype::text IN ('p', 'u', 'x', 'f', 'c')
    UNION ALL
    SELECT 'index', r.name, concat_ws(' ', pg_get_indexdef(r.id), CASE WHEN NOT i.indisvalid THEN 'invalid' END, CASE WHEN i.indisclustered THEN 'clustered' END,
           CASE WHEN i.indisreplident THEN 'replica identity' END, quote_literal(obj_description(r.id, 'pg_class')))
    FROM relation r JOIN pg_catalog.pg_index i ON i.indexrelid = r.id JOIN relation t ON t.id = i.indrelid WHERE i.indexrelid >= 16384
    UNION ALL
    SELECT 'trigger', r.name || '.' || quote_ident(t.tgname), concat_ws(' ', pg_get_triggerdef(t.oid), 'enabled ' || t.tgenabled::text, quote_literal(obj_description(t.oid, 'pg_trigger')))
    FROM relation r JOIN pg_catalog.pg_trigger t ON t.tgrelid = r.id WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'policy', r.name || '.' || quote_ident(p.polname), concat_ws(' ', p.polcmd::text, p.polpermissive, p.polroles::regrole[]::text, pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
    FROM relation r JOIN pg_catalog.pg_policy p ON p.polrelid = r.id
    UNION ALL
    SELECT 'rule', r.name || '.' || quote_ident(w.rulename), pg_get_ruledef(w.oid)
    FROM relation r JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.id WHERE w.ev_class >= 16384 AND w.rulename <> '_RETURN'
    UNION ALL
    SELECT CASE p.prokind::text WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, p.oid::regprocedure::text,
           concat_ws(' ', CASE WHEN p.prokind::text = 'a' THEN pg_get_function_result(p.oid) ELSE pg_get_functiondef(p.oid) END, p.proacl::text, quote_literal(obj_description(p.oid, 'pg_proc')))
    FROM pg_catalog.pg_proc p JOIN here h ON h.oid = p.pronamespace
    WHERE p.oid >= 16384 AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid)
    UNION ALL
    SELECT CASE t.typtype::text WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'range' END, quote_ident(h.schema) || '.' || quote_ident(t.typname),
           concat_ws(' ', (SELECT '(' || string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) || ')' FROM pg_catalog.pg_enum WHERE enumtypid = t.oid),
               CASE WHEN t.typtype::text = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, CASE WHEN t.typnotnull THEN 'not null' END, 'default ' || t.typdefault,
               (SELECT string_agg(quote_ident(conname) || ' ' || pg_get_constraintdef(oid), ' ' ORDER BY conname) FROM pg_catalog.pg_constraint WHERE contypid = t.oid),
               (SELECT format_type(rngsubtype, NULL) FROM pg_catalog.pg_range WHERE rngtypid = t.oid),
               t.typacl::text, quote_literal(obj_description(t.oid, 'pg_type')))
    FROM pg_catalog.pg_type t JOIN here h ON h.oid = t.typnamespace
    WHERE t.oid >= 16384 AND t.typtype::text IN ('e', 'd', 'r') AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid)
    UNION ALL
    SELECT 'statistics', quote_ident(h.schema) || '.' || quote_ident(s.stxname), pg_get_statisticsobjdef(s.oid)
    FROM pg_catalog.pg_statistic_ext s JOIN here h ON h.oid = s.stxnamespace
    UNION ALL
    SELECT 'event trigger', quote_ident(evtname), concat_ws(' ', evtevent, evtfoid::regprocedure::text, evtenabled::text, evttags::text) FROM pg_catalog.pg_event_trigger
)
SELECT kind, name, definition FROM found
