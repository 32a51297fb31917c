//! Alembic's answer beside Cofferdam's.

use crate::random::Question;
use cofferdam_engine::history::heads::{Rows, VersionWrite};
use cofferdam_engine::history::target::{self, TargetError};
use cofferdam_engine::history::{History, stamp};
use cofferdam_engine::revision::{Direction, RevisionId};
use serde_json::{Value, json};

/// How two answers compare.
pub enum Verdict {
    Same {
        error: bool,
    },
    /// They differ for a reason that docs/alembic.md gives.
    Apart(&'static str),
    Different(String),
}

fn ids(value: &Value) -> Vec<RevisionId> {
    let texts = value.as_array().expect("a list").iter();
    texts
        .map(|text| RevisionId::new(text.as_str().expect("text")).expect("an id"))
        .collect()
}

fn sorted(mut ids: Vec<RevisionId>) -> Vec<RevisionId> {
    ids.sort();
    ids
}

/// Heads, bases and the labels of every revision.
pub fn shape(history: &History, theirs: &Value) -> Result<(), String> {
    let same = |what: &str, ours: Vec<RevisionId>, theirs: &Value| match ours == ids(theirs) {
        true => Ok(()),
        false => Err(format!("{what}: ours {ours:?}, theirs {theirs}")),
    };
    let effective = target::resolve(history, "heads").expect("heads are a target");
    same("effective heads", effective, &theirs["effective_heads"])?;
    same(
        "heads",
        sorted(history.heads()),
        &json!(sorted(ids(&theirs["heads"]))),
    )?;
    same(
        "bases",
        sorted(history.bases()),
        &json!(sorted(ids(&theirs["bases"]))),
    )?;
    for script in history.scripts() {
        let id = &script.revision.id;
        let theirs = &theirs["labels"][id.as_str()];
        let ours = history.labels(id);
        if json!(ours) != *theirs {
            return Err(format!("labels of {id}: ours {ours:?}, theirs {theirs}"));
        }
    }
    Ok(())
}

fn written(write: &VersionWrite) -> Value {
    match write {
        VersionWrite::Insert(id) => json!(["insert", id]),
        VersionWrite::Delete(id) => json!(["delete", id]),
        VersionWrite::Update { from, to } => json!(["update", from, to]),
    }
}

fn rows(question: &Question) -> Vec<RevisionId> {
    let rows = question.rows.iter();
    rows.map(|row| RevisionId::new(row.clone()).expect("an id"))
        .collect()
}

/// Cofferdam's answer in the words of the oracle's.
fn ours(history: &History, question: &Question) -> Result<Value, TargetError> {
    let rows = rows(question);
    let target = question.target.as_str();
    let walk = |list: Vec<RevisionId>, direction| {
        let mut table = Rows::new(history, &rows);
        let (mut writes, mut heads) = (Vec::new(), Vec::new());
        for id in &list {
            let step = table.step(id, direction);
            writes.push(step.iter().map(written).collect::<Vec<_>>());
            heads.push(table.ids());
        }
        json!({ "revisions": list, "writes": writes, "heads": heads })
    };
    Ok(match question.kind {
        "upgrade" => walk(target::upgrade(history, &rows, target)?, Direction::Upgrade),
        "downgrade" => walk(
            target::downgrade(history, &rows, target)?,
            Direction::Downgrade,
        ),
        "stamp" => {
            let steps = stamp::steps(history, &rows, target)?;
            let mut table = rows.clone();
            let (mut writes, mut heads) = (Vec::new(), Vec::new());
            for step in steps {
                table = cofferdam_engine::history::heads::written(&table, &step.writes);
                writes.push(step.writes.iter().map(written).collect::<Vec<_>>());
                heads.push(table.clone());
            }
            json!({ "revisions": [], "writes": writes, "heads": heads })
        }
        "range" => {
            let (from, to) = target.split_once(':').expect("a range");
            json!({ "revisions": target::range(history, from, to, &rows)? })
        }
        _ => json!({ "revisions": target::resolve(history, target)? }),
    })
}

/// The class of Alembic's exceptions to which an error belongs.
fn class(error: &TargetError) -> &'static str {
    match error {
        TargetError::SeveralHeads { .. } => "MultipleHeads",
        TargetError::NotBelow { .. } | TargetError::NoRange { .. } => "RangeNotAncestorError",
        TargetError::Unknown(_)
        | TargetError::UnknownBranch(_)
        | TargetError::NotInBranch { .. }
        | TargetError::Ambiguous { .. }
        | TargetError::UnknownCurrent(_)
        | TargetError::Counted(_)
        | TargetError::Malformed(_) => "ResolutionError",
        _ => "RevisionError",
    }
}

pub fn answer(history: &History, question: &Question, theirs: &Value) -> Verdict {
    let ours = ours(history, question);
    match (&ours, &theirs["error"]) {
        (Ok(ours), Value::Null) if ours == theirs => return Verdict::Same { error: false },
        (Err(ours), Value::String(theirs)) if class(ours) == theirs => {
            return Verdict::Same { error: true };
        }
        _ => {}
    }
    match (apart(history, question, &ours, theirs), &ours) {
        (Some(reason), _) => Verdict::Apart(reason),
        (None, Ok(ours)) => Verdict::Different(format!("  ours {ours}\ntheirs {theirs}")),
        (None, Err(ours)) => {
            Verdict::Different(format!("  ours {} {ours}\ntheirs {theirs}", class(ours)))
        }
    }
}

fn apart(
    history: &History,
    question: &Question,
    ours: &Result<Value, TargetError>,
    theirs: &Value,
) -> Option<&'static str> {
    if theirs["crash"].is_string() {
        return Some(match ours {
            Ok(_) => "Alembic stops with an exception of Python, Cofferdam answers",
            Err(_) => "Alembic stops with an exception of Python, Cofferdam says what is wrong",
        });
    }
    if theirs["stuck"].is_string()
        && ours
            .as_ref()
            .is_ok_and(|ours| ours["revisions"] == theirs["revisions"])
    {
        return Some("Alembic fails in the middle, while it writes the version table");
    }
    let target = question.target.as_str();
    let theirs_ok = theirs["error"].is_null();
    match ours {
        Err(TargetError::TooFar { .. }) if theirs_ok && target.contains("base-") => {
            Some("`base-1` goes beyond the base, where Alembic counts down from the head")
        }
        Err(TargetError::Ambiguous { .. })
            if theirs_ok && question.kind == "downgrade" && target.contains('@') =>
        {
            Some("an unknown branch is an error, which Alembic does not always look up")
        }
        Err(TargetError::UnknownBranch(_)) if theirs_ok => {
            Some("an unknown branch is an error, which Alembic does not always look up")
        }
        Ok(_) if question.kind == "stamp" && question.rows.iter().any(|row| row == "gone") => {
            Some("a stamp deletes rows that no file has")
        }
        Ok(ours) if question.kind == "stamp" && theirs_ok && loses(history, ours, theirs) => {
            Some("a stamp of several targets loses none of them")
        }
        Ok(ours)
            if question.kind == "downgrade" && theirs_ok && overlaps(history, ours, theirs) =>
        {
            Some("undoing a revision leaves no row that another implies")
        }
        _ if question.kind == "range"
            && target.ends_with(":current")
            && question.rows.is_empty() =>
        {
            Some("nothing is below `current` of an empty database, where Alembic lists everything")
        }
        Ok(ours) if question.kind == "range" && !theirs_ok && clips(history, question, ours) => {
            Some("`-N:` that goes down to the base lists everything, where Alembic refuses")
        }
        Ok(_)
            if question.kind == "range"
                && !theirs_ok
                && target.contains('-')
                && target.contains(":+") =>
        {
            Some("`:+N` counts up from where `-N` ends")
        }
        _ if target
            .split([' ', ':'])
            .any(|word| counts_from_id(history, word)) =>
        {
            Some(
                "`-N` on the branch of a revision counts from its heads, where Alembic knows labels only",
            )
        }
        Ok(_)
            if question.kind == "stamp"
                && target
                    .split(' ')
                    .any(|word| begins_on_branch(history, word)) =>
        {
            Some(
                "a stamp takes the beginning of an id that is clear on its branch, as an upgrade does",
            )
        }
        Ok(_) if question.kind != "range" && target.split(' ').any(|word| word == "current") => {
            Some("`current` is a target, the rows as they are")
        }
        Err(_) if !theirs_ok => Some("both refuse, each for another of several reasons"),
        _ => None,
    }
}

/// Whether `-N:` is answered as `base:`.
fn clips(history: &History, question: &Question, ours: &Value) -> bool {
    let Some((from, to)) = question.target.split_once(':') else {
        return false;
    };
    let (branch, count) = from
        .rsplit_once('@')
        .map_or(("", from), |(branch, count)| (branch, count));
    let base = if branch.is_empty() {
        "base".to_owned()
    } else {
        format!("{branch}@base")
    };
    let all = target::range(history, &base, to, &rows(question));
    count.starts_with('-') && all.is_ok_and(|all| ours["revisions"] == json!(all))
}

/// Whether it is `id@-N`.
fn counts_from_id(history: &History, target: &str) -> bool {
    let Some((branch, count)) = target.split_once('@') else {
        return false;
    };
    count.starts_with('-') && !is_label(history, branch)
}

fn is_label(history: &History, name: &str) -> bool {
    let mut scripts = history.scripts();
    scripts.any(|script| {
        script
            .revision
            .branch_labels
            .iter()
            .any(|label| label == name)
    })
}

/// Whether it is the beginning of an id, clear only on its branch.
fn begins_on_branch(history: &History, target: &str) -> bool {
    let name = target.split_once('@').map(|(_, name)| name);
    name.is_some_and(|name| target::resolve(history, name).is_err())
        && target::resolve(history, target).is_ok()
}

/// Whether Alembic's stamp ends without a row that ours has.
fn loses(history: &History, ours: &Value, theirs: &Value) -> bool {
    let last = |answer: &Value| {
        let heads = answer["heads"]
            .as_array()
            .and_then(|heads| heads.last())
            .cloned();
        ids(&heads.unwrap_or_else(|| json!([])))
    };
    let (ours, theirs) = (last(ours), last(theirs));
    !history.is_empty() && ours.iter().any(|id| !theirs.contains(id))
}

/// Whether Alembic's rows once contain a row and one below it, and the order of steps is the same.
fn overlaps(history: &History, ours: &Value, theirs: &Value) -> bool {
    let rows = theirs["heads"].as_array().expect("heads").iter().map(ids);
    let mut overlapping = rows.map(|rows| {
        rows.iter().any(|row| {
            let others: Vec<RevisionId> =
                rows.iter().filter(|other| *other != row).cloned().collect();
            history.ancestors(&others).contains(row)
        })
    });
    ours["revisions"] == theirs["revisions"]
        && ours != theirs
        && overlapping.any(|overlaps| overlaps)
}
