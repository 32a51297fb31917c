//! A server's address, as an option or a variable names it.

use anyhow::{Result, bail};

/// Where a server is expected of which nothing is known.
pub const DEFAULT: &str = "http://127.0.0.1:8400";

/// Checks the address that `option` names, and leaves its last `/` away. What is wrong is not
/// repeated: there may be a password in it.
pub fn check(option: &str, address: &str) -> Result<String> {
    let address = address.trim().trim_end_matches('/');
    let host = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@']) => {
            Ok(address.to_owned())
        }
        _ => bail!(
            "{option} is an address without a path or a password, such as https://db.example.org"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_not_repeated() {
        for (good, address) in [
            ("https://db.example.org/", "https://db.example.org"),
            (DEFAULT, DEFAULT),
        ] {
            assert_eq!(check("--server", good).ok().as_deref(), Some(address));
        }
        for bad in [
            "",
            "hush.example.org",
            "https://",
            "ftp://hush.example.org",
            "https://db.example.org/hush",
            "https://ann:hush@db.example.org",
            "http://ann:/hush@db.example.org",
        ] {
            let told = check("--server", bad).err().map(|error| error.to_string());
            let told = told.unwrap_or_default();
            assert!(told.starts_with("--server is an address"), "{bad}: {told}");
            assert!(!told.contains("hush"), "{told}");
        }
    }
}
