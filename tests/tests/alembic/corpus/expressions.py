# Expressions, each in the condition of an UPDATE.
from sqlalchemy import func

t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String), sa.column("c", sa.Boolean), sa.column("d", sa.DateTime), sa.column("n", sa.Numeric), sa.column("f", sa.Float), sa.column("j", postgresql.JSONB), sa.column("k", postgresql.JSON), sa.column("r", postgresql.ARRAY(sa.Text)), sa.column("Z", sa.Text))


def check(*conditions):
    for condition in conditions:
        op.execute(t.update().values(a=1).where(condition))


def show(*values):
    for value in values:
        op.execute(sa.select(value).select_from(t))

#: comparisons
check(t.c.a == 1, t.c.a != 1, t.c.a < 1, t.c.a <= 1, t.c.a > 1, t.c.a >= 1, 1 < t.c.a, 1 == t.c.a)
#: down
pass

#: null
check(t.c.a == None, t.c.a != None, t.c.a.is_(None), t.c.a.is_not(None), t.c.a.isnot(None), t.c.a == sa.null(), t.c.a.is_(sa.null()))
#: down
pass

#: true and false
check(t.c.c == True, t.c.c == False, t.c.c != True, t.c.c.is_(True), t.c.c.is_not(False), t.c.c == sa.true(), t.c.c, ~t.c.c, sa.not_(t.c.c))
#: down
pass

#: in
check(t.c.a.in_([1, 2]), t.c.a.not_in([1, 2]), ~t.c.a.in_([3]), t.c.b.in_(["x", "it's"]), t.c.b.notin_(("a", "b")), t.c.a.in_([]), t.c.a.not_in([]))
#: down
pass

#: in of a set and a generator
check(t.c.a.in_({1}), t.c.a.in_(range(3)))
#: down
pass

#: in of a tuple
check(sa.tuple_(t.c.a, t.c.b).in_([(1, "x"), (2, "y")]))
#: down
pass

#: like
check(t.c.b.like("x%"), t.c.b.ilike("%x"), t.c.b.not_like("x"), t.c.b.notilike("x"), ~t.c.b.like("x"), t.c.b.like("a/%", escape="/"))
#: down
pass

#: starts and ends
check(t.c.b.startswith("x"), t.c.b.endswith("x"), t.c.b.contains("x"), ~t.c.b.contains("y"), t.c.b.icontains("x"), t.c.b.istartswith("x"), t.c.b.iendswith("x"))
#: down
pass

#: between
check(t.c.a.between(1, 5), ~t.c.a.between(1, 5), sa.between(t.c.a, 2, 3), sa.not_(t.c.d.between(func.now(), func.now())))
#: down
pass

#: and
check(sa.and_(t.c.a == 1, t.c.b == "x"), (t.c.a == 1) & (t.c.b == "x"), sa.and_(t.c.a == 1, sa.and_(t.c.b == "x", t.c.c)), sa.and_(t.c.a == 1))
#: down
pass

#: or
check(sa.or_(t.c.a == 1, t.c.b == "x"), (t.c.a == 1) | (t.c.b == "x"), sa.or_(t.c.a == 1, sa.and_(t.c.b == "x", t.c.c)), sa.and_(sa.or_(t.c.a == 1, t.c.a == 2), t.c.c))
#: down
pass

#: not
check(sa.not_(t.c.a == 1), sa.not_(sa.and_(t.c.a == 1, t.c.b == "x")), ~sa.or_(t.c.a == 1, t.c.c), sa.not_(sa.not_(t.c.a == 1)), ~t.c.a.is_(None), ~(t.c.a > 1))
#: down
pass

#: constants in conditions
check(sa.and_(True, t.c.a == 1), sa.or_(False, t.c.a == 1), sa.and_(sa.true(), t.c.a == 1), sa.or_(t.c.a == 1, sa.false()), sa.true())
#: down
pass

#: distinct
check(t.c.a.is_distinct_from(1), t.c.a.is_not_distinct_from(None), t.c.a.is_distinct_from(t.c.f))
#: down
pass

#: patterns
check(t.c.b.regexp_match("^x"), ~t.c.b.regexp_match("y$"), t.c.b.op("~*")("x"), t.c.b.op("SIMILAR TO")("x"))
#: down
pass

#: operators of one's own
check(t.c.b.op("->>")("k") == "x", t.c.a.op("&")(4) == 4, t.c.a.op("<<", precedence=7)(1) > t.c.a, t.c.b.bool_op("@@")("q"))
#: down
pass

#: arithmetic
show(t.c.a + 1, t.c.a - 1, t.c.a * 2, t.c.a % 2, -t.c.a, 1 + t.c.a, 2 - t.c.a, t.c.a // 2)
#: down
pass

#: division
show(t.c.a / 2, t.c.n / 2, t.c.f / t.c.a, (t.c.a + 1) / (t.c.a - 1), t.c.n / t.c.n)
#: down
pass

#: precedence
show((t.c.a + 1) * 2, t.c.a + 1 * 2, t.c.a * (t.c.a + 1), t.c.a - (t.c.a - 1), (t.c.a - t.c.a) - 1, t.c.a + t.c.a + 1, -(t.c.a + 1), (t.c.a * 2) % 3)
#: down
pass

#: concatenation
show(t.c.b + "x", "x" + t.c.b, t.c.b + t.c.Z, t.c.b.concat("y"), t.c.b + "a" + "b", sa.literal("x") + t.c.b, sa.func.lower(t.c.b) + "x")
#: down
pass

#: functions
show(func.lower(t.c.b), func.coalesce(t.c.a, 0), func.count(), func.count(t.c.a), func.max(t.c.a), func.now(), func.current_date(), func.current_timestamp(), func.random(), func.concat("a", t.c.b))
#: down
pass

#: functions with a schema
show(func.public.f(1), func.pg_catalog.set_config("a", "b", False), func.ST_X(t.c.b), func.MyFunc(1))
#: down
pass

#: functions of functions
show(func.upper(func.trim(t.c.b)), func.substr(t.c.b, 1, 3), func.substring(t.c.b, 1, 3), func.substring(t.c.b, 2), func.date_trunc("day", func.now()), func.to_char(t.c.d, "YYYY"), func.char_length(t.c.b))
#: down
pass

#: functions with literals
show(func.f("it's", 1, 1.5, True, None, sa.text("raw"), sa.null()))
#: down
pass

#: aggregates
show(func.sum(t.c.a), func.min(t.c.a), func.avg(t.c.a), func.array_agg(t.c.a), func.string_agg(t.c.b, ","), func.bool_and(t.c.c), func.count(sa.distinct(t.c.a)), func.count(t.c.a.distinct()), func.json_agg(t.c.b))
#: down
pass

#: windows
show(func.row_number().over(partition_by=t.c.a, order_by=t.c.b), func.rank().over(order_by=t.c.a.desc()), func.sum(t.c.a).over(), func.lag(t.c.a).over(partition_by=[t.c.a, t.c.b], order_by=[t.c.d]), func.row_number().over(order_by=t.c.a).label("n"))
#: down
pass

#: filters
show(func.count(t.c.a).filter(t.c.c), func.sum(t.c.a).filter(t.c.a > 1, t.c.b == "x"))
#: down
pass

#: casts
show(sa.cast(t.c.a, sa.String), sa.cast("5", sa.Integer), t.c.a.cast(sa.Numeric(10, 2)), sa.cast(t.c.b, postgresql.UUID), sa.cast(t.c.b, sa.DateTime(timezone=True)), sa.cast(t.c.a + 1, sa.Text), sa.cast(None, sa.Integer), func.cast(t.c.a, sa.Text))
#: down
pass

#: case
show(sa.case((t.c.a == 1, "x"), else_="y"), sa.case((t.c.a == 1, 1), (t.c.a.in_([2, 3]), 2)), sa.case({"x": 1}, value=t.c.b, else_=0), sa.case((sa.and_(t.c.a == 1, t.c.c), t.c.b), else_=None), sa.case((t.c.c, 1), else_=sa.null()))
#: down
pass

#: extract
show(sa.extract("year", t.c.d), sa.extract("epoch", func.now()), func.extract("month", t.c.d))
#: down
pass

#: literals
show(sa.literal(1), sa.literal("x"), sa.literal(True), sa.literal(None), sa.literal(1.5), sa.literal("x", sa.Text), sa.literal_column("1"), sa.literal_column("a").label("q"), sa.bindparam("p", 5), sa.null(), sa.true())
#: down
pass

#: labels
show(t.c.a.label("x"), (t.c.a + 1).label("Y"), func.max(t.c.a).label("order"))
#: down
pass

#: orders
op.execute(sa.select(t.c.a).order_by(t.c.a.desc(), t.c.b.asc(), t.c.c.nulls_first(), t.c.d.desc().nulls_last(), sa.desc(t.c.f), sa.asc(t.c.n), sa.nulls_last(t.c.a), func.lower(t.c.b)))
#: down
pass

#: collations
show(t.c.b.collate("C"), sa.collate(t.c.b, "de_DE"))
#: down
pass

#: JSONB
show(t.c.j["a"], t.c.j["a"].astext, t.c.j[("a", "b")].astext, t.c.j[0], t.c.j["a"]["b"].astext)
#: down
pass

#: JSONB conditions
check(t.c.j["a"].astext == "x", t.c.j.has_key("a"), t.c.j["n"].astext.cast(sa.Integer) > 5, t.c.j.op("?")("k"), t.c.j["a"].astext.is_(None))
#: down
pass

#: JSON
show(t.c.k["a"], t.c.k["a"].astext, t.c.k["a"]["b"], t.c.k[("a", "1")])
#: down
pass

#: arrays
show(postgresql.array([1, 2]), postgresql.array(["a", t.c.b]), t.c.r[1], func.array_length(t.c.r, 1), func.unnest(t.c.r))
#: down
pass

#: array conditions
check(sa.literal("x") == sa.any_(t.c.r), t.c.b == sa.any_(t.c.r), t.c.b != sa.all_(t.c.r), t.c.b == func.any(t.c.r), t.c.r.contains(["x"]), t.c.r.overlap(["x", "y"]), t.c.r == None)
#: down
pass

#: texts in conditions
check(sa.text("a = 1"), sa.and_(sa.text("a = 1"), t.c.b == "x"), sa.text("a = :x").bindparams(x=5), sa.or_(sa.text("a = 1"), sa.text("b = 2")))
#: down
pass

#: columns compared
check(t.c.a == t.c.f, t.c.b == t.c.Z, t.c.d > func.now(), t.c.d < func.now() - sa.text("interval '1 day'"), func.lower(t.c.b) == t.c.b, t.c.a == sa.column("other"))
#: down
pass

#: literal columns
check(sa.literal_column("x") == 5, sa.column("y") == "z", sa.column("q").is_(None), sa.literal_column("now()") > t.c.d)
#: down
pass

#: inline literals
check(t.c.b == op.inline_literal("it's"), t.c.a == op.inline_literal(5), t.c.c == op.inline_literal(True))
#: down
pass

#: type coercion
show(sa.type_coerce(t.c.a, sa.String), sa.type_coerce("x", sa.Text))
#: down
pass

#: text search
check(func.to_tsvector(sa.literal_column("'english'"), t.c.b).op("@@")(func.to_tsquery(sa.text("'english'"), sa.text("'x'"))))
#: down
pass

#: a chain of conditions
op.execute(t.update().where(t.c.a == 1).where(t.c.b == "x").where(sa.or_(t.c.c, t.c.a > 5)).values(a=2))
#: down
pass

#: a condition made in a loop
op.execute(t.delete().where(sa.and_(*[t.c.a != n for n in range(3)])))
#: down
pass

#: a condition made by reduce
op.execute(t.delete().where(sa.or_(*(t.c.b == name for name in ["x", "y"]))))
#: down
pass

#: dates
check(t.c.d > datetime.datetime(2024, 1, 1), t.c.d >= datetime.date(2024, 1, 1), t.c.d < "2024-01-01")
#: module
import datetime
#: down
pass

