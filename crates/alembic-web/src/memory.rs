//! What was read in files, by their paths and what is in them: most of a project is the same from one question to the next.

use cofferdam_alembic::{Depth, Settings, Source, answer, read_alone};
use cofferdam_engine::digest::sha256;
use cofferdam_engine::script::Reading;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::HashMap;

/// What one file says.
#[derive(Serialize)]
pub struct Read {
    /// Without the files before it.
    pub alone: Reading,
    /// With them, where it asks what they made.
    pub answered: Option<Reading>,
}

/// What a file says alone, and whether it asks the others.
#[derive(Clone, Serialize)]
pub struct Alone {
    reading: Reading,
    asks: bool,
}

/// Path and SHA-256.
type Key = (String, String);

#[derive(Default)]
struct Memory {
    /// The settings with which all of it was read, as JSON.
    settings: String,
    alone: HashMap<Key, Alone>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// Reads the files of a project, in their order. Those of other questions are forgotten.
pub fn read(files: &[Source<'_>], settings: &str) -> Result<Vec<Read>, String> {
    let read_with: Settings = parse(settings)?;
    let mut before = MEMORY.take();
    if before.settings != settings {
        before = Memory {
            settings: settings.to_owned(),
            alone: HashMap::new(),
        };
    }
    let mut alone = Vec::with_capacity(files.len());
    for file in files {
        let key = key(file);
        let found = before.alone.remove(&key);
        let found = found.unwrap_or_else(|| read_one(file, &read_with));
        alone.push((key, found));
    }
    let asked: Vec<bool> = alone.iter().map(|(_, it)| it.asks).collect();
    let mut readings: Vec<Reading> = alone.iter().map(|(_, it)| it.reading.clone()).collect();
    if asked.contains(&true) {
        answer(files, &read_with, &asked, &mut readings);
    }
    let read = alone.iter().zip(readings).map(|((_, it), reading)| Read {
        alone: it.reading.clone(),
        answered: it.asks.then_some(reading),
    });
    let read = read.collect();
    before.alone = alone.into_iter().collect();
    MEMORY.set(before);
    Ok(read)
}

/// Reads one file.
pub fn alone(file: &Source<'_>, settings: &str) -> Result<Alone, String> {
    Ok(read_one(file, &parse(settings)?))
}

fn read_one(file: &Source<'_>, settings: &Settings) -> Alone {
    let (reading, asks) = read_alone(file, settings, Depth::Whole);
    Alone { reading, asks }
}

fn key(file: &Source<'_>) -> Key {
    (file.path.to_owned(), sha256(file.bytes))
}

fn parse(settings: &str) -> Result<Settings, String> {
    serde_json::from_str(settings).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(id: &str, down: &str, body: &str) -> String {
        format!(
            "from alembic import op\nimport sqlalchemy as sa\nrevision = '{id}'\ndown_revision = {down}\n\ndef upgrade():\n    {body}\n\ndef downgrade():\n    pass\n"
        )
    }

    fn upgrade(reading: Option<&Reading>) -> &str {
        let script = reading.and_then(|reading| reading.script.as_ref());
        script.map_or("", |script| script.revision.upgrade.trim())
    }

    #[test]
    fn what_a_file_asks_is_answered_by_the_files_that_come_with_it() {
        let asks = file(
            "b",
            "'a'",
            "if 'c' not in {it['name'] for it in sa.inspect(op.get_bind()).get_columns('t')}: op.execute('ALTER TABLE t ADD c int')",
        );
        let settings = serde_json::to_string(&Settings::default()).expect("JSON");
        let answered = |table: &str| {
            let first = file(
                "a",
                "None",
                &format!("op.execute('CREATE TABLE t ({table})')"),
            );
            let files = [("a.py", &first), ("b.py", &asks)].map(|(path, text)| Source {
                path,
                bytes: text.as_bytes(),
            });
            let read = read(&files, &settings).expect("readings");
            assert!(read[0].answered.is_none());
            upgrade(read[1].answered.as_ref()).to_owned()
        };
        assert_eq!(answered("d int"), "ALTER TABLE t ADD c int;");
        assert_eq!(answered("c int"), "");
        assert_eq!(answered("d int"), "ALTER TABLE t ADD c int;");
    }
}
