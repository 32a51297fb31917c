# Names that SQLAlchemy's recommended naming convention gives.

#: constraints without names
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("team_id", sa.Integer(), nullable=True),
    sa.Column("email", sa.String(50), nullable=True),
    sa.ForeignKeyConstraint(["team_id"], ["teams.id"]),
    sa.UniqueConstraint("email"),
    sa.UniqueConstraint("email", "team_id"),
    sa.PrimaryKeyConstraint("id"),
)
#: down
op.drop_table("users")

#: constraints with final names
op.create_table("users2", sa.Column("id", sa.Integer(), nullable=False), sa.Column("a", sa.Integer()), sa.CheckConstraint("a > 1", name=op.f("ck_users2_a")), sa.ForeignKeyConstraint(["a"], ["o.id"], name=op.f("fk_users2_a_o")), sa.UniqueConstraint("a", name=op.f("uq_users2_a")), sa.PrimaryKeyConstraint("id", name=op.f("pk_users2")))
#: down
op.drop_table("users2")

#: constraints with names
op.create_table("users3", sa.Column("id", sa.Integer(), nullable=False), sa.Column("a", sa.Integer()), sa.CheckConstraint("a > 1", name="positive"), sa.ForeignKeyConstraint(["a"], ["o.id"], name="my_fk"), sa.UniqueConstraint("a", name="my_uq"), sa.PrimaryKeyConstraint("id", name="my_pk"))
#: down
op.drop_constraint("my_uq", "users3", type_="unique")
op.drop_constraint("my_fk", "users3", type_="foreignkey")
op.drop_constraint("my_pk", "users3", type_="primary")
op.drop_constraint("positive", "users3", type_="check")
op.drop_constraint("positive", "users3")
op.drop_constraint(op.f("positive"), "users3", type_="check")

#: columns with keys, indexes and references
op.create_table("users4", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer(), index=True), sa.Column("b", sa.Integer(), unique=True), sa.Column("c", sa.Integer(), sa.ForeignKey("s.others.id")), sa.Column("d", sa.Integer(), sa.ForeignKey("others.id", name="fk_d")), sa.Column("e", sa.Integer(), index=True, unique=True), schema="s")
#: down
op.drop_table("users4", schema="s")

#: a column with a check
op.create_table("users5", sa.Column("a", sa.Integer(), sa.CheckConstraint("a > 1", name="pos")), sa.Column("b", sa.Enum("x", "y", name="kind", native_enum=False, create_constraint=True)))
op.add_column("users5", sa.Column("c", sa.Integer(), sa.CheckConstraint("c > 1", name="c_pos")))
op.add_column("users5", sa.Column("d", sa.Enum("x", name="kind2", native_enum=False, create_constraint=True)))
#: down
op.drop_table("users5")

#: added columns
op.add_column("users", sa.Column("a", sa.Integer(), sa.ForeignKey("o.id")))
op.add_column("users", sa.Column("b", sa.Integer(), unique=True))
op.add_column("users", sa.Column("c", sa.Integer(), index=True), schema="s")
op.add_column("users", sa.Column("d", sa.Integer(), sa.ForeignKey("x.o.id", name=op.f("final"))))
#: down
op.drop_column("users", "a")

#: constraints added without names
op.create_primary_key(None, "t", ["a"])
op.create_unique_constraint(None, "t", ["a", "b"])
op.create_foreign_key(None, "t", "o", ["a"], ["id"])
op.create_foreign_key(None, "t", "o", ["a", "b"], ["x", "y"], source_schema="s", referent_schema="q")
op.create_index(None, "t", ["a"])
op.create_index(None, "t", [sa.text("lower(a)")])
op.create_index(None, "t", ["a"], schema="s", unique=True)
#: down
pass

#: constraints added with names
op.create_primary_key("pk", "t", ["a"])
op.create_unique_constraint("uq", "t", ["a"])
op.create_foreign_key("fk", "t", "o", ["a"], ["id"])
op.create_check_constraint("positive", "t", "a > 1")
op.create_check_constraint("positive", "t", sa.column("a") > 1, schema="s")
op.create_check_constraint(op.f("ck_final"), "t", "a > 1")
op.create_index("ix", "t", ["a"])
#: down
op.drop_index("ix", "t")
op.drop_constraint("positive", "t", type_="check", schema="s")

#: names that grow too long
op.create_table("a_table_with_a_rather_long_name_of_its_own", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("and_a_column_with_a_long_name", sa.Integer(), sa.ForeignKey("another_table_with_a_long_name.id"), index=True, nullable=False))
#: down
op.drop_table("a_table_with_a_rather_long_name_of_its_own")

#: a batch
with op.batch_alter_table("t") as batch_op:
    batch_op.create_unique_constraint(None, ["a"])
    batch_op.create_unique_constraint(batch_op.f("uq_final"), ["a"])
    batch_op.create_foreign_key(None, "o", ["a"], ["id"])
    batch_op.create_check_constraint("positive", "a > 1")
    batch_op.add_column(sa.Column("x", sa.Integer(), index=True))
#: down
with op.batch_alter_table("t") as batch_op:
    batch_op.drop_constraint(batch_op.f("uq_final"), type_="unique")
    batch_op.drop_constraint("positive", type_="check")

#: an identity key and a composite one
op.create_table("keys1", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True))
op.create_table("keys2", sa.Column("a", sa.Integer(), primary_key=True), sa.Column("b", sa.Integer(), primary_key=True))
#: down
op.drop_table("keys2")

#: a Table of its own follows its own convention
sa.Table("own", sa.MetaData(naming_convention={"pk": "own_%(table_name)s", "uq": "uq_%(column_0_N_name)s", "ix": "i_%(column_0_name)s"}), sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer, unique=True), sa.Column("b", sa.Integer, index=True), sa.UniqueConstraint("a", "b")).create(op.get_bind())
sa.Table("plain", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, index=True)).create(op.get_bind())
#: down
pass

#: an enumeration whose check is renamed
op.alter_column("t", "c", existing_type=sa.Enum("a", name="old", native_enum=False, create_constraint=True), type_=sa.Enum("b", name="new", native_enum=False, create_constraint=True))
#: down
op.alter_column("t", "c", type_=sa.Text(), existing_type=sa.Enum("b", name=op.f("ck_new"), native_enum=False, create_constraint=True))
