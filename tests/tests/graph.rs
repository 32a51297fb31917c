//! The real Alembic as oracle for the graph: random histories, random rows, random targets; the same answers, orders,
//! version-table writes and errors.
//!
//! A failure prints the seed of its history; `COFFERDAM_GRAPH_SEED=<seed> COFFERDAM_GRAPH_QUERIES=1` repeats it.
//! `COFFERDAM_GRAPH_QUERIES=100000 cargo test -p cofferdam-tests --test graph -- --nocapture` asks that many.

#[path = "graph/compare.rs"]
mod compare;
#[path = "graph/random.rs"]
mod random;

use cofferdam_engine::history::{History, HistoryError};
use cofferdam_tests::project;
use compare::Verdict;
use random::{Node, Question, Random};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

/// How many questions `cargo xtask test` asks.
const QUERIES: usize = 6_000;

/// How many questions are asked about one history.
const PER_HISTORY: usize = 40;

fn setting(name: &str, otherwise: usize) -> usize {
    match std::env::var(name) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => otherwise,
    }
}

/// A Python process that answers a line of JSON with a line of JSON.
struct Oracle {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Oracle {
    fn start() -> Self {
        let python = std::env::var("COFFERDAM_TEST_PYTHON").unwrap_or_else(|_| {
            let path = project::root().join("target/venv/bin/python");
            path.display().to_string()
        });
        let mut child = Command::new(python)
            .args(["-c", include_str!("graph/oracle.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python with Alembic: run `cargo xtask test`");
        let answers = BufReader::new(child.stdout.take().expect("its stdout"));
        Oracle { child, answers }
    }

    fn ask(&mut self, task: &Value) -> Value {
        let mut stdin = self.child.stdin.as_ref().expect("its stdin");
        writeln!(stdin, "{task}").expect("it listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).expect("JSON")
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

#[derive(Default)]
struct Counts {
    histories: usize,
    revisions: usize,
    refused: usize,
    same: BTreeMap<&'static str, usize>,
    same_errors: usize,
    apart: BTreeMap<&'static str, usize>,
}

impl Counts {
    fn say(&self) {
        let same: usize = self.same.values().sum();
        println!(
            "{} histories of {} revisions: {same} answers are Alembic's ({:?}), {} of them errors; {} histories are refused by both",
            self.histories, self.revisions, self.same, self.same_errors, self.refused
        );
        for (reason, count) in &self.apart {
            println!("{count:>8} differ: {reason}");
        }
    }
}

#[test]
fn targets_orders_and_writes_are_alembics() {
    let first = setting("COFFERDAM_GRAPH_SEED", 1) as u64;
    let queries = setting("COFFERDAM_GRAPH_QUERIES", QUERIES);
    let mut oracle = Oracle::start();
    let mut counts = Counts::default();
    let mut failures = Vec::new();
    for seed in first..first + queries.div_ceil(PER_HISTORY) as u64 {
        let mut random = Random::new(seed);
        let nodes = random.nodes();
        let questions: Vec<Question> = (0..PER_HISTORY).map(|_| random.question(&nodes)).collect();
        let answer = oracle.ask(&json!({
            "nodes": nodes.iter().map(Node::json).collect::<Vec<_>>(),
            "questions": questions.iter().map(Question::json).collect::<Vec<_>>(),
        }));
        let fail = |text: String| {
            format!(
                "COFFERDAM_GRAPH_SEED={seed}: {text}\n{}",
                random::text(&nodes)
            )
        };
        counts.histories += 1;
        counts.revisions += nodes.len();
        let history = History::new(nodes.iter().map(Node::script).collect());
        let history = match (history, answer.get("answers")) {
            (Ok(history), Some(_)) => history,
            (Err(_), None) => {
                counts.refused += 1;
                continue;
            }
            (Err(errors), _)
                if errors
                    .iter()
                    .any(|error| matches!(error, HistoryError::Cycle { .. })) =>
            {
                let reason = "a circle that Alembic does not see is an error";
                *counts.apart.entry(reason).or_default() += 1;
                continue;
            }
            (ours, _) => {
                failures.push(fail(format!("ours {:?}, theirs {answer}", ours.err())));
                continue;
            }
        };
        if let Err(difference) = compare::shape(&history, &answer["shape"]) {
            failures.push(fail(difference));
        }
        for (question, theirs) in questions
            .iter()
            .zip(answer["answers"].as_array().expect("answers"))
        {
            match compare::answer(&history, question, theirs) {
                Verdict::Same { error } => {
                    *counts.same.entry(question.kind).or_default() += 1;
                    counts.same_errors += usize::from(error);
                }
                Verdict::Apart(reason) => *counts.apart.entry(reason).or_default() += 1,
                Verdict::Different(difference) => {
                    failures.push(fail(format!("{question:?}\n{difference}")))
                }
            }
        }
    }
    counts.say();
    assert!(
        failures.is_empty(),
        "{} differences; the first:\n{}",
        failures.len(),
        failures[..failures.len().min(3)].join("\n\n")
    );
}
