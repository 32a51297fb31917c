//! Which of these changes may be open at the same time.

use super::*;
use cofferdam_engine::change::conflicts::{Verdict, between, is_open, matrix};

fn named(id: &str, kind: &str, fields: &[(&str, &str)]) -> Change {
    let mut change = change(kind, fields).expect("a change");
    change.id = ChangeId::new(id).expect("an id");
    change
}

/// What holds for two changes, `one` and `other`, in both directions, and what it is about.
fn verdict(one: &(&str, &[(&str, &str)]), other: &(&str, &[(&str, &str)])) -> (Verdict, String) {
    let (one, other) = (named("one", one.0, one.1), named("other", other.0, other.1));
    let found = between(&one, &other).expect("a verdict");
    let back = between(&other, &one).expect("a verdict");
    assert_eq!(found.verdict, back.verdict, "{}", found.reason);
    assert_eq!(found.objects.is_empty(), found.verdict == Verdict::Commute);
    (found.verdict, found.reason)
}

const RENAME_TIER: (&str, &[(&str, &str)]) =
    ("rename-column", &[("column", "tier"), ("to", "plan")]);
const RENAME_NOTE: (&str, &[(&str, &str)]) =
    ("rename-column", &[("column", "note"), ("to", "body")]);
const RETYPE_TIER: (&str, &[(&str, &str)]) = (
    "change-type",
    &[("column", "tier"), ("type", "varchar(20)")],
);
const RETYPE_ID: (&str, &[(&str, &str)]) =
    ("change-type", &[("column", "id"), ("type", "integer")]);
const REFER: (&str, &[(&str, &str)]) = (
    "add-foreign-key",
    &[
        ("columns", "author"),
        ("to", "people"),
        ("to_columns", "id"),
    ],
);

const GENERATE: (&str, &[(&str, &str)]) = (
    "add-generated",
    &[
        ("column", "loud"),
        ("type", "text"),
        ("expression", "upper(tier)"),
        ("stored", "yes"),
    ],
);

#[test]
fn what_has_nothing_in_common_commutes() {
    for (one, other) in [
        (GENERATE, ("drop-table", &[][..])),
        (
            GENERATE,
            (
                "move-column",
                &[("column", "remark"), ("to", "shipments")][..],
            ),
        ),
        (RENAME_TIER, RENAME_NOTE),
        (RETYPE_TIER, RENAME_NOTE),
        (RENAME_TIER, REFER),
        (RENAME_TIER, ("drop-table", &[][..])),
        (
            RENAME_NOTE,
            (
                "add-check",
                &[("name", "c"), ("condition", "tier <> ''")][..],
            ),
        ),
        (
            RENAME_TIER,
            ("add-column", &[("column", "more"), ("type", "text")][..]),
        ),
        (
            RENAME_NOTE,
            (
                "replace-index",
                &[("index", "reports_tier"), ("definition", "(tier, id)")][..],
            ),
        ),
        (
            RENAME_TIER,
            (
                "move-column",
                &[("column", "remark"), ("to", "shipments")][..],
            ),
        ),
    ] {
        let (verdict, reason) = verdict(&one, &other);
        assert_eq!(verdict, Verdict::Commute, "{one:?} {other:?}: {reason}");
    }
}

#[test]
fn what_works_with_the_same_waits() {
    for (one, other, object) in [
        (RENAME_TIER, RETYPE_TIER, "reports.tier"),
        // The second table is made like the first as it is now.
        (GENERATE, RENAME_NOTE, "changes reports,"),
        (GENERATE, REFER, "changes reports,"),
        (
            GENERATE,
            ("add-column", &[("column", "more"), ("type", "text")][..]),
            "changes reports,",
        ),
        // The key by which rows are taken.
        (RENAME_TIER, RETYPE_ID, "reports.id"),
        (
            RENAME_TIER,
            ("rename-table", &[("to", "papers")][..]),
            "reports",
        ),
        (
            RENAME_TIER,
            (
                "add-check",
                &[("name", "c"), ("condition", "tier <> ''")][..],
            ),
            "reports.tier",
        ),
        (
            RENAME_TIER,
            (
                "replace-index",
                &[("index", "reports_tier"), ("definition", "(tier, id)")][..],
            ),
            "reports.tier",
        ),
        (
            RENAME_NOTE,
            ("add-unique", &[("columns", "author, note")][..]),
            "reports.note",
        ),
    ] {
        let (verdict, reason) = verdict(&one, &other);
        assert!(
            verdict
                == Verdict::Waits {
                    first: None,
                    until: Phase::Contract
                },
            "{one:?} {other:?}: {reason}"
        );
        assert!(reason.contains(object), "{reason}");
    }
}

#[test]
fn what_cannot_both_be_made_excludes() {
    for (one, other, words) in [
        (
            RENAME_TIER,
            ("rename-column", &[("column", "tier"), ("to", "kind")][..]),
            "both take away reports.tier",
        ),
        (
            RENAME_TIER,
            ("rename-column", &[("column", "note"), ("to", "plan")][..]),
            "both make reports.plan",
        ),
        (
            RENAME_TIER,
            ("drop-column", &[("column", "tier"), ("fill", "''")][..]),
            "both take away reports.tier",
        ),
        (
            RETYPE_TIER,
            ("drop-column", &[("column", "tier"), ("fill", "''")][..]),
            "takes away",
        ),
        (("drop-table", &[][..]), REFER, "takes away people"),
        (
            ("drop-table", &[][..]),
            ("drop-table", &[][..]),
            "both take away people",
        ),
    ] {
        let (verdict, reason) = verdict(&one, &other);
        assert_eq!(verdict, Verdict::Exclude, "{one:?} {other:?}: {reason}");
        assert!(reason.contains(words), "{reason}");
    }
}

#[test]
fn a_key_that_is_referred_to_and_gets_another_type_waits() {
    let mut retyped = named(
        "wider",
        "change-type",
        &[("column", "id"), ("type", "numeric")],
    );
    retyped.table = TableName::read("orders").expect("a name");
    // With the primary key left to be found.
    let refer = named(
        "refer",
        "add-foreign-key",
        &[("columns", "author"), ("to", "orders")],
    );
    let found = between(&refer, &retyped).expect("a verdict");
    assert!(
        matches!(found.verdict, Verdict::Waits { .. }),
        "{}",
        found.reason
    );
    assert!(
        found.objects.contains(&"orders.id".to_owned()),
        "{:?}",
        found.objects
    );
}

#[test]
fn who_is_begun_is_waited_for() {
    let mut one = named("one", RENAME_TIER.0, RENAME_TIER.1);
    let other = named("other", RETYPE_TIER.0, RETYPE_TIER.1);
    one.written = vec![(Phase::Expand, RevisionId::new("abc").expect("an id"))];
    let all = matrix(&[other, one.clone()]).expect("a matrix");
    let [pair] = all.pairs.as_slice() else {
        panic!("one pair: {all:?}");
    };
    assert_eq!((pair.one.as_str(), pair.other.as_str()), ("one", "other"));
    assert_eq!(
        pair.verdict,
        Verdict::Waits {
            first: Some(one.id.clone()),
            until: Phase::Contract
        }
    );
    assert!(
        pair.reason.ends_with("begin other when the contract of one is applied, and make it anew then, as it starts from what that leaves."),
        "{}",
        pair.reason
    );
    assert_eq!(is_open(&one), Ok(true));
    for phase in [Phase::Migrate, Phase::Contract] {
        one.written
            .push((phase, RevisionId::new("abd").expect("an id")));
    }
    assert_eq!(is_open(&one), Ok(false));
}
