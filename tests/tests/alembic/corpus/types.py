# Column types, each as a new column and as a changed one.

from sqlalchemy.dialects.postgresql import UUID as PGUUID
from sqlalchemy.sql import sqltypes

JsonType = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")

#: String
op.create_table("t0", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.String(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t0")

#: String class
op.add_column("t1", sa.Column("value", sa.String, nullable=False))
#: down
op.drop_column("t1", "value")

#: String with a length
op.alter_column("t2", "value", existing_type=sa.Text(), type_=sa.String(length=50), postgresql_using="value::text")
#: down
op.alter_column("t2", "value", existing_type=sa.String(length=50), type_=sa.Text(), existing_nullable=False)

#: String with a length by place
with op.batch_alter_table("t3") as batch_op:
    batch_op.add_column(sa.Column("value", sa.String(255)))
#: down
with op.batch_alter_table("t3") as batch_op:
    batch_op.drop_column("value")

#: String with a collation
op.create_table("t4", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.String(20, collation="C"), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t4")

#: String with a quoted collation
op.add_column("t5", sa.Column("value", sa.String(collation="en_US.utf8"), nullable=False))
#: down
op.drop_column("t5", "value")

#: Unicode
op.alter_column("t6", "value", existing_type=sa.Text(), type_=sa.Unicode(100), postgresql_using="value::text")
#: down
op.alter_column("t6", "value", existing_type=sa.Unicode(100), type_=sa.Text(), existing_nullable=False)

#: Text
with op.batch_alter_table("t7") as batch_op:
    batch_op.add_column(sa.Column("value", sa.Text()))
#: down
with op.batch_alter_table("t7") as batch_op:
    batch_op.drop_column("value")

#: Text with a collation
op.create_table("t8", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.Text(collation="de_DE"), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t8")

#: UnicodeText
op.add_column("t9", sa.Column("value", sa.UnicodeText(), nullable=False))
#: down
op.drop_column("t9", "value")

#: VARCHAR
op.alter_column("t10", "value", existing_type=sa.Text(), type_=sa.VARCHAR(length=64), postgresql_using="value::text")
#: down
op.alter_column("t10", "value", existing_type=sa.VARCHAR(length=64), type_=sa.Text(), existing_nullable=False)

#: VARCHAR without a length
with op.batch_alter_table("t11") as batch_op:
    batch_op.add_column(sa.Column("value", sa.VARCHAR()))
#: down
with op.batch_alter_table("t11") as batch_op:
    batch_op.drop_column("value")

#: CHAR
op.create_table("t12", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.CHAR(3), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t12")

#: CHAR without a length
op.add_column("t13", sa.Column("value", sa.CHAR, nullable=False))
#: down
op.drop_column("t13", "value")

#: NCHAR
op.alter_column("t14", "value", existing_type=sa.Text(), type_=sa.NCHAR(4), postgresql_using="value::text")
#: down
op.alter_column("t14", "value", existing_type=sa.NCHAR(4), type_=sa.Text(), existing_nullable=False)

#: NVARCHAR
with op.batch_alter_table("t15") as batch_op:
    batch_op.add_column(sa.Column("value", sa.NVARCHAR(12)))
#: down
with op.batch_alter_table("t15") as batch_op:
    batch_op.drop_column("value")

#: TEXT
op.create_table("t16", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.TEXT(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t16")

#: CLOB
op.add_column("t17", sa.Column("value", sa.CLOB(), nullable=False))
#: down
op.drop_column("t17", "value")

#: Integer
op.alter_column("t18", "value", existing_type=sa.Text(), type_=sa.Integer(), postgresql_using="value::text")
#: down
op.alter_column("t18", "value", existing_type=sa.Integer(), type_=sa.Text(), existing_nullable=False)

#: INTEGER
with op.batch_alter_table("t19") as batch_op:
    batch_op.add_column(sa.Column("value", sa.INTEGER()))
#: down
with op.batch_alter_table("t19") as batch_op:
    batch_op.drop_column("value")

#: INT
op.create_table("t20", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.INT(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t20")

#: SmallInteger
op.add_column("t21", sa.Column("value", sa.SmallInteger(), nullable=False))
#: down
op.drop_column("t21", "value")

#: SMALLINT
op.alter_column("t22", "value", existing_type=sa.Text(), type_=sa.SMALLINT(), postgresql_using="value::text")
#: down
op.alter_column("t22", "value", existing_type=sa.SMALLINT(), type_=sa.Text(), existing_nullable=False)

#: BigInteger
with op.batch_alter_table("t23") as batch_op:
    batch_op.add_column(sa.Column("value", sa.BigInteger()))
#: down
with op.batch_alter_table("t23") as batch_op:
    batch_op.drop_column("value")

#: BIGINT
op.create_table("t24", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.BIGINT(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t24")

#: Numeric
op.add_column("t25", sa.Column("value", sa.Numeric(), nullable=False))
#: down
op.drop_column("t25", "value")

#: Numeric with a precision
op.alter_column("t26", "value", existing_type=sa.Text(), type_=sa.Numeric(10), postgresql_using="value::text")
#: down
op.alter_column("t26", "value", existing_type=sa.Numeric(10), type_=sa.Text(), existing_nullable=False)

#: Numeric with a scale
with op.batch_alter_table("t27") as batch_op:
    batch_op.add_column(sa.Column("value", sa.Numeric(precision=10, scale=2)))
#: down
with op.batch_alter_table("t27") as batch_op:
    batch_op.drop_column("value")

#: Numeric of floats
op.create_table("t28", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.Numeric(12, 4, asdecimal=False), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t28")

#: NUMERIC
op.add_column("t29", sa.Column("value", sa.NUMERIC(8, 3), nullable=False))
#: down
op.drop_column("t29", "value")

#: DECIMAL
op.alter_column("t30", "value", existing_type=sa.Text(), type_=sa.DECIMAL(5, 2), postgresql_using="value::text")
#: down
op.alter_column("t30", "value", existing_type=sa.DECIMAL(5, 2), type_=sa.Text(), existing_nullable=False)

#: DECIMAL without a precision
with op.batch_alter_table("t31") as batch_op:
    batch_op.add_column(sa.Column("value", sa.DECIMAL()))
#: down
with op.batch_alter_table("t31") as batch_op:
    batch_op.drop_column("value")

#: Float
op.create_table("t32", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.Float(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t32")

#: Float with a precision
op.add_column("t33", sa.Column("value", sa.Float(precision=53), nullable=False))
#: down
op.drop_column("t33", "value")

#: Float of decimals
op.alter_column("t34", "value", existing_type=sa.Text(), type_=sa.Float(24, asdecimal=True, decimal_return_scale=3), postgresql_using="value::text")
#: down
op.alter_column("t34", "value", existing_type=sa.Float(24, asdecimal=True, decimal_return_scale=3), type_=sa.Text(), existing_nullable=False)

#: FLOAT
with op.batch_alter_table("t35") as batch_op:
    batch_op.add_column(sa.Column("value", sa.FLOAT()))
#: down
with op.batch_alter_table("t35") as batch_op:
    batch_op.drop_column("value")

#: REAL
op.create_table("t36", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.REAL(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t36")

#: Double
op.add_column("t37", sa.Column("value", sa.Double(), nullable=False))
#: down
op.drop_column("t37", "value")

#: DOUBLE
op.alter_column("t38", "value", existing_type=sa.Text(), type_=sa.DOUBLE(), postgresql_using="value::text")
#: down
op.alter_column("t38", "value", existing_type=sa.DOUBLE(), type_=sa.Text(), existing_nullable=False)

#: DOUBLE_PRECISION
with op.batch_alter_table("t39") as batch_op:
    batch_op.add_column(sa.Column("value", sa.DOUBLE_PRECISION()))
#: down
with op.batch_alter_table("t39") as batch_op:
    batch_op.drop_column("value")

#: Boolean
op.create_table("t40", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.Boolean(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t40")

#: Boolean with a constraint
op.add_column("t41", sa.Column("value", sa.Boolean(create_constraint=True, name="is_it"), nullable=False))
#: down
op.drop_column("t41", "value")

#: BOOLEAN
op.alter_column("t42", "value", existing_type=sa.Text(), type_=sa.BOOLEAN(), postgresql_using="value::text")
#: down
op.alter_column("t42", "value", existing_type=sa.BOOLEAN(), type_=sa.Text(), existing_nullable=False)

#: Date
with op.batch_alter_table("t43") as batch_op:
    batch_op.add_column(sa.Column("value", sa.Date()))
#: down
with op.batch_alter_table("t43") as batch_op:
    batch_op.drop_column("value")

#: DATE
op.create_table("t44", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.DATE(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t44")

#: DateTime
op.add_column("t45", sa.Column("value", sa.DateTime(), nullable=False))
#: down
op.drop_column("t45", "value")

#: DateTime with a time zone
op.alter_column("t46", "value", existing_type=sa.Text(), type_=sa.DateTime(timezone=True), postgresql_using="value::text")
#: down
op.alter_column("t46", "value", existing_type=sa.DateTime(timezone=True), type_=sa.Text(), existing_nullable=False)

#: DateTime by place
with op.batch_alter_table("t47") as batch_op:
    batch_op.add_column(sa.Column("value", sa.DateTime(True)))
#: down
with op.batch_alter_table("t47") as batch_op:
    batch_op.drop_column("value")

#: DATETIME
op.create_table("t48", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.DATETIME(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t48")

#: TIMESTAMP
op.add_column("t49", sa.Column("value", sa.TIMESTAMP(), nullable=False))
#: down
op.drop_column("t49", "value")

#: TIMESTAMP with a time zone
op.alter_column("t50", "value", existing_type=sa.Text(), type_=sa.TIMESTAMP(timezone=True), postgresql_using="value::text")
#: down
op.alter_column("t50", "value", existing_type=sa.TIMESTAMP(timezone=True), type_=sa.Text(), existing_nullable=False)

#: Time
with op.batch_alter_table("t51") as batch_op:
    batch_op.add_column(sa.Column("value", sa.Time()))
#: down
with op.batch_alter_table("t51") as batch_op:
    batch_op.drop_column("value")

#: Time with a time zone
op.create_table("t52", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.Time(timezone=True), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t52")

#: TIME
op.add_column("t53", sa.Column("value", sa.TIME(), nullable=False))
#: down
op.drop_column("t53", "value")

#: Interval
op.alter_column("t54", "value", existing_type=sa.Text(), type_=sa.Interval(), postgresql_using="value::text")
#: down
op.alter_column("t54", "value", existing_type=sa.Interval(), type_=sa.Text(), existing_nullable=False)

#: Interval with a precision
with op.batch_alter_table("t55") as batch_op:
    batch_op.add_column(sa.Column("value", sa.Interval(second_precision=3)))
#: down
with op.batch_alter_table("t55") as batch_op:
    batch_op.drop_column("value")

#: LargeBinary
op.create_table("t56", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.LargeBinary(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t56")

#: LargeBinary with a length
op.add_column("t57", sa.Column("value", sa.LargeBinary(length=2048), nullable=False))
#: down
op.drop_column("t57", "value")

#: BLOB
op.alter_column("t58", "value", existing_type=sa.Text(), type_=sa.BLOB(), postgresql_using="value::text")
#: down
op.alter_column("t58", "value", existing_type=sa.BLOB(), type_=sa.Text(), existing_nullable=False)

#: BINARY
with op.batch_alter_table("t59") as batch_op:
    batch_op.add_column(sa.Column("value", sa.BINARY(16)))
#: down
with op.batch_alter_table("t59") as batch_op:
    batch_op.drop_column("value")

#: VARBINARY
op.create_table("t60", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.VARBINARY(32), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t60")

#: PickleType
op.add_column("t61", sa.Column("value", sa.PickleType(), nullable=False))
#: down
op.drop_column("t61", "value")

#: JSON
op.alter_column("t62", "value", existing_type=sa.Text(), type_=sa.JSON(), postgresql_using="value::text")
#: down
op.alter_column("t62", "value", existing_type=sa.JSON(), type_=sa.Text(), existing_nullable=False)

#: JSON with none_as_null
with op.batch_alter_table("t63") as batch_op:
    batch_op.add_column(sa.Column("value", sa.JSON(none_as_null=True)))
#: down
with op.batch_alter_table("t63") as batch_op:
    batch_op.drop_column("value")

#: Uuid
op.create_table("t64", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.Uuid(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t64")

#: Uuid of texts
op.add_column("t65", sa.Column("value", sa.Uuid(as_uuid=False), nullable=False))
#: down
op.drop_column("t65", "value")

#: Uuid that is not native
op.alter_column("t66", "value", existing_type=sa.Text(), type_=sa.Uuid(native_uuid=False), postgresql_using="value::text")
#: down
op.alter_column("t66", "value", existing_type=sa.Uuid(native_uuid=False), type_=sa.Text(), existing_nullable=False)

#: UUID
with op.batch_alter_table("t67") as batch_op:
    batch_op.add_column(sa.Column("value", sa.UUID()))
#: down
with op.batch_alter_table("t67") as batch_op:
    batch_op.drop_column("value")

#: UUID of texts
op.create_table("t68", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.UUID(as_uuid=False), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t68")

#: ARRAY
op.add_column("t69", sa.Column("value", sa.ARRAY(sa.Integer), nullable=False))
#: down
op.drop_column("t69", "value")

#: ARRAY of texts
op.alter_column("t70", "value", existing_type=sa.Text(), type_=sa.ARRAY(sa.String(length=10), dimensions=2), postgresql_using="value::text")
#: down
op.alter_column("t70", "value", existing_type=sa.ARRAY(sa.String(length=10), dimensions=2), type_=sa.Text(), existing_nullable=False)

#: ARRAY with a collation
with op.batch_alter_table("t71") as batch_op:
    batch_op.add_column(sa.Column("value", sa.ARRAY(sa.Text(collation="C"))))
#: down
with op.batch_alter_table("t71") as batch_op:
    batch_op.drop_column("value")

#: postgresql.UUID
op.create_table("t72", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.UUID(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t72")

#: postgresql.UUID as UUID
op.add_column("t73", sa.Column("value", postgresql.UUID(as_uuid=True), nullable=False))
#: down
op.drop_column("t73", "value")

#: postgresql.UUID of texts
op.alter_column("t74", "value", existing_type=sa.Text(), type_=postgresql.UUID(as_uuid=False), postgresql_using="value::text")
#: down
op.alter_column("t74", "value", existing_type=postgresql.UUID(as_uuid=False), type_=sa.Text(), existing_nullable=False)

#: postgresql.JSON
with op.batch_alter_table("t75") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.JSON(astext_type=sa.Text())))
#: down
with op.batch_alter_table("t75") as batch_op:
    batch_op.drop_column("value")

#: postgresql.JSONB
op.create_table("t76", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t76")

#: postgresql.JSONB class
op.add_column("t77", sa.Column("value", postgresql.JSONB, nullable=False))
#: down
op.drop_column("t77", "value")

#: postgresql.JSONPATH
op.alter_column("t78", "value", existing_type=sa.Text(), type_=postgresql.JSONPATH(), postgresql_using="value::text")
#: down
op.alter_column("t78", "value", existing_type=postgresql.JSONPATH(), type_=sa.Text(), existing_nullable=False)

#: postgresql.ARRAY
with op.batch_alter_table("t79") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.ARRAY(sa.String())))
#: down
with op.batch_alter_table("t79") as batch_op:
    batch_op.drop_column("value")

#: postgresql.ARRAY of dimensions
op.create_table("t80", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.ARRAY(sa.INTEGER(), dimensions=3), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t80")

#: postgresql.ARRAY of UUID
op.add_column("t81", sa.Column("value", postgresql.ARRAY(postgresql.UUID(as_uuid=True)), nullable=False))
#: down
op.drop_column("t81", "value")

#: postgresql.ARRAY of numbers
op.alter_column("t82", "value", existing_type=sa.Text(), type_=postgresql.ARRAY(sa.Numeric(10, 2), as_tuple=True), postgresql_using="value::text")
#: down
op.alter_column("t82", "value", existing_type=postgresql.ARRAY(sa.Numeric(10, 2), as_tuple=True), type_=sa.Text(), existing_nullable=False)

#: postgresql.TSVECTOR
with op.batch_alter_table("t83") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.TSVECTOR()))
#: down
with op.batch_alter_table("t83") as batch_op:
    batch_op.drop_column("value")

#: postgresql.TSQUERY
op.create_table("t84", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.TSQUERY(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t84")

#: postgresql.INET
op.add_column("t85", sa.Column("value", postgresql.INET(), nullable=False))
#: down
op.drop_column("t85", "value")

#: postgresql.CIDR
op.alter_column("t86", "value", existing_type=sa.Text(), type_=postgresql.CIDR(), postgresql_using="value::text")
#: down
op.alter_column("t86", "value", existing_type=postgresql.CIDR(), type_=sa.Text(), existing_nullable=False)

#: postgresql.MACADDR
with op.batch_alter_table("t87") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.MACADDR()))
#: down
with op.batch_alter_table("t87") as batch_op:
    batch_op.drop_column("value")

#: postgresql.MACADDR8
op.create_table("t88", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.MACADDR8(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t88")

#: postgresql.HSTORE
op.add_column("t89", sa.Column("value", postgresql.HSTORE(), nullable=False))
#: down
op.drop_column("t89", "value")

#: postgresql.HSTORE with a text type
op.alter_column("t90", "value", existing_type=sa.Text(), type_=postgresql.HSTORE(text_type=sa.Text()), postgresql_using="value::text")
#: down
op.alter_column("t90", "value", existing_type=postgresql.HSTORE(text_type=sa.Text()), type_=sa.Text(), existing_nullable=False)

#: postgresql.CITEXT
with op.batch_alter_table("t91") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.CITEXT()))
#: down
with op.batch_alter_table("t91") as batch_op:
    batch_op.drop_column("value")

#: postgresql.BYTEA
op.create_table("t92", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.BYTEA(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t92")

#: postgresql.BIT
op.add_column("t93", sa.Column("value", postgresql.BIT(8), nullable=False))
#: down
op.drop_column("t93", "value")

#: postgresql.BIT of one
op.alter_column("t94", "value", existing_type=sa.Text(), type_=postgresql.BIT(), postgresql_using="value::text")
#: down
op.alter_column("t94", "value", existing_type=postgresql.BIT(), type_=sa.Text(), existing_nullable=False)

#: postgresql.BIT varying
with op.batch_alter_table("t95") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.BIT(varying=True)))
#: down
with op.batch_alter_table("t95") as batch_op:
    batch_op.drop_column("value")

#: postgresql.BIT varying with a length
op.create_table("t96", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.BIT(length=5, varying=True), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t96")

#: postgresql.OID
op.add_column("t97", sa.Column("value", postgresql.OID(), nullable=False))
#: down
op.drop_column("t97", "value")

#: postgresql.REGCLASS
op.alter_column("t98", "value", existing_type=sa.Text(), type_=postgresql.REGCLASS(), postgresql_using="value::text")
#: down
op.alter_column("t98", "value", existing_type=postgresql.REGCLASS(), type_=sa.Text(), existing_nullable=False)

#: postgresql.REGCONFIG
with op.batch_alter_table("t99") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.REGCONFIG()))
#: down
with op.batch_alter_table("t99") as batch_op:
    batch_op.drop_column("value")

#: postgresql.MONEY
op.create_table("t100", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.MONEY(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t100")

#: postgresql.INTERVAL
op.add_column("t101", sa.Column("value", postgresql.INTERVAL(), nullable=False))
#: down
op.drop_column("t101", "value")

#: postgresql.INTERVAL with fields
op.alter_column("t102", "value", existing_type=sa.Text(), type_=postgresql.INTERVAL(fields="DAY TO SECOND"), postgresql_using="value::text")
#: down
op.alter_column("t102", "value", existing_type=postgresql.INTERVAL(fields="DAY TO SECOND"), type_=sa.Text(), existing_nullable=False)

#: postgresql.INTERVAL with a precision
with op.batch_alter_table("t103") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.INTERVAL(precision=2)))
#: down
with op.batch_alter_table("t103") as batch_op:
    batch_op.drop_column("value")

#: postgresql.INTERVAL with both
op.create_table("t104", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.INTERVAL(fields="DAY TO SECOND", precision=4), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t104")

#: postgresql.TIMESTAMP
op.add_column("t105", sa.Column("value", postgresql.TIMESTAMP(), nullable=False))
#: down
op.drop_column("t105", "value")

#: postgresql.TIMESTAMP with a precision
op.alter_column("t106", "value", existing_type=sa.Text(), type_=postgresql.TIMESTAMP(timezone=True, precision=6), postgresql_using="value::text")
#: down
op.alter_column("t106", "value", existing_type=postgresql.TIMESTAMP(timezone=True, precision=6), type_=sa.Text(), existing_nullable=False)

#: postgresql.TIME
with op.batch_alter_table("t107") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.TIME()))
#: down
with op.batch_alter_table("t107") as batch_op:
    batch_op.drop_column("value")

#: postgresql.TIME with a precision
op.create_table("t108", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.TIME(precision=3), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t108")

#: postgresql.DOUBLE_PRECISION
op.add_column("t109", sa.Column("value", postgresql.DOUBLE_PRECISION(), nullable=False))
#: down
op.drop_column("t109", "value")

#: postgresql.DOUBLE_PRECISION with a precision
op.alter_column("t110", "value", existing_type=sa.Text(), type_=postgresql.DOUBLE_PRECISION(precision=53), postgresql_using="value::text")
#: down
op.alter_column("t110", "value", existing_type=postgresql.DOUBLE_PRECISION(precision=53), type_=sa.Text(), existing_nullable=False)

#: postgresql.REAL
with op.batch_alter_table("t111") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.REAL()))
#: down
with op.batch_alter_table("t111") as batch_op:
    batch_op.drop_column("value")

#: postgresql.VARCHAR
op.create_table("t112", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.VARCHAR(30), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t112")

#: postgresql.INT4RANGE
op.add_column("t113", sa.Column("value", postgresql.INT4RANGE(), nullable=False))
#: down
op.drop_column("t113", "value")

#: postgresql.INT8RANGE
op.alter_column("t114", "value", existing_type=sa.Text(), type_=postgresql.INT8RANGE(), postgresql_using="value::text")
#: down
op.alter_column("t114", "value", existing_type=postgresql.INT8RANGE(), type_=sa.Text(), existing_nullable=False)

#: postgresql.NUMRANGE
with op.batch_alter_table("t115") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.NUMRANGE()))
#: down
with op.batch_alter_table("t115") as batch_op:
    batch_op.drop_column("value")

#: postgresql.DATERANGE
op.create_table("t116", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.DATERANGE(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t116")

#: postgresql.TSRANGE
op.add_column("t117", sa.Column("value", postgresql.TSRANGE(), nullable=False))
#: down
op.drop_column("t117", "value")

#: postgresql.TSTZRANGE
op.alter_column("t118", "value", existing_type=sa.Text(), type_=postgresql.TSTZRANGE(), postgresql_using="value::text")
#: down
op.alter_column("t118", "value", existing_type=postgresql.TSTZRANGE(), type_=sa.Text(), existing_nullable=False)

#: postgresql.INT4MULTIRANGE
with op.batch_alter_table("t119") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.INT4MULTIRANGE()))
#: down
with op.batch_alter_table("t119") as batch_op:
    batch_op.drop_column("value")

#: postgresql.INT8MULTIRANGE
op.create_table("t120", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.INT8MULTIRANGE(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t120")

#: postgresql.NUMMULTIRANGE
op.add_column("t121", sa.Column("value", postgresql.NUMMULTIRANGE(), nullable=False))
#: down
op.drop_column("t121", "value")

#: postgresql.DATEMULTIRANGE
op.alter_column("t122", "value", existing_type=sa.Text(), type_=postgresql.DATEMULTIRANGE(), postgresql_using="value::text")
#: down
op.alter_column("t122", "value", existing_type=postgresql.DATEMULTIRANGE(), type_=sa.Text(), existing_nullable=False)

#: postgresql.TSMULTIRANGE
with op.batch_alter_table("t123") as batch_op:
    batch_op.add_column(sa.Column("value", postgresql.TSMULTIRANGE()))
#: down
with op.batch_alter_table("t123") as batch_op:
    batch_op.drop_column("value")

#: postgresql.TSTZMULTIRANGE
op.create_table("t124", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", postgresql.TSTZMULTIRANGE(), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t124")

#: a variant for PostgreSQL
op.add_column("t125", sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False))
#: down
op.drop_column("t125", "value")

#: a variant for SQLite
op.alter_column("t126", "value", existing_type=sa.Text(), type_=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), postgresql_using="value::text")
#: down
op.alter_column("t126", "value", existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), type_=sa.Text(), existing_nullable=False)

#: two variants
with op.batch_alter_table("t127") as batch_op:
    batch_op.add_column(sa.Column("value", sa.Text().with_variant(sa.String(10), "sqlite").with_variant(postgresql.CITEXT, "postgresql")))
#: down
with op.batch_alter_table("t127") as batch_op:
    batch_op.drop_column("value")

#: a variant for two databases
op.create_table("t128", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", sa.String(5).with_variant(sa.Text(), "sqlite", "postgresql"), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t128")

#: sqlalchemy.types
op.add_column("t129", sa.Column("value", sa.types.Integer(), nullable=False))
#: down
op.drop_column("t129", "value")

#: sqlalchemy.types.VARCHAR
op.alter_column("t130", "value", existing_type=sa.Text(), type_=sa.types.VARCHAR(length=7), postgresql_using="value::text")
#: down
op.alter_column("t130", "value", existing_type=sa.types.VARCHAR(length=7), type_=sa.Text(), existing_nullable=False)

#: sqlalchemy.sql.sqltypes
with op.batch_alter_table("t131") as batch_op:
    batch_op.add_column(sa.Column("value", sqltypes.Text()))
#: down
with op.batch_alter_table("t131") as batch_op:
    batch_op.drop_column("value")

#: a type by its module
op.create_table("t132", sa.Column("id", sa.Integer(), nullable=False), sa.Column("value", PGUUID(as_uuid=True), nullable=True), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("t132")

#: an alias of a type
op.add_column("t133", sa.Column("value", JsonType, nullable=False))
#: down
op.drop_column("t133", "value")

#: types of the file
op.create_table(
    "own_types",
    sa.Column("id", Plain, primary_key=True),
    sa.Column("a", Upper(20), index=True),
    sa.Column("b", Upper),
    sa.Column("c", Own),
    sa.Column("d", sa.ARRAY(Upper(3))),
    sa.Column("e", Chosen, nullable=False),
    sa.Column("f", Chosen(32)),
    sa.Column("g", More(4), server_default="x"),
)
#: module
class Upper(sa.TypeDecorator):
    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value.upper()

class Plain(sa.types.TypeDecorator):
    impl = sa.Integer()

class Chosen(sa.TypeDecorator):
    impl = sa.CHAR

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        else:
            return dialect.type_descriptor(sa.CHAR(32))

class Own(sa.types.UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **kw):
        return "GEO(1)"

class More(Upper):
    pass
#: down
op.add_column("own_types", sa.Column("h", Own(), nullable=False))
op.alter_column("own_types", "a", type_=Upper(30))
op.bulk_insert(sa.table("own_types", sa.column("id", Plain), sa.column("e", Chosen)), [{"id": 7, "e": None}])
