//! Which statements of a section say which words: for rules that ask what comes later.

use crate::sql::forest::Parsed;
use rustc_hash::FxHashMap;

/// For each word, lower case, the statements that have it, in order.
pub(super) struct Words(FxHashMap<String, Vec<usize>>);

impl Words {
    pub fn of(sql: &str, statements: &[Parsed]) -> Self {
        let mut all: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        let mut lower = String::new();
        for (at, parsed) in statements.iter().enumerate() {
            for word in words(&sql[parsed.statement.body.clone()]) {
                lower.clear();
                lower.push_str(word);
                match word.is_ascii() {
                    true => lower.make_ascii_lowercase(),
                    false => lower = lower.to_lowercase(),
                }
                match all.get_mut(&lower) {
                    Some(said) if said.last() == Some(&at) => {}
                    Some(said) => said.push(at),
                    None => {
                        all.insert(lower.clone(), vec![at]);
                    }
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
                let said = self.0.get(&word.to_lowercase())?;
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

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
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
