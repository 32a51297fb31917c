//! Writing a revision as a file.

use super::header::Key;
use crate::revision::{Downgrade, Revision};
use crate::sql::directive;
use crate::sql::split::cut;

/// Writes the file's text.
pub(super) fn write(revision: &Revision) -> String {
    let mut text = header(revision);
    let mut sections = Vec::from([("-- +upgrade".to_owned(), revision.upgrade.as_str())]);
    match &revision.downgrade {
        Downgrade::Sql(sql) => sections.push(("-- +downgrade".to_owned(), sql)),
        Downgrade::Impossible { reason } => {
            sections.push((format!("-- +downgrade none: {}", one_line(reason)), ""));
        }
        Downgrade::Missing => {}
    }
    if let [(_, first), (_, second)] = sections[..]
        && !can_precede(first)
        && can_precede(second)
    {
        sections.reverse();
    }
    for (directive, sql) in &sections {
        if !text.ends_with(['\n', '\r']) {
            text.push('\n');
        }
        text.push_str(directive);
        text.push('\n');
        text.push_str(sql);
    }
    text
}

/// Tells whether a section's line may follow this SQL as it is.
fn can_precede(sql: &str) -> bool {
    (sql.is_empty() || sql.ends_with(['\n', '\r']))
        && cut(sql)
            .tokens
            .last()
            .is_none_or(|token| token.unterminated().is_none())
}

fn header(revision: &Revision) -> String {
    let mut lines = Vec::new();
    let message = one_line(&revision.message);
    let is_id = Key::of(&message).is_some_and(|(key, _)| key == Key::RevisionId);
    lines.push(safe(message, is_id));
    lines.push(String::new());
    if !revision.description.is_empty() {
        for line in &revision.description {
            let line = line.replace(['\n', '\r'], " ").trim_end().to_owned();
            let is_key = Key::of(&line).is_some();
            lines.push(safe(line, is_key));
        }
        lines.push(String::new());
    }
    for key in Key::ALL {
        let value = match key {
            Key::RevisionId => revision.id.to_string(),
            Key::Revises => {
                let down: Vec<&str> = revision.down.iter().map(|id| id.as_str()).collect();
                down.join(", ")
            }
            Key::BranchLabels => revision.branch_labels.join(", "),
            Key::DependsOn => revision.depends_on.join(", "),
            Key::Author => revision.author.clone().unwrap_or_default(),
            Key::CreateDate => revision.create_date.clone().unwrap_or_default(),
        };
        let value = one_line(&value);
        if !value.is_empty() {
            lines.push(format!("{}: {value}", key.as_str()));
        } else if key == Key::Revises {
            lines.push(format!("{}:", key.as_str()));
        }
    }
    for line in &revision.extra {
        let line = line.replace(['\n', '\r'], " ").trim_end().to_owned();
        let is_key = Key::of(&line).is_some();
        if !line.is_empty() {
            lines.push(safe(line, is_key));
        }
    }
    let mut text = String::new();
    for line in lines {
        text.push_str("--");
        if !line.is_empty() {
            text.push(' ');
            text.push_str(&line);
        }
        text.push('\n');
    }
    text.push('\n');
    text
}

/// Quotes a line that would be read as something else.
fn safe(line: String, is_key: bool) -> String {
    if is_key || directive::is_like(&line) {
        format!("> {line}")
    } else {
        line
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ").trim().to_owned()
}
