//! Passwords: argon2id (RFC 9106), off the async threads, never more than two at once.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use tokio::sync::Semaphore;

/// Shortest password that is accepted, in characters.
pub const SHORTEST: usize = 10;
/// Longest password that is hashed, in bytes.
pub const LONGEST: usize = 1024;

/// Each hash takes 19 MiB: more at once would let strangers use up the memory.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("a password needs at least {SHORTEST} characters")]
    TooShort,
    #[error("a password may have at most {LONGEST} bytes")]
    TooLong,
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
}

/// Hashes a new password.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordError::TooShort);
    }
    if password.len() > LONGEST {
        return Err(PasswordError::TooLong);
    }
    aside(move || hash_now(&password)).await?
}

/// Whether `password` is the one that `stored` was made of. Without `stored` (nobody has that name,
/// or no password) it takes the same time and is false.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool, PasswordError> {
    if password.len() > LONGEST {
        return Ok(false);
    }
    aside(move || {
        let known = stored.is_some();
        let Ok(stored) = PasswordHash::new(stored.as_deref().unwrap_or(NOBODY)) else {
            return false;
        };
        let same = Argon2::default()
            .verify_password(password.as_bytes(), &stored)
            .is_ok();
        known && same
    })
    .await
}

/// The form of a hash, with the same cost as ours; no password is known to give it, and none may.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn hash_now(password: &str) -> Result<String, PasswordError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| PasswordError::Hash(error.to_string()))?;
    let salt =
        SaltString::encode_b64(&salt).map_err(|error| PasswordError::Hash(error.to_string()))?;
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordError::Hash(error.to_string()))
}

async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PasswordError> {
    let failed = |error: String| PasswordError::Hash(error);
    let permit = AT_ONCE
        .acquire()
        .await
        .map_err(|error| failed(error.to_string()))?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(permit);
    done.map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let stored = hash("correct horse".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(
            verify("correct horse".into(), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert!(!verify("wrong horse".into(), Some(stored)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_signs_in_as_a_user_without_a_password() {
        assert!(!verify("any password".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn checking_nobody_costs_as_much_as_checking_somebody() {
        let stored = hash("correct horse".into()).await.unwrap();
        let cost = |text: &str| text.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(cost(NOBODY), cost(&stored));
        assert!(PasswordHash::new(NOBODY).is_ok_and(|hash| hash.hash.is_some()));
    }

    #[tokio::test]
    async fn short_and_endless_passwords_are_refused() {
        assert!(matches!(
            hash("short".into()).await,
            Err(PasswordError::TooShort)
        ));
        assert!(matches!(
            hash("x".repeat(2000)).await,
            Err(PasswordError::TooLong)
        ));
    }
}
