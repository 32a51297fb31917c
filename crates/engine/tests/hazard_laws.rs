//! Laws of judging: no text makes it panic, places lie in the text, fixes keep statements whole.
//!
//! `COFFERDAM_LAWS=100000 cargo test --release -p cofferdam-engine --test hazard_laws` tries as many texts.

use cofferdam_engine::hazard::{Frame, Judge, Options, apply};
use cofferdam_engine::sql;
use proptest::prelude::*;
use proptest::test_runner::Config;
use std::path::Path;

/// Every example of every rule, and pieces that have broken readers before.
fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data");
    let mut texts: Vec<String> = std::fs::read_dir(folder.join("hazards"))
        .expect("a folder")
        .flatten()
        .flat_map(|entry| {
            ["bad.sql", "good.sql"]
                .map(|file| std::fs::read_to_string(entry.path().join(file)).expect("an example"))
        })
        .collect();
    let broken = std::fs::read_to_string(folder.join("broken.sql")).expect("broken.sql");
    texts.extend(broken.split("\n----\n").map(str::to_owned));
    texts.sort();
    texts
}

/// A text made of pieces of the corpus: whole ones, cut ones, doubled ones, with odd signs between.
fn text() -> impl Strategy<Value = String> {
    let corpus = corpus();
    let count = corpus.len();
    let odd = prop_oneof![
        Just(""),
        Just(";"),
        Just("'"),
        Just("\""),
        Just("$$"),
        Just("/*"),
        Just("*/"),
        Just("--"),
        Just("("),
        Just(")"),
        Just("\0"),
        Just("\u{feff}"),
        Just("ü"),
        Just("\r\n"),
        Just("BEGIN;"),
        Just("COMMIT;"),
        Just("-- +commit\n"),
        Just("-- +backfill key=id\n"),
        Just("-- +allow ban-drop-table: x\n"),
        Just("-- squawk-ignore\n"),
        Just("CASCADE"),
        Just("CONCURRENTLY"),
        Just("NOT VALID"),
        Just("IF EXISTS"),
    ];
    let piece = (
        0..count,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        odd,
    );
    prop::collection::vec(piece, 1..6).prop_map(move |pieces| {
        let mut text = String::new();
        for (which, from, to, odd) in pieces {
            let whole = &corpus[which];
            let cuts: Vec<usize> = whole
                .char_indices()
                .map(|(at, _)| at)
                .chain([whole.len()])
                .collect();
            let (from, to) = (cuts[from.index(cuts.len())], cuts[to.index(cuts.len())]);
            text.push_str(&whole[from.min(to)..from.max(to)]);
            text.push_str(odd);
        }
        text
    })
}

fn cases() -> u32 {
    std::env::var("COFFERDAM_LAWS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(400)
}

proptest! {
    #![proptest_config(Config { cases: cases(), failure_persistence: None, ..Config::default() })]

    #[test]
    fn judging_and_fixing_never_panic_and_stay_in_the_text(text in text()) {
        let options = Options { all: true, ..Options::default() };
        for frame in [Frame::Plain, Frame::Upgrade, Frame::Downgrade] {
            let mut judge = Judge::new(&options);
            let mut hazards = judge.judge(&text, frame, Some("fix"));
            judge.allow_in_file(&text, &mut hazards);
            let again = {
                let mut judge = Judge::new(&options);
                let mut again = judge.judge(&text, frame, Some("fix"));
                judge.allow_in_file(&text, &mut again);
                again
            };
            prop_assert_eq!(&hazards, &again);
            for hazard in &hazards {
                prop_assert!(text.get(hazard.range.clone()).is_some(), "{:?}", hazard);
                if let Some(fix) = &hazard.fix {
                    let fixed = apply(&text, 0, fix);
                    prop_assert!(fixed != text, "{:?} changes nothing", fix);
                    // What is fixed is still read as statements that tile the text.
                    let split = sql::split(&fixed);
                    let end = split.statements.last().map_or(0, |last| last.range.end);
                    prop_assert_eq!(split.trailing, end..fixed.len());
                }
            }
        }
    }
}

#[test]
fn every_text_of_the_corpus_is_judged() {
    let options = Options {
        all: true,
        ..Options::default()
    };
    for text in corpus() {
        for frame in [Frame::Plain, Frame::Upgrade, Frame::Downgrade] {
            Judge::new(&options).judge(&text, frame, None);
        }
    }
}
