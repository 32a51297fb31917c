//! Which of an application's queries work at which point of a change.

use super::{Change, ChangeError, Phase};
use crate::sql::reader::Reader;
use crate::sql::{self, identifier, literal};
use serde::{Deserialize, Serialize};
use squawk_lexer::TokenKind;

/// Which versions of the application send a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Version {
    Old,
    New,
    #[default]
    Both,
}

impl Version {
    pub fn as_str(self) -> &'static str {
        match self {
            Version::Old => "old",
            Version::New => "new",
            Version::Both => "both",
        }
    }

    fn read(text: &str) -> Option<Self> {
        let all = [Version::Old, Version::New, Version::Both];
        all.into_iter().find(|one| one.as_str() == text)
    }

    /// Whether queries of this version have to work at a point: after the revision of that phase, which is the phase's last
    /// where `is_last`; none for the beginning. The new version is deployed after the last phase before the contract, and the
    /// old one is gone when it begins.
    fn has_to_work(self, point: Option<Point>) -> bool {
        let (is_new_possible, is_old_there) = match point {
            None => (false, true),
            Some(Point { phase, is_last }) => {
                (phase != Phase::Expand || is_last, phase != Phase::Contract)
            }
        };
        match self {
            Version::Old => is_old_there,
            Version::New => is_new_possible,
            Version::Both => true,
        }
    }
}

/// Where a point is: after a revision of this phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub phase: Phase,
    /// It is the phase's last revision.
    pub is_last: bool,
}

/// One query of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    pub version: Version,
    pub sql: String,
}

impl Query {
    /// The statement that begins a transaction in which the query finds what its version finds, where that is another schema:
    /// the query is prepared after it, and the transaction rolled back. None where it finds what everybody does.
    pub fn setting(&self, change: &Change) -> Option<String> {
        let schema = change.view_schema.as_deref()?;
        (self.version == Version::New).then(|| {
            format!(
                "SELECT pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', {}, nullif(pg_catalog.current_setting('search_path'), '')), true);",
                literal(&identifier(schema))
            )
        })
    }
}

/// Reads the queries of a file: SQL, where a line `-- version: old`, `new` or `both` says whose the queries after it are; or, where
/// `is_csv`, an export of pg_stat_statements: a header line that names a column `query`, and perhaps one `version`.
///
/// # Errors
/// Where there is none, or a version is not known, in words.
pub fn read(text: &str, is_csv: bool) -> Result<Vec<Query>, ChangeError> {
    let mut queries = match is_csv {
        true => read_csv(text)?,
        false => read_sql(text)?,
    };
    queries.retain(|query| is_query(&query.sql));
    match queries.is_empty() {
        true => Err(ChangeError(
            "there is no SELECT, INSERT, UPDATE, DELETE or MERGE in the file of queries".into(),
        )),
        false => Ok(queries),
    }
}

fn version_of(text: &str) -> Result<Version, ChangeError> {
    Version::read(text.trim()).ok_or_else(|| {
        ChangeError(format!(
            "`{}` is no version of the application: write old, new or both",
            text.trim()
        ))
    })
}

fn read_sql(text: &str) -> Result<Vec<Query>, ChangeError> {
    let mut version = Version::default();
    let mut queries = Vec::new();
    for statement in sql::split(text).statements {
        for line in text[statement.range.start..statement.body.start].lines() {
            let said = line.trim().strip_prefix("--").map(str::trim);
            if let Some(said) = said.and_then(|said| said.strip_prefix("version:")) {
                version = version_of(said)?;
            }
        }
        let sql = text[statement.body.clone()].trim_end_matches(';').trim();
        queries.push(Query {
            version,
            sql: sql.to_owned(),
        });
    }
    Ok(queries)
}

fn read_csv(text: &str) -> Result<Vec<Query>, ChangeError> {
    let unreadable =
        |error: csv::Error| ChangeError(format!("the file of queries is no CSV: {error}"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| headers.iter().position(|header| header.trim() == name);
    let Some(query) = column("query") else {
        return Err(ChangeError(
            "the CSV has no column `query`: export it with `COPY (SELECT query FROM pg_stat_statements) TO STDOUT WITH (FORMAT csv, HEADER)`".into(),
        ));
    };
    let version = column("version");
    let mut queries = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let version = match version.and_then(|at| record.get(at)) {
            Some(text) if !text.trim().is_empty() => version_of(text)?,
            _ => Version::Both,
        };
        let sql = record.get(query).unwrap_or_default();
        queries.push(Query {
            version,
            sql: sql.trim().trim_end_matches(';').to_owned(),
        });
    }
    Ok(queries)
}

/// The queries as a file that [`read`] reads.
pub fn write(queries: &[Query]) -> String {
    let mut text = String::new();
    let mut version = None;
    for query in queries {
        if version != Some(query.version) {
            text.push_str(&format!("-- version: {}\n", query.version.as_str()));
            version = Some(query.version);
        }
        text.push_str(&query.sql);
        text.push_str(";\n");
    }
    text
}

/// Whether it is something that can be prepared (manual, PREPARE).
fn is_query(sql: &str) -> bool {
    let words = [
        "select", "insert", "update", "delete", "merge", "values", "table", "with",
    ];
    let mut reader = Reader::new(sql);
    while reader.is_kind(TokenKind::OpenParen) {
        reader.skip();
    }
    reader.is_any(&words)
}

/// What preparing a query gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Prepared {
    /// The columns that it returns, as name and type.
    Works(Vec<(String, String)>),
    /// What the database said.
    Fails(String),
}

/// What a query does at a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Cell {
    Works,
    Fails {
        error: String,
    },
    /// It works, and returns other columns than at the point before: one that is prepared already fails once.
    OtherColumns {
        columns: Vec<String>,
    },
}

/// One query, at every point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    #[serde(flatten)]
    pub query: Query,
    /// As many as there are points.
    pub cells: Vec<Cell>,
    /// The points at which it fails although its version is there.
    pub broken: Vec<usize>,
}

/// Queries and points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// What each point is called; the first is today.
    pub points: Vec<String>,
    pub rows: Vec<Row>,
}

/// The format of [`Evidence`].
const FORMAT: u32 = 1;

/// A matrix as it is kept beside its change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    format: u32,
    /// PostgreSQL's version, such as `18.6`.
    pub postgres: String,
    /// When, as RFC 3339 has it, in UTC.
    pub at: String,
    pub matrix: Matrix,
}

impl Evidence {
    pub fn new(matrix: Matrix, postgres: &str, at: String) -> Self {
        Evidence {
            format: FORMAT,
            postgres: postgres.to_owned(),
            at,
            matrix,
        }
    }

    /// Reads what [`Evidence::write`] gives; none where it is something else.
    pub fn read(text: &str) -> Option<Self> {
        let evidence: Evidence = serde_json::from_str(text).ok()?;
        (evidence.format == FORMAT).then_some(evidence)
    }

    /// The file's text.
    pub fn write(&self) -> String {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }
}

impl Matrix {
    /// Puts together what preparing gave. `points` come after the first one, which is today; `prepared` has a list for each
    /// point, the first included, with an answer for each query.
    pub fn new(points: &[(Point, String)], queries: &[Query], prepared: &[Vec<Prepared>]) -> Self {
        let rows = queries.iter().enumerate().map(|(at, query)| {
            let answers: Vec<&Prepared> = prepared.iter().filter_map(|list| list.get(at)).collect();
            let mut last = None;
            let mut cells = Vec::new();
            for answer in answers {
                cells.push(match answer {
                    Prepared::Fails(error) => Cell::Fails {
                        error: error.clone(),
                    },
                    Prepared::Works(columns) => {
                        let before = last.replace(columns);
                        match before.is_none_or(|before| before == columns) {
                            true => Cell::Works,
                            false => Cell::OtherColumns {
                                columns: columns.iter().map(|(name, _)| name.clone()).collect(),
                            },
                        }
                    }
                });
            }
            let is_broken = |at: usize| {
                let point = at.checked_sub(1).and_then(|at| points.get(at));
                matches!(cells[at], Cell::Fails { .. })
                    && query.version.has_to_work(point.map(|(point, _)| *point))
            };
            Row {
                query: query.clone(),
                broken: (0..cells.len()).filter(|at| is_broken(*at)).collect(),
                cells,
            }
        });
        let names = points.iter().map(|(_, name)| name.clone());
        Matrix {
            points: std::iter::once("today".to_owned()).chain(names).collect(),
            rows: rows.collect(),
        }
    }

    /// Whether every query works wherever its version is.
    pub fn is_fine(&self) -> bool {
        self.rows.iter().all(|row| row.broken.is_empty())
    }
}
