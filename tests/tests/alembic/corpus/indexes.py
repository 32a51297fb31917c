# Indexes.

#: an index
op.create_index("ix_t_a", "t", ["a"])
op.create_index("ix_t_ab", "t", ["a", "B"], unique=False)
#: down
op.drop_index("ix_t_ab", "t")
op.drop_index("ix_t_a", table_name="t")

#: a unique index
op.create_index("ix", "t", ["a"], unique=True)
op.create_index(op.f("ix_f"), "t", ["a"], unique=True)
#: down
op.drop_index(op.f("ix_f"), table_name="t")

#: an index without a name
op.create_index(None, "t", ["a"])
op.create_index(None, "t", ["a", "b"], schema="s")
#: down
op.drop_index("ix_t_a")

#: an index in a schema
op.create_index("ix", "t", ["a"], schema="s")
op.create_index("Ix", "T", ["A"], schema="S")
#: down
op.drop_index("ix", "t", schema="s")
op.drop_index("Ix", "T", schema="S")

#: an index method
for method in ("gin", "gist", "brin", "hash", "btree", "spgist", "GIN"):
    op.create_index(f"ix_{method.lower()}", "t", ["a"], postgresql_using=method)
#: down
op.drop_index("ix_gin", "t", postgresql_using="gin")

#: a partial index
op.create_index("ix1", "t", ["a"], postgresql_where=sa.text("deleted_at IS NULL"))
op.create_index("ix2", "t", ["a"], unique=True, postgresql_where=sa.column("deleted") == False)
op.create_index("ix3", "t", ["a"], postgresql_where="b > 5")
op.create_index("ix4", "t", ["a"], postgresql_where=sa.and_(sa.column("b").isnot(None), sa.column("c") == "x"))
op.create_index("ix5", "t", ["a"], postgresql_where=sa.text("status = 'open'"), sqlite_where=sa.text("1"))
#: down
op.drop_index("ix1", "t", postgresql_where=sa.text("deleted_at IS NULL"))

#: an index that covers
op.create_index("ix", "t", ["a"], postgresql_include=["b", "C"])
#: down
op.drop_index("ix", "t", postgresql_include=["b", "C"])

#: operator classes
op.create_index("ix1", "t", ["a"], postgresql_using="gin", postgresql_ops={"a": "gin_trgm_ops"})
op.create_index("ix2", "t", ["a", "b"], postgresql_ops={"b": "varchar_pattern_ops"})
op.create_index("ix3", "t", [sa.text("lower(a)")], postgresql_ops={"lower(a)": "text_pattern_ops"})
op.create_index("ix4", "t", [sa.func.lower(sa.column("a")).label("low")], postgresql_ops={"low": "text_pattern_ops"})
#: down
op.drop_index("ix1", "t", postgresql_using="gin", postgresql_ops={"a": "gin_trgm_ops"})

#: concurrently
with op.get_context().autocommit_block():
    op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
    op.create_index("ix2", "t", ["a"], postgresql_concurrently=True, if_not_exists=True, unique=True)
#: down
with op.get_context().autocommit_block():
    op.drop_index("ix", "t", postgresql_concurrently=True)
    op.drop_index("ix2", "t", postgresql_concurrently=True, if_exists=True)

#: nulls not distinct
op.create_index("ix1", "t", ["a"], unique=True, postgresql_nulls_not_distinct=True)
op.create_index("ix2", "t", ["a"], unique=True, postgresql_nulls_not_distinct=False)
#: down
op.drop_index("ix1", "t")

#: storage parameters and a tablespace
op.create_index("ix1", "t", ["a"], postgresql_with={"fillfactor": 50})
op.create_index("ix2", "t", ["a"], postgresql_using="gin", postgresql_with={"fastupdate": False, "gin_pending_list_limit": 128})
op.create_index("ix3", "t", ["a"], postgresql_tablespace="my space")
op.create_index("ix4", "t", ["a"], postgresql_using="ivfflat", postgresql_with={"lists": 100}, postgresql_ops={"a": "vector_cosine_ops"})
#: down
op.drop_index("ix1", "t")

#: everything at once
op.create_index("ix", "t", ["a", sa.text("lower(b)"), sa.column("c").desc()], unique=True, schema="s", if_not_exists=True, postgresql_using="btree", postgresql_include=["d"], postgresql_nulls_not_distinct=True, postgresql_with={"fillfactor": 90}, postgresql_tablespace="ts", postgresql_where=sa.text("a > 1"), postgresql_ops={"a": "int4_ops"}, postgresql_concurrently=True)
#: down
op.drop_index("ix", table_name="t", schema="s", if_exists=True, postgresql_concurrently=True)

#: expressions
op.create_index("ix1", "t", [sa.text("lower(name)")])
op.create_index("ix2", "t", [sa.text("(data ->> 'key')")])
op.create_index("ix3", "t", [sa.func.lower(sa.column("name"))])
op.create_index("ix4", "t", [sa.column("a") + sa.column("b")])
op.create_index("ix5", "t", [sa.literal_column("lower(name)")])
op.create_index("ix6", "t", [sa.cast(sa.column("a"), sa.Text)])
op.create_index("ix7", "t", [sa.func.coalesce(sa.column("a"), 0)], unique=True)
op.create_index("ix8", "t", [sa.func.date_trunc("day", sa.column("at"))])
op.create_index("ix9", "t", ["a", sa.text("(b || c)")])
op.create_index("ix10", "t", [sa.func.to_tsvector(sa.text("'english'"), sa.column("body"))], postgresql_using="gin")
#: down
for n in range(10, 0, -1):
    op.drop_index(f"ix{n}", table_name="t")

#: orders
op.create_index("ix1", "t", [sa.text("a DESC")])
op.create_index("ix2", "t", [sa.column("a").desc(), sa.column("b").asc()])
op.create_index("ix3", "t", [sa.desc("a"), "b"])
op.create_index("ix4", "t", [sa.column("a").desc().nullslast()])
op.create_index("ix5", "t", [sa.column("a").asc().nulls_first()])
op.create_index("ix6", "t", [sa.literal_column("a DESC NULLS LAST")])
#: down
op.drop_index("ix1")

#: indexes by keyword arguments
op.create_index(index_name="ix", table_name="t", columns=["a"], unique=True)
#: down
op.drop_index(index_name="ix", table_name="t")

#: names that need quotes
op.create_index("My Index", "My Table", ["My Column", "order"])
op.create_index("ix", "t", ["a"], quote=True)
#: down
op.drop_index("My Index", table_name="My Table")

#: an index that may be there
op.create_index("ix", "t", ["a"], if_not_exists=True)
#: down
op.drop_index("ix", if_exists=True)
op.drop_index("ix", "t", if_exists=True, schema="s")

#: a list of indexes
for column in ("a", "b", "c"):
    op.create_index(op.f(f"ix_t_{column}"), "t", [column], unique=False)
#: down
for column in reversed(["a", "b", "c"]):
    op.drop_index(op.f("ix_t_" + column), table_name="t")

#: a full text index
op.create_index("ix_search", "posts", ["search"], unique=False, postgresql_using="gin")
op.create_index("ix_title_trgm", "posts", [sa.text("title gin_trgm_ops")], postgresql_using="gin")
#: down
op.drop_index("ix_search", table_name="posts", postgresql_using="gin")

#: a column of a table as an index column
op.create_index("ix_obj", "things", [things.c.name, things.c.Kind.desc()])
op.create_index("ix_where", "things", [things.c.name], postgresql_where=things.c.Kind == "x")
#: module
things = sa.table("things", sa.column("name", sa.String), sa.column("Kind", sa.String))
#: down
op.drop_index("ix_obj", "things")
