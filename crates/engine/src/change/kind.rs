//! The kinds of changes, a file each.

mod add_check;
mod add_column;
mod add_exclusion;
mod add_foreign_key;
mod add_generated;
mod add_identity;
mod add_primary_key;
mod add_unique;
mod attach_partition;
mod change_type;
pub(super) mod drop_column;
pub(super) mod drop_table;
mod enum_value;
mod merge_columns;
mod move_column;
mod remove_enum_value;
mod rename_column;
mod rename_enum_value;
mod rename_table;
mod replace_index;
mod require_column;
mod split_column;

pub use add_check::AddCheck;
pub use add_column::AddColumn;
pub use add_exclusion::AddExclusion;
pub use add_foreign_key::AddForeignKey;
pub use add_generated::AddGenerated;
pub use add_identity::AddIdentity;
pub use add_primary_key::AddPrimaryKey;
pub use add_unique::AddUnique;
pub use attach_partition::AttachPartition;
pub use change_type::ChangeType;
pub use drop_column::DropColumn;
pub use drop_table::DropTable;
pub use merge_columns::MergeColumns;
pub use move_column::MoveColumn;
pub use remove_enum_value::RemoveEnumValue;
pub use rename_column::RenameColumn;
pub use rename_enum_value::RenameEnumValue;
pub use rename_table::RenameTable;
pub use replace_index::ReplaceIndex;
pub use require_column::RequireColumn;
pub use split_column::SplitColumn;

use super::ChangeError;
use super::build::Builder;
use super::names::TableName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kinds, in the order in which they are offered.
macro_rules! kinds {
    ($($module:ident $name:ident,)*) => {
        /// What is changed, with what it needs.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "kebab-case")]
        pub enum Kind {
            $($name($name),)*
        }

        impl Kind {
            /// All kinds, in the order in which they are offered.
            pub const ALL: &'static [About] = &[$($module::ABOUT,)*];

            pub(super) fn title(&self, table: &TableName) -> String {
                match self {
                    $(Kind::$name(kind) => kind.title(table),)*
                }
            }

            /// Words that make a change's id.
            pub fn id_words(&self) -> Vec<&str> {
                match self {
                    $(Kind::$name(kind) => kind.id_words(),)*
                }
            }
        }

        pub(super) fn build(kind: &Kind, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
            match kind {
                $(Kind::$name(kind) => kind.build(builder),)*
            }
        }
    };
}

kinds! {
    rename_column RenameColumn,
    rename_table RenameTable,
    change_type ChangeType,
    rename_enum_value RenameEnumValue,
    remove_enum_value RemoveEnumValue,
    require_column RequireColumn,
    add_column AddColumn,
    add_check AddCheck,
    add_foreign_key AddForeignKey,
    add_unique AddUnique,
    add_primary_key AddPrimaryKey,
    add_exclusion AddExclusion,
    replace_index ReplaceIndex,
    add_identity AddIdentity,
    add_generated AddGenerated,
    attach_partition AttachPartition,
    split_column SplitColumn,
    merge_columns MergeColumns,
    move_column MoveColumn,
    drop_column DropColumn,
    drop_table DropTable,
}

/// One input of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub example: &'static str,
    pub required: bool,
    pub kind: FieldKind,
}

impl Field {
    const fn needed(
        name: &'static str,
        label: &'static str,
        example: &'static str,
        kind: FieldKind,
    ) -> Self {
        Field {
            name,
            label,
            example,
            required: true,
            kind,
        }
    }

    const fn optional(
        name: &'static str,
        label: &'static str,
        example: &'static str,
        kind: FieldKind,
    ) -> Self {
        Field {
            name,
            label,
            example,
            required: false,
            kind,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A column of the table.
    Column,
    /// Several of them.
    Columns,
    /// A name for something new.
    Name,
    /// An SQL expression, type or definition.
    Sql,
    /// `true` or `false`.
    Check,
}

/// A kind, for choosing among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    pub name: &'static str,
    pub title: &'static str,
    /// One sentence on what it does.
    pub about: &'static str,
    pub fields: &'static [Field],
}

impl Kind {
    /// Whether the new version may have a schema of its own, with a view of the table: where the table has an old and a new
    /// column beside each other, under names of their own.
    pub fn takes_view_schema(&self) -> bool {
        match self {
            Kind::RenameColumn(_)
            | Kind::RenameEnumValue(_)
            | Kind::SplitColumn(_)
            | Kind::MergeColumns(_) => true,
            Kind::ChangeType(it) => it.to.is_some(),
            Kind::RemoveEnumValue(it) => it.name.is_some(),
            _ => false,
        }
    }

    /// Makes a kind of what was filled in.
    ///
    /// # Errors
    /// Where the kind is not known, or a field is missing, unknown or no name, in words.
    pub fn fill(name: &str, values: &BTreeMap<String, String>) -> Result<Self, ChangeError> {
        let Some(about) = Kind::ALL.iter().find(|about| about.name == name) else {
            let names: Vec<&str> = Kind::ALL.iter().map(|about| about.name).collect();
            return Err(ChangeError(format!(
                "there is no kind of change called {name}: choose one of {}",
                names.join(", ")
            )));
        };
        let known = || {
            about
                .fields
                .iter()
                .map(|field| field.name)
                .collect::<Vec<_>>()
                .join(", ")
        };
        if let Some(other) = values
            .keys()
            .find(|key| about.fields.iter().all(|field| field.name != key.as_str()))
        {
            return Err(ChangeError(format!(
                "{name} has no field {other}: it has {}",
                known()
            )));
        }
        let mut table = serde_json::Map::new();
        table.insert("kind".into(), name.into());
        for field in about.fields {
            let value = values
                .get(field.name)
                .map(|value| value.trim())
                .filter(|value| !value.is_empty());
            let Some(value) = value else {
                if field.required {
                    return Err(ChangeError(format!(
                        "{name} needs {}, such as {}={}",
                        field.name, field.name, field.example
                    )));
                }
                continue;
            };
            let value = match field.kind {
                FieldKind::Column | FieldKind::Name => super::names::name(value)?.into(),
                FieldKind::Columns => {
                    let names: Result<Vec<String>, _> =
                        value.split(',').map(super::names::name).collect();
                    names?.into()
                }
                FieldKind::Sql => value.into(),
                FieldKind::Check => match value {
                    "true" | "yes" => true.into(),
                    "false" | "no" => false.into(),
                    _ => {
                        return Err(ChangeError(format!(
                            "{} is yes or no, not {value}",
                            field.name
                        )));
                    }
                },
            };
            table.insert(field.name.into(), value);
        }
        serde_json::from_value(table.into()).map_err(|error| ChangeError(error.to_string()))
    }
}
