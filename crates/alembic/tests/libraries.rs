//! What the libraries' names give where Alembic's offline mode is no oracle: other packages' types, values that only a
//! run on a database can write, and what is told as unknown.

use cofferdam_alembic::{Depth, Settings, Source, read};
use cofferdam_engine::revision::{Direction, Script};
use cofferdam_engine::sql;

fn script(settings: &Settings, module: &str, body: &str) -> Script {
    let body: String = body.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!(
        "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\nrevision = 'a1'\ndown_revision = None\n{module}\ndef upgrade():\n{body}\ndef downgrade():\n    pass\n"
    );
    let file = Source {
        path: "versions/a.py",
        bytes: text.as_bytes(),
    };
    let mut readings = read(&[file], settings, Depth::Whole);
    let reading = readings.remove(0);
    reading
        .script
        .unwrap_or_else(|| panic!("{:?}", reading.findings))
}

fn statements(script: &Script) -> Vec<String> {
    let text = script.revision.sql(Direction::Upgrade);
    let split = sql::split(text);
    let bodies = split.statements.iter();
    bodies
        .map(|it| text[it.body.clone()].trim_end_matches(';').to_owned())
        .collect()
}

fn reasons(script: &Script) -> Vec<String> {
    let body = script.body(Direction::Upgrade).expect("a Python file");
    let reasons = body.unreadable.iter();
    reasons.map(|part| part.reason.clone()).collect()
}

/// The statements, where everything is known.
fn known(module: &str, body: &str) -> Vec<String> {
    let script = script(&Settings::default(), module, body);
    assert_eq!(reasons(&script), Vec::<String>::new(), "{body}");
    statements(&script)
}

/// Why the body is not known.
fn unknown(module: &str, body: &str) -> String {
    let script = script(&Settings::default(), module, body);
    let reasons = reasons(&script);
    assert_eq!(reasons.len(), 1, "{body}: {reasons:?}");
    reasons[0].clone()
}

#[test]
fn types_of_other_packages() {
    let cases = [
        (
            "import sqlmodel",
            "sqlmodel.sql.sqltypes.AutoString()",
            "VARCHAR",
        ),
        (
            "import sqlmodel",
            "sqlmodel.AutoString(length=5)",
            "VARCHAR(5)",
        ),
        ("import sqlmodel", "sqlmodel.sql.sqltypes.GUID()", "UUID"),
        ("import sqlmodel", "sqlmodel.Uuid()", "UUID"),
        (
            "import sqlalchemy_utils",
            "sqlalchemy_utils.types.uuid.UUIDType()",
            "UUID",
        ),
        (
            "import sqlalchemy_utils as u",
            "u.UUIDType(binary=False)",
            "UUID",
        ),
        (
            "import sqlalchemy_utils as u",
            "u.UUIDType(native=False)",
            "BINARY(16)",
        ),
        (
            "from sqlalchemy_utils import JSONType",
            "JSONType()",
            "JSON",
        ),
        (
            "from sqlalchemy_utils import TSVectorType",
            "TSVectorType('a', 'b')",
            "TSVECTOR",
        ),
        (
            "from sqlalchemy_utils import EmailType",
            "EmailType()",
            "VARCHAR(255)",
        ),
        (
            "from sqlalchemy_utils import EmailType",
            "EmailType(length=10)",
            "VARCHAR(10)",
        ),
        ("from sqlalchemy_utils import URLType", "URLType()", "TEXT"),
        (
            "from sqlalchemy_utils import ScalarListType",
            "ScalarListType()",
            "TEXT",
        ),
        (
            "from sqlalchemy_utils import IPAddressType",
            "IPAddressType()",
            "VARCHAR(50)",
        ),
        (
            "from sqlalchemy_utils import CountryType",
            "CountryType()",
            "VARCHAR(2)",
        ),
        (
            "from sqlalchemy_utils import LtreeType",
            "LtreeType()",
            "LTREE",
        ),
        (
            "from sqlalchemy_utils import EncryptedType",
            "EncryptedType()",
            "BYTEA",
        ),
        (
            "from sqlalchemy_utils import StringEncryptedType",
            "StringEncryptedType(sa.String, 'k', length=5)",
            "VARCHAR(5)",
        ),
        (
            "from sqlalchemy_utils import ChoiceType",
            "ChoiceType([('a', 'b')])",
            "VARCHAR(255)",
        ),
        (
            "from sqlalchemy_utils import ChoiceType",
            "ChoiceType([(1, 'b')], impl=sa.Integer())",
            "INTEGER",
        ),
        (
            "from pgvector.sqlalchemy import Vector",
            "Vector(3)",
            "VECTOR(3)",
        ),
        (
            "from pgvector.sqlalchemy import Vector",
            "Vector()",
            "VECTOR",
        ),
        (
            "import pgvector.sqlalchemy",
            "pgvector.sqlalchemy.HALFVEC(dim=8)",
            "HALFVEC(8)",
        ),
        (
            "import pgvector.sqlalchemy.vector",
            "pgvector.sqlalchemy.vector.VECTOR(dim=2)",
            "VECTOR(2)",
        ),
        (
            "from fastapi_users_db_sqlalchemy.generics import GUID",
            "GUID()",
            "UUID",
        ),
        (
            "import fastapi_users_db_sqlalchemy",
            "fastapi_users_db_sqlalchemy.generics.TIMESTAMPAware(timezone=True)",
            "TIMESTAMP WITH TIME ZONE",
        ),
        (
            "from advanced_alchemy.types import DateTimeUTC",
            "DateTimeUTC(timezone=True)",
            "TIMESTAMP WITH TIME ZONE",
        ),
        (
            "from advanced_alchemy.types import GUID",
            "GUID(length=16)",
            "UUID",
        ),
        ("from advanced_alchemy.types import JsonB", "JsonB", "JSONB"),
        ("from citext import CIText", "CIText()", "CITEXT"),
    ];
    for (module, kind, sql) in cases {
        assert_eq!(
            known(
                module,
                &format!("op.add_column('t', sa.Column('x', {kind}))")
            ),
            [format!("ALTER TABLE t ADD COLUMN x {sql}")],
            "{kind}"
        );
    }
}

#[test]
fn a_spatial_column_brings_its_index() {
    assert_eq!(
        known(
            "from geoalchemy2 import Geometry, Geography",
            "op.create_table('t', sa.Column('g', Geometry('POINT', 4326)), sa.Column('h', Geography('POINT', srid=4326, spatial_index=False)), sa.Column('i', Geometry('POINTZ', srid=4326, dimension=3, use_N_D_index=True)), schema='s')"
        ),
        [
            "CREATE TABLE s.t (\n    g geometry(POINT,4326), \n    h geography(POINT,4326), \n    i geometry(POINTZ,4326)\n)",
            "CREATE INDEX idx_t_g ON s.t USING gist (g)",
            "CREATE INDEX idx_t_i ON s.t USING gist (i gist_geometry_ops_nd)",
        ]
    );
    assert_eq!(
        known(
            "from geoalchemy2 import Geometry",
            "op.add_column('t', sa.Column('g', Geometry(geometry_type='POLYGON', srid=3857, from_text='ST_GeomFromEWKT', name='geometry')))"
        ),
        [
            "ALTER TABLE t ADD COLUMN g geometry(POLYGON,3857)",
            "CREATE INDEX idx_t_g ON t USING gist (g)",
        ]
    );
}

#[test]
fn a_raster_is_indexed_by_its_hull() {
    assert_eq!(
        known(
            "from geoalchemy2 import Raster",
            "op.create_table('r', sa.Column('a', Raster()), sa.Column('b', Raster(spatial_index=False)))"
        ),
        [
            "CREATE TABLE r (\n    a raster, \n    b raster\n)",
            "CREATE INDEX idx_r_a ON r USING gist (ST_ConvexHull(a))",
        ]
    );
}

/// As alembic_utils 0.8.8 writes them.
#[test]
fn entities_of_alembic_utils() {
    let module = "from alembic_utils.pg_extension import PGExtension\nfrom alembic_utils.pg_function import PGFunction\nfrom alembic_utils.pg_materialized_view import PGMaterializedView\nfrom alembic_utils.pg_policy import PGPolicy\nfrom alembic_utils.pg_trigger import PGTrigger\nfrom alembic_utils.pg_view import PGView\n";
    assert_eq!(
        known(
            module,
            "it = PGExtension(schema='public', signature='uuid-ossp')\nop.create_entity(it)\nop.drop_entity(it, cascade=True)"
        ),
        [
            "CREATE EXTENSION \"uuid-ossp\" WITH SCHEMA \"public\"",
            "DROP EXTENSION \"uuid-ossp\" CASCADE",
        ]
    );
    assert_eq!(
        known(
            module,
            "it = PGFunction(schema='public', signature='add(a int, b int default 1)', definition='returns int as $$ declare c int := a::int; begin return c + b; end; $$ language plpgsql;')\nop.create_entity(it)\nop.replace_entity(it)\nop.drop_entity(it)"
        ),
        [
            "CREATE FUNCTION \"public\".\"add\"(a int, b int default 1) returns int as $$ declare c int := a::int; begin return c + b; end; $$ language plpgsql",
            "CREATE OR REPLACE FUNCTION \"public\".\"add\"(a int, b int default 1) returns int as $$ declare c int := a::int; begin return c + b; end; $$ language plpgsql",
            "DROP FUNCTION \"public\".\"add\"(a int, b int)",
        ]
    );
    assert_eq!(
        known(
            module,
            "it = PGTrigger(schema='s', signature='touch', on_entity='s.t', definition='BEFORE UPDATE OF on_time ON t FOR EACH ROW EXECUTE PROCEDURE f(\\'a:b\\')')\nop.create_entity(it)\nop.replace_entity(it)\nop.drop_entity(it)"
        ),
        [
            "CREATE TRIGGER \"touch\" BEFORE UPDATE OF on_time ON s.t FOR EACH ROW EXECUTE PROCEDURE f('a:b')",
            "DROP TRIGGER IF EXISTS \"touch\" ON s.t",
            "CREATE TRIGGER \"touch\" BEFORE UPDATE OF on_time ON s.t FOR EACH ROW EXECUTE PROCEDURE f('a:b')",
            "DROP TRIGGER \"touch\" ON s.t",
        ]
    );
    assert_eq!(
        known(
            module,
            "it = PGMaterializedView(schema='s', signature='m', definition='select 1;', with_data=False)\nop.create_entity(it)\nop.replace_entity(it)\nit = PGPolicy(schema='public', signature='p', on_entity='t', definition='for select using (true)')\nop.create_entity(it)\nop.drop_entity(it)\nit = PGView('s', 'v', 'select 1')\nop.create_entity(it)\nop.drop_entity(it, cascade=True)"
        ),
        [
            "CREATE MATERIALIZED VIEW \"s\".\"m\" AS select 1 WITH NO DATA",
            "DROP MATERIALIZED VIEW IF EXISTS \"s\".\"m\"",
            "CREATE MATERIALIZED VIEW \"s\".\"m\" AS select 1 WITH NO DATA",
            "CREATE POLICY p on public.t for select using (true)",
            "DROP POLICY p on public.t",
            "CREATE VIEW \"s\".\"v\" AS select 1",
            "DROP VIEW \"s\".\"v\" cascade",
        ]
    );
}

/// As alembic-postgresql-enum 1.11 writes it.
#[test]
fn an_enumeration_gets_other_values() {
    let statements = known(
        "from alembic_postgresql_enum import ColumnType, TableReference\nfrom alembic_postgresql_enum.sql_commands.indexes import TableIndex",
        "op.sync_enum_values('s', 'e', ['a', 'd'], [TableReference(table_name='t', column_name='c', existing_server_default=\"'old'::s.e\"), TableReference('t', 'many', 'other', ColumnType.ARRAY)], enum_values_to_rename=[('old', 'd')], indexes_to_recreate=[TableIndex(name='s.ix', definition=\"CREATE INDEX ix ON s.t (c) WHERE c = 'old'::s.e\")])",
    );
    let statements: Vec<String> = statements
        .iter()
        .map(|sql| sql.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        statements,
        [
            "ALTER TYPE \"s\".\"e\" RENAME TO \"e_old\"",
            "CREATE TYPE \"s\".\"e\" AS ENUM('a', 'd')",
            "CREATE FUNCTION \"s\".new_old_not_equals( new_enum_val \"s\".\"e\", old_enum_val \"s\".\"e_old\" ) RETURNS boolean AS $$ SELECT new_enum_val::text != CASE WHEN old_enum_val::text = 'old' THEN 'd' ELSE old_enum_val::text END; $$ LANGUAGE SQL IMMUTABLE",
            "CREATE OPERATOR \"s\".!= ( leftarg = \"s\".\"e\", rightarg = \"s\".\"e_old\", procedure = \"s\".new_old_not_equals )",
            "CREATE FUNCTION \"s\".new_old_equals( new_enum_val \"s\".\"e\", old_enum_val \"s\".\"e_old\" ) RETURNS boolean AS $$ SELECT new_enum_val::text = CASE WHEN old_enum_val::text = 'old' THEN 'd' ELSE old_enum_val::text END; $$ LANGUAGE SQL IMMUTABLE",
            "CREATE OPERATOR \"s\".= ( leftarg = \"s\".\"e\", rightarg = \"s\".\"e_old\", procedure = \"s\".new_old_equals )",
            "DROP INDEX IF EXISTS \"s\".\"ix\"",
            "ALTER TABLE \"s\".\"t\" ALTER COLUMN \"c\" DROP DEFAULT",
            "ALTER TABLE \"s\".\"t\" ALTER COLUMN \"c\" TYPE \"s\".\"e\" USING CASE WHEN \"c\"::text = 'old' THEN 'd'::\"s\".\"e\" ELSE \"c\"::text::\"s\".\"e\" END",
            "ALTER TABLE \"s\".\"t\" ALTER COLUMN \"c\" SET DEFAULT 'd'::s.e",
            "ALTER TABLE \"other\".\"t\" ALTER COLUMN \"many\" TYPE \"s\".\"e\"[] USING array_replace(\"many\"::text[], 'old', 'd')::\"s\".\"e\"[]",
            "DROP OPERATOR IF EXISTS \"s\".!= ( \"s\".\"e\", \"s\".\"e_old\" )",
            "DROP FUNCTION \"s\".new_old_not_equals( new_enum_val \"s\".\"e\", old_enum_val \"s\".\"e_old\" )",
            "DROP OPERATOR IF EXISTS \"s\".= ( \"s\".\"e\", \"s\".\"e_old\" )",
            "DROP FUNCTION \"s\".new_old_equals( new_enum_val \"s\".\"e\", old_enum_val \"s\".\"e_old\" )",
            "DROP TYPE \"s\".\"e_old\"",
            "CREATE INDEX ix ON s.t (c) WHERE c = 'd'::s.e",
        ]
    );
}

#[test]
fn a_type_of_the_file_whose_values_are_processed_has_no_literals() {
    let module = "class Upper(sa.TypeDecorator):\n    impl = sa.String\n    def process_bind_param(self, value, dialect):\n        return value.upper()\n\nclass Sized(sa.TypeDecorator):\n    impl = sa.String\n    def __init__(self, more):\n        super().__init__(more + 1)\n";
    let reason = unknown(
        module,
        "op.bulk_insert(sa.table('t', sa.column('a', Upper)), [{'a': 'x'}])",
    );
    assert!(reason.contains("as a literal"), "{reason}");
    assert_eq!(
        unknown(module, "op.add_column('t', sa.Column('a', Sized(3)))"),
        "needs what the __init__ of the type Sized does"
    );
}

#[test]
fn what_sqlalchemy_refuses_is_told() {
    assert_eq!(
        unknown(
            "",
            "op.create_table('t', sa.Column('a', sa.Integer), sa.Column('a', sa.Integer))"
        ),
        "raises DuplicateColumnError: A column with name 'a' is already present in table 't'."
    );
    assert_eq!(
        unknown("", "op.create_index('ix', 't', ['a', 'a'])"),
        "raises DuplicateColumnError: the index has the column 'a' twice"
    );
    assert!(
        unknown(
            "",
            "metadata = sa.MetaData()\nmetadata.reflect(op.get_bind())\nop.execute(metadata.tables['t'].insert().values(a=1))"
        )
        .starts_with("MetaData.reflect() asks the database for its tables")
    );
}

#[test]
fn a_value_of_a_column_without_a_type_is_written_by_its_own() {
    assert_eq!(
        known(
            "import datetime, decimal, uuid\nt = sa.table('t', sa.column('x'), sa.column('y'))",
            "op.bulk_insert(t, [{'x': 1, 'y': \"it's\"}, {'x': True, 'y': None}, {'x': 1.5, 'y': decimal.Decimal('2.50')}])\nop.bulk_insert(t, [{'x': datetime.datetime(2024, 1, 2, 3), 'y': uuid.UUID(int=5) if False else 'z'}])\nop.execute(t.update().values(x=5).where(t.c.y == 'a'))"
        ),
        [
            "INSERT INTO t (x, y) VALUES (1, 'it''s')",
            "INSERT INTO t (x, y) VALUES (true, NULL)",
            "INSERT INTO t (x, y) VALUES (1.5, 2.50)",
            "INSERT INTO t (x, y) VALUES ('2024-01-02 03:00:00', 'z')",
            "UPDATE t SET x=5 WHERE t.y = 'a'",
        ]
    );
}

#[test]
fn json_is_written_as_python_does() {
    assert_eq!(
        known(
            "t = sa.table('t', sa.column('j', postgresql.JSONB), sa.column('k', sa.JSON))",
            "op.bulk_insert(t, [{'j': {'a': [1, None, True, 'é'], 'b': {}}, 'k': [1.0, \"it's\"]}])"
        ),
        [
            r#"INSERT INTO t (j, k) VALUES ('{"a": [1, null, true, "\u00e9"], "b": {}}', '[1.0, "it''s"]')"#
        ]
    );
}

#[test]
fn a_function_among_the_rows_is_written() {
    assert_eq!(
        known(
            "t = sa.table('t', sa.column('x', sa.DateTime))",
            "op.bulk_insert(t, [{'x': sa.func.now()}])"
        ),
        ["INSERT INTO t (x) VALUES (now())"]
    );
}

#[test]
fn what_is_not_known_says_what_it_needs() {
    let cases = [
        (
            "",
            "op.add_column('t', sa.Column('x', postgresql.FOO()))",
            "sqlalchemy.dialects.postgresql.FOO is not known to Cofferdam",
        ),
        (
            "from app.models import Kind",
            "op.add_column('t', sa.Column('x', Kind()))",
            "needs the application's code: app.models.Kind",
        ),
        (
            "",
            "op.create_index('i', 't', ['a'], postgresql_magic=True)",
            "op.create_index(postgresql_magic=…) is not known to Cofferdam",
        ),
        (
            "",
            "op.execute('SELECT :x')",
            "text() has a parameter :x without a value (write \\: for a colon)",
        ),
        (
            "",
            "op.sync_enum_values('s', 'e', ['a'], [('t', 'c')])",
            "op.sync_enum_values without a TableReference asks the database for the column's default",
        ),
        (
            "import datetime\nt = sa.table('t', sa.column('x'))",
            "op.bulk_insert(t, [{'x': datetime.datetime.now()}])",
            "datetime.datetime.now() is different on every run",
        ),
        (
            "",
            "sa.Table('t', sa.MetaData(), autoload_with=op.get_bind()).drop(op.get_bind())",
            "Table('t', autoload_with=…) asks the database for its columns",
        ),
        (
            "",
            "op.batch_alter_table('t', recreate='always')",
            "batch_alter_table(recreate='always') asks the database for the table that it copies",
        ),
    ];
    for (module, body, reason) in cases {
        assert_eq!(unknown(module, body), reason);
    }
}

#[test]
fn a_hidden_convention_hides_only_names_that_it_may_give() {
    let settings = Settings {
        unknown_convention: Some("env.py imports app.db".into()),
        ..Settings::default()
    };
    let final_name = script(
        &settings,
        "",
        "op.create_unique_constraint(op.f('uq'), 't', ['a'])",
    );
    assert_eq!(reasons(&final_name), Vec::<String>::new());
    let open = script(
        &settings,
        "",
        "op.create_unique_constraint(None, 't', ['a'])",
    );
    assert_eq!(
        reasons(&open),
        ["the name may follow a naming convention that could not be read: env.py imports app.db"]
    );
}

#[test]
fn an_expression_nested_without_end_ends() {
    let reason = unknown(
        "t = sa.table('t', sa.column('x', sa.Integer))",
        "e = t.c.x\nfor n in range(5000):\n    e = e * (e + 1) if n < 0 else -(e + n)\nop.execute(t.update().values(x=e))",
    );
    assert_eq!(
        reason,
        "an expression so large is not known to Cofferdam (line 10)"
    );
}

#[test]
fn what_doubles_every_time_ends() {
    for body in [
        "e = t.c.x\nfor n in range(100):\n    e = e + e\nop.execute(t.update().values(x=e))",
        "q = sa.select(t.c.x).subquery()\nfor n in range(100):\n    q = sa.select(q.alias().c.x, q.alias().c.x.label('y')).subquery()\nop.execute(sa.select(q.c.x))",
        "j = t\nfor n in range(100):\n    j = sa.join(j, j, t.c.x == t.c.x)\nop.execute(sa.select(t.c.x).select_from(j))",
        "q = sa.select(t.c.x)\nfor n in range(100):\n    q = sa.union(q, q)\nop.execute(q)",
        "k = sa.Integer()\nfor n in range(1000):\n    k = sa.ARRAY(k)\nop.add_column('t', sa.Column('x', k))",
    ] {
        let module = "t = sa.table('t', sa.column('x', sa.Integer))";
        let reasons = reasons(&script(&Settings::default(), module, body));
        assert!(!reasons.is_empty(), "{body}");
        for reason in reasons {
            assert!(reason.contains("is not known to Cofferdam"), "{reason}");
        }
    }
}

#[test]
fn the_inspector_answers_from_the_history() {
    assert_eq!(
        known(
            "",
            "inspector = sa.inspect(op.get_bind())\nif 'users' not in inspector.get_table_names():\n    op.create_table('users', sa.Column('id', sa.Integer))\nnames = [c['name'] for c in sa.inspect(op.get_bind()).get_columns('users')]\nif 'age' not in names:\n    op.add_column('users', sa.Column('age', sa.Integer))\nif op.get_bind().dialect.has_table(op.get_bind(), 'users'):\n    op.execute('SELECT 1')"
        ),
        [
            "CREATE TABLE users (\n    id INTEGER\n)",
            "ALTER TABLE users ADD COLUMN age INTEGER",
            "SELECT 1",
        ]
    );
}
