//! Starting, sharing and stopping a cluster.

use super::place::{self, Place};
use super::programs::{self, Programs};
use super::{EmbeddedError, STATE_DATABASE, copy};
use crate::database::Database;
use cofferdam_engine::sql::{identifier, literal};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::Duration;
use tokio::time::Instant;

/// How long a cluster may take to answer; recovery after a crash counts in.
const START: Duration = Duration::from_secs(120);

/// A running cluster, in use by this process until [`Cluster::stop`].
#[derive(Debug)]
pub struct Cluster {
    place: Place,
    programs: Programs,
    /// Its maintenance database.
    postgres: Database,
    using: File,
    /// The server, where this process started it.
    child: Option<Child>,
}

impl Cluster {
    /// Starts the project's cluster, or joins the one that runs already. `programs` is the folder
    /// of PostgreSQL's programs, where the user named one.
    pub async fn start(root: &Path, programs: Option<&Path>) -> Result<Self, EmbeddedError> {
        let place = Place::of(root)?;
        // Another process may be starting or stopping it; a thread of its own waits for that.
        let waiting = place.clone();
        let changing = tokio::task::spawn_blocking(move || waiting.changing())
            .await
            .map_err(|error| EmbeddedError::io("lock", root)(error.into()))??;
        let programs = readable(&place, programs::choose(programs, root, &place.data())?)?;
        if !place.data().join("PG_VERSION").is_file() {
            create(&place, &programs)?;
        }
        let (postgres, child) = match running(&place).await? {
            Some(postgres) => (postgres, None),
            None => launch(&place, &programs, &[]).await?,
        };
        let using = place.using()?;
        drop(changing);
        Ok(Cluster {
            place,
            programs,
            postgres,
            using,
            child,
        })
    }

    /// Starts a cluster that is nobody else's, with these programs, for [`Cluster::discard`]. The file is its lock.
    pub(super) async fn start_scratch(
        (place, using): (Place, File),
        programs: Programs,
    ) -> Result<Self, EmbeddedError> {
        let programs = readable(&place, programs)?;
        create(&place, &programs)?;
        // Nobody needs it after a crash, and WAL is the same from run to run.
        let careless = [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "autovacuum=off",
        ];
        let (postgres, child) = launch(&place, &programs, &careless).await?;
        Ok(Cluster {
            place,
            programs,
            postgres,
            using,
            child,
        })
    }

    /// Stops a scratch cluster and removes it.
    pub(super) async fn discard(self) -> Result<(), EmbeddedError> {
        let place = self.place.clone();
        self.stop().await?;
        place.remove()
    }

    /// Its maintenance database.
    pub(super) fn maintenance(&self) -> &Database {
        &self.postgres
    }

    /// The major version, such as `15`.
    pub fn major(&self) -> &str {
        &self.programs.major
    }

    /// The database with this name, created where it is not there yet.
    pub async fn database(&self, name: &str) -> Result<Database, EmbeddedError> {
        self.maintain(name, async |connection| {
            let look = format!(
                "SELECT 1 FROM pg_catalog.pg_database WHERE datname = {}",
                literal(name)
            );
            let there = sqlx::raw_sql(AssertSqlSafe(look)).fetch_optional(&mut *connection);
            if there.await?.is_some() {
                return Ok(());
            }
            // Another process may be faster (duplicate_database, or its index's unique_violation).
            let create = format!("CREATE DATABASE {}", identifier(name));
            execute(connection, create, &["42P04", "23505"]).await
        })
        .await?;
        Ok(self.postgres.with_name(name))
    }

    /// The database of an environment, made where it is missing. Its unqualified names are those of `public`: by itself
    /// PostgreSQL looks first in a schema named as the role, and the role's name here is that of the journal's schema.
    pub async fn environment(&self, name: &str) -> Result<Database, EmbeddedError> {
        let database = self.database(name).await?;
        self.maintain(name, async |connection| {
            let settle = format!(
                "ALTER DATABASE {} SET search_path = public",
                identifier(name)
            );
            // Another process may do the same at this moment (internal_error, "tuple concurrently updated").
            execute(connection, settle, &["XX000"]).await
        })
        .await?;
        Ok(database)
    }

    /// Does `work` for the database `name` in a session of the maintenance database.
    async fn maintain(
        &self,
        name: &str,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<(), sqlx::Error>,
    ) -> Result<(), EmbeddedError> {
        let connection = self.postgres.connect().await;
        let mut connection = connection.map_err(EmbeddedError::Silent)?;
        let done = work(&mut connection).await;
        let _ = connection.close().await;
        done.map_err(|error| EmbeddedError::Create {
            name: name.to_owned(),
            said: error.to_string(),
        })
    }

    /// Leaves the cluster; the last one to leave stops it.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        let data = self.place.data();
        let stopped = tokio::task::spawn_blocking(move || self.stop_now()).await;
        stopped.map_err(|error| EmbeddedError::io("stop", data)(error.into()))?
    }

    fn stop_now(mut self) -> Result<(), EmbeddedError> {
        let _changing = self.place.changing()?;
        if !self.place.is_unused(self.using)? {
            return Ok(());
        }
        let mut stop = self
            .place
            .identity
            .command(&self.programs.program("pg_ctl"));
        stop.arg("stop")
            .arg("--pgdata")
            .arg(self.place.data())
            .args(["--mode", "fast", "--silent"]);
        said("pg_ctl", stop.current_dir("/").output())?;
        if let Some(child) = &mut self.child {
            // It has ended; this takes its exit status away.
            let _ = child.wait();
        }
        Ok(())
    }
}

/// Runs a statement; errors with one of these SQLSTATEs mean that somebody else has done it.
async fn execute(
    connection: &mut PgConnection,
    sql: String,
    done_already: &[&str],
) -> Result<(), sqlx::Error> {
    match sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await {
        Err(sqlx::Error::Database(error))
            if error
                .code()
                .is_some_and(|code| done_already.contains(&code.as_ref())) =>
        {
            Ok(())
        }
        done => done.map(|_| ()),
    }
}

/// The programs where PostgreSQL's user can read them.
fn readable(place: &Place, programs: Programs) -> Result<Programs, EmbeddedError> {
    // What lies on PATH may be a link to the real programs.
    let real = fs::canonicalize(programs.program("postgres"));
    let real = real
        .ok()
        .and_then(|program| program.parent().map(Path::to_owned));
    if real.is_some_and(|folder| place.identity.can_enter(&folder)) {
        return Ok(programs);
    }
    let copied = place::system_folder().and_then(|system| {
        copy::programs(&programs.folder, &system).map_err(|cause| EmbeddedError::Copy {
            folder: programs.folder.clone(),
            user: place.identity.name().to_owned(),
            cause,
        })
    });
    Ok(Programs {
        folder: copied?,
        ..programs
    })
}

/// Makes the data folder. A folder that an interrupted start left half made is made again.
fn create(place: &Place, programs: &Programs) -> Result<(), EmbeddedError> {
    let data = place.data();
    let making = data.with_file_name("making");
    if making.exists() {
        fs::remove_dir_all(&making).map_err(EmbeddedError::io("remove", &making))?;
    }
    place.make_private(&making)?;
    let password = password()?;
    let file = making.join("password");
    place.write_secret(&file, &password)?;
    place
        .identity
        .give(&file)
        .map_err(EmbeddedError::io("give away", &file))?;
    let new = making.join("data");
    let mut initdb = place.identity.command(&programs.program("initdb"));
    initdb
        .arg("--pgdata")
        .arg(&new)
        .args([
            "--username",
            place.role,
            "--auth",
            "scram-sha-256",
            "--pwfile",
        ])
        .arg(&file)
        .args(["--encoding", "UTF8", "--locale", "C", "--no-sync"])
        .current_dir("/");
    said("initdb", initdb.output())?;
    place.write_secret(&place.url(), &url(place.role, &password, 0))?;
    fs::rename(&new, &data).map_err(EmbeddedError::io("make", &data))?;
    fs::remove_dir_all(&making).map_err(EmbeddedError::io("remove", &making))
}

/// The cluster where it runs already: its own pid file tells the port, and a query must answer.
async fn running(place: &Place) -> Result<Option<Database>, EmbeddedError> {
    let pid_file = place.data().join("postmaster.pid");
    // Lines: process, data folder, start, port (PostgreSQL source, pidfile.h).
    let Ok(text) = fs::read_to_string(pid_file) else {
        return Ok(None);
    };
    let pid = text.lines().next().unwrap_or_default().trim();
    if Path::new("/proc/self").exists() && !Path::new("/proc").join(pid).exists() {
        // Whoever listens on that port now is not our server, and gets no password to see.
        return Ok(None);
    }
    let Some(port) = text
        .lines()
        .nth(3)
        .and_then(|line| line.trim().parse::<u16>().ok())
    else {
        return Ok(None);
    };
    let database = connection(place, port)?;
    let patience = Instant::now() + Duration::from_secs(2);
    loop {
        match database.connect().await {
            Ok(open) => {
                let _ = open.close().await;
                return Ok(Some(database));
            }
            // It may be starting, or stopping; or the file is stale, which a new server notices.
            Err(error) if error.is_transient() && Instant::now() < patience => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(_) => return Ok(None),
        }
    }
}

async fn launch(
    place: &Place,
    programs: &Programs,
    settings: &[&str],
) -> Result<(Database, Option<Child>), EmbeddedError> {
    let port = free_port(place)?;
    let database = connection(place, port)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let log = options
        .open(place.log())
        .map_err(EmbeddedError::io("write", place.log()))?;
    let errors = log
        .try_clone()
        .map_err(EmbeddedError::io("write", place.log()))?;
    let mut server = place.identity.command(&programs.program("postgres"));
    server
        .arg("-D")
        .arg(place.data())
        .args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            &format!("port={port}"),
        ])
        // A socket's path may be too long, and TCP with a password serves.
        .args([
            "-c",
            "unix_socket_directories=",
            "-c",
            "logging_collector=off",
        ])
        .args(settings.iter().flat_map(|setting| ["-c", setting]))
        .current_dir("/")
        // Ctrl-C in the terminal is for Cofferdam, which stops the server when its work is done.
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors);
    let mut child = server
        .spawn()
        .map_err(EmbeddedError::io("run", programs.program("postgres")))?;
    let deadline = Instant::now() + START;
    loop {
        match database.connect().await {
            Ok(open) => {
                let _ = open.close().await;
                return Ok((database, Some(child)));
            }
            Err(error) if Instant::now() >= deadline => return Err(EmbeddedError::Silent(error)),
            Err(error) if !error.is_transient() => {
                let _ = child.kill();
                return Err(EmbeddedError::Silent(error));
            }
            Err(_) => {}
        }
        if let Ok(Some(_)) = child.try_wait() {
            return Err(EmbeddedError::Ended {
                log: place.log(),
                said: last_lines(&place.log()),
            });
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The port of the last time where it is free, so that a person's own client finds it again; else
/// any that is free.
fn free_port(place: &Place) -> Result<u16, EmbeddedError> {
    let text = fs::read_to_string(place.url()).unwrap_or_default();
    let (_, before) =
        split_url(place.role, &text).ok_or_else(|| EmbeddedError::Connection(place.url()))?;
    let listen = |port: u16| TcpListener::bind(("127.0.0.1", port));
    let listener = match before {
        0 => listen(0),
        port => listen(port).or_else(|_| listen(0)),
    };
    let port = listener
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port());
    port.map_err(EmbeddedError::io("listen on", "127.0.0.1"))
}

/// How to connect to the server on `port`; the file is brought up to date.
fn connection(place: &Place, port: u16) -> Result<Database, EmbeddedError> {
    let strange = || EmbeddedError::Connection(place.url());
    let text = fs::read_to_string(place.url()).map_err(EmbeddedError::io("read", place.url()))?;
    let (password, before) = split_url(place.role, &text).ok_or_else(strange)?;
    let url = url(place.role, password, port);
    if before != port {
        place.write_secret(&place.url(), &url)?;
    }
    let database = Database::from_url(&url).map_err(|_| strange())?;
    Ok(database.with_name("postgres"))
}

fn url(role: &str, password: &str, port: u16) -> String {
    format!("postgresql://{role}:{password}@127.0.0.1:{port}/{STATE_DATABASE}?sslmode=disable\n")
}

/// Password and port of a URL that [`url`] wrote.
fn split_url<'t>(role: &str, text: &'t str) -> Option<(&'t str, u16)> {
    let rest = text
        .strip_prefix("postgresql://")?
        .strip_prefix(role)?
        .strip_prefix(':')?;
    let (password, rest) = rest.split_once("@127.0.0.1:")?;
    let (port, _) = rest.split_once('/')?;
    Some((password, port.parse().ok()?))
}

fn password() -> Result<String, EmbeddedError> {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes).map_err(|_| EmbeddedError::Random)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn said(program: &'static str, result: std::io::Result<Output>) -> Result<(), EmbeddedError> {
    match result {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr);
            Err(EmbeddedError::Program {
                program,
                said: text.trim().to_owned(),
            })
        }
        Err(error) => Err(EmbeddedError::Program {
            program,
            said: error.to_string(),
        }),
    }
}

fn last_lines(path: &Path) -> String {
    let mut text = String::new();
    if let Ok(mut file) = File::open(path) {
        let _ = file.read_to_string(&mut text);
    }
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::{split_url, url};

    #[test]
    fn the_url_file_is_read_back() {
        let url = url("ann", "abc", 5433);
        assert_eq!(split_url("ann", &url), Some(("abc", 5433)));
        assert_eq!(split_url("bob", &url), None);
        assert_eq!(split_url("ann", "postgresql://ann:x@example:1/y"), None);
    }
}
