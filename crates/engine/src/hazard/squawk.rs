//! squawk-linter, run underneath: what it finds in a whole text.

use super::Rule;
use crate::hazard::options::Version;
use squawk_linter::{Linter, LinterSettings};
use squawk_syntax::{Parse, SourceFile};
use std::ops::Range;

/// A find of squawk's, with the rule here that stands for it.
pub(super) struct Found {
    pub rule: &'static Rule,
    pub range: Range<usize>,
    pub message: String,
}

/// What `rules` of squawk's find in `whole`, the tree of `sql`, in order of place.
pub(super) fn find(
    whole: &Parse<SourceFile>,
    sql: &str,
    version: Version,
    rules: &[(squawk_linter::Rule, &'static Rule)],
) -> Vec<Found> {
    let mut linter = Linter::from(rules.iter().map(|(theirs, _)| *theirs));
    linter.settings = LinterSettings {
        pg_version: version.to_string().parse().unwrap_or_default(),
        assume_in_transaction: false,
    };
    let found = linter.lint(whole, sql).into_iter();
    found
        .filter_map(|violation| {
            let mut rules = rules.iter();
            let (_, rule) = rules.find(|(theirs, _)| *theirs == violation.code)?;
            let message = match violation.help {
                Some(help) => format!("{} {help}", violation.message),
                None => violation.message,
            };
            Some(Found {
                rule,
                range: violation.text_range.start().into()..violation.text_range.end().into(),
                message: message.replace('`', ""),
            })
        })
        .collect()
}
