# As people write them: constraints and indexes.

import datetime
import enum

#: foreign key
op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"])
#: down
op.drop_constraint("fk", "a", type_="foreignkey")

#: foreign key with everything
op.create_foreign_key("fk", "a", "b", ["x", "y"], ["x", "y"], ondelete="CASCADE", onupdate="RESTRICT", deferrable=True, initially="DEFERRED", match="SIMPLE", source_schema="s1", referent_schema="s2")
#: down
op.drop_constraint("fk", "a", schema="s1", type_="foreignkey")

#: foreign key without a name
op.create_foreign_key(None, "a", "b", ["b_id"], ["id"])

#: foreign key to its own table
op.create_foreign_key(op.f("fk_node_parent"), "node", "node", ["parent_id"], ["id"])

#: foreign key not valid
op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], postgresql_not_valid=True)

#: foreign key not deferrable
op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], deferrable=False, initially="IMMEDIATE")

#: foreign key use_alter
op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], use_alter=True)

#: unique constraint
op.create_unique_constraint("uq", "t", ["a", "b"])
#: down
op.drop_constraint("uq", "t", type_="unique")

#: unique constraint without a name
op.create_unique_constraint(None, "t", ["a"])

#: unique constraint with schema and options
op.create_unique_constraint("uq", "t", ["a"], schema="s", deferrable=True, initially="DEFERRED")
op.create_unique_constraint("uq2", "t", ["a"], postgresql_nulls_not_distinct=True)

#: check constraint
op.create_check_constraint("ck", "t", "a > 0")
#: down
op.drop_constraint("ck", "t", type_="check")

#: check constraint of text
op.create_check_constraint("ck", "t", sa.text("a IN ('x', 'y')"), schema="s")

#: check constraint of an expression
op.create_check_constraint("ck", "t", sa.func.length(sa.column("a")) > 5)

#: check constraint of several expressions
op.create_check_constraint("ck", "t", sa.and_(sa.column("a") > 0, sa.or_(sa.column("b").is_(None), sa.column("b") != "x")))

#: check constraint not valid
op.create_check_constraint("ck", "t", "a > 0", postgresql_not_valid=True)

#: check constraint with a percent sign
op.create_check_constraint("ck", "t", "a LIKE '%x%'")

#: primary key
op.create_primary_key("pk", "t", ["a", "b"])
#: down
op.drop_constraint("pk", "t", type_="primary")

#: primary key with a schema, no name
op.create_primary_key(None, "t", ["a"], schema="s")

#: exclude constraint
op.create_exclude_constraint("ex", "t", (sa.column("room"), "="), ("during", "&&"), using="gist", where="room > 100")

#: exclude constraint with schema
op.create_exclude_constraint("ex", "t", ("a", "="), schema="s", deferrable=True, initially="DEFERRED")

#: drop constraint without a type
op.drop_constraint("x", "t")

#: drop constraint that needs quotes
op.drop_constraint("My Constraint", "My Table", type_="unique")

#: drop constraint if exists
op.drop_constraint("x", "t", type_="check", if_exists=True)

#: index
op.create_index("ix", "t", ["a"])
#: down
op.drop_index("ix", table_name="t")

#: index of op.f, not unique
op.create_index(op.f("ix_t_a"), "t", ["a"], unique=False)
#: down
op.drop_index(op.f("ix_t_a"), table_name="t")

#: index unique
op.create_index("ix", "t", ["a", "b"], unique=True, schema="s")
#: down
op.drop_index("ix", table_name="t", schema="s")

#: index method
op.create_index("ix", "t", ["a"], postgresql_using="gin")
#: down
op.drop_index("ix", table_name="t", postgresql_using="gin")

#: index partial
op.create_index("ix", "t", ["a"], unique=True, postgresql_where=sa.text("deleted_at IS NULL"))
#: down
op.drop_index("ix", table_name="t", postgresql_where=sa.text("deleted_at IS NULL"))

#: index partial by an expression
op.create_index("ix", "t", ["a"], postgresql_where=sa.column("b") == True)

#: index partial by a text
op.create_index("ix", "t", ["a"], postgresql_where="b = 'x'")

#: index with include
op.create_index("ix", "t", ["a"], postgresql_include=["b", "c"])

#: index with operator classes
op.create_index("ix", "t", ["a", "b"], postgresql_using="gin", postgresql_ops={"a": "gin_trgm_ops", "b": "jsonb_path_ops"})

#: index with storage parameters
op.create_index("ix", "t", ["a"], postgresql_with={"fillfactor": 50}, postgresql_tablespace="fast")

#: index hnsw
op.create_index("ix", "t", ["embedding"], postgresql_using="hnsw", postgresql_with={"m": 16, "ef_construction": 64}, postgresql_ops={"embedding": "vector_cosine_ops"})

#: index nulls not distinct
op.create_index("ix", "t", ["a"], unique=True, postgresql_nulls_not_distinct=True)

#: index of an expression
op.create_index("ix", "t", [sa.text("lower(a)")])
op.create_index("ix2", "t", ["b", sa.text("lower(a) DESC")], unique=True)

#: index of sorted columns
op.create_index("ix", "t", [sa.column("a").desc(), sa.desc("b"), sa.text("c DESC NULLS LAST")])

#: index of a function
op.create_index("ix", "t", [sa.func.lower(sa.column("a"))])

#: index of a text column with operators
op.create_index("ix", "t", [sa.text("to_tsvector('english', a || ' ' || b)")], postgresql_using="gin")

#: index if not exists
op.create_index("ix", "t", ["a"], if_not_exists=True)
#: down
op.drop_index("ix", table_name="t", if_exists=True)

#: index concurrently
with op.get_context().autocommit_block():
    op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
#: down
with op.get_context().autocommit_block():
    op.drop_index("ix", table_name="t", postgresql_concurrently=True)

#: index concurrently if not exists
with op.get_context().autocommit_block():
    op.create_index("ix", "t", ["a"], unique=True, postgresql_concurrently=True, if_not_exists=True)
#: down
with op.get_context().autocommit_block():
    op.drop_index("ix", "t", postgresql_concurrently=True, if_exists=True)

#: index drop by its name alone
op.drop_index("ix")

#: index names that need quotes
op.create_index("Ix One", "Table", ["Col", "order"])

#: indexes in a loop
for name, columns in INDEXES:
    op.create_index(name, "t", columns, unique=False)
#: down
for name, _ in reversed(INDEXES):
    op.drop_index(name, table_name="t")
#: module
INDEXES = [("ix_a", ["a"]), ("ix_b", ["b", "c"])]

#: index brin with autosummarize
op.create_index("ix", "t", ["created_at"], postgresql_using="brin", postgresql_with={"pages_per_range": 32, "autosummarize": "on"})

#: named constraint by op.f
op.create_unique_constraint(op.f("uq_users_email"), "users", ["email"])
op.create_check_constraint(op.f("ck_users_age"), "users", "age >= 0")
#: down
op.drop_constraint(op.f("ck_users_age"), "users", type_="check")
op.drop_constraint(op.f("uq_users_email"), "users", type_="unique")

#: unique constraint in table with op.f
op.create_table("t", sa.Column("a", sa.Integer()), sa.UniqueConstraint("a", name=op.f("uq_t_a")), sa.CheckConstraint("a > 1", name=op.f("ck_t_a")))
