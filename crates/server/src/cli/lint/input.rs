//! What is judged: files as named, or revisions of the project.

use super::Args;
use crate::cli::{Context, output};
use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use cofferdam_engine::config::Config;
use cofferdam_engine::finding::Finding;
use cofferdam_engine::hazard::{self, Judge, Options, Statistics};
use cofferdam_engine::history::{History, target};
use cofferdam_engine::lint::{self, Found};
use cofferdam_engine::revision::{Direction, RevisionId, Script};
use cofferdam_engine::script;
use cofferdam_engine::two::Two;
use std::collections::VecDeque;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// Two things at once.
#[derive(Clone, Copy)]
enum Cores {
    All,
    /// The others have files of their own, or there is too little to share.
    One,
}

/// Bytes of a text that is read sooner by all cores than by one.
const WORTH_SHARING: usize = 64 * 1024;

/// Bytes of the files that a core reads before their turn.
const AHEAD: usize = 128 * 1024;

impl Two for Cores {
    fn both<A: Send, B: Send>(
        self,
        one: impl FnOnce() -> A + Send,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        match self {
            Cores::All => rayon::join(one, other),
            Cores::One => (one(), other()),
        }
    }
}

/// What is judged, and by what.
pub(super) struct Input {
    pub options: Options,
    units: Vec<Unit>,
    /// The revisions run as one plan.
    together: bool,
}

/// A file.
pub(super) struct Unit {
    /// The path as it is shown.
    pub path: String,
    /// Where it is written to.
    pub place: PathBuf,
    pub text: String,
    /// None for a plain SQL file.
    script: Option<Box<Script>>,
    findings: Vec<Finding>,
    /// It is judged; others only ran before.
    is_judged: bool,
}

/// Reads what the command line names.
pub(super) fn read(context: &Context, args: &Args) -> Result<Input> {
    let is_files = args.what.iter().any(|what| {
        Path::new(what).is_file() || Path::new(what).is_dir() || what.ends_with(".sql")
    });
    let (units, config, root) = match is_files {
        true => {
            let project = context.configured().map_err(|error| {
                output::note(format!(
                    "warning: the project's settings are not used: {error:#}"
                ));
            });
            let project = project.ok();
            let config = project.as_ref().map(|project| project.config.clone());
            let root = project.map(|project| project.folder.root().to_owned());
            (files(&args.what)?, config.unwrap_or_default(), root)
        }
        false => {
            let project = context.project()?;
            let units = revisions(&project, &args.what)?;
            let root = project.folder.root().to_owned();
            (units, project.config, Some(root))
        }
    };
    Ok(Input {
        options: options(context, args, &config, root.as_deref())?,
        units,
        together: args.together,
    })
}

fn options(
    context: &Context,
    args: &Args,
    config: &Config,
    root: Option<&Path>,
) -> Result<Options> {
    let mut options = config.lint_options(context.env.as_deref())?;
    options.all |= args.all;
    if let Some(version) = args.assume_version {
        options.version = version;
    }
    let configured = config.lint.statistics.as_ref();
    let statistics = args.statistics.clone().or_else(|| {
        let root = root.unwrap_or(Path::new("."));
        configured.map(|file| root.join(file))
    });
    if let Some(file) = statistics {
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("cannot read the statistics {}", file.display()))?;
        options.statistics =
            serde_json::from_str::<Statistics>(text.trim()).with_context(|| {
                format!(
                    "{} does not hold the answer of `cofferdam lint --statistics-query`",
                    file.display()
                )
            })?;
    }
    Ok(options)
}

/// The files as named; those of folders in order of name.
fn files(named: &[String]) -> Result<Vec<Unit>> {
    let mut paths = Vec::new();
    for name in named {
        let path = PathBuf::from(name);
        if path.is_dir() {
            let entries = std::fs::read_dir(&path)
                .with_context(|| format!("cannot read the folder {name}"))?;
            let mut inside: Vec<PathBuf> = entries
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|ending| ending == "sql"))
                .collect();
            inside.sort();
            paths.extend(inside);
        } else {
            paths.push(path);
        }
    }
    paths
        .into_iter()
        .map(|path| {
            let shown = path.display().to_string();
            let bytes = std::fs::read(&path).with_context(|| format!("cannot read {shown}"))?;
            let Ok(text) = String::from_utf8(bytes) else {
                bail!("{shown} is not UTF-8: convert it first");
            };
            let is_revision = text.lines().any(|line| {
                line.starts_with("-- Revision ID:") || line.trim_end() == "-- +upgrade"
            });
            let reading = is_revision.then(|| script::read(&shown, text.as_bytes()));
            let (script, findings) = match reading {
                Some(reading) => (reading.script, reading.findings),
                None => (None, vec![]),
            };
            Ok(Unit {
                path: shown,
                place: path,
                text,
                script: script.map(Box::new),
                findings,
                is_judged: true,
            })
        })
        .collect()
}

/// The revisions of a range, with all that they come after.
fn revisions(project: &Project, what: &[String]) -> Result<Vec<Unit>> {
    let history = project.history()?;
    let judged = judged(&history, what)?;
    let units = history.scripts().map(|script| {
        let is_judged = judged
            .as_ref()
            .is_none_or(|ids| ids.contains(&script.revision.id));
        unit(project, script, is_judged)
    });
    Ok(units.collect())
}

fn unit(project: &Project, script: &Script, is_judged: bool) -> Unit {
    let bytes = project.file(&script.path).map(|file| file.bytes.as_slice());
    let text = String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let findings = match script.python {
        // What a SQL script's text says is part of reading it anew.
        None => script::read(&script.path, text.as_bytes()).findings,
        Some(_) => {
            let own = project.findings.iter();
            own.filter(|finding| finding.path == script.path)
                .cloned()
                .collect()
        }
    };
    Unit {
        path: script.path.clone(),
        place: project.folder.root().join(&script.path),
        text,
        script: Some(Box::new(script.clone())),
        findings,
        is_judged,
    }
}

/// Which revisions are meant; none for all.
fn judged(history: &History, what: &[String]) -> Result<Option<Vec<RevisionId>>> {
    let mut ids = Vec::new();
    for what in what {
        match what.split_once(':') {
            Some((from, to)) => {
                let from = match from.trim() {
                    "" | "base" => vec![],
                    from => target::resolve(history, from)?,
                };
                let to = match to.trim() {
                    "" => "heads",
                    to => to,
                };
                let before = history.ancestors(&from);
                let after = history.ancestors(&target::resolve(history, to)?);
                ids.extend(after.difference(&before).cloned());
            }
            None => ids.extend(target::resolve(history, what)?),
        }
    }
    Ok((!what.is_empty()).then_some(ids))
}

impl Input {
    /// How many files are judged.
    pub fn count(&self) -> usize {
        self.units.iter().filter(|unit| unit.is_judged).count()
    }

    /// The length of all that is read, in bytes.
    pub fn bytes(&self) -> usize {
        self.units.iter().map(|unit| unit.text.len()).sum()
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        let unit = self.units.iter().find(|unit| unit.path == path)?;
        Some(&unit.text)
    }

    /// All that is to be said, in order of the files. Each core reads files, and judges them when those before them are judged:
    /// what they made is known then.
    pub fn judge(&self) -> Vec<Found> {
        let (cores, two) = match self.units.as_slice() {
            [unit] if unit.text.len() > WORTH_SHARING => (1, Cores::All),
            // How many cores there are is not worth asking.
            [] | [_] => (1, Cores::One),
            units => {
                let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
                (cores.min(units.len()), Cores::One)
            }
        };
        let next = AtomicUsize::new(0);
        let judging = Mutex::new(Judging {
            turn: 0,
            judge: Judge::new(&self.options),
            is_begun: false,
            all: Vec::new(),
        });
        let is_judged = Condvar::new();
        let held = || judging.lock().unwrap_or_else(PoisonError::into_inner);
        let work = || {
            let mut read: VecDeque<(usize, Content<'_>)> = VecDeque::new();
            loop {
                let ahead = read.iter().map(|(at, _)| self.units[*at].text.len());
                let has_room = ahead.sum::<usize>() < AHEAD;
                let more = has_room.then(|| next.fetch_add(1, Ordering::Relaxed));
                let more = more.and_then(|at| Some((at, self.units.get(at)?)));
                if let Some((at, unit)) = more {
                    read.push_back((at, unit.read(&self.options, two)));
                }
                let Some((first, _)) = read.front() else {
                    return;
                };
                let held = match more {
                    // There may be more to read until its turn.
                    Some(_) => judging.try_lock().ok(),
                    None => {
                        let waits = |judging: &mut Judging| judging.turn < *first;
                        let held = is_judged.wait_while(held(), waits);
                        Some(held.unwrap_or_else(PoisonError::into_inner))
                    }
                };
                let Some(mut held) = held else {
                    continue;
                };
                if held.turn == usize::MAX {
                    return;
                }
                while let Some((at, content)) = read.pop_front_if(|(at, _)| *at == held.turn) {
                    held.judge(&self.units[at], content, self.together);
                    held.turn += 1;
                }
                is_judged.notify_all();
            }
        };
        // Nobody waits for the turn of one that panicked.
        let work = || {
            catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
                held().turn = usize::MAX;
                is_judged.notify_all();
                resume_unwind(panic)
            })
        };
        std::thread::scope(|scope| {
            for _ in 1..cores {
                scope.spawn(work);
            }
            work();
        });
        let judging = judging.into_inner();
        judging.unwrap_or_else(PoisonError::into_inner).all
    }

    pub(super) fn units_mut(&mut self) -> &mut [Unit] {
        &mut self.units
    }
}

/// Files are judged one after the other.
struct Judging {
    /// The file that is judged next.
    turn: usize,
    judge: Judge,
    /// One was judged that is not only known of.
    is_begun: bool,
    all: Vec<Found>,
}

impl Judging {
    fn judge(&mut self, unit: &Unit, content: Content<'_>, together: bool) {
        // What a file before it made is in use when it runs, where they are no plan.
        if unit.is_judged && !(together && self.is_begun) {
            self.judge.mark();
        }
        self.all.extend(content.judge(unit, &mut self.judge));
        self.is_begun |= unit.is_judged;
    }
}

/// A file, read.
enum Content<'a> {
    /// It only ran before.
    Past(hazard::Past),
    Plain(lint::Plain<'a>),
    Revision(lint::Sections<'a>),
}

impl Content<'_> {
    fn judge(self, unit: &Unit, judge: &mut Judge) -> Vec<Found> {
        match self {
            Content::Past(past) => {
                judge.take_past(past);
                vec![]
            }
            Content::Plain(plain) => plain.judge(judge),
            Content::Revision(sections) => sections.judge(&unit.text, &unit.findings, judge),
        }
    }
}

impl Unit {
    fn read(&self, options: &Options, two: Cores) -> Content<'_> {
        match &self.script {
            _ if !self.is_judged => Content::Past(hazard::Past::read(self.upgrade())),
            Some(script) => Content::Revision(lint::Sections::read(script, options, two)),
            None => Content::Plain(lint::Plain::read(&self.path, &self.text, options, two)),
        }
    }

    fn upgrade(&self) -> &str {
        match &self.script {
            Some(script) => script.revision.sql(Direction::Upgrade),
            None => &self.text,
        }
    }

    /// The same file with another text.
    pub(super) fn rewrite(&mut self, text: String) {
        if self.script.is_some() {
            let reading = script::read(&self.path, text.as_bytes());
            self.script = reading.script.map(Box::new);
            self.findings = reading.findings;
        }
        self.text = text;
    }
}
