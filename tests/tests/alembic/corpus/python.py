# Plain Python around the operations.
from alembic import context

#: constants of the module
op.add_column(TABLE, sa.Column(COLUMN, sa.String(LENGTH)))
#: module
TABLE = "users"
COLUMN = "name"
LENGTH = 10 * 5
#: down
op.drop_column(TABLE, COLUMN)

#: a loop over names
for name in ["a", "b", "c"]:
    op.add_column("t", sa.Column(name, sa.Integer()))
#: down
for name in reversed(["a", "b", "c"]):
    op.drop_column("t", name)

#: a loop over pairs
for table, columns in TABLES.items():
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])
#: module
TABLES = {"users": ["a", "b"], "teams": ("c",)}
#: down
for table, columns in TABLES.items():
    for column in columns:
        op.drop_index(f"ix_{table}_{column}", table_name=table)

#: a helper
create("one")
create("two", sa.Column("extra", sa.Integer()))
#: module
def timestamps():
    return [sa.Column("created_at", sa.DateTime(), server_default=sa.func.now(), nullable=False), sa.Column("updated_at", sa.DateTime())]


def create(name, *columns, **options):
    op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True), *timestamps(), *columns, **options)
#: down
for name in ("two", "one"):
    op.drop_table(name)

#: the dialect
if op.get_bind().dialect.name == "postgresql":
    op.execute("SELECT 'postgresql'")
else:
    op.execute("SELECT 'other'")
if op.get_context().dialect.name == "sqlite":
    op.execute("SELECT 'sqlite'")
#: down
dialect = op.get_bind().dialect
if dialect.name != "postgresql":
    op.execute("SELECT 'other'")

#: offline mode
if context.is_offline_mode():
    op.execute("SELECT 'offline'")
else:
    op.execute("SELECT 'online'")
#: down
if not context.is_offline_mode():
    op.execute("SELECT 'online'")

#: the dialect by the bind's engine
if op.get_bind().engine.name == "postgresql":
    op.execute("SELECT 1")
#: down
if op.get_context().bind.dialect.name in ("postgresql", "cockroachdb"):
    op.execute("SELECT 2")

#: a JSON type by a condition
JsonType = postgresql.JSONB if op.get_bind().dialect.name == "postgresql" else sa.JSON
op.add_column("t", sa.Column("data", JsonType(), nullable=True))
#: down
op.drop_column("t", "data")

#: a dict of options
options = {"nullable": False, "server_default": "x"}
op.add_column("t", sa.Column("a", sa.String(), **options))
arguments = ("t", "b")
op.drop_column(*arguments)
#: down
op.drop_column("t", "a")

#: columns in a list
columns = [sa.Column(f"c{n}", sa.Integer()) for n in range(3)]
op.create_table("wide", *columns)
#: down
op.drop_table("wide")

#: string methods
op.execute("SELECT " + ", ".join(["a", "b"]).upper())
op.execute("select {name}".format(name="x".title()))
#: down
op.execute("SELECT '%s'" % "x".replace("x", "y"))

#: a conditional expression
nullable = True
op.alter_column("t", "a", nullable=not nullable)
op.add_column("t", sa.Column("b", sa.Text() if nullable else sa.Integer()))
#: down
pass

#: imported names
op.create_table("imported", Column("id", Integer, primary_key=True), Column("kind", JSONB), Column("ref", UUID(as_uuid=True), ForeignKey("o.id")), CheckConstraint("id > 0"))
op.execute(update(table("x", column("y"))).values(y=func.now()))
#: module
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, func, update
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.sql import column, table
#: down
op.drop_table("imported")

#: names of other modules
op.add_column("t", sqlalchemy.Column("a", sqlalchemy.types.Integer(), sqlalchemy.schema.ForeignKey("o.id")))
op.execute(sqlalchemy.sql.expression.select(sqlalchemy.sql.expression.literal(1)))
#: module
import sqlalchemy
import sqlalchemy.sql.expression
#: down
pass

#: while and break
n = 0
while True:
    n += 1
    if n > 3:
        break
    op.execute(f"SELECT {n}")
#: down
for n in range(10):
    if n % 2:
        continue
    if n == 6:
        break
    op.execute(f"SELECT {n}")

#: nothing
pass
#: down
pass

#: a docstring and a return
"""Does one thing."""
op.execute("SELECT 1")
return
op.execute("SELECT 2")
#: down
return None

#: op.f as a text
name = op.f("ix_t_a")
op.create_index(name, "t", ["a"])
op.execute(f"COMMENT ON INDEX {name} IS 'x'")
#: down
op.drop_index(name, "t")
#: module
name = "ix_t_a"

#: batches of updates
for old, new in [("a", "b"), ("c", "d")]:
    op.execute(t.update().where(t.c.x == old).values(x=new))
#: module
t = sa.table("t", sa.column("x", sa.String))
#: down
for new, old in (("a", "b"), ("c", "d")):
    op.execute(t.update().where(t.c.x == old).values(x=new))

#: an enumeration's values in SQL
op.execute("CREATE TYPE level AS ENUM (%s)" % ", ".join(f"'{level.value}'" for level in Level))
#: module
import enum


class Level(enum.Enum):
    LOW = "low"
    HIGH = "high"
#: down
op.execute("DROP TYPE level")

#: a generator
for name in names("gen_"):
    op.create_table(name, sa.Column("a", sa.Integer))
#: module
def names(prefix):
    for name in ("a", "b"):
        yield prefix + name
    yield from [prefix + "c"]
#: down
for name in names("gen_"):
    op.execute(f"DROP TABLE {name}")
op.execute(", ".join(sorted(names("x"))))

#: match
for kind in ("one", 2, None, "other", True):
    match kind:
        case "one" | "two":
            op.execute("SELECT 'one'")
        case None:
            op.execute("SELECT 'none'")
        case 2:
            op.execute("SELECT 'number'")
        case True:
            op.execute("SELECT 'true'")
        case _:
            op.execute("SELECT 'rest'")
#: down
match "x":
    case "y":
        op.execute("SELECT 1")
    case name if name > "a":
        op.execute(f"SELECT '{name}'")

#: a static method, and enumerate from a boolean
Helper.drop("other")
#: module
class Helper:
    NAME = "helped"

    @staticmethod
    def drop(name):
        op.execute(f"DROP TABLE {name}")
#: down
Helper.drop(Helper.NAME)
for number, name in enumerate(["a", "b"], True):
    op.execute(f"SELECT {number}, '{name}'")
