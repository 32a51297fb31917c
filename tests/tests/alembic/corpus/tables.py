# Tables: created, dropped, renamed, commented.

#: a table with a primary key
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("email", sa.String(length=255), nullable=False),
    sa.Column("name", sa.String(), nullable=True),
    sa.PrimaryKeyConstraint("id"),
)
#: down
op.drop_table("users")

#: a table in a schema
op.create_table("audit", sa.Column("id", sa.BigInteger(), primary_key=True), schema="log")
#: down
op.drop_table("audit", schema="log")

#: names that need quotes
op.create_table("User", sa.Column("Id", sa.Integer, primary_key=True), sa.Column("order", sa.Integer), sa.Column("has space", sa.Text), sa.Column("1st", sa.Text), sa.Column("dollar$", sa.Text), sa.Column('quo"te', sa.Text), schema="My Schema")
#: down
op.drop_table("User", schema="My Schema")

#: a table without columns
op.create_table("nothing")
#: down
op.drop_table("nothing")

#: if_not_exists and if_exists
op.create_table("maybe", sa.Column("id", sa.Integer), if_not_exists=True)
#: down
op.drop_table("maybe", if_exists=True)

#: comments on a table and its columns
op.create_table("noted", sa.Column("id", sa.Integer, comment="the key's number"), sa.Column("b", sa.Text), sa.Column("C", sa.Text, comment="third"), comment="It's a 'table'", schema="s")
#: down
op.drop_table("noted", schema="s")

#: an unlogged table
op.create_table("fast", sa.Column("id", sa.Integer), prefixes=["UNLOGGED"])
#: down
op.drop_table("fast")

#: a temporary table
op.create_table("temp", sa.Column("id", sa.Integer), prefixes=["TEMPORARY"], postgresql_on_commit="PRESERVE_ROWS")
#: down
op.drop_table("temp")

#: a partitioned table
op.create_table("events", sa.Column("id", sa.BigInteger, nullable=False), sa.Column("day", sa.Date, nullable=False), sa.PrimaryKeyConstraint("id", "day"), postgresql_partition_by="RANGE (day)")
#: down
op.drop_table("events")

#: storage parameters
op.create_table("stored", sa.Column("id", sa.Integer), postgresql_with={"fillfactor": 70, "autovacuum_enabled": False})
#: down
op.drop_table("stored")

#: a tablespace
op.create_table("spaced", sa.Column("id", sa.Integer), postgresql_tablespace="fast disk")
#: down
op.drop_table("spaced")

#: a table that inherits
op.create_table("child", sa.Column("extra", sa.Integer), postgresql_inherits="parent")
#: down
op.drop_table("child")

#: a table that inherits from two
op.create_table("child2", sa.Column("extra", sa.Integer), postgresql_inherits=("parent", "Other"))
#: down
op.drop_table("child2")

#: another access method
op.create_table("columnar", sa.Column("id", sa.Integer), postgresql_using="heap")
#: down
op.drop_table("columnar")

#: every option of a table at once
op.create_table("all_of_it", sa.Column("id", sa.Integer), postgresql_inherits=["p"], postgresql_with={"fillfactor": 50}, postgresql_on_commit="DROP", postgresql_tablespace="ts", prefixes=["GLOBAL", "TEMPORARY"], info={"a": 1})
#: down
op.drop_table("all_of_it")

#: options for other databases
op.create_table("portable", sa.Column("id", sa.Integer), mysql_engine="InnoDB", mysql_charset="utf8mb4", sqlite_autoincrement=True)
#: down
op.drop_table("portable")

#: renamed tables
op.rename_table("old", "new")
op.rename_table("Old", "New Name", schema="s")
#: down
op.rename_table("new", "old")
op.rename_table("New Name", "Old", schema="s")

#: comments on tables
op.create_table_comment("users", "Who may log in", existing_comment=None)
op.create_table_comment("users", "Who's who", schema="s")
#: down
op.drop_table_comment("users", existing_comment="Who may log in")
op.drop_table_comment("users", schema="s")

#: a composite primary key
op.create_table("membership", sa.Column("user_id", sa.Integer(), nullable=False), sa.Column("team_id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("user_id", "team_id"))
#: down
op.drop_table("membership")

#: a composite primary key by flags
op.create_table("membership2", sa.Column("user_id", sa.Integer(), primary_key=True), sa.Column("team_id", sa.Integer(), primary_key=True))
#: down
op.drop_table("membership2")

#: a composite key with a number
op.create_table("versioned", sa.Column("name", sa.String(10), primary_key=True), sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True))
#: down
op.drop_table("versioned")

#: a named primary key
op.create_table("keyed", sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed")))
#: down
op.drop_table("keyed")

#: a primary key of texts
op.create_table("settings", sa.Column("key", sa.String(50), primary_key=True), sa.Column("value", sa.Text()))
#: down
op.drop_table("settings")

#: a primary key of UUID
op.create_table("items", sa.Column("id", postgresql.UUID(as_uuid=True), server_default=sa.text("gen_random_uuid()"), nullable=False), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("items")

#: tables that refer to each other
op.create_table("authors", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("best_id", sa.Integer(), sa.ForeignKey("books.id", use_alter=True, name="fk_best")))
op.create_table("books", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("author_id", sa.Integer(), sa.ForeignKey("authors.id"), nullable=False))
op.create_foreign_key("fk_best", "authors", "books", ["best_id"], ["id"])
#: down
op.drop_constraint("fk_best", "authors", type_="foreignkey")
op.drop_table("books")
op.drop_table("authors")

#: a table that refers to itself
op.create_table("nodes", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("parent_id", sa.Integer(), sa.ForeignKey("nodes.id", ondelete="CASCADE")))
#: down
op.drop_table("nodes")

#: constraints of every kind in a table
op.create_table(
    "everything",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("a", sa.Integer(), nullable=True),
    sa.Column("b", sa.Integer(), nullable=True),
    sa.Column("during", postgresql.TSRANGE(), nullable=True),
    sa.CheckConstraint("a > 0", name="a_positive"),
    sa.CheckConstraint(sa.column("b") > 0),
    sa.ForeignKeyConstraint(["a", "b"], ["others.x", "others.y"], name="fk_others", ondelete="SET NULL", onupdate="CASCADE", deferrable=True, initially="DEFERRED"),
    sa.ForeignKeyConstraint(["a"], ["s.more.id"]),
    sa.UniqueConstraint("a", "b", name="uq_ab"),
    sa.UniqueConstraint("b"),
    postgresql.ExcludeConstraint(("during", "&&"), ("a", "="), name="no_overlap", using="gist"),
    sa.PrimaryKeyConstraint("id"),
)
#: down
op.drop_table("everything")

#: columns with indexes
op.create_table("indexed", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.Integer(), index=True), sa.Column("b", sa.Integer(), index=True, unique=True), sa.Column("c", sa.Integer(), unique=True))
#: down
op.drop_table("indexed")

#: columns with indexes in a schema
op.create_table("indexed", sa.Column("id", sa.Integer(), index=True), sa.Column("Big", sa.Integer(), index=True), schema="s")
#: down
op.drop_table("indexed", schema="s")

#: an index beside its columns
op.create_table("beside", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()), sa.Index("ix_beside", "a", "b", unique=True, postgresql_where=sa.text("a > 1")), sa.Index("ix_beside_gin", "b", postgresql_using="gin"))
#: down
op.drop_index("ix_beside", table_name="beside")
op.drop_table("beside")

#: a table for a query
users = op.create_table("people", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20)))
op.bulk_insert(users, [{"id": 1, "name": "Ada"}, {"id": 2, "name": "O'Neil"}])
op.execute(users.update().where(users.c.id == 1).values(name="Lovelace"))
#: down
op.drop_table("people")

#: a column with a key
op.create_table("renamed", sa.Column("real_name", sa.Integer(), key="k"), sa.UniqueConstraint("k", name="uq_k"))
#: down
op.drop_table("renamed")

#: quoted names on demand
op.create_table(sa.sql.quoted_name("forced", quote=True), sa.Column(sa.sql.quoted_name("Raw", quote=False), sa.Integer()), sa.Column("plain", sa.Integer(), quote=True))
#: down
op.drop_table(sa.sql.quoted_name("forced", quote=True))

#: CREATE TABLE by a Table of its own
#: module
metadata = sa.MetaData()
own = sa.Table("own", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", sa.DateTime, index=True), schema="s")
#: down
own.drop(op.get_bind())

#: a Table created and dropped
metadata = sa.MetaData(schema="m")
made = sa.Table("made", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text, comment="n"))
made.create(op.get_bind(), checkfirst=True)
#: down
sa.Table("made", sa.MetaData()).drop(op.get_bind(), checkfirst=False)

#: DDL of SQLAlchemy's own
op.execute(sa.schema.CreateSequence(sa.Sequence("numbers", start=10, increment=5)))
op.execute(sa.schema.CreateSchema("extra"))
op.execute(sa.schema.CreateSchema("extra", if_not_exists=True))
op.execute(sa.DDL("ALTER TABLE x SET (fillfactor = 50)"))
#: down
op.execute(sa.schema.DropSchema("extra", cascade=True, if_exists=True))
op.execute(sa.schema.DropSequence(sa.Sequence("numbers", schema="s")))

#: sequences
sa.Sequence("order_numbers", start=1000, minvalue=1, maxvalue=99999, cache=5, cycle=True).create(op.get_bind())
sa.Sequence("typed", data_type=sa.SmallInteger, schema="s").create(op.get_bind(), checkfirst=False)
#: down
sa.Sequence("order_numbers").drop(op.get_bind())

#: a MetaData and an option of the search path in create_table
op.create_table("with_metadata", sa.MetaData(), sa.Column("a", sa.Integer), postgresql_ignore_search_path=True)
#: down
op.drop_table("with_metadata")

#: create_all of several tables
metadata = sa.MetaData()
z = sa.Table("all_z", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.ForeignKey("all_b.id")))
sa.Table("all_b", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("c", sa.Integer, sa.ForeignKey("all_c.id"), index=True))
sa.Table("all_a", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("up", sa.Integer, sa.ForeignKey("all_a.id")))
sa.Table("all_c", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", sa.Enum("x", "y", name="all_kind")))
metadata.create_all(op.get_bind())
metadata.tables["all_z"].drop(op.get_bind(), checkfirst=False)
#: down
metadata = sa.MetaData()
b = sa.Table("all_b", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("c", sa.ForeignKey("all_c.id")))
c = sa.Table("all_c", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", sa.Enum("x", "y", name="all_kind")))
a = sa.Table("all_a", metadata, sa.Column("id", sa.Integer, primary_key=True))
metadata.drop_all(bind=op.get_bind())
metadata.create_all(op.get_bind(), tables=[c, a], checkfirst=True)
