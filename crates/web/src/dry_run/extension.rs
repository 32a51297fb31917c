//! The extensions that statements create, so that PGlite loads their files before it starts.

use cofferdam_engine::plan::Plan;
use cofferdam_engine::sql;
use std::collections::BTreeSet;

/// The extensions that `plans` and `texts` create, each once, in order of name.
pub fn wanted<'a>(
    plans: impl IntoIterator<Item = &'a Plan>,
    texts: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let planned = plans
        .into_iter()
        .flat_map(Plan::steps)
        .filter_map(|(_, step)| created(&step.sql));
    let mut names: BTreeSet<String> = planned.collect();
    for text in texts {
        let split = sql::split(text);
        names.extend(
            split
                .statements
                .iter()
                .filter_map(|statement| created(&text[statement.body.clone()])),
        );
    }
    names.into_iter().collect()
}

/// The name in `CREATE EXTENSION [IF NOT EXISTS] name …`.
fn created(statement: &str) -> Option<String> {
    let mut words = statement.split_whitespace();
    let mut next = |expected: &str| {
        words
            .next()
            .filter(|word| word.eq_ignore_ascii_case(expected))
            .map(|_| ())
    };
    next("create")?;
    next("extension")?;
    let mut name = words.next()?;
    if name.eq_ignore_ascii_case("if") {
        name = words.nth(2)?;
    }
    Some(sql::fold(name.trim_end_matches(';')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        assert_eq!(created("CREATE EXTENSION citext;"), Some("citext".into()));
        assert_eq!(
            created("create extension if not exists \"uuid-ossp\" WITH SCHEMA public;"),
            Some("uuid-ossp".into())
        );
        assert_eq!(
            created("CREATE EXTENSION Hstore CASCADE"),
            Some("hstore".into())
        );
        assert_eq!(created("CREATE TABLE extension (id int);"), None);
    }

    #[test]
    fn seeds_are_read_too() {
        let none: [&Plan; 0] = [];
        assert_eq!(
            wanted(none, ["SELECT 1; CREATE EXTENSION ltree;"]),
            ["ltree"]
        );
    }
}
