//! Columns that others take the place of: both sides follow each other until the contract, which keeps what the new side
//! cannot say and drops the old one.

use super::build::Builder;
use super::columns;
use super::dependents::{dependents, named};
use super::kind::drop_column::{drop_index, make_index};
use super::mirror::{Added, Mirror};
use super::section::Section;
use super::sync::{Follower, Sync, differ};
use super::view::{NewColumn, Place, VersionView};
use super::{ChangeError, Phase};
use crate::catalog::Column;
use crate::sql::identifier;
use std::collections::BTreeSet;

/// The two sides.
#[derive(Clone, Debug)]
pub struct Replaced<'a> {
    /// With their values, in terms of the new columns.
    pub old: Vec<(&'a Column, String)>,
    /// With their values, in terms of the old columns.
    pub new: Vec<Follower>,
}

impl<'a> Replaced<'a> {
    fn old_followers(&self) -> Vec<Follower> {
        let all = self.old.iter();
        all.map(|(column, from)| Follower {
            name: column.name.clone(),
            type_: column.type_.clone(),
            collation: column.collation.clone(),
            from: Some(from.clone()),
        })
        .collect()
    }

    /// What the new version sees: columns without a default, as in the end.
    fn view(&self, builder: &Builder<'_>) -> Result<Option<VersionView>, ChangeError> {
        let old: Vec<&Column> = self.old.iter().map(|(column, _)| *column).collect();
        let new = self.new.iter().map(|one| NewColumn {
            name: &one.name,
            like: None,
            default: None,
        });
        VersionView::of(builder, &old, &new.collect::<Vec<_>>(), Place::Last)
    }

    fn old_words(&self) -> String {
        let names: Vec<String> = self
            .old
            .iter()
            .map(|(one, _)| identifier(&one.name))
            .collect();
        names.join(", ")
    }

    fn new_words(&self) -> String {
        let names: Vec<String> = self.new.iter().map(|one| identifier(&one.name)).collect();
        names.join(", ")
    }

    /// Adds all the phases.
    ///
    /// # Errors
    /// Where something stands on an old column that cannot go along, in words.
    pub fn build(&self, builder: &mut Builder<'a>) -> Result<(), ChangeError> {
        self.check(builder)?;
        builder.note_triggers();
        let (table, words) = (builder.name, builder.name.words());
        let (old, new) = (self.old_words(), self.new_words());
        let sync = Sync {
            id: &builder.change.id,
            table,
            relation: builder.table,
            old: self.old_followers(),
            new: self.new.clone(),
            view_schema: builder.change.view_schema.as_deref(),
        };
        let view = self.view(builder)?;
        let added = |follower: &Follower, like: Option<&'a Column>| Added {
            follower: follower.clone(),
            not_null: like.is_some_and(|like| like.not_null),
            like,
        };
        let before = Mirror {
            builder,
            sync: sync.clone(),
            added: self.new.iter().map(|one| added(one, None)).collect(),
            view: view.as_ref(),
        };
        let like = |at: usize| self.old.get(at).map(|(column, _)| *column);
        let after = Mirror {
            builder,
            added: sync
                .old
                .iter()
                .enumerate()
                .map(|(at, one)| added(one, like(at)))
                .collect(),
            sync: sync.clone(),
            view: view.as_ref(),
        };
        let parity = before.parity()?;
        let mut parts = Vec::new();

        let (mut up, mut down) = Section::both();
        before.make(&mut up);
        before.unmake(&mut down);
        parts.push((
            Phase::Expand,
            format!("{words}: add {new}, in step with {old}"),
            up,
            down,
        ));
        let (mut up, mut down) = Section::both();
        before.fill(&mut up)?;
        before.unfill(&mut down);
        parts.push((
            Phase::Migrate,
            format!("{words}: fill {new} from {old}"),
            up,
            down,
        ));

        let mut indexes = Vec::new();
        for (column, _) in &self.old {
            for index in builder.indexes_on(&column.name) {
                if !indexes.contains(&index) {
                    indexes.push(index);
                }
            }
        }
        for index in indexes {
            let (mut up, mut down) = Section::both();
            drop_index(&mut up, table, index);
            make_index(&mut down, table, index);
            let message = format!("{words}: drop the index {}", identifier(&index.name));
            parts.push((Phase::Contract, message, up, down));
        }
        let (mut up, mut down) = Section::both();
        // What comes back from the new columns need not be kept.
        let lost: Vec<String> = sync
            .old
            .iter()
            .map(|one| {
                let from = format!("({})", one.from.as_deref().unwrap_or("NULL"));
                differ(&identifier(&one.name), &from, one)
            })
            .collect();
        let mut quarantine = after.quarantine()?;
        quarantine.only = Some(format!("({})", lost.join(" OR ")));
        quarantine.keep(&mut up);
        after.unmake(&mut up);
        self.undo(&mut down, &after, &quarantine)?;
        parts.push((Phase::Contract, format!("{words}: drop {old}"), up, down));
        let note = format!(
            "Values of {old} that {new} cannot give back are kept in {}; undoing the contract brings them back where {new} stayed as it was.",
            quarantine.name()
        );
        for (phase, message, up, down) in parts {
            builder.part(phase, message, up, down);
        }
        builder.parity(parity);
        builder.note(note);
        Ok(())
    }

    /// Makes the old columns again, from the new ones, and from what was kept where that still makes the new ones.
    fn undo(
        &self,
        section: &mut Section,
        after: &Mirror<'_, 'a>,
        quarantine: &super::quarantine::Quarantine,
    ) -> Result<(), ChangeError> {
        after.make(section);
        for (column, _) in &self.old {
            if let Some(default) = &column.default {
                section.push(format!(
                    "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {default}",
                    quarantine.table,
                    identifier(&column.name)
                ));
            }
        }
        let old: BTreeSet<&str> = self.old.iter().map(|(one, _)| one.name.as_str()).collect();
        let same: Vec<String> = self
            .new
            .iter()
            .map(|one| {
                let from = one.from.as_deref().unwrap_or("NULL");
                let kept =
                    columns::replace(from, &old, |name| format!("kept.{}", identifier(name)));
                let here = format!("here.{}", identifier(&one.name));
                format!("NOT ({})", differ(&here, &format!("({kept})"), one))
            })
            .collect();
        quarantine.restore_where(section, &same.join(" AND "));
        after.fill(section)?;
        section.check(&quarantine.table);
        quarantine.forget(section);
        Ok(())
    }

    fn check(&self, builder: &Builder<'_>) -> Result<(), ChangeError> {
        for (column, _) in &self.old {
            check(builder, column)?;
        }
        for one in &self.new {
            builder.free_column(&one.name)?;
        }
        Ok(())
    }
}

/// Whether another column can take the place of `column`, which goes.
///
/// # Errors
/// Where something stands on it that cannot go along, in words.
pub fn check(builder: &Builder<'_>, column: &Column) -> Result<(), ChangeError> {
    let own = column.name.as_str();
    let words = format!("{}.{}", builder.name.words(), identifier(own));
    let no = |why: String| Err(ChangeError(format!("{words} {why}")));
    if column.generated.is_some() || column.identity.is_some() {
        return no("is generated or an identity, which no version writes: add the new columns in a revision, and drop this one as a change of its own".into());
    }
    if builder.key()?.contains(&own) {
        return no("is part of the key by which rows are taken: name another unique key that is NOT NULL as the change's `key`".into());
    }
    if let Some(constraint) = builder.constraints_on(own).first() {
        return no(format!(
            "is in the constraint {}: drop that in a revision before, and make this change anew",
            identifier(&constraint.name)
        ));
    }
    let dependents = dependents(builder, Some(own));
    match dependents.is_empty() {
        true => Ok(()),
        false => no(format!(
            "is used by {}: change or drop what uses it in a revision before, and then make this change anew",
            named(&dependents)
        )),
    }
}
