//! Which statements of a section say which words: for rules that ask what comes later.

use crate::sql::forest::Parsed;
use rustc_hash::FxHashMap;

/// For each word, lower case, the statements that have it, in order.
pub(super) struct Words(FxHashMap<String, Vec<usize>>);

impl Words {
    pub fn of(sql: &str, statements: &[Parsed]) -> Self {
        let mut all: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (at, parsed) in statements.iter().enumerate() {
            for word in words(&sql[parsed.statement.body.clone()]) {
                let said = all.entry(word).or_default();
                if said.last() != Some(&at) {
                    said.push(at);
                }
            }
        }
        Words(all)
    }

    /// The statements after the one at `at` that have every word of `wanted`, in order.
    pub fn later(&self, at: usize, wanted: &[&str]) -> Vec<usize> {
        let lists: Option<Vec<&[usize]>> = wanted
            .iter()
            .flat_map(|text| words(text))
            .map(|word| {
                let said = self.0.get(&word)?;
                Some(&said[said.partition_point(|said| *said <= at)..])
            })
            .collect();
        let lists = lists.unwrap_or_default();
        let Some(rarest) = lists.iter().min_by_key(|list| list.len()) else {
            return vec![];
        };
        let in_all = |at: &&usize| lists.iter().all(|list| list.binary_search(at).is_ok());
        rarest.iter().filter(in_all).copied().collect()
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_comes_later_and_says_all_words_is_meant() {
        let sql = "CREATE INDEX a ON users (b);SELECT 1;\nanalyze USERS;ANALYZE \"odd name\";ANALYZE user_s;";
        let words = Words::of(sql, &crate::sql::forest::read(sql));
        assert_eq!(words.later(0, &["analyze", "users"]), [2]);
        assert_eq!(words.later(2, &["analyze", "users"]), Vec::<usize>::new());
        assert_eq!(words.later(0, &["analyze", "odd name"]), [3]);
        assert_eq!(words.later(0, &["analyze"]), [2, 3, 4]);
        assert_eq!(words.later(0, &["gone"]), Vec::<usize>::new());
    }
}
