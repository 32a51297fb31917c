//! Doing two things at once, where the caller has threads.

/// Who runs two things. The engine has no threads of its own; a program that has them brings one of these.
pub trait Two: Copy {
    /// Runs both, at once or in turn.
    fn both<A: Send, B: Send>(
        self,
        one: impl FnOnce() -> A + Send,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B);
}

/// One after the other.
#[derive(Clone, Copy, Debug)]
pub struct InTurn;

impl Two for InTurn {
    fn both<A: Send, B: Send>(
        self,
        one: impl FnOnce() -> A + Send,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        (one(), other())
    }
}
