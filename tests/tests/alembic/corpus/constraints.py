# Constraints added and dropped.

#: a primary key
op.create_primary_key("pk_t", "t", ["id"])
op.create_primary_key(None, "t", ["a", "B"], schema="s")
#: down
op.drop_constraint("pk_t", "t", type_="primary")

#: a unique constraint
op.create_unique_constraint("uq_t", "t", ["a"])
op.create_unique_constraint(None, "t", ["a", "b"])
op.create_unique_constraint("Uq T", "t", ["A"], schema="s")
#: down
op.drop_constraint("uq_t", "t", type_="unique")
op.drop_constraint("Uq T", "t", type_="unique", schema="s")

#: a unique constraint with options
op.create_unique_constraint("uq1", "t", ["a"], deferrable=True, initially="DEFERRED")
op.create_unique_constraint("uq2", "t", ["a"], deferrable=False)
op.create_unique_constraint("uq3", "t", ["a"], postgresql_nulls_not_distinct=True)
op.create_unique_constraint("uq4", "t", ["a"], postgresql_nulls_not_distinct=False)
op.create_unique_constraint("uq5", "t", ["a"], postgresql_include=["a"])
#: down
op.drop_constraint("uq1", "t", "unique")

#: a foreign key
op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"])
op.create_foreign_key(None, "a", "b", ["b_id"], ["id"])
op.create_foreign_key(op.f("fk_f"), "a", "b", ["x", "y"], ["x", "y"])
#: down
op.drop_constraint("fk", "a", type_="foreignkey")
op.drop_constraint(op.f("fk_f"), "a", type_="foreignkey")

#: a foreign key between schemas
op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], source_schema="s1", referent_schema="s2")
op.create_foreign_key("fk", "a", "a", ["parent"], ["id"], source_schema="s1", referent_schema="s1")
#: down
op.drop_constraint("fk", "a", type_="foreignkey", schema="s1")

#: a foreign key with actions
for action in ("CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"):
    op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], ondelete=action)
    op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], onupdate=action)
#: down
op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], ondelete="SET NULL (b_id)", onupdate="CASCADE")

#: a foreign key that waits
op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], deferrable=True, initially="DEFERRED", match="FULL", use_alter=True)
op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], deferrable=False, initially="IMMEDIATE")
op.create_foreign_key("fk", "a", "b", ["b_id"], ["id"], postgresql_not_valid=True)
#: down
op.drop_constraint("fk", "a")

#: a check
op.create_check_constraint("ck", "t", "a > 5")
op.create_check_constraint(None, "t", "a > 5 AND b LIKE 'x%'")
op.create_check_constraint("ck", "t", sa.text("length(name) > 3"), schema="s")
op.create_check_constraint("ck", "t", "a > 5", postgresql_not_valid=True)
op.create_check_constraint("ck", "t", "a > 5", deferrable=True)
#: down
op.drop_constraint("ck", "t", type_="check")

#: a check of an expression
op.create_check_constraint("ck1", "t", sa.column("a") > 5)
op.create_check_constraint("ck2", "t", sa.column("a").in_([1, 2, 3]))
op.create_check_constraint("ck3", "t", sa.column("a").in_(["x", "it's"]))
op.create_check_constraint("ck4", "t", sa.func.length(sa.column("Name")) > 3)
op.create_check_constraint("ck5", "t", sa.and_(sa.column("a") > 1, sa.column("b").is_(None)))
op.create_check_constraint("ck6", "t", sa.or_(sa.column("a") == 1, sa.and_(sa.column("b") != None, sa.column("c") == "x")))
op.create_check_constraint("ck7", "t", sa.not_(sa.column("flag")))
op.create_check_constraint("ck8", "t", (sa.column("a") > 1) & (sa.column("b") < 2) | (sa.column("c") == 3))
op.create_check_constraint("ck9", "t", sa.column("a").between(1, 10))
op.create_check_constraint("ck10", "t", sa.literal_column("a + b") > 0)
#: down
for n in range(1, 11):
    op.drop_constraint(f"ck{n}", "t", type_="check")

#: an exclusion constraint
op.create_exclude_constraint("ex1", "t", ("period", "&&"), ("room", "="), using="gist")
op.create_exclude_constraint("ex2", "t", (sa.column("period"), "&&"), where=sa.column("active") == True)
op.create_exclude_constraint("ex3", "t", ("period", "&&"), where="room > 5", deferrable=True, initially="DEFERRED", schema="s")
op.create_exclude_constraint("ex4", "t", ("Period", "&&"), using="SPGIST")
#: down
op.drop_constraint("ex1", "t")

#: constraints that may not be there
op.drop_constraint("a", "t", if_exists=True)
op.drop_constraint("b", "t", type_="unique", if_exists=True, schema="s")
#: down
op.drop_constraint("a", "t", "check")

#: constraints by keyword arguments
op.create_foreign_key(constraint_name="fk", source_table="a", referent_table="b", local_cols=["x"], remote_cols=["y"])
op.create_unique_constraint(constraint_name="uq", table_name="t", columns=["a"])
op.create_check_constraint(constraint_name="ck", table_name="t", condition="a > 1")
op.create_primary_key(constraint_name="pk", table_name="t", columns=["a"])
#: down
op.drop_constraint(constraint_name="fk", table_name="a", type_="foreignkey")

#: a foreign key of several columns
op.create_foreign_key("fk", "a", "b", ["x", "Y", "order"], ["x", "Y", "order"], ondelete="CASCADE", onupdate="CASCADE")
#: down
op.drop_constraint("fk", "a", "foreignkey")

#: a foreign key with an odd schema
op.create_table("r1", sa.Column("a", sa.Integer(), sa.ForeignKey("Some Schema.Table.Id")), schema="s")
op.create_table("r2", sa.Column("a", sa.Integer()), sa.ForeignKeyConstraint(("a",), ("x.y.z",), name="fk_r2", match="SIMPLE"))
#: down
op.drop_table("r1", schema="s")

#: checks inside a table
op.create_table("c1", sa.Column("a", sa.Integer(), sa.CheckConstraint("a > 0")), sa.Column("b", sa.Integer(), sa.CheckConstraint("b > 0", name="b_pos"), nullable=False, server_default="1"), sa.CheckConstraint("a < b", name="ab", deferrable=False), sa.CheckConstraint("a < 5", postgresql_not_valid=True))
#: down
op.drop_table("c1")

#: unique constraints inside a table
op.create_table("u1", sa.Column("a", sa.Integer()), sa.Column("B", sa.Integer()), sa.UniqueConstraint("a", "B", name="u", deferrable=True, initially="DEFERRED"), sa.UniqueConstraint("B", postgresql_nulls_not_distinct=True), sa.UniqueConstraint("a", postgresql_include=["B"]))
#: down
op.drop_table("u1")

#: a primary key with columns included
op.create_table("p1", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()), sa.PrimaryKeyConstraint("a", postgresql_include=["b"], name="p", deferrable=True))
#: down
op.drop_table("p1")

#: an exclusion constraint inside a table
op.create_table("e1", sa.Column("a", postgresql.INT4RANGE()), sa.Column("b", sa.Integer()), postgresql.ExcludeConstraint((sa.column("a"), "&&"), (sa.column("b"), "="), where=sa.text("b > 1"), using="gist", name="ex"), postgresql.ExcludeConstraint(("a", "&&"), ops={"a": "range_ops"}))
#: down
op.drop_table("e1")

#: a name that is too long and final
op.create_unique_constraint(op.f("uq_a_very_long_name_that_goes_on_and_on_and_on_until_it_is_over_the_limit"), "t", ["a"])
op.create_index(op.f("ix_a_very_long_name_that_goes_on_and_on_and_on_until_it_is_over_the_limit"), "t", ["a"])
#: down
op.drop_constraint(op.f("uq_a_very_long_name_that_goes_on_and_on_and_on_until_it_is_over_the_limit"), "t", type_="unique")
op.drop_index(op.f("ix_a_very_long_name_that_goes_on_and_on_and_on_until_it_is_over_the_limit"), "t")
