//! What is to be said of a file: the hazards of its statements, and the findings of its text, in one form.

use crate::finding::{Finding, Lines, Severity};
use crate::hazard::{self, Fix, Frame, Hazard, Judge, Options};
use crate::lock::LockMode;
use crate::revision::{Direction, Script};
use crate::sql;
use crate::two::{InTurn, Two};
use std::ops::Range;

/// One thing that is said of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    /// The file's path, as it was given.
    pub path: String,
    /// Bytes of the file; of the section's SQL where the file is no SQL.
    pub range: Range<usize>,
    /// 1-based, in code points; the end is exclusive.
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    /// The lock that makes others wait.
    pub lock: Option<LockMode>,
    /// The safe way, as an edit of the file.
    pub fix: Option<Fix>,
    /// Why it is allowed, where a suppression says so.
    pub allowed: Option<String>,
}

impl Found {
    fn of_finding(finding: Finding, lines: &Lines<'_>) -> Self {
        let (end_line, end_column) = lines.place(finding.end);
        Found {
            code: finding.code.as_str(),
            severity: finding.severity,
            message: finding.message,
            path: finding.path,
            range: finding.start..finding.end,
            line: finding.line,
            column: finding.column,
            end_line,
            end_column,
            lock: None,
            fix: None,
            allowed: None,
        }
    }

    fn of_hazard(hazard: Hazard, path: &str, lines: &Lines<'_>, base: usize) -> Self {
        let range = hazard.range.start + base..hazard.range.end + base;
        let (line, column) = lines.place(range.start);
        let (end_line, end_column) = lines.place(range.end);
        let fix = hazard.fix.map(|mut fix| {
            for edit in &mut fix.edits {
                edit.range = edit.range.start + base..edit.range.end + base;
            }
            fix
        });
        Found {
            code: hazard.rule.code,
            severity: hazard.severity,
            message: hazard.message,
            path: path.to_owned(),
            range,
            line,
            column,
            end_line,
            end_column,
            lock: hazard.lock,
            fix,
            allowed: hazard.allowed,
        }
    }

    /// The rule that found it; none for a finding of the text.
    pub fn rule(&self) -> Option<&'static hazard::Rule> {
        hazard::Rule::by_code(self.code)
    }

    /// It counts: it is above a note, and not allowed.
    pub fn is_serious(&self) -> bool {
        self.severity > Severity::Note && self.allowed.is_none()
    }
}

/// An SQL file that psql would run, read, and what of it can be judged by itself.
pub struct Plain<'a> {
    path: &'a str,
    findings: Vec<Finding>,
    prepared: hazard::Prepared<'a>,
}

impl<'a> Plain<'a> {
    /// Reads the file `text`.
    pub fn read(path: &'a str, text: &'a str, options: &Options, two: impl Two) -> Self {
        let prepared = hazard::Prepared::new(text, Frame::Plain, options, two);
        Plain {
            path,
            findings: sql::check_read(path, &prepared.cut, &prepared.statements),
            prepared,
        }
    }

    /// What is to be said of it, in order of place. The judge, which has the same options, then knows of what it does.
    pub fn judge(self, judge: &mut Judge) -> Vec<Found> {
        let text = self.prepared.cut.text;
        let plain = |finding: &Finding| {
            // These are about revisions: psql takes BEGIN, \commands and COPY FROM stdin.
            use crate::finding::Code::{
                CopyFromStdin, MixedTransactions, PsqlCommand, SplitTransaction, TransactionControl,
            };
            !matches!(
                finding.code,
                CopyFromStdin
                    | MixedTransactions
                    | PsqlCommand
                    | SplitTransaction
                    | TransactionControl
            )
        };
        let lines = Lines::new(text);
        let findings = self.findings.into_iter();
        let findings = findings
            .filter(plain)
            .map(|finding| Found::of_finding(finding, &lines));
        let mut hazards = judge.judge_prepared(self.prepared, None);
        judge.allow_in_file(text, &mut hazards);
        let hazards = hazards.into_iter();
        let hazards = hazards.map(|hazard| Found::of_hazard(hazard, self.path, &lines, 0));
        in_order(findings.chain(hazards).collect())
    }
}

/// A revision, read, and what of it can be judged by itself.
pub struct Sections<'a> {
    script: &'a Script,
    upgrade: hazard::Prepared<'a>,
    /// None where there is none.
    downgrade: Option<hazard::Prepared<'a>>,
}

impl<'a> Sections<'a> {
    /// Reads both directions.
    pub fn read(script: &'a Script, options: &Options, two: impl Two) -> Self {
        let read = |direction, frame| {
            hazard::Prepared::new(script.revision.sql(direction), frame, options, two)
        };
        let has_downgrade = !script.is_empty(Direction::Downgrade);
        Sections {
            script,
            upgrade: read(Direction::Upgrade, Frame::Upgrade),
            downgrade: has_downgrade.then(|| read(Direction::Downgrade, Frame::Downgrade)),
        }
    }

    /// What is to be said of the revision, both directions, in order of place; `text` is its file's, `findings` are
    /// what reading it said. The judge, which has the same options, then knows of what its upgrade does.
    pub fn judge(self, text: &str, findings: &[Finding], judge: &mut Judge) -> Vec<Found> {
        let script = self.script;
        let message = Some(script.revision.message.as_str());
        let own = findings
            .iter()
            .filter(|finding| finding.path == script.path);
        let lines = Lines::new(text);
        let mut all: Vec<Found> = own
            .map(|finding| Found::of_finding(finding.clone(), &lines))
            .collect();
        let up = judge.judge_prepared(self.upgrade, message);
        // What comes next finds what the upgrade made, not what the downgrade leaves.
        let down = self.downgrade.map(|downgrade| {
            let mut judge = judge.clone();
            judge.judge_prepared(downgrade, None)
        });
        let down = down.unwrap_or_default();
        let with = |direction| move |hazard: Hazard| (direction, hazard);
        let hazards: Vec<(Direction, Hazard)> = up
            .into_iter()
            .map(with(Direction::Upgrade))
            .chain(down.into_iter().map(with(Direction::Downgrade)))
            .collect();
        // Suppressions for the whole file count in both directions.
        let mut alone: Vec<Hazard> = hazards.iter().map(|(_, hazard)| hazard.clone()).collect();
        let count = alone.len();
        if script.python.is_none() {
            judge.allow_in_file(text, &mut alone);
        }
        let unused = alone.split_off(count);
        all.extend(
            unused
                .into_iter()
                .map(|hazard| Found::of_hazard(hazard, &script.path, &lines, 0)),
        );
        for ((direction, _), hazard) in hazards.into_iter().zip(alone) {
            match script.body(direction) {
                None => {
                    let base = script.offset(direction);
                    all.push(Found::of_hazard(hazard, &script.path, &lines, base));
                }
                // A Python file has no bytes of SQL: the call's line stands for it.
                Some(body) => {
                    let ordinal = hazard.statement.unwrap_or_default();
                    let line = body.lines.get(ordinal).copied().unwrap_or(1);
                    let own = text.lines().nth(line.saturating_sub(1) as usize);
                    let own = own.unwrap_or_default();
                    let indent = own.chars().take_while(|c| c.is_whitespace()).count();
                    let length = own.trim_end().chars().count();
                    let mut found = Found::of_hazard(hazard, &script.path, &lines, 0);
                    found.fix = None;
                    found.line = line;
                    found.end_line = line;
                    found.column = u32::try_from(indent + 1).unwrap_or(1);
                    found.end_column = u32::try_from(length + 1).unwrap_or(1);
                    all.push(found);
                }
            }
        }
        in_order(all)
    }
}

/// As [`Sections::judge`], all at once.
pub fn script(script: &Script, text: &str, findings: &[Finding], judge: &mut Judge) -> Vec<Found> {
    Sections::read(script, judge.options(), InTurn).judge(text, findings, judge)
}

fn in_order(mut all: Vec<Found>) -> Vec<Found> {
    all.sort_by(|one, other| {
        let key = |found: &Found| {
            (
                found.line,
                found.column,
                found.code,
                found.end_line,
                found.end_column,
            )
        };
        key(one).cmp(&key(other))
    });
    all.dedup();
    all
}
