//! The words of `-- +backfill`.

use crate::sql::reader::Reader;
use serde::{Deserialize, Serialize};

/// How many rows of the table a batch looks at, where the directive does not say it.
pub const DEFAULT_ROWS: u32 = 5000;

/// How long a batch takes that steers itself, where the directive does not say it.
const DEFAULT_TARGET_MS: u32 = 100;

const MOST: u32 = 1_000_000;

/// What has to be written instead.
const HELP: &str = "write `-- +backfill key=id batch=5000`, where the key is one column, or several as in `key=tenant_id,id`, together unique and not null, and a batch has 1 to 1000000 rows; or `batch=auto target=100ms`, with a target from 10ms to 60s; `rate=20000` allows so many rows a second";

/// The words of the directive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backfill {
    /// The columns whose ranges are taken in turn, folded, at least one; together they have to be unique, and none null.
    pub key: Vec<String>,
    pub size: Size,
    /// Rows a second that are written at most, at least one.
    pub rate: Option<u32>,
}

/// How many rows of the table one batch has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Size {
    /// So many, at least one.
    Rows(u32),
    /// As many as take so long, in milliseconds.
    Auto { target_ms: u32 },
}

impl Backfill {
    /// Reads what follows `-- +backfill`.
    ///
    /// # Errors
    /// What has to be written instead.
    pub(crate) fn read(words: &str) -> Result<Self, &'static str> {
        let (mut key, mut rows, mut target, mut rate) = (None, None, None, None);
        let mut auto = false;
        for word in split(words) {
            match word.split_once('=') {
                Some(("key", names)) if key.is_none() => key = Some(columns(names).ok_or(HELP)?),
                Some(("batch", "auto")) if rows.is_none() && !auto => auto = true,
                Some(("batch", count)) if rows.is_none() && !auto => {
                    rows = Some(number(count, MOST).ok_or(HELP)?);
                }
                Some(("target", time)) if target.is_none() => {
                    target = Some(milliseconds(time).ok_or(HELP)?);
                }
                Some(("rate", count)) if rate.is_none() => {
                    rate = Some(number(count, u32::MAX).ok_or(HELP)?);
                }
                _ => return Err(HELP),
            }
        }
        Ok(Backfill {
            key: key.ok_or(HELP)?,
            size: match (auto, target) {
                (true, target) => Size::Auto {
                    target_ms: target.unwrap_or(DEFAULT_TARGET_MS),
                },
                (false, None) => Size::Rows(rows.unwrap_or(DEFAULT_ROWS)),
                (false, Some(_)) => return Err(HELP),
            },
            rate,
        })
    }
}

/// The words, with white space between them; what stands in double quotes is part of one.
fn split(words: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let parts = words.split(move |c: char| {
        is_quoted ^= c == '"';
        c.is_whitespace() && !is_quoted
    });
    parts.filter(|word| !word.is_empty())
}

/// A whole number from 1 to `most`.
fn number(written: &str, most: u32) -> Option<u32> {
    let number = written.parse().ok()?;
    (1..=most).contains(&number).then_some(number)
}

/// A time as in `100ms` or `2s`.
fn milliseconds(written: &str) -> Option<u32> {
    let time = match written.strip_suffix("ms") {
        Some(count) => count.parse().ok()?,
        None => written
            .strip_suffix('s')?
            .parse::<u32>()
            .ok()?
            .checked_mul(1000)?,
    };
    (10..=60_000).contains(&time).then_some(time)
}

/// Identifiers with commas between them, as SQL writes them, folded, each another.
fn columns(written: &str) -> Option<Vec<String>> {
    let mut columns: Vec<String> = Vec::new();
    let mut rest = written;
    loop {
        let word = Reader::new(rest).word()?;
        let name = crate::sql::fold(word);
        let is_open = word.starts_with('"') && (word.len() == 1 || !word.ends_with('"'));
        if is_open || !rest.starts_with(word) || columns.contains(&name) {
            return None;
        }
        columns.push(name);
        match &rest[word.len()..] {
            "" => return Some(columns),
            more => rest = more.strip_prefix(',')?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backfill(words: &str) -> Result<Backfill, &'static str> {
        Backfill::read(words)
    }

    #[test]
    fn the_words_are_a_key_and_a_number_of_rows() {
        let of = |key: &[&str], rows| {
            Ok(Backfill {
                key: key.iter().map(|&column| column.into()).collect(),
                size: Size::Rows(rows),
                rate: None,
            })
        };
        assert_eq!(backfill("key=id"), of(&["id"], DEFAULT_ROWS));
        assert_eq!(backfill("batch=10  key=Id"), of(&["id"], 10));
        assert_eq!(backfill("key=\"Id\" batch=1000000"), of(&["Id"], 1_000_000));
        assert_eq!(
            backfill("key=Tenant,\"a,b\",id"),
            of(&["tenant", "a,b", "id"], DEFAULT_ROWS)
        );
        assert_eq!(
            backfill("key=\"Order Id\",id  batch=10"),
            of(&["Order Id", "id"], 10)
        );
        assert_eq!(
            backfill("batch=10 key=a,\"b  \"\" c\""),
            of(&["a", "b  \" c"], 10)
        );
        let auto = |target_ms, rate| {
            let key = vec!["id".to_owned()];
            let size = Size::Auto { target_ms };
            Ok(Backfill { key, size, rate })
        };
        assert_eq!(backfill("key=id batch=auto"), auto(100, None));
        assert_eq!(
            backfill("rate=20000 target=2s batch=auto key=id"),
            auto(2000, Some(20_000))
        );
        assert_eq!(backfill("key=id batch=auto target=250ms"), auto(250, None));
        for bad in [
            "key=id target=100ms",
            "key=id batch=5 target=100ms",
            "key=id batch=auto batch=5",
            "key=id batch=5 batch=auto",
            "key=id batch=auto target=9ms",
            "key=id batch=auto target=61s",
            "key=id batch=auto target=100",
            "key=id rate=0",
            "key=id rate=many",
            "",
            "batch=5",
            "key=",
            "key=a,",
            "key=,a",
            "key=a,,b",
            "key=a,b,A",
            "key=a.b",
            "key=id batch=0",
            "key=id batch=1000001",
            "key=id batch=-1",
            "key=id batch=x",
            "key=id key=id",
            "key=\"Order Id",
            "key=Order Id",
            "key=id batch",
            "key=id size=5",
            "key=1",
        ] {
            assert!(backfill(bad).is_err(), "{bad}");
        }
    }
}
