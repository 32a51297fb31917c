//! SQLAlchemy's types for PostgreSQL's.

use super::cursor::Cursor;

/// Types without arguments, as SQLAlchemy prints them for PostgreSQL.
const PLAIN: [(&str, &str); 40] = [
    ("smallint", "sa.SmallInteger()"),
    ("integer", "sa.Integer()"),
    ("bigint", "sa.BigInteger()"),
    ("smallserial", "sa.SmallInteger()"),
    ("serial", "sa.Integer()"),
    ("bigserial", "sa.BigInteger()"),
    ("numeric", "sa.Numeric()"),
    ("real", "sa.REAL()"),
    ("float", "sa.Float()"),
    ("double precision", "sa.Double()"),
    ("boolean", "sa.Boolean()"),
    ("text", "sa.Text()"),
    ("varchar", "sa.String()"),
    ("bytea", "sa.LargeBinary()"),
    ("uuid", "sa.UUID()"),
    ("date", "sa.Date()"),
    ("interval", "sa.Interval()"),
    ("time without time zone", "sa.Time()"),
    ("time with time zone", "sa.Time(timezone=True)"),
    ("timestamp without time zone", "sa.DateTime()"),
    ("timestamp with time zone", "sa.DateTime(timezone=True)"),
    ("json", "postgresql.JSON()"),
    ("jsonb", "postgresql.JSONB()"),
    ("inet", "postgresql.INET()"),
    ("cidr", "postgresql.CIDR()"),
    ("macaddr", "postgresql.MACADDR()"),
    ("money", "postgresql.MONEY()"),
    ("oid", "postgresql.OID()"),
    ("regclass", "postgresql.REGCLASS()"),
    ("tsvector", "postgresql.TSVECTOR()"),
    ("tsquery", "postgresql.TSQUERY()"),
    ("citext", "postgresql.CITEXT()"),
    ("hstore", "postgresql.HSTORE()"),
    ("bit", "postgresql.BIT()"),
    ("int4range", "postgresql.INT4RANGE()"),
    ("int8range", "postgresql.INT8RANGE()"),
    ("numrange", "postgresql.NUMRANGE()"),
    ("daterange", "postgresql.DATERANGE()"),
    ("tsrange", "postgresql.TSRANGE()"),
    ("tstzrange", "postgresql.TSTZRANGE()"),
];

/// The type that these tokens name.
pub fn of(kind: &Cursor<'_>) -> Option<String> {
    let words = kind.words();
    if let Some(element) = words.strip_suffix("[ ]") {
        let dimensions = 1 + element.matches("[ ]").count();
        let element = plain(element.trim_end_matches("[ ]").trim())?;
        return Some(match dimensions {
            1 => format!("postgresql.ARRAY({element})"),
            many => format!("postgresql.ARRAY({element}, dimensions={many})"),
        });
    }
    plain(&words)
}

fn plain(words: &str) -> Option<String> {
    if let Some((_, written)) = PLAIN.iter().find(|(name, _)| *name == words) {
        return Some((*written).to_owned());
    }
    let (name, rest) = words.split_once(" (")?;
    let arguments = rest.strip_suffix(')')?.trim();
    let numbers: Option<Vec<u32>> = arguments
        .split(',')
        .map(|it| it.trim().parse().ok())
        .collect();
    Some(match (name, numbers?.as_slice()) {
        ("varchar", [length]) => format!("sa.String(length={length})"),
        ("char", [length]) => format!("sa.CHAR(length={length})"),
        ("numeric", [precision]) => format!("sa.Numeric(precision={precision})"),
        ("numeric", [precision, scale]) => {
            format!("sa.Numeric(precision={precision}, scale={scale})")
        }
        ("float", [precision]) => format!("sa.Float(precision={precision})"),
        ("bit", [length]) => format!("postgresql.BIT(length={length})"),
        _ => return None,
    })
}
