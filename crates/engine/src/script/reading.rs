//! Reading a file.

use super::Reading;
use super::header::{Key, content, list};
use crate::digest::sha256;
use crate::finding::{Code, Finding, Severity, line_column};
use crate::revision::{Downgrade, Revision, RevisionId, Script};
use crate::sql;
use crate::sql::directive::Raw;
use std::ops::Range;

/// Reads the file at `path`; its SQL is looked at where `check_sql`.
pub(super) fn read(path: &str, bytes: &[u8], check_sql: bool) -> Reading {
    let (text, marked) = match decode(path, bytes) {
        Ok(decoded) => decoded,
        Err(finding) => {
            return Reading {
                script: None,
                findings: vec![*finding],
            };
        }
    };
    let mut reader = Reader {
        path,
        text,
        findings: Vec::new(),
    };
    if marked {
        reader.add(
            Code::ByteOrderMark,
            Severity::Warning,
            0..0,
            "The file begins with a byte order mark, which psql does not expect; save it as UTF-8 \
             without one.",
        );
    }
    reader.line_ends();
    let sections = reader.sections();
    let header = reader.header(
        sections
            .first()
            .map_or(text.len(), |section| section.line.start),
    );
    let upgrade = reader.only(&sections, "upgrade");
    let downgrade = reader.only(&sections, "downgrade");
    let undo = reader.downgrade(upgrade, downgrade);
    let refused = reader
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    for section in sections.iter().filter(|_| check_sql) {
        reader
            .findings
            .extend(sql::check(path, text, section.sql.clone()));
    }
    let mut findings = reader.findings;
    findings.sort_by_key(|finding| (finding.start, finding.code));
    let at = |section: Option<&Section>| {
        section.map_or((0, 0), |section| {
            (section.sql.start, line_column(text, section.sql.start).0)
        })
    };
    let (upgrade_at, upgrade_line) = at(upgrade);
    let (downgrade_at, downgrade_line) = at(downgrade);
    let script = match (header.id, upgrade) {
        (Some(id), Some(upgrade)) if !refused => Some(Script {
            revision: Revision {
                id,
                down: header.down,
                depends_on: header.depends_on,
                branch_labels: header.branch_labels,
                message: header.message,
                description: header.description,
                author: header.author,
                create_date: header.create_date,
                extra: header.extra,
                upgrade: text[upgrade.sql.clone()].to_owned(),
                downgrade: undo,
            },
            path: path.to_owned(),
            sha256: sha256(bytes),
            upgrade_at,
            downgrade_at,
            upgrade_line,
            downgrade_line,
            python: None,
            cuts: None,
        }),
        _ => None,
    };
    Reading { script, findings }
}

/// The file's text, and whether a byte order mark was dropped before it.
fn decode<'a>(path: &str, bytes: &'a [u8]) -> Result<(&'a str, bool), Box<Finding>> {
    let bare = bytes.strip_prefix("\u{feff}".as_bytes());
    let marked = bare.is_some();
    let bytes = bare.unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text, marked)),
        Err(error) => {
            let at = error.valid_up_to();
            let good = std::str::from_utf8(&bytes[..at]).unwrap_or_default();
            let (line, _) = line_column(good, at);
            let message = format!(
                "The file is not UTF-8: byte {at} (0x{:02x}), on line {line}, begins no character; \
                 save it as UTF-8.",
                bytes[at]
            );
            let length = error.error_len().unwrap_or(bytes.len() - at);
            let mut finding =
                Finding::at(Code::NotUtf8, Severity::Error, path, good, at..at, message);
            finding.end = at + length;
            Err(Box::new(finding))
        }
    }
}

/// A section of the file.
struct Section {
    raw: Raw,
    /// The directive's line, without its line end.
    line: Range<usize>,
    sql: Range<usize>,
}

/// The header as read.
#[derive(Default)]
struct Header {
    id: Option<RevisionId>,
    down: Vec<RevisionId>,
    depends_on: Vec<String>,
    branch_labels: Vec<String>,
    message: String,
    description: Vec<String>,
    author: Option<String>,
    create_date: Option<String>,
    extra: Vec<String>,
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    findings: Vec<Finding>,
}

impl<'a> Reader<'a> {
    fn add(
        &mut self,
        code: Code,
        severity: Severity,
        range: Range<usize>,
        message: impl Into<String>,
    ) {
        self.findings.push(Finding::at(
            code, severity, self.path, self.text, range, message,
        ));
    }

    fn error(&mut self, code: Code, range: Range<usize>, message: impl Into<String>) {
        self.add(code, Severity::Error, range, message);
    }

    fn line_ends(&mut self) {
        if let Some(at) = self.text.find("\r\n") {
            self.add(
                Code::CrlfLineEnds,
                Severity::Warning,
                at..at + 2,
                "The file has CRLF line ends, so its digest differs from the same file with LF; keep \
                 LF (in .gitattributes: `*.sql text eol=lf`).",
            );
        }
    }

    /// The sections, in the order of the file.
    fn sections(&self) -> Vec<Section> {
        let text = self.text;
        let raws: Vec<Raw> = sql::directive::all(text)
            .into_iter()
            .filter(Raw::is_section)
            .collect();
        let ends = raws
            .iter()
            .skip(1)
            .map(|raw| raw.line_start)
            .chain([text.len()]);
        let ends: Vec<usize> = ends.collect();
        raws.into_iter()
            .zip(ends)
            .map(|(raw, end)| {
                let after = &text[raw.range.end..];
                let line_end = if after.starts_with("\r\n") {
                    2
                } else {
                    after.len().min(1)
                };
                Section {
                    line: raw.line_start..raw.range.end,
                    sql: raw.range.end + line_end..end,
                    raw,
                }
            })
            .collect()
    }

    /// The section of this name; an error where there is more than one, or no upgrade.
    fn only<'s>(&mut self, sections: &'s [Section], name: &str) -> Option<&'s Section> {
        let mut named = sections.iter().filter(|section| section.raw.word == name);
        let first = named.next();
        for section in named {
            self.error(
                Code::DuplicateSection,
                section.raw.range.clone(),
                format!("The file has more than one `-- +{name}` section; join them into one."),
            );
        }
        if first.is_none() && name == "upgrade" {
            self.error(
                Code::MissingUpgrade,
                self.text.len()..self.text.len(),
                "The file has no upgrade section; write `-- +upgrade` on a line of its own above its \
                 SQL.",
            );
        }
        if let Some(section) = first
            && name == "upgrade"
            && !section.raw.rest.is_empty()
        {
            self.error(
                Code::BadDirective,
                section.raw.range.clone(),
                "`-- +upgrade` cannot be read: nothing may follow it on its line.",
            );
        }
        first
    }

    /// What the file says of undoing the upgrade.
    fn downgrade(&mut self, upgrade: Option<&Section>, section: Option<&Section>) -> Downgrade {
        let end = self.text.len();
        let text = self.text;
        let empty =
            |section: &Section| sql::split(&text[section.sql.clone()]).statements.is_empty();
        let Some(section) = section else {
            self.add(
                Code::MissingDowngrade,
                Severity::Warning,
                end..end,
                "The file has no downgrade section; write one, or `-- +downgrade none: the reason` \
                 where the upgrade cannot be undone.",
            );
            return Downgrade::Missing;
        };
        let rest = section.raw.rest.as_str();
        if rest.is_empty() {
            if empty(section) && upgrade.is_some_and(|upgrade| !empty(upgrade)) {
                self.add(
                    Code::MissingDowngrade,
                    Severity::Warning,
                    section.raw.range.clone(),
                    "The downgrade is empty, which counts as missing; write its SQL, or \
                     `-- +downgrade none: the reason` where the upgrade cannot be undone.",
                );
            }
            return Downgrade::Sql(text[section.sql.clone()].to_owned());
        }
        let reason = rest
            .strip_prefix("none")
            .and_then(|rest| rest.trim_start().strip_prefix(':'))
            .map_or("", str::trim);
        if reason.is_empty() {
            self.error(
                Code::BadDirective,
                section.raw.range.clone(),
                "`-- +downgrade` cannot be read: write nothing after it, or `none: ` and the reason.",
            );
        } else if !empty(section) {
            self.error(
                Code::BadDirective,
                section.raw.range.clone(),
                "`-- +downgrade none` says that there is no downgrade, and SQL follows it; remove one \
                 of the two.",
            );
        }
        Downgrade::Impossible {
            reason: reason.to_owned(),
        }
    }

    /// The header: the comments before byte `end`, where the first section begins.
    fn header(&mut self, end: usize) -> Header {
        let text = &self.text[..end];
        let cut = sql::split::cut(text);
        if let Some(piece) = cut.pieces.first() {
            let body = &text[piece.body.clone()];
            let length = body.find(['\n', '\r']).unwrap_or(body.len());
            self.error(
                Code::SqlBeforeSection,
                piece.body.start..piece.body.start + length,
                "This stands before the first section, where only the header's comments may; put it \
                 below `-- +upgrade`, or make it a `--` comment.",
            );
        }
        let mut header = Header::default();
        let mut lines = Lines::default();
        for token in &cut.tokens {
            if let Some(raw) = sql::directive::of(text, token) {
                self.stray(&raw);
                continue;
            }
            match token.kind {
                squawk_lexer::TokenKind::LineComment => {
                    let line = content(&text[token.range.clone()]);
                    self.header_line(&mut header, &mut lines, line, token.range.clone());
                }
                squawk_lexer::TokenKind::BlockComment { .. } => self.add(
                    Code::BadHeader,
                    Severity::Note,
                    token.range.clone(),
                    "This comment is lost when Cofferdam rewrites the file; write the header's lines \
                     with `--`.",
                ),
                _ => {}
            }
        }
        while header.description.last().is_some_and(String::is_empty) {
            header.description.pop();
        }
        if !lines.seen.contains(&Key::RevisionId) {
            self.error(
                Code::MissingRevisionId,
                0..0,
                "The header has no revision id; add a line `-- Revision ID: ` with up to 32 letters \
                 and digits.",
            );
        }
        header
    }

    fn stray(&mut self, raw: &Raw) {
        let message = match raw.parse() {
            Ok(_) => format!(
                "`-- +{}` stands before the first section, where there is no statement for it; move \
                 it.",
                raw.word
            ),
            Err(_) => format!(
                "There is no section `+{}`; a section begins with `-- +upgrade` or `-- +downgrade`.",
                raw.word
            ),
        };
        self.error(Code::UnknownDirective, raw.range.clone(), message);
    }

    fn header_line(
        &mut self,
        header: &mut Header,
        lines: &mut Lines,
        line: &str,
        range: Range<usize>,
    ) {
        let begun = std::mem::replace(&mut lines.begun, true);
        let known = Key::of(line);
        // Any other key in the first line may as well be a message's first word.
        let known = known.filter(|(key, _)| begun || *key == Key::RevisionId);
        if !begun && known.is_none() {
            header.message = line.trim().to_owned();
            return;
        }
        let Some((key, value)) = known else {
            if !lines.seen.is_empty() {
                if !line.is_empty() {
                    header.extra.push(line.to_owned());
                }
            } else if !line.is_empty() || !header.description.is_empty() {
                header.description.push(line.to_owned());
            }
            return;
        };
        if lines.seen.contains(&key) {
            self.error(
                Code::DuplicateHeader,
                range,
                format!(
                    "The header has `{}:` twice; keep one of the lines.",
                    key.as_str()
                ),
            );
            return;
        }
        lines.seen.push(key);
        self.value(header, key, value, range);
    }

    fn value(&mut self, header: &mut Header, key: Key, value: &str, range: Range<usize>) {
        let some = || (!value.is_empty()).then(|| value.to_owned());
        match key {
            Key::RevisionId => match RevisionId::new(value) {
                Ok(id) => header.id = Some(id),
                Err(error) => self.error(
                    Code::BadHeader,
                    range,
                    format!("`Revision ID:` cannot be used: {error}."),
                ),
            },
            Key::Revises => {
                for id in list(value) {
                    match RevisionId::new(id) {
                        Ok(id) if header.down.contains(&id) => self.error(
                            Code::BadHeader,
                            range.clone(),
                            format!("`Revises:` names {id} twice; name it once."),
                        ),
                        Ok(id) => header.down.push(id),
                        Err(error) => self.error(
                            Code::BadHeader,
                            range.clone(),
                            format!("`Revises:` cannot be used: {error}."),
                        ),
                    }
                }
            }
            Key::BranchLabels => {
                for label in list(value) {
                    if label.contains(['@', ':', '+']) {
                        self.error(
                            Code::BadHeader,
                            range.clone(),
                            format!(
                                "Branch label {label:?} cannot be used: `@`, `:` and `+` have a \
                                 meaning in targets."
                            ),
                        );
                    } else {
                        header.branch_labels.push(label.to_owned());
                    }
                }
            }
            Key::DependsOn => {
                header.depends_on = list(value).into_iter().map(str::to_owned).collect();
            }
            Key::Author => header.author = some(),
            Key::CreateDate => header.create_date = some(),
        }
    }
}

/// How far the header's lines have been read.
#[derive(Default)]
struct Lines {
    begun: bool,
    seen: Vec<Key>,
}

#[cfg(test)]
mod tests;
