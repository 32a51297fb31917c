//! Drop a table. It is moved aside with all its rows, after its foreign keys, both ways, are gone, so that it stands in nobody's
//! way and can be brought back.

use super::super::build::is_indexed;
use super::super::constraints::Kept;
use super::super::dependents::{dependents, named};
use super::super::quarantine::SCHEMA;
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::{About, Builder, TableName};
use crate::catalog::Object;
use crate::sql::identifier;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropTable {}

pub const ABOUT: About = About {
    name: "drop-table",
    title: "Drop a table",
    about: "It is moved aside with its rows, and can be brought back.",
    fields: &[],
};

impl DropTable {
    pub fn title(&self, table: &TableName) -> String {
        format!("Drop table {}", table.words())
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["drop"]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let (table, words) = (builder.name, builder.name.words());
        let dependents = dependents(builder, None);
        if !dependents.is_empty() {
            return Err(ChangeError(format!(
                "{words} is used by {}: change or drop what uses it in a revision before, and then make this change anew",
                named(&dependents)
            )));
        }
        let keys = foreign_keys(builder);

        let (mut up, mut down) = Section::both();
        up.nothing("Nothing has to be changed: the new version can do without the table as it is.");
        down.nothing("Nothing was changed.");
        builder.part(
            Phase::Expand,
            format!("{words}: it can be done without"),
            up,
            down,
        );

        for key in &keys {
            let (mut up, mut down) = Section::both();
            up.change(&key.table);
            key.drop(&mut up);
            down.change(&key.table);
            key.add(&mut down);
            key.validate(&mut down);
            let message = format!(
                "{words}: drop the foreign key {} of {}",
                identifier(&key.constraint.name),
                key.table.words()
            );
            builder.part(Phase::Contract, message, up, down);
        }
        let (mut up, mut down) = Section::both();
        up.begin()
            .push(format!("CREATE SCHEMA IF NOT EXISTS {SCHEMA}"));
        // Under the change's name, so that two tables of one name may be there.
        let own = identifier(&table.name);
        let moved = TableName::new(SCHEMA, &table.name);
        let aside = TableName::new(SCHEMA, builder.change.id.as_str());
        up.change(table)
            .allow("ban-set-schema", "nobody uses it any more")
            .push(format!("ALTER TABLE {table} SET SCHEMA {SCHEMA}"));
        down.change(&aside);
        if moved != aside {
            up.allow("renaming-table", "nobody uses it any more")
                .push(format!(
                    "ALTER TABLE {moved} RENAME TO {}",
                    identifier(&aside.name)
                ));
            down.allow("renaming-table", "nobody uses it meanwhile")
                .push(format!("ALTER TABLE {aside} RENAME TO {own}"));
        }
        down.allow("ban-set-schema", "nobody uses it meanwhile")
            .push(format!(
                "ALTER TABLE {moved} SET SCHEMA {}",
                identifier(&table.schema)
            ));
        builder.part(Phase::Contract, format!("{words}: move it aside"), up, down);
        builder.note(format!(
            "It is kept as {aside} with its rows, indexes and sequences; undoing the contract brings it back."
        ));
        if !keys.is_empty() {
            builder.note(
                "Where a row that is referred to is deleted meanwhile, undoing the contract stops at the foreign key: delete the rows that refer to it, and undo it again.",
            );
        }
        Ok(())
    }
}

/// The foreign keys of the table and those that refer to it, its own first.
pub fn foreign_keys<'a>(builder: &Builder<'a>) -> Vec<Kept<'a>> {
    let table = builder.name;
    let to_it = format!(" REFERENCES {table}(");
    let relations = builder.change.start.objects().filter_map(Object::relation);
    let mut keys = Vec::new();
    for relation in relations {
        let of = TableName::new(&relation.schema, &relation.name);
        for constraint in &relation.constraints {
            let is_key = constraint.type_ == "foreign key" && !constraint.inherited;
            if is_key && (of == *table || constraint.definition.contains(&to_it)) {
                keys.push(Kept {
                    table: of.clone(),
                    constraint,
                    is_indexed: is_indexed(relation, constraint),
                });
            }
        }
    }
    keys.sort_by_key(|one| one.table != *table);
    keys
}
