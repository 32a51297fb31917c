# Columns: added and dropped, with everything that a column can have.

#: a column
op.add_column("users", sa.Column("age", sa.Integer(), nullable=True))
#: down
op.drop_column("users", "age")

#: a column in a schema
op.add_column("users", sa.Column("age", sa.Integer()), schema="s")
#: down
op.drop_column("users", "age", schema="s")

#: a schema with a dot
op.add_column("users", sa.Column("age", sa.Integer()), schema="db.s")
#: down
op.drop_column("users", "age", schema="db.s")

#: if_not_exists and if_exists
op.add_column("users", sa.Column("maybe", sa.Integer()), if_not_exists=True)
#: down
op.drop_column("users", "maybe", if_exists=True)

#: options for other databases
op.drop_column("users", "old", mssql_drop_default=True, mssql_drop_check=True)
#: down
op.add_column("users", sa.Column("old", sa.Integer()))

#: a column that is not null
op.add_column("users", sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False))
#: down
op.drop_column("users", "active")

#: a column with a comment
op.add_column("users", sa.Column("Note", sa.Text(), comment="what's up"), schema="s")
#: down
op.drop_column("users", "Note", schema="s")

#: a column with an index
op.add_column("users", sa.Column("email", sa.String(100), index=True))
#: down
op.drop_index("ix_users_email", "users")
op.drop_column("users", "email")

#: a column with a unique index
op.add_column("users", sa.Column("email", sa.String(100), index=True, unique=True), schema="s")
#: down
op.drop_index(op.f("ix_s_users_email"), table_name="users", schema="s")

#: a unique column
op.add_column("users", sa.Column("login", sa.String(100), unique=True))
#: down
op.drop_column("users", "login")

#: a column with a foreign key
op.add_column("users", sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id"), nullable=True))
#: down
op.drop_column("users", "team_id")

#: a column with a named foreign key
op.add_column("users", sa.Column("team_id", sa.Integer(), sa.ForeignKey("s.teams.id", name="fk_team", ondelete="CASCADE", onupdate="NO ACTION", match="FULL", deferrable=False)))
#: down
op.drop_constraint("fk_team", "users", type_="foreignkey")

#: a column with an inline reference
op.add_column("users", sa.Column("team_id", sa.Integer(), sa.ForeignKey("s.teams.id", name="fk", ondelete="SET NULL", deferrable=True, initially="IMMEDIATE")), inline_references=True)
#: down
op.drop_column("users", "team_id")

#: a column with a check
op.add_column("users", sa.Column("age", sa.Integer(), sa.CheckConstraint("age >= 0", name="ck_age")))
#: down
op.drop_constraint("ck_age", "users", type_="check")

#: a column with an unnamed check
op.add_column("users", sa.Column("age", sa.Integer(), sa.CheckConstraint("age < 200")))
#: down
op.drop_column("users", "age")

#: a column that is the primary key
op.add_column("users", sa.Column("id", sa.BigInteger(), primary_key=True))
#: down
op.drop_column("users", "id")

#: a column that is the primary key in place
op.add_column("users", sa.Column("id", sa.Integer(), primary_key=True), inline_primary_key=True)
#: down
op.drop_column("users", "id")

#: an identity
op.add_column("users", sa.Column("number", sa.Integer(), sa.Identity()))
op.add_column("users", sa.Column("number2", sa.BigInteger(), sa.Identity(always=True, start=42, increment=2, cycle=True)))
op.add_column("users", sa.Column("number3", sa.BigInteger(), sa.Identity(minvalue=1, maxvalue=1000, cache=10, cycle=False), nullable=True))
op.add_column("users", sa.Column("number4", sa.BigInteger(), sa.Identity(nominvalue=True, nomaxvalue=True)))
#: down
op.drop_column("users", "number")

#: a computed column
op.add_column("users", sa.Column("full", sa.Text(), sa.Computed("first || ' ' || last", persisted=True)))
op.add_column("users", sa.Column("area", sa.Integer(), sa.Computed(sa.text("w * h"), persisted=True), nullable=False))
op.add_column("users", sa.Column("virtual", sa.Integer(), sa.Computed("w + h", persisted=False)))
op.add_column("users", sa.Column("either", sa.Integer(), sa.Computed(sa.column("w") + sa.column("h"))))
#: down
op.drop_column("users", "full")

#: Python's defaults change nothing
op.add_column("users", sa.Column("a", sa.Integer(), default=5, onupdate=6))
op.add_column("users", sa.Column("b", sa.DateTime(), default=sa.func.now(), info={"x": 1}, doc="b"))
#: down
op.drop_column("users", "a")
op.drop_column("users", "b")

#: SERIAL columns of each size
op.create_table("s1", sa.Column("id", sa.SmallInteger(), primary_key=True))
op.create_table("s2", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("s3", sa.Column("id", sa.BigInteger(), primary_key=True))
op.create_table("s4", sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True))
#: down
for name in ("s1", "s2", "s3", "s4"):
    op.drop_table(name)

#: numbers that are not SERIAL
op.create_table("n1", sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False))
op.create_table("n2", sa.Column("id", sa.Integer(), server_default="7", primary_key=True))
op.create_table("n3", sa.Column("id", sa.Integer(), sa.ForeignKey("o.id"), primary_key=True))
op.create_table("n4", sa.Column("id", sa.Integer(), default=1, primary_key=True))
op.create_table("n5", sa.Column("id", sa.Integer(), sa.Sequence("n5_seq"), primary_key=True))
op.create_table("n6", sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True))
op.create_table("n7", sa.Column("id", sa.Numeric(10, 0), primary_key=True))
op.create_table("n8", sa.Column("id", sa.Integer(), nullable=False), sa.ForeignKeyConstraint(["id"], ["o.id"]), sa.PrimaryKeyConstraint("id"))
op.create_table("n9", sa.Column("id", sa.Integer(), autoincrement=True))
#: down
op.drop_table("n9")

#: numbers despite everything
op.create_table("d1", sa.Column("id", sa.Integer(), sa.ForeignKey("o.id"), primary_key=True, autoincrement=True))
op.create_table("d2", sa.Column("id", sa.Integer(), sa.ForeignKey("o.id"), primary_key=True, autoincrement="ignore_fk"))
op.create_table("d3", sa.Column("id", sa.Integer(), sa.Sequence("d3_seq", optional=True), primary_key=True))
op.create_table("d4", sa.Column("id", sa.Integer(), autoincrement=True, nullable=False), sa.PrimaryKeyConstraint("id"))
op.create_table("d5", sa.Column("id", sa.Integer(), primary_key=True, autoincrement="auto"))
#: down
op.drop_table("d1")

#: an identity as the primary key
op.create_table("i1", sa.Column("id", sa.BigInteger(), sa.Identity(always=True, start=1, increment=1, minvalue=1, maxvalue=9223372036854775807, cycle=False, cache=1), nullable=False), sa.PrimaryKeyConstraint("id"))
op.create_table("i2", sa.Column("id", sa.Integer(), sa.Identity(always=False), autoincrement=True, nullable=False), sa.PrimaryKeyConstraint("id", name="pk_i2"))
#: down
op.drop_table("i1")

#: a column by keyword arguments
op.add_column("users", sa.Column(name="kw", type_=sa.String(3), nullable=False, server_default="x"))
#: down
op.drop_column("users", "kw")

#: several columns
op.add_column("users", sa.Column("a", sa.Integer()))
op.add_column("users", sa.Column("b", sa.Integer()))
op.add_column("users", sa.Column("c", sa.Integer()))
#: down
op.drop_column("users", "c")
op.drop_column("users", "b")
op.drop_column("users", "a")

#: a foreign key to another schema by a column of a table
op.add_column("users", sa.Column("x", sa.Integer(), sa.ForeignKey(teams.c.id)))
#: module
teams = sa.Table("teams", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), schema="other")
#: down
op.drop_column("users", "x")

#: a nullable primary key
op.create_table("odd", sa.Column("id", sa.Integer(), primary_key=True, nullable=True))
#: down
op.drop_table("odd")

#: a column with autoincrement that is no key
op.add_column("users", sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False))
#: down
op.drop_column("users", "seq")
