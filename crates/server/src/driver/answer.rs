//! One statement out, one answer back, in the engine's words.

use super::notice;
use cofferdam_engine::run::{Answer, DbError, Failure};
use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnection, PgDatabaseError, PgErrorPosition, PgRow, PgSeverity};
use sqlx::{AssertSqlSafe, Either, Row, ValueRef};
use tokio::time::Instant;

/// Sends `sql` as one simple query. Rows are kept where `keep_rows` says so.
pub async fn query(
    connection: &mut PgConnection,
    sql: String,
    keep_rows: bool,
) -> Result<Answer, Failure> {
    let counts = counts_rows(&sql);
    let start = Instant::now();
    let (result, notices) = notice::collect(async {
        let mut rows = Vec::new();
        let mut affected = None;
        // The simple protocol sends these bytes as they are: they are the plan's own.
        let mut stream = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_many(&mut *connection);
        while let Some(part) = stream.try_next().await? {
            match part {
                Either::Left(done) => affected = Some(done.rows_affected()),
                Either::Right(row) if keep_rows => rows.push(texts(&row)),
                Either::Right(_) => {}
            }
        }
        Ok((rows, affected))
    })
    .await;
    let elapsed_ms = start.elapsed().as_secs_f64() * 1000.0;
    let (rows, affected) = result.map_err(failure)?;
    Ok(Answer {
        rows,
        // sqlx gives zero for a command tag without a number.
        affected: affected.filter(|count| *count > 0 || counts),
        notices,
        elapsed_ms,
    })
}

/// Whether the command tag of this statement has a number (PostgreSQL manual, Message Formats,
/// CommandComplete).
fn counts_rows(sql: &str) -> bool {
    const COUNTING: &[&str] = &[
        "COPY", "DELETE", "FETCH", "INSERT", "MERGE", "MOVE", "SELECT", "TABLE", "UPDATE",
        "VALUES", "WITH",
    ];
    let sql = sql.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    let word: String = sql.chars().take_while(char::is_ascii_alphabetic).collect();
    COUNTING.contains(&word.to_ascii_uppercase().as_str())
}

/// A row of the simple protocol: every value is text.
fn texts(row: &PgRow) -> Vec<Option<String>> {
    (0..row.len())
        .map(|column| {
            let value = row.try_get_raw(column).ok()?;
            if value.is_null() {
                return None;
            }
            value
                .as_bytes()
                .ok()
                .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        })
        .collect()
}

fn failure(error: sqlx::Error) -> Failure {
    match &error {
        sqlx::Error::Database(refusal) => match refusal.try_downcast_ref::<PgDatabaseError>() {
            // The server ends the session with these: what became of the statement is not known.
            Some(refusal)
                if matches!(refusal.severity(), PgSeverity::Fatal | PgSeverity::Panic) =>
            {
                Failure::Lost(format!(
                    "{} (SQLSTATE {})",
                    refusal.message(),
                    refusal.code()
                ))
            }
            Some(refusal) => Failure::Database(db_error(refusal)),
            None => Failure::Lost("the database refused in an unknown way".into()),
        },
        sqlx::Error::Io(error) => Failure::Lost(match error.kind() {
            std::io::ErrorKind::UnexpectedEof => "the server closed the connection".into(),
            _ => error.to_string(),
        }),
        other => Failure::Lost(other.to_string()),
    }
}

/// An error of the database with every field that the engine knows.
pub fn db_error(refusal: &PgDatabaseError) -> DbError {
    let own = |text: Option<&str>| text.map(str::to_owned);
    let mut context = own(refusal.r#where());
    let position = match refusal.position() {
        Some(PgErrorPosition::Original(position)) => u32::try_from(position).ok(),
        // The place is in a statement of a function; its text belongs to the context.
        Some(PgErrorPosition::Internal { query, .. }) => {
            let inner = format!("in the statement {query}");
            context = Some(context.map_or(inner.clone(), |context| format!("{context}\n{inner}")));
            None
        }
        None => None,
    };
    DbError {
        code: refusal.code().to_owned(),
        message: refusal.message().to_owned(),
        severity: severity(refusal.severity()).to_owned(),
        detail: own(refusal.detail()),
        hint: own(refusal.hint()),
        position,
        context,
        schema: own(refusal.schema()),
        table: own(refusal.table()),
        column: own(refusal.column()),
        constraint: own(refusal.constraint()),
    }
}

fn severity(severity: PgSeverity) -> &'static str {
    match severity {
        PgSeverity::Panic => "PANIC",
        PgSeverity::Fatal => "FATAL",
        PgSeverity::Error => "ERROR",
        PgSeverity::Warning => "WARNING",
        PgSeverity::Notice => "NOTICE",
        PgSeverity::Debug => "DEBUG",
        PgSeverity::Info => "INFO",
        PgSeverity::Log => "LOG",
    }
}

#[cfg(test)]
mod tests {
    use super::counts_rows;

    #[test]
    fn a_zero_counts_only_where_the_command_tag_has_a_number() {
        for sql in [
            "INSERT INTO t SELECT 1;",
            "update t set a = 1",
            "\n(SELECT 1)",
            "WITH a AS (SELECT 1) DELETE FROM t",
        ] {
            assert!(counts_rows(sql), "{sql}");
        }
        for sql in ["BEGIN;", "CREATE TABLE t ();", "SET a = 1", "DO $$ $$", ""] {
            assert!(!counts_rows(sql), "{sql}");
        }
    }
}
