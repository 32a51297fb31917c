//! Vector or spatial index built on a table with rows.

use super::{Find, Rule};
use super::{Hits, Look, range};
use crate::sql::green;
use squawk_syntax::ast::{AstNode, Stmt};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "vector-index-build",
    rows: &[115],
    title: "Vector or spatial index built on a table with rows",
    happens: "Building an ivfflat, hnsw or spatial index takes much longer than a B-tree of the same rows, and much memory.",
    waits: "INSERT, UPDATE and DELETE wait where it is not built CONCURRENTLY.",
    applies: "For ivfflat and hnsw (pgvector), spgist and gist on a table in use.",
    instead: "Build it CONCURRENTLY, with maintenance_work_mem set high; an ivfflat index only after the rows are there.",
    manual: "indexes-types",
    word: "index",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    if let Stmt::CreateIndex(create) = look.tree
        && let Some(method) = create.using_method()
        && look.is_felt()
    {
        let text = green::text(method.syntax()).to_ascii_lowercase();
        if ["ivfflat", "hnsw", "spgist", "gist"]
            .iter()
            .any(|slow| text.ends_with(slow))
        {
            hits.here(range(method.syntax()));
        }
    }
}
