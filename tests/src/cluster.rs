//! A scratch PostgreSQL cluster, one a test program, that ends with it.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// A running PostgreSQL with `log_statement = all`.
pub struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
    /// Its standard input is a pipe from this process: when this process ends, the server stops.
    _guardian: Child,
}

/// A database of its own for one test; it is dropped with the last copy of this.
#[derive(Clone, Debug)]
pub struct Database {
    pub name: String,
    pub url: String,
    _end: Arc<End>,
}

/// Drops the database of that name.
#[derive(Debug)]
struct End(String);

impl Drop for End {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.0);
        if let Err(error) = cluster().try_psql("postgres", &sql) {
            eprintln!("{sql}: {error}");
        }
    }
}

/// A running replica.
#[derive(Debug)]
pub struct Replica {
    child: Child,
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The test program's cluster.
pub fn cluster() -> &'static Cluster {
    &CLUSTER
}

/// A new, empty database in the test program's cluster.
pub fn database() -> Database {
    cluster().database()
}

/// A free loopback port.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free loopback port")
        .port()
}

impl Cluster {
    fn start() -> Self {
        let bin = bin();
        let folder = std::env::temp_dir().join(format!("cofferdam-test-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let owner = owner();
        if let Some((uid, gid)) = owner {
            std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).expect("chown of the folder");
        }
        let data = folder.join("data");
        let initdb = lowered(Command::new(bin.join("initdb")), owner)
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
            ])
            .args(["--locale=C", "--pgdata"])
            .arg(&data)
            .current_dir(&folder)
            .output()
            .expect("initdb starts");
        assert!(
            initdb.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&initdb.stderr)
        );
        let port = free_port();
        let script = format!(
            "'{}' -D '{}' -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{}' \
             -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c log_statement=all \
             -c log_line_prefix='%d|%a|' -c max_connections=60 >>'{}' 2>&1 & \
             server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf '{}'",
            bin.join("postgres").display(),
            data.display(),
            folder.display(),
            folder.join("log").display(),
            folder.display(),
        );
        let guardian = lowered(Command::new("sh"), owner)
            .args(["-c", &script])
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh starts");
        let cluster = Cluster {
            bin,
            folder,
            port,
            _guardian: guardian,
        };
        let deadline = Instant::now() + Duration::from_secs(60);
        while cluster.try_psql("postgres", "SELECT 1").is_err() {
            assert!(
                Instant::now() < deadline,
                "PostgreSQL did not start: {}",
                cluster.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        cluster
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its programs.
    pub fn bin(&self) -> &Path {
        &self.bin
    }

    /// The server's log so far; statements stand in lines of `database|application|…`.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// A new, empty database.
    pub fn database(&self) -> Database {
        let name = format!(
            "t{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        self.psql(
            "postgres",
            &format!("CREATE DATABASE {name} TEMPLATE template0"),
        );
        let url = format!("postgresql://postgres@127.0.0.1:{}/{name}", self.port);
        let _end = Arc::new(End(name.clone()));
        Database { name, url, _end }
    }

    /// Runs `sql` through psql and gives its unaligned output.
    ///
    /// # Panics
    /// When psql fails.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        match self.try_psql(database, sql) {
            Ok(output) => output,
            Err(error) => panic!("psql: {error}\n{sql}"),
        }
    }

    /// Runs `sql` through psql; an error is what it printed.
    pub fn try_psql(&self, database: &str, sql: &str) -> Result<String, String> {
        use std::io::Write;
        let mut child = Command::new(self.program("psql"))
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                "127.0.0.1",
            ])
            .args([
                "-U",
                "postgres",
                "-p",
                &self.port.to_string(),
                "-d",
                database,
                "-f",
                "-",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut stdin = child.stdin.take().expect("a pipe");
        let text = sql.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
        let output = child
            .wait_with_output()
            .map_err(|error| error.to_string())?;
        let _ = writer.join();
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout)
                .trim_end()
                .to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// The catalog as pg_dump prints it, without version table and journal.
    pub fn dump(&self, database: &str) -> String {
        let output = Command::new(self.program("pg_dump"))
            .args([
                "--schema-only",
                "--restrict-key=x",
                "--exclude-schema=cofferdam",
            ])
            .args([
                "--exclude-table=alembic_version",
                "-h",
                "127.0.0.1",
                "-U",
                "postgres",
            ])
            .args(["-p", &self.port.to_string(), database])
            .output()
            .expect("pg_dump starts");
        assert!(
            output.status.success(),
            "pg_dump: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The statements that Cofferdam sent to `database`, in order, from the server's log.
    pub fn received(&self, database: &str) -> Vec<String> {
        let log = self.log();
        let mut statements: Vec<String> = Vec::new();
        let mut mine = false;
        for line in log.split('\n') {
            if let Some(rest) = line.strip_prefix('\t') {
                if mine && let Some(last) = statements.last_mut() {
                    last.push('\n');
                    last.push_str(rest);
                }
                continue;
            }
            let sent = line
                .strip_prefix(&format!("{database}|cofferdam|"))
                .and_then(|rest| rest.trim_start().strip_prefix("LOG:"))
                .and_then(|rest| rest.trim_start().strip_prefix("statement: "));
            mine = sent.is_some();
            statements.extend(sent.map(str::to_owned));
        }
        statements
    }

    /// A streaming replica of the cluster that applies what it gets only so much later, in its own folder below the
    /// cluster's; it ends when it is dropped.
    pub fn replica(&self, delay: &str) -> Replica {
        let name = format!("replica-{delay}");
        let folder = self.folder.join(&name);
        let owner = owner();
        let base = lowered(Command::new(self.program("pg_basebackup")), owner)
            .args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync"])
            .args([
                "-h",
                "127.0.0.1",
                "-U",
                "postgres",
                "-p",
                &self.port.to_string(),
            ])
            .arg("--pgdata")
            .arg(&folder)
            .current_dir(&self.folder)
            .output()
            .expect("pg_basebackup starts");
        assert!(
            base.status.success(),
            "pg_basebackup: {}",
            String::from_utf8_lossy(&base.stderr)
        );
        let child = lowered(Command::new(self.bin.join("postgres")), owner)
            .arg("-D")
            .arg(&folder)
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                &format!("unix_socket_directories={}", folder.display()),
            ])
            .args(["-c", &format!("recovery_min_apply_delay={delay}")])
            // The primary knows it by this name.
            .args(["-c", &format!("cluster_name={name}")])
            .args([
                "-c",
                "hot_standby=on",
                "-c",
                "wal_receiver_status_interval=1s",
            ])
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres starts");
        let replica = Replica { child };
        let deadline = Instant::now() + Duration::from_secs(180);
        let streams = format!(
            "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '{name}'"
        );
        while self.psql("postgres", &streams) == "0" {
            assert!(Instant::now() < deadline, "the replica does not stream");
            std::thread::sleep(Duration::from_millis(50));
        }
        replica
    }

    /// psql and pg_dump stand beside the server's programs, or on PATH.
    pub fn program(&self, name: &str) -> PathBuf {
        let beside = self.bin.join(name);
        if beside.exists() {
            beside
        } else {
            PathBuf::from(name)
        }
    }
}

fn bin() -> PathBuf {
    if let Some(bin) = std::env::var_os("COFFERDAM_TEST_PG_BIN") {
        return bin.into();
    }
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    found
        .pop()
        .expect("PostgreSQL's programs: set COFFERDAM_TEST_PG_BIN, or run `cargo xtask test`")
}

/// PostgreSQL refuses root: the user that it runs as instead.
fn owner() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    if !root {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let postgres = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some("postgres")).then(|| (fields.nth(1), fields.next()))
    });
    match postgres {
        Some((Some(uid), Some(gid))) => Some((uid.parse().ok()?, gid.parse().ok()?)),
        _ => Some((65534, 65534)),
    }
}

fn lowered(mut command: Command, owner: Option<(u32, u32)>) -> Command {
    if let Some((uid, gid)) = owner {
        command.gid(gid).uid(uid);
    }
    command
}
