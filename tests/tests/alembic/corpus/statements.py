# SELECT, INSERT, UPDATE and DELETE of SQLAlchemy's constructs.
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.sql import column, table, select, and_, or_

t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String), sa.column("c", sa.Boolean), sa.column("at", sa.DateTime))
u = sa.table("u", sa.column("id", sa.Integer), sa.column("b", sa.String), sa.column("t_id", sa.Integer), schema="s")

#: insert
op.execute(t.insert().values(a=1, b="x"))
op.execute(t.insert().values({"b": "x", "a": 1}))
op.execute(t.insert().values({t.c.a: 1, t.c.c: True}))
op.execute(sa.insert(t).values(a=None, b="it's"))
op.execute(sa.insert(t).values((1, "x", False, None)))
op.execute(u.insert().values(id=1, b=sa.func.lower("X")))
#: down
op.execute(t.delete())

#: insert of several rows
op.execute(t.insert().values([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]))
#: down
op.execute(sa.delete(t).where(t.c.a.in_([1, 2])))

#: insert from select
op.execute(sa.insert(t).from_select(["a", "b"], sa.select(u.c.id, u.c.b).where(u.c.id > 5)))
op.execute(t.insert().from_select([t.c.a], sa.select(sa.func.max(u.c.id))))
op.execute(t.insert().from_select(["a", "b"], sa.select(u.c.id, sa.literal("x"))))
op.execute(t.insert().from_select(["a", "c"], sa.select(u.c.id, sa.true().label("c")).distinct()))
#: down
op.execute(t.delete().where(t.c.a == 1))

#: insert with returning
op.execute(t.insert().values(a=1).returning(t.c.a, t.c.b))
op.execute(t.update().values(a=1).returning(t.c.a))
op.execute(t.delete().returning(t.c.b))
#: down
pass

#: on conflict do nothing
op.execute(pg_insert(t).values(a=1).on_conflict_do_nothing())
op.execute(pg_insert(t).values(a=1).on_conflict_do_nothing(index_elements=["a"]))
op.execute(postgresql.insert(t).values(a=1).on_conflict_do_nothing(constraint="uq_t"))
op.execute(pg_insert(t).values([{"a": 1}, {"a": 2}]).on_conflict_do_nothing(index_elements=[t.c.a, "b"]))
#: down
pass

#: on conflict do update
s = pg_insert(t).values(a=1, b="x")
op.execute(s.on_conflict_do_update(index_elements=["a"], set_={"b": s.excluded.b}))
op.execute(s.on_conflict_do_update(index_elements=[t.c.a], set_=dict(b="y", c=True)))
op.execute(s.on_conflict_do_update(constraint="uq_t", set_={"b": s.excluded.b}, where=t.c.b != "z"))
op.execute(s.on_conflict_do_update(index_elements=["a"], index_where=t.c.c == True, set_={"b": t.c.b + "!"}))
op.execute(s.on_conflict_do_update(index_elements=["a"], set_={"b": sa.func.upper(s.excluded.b)}).returning(t.c.a))
#: down
pass

#: update
op.execute(t.update().values(b="x"))
op.execute(t.update().where(t.c.a == 1).values(b="x", a=2))
op.execute(sa.update(t).where(t.c.a == 1, t.c.b == "x").values({"b": None}))
op.execute(sa.update(t).where(t.c.a == 1).where(t.c.c.is_(None)).values({t.c.b: "y"}))
op.execute(u.update().values(b="x").where(u.c.id == 5))
#: down
op.execute(t.update().values({"c": sa.false()}))

#: update with expressions
op.execute(t.update().values(a=t.c.a + 1))
op.execute(t.update().values(b=t.c.b + "x", a=-t.c.a))
op.execute(t.update().values(b=sa.func.replace(t.c.b, "a", "b")))
op.execute(t.update().values(b=sa.case((t.c.a == 1, "one"), (t.c.a == 2, "two"), else_="many")))
op.execute(t.update().values(b=sa.case({1: "one", 2: "two"}, value=t.c.a)))
op.execute(t.update().values(at=sa.func.now()))
op.execute(t.update().values(b=sa.text("upper(b)")))
op.execute(t.update().values(c=sa.not_(t.c.c)))
op.execute(t.update().values(a=sa.cast(t.c.b, sa.Integer)))
#: down
op.execute(t.update().values(b=sa.literal_column("b || 'x'")))

#: update with a subquery
op.execute(t.update().values(b=sa.select(u.c.b).where(u.c.t_id == t.c.a).scalar_subquery()))
op.execute(t.update().values(a=sa.select(sa.func.max(u.c.id)).scalar_subquery()))
op.execute(t.update().values(b="x").where(t.c.a.in_(sa.select(u.c.t_id))))
op.execute(t.update().values(b="x").where(~t.c.a.in_(sa.select(u.c.t_id).where(u.c.b == "y"))))
op.execute(t.update().values(b="x").where(sa.exists().where(u.c.t_id == t.c.a)))
#: down
pass

#: update from another table
op.execute(t.update().values(b=u.c.b).where(t.c.a == u.c.t_id))
op.execute(t.update().values(c=True).where(t.c.a == u.c.t_id).where(u.c.b == "x"))
#: down
op.execute(t.delete().where(t.c.a == u.c.t_id))

#: update in an order
op.execute(t.update().ordered_values(("b", "x"), ("a", 1)))
#: down
pass

#: delete
op.execute(t.delete())
op.execute(t.delete().where(t.c.a == 1))
op.execute(sa.delete(t).where(or_(t.c.a == 1, t.c.b.is_(None))))
op.execute(t.delete().where(t.c.a.not_in([1, 2, 3])))
op.execute(t.delete().where(t.c.a < sa.select(sa.func.max(u.c.id)).scalar_subquery()))
#: down
op.execute(u.delete().where(u.c.b.like("x%")))

#: select
op.execute(sa.select(t))
op.execute(sa.select(t.c.a, t.c.b))
op.execute(sa.select(t.c.a.label("x"), t.c.b.label("Y")))
op.execute(sa.select(sa.func.count()).select_from(t))
op.execute(sa.select(sa.func.count(t.c.a)))
op.execute(t.select())
op.execute(sa.select(sa.text("1")))
op.execute(sa.select(sa.literal_column("a"), sa.column("b")).select_from(sa.text("foo")))
#: down
pass

#: select with every clause
op.execute(sa.select(t.c.b, sa.func.count(t.c.a).label("n")).where(t.c.c.is_(True)).group_by(t.c.b).having(sa.func.count(t.c.a) > 1).order_by(sa.desc("n"), t.c.b).limit(10).offset(5))
op.execute(sa.select(t.c.b).distinct().order_by(t.c.b.asc(), t.c.a.desc()))
op.execute(sa.select(t.c.b).order_by("b").limit(1))
op.execute(sa.select(t.c.a).offset(3))
op.execute(sa.select(t.c.a).distinct(t.c.b))
op.execute(sa.select(t.c.a).with_for_update())
op.execute(sa.select(t.c.a).with_for_update(skip_locked=True, read=True))
op.execute(sa.select(t.c.a).with_for_update(nowait=True, key_share=True))
#: down
pass

#: joins
op.execute(sa.select(t.c.a, u.c.id).select_from(t.join(u, t.c.a == u.c.t_id)))
op.execute(sa.select(t.c.a).select_from(t.outerjoin(u, t.c.a == u.c.t_id)).where(u.c.id.is_(None)))
op.execute(sa.select(t.c.a).select_from(sa.join(t, u, sa.and_(t.c.a == u.c.t_id, u.c.b == "x"))))
op.execute(sa.select(t.c.a).join(u, t.c.a == u.c.t_id))
op.execute(sa.select(t.c.a).select_from(t).outerjoin(u, t.c.a == u.c.t_id))
op.execute(sa.select(t.c.a).select_from(t.join(u, t.c.a == u.c.t_id, full=True)))
op.execute(sa.select(t.c.a, u.c.id).where(t.c.a == u.c.t_id))
#: down
pass

#: aliases
x = t.alias("x")
y = t.alias()
op.execute(sa.select(x.c.a, y.c.b).where(x.c.a == y.c.a))
op.execute(sa.select(x.c.a))
op.execute(t.delete().where(t.c.a.in_(sa.select(x.c.a).where(x.c.b == "q"))))
#: down
pass

#: subqueries
sub = sa.select(t.c.a, t.c.b).where(t.c.a > 1).subquery()
named = sa.select(sa.func.max(t.c.a).label("top")).subquery("best")
op.execute(sa.select(sub.c.a))
op.execute(sa.select(named.c.top))
op.execute(sa.select(u.c.id).where(u.c.id == sa.select(sa.func.max(t.c.a)).scalar_subquery()))
op.execute(sa.select(u.c.id, sa.select(sa.func.count(t.c.a)).where(t.c.a == u.c.t_id).scalar_subquery().label("n")))
op.execute(sa.insert(t).from_select(["a"], sa.select(sub.c.a)))
#: down
pass

#: common table expressions
recent = sa.select(t.c.a).where(t.c.a > 5).cte("recent")
op.execute(sa.select(recent.c.a))
op.execute(t.delete().where(t.c.a.in_(sa.select(recent.c.a))))
op.execute(t.update().where(t.c.a == recent.c.a).values(b="x"))
#: down
pass

#: unions
op.execute(sa.union(sa.select(t.c.a), sa.select(u.c.id)))
op.execute(sa.union_all(sa.select(t.c.a), sa.select(u.c.id)).order_by("a").limit(3))
op.execute(sa.select(t.c.a).union(sa.select(u.c.id)))
op.execute(sa.intersect(sa.select(t.c.a), sa.select(u.c.id)))
op.execute(sa.except_(sa.select(t.c.a), sa.select(u.c.id)))
#: down
pass

#: exists
op.execute(t.delete().where(sa.exists(sa.select(u.c.id).where(u.c.t_id == t.c.a))))
op.execute(t.delete().where(~sa.exists().where(u.c.t_id == t.c.a)))
op.execute(t.delete().where(sa.not_(sa.select(u.c.id).where(u.c.t_id == t.c.a).exists())))
op.execute(t.delete().where(sa.and_(t.c.a == 1, sa.exists().where(u.c.t_id == t.c.a))))
#: down
pass

#: names that need quotes
q = sa.table("User Data", sa.column("Id", sa.Integer), sa.column("order", sa.String), schema="My")
op.execute(q.insert().values({"Id": 1, "order": "x"}))
op.execute(q.update().where(q.c.Id == 1).values({"order": "y"}))
op.execute(q.delete().where(q.c["order"] == "y"))
op.execute(sa.select(q.c.Id, q.c.order))
#: down
pass

#: the bind
bind = op.get_bind()
bind.execute(sa.text("UPDATE t SET a = 1"))
bind.execute(t.update().where(t.c.a == 1).values(a=2))
op.get_bind().execute(sa.select(t.c.a))
connection = op.get_context().bind
connection.execute(sa.text("SELECT 1"))
op.get_context().execute("SELECT 2")
#: down
op.get_bind().execute(t.delete())

#: the same column twice
op.execute(sa.select(t.c.b, u.c.b))
op.execute(sa.select(t.c.a, t.c.a))
#: down
pass

#: columns of a comprehension
op.execute(sa.select(*[t.c[name] for name in ("a", "b")]))
op.execute(sa.select(*t.c))
#: down
pass

#: an update that reads two tables, in the order of its conditions
a = sa.table("a", sa.column("id", sa.Integer), sa.column("x", sa.String))
b = sa.table("b", sa.column("id", sa.Integer), sa.column("a_id", sa.Integer), sa.column("y", sa.String))
c = sa.table("c", sa.column("a_id", sa.Integer), sa.column("z", sa.String))
op.execute(a.update().values(x=c.c.z).where(b.c.a_id == a.c.id).where(c.c.a_id == b.c.a_id))
#: down
a = sa.table("a", sa.column("id", sa.Integer), sa.column("x", sa.String))
b = sa.table("b", sa.column("a_id", sa.Integer), sa.column("y", sa.String))
op.execute(a.update().values(x=b.c.y).where(a.c.id == 1))
