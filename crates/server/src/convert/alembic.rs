//! A project as Alembic's: Python files, `alembic.ini`, `env.py` and `script.py.mako`.

use super::{ConvertError, Converted, config, place, same, sound, unreadable};
use crate::project::{CONFIG, Project};
use cofferdam_alembic::write::{GENERIC, python_text, write};
use cofferdam_alembic::{Depth, Settings, Source, read};
use cofferdam_engine::config::{self, Config};
use cofferdam_engine::file_name::TOKENS;
use cofferdam_engine::revision::Direction;
use cofferdam_engine::sql::{self, Directive};

/// The folder of `env.py`.
const HOME: &str = "migrations";

/// Makes the project's files as Alembic's.
pub(super) fn convert(project: &Project) -> Result<Converted, ConvertError> {
    unreadable(&project.scripts)?;
    sound(project.findings.iter())?;
    let settings = Settings::default();
    let mut converted = Converted::default();
    let mut scripts = Vec::new();
    for script in &project.scripts {
        let path = place(project, script, &format!("{HOME}/versions"), ".py");
        let file = project.file(&script.path);
        let bytes = match file.filter(|_| script.python.is_some()) {
            Some(file) => file.bytes.clone(),
            None => write(&script.revision, None, &settings)?.text.into_bytes(),
        };
        let source = Source {
            path: &path,
            bytes: &bytes,
        };
        let readings = read(&[source], &settings, Depth::Header);
        scripts.extend(readings.into_iter().filter_map(|reading| reading.script));
        converted.add(path, bytes)?;
    }
    same(&project.scripts, scripts)?;
    converted.add("alembic.ini".into(), ini(&project.config))?;
    converted.add(format!("{HOME}/env.py"), env(&project.config.project))?;
    converted.add(format!("{HOME}/script.py.mako"), GENERIC)?;
    if project.file(CONFIG).is_some() {
        converted.add(CONFIG.into(), toml::to_string(&table(project))?)?;
    }
    converted.notes = notes(project);
    Ok(converted)
}

/// The new project's `cofferdam.toml`: what Alembic's own files have no word for.
fn table(project: &Project) -> toml::Table {
    let mut table = config(project);
    table.remove("alembic");
    let name = project.config.project.name.clone();
    let said = toml::Table::from_iter([("name".to_owned(), name.into())]);
    table.insert("project".into(), said.into());
    table
}

fn notes(project: &Project) -> Vec<String> {
    let mut notes = Vec::new();
    let has_directive = |text: &str| {
        let split = sql::split(text);
        let mut directives = split.statements.iter().flat_map(|it| &it.directives);
        directives.any(|it| matches!(it, Directive::Allow { .. } | Directive::Backfill(_)))
    };
    if project.scripts.iter().any(|script| {
        has_directive(&script.revision.upgrade)
            || has_directive(script.revision.sql(Direction::Downgrade))
    }) {
        notes.push(
            "Directives such as `-- +allow` stay as comments, which nobody reads there".into(),
        );
    }
    let settled = project.config.environments.values().any(|environment| {
        environment.search_path.is_some()
            || environment.lock_timeout.is_some()
            || environment.statement_timeout.is_some()
    });
    if settled {
        notes.push(
            "Alembic does not set the search_path and the timeouts of the environments in cofferdam.toml: set them for the role or in migrations/env.py".into(),
        );
    }
    notes
}

fn ini(config: &Config) -> String {
    let (ours, usual) = (&config.project, config::Project::default());
    // configparser takes a % for the beginning of a reference.
    let doubled = |text: &str| text.replace('%', "%%");
    let mut lines = vec![
        "# The database's URL is read from DATABASE_URL, see migrations/env.py.".to_owned(),
        "[alembic]".into(),
        format!("script_location = %(here)s/{HOME}"),
        "prepend_sys_path = .".into(),
    ];
    match ours.version_locations.as_slice() {
        [] | [_] => lines.push("path_separator = os".into()),
        several => {
            lines.push("path_separator = newline".into());
            lines.push("version_locations =".into());
            let folders = several.iter().map(|folder| doubled(folder));
            lines.extend(folders.map(|folder| format!("    %(here)s/{folder}")));
        }
    }
    if ours.recursive_version_locations {
        lines.push("recursive_version_locations = true".into());
    }
    let template = doubled(&percent_form(&ours.file_template));
    lines.push(format!("file_template = {template}"));
    if ours.slug_length != usual.slug_length {
        lines.push(format!("truncate_slug_length = {}", ours.slug_length));
    }
    if let Some(zone) = &ours.timezone {
        lines.push(format!("timezone = {}", doubled(zone)));
    }
    format!("{}\n\n{LOGGING}", lines.join("\n"))
}

const LOGGING: &str = "[loggers]
keys = root,sqlalchemy,alembic

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_sqlalchemy]
level = WARNING
handlers =
qualname = sqlalchemy.engine

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
";

/// An `env.py` that does what Cofferdam does: a transaction for each revision. Its options are written out in each call,
/// so that they can be read without running it.
fn env(project: &config::Project) -> String {
    let mut options = String::new();
    if project.version_table != config::Project::default().version_table {
        let table = python_text(&project.version_table);
        options.push_str(&format!("        version_table={table},\n"));
    }
    if let Some(schema) = &project.version_table_schema {
        let schema = python_text(schema);
        options.push_str(&format!("        version_table_schema={schema},\n"));
    }
    let indented = options.replace("        version", "            version");
    ENV.replace("            @options\n", &indented)
        .replace("        @options\n", &options)
}

/// A template's tokens in Alembic's own form, without the ending that Alembic adds.
fn percent_form(template: &str) -> String {
    if template.contains("%(") {
        return template.to_owned();
    }
    let template = template.replace('%', "%%");
    let template = template.strip_suffix(".sql").unwrap_or(&template);
    TOKENS.iter().fold(template.to_owned(), |form, token| {
        let name = token.trim_matches(['{', '}']);
        let kind = match name {
            "year" => "d",
            "epoch" | "rev" | "slug" => "s",
            _ => ".2d",
        };
        form.replace(token, &format!("%({name}){kind}"))
    })
}

const ENV: &str = r#"import os
from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, pool

config = context.config

if config.config_file_name is not None:
    fileConfig(config.config_file_name)

# Revisions are written by hand; there are no models to compare with.
target_metadata = None


def run_migrations_offline() -> None:
    """Print the SQL instead of running it (`alembic upgrade head --sql`)."""
    context.configure(
        dialect_name="postgresql",
        dialect_opts={"paramstyle": "named"},
        target_metadata=target_metadata,
        literal_binds=True,
        transaction_per_migration=True,
        @options
    )

    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run the revisions on the database that DATABASE_URL names."""
    engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)

    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            transaction_per_migration=True,
            @options
        )

        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"#;
