//! Revisions as lines, in Alembic's shape (`Script.cmd_format` and `Script.log_entry` of
//! alembic/script/base.py).

use super::Context;
use crate::project::Project;
use cofferdam_engine::history::History;
use cofferdam_engine::revision::{RevisionId, Script};
use std::fmt::Write;

/// Which parts a line has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts {
    pub parents: bool,
    /// Branch labels, its own and those of its branch.
    pub labels: bool,
    /// `(branchpoint)` and `(mergepoint)`.
    pub tree: bool,
    pub message: bool,
}

/// A history together with the revisions that a database is at, where they are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    pub project: &'a Project,
    pub history: &'a History,
    pub current: &'a [RevisionId],
}

impl<'a> Words<'a> {
    pub fn new(project: &'a Project, history: &'a History) -> Self {
        Words {
            project,
            history,
            current: &[],
        }
    }

    /// `a -> b (head), message`.
    pub fn line(&self, script: &Script, parts: Parts) -> String {
        let id = &script.revision.id;
        let mut line = String::new();
        if parts.parents {
            line.push_str(&self.parents(script));
            if !script.revision.depends_on.is_empty() {
                let _ = write!(line, " ({})", script.revision.depends_on.join(", "));
            }
            line.push_str(" -> ");
        }
        line.push_str(id.as_str());
        let labels = self.history.labels(id);
        if parts.labels && !labels.is_empty() {
            let _ = write!(line, " ({})", labels.join(", "));
        }
        if self.is_head(id) {
            line.push_str(if self.has_dependants(id) {
                " (effective head)"
            } else {
                " (head)"
            });
        }
        if self.current.contains(id) {
            line.push_str(" (current)");
        }
        if parts.tree {
            line.push_str(self.tree_marks(script));
        }
        if parts.message {
            let _ = write!(line, ", {}", self.message(script));
        }
        line
    }

    /// The line, or the long form where that is asked for.
    pub fn of(&self, context: &Context, script: &Script, parts: Parts) -> String {
        match context.verbose {
            true => self.entry(script),
            false => self.line(script, parts),
        }
    }

    /// What a revision is called: the first paragraph of an Alembic file's docstring.
    fn message<'s>(&self, script: &'s Script) -> &'s str {
        match &script.python {
            Some(python) => python.doc.split("\n\n").next().unwrap_or_default(),
            None => &script.revision.message,
        }
    }

    /// Everything that a revision says of itself.
    fn description(&self, script: &Script) -> String {
        if let Some(python) = &script.python {
            return python.doc.clone();
        }
        let revision = &script.revision;
        let header = [
            ("Revision ID", Some(revision.id.to_string())),
            ("Revises", Some(join(&revision.down))),
            ("Author", revision.author.clone()),
            ("Create Date", revision.create_date.clone()),
        ];
        let mut text = revision.message.clone();
        for line in &revision.description {
            let _ = write!(text, "\n{line}");
        }
        text.push('\n');
        for (key, value) in header {
            if let Some(value) = value {
                let _ = write!(text, "\n{}", format!("{key}: {value}").trim_end());
            }
        }
        text
    }

    /// The long form.
    pub fn entry(&self, script: &Script) -> String {
        let revision = &script.revision;
        let id = &revision.id;
        let mut text = format!("Rev: {id}");
        if self.is_head(id) {
            text.push_str(" (head)");
        }
        text.push_str(self.tree_marks(script));
        if self.current.contains(id) {
            text.push_str(" (current)");
        }
        let word = if revision.is_merge() {
            "Merges"
        } else {
            "Parent"
        };
        let _ = write!(text, "\n{word}: {}\n", self.parents(script));
        if !revision.depends_on.is_empty() {
            let _ = writeln!(text, "Also depends on: {}", revision.depends_on.join(", "));
        }
        let children = self.history.children(id);
        if children.len() > 1 {
            let _ = writeln!(text, "Branches into: {}", join(&children));
        }
        let labels = self.history.labels(id);
        if !labels.is_empty() {
            let _ = writeln!(text, "Branch names: {}", labels.join(", "));
        }
        let path = self.project.folder.root().join(&script.path);
        let _ = writeln!(text, "Path: {}\n", path.display());
        let description = self.description(script);
        let lines: Vec<String> = description
            .lines()
            .map(|line| format!("    {line}"))
            .collect();
        text.push_str(&lines.join("\n"));
        text.push('\n');
        text
    }

    fn parents(&self, script: &Script) -> String {
        match script.revision.down.as_slice() {
            [] => "<base>".into(),
            down => join(down),
        }
    }

    pub fn is_head(&self, id: &RevisionId) -> bool {
        self.history.children(id).is_empty()
    }

    /// Whether a revision that is no child of it depends on it.
    pub fn has_dependants(&self, id: &RevisionId) -> bool {
        self.history.descendants(std::slice::from_ref(id)).len() > 1
    }

    fn tree_marks(&self, script: &Script) -> &'static str {
        let branches = self.history.children(&script.revision.id).len() > 1;
        match (branches, script.revision.is_merge()) {
            (true, true) => " (branchpoint) (mergepoint)",
            (true, false) => " (branchpoint)",
            (false, true) => " (mergepoint)",
            (false, false) => "",
        }
    }
}

/// Ids with commas between them.
pub fn join(ids: &[RevisionId]) -> String {
    ids.iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Where a database is, for a sentence.
pub fn place(heads: &[RevisionId]) -> String {
    if heads.is_empty() {
        "base (no revision)".into()
    } else {
        join(heads)
    }
}

/// A revision in JSON results.
#[derive(Debug, serde::Serialize)]
pub struct Item<'a> {
    pub revision: &'a RevisionId,
    pub down_revisions: &'a [RevisionId],
    pub depends_on: &'a [String],
    pub branch_labels: &'a [String],
    pub message: &'a str,
    pub author: Option<&'a str>,
    pub create_date: Option<&'a str>,
    pub path: &'a str,
    pub is_head: bool,
    /// Only where the database was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_current: Option<bool>,
}

impl<'a> Item<'a> {
    pub fn new(history: &History, script: &'a Script) -> Self {
        let revision = &script.revision;
        Item {
            revision: &revision.id,
            down_revisions: &revision.down,
            depends_on: &revision.depends_on,
            branch_labels: &revision.branch_labels,
            message: &revision.message,
            author: revision.author.as_deref(),
            create_date: revision.create_date.as_deref(),
            path: &script.path,
            is_head: history.children(&revision.id).is_empty(),
            is_current: None,
        }
    }
}
