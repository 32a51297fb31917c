//! What every template writes, as text; and what it refuses.

use super::*;
use crate::sql::{self, Directive};

fn write(template: Template, values: &[(&str, &str)]) -> Result<Written, TemplateError> {
    let values = values
        .iter()
        .map(|(field, value)| ((*field).to_owned(), (*value).to_owned()));
    template.write(&values.collect())
}

#[track_caller]
fn writes(
    template: Template,
    values: &[(&str, &str)],
    message: &str,
    upgrade: &str,
    downgrade: &str,
) {
    let written = write(template, values).expect("good values");
    assert_eq!(written.message, message);
    assert_eq!(written.upgrade, upgrade);
    assert_eq!(written.downgrade, downgrade);
    for (field, _) in values {
        assert!(
            template.fields().iter().any(|known| known.name == *field),
            "{field} is a field"
        );
    }
    for text in [upgrade, downgrade] {
        let split = sql::split(text);
        assert!(!split.statements.is_empty());
        for statement in &split.statements {
            assert!(text[statement.body.clone()].ends_with(';'), "{text}");
        }
        assert_eq!(sql::check("", text, 0..text.len()), []);
    }
}

#[track_caller]
fn refuses(template: Template, values: &[(&str, &str)], field: &str, message: &str) {
    let error = write(template, values).expect_err("bad values");
    assert_eq!((error.field, error.to_string().as_str()), (field, message));
}

#[test]
fn blank() {
    assert_eq!(write(Template::Blank, &[]), Ok(Written::default()));
}

#[test]
fn create_table() {
    writes(
        Template::CreateTable,
        &[
            ("table", "app.User_Preferences"),
            ("id", "true"),
            (
                "columns",
                "user_id uuid not null references users (id) on delete cascade,\n\n\
                 \"Name\" varchar(255) not null unique default 'it''s'\n\
                 seen timestamp with time zone\n\
                 tags text[] not null default '{}'\n\
                 place app.\"Place\"\n\
                 price numeric(10, 2) check (price > 0)\n\
                 embedding vector(1536)\n\
                 n bigint generated always as identity\n\
                 unique (user_id, seen)",
            ),
            ("timestamps", "true"),
        ],
        "Add user_preferences table",
        "\
CREATE TABLE app.user_preferences (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL CONSTRAINT fk_user_preferences_user_id_users REFERENCES users (id) ON DELETE CASCADE,
    \"Name\" varchar(255) NOT NULL CONSTRAINT \"uq_user_preferences_Name\" UNIQUE DEFAULT 'it''s',
    seen timestamp with time zone,
    tags text[] NOT NULL DEFAULT '{}',
    place app.\"Place\",
    price numeric(10,2) CONSTRAINT ck_user_preferences_price CHECK (price > 0),
    embedding vector(1536),
    n bigint GENERATED ALWAYS AS IDENTITY,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_user_preferences_user_id_seen UNIQUE (user_id, seen)
);
",
        "DROP TABLE app.user_preferences;\n",
    );
}

#[test]
fn add_column() {
    writes(
        Template::AddColumn,
        &[
            ("table", "users"),
            ("column", "email_verified"),
            ("type", "boolean"),
            ("not_null", "true"),
            ("default", "false"),
        ],
        "Add email_verified to users",
        "ALTER TABLE users ADD COLUMN email_verified boolean NOT NULL DEFAULT false;\n",
        "ALTER TABLE users DROP COLUMN email_verified;\n",
    );
    writes(
        Template::AddColumn,
        &[
            ("table", "\"Order\""),
            ("column", "order"),
            ("type", "character varying(20)"),
        ],
        "Add order to Order",
        "ALTER TABLE \"Order\" ADD COLUMN \"order\" character varying(20);\n",
        "ALTER TABLE \"Order\" DROP COLUMN \"order\";\n",
    );
}

#[test]
fn add_index() {
    writes(
        Template::AddIndex,
        &[
            ("table", "app.jobs"),
            ("columns", "status, created_at desc nulls last"),
            ("where", "deleted_at is null"),
            ("concurrently", "true"),
        ],
        "Add index on status_created_at of jobs",
        "CREATE INDEX CONCURRENTLY ix_jobs_status_created_at ON app.jobs (status, created_at DESC NULLS LAST) WHERE deleted_at IS NULL;\n",
        "DROP INDEX CONCURRENTLY app.ix_jobs_status_created_at;\n",
    );
    writes(
        Template::AddIndex,
        &[
            ("table", "users"),
            ("columns", "lower(email), first || last"),
            ("unique", "true"),
        ],
        "Add index on lower_email_first_last of users",
        "CREATE UNIQUE INDEX uq_users_lower_email_first_last ON users (lower(email), (first || last));\n",
        "DROP INDEX uq_users_lower_email_first_last;\n",
    );
    writes(
        Template::AddIndex,
        &[
            ("table", "docs"),
            ("columns", "body gin_trgm_ops"),
            ("method", "gin"),
        ],
        "Add index on body of docs",
        "CREATE INDEX ix_docs_body ON docs USING gin (body gin_trgm_ops);\n",
        "DROP INDEX ix_docs_body;\n",
    );
}

#[test]
fn add_foreign_key() {
    let values = [
        ("table", "decks"),
        ("column", "user_id"),
        ("references_table", "users"),
        ("on_delete", "cascade"),
    ];
    let upgrade = "\
ALTER TABLE decks ADD CONSTRAINT fk_decks_user_id_users FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE NOT VALID;

-- +commit
ALTER TABLE decks VALIDATE CONSTRAINT fk_decks_user_id_users;
";
    writes(
        Template::AddForeignKey,
        &values,
        "Add foreign key from decks to users",
        upgrade,
        "ALTER TABLE decks DROP CONSTRAINT fk_decks_user_id_users;\n",
    );
    let directives: Vec<Vec<Directive>> = sql::split(upgrade)
        .statements
        .into_iter()
        .map(|statement| statement.directives)
        .collect();
    assert_eq!(directives, [vec![], vec![Directive::Commit]]);
}

#[test]
fn create_enum() {
    writes(
        Template::CreateEnum,
        &[
            ("name", "subscription_status"),
            ("values", "active\npast due\nwon't pay\n"),
            ("comment", "Where it stands"),
        ],
        "Add subscription_status enum",
        "\
CREATE TYPE subscription_status AS ENUM ('active', 'past due', 'won''t pay');

COMMENT ON TYPE subscription_status IS 'Where it stands';
",
        "DROP TYPE subscription_status;\n",
    );
}

#[test]
fn create_extension() {
    writes(
        Template::CreateExtension,
        &[("name", "uuid-ossp")],
        "Add uuid-ossp extension",
        "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\";\n",
        "DROP EXTENSION \"uuid-ossp\";\n",
    );
}

#[test]
fn updated_at_trigger() {
    writes(
        Template::UpdatedAtTrigger,
        &[("tables", "users\napp.orders"), ("function", "true")],
        "Add updated_at trigger to users, orders",
        "\
CREATE FUNCTION set_updated_at() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;

CREATE TRIGGER set_updated_at
    BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at
    BEFORE UPDATE ON app.orders
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();
",
        "\
DROP TRIGGER set_updated_at ON app.orders;

DROP TRIGGER set_updated_at ON users;

DROP FUNCTION set_updated_at();
",
    );
}

#[test]
fn data_migration() {
    writes(
        Template::DataMigration,
        &[
            ("table", "users"),
            ("set", "full_name = first_name || ' ' || last_name"),
            ("where", "full_name IS NULL -- not yet"),
            ("upgrade", "DELETE FROM a;\nDELETE FROM b"),
            ("downgrade", "UPDATE users SET full_name = NULL"),
        ],
        "Migrate data of users",
        "\
UPDATE users
SET full_name = first_name || ' ' || last_name
WHERE full_name IS NULL; -- not yet

DELETE FROM a;
DELETE FROM b;
",
        "UPDATE users SET full_name = NULL;\n",
    );
    let written =
        write(Template::DataMigration, &[("upgrade", "DELETE FROM a;")]).expect("it is good");
    assert_eq!(written.downgrade, "");
}

#[test]
fn soft_delete() {
    writes(
        Template::SoftDelete,
        &[("table", "users"), ("column", "email")],
        "Add deleted_at to users",
        "\
ALTER TABLE users ADD COLUMN deleted_at timestamptz;

CREATE INDEX ix_users_email_live ON users (email) WHERE deleted_at IS NULL;
",
        "\
DROP INDEX ix_users_email_live;

ALTER TABLE users DROP COLUMN deleted_at;
",
    );
}

#[test]
fn bad_values() {
    use Template::{
        AddColumn, AddForeignKey, AddIndex, CreateEnum, CreateExtension, CreateTable, DataMigration,
    };
    refuses(AddColumn, &[], "table", "Table: this is needed");
    refuses(
        AddColumn,
        &[("table", "a.b.c"), ("column", "c")],
        "table",
        "Table: `a.b.c` has more parts than a schema and a name",
    );
    refuses(
        AddColumn,
        &[("table", "users; drop table users")],
        "table",
        "Table: `users; drop table users` cannot be used: `;` does not belong there",
    );
    refuses(
        AddColumn,
        &[("table", "'users'")],
        "table",
        "Table: 'users' is a string, not a name",
    );
    refuses(
        AddColumn,
        &[
            ("table", "users"),
            ("column", "c"),
            ("type", "text not null"),
        ],
        "type",
        "Type: `text not null` cannot be used: `not` does not belong there",
    );
    refuses(
        AddColumn,
        &[("table", "users"), ("column", "c"), ("type", "enum('A')")],
        "type",
        "Type: `ENUM('A')` is not a type of PostgreSQL",
    );
    refuses(
        AddColumn,
        &[
            ("table", "users"),
            ("column", "c"),
            ("type", "text"),
            ("default", "'open"),
        ],
        "default",
        "Default: `'open` cannot be used: unterminated string literal at Line: 1, Column: 1",
    );
    refuses(
        AddColumn,
        &[
            ("table", "users"),
            ("column", "c"),
            ("type", "text"),
            ("default", &"(".repeat(10_000)),
        ],
        "default",
        &format!(
            "Default: `{}` cannot be used: it is nested too deeply",
            "(".repeat(10_000)
        ),
    );
    refuses(
        CreateTable,
        &[("table", "t"), ("columns", "a int\nA text")],
        "columns",
        "Columns, one a line: line 2: column a is there twice",
    );
    refuses(
        CreateTable,
        &[("table", "t"), ("columns", "a int\nb")],
        "columns",
        "Columns, one a line: line 2: `b` cannot be used: expected: a data type name, found: EOF",
    );
    refuses(
        CreateTable,
        &[("table", "t")],
        "columns",
        "Columns, one a line: a table needs at least one column",
    );
    refuses(
        AddIndex,
        &[
            ("table", "t"),
            ("columns", "a"),
            ("method", "gin"),
            ("unique", "true"),
        ],
        "unique",
        "Unique: only a btree index can be unique, not gin",
    );
    refuses(
        AddIndex,
        &[("table", "t"), ("columns", "a"), ("method", "tree")],
        "method",
        "Method: `tree` is none of btree, gin, gist, hash, brin, spgist",
    );
    refuses(
        AddForeignKey,
        &[
            ("table", "t"),
            ("column", "a, b"),
            ("references_table", "u"),
        ],
        "references_column",
        "References column: 2 columns cannot reference 1",
    );
    refuses(
        CreateEnum,
        &[("name", "mood"), ("values", "ok\n\nok")],
        "values",
        "Values in order, one a line: line 3: `ok` is there twice",
    );
    refuses(
        CreateExtension,
        &[("name", "a b")],
        "name",
        "Extension: `a b` is not the name of an extension",
    );
    refuses(
        DataMigration,
        &[("set", "a = 1")],
        "table",
        "Table to update: this is needed for an UPDATE",
    );
    refuses(
        DataMigration,
        &[("table", "t"), ("set", "a = 1; drop table t")],
        "set",
        "Set: this makes more than one statement",
    );
}

/// The form's own examples and initial values are good ones.
#[test]
fn the_examples_work() {
    for template in Template::ALL {
        let value = |field: &Field| match field.initial {
            "" => field.example,
            initial => initial,
        };
        let values = template
            .fields()
            .iter()
            .map(|field| (field.name.to_owned(), value(field).to_owned()));
        template
            .write(&values.collect())
            .expect("the example is good");
        assert!(!template.title().is_empty() && template.about().ends_with('.'));
    }
}
