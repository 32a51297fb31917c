//! A finding: something about a user's file that the user should see. A finding is a value, never a
//! failure; a reason not to go on is an error of the module that met it.
//!
//! The registry of codes ([`Code`]) feeds the command line, HTTP and the pages.

use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice.
    Note,
    /// Needs thought.
    Warning,
    /// The file, or the statement, cannot be planned as it stands.
    Error,
}

/// A finding's stable kebab-case code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The file is not UTF-8.
    NotUtf8,
    /// The file begins with a byte order mark.
    ByteOrderMark,
    /// The file has CRLF line ends.
    CrlfLineEnds,
    /// The header has no `Revision ID:`.
    MissingRevisionId,
    /// A header line's value cannot be used.
    BadHeader,
    /// A header key stands twice.
    DuplicateHeader,
    /// There is no `-- +upgrade` section.
    MissingUpgrade,
    /// A section stands twice.
    DuplicateSection,
    /// SQL before the first section.
    SqlBeforeSection,
    /// A `-- +…` directive that does not exist, or does not belong where it stands.
    UnknownDirective,
    /// A directive whose words cannot be read.
    BadDirective,
    /// The downgrade is missing, or empty although the upgrade is not.
    MissingDowngrade,
    /// A string, quoted identifier, dollar quote or comment never ends.
    UnterminatedToken,
    /// A statement has a syntax error.
    SyntaxError,
    /// Nesting beyond the limit that is read.
    NestedTooDeep,
    /// `COPY … FROM stdin` in a script.
    CopyFromStdin,
    /// BEGIN, COMMIT or ROLLBACK in a script.
    TransactionControl,
    /// A psql meta-command in a script.
    PsqlCommand,
    /// A statement that runs outside a transaction stands beside others in one revision.
    MixedTransactions,
    /// A concurrent index without a name.
    UnnamedConcurrentIndex,
    /// A transaction ends between a statement and one that needs the same transaction.
    SplitTransaction,
    /// Something this version of Cofferdam does not run.
    Unsupported,
    /// A part of a Python file whose SQL cannot be known without running it.
    NeedsPython,
    /// An identifier of more than 63 bytes, which PostgreSQL would cut.
    IdentifierTooLong,
}

impl Code {
    /// Returns the code as it is written everywhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::NotUtf8 => "not-utf8",
            Code::ByteOrderMark => "byte-order-mark",
            Code::CrlfLineEnds => "crlf-line-ends",
            Code::MissingRevisionId => "missing-revision-id",
            Code::BadHeader => "bad-header",
            Code::DuplicateHeader => "duplicate-header",
            Code::MissingUpgrade => "missing-upgrade",
            Code::DuplicateSection => "duplicate-section",
            Code::SqlBeforeSection => "sql-before-section",
            Code::UnknownDirective => "unknown-directive",
            Code::BadDirective => "bad-directive",
            Code::MissingDowngrade => "missing-downgrade",
            Code::UnterminatedToken => "unterminated-token",
            Code::SyntaxError => "syntax-error",
            Code::NestedTooDeep => "nested-too-deep",
            Code::CopyFromStdin => "copy-from-stdin",
            Code::TransactionControl => "transaction-control",
            Code::PsqlCommand => "psql-command",
            Code::MixedTransactions => "mixed-transactions",
            Code::UnnamedConcurrentIndex => "unnamed-concurrent-index",
            Code::SplitTransaction => "split-transaction",
            Code::Unsupported => "unsupported",
            Code::NeedsPython => "needs-python",
            Code::IdentifierTooLong => "identifier-too-long",
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One finding in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub code: Code,
    pub severity: Severity,
    /// One sentence: what is so, and what to do.
    pub message: String,
    /// The file's path, relative to the project folder; empty where the text has no file yet.
    pub path: String,
    /// 1-based line of `start`.
    pub line: u32,
    /// 1-based column of `start`, in code points.
    pub column: u32,
    /// Byte offset in the file's text where the finding begins.
    pub start: usize,
    /// Byte offset in the file's text where the finding ends, exclusive.
    pub end: usize,
}

impl Finding {
    /// Makes a finding for `range` of `text`, the whole text of the file at `path`.
    pub fn at(
        code: Code,
        severity: Severity,
        path: &str,
        text: &str,
        range: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let (line, column) = line_column(text, range.start);
        Finding {
            code,
            severity,
            message: message.into(),
            path: path.to_owned(),
            line,
            column,
            start: range.start,
            end: range.end,
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}:{}:{}: {} [{}]",
            self.path, self.line, self.column, self.message, self.code
        )
    }
}

/// Returns the 1-based line and column (in code points) of byte `offset` in `text`.
/// An offset beyond the end, or inside a character, counts as the nearest boundary before it.
pub fn line_column(text: &str, offset: usize) -> (u32, u32) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[start..].chars().count() + 1;
    (
        u32::try_from(line).unwrap_or(u32::MAX),
        u32::try_from(column).unwrap_or(u32::MAX),
    )
}

/// Where the lines of a text begin, for asking after many places.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines {
            text,
            starts: std::iter::once(0).chain(after).collect(),
        }
    }

    /// As [`line_column`].
    pub fn place(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let (_, column) = line_column(&self.text[start..], offset - start);
        (u32::try_from(line).unwrap_or(u32::MAX), column)
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, line_column};

    #[test]
    fn places_are_the_same_with_and_without_an_index() {
        for text in ["", "\n", "a", "ü\r\nüx\n\n", "a\nb\n", "\n\nü"] {
            let lines = Lines::new(text);
            for offset in 0..text.len() + 3 {
                assert_eq!(
                    lines.place(offset),
                    line_column(text, offset),
                    "{text:?} {offset}"
                );
            }
        }
    }
}
