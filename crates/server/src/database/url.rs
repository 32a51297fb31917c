//! Database URLs as people have them: libpq's, SQLAlchemy's with a driver (`postgresql+asyncpg`),
//! and the options that drivers add.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sqlx::postgres::PgConnectOptions;
use std::fmt::Write;
use std::time::Duration;

/// Why a URL cannot be used; never with a part of it that may be a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    #[error("the database URL is empty")]
    Empty,
    #[error(
        "this is not a database URL: it should look like postgresql://user:password@host:5432/database"
    )]
    Shape,
    #[error(
        "the database URL begins with `{0}://`, and Cofferdam works with PostgreSQL only: it should begin with `postgresql://`"
    )]
    Scheme(String),
    #[error("the port in the database URL is not a number from 1 to 65535")]
    Port,
    #[error(
        "the database URL names several hosts, and Cofferdam connects to one: name the primary"
    )]
    SeveralHosts,
    #[error("the {0} in the database URL is not UTF-8 after decoding its %xx escapes")]
    Encoding(&'static str),
    #[error("the database URL has an option that is not known: `{0}`")]
    UnknownOption(String),
    #[error("the database URL has an option whose name cannot be read")]
    StrangeOption,
    #[error("`{option}` in the database URL cannot have this value: {allowed}")]
    Value {
        option: &'static str,
        allowed: &'static str,
    },
    #[error("a setting of the environment, such as PGPORT or PGSSLMODE, cannot be used")]
    Environment,
}

/// A URL's parts, decoded.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Parts {
    user: Option<String>,
    password: Option<String>,
    host: Option<String>,
    port: Option<u16>,
    database: Option<String>,
    ssl_mode: Option<&'static str>,
    ssl_files: Vec<(&'static str, String)>,
    pub application_name: Option<String>,
    server_options: Option<String>,
    pub connect_timeout: Option<Duration>,
}

const SSL_MODES: &str = "disable, allow, prefer, require, verify-ca or verify-full";

/// Options of drivers and of libpq that change nothing here.
const IGNORED: &[&str] = &[
    "async_fallback",
    "channel_binding",
    "client_encoding",
    "command_timeout",
    "connection_limit",
    "fallback_application_name",
    "gssencmode",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "load_balance_hosts",
    "max_cached_statement_lifetime",
    "pgbouncer",
    "pool_timeout",
    "prepare_threshold",
    "prepared_statement_cache_size",
    "prepared_statement_name_func",
    "schema",
    "sslcompression",
    "sslnegotiation",
    "sslsni",
    "statement_cache_size",
    "target_session_attrs",
    "tcp_user_timeout",
    "timeout",
];

impl Parts {
    pub fn read(text: &str) -> Result<Self, UrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(UrlError::Empty);
        }
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::Shape)?;
        check_scheme(scheme)?;
        let (before, query) = cut_query(rest);
        let (user_info, place) = match before.rfind('@') {
            Some(at) => (Some(&before[..at]), &before[at + 1..]),
            None => (None, before),
        };
        let mut parts = Parts::default();
        if let Some(user_info) = user_info {
            let (user, password) = match user_info.split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (user_info, None),
            };
            parts.user = filled(decode(user, "user")?);
            parts.password = password.map(|text| decode(text, "password")).transpose()?;
        }
        let (server, database) = match place.split_once('/') {
            Some((server, database)) => (server, Some(database)),
            None => (place, None),
        };
        parts.read_server(server)?;
        if let Some(database) = database {
            parts.database = filled(decode(database, "database name")?);
        }
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(&value.replace('+', " "), "option")?;
            parts.read_option(key, value).map_err(|error| match error {
                // With an `@` behind it, this may be the middle of a password.
                UrlError::UnknownOption(_) if query.contains('@') => UrlError::StrangeOption,
                error => error,
            })?;
        }
        Ok(parts)
    }

    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    fn read_server(&mut self, server: &str) -> Result<(), UrlError> {
        if server.contains(',') {
            return Err(UrlError::SeveralHosts);
        }
        let (host, port) = match server.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']').ok_or(UrlError::Shape)?;
                (host, after.strip_prefix(':').unwrap_or(after))
            }
            None => server.split_once(':').unwrap_or((server, "")),
        };
        self.host = filled(decode(host, "host")?);
        if !port.is_empty() {
            self.port = Some(read_port(port)?);
        }
        Ok(())
    }

    fn read_option(&mut self, key: &str, value: String) -> Result<(), UrlError> {
        match key {
            "user" => self.user = filled(value),
            "password" => self.password = Some(value),
            "host" | "hostaddr" | "unix_sock" => {
                if value.contains(',') {
                    return Err(UrlError::SeveralHosts);
                }
                // pg8000 names the socket itself, libpq its folder.
                let folder = value
                    .rsplit_once("/.s.PGSQL.")
                    .map(|(folder, _)| folder.to_owned());
                self.host = filled(folder.unwrap_or(value));
            }
            "port" => self.port = Some(read_port(&value)?),
            "dbname" | "database" => self.database = filled(value),
            "application_name" => self.application_name = filled(value),
            "options" => self.server_options = filled(value),
            "sslmode" | "ssl-mode" | "ssl" => self.ssl_mode = Some(read_ssl_mode(key, &value)?),
            "sslrootcert" if value == "system" => {
                self.ssl_mode.get_or_insert("verify-full");
            }
            "sslrootcert" => self.ssl_files.push(("sslrootcert", value)),
            "sslcert" => self.ssl_files.push(("sslcert", value)),
            "sslkey" => self.ssl_files.push(("sslkey", value)),
            "connect_timeout" => {
                let seconds: u64 = value.parse().map_err(|_| UrlError::Value {
                    option: "connect_timeout",
                    allowed: "it is a number of seconds",
                })?;
                // As in libpq: zero means no limit of its own.
                self.connect_timeout = (seconds > 0).then(|| Duration::from_secs(seconds));
            }
            _ if IGNORED.contains(&key) => {}
            _ if !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') => {
                return Err(UrlError::UnknownOption(key.to_owned()));
            }
            _ => return Err(UrlError::StrangeOption),
        }
        Ok(())
    }

    /// Hands the parts to sqlx, which adds the PG* variables and the password file as libpq does.
    pub fn options(&self) -> Result<PgConnectOptions, UrlError> {
        let mut url = String::from("postgres:///?");
        let port = self.port.map(|port| port.to_string());
        let pairs = [
            ("user", self.user.as_deref()),
            ("password", self.password.as_deref()),
            ("host", self.host.as_deref()),
            ("port", port.as_deref()),
            ("dbname", self.database.as_deref()),
            ("sslmode", self.ssl_mode),
            ("application_name", self.application_name.as_deref()),
            ("options", self.server_options.as_deref()),
        ];
        let files = self
            .ssl_files
            .iter()
            .map(|(key, value)| (*key, Some(value.as_str())));
        for (key, value) in pairs.into_iter().chain(files) {
            if let Some(value) = value {
                let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
                // Writing to a String cannot fail.
                let _ = write!(url, "{key}={value}&");
            }
        }
        url.parse().map_err(|_| UrlError::Environment)
    }
}

fn check_scheme(scheme: &str) -> Result<(), UrlError> {
    let word = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let (base, driver) = match scheme.split_once('+') {
        Some((base, driver)) => (base, Some(driver)),
        None => (scheme, None),
    };
    if !word(base) || !driver.is_none_or(word) {
        return Err(UrlError::Shape);
    }
    match base.to_ascii_lowercase().as_str() {
        "postgresql" | "postgres" => Ok(()),
        _ => Err(UrlError::Scheme(scheme.to_owned())),
    }
}

/// Splits off the query: it begins at the first `?` that an option follows. A password that was
/// not encoded may hold `?`, `/` and `@`; no part of it may be taken for a host, which errors name.
fn cut_query(rest: &str) -> (&str, &str) {
    let is_option = |mark: &usize| {
        let key = rest[mark + 1..].split_once('=').map_or("", |(key, _)| key);
        !key.is_empty()
            && key
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || b"_-".contains(&b))
    };
    let marks = rest.match_indices('?').map(|(at, _)| at);
    let after_user = rest.rfind('@').unwrap_or(0);
    let first = marks.clone().find(is_option);
    match first.or_else(|| marks.clone().find(|mark| *mark > after_user)) {
        Some(mark) => (&rest[..mark], &rest[mark + 1..]),
        None => (rest, ""),
    }
}

fn decode(text: &str, what: &'static str) -> Result<String, UrlError> {
    match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(UrlError::Encoding(what)),
    }
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn read_port(text: &str) -> Result<u16, UrlError> {
    text.parse()
        .ok()
        .filter(|port| *port > 0)
        .ok_or(UrlError::Port)
}

fn read_ssl_mode(key: &str, value: &str) -> Result<&'static str, UrlError> {
    let option = if key == "ssl" { "ssl" } else { "sslmode" };
    match value.to_ascii_lowercase().as_str() {
        "disable" => Ok("disable"),
        "allow" => Ok("allow"),
        "prefer" => Ok("prefer"),
        "require" => Ok("require"),
        "verify-ca" => Ok("verify-ca"),
        "verify-full" => Ok("verify-full"),
        // As libpq translates JDBC's `ssl=true`.
        "true" | "on" | "1" if option == "ssl" => Ok("require"),
        "false" | "off" | "0" if option == "ssl" => Ok("disable"),
        _ => Err(UrlError::Value {
            option,
            allowed: SSL_MODES,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Database;

    fn parts(text: &str) -> Parts {
        Parts::read(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn shown(text: &str) -> String {
        match Database::from_url(text) {
            Ok(database) => database.to_string(),
            Err(error) => panic!("{text}: {error}"),
        }
    }

    #[test]
    fn every_driver_and_shape_is_understood() {
        for url in [
            "postgresql://ann:pw@db.example:6543/shop",
            "postgres://ann:pw@db.example:6543/shop",
            "postgresql+asyncpg://ann:pw@db.example:6543/shop?ssl=require",
            "postgresql+psycopg2://ann:pw@db.example:6543/shop?sslmode=prefer",
            "postgresql+psycopg://ann:pw@db.example:6543/shop?connect_timeout=5",
            "postgresql://db.example/shop?user=ann&password=pw&port=6543",
            "postgresql:///shop?host=db.example&user=ann&port=6543",
            " postgresql://ann:pw@db.example:6543/shop?async_fallback=true&options=-c%20geqo%3Doff\n",
        ] {
            assert_eq!(shown(url), "ann@db.example:6543/shop", "{url}");
        }
        assert_eq!(
            shown("postgresql://ann@[::1]:6543/shop"),
            "ann@[::1]:6543/shop"
        );
        assert_eq!(
            shown("postgresql://ann:pw@/shop?host=/var/run/postgresql&port=5433"),
            "ann@/var/run/postgresql:5433/shop"
        );
        assert_eq!(
            shown("postgresql+pg8000://ann@/shop?unix_sock=/tmp/.s.PGSQL.5432&port=5432"),
            "ann@/tmp:5432/shop"
        );
    }

    #[test]
    fn escapes_are_decoded_once() {
        let found = parts("postgresql://a%40b:p%40s%2Fs%3A%25%3Fw%2b+@h/d%20b");
        assert_eq!(found.user.as_deref(), Some("a@b"));
        assert_eq!(found.password.as_deref(), Some("p@s/s:%?w++"));
        assert_eq!(found.database.as_deref(), Some("d b"));
        let found = parts("postgresql://h/d?password=a%26b+c&options=-c+search_path%3Dapp");
        assert_eq!(found.password.as_deref(), Some("a&b c"));
        assert_eq!(found.server_options.as_deref(), Some("-c search_path=app"));
    }

    #[test]
    fn a_password_that_was_not_encoded_stays_whole() {
        for password in ["p@ss", "p/ss", "p?ss", "p:ss", "p@s/s?x", "p#ss", "%zz"] {
            let found = parts(&format!(
                "postgresql://ann:{password}@host:5432/db?sslmode=prefer"
            ));
            assert_eq!(found.password.as_deref(), Some(password));
            assert_eq!(found.host.as_deref(), Some("host"), "{password}");
        }
    }

    #[test]
    fn ssl_words_mean_what_they_mean_to_libpq() {
        let mode = |text: &str| parts(&format!("postgresql://h/d?{text}")).ssl_mode;
        assert_eq!(mode("ssl=true"), Some("require"));
        assert_eq!(mode("ssl=disable"), Some("disable"));
        assert_eq!(mode("sslmode=VERIFY-FULL"), Some("verify-full"));
        assert_eq!(mode("sslrootcert=system"), Some("verify-full"));
        assert_eq!(mode(""), None);
        let wrong = Parts::read("postgresql://h/d?sslmode=true").err();
        assert!(matches!(
            wrong,
            Some(UrlError::Value {
                option: "sslmode",
                ..
            })
        ));
    }

    #[test]
    fn what_cannot_be_used_is_refused_in_one_sentence_without_the_password() {
        let secret = "s3cr3t-Pa55";
        for (url, start) in [
            ("", "the database URL is empty"),
            ("ann:s3cr3t-Pa55@host/db", "this is not a database URL"),
            (
                "mysql://ann:s3cr3t-Pa55@host/db",
                "the database URL begins with `mysql://`",
            ),
            (
                "sqlite+aiosqlite:///x.db",
                "the database URL begins with `sqlite+aiosqlite://`",
            ),
            ("ann:s3cr3t-Pa55://host/db", "this is not a database URL"),
            ("postgresql://ann:s3cr3t-Pa55@host:54x2/db", "the port"),
            ("postgresql://ann:s3cr3t-Pa55@host:0/db", "the port"),
            (
                "postgresql://ann:s3cr3t-Pa55@one,two/db",
                "the database URL names several hosts",
            ),
            (
                "postgresql://ann:s3cr3t-Pa55%ff@host/db",
                "the password in the database URL",
            ),
            (
                "postgresql://ann:s3cr3t-Pa55@host/db?sslmod=require",
                "the database URL has an option that is not known: `sslmod`",
            ),
            ("postgresql://ann:x?s3cr3t-Pa55", "the port"),
            (
                "postgresql://ann@x/?s3cr3t-Pa55",
                "the database URL has an option whose name",
            ),
        ] {
            let error = match Database::from_url(url) {
                Ok(database) => panic!("{url} gave {database}"),
                Err(error) => error.to_string(),
            };
            assert!(error.starts_with(start), "{url}: {error}");
            assert!(!error.contains(secret), "{error}");
            assert!(!error.contains('\n'));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_password_comes_through_encoded(password in "\\PC{1,20}") {
            let encoded = utf8_percent_encode(&password, NON_ALPHANUMERIC);
            let found = parts(&format!("postgresql://ann:{encoded}@host/db"));
            proptest::prop_assert_eq!(found.password.as_deref(), Some(password.as_str()));
        }

        #[test]
        fn no_password_is_printed_however_it_is_written(password in "S3[a-zA-Z0-9@:/?#%&=+. -]{6,20}") {
            for url in [
                format!("postgresql://ann:{password}@host:5432/db?sslmode=prefer"),
                format!("postgresql://ann:{password}@host/db?sslmod=prefer"),
                format!("mysql://ann:{password}@host/db"),
                format!("ann:{password}@host/db"),
                format!("postgresql://host/db?user=ann&password={password}"),
            ] {
                let said = match Database::from_url(&url) {
                    Ok(database) => format!("{database} {database:?}"),
                    Err(error) => format!("{error} {error:?}"),
                };
                proptest::prop_assert!(!said.contains(&password), "{} gave {}", url, said);
            }
        }
    }

    #[test]
    fn nothing_printed_holds_the_password() {
        let database = Database::from_url("postgresql://ann:hunter2@host/db").expect("a URL");
        assert!(!format!("{database} {database:?} {database:#?}").contains("hunter2"));
    }
}
