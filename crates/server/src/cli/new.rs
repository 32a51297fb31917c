//! Writing a new revision file: what `revision` and `merge` have in common.

use super::output;
use crate::project::{self, Project};
use anyhow::{Result, bail};
use cofferdam_engine::file_name::file_name;
use cofferdam_engine::history::History;
use cofferdam_engine::revision::{Downgrade, Revision, RevisionId};
use cofferdam_engine::script;

/// What is known of a new revision.
#[derive(Debug, Default)]
pub struct New {
    pub id: Option<String>,
    pub down: Vec<RevisionId>,
    pub depends_on: Vec<String>,
    pub branch_labels: Vec<String>,
    pub message: String,
    pub upgrade: String,
    pub downgrade: String,
}

/// Writes the file, as long as the history still holds with it, and prints where it is.
pub fn write(project: &Project, new: New) -> Result<()> {
    let moment = project::now();
    let id = match &new.id {
        Some(id) => RevisionId::new(id.as_str())?,
        None => RevisionId::from_random(crate::driver::random()),
    };
    if new.message.contains(['\n', '\r']) {
        bail!("the message is one line");
    }
    let separators = |c: char| c == ',' || c.is_whitespace();
    if let Some(label) = new.branch_labels.iter().find(|l| l.contains(separators)) {
        bail!(
            "branch label {label:?} has a space or a comma, which separate labels: write --branch-label once for each"
        );
    }
    let name = file_name(&project.config.project, &id, &new.message, &moment);
    let path = project.revision_path(&name);
    if !project.is_revision_path(&path) {
        bail!(
            "project.file_template in cofferdam.toml makes {name:?}, which is not the name of a file in the versions folder"
        );
    }
    let revision = Revision {
        id,
        down: new.down,
        depends_on: new.depends_on,
        branch_labels: new.branch_labels,
        message: new.message,
        description: Vec::new(),
        author: None,
        create_date: Some(moment.create_date()),
        extra: Vec::new(),
        upgrade: new.upgrade,
        downgrade: Downgrade::Sql(new.downgrade),
    };
    let text = script::write(&revision);
    let reading = script::read(&path, text.as_bytes());
    let Some(script) = reading.script else {
        let findings: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
        bail!("{}", findings.join("\n"));
    };
    let mut scripts = project.scripts.clone();
    scripts.push(script);
    History::new(scripts).map_err(project::ProjectError::from)?;
    project.folder.create(&path, text.as_bytes())?;
    output::print(format!(
        "Generating {} ...  done",
        project.folder.root().join(&path).display()
    ))
}
