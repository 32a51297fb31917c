//! Every rule finds its `bad.sql` and leaves its `good.sql` alone.
//!
//! First lines `-- version: 14.2`, `-- statistics: {…}`, `-- prefixes: {…}` and `-- message: …` say what is known besides;
//! `-- next revision` ends what ran long ago, `-- next revision of the plan` a section of the same plan.

use cofferdam_engine::finding::Severity;
use cofferdam_engine::hazard::{Frame, Hazard, Judge, Options, RULES, UNION};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/hazards")
}

/// What a line of that name says.
fn said<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("-- {name}: ");
    text.lines().find_map(|line| line.strip_prefix(&start))
}

fn judge(text: &str) -> Vec<Hazard> {
    let mut options = Options {
        all: true,
        ..Options::default()
    };
    if let Some(version) = said(text, "version") {
        options.version = version.parse().expect("a version");
    }
    if let Some(statistics) = said(text, "statistics") {
        options.statistics = serde_json::from_str(statistics).expect("statistics");
    }
    if let Some(prefixes) = said(text, "prefixes") {
        options.prefixes = serde_json::from_str(prefixes).expect("prefixes");
    }
    let mut judge = Judge::new(&options);
    let text = match text.split_once("-- next revision\n") {
        Some((before, text)) => {
            judge.replay(before);
            text
        }
        None => text,
    };
    let mut hazards = Vec::new();
    for section in text.split("-- next revision of the plan\n") {
        hazards = judge.judge(section, Frame::Plain, said(text, "message"));
    }
    hazards
}

#[test]
fn every_rule_finds_its_bad_example_and_leaves_its_good_one() {
    let mut wrong = Vec::new();
    for rule in RULES {
        for (file, expected) in [("bad.sql", true), ("good.sql", false)] {
            let path = data().join(rule.code).join(file);
            let Ok(text) = std::fs::read_to_string(&path) else {
                wrong.push(format!("{} has no {file}", rule.code));
                continue;
            };
            let hazards = judge(&text);
            let found = hazards
                .iter()
                .any(|hazard| hazard.rule.code == rule.code && hazard.allowed.is_none());
            if found != expected {
                let codes: Vec<&str> = hazards.iter().map(|hazard| hazard.rule.code).collect();
                wrong.push(format!("{}/{file}: {codes:?}", rule.code));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn rules_and_examples_are_the_same_set_and_rules_are_in_order() {
    let codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
    assert!(codes.is_sorted(), "{codes:?}");
    let folders: BTreeSet<String> = std::fs::read_dir(data())
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let known: BTreeSet<String> = codes.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(folders, known);
    for rule in RULES {
        assert!(!rule.rows.is_empty(), "{}", rule.code);
        assert!(
            rule.rows
                .iter()
                .all(|row| (1..=UNION).contains(&usize::from(*row))),
            "{}",
            rule.code
        );
        for text in [
            rule.title,
            rule.happens,
            rule.applies,
            rule.instead,
            rule.manual,
        ] {
            assert!(!text.is_empty(), "{}", rule.code);
        }
    }
}

#[test]
fn what_is_safe_has_no_hazard_above_a_note() {
    let safe = "SET lock_timeout = '2s';\nCREATE TABLE public.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL);\nCREATE INDEX users_email_idx ON public.users (email);\nINSERT INTO public.users (email) VALUES ('a@b');\n";
    let options = Options::default();
    let found: Vec<_> = Judge::new(&options)
        .judge(safe, Frame::Plain, None)
        .into_iter()
        .filter(|hazard| hazard.severity > Severity::Note)
        .collect();
    assert_eq!(found, []);
}

/// The statements that are measured, of every kind.
const MEASURED: &str = include_str!("../../../tests/src/effects/cases.sql");

/// A rule is not looked for where its word is missing: that must never hide anything.
#[test]
fn words_that_a_text_has_besides_change_nothing() {
    let words: BTreeSet<&str> = RULES.iter().map(|rule| rule.word).collect();
    let words: Vec<&str> = words.into_iter().collect();
    // Some rules ask for one of several words, or for a long one.
    let comment = format!(
        "\n-- {} revoke owner owned reassign drop {}\n",
        words.join(" "),
        "x".repeat(64)
    );
    let mut texts: Vec<String> = cofferdam_engine::sql::split(MEASURED)
        .statements
        .into_iter()
        .map(|statement| MEASURED[statement.body].to_owned())
        .collect();
    for rule in RULES {
        for file in ["bad.sql", "good.sql"] {
            let path = data().join(rule.code).join(file);
            texts.push(std::fs::read_to_string(path).expect("an example"));
        }
    }
    let found = |text: &str| -> Vec<(&'static str, (usize, usize))> {
        let mut judge = Judge::new(&Options {
            all: true,
            ..Options::default()
        });
        let hazards = judge.judge(text, Frame::Plain, None).into_iter();
        hazards
            .map(|hazard| (hazard.rule.code, (hazard.range.start, hazard.range.end)))
            .collect()
    };
    for takes_away in [
        "ALTER TABLE t OWNER TO a;",
        "REVOKE ALL ON t FROM a;",
        "DROP OWNED BY a;",
        "REASSIGN OWNED BY a TO b;",
        "DROP USER a;",
        "ALTER GROUP g DROP USER a;",
        "ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM a;",
    ] {
        assert!(
            found(takes_away)
                .iter()
                .any(|(code, _)| *code == "ban-revoke"),
            "{takes_away}"
        );
    }
    for long in ["y".repeat(64), "İ".repeat(32)] {
        let text = format!("CREATE TABLE {long} (id bigint PRIMARY KEY);");
        assert!(
            found(&text)
                .iter()
                .any(|(code, _)| *code == "identifier-too-long"),
            "{text}"
        );
    }
    for later in [
        "SET x.lock_timeout = '1s'",
        "SET search_path = a; SELECT 1; SET lock_timeout = 1",
    ] {
        let text = format!("{later};\nALTER TABLE t ADD c int;");
        let codes = found(&text);
        let mut codes = codes.iter().map(|(code, _)| *code);
        let is_missed = later.contains("x.");
        assert_eq!(
            codes.any(|code| code == "require-lock-timeout"),
            is_missed,
            "{text}"
        );
    }
    let mut hidden = BTreeSet::new();
    for text in &texts {
        let without: BTreeSet<_> = found(text).into_iter().collect();
        let besides = found(&format!("{text}{comment}"));
        let more = besides.into_iter().filter(|one| !without.contains(one));
        hidden.extend(more.map(|(code, _)| (code, text.as_str())));
    }
    assert!(hidden.is_empty(), "{hidden:#?}");
    assert!(texts.len() > 700, "only {} texts", texts.len());
}

/// psql runs a plain file, and knows nothing of batches.
#[test]
fn batches_count_where_they_are_run() {
    let sql = "-- +backfill key=id\nUPDATE users SET name = lower(name);";
    let found = |frame| {
        let hazards = Judge::new(&Options::default()).judge(sql, frame, None);
        let mut codes = hazards.iter().map(|hazard| hazard.rule.code);
        codes.any(|code| code == "unbatched-write")
    };
    assert!(found(Frame::Plain));
    assert!(!found(Frame::Upgrade));
    assert!(!found(Frame::Downgrade));
}
