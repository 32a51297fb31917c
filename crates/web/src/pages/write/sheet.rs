//! What the engine reads in a draft's text: the revision, and everything that is wrong with it.

use crate::state::Workspace;
use crate::state::python::PYTHON;
use cofferdam_engine::finding::{Code, Finding, Severity};
use cofferdam_engine::hazard::Fix;
use cofferdam_engine::history::{History, HistoryError};
use cofferdam_engine::lint::Found;
use cofferdam_engine::revision::{Direction, Downgrade, Revision, Script};
use cofferdam_engine::script;
use cofferdam_engine::sql;
use std::ops::Range;
use std::sync::Arc;

/// One reading of the text. All offsets are bytes of this very text.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub path: String,
    pub text: String,
    pub script: Option<Script>,
    pub findings: Vec<Finding>,
}

impl Sheet {
    /// A Python file has to be read by the project's reader before ([`Shop::read_first`](super::context::Shop::read_first)).
    pub fn read(workspace: Option<&Workspace>, path: &str, text: &str) -> Self {
        let reading = match workspace {
            Some(workspace) => workspace.reading_of(path, text),
            None => Arc::new(script::read(path, text.as_bytes())),
        };
        let mut findings = reading.findings.clone();
        if let Some(script) = &reading.script {
            findings.extend(unreadable(script, text));
        }
        Sheet {
            path: path.to_owned(),
            text: text.to_owned(),
            script: reading.script.clone(),
            findings,
        }
    }

    pub fn is_python(&self) -> bool {
        self.path.ends_with(PYTHON)
    }

    pub fn revision(&self) -> Option<&Revision> {
        self.script.as_ref().map(|script| &script.revision)
    }
}

/// Whether a direction has neither statements nor parts that cannot be known.
pub fn does_nothing(script: &Script, direction: Direction) -> bool {
    let body = script.body(direction);
    body.is_none_or(|body| body.unreadable.is_empty())
        && sql::split(script.revision.sql(direction))
            .statements
            .is_empty()
}

/// The parts of a Python file that cannot be known without running it, as findings on their lines.
fn unreadable(script: &Script, text: &str) -> Vec<Finding> {
    let Some(python) = &script.python else {
        return Vec::new();
    };
    let parts = python.upgrade.unreadable.iter();
    parts
        .chain(&python.downgrade.unreadable)
        .map(|part| {
            let (start, line) = line_at(text, part.line);
            let indent = line.len() - line.trim_start().len();
            let message = format!(
                "What this does cannot be known without running Python: {}",
                part.reason
            );
            Finding::at(
                Code::NeedsPython,
                Severity::Warning,
                &script.path,
                text,
                start + indent..start + line.trim_end().len(),
                message,
            )
        })
        .collect()
}

/// Where a 1-based line begins, and its text.
pub fn line_at(text: &str, line: u32) -> (usize, &str) {
    let mut start = 0;
    for (number, content) in (1..).zip(text.split_inclusive('\n')) {
        if number == line {
            return (start, content);
        }
        start += content.len();
    }
    (text.len(), "")
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
    /// It is about what the SQL does, and no reason not to save it.
    pub is_hazard: bool,
    /// What takes it away.
    pub fix: Option<Fix>,
}

impl Problem {
    /// A hazard of the text.
    pub fn of_hazard(found: &Found, text: &str, is_python: bool) -> Self {
        let range = match is_python {
            // A Python file has no bytes of SQL: the call's line stands for it.
            true => {
                let (start, line) = line_at(text, found.line);
                let indent = line.len() - line.trim_start().len();
                start + indent..start + line.trim_end().len().max(indent)
            }
            false => found.range.clone(),
        };
        Problem {
            severity: found.severity,
            code: found.code,
            message: found.message.clone(),
            line: found.line,
            range,
            is_hazard: true,
            fix: found.fix.clone(),
        }
    }
}

impl From<&Finding> for Problem {
    fn from(finding: &Finding) -> Self {
        Problem {
            severity: finding.severity,
            code: finding.code.as_str(),
            message: finding.message.clone(),
            line: finding.line,
            range: finding.start..finding.end,
            is_hazard: false,
            fix: None,
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
    let found = header_line(text, key).or_else(|| python_line(text, key));
    let (line, range) = found.unwrap_or((1, 0..text.find('\n').unwrap_or(text.len())));
    Problem {
        severity: Severity::Error,
        code,
        message: sentence(error),
        line,
        range,
        is_hazard: false,
        fix: None,
    }
}

/// The header's line with `key`.
fn header_line(text: &str, key: &str) -> Option<(u32, Range<usize>)> {
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let content = line.trim_start_matches('-').trim_start();
        if !line.starts_with("--") && !line.trim().is_empty() {
            break;
        }
        let name = content.split(':').next().unwrap_or_default().trim();
        if name.eq_ignore_ascii_case(key) {
            return Some((number, at..at + line.trim_end().len()));
        }
        at += line.len();
    }
    None
}

/// The line of a Python file that assigns what `key` says in a native header.
fn python_line(text: &str, key: &str) -> Option<(u32, Range<usize>)> {
    let name = match key {
        "revision id" => "revision",
        "revises" => "down_revision",
        "depends on" => "depends_on",
        _ => "branch_labels",
    };
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let rest = line.strip_prefix(name).map(str::trim_start);
        if rest.is_some_and(|rest| rest.starts_with(['=', ':'])) {
            return Some((number, at..at + line.trim_end().len()));
        }
        at += line.len();
    }
    None
}

/// In the words of the files that it names: with a full stop, and a capital letter where it does not begin with a path.
pub fn sentence(error: &HistoryError) -> String {
    let mut text = error.to_string();
    if text.contains(PYTHON) {
        let names = [("Revises:", "down_revision"), ("Depends on:", "depends_on")];
        for (ours, theirs) in names {
            text = text.replace(&format!("`{ours}`"), &format!("`{theirs}`"));
        }
    }
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
