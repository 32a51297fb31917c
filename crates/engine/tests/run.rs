//! A run against a simulated database that can be made to die before and after every command.

mod simulation;

use cofferdam_engine::config::Config;
use cofferdam_engine::history::History;
use cofferdam_engine::plan::{self, Request, Sealed, StepAt};
use cofferdam_engine::revision::{Direction, RevisionId};
use cofferdam_engine::run::{InFlight, Outcome, Refusal, Report, Yield};
use cofferdam_engine::script;
use simulation::{Crash, Database, RANGES, drive};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

const FILES: [(&str, &str); 3] = [
    (
        "versions/a.sql",
        "-- First\n--\n-- Revision ID: aaa\n-- Revises:\n-- Create Date: 2025-01-01\n\n-- +upgrade\nCREATE TABLE users (id int);\nCREATE TABLE posts (id int);\n\n-- +downgrade\nDROP TABLE posts;\nDROP TABLE users;\n",
    ),
    (
        "versions/b.sql",
        "-- Second\n--\n-- Revision ID: bbb\n-- Revises: aaa\n-- Create Date: 2025-01-02\n\n-- +upgrade\nCREATE TABLE tags (id int);\nCREATE INDEX CONCURRENTLY ix_users ON users (id);\nCREATE TABLE marks (id int);\n-- +commit\nCREATE TABLE notes (id int);\nCREATE INDEX CONCURRENTLY ix_posts ON posts (id);\n\n-- +downgrade\nDROP INDEX CONCURRENTLY ix_posts;\nDROP TABLE notes;\nDROP TABLE marks;\nDROP INDEX CONCURRENTLY ix_users;\nDROP TABLE tags;\n",
    ),
    (
        "versions/c.sql",
        "-- Third\n--\n-- Revision ID: ccc\n-- Revises: bbb\n-- Create Date: 2025-01-03\n\n-- +upgrade\nVACUUM;\nCREATE TABLE last (id int);\n-- +backfill key=id batch=10\nUPDATE users SET name = '' WHERE name IS NULL;\n\n-- +downgrade\nDROP TABLE last;\n",
    ),
];

static HISTORY: LazyLock<History> = LazyLock::new(|| {
    let scripts = FILES
        .iter()
        .map(|(path, text)| {
            script::read(path, text.as_bytes())
                .script
                .expect("the file is a revision")
        })
        .collect();
    History::new(scripts).expect("the history holds")
});

fn ids(ids: &[&str]) -> Vec<RevisionId> {
    ids.iter()
        .map(|id| RevisionId::new(*id).expect("an id"))
        .collect()
}

/// The plan, made once for each question.
fn sealed(kind: plan::Kind, current: &[RevisionId], target: &str) -> Sealed {
    type Plans = BTreeMap<(&'static str, Vec<RevisionId>, String), Sealed>;
    static PLANS: Mutex<Plans> = Mutex::new(Plans::new());
    let question = (kind.as_str(), current.to_vec(), target.to_owned());
    let mut plans = PLANS.lock().expect("plans");
    let plan = plans.entry(question);
    plan.or_insert_with(|| planned(kind, current, target))
        .clone()
}

fn planned(kind: plan::Kind, current: &[RevisionId], target: &str) -> Sealed {
    let config = Config::default();
    let request = Request {
        history: &HISTORY,
        config: &config,
        environment: None,
        current,
    };
    Sealed::new(
        match kind {
            plan::Kind::Upgrade => plan::upgrade(request, target),
            plan::Kind::Downgrade => plan::downgrade(request, target),
            plan::Kind::Stamp => plan::stamp(request, target),
            plan::Kind::Undo => plan::undo(
                request,
                &RevisionId::new(target).expect("an id"),
                Direction::Upgrade,
            ),
        }
        .expect("a plan"),
    )
}

/// The catalog after an undisturbed upgrade.
fn whole() -> Database {
    let mut database = Database::default();
    let plan = sealed(plan::Kind::Upgrade, &[], "head");
    assert_eq!(
        drive(&mut database, &plan, "whole", None, None),
        Some(Outcome::Done)
    );
    database
}

#[test]
fn an_upgrade_and_a_downgrade_leave_what_they_should() {
    let mut database = whole();
    assert_eq!(database.versions(), ["ccc"]);
    assert_eq!(
        database.objects(),
        [
            "ix_posts", "ix_users", "last", "marks", "notes", "posts", "tags", "users"
        ]
    );
    assert_eq!(database.half_applied(), None);
    assert_eq!(database.filled(), (1..=RANGES).collect::<Vec<_>>());
    let done = database.reports.iter().filter_map(|report| match report {
        Report::Batch {
            batches,
            rows,
            done,
            ..
        } => Some((*batches, *rows, *done)),
        _ => None,
    });
    assert_eq!(
        done.collect::<Vec<_>>(),
        (1..=RANGES)
            .map(|n| (n, 10 * n, Some(0.5)))
            .collect::<Vec<_>>()
    );
    assert!(!database.has_cursor());
    let down = sealed(plan::Kind::Downgrade, &ids(&["ccc"]), "base");
    assert_eq!(
        drive(&mut database, &down, "down", None, None),
        Some(Outcome::Done)
    );
    assert!(database.objects().is_empty());
    assert!(database.versions().is_empty());
}

/// Runs `kind` from `start` with a crash at every command, before and after it takes effect, and
/// finishes it with a second run; the end is the same as without.
fn crash_everywhere(start: &Database, kind: plan::Kind, target: &str, expected: &Database) {
    let mut crashes = 0;
    for command in 0.. {
        let mut ended = false;
        for crash in [
            Crash::Before(command),
            Crash::Midway(command),
            Crash::After(command),
        ] {
            let mut database = start.clone();
            let current = ids(&database
                .versions()
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>());
            let plan = sealed(kind, &current, target);
            if drive(&mut database, &plan, "first", Some(crash), None).is_some() {
                ended = true;
                continue;
            }
            crashes += 1;
            database.disconnect();
            let current = ids(&database
                .versions()
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>());
            let plan = sealed(kind, &current, target);
            let outcome = drive(&mut database, &plan, "second", None, None);
            assert_eq!(outcome, Some(Outcome::Done), "after {crash:?}");
            assert_eq!(database.objects(), expected.objects(), "after {crash:?}");
            assert_eq!(database.versions(), expected.versions(), "after {crash:?}");
            assert_eq!(database.half_applied(), None, "after {crash:?}");
            assert_eq!(database.filled(), expected.filled(), "after {crash:?}");
            assert!(!database.has_cursor(), "after {crash:?}");
        }
        if ended {
            break;
        }
    }
    assert!(crashes > 100, "only {crashes} crashes were tried");
}

#[test]
fn an_upgrade_that_dies_at_any_command_is_resumed_to_the_same_end() {
    crash_everywhere(&Database::default(), plan::Kind::Upgrade, "head", &whole());
}

#[test]
fn a_downgrade_that_dies_at_any_command_is_resumed_to_the_same_end() {
    let mut bare = whole();
    let down = sealed(plan::Kind::Downgrade, &ids(&["ccc"]), "base");
    assert_eq!(
        drive(&mut bare, &down, "down", None, None),
        Some(Outcome::Done)
    );
    crash_everywhere(&whole(), plan::Kind::Downgrade, "base", &bare);
}

#[test]
fn a_half_applied_upgrade_is_undone_at_any_point() {
    undone_anywhere("aaa", "bbb");
    undone_anywhere("bbb", "ccc");
}

/// Undoes `revision`, which comes after `before`, wherever it stopped.
fn undone_anywhere(before: &str, revision: &str) {
    let base = {
        let mut database = Database::default();
        let plan = sealed(plan::Kind::Upgrade, &[], before);
        assert_eq!(
            drive(&mut database, &plan, "a", None, None),
            Some(Outcome::Done)
        );
        database
    };
    let mut undone = 0;
    for command in 0.. {
        let mut database = base.clone();
        let plan = sealed(plan::Kind::Upgrade, &ids(&[before]), revision);
        if drive(
            &mut database,
            &plan,
            "up",
            Some(Crash::Midway(command)),
            None,
        )
        .is_some()
        {
            break;
        }
        database.disconnect();
        if database.half_applied().is_none() {
            continue;
        }
        let undo = sealed(plan::Kind::Undo, &ids(&[before]), revision);
        // The undo dies once, too, and is run again.
        let crash = Some(Crash::After(30));
        if drive(&mut database, &undo, "undo", crash, None).is_none() {
            database.disconnect();
            assert_eq!(
                drive(&mut database, &undo, "again", None, None),
                Some(Outcome::Done)
            );
        }
        assert_eq!(
            database.objects(),
            base.objects(),
            "after command {command}"
        );
        assert_eq!(database.versions(), base.versions());
        assert_eq!(database.half_applied(), None);
        assert!(!database.has_cursor());
        undone += 1;
    }
    assert!(undone > 10, "only {undone} half-applied states were met");
}

#[test]
fn a_failing_statement_rolls_its_transaction_back() {
    let mut database = Database::default();
    database.fail_on("CREATE TABLE posts (id int);");
    let plan = sealed(plan::Kind::Upgrade, &[], "head");
    let outcome = drive(&mut database, &plan, "r", None, None);
    let Some(Outcome::Failed {
        at: Some(at),
        half_applied: false,
        ..
    }) = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!((at.revision, at.segment, at.step), (0, 0, 1));
    assert!(database.objects().is_empty());
    assert!(!database.is_locked());
}

#[test]
fn a_failing_concurrent_index_is_removed_and_the_revision_shows_as_half_applied() {
    let mut database = Database::default();
    database.fail_on("CREATE INDEX CONCURRENTLY ix_posts ON posts (id);");
    let plan = sealed(plan::Kind::Upgrade, &[], "head");
    let outcome = drive(&mut database, &plan, "r", None, None);
    assert!(
        matches!(
            outcome,
            Some(Outcome::Failed {
                half_applied: true,
                ..
            })
        ),
        "{outcome:?}"
    );
    assert!(
        !database.objects().contains(&"ix_posts".to_owned()),
        "the invalid index is gone"
    );
    assert_eq!(database.half_applied(), Some(("bbb".into(), 4, false)));
    assert_eq!(database.versions(), ["aaa"]);
    // Anything but its resumption or undo is refused.
    for (kind, target) in [(plan::Kind::Stamp, "head"), (plan::Kind::Downgrade, "base")] {
        let other = sealed(kind, &ids(&["aaa"]), target);
        let outcome = drive(&mut database, &other, "other", None, None);
        assert!(
            matches!(
                outcome,
                Some(Outcome::Refused {
                    refusal: Refusal::HalfApplied { .. }
                })
            ),
            "{outcome:?}"
        );
    }
}

/// The pauses that were reported, in milliseconds.
fn pauses(database: &Database) -> Vec<u64> {
    let pause = |report: &Report| match report {
        Report::Retrying { wait_ms, .. } => Some(*wait_ms),
        _ => None,
    };
    database.reports.iter().filter_map(pause).collect()
}

/// What cannot have a lock at first, in every kind of segment, and where something is only written down.
fn busy() -> Database {
    let mut database = Database::default();
    for sql in [
        "LOCK TABLE",
        "CREATE TABLE posts",
        "CREATE INDEX CONCURRENTLY ix_users",
        "DROP INDEX CONCURRENTLY IF EXISTS ix_users",
        "VACUUM",
        "CREATE TABLE IF NOT EXISTS cofferdam.backfill_",
        "WITH RECURSIVE cofferdam_last",
        "UPDATE users",
        "DROP TABLE cofferdam.backfill_",
        "INSERT INTO cofferdam.half_applied",
        "INSERT INTO cofferdam.journal",
    ] {
        database.be_busy(sql, 2, "55P03");
    }
    database.be_busy("COMMIT", 1, "40P01");
    database
}

#[test]
fn what_cannot_have_a_lock_is_rolled_back_and_tried_again() {
    let mut database = busy();
    let plan = sealed(plan::Kind::Upgrade, &[], "head");
    let outcome = drive(&mut database, &plan, "r", None, None);
    assert_eq!(outcome, Some(Outcome::Done));
    assert_eq!(database.objects(), whole().objects());
    assert_eq!(database.versions(), whole().versions());
    assert_eq!(database.filled(), whole().filled());
    // 23 refusals; that of the index and of removing its rest have one pause together.
    assert_eq!(pauses(&database).len(), 22);
    let started = |at| {
        let starts = database.reports.iter();
        let start =
            |report: &&Report| matches!(report, Report::StepStarted { at: begun } if *begun == at);
        starts.filter(start).count()
    };
    let at = |revision, segment, step| StepAt {
        revision,
        segment,
        step,
    };
    // The statement before it is run again with it; another revision's is not.
    assert!(started(at(0, 0, 0)) > 2 && started(at(0, 0, 1)) > 2);
    assert_eq!(started(at(1, 2, 0)), 1);
    let done = database.reports.iter().filter_map(|report| match report {
        Report::StepDone { at, affected, .. } if (at.revision, at.segment) == (2, 2) => *affected,
        _ => None,
    });
    assert_eq!(done.collect::<Vec<_>>(), [10 * RANGES]);
}

#[test]
fn what_is_tried_again_may_die_at_any_command() {
    crash_everywhere(&busy(), plan::Kind::Upgrade, "head", &whole());
}

#[test]
fn a_run_that_is_tried_again_can_be_cancelled_at_any_command() {
    cancelled_anywhere(&busy());
}

#[test]
fn tries_are_bounded_and_their_pauses_grow() {
    for (tries, pauses_of) in [(None, 9), (Some(1), 0), (Some(3), 2)] {
        let mut config = Config::default();
        let environment = cofferdam_engine::config::Environment {
            lock_tries: tries,
            ..Default::default()
        };
        config.environments.insert("here".into(), environment);
        let request = Request {
            history: &HISTORY,
            config: &config,
            environment: Some("here"),
            current: &[],
        };
        let plan = Sealed::new(plan::upgrade(request, "head").expect("a plan"));
        for (sql, at_segment) in [
            ("CREATE TABLE posts", (0, 0)),
            ("CREATE INDEX CONCURRENTLY ix_users", (1, 1)),
        ] {
            let mut database = Database::default();
            database.be_busy(sql, 100, "55P03");
            let outcome = drive(&mut database, &plan, "r", None, None);
            let Some(Outcome::Failed {
                at: Some(at),
                error,
                half_applied,
                ..
            }) = outcome
            else {
                panic!("{outcome:?}");
            };
            assert_eq!((at.revision, at.segment), at_segment);
            assert_eq!(half_applied, at_segment.1 > 0);
            let pauses = pauses(&database);
            assert_eq!(pauses.len(), pauses_of, "{tries:?}");
            for (n, pause) in pauses.iter().enumerate() {
                let least = (100 << n).min(5000);
                assert!((least..=2 * least).contains(pause), "{pauses:?}");
            }
            let hint = error.hint.unwrap_or_default();
            let told = format!("it was tried {} times", pauses_of + 1);
            assert_eq!(hint.contains(&told), pauses_of > 0, "{hint}");
            assert!(!database.is_locked() && !database.in_transaction());
            assert!(!database.objects().contains(&"ix_users".to_owned()));
        }
    }
}

#[test]
fn a_run_waits_for_a_person_between_any_two_parts_and_goes_on() {
    let paused = |database: &Database| {
        let reports = database.reports.iter();
        let told = |report: &&Report| matches!(report, Report::Paused | Report::Resumed);
        reports.filter(told).cloned().collect::<Vec<_>>()
    };
    let plan = sealed(plan::Kind::Upgrade, &[], "head");
    let (mut waited, mut commands) = (0, 0);
    for command in 0.. {
        let mut database = Database::default();
        let pause = Some(Crash::Pause(command));
        assert_eq!(
            drive(&mut database, &plan, "r", pause, None),
            Some(Outcome::Done)
        );
        assert_eq!(database.objects(), whole().objects());
        assert_eq!(database.filled(), whole().filled());
        match paused(&database).as_slice() {
            [] => {}
            [Report::Paused, Report::Resumed] => waited += 1,
            other => panic!("{other:?}"),
        }
        if command > 200 {
            break;
        }
        let mut database = Database::default();
        let cancel = Some(Crash::PauseAndCancel(command));
        match drive(&mut database, &plan, "r", cancel, None) {
            Some(Outcome::Done) => continue,
            Some(Outcome::Cancelled { .. }) => assert_eq!(paused(&database), [Report::Paused]),
            other => panic!("{other:?}"),
        }
        assert!(!database.is_locked() && !database.in_transaction());
        let mut database = Database::default();
        let die = Some(Crash::PauseAndDie(command));
        assert_eq!(drive(&mut database, &plan, "r", die, None), None);
        database.disconnect();
        let rows: Vec<_> = database.versions();
        let current = ids(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let plan = sealed(plan::Kind::Upgrade, &current, "head");
        assert_eq!(
            drive(&mut database, &plan, "s", None, None),
            Some(Outcome::Done)
        );
        assert_eq!(database.objects(), whole().objects());
        assert_eq!(database.filled(), whole().filled());
        commands += 1;
    }
    assert!(waited > 80 && commands > 80, "{waited} {commands}");
}

#[test]
fn the_pace_of_batches_does_not_count_the_time_that_a_person_let_them_wait() {
    let plan = sealed(plan::Kind::Upgrade, &[], "head");
    let slowest = |crash: Option<Crash>| {
        let mut database = Database::default();
        let outcome = drive(&mut database, &plan, "r", crash, None);
        assert_eq!(outcome, Some(Outcome::Done));
        let paces = database.reports.iter().filter_map(|report| match report {
            Report::Batch {
                rows_per_second, ..
            } => *rows_per_second,
            _ => None,
        });
        paces.reduce(f64::min).expect("batches")
    };
    let without = slowest(None);
    for command in (0..200).step_by(4) {
        let with = slowest(Some(Crash::Pause(command)));
        assert!(with >= without / 2.0, "{command}: {with} of {without}");
    }
}

#[test]
fn batches_give_way_to_those_who_wait_and_to_replicas_that_lag() {
    let mut database = Database::default();
    database.crowd = vec![
        (0, Some(12_000)),
        (0, Some(11_000)),
        (2, Some(9_000)),
        (1, None),
    ];
    let plan = sealed(plan::Kind::Upgrade, &[], "head");
    let outcome = drive(&mut database, &plan, "r", None, None);
    assert_eq!(outcome, Some(Outcome::Done));
    assert_eq!(database.filled(), whole().filled());
    let told = database.reports.iter().filter_map(|report| match report {
        Report::Yielding {
            reason, wait_ms, ..
        } => Some((*reason, *wait_ms)),
        _ => None,
    });
    let lag = |lag_ms| Yield::ReplicaLag {
        lag_ms,
        limit_ms: 10_000,
    };
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (lag(12_000), 101),
            (lag(11_000), 201),
            (Yield::Waiting { sessions: 2 }, 401)
        ]
    );
    let unknown = database.reports.iter();
    let unknown = unknown.filter(|report| matches!(report, Report::ReplicaLagUnknown));
    assert_eq!(unknown.count(), 1);
}

#[test]
fn other_errors_are_not_tried_again() {
    let mut database = Database::default();
    database.be_busy("CREATE TABLE posts", 1, "42501");
    let plan = sealed(plan::Kind::Upgrade, &[], "head");
    let outcome = drive(&mut database, &plan, "r", None, None);
    assert!(matches!(outcome, Some(Outcome::Failed { .. })));
    assert!(pauses(&database).is_empty());
}

#[test]
fn a_database_that_moved_is_refused() {
    let mut database = whole();
    let plan = sealed(plan::Kind::Upgrade, &[], "head");
    let outcome = drive(&mut database, &plan, "r", None, None);
    assert_eq!(
        outcome,
        Some(Outcome::Refused {
            refusal: Refusal::Moved {
                expected: vec![],
                found: ids(&["ccc"])
            }
        })
    );
}

#[test]
fn a_second_run_is_told_who_holds_the_lock() {
    let mut database = Database::default();
    database.lock_elsewhere("process 42");
    let plan = sealed(plan::Kind::Upgrade, &[], "head");
    let outcome = drive(&mut database, &plan, "r", None, None);
    assert_eq!(
        outcome,
        Some(Outcome::Refused {
            refusal: Refusal::Locked {
                holder: Some("process 42".into())
            }
        })
    );
    assert!(database.objects().is_empty());
}

#[test]
fn a_cancelled_run_leaves_no_transaction_open_and_can_be_resumed() {
    cancelled_anywhere(&Database::default());
}

/// Cancels an upgrade of `start` at any command, and runs it again.
fn cancelled_anywhere(start: &Database) {
    for command in 0.. {
        let mut database = start.clone();
        let plan = sealed(plan::Kind::Upgrade, &[], "head");
        let outcome = drive(
            &mut database,
            &plan,
            "r",
            Some(Crash::Cancel(command)),
            None,
        );
        match outcome {
            Some(Outcome::Done) => break,
            Some(Outcome::Cancelled { .. }) => {}
            other => panic!("cancelled at command {command}: {other:?}"),
        }
        assert!(!database.is_locked() && !database.in_transaction());
        let current = ids(&database
            .versions()
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>());
        let plan = sealed(plan::Kind::Upgrade, &current, "head");
        assert_eq!(
            drive(&mut database, &plan, "s", None, None),
            Some(Outcome::Done)
        );
        assert_eq!(database.objects(), whole().objects());
        assert_eq!(database.filled(), whole().filled());
    }
}

#[test]
fn what_nobody_can_know_is_asked_of_a_person() {
    let text = "-- Do\n--\n-- Revision ID: ddd\n-- Revises:\n\n-- +upgrade\n-- +no-transaction\nCALL rebuild();\n\n-- +downgrade\n-- +no-transaction\nCALL unbuild();\n";
    let script = script::read("versions/d.sql", text.as_bytes())
        .script
        .expect("a revision");
    let history = History::new(vec![script]).expect("a history");
    let config = Config::default();
    let request = Request {
        history: &history,
        config: &config,
        environment: None,
        current: &[],
    };
    let plan = Sealed::new(plan::upgrade(request, "head").expect("a plan"));
    let mut asked = 0;
    for command in 0.. {
        let mut database = Database::default();
        if drive(&mut database, &plan, "r", Some(Crash::After(command)), None).is_some() {
            break;
        }
        database.disconnect();
        if !matches!(database.half_applied(), Some((_, _, true))) || database.versions() == ["ddd"]
        {
            continue;
        }
        asked += 1;
        let outcome = drive(&mut database, &plan, "s", None, None);
        assert!(
            matches!(&outcome, Some(Outcome::Refused { refusal: Refusal::MustDecide { revision, .. } }) if revision == "ddd"),
            "{outcome:?}"
        );
        let outcome = drive(&mut database, &plan, "t", None, Some(InFlight::Done));
        assert_eq!(outcome, Some(Outcome::Done));
        assert_eq!(database.versions(), ["ddd"]);
    }
    assert!(asked >= 2, "asked {asked} times");
}

#[test]
fn what_is_taken_back_where_branches_meet_is_exactly_what_was_applied() {
    let file = |id: &str, down: &str| {
        let text = format!(
            "-- {id}\n--\n-- Revision ID: {id}\n-- Revises: {down}\n-- Create Date: 2025-01-01\n\n-- +upgrade\nCREATE TABLE {id} (id int);\n\n-- +downgrade\nDROP TABLE {id};\n"
        );
        script::read(&format!("versions/{id}.sql"), text.as_bytes())
            .script
            .expect("the file is a revision")
    };
    let scripts = [("r", ""), ("west", "r"), ("east", "r"), ("m", "west, east")];
    let history =
        History::new(scripts.map(|(id, down)| file(id, down)).into()).expect("the history holds");
    let config = Config::default();
    let request = |current| Request {
        history: &history,
        config: &config,
        environment: None,
        current,
    };
    let start = ids(&["west"]);
    let up = plan::upgrade(request(&start), "m").expect("a plan");
    let back = plan::take_back(request(&up.to), &up).expect("a plan");
    let undone: Vec<_> = back
        .revisions
        .iter()
        .filter_map(|it| it.revision.clone())
        .collect();
    assert_eq!(undone, ids(&["m", "east"]));
    assert_eq!(back.to, start);
    // Alembic's own target leaves the other branch standing.
    let plain = plan::downgrade(request(&up.to), "west").expect("a plan");
    assert_eq!(plain.to, ids(&["east", "west"]));
}
