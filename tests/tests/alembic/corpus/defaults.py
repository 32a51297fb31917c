# Server defaults.

#: texts
op.add_column("t", sa.Column("a", sa.String(), server_default="x"))
op.add_column("t", sa.Column("b", sa.String(), server_default="it's"))
op.add_column("t", sa.Column("c", sa.String(), server_default=""))
op.add_column("t", sa.Column("d", sa.String(), server_default="100%"))
#: down
op.alter_column("t", "a", server_default="y")

#: numbers as texts
op.add_column("t", sa.Column("a", sa.Integer(), server_default="0", nullable=False))
op.add_column("t", sa.Column("b", sa.Numeric(), server_default="1.5"))
#: down
op.alter_column("t", "a", server_default="1", existing_type=sa.Integer())

#: text()
op.add_column("t", sa.Column("a", sa.DateTime(), server_default=sa.text("now()")))
op.add_column("t", sa.Column("b", sa.Integer(), server_default=sa.text("0")))
op.add_column("t", sa.Column("c", sa.String(), server_default=sa.text("'x'::character varying")))
op.add_column("t", sa.Column("d", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb")))
op.add_column("t", sa.Column("e", postgresql.ARRAY(sa.Text()), server_default=sa.text("ARRAY[]::text[]")))
#: down
op.alter_column("t", "a", server_default=sa.text("CURRENT_TIMESTAMP"))

#: functions
op.add_column("t", sa.Column("a", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False))
op.add_column("t", sa.Column("b", sa.DateTime(), server_default=sa.func.current_timestamp()))
op.add_column("t", sa.Column("c", postgresql.UUID(), server_default=sa.func.gen_random_uuid()))
op.add_column("t", sa.Column("d", sa.DateTime(), server_default=sa.func.timezone("utc", sa.func.now())))
op.add_column("t", sa.Column("e", sa.Date(), server_default=sa.func.current_date()))
op.add_column("t", sa.Column("f", postgresql.UUID(), server_default=sa.func.uuid_generate_v4()))
#: down
op.alter_column("t", "a", server_default=sa.func.now())

#: true and false
op.add_column("t", sa.Column("a", sa.Boolean(), server_default=sa.true(), nullable=False))
op.add_column("t", sa.Column("b", sa.Boolean(), server_default=sa.false(), nullable=False))
op.add_column("t", sa.Column("c", sa.Boolean(), server_default=sa.sql.expression.false()))
op.add_column("t", sa.Column("d", sa.Boolean(), server_default="true"))
op.add_column("t", sa.Column("e", sa.Boolean(), server_default=sa.null()))
#: down
op.alter_column("t", "a", server_default=sa.sql.true())

#: literals
op.add_column("t", sa.Column("a", sa.Integer(), server_default=sa.literal(5)))
op.add_column("t", sa.Column("b", sa.Text(), server_default=sa.literal("it's")))
op.add_column("t", sa.Column("c", sa.Text(), server_default=sa.literal_column("'raw'")))
op.add_column("t", sa.Column("d", sa.Text(), server_default=sa.cast("x", sa.Text)))
op.add_column("t", sa.Column("e", sa.Float(), server_default=sa.literal(1.5)))
#: down
op.alter_column("t", "a", server_default=sa.literal_column("6"))

#: a default of the server's own
op.add_column("t", sa.Column("a", sa.Integer(), server_default=sa.FetchedValue()))
#: down
op.drop_column("t", "a")

#: DefaultClause
op.add_column("t", sa.Column("a", sa.Text(), server_default=sa.DefaultClause("x")))
op.add_column("t", sa.Column("b", sa.Text(), sa.DefaultClause(sa.text("y()"))))
#: down
op.drop_column("t", "a")

#: the next value of a sequence
op.add_column("t", sa.Column("a", sa.Integer(), server_default=sa.Sequence("a_seq").next_value()))
op.add_column("t", sa.Column("b", sa.Integer(), server_default=sa.Sequence("B Seq", schema="s").next_value()))
op.add_column("t", sa.Column("c", sa.Integer(), server_default=sa.text("nextval('c_seq'::regclass)")))
#: down
op.drop_column("t", "a")

#: no default any more
op.alter_column("t", "a", server_default=None)
op.alter_column("t", "a", server_default=None, existing_server_default="x", schema="s")
#: down
op.alter_column("t", "a", server_default=False)
op.alter_column("t", "a", server_default=sa.text("5"), existing_server_default=sa.text("4"))

#: JSON as a default
op.add_column("t", sa.Column("a", sa.JSON(), server_default="{}", nullable=False))
op.add_column("t", sa.Column("b", sa.JSON(), server_default='{"a": [1, 2]}'))
#: down
op.drop_column("t", "a")

#: intervals and expressions
op.add_column("t", sa.Column("a", sa.DateTime(), server_default=sa.text("(now() at time zone 'utc')")))
op.add_column("t", sa.Column("b", sa.DateTime(), server_default=sa.func.now() + sa.text("interval '1 day'")))
#: down
op.drop_column("t", "a")

#: a default with a colon
op.add_column("t", sa.Column("a", sa.Text(), server_default=sa.text("'12\\:30'")))
op.add_column("t", sa.Column("b", sa.Text(), server_default=sa.text("'a'::text")))
#: down
op.drop_column("t", "a")

#: SERIAL written by hand
op.create_table("hand", sa.Column("id", sa.Integer(), server_default=sa.text("nextval('hand_id_seq'::regclass)"), autoincrement=True, nullable=False), sa.PrimaryKeyConstraint("id"))
#: down
op.drop_table("hand")
