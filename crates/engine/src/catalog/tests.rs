use super::*;
use crate::config::Project;
use crate::run::Answer;

/// An answer of rows `kind id place definition`.
fn answer(rows: &[(&str, u32, u32, &str)]) -> Answer {
    let rows = rows.iter().map(|(kind, id, place, definition)| {
        vec![
            Some((*kind).to_owned()),
            Some(id.to_string()),
            Some(place.to_string()),
            Some((*definition).to_owned()),
        ]
    });
    Answer {
        rows: rows.collect(),
        ..Answer::default()
    }
}

fn users(columns: &[(&str, &str)]) -> Catalog {
    let mut rows = vec![(
        "table".to_owned(),
        7,
        0,
        r#"{"schema":"public","name":"users","owner":"ann"}"#.to_owned(),
    )];
    for (place, (name, more)) in columns.iter().enumerate() {
        let definition = format!(r#"{{"name":"{name}"{more}}}"#);
        rows.push(("column".to_owned(), 7, place as u32 + 1, definition));
    }
    let rows: Vec<_> = rows
        .iter()
        .map(|(kind, id, place, text)| (kind.as_str(), *id, *place, text.as_str()))
        .collect();
    read(15, &answer(&rows)).expect("a catalog")
}

fn sentences(before: &Catalog, after: &Catalog) -> Vec<String> {
    let found = diff(before, after).expect("one version");
    found.into_iter().map(|one| one.sentence).collect()
}

#[test]
fn a_changed_column_is_told_in_words() {
    let before = users(&[
        ("id", r#","type":"integer""#),
        (
            "email",
            r#","type":"character varying(50)","not_null":true"#,
        ),
    ]);
    let after = users(&[
        ("id", r#","type":"integer""#),
        ("email", r#","type":"text","default":"''::text""#),
    ]);
    assert_eq!(
        sentences(&before, &after),
        [
            "column users.email: default is new: ''::text",
            "column users.email: not null went away",
            "column users.email: type changed from character varying(50) to text",
        ]
    );
    assert_eq!(sentences(&before, &before), [""; 0]);
}

#[test]
fn what_came_and_went_is_told_with_its_definition() {
    let before = users(&[("id", r#","type":"integer""#)]);
    let after = users(&[
        ("id", r#","type":"integer""#),
        (
            "Email",
            r#","type":"text","not_null":true,"default":"''::text""#,
        ),
    ]);
    assert_eq!(
        sentences(&before, &after),
        ["column users.\"Email\" is new: text NOT NULL DEFAULT ''::text"]
    );
    assert_eq!(
        sentences(&Catalog::new(15, []), &before),
        ["table users is new: (id)"]
    );
    assert_eq!(
        sentences(&before, &Catalog::new(15, [])),
        ["table users is gone: (id)"]
    );
}

#[test]
fn the_order_of_columns_is_a_difference_of_the_table() {
    let (a, b) = (("a", r#","type":"integer""#), ("b", r#","type":"integer""#));
    let found = sentences(&users(&[a, b]), &users(&[b, a]));
    assert_eq!(
        found,
        ["table users: order of columns changed from a, b to b, a"]
    );
    // A column that came between the others puts none of them out of order.
    let c = ("c", r#","type":"integer""#);
    assert_eq!(sentences(&users(&[a, b]), &users(&[a, c, b])).len(), 1);
}

#[test]
fn the_lists_of_an_answer_are_sorted_whatever_its_order() {
    let rows = [
        (
            "index",
            7,
            0,
            r#"{"name":"b","definition":"CREATE INDEX b"}"#,
        ),
        ("column", 7, 2, r#"{"name":"y","type":"text"}"#),
        (
            "table",
            7,
            0,
            r#"{"schema":"s","name":"t","owner":"o","grants":["b=r/o","a=r/o"]}"#,
        ),
        (
            "index",
            7,
            0,
            r#"{"name":"A","definition":"CREATE INDEX A"}"#,
        ),
        ("column", 7, 1, r#"{"name":"z","type":"text"}"#),
        ("schema", 9, 0, r#"{"name":"s","owner":"o"}"#),
    ];
    let mut backwards = rows;
    backwards.reverse();
    let catalog = read(15, &answer(&rows)).expect("a catalog");
    assert_eq!(catalog, read(15, &answer(&backwards)).expect("a catalog"));
    let table = catalog.relation("s", "t").expect("the table");
    let names: Vec<&str> = table
        .indexes
        .iter()
        .map(|index| index.name.as_str())
        .collect();
    assert_eq!(names, ["A", "b"]);
    assert_eq!(table.columns[0].name, "z");
    let kinds: Vec<Kind> = catalog.objects().map(Object::kind).collect();
    assert_eq!(kinds, [Kind::Schema, Kind::Table]);
}

#[test]
fn owners_and_comments_are_layers_of_their_own() {
    let table = |owner: &str, comment: &str| {
        let text =
            format!(r#"{{"schema":"public","name":"t","owner":"{owner}","comment":"{comment}"}}"#);
        read(15, &answer(&[("table", 7, 0, &text)])).expect("a catalog")
    };
    let (one, other) = (table("ann", "x"), table("bob", "y"));
    let found = diff(&one, &other).expect("one version");
    let layers: Vec<Layer> = found.iter().map(|one| one.layer).collect();
    assert_eq!(layers, [Layer::Comment, Layer::Access]);
    assert_eq!(one.fingerprint().structure, other.fingerprint().structure);
    assert_ne!(one.fingerprint().whole, other.fingerprint().whole);
}

#[test]
fn major_versions_are_never_compared() {
    let (one, other) = (Catalog::new(15, []), Catalog::new(18, []));
    assert_ne!(one.fingerprint(), other.fingerprint());
    let told = diff(&one, &other).map_err(|error| error.to_string());
    assert!(
        told.as_ref().is_err_and(|told| told.starts_with(
            "a catalog of PostgreSQL 15 cannot be compared with one of PostgreSQL 18"
        )),
        "{told:?}"
    );
}

#[test]
fn a_step_answers_only_for_its_own_residue() {
    let column = |name: &'static str| (name, r#","type":"integer""#);
    let base = users(&[]);
    let first = users(&[column("a")]);
    let second = users(&[column("a"), column("b")]);
    // Undoing the second leaves b behind; undoing the first is right.
    let down = [second.clone(), users(&[column("b")])];
    let left = residues(&[base, first, second], &down).expect("one version");
    assert_eq!(left[0].len(), 1);
    assert_eq!(
        left[0][0].part.as_ref().map(|part| part.name.as_str()),
        Some("b")
    );
    assert_eq!(left[1], []);
}

#[test]
fn an_answer_that_is_none_is_an_error() {
    for rows in [
        [("table", 7, 0, "{")],
        [("frobnication", 7, 0, "{}")],
        [("table", 7, 0, r#"{"surprise":1}"#)],
    ] {
        assert!(matches!(
            read(15, &answer(&rows)),
            Err(CatalogError::Answer(_))
        ));
    }
    // A part without its table, as of the version table, is passed over.
    let part = [(
        "index",
        7,
        0,
        r#"{"name":"b","definition":"CREATE INDEX b"}"#,
    )];
    assert!(read(15, &answer(&part)).is_ok_and(|catalog| catalog.is_empty()));
}

#[test]
fn the_query_is_filled_for_every_version() {
    let project = Project {
        version_table: "it's".into(),
        version_table_schema: Some("ops".into()),
        ..Project::default()
    };
    for major in VERSIONS {
        let text = prepare(major, &project);
        for rest in [
            "{grants",
            "{version",
            "{relations",
            "{compression",
            "{named",
            "{multi",
            "{pub",
            "{coll",
            "{stat",
            "{ext",
        ] {
            assert!(!text.contains(rest), "{major}: {rest}");
        }
        assert!(text.contains("'it''s'"));
        assert_eq!(text.contains("attcompression"), major >= 14, "{major}");
        assert_eq!(
            text.contains("colliculocale"),
            (15..=16).contains(&major),
            "{major}"
        );
    }
}

#[test]
fn a_follower_asks_for_what_changed_only() {
    let row = |what: &str, text: &str| vec![Some(what.to_owned()), Some(text.to_owned())];
    let said = |rows: Vec<Vec<Option<String>>>| Answer {
        rows,
        ..Answer::default()
    };
    let table = |id: u32, name: &str| {
        let text = format!(r#"{{"schema":"public","name":"{name}","owner":"o"}}"#);
        answer(&[("table", id, 0, text.as_str())])
    };
    let mut follower = Follower::new(15);
    assert!(!follower.ask(&Touched::default()).contains("age"));
    let question = follower
        .hear(&said(vec![row("since", "700")]))
        .expect("an answer");
    assert!(question.ends_with("EXECUTE cofferdam_look"), "{question}");
    let mut both = table(1, "one");
    both.rows.extend(table(2, "two").rows);
    assert_eq!(follower.take(&both).expect("a catalog").len(), 2);

    let touched = Touched {
        oids: [2].into(),
        unseen: false,
    };
    let question = follower.ask(&touched);
    assert!(
        question.contains("age('700'::xid)") && question.contains("'{2}'"),
        "{question}"
    );
    let question = follower
        .hear(&said(vec![
            row("since", "705"),
            row("ids", "2 3"),
            row("present", "2 3"),
            row("wide", "false"),
        ]))
        .expect("an answer");
    assert!(
        question.ends_with("EXECUTE cofferdam_look_again ('{2,3}')"),
        "{question}"
    );
    let mut news = table(2, "deux");
    news.rows.extend(table(3, "three").rows);
    let catalog = follower.take(&news).expect("a catalog");
    let names: Vec<&str> = catalog.objects().map(|object| object.name().1).collect();
    assert_eq!(names, ["deux", "three"]);

    // A renamed schema, or a statement whose locks nobody saw: everything again.
    let question = follower
        .hear(&said(vec![
            row("since", "706"),
            row("ids", "2"),
            row("present", "2 3"),
            row("wide", "true"),
        ]))
        .expect("an answer");
    assert!(question.ends_with("EXECUTE cofferdam_look"), "{question}");
    let unseen = Touched {
        unseen: true,
        ..Touched::default()
    };
    assert!(!follower.ask(&unseen).contains("age"));
}

fn printed(nodes: &[tree::Node]) -> Vec<String> {
    tree::lines(nodes).lines().map(str::to_owned).collect()
}

#[test]
fn a_tree_has_objects_their_parts_and_their_properties() {
    let rows = [
        ("schema", 1, 0, r#"{"name":"Shop","owner":"ann"}"#),
        (
            "table",
            7,
            0,
            r#"{"schema":"Shop","name":"users","owner":"ann","comment":"who\nsigned up"}"#,
        ),
        (
            "column",
            7,
            1,
            r#"{"name":"id","type":"integer","not_null":true,"comment":"the key"}"#,
        ),
        (
            "constraint",
            7,
            0,
            r#"{"name":"users_pkey","type":"primary key","definition":"PRIMARY KEY (id)"}"#,
        ),
        (
            "function",
            9,
            0,
            r#"{"schema":"public","name":"now_utc()"}"#,
        ),
    ];
    let catalog = read(15, &answer(&rows)).expect("a catalog");
    assert_eq!(
        printed(&tree::tree(&catalog)),
        [
            "schema \"Shop\"",
            "  owner: ann",
            "table \"Shop\".users",
            "  columns",
            "    id  integer NOT NULL",
            "      comment: the key",
            "  constraints",
            "    users_pkey  PRIMARY KEY (id)",
            "  comment: who signed up",
            "  owner: ann",
            "function now_utc()",
        ]
    );
    assert_eq!(Catalog::from_json(catalog.to_json()), Ok(catalog));
}

#[test]
fn a_compared_tree_marks_what_differs_and_nothing_else() {
    let before = users(&[
        ("id", r#","type":"integer""#),
        ("name", r#","type":"text""#),
        ("email", r#","type":"text""#),
    ]);
    let after = users(&[
        ("id", r#","type":"bigint""#),
        ("email", r#","type":"text","comment":"checked""#),
        ("phone", r#","type":"text""#),
    ]);
    let compared = tree::compared(&before, &after).expect("one version");
    assert_eq!(
        printed(&compared),
        [
            "~ table users",
            "~   columns",
            "~     id  bigint  (was: integer)",
            "-     name  text",
            "~     email  text",
            "+       comment: checked",
            "+     phone  text",
            "    owner: ann",
        ]
    );
    let same = tree::compared(&after, &after).expect("one version");
    assert_eq!(same, tree::tree(&after));

    // The order of columns is told of the list.
    let turned = users(&[
        ("email", r#","type":"text","comment":"checked""#),
        ("id", r#","type":"bigint""#),
        ("phone", r#","type":"text""#),
    ]);
    let compared = tree::compared(&after, &turned).expect("one version");
    assert_eq!(
        printed(&compared)[1],
        "~   columns  email, id, phone  (was: id, email, phone)"
    );
}

/// Every place of a difference is marked, and every mark has a difference.
#[test]
fn a_compared_tree_and_a_difference_agree() {
    let tables = [
        users(&[("id", r#","type":"integer""#)]),
        users(&[("id", r#","type":"integer","comment":"key""#)]),
        users(&[("n", r#","type":"text""#), ("id", r#","type":"integer""#)]),
        users(&[("id", r#","type":"integer""#), ("n", r#","type":"text""#)]),
        Catalog {
            major: 15,
            ..Catalog::default()
        },
    ];
    for before in &tables {
        for after in &tables {
            let found = diff(before, after).expect("one version");
            let nodes = tree::compared(before, after).expect("one version");
            let marked: Vec<&tree::Node> = nodes.iter().filter(|it| it.mark.is_some()).collect();
            assert_eq!(found.is_empty(), marked.is_empty(), "{nodes:?}");
            for one in found {
                let object = marked.iter().find(|node| node.name == one.name);
                let object = object.expect("a marked object");
                let Some(part) = one.part else { continue };
                let parts = object.children.iter().flat_map(|list| &list.children);
                let mut parts = parts.filter(|it| (&it.kind, &it.name) == (&part.kind, &part.name));
                assert!(parts.next().expect("a part").mark.is_some());
            }
        }
    }
}
