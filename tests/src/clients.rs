//! Applications as a database sees them: connections that read, insert, update and delete without pause, each naming its
//! columns, and remember what was acknowledged.

use sqlx::{Connection, PgConnection, Row};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The statements of one version of an application. `$1` is a key (bigint), `$2` a value (text).
#[derive(Clone, Copy, Debug)]
pub struct Version {
    pub name: &'static str,
    /// One row, one column: the value as text.
    pub read: &'static str,
    pub insert: &'static str,
    pub update: &'static str,
    pub delete: &'static str,
}

/// What one client did.
#[derive(Debug, Default)]
pub struct Done {
    pub statements: u64,
    /// The longest that any statement took.
    pub longest: Duration,
    pub errors: Vec<String>,
    /// Every row that it wrote or deleted, as it was last acknowledged; none: deleted.
    pub rows: BTreeMap<i64, Option<String>>,
}

impl Done {
    /// Counts a statement; whether it went well.
    fn note(
        &mut self,
        who: &str,
        sql: &str,
        id: i64,
        elapsed: Duration,
        error: Option<sqlx::Error>,
    ) -> bool {
        self.statements += 1;
        self.longest = self.longest.max(elapsed);
        match error {
            None => true,
            Some(error) => {
                self.errors.push(format!("{who} {sql} ({id}): {error}"));
                false
            }
        }
    }

    /// Takes in what was done later.
    pub fn then(&mut self, later: Done) {
        self.statements += later.statements;
        self.longest = self.longest.max(later.longest);
        self.errors.extend(later.errors);
        self.rows.extend(later.rows);
    }
}

/// A client that runs until it is stopped.
pub struct Client {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Done>,
}

impl Client {
    /// Starts one whose rows are those with a key that leaves `turn` when divided by 3; inserted rows have keys from `first` on.
    pub fn start(url: &str, version: Version, turn: i64, rows: i64, first: i64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (heard, url) = (Arc::clone(&stop), url.to_owned());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(work(&url, version, [turn, rows, first], &heard))
        });
        Client { stop, thread }
    }

    pub fn stop(self) -> Done {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().expect("the client")
    }
}

async fn work(
    url: &str,
    version: Version,
    [turn, rows, first]: [i64; 3],
    stop: &AtomicBool,
) -> Done {
    let mut done = Done::default();
    let mut connection = PgConnection::connect(url).await.expect("a connection");
    let name = format!("SET application_name = '{}'", version.name);
    sqlx::raw_sql(sqlx::AssertSqlSafe(name))
        .execute(&mut connection)
        .await
        .expect("a name");
    let mut round = 0;
    while !stop.load(Ordering::Relaxed) {
        let id = round * 7919 % rows / 3 * 3 + turn;
        let (new, value) = (
            first + round * 3 + turn,
            format!("{} {round}", version.name),
        );
        let later = format!("{value} again");
        let mut say = async |sql: &'static str, id: i64, value: Option<&str>, is_read: bool| {
            let before = Instant::now();
            let query = sqlx::query(sql).bind(id);
            let query = match value {
                Some(value) => query.bind(value.to_owned()),
                None => query,
            };
            let result = match is_read {
                true => query
                    .fetch_optional(&mut connection)
                    .await
                    .map(|row| row.and_then(|row| row.get::<Option<String>, _>(0))),
                false => query.execute(&mut connection).await.map(|_| None),
            };
            (result, before.elapsed())
        };
        let (result, elapsed) = say(version.insert, new, Some(&value), false).await;
        if done.note(version.name, version.insert, new, elapsed, result.err()) {
            done.rows.insert(new, Some(value.clone()));
        }
        let (result, elapsed) = say(version.update, id, Some(&value), false).await;
        if done.note(version.name, version.update, id, elapsed, result.err()) {
            done.rows.insert(id, Some(value.clone()));
        }
        let (result, elapsed) = say(version.read, id, None, true).await;
        match result {
            Ok(found) => {
                done.note(version.name, version.read, id, elapsed, None);
                if found.as_deref() != Some(value.as_str()) {
                    done.errors.push(format!(
                        "{} wrote {value:?} and read {found:?}",
                        version.name
                    ));
                }
            }
            Err(error) => {
                done.note(version.name, version.read, id, elapsed, Some(error));
            }
        }
        if round % 3 == 0 {
            let (result, elapsed) = say(version.delete, new, None, false).await;
            if done.note(version.name, version.delete, new, elapsed, result.err()) {
                done.rows.insert(new, None);
            }
        } else {
            let (result, elapsed) = say(version.update, new, Some(&later), false).await;
            if done.note(version.name, version.update, new, elapsed, result.err()) {
                done.rows.insert(new, Some(later));
            }
        }
        round += 1;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let _ = connection.close().await;
    done
}
