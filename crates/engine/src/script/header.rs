//! The header's lines: message, description, and `Key: value`.

/// A key of the header that Cofferdam knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    RevisionId,
    Revises,
    BranchLabels,
    DependsOn,
    Author,
    CreateDate,
}

impl Key {
    pub const ALL: [Key; 6] = [
        Key::RevisionId,
        Key::Revises,
        Key::BranchLabels,
        Key::DependsOn,
        Key::Author,
        Key::CreateDate,
    ];

    /// The key as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Key::RevisionId => "Revision ID",
            Key::Revises => "Revises",
            Key::BranchLabels => "Branch labels",
            Key::DependsOn => "Depends on",
            Key::Author => "Author",
            Key::CreateDate => "Create Date",
        }
    }

    /// Reads a line as a key that is known, and its value.
    pub fn of(line: &str) -> Option<(Key, &str)> {
        let (name, value) = line.split_once(':')?;
        let name = name.trim();
        let key = Key::ALL
            .into_iter()
            .find(|key| key.as_str().eq_ignore_ascii_case(name))?;
        Some((key, value.trim()))
    }
}

/// What a header line says, without its comment mark and the one space after it.
pub(super) fn content(comment: &str) -> &str {
    let rest = comment.strip_prefix("--").unwrap_or(comment);
    rest.strip_prefix(' ').unwrap_or(rest).trim_end()
}

/// The entries of a list's value, separated by commas or white space; none for `None` and `<base>`.
pub(super) fn list(value: &str) -> Vec<&str> {
    let entries: Vec<&str> = value
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|entry| !entry.is_empty())
        .collect();
    match entries[..] {
        [one] if one.eq_ignore_ascii_case("none") || one == "<base>" => Vec::new(),
        _ => entries,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_in_any_case() {
        assert_eq!(Key::of("Revision ID: a"), Some((Key::RevisionId, "a")));
        assert_eq!(
            Key::of("  create date :  2025-01-01 10:00 "),
            Some((Key::CreateDate, "2025-01-01 10:00"))
        );
        assert_eq!(Key::of("Revises:"), Some((Key::Revises, "")));
        assert_eq!(Key::of("Ticket: 5"), None);
        assert_eq!(Key::of("Revision ID a"), None);
    }

    #[test]
    fn lists_are_read() {
        assert_eq!(list("a, b c,,d"), ["a", "b", "c", "d"]);
        for none in ["", " ", "None", "none", "<base>"] {
            assert!(list(none).is_empty(), "{none}");
        }
    }
}
