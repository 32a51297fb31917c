//! NOT VALID and VALIDATE in one transaction.

use super::{Find, Rule, fix};
use super::{Hits, Look, range, word};
use crate::finding::Severity;
use squawk_syntax::ast::{AlterTableAction, AstNode};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "not-valid-validated-in-transaction",
    rows: &[4],
    severity: Severity::Error,
    in_downgrade: true,
    title: "NOT VALID and VALIDATE in one transaction",
    happens: "The strong lock of ADD CONSTRAINT is held until the transaction ends, so that the table is read under it after all.",
    waits: "Everybody who uses the table waits as if NOT VALID were not there.",
    applies: "Where both stand between the same BEGIN and COMMIT, or in one revision without -- +commit between them.",
    instead: "Put -- +commit between them, or VALIDATE into a revision of its own.",
    manual: "sql-altertable",
    find: Find::Own(find),
    fix: Some(fix::commit_between),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Some((table, actions)) = look.alter() else {
        return;
    };
    for action in actions {
        let AlterTableAction::ValidateConstraint(validate) = action else {
            continue;
        };
        let name = word(validate.constraint_name_ref().as_ref());
        let mut added = look.transaction.not_valid.iter();
        if look.transaction.is_open
            && !look.is_new(table)
            && added.any(|(of, constraint)| of == table && Some(constraint) == name.as_ref())
        {
            hits.here(range(validate.syntax()));
        }
    }
}
