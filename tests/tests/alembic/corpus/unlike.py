# Where Alembic's offline mode does not write what the same migration does on a database. Cofferdam writes what the database
# gets, or says that it cannot be known.
import datetime

t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String), sa.column("at", sa.DateTime))

#: a parameter without a value
#: differs Alembic writes NULL for it; on a database the migration fails
op.execute("UPDATE t SET b = ':missing'")
#: down
pass

#: JSON in a text
#: differs Alembic takes :1 for a parameter and writes NULL; on a database the migration fails
op.execute("INSERT INTO t (b) VALUES ('{\"a\":1}')")
#: down
pass

#: values beside a statement
#: differs Alembic writes NULL for them; the database gets the values
op.get_bind().execute(sa.text("UPDATE t SET b = :b WHERE a = :a"), {"a": 1, "b": "it's"})
#: down
pass

#: rows beside an insert
#: differs Alembic writes the names of its parameters; the database gets the rows
op.get_bind().execute(t.insert(), [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}])
#: down
pass

#: Python's default in an insert
#: differs Alembic writes NULL for it; the database gets the default
made = sa.Table("made", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.String, default="z"))
op.execute(made.insert().values(id=1))
#: down
pass

#: a type of one name with a later table
#: differs Alembic brings a type of one name only once in one run, even after it was dropped
op.create_table("again", sa.Column("mood", sa.Enum("sad", "ok", "happy", name="mood01"), nullable=False))
#: down
op.drop_table("again")
