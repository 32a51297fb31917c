//! Data types by name, spelled as PostgreSQL's `format_type` spells them.

use crate::sql::{fold, reader::Reader};
use squawk_lexer::TokenKind;
use std::fmt;

/// A data type: `varchar(10)[]` is `character varying`, `10`, one dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SqlType {
    /// None for PostgreSQL's own and for those in `public`.
    pub schema: Option<String>,
    pub name: String,
    /// What stands in parentheses; the fields of an interval stand first.
    pub modifiers: Vec<String>,
    pub dimensions: usize,
}

/// Other spellings of PostgreSQL's own types (manual, table 8.1).
const ALIASES: [(&str, &str); 20] = [
    ("int", "integer"),
    ("int4", "integer"),
    ("int2", "smallint"),
    ("int8", "bigint"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("decimal", "numeric"),
    ("dec", "numeric"),
    ("bool", "boolean"),
    ("varchar", "character varying"),
    ("char", "character"),
    ("nchar", "character"),
    ("varbit", "bit varying"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("time", "time without time zone"),
    ("timetz", "time with time zone"),
    ("serial4", "serial"),
    ("serial2", "smallserial"),
    ("serial8", "bigserial"),
];

impl SqlType {
    /// Reads a type's text.
    pub fn read(text: &str) -> Self {
        let mut reader = Reader::new(text);
        let mut all = SqlType::default();
        reader.eat("setof");
        reader.eat("national");
        let Some(word) = reader.word() else {
            return all;
        };
        all.name = fold(word);
        let quoted = word.starts_with('"');
        let mut qualified = false;
        while reader.eat_kind(TokenKind::Dot) {
            qualified = true;
            let next = reader.word().map(fold).unwrap_or_default();
            all.schema = Some(std::mem::replace(&mut all.name, next));
        }
        let own = all.schema.as_deref() == Some("pg_catalog");
        if own || all.schema.as_deref() == Some("public") {
            all.schema = None;
        }
        if (quoted || qualified) && !own {
            all.rest(&mut reader);
            return all;
        }
        match all.name.as_str() {
            "double" => {
                reader.eat("precision");
                all.name.push_str(" precision");
            }
            "character" | "char" | "nchar" if reader.eat("varying") => {
                all.name = "varchar".to_owned();
            }
            "bit" if reader.eat("varying") => all.name = "varbit".to_owned(),
            "interval" => {
                let words = ["year", "month", "day", "hour", "minute", "second", "to"];
                let mut fields = Vec::new();
                while let Some(word) = words.iter().find(|word| reader.is(word)) {
                    fields.push(*word);
                    reader.skip();
                }
                if !fields.is_empty() {
                    all.modifiers.push(fields.join(" "));
                }
            }
            _ => {}
        }
        all.rest(&mut reader);
        if let Some((_, name)) = ALIASES.iter().find(|(alias, _)| *alias == all.name) {
            all.name = (*name).to_owned();
        }
        if all.name == "float" {
            let bits = all
                .modifiers
                .pop()
                .and_then(|bits| bits.parse::<u32>().ok());
            let real = bits.is_some_and(|bits| bits <= 24);
            all.name = if real { "real" } else { "double precision" }.to_owned();
        }
        if ["character", "bit"].contains(&all.name.as_str()) && all.modifiers.is_empty() {
            all.modifiers.push("1".to_owned());
        }
        if all.name == "bpchar" && !all.modifiers.is_empty() {
            all.name = "character".to_owned();
        }
        if all.name == "numeric" && all.modifiers.len() == 1 {
            all.modifiers.push("0".to_owned());
        }
        all
    }

    /// Modifiers, a time zone, and brackets.
    fn rest(&mut self, reader: &mut Reader) {
        if reader.is_kind(TokenKind::OpenParen) {
            let words = reader.parenthesised();
            let mut value = String::new();
            for word in words {
                if word == "," {
                    self.modifiers.push(std::mem::take(&mut value));
                } else {
                    value.push_str(word);
                }
            }
            self.modifiers.push(value);
        }
        for (words, ending) in [
            (["with", "time", "zone"], "tz"),
            (["without", "time", "zone"], ""),
        ] {
            if reader.eat_all(&words) {
                self.name.push_str(ending);
            }
        }
        if reader.eat("array") {
            self.dimensions = 1;
            return;
        }
        while reader.eat_kind(TokenKind::OpenBracket) {
            while reader.peek().is_some() && !reader.is_kind(TokenKind::CloseBracket) {
                reader.skip();
            }
            reader.eat_kind(TokenKind::CloseBracket);
            self.dimensions += 1;
        }
    }

    /// The integer type of a serial one, which stands for a column with a sequence.
    pub fn of_serial(&self) -> Option<&'static str> {
        match self.name.as_str() {
            "serial" => Some("integer"),
            "bigserial" => Some("bigint"),
            "smallserial" => Some("smallint"),
            _ => None,
        }
    }

    /// The modifiers as numbers; empty where there are none.
    pub fn numbers(&self) -> Vec<i64> {
        self.modifiers
            .iter()
            .filter_map(|one| one.parse().ok())
            .collect()
    }

    pub fn is_array(&self) -> bool {
        self.dimensions > 0
    }
}

impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        let (first, zone) = match self.name.split_once(' ') {
            Some((first @ ("timestamp" | "time"), zone)) => (first, Some(zone)),
            _ => (self.name.as_str(), None),
        };
        f.write_str(first)?;
        let mut modifiers = self.modifiers.as_slice();
        if self.name == "interval"
            && let Some((fields, rest)) = modifiers.split_first()
            && fields.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            write!(f, " {fields}")?;
            modifiers = rest;
        }
        if !modifiers.is_empty() {
            write!(f, "({})", modifiers.join(","))?;
        }
        if let Some(zone) = zone {
            write!(f, " {zone}")?;
        }
        f.write_str(if self.dimensions > 0 { "[]" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_spelled_as_postgresql_spells_them() {
        for (text, want) in [
            ("int", "integer"),
            ("INT8", "bigint"),
            ("pg_catalog.int4", "integer"),
            ("varchar(10)", "character varying(10)"),
            ("character varying", "character varying"),
            ("CHAR", "character(1)"),
            ("char varying(3)", "character varying(3)"),
            ("bpchar", "bpchar"),
            ("numeric(10, 2)", "numeric(10,2)"),
            ("decimal(5)", "numeric(5,0)"),
            ("timestamptz(3)", "timestamp(3) with time zone"),
            ("timestamp(3) with time zone", "timestamp(3) with time zone"),
            ("timestamp", "timestamp without time zone"),
            ("time without time zone", "time without time zone"),
            ("double precision", "double precision"),
            ("float(24)", "real"),
            ("float", "double precision"),
            ("interval day to second(3)", "interval day to second(3)"),
            ("text[][]", "text[]"),
            ("integer ARRAY", "integer[]"),
            ("bit varying(5)", "bit varying(5)"),
            ("my.\"Type\"(1)", "my.Type(1)"),
            ("public.mood", "mood"),
            ("\"int\"", "int"),
        ] {
            assert_eq!(SqlType::read(text).to_string(), want, "{text}");
        }
    }
}
