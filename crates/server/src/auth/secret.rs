//! Random secrets: session cookies, one-time links and API tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cofferdam_engine::digest::sha256;
use subtle::ConstantTimeEq;

/// How an API token begins, so that scanners for leaked secrets can find it.
pub const TOKEN_PREFIX: &str = "cfd_";

/// A secret on its way to its owner; it has no `Display`, so that it is written out on purpose only.
pub struct Secret(String);

/// The machine gives no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers: {0}")]
pub struct NoRandomness(getrandom::Error);

impl Secret {
    /// Makes a secret of 256 random bits.
    pub fn new() -> Result<Self, NoRandomness> {
        Ok(Secret(URL_SAFE_NO_PAD.encode(random::<32>()?)))
    }

    /// Makes an API token's secret.
    pub fn token() -> Result<Self, NoRandomness> {
        Ok(Secret(format!(
            "{TOKEN_PREFIX}{}",
            URL_SAFE_NO_PAD.encode(random::<32>()?)
        )))
    }

    /// Takes what somebody sent.
    pub fn received(text: &str) -> Self {
        Secret(text.trim().to_owned())
    }

    /// The text, to be handed to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub fn hash(&self) -> String {
        sha256(self.0.as_bytes())
    }

    /// Compares with a stored hash in constant time.
    pub fn matches(&self, stored: &str) -> bool {
        self.hash().as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

/// Makes an identifier that no other run has.
pub fn run_id() -> Result<String, NoRandomness> {
    Ok(random::<12>()?
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_match_their_own_hash_only() {
        let (one, two) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_ne!(one.reveal(), two.reveal());
        assert_eq!(one.reveal().len(), 43);
        assert!(one.matches(&one.hash()));
        assert!(!one.matches(&two.hash()));
        assert!(Secret::received(&format!(" {}\n", one.reveal())).matches(&one.hash()));
    }

    #[test]
    fn a_token_can_be_told_by_its_prefix() {
        assert!(Secret::token().unwrap().reveal().starts_with("cfd_"));
    }
}
