//! UPDATE or DELETE of a whole table at once.

use super::{Find, Rule, fix};
use super::{Hits, Look, name};
use crate::sql::Directive;
use crate::sql::green;
use squawk_syntax::ast::{AstNode, Stmt};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "unbatched-write",
    rows: &[62],
    in_downgrade: true,
    title: "UPDATE or DELETE of a whole table at once",
    happens: "Every row stays locked until the end, the old versions of all rows stay until a VACUUM, and replicas lag behind.",
    waits: "Whoever writes one of the rows waits.",
    applies: "For UPDATE and DELETE without a WHERE, or whose WHERE does not compare a column with constants; not for a table made in the same plan, nor with -- +backfill. Where statistics are given: for tables of more than 10,000 rows.",
    instead: "Write -- +backfill key=id above it: it then runs in batches by ranges of the key, each in a transaction of its own.",
    manual: "sql-update",
    find: Find::Own(find),
    fix: Some(fix::in_batches),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let (relation, condition) = match look.tree {
        Stmt::Update(update) => (update.relation_name(), update.where_clause_or_current_of()),
        Stmt::Delete(delete) => (delete.relation_name(), delete.where_clause_or_current_of()),
        _ => return,
    };
    let backfill = |directive: &Directive| matches!(directive, Directive::Backfill(_));
    let Some(table) = name(relation.as_ref()) else {
        return;
    };
    let known = look.options.statistics.of(&table);
    if look.is_new(&table)
        || look.is_revision && look.directives.iter().any(backfill)
        || known.is_some_and(|known| known.rows <= 10_000)
    {
        return;
    }
    let condition = condition.map(|condition| green::text(condition.syntax()));
    // A few rows by their key, or a limited list, are no backfill.
    let is_narrow = condition.is_some_and(|condition| {
        let lower = condition.to_ascii_lowercase();
        let lower = lower.replace("is null", "").replace("is not null", "");
        lower.contains('=') && !lower.contains("<>") && !lower.contains("!=")
            || lower.contains(" in (") && !lower.contains("select")
            || lower.contains(" between ")
            || lower.contains("limit ")
    });
    if !is_narrow {
        hits.here(look.head());
    }
}
