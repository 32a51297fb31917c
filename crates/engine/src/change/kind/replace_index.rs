//! Replace an index: the new one is built, and the old one dropped, beside everybody's work.

use super::super::expression::fragment;
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::drop_column::make_index;
use super::{About, Builder, Field, FieldKind, TableName};
use crate::catalog::Index;
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaceIndex {
    pub index: String,
    /// What follows the table's name, such as `USING btree (tier, id)`.
    pub definition: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// The new one's name; the old one's where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

pub const ABOUT: About = About {
    name: "replace-index",
    title: "Replace an index",
    about: "The new one is built, and the old one dropped, beside everybody's work.",
    fields: &[
        Field::needed("index", "Index", "reports_tier", FieldKind::Name),
        Field::needed("definition", "New definition", "(tier, id)", FieldKind::Sql),
        Field::optional("unique", "Unique", "no", FieldKind::Check),
        Field::optional("name", "New name", "reports_tier_id", FieldKind::Name),
    ],
};

impl ReplaceIndex {
    pub fn title(&self, table: &TableName) -> String {
        format!(
            "Replace index {} of {}",
            identifier(&self.index),
            table.words()
        )
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["replace", &self.index]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let (table, words) = (builder.name, builder.name.words());
        let old = self.old(builder)?;
        let unique = match self.unique {
            true => "UNIQUE ",
            false => "",
        };
        fragment(
            "the definition",
            &self.definition,
            &format!("CREATE {unique}INDEX i ON {table} {}", self.definition),
        )?;
        let schema = identifier(&table.schema);
        let name = match &self.name {
            Some(_) => identifier(&builder.new_name(self.name.as_ref(), &[], "idx")?),
            None => builder.change.id.made("i1"),
        };

        let (mut up, mut down) = Section::both();
        if self.unique {
            up.allow(
                "unique-index-may-fail",
                "rows that are not unique stop it, and it is built again",
            );
        }
        up.alone(format!(
            "CREATE {unique}INDEX CONCURRENTLY {name} ON {table} {}",
            self.definition
        ));
        down.alone(format!("DROP INDEX CONCURRENTLY {schema}.{name}"));
        builder.part(
            Phase::Expand,
            format!("{words}: build the index that replaces {}", self.index),
            up,
            down,
        );

        let (mut up, mut down) = Section::both();
        let own = identifier(&old.name);
        up.allow("ban-drop-index", "the new one takes its place");
        up.alone(format!("DROP INDEX CONCURRENTLY {schema}.{own}"));
        make_index(&mut down, table, old);
        builder.part(
            Phase::Contract,
            format!("{words}: drop the index {own}"),
            up,
            down,
        );

        if self.name.is_none() {
            let (mut up, mut down) = Section::both();
            up.begin()
                .push(format!("ALTER INDEX {schema}.{name} RENAME TO {own}"));
            down.begin()
                .allow("renaming-object", "no program knows an index by its name")
                .push(format!("ALTER INDEX {schema}.{own} RENAME TO {name}"));
            builder.part(
                Phase::Contract,
                format!("{words}: the new index is called {own}"),
                up,
                down,
            );
        }
        Ok(())
    }

    fn old<'a>(&self, builder: &Builder<'a>) -> Result<&'a Index, ChangeError> {
        let words = builder.name.words();
        let own = identifier(&self.index);
        let all = &builder.table.indexes;
        let Some(old) = all.iter().find(|one| one.name == self.index) else {
            let names: Vec<String> = all.iter().map(|one| identifier(&one.name)).collect();
            return Err(ChangeError(format!(
                "{words} has no index {own}: it has {}",
                match names.is_empty() {
                    true => "none".to_owned(),
                    false => names.join(", "),
                }
            )));
        };
        if let Some(constraint) = &old.constraint {
            return Err(ChangeError(format!(
                "{own} belongs to the constraint {}: replace that (add-primary-key, or add-unique and then drop the old one)",
                identifier(constraint)
            )));
        }
        if old.replica_identity || old.clustered {
            return Err(ChangeError(format!(
                "{own} is the one that {words} is {} by: let another one be that first",
                match old.replica_identity {
                    true => "replicated",
                    false => "clustered",
                }
            )));
        }
        Ok(old)
    }
}
