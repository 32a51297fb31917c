//! CONCURRENTLY on PostgreSQL 14.0 to 14.3.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::finding::Severity;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "concurrent-index-corruption",
    rows: &[44],
    severity: Severity::Error,
    in_downgrade: true,
    title: "CONCURRENTLY on PostgreSQL 14.0 to 14.3",
    happens: "CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY of PostgreSQL 14.0 to 14.3 can leave rows out of the index.",
    applies: "Where the server's version is given with its minor number.",
    instead: "Update to 14.4 or later first.",
    manual: "release-14-4",
    word: "concurrently",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let version = look.options.version;
    let text = look.lower();
    if version.major == 14
        && version.minor.is_some_and(|minor| minor < 4)
        && text.contains("concurrently")
        && (text.starts_with("create") || text.starts_with("reindex"))
    {
        hits.here(look.head());
    }
}
