//! A project as SQL scripts.

use super::{ConvertError, Converted, config, place, same, sound, unreadable};
use crate::project::{CONFIG, Project};
use cofferdam_engine::config;
use cofferdam_engine::revision::Downgrade;
use cofferdam_engine::script;
use toml::Value;

/// Makes the project's files as SQL scripts.
pub(super) fn convert(project: &Project) -> Result<Converted, ConvertError> {
    unreadable(&project.scripts)?;
    let mut converted = Converted::default();
    let mut scripts = Vec::new();
    let mut findings = Vec::new();
    for script in &project.scripts {
        let path = place(project, script, "versions", ".sql");
        let file = project.file(&script.path);
        let bytes = match file.filter(|_| script.python.is_none()) {
            Some(file) => file.bytes.clone(),
            None => {
                let mut revision = script.revision.clone();
                revision.upgrade = ended(&revision.upgrade, "\n\n");
                if let Downgrade::Sql(sql) = &mut revision.downgrade {
                    *sql = ended(sql, "\n");
                }
                script::write(&revision).into_bytes()
            }
        };
        let reading = script::read(&path, &bytes);
        findings.extend(reading.findings);
        scripts.extend(reading.script);
        converted.add(path, bytes)?;
    }
    sound(findings.iter())?;
    same(&project.scripts, scripts)?;
    converted.add(CONFIG.into(), toml::to_string(&table(project))?)?;
    converted.notes.push(
        "The comments of the Python files stay behind; what their operations do is in the SQL"
            .into(),
    );
    if project.config.alembic.transaction_per_migration == Some(false) {
        converted.notes.push(
            "Alembic runs all revisions of an upgrade in one transaction here; Cofferdam commits each revision".into(),
        );
    }
    Ok(converted)
}

/// A section's text with this end, where it has any.
fn ended(text: &str, end: &str) -> String {
    match text.trim_end() {
        "" => "\n".into(),
        text => format!("{text}{end}"),
    }
}

/// The new project's `cofferdam.toml`: what the old one says besides, and what its files of Alembic's say.
fn table(project: &Project) -> toml::Table {
    let (ours, usual) = (&project.config.project, config::Project::default());
    let mut table = config(project);
    table.remove("alembic");
    let mut said = toml::Table::new();
    let mut say = |key: &str, value: Value| {
        said.insert(key.into(), value);
    };
    say("name", ours.name.clone().into());
    match ours.version_locations.as_slice() {
        [] | [_] => say("versions", "versions".into()),
        several => say("version_locations", several.to_vec().into()),
    }
    if ours.recursive_version_locations {
        say("recursive_version_locations", true.into());
    }
    say("file_template", ours.file_template.clone().into());
    if let Ok(length) = i64::try_from(ours.slug_length)
        && ours.slug_length != usual.slug_length
    {
        say("slug_length", length.into());
    }
    if let Some(zone) = &ours.timezone {
        say("timezone", zone.clone().into());
    }
    if ours.version_table != usual.version_table {
        say("version_table", ours.version_table.clone().into());
    }
    if let Some(schema) = &ours.version_table_schema {
        say("version_table_schema", schema.clone().into());
    }
    table.insert("project".into(), said.into());
    table
}
