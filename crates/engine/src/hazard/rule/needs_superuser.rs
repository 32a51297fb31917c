//! Needs a superuser.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::sql::reader::begins;
use squawk_syntax::ast::Stmt;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "needs-superuser",
    rows: &[113],
    title: "Needs a superuser",
    happens: "Only a superuser, or a role of its kind, may do this; the role that runs migrations seldom is one.",
    applies: "For CREATE ROLE, event triggers, tablespaces, subscriptions, languages, foreign data wrappers and SET session_replication_role.",
    instead: "Leave it to those who run the server.",
    manual: "role-attributes",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let needs = matches!(
        look.tree,
        Stmt::CreateRole(_)
            | Stmt::CreateUser(_)
            | Stmt::DropRole(_)
            | Stmt::CreateEventTrigger(_)
            | Stmt::CreateTablespace(_)
            | Stmt::CreateSubscription(_)
            | Stmt::CreateLanguage(_)
            | Stmt::CreateForeignDataWrapper(_)
            | Stmt::CreateAccessMethod(_)
    );
    let replica = begins(look.text(), &["set session_replication_role"]);
    if needs || replica {
        hits.here(look.head());
    }
}
