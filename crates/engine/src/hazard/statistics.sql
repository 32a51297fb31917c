SELECT json_build_object('tables', coalesce(json_object_agg(
         CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END,
         json_build_object(
           'rows', greatest(c.reltuples, 0)::bigint,
           'bytes', pg_total_relation_size(c.oid),
           'writes_per_hour', coalesce((s.n_tup_ins + s.n_tup_upd + s.n_tup_del) * 3600
             / greatest(extract(epoch FROM now() - coalesce(d.stats_reset, pg_postmaster_start_time()))::bigint, 3600), 0))),
         '{}'))
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
  LEFT JOIN pg_stat_database d ON d.datname = current_database()
 WHERE c.relkind IN ('r', 'm', 'p')
   AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema';
