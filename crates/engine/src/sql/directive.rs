//! Comment directives: `-- +word …` as the first thing on its line.

use super::Directive;
use super::batches::Backfill;
use super::token::{Token, tokens};
use squawk_lexer::TokenKind;
use std::ops::Range;

/// A directive as it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raw {
    /// The comment, from `--` to the end of its line.
    pub range: Range<usize>,
    /// Where its line begins.
    pub line_start: usize,
    pub word: String,
    /// What follows the word, trimmed.
    pub rest: String,
}

/// Why a directive cannot be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No directive has this name.
    Unknown,
    /// Its words cannot be read; says what they have to be.
    Words(&'static str),
}

impl Raw {
    /// Reads the directive's words.
    pub fn parse(&self) -> Result<Directive, Fault> {
        let bare = |directive, help| {
            if self.rest.is_empty() {
                Ok(directive)
            } else {
                Err(Fault::Words(help))
            }
        };
        match self.word.as_str() {
            "commit" => bare(
                Directive::Commit,
                "write `-- +commit` and nothing else on the line",
            ),
            "no-transaction" => bare(
                Directive::NoTransaction,
                "write `-- +no-transaction` and nothing else on the line",
            ),
            "allow" => allow(&self.rest).map(|(code, reason)| Directive::Allow { code, reason }),
            "allow-file" => {
                allow(&self.rest).map(|(code, reason)| Directive::AllowFile { code, reason })
            }
            "backfill" => Backfill::read(&self.rest)
                .map(Directive::Backfill)
                .map_err(Fault::Words),
            _ => Err(Fault::Unknown),
        }
    }

    /// Tells whether the directive begins a section of a script.
    pub fn is_section(&self) -> bool {
        self.word == "upgrade" || self.word == "downgrade"
    }
}

/// The code and the reason of a suppression.
fn allow(rest: &str) -> Result<(String, String), Fault> {
    let help = "write `-- +allow code: the reason`";
    let Some((code, reason)) = rest.split_once(':') else {
        return Err(Fault::Words(help));
    };
    let (code, reason) = (code.trim(), reason.trim());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if code.is_empty() || !code.chars().all(plain) || reason.is_empty() {
        return Err(Fault::Words(help));
    }
    Ok((code.to_owned(), reason.to_owned()))
}

/// Reads `token` as a directive, where it is one.
pub(crate) fn of(text: &str, token: &Token) -> Option<Raw> {
    if token.kind != TokenKind::LineComment {
        return None;
    }
    let line_start = text[..token.range.start]
        .rfind(['\n', '\r'])
        .map_or(0, |at| at + 1);
    let blank = |c: char| matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}');
    if !text[line_start..token.range.start].chars().all(blank) {
        return None;
    }
    let words = words(&text[token.range.clone()])?;
    let end = words
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .unwrap_or(words.len());
    Some(Raw {
        range: token.range.clone(),
        line_start,
        word: words[..end].to_owned(),
        rest: words[end..].trim().to_owned(),
    })
}

/// What follows `-- +` in a line comment, where a word does.
fn words(comment: &str) -> Option<&str> {
    let rest = comment.strip_prefix("--")?;
    let words = rest.strip_prefix(' ').unwrap_or(rest).strip_prefix('+')?;
    words
        .starts_with(|c: char| c.is_ascii_alphabetic())
        .then_some(words)
}

/// Tells whether a comment of these words after `-- ` would be a directive.
pub(crate) fn is_like(line: &str) -> bool {
    words(&format!("-- {line}")).is_some()
}

/// All directives of `text`, in its order.
pub(crate) fn all(text: &str) -> Vec<Raw> {
    tokens(text)
        .iter()
        .filter_map(|token| of(text, token))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::batches::Size;

    #[test]
    fn only_a_comment_that_begins_its_line_is_a_directive() {
        let found =
            |sql: &str| -> Vec<String> { all(sql).into_iter().map(|raw| raw.word).collect() };
        assert_eq!(found("-- +commit\n"), ["commit"]);
        assert_eq!(found("--+commit"), ["commit"]);
        assert_eq!(
            found("\t -- +commit\r\n  -- +allow x: y"),
            ["commit", "allow"]
        );
        for none in [
            "SELECT 1; -- +commit",
            "--  +commit",
            "-- + commit",
            "-- +1",
            "/* -- +commit */",
            "$$\n-- +commit\n$$",
            "'\n-- +commit\n'",
        ] {
            assert!(found(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn words_are_read() {
        let parse = |line: &str| all(line)[0].parse();
        assert_eq!(parse("-- +commit "), Ok(Directive::Commit));
        assert_eq!(parse("-- +no-transaction"), Ok(Directive::NoTransaction));
        assert_eq!(
            parse("-- +allow drop-column: nobody: reads it"),
            Ok(Directive::Allow {
                code: "drop-column".to_owned(),
                reason: "nobody: reads it".to_owned()
            })
        );
        assert_eq!(
            parse("-- +backfill key=id batch=5000"),
            Ok(Directive::Backfill(Backfill {
                key: vec!["id".to_owned()],
                size: Size::Rows(5000),
                rate: None,
            }))
        );
        assert_eq!(parse("-- +comit"), Err(Fault::Unknown));
        for bad in [
            "-- +commit now",
            "-- +allow",
            "-- +allow x",
            "-- +allow x:",
            "-- +allow X y: z",
            "-- +backfill",
            "-- +backfill batch=auto",
            "-- +backfill key=id target=5s",
        ] {
            assert!(matches!(parse(bad), Err(Fault::Words(_))), "{bad}");
        }
    }
}
