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
    /// Its `application_name`, and the beginning of the values that it writes.
    pub name: &'static str,
    /// The schemas in which it finds its tables.
    pub search_path: &'static str,
    /// All rows as this version reads them: the key, and the value as text.
    pub rows: &'static str,
    /// This one, `update` and `delete` are about the one row that has the key.
    pub insert: &'static str,
    pub update: &'static str,
    pub delete: &'static str,
}

impl Version {
    /// The value of one row.
    fn read(&self) -> String {
        format!(
            "SELECT value FROM ({}) AS known (id, value) WHERE id = $1",
            self.rows
        )
    }
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
    /// Starts one whose rows are those of `rows` with a key that leaves `turn` when divided by 3; inserted rows have keys from
    /// `first` on.
    pub fn start(url: &str, version: Version, turn: i64, rows: i64, first: i64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (heard, url) = (Arc::clone(&stop), url.to_owned());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let mut session = Session::open(&url, version).await;
                let mut round = 0;
                while !heard.load(Ordering::Relaxed) {
                    let id = round * 7919 % (rows / 3) * 3 + turn;
                    session.round(round, id, first + round * 3 + turn).await;
                    round += 1;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                let _ = session.connection.close().await;
                session.done
            })
        });
        Client { stop, thread }
    }

    pub fn stop(self) -> Done {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().expect("the client")
    }
}

/// The connection of a client.
struct Session {
    version: Version,
    read: String,
    connection: PgConnection,
    done: Done,
}

impl Session {
    async fn open(url: &str, version: Version) -> Self {
        let mut connection = PgConnection::connect(url).await.expect("a connection");
        // Its many statements are not what the server's log is read for.
        let settings = format!(
            "SET application_name = '{}'; SET search_path = {}; SET log_statement = 'none'",
            version.name, version.search_path
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(settings))
            .execute(&mut connection)
            .await
            .expect("its settings");
        Session {
            version,
            read: version.read(),
            connection,
            done: Done::default(),
        }
    }

    /// Inserts the row `new`, updates the row `id` and reads it, and deletes or updates the new one.
    async fn round(&mut self, round: i64, id: i64, new: i64) {
        let version = self.version;
        let value = format!("{} {round}", version.name);
        self.write(version.insert, new, Some(&value)).await;
        self.write(version.update, id, Some(&value)).await;
        self.read(id, &value).await;
        match round % 3 {
            0 => self.write(version.delete, new, None).await,
            _ => {
                let again = format!("{value} again");
                self.write(version.update, new, Some(&again)).await;
            }
        }
    }

    async fn write(&mut self, sql: &'static str, id: i64, value: Option<&str>) {
        let before = Instant::now();
        let mut query = sqlx::query(sql).bind(id);
        if let Some(value) = value {
            query = query.bind(value.to_owned());
        }
        let result = query.execute(&mut self.connection).await;
        self.took(before);
        match result.map(|done| done.rows_affected()) {
            Ok(1) => {
                self.done.rows.insert(id, value.map(str::to_owned));
            }
            Ok(count) => self.wrong(sql, id, format!("{count} rows")),
            Err(error) => self.wrong(sql, id, error.to_string()),
        }
    }

    async fn read(&mut self, id: i64, value: &str) {
        let before = Instant::now();
        let result = sqlx::query(sqlx::AssertSqlSafe(self.read.clone()))
            .bind(id)
            .fetch_optional(&mut self.connection)
            .await;
        self.took(before);
        match result.map(|row| row.and_then(|row| row.get::<Option<String>, _>(0))) {
            Ok(found) if found.as_deref() == Some(value) => {}
            Ok(found) => self.wrong(
                self.version.rows,
                id,
                format!("{value:?} was written, and {found:?} is read"),
            ),
            Err(error) => self.wrong(self.version.rows, id, error.to_string()),
        }
    }

    fn took(&mut self, since: Instant) {
        self.done.statements += 1;
        self.done.longest = self.done.longest.max(since.elapsed());
    }

    fn wrong(&mut self, sql: &str, id: i64, what: String) {
        let name = self.version.name;
        self.done
            .errors
            .push(format!("{name}: {sql} ({id}): {what}"));
    }
}
