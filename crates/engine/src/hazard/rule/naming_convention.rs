//! Name outside the project's convention.

use super::{Find, Rule};
use super::{Hits, Look, range, word};
use crate::finding::Severity;
use squawk_syntax::ast::{AstNode, Constraint, Stmt};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "naming-convention",
    rows: &[93],
    severity: Severity::Note,
    title: "Name outside the project's convention",
    happens: "Names that follow one pattern can be found, and dropped, without looking them up.",
    applies: "Where cofferdam.toml states how names of indexes and constraints begin.",
    instead: "Give it the name that the convention asks for.",
    manual: "sql-syntax-lexical",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let prefixes = &look.options.prefixes;
    if prefixes.is_empty() {
        return;
    }
    let mut check = |kind: &str, given: Option<String>, place: std::ops::Range<usize>| {
        if let (Some(prefix), Some(given)) = (prefixes.get(kind), given)
            && !given.starts_with(prefix.as_str())
        {
            hits.add(
                place,
                format!("The project's names of this kind begin with {prefix}: {given} does not."),
            );
        }
    };
    match look.tree {
        Stmt::CreateIndex(create) => {
            let kind = if create.unique_token().is_some() {
                "uq"
            } else {
                "ix"
            };
            check(kind, word(create.index().as_ref()), look.head());
        }
        _ => {
            for constraint in look.nodes::<Constraint>() {
                let kind = match &constraint {
                    Constraint::CheckConstraint(_) => "ck",
                    Constraint::UniqueConstraint(_) => "uq",
                    Constraint::PrimaryKeyConstraint(_) => "pk",
                    Constraint::ForeignKeyConstraint(_) | Constraint::ReferencesConstraint(_) => {
                        "fk"
                    }
                    _ => continue,
                };
                let given = word(constraint.constraint_name().as_ref());
                check(kind, given, range(constraint.syntax()));
            }
        }
    }
}
