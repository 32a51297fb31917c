# Rows: bulk_insert, inline_literal, and statements of table constructs.
import datetime
import decimal
import uuid

#: rows
op.bulk_insert(roles, [{"id": 1, "name": "admin"}, {"id": 2, "name": "user"}])
#: module
roles = sa.table("roles", sa.column("id", sa.Integer), sa.column("name", sa.String))
#: down
op.execute("DELETE FROM roles")

#: rows in the order of the table
t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String), sa.column("C", sa.Text), schema="s")
op.bulk_insert(t, [{"C": "x", "a": 1}, {"b": "it's", "C": None}])
#: down
op.execute(sa.table("t", schema="s").delete())

#: values of every type
t = sa.table("t", sa.column("i", sa.Integer), sa.column("s", sa.String(10)), sa.column("f", sa.Float), sa.column("n", sa.Numeric(10, 2)), sa.column("b", sa.Boolean), sa.column("d", sa.Date), sa.column("dt", sa.DateTime), sa.column("t", sa.Time), sa.column("u", postgresql.UUID), sa.column("iv", sa.Interval))
op.bulk_insert(t, [
    {"i": 5, "s": "50% of \\ it", "f": 1.5, "n": decimal.Decimal("10.50"), "b": True, "d": datetime.date(2024, 2, 29), "dt": datetime.datetime(2024, 1, 2, 3, 4, 5), "t": datetime.time(23, 59), "u": uuid.UUID("12345678123456781234567812345678"), "iv": datetime.timedelta(days=1, seconds=30)},
    {"i": -7, "f": 2, "n": 3, "b": False, "dt": datetime.datetime(2024, 1, 2, 3, 4, 5, 678900), "u": "00000000-0000-0000-0000-000000000001"},
])
#: down
pass

#: times with a zone
t = sa.table("t", sa.column("at", sa.DateTime(timezone=True)))
op.bulk_insert(t, [{"at": datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)}, {"at": datetime.datetime(2024, 1, 2, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))}])
#: down
pass

#: arrays and enumerations
t = sa.table("t", sa.column("a", postgresql.ARRAY(sa.Integer)), sa.column("b", postgresql.ARRAY(sa.Text)), sa.column("e", sa.Enum("x", "y", name="data_enum")), sa.column("z", sa.Uuid(native_uuid=False)))
op.bulk_insert(t, [{"a": [1, 2, 3], "b": ["x", "it's"], "e": "x", "z": uuid.UUID("12345678123456781234567812345678")}])
#: down
pass

#: members of a Python enumeration
t = sa.table("t", sa.column("a", sa.Enum(Kind, name="data_kind")))
op.bulk_insert(t, [{"a": Kind.SMALL}, {"a": "LARGE"}])
#: module
import enum


class Kind(enum.Enum):
    SMALL = 1
    LARGE = 2
#: down
pass

#: multiinsert
op.bulk_insert(sa.table("t", sa.column("a", sa.Integer)), [{"a": 1}, {"a": 2}], multiinsert=False)
#: down
pass

#: no rows
op.bulk_insert(sa.table("t", sa.column("a", sa.Integer)), [])
#: down
pass

#: inline literals
t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String), sa.column("d", sa.Date))
op.bulk_insert(t, [{"a": op.inline_literal(5), "b": op.inline_literal("x'y"), "d": op.inline_literal("2024-01-01")}])
op.execute(t.update().where(t.c.b == op.inline_literal("old")).values({"b": op.inline_literal("new")}))
#: down
pass

#: rows of a created table
t = op.create_table("bulk1", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text, nullable=False))
op.bulk_insert(t, [{"name": "a"}, {"name": "b"}])
#: down
op.drop_table("bulk1")

#: rows made by a comprehension
op.bulk_insert(codes, [{"code": code, "position": index} for index, code in enumerate(["a", "b", "c"])])
op.bulk_insert(codes, [dict(code=c, position=len(c)) for c in ("xx", "yyy")])
#: module
codes = sa.table("codes", sa.column("code", sa.String), sa.column("position", sa.Integer))
#: down
op.execute(codes.delete().where(codes.c.code.in_(["a", "b"])))

#: JSON
t = sa.table("t", sa.column("a", postgresql.JSONB), sa.column("b", sa.JSON))
op.bulk_insert(t, [{"a": None}])
#: down
pass

#: a Table with metadata
t = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))
op.bulk_insert(t, [{"id": 1, "name": "x"}])
op.execute(t.insert().values(name="y"))
op.execute(t.insert().values(id=5, name="y"))
op.execute(t.insert().values(id=sa.func.next_id(), name="y"))
op.execute(t.insert().inline().values(name="y"))
op.execute(t.insert().values([{"name": "a"}, {"name": "b"}]))
#: down
op.execute(t_of("x").delete())
#: module
def t_of(name):
    return sa.Table(name, sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))

#: keys of texts
t = sa.Table("t", sa.MetaData(), sa.Column("code", sa.String(5), primary_key=True), sa.Column("at", sa.DateTime, server_default=sa.func.now()))
op.execute(t.insert().values(code="x"))
#: down
pass
