//! Findings of one section's SQL.
//!
//! Nothing here runs deeper than the text is long allows: what would overflow the parser's stack is
//! counted first and never reaches it.

mod directives;
mod names;
mod refused;
mod segments;
mod syntax;

use super::forest::Parsed;
use super::split::{Cut, cut};
use crate::finding::{Code, Finding, Severity};
use std::ops::Range;

/// Findings that one section may have; what follows is not looked at.
const MAX_FINDINGS: usize = 100;

/// Finds what is wrong with the statements of `text[range]`, in the order of (start, code).
pub(super) fn check(path: &str, text: &str, range: Range<usize>) -> Vec<Finding> {
    let cut = cut(text.get(range.clone()).unwrap_or_default());
    let mut report = Report {
        path,
        text,
        base: range.start,
        is_plain: false,
        findings: Vec::new(),
    };
    segments::check(&mut report, &cut);
    check_cut(report, &cut, |_| false)
}

/// As [`check`] of a whole text that psql runs, and which is read already.
pub(super) fn check_read(path: &str, cut: &Cut<'_>, statements: &[Parsed]) -> Vec<Finding> {
    let is_whole = |at: usize| {
        let body = &cut.text[cut.pieces[at].body.clone()];
        statements[at].tree.is_some() && !body.contains('\0')
    };
    let report = Report {
        path,
        text: cut.text,
        base: 0,
        is_plain: true,
        findings: Vec::new(),
    };
    check_cut(report, cut, is_whole)
}

/// Checks the section `cut`; `is_whole` says which statements have no syntax error.
fn check_cut(
    mut report: Report<'_>,
    cut: &Cut<'_>,
    is_whole: impl Fn(usize) -> bool,
) -> Vec<Finding> {
    directives::check(&mut report, cut);
    for (at, piece) in cut.pieces.iter().enumerate() {
        if report.findings.len() >= MAX_FINDINGS {
            break;
        }
        names::check(&mut report, cut, piece);
        if !refused::copy(&mut report, cut, piece) && !refused::check(&mut report, cut, piece) {
            syntax::check(&mut report, cut, piece, is_whole(at));
        }
    }
    unterminated(&mut report, cut);
    let mut findings = report.findings;
    findings.sort_by_key(|finding| (finding.start, finding.code));
    findings.dedup();
    findings
}

/// The findings made so far, and where the section lies in its file.
struct Report<'a> {
    path: &'a str,
    text: &'a str,
    base: usize,
    /// psql runs it: it takes BEGIN, \commands and COPY FROM stdin, and nothing else cuts the text into transactions.
    is_plain: bool,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Adds a finding at `range` of the section.
    fn add(
        &mut self,
        code: Code,
        severity: Severity,
        range: Range<usize>,
        message: impl Into<String>,
    ) {
        let is_taken = matches!(
            code,
            Code::CopyFromStdin | Code::PsqlCommand | Code::TransactionControl
        );
        if self.findings.len() < MAX_FINDINGS && !(self.is_plain && is_taken) {
            let range = range.start + self.base..range.end + self.base;
            self.findings.push(Finding::at(
                code, severity, self.path, self.text, range, message,
            ));
        }
    }

    fn error(&mut self, code: Code, range: Range<usize>, message: impl Into<String>) {
        self.add(code, Severity::Error, range, message);
    }

    fn warning(&mut self, code: Code, range: Range<usize>, message: impl Into<String>) {
        self.add(code, Severity::Warning, range, message);
    }

    /// The file's line at `offset` of the section.
    fn line(&self, offset: usize) -> u32 {
        crate::finding::line_column(self.text, self.base + offset).0
    }
}

/// Where a finding about all of a statement is shown: the first line of its `body`.
fn head(cut: &Cut, body: &Range<usize>) -> Range<usize> {
    let text = &cut.text[body.clone()];
    let length = text.find(['\n', '\r']).unwrap_or(text.len());
    body.start..body.start + length
}

/// Only the last token of a text can be one that never ends.
fn unterminated(report: &mut Report, cut: &Cut) {
    let Some(token) = cut.tokens.last() else {
        return;
    };
    let Some(what) = token.unterminated() else {
        return;
    };
    let text = &cut.text[token.range.clone()];
    let length = text.find(['\n', '\r']).unwrap_or(text.len());
    report.error(
        Code::UnterminatedToken,
        token.range.start..token.range.start + length,
        format!("This {what} never ends: everything below is read as a part of it; close it."),
    );
}

#[cfg(test)]
mod tests;
