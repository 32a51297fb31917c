//! View dropped.

use super::Look;
use super::{Find, Rule, Squawk};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "ban-drop-view",
    rows: &[81],
    title: "View dropped",
    happens: "Programs that read the view fail.",
    applies: "Not for a view made in the same plan; not where the same plan makes it again.",
    instead: "CREATE OR REPLACE VIEW, where its columns stay.",
    manual: "sql-dropview",
    word: "drop",
    find: Find::Squawk(Squawk::BanDropView, applies),
    ..Rule::BASE
};

fn applies(look: &Look<'_>) -> bool {
    // Dropped and made again in one transaction: nobody sees it gone.
    let mut reader = look.reader();
    reader.eat("drop");
    reader.eat("materialized");
    reader.eat("view");
    reader.eat_all(&["if", "exists"]);
    let name = reader.name().and_then(|name| super::name_of(&name));
    name.is_none_or(|name| !look.is_new(&name) && !look.made_again(&name))
}
