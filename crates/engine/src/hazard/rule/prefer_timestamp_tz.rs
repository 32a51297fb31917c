//! timestamp without time zone.

use super::{Find, Rule, Squawk, fix};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "prefer-timestamp-tz",
    rows: &[85],
    title: "timestamp without time zone",
    happens: "A timestamp without time zone does not say which moment it is.",
    applies: "For timestamp and timestamp without time zone.",
    instead: "Use timestamptz.",
    manual: "datatype-datetime",
    word: "timestamp",
    find: Find::Squawk(Squawk::PreferTimestampTz, |_| true),
    fix: Some(fix::timestamptz),
    ..Rule::BASE
};
