//! `cargo xtask bench history`: long histories of Python files, Alembic beside Cofferdam in the same run.
//!
//! Whole processes are timed, on files that the system has in memory: once after all that was kept of them is taken away
//! (Alembic's `__pycache__`, Cofferdam's `.cofferdam`), then again, the best of three (of one where it takes more than ten
//! seconds). The ratios are those of the second kind. Arguments: the sizes, 100 1000 10000 100000 where there are none; and
//! the commands, all where there are none.
//! Alembic is not asked about more than 10,000 revisions: its downgrade grows with the square.

use cofferdam_tests::{binary, cluster};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The most revisions that Alembic is asked about.
const ALEMBIC: usize = 10_000;

/// The most revisions that are applied to a real PostgreSQL.
const APPLIED: usize = 1_000;

fn main() {
    let mut commands = Vec::new();
    let mut sizes: Vec<usize> = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.parse() {
            Ok(size) => sizes.push(size),
            Err(_) => commands.push(argument),
        }
    }
    let sizes = match sizes.as_slice() {
        [] => vec![100, 1_000, 10_000, 100_000],
        given => given.to_vec(),
    };
    println!(
        "| history | revisions | command | Alembic, first | Cofferdam, first | Alembic | Cofferdam | ratio | `cat` of the files | times `cat` |"
    );
    println!("|---|---:|---|---:|---:|---:|---:|---:|---:|---:|");
    for size in sizes {
        for shape in [Shape::Linear, Shape::Branching] {
            let project = Project::new(size, shape);
            project
                .measure(&|command| commands.is_empty() || commands.iter().any(|it| it == command));
        }
    }
}

/// How the revisions hang together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Linear,
    /// Two branches of five revisions after each merge; two heads at the end.
    Branching,
}

/// The parents of the revision at `at`.
fn parents(shape: Shape, at: usize) -> Vec<usize> {
    match (shape, at) {
        (_, 0) => vec![],
        (Shape::Linear, _) => vec![at - 1],
        (Shape::Branching, _) => match (at - 1) % 11 {
            // After a trunk revision: 1 to 5 are the left branch, 6 to 10 the right one, 11 merges them.
            5 => vec![at - 6],
            10 => vec![at - 6, at - 1],
            _ => vec![at - 1],
        },
    }
}

fn id(at: usize) -> String {
    format!(
        "{:012x}",
        (at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16
    )
}

struct Project {
    folder: tempfile::TempDir,
    size: usize,
    shape: Shape,
}

impl Project {
    fn new(size: usize, shape: Shape) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let versions = folder.path().join("migrations/versions");
        std::fs::create_dir_all(&versions).expect("a folder");
        let example = cofferdam_tests::project::root().join("examples/alembic");
        for file in [
            "alembic.ini",
            "migrations/env.py",
            "migrations/script.py.mako",
        ] {
            std::fs::copy(example.join(file), folder.path().join(file)).expect("a copy");
        }
        // The branching histories end inside a branch, so that there are two heads to merge.
        let size = match shape {
            Shape::Linear => size,
            Shape::Branching => size / 11 * 11,
        };
        for at in 0..size {
            let name = format!("{}_step_{at}.py", id(at));
            std::fs::write(versions.join(name), revision(shape, at)).expect("a file");
        }
        // What changed just now is not kept.
        std::thread::sleep(Duration::from_secs(3));
        Project {
            folder,
            size,
            shape,
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        let folder = self.folder.path().join("migrations/versions");
        let entries = std::fs::read_dir(folder).expect("a folder").flatten();
        let files = entries.map(|entry| entry.path());
        files
            .filter(|path| path.extension().is_some_and(|ending| ending == "py"))
            .collect()
    }

    /// Measures the commands that are wanted, by their first words.
    fn measure(&self, wanted: &dyn Fn(&str) -> bool) {
        let files: HashSet<PathBuf> = self.files().into_iter().collect();
        // `cat` of so many names does not fit one command line: a list goes through xargs, as a person would do it.
        let list: String = files
            .iter()
            .map(|path| format!("{}\n", path.display()))
            .collect();
        let names = self.folder.path().join("names");
        std::fs::write(&names, list).expect("a file");
        let cat = best(|| {
            let mut cat = Command::new("xargs");
            cat.args(["-a", &names.display().to_string(), "cat"]);
            cat
        });
        let (up, down) = match self.shape {
            Shape::Linear => ("head", "head:base"),
            Shape::Branching => ("heads", ""),
        };
        let mut commands: Vec<Vec<&str>> =
            vec![vec!["heads"], vec!["history"], vec!["upgrade", up, "--sql"]];
        if !down.is_empty() {
            commands.push(vec!["downgrade", down, "--sql"]);
        }
        if self.shape == Shape::Branching {
            commands.push(vec!["merge", "-m", "both", "heads"]);
        }
        commands.retain(|arguments| wanted(arguments[0]));
        for arguments in &commands {
            let alembic =
                (self.size <= ALEMBIC).then(|| self.time(|| self.alembic(arguments), &files));
            let cofferdam = self.time(|| self.cofferdam(arguments), &files);
            self.row(&arguments.join(" "), alembic, cofferdam, Some(cat));
        }
        if self.shape == Shape::Linear && self.size <= APPLIED {
            for (command, target) in [("upgrade", "head"), ("downgrade", "base")] {
                if !wanted(command) {
                    continue;
                }
                let mut times = Vec::new();
                for (database, run) in [
                    (
                        cluster::database(),
                        Self::alembic as fn(&Self, &[&str]) -> Command,
                    ),
                    (cluster::database(), Self::cofferdam),
                ] {
                    let once = |arguments: &[&str]| {
                        let mut command = run(self, arguments);
                        let url = match times.len() {
                            0 => {
                                database
                                    .url
                                    .replacen("postgresql://", "postgresql+psycopg2://", 1)
                            }
                            _ => database.url.clone(),
                        };
                        command.env("DATABASE_URL", url);
                        timed(command)
                    };
                    if command == "downgrade" {
                        once(&["upgrade", "head"]);
                    }
                    let took = once(&[command, target]);
                    times.push(took);
                }
                let words = format!("{command} {target} on PostgreSQL");
                let once = |took| Times {
                    first: took,
                    again: took,
                };
                self.row(&words, Some(once(times[0])), once(times[1]), None);
            }
        }
    }

    /// What it takes the first time, and the best of three; what it wrote into the versions folder is taken away.
    fn time(&self, command: impl Fn() -> Command, files: &HashSet<PathBuf>) -> Times {
        for kept in [".cofferdam", "migrations/versions/__pycache__"] {
            let _ = std::fs::remove_dir_all(self.folder.path().join(kept));
        }
        let clean = || {
            for path in self.files() {
                if !files.contains(&path) {
                    let _ = std::fs::remove_file(path);
                }
            }
        };
        let first = timed(command());
        clean();
        let again = best(|| {
            clean();
            command()
        });
        clean();
        Times { first, again }
    }

    fn row(&self, command: &str, alembic: Option<Times>, cofferdam: Times, cat: Option<Duration>) {
        let shape = match self.shape {
            Shape::Linear => "linear",
            Shape::Branching => "branching",
        };
        let mut line = format!("| {shape} | {} | `{command}` | ", self.size);
        match alembic {
            Some(alembic) => {
                let ratio = alembic.again.as_secs_f64() / cofferdam.again.as_secs_f64();
                let _ = write!(
                    line,
                    "{} | {} | {} | {} | {ratio:.0}× | ",
                    seconds(alembic.first),
                    seconds(cofferdam.first),
                    seconds(alembic.again),
                    seconds(cofferdam.again)
                );
            }
            None => {
                let _ = write!(
                    line,
                    "not asked | {} | not asked | {} | | ",
                    seconds(cofferdam.first),
                    seconds(cofferdam.again)
                );
            }
        }
        match cat {
            Some(cat) => {
                let ratio = cofferdam.again.as_secs_f64() / cat.as_secs_f64();
                let _ = write!(line, "{} | {ratio:.1} |", seconds(cat));
            }
            None => line.push_str("| |"),
        }
        println!("{line}");
    }

    fn alembic(&self, arguments: &[&str]) -> Command {
        let python =
            std::env::var_os("COFFERDAM_TEST_PYTHON").expect("COFFERDAM_TEST_PYTHON is set");
        let mut command = Command::new(python);
        command.args(["-m", "alembic"]).args(arguments);
        // As anybody has it: Python keeps what it compiled.
        command.env_remove("PYTHONDONTWRITEBYTECODE");
        command.current_dir(self.folder.path());
        command
    }

    fn cofferdam(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary::path());
        command.args(arguments).current_dir(self.folder.path());
        command
    }
}

/// How long a command takes.
#[derive(Clone, Copy)]
struct Times {
    first: Duration,
    again: Duration,
}

fn seconds(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{:.0} ms", seconds * 1000.0),
        seconds => format!("{seconds:.2} s"),
    }
}

fn best(command: impl Fn() -> Command) -> Duration {
    let first = timed(command());
    if first > Duration::from_secs(10) {
        return first;
    }
    (0..3).map(|_| timed(command())).fold(first, Duration::min)
}

fn timed(mut command: Command) -> Duration {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .stdin(Stdio::null());
    let start = Instant::now();
    let output = command.output().expect("the program starts");
    let took = start.elapsed();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    took
}

/// A revision file in Alembic's own form: a table, a column, an index.
fn revision(shape: Shape, at: usize) -> String {
    let parents = parents(shape, at);
    let ids: Vec<String> = parents
        .iter()
        .map(|parent| format!("\"{}\"", id(*parent)))
        .collect();
    let down = match ids.as_slice() {
        [] => "None".to_owned(),
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    };
    let (id, revises) = (
        id(at),
        parents
            .iter()
            .map(|parent| id(*parent))
            .collect::<Vec<_>>()
            .join(", "),
    );
    format!(
        r#""""Step {at}

Revision ID: {id}
Revises: {revises}
Create Date: 2025-01-01 00:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "{id}"
down_revision: Union[str, Sequence[str], None] = {down}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "t{at}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_t{at}"),
    )
    op.create_index("ix_t{at}_name", "t{at}", ["name"])


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index("ix_t{at}_name", table_name="t{at}")
    op.drop_table("t{at}")
"#
    )
}
