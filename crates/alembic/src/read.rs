//! Reading a project's Python files.

pub(crate) mod guard;

use crate::header::{self, Header};
use crate::interpret::{Ended, Interpreter, Text};
use crate::past::{self, Past};
use crate::settings::Settings;
use crate::value::Value;
use crate::world::Step;
use cofferdam_engine::digest::sha256;
use cofferdam_engine::finding::{Code, Finding, Severity, line_column};
use cofferdam_engine::history::History;
use cofferdam_engine::revision::{
    Body, Downgrade, Python, Revision, RevisionId, Script, Unreadable,
};
use cofferdam_engine::script::Reading;
use cofferdam_engine::sql::{self, LexemeKind, schema::Schema};
use ruff_python_ast::Stmt;
use ruff_python_parser::parse_module;
use rustc_hash::FxHashMap as HashMap;

/// How much of each file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The header alone: enough for the history. The functions are not read, and the file has no digest.
    Header,
    /// The SQL of both functions too.
    Whole,
}

/// One file.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Relative to the project folder, with `/`.
    pub path: &'a str,
    pub bytes: &'a [u8],
}

/// Reads Alembic's revision files, together: a revision may ask what the ones before it made. The readings are in the
/// order of `files`.
pub fn read(files: &[Source<'_>], settings: &Settings, depth: Depth) -> Vec<Reading> {
    let (mut readings, asked): (Vec<Reading>, Vec<bool>) =
        in_parallel(files, |file| read_alone(file, settings, depth))
            .into_iter()
            .unzip();
    if asked.contains(&true) {
        answer(files, settings, &asked, &mut readings);
    }
    readings
}

/// Reads one file without the others, and says whether it asks what the ones before it made: then what it says depends on
/// them, and [`answer`] reads it again.
pub fn read_alone(file: &Source<'_>, settings: &Settings, depth: Depth) -> (Reading, bool) {
    let (up, down) = (Past::default(), Past::default());
    let reading = read_one(file, settings, depth, [&up, &down]);
    (reading, up.was_asked() || down.was_asked())
}

/// Reads those files again that asked what is there, in the order of the history, with the answers. `readings` are those of
/// each file alone.
pub fn answer(files: &[Source<'_>], settings: &Settings, asked: &[bool], readings: &mut [Reading]) {
    let scripts = readings.iter().filter_map(|reading| reading.script.clone());
    // Files that do not make a history have no past that could be asked.
    let Ok(history) = History::new(scripts.collect()) else {
        return;
    };
    let places: HashMap<String, usize> = files
        .iter()
        .enumerate()
        .map(|(place, file)| (file.path.to_owned(), place))
        .collect();
    let mut after: HashMap<RevisionId, Option<Schema>> = HashMap::default();
    for ordered in history.scripts() {
        let revision = &ordered.revision;
        let before = match (revision.down.as_slice(), revision.depends_on.as_slice()) {
            ([], []) => Some(Schema::default()),
            ([parent], []) => match history.children(parent).as_slice() {
                // Nobody else needs what its parent left.
                [_] => after.remove(parent).flatten(),
                _ => after.get(parent).cloned().flatten(),
            },
            _ => {
                let below = history.ancestors(std::slice::from_ref(&revision.id));
                let all = history
                    .scripts()
                    .filter(|other| other.revision.id != revision.id)
                    .filter(|other| below.contains(&other.revision.id))
                    .filter_map(|other| readings[*places.get(&other.path)?].script.as_ref());
                all.fold(Some(Schema::default()), past::after_upgrade)
            }
        };
        let Some(place) = places.get(&ordered.path).copied() else {
            continue;
        };
        if asked[place] {
            let up = Past::of(before.clone());
            let unknown = Past::default();
            let first = read_one(&files[place], settings, Depth::Whole, [&up, &unknown]);
            let left = first
                .script
                .as_ref()
                .and_then(|script| past::after_upgrade(before.clone(), script));
            let down = Past::of(left);
            readings[place] = read_one(&files[place], settings, Depth::Whole, [&up, &down]);
        }
        if let Some(script) = &readings[place].script {
            let left = past::after_upgrade(before, script);
            after.insert(revision.id.clone(), left);
        }
    }
}

/// `work` on each file, on every processor; in the files' order.
#[cfg(not(target_arch = "wasm32"))]
fn in_parallel<T: Send>(
    files: &[Source<'_>],
    work: impl Fn(&Source<'_>) -> T + Sync + Send,
) -> Vec<T> {
    use rayon::prelude::*;
    files.par_iter().map(work).collect()
}

/// `work` on each file: a browser's worker has one thread.
#[cfg(target_arch = "wasm32")]
fn in_parallel<T>(files: &[Source<'_>], work: impl Fn(&Source<'_>) -> T) -> Vec<T> {
    files.iter().map(work).collect()
}

/// `past` is what is there before the upgrade, and before the downgrade.
fn read_one(file: &Source<'_>, settings: &Settings, depth: Depth, past: [&Past; 2]) -> Reading {
    let mut findings = Vec::new();
    let script = read_script(file, settings, depth, past, &mut findings);
    Reading { script, findings }
}

fn finding(path: &str, source: &str, at: usize, code: Code, message: String) -> Finding {
    let (line, column) = line_column(source, at);
    Finding {
        code,
        severity: Severity::Error,
        message,
        path: path.to_owned(),
        line,
        column,
        start: at,
        end: at,
    }
}

fn read_script(
    file: &Source<'_>,
    settings: &Settings,
    depth: Depth,
    [up, down]: [&Past; 2],
    findings: &mut Vec<Finding>,
) -> Option<Script> {
    let path = file.path;
    let bytes = file
        .bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(file.bytes);
    let source = match std::str::from_utf8(bytes) {
        Ok(source) => source,
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            findings.push(finding(
                path,
                &valid,
                valid.len(),
                Code::NotUtf8,
                "the file is not UTF-8: save it as UTF-8".into(),
            ));
            return None;
        }
    };
    // Python takes every line end in a file for `\n`, in texts too.
    let unix = source
        .contains('\r')
        .then(|| source.replace("\r\n", "\n").replace('\r', "\n"));
    let source = unix.as_deref().unwrap_or(source);
    let text = Text::new(source);
    if depth == Depth::Header
        && let Some(prefix) = guard::header(source)
    {
        if let Some((doc, names)) = header::quick::read(prefix) {
            let value = |name: &str| names.get(name).cloned();
            let header = read_header(path, &text, doc, value, findings)?;
            return Some(script(file, header, doc, Vec::new()));
        }
        if guard::too_deep(prefix).is_none()
            && let Ok(parsed) = parse_module(prefix)
        {
            let part = Text::new(prefix);
            let interpreter = Interpreter::new(&part, parsed.suite(), settings, up);
            let doc = header::docstring(parsed.suite()).unwrap_or_default();
            let value = |name: &str| interpreter.global(name);
            let header = read_header(path, &text, &doc, value, findings)?;
            return Some(script(file, header, &doc, Vec::new()));
        }
    }
    if let Some(at) = guard::too_deep(source) {
        findings.push(finding(
            path,
            source,
            at,
            Code::NestedTooDeep,
            "the Python is nested too deep to be read: write it in smaller parts".into(),
        ));
        return None;
    }
    let parsed = match parse_module(source) {
        Ok(parsed) => parsed,
        Err(error) => {
            let at = error.location.start().to_usize();
            findings.push(finding(
                path,
                source,
                at.min(source.len()),
                Code::SyntaxError,
                format!("the file is not Python: {}", error.error),
            ));
            return None;
        }
    };
    let body: &[Stmt] = parsed.suite();
    let mut interpreter = Interpreter::new(&text, body, settings, up);
    let doc = header::docstring(body).unwrap_or_default();
    let value = |name: &str| interpreter.global(name);
    let header = read_header(path, &text, &doc, value, findings)?;
    if depth == Depth::Header {
        return Some(script(file, header, &doc, Vec::new()));
    }
    let upgrade = interpreter.function("upgrade");
    if interpreter.is_changeable() || up.is_known() || down.is_known() {
        // What the first one made goes first.
        drop(interpreter);
        interpreter = Interpreter::new(&text, body, settings, down);
    }
    let downgrade = interpreter.function("downgrade");
    Some(script(file, header, &doc, vec![upgrade, downgrade]))
}

fn read_header(
    path: &str,
    text: &Text<'_>,
    doc: &str,
    value: impl Fn(&str) -> Option<Value>,
    findings: &mut Vec<Finding>,
) -> Option<Header> {
    header::read(path, doc, value, findings, |name| {
        let mut start = 0;
        for line in text.source.split_inclusive('\n') {
            let after = line.strip_prefix(name).map(str::trim_start);
            if after.is_some_and(|after| after.starts_with(['=', ':'])) {
                return (text.line(start), start, start + line.trim_end().len());
            }
            start += line.len();
        }
        (1, 0, 0)
    })
}

/// The script of a header and of what `upgrade()` and `downgrade()` ended with (nothing, where only the header was
/// read).
fn script(file: &Source<'_>, header: Header, doc: &str, ended: Vec<Option<Ended>>) -> Script {
    let digest = match ended.as_slice() {
        [] => String::new(),
        _ => sha256(file.bytes),
    };
    let mut ended = ended.into_iter();
    let (upgrade, upgrade_body) = match ended.next() {
        Some(Some(ended)) => section(ended),
        Some(None) => {
            let nothing = Unreadable {
                line: 1,
                reason: "the file has no function upgrade(), without which Alembic stops".into(),
                source: String::new(),
                before: 0,
            };
            let body = Body {
                unreadable: vec![nothing],
                ..Body::default()
            };
            (String::new(), body)
        }
        None => Default::default(),
    };
    let (downgrade, downgrade_body) = match ended.next() {
        Some(Some(ended)) => match &ended.raised {
            Some(raised) if ended.steps.is_empty() && raised.class == "NotImplementedError" => {
                let reason = match raised.message.trim() {
                    "" => "the file raises NotImplementedError".to_owned(),
                    words => words.split_whitespace().collect::<Vec<_>>().join(" "),
                };
                (Downgrade::Impossible { reason }, Body::default())
            }
            _ => {
                let (sql, body) = section(ended);
                (Downgrade::Sql(sql), body)
            }
        },
        Some(None) => (Downgrade::Missing, Body::default()),
        None => (Downgrade::Sql(String::new()), Body::default()),
    };
    Script {
        revision: Revision {
            id: header.id,
            down: header.down,
            depends_on: header.depends_on,
            branch_labels: header.branch_labels,
            message: header.message,
            description: header.description,
            author: header.author,
            create_date: header.create_date,
            extra: Vec::new(),
            upgrade,
            downgrade,
        },
        path: file.path.to_owned(),
        sha256: digest,
        upgrade_at: 0,
        downgrade_at: 0,
        upgrade_line: 1,
        downgrade_line: 1,
        python: Some(Python {
            doc: doc.trim().to_owned(),
            upgrade: upgrade_body,
            downgrade: downgrade_body,
        }),
        cuts: None,
    }
}

/// The SQL of a function's steps, and where it comes from.
fn section(ended: Ended) -> (String, Body) {
    let mut sql = String::new();
    let mut body = Body::default();
    let mut commit = false;
    for step in ended.steps {
        match step {
            Step::Sql {
                line,
                sql: piece,
                autocommit,
            } => {
                for statement in statements(&piece) {
                    // What an autocommit block sends commits by itself.
                    if commit || (autocommit && !sql.is_empty()) {
                        sql.push_str("-- +commit\n");
                    }
                    if autocommit && may_commit(&statement) {
                        sql.push_str("-- +no-transaction\n");
                    }
                    commit = autocommit;
                    sql.push_str(&statement);
                    sql.push_str("\n\n");
                    body.lines.push(line);
                }
            }
            Step::Commit => commit = !sql.is_empty(),
            Step::Unreadable(part) => body.unreadable.push(Unreadable {
                before: body.lines.len(),
                ..part
            }),
        }
    }
    if let Some(raised) = ended.raised {
        let message = match raised.message.as_str() {
            "" => String::new(),
            message => format!(": {message}"),
        };
        body.unreadable.push(Unreadable {
            line: raised.line,
            reason: format!("raises {}{message}", raised.class),
            source: String::new(),
            before: body.lines.len(),
        });
    }
    (sql, body)
}

/// Whether a statement is one that may commit by itself, which it can only outside a transaction.
fn may_commit(statement: &str) -> bool {
    let mut lexemes = sql::lexemes(statement).into_iter();
    let first = lexemes.find(|lexeme| lexeme.kind == LexemeKind::Word);
    first.is_some_and(|first| {
        let word = &statement[first.range];
        ["do", "call"]
            .iter()
            .any(|it| word.eq_ignore_ascii_case(it))
    })
}

/// The statements of a piece of SQL, each with its `;`.
fn statements(piece: &str) -> Vec<String> {
    let split = sql::split(piece);
    split
        .statements
        .iter()
        .map(|statement| {
            let text = &piece[statement.body.clone()];
            match text.ends_with(';') {
                true => text.to_owned(),
                false => format!("{text};"),
            }
        })
        .collect()
}
