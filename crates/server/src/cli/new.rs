//! Writing a new revision file: what `revision` and `merge` have in common.

use super::output;
use crate::project::{self, Project, path_in};
use anyhow::{Result, bail};
use cofferdam_engine::file_name::file_name_with;
use cofferdam_engine::history::History;
use cofferdam_engine::revision::{Downgrade, Revision, RevisionId};
use std::path::Path;

/// What Alembic calls a revision without a message (`generate_revision` of alembic/script/base.py).
const NO_MESSAGE: &str = "empty message";

/// What is known of a new revision.
#[derive(Debug, Default)]
pub struct New {
    pub id: Option<String>,
    pub down: Vec<RevisionId>,
    pub depends_on: Vec<String>,
    pub branch_labels: Vec<String>,
    /// The version location that was asked for.
    pub version_path: Option<String>,
    pub message: Option<String>,
    /// Further lines of the header.
    pub extra: Vec<String>,
    pub upgrade: String,
    pub downgrade: Downgrade,
}

/// Writes the file in the project's own form, as long as the history still holds with it, prints where it is, and gives its id.
pub fn write(project: &Project, new: New) -> Result<RevisionId> {
    let settings = &project.config.project;
    let (moment, create_date) = project::now(settings.timezone.as_deref())?;
    let id = match &new.id {
        Some(id) => RevisionId::new(id.as_str())?,
        None => RevisionId::from_random(crate::driver::random()),
    };
    if let Some(same) = project.scripts.iter().find(|s| s.revision.id == id) {
        bail!(
            "there is a revision {id} already, in {}: give another --rev-id",
            same.path
        );
    }
    let message = new.message.unwrap_or_default();
    if message.contains(['\n', '\r']) {
        bail!("the message is one line");
    }
    let separators = |c: char| c == ',' || c.is_whitespace();
    if let Some(label) = new.branch_labels.iter().find(|l| l.contains(separators)) {
        bail!(
            "branch label {label:?} has a space or a comma, which separate labels: write --branch-label once for each"
        );
    }
    let folder = location(project, new.version_path.as_deref(), &new.down)?;
    let revision = Revision {
        id,
        down: new.down,
        depends_on: new.depends_on,
        branch_labels: new.branch_labels,
        message: match message.as_str() {
            "" => NO_MESSAGE.to_owned(),
            said => said.to_owned(),
        },
        description: Vec::new(),
        author: None,
        create_date: Some(create_date),
        extra: new.extra,
        upgrade: new.upgrade,
        downgrade: new.downgrade,
    };
    let id = revision.id.clone();
    let composed = project.compose(&revision)?;
    let ending = composed.ending;
    let name = file_name_with(settings, &revision.id, &message, &moment, ending);
    let path = path_in(&folder, &name);
    if !project.is_revision_path(&path) {
        bail!(
            "the project's file_template makes {name:?}, which is not the name of a file in {folder}"
        );
    }
    let text = composed.text;
    let reading = project.read_file(&path, text.as_bytes());
    let Some(script) = reading.script else {
        let findings: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
        bail!("{}", findings.join("\n"));
    };
    let mut scripts = project.scripts.clone();
    scripts.push(script);
    History::of_project(scripts, settings).map_err(project::ProjectError::from)?;
    project.folder.create(&path, text.as_bytes())?;
    if let Some(notice) = composed.notice {
        output::note(notice);
    }
    output::print(format!(
        "Generating {} ...  done",
        project.folder.root().join(&path).display()
    ))?;
    Ok(id)
}

/// The version location of a new revision: the one that is asked for, else the only one, else that of its parent.
fn location(project: &Project, wanted: Option<&str>, down: &[RevisionId]) -> Result<String> {
    let locations = project.config.project.locations();
    if let Some(wanted) = wanted {
        let inside = Path::new(wanted)
            .strip_prefix(project.folder.root())
            .map_or(wanted, |below| below.to_str().unwrap_or(wanted));
        let plain = inside.trim_start_matches("./").trim_end_matches('/');
        if locations.contains(&plain) {
            return Ok(plain.to_owned());
        }
        bail!(
            "{wanted} is not a version location: there are {}",
            locations.join(", ")
        );
    }
    if let [only] = locations.as_slice() {
        return Ok((*only).to_owned());
    }
    let parent = down.first().and_then(|id| {
        let script = project.scripts.iter().find(|s| s.revision.id == *id)?;
        Some(
            script
                .path
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder)
                .to_owned(),
        )
    });
    match parent {
        Some(folder) => Ok(folder),
        None => bail!(
            "there are several version locations ({}): say which with --version-path",
            locations.join(", ")
        ),
    }
}
