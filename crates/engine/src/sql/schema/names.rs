//! The names that PostgreSQL gives to constraints, indexes and sequences without one.

use super::{Schema, TableName};

/// The longest identifier, in bytes.
const LONGEST: usize = 63;

/// `first_second_label`, with the longer of the two cut until it fits.
pub(crate) fn made(first: &str, second: &str, label: &str) -> String {
    let joints = usize::from(!second.is_empty()) + usize::from(!label.is_empty());
    let room = LONGEST.saturating_sub(label.len() + joints);
    let (mut one, mut two) = (first.len(), second.len());
    while one + two > room {
        if one > two {
            one -= 1;
        } else {
            two -= 1;
        }
    }
    let mut name = clip(first, one).to_owned();
    for part in [clip(second, two), label] {
        if !part.is_empty() {
            name.push('_');
            name.push_str(part);
        }
    }
    name
}

/// As many whole characters as `bytes` hold.
fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

impl Schema {
    /// The name of a relation that says none: `first_second_label`, with a number where that is taken.
    pub(crate) fn free_relation(&self, table: &TableName, second: &str, label: &str) -> TableName {
        let name = numbered(label, |label| {
            let name = TableName {
                schema: table.schema.clone(),
                name: made(&table.name, second, label),
            };
            (!self.has_relation(&name)).then_some(name)
        });
        name.unwrap_or_default()
    }

    /// The name of a constraint of `table` that says none.
    pub(crate) fn free_constraint(
        &self,
        table: &TableName,
        taken: impl Fn(&str) -> bool,
        second: &str,
        label: &str,
    ) -> String {
        let name = numbered(label, |label| {
            let name = made(&table.name, second, label);
            (!taken(&name)).then_some(name)
        });
        name.unwrap_or_default()
    }
}

fn numbered<T>(label: &str, try_one: impl Fn(&str) -> Option<T>) -> Option<T> {
    try_one(label).or_else(|| (1..10_000).find_map(|at| try_one(&format!("{label}{at}"))))
}

#[cfg(test)]
mod tests {
    use super::made;

    #[test]
    fn the_longer_part_is_cut() {
        assert_eq!(made("users", "email", "key"), "users_email_key");
        assert_eq!(made("users", "", "pkey"), "users_pkey");
        let long = "a".repeat(70);
        assert_eq!(made(&long, "b", "idx").len(), 63);
        assert!(made(&long, "b", "idx").ends_with("a_b_idx"));
        assert!(made("é".repeat(40).as_str(), "", "pkey").len() <= 63);
    }
}
