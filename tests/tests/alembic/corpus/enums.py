# Enumerations and domains. Alembic brings a type of one name with one table only in one run, so that each name here is
# used once.

#: an enumeration with its table
op.create_table("e01", sa.Column("mood", sa.Enum("sad", "ok", "happy", name="mood01"), nullable=False))
#: down
op.drop_table("e01")
op.execute("DROP TYPE mood01")

#: an enumeration that is dropped by hand
op.create_table("e02", sa.Column("mood", postgresql.ENUM("sad", "ok", name="mood02")))
#: down
op.drop_table("e02")
sa.Enum(name="mood02").drop(op.get_bind(), checkfirst=False)

#: an enumeration that is not created
op.create_table("e03", sa.Column("mood", postgresql.ENUM("sad", "ok", name="mood03", create_type=False)))
op.create_table("e03b", sa.Column("mood", sa.Enum("sad", "ok", name="mood03b", create_type=False)))
#: down
op.drop_table("e03")

#: an enumeration created by itself
mood = postgresql.ENUM("sad", "it's ok", name="mood04")
mood.create(op.get_bind(), checkfirst=True)
op.add_column("e04", sa.Column("mood", mood))
#: down
op.drop_column("e04", "mood")
postgresql.ENUM(name="mood04").drop(op.get_bind(), checkfirst=True)

#: an enumeration created without checkfirst
mood = sa.Enum("sad", "ok", name="mood05")
mood.create(op.get_bind())
#: down
mood = sa.Enum("sad", "ok", name="mood05")
mood.drop(op.get_bind())

#: an enumeration of a new column is not created
op.add_column("e06", sa.Column("mood", sa.Enum("sad", "ok", name="mood06"), server_default="ok", nullable=False))
#: down
op.drop_column("e06", "mood")

#: an enumeration in a schema
op.create_table("e07", sa.Column("mood", sa.Enum("sad", "ok", name="mood07", schema="types")), schema="s")
#: down
op.drop_table("e07", schema="s")

#: an enumeration in the schema of its table
op.create_table("e08", sa.Column("mood", sa.Enum("sad", "ok", name="mood08", inherit_schema=True)), schema="s")
#: down
op.drop_table("e08", schema="s")

#: an enumeration whose name needs quotes
op.create_table("e09", sa.Column("mood", sa.Enum("Sad", "oK", name="Mood09")))
op.create_table("e09b", sa.Column("mood", sa.Enum("x", name="mood09b", quote=True)))
#: down
op.execute('DROP TYPE "Mood09"')

#: an enumeration that is no type
op.create_table("e10", sa.Column("mood", sa.Enum("sad", "okay", name="mood10", native_enum=False)))
op.create_table("e10b", sa.Column("mood", sa.Enum("sad", "okay", name="mood10b", native_enum=False, create_constraint=True)))
op.create_table("e10c", sa.Column("Mood", sa.Enum("sad", native_enum=False, length=20, create_constraint=True)))
#: down
op.drop_table("e10")

#: an enumeration that is no type, in a new column
op.add_column("e11", sa.Column("mood", sa.Enum("sad", "okay", name="mood11", native_enum=False, create_constraint=True), server_default="sad"))
#: down
op.drop_constraint("mood11", "e11", type_="check")

#: an array of an enumeration
op.create_table("e12", sa.Column("moods", postgresql.ARRAY(sa.Enum("sad", "ok", name="mood12"))))
#: down
op.drop_table("e12")

#: two columns of one enumeration
mood = sa.Enum("sad", "ok", name="mood13")
op.create_table("e13", sa.Column("a", mood), sa.Column("b", mood))
#: down
op.drop_table("e13")

#: two tables of one enumeration
mood = sa.Enum("sad", "ok", name="mood14")
op.create_table("e14", sa.Column("a", mood))
op.create_table("e14b", sa.Column("a", mood))
op.create_table("e14c", sa.Column("a", sa.Enum("sad", "ok", name="mood14")))
#: down
op.drop_table("e14c")

#: created first and with the table too
mood = postgresql.ENUM("sad", "ok", name="mood15", create_type=False)
mood.create(op.get_bind(), checkfirst=True)
op.create_table("e15", sa.Column("a", mood))
#: down
op.drop_table("e15")
postgresql.ENUM("sad", "ok", name="mood15").drop(op.get_bind())

#: a Python enumeration
op.create_table("e16", sa.Column("a", sa.Enum(Mood16)), sa.Column("b", sa.Enum(Mood16, name="mood16b")))
#: module
import enum


class Mood16(enum.Enum):
    SAD = "sad"
    OK = "ok"
    ALSO_OK = "ok"
#: down
sa.Enum(Mood16).drop(op.get_bind())

#: the values of a Python enumeration
op.create_table("e17", sa.Column("a", sa.Enum(Mood17, name="mood17", values_callable=lambda kind: [member.value for member in kind])))
op.create_table("e17b", sa.Column("a", sa.Enum(*[m.value for m in Mood17], name="mood17b"), server_default=Mood17.SAD.value))
#: module
from enum import Enum


class Mood17(str, Enum):
    SAD = "sad"
    OK = "it's ok"
#: down
op.execute("DROP TYPE mood17")

#: an enumeration from a list
op.create_table("e18", sa.Column("a", sa.Enum(*VALUES, name="mood18")))
for value in VALUES:
    op.execute(f"UPDATE e18 SET a = '{value}'")
#: module
VALUES = ["a", "b", "c"]
#: down
op.drop_table("e18")

#: a value added
op.execute("ALTER TYPE mood01 ADD VALUE IF NOT EXISTS 'great' AFTER 'happy'")
with op.get_context().autocommit_block():
    op.execute("ALTER TYPE mood01 ADD VALUE 'worst' BEFORE 'sad'")
#: down
pass

#: a type replaced
op.execute("ALTER TYPE status20 RENAME TO status20_old")
sa.Enum("open", "closed", name="status20").create(op.get_bind())
op.execute("ALTER TABLE t ALTER COLUMN status TYPE status20 USING status::text::status20")
op.execute("DROP TYPE status20_old")
#: down
new = sa.Enum("open", "closed", name="status20")
old = sa.Enum("open", name="status20_tmp")
old.create(op.get_bind(), checkfirst=False)
op.alter_column("t", "status", type_=old, existing_type=new, postgresql_using="status::text::status20_tmp")
new.drop(op.get_bind(), checkfirst=False)

#: a domain
email = postgresql.DOMAIN("email21", sa.Text, check="VALUE ~ '@'", not_null=True, default="a@b")
op.create_table("e21", sa.Column("mail", email))
#: down
op.drop_table("e21")
postgresql.DOMAIN("email21", sa.Text).drop(op.get_bind())

#: a domain with every option
postgresql.DOMAIN("all22", sa.String(10), collation="C", constraint_name="short", check=sa.text("length(VALUE) > 1"), default=sa.text("'x'"), schema="s").create(op.get_bind())
#: down
postgresql.DOMAIN("all22", sa.String(10), schema="s").drop(op.get_bind())

#: an enumeration with many values
op.create_table("e23", sa.Column("a", sa.Enum("one", "two three", "four'five", "six-seven", "EIGHT", "9", name="mood23"), nullable=True))
#: down
op.drop_table("e23")

#: an enumeration with a comment and an index
op.create_table("e24", sa.Column("a", sa.Enum("x", "y", name="mood24"), index=True, comment="kind", nullable=False, server_default="x"))
#: down
op.drop_table("e24")

#: an enumeration as a variant
op.create_table("e25", sa.Column("a", sa.String(5).with_variant(postgresql.ENUM("x", "y", name="mood25", create_type=False), "postgresql")))
#: down
op.drop_table("e25")

#: an enumeration that does not validate
op.create_table("e26", sa.Column("a", sa.Enum("x", "y", name="mood26", validate_strings=True, metadata=sa.MetaData())))
#: down
op.drop_table("e26")

#: the bind in a variable
bind = op.get_bind()
kinds = [postgresql.ENUM("a", name="mood27a"), postgresql.ENUM("b", name="mood27b")]
for kind in kinds:
    kind.create(bind, checkfirst=True)
#: down
bind = op.get_bind()
for name in ("mood27a", "mood27b"):
    sa.Enum(name=name).drop(bind, checkfirst=True)
