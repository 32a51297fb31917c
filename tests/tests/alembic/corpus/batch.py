# batch_alter_table, which on PostgreSQL is plain ALTER TABLE.

#: columns
with op.batch_alter_table("t") as batch_op:
    batch_op.add_column(sa.Column("a", sa.Integer(), nullable=True))
    batch_op.drop_column("b")
    batch_op.alter_column("c", existing_type=sa.Integer(), nullable=False)
#: down
with op.batch_alter_table("t", schema=None) as batch_op:
    batch_op.alter_column("c", existing_type=sa.Integer(), nullable=True)
    batch_op.add_column(sa.Column("b", sa.Integer()))
    batch_op.drop_column("a")

#: a schema
with op.batch_alter_table("t", schema="s") as batch_op:
    batch_op.add_column(sa.Column("a", sa.Integer(), sa.ForeignKey("o.id"), comment="c"))
    batch_op.create_index("ix_a", ["a"], unique=True)
    batch_op.create_foreign_key("fk_a", "o", ["a"], ["id"], ondelete="CASCADE", referent_schema="x")
#: down
with op.batch_alter_table("t", schema="s") as batch_op:
    batch_op.drop_constraint("fk_a", type_="foreignkey")
    batch_op.drop_index("ix_a")

#: an index of a column
with op.batch_alter_table("users", schema=None) as batch_op:
    batch_op.add_column(sa.Column("email", sa.String(50), index=True))
    batch_op.create_index(batch_op.f("ix_users_login"), ["login"], unique=False)
#: down
with op.batch_alter_table("users", schema=None) as batch_op:
    batch_op.drop_index(batch_op.f("ix_users_login"))
    batch_op.drop_column("email")

#: every constraint
with op.batch_alter_table("t") as batch_op:
    batch_op.create_primary_key("pk", ["id"])
    batch_op.create_unique_constraint("uq", ["a", "b"])
    batch_op.create_unique_constraint(batch_op.f("uq_f"), ["a"], postgresql_nulls_not_distinct=True)
    batch_op.create_check_constraint("ck", "a > 1")
    batch_op.create_check_constraint("ck2", sa.column("a") > 1)
    batch_op.create_foreign_key(None, "o", ["a"], ["id"])
    batch_op.create_exclude_constraint("ex", ("a", "="), using="gist")
#: down
with op.batch_alter_table("t") as batch_op:
    batch_op.drop_constraint("pk", type_="primary")
    batch_op.drop_constraint("uq", type_="unique")
    batch_op.drop_constraint("ck", type_="check")
    batch_op.drop_constraint("ex")

#: types and defaults
with op.batch_alter_table("t") as batch_op:
    batch_op.alter_column("a", type_=sa.BigInteger(), existing_type=sa.Integer(), postgresql_using="a::bigint")
    batch_op.alter_column("b", server_default=sa.text("now()"), comment="x")
    batch_op.alter_column("c", new_column_name="d", nullable=False)
    batch_op.alter_column("e", server_default=None)
#: down
with op.batch_alter_table("t") as batch_op:
    batch_op.alter_column("a", type_=sa.Integer(), existing_type=sa.BigInteger(), existing_nullable=True)

#: comments
with op.batch_alter_table("t") as batch_op:
    batch_op.create_table_comment("new", existing_comment="old")
#: down
with op.batch_alter_table("t") as batch_op:
    batch_op.drop_table_comment(existing_comment="new")

#: SQL inside comes first
with op.batch_alter_table("t") as batch_op:
    batch_op.add_column(sa.Column("a", sa.Integer()))
    batch_op.execute("UPDATE t SET b = 1")
    op.execute("UPDATE t SET b = 2")
#: down
with op.batch_alter_table("t") as batch_op:
    op.drop_column("other", "x")
    batch_op.drop_column("a")

#: two batches
with op.batch_alter_table("a") as batch_op:
    batch_op.add_column(sa.Column("x", sa.Integer()))
with op.batch_alter_table("b") as batch_op:
    batch_op.add_column(sa.Column("x", sa.Integer()))
#: down
with op.batch_alter_table("b") as batch_op, op.batch_alter_table("a") as other:
    batch_op.drop_column("x")
    other.drop_column("x")

#: a batch in a loop
for table in ("a", "b"):
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(sa.Column("x", sa.Integer()))
#: down
for table in ("a", "b"):
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_column("x")

#: a batch that says never
with op.batch_alter_table("t", recreate="never") as batch_op:
    batch_op.add_column(sa.Column("x", sa.Integer()), if_not_exists=True)
    batch_op.drop_column("y", if_exists=True)
#: down
with op.batch_alter_table("t", recreate="auto") as batch_op:
    batch_op.drop_column("x")

#: an empty batch
with op.batch_alter_table("t") as batch_op:
    pass
#: down
with op.batch_alter_table("t"):
    pass

#: an enumeration in a batch
with op.batch_alter_table("t") as batch_op:
    batch_op.add_column(sa.Column("x", sa.Enum("a", "b", name="batch_enum"), nullable=True))
    batch_op.add_column(sa.Column("y", sa.Enum("a", "b", name="batch_ck", native_enum=False, create_constraint=True)))
#: down
with op.batch_alter_table("t") as batch_op:
    batch_op.drop_column("x")

#: index options in a batch
with op.batch_alter_table("t") as batch_op:
    batch_op.create_index("ix", ["a"], postgresql_using="gin", postgresql_where=sa.text("a > 1"))
    batch_op.create_index("ix2", [sa.text("lower(a)")], unique=True)
    batch_op.drop_index("ix3", postgresql_using="gin")
    batch_op.drop_index("ix4", if_exists=True)
#: down
with op.batch_alter_table("t", naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"}) as batch_op:
    batch_op.drop_index("ix")

#: a batch passed to a function
with op.batch_alter_table("t") as batch_op:
    stamps(batch_op)
#: module
def stamps(batch):
    for name in ("created_at", "updated_at"):
        batch.add_column(sa.Column(name, sa.DateTime(), server_default=sa.func.now()))
#: down
with op.batch_alter_table("t") as batch_op:
    batch_op.drop_column("updated_at")
    batch_op.drop_column("created_at")
