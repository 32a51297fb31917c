//! How large expressions and queries may grow: what is used twice in a loop doubles every time.

use super::trouble::{Known, unknown};

/// Size and depth of an expression or a query.
#[derive(Clone, Copy, Debug)]
pub struct Weight {
    depth: u32,
    size: u32,
}

const DEEPEST: u32 = 150;
const LARGEST: u32 = 50_000;

impl Weight {
    pub const ONE: Weight = Weight { depth: 1, size: 1 };

    /// Of something that has `parts`.
    pub fn of(parts: impl IntoIterator<Item = Weight>) -> Self {
        let mut all = Weight { depth: 0, size: 0 };
        for part in parts {
            all.depth = all.depth.max(part.depth);
            all.size = all.size.saturating_add(part.size);
        }
        Weight {
            depth: all.depth + 1,
            size: all.size.saturating_add(1),
        }
    }

    /// Fails where it is too much.
    pub fn checked(self) -> Known<Self> {
        if self.depth > DEEPEST || self.size > LARGEST {
            return Err(unknown("an expression so large is not known to Cofferdam"));
        }
        Ok(self)
    }
}
