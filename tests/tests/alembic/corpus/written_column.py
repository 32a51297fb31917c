# As people write them: columns.

import datetime
import enum

#: add column
op.add_column("t", sa.Column("a", sa.Integer(), nullable=True))
#: down
op.drop_column("t", "a")

#: add column not null with default
op.add_column("t", sa.Column("a", sa.Boolean(), nullable=False, server_default=sa.text("false")))
#: down
op.drop_column("t", "a", schema=None)

#: add column with a schema
op.add_column("t", sa.Column("a", sa.Text()), schema="s")
#: down
op.drop_column("t", "a", schema="s")

#: add column with a comment
op.add_column("t", sa.Column("a", sa.Text(), comment="it's a word"))

#: add column with a foreign key
op.add_column("t", sa.Column("b_id", sa.Integer(), sa.ForeignKey("b.id", name="fk_t_b")))

#: add column with an unnamed foreign key
op.add_column("t", sa.Column("b_id", sa.Integer(), sa.ForeignKey("b.id", ondelete="SET NULL"), nullable=True))

#: add column, unique
op.add_column("t", sa.Column("a", sa.Integer(), unique=True))

#: add column, indexed
op.add_column("t", sa.Column("a", sa.Integer(), index=True))

#: add column, unique index
op.add_column("t", sa.Column("a", sa.Integer(), index=True, unique=True), schema="s")

#: add column of an enum
op.add_column("t", sa.Column("a", sa.Enum("x", "y", name="xy"), nullable=False, server_default="x"))
#: down
op.drop_column("t", "a")
op.execute("DROP TYPE xy")

#: add column, enum created first
xy = sa.Enum("x", "y", name="xy")
xy.create(op.get_bind())
op.add_column("t", sa.Column("a", xy))
#: down
op.drop_column("t", "a")
sa.Enum("x", "y", name="xy").drop(op.get_bind())

#: add column, identity and computed
op.add_column("t", sa.Column("n", sa.Integer(), sa.Identity(start=5)))
op.add_column("t", sa.Column("m", sa.Integer(), sa.Computed("n * 2", persisted=True)))

#: add column, array default
op.add_column("t", sa.Column("tags", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False))

#: add column, primary key
op.add_column("t", sa.Column("id", sa.Integer(), primary_key=True))

#: add column, autoincrement
op.add_column("t", sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False))

#: add column if not exists
op.add_column("t", sa.Column("a", sa.Integer()), if_not_exists=True)
#: down
op.drop_column("t", "a", if_exists=True)

#: add column, check in the column
op.add_column("t", sa.Column("a", sa.Integer(), sa.CheckConstraint("a > 0", name="pos")))

#: add columns in a loop
for name, type_ in {"a": sa.Integer(), "b": sa.Text()}.items():
    op.add_column("t", sa.Column(name, type_, nullable=True))
#: down
for name in ["b", "a"]:
    op.drop_column("t", name)

#: drop column with options of other databases
op.drop_column("t", "a", mssql_drop_default=True, mssql_drop_check=True)

#: alter column: nullable
op.alter_column("t", "a", nullable=False)
#: down
op.alter_column("t", "a", nullable=True)

#: alter column: nullable with existing type
op.alter_column("t", "a", existing_type=sa.INTEGER(), nullable=False, existing_server_default=sa.text("3"))

#: alter column: type
op.alter_column("t", "a", type_=sa.BigInteger(), existing_type=sa.Integer())
#: down
op.alter_column("t", "a", type_=sa.Integer(), existing_type=sa.BigInteger(), existing_nullable=False)

#: alter column: type with using
op.alter_column("t", "a", type_=postgresql.UUID(as_uuid=True), postgresql_using="a::uuid")

#: alter column: type to an enum
op.alter_column("t", "a", existing_type=sa.VARCHAR(length=10), type_=sa.Enum("x", "y", name="xy"), existing_nullable=True, postgresql_using="a::xy")

#: alter column: server default
op.alter_column("t", "a", server_default="5")
#: down
op.alter_column("t", "a", server_default=None)

#: alter column: server default text
op.alter_column("t", "a", server_default=sa.text("now()"), existing_type=sa.DateTime())

#: alter column: server default func
op.alter_column("t", "a", server_default=sa.func.now())

#: alter column: server default false and true
op.alter_column("t", "a", server_default=sa.false())
op.alter_column("t", "b", server_default=sa.sql.expression.true(), nullable=False)

#: alter column: rename
op.alter_column("t", "a", new_column_name="b")
#: down
op.alter_column("t", "b", new_column_name="a", existing_type=sa.Integer())

#: alter column: comment
op.alter_column("t", "a", comment="it's so", existing_type=sa.Text())
#: down
op.alter_column("t", "a", comment=None, existing_comment="it's so", existing_type=sa.Text())

#: alter column: everything at once
op.alter_column("t", "a", new_column_name="b", nullable=False, type_=sa.Text(), server_default="x", comment="c", existing_type=sa.Integer(), schema="s", postgresql_using="a::text")

#: alter column: schema and quotes
op.alter_column("Order", "Select", nullable=False, schema="My Schema")

#: alter column: nothing to do
op.alter_column("t", "a", existing_type=sa.Integer(), existing_nullable=False)

#: alter column: identity added
op.alter_column("t", "id", server_default=sa.Identity(always=True, start=10))

#: alter column: identity changed
op.alter_column("t", "id", server_default=sa.Identity(always=False, start=20), existing_server_default=sa.Identity(always=True))

#: alter column: identity dropped
op.alter_column("t", "id", server_default=None, existing_server_default=sa.Identity(always=True))

#: alter column: autoincrement
op.alter_column("t", "id", autoincrement=True, existing_type=sa.Integer())

#: alter column: boolean
op.alter_column("t", "a", existing_type=sa.Boolean(), nullable=False, server_default="true")

#: alter column: varchar to text
op.alter_column("t", "a", existing_type=sa.VARCHAR(length=255), type_=sa.Text(), existing_nullable=True)
#: down
op.alter_column("t", "a", existing_type=sa.Text(), type_=sa.VARCHAR(length=255), existing_nullable=True)

#: alter column: timezone
op.alter_column("t", "a", existing_type=postgresql.TIMESTAMP(), type_=sa.DateTime(timezone=True), existing_nullable=False, postgresql_using="a AT TIME ZONE 'UTC'")

#: alter column: array
op.alter_column("t", "a", type_=postgresql.ARRAY(sa.Text()), postgresql_using="ARRAY[a]")

#: batch: several
with op.batch_alter_table("t", schema=None) as batch_op:
    batch_op.add_column(sa.Column("a", sa.Integer(), nullable=True))
    batch_op.alter_column("b", existing_type=sa.Integer(), nullable=False)
    batch_op.create_index(batch_op.f("ix_t_a"), ["a"], unique=False)
    batch_op.create_unique_constraint("uq_b", ["b"])
    batch_op.create_foreign_key("fk_c", "c", ["c_id"], ["id"], ondelete="CASCADE")
    batch_op.create_check_constraint("positive", "a > 0")
    batch_op.drop_column("d")
#: down
with op.batch_alter_table("t", schema="s") as batch_op:
    batch_op.add_column(sa.Column("d", sa.Text()))
    batch_op.drop_constraint("fk_c", type_="foreignkey")
    batch_op.drop_constraint("uq_b", type_="unique")
    batch_op.drop_index(batch_op.f("ix_t_a"))
    batch_op.drop_column("a")

#: batch: primary key and execute
with op.batch_alter_table("t") as batch_op:
    batch_op.create_primary_key("pk_t", ["a", "b"])
    batch_op.execute("UPDATE t SET a = 1")
    batch_op.create_table_comment("words")
    batch_op.drop_table_comment()

#: batch: recreate has no effect
with op.batch_alter_table("t", recreate="auto", naming_convention={"ix": "ix_%(column_0_label)s"}) as batch_op:
    batch_op.alter_column("a", new_column_name="z", existing_type=sa.Text())

#: batch: empty
with op.batch_alter_table("t"):
    pass
