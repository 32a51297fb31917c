//! Attach a partition. A check that says what the bound says lets PostgreSQL attach it without reading it.

use super::super::expression::{expression, fragment, items};
use super::super::section::Section;
use super::super::{ChangeError, Phase};
use super::{About, Builder, Field, FieldKind, TableName};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachPartition {
    /// The table that becomes a partition.
    pub partition: String,
    /// What follows FOR VALUES.
    pub bound: String,
    /// A condition that says the same of a row; needed where it cannot be made of the bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

pub const ABOUT: About = About {
    name: "attach-partition",
    title: "Attach a partition",
    about: "Its rows are looked at beside everybody's work, before it is attached.",
    fields: &[
        Field::needed("partition", "Table", "events_2026", FieldKind::Sql),
        Field::needed(
            "bound",
            "For values",
            "FROM ('2026-01-01') TO ('2027-01-01')",
            FieldKind::Sql,
        ),
        Field::optional(
            "condition",
            "The same as a condition",
            "at >= '2026-01-01' AND at < '2027-01-01'",
            FieldKind::Sql,
        ),
    ],
};

impl AttachPartition {
    pub fn title(&self, table: &TableName) -> String {
        format!("Attach {} to {}", self.partition, table.words())
    }

    pub fn id_words(&self) -> Vec<&str> {
        vec!["attach", &self.partition]
    }

    pub fn build(&self, builder: &mut Builder<'_>) -> Result<(), ChangeError> {
        let (table, words) = (builder.name, builder.name.words());
        let Some(key) = &builder.table.partition_key else {
            return Err(ChangeError(format!(
                "{words} is not partitioned: nothing can be attached to it"
            )));
        };
        let partition = TableName::read(&self.partition)?;
        let attach = format!(
            "ALTER TABLE {table} ATTACH PARTITION {partition} FOR VALUES {}",
            self.bound
        );
        fragment("the bound", &self.bound, &attach)?;
        let condition = match &self.condition {
            Some(condition) => {
                expression("the condition", condition, &partition)?;
                condition.clone()
            }
            None => implied(key, &self.bound).ok_or_else(|| {
                ChangeError(format!(
                    "what the bound says of a row cannot be told for {key}: say it as `condition`, with IS NOT NULL for each column of the key"
                ))
            })?,
        };
        let id = &builder.change.id;
        let (name, other) = (id.made("k"), id.made("d"));
        let own = format!("CHECK ({condition})");
        let rest = format!("CHECK (NOT ({condition}))");
        // The default partition must have no row of the bound, which is looked at as well.
        let default = builder.change.start.objects().find_map(|object| {
            let found = object.relation()?;
            let is_default = found.partition_bound.as_deref() == Some("DEFAULT")
                && found.parents.contains(&table.sql());
            is_default.then(|| TableName::new(&found.schema, &found.name))
        });
        let mut all: Vec<(&TableName, &str, &str)> = vec![(&partition, &name, &own)];
        if let Some(default) = &default {
            all.push((default, &other, &rest));
        }

        let mut parts = Vec::new();
        for (of, name, check) in &all {
            let (mut up, mut down) = Section::both();
            add(&mut up, of, name, check);
            down.change(of);
            drop(&mut down, of, name);
            let message = format!("{}: which rows it may have", of.words());
            parts.push((Phase::Expand, message, up, down));
        }
        let (mut up, mut down) = Section::both();
        up.change(&partition).push(&attach);
        down.change(table)
            .allow(
                "require-concurrent-partition-detach",
                "a concurrent one leaves a check behind",
            )
            .push(format!("ALTER TABLE {table} DETACH PARTITION {partition}"));
        parts.push((
            Phase::Contract,
            format!("{words}: attach {}", partition.words()),
            up,
            down,
        ));
        for (of, name, check) in &all {
            let (mut up, mut down) = Section::both();
            up.change(of);
            drop(&mut up, of, name);
            add(&mut down, of, name, check);
            let message = format!("{}: drop the check that the bound replaces", of.words());
            parts.push((Phase::Contract, message, up, down));
        }
        for (phase, message, up, down) in parts {
            builder.part(phase, message, up, down);
        }
        builder.note(format!(
            "Indexes and constraints of {words} that {} has none like are made when it is attached, while nobody can use it: build them first.",
            partition.words()
        ));
        Ok(())
    }
}

fn add(section: &mut Section, table: &TableName, name: &str, check: &str) {
    section.change(table).push(format!(
        "ALTER TABLE {table} ADD CONSTRAINT {name} {check} NOT VALID"
    ));
    section
        .check(table)
        .push(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"));
}

fn drop(section: &mut Section, table: &TableName, name: &str) {
    section.push(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"));
}

/// What a bound of a key of one column says of a row (manual, CREATE TABLE); none where the key has several or an expression.
fn implied(key: &str, bound: &str) -> Option<String> {
    let (kind, list) = key.split_once(" (")?;
    let column = list.strip_suffix(')')?;
    if column.contains(['(', ',', ' ']) {
        return None;
    }
    let present = format!("{column} IS NOT NULL");
    let lower = bound.to_ascii_lowercase();
    match kind {
        "LIST" if lower.trim_start().starts_with("in") => {
            let values = bound.trim().get(2..)?.trim();
            let inner = values.strip_prefix('(')?.strip_suffix(')')?;
            let is_null = |one: &&str| one.eq_ignore_ascii_case("null");
            match items(inner).iter().any(is_null) {
                true => None,
                false => Some(format!("{present} AND {column} IN {values}")),
            }
        }
        "RANGE" => {
            let to = lower.find(" to ")?;
            let side = |text: &str, word: &str| -> Option<String> {
                let text = text.trim();
                let text = text.get(word.len()..)?.trim();
                Some(text.strip_prefix('(')?.strip_suffix(')')?.trim().to_owned())
            };
            let from = side(&bound[..to], "from")?;
            let until = side(&bound[to..], "to")?;
            let mut parts = vec![present];
            if !from.eq_ignore_ascii_case("minvalue") {
                parts.push(format!("{column} >= {from}"));
            }
            if !until.eq_ignore_ascii_case("maxvalue") {
                parts.push(format!("{column} < {until}"));
            }
            Some(parts.join(" AND "))
        }
        _ => None,
    }
}
