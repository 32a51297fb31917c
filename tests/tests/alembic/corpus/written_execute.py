# As people write them: statements and data.

import datetime
import enum

#: execute a text
op.execute("UPDATE t SET a = 1")
#: down
op.execute("UPDATE t SET a = NULL")

#: execute sa.text
op.execute(sa.text("UPDATE t SET a = 'x' WHERE b = 3"))

#: execute with a semicolon
op.execute("UPDATE t SET a = 1;")

#: execute several statements
op.execute("UPDATE t SET a = 1; UPDATE t SET b = 2")

#: execute many lines
op.execute("""
    CREATE OR REPLACE FUNCTION touch() RETURNS trigger AS $$
    BEGIN
        NEW.updated_at = now();
        RETURN NEW;
    END;
    $$ LANGUAGE plpgsql
""")
op.execute("CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch()")
#: down
op.execute("DROP TRIGGER touch ON t")
op.execute("DROP FUNCTION touch()")

#: execute with a cast
op.execute("ALTER TABLE t ALTER COLUMN a TYPE integer USING a::integer")

#: execute with an escaped colon
op.execute(sa.text("SELECT 'a\\:b', x::text"))

#: execute with percent signs
op.execute("UPDATE t SET a = 'x' WHERE b LIKE '%y%'")
op.execute(sa.text("UPDATE t SET a = 'x' WHERE b LIKE '%y%'"))

#: execute with a tab
op.execute("SELECT\t1")

#: execute with bound values
op.execute(sa.text("UPDATE t SET a = :a, b = :b, c = :c").bindparams(a="it's", b=5, c=True))

#: execute with bound parameters of types
op.execute(sa.text("UPDATE t SET a = :a WHERE d < :d").bindparams(sa.bindparam("a", value="x", type_=sa.String()), sa.bindparam("d", value=1.5)))

#: execute an f-string
op.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
op.execute(f'SET search_path TO "{SCHEMA}", public')
#: down
op.execute("DROP SCHEMA IF EXISTS %s CASCADE" % SCHEMA)
#: module
SCHEMA = "app"

#: execute an extension
op.execute('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"')
#: down
op.execute('DROP EXTENSION IF EXISTS "uuid-ossp"')

#: execute in an autocommit block
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE mood ADD VALUE 'ok'")
    op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'fine' AFTER 'ok'")
op.execute("UPDATE t SET mood = 'ok'")

#: bind execute
bind = op.get_bind()
bind.execute(sa.text("UPDATE t SET a = 1"))
op.get_bind().execute(sa.text("UPDATE t SET b = :b"), {"b": 3}) if False else None

#: bind dialect
bind = op.get_bind()
if bind.dialect.name == "postgresql":
    op.execute("SELECT 'postgresql'")
else:
    op.execute("SELECT 'other'")

#: context dialect
if op.get_context().dialect.name != "sqlite":
    op.execute("SELECT 1")

#: offline mode
if context.is_offline_mode():
    op.execute("SELECT 'offline'")
else:
    op.execute("SELECT 'online'")
#: module
from alembic import context

#: table update
t = sa.table("t", sa.column("a", sa.String), sa.column("b", sa.Integer))
op.execute(t.update().where(t.c.a == "x").values(b=5))
op.execute(t.update().values({"a": op.inline_literal("y")}))
op.execute(sa.update(t).where(t.c.b.in_([1, 2, 3])).values(a=sa.func.upper(t.c.a)))

#: table insert
t = sa.table("t", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("ok", sa.Boolean))
op.execute(t.insert().values(id=1, name="one", ok=True))
op.execute(sa.insert(t).values(id=2, name=None, ok=False))

#: table delete
t = sa.table("t", sa.column("a", sa.Integer), sa.column("b"))
op.execute(t.delete().where(t.c.a > 5))
op.execute(sa.delete(t).where(sa.and_(t.c.a < 3, t.c.b.is_(None))))
op.execute(t.delete())

#: table insert from select
a = sa.table("a", sa.column("x", sa.Integer), sa.column("y", sa.String))
b = sa.table("b", sa.column("x", sa.Integer), sa.column("y", sa.String))
op.execute(a.insert().from_select(["x", "y"], sa.select(b.c.x, b.c.y).where(b.c.y != "z")))

#: update with a subquery
a = sa.table("a", sa.column("id", sa.Integer), sa.column("total", sa.Integer))
b = sa.table("b", sa.column("a_id", sa.Integer), sa.column("n", sa.Integer))
op.execute(a.update().values(total=sa.select(sa.func.sum(b.c.n)).where(b.c.a_id == a.c.id).scalar_subquery()))

#: update with case
t = sa.table("t", sa.column("a", sa.String), sa.column("n", sa.Integer))
op.execute(t.update().values(n=sa.case((t.c.a == "x", 1), (t.c.a == "y", 2), else_=0)))

#: update with cast and concatenation
t = sa.table("t", sa.column("a", sa.String), sa.column("n", sa.Integer))
op.execute(t.update().values(a=sa.cast(t.c.n, sa.String) + "-" + t.c.a))

#: update with like, between, not
t = sa.table("t", sa.column("a", sa.String), sa.column("n", sa.Integer))
op.execute(t.update().where(t.c.a.like("x%")).values(n=1))
op.execute(t.update().where(t.c.n.between(1, 5)).values(n=2))
op.execute(t.update().where(sa.not_(t.c.a.ilike("y"))).values(n=3))
op.execute(t.update().where(t.c.a.is_not(None)).values(n=t.c.n + 1))
op.execute(t.update().where(~t.c.n.in_([1])).values(n=-1))

#: Table with metadata
metadata = sa.MetaData()
t = sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
op.execute(t.insert().values(id=1, name="a"))
op.execute(t.update().where(t.c.id == 1).values(name="b"))
op.execute(t.delete().where(t.c.name == "b"))

#: table with a schema
t = sa.table("t", sa.column("a", sa.Integer), schema="s")
op.execute(t.update().values(a=1))

#: insert on conflict
t = sa.table("t", sa.column("id", sa.Integer), sa.column("name", sa.String))
op.execute(postgresql.insert(t).values(id=1, name="x").on_conflict_do_nothing(index_elements=["id"]))
op.execute(postgresql.insert(t).values(id=1, name="x").on_conflict_do_nothing())

#: bulk insert
t = sa.table("t", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("day", sa.Date))
op.bulk_insert(t, [{"id": 1, "name": "a", "day": datetime.date(2024, 5, 6)}, {"id": 2, "name": "it's", "day": datetime.date(2024, 1, 2)}])

#: bulk insert with null, bool and float
t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.Boolean), sa.column("c", sa.Float), sa.column("d", sa.String))
op.bulk_insert(t, [{"a": None, "b": True, "c": 1.5, "d": "x"}, {"a": 3, "b": False, "c": 2.0, "d": None}])

#: bulk insert of datetimes
t = sa.table("t", sa.column("at", sa.DateTime))
op.bulk_insert(t, [{"at": datetime.datetime(2024, 5, 6, 7, 8, 9)}])

#: bulk insert of inline literals
t = sa.table("t", sa.column("a", sa.String))
op.bulk_insert(t, [{"a": op.inline_literal("x")}, {"a": op.inline_literal("y")}], multiinsert=False)

#: bulk insert of nothing
t = sa.table("t", sa.column("a", sa.String))
op.bulk_insert(t, [])

#: enum create and drop
sa.Enum("a", "b", name="ab").create(op.get_bind())
#: down
sa.Enum("a", "b", name="ab").drop(op.get_bind())

#: enum create, checkfirst
postgresql.ENUM("a", "b", name="ab").create(op.get_bind(), checkfirst=True)
#: down
postgresql.ENUM("a", "b", name="ab").drop(op.get_bind(), checkfirst=True)

#: enum create, not checkfirst, in a schema
postgresql.ENUM("a", "b", name="ab", schema="types").create(op.get_bind(), checkfirst=False)
#: down
postgresql.ENUM(name="ab", schema="types").drop(op.get_bind(), checkfirst=False)

#: enum of a Python class
op.create_table("t", sa.Column("c", sa.Enum(Color)), sa.Column("d", sa.Enum(Color, name="color_d")))
#: down
op.drop_table("t")
#: module
class Color(enum.Enum):
    RED = "red"
    GREEN = "green"

#: enum of a Python class by values
op.create_table("t", sa.Column("c", sa.Enum(Color, values_callable=lambda e: [m.value for m in e], name="color_values")))
#: module
class Color(str, enum.Enum):
    RED = "red"
    GREEN = "green"

#: enum values from a list
op.create_table("t", sa.Column("c", sa.Enum(*VALUES, name="c")))
#: module
VALUES = ["a", "b"]

#: sequence
op.execute(sa.schema.CreateSequence(sa.Sequence("s", start=5, increment=2)))
#: down
op.execute(sa.schema.DropSequence(sa.Sequence("s")))

#: schema constructs
op.execute(sa.schema.CreateSchema("app"))
op.execute(sa.schema.CreateSchema("App Two", if_not_exists=True))
#: down
op.execute(sa.schema.DropSchema("app", cascade=True, if_exists=True))

#: helper functions
for table in sorted({"b", "a"}):
    add_touch(table)
add_touch("c", column="x")
#: module
def add_touch(table, *, column="updated_at"):
    op.execute(f"CREATE TRIGGER touch_{table} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION touch('{column}')")

#: textwrap and join
op.execute(dedent("""
    SELECT 1
"""))
op.execute(", ".join(["SELECT 1"] + [str(n) for n in range(2, 4)]))
#: module
from textwrap import dedent

#: string methods
name = "My Table".lower().replace(" ", "_")
op.execute("DROP TABLE {}".format(name))
op.execute("DROP TABLE {t} /* {n:03d} */".format(t=name.upper(), n=7))

#: nested helpers and defaults
outer(op)
outer(op, tables=["c"])
#: module
def outer(op, tables=("a", "b")):
    def inner(name):
        return f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    for table in tables:
        op.execute(inner(table))

#: try and finally
try:
    op.execute("SELECT 1")
except Exception:
    op.execute("SELECT 2")
finally:
    op.execute("SELECT 3")

#: while and comprehension
n = 0
while n < 3:
    op.execute(f"SELECT {n}")
    n += 1
[op.execute(f"SELECT '{x}'") for x in "ab" if x != "a"]

#: dict of columns
for old, new in RENAMES.items():
    op.alter_column("t", old, new_column_name=new)
#: down
for old, new in RENAMES.items():
    op.alter_column("t", new, new_column_name=old)
#: module
RENAMES = {"a": "b", "c": "d"}

#: json in SQL
op.execute(f"UPDATE t SET a = '{json.dumps({'k': [1, None, True], 'é': 'x'})}'")
#: module
import json

#: uuid, decimal and dates in SQL
op.execute(f"UPDATE t SET a = '{uuid.UUID('12345678123456781234567812345678')}', b = {Decimal('1.50')}, c = '{datetime.date(2024, 1, 2).isoformat()}'")
#: module
import uuid
from decimal import Decimal

#: select of a literal
op.execute(sa.select(sa.literal(1), sa.literal_column("x"), sa.null()))
op.execute(sa.select(sa.func.count()).select_from(sa.table("t")))

#: delete where exists
a = sa.table("a", sa.column("id", sa.Integer))
b = sa.table("b", sa.column("a_id", sa.Integer))
op.execute(a.delete().where(sa.exists().where(b.c.a_id == a.c.id)))

#: update from a join
a = sa.table("a", sa.column("id", sa.Integer), sa.column("n", sa.String))
b = sa.table("b", sa.column("a_id", sa.Integer), sa.column("n", sa.String))
op.execute(a.update().where(a.c.id == b.c.a_id).values(n=b.c.n))

#: select with a join, order and limit
a = sa.table("a", sa.column("id", sa.Integer))
b = sa.table("b", sa.column("a_id", sa.Integer), sa.column("n", sa.Integer))
op.execute(sa.select(a.c.id, sa.func.max(b.c.n).label("m")).select_from(a.join(b, a.c.id == b.c.a_id)).group_by(a.c.id).having(sa.func.max(b.c.n) > 3).order_by(a.c.id.desc()).limit(5))

#: nothing
pass
#: down
pass

#: docstring only
"""Nothing to do."""

#: comments, returns and asserts
# a comment
assert 1 + 1 == 2, "arithmetic"
op.execute("SELECT 1")
return
op.execute("SELECT 2")

#: logging and print
logger.info("working on %s", "t")
op.execute("SELECT 1")
#: module
import logging
logger = logging.getLogger("alembic")

#: annotated helper and constants
op.add_column(TABLE, column("a"))
op.add_column(TABLE, column("b", "x"))
#: down
for name in ("b", "a"):
    op.drop_column(TABLE, name)
#: module
from typing import Final, Optional
TABLE: Final[str] = "t"
def column(name: str, default: Optional[str] = None) -> sa.Column:
    return sa.Column(name, sa.Text(), server_default=default)
