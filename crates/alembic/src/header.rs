//! A revision's header: what the module's variables and its docstring say, always.

pub mod quick;

use crate::value::Value;
use cofferdam_engine::finding::{Code, Finding, Severity};
use cofferdam_engine::revision::RevisionId;
use ruff_python_ast::{Expr, Stmt};

/// What a file says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub id: RevisionId,
    pub down: Vec<RevisionId>,
    pub branch_labels: Vec<String>,
    pub depends_on: Vec<String>,
    /// The first line of the docstring.
    pub message: String,
    /// The docstring's other lines, without those that repeat the variables.
    pub description: Vec<String>,
    /// `Create Date:` of the docstring, verbatim.
    pub create_date: Option<String>,
    pub author: Option<String>,
}

/// The variables that make a file a revision.
pub const NAMES: [&str; 4] = ["revision", "down_revision", "branch_labels", "depends_on"];

/// Reads the header of a module; none where a finding says what is wrong with it. `doc` is its docstring; `value` gives a variable, `place` gives line and
/// offsets of a variable.
pub fn read(
    path: &str,
    doc: &str,
    value: impl Fn(&str) -> Option<Value>,
    findings: &mut Vec<Finding>,
    place: impl Fn(&str) -> (u32, usize, usize),
) -> Option<Header> {
    let mut refuse = |name: &str, message: String| {
        let (line, start, end) = place(name);
        findings.push(Finding {
            code: Code::BadHeader,
            severity: Severity::Error,
            message,
            path: path.to_owned(),
            line,
            column: 1,
            start,
            end,
        });
    };
    let Some(id) = value("revision") else {
        let message = "the file has no `revision`, and every file in a versions folder is one, as for Alembic: write its id, or move the file elsewhere";
        refuse("revision", message.to_owned());
        return None;
    };
    let id = match id {
        Value::Str(id) => match RevisionId::new(&*id) {
            Ok(id) => id,
            Err(error) => {
                refuse("revision", error.to_string());
                return None;
            }
        },
        Value::Unknown(unknown) => {
            let message = format!(
                "`revision` {}, so that the revision's id is not known: write it as a text",
                unknown.reason
            );
            refuse("revision", message);
            return None;
        }
        other => {
            let message = format!("`revision` is a {}: write a text", other.type_name());
            refuse("revision", message);
            return None;
        }
    };
    if value("down_revision").is_none() {
        let message = "the file has no `down_revision`: write the id that it comes after, or None for the first";
        refuse("down_revision", message.to_owned());
        return None;
    }
    let mut list = |name: &str| -> Option<Vec<String>> {
        match value(name).map_or(Ok(Vec::new()), |value| texts(&value)) {
            Ok(list) => Some(list),
            Err(reason) => {
                refuse(
                    name,
                    format!("`{name}` {reason}: write a text, a tuple of texts, or None"),
                );
                None
            }
        }
    };
    let (down, branch_labels, depends_on) = (
        list("down_revision")?,
        list("branch_labels")?,
        list("depends_on")?,
    );
    let mut parents = Vec::new();
    for text in down {
        match RevisionId::new(text) {
            Ok(parent) => parents.push(parent),
            Err(error) => {
                refuse("down_revision", error.to_string());
                return None;
            }
        }
    }
    let mut lines = doc.trim_end().lines().map(str::trim_end);
    let message = lines.next().unwrap_or_default().trim().to_owned();
    let mut description = Vec::new();
    let (mut create_date, mut author) = (None, None);
    for line in lines {
        let (key, value) = line.split_once(':').unwrap_or(("", line));
        let value = value.trim().to_owned();
        match key.trim() {
            "Revision ID" | "Revises" => {}
            "Create Date" => create_date = Some(value).filter(|value| !value.is_empty()),
            "Author" => author = Some(value).filter(|value| !value.is_empty()),
            _ => description.push(line.trim().to_owned()),
        }
    }
    let blank = |line: &String| line.is_empty();
    while description.first().is_some_and(blank) {
        description.remove(0);
    }
    while description.last().is_some_and(blank) {
        description.pop();
    }
    Some(Header {
        id,
        down: parents,
        branch_labels,
        depends_on,
        message,
        description,
        create_date,
        author,
    })
}

/// Alembic's `util.to_tuple` and `util.dedupe_tuple`: a text, or several, or None.
fn texts(value: &Value) -> Result<Vec<String>, String> {
    let mut list = Vec::new();
    let items = match value {
        Value::None => return Ok(list),
        Value::Str(_) => vec![value.clone()],
        Value::Unknown(unknown) => return Err(unknown.reason.clone()),
        other => match other.items() {
            Some(items) => items,
            None => return Err(format!("is a {}", other.type_name())),
        },
    };
    for item in items {
        match item {
            Value::Str(text) => {
                if !list.contains(&text.to_string()) {
                    list.push(text.to_string());
                }
            }
            Value::Unknown(unknown) => return Err(unknown.reason.clone()),
            other => return Err(format!("has a {} in it", other.type_name())),
        }
    }
    Ok(list)
}

/// The module's docstring.
pub fn docstring(body: &[Stmt]) -> Option<String> {
    match body.first()? {
        Stmt::Expr(statement) => match &*statement.value {
            Expr::StringLiteral(text) => Some(text.value.to_str().to_owned()),
            _ => None,
        },
        _ => None,
    }
}
