//! Rewrite of a large table.

use super::{Find, Rule};
use super::{Hits, Look};
use crate::sql::effect::WorkKind;

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "rewrite-needs-room",
    rows: &[33, 34],
    in_downgrade: true,
    title: "Rewrite of a large table",
    happens: "The table is written again beside the old one: that needs as much free disk, writes as much WAL, and makes replicas lag.",
    applies: "Where statistics are given, for a rewrite of a table of more than 1 GB.",
    instead: "Do it in batches on a new column or table.",
    manual: "wal-configuration",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    for work in look.facts().into_iter().flat_map(|facts| &facts.work) {
        let known = look.options.statistics.of(&work.table);
        if let Some(known) = known.filter(|known| known.bytes > 1 << 30)
            && work.kind == WorkKind::Rewrite
            && !look.is_new(&work.table)
        {
            let gigabytes = known.bytes >> 30;
            hits.add(
                look.head(),
                format!("{} takes {gigabytes} GB: writing it again needs as much free disk and WAL, and replicas lag behind meanwhile.", work.table),
            );
        }
    }
}
