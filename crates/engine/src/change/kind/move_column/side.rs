//! The two tables of a move, and the SQL between their rows.
//!
//! The rule: what a statement writes on one side is carried to the other. Where two rows find each other, as one of them is
//! inserted or gets another key, the side that has no value takes the other's; where both have one, the new side counts, but
//! for a value that is inserted into the old side: only the old version writes that.

use super::super::super::build::Builder;
use super::super::super::names::{ChangeId, TableName};
use super::super::super::section::Section;
use super::super::super::sync::{Follower, differ};
use super::super::super::trigger::{Fires, Trigger};
use crate::catalog::{Column, Relation};
use crate::sql::{LexemeKind, identifier, lexemes};

/// One table of the two.
#[derive(Clone, Debug)]
pub struct Side<'a> {
    pub name: &'a TableName,
    pub relation: &'a Relation,
    /// The columns by which its rows find the other's.
    pub key: Vec<String>,
    /// The column that is moved.
    pub value: Follower,
}

impl Side<'_> {
    /// The column for people.
    pub fn words(&self) -> String {
        format!("{}.{}", self.name.words(), identifier(&self.value.name))
    }

    /// The column of a row that is called `row`.
    fn of(&self, row: &str) -> String {
        format!("{row}.{}", identifier(&self.value.name))
    }

    /// The columns of its key, of a row.
    fn keys<'s>(&'s self, row: &'s str) -> impl Iterator<Item = String> + 's {
        let names = self.key.iter();
        names.map(move |name| format!("{row}.{}", identifier(name)))
    }
}

/// A condition: two rows belong together.
fn pair(one: &Side<'_>, row: &str, other: &Side<'_>, partner: &str) -> String {
    let same: Vec<String> = one
        .keys(row)
        .zip(other.keys(partner))
        .map(|(one, other)| format!("{other} = {one}"))
        .collect();
    same.join(" AND ")
}

/// A condition: a row, called `row`, has no partner.
pub fn is_alone(one: &Side<'_>, row: &str, other: &Side<'_>) -> String {
    format!(
        "NOT EXISTS (SELECT FROM {} AS there WHERE {})",
        other.name,
        pair(one, row, other, "there")
    )
}

/// Writes the rows of one side as they are, whose partners are empty: its trigger fills them. It takes its rows as every
/// other writer of that side does, and so never carries over what somebody changes meanwhile. The partner of a row is asked
/// for by a scalar subquery: PostgreSQL looks it up by its key, where a join would read the whole table for every batch.
pub fn touch(section: &mut Section, one: &Side<'_>, rows: &[String], other: &Side<'_>) {
    let statement = format!(
        "UPDATE {} AS here SET {} = {value} WHERE {value} IS NOT NULL AND (SELECT {} IS NULL FROM {} AS there WHERE {})",
        one.name,
        identifier(&one.value.name),
        other.of("there"),
        other.name,
        pair(one, "here", other, "there"),
        value = one.of("here"),
    );
    section.batches(rows, &statement);
    section.say("Once more, for what somebody held the first time.");
    section.batches(rows, &statement);
}

/// Whether an expression is the same at all times: it calls nothing, and is no word for a time or a person.
pub fn is_constant(text: &str) -> bool {
    let all: Vec<_> = lexemes(text)
        .into_iter()
        .filter(|lexeme| lexeme.kind != LexemeKind::Trivia)
        .collect();
    all.iter().enumerate().all(|(at, lexeme)| {
        let word = text[lexeme.range.clone()].to_ascii_lowercase();
        let next = all.get(at + 1).map(|next| &text[next.range.clone()]);
        let is_name = matches!(lexeme.kind, LexemeKind::Word | LexemeKind::Name);
        let is_call = is_name && next == Some("(");
        let changes = ["current_", "local", "session_user", "user"];
        !(is_call || is_name && changes.iter().any(|one| word.starts_with(one)))
    })
}

/// The move.
#[derive(Clone, Debug)]
pub struct Moved<'a> {
    pub id: &'a ChangeId,
    pub old: Side<'a>,
    pub new: Side<'a>,
    /// What stands on the old side where it is left out.
    pub fallback: Option<&'a str>,
}

impl Moved<'_> {
    /// A condition: two values are not the same.
    fn differ(&self, one: &str, other: &str) -> String {
        differ(one, other, &self.old.value)
    }

    /// A condition: the old side of a row holds no more than what is there when it is left out.
    fn is_left_out(&self, row: &str) -> String {
        let value = self.old.of(row);
        match self.fallback {
            None => format!("{value} IS NULL"),
            Some(fallback) => format!(
                "{value} IS NULL OR NOT ({})",
                self.differ(&value, &format!("({fallback})"))
            ),
        }
    }

    /// A condition over a row of the old side: the other side says something else, or has no place for its value.
    pub fn disagrees(&self, row: &str) -> String {
        let (old, new) = (&self.old, &self.new);
        format!(
            "(EXISTS (SELECT FROM {} AS there WHERE {} AND {}) OR NOT ({}) AND {})",
            new.name,
            pair(old, row, new, "there"),
            self.differ(&new.of("there"), &old.of(row)),
            self.is_left_out(row),
            is_alone(old, row, new),
        )
    }

    /// A condition over a row of the old side, by its table's name: its value is nowhere else.
    pub fn has_no_place(&self) -> String {
        let (old, new) = (&self.old, &self.new);
        let row = identifier(&old.name.name);
        format!(
            "{} IS NOT NULL AND (SELECT {} FROM {} AS there WHERE {}) IS NOT FALSE",
            old.of(&row),
            self.differ(&new.of("there"), &old.of(&row)),
            new.name,
            pair(old, &row, new, "there"),
        )
    }

    /// The trigger on the old side.
    pub fn on_old(&self) -> Trigger<'_> {
        let yields = format!("TG_OP = 'UPDATE' OR {}", self.is_left_out("NEW"));
        self.trigger(&self.old, &self.new, "", &yields)
    }

    /// The trigger on the new side.
    pub fn on_new(&self) -> Trigger<'_> {
        let yields = format!("{} IS NULL", self.new.of("NEW"));
        self.trigger(&self.new, &self.old, "t", &yields)
    }

    fn trigger<'t>(
        &'t self,
        one: &'t Side<'t>,
        other: &Side<'_>,
        what: &'static str,
        yields: &str,
    ) -> Trigger<'t> {
        let (own, there) = (one.of("NEW"), other.of("there"));
        let (name, far) = (identifier(&one.value.name), identifier(&other.value.name));
        let row = |row: &str| {
            let names: Vec<String> = one.keys(row).collect();
            format!("ROW({})", names.join(", "))
        };
        let partner = pair(one, "NEW", other, "there");
        let both = format!("{} AND {partner}", pair(one, "NEW", one, "here"));
        let (table, far_table) = (one.name, other.name);
        let body = format!(
            "DECLARE
    meets boolean := TG_OP = 'INSERT';
BEGIN
    IF NOT meets THEN
        meets := {old_key} IS DISTINCT FROM {new_key};
    END IF;
    IF meets THEN
        -- Whoever writes the partner meanwhile is waited for.
        PERFORM 1 FROM {far_table} AS there WHERE {partner} FOR NO KEY UPDATE;
        IF {yields} THEN
            UPDATE {table} AS here SET {name} = {there} FROM {far_table} AS there WHERE {both} AND {there} IS NOT NULL AND {here_differs};
        END IF;
        UPDATE {far_table} AS there SET {far} = {here} FROM {table} AS here WHERE {both} AND {there_differs};
    ELSIF {changed} THEN
        UPDATE {far_table} AS there SET {far} = {own} WHERE {partner} AND {differs};
    ELSIF {own} IS NOT NULL THEN
        -- Not filled yet. Whoever holds the partner is not waited for: it may be waiting for this row.
        PERFORM 1 FROM {far_table} AS there WHERE {partner} AND {there} IS NULL FOR NO KEY UPDATE SKIP LOCKED;
        IF FOUND THEN
            UPDATE {far_table} AS there SET {far} = {own} WHERE {partner};
        END IF;
    END IF;
    RETURN NULL;
END
",
            old_key = row("OLD"),
            new_key = row("NEW"),
            here = one.of("here"),
            here_differs = self.differ(&one.of("here"), &there),
            there_differs = self.differ(&there, &one.of("here")),
            changed = self.differ(&own, &one.of("OLD")),
            differs = self.differ(&there, &own),
        );
        Trigger {
            id: self.id,
            table: one.name,
            relation: one.relation,
            what,
            fires: Fires::AfterWrite,
            body,
            reason: "it keeps both tables in step for every version that writes",
        }
    }

    /// What the planner has to know.
    pub fn notes(&self, builder: &mut Builder<'_>, column: &Column) {
        let (old, new) = (self.old.words(), self.new.words());
        let (here, there) = (self.old.name.words(), self.new.name.words());
        builder.note(format!(
            "A value in a row of {here} that has no row of {there} has no place there: parity counts it, and the contract keeps it in quarantine. Let each such row have its row of {there} first."
        ));
        builder.note(format!(
            "Where a row of {here} or {there} gets another partner and both have a value, that of {new} counts. Deleting a row of {here} leaves the value in {there}."
        ));
        builder.note(
            "Where the old and the new version change the value of the same row at the same moment, PostgreSQL may end one of them as a deadlock, as it does with any two that write two tables in different orders: let them try again.",
        );
        if column.not_null {
            builder.note(format!(
                "{old} is NOT NULL: as long as it is there, the new version cannot set {new} to NULL. {new} itself may be NULL, as rows of {there} without a row of {here} have no value: make it required as a change of its own."
            ));
        }
    }
}
