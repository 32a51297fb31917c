//! What an error means for whoever runs migrations, and the ways out: PostgreSQL's errors, Alembic's, and those of the
//! libraries between them, recognised by SQLSTATE or by their words.

mod known;

use crate::run::DbError;
use known::{Known, TROUBLES};
use serde::Serialize;

/// A trouble that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// Stable, kebab-case.
    pub code: &'static str,
    /// What happened.
    pub happened: String,
    /// The ways out, the safest first.
    pub ways: Vec<Way>,
}

/// A way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Way {
    pub words: String,
    /// A command line that does it, or looks.
    pub command: Option<String>,
}

/// What an error's text means; none where it is not known.
pub fn recognise(text: &str) -> Option<Trouble> {
    let lower = text.to_lowercase();
    TROUBLES.iter().find_map(|known| {
        let by_words = known
            .words
            .iter()
            .find_map(|words| matched(&lower, text, words));
        let by_state = || {
            let mut states = known.states.iter();
            states
                .any(|state| has_word(text, state))
                .then(|| quoted(text).unwrap_or_default())
        };
        by_words.or_else(by_state).map(|name| known.trouble(&name))
    })
}

/// What an error of a run means.
pub fn of(error: &DbError) -> Option<Trouble> {
    let by_state = || {
        let state = error.code.as_str();
        let known = TROUBLES
            .iter()
            .find(|known| known.states.contains(&state))?;
        Some(known.trouble(&quoted(&error.message).unwrap_or_default()))
    };
    recognise(&error.message).or_else(by_state)
}

/// The codes of all troubles that are known, in the order in which they are tried.
pub fn codes() -> impl Iterator<Item = &'static str> {
    TROUBLES.iter().map(|known| known.code)
}

impl Known {
    fn trouble(&self, name: &str) -> Trouble {
        let named = |text: &str| match name {
            "" => text
                .replace("The revision {} ", "The revision ")
                .replace("{}", "it"),
            name => text.replace("{}", name),
        };
        let mut happened = named(self.happened);
        if let Some(first) = happened.get(..1) {
            let first = first.to_uppercase();
            // A name keeps its letters.
            if name.is_empty() {
                happened.replace_range(..1, &first);
            }
        }
        Trouble {
            code: self.code,
            happened,
            ways: self
                .ways
                .iter()
                .map(|(words, command)| Way {
                    words: (*words).to_owned(),
                    command: (!command.is_empty()).then(|| named(command)),
                })
                .collect(),
        }
    }
}

/// Whether `words` stand in the text; the name where their `*` is, or the empty text.
fn matched(lower: &str, text: &str, words: &str) -> Option<String> {
    let Some((before, after)) = words.split_once('*') else {
        return lower.contains(words).then(String::new);
    };
    let mut from = 0;
    loop {
        let rest = lower.get(from..)?;
        let at = match before.is_empty() {
            true => from + rest.find(['"', '\''])?,
            false => from + rest.find(before)? + before.len(),
        };
        // Lower case of a few letters has another length: then the name is not told.
        let same = lower.len() == text.len();
        if let Some((name, end)) = quoted_at(if same { text } else { lower }, at)
            && lower.get(end..).is_some_and(|rest| rest.starts_with(after))
        {
            return Some(name);
        }
        from = at + usize::from(before.is_empty());
    }
}

/// The name in quotes that begins at `at`, and where it ends.
fn quoted_at(text: &str, at: usize) -> Option<(String, usize)> {
    let rest = text.get(at..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let name = rest.get(1..)?.split(quote).next()?;
    Some((name.to_owned(), at + name.len() + 2))
}

/// The first name in double quotes.
fn quoted(text: &str) -> Option<String> {
    let name = text.split('"').nth(1)?;
    (name.len() <= 200).then(|| name.to_owned())
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|one| one == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_what_happened_and_in_the_commands() {
        let found = recognise(
            "alembic.util.exc.CommandError: Can't locate revision identified by 'abc123'",
        );
        let found = found.expect("a trouble");
        assert!(
            found
                .happened
                .starts_with("The revision abc123 has no file here")
        );
        assert_eq!(
            found.ways[0].command.as_deref(),
            Some("git log --all --oneline -- '*abc123*'")
        );
        let found = recognise("ERROR:  relation \"users\" already exists").expect("a trouble");
        assert!(found.happened.starts_with("users is there already"));
        assert_eq!(recognise("all is well"), None);
        for text in [
            "'",
            "\"",
            "* already exists",
            "\" already exists",
            "İ 'x' already exists",
            "",
        ] {
            let _ = recognise(text);
        }
    }
}
