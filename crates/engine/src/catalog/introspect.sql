-- A row for each object, and one for each part of a relation: kind, id, place, definition. Rows come in no order.
-- What PostgreSQL brings itself has an oid below 16384 (manual, System Catalog Initial Data).
WITH here AS (
    SELECT n.oid, n.nspname::text AS schema, n.nspowner, n.nspacl
    FROM pg_catalog.pg_namespace n
    WHERE n.nspname <> 'information_schema' AND n.nspname NOT IN ('cofferdam', 'cofferdam_quarantine') AND left(n.nspname::text, 3) <> 'pg_'
), relation AS (
    SELECT c.*, c.oid AS id, h.schema
    FROM pg_catalog.pg_class c JOIN here h ON h.oid = c.relnamespace
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') {relations}
      AND NOT (c.relname = {version_table} AND h.schema = coalesce({version_schema}, h.schema))
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
), found (kind, id, place, definition) AS (
    SELECT CASE WHEN r.relkind IN ('r', 'p', 'f') THEN 'table' WHEN r.relkind = 'v' THEN 'view' ELSE 'materialized_view' END, r.id, 0,
        json_build_object('schema', r.schema, 'name', r.relname, 'owner', pg_get_userbyid(r.relowner),
            'unlogged', nullif(r.relpersistence = 'u', false),
            'definition', CASE WHEN r.relkind IN ('v', 'm') THEN pg_get_viewdef(r.id) END,
            'partition_key', CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.id) END,
            'partition_bound', CASE WHEN r.relispartition THEN pg_get_expr(r.relpartbound, r.id) END,
            'parents', CASE WHEN r.relkind IN ('r', 'p', 'f') THEN (SELECT array_agg(i.inhparent::regclass::text ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = r.id) END,
            'of_type', CASE WHEN r.reloftype <> 0 THEN format_type(r.reloftype, NULL) END,
            'options', r.reloptions,
            'toast_options', CASE WHEN r.reltoastrelid <> 0 THEN (SELECT t.reloptions FROM pg_catalog.pg_class t WHERE t.oid = r.reltoastrelid) END,
            'access_method', CASE WHEN r.relam <> 0 THEN (SELECT nullif(m.amname::text, 'heap') FROM pg_catalog.pg_am m WHERE m.oid = r.relam) END,
            'tablespace', CASE WHEN r.reltablespace <> 0 THEN (SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = r.reltablespace) END,
            'row_security', nullif(r.relrowsecurity, false), 'force_row_security', nullif(r.relforcerowsecurity, false),
            'replica_identity', CASE WHEN r.relkind IN ('r', 'p', 'm') THEN CASE r.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END END,
            'server', CASE WHEN r.relkind = 'f' THEN (SELECT s.srvname FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = r.id) END,
            'server_options', CASE WHEN r.relkind = 'f' THEN (SELECT f.ftoptions FROM pg_catalog.pg_foreign_table f WHERE f.ftrelid = r.id) END,
            'grants', {grants:r.relacl:r:r.relowner}, 'comment', obj_description(r.id, 'pg_class'))
    FROM relation r WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm')
    UNION ALL
    SELECT 'composite', r.id, 0,
        json_build_object('schema', r.schema, 'name', r.relname, 'owner', pg_get_userbyid(t.typowner),
            'grants', {grants:t.typacl:T:t.typowner}, 'comment', obj_description(t.oid, 'pg_type'))
    FROM relation r JOIN pg_catalog.pg_type t ON t.oid = r.reltype WHERE r.relkind = 'c'
    UNION ALL
    SELECT 'sequence', r.id, 0,
        json_build_object('schema', r.schema, 'name', r.relname, 'owner', pg_get_userbyid(r.relowner), 'unlogged', nullif(r.relpersistence = 'u', false),
            'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement, 'minimum', s.seqmin, 'maximum', s.seqmax, 'cache', s.seqcache,
            'cycle', nullif(s.seqcycle, false),
            'owned_by', (SELECT d.refobjid::regclass::text || '.' || quote_ident(a.attname) FROM pg_catalog.pg_depend d
                JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = r.id AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')),
            'grants', {grants:r.relacl:s:r.relowner}, 'comment', obj_description(r.id, 'pg_class'))
    FROM relation r JOIN pg_catalog.pg_sequence s ON s.seqrelid = r.id WHERE r.relkind = 'S'
    UNION ALL
    SELECT 'column', a.attrelid, a.attnum,
        json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
            'collation', CASE WHEN a.attcollation <> t.typcollation THEN (SELECT quote_ident(n.nspname) || '.' || quote_ident(l.collname) FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) END,
            'not_null', nullif(a.attnotnull, false),
            'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
            'expression', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
            'generated', CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END,
            'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
            'storage', CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END END,
            'compression', {compression}, 'statistics', {statistics_target}, 'options', a.attoptions, 'server_options', a.attfdwoptions,
            'inherited', nullif(NOT a.attislocal AND NOT r.relispartition, false),
            'grants', {grants:a.attacl:c:r.relowner}, 'comment', col_description(r.id, a.attnum))
    FROM relation r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.id AND a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE r.relkind <> 'S'
    UNION ALL
    SELECT 'constraint', c.conrelid, 0,
        json_build_object('name', c.conname,
            'type', CASE c.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' ELSE 'not null' END,
            'definition', pg_get_constraintdef(c.oid), 'not_valid', nullif(NOT c.convalidated, false),
            'deferrable', CASE WHEN c.condeferred THEN 'initially deferred' WHEN c.condeferrable THEN 'initially immediate' END,
            'inherited', nullif(NOT c.conislocal AND NOT r.relispartition, false),
            'comment', obj_description(c.oid, 'pg_constraint'))
    FROM relation r JOIN pg_catalog.pg_constraint c ON c.conrelid = r.id
    WHERE c.conrelid >= 16384 AND (c.contype IN ('p', 'u', 'x', 'f', 'c') {named_not_null})
    UNION ALL
    SELECT 'index', i.indrelid, 0,
        json_build_object('name', x.relname, 'definition', pg_get_indexdef(x.oid), 'invalid', nullif(NOT i.indisvalid, false),
            'constraint', k.conname, 'clustered', nullif(i.indisclustered, false), 'replica_identity', nullif(i.indisreplident, false),
            'partition_of', CASE WHEN x.relispartition THEN (SELECT p.inhparent::regclass::text FROM pg_catalog.pg_inherits p WHERE p.inhrelid = x.oid) END,
            'tablespace', CASE WHEN x.reltablespace <> 0 THEN (SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = x.reltablespace) END,
            'comment', obj_description(x.oid, 'pg_class'))
    FROM relation r JOIN pg_catalog.pg_index i ON i.indrelid = r.id AND i.indrelid >= 16384
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
    UNION ALL
    SELECT 'trigger', t.tgrelid, 0,
        json_build_object('name', t.tgname, 'definition', pg_get_triggerdef(t.oid),
            'enabled', CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END,
            'comment', obj_description(t.oid, 'pg_trigger'))
    FROM relation r JOIN pg_catalog.pg_trigger t ON t.tgrelid = r.id WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'policy', p.polrelid, 0,
        json_build_object('name', p.polname,
            'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
            'restrictive', nullif(NOT p.polpermissive, false),
            'roles', ARRAY(SELECT CASE WHEN o = 0 THEN 'public' ELSE quote_ident(pg_get_userbyid(o)) END FROM unnest(p.polroles) o),
            'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
            'comment', obj_description(p.oid, 'pg_policy'))
    FROM relation r JOIN pg_catalog.pg_policy p ON p.polrelid = r.id
    UNION ALL
    SELECT 'rule', w.ev_class, 0,
        json_build_object('name', w.rulename, 'definition', pg_get_ruledef(w.oid),
            'enabled', CASE w.ev_enabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END,
            'comment', obj_description(w.oid, 'pg_rewrite'))
    FROM relation r JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.id WHERE w.ev_class >= 16384 AND w.rulename <> '_RETURN'
    UNION ALL
    SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, p.oid, 0,
        json_build_object('schema', h.schema, 'name', quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')',
            'owner', pg_get_userbyid(p.proowner),
            'definition', CASE WHEN p.prokind = 'a' THEN (
                SELECT concat_ws(' ', 'returns', pg_get_function_result(p.oid), 'sfunc', a.aggtransfn, 'stype', format_type(a.aggtranstype, NULL), 'sspace', a.aggtransspace,
                    'finalfunc', a.aggfinalfn, a.aggfinalextra, a.aggfinalmodify, 'combinefunc', a.aggcombinefn, 'serialfunc', a.aggserialfn, 'deserialfunc', a.aggdeserialfn,
                    'initcond', quote_nullable(a.agginitval), 'msfunc', a.aggmtransfn, 'minvfunc', a.aggminvtransfn, 'mstype', a.aggmtranstype::regtype, 'mfinalfunc', a.aggmfinalfn,
                    'minitcond', quote_nullable(a.aggminitval), 'sortop', a.aggsortop::regoperator, 'kind', a.aggkind, 'parallel', p.proparallel)
                FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = p.oid) ELSE pg_get_functiondef(p.oid) END,
            'grants', {grants:p.proacl:f:p.proowner}, 'comment', obj_description(p.oid, 'pg_proc'))
    FROM pg_catalog.pg_proc p JOIN here h ON h.oid = p.pronamespace
    WHERE p.oid >= 16384 {routines} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
    UNION ALL
    SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'range' END, t.oid, 0,
        json_build_object('schema', h.schema, 'name', t.typname, 'owner', pg_get_userbyid(t.typowner),
            'labels', CASE WHEN t.typtype = 'e' THEN (SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) END,
            'type', CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
            'collation', CASE WHEN t.typtype = 'd' AND t.typcollation <> 0 THEN (SELECT nullif(quote_ident(n.nspname) || '.' || quote_ident(l.collname), 'pg_catalog."default"') FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = t.typcollation) END,
            'not_null', nullif(t.typnotnull, false), 'default', CASE WHEN t.typtype = 'd' THEN t.typdefault END,
            'constraints', CASE WHEN t.typtype = 'd' THEN (SELECT json_agg(json_strip_nulls(json_build_object('name', c.conname, 'type', 'check', 'definition', pg_get_constraintdef(c.oid),
                'not_valid', nullif(NOT c.convalidated, false), 'comment', obj_description(c.oid, 'pg_constraint')))) FROM pg_catalog.pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c') END,
            'definition', CASE WHEN t.typtype = 'r' THEN (SELECT concat_ws(' ', 'subtype', format_type(g.rngsubtype, NULL), 'opclass', o.opcname, 'collation', (SELECT l.collname FROM pg_catalog.pg_collation l WHERE l.oid = g.rngcollation), 'canonical', g.rngcanonical, 'diff', g.rngsubdiff{multirange})
                FROM pg_catalog.pg_range g JOIN pg_catalog.pg_opclass o ON o.oid = g.rngsubopc WHERE g.rngtypid = t.oid) END,
            'grants', {grants:t.typacl:T:t.typowner}, 'comment', obj_description(t.oid, 'pg_type'))
    FROM pg_catalog.pg_type t JOIN here h ON h.oid = t.typnamespace
    WHERE t.oid >= 16384 AND t.typtype IN ('e', 'd', 'r') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
    UNION ALL
    SELECT 'schema', h.oid, 0,
        json_build_object('name', h.schema, 'owner', pg_get_userbyid(h.nspowner), 'grants', {grants:h.nspacl:n:h.nspowner}, 'comment', obj_description(h.oid, 'pg_namespace'))
    FROM here h
    WHERE h.schema IS DISTINCT FROM {version_schema} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_namespace'::regclass AND e.objid = h.oid AND e.deptype = 'e')
    UNION ALL
    SELECT 'extension', x.oid, 0,
        json_build_object('name', x.extname, 'version', x.extversion, 'schema_of_objects', n.nspname, 'comment', obj_description(x.oid, 'pg_extension'))
    FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace
    UNION ALL
    SELECT 'statistics', s.oid, 0,
        json_build_object('schema', h.schema, 'name', s.stxname, 'owner', pg_get_userbyid(s.stxowner), 'definition', pg_get_statisticsobjdef(s.oid), 'target', {extended_target},
            'comment', obj_description(s.oid, 'pg_statistic_ext'))
    FROM pg_catalog.pg_statistic_ext s JOIN here h ON h.oid = s.stxnamespace
    UNION ALL
    SELECT 'event_trigger', e.oid, 0,
        json_build_object('name', e.evtname, 'owner', pg_get_userbyid(e.evtowner), 'event', e.evtevent, 'function', e.evtfoid::regprocedure::text, 'tags', e.evttags,
            'enabled', CASE e.evtenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END, 'comment', obj_description(e.oid, 'pg_event_trigger'))
    FROM pg_catalog.pg_event_trigger e
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_event_trigger'::regclass AND d.objid = e.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'other', o.id, 0,
        json_build_object('type', n.type, 'name', n.identity, 'owner', pg_get_userbyid(nullif(o.owner, 0)), 'definition', o.definition, 'comment', obj_description(o.id, o.class))
    FROM (
        SELECT 'pg_collation' AS class, c.oid AS id, c.collowner AS owner, concat_ws(' ', c.collprovider, c.collcollate, c.collctype, c.collisdeterministic{collation_locale}) AS definition FROM pg_catalog.pg_collation c WHERE c.oid >= 16384
        UNION ALL
        SELECT 'pg_operator', o.oid, o.oprowner, concat_ws(' ', o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin, o.oprcanhash, o.oprcanmerge) FROM pg_catalog.pg_operator o WHERE o.oid >= 16384
        UNION ALL
        SELECT 'pg_opclass', o.oid, o.opcowner, concat_ws(' ', o.opcintype::regtype, o.opckeytype::regtype, o.opcdefault) FROM pg_catalog.pg_opclass o WHERE o.oid >= 16384
        UNION ALL
        SELECT 'pg_opfamily', o.oid, o.opfowner, NULL FROM pg_catalog.pg_opfamily o WHERE o.oid >= 16384
        UNION ALL
        SELECT 'pg_cast', c.oid, 0, concat_ws(' ', nullif(c.castfunc, 0)::regprocedure, c.castcontext, c.castmethod) FROM pg_catalog.pg_cast c WHERE c.oid >= 16384
        UNION ALL
        SELECT 'pg_conversion', c.oid, c.conowner, concat_ws(' ', c.conproc, c.conforencoding, c.contoencoding, c.condefault) FROM pg_catalog.pg_conversion c WHERE c.oid >= 16384
        UNION ALL
        SELECT 'pg_ts_config', c.oid, c.cfgowner, concat_ws(' ', (SELECT p.prsname FROM pg_catalog.pg_ts_parser p WHERE p.oid = c.cfgparser), (SELECT string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), ', ' ORDER BY m.maptokentype, m.mapseqno) FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = c.oid)) FROM pg_catalog.pg_ts_config c WHERE c.oid >= 16384
        UNION ALL
        SELECT 'pg_ts_dict', d.oid, d.dictowner, concat_ws(' ', (SELECT t.tmplname FROM pg_catalog.pg_ts_template t WHERE t.oid = d.dicttemplate), d.dictinitoption) FROM pg_catalog.pg_ts_dict d WHERE d.oid >= 16384
        UNION ALL
        SELECT 'pg_ts_parser', p.oid, 0, concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype) FROM pg_catalog.pg_ts_parser p WHERE p.oid >= 16384
        UNION ALL
        SELECT 'pg_ts_template', t.oid, 0, concat_ws(' ', t.tmplinit, t.tmpllexize) FROM pg_catalog.pg_ts_template t WHERE t.oid >= 16384
        UNION ALL
        SELECT 'pg_foreign_data_wrapper', f.oid, f.fdwowner, concat_ws(' ', nullif(f.fdwhandler, 0)::regproc, nullif(f.fdwvalidator, 0)::regproc, f.fdwoptions::text, f.fdwacl::text) FROM pg_catalog.pg_foreign_data_wrapper f WHERE f.oid >= 16384
        UNION ALL
        SELECT 'pg_foreign_server', s.oid, s.srvowner, concat_ws(' ', (SELECT f.fdwname FROM pg_catalog.pg_foreign_data_wrapper f WHERE f.oid = s.srvfdw), s.srvtype, s.srvversion, s.srvoptions::text, s.srvacl::text) FROM pg_catalog.pg_foreign_server s WHERE s.oid >= 16384
        UNION ALL
        SELECT 'pg_language', l.oid, l.lanowner, concat_ws(' ', l.lanpltrusted, nullif(l.lanplcallfoid, 0)::regproc, nullif(l.laninline, 0)::regproc, nullif(l.lanvalidator, 0)::regproc, l.lanacl::text) FROM pg_catalog.pg_language l WHERE l.oid >= 16384
        UNION ALL
        SELECT 'pg_am', a.oid, 0, concat_ws(' ', a.amtype, a.amhandler) FROM pg_catalog.pg_am a WHERE a.oid >= 16384
        UNION ALL
        SELECT 'pg_transform', t.oid, 0, concat_ws(' ', nullif(t.trffromsql, 0)::regproc, nullif(t.trftosql, 0)::regproc) FROM pg_catalog.pg_transform t WHERE t.oid >= 16384
        UNION ALL
        SELECT 'pg_default_acl', d.oid, 0, (SELECT string_agg(x::text, ' ' ORDER BY x::text COLLATE "C") FROM unnest(d.defaclacl) x) FROM pg_catalog.pg_default_acl d WHERE d.oid >= 16384
        UNION ALL
        SELECT 'pg_type', t.oid, t.typowner, concat_ws(' ', t.typlen, t.typbyval, t.typinput, t.typoutput, t.typalign, t.typstorage) FROM pg_catalog.pg_type t WHERE t.oid >= 16384 AND t.typtype = 'b' AND NOT (t.typelem <> 0 AND t.typlen = -1)
        UNION ALL
        SELECT 'pg_publication', p.oid, p.pubowner, concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate{publication_parts},
            (SELECT string_agg(m.prrelid::regclass::text{publication_filter}, ', ' ORDER BY m.prrelid::regclass::text COLLATE "C") FROM pg_catalog.pg_publication_rel m WHERE m.prpubid = p.oid)) FROM pg_catalog.pg_publication p WHERE p.oid >= 16384
    ) o,
    LATERAL pg_identify_object(o.class::regclass, o.id, 0) n
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = o.class::regclass AND e.objid = o.id AND e.deptype IN ('e', 'i'))
)
SELECT kind, id::text, place::text, json_strip_nulls(definition)::text FROM found
