//! Suppressions: `-- +allow code: reason` above a statement, `-- +allow-file code: reason`, and squawk's comments.

use super::Hazard;
use crate::sql::Directive;
use std::ops::Range;

/// A suppression, and whether it suppressed anything.
pub(super) struct Suppression {
    /// None means every code (squawk's comment without codes).
    code: Option<String>,
    reason: String,
    /// Which statement it is for; every one where it is none.
    statement: Option<usize>,
    /// Where it stands.
    pub range: Range<usize>,
    pub is_used: bool,
}

impl Suppression {
    pub fn allow(
        directive: &Directive,
        statement: Option<usize>,
        range: Range<usize>,
    ) -> Option<Self> {
        let (code, reason, statement) = match directive {
            Directive::Allow { code, reason } => (code, reason, statement),
            Directive::AllowFile { code, reason } => (code, reason, None),
            Directive::Commit | Directive::NoTransaction | Directive::Backfill(_) => {
                return None;
            }
        };
        Some(Suppression {
            code: Some(code.clone()),
            reason: reason.clone(),
            statement,
            range,
            is_used: false,
        })
    }

    /// Those of one of squawk's comments.
    pub fn squawk(codes: &[String], statement: Option<usize>, range: Range<usize>) -> Vec<Self> {
        let one = |code: Option<String>| Suppression {
            code,
            reason: "squawk-ignore".into(),
            statement,
            range: range.clone(),
            is_used: false,
        };
        match codes {
            [] => vec![one(None)],
            codes => codes.iter().map(|code| one(Some(code.clone()))).collect(),
        }
    }

    fn is_for(&self, hazard: &Hazard) -> bool {
        let code = self.code.as_deref();
        (self.statement.is_none() || self.statement == hazard.statement)
            && code.is_none_or(|code| {
                super::Rule::by_code(code)
                    .map_or(code == hazard.rule.code, |rule| *rule == *hazard.rule)
            })
    }

    /// What it says, for the message that nothing is suppressed by it.
    pub fn code(&self) -> &str {
        self.code.as_deref().unwrap_or("any hazard")
    }
}

/// Marks the hazards that a suppression allows.
pub(super) fn suppress(hazards: &mut [Hazard], suppressions: &mut [Suppression]) {
    for hazard in hazards {
        for suppression in suppressions.iter_mut() {
            if suppression.is_for(hazard) {
                suppression.is_used = true;
                hazard.allowed = Some(suppression.reason.clone());
            }
        }
    }
}
