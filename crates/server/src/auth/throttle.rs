//! Slows down guessing: after a few failures for one name or from one address, the next try has to
//! wait, twice as long each time, up to a minute.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Failures that cost nothing.
const FREE: u32 = 5;
const LONGEST: Duration = Duration::from_secs(60);
/// After this time without a failure, everything is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(15 * 60);
/// How many names and addresses are remembered.
const MOST: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Instant,
}

/// Failed tries to sign in, by name and by address.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<HashMap<Key, Failures>>,
}

impl Throttle {
    /// How long the next try has to wait; none: it may be made now.
    pub fn wait(&self, name: &str, address: Option<IpAddr>, now: Instant) -> Option<Duration> {
        let failures = self
            .failures
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        keys(name, address)
            .filter_map(|key| {
                let failures = failures.get(&key)?;
                let until = failures.last + pause(&key, failures.count);
                until
                    .checked_duration_since(now)
                    .filter(|left| !left.is_zero())
            })
            .max()
    }

    /// Remembers a failed try to sign in as `name`.
    pub fn failed(&self, name: &str, address: Option<IpAddr>, now: Instant) {
        self.remember(keys(name, address), now);
    }

    /// Remembers a failed try with a link, which names nobody.
    pub fn failed_from(&self, address: IpAddr, now: Instant) {
        self.remember(std::iter::once(Key::Address(address)), now);
    }

    fn remember(&self, keys: impl Iterator<Item = Key>, now: Instant) {
        let mut failures = self
            .failures
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        failures.retain(|_, failures| now.duration_since(failures.last) < FORGOTTEN);
        for key in keys {
            if failures.len() >= MOST && !failures.contains_key(&key) {
                continue;
            }
            let entry = failures.entry(key).or_insert(Failures {
                count: 0,
                last: now,
            });
            entry.count += 1;
            entry.last = now;
        }
    }

    /// Forgets the failures for a name that has now signed in.
    pub fn succeeded(&self, name: &str) {
        let mut failures = self
            .failures
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        failures.remove(&Key::Name(name.to_owned()));
    }
}

fn keys(name: &str, address: Option<IpAddr>) -> impl Iterator<Item = Key> {
    std::iter::once(Key::Name(name.to_owned())).chain(address.map(Key::Address))
}

/// Many people may share one address, so it is slowed down later.
fn pause(key: &Key, count: u32) -> Duration {
    let free = match key {
        Key::Name(_) => FREE,
        Key::Address(_) => FREE * 10,
    };
    match count.checked_sub(free) {
        None => Duration::ZERO,
        Some(over) => Duration::from_secs(1 << over.min(6)).min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_failures_are_free_and_then_the_wait_doubles() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for _ in 0..4 {
            throttle.failed("ada", None, start);
        }
        assert_eq!(throttle.wait("ada", None, start), None);
        throttle.failed("ada", None, start);
        assert_eq!(
            throttle.wait("ada", None, start),
            Some(Duration::from_secs(1))
        );
        throttle.failed("ada", None, start);
        assert_eq!(
            throttle.wait("ada", None, start),
            Some(Duration::from_secs(2))
        );
        for _ in 0..50 {
            throttle.failed("ada", None, start);
        }
        assert_eq!(throttle.wait("ada", None, start), Some(LONGEST));
        assert_eq!(throttle.wait("bob", None, start), None);
        assert_eq!(throttle.wait("ada", None, start + LONGEST), None);
        throttle.succeeded("ada");
        assert_eq!(throttle.wait("ada", None, start), None);
    }

    #[test]
    fn an_address_that_tries_many_names_is_slowed_down() {
        let throttle = Throttle::default();
        let address = Some(IpAddr::from([192, 0, 2, 1]));
        let start = Instant::now();
        for index in 0..50 {
            throttle.failed(&format!("name-{index}"), address, start);
        }
        assert_eq!(
            throttle.wait("fresh", address, start),
            Some(Duration::from_secs(1))
        );
    }
}
