//! The fields of each template's form.

use super::{Field, FieldKind, Template};

pub const METHODS: &[&str] = &["btree", "gin", "gist", "hash", "brin", "spgist"];
pub const ON_DELETE: &[&str] = &[
    "no action",
    "restrict",
    "cascade",
    "set null",
    "set default",
];

const fn line(name: &'static str, label: &'static str, example: &'static str) -> Field {
    Field {
        name,
        label,
        example,
        initial: "",
        required: true,
        kind: FieldKind::Line,
    }
}

const fn lines(name: &'static str, label: &'static str, example: &'static str) -> Field {
    Field {
        kind: FieldKind::Lines,
        ..line(name, label, example)
    }
}

const fn optional(field: Field) -> Field {
    Field {
        required: false,
        ..field
    }
}

const fn check(name: &'static str, label: &'static str, initial: &'static str) -> Field {
    Field {
        kind: FieldKind::Check,
        initial,
        ..optional(line(name, label, ""))
    }
}

const fn choice(
    name: &'static str,
    label: &'static str,
    initial: &'static str,
    choices: &'static [&'static str],
) -> Field {
    Field {
        kind: FieldKind::Choice(choices),
        initial,
        ..optional(line(name, label, ""))
    }
}

const TABLE: Field = line("table", "Table", "users");

const CREATE_TABLE: &[Field] = &[
    line("table", "Table", "user_preferences"),
    check("id", "uuid primary key id", "true"),
    lines(
        "columns",
        "Columns, one a line",
        "user_id uuid not null references users (id) on delete cascade\nname varchar(255) not null\nunique (user_id, name)",
    ),
    check("timestamps", "created_at and updated_at", "true"),
];

const ADD_COLUMN: &[Field] = &[
    TABLE,
    line("column", "Column", "phone"),
    line("type", "Type", "varchar(20)"),
    check(
        "not_null",
        "NOT NULL (an existing row then needs a default)",
        "",
    ),
    optional(line("default", "Default", "false")),
];

const ADD_INDEX: &[Field] = &[
    line("table", "Table", "jobs"),
    line(
        "columns",
        "Columns or expressions",
        "status, created_at desc",
    ),
    check("unique", "Unique", ""),
    choice("method", "Method", "btree", METHODS),
    optional(line("where", "Only rows where", "deleted_at is null")),
    check(
        "concurrently",
        "Concurrently (does not hold up writes)",
        "true",
    ),
];

const ADD_FOREIGN_KEY: &[Field] = &[
    line("table", "Table", "decks"),
    line("column", "Column", "user_id"),
    line("references_table", "References table", "users"),
    optional(line("references_column", "References column", "id")),
    choice(
        "on_delete",
        "When the referenced row is deleted",
        "no action",
        ON_DELETE,
    ),
];

const CREATE_ENUM: &[Field] = &[
    line("name", "Name", "subscription_status"),
    lines(
        "values",
        "Values in order, one a line",
        "active\npast_due\ncancelled",
    ),
    optional(line("comment", "Comment", "Where a subscription stands")),
];

const CREATE_EXTENSION: &[Field] = &[line("name", "Extension", "pg_trgm")];

const UPDATED_AT_TRIGGER: &[Field] = &[
    lines("tables", "Tables, one a line", "users\norders"),
    check("function", "Create the function set_updated_at too", "true"),
];

const DATA_MIGRATION: &[Field] = &[
    optional(line("table", "Table to update", "users")),
    optional(line(
        "set",
        "Set",
        "full_name = first_name || ' ' || last_name",
    )),
    optional(line("where", "Where", "full_name is null")),
    optional(lines(
        "upgrade",
        "Or your own upgrade SQL",
        "DELETE FROM sessions WHERE expires_at < now();",
    )),
    optional(lines(
        "downgrade",
        "Downgrade SQL",
        "UPDATE users SET full_name = NULL;",
    )),
];

const SOFT_DELETE: &[Field] = &[
    TABLE,
    Field {
        initial: "id",
        ..line("column", "Column by which live rows are found", "id")
    },
];

/// The fields of `template`'s form, in the order of the page.
pub fn of(template: Template) -> &'static [Field] {
    match template {
        Template::Blank => &[],
        Template::CreateTable => CREATE_TABLE,
        Template::AddColumn => ADD_COLUMN,
        Template::AddIndex => ADD_INDEX,
        Template::AddForeignKey => ADD_FOREIGN_KEY,
        Template::CreateEnum => CREATE_ENUM,
        Template::CreateExtension => CREATE_EXTENSION,
        Template::UpdatedAtTrigger => UPDATED_AT_TRIGGER,
        Template::DataMigration => DATA_MIGRATION,
        Template::SoftDelete => SOFT_DELETE,
    }
}
