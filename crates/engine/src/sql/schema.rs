//! The schema as far as reading statements tells: what was made in a plan, types of columns, constraints, indexes.

/// What is known; empty where nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {}
