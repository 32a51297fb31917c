//! A schema for the new version: what is written for it, and what is refused.

use super::*;
use cofferdam_engine::change::conflicts::{Verdict, between};
use cofferdam_engine::change::queries::{Query, Version};
use cofferdam_engine::change::view_schema;

/// A change of a kind, with the schema `v42`.
fn versioned(kind: &str, fields: &[(&str, &str)]) -> Change {
    Change {
        view_schema: Some("v42".into()),
        ..change(kind, fields).expect("a change")
    }
}

/// The changes of these tests, those that may have a schema or those that may not.
fn changes(may: bool) -> impl Iterator<Item = Change> {
    let all = CHANGES.iter().map(|(kind, fields)| versioned(kind, fields));
    all.filter(move |change| change.kind.takes_view_schema() == may)
}

const RENAME: (&str, &[(&str, &str)]) = ("rename-column", &[("column", "tier"), ("to", "plan")]);

/// Statements without what stands in them for linting, and without the locks.
fn statements(text: &str) -> Vec<&str> {
    let lines = text.lines();
    let all = lines.filter(|line| {
        !line.starts_with("-- ") && !line.starts_with("SET LOCAL") && !line.starts_with("LOCK")
    });
    all.collect()
}

const GIVE: &str = "DO $cofferdam$
DECLARE
    owner name := (SELECT pg_catalog.pg_get_userbyid(relowner) FROM pg_catalog.pg_class WHERE oid = 'public.reports'::pg_catalog.regclass);
BEGIN
    IF owner <> current_user THEN
        EXECUTE pg_catalog.format('GRANT USAGE, CREATE ON SCHEMA %I TO %I', 'v42', owner);
        EXECUTE pg_catalog.format('ALTER VIEW %I.%I OWNER TO %I', 'v42', 'reports', owner);
    END IF;
END
$cofferdam$;";

const SHOW: &str = "CREATE VIEW v42.reports WITH (security_invoker = true) AS SELECT id, plan, note, author, seen_at FROM public.reports;
ALTER VIEW v42.reports ALTER COLUMN plan SET DEFAULT 'free'::text;";

const HIDE: &str = "DROP VIEW v42.reports;
DO $cofferdam$
BEGIN
    DROP SCHEMA v42;
EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN
    NULL;
END
$cofferdam$;";

#[test]
fn a_view_shows_the_new_version_its_own_from_expand_to_the_end_of_the_contract() {
    let change = versioned(RENAME.0, RENAME.1);
    let phases = phases(&change).expect("phases");
    let [expand, .., swap, _, drop] = phases.parts.as_slice() else {
        panic!("five parts or more");
    };
    let has = |text: &str, wanted: &str| {
        let text = statements(text).join("\n");
        assert!(text.contains(wanted), "{wanted}\n\n{text}");
    };
    let made = format!("CREATE SCHEMA IF NOT EXISTS v42;\n{SHOW}\n{GIVE}");
    has(&expand.upgrade, &made);
    has(&expand.downgrade, HIDE);
    // The function asks who inserts, where the new column is NULL.
    has(
        &expand.upgrade,
        "        IF NEW.plan IS NULL AND NOT 'v42' OPERATOR(pg_catalog.=) ANY (pg_catalog.current_schemas(false)) THEN
            NEW.plan := NEW.tier;
        ELSIF NEW.plan IS DISTINCT FROM NEW.tier THEN
            NEW.tier := NEW.plan;
        END IF;",
    );
    for text in [&swap.upgrade, &swap.downgrade] {
        let all = statements(text);
        assert_eq!(all.first(), Some(&"DROP VIEW v42.reports;"), "{text}");
        has(text, &format!("{SHOW}\n{GIVE}"));
    }
    has(&drop.upgrade, HIDE);
    has(&drop.downgrade, &made);
    // The view is locked before its table.
    for text in [&drop.upgrade, &expand.downgrade] {
        let at = |word: &str| text.find(word).expect("the statement");
        assert!(at("DROP VIEW") < at("DROP TRIGGER"), "{text}");
    }
    assert!(
        phases
            .notes
            .iter()
            .any(|note| note.contains("search_path=v42,public")),
        "{:?}",
        phases.notes
    );
}

#[test]
fn new_columns_stand_where_the_table_will_have_them() {
    for (kind, fields, columns) in [
        (
            "split-column",
            CHANGES
                .iter()
                .find(|(kind, _)| *kind == "split-column")
                .expect("a change")
                .1,
            "id, note, author, seen_at, first, last",
        ),
        (
            "merge-columns",
            CHANGES
                .iter()
                .find(|(kind, _)| *kind == "merge-columns")
                .expect("a change")
                .1,
            "id, tier, seen_at, line",
        ),
    ] {
        let expand = phases(&versioned(kind, fields))
            .expect("phases")
            .parts
            .remove(0);
        let wanted = format!("AS SELECT {columns} FROM public.reports;");
        assert!(expand.upgrade.contains(&wanted), "{}", expand.upgrade);
    }
}

#[test]
fn what_an_enum_becomes_has_the_default_of_the_time() {
    let (kind, fields) = CHANGES
        .iter()
        .find(|(kind, _)| *kind == "rename-enum-value")
        .expect("a change");
    let phases = phases(&versioned(kind, fields)).expect("phases");
    let sets = |text: &str, type_: &str| {
        let wanted =
            format!("ALTER VIEW v42.plans ALTER COLUMN plan SET DEFAULT 'paid'::public.{type_};");
        assert!(text.contains(&wanted), "{text}");
    };
    sets(&phases.parts[0].upgrade, "cofferdam_reports_change_t");
    sets(&phases.parts.last().expect("a part").downgrade, "level");
}

#[test]
fn whoever_may_use_the_table_may_use_schema_and_view() {
    let mut change = versioned(RENAME.0, RENAME.1);
    let items = ["postgres=arwd/postgres", "web=arw/postgres", "=r/postgres"];
    let objects = change.start.objects().cloned().map(|object| match object {
        Object::Table(mut table) if table.name == "reports" => {
            table.grants = Some(items.map(str::to_owned).into());
            table.columns[1].grants = Some(vec!["\"Of Plans\"=w/postgres".into()]);
            Object::Table(table)
        }
        other => other,
    });
    change.start = Catalog::new(15, objects.collect::<Vec<_>>());
    let expand = phases(&change).expect("phases").parts.remove(0).upgrade;
    let grants: Vec<&str> = expand
        .lines()
        .filter(|line| line.starts_with("GRANT") && line.contains("v42"))
        .collect();
    assert_eq!(
        grants,
        [
            "GRANT USAGE ON SCHEMA v42 TO \"Of Plans\";",
            "GRANT USAGE ON SCHEMA v42 TO PUBLIC;",
            "GRANT USAGE ON SCHEMA v42 TO web;",
            "GRANT SELECT, INSERT, UPDATE ON v42.reports TO web;",
            "GRANT SELECT ON v42.reports TO PUBLIC;",
            "GRANT UPDATE (plan) ON v42.reports TO \"Of Plans\";",
        ]
    );
    let wrong = found_in(&change);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn nothing_is_found_in_what_is_written_and_its_file_is_read() {
    let mut count = 0;
    for change in changes(true) {
        let wrong = found_in(&change);
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
        let text = change.write();
        assert!(text.contains("\nview_schema = \"v42\"\n"), "{text}");
        assert_eq!(Change::read(change.id.clone(), &text).as_ref(), Ok(&change));
        count += 1;
    }
    assert_eq!(count, 5);
}

#[test]
fn a_schema_that_would_bring_nothing_or_cannot_be_is_refused() {
    for change in changes(false) {
        let error = phases(&change).expect_err("refused").0;
        assert!(error.contains("would bring nothing"), "{error}");
    }
    let refused = |schema: &str, edit: &dyn Fn(&mut Relation), major: u32| {
        let mut change = versioned(RENAME.0, RENAME.1);
        change.view_schema = Some(schema.into());
        let objects = change.start.objects().cloned().map(|object| match object {
            Object::Table(mut table) if table.name == "reports" => {
                edit(&mut table);
                Object::Table(table)
            }
            other => other,
        });
        change.start = Catalog::new(major, objects.collect::<Vec<_>>());
        phases(&change).map(|_| ()).map_err(|error| error.0)
    };
    let same = |_: &mut Relation| {};
    for (schema, words) in [
        ("", "write 1 to 63 bytes"),
        (&"x".repeat(64), "write 1 to 63 bytes"),
        ("pg_new", "is a schema of PostgreSQL or Cofferdam itself"),
        (
            "cofferdam_quarantine",
            "is a schema of PostgreSQL or Cofferdam itself",
        ),
        (
            "public",
            "the old version has public in its search_path, too",
        ),
    ] {
        let error = refused(schema, &same, 15).expect_err("refused");
        assert!(error.contains(words), "{error}");
    }
    let secured = |table: &mut Relation| table.row_security = true;
    assert_eq!(refused("v42", &secured, 15), Ok(()));
    assert_eq!(refused("v42", &same, 14), Ok(()));
    let error = refused("v42", &secured, 14).expect_err("refused");
    assert!(error.contains("gets round before PostgreSQL 15"), "{error}");
    let counted = |table: &mut Relation| table.columns[1].identity = Some("by default".into());
    let error = refused("v42", &counted, 15).expect_err("refused");
    assert!(error.contains("reports.tier is an identity"), "{error}");
    assert_eq!(view_schema("\"V 42\""), Ok("V 42".into()));
    assert_eq!(view_schema("V42"), Ok("v42".into()));
    assert!(view_schema("v42, public").is_err());
}

#[test]
fn two_changes_of_a_table_need_two_schemas() {
    let named = |id: &str, column: &str, schema: Option<&str>| Change {
        id: ChangeId::new(id).expect("an id"),
        view_schema: schema.map(str::to_owned),
        ..versioned("rename-column", &[("column", column), ("to", "other")])
    };
    let one = named("one", "tier", Some("v42"));
    let other = Change {
        kind: Kind::fill(
            "rename-column",
            &BTreeMap::from([
                ("column".into(), "note".into()),
                ("to".into(), "body".into()),
            ]),
        )
        .expect("a kind"),
        ..named("two", "note", Some("v42"))
    };
    let found = between(&one, &other).expect("a verdict");
    assert_eq!(
        (found.verdict, found.objects),
        (Verdict::Exclude, vec!["v42.reports".to_owned()])
    );
    // The view names every column, so what changes one of them comes before or after.
    let plain = Change {
        view_schema: None,
        ..other
    };
    let found = between(&one, &plain).expect("a verdict");
    assert!(
        matches!(found.verdict, Verdict::Waits { .. }),
        "{}",
        found.reason
    );
}

#[test]
fn a_query_of_the_new_version_is_prepared_in_its_schema() {
    let query = |version| Query {
        version,
        sql: "SELECT plan FROM reports".into(),
    };
    let mut change = versioned(RENAME.0, RENAME.1);
    change.view_schema = Some("V 42".into());
    assert_eq!(query(Version::Old).setting(&change), None);
    assert_eq!(query(Version::Both).setting(&change), None);
    assert_eq!(
        query(Version::New).setting(&change).as_deref(),
        Some(
            "SELECT pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', '\"V 42\"', nullif(pg_catalog.current_setting('search_path'), '')), true);"
        )
    );
    change.view_schema = None;
    assert_eq!(query(Version::New).setting(&change), None);
}
