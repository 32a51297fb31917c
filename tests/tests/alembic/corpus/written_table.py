# As people write them: tables.

import datetime
import enum

#: create table, plain
op.create_table("users", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(50), nullable=True))
#: down
op.drop_table("users")

#: create table, autoincrement primary key by constraint
op.create_table("users", sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("users")

#: create table, autoincrement primary key by column
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))
#: down
op.drop_table("users", schema=None)

#: create table, big serial
op.create_table("users", sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False), sa.PrimaryKeyConstraint("id", name="users_pkey"))

#: create table, small serial
op.create_table("users", sa.Column("id", sa.SmallInteger(), primary_key=True))

#: create table, primary key without autoincrement
op.create_table("users", sa.Column("id", sa.Integer(), autoincrement=False, nullable=False), sa.PrimaryKeyConstraint("id"))

#: create table, two columns in the primary key
op.create_table("membership", sa.Column("user_id", sa.Integer(), nullable=False), sa.Column("group_id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("user_id", "group_id", name=op.f("pk_membership")))

#: create table, primary key of a text
op.create_table("settings", sa.Column("key", sa.String(), primary_key=True), sa.Column("value", sa.Text(), nullable=False))

#: create table, primary key with foreign key does not count
op.create_table("profile", sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), primary_key=True))

#: create table, primary key with a default does not count
op.create_table("t", sa.Column("id", sa.Integer(), server_default=sa.text("nextval('s')"), primary_key=True))

#: create table with a schema
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), schema="auth")
#: down
op.drop_table("users", schema="auth")

#: create table with comments
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True, comment="the user's number"), sa.Column("name", sa.Text(), comment="100 % of the name"), comment="Who may sign in")

#: create table, foreign key constraints
op.create_table(
    "orders",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("user_id", sa.Integer(), nullable=True),
    sa.Column("item_id", sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
    sa.ForeignKeyConstraint(["item_id"], ["shop.items.id"], name="fk_item", ondelete="CASCADE", onupdate="SET NULL"),
    sa.PrimaryKeyConstraint("id"),
)
#: down
op.drop_table("orders")

#: create table, foreign key deferrable
op.create_table("a", sa.Column("b_id", sa.Integer()), sa.ForeignKeyConstraint(["b_id"], ["b.id"], deferrable=True, initially="DEFERRED"))

#: create table, foreign key match full
op.create_table("a", sa.Column("x", sa.Integer()), sa.Column("y", sa.Integer()), sa.ForeignKeyConstraint(("x", "y"), ("b.x", "b.y"), name="both", match="FULL"))

#: create table, foreign key in the column
op.create_table("a", sa.Column("b_id", sa.Integer(), sa.ForeignKey("b.id", name="fk_a_b", ondelete="CASCADE"), nullable=False))

#: create table, foreign key in the column with a schema
op.create_table("a", sa.Column("b_id", sa.Integer(), sa.ForeignKey("other.b.id")), schema="mine")

#: create table, foreign key to itself
op.create_table("node", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("parent_id", sa.Integer(), sa.ForeignKey("node.id")))

#: create table, two foreign keys in columns
op.create_table("link", sa.Column("a_id", sa.Integer(), sa.ForeignKey("a.id"), primary_key=True), sa.Column("b_id", sa.Integer(), sa.ForeignKey("b.id"), primary_key=True))

#: create table, unique constraints
op.create_table("users", sa.Column("email", sa.String(), unique=True), sa.Column("x", sa.Integer()), sa.Column("y", sa.Integer()), sa.UniqueConstraint("x", "y"), sa.UniqueConstraint("y", name="uq_y"))

#: create table, unique constraint deferrable
op.create_table("t", sa.Column("x", sa.Integer()), sa.UniqueConstraint("x", name="uq", deferrable=True, initially="IMMEDIATE"))

#: create table, unique nulls not distinct
op.create_table("t", sa.Column("x", sa.Integer()), sa.UniqueConstraint("x", name="uq", postgresql_nulls_not_distinct=True))

#: create table, unique with include
op.create_table("t", sa.Column("x", sa.Integer()), sa.Column("y", sa.Integer()), sa.UniqueConstraint("x", name="uq", postgresql_include=["y"]))

#: create table, check constraints
op.create_table("t", sa.Column("x", sa.Integer()), sa.CheckConstraint("x > 0"), sa.CheckConstraint(sa.text("x < 100"), name="small"))

#: create table, check constraint in the column
op.create_table("t", sa.Column("x", sa.Integer(), sa.CheckConstraint("x > 0", name="positive")))

#: create table, exclude constraint
op.create_table("t", sa.Column("room", sa.Integer()), sa.Column("during", postgresql.TSRANGE()), postgresql.ExcludeConstraint((sa.column("room"), "="), (sa.column("during"), "&&"), name="no_overlap", using="gist"))

#: create table, exclude constraint with where
op.create_table("t", sa.Column("room", sa.Integer()), postgresql.ExcludeConstraint((sa.column("room"), "="), name="x", where=sa.text("room > 3"), using="gist"))

#: create table, indexed columns
op.create_table("t", sa.Column("a", sa.Integer(), index=True), sa.Column("b", sa.Integer()), sa.Column("c", sa.Integer(), index=True, unique=True))

#: create table with a given index
op.create_table("t", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()), sa.Index("ix_ab", "a", "b"))

#: create table, server defaults
op.create_table(
    "t",
    sa.Column("a", sa.Integer(), server_default="5"),
    sa.Column("b", sa.Integer(), server_default=sa.text("5")),
    sa.Column("c", sa.DateTime(), server_default=sa.func.now()),
    sa.Column("d", sa.DateTime(), server_default=sa.text("now()"), nullable=False),
    sa.Column("e", sa.Boolean(), server_default=sa.false()),
    sa.Column("f", sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column("g", sa.Text(), server_default="it's"),
    sa.Column("h", sa.Text(), server_default=""),
    sa.Column("i", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb")),
    sa.Column("j", sa.DateTime(), server_default=sa.sql.func.current_timestamp()),
    sa.Column("k", sa.Text(), server_default=sa.literal("x")),
    sa.Column("l", sa.Text(), server_default=sa.text("'a:b'")),
)

#: create table, client side options change nothing
op.create_table("t", sa.Column("a", sa.Integer(), default=3, onupdate=4, info={"x": 1}, doc="words"))

#: create table, identity
op.create_table("t", sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True), sa.Column("n", sa.BigInteger(), sa.Identity(always=True, start=10, increment=5, minvalue=1, maxvalue=1000, cycle=True, cache=3)))

#: create table, identity without bounds
op.create_table("t", sa.Column("id", sa.Integer(), sa.Identity(always=False, nominvalue=True, nomaxvalue=True), nullable=False))

#: create table, computed
op.create_table("t", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer(), sa.Computed("a * 2", persisted=True)), sa.Column("c", sa.Integer(), sa.Computed("a + 1")))

#: create table, sequence in the column
op.create_table("t", sa.Column("id", sa.Integer(), sa.Sequence("t_id_seq"), primary_key=True))

#: create table if not exists
op.create_table("t", sa.Column("a", sa.Integer()), if_not_exists=True)
#: down
op.drop_table("t", if_exists=True)

#: create table, prefixes
op.create_table("t", sa.Column("a", sa.Integer()), prefixes=["UNLOGGED"])

#: create table, partition by
op.create_table("t", sa.Column("a", sa.Integer()), postgresql_partition_by="RANGE (a)")

#: create table, with storage options
op.create_table("t", sa.Column("a", sa.Integer()), postgresql_with_oids=False, postgresql_tablespace="fast", postgresql_using="heap")

#: create table, on commit and inherits
op.create_table("t", sa.Column("a", sa.Integer()), postgresql_inherits=("p", "q"))
op.create_table("u", sa.Column("a", sa.Integer()), prefixes=["TEMPORARY"], postgresql_on_commit="DROP")

#: create table, names that need quotes
op.create_table("User", sa.Column("Id", sa.Integer(), primary_key=True), sa.Column("order", sa.Integer()), sa.Column("two words", sa.Text()), sa.Column("naïve", sa.Text()), sa.Column("1st", sa.Text()), sa.Column("a$b", sa.Text()), sa.Column("per%cent", sa.Text()), sa.Column("_x", sa.Text()), sa.UniqueConstraint("Id", "order", name="Uq One"))
#: down
op.drop_table("User")

#: create table, reserved words as names
op.create_table("user", sa.Column("select", sa.Integer()), sa.Column("value", sa.Integer()), sa.Column("desc", sa.Text()), sa.Column("end", sa.Text()), sa.Column("key", sa.Text()), sa.Column("default", sa.Text()), sa.Column("limit", sa.Text()), sa.Column("type", sa.Text()), sa.Column("timestamp", sa.Text()), sa.Column("analyse", sa.Text()))

#: create table, quoted names
op.create_table(sa.sql.quoted_name("plain", True), sa.Column(sa.sql.quoted_name("Mixed", False), sa.Integer()))

#: create table, key of a column
op.create_table("t", sa.Column("a", sa.Integer(), key="alpha"), sa.UniqueConstraint("alpha", name="uq"))

#: rename table
op.rename_table("old", "new")
#: down
op.rename_table("new", "old", schema="s")

#: table comment
op.create_table_comment("t", "what it's for", existing_comment=None, schema="s")
#: down
op.drop_table_comment("t", existing_comment="what it's for")

#: several tables
op.create_table("a", sa.Column("id", sa.Integer(), primary_key=True))
op.create_table("b", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a_id", sa.Integer()), sa.ForeignKeyConstraint(["a_id"], ["a.id"], name=op.f("fk_b_a_id_a"), ondelete="RESTRICT"))
#: down
op.drop_table("b")
op.drop_table("a")

#: table with an enum used twice
kind = sa.Enum("x", "y", name="kind")
op.create_table("a", sa.Column("k", kind), sa.Column("l", kind, nullable=False, server_default="x"))
#: down
op.drop_table("a")
sa.Enum(name="kind").drop(op.get_bind(), checkfirst=False)

#: two tables with one enum
kind = postgresql.ENUM("x", "y", name="kind", create_type=False)
kind.create(op.get_bind(), checkfirst=True)
op.create_table("a", sa.Column("k", kind))
op.create_table("b", sa.Column("k", kind))
#: down
op.drop_table("b")
op.drop_table("a")
postgresql.ENUM("x", "y", name="kind").drop(op.get_bind(), checkfirst=True)

#: create table answers a table
t = op.create_table("t", sa.Column("id", sa.Integer()), sa.Column("name", sa.String()))
op.bulk_insert(t, [{"id": 1, "name": "one"}, {"id": 2, "name": "it's"}])

#: table from a list of columns
op.create_table("t", *COLUMNS)
#: module
COLUMNS = [sa.Column("a", sa.Integer()), sa.Column("b", sa.Text())]

#: table of columns made by a function
for name in ("a", "b"):
    op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True), *stamps())
#: down
for name in reversed(("a", "b")):
    op.drop_table(name)
#: module
def stamps():
    return [sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False), sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True)]
