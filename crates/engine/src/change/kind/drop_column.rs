//! Drop a column. Its values are kept by the table's key, so that the undo brings them back.

use super::super::constraints::Kept;
use super::super::dependents::{dependents, named};
use super::super::expression::expression;
use super::super::fill::Fill;
use super::super::mirror::{add, dress};
use super::super::not_null::NotNull;
use super::super::quarantine::Quarantine;
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::{About, Builder, Field, FieldKind, TableName};
use crate::catalog::{Column, Constraint, Index, Object};
use crate::sql::{identifier, literal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropColumn {
    pub column: String,
    /// What the new version's rows have in it as long as it is there; for a column that is required and has no default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill: Option<String>,
}

pub const ABOUT: About = About {
    name: "drop-column",
    title: "Drop a column",
    about: "Its values are kept, and can be brought back.",
    fields: &[
        Field::needed("column", "Column", "tier", FieldKind::Column),
        Field::optional(
            "fill",
            "Value where the new version gives none",
            "'free'",
            FieldKind::Sql,
        ),
    ],
};

impl DropColumn {
    pub fn title(&self, table: &TableName) -> String {
        format!("Drop column {}.{}", table.words(), identifier(&self.column))
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["drop", &self.column]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        builder.plain_table()?;
        let column = builder.column(&self.column)?;
        self.check(builder, column)?;
        let (table, name) = (builder.name, identifier(&self.column));
        let words = format!("{}.{name}", table.words());
        let constraints = builder.constraints_on(&self.column);
        let (unique, others): (Vec<_>, Vec<_>) = constraints
            .into_iter()
            .partition(|one| one.type_ == "unique");
        let others: Vec<Kept<'_>> = others
            .into_iter()
            .map(|constraint| Kept {
                table: table.clone(),
                constraint,
                // Its index is built again later.
                is_indexed: false,
            })
            .collect();
        let indexes: Vec<&Index> = builder
            .indexes_on(&self.column)
            .into_iter()
            .filter(|one| one.constraint.is_none())
            .collect();
        let quarantine = Quarantine {
            id: builder.change.id.clone(),
            table: table.clone(),
            key: builder.key()?.into_iter().map(str::to_owned).collect(),
            columns: vec![self.column.clone()],
            only: None,
            as_text: None,
        };
        if quarantine.key.contains(&self.column) {
            return Err(ChangeError(format!(
                "{words} is part of the key by which its values would be kept: name another unique key that is NOT NULL as the change's `key`"
            )));
        }
        let fill = self.fill.as_ref().map(|value| Fill {
            builder,
            column: &self.column,
            value,
            follows: false,
        });
        let mut parts = Vec::new();

        let (mut up, mut down) = Section::both();
        match &fill {
            Some(fill) => {
                up.change(table);
                fill.trigger().make(&mut up);
                down.change(table);
                fill.trigger().unmake(&mut down);
                parts.push((
                    Phase::Expand,
                    format!("{words}: it may be left out"),
                    up,
                    down,
                ));
            }
            None => {
                up.nothing(
                    "Nothing has to be changed: the new version can leave the column out as it is.",
                );
                down.nothing("Nothing was changed.");
                parts.push((
                    Phase::Expand,
                    format!("{words}: it can be left out"),
                    up,
                    down,
                ));
            }
        }

        for index in &indexes {
            let (mut up, mut down) = Section::both();
            drop_index(&mut up, table, index);
            make_index(&mut down, table, index);
            let message = format!("{words}: drop the index {}", identifier(&index.name));
            parts.push((Phase::Contract, message, up, down));
        }
        for constraint in &unique {
            let (mut up, mut down) = Section::both();
            self.drop_unique(&mut up, builder, constraint);
            self.make_unique(&mut down, builder, constraint);
            let message = format!("{words}: drop {}", identifier(&constraint.name));
            parts.push((Phase::Contract, message, up, down));
        }
        if !others.is_empty() {
            let (mut up, mut down) = Section::both();
            up.change(table);
            down.change(table);
            for one in &others {
                one.drop(&mut up);
                one.add(&mut down);
            }
            for one in &others {
                one.validate(&mut down);
            }
            parts.push((
                Phase::Contract,
                format!("{words}: drop its constraints"),
                up,
                down,
            ));
        }

        let (mut up, mut down) = Section::both();
        builder.comparable(&builder.key()?)?;
        let carry = quarantine.trigger(builder.table);
        up.change(table);
        quarantine.make(&mut up);
        carry.make(&mut up);
        quarantine.copy(&mut up);
        up.change(table);
        carry.unmake(&mut up);
        if let Some(fill) = &fill {
            fill.trigger().unmake(&mut up);
        }
        up.allow("ban-drop-column", "its values are kept")
            .push(format!("ALTER TABLE {table} DROP COLUMN {name}"));
        self.restore(&mut down, builder, column, &quarantine, fill.as_ref())?;
        parts.push((
            Phase::Contract,
            format!("{words}: keep its values, and drop it"),
            up,
            down,
        ));

        builder.note(format!(
            "Its values are kept in {}; undoing the contract brings them back.",
            quarantine.name()
        ));
        if column.default.is_none() && self.fill.is_none() {
            builder.note(format!(
                "Rows that the new version inserts have NULL in {words}: see that the old version can read that."
            ));
        }
        for (phase, message, up, down) in parts {
            builder.part(phase, message, up, down);
        }
        Ok(())
    }

    fn check(&self, builder: &Builder<'_>, column: &Column) -> Result<(), ChangeError> {
        let words = format!("{}.{}", builder.name.words(), identifier(&self.column));
        let no = |why: String| Err(ChangeError(format!("{words} {why}")));
        if column.generated.is_some() {
            return no("is generated: it holds nothing that is not elsewhere, and can be dropped in one revision".into());
        }
        if column.identity.is_some() {
            return no("is an identity, whose numbers would be lost with its sequence: ALTER COLUMN … DROP IDENTITY in a revision before".into());
        }
        let own = format!("{}.{}", builder.name, identifier(&self.column));
        let sequence = builder
            .change
            .start
            .objects()
            .find_map(|object| match object {
                Object::Sequence(it) if it.owned_by.as_deref() == Some(own.as_str()) => {
                    Some(&it.name)
                }
                _ => None,
            });
        if let Some(sequence) = sequence {
            return no(format!(
                "has a sequence of its own, {0}, which would be lost with it: ALTER SEQUENCE {0} OWNED BY NONE in a revision before",
                identifier(sequence)
            ));
        }
        for constraint in builder.constraints_on(&self.column) {
            if matches!(constraint.type_.as_str(), "primary key" | "exclusion") {
                return no(format!(
                    "is part of the {} {}, which cannot be brought back beside writers: replace that first",
                    constraint.type_,
                    identifier(&constraint.name)
                ));
            }
        }
        for constraint in builder.constraints_on(&self.column) {
            let key = constraint.definition.trim_start_matches("UNIQUE ");
            let referring = match constraint.type_.as_str() {
                "unique" => builder.referring(key),
                _ => Vec::new(),
            };
            if !referring.is_empty() {
                return no(format!(
                    "is referred to by foreign keys: {}. Drop them first",
                    referring.join(", ")
                ));
            }
        }
        let dependents = dependents(builder, Some(&self.column));
        if !dependents.is_empty() {
            return no(format!(
                "is used by {}: change or drop what uses it in a revision before, and then make this change anew",
                named(&dependents)
            ));
        }
        match (&self.fill, column.not_null, &column.default) {
            (Some(fill), ..) => expression("fill", fill, builder.name),
            (None, true, None) => no("is NOT NULL and has no default, so the new version cannot leave it out: say with `fill` what its rows have there".into()),
            _ => Ok(()),
        }
    }

    fn drop_unique(&self, section: &mut Section, builder: &Builder<'_>, constraint: &Constraint) {
        section.change(builder.name);
        section
            .allow("ban-drop-constraint", "its column goes")
            .push(format!(
                "ALTER TABLE {} DROP CONSTRAINT {}",
                builder.name,
                identifier(&constraint.name)
            ));
    }

    fn make_unique(&self, section: &mut Section, builder: &Builder<'_>, constraint: &Constraint) {
        let (table, name) = (builder.name, identifier(&constraint.name));
        let mut indexes = builder.table.indexes.iter();
        let index = indexes.find(|one| one.constraint.as_deref() == Some(&constraint.name));
        let Some(index) = index else { return };
        let sql = index
            .definition
            .replacen(" INDEX ", " INDEX CONCURRENTLY ", 1);
        section.between(sql);
        let deferrable = match &constraint.deferrable {
            Some(how) => format!(" DEFERRABLE {}", how.to_uppercase()),
            None => String::new(),
        };
        section.change(table).push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}{deferrable}"
        ));
        if let Some(comment) = &constraint.comment {
            section.push(format!(
                "COMMENT ON CONSTRAINT {name} ON {table} IS {}",
                literal(comment)
            ));
        }
    }

    /// Brings the column and its values back. Until they are there, nothing fills it in: a value that is filled in would stand
    /// in the way of the one that is kept.
    fn restore(
        &self,
        section: &mut Section,
        builder: &Builder<'_>,
        column: &Column,
        quarantine: &Quarantine,
        fill: Option<&Fill<'_, '_>>,
    ) -> Result<(), ChangeError> {
        let (table, name) = (builder.name, identifier(&self.column));
        let sql = table.sql();
        section.change(table);
        add(
            section,
            &sql,
            &self.column,
            &column.type_,
            column.collation.as_deref(),
        );
        if let Some(default) = &column.default {
            section.push(format!(
                "ALTER TABLE {sql} ALTER COLUMN {name} SET DEFAULT {default}"
            ));
        }
        dress(section, &sql, &self.column, column);
        quarantine.restore(section);
        let value = self.fill.as_ref().or(column.default.as_ref());
        let required = NotNull::new(
            &builder.change.id,
            table,
            column.not_null.then_some(self.column.as_str()),
        );
        if let Some(fill) = fill {
            section.change(table);
            fill.trigger().make(section);
        }
        if column.not_null {
            let value = value.map(String::as_str);
            require_again(section, builder, &required, &self.column, value)?;
        }
        section.check(table);
        quarantine.forget(section);
        Ok(())
    }
}

/// Makes a column NOT NULL again, when the rows that were inserted since have got `value`. Until then every row can be written,
/// those that are still empty, too.
///
/// # Errors
/// Where the table has no key.
pub fn require_again(
    section: &mut Section,
    builder: &Builder<'_>,
    required: &NotNull<'_>,
    column: &str,
    value: Option<&str>,
) -> Result<(), ChangeError> {
    if let Some(value) = value {
        let fill = Fill {
            builder,
            column,
            value,
            follows: false,
        };
        fill.rows(section)?;
    }
    section.change(builder.name);
    required.promise(section);
    required.keep(section);
    Ok(())
}

/// Drops an index beside everybody's work.
pub fn drop_index(section: &mut Section, table: &TableName, index: &Index) {
    section.allow("ban-drop-index", "its column goes");
    section.alone(format!(
        "DROP INDEX CONCURRENTLY {}.{}",
        identifier(&table.schema),
        identifier(&index.name)
    ));
}

/// Builds an index again as it was, as all that a downgrade does.
pub fn make_index(section: &mut Section, table: &TableName, index: &Index) {
    let sql = index
        .definition
        .replacen(" INDEX ", " INDEX CONCURRENTLY ", 1);
    let Some(comment) = &index.comment else {
        if sql.starts_with("CREATE UNIQUE INDEX ") {
            section.allow("unique-index-may-fail", "rows were unique before");
        }
        section.alone(sql);
        return;
    };
    section.between(sql).begin().push(format!(
        "COMMENT ON INDEX {}.{} IS {}",
        identifier(&table.schema),
        identifier(&index.name),
        literal(comment)
    ));
}
