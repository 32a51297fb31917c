//! Sealing: a plan as stored bytes with the digest that is approved.

use super::{FORMAT, Plan};
use crate::digest::sha256;

/// A plan with the bytes it is stored as. The digest is over these bytes, never over a
/// re-serialisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    plan: Plan,
    text: String,
    digest: String,
}

/// Why stored bytes are not a plan that this version runs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the plan cannot be read: {0}")]
    Malformed(String),
    #[error(
        "the plan has format {0}, and this version of Cofferdam reads format {FORMAT}: make it again"
    )]
    Format(u64),
    #[error("the plan's digest is {found}, but {expected} was approved: make the plan again")]
    Digest { expected: String, found: String },
}

impl Sealed {
    /// Seals `plan`.
    pub fn new(plan: Plan) -> Self {
        let text = serde_json::to_string(&plan).unwrap_or_default();
        let digest = sha256(text.as_bytes());
        Sealed { plan, text, digest }
    }

    /// Reads stored bytes; unknown fields and formats are refused.
    pub fn read(text: &str) -> Result<Self, SealError> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| SealError::Malformed(error.to_string()))?;
        match value.get("format").and_then(serde_json::Value::as_u64) {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) => return Err(SealError::Format(format)),
            None => return Err(SealError::Malformed("it has no format".into())),
        }
        let plan: Plan =
            serde_json::from_str(text).map_err(|error| SealError::Malformed(error.to_string()))?;
        Ok(Sealed {
            plan,
            digest: sha256(text.as_bytes()),
            text: text.to_owned(),
        })
    }

    /// Reads stored bytes whose digest must be `expected`.
    pub fn verify(text: &str, expected: &str) -> Result<Self, SealError> {
        let sealed = Self::read(text)?;
        if sealed.digest == expected {
            Ok(sealed)
        } else {
            Err(SealError::Digest {
                expected: expected.to_owned(),
                found: sealed.digest,
            })
        }
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The stored text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the stored bytes.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Kind;

    fn empty() -> Plan {
        Plan {
            format: FORMAT,
            project: "p".into(),
            environment: None,
            kind: Kind::Upgrade,
            target: "head".into(),
            from: vec![],
            to: vec![],
            version_table: "alembic_version".into(),
            prepare: vec![],
            settings: vec![],
            limits: crate::plan::Limits::default(),
            revisions: vec![],
        }
    }

    #[test]
    fn what_was_sealed_is_read_back_with_the_same_digest() {
        let sealed = Sealed::new(empty());
        assert_eq!(Sealed::verify(sealed.text(), sealed.digest()), Ok(sealed));
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let sealed = Sealed::new(empty());
        let changed = sealed.text().replace("\"head\"", "\"base\"");
        assert!(matches!(
            Sealed::verify(&changed, sealed.digest()),
            Err(SealError::Digest { .. })
        ));
    }

    #[test]
    fn unknown_fields_and_formats_are_refused() {
        let text = Sealed::new(empty()).text().to_owned();
        let field = text.replacen('{', "{\"surprise\":1,", 1);
        assert!(matches!(Sealed::read(&field), Err(SealError::Malformed(_))));
        let format = text.replace("\"format\":1", "\"format\":2");
        assert_eq!(Sealed::read(&format), Err(SealError::Format(2)));
        assert!(matches!(Sealed::read("{"), Err(SealError::Malformed(_))));
    }
}
