//! What the engine reads in a draft's text: the revision, and everything that is wrong with it.

use cofferdam_engine::finding::{Finding, Severity};
use cofferdam_engine::history::{History, HistoryError};
use cofferdam_engine::revision::{Downgrade, Revision, Script};
use cofferdam_engine::script;
use std::ops::Range;

/// One reading of the text. All offsets are bytes of this very text.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub path: String,
    pub text: String,
    pub script: Option<Script>,
    pub findings: Vec<Finding>,
}

impl Sheet {
    pub fn read(path: &str, text: &str) -> Self {
        let reading = script::read(path, text.as_bytes());
        Sheet {
            path: path.to_owned(),
            text: text.to_owned(),
            script: reading.script,
            findings: reading.findings,
        }
    }

    pub fn revision(&self) -> Option<&Revision> {
        self.script.as_ref().map(|script| &script.revision)
    }
}

/// What the history has to know of a revision: no SQL.
pub fn outline(script: &Script) -> Script {
    let revision = &script.revision;
    Script {
        revision: Revision {
            upgrade: String::new(),
            downgrade: Downgrade::Missing,
            description: Vec::new(),
            extra: Vec::new(),
            ..revision.clone()
        },
        ..script.clone()
    }
}

/// Something wrong, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub severity: Severity,
    pub code: &'static str,
    pub message: String,
    pub line: u32,
    pub range: Range<usize>,
}

impl From<&Finding> for Problem {
    fn from(finding: &Finding) -> Self {
        Problem {
            severity: finding.severity,
            code: finding.code.as_str(),
            message: finding.message.clone(),
            line: finding.line,
            range: finding.start..finding.end,
        }
    }
}

/// What is wrong with the history once `draft` takes the place of the file at `base`, and is not wrong with it
/// now. `saved` are the outlines of all saved files.
pub fn history_errors(saved: &[Script], base: Option<&str>, draft: &Script) -> Vec<HistoryError> {
    let mut after: Vec<Script> = saved
        .iter()
        .filter(|script| Some(script.path.as_str()) != base)
        .cloned()
        .collect();
    after.push(draft.clone());
    let Err(errors) = History::new(after) else {
        return Vec::new();
    };
    let before = History::new(saved.to_vec()).err().unwrap_or_default();
    errors
        .into_iter()
        .filter(|error| !before.contains(error))
        .collect()
}

/// A history error as a problem of the header line that it is about.
pub fn history_problem(text: &str, error: &HistoryError) -> Problem {
    let (key, code) = match error {
        HistoryError::DuplicateId { .. } => ("revision id", "duplicate-id"),
        HistoryError::MissingDown { .. } => ("revises", "missing-down-revision"),
        HistoryError::SelfLoop { .. } => ("revises", "self-loop"),
        HistoryError::Cycle { .. } => ("revises", "cycle"),
        HistoryError::MissingDependency { .. } => ("depends on", "missing-dependency"),
        HistoryError::AmbiguousDependency { .. } => ("depends on", "ambiguous-dependency"),
        HistoryError::DuplicateLabel { .. } => ("branch labels", "duplicate-label"),
        HistoryError::LabelIsId { .. } => ("branch labels", "label-is-id"),
    };
    let (line, range) = header_line(text, key);
    Problem {
        severity: Severity::Error,
        code,
        message: sentence(error),
        line,
        range,
    }
}

/// The header's line with `key`, or the first line.
fn header_line(text: &str, key: &str) -> (u32, Range<usize>) {
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let content = line.trim_start_matches('-').trim_start();
        if !line.starts_with("--") && !line.trim().is_empty() {
            break;
        }
        let name = content.split(':').next().unwrap_or_default().trim();
        if name.eq_ignore_ascii_case(key) {
            return (number, at..at + line.trim_end().len());
        }
        at += line.len();
    }
    (1, 0..text.find('\n').unwrap_or(text.len()))
}

/// With a full stop, and a capital letter where it does not begin with a path.
pub fn sentence(error: &HistoryError) -> String {
    let text = error.to_string();
    let (first, rest) = text.split_once(' ').unwrap_or((&text, ""));
    if first.contains(['/', '.']) {
        return format!("{text}.");
    }
    let mut chars = first.chars();
    let capital: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(chars)
        .collect();
    format!("{capital} {rest}.")
}
