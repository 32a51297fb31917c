//! What ALTER COLUMN … TYPE costs, by the pair of types.
//!
//! Source: PostgreSQL's `ATColumnChangeRequiresRewrite`, the `pg_cast` entries without a function, and the planner support
//! functions of the length casts; each pair is measured by `tests/tests/postgres/effects.rs`.

use crate::sql::schema::{OwnType, Schema, SqlType, TableName};

/// What changing a column's type does to its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeChange {
    /// Every row is written again.
    pub rewrites: bool,
    /// The indexes on the column are built again although the table is not rewritten.
    pub rebuilds_indexes: bool,
    /// False where one of the types is not known well enough.
    pub is_certain: bool,
    pub narrowing: Narrowing,
}

/// What happens to values that the new type cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Narrowing {
    /// It holds all of the old type's.
    None,
    /// The statement fails where there is one.
    Fails,
    /// They are rounded or cut.
    Loses,
}

/// Casts without a function: the bytes stay (`pg_cast.castmethod = 'b'`).
const SAME_BYTES: &[(&str, &str)] = &[
    ("character varying", "text"),
    ("text", "character varying"),
    ("bpchar", "character"),
    ("cidr", "inet"),
    ("bit", "bit varying"),
    ("xml", "text"),
    ("xml", "character varying"),
    ("citext", "text"),
    ("citext", "character varying"),
    ("text", "citext"),
    ("character varying", "citext"),
    ("integer", "oid"),
    ("oid", "integer"),
    ("integer", "regclass"),
    ("regclass", "integer"),
    ("oid", "regclass"),
    ("regclass", "oid"),
];

/// Whole numbers, narrowest first.
const WHOLE: [&str; 3] = ["smallint", "integer", "bigint"];

/// What changing from `old` to `new` does, with the text of a `USING` where there is one that is no plain cast.
pub fn type_change(old: &SqlType, new: &SqlType, has_using: bool, schema: &Schema) -> TypeChange {
    let narrowing = narrowing(old, new, has_using);
    let change = |rewrites: bool| TypeChange {
        rewrites,
        rebuilds_indexes: false,
        is_certain: true,
        narrowing,
    };
    if has_using {
        return change(true);
    }
    if old == new {
        return change(false);
    }
    // A domain without constraints is its base type, one with constraints is checked by writing the rows again.
    if let Some(OwnType::Domain { base, constraints }) = schema.type_of(new) {
        if !constraints.is_empty() {
            return change(true);
        }
        let base = base.clone();
        return type_change(old, &base, false, schema);
    }
    if let Some(OwnType::Domain { base, .. }) = schema.type_of(old) {
        let base = base.clone();
        return type_change(&base, new, false, schema);
    }
    let known = |one: &SqlType| {
        one.schema.is_none()
            && schema
                .own_type(&TableName::new(None, one.name.clone()))
                .is_none()
    };
    if old.is_array() || new.is_array() || !known(old) || !known(new) {
        return change(true);
    }
    if old.name == new.name {
        return change(!widens(old, new));
    }
    let zones = ["timestamp without time zone", "timestamp with time zone"];
    if zones.contains(&old.name.as_str()) && zones.contains(&new.name.as_str()) {
        // With the session's TimeZone at UTC the bytes stay, from 12 on.
        return TypeChange {
            is_certain: false,
            ..change(true)
        };
    }
    let same = SAME_BYTES.contains(&(old.name.as_str(), new.name.as_str()));
    // The length is checked anew where the new type has one: for that the rows are written again.
    let rewrites = !same || !new.modifiers.is_empty();
    let classes = |one: &SqlType| match one.name.as_str() {
        "character varying" | "text" => "text".to_owned(),
        "cidr" | "inet" => "inet".to_owned(),
        other => other.to_owned(),
    };
    TypeChange {
        rebuilds_indexes: !rewrites && classes(old) != classes(new),
        is_certain: !is_foreign(old) && !is_foreign(new),
        ..change(rewrites)
    }
}

/// A type that PostgreSQL does not bring itself, or that is not in the lists here.
fn is_foreign(one: &SqlType) -> bool {
    const OWN: &[&str] = &[
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
        "money",
        "character varying",
        "character",
        "bpchar",
        "text",
        "bytea",
        "boolean",
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
        "time without time zone",
        "time with time zone",
        "interval",
        "uuid",
        "json",
        "jsonb",
        "xml",
        "inet",
        "cidr",
        "macaddr",
        "macaddr8",
        "bit",
        "bit varying",
        "oid",
        "regclass",
        "name",
        "tsvector",
        "tsquery",
        "point",
        "line",
        "lseg",
        "box",
        "path",
        "polygon",
        "circle",
        "int4range",
        "int8range",
        "numrange",
        "tsrange",
        "tstzrange",
        "daterange",
        "citext",
        "hstore",
    ];
    !OWN.contains(&one.name.as_str())
}

/// Whether a length or precision of the same type only grows, which needs no rewrite.
fn widens(old: &SqlType, new: &SqlType) -> bool {
    let (from, to) = (old.numbers(), new.numbers());
    match new.name.as_str() {
        "character varying" | "bit varying" => match (from.first(), to.first()) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(from), Some(to)) => to >= from,
        },
        "numeric" => match (from.as_slice(), to.as_slice()) {
            (_, []) => true,
            ([p, s], [q, t]) => s == t && q >= p,
            _ => false,
        },
        "timestamp without time zone"
        | "timestamp with time zone"
        | "time without time zone"
        | "time with time zone" => match (from.first(), to.first()) {
            (_, None | Some(6)) => true,
            (None, Some(_)) => false,
            (Some(from), Some(to)) => to >= from,
        },
        "interval" => new.modifiers.is_empty() || old.modifiers == new.modifiers,
        _ => old.modifiers == new.modifiers,
    }
}

/// What becomes of values that do not fit.
fn narrowing(old: &SqlType, new: &SqlType, has_using: bool) -> Narrowing {
    let (from, to) = (old.numbers(), new.numbers());
    let (a, b) = (old.name.as_str(), new.name.as_str());
    let rank = |name: &str| WHOLE.iter().position(|one| *one == name);
    let texts = ["character varying", "text", "character", "bpchar", "citext"];
    if texts.contains(&a) && texts.contains(&b) {
        let shorter = match (from.first(), to.first()) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(from), Some(to)) => to < from,
        };
        // An explicit cast, which a USING mostly has, cuts without a word.
        return match (shorter, has_using) {
            (false, _) => Narrowing::None,
            (true, false) => Narrowing::Fails,
            (true, true) => Narrowing::Loses,
        };
    }
    if let (Some(from), Some(to)) = (rank(a), rank(b)) {
        return if to < from {
            Narrowing::Fails
        } else {
            Narrowing::None
        };
    }
    let inexact = ["real", "double precision", "numeric"];
    match (a, b) {
        ("numeric", "numeric") => match (from.as_slice(), to.as_slice()) {
            (_, []) => Narrowing::None,
            ([p, s], [q, t]) if t >= s && q - t >= p - s => Narrowing::None,
            ([_, s], [_, t]) if t >= s => Narrowing::Fails,
            _ => Narrowing::Loses,
        },
        ("double precision", "real") | ("numeric", "real" | "double precision") => Narrowing::Loses,
        (_, b) if inexact.contains(&a) && rank(b).is_some() => Narrowing::Loses,
        ("real" | "double precision", "numeric") => Narrowing::Loses,
        ("bigint" | "integer", "real") | ("bigint", "double precision") => Narrowing::Loses,
        _ if a.starts_with("timestamp") && (b == "date" || b.starts_with("time ")) => {
            Narrowing::Loses
        }
        _ if a.starts_with("time") && a == b => {
            match (from.first().unwrap_or(&6), to.first().unwrap_or(&6)) {
                (from, to) if to < from => Narrowing::Loses,
                _ => Narrowing::None,
            }
        }
        ("jsonb" | "json", "text") | (_, "text") if a != b => Narrowing::None,
        ("json", "jsonb") => Narrowing::Loses,
        ("text" | "character varying" | "character", _) => Narrowing::Fails,
        _ => Narrowing::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(old: &str, new: &str) -> TypeChange {
        let schema = Schema::default();
        type_change(&SqlType::read(old), &SqlType::read(new), false, &schema)
    }

    #[test]
    fn widening_changes_the_catalog_only() {
        for (old, new) in [
            ("varchar(10)", "varchar(20)"),
            ("varchar(20)", "text"),
            ("varchar", "text"),
            ("text", "varchar"),
            ("numeric(8,2)", "numeric(10,2)"),
            ("numeric(8,2)", "numeric"),
            ("timestamp(3)", "timestamp(6)"),
            ("timestamptz(3)", "timestamptz"),
            ("timestamp", "timestamp(6)"),
            ("cidr", "inet"),
            ("varbit(3)", "varbit(8)"),
        ] {
            assert!(!change(old, new).rewrites, "{old} to {new}");
            assert_eq!(
                change(old, new).narrowing,
                Narrowing::None,
                "{old} to {new}"
            );
        }
    }

    #[test]
    fn other_changes_write_every_row() {
        for (old, new) in [
            ("int", "bigint"),
            ("varchar(20)", "varchar(10)"),
            ("text", "varchar(10)"),
            ("char(3)", "char(5)"),
            ("numeric(8,2)", "numeric(10,4)"),
            ("numeric", "numeric(10,2)"),
            ("timestamp", "timestamptz"),
            ("varchar(3)[]", "varchar(5)[]"),
            ("json", "jsonb"),
        ] {
            assert!(change(old, new).rewrites, "{old} to {new}");
        }
    }

    #[test]
    fn values_that_do_not_fit_are_told() {
        assert_eq!(
            change("varchar(20)", "varchar(10)").narrowing,
            Narrowing::Fails
        );
        assert_eq!(change("bigint", "int").narrowing, Narrowing::Fails);
        assert_eq!(
            change("numeric(10,4)", "numeric(10,2)").narrowing,
            Narrowing::Loses
        );
        assert_eq!(change("timestamp", "date").narrowing, Narrowing::Loses);
        assert_eq!(
            change("timestamp(6)", "timestamp(0)").narrowing,
            Narrowing::Loses
        );
    }
}
