use super::*;
use std::collections::BTreeMap;

type Files = BTreeMap<&'static str, &'static str>;

fn files(list: &[(&'static str, &'static str)]) -> Files {
    let mut files: Files = list.iter().copied().collect();
    files.entry("db/versions/a.py").or_insert("");
    files
}

fn opened(list: &[(&'static str, &'static str)]) -> Setup {
    read(&files(list), &Choice::default(), None).expect("a project")
}

fn refused(list: &[(&'static str, &'static str)], choice: &Choice) -> String {
    let error = read(&files(list), choice, None).expect_err("no project");
    error.to_string()
}

const INI_FILE: (&str, &str) = ("alembic.ini", "[alembic]\nscript_location = %(here)s/db\n");
const ENV: (&str, &str) = ("db/env.py", "context.configure(target_metadata=None)\n");

#[test]
fn without_any_configuration_nothing_is_alembics() {
    let setup = opened(&[]);
    assert_eq!(setup.alembic, None);
    assert_eq!(setup.config, Config::default());
}

#[test]
fn an_ini_file_says_what_alembic_would_do() {
    let ini = "[alembic]\nscript_location = %(here)s/db\nfile_template = %%(year)d-%%(rev)s_%%(slug)s\ntruncate_slug_length = 20\ntimezone = UTC\nrecursive_version_locations = true\nversion_locations = %(here)s/db/versions:%(here)s/more\npath_separator = os\n";
    let setup = opened(&[("alembic.ini", ini), ENV]);
    let project = &setup.config.project;
    assert_eq!(project.locations(), ["db/versions", "more"]);
    assert_eq!(project.file_template, "%(year)d-%(rev)s_%(slug)s");
    assert_eq!(project.slug_length, 20);
    assert_eq!(project.timezone.as_deref(), Some("UTC"));
    assert!(project.recursive_version_locations);
    assert_eq!(project.version_table, "alembic_version");
    assert_eq!(setup.config.alembic.transaction_per_migration, Some(false));
    assert_eq!(setup.notices, []);
    let home = setup.alembic.expect("an Alembic project");
    assert_eq!(home.script_location, "db");
}

#[test]
fn version_locations_are_cut_as_their_separator_says() {
    for (separator, locations) in [
        ("path_separator = os", "a:b"),
        ("path_separator = :", "a : b"),
        ("path_separator = ;", "a;b"),
        ("path_separator = space", "a b"),
        ("path_separator = newline", "\n  a\n  b"),
        ("version_path_separator = newline", "\n  a\n  b"),
        ("", "a, b"),
        ("", "a b"),
    ] {
        let ini = format!(
            "[alembic]\nscript_location = db\n{separator}\nversion_locations = {locations}\n"
        );
        let ini: &'static str = ini.leak();
        let setup = opened(&[("alembic.ini", ini), ENV]);
        assert_eq!(setup.config.project.locations(), ["a", "b"], "{ini}");
    }
}

#[test]
fn pyproject_says_what_the_ini_file_does_not() {
    let toml = "[tool.alembic]\nscript_location = \"%(here)s/db\"\nversion_locations = [\"%(here)s/x\", \"y\"]\nfile_template = \"%%(rev)s\"\nrecursive_version_locations = true\n";
    for ini in [None, Some(("alembic.ini", "[loggers]\nkeys = root\n"))] {
        let list: Vec<_> = [("pyproject.toml", toml), ENV]
            .into_iter()
            .chain(ini)
            .collect();
        let project = opened(&list).config.project;
        assert_eq!(project.locations(), ["x", "y"]);
        assert_eq!(project.file_template, "%(rev)s");
        assert!(project.recursive_version_locations);
    }
    assert!(is_alembic(toml));
    assert!(!is_alembic("[tool.ruff]\n"));
}

#[test]
fn cofferdam_toml_goes_before_alembics_files() {
    let toml = "[project]\nname = 'own'\nversions = 'sql'\nversion_table = 'v'\nfile_template = '{rev}'\n[alembic]\ntransaction_per_migration = true\nnaming_convention = { pk = 'pk_%(table_name)s' }\n";
    let env = "context.configure(version_table=name(), target_metadata=get())\n";
    let found = files(&[INI_FILE, ("db/env.py", env)]);
    let setup = read(&found, &Choice::default(), Some(toml)).expect("a project");
    let project = &setup.config.project;
    assert_eq!(project.name, "own");
    assert_eq!(project.locations(), ["sql"]);
    assert_eq!(
        (
            project.version_table.as_str(),
            project.file_template.as_str()
        ),
        ("v", "{rev}")
    );
    assert_eq!(setup.config.alembic.transaction_per_migration, Some(true));
    assert_eq!(setup.settings.naming_convention["pk"], "pk_%(table_name)s");
    assert_eq!(setup.settings.unknown_convention, None);
    assert_eq!(setup.notices, []);
    let ignoring = read(
        &found,
        &Choice::default(),
        Some("[alembic]\nignore = true\n"),
    );
    assert_eq!(ignoring.expect("a project").alembic, None);
}

#[test]
fn other_files_and_sections_are_named() {
    let ini = "[one]\nscript_location = nowhere\n[two]\nscript_location = %(here)s/../db\n";
    let list = [("etc/a.ini", ini), ENV];
    let choice = |section: &str| Choice {
        ini: Some("etc/a.ini".into()),
        section: Some(section.into()),
        ..Choice::default()
    };
    let setup = read(&files(&list), &choice("two"), None).expect("a project");
    assert_eq!(setup.config.project.locations(), ["db/versions"]);
    assert_eq!(
        refused(&list, &choice("one")),
        "etc/a.ini: script_location: there is no folder etc/nowhere in the project: create it, or correct the path"
    );
    assert_eq!(
        refused(&list, &choice("three")),
        "etc/a.ini: there is no section [three]; it has [one], [two]"
    );
}

#[test]
fn relative_paths_are_where_alembic_would_be_run() {
    let list = [
        ("back/alembic.ini", "[alembic]\nscript_location = db\n"),
        ENV,
    ];
    let choice = Choice {
        ini: Some("back/alembic.ini".into()),
        ..Choice::default()
    };
    let setup = read(&files(&list), &choice, None).expect("a project");
    assert_eq!(setup.config.project.locations(), ["db/versions"]);
}

#[test]
fn packages_are_looked_for_beside_the_file_too() {
    let choice = Choice {
        pyproject: Some("back/pyproject.toml".into()),
        ..Choice::default()
    };
    let list = files(&[
        (
            "back/pyproject.toml",
            "[tool.alembic]\nscript_location = 'app:db'\n",
        ),
        ("back/app/db/env.py", ENV.1),
    ]);
    let setup = read(&list, &choice, None).expect("a project");
    assert_eq!(setup.config.project.locations(), ["back/app/db/versions"]);
}

#[test]
fn a_script_location_may_be_absolute_or_in_a_package() {
    for location in ["/app/db", "pack.sub:db", "./db/"] {
        let ini: &'static str = format!("[alembic]\nscript_location = {location}\n").leak();
        let choice = Choice {
            root: Some("/app".into()),
            ..Choice::default()
        };
        let list = files(&[("alembic.ini", ini), ENV, ("src/pack/sub/db/env.py", "")]);
        let setup = read(&list, &choice, None).expect(location);
        assert_eq!(setup.config.project.name, "app");
        assert!(
            setup.config.project.versions.ends_with("db/versions"),
            "{location}"
        );
    }
    for (location, why) in [
        (
            "/other/db",
            "/other/db is outside of the project folder: name a folder above both with --project, and this file with -c",
        ),
        (
            "%(here)s/../db",
            "%(here)s/../db is outside of the project folder: name a folder above both with --project, and this file with -c",
        ),
        (
            "lib:db",
            "the package lib with db in it is not in the project: write the folder as script_location under [alembic], or version_locations under [project], in cofferdam.toml",
        ),
    ] {
        let ini: &'static str = format!("[alembic]\nscript_location = {location}\n").leak();
        let told = refused(&[("alembic.ini", ini), ENV], &Choice::default());
        assert_eq!(told, format!("alembic.ini: script_location: {why}"));
    }
}

#[test]
fn an_ini_file_beside_env_py_need_not_name_its_folder() {
    let files = files(&[
        (
            "migrations/alembic.ini",
            "[alembic]\nfile_template = %%(rev)s\n",
        ),
        ("migrations/env.py", ENV.1),
        ("migrations/versions/a.py", ""),
    ]);
    let choice = Choice {
        ini: Some("migrations/alembic.ini".into()),
        ..Choice::default()
    };
    let home = read(&files, &choice, None).expect("a project").alembic;
    assert_eq!(
        home.expect("an Alembic project").script_location,
        "migrations"
    );
}

#[test]
fn mistakes_are_told_with_their_file() {
    for (ini, told) in [
        (
            "x = 1\n",
            "alembic.ini, line 1: there is no [section] before this line",
        ),
        (
            "[alembic]\n",
            "alembic.ini: its section [alembic] has no script_location: name the folder of env.py there",
        ),
        (
            "[alembic]\nscript_location = %(x)s\n",
            "alembic.ini, line 2: script_location: there is no x, which %(x)s refers to",
        ),
        (
            "[alembic]\nscript_location = db\nfile_template = %(rev)s\n",
            "alembic.ini, line 3: file_template: there is no rev, which %(rev)s refers to",
        ),
        (
            "[alembic]\nscript_location = db\ntruncate_slug_length = x\n",
            "alembic.ini: truncate_slug_length: it is no number of characters",
        ),
        (
            "[alembic]\nscript_location = db\npath_separator = x\nversion_locations = a\n",
            "alembic.ini: path_separator: it is one of space, newline, os, : and ;",
        ),
    ] {
        assert_eq!(
            refused(&[("alembic.ini", ini), ENV], &Choice::default()),
            told
        );
    }
    let named = Choice {
        ini: Some("gone.ini".into()),
        ..Choice::default()
    };
    assert_eq!(
        refused(&[], &named),
        "gone.ini: there is no such file: correct what -c, ALEMBIC_CONFIG or cofferdam.toml names"
    );
}

fn with_env(env: &'static str, more: &[(&'static str, &'static str)]) -> Setup {
    let list: Vec<_> = [INI_FILE, ("db/env.py", env)]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
    opened(&list)
}

#[test]
fn env_py_says_where_the_version_table_is() {
    let env = "from app.config import SCHEMA\nTABLE = 'my_version'\ndef offline():\n    context.configure(url=url, version_table=TABLE, version_table_schema=SCHEMA, transaction_per_migration=True)\ndef online():\n    context.configure(connection=c, version_table=TABLE, version_table_schema=SCHEMA, transaction_per_migration=False)\n";
    let setup = with_env(env, &[("app/config.py", "SCHEMA: str = 'app'\n")]);
    assert_eq!(setup.config.project.version_table, "my_version");
    assert_eq!(
        setup.config.project.version_table_schema.as_deref(),
        Some("app")
    );
    assert_eq!(setup.config.alembic.transaction_per_migration, Some(true));
    assert_eq!(setup.notices, []);
}

#[test]
fn what_env_py_computes_is_told() {
    for (env, told) in [
        (
            "context.configure(version_table=os.environ['T'])\n",
            "db/env.py, line 1: version_table cannot be known without running it (it is computed): write it in cofferdam.toml",
        ),
        (
            "from x import T\ncontext.configure(version_table=T)\n",
            "db/env.py, line 2: version_table cannot be known without running it (it comes from x.T): write it in cofferdam.toml",
        ),
        (
            "context.configure(**more)\n",
            "db/env.py, line 1: it takes further options that cannot be known without running it; if they name a version_table, write it in cofferdam.toml",
        ),
        (
            "context.configure(version_table='a')\ncontext.configure(version_table='b')\n",
            "db/env.py, line 2: version_table is not the same in every context.configure(…): write it in cofferdam.toml",
        ),
        (
            "run()\n",
            "db/env.py, line 1: no context.configure(…) is seen in it, so that its options are not known",
        ),
        (
            "context.configure(\n",
            "db/env.py, line 1: it is missing, or Python could not read it: the version table is taken to be alembic_version",
        ),
    ] {
        let setup = with_env(env, &[]);
        let notices: Vec<String> = setup.notices.iter().map(ToString::to_string).collect();
        assert_eq!(notices, [told], "{env}");
        assert_eq!(setup.config.project.version_table, "alembic_version");
    }
}

#[test]
fn naming_conventions_are_followed_to_where_they_are_written() {
    const META: &str = "from sqlalchemy import MetaData\nNAMES = {'pk': 'pk_%(table_name)s'}\nmetadata = MetaData(naming_convention=NAMES)\n";
    for (env, more) in [
        (
            "target_metadata = MetaData(naming_convention={'pk': 'pk_%(table_name)s'})\n",
            &[][..],
        ),
        (
            "from app.db import metadata\ntarget_metadata = metadata\n",
            &[("app/db.py", META)],
        ),
        (
            "from app import db\ntarget_metadata = db.metadata\n",
            &[("app/db.py", META)],
        ),
        (
            "import app.db\ntarget_metadata = [app.db.metadata]\n",
            &[("app/db.py", META)],
        ),
        (
            "from app.models import *\ntarget_metadata = metadata\n",
            &[
                ("app/models/__init__.py", "from ..db import metadata\n"),
                ("app/db.py", META),
            ],
        ),
        (
            "from app.base import Base\ntarget_metadata = Base.metadata\n",
            &[
                (
                    "app/base.py",
                    "from .db import metadata as m\nclass Base(DeclarativeBase):\n    metadata = m\n",
                ),
                ("app/db.py", META),
            ],
        ),
        (
            "from app.base import Base\ntarget_metadata = Base.metadata\n",
            &[(
                "app/base.py",
                "class Root(DeclarativeBase):\n    metadata = MetaData(naming_convention=dict(pk='pk_%(table_name)s'))\nclass Base(AsyncAttrs, Root):\n    __abstract__ = True\n",
            )],
        ),
        (
            "from app.base import Base\ntarget_metadata = Base.metadata\n",
            &[(
                "app/base.py",
                "Base = declarative_base(metadata=MetaData(schema='x', naming_convention={'pk': 'pk_%(table_name)s'}))\n",
            )],
        ),
        (
            "from app.base import Base\ntarget_metadata = Base.metadata\n",
            &[(
                "app/base.py",
                "Base = declarative_base()\nBase.metadata.naming_convention = {'pk': 'pk_%(table_name)s'}\n",
            )],
        ),
        (
            "from app import db\ntarget_metadata = db.metadata\n",
            &[(
                "app/__init__.py",
                "db = SQLAlchemy(metadata=MetaData(naming_convention={'pk': 'pk_%(table_name)s'}))\n",
            )],
        ),
        (
            "from sqlmodel import SQLModel\nimport app.models\ntarget_metadata = SQLModel.metadata\n",
            &[
                (
                    "app/models.py",
                    "from sqlmodel import SQLModel\nfrom app.other import x\n",
                ),
                (
                    "app/other.py",
                    "SQLModel.metadata.naming_convention = {'pk': 'pk_%(table_name)s'}\n",
                ),
            ],
        ),
    ] {
        let env: &'static str =
            format!("{env}def run():\n    context.configure(target_metadata=target_metadata)\n")
                .leak();
        let setup = with_env(env, more);
        let known: Vec<_> = setup.settings.naming_convention.into_iter().collect();
        assert_eq!(setup.settings.unknown_convention, None, "{env}");
        assert_eq!(
            known,
            [("pk".to_owned(), "pk_%(table_name)s".to_owned())],
            "{env}"
        );
    }
    for (env, more) in [
        ("target_metadata = None\n", &[][..]),
        (
            "from app.db import Base\ntarget_metadata = Base.metadata\n",
            &[(
                "app/db.py",
                "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase):\n    pass\n",
            )],
        ),
        (
            "from sqlmodel import SQLModel\ntarget_metadata = SQLModel.metadata\n",
            &[],
        ),
        (
            "target_metadata = None\ntarget_metadata = MetaData()\n",
            &[],
        ),
    ] {
        let env: &'static str =
            format!("{env}context.configure(target_metadata=target_metadata)\n").leak();
        let setup = with_env(env, more);
        assert_eq!(setup.settings, Settings::default(), "{env}");
    }
}

#[test]
fn a_naming_convention_that_cannot_be_read_is_said_to_be_unknown() {
    for (env, more, told) in [
        (
            "target_metadata = get()\n",
            &[][..],
            "db/env.py, line 1: target_metadata is what a function gives",
        ),
        (
            "from lib.db import Base\ntarget_metadata = Base.metadata\n",
            &[],
            "db/env.py, line 2: target_metadata comes from lib.db.Base.metadata, which is not in the project",
        ),
        (
            "target_metadata = MetaData(naming_convention={'fk': name})\n",
            &[],
            "db/env.py, line 1: the naming convention is not all plain text",
        ),
        (
            "from app import a\ntarget_metadata = a\n",
            &[("app/__init__.py", "from app import a\n")],
            "app/__init__.py: a is imported in a circle",
        ),
    ] {
        let env: &'static str =
            format!("{env}context.configure(target_metadata=target_metadata)\n").leak();
        let setup = with_env(env, more);
        assert_eq!(setup.settings.unknown_convention.as_deref(), Some(told));
    }
}
