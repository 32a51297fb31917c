# SQL as it is.

#: a statement
op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
#: down
op.execute("DROP EXTENSION IF EXISTS pg_trgm")

#: a statement with a semicolon
op.execute("SELECT 1;")
op.execute("  SELECT 2 ;  ")
#: down
op.execute("SELECT 3\n;\n")

#: a statement of several lines
op.execute(
    """
    UPDATE users
       SET name = 'x'
     WHERE id IN (1, 2)
    """
)
#: down
op.execute("""DELETE FROM users
WHERE name = 'x'""")

#: text()
op.execute(sa.text("UPDATE t SET a = 1"))
op.execute(sa.sql.text("UPDATE t SET a = 2"))
op.execute(sa.sql.expression.text("UPDATE t SET a = 3"))
#: down
op.execute(text("UPDATE t SET a = 0"))
#: module
from sqlalchemy import text

#: parameters
op.execute(sa.text("UPDATE t SET a = :a, b = :b WHERE c = :c").bindparams(a=1, b="it's", c=True))
op.execute(sa.text("SELECT :x").bindparams(sa.bindparam("x", 5, type_=sa.Integer)))
op.execute(sa.text("SELECT :x, :y").bindparams(sa.bindparam("x", value="q"), y=None))
op.execute(sa.text("SELECT * FROM t WHERE a IN :ids").bindparams(sa.bindparam("ids", [1, 2], expanding=True)))
#: down
op.execute(sa.text("DELETE FROM t WHERE a = :a AND b = :a").bindparams(a=7))

#: colons that are no parameters
op.execute("SELECT a::text, '12:30', ARRAY[1,2][1:2] FROM t")
op.execute("SELECT '{\"a\"\\: 1}'::jsonb")
op.execute(sa.text("SELECT 'a\\:b', c::int"))
op.execute("SELECT x :: text")
#: down
op.execute("SELECT 'http://example.org'")

#: percent signs
op.execute("SELECT * FROM t WHERE a LIKE '%x%' AND b = 5 % 2")
op.execute(sa.text("SELECT '100%'"))
#: down
op.execute("SELECT format('%s', 1)")

#: a function with a body
op.execute("""
CREATE OR REPLACE FUNCTION touch() RETURNS trigger AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
""")
op.execute("CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch()")
#: down
op.execute("DROP TRIGGER touch ON t; DROP FUNCTION touch();")

#: a DO block
op.execute("DO $do$ BEGIN IF NOT EXISTS (SELECT 1) THEN RAISE NOTICE 'x'; END IF; END $do$")
#: down
pass

#: several statements in one text
op.execute("UPDATE t SET a = 1; UPDATE t SET a = 2; UPDATE t SET a = 3")
#: down
op.execute("UPDATE t SET a = 0;\nUPDATE u SET a = 0;\n")

#: f-strings and format
table = "users"
for column in ("a", "b"):
    op.execute(f"UPDATE {table} SET {column} = 0")
    op.execute("UPDATE {} SET {} = 1".format(table, column))
    op.execute("UPDATE %s SET %s = 2" % (table, column))
#: down
op.execute(f"DROP INDEX IF EXISTS {'ix_' + 'users'}")

#: tabs
op.execute("SELECT\t1\n\t, 'a'")
#: down
pass

#: execution options
op.execute("VACUUM", execution_options={"isolation_level": "AUTOCOMMIT"})
#: down
pass

#: comments in SQL
op.execute("-- a comment\nSELECT 1 -- the end\n/* and */")
#: down
pass

#: a comment at the end
op.execute("SELECT 1 /* end; */")
#: down
pass

#: outside the transaction
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE x ADD VALUE 'y'")
    op.execute("ALTER TYPE x ADD VALUE 'z'")
op.execute("SELECT 1")
#: down
with op.get_context().autocommit_block():
    op.execute("VACUUM ANALYZE t")

#: keyword arguments
op.execute(sqltext="SELECT 1")
#: down
op.execute(sqltext=sa.text("SELECT 2"))

#: functions
op.execute(sa.func.setup())
op.execute(sa.select(sa.func.pg_notify("a", "b")))
#: down
pass
