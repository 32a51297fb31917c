//! How far a statement in batches is, and how long it may still take: told from what the database answers, and not at all
//! where it does not know.

/// How often the database is asked, in milliseconds.
const BETWEEN_MS: u64 = 1000;

/// What is known of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Estimate {
    asked_ms: Option<u64>,
    /// The first answer, by which the pace is told: an earlier run may have done a part.
    first: Option<(u64, f64)>,
    last: Option<(u64, f64)>,
}

impl Estimate {
    /// Whether it is time to ask; then it counts as asked.
    pub(super) fn is_due(&mut self, now_ms: u64) -> bool {
        let due = self
            .asked_ms
            .is_none_or(|asked| now_ms.saturating_sub(asked) >= BETWEEN_MS);
        if due {
            self.asked_ms = Some(now_ms);
        }
        due
    }

    /// Takes an answer: a part from 0 to 1.
    pub(super) fn hear(&mut self, now_ms: u64, done: Option<f64>) {
        self.last = done
            .filter(|done| (0.0..=1.0).contains(done))
            .map(|done| (now_ms, done));
        self.first = self.first.or(self.last);
    }

    /// The pace is told anew, as after a pause.
    pub(super) fn begin_anew(&mut self) {
        (self.first, self.asked_ms) = (None, None);
    }

    pub(super) fn done(&self) -> Option<f64> {
        self.last.map(|(_, done)| done)
    }

    /// Milliseconds that are left at the pace since the first answer.
    pub(super) fn left_ms(&self, now_ms: u64) -> Option<u64> {
        let ((since, before), (at, done)) = (self.first?, self.last?);
        let (taken, gone) = ((at.checked_sub(since)?) as f64, done - before);
        if taken <= 0.0 || gone <= 0.0 {
            return None;
        }
        let left = taken / gone * (1.0 - done) - now_ms.saturating_sub(at) as f64;
        Some(left.max(0.0) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::Estimate;

    #[test]
    fn the_time_left_follows_the_pace_since_the_first_answer() {
        let mut estimate = Estimate::default();
        assert!(estimate.is_due(5000) && !estimate.is_due(5500) && estimate.is_due(6000));
        assert_eq!((estimate.done(), estimate.left_ms(5000)), (None, None));
        estimate.hear(5000, Some(0.5));
        assert_eq!((estimate.done(), estimate.left_ms(5000)), (Some(0.5), None));
        estimate.hear(7000, Some(0.6));
        assert_eq!(estimate.left_ms(7000), Some(8000));
        assert_eq!(estimate.left_ms(7500), Some(7500));
        // More rows than were estimated: then nothing is said.
        estimate.hear(9000, Some(1.2));
        assert_eq!((estimate.done(), estimate.left_ms(9000)), (None, None));
        estimate.hear(10_000, None);
        assert_eq!(estimate.done(), None);
        estimate.begin_anew();
        estimate.hear(20_000, Some(0.9));
        assert_eq!(estimate.left_ms(20_000), None);
    }
}
