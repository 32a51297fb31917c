//! Hazards: what a statement does to a running application, to data, or to the next person who reads it.
//!
//! A rule is data and one function, a file each in [`rule`]; [`Judge`] walks the statements with what is known before
//! each. Where squawk-linter has the rule, it finds and the function decides whether the find applies here.

mod fix;
mod heard;
mod judge;
mod look;
mod memory;
mod options;
mod rule;
mod squawk;
mod suppress;
mod words;

pub use fix::{Edit, Fix, apply};
pub use judge::{Frame, Judge, Past, Prepared};
pub use options::{Options, Statistics, TableStatistics, Version};
pub use rule::RULES;

use crate::finding::Severity;
use crate::lock::LockMode;
use crate::sql::split::Cut;
use look::{Hits, Look};
use std::ops::Range;

/// The rows of the union of what other tools know, by number, with what they are called there.
pub const UNION: usize = 116;

/// A rule: what it is about, for people, and the function that finds it.
pub struct Rule {
    /// Stable, kebab-case; squawk's where it has the same rule.
    pub code: &'static str,
    /// Rows of the union (`H066` is 66) that it covers.
    pub rows: &'static [u8],
    pub severity: Severity,
    /// It is looked for where the project does not say otherwise.
    pub is_default: bool,
    /// It is looked for in downgrades, too: taking back what an upgrade made is what they are for.
    pub in_downgrade: bool,
    /// A few words.
    pub title: &'static str,
    /// What happens.
    pub happens: &'static str,
    /// Who waits, or is surprised; empty where nobody is.
    pub waits: &'static str,
    /// When it applies, and when not.
    pub applies: &'static str,
    /// The safe way, in words or as SQL.
    pub instead: &'static str,
    /// The page of PostgreSQL's manual, such as `sql-altertable`.
    pub manual: &'static str,
    /// A text without this word, in lower case, has none of it; empty where there is no such word. It spares looking.
    pub word: &'static str,
    /// The same by asking the text; it spares squawk walking all of it.
    may_be: fn(&Asked<'_>) -> bool,
    find: Find,
    /// The safe way as an edit, where there is one here.
    fix: Option<fn(&Look<'_>) -> Option<Fix>>,
}

/// A text that is asked whether it may have a hazard.
struct Asked<'a> {
    cut: &'a Cut<'a>,
    /// All of it in lower case.
    lower: &'a str,
}

/// How a rule finds.
#[derive(Clone, Copy)]
enum Find {
    /// squawk-linter finds; the function says whether that applies here.
    Squawk(squawk_linter::Rule, fn(&Look<'_>) -> bool),
    Own(fn(&Look<'_>, &mut Hits)),
    /// After the last statement of a section or file.
    AtEnd(fn(&look::End<'_>, &mut Hits)),
    /// The judge itself reports it.
    Judge,
}

impl Rule {
    /// What a rule is where its file does not say otherwise.
    const BASE: Rule = Rule {
        code: "",
        rows: &[],
        severity: Severity::Warning,
        is_default: true,
        in_downgrade: false,
        title: "",
        happens: "",
        waits: "",
        applies: "",
        instead: "",
        manual: "sql-commands",
        word: "",
        may_be: |_| true,
        find: Find::Judge,
        fix: None,
    };

    /// The rule of that code; squawk's older spellings are understood.
    pub fn by_code(code: &str) -> Option<&'static Rule> {
        let code = match code {
            "prefer-timestamptz" => "prefer-timestamp-tz",
            code => code,
        };
        RULES.iter().copied().find(|rule| rule.code == code)
    }

    /// The safe way can be written by itself, in some cases at least.
    pub fn has_fix(&self) -> bool {
        self.fix.is_some()
    }

    /// The safe way is told as SQL, and not in words.
    pub fn is_example(&self) -> bool {
        !self.instead.ends_with('.')
    }

    /// The address of the manual's page.
    pub fn manual_url(&self) -> String {
        format!(
            "https://www.postgresql.org/docs/current/{}.html",
            self.manual
        )
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

/// A hazard of one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    pub rule: &'static Rule,
    pub severity: Severity,
    /// One or two sentences: what is so here, and what to do.
    pub message: String,
    /// Bytes of the text that was judged.
    pub range: Range<usize>,
    /// Which statement of the text, from 0; none where it is about all of them.
    pub statement: Option<usize>,
    /// The lock that makes others wait.
    pub lock: Option<LockMode>,
    /// Why it is allowed, where a suppression says so.
    pub allowed: Option<String>,
    /// The safe way, as an edit of the text.
    pub fix: Option<Fix>,
}
