# Columns changed.

#: a type
op.alter_column("t", "c", type_=sa.Text())
#: down
op.alter_column("t", "c", type_=sa.String(10), existing_type=sa.Text())

#: a type with USING
op.alter_column("t", "c", type_=sa.Integer(), postgresql_using="c::integer")
op.alter_column("t", "c", type_=postgresql.UUID(as_uuid=True), existing_type=sa.VARCHAR(), postgresql_using="c::uuid", existing_nullable=False)
#: down
op.alter_column("t", "c", type_=sa.Text(), postgresql_using="c::text", schema="s")

#: nullable
op.alter_column("t", "c", nullable=False)
op.alter_column("t", "c", existing_type=sa.VARCHAR(length=3), nullable=True)
#: down
op.alter_column("t", "c", nullable=True, schema="s")

#: a name
op.alter_column("t", "c", new_column_name="d")
op.alter_column("t", "Old Name", new_column_name="New Name", schema="s")
#: down
op.alter_column("t", "d", new_column_name="c", existing_type=sa.Integer())

#: a comment
op.alter_column("t", "c", comment="now it's told", existing_type=sa.Integer())
op.alter_column("t", "c", comment=None, existing_comment="now it's told")
#: down
op.alter_column("t", "c", comment=None, schema="s.x")

#: everything at once
op.alter_column("t", "c", type_=sa.BigInteger(), nullable=False, server_default=sa.text("0"), new_column_name="d", comment="all", existing_type=sa.Integer(), existing_nullable=True, postgresql_using="c::bigint", schema="s")
#: down
op.alter_column("t", "d", type_=sa.Integer(), nullable=True, server_default=None, new_column_name="c", comment=None, schema="s")

#: nothing
op.alter_column("t", "c")
op.alter_column("t", "c", existing_type=sa.Text(), existing_nullable=False)
#: down
op.alter_column("t", "c", existing_server_default=sa.text("1"))

#: an identity
op.alter_column("t", "c", server_default=sa.Identity())
op.alter_column("t", "c", server_default=sa.Identity(always=True, start=10, increment=2))
#: down
op.alter_column("t", "c", server_default=None, existing_server_default=sa.Identity())

#: an identity changed
op.alter_column("t", "c", server_default=sa.Identity(always=True), existing_server_default=sa.Identity())
op.alter_column("t", "c", server_default=sa.Identity(start=3), existing_server_default=sa.Identity())
op.alter_column("t", "c", server_default=sa.Identity(always=False, increment=7), existing_server_default=sa.Identity(always=True, increment=2))
#: down
op.alter_column("t", "c", server_default=sa.Identity(), existing_server_default=sa.Identity(always=True))

#: autoincrement changes nothing here
op.alter_column("t", "c", autoincrement=True, existing_type=sa.Integer())
#: down
op.alter_column("t", "c", existing_autoincrement=True, nullable=False)

#: an enumeration that is no type
op.alter_column("t", "c", existing_type=sa.Enum("a", "b", name="ck_old", native_enum=False, create_constraint=True), type_=sa.Enum("a", "b", "ccc", name="ck_new", native_enum=False, create_constraint=True))
#: down
op.alter_column("t", "c", existing_type=sa.Enum("a", name="ck_new", native_enum=False, create_constraint=True), type_=sa.String(10), schema="s")

#: an enumeration
op.alter_column("t", "c", existing_type=sa.VARCHAR(), type_=sa.Enum("a", "b", name="alter_enum"), postgresql_using="c::alter_enum")
#: down
op.alter_column("t", "c", existing_type=sa.Enum("a", "b", name="alter_enum"), type_=sa.VARCHAR())

#: an enumeration of a schema
op.alter_column("t", "c", type_=sa.Enum("a", name="alter_enum2", schema="s"), postgresql_using="c::text::s.alter_enum2", schema="s")
#: down
op.alter_column("t", "c", type_=sa.Boolean(create_constraint=True, name="b"), existing_type=sa.Integer())

#: an array
op.alter_column("t", "c", existing_type=postgresql.ARRAY(sa.INTEGER()), type_=postgresql.ARRAY(sa.BigInteger()), existing_nullable=True)
#: down
op.alter_column("t", "c", existing_type=postgresql.ARRAY(sa.BigInteger()), type_=postgresql.ARRAY(sa.INTEGER()), existing_nullable=True)

#: a time zone
op.alter_column("t", "at", existing_type=postgresql.TIMESTAMP(), type_=sa.DateTime(timezone=True), existing_nullable=False, postgresql_using="at AT TIME ZONE 'UTC'")
#: down
op.alter_column("t", "at", existing_type=sa.DateTime(timezone=True), type_=postgresql.TIMESTAMP(), existing_nullable=False)

#: JSON to JSONB
op.alter_column("t", "data", existing_type=postgresql.JSON(astext_type=sa.Text()), type_=postgresql.JSONB(astext_type=sa.Text()), existing_nullable=True)
#: down
op.alter_column("t", "data", type_=sa.JSON(), existing_type=postgresql.JSONB())

#: an existing default
op.alter_column("t", "c", existing_type=sa.BOOLEAN(), nullable=True, existing_server_default=sa.text("false"))
#: down
op.alter_column("t", "c", existing_type=sa.BOOLEAN(), nullable=False, server_default=sa.text("false"))

#: a table whose name needs quotes
op.alter_column("Order", "Item", nullable=False, comment="c", schema="Sales")
#: down
op.alter_column("Order", "Item", type_=sa.Text(), new_column_name="item", schema="Sales")

#: a type given as a class
op.alter_column("t", "c", type_=sa.Text, existing_type=sa.String)
#: down
op.alter_column("t", "c", type_=sa.Float)

#: options for other databases
op.alter_column("t", "c", type_=sa.Text(), mysql_existing_default="x")
#: down
op.alter_column("t", "c", nullable=False)
