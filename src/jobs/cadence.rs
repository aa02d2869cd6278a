//! When something that is done now and then is due again.

use std::time::{Duration, Instant};

/// Due after a first wait, then at intervals.
pub(super) struct Cadence {
    due: Instant,
    pause: Duration,
}

impl Cadence {
    pub(super) fn new(now: Instant, first: Duration, pause: Duration) -> Self {
        Self {
            due: now + first,
            pause,
        }
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        now >= self.due
    }

    /// It was done: due again after the pause.
    pub(super) fn done(&mut self, now: Instant) {
        self.due = now + self.pause;
    }

    /// Waits `pause` between two times from the next one on.
    pub(super) fn set_pause(&mut self, pause: Duration) {
        self.pause = pause;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wait_is_one_of_its_own() {
        let start = Instant::now();
        let at = |secs: u64| start + Duration::from_secs(secs);
        let mut cadence = Cadence::new(start, Duration::from_secs(60), Duration::from_secs(180));
        let mut done = Vec::new();
        for secs in (0..600).step_by(10) {
            if cadence.is_due(at(secs)) {
                cadence.done(at(secs));
                done.push(secs);
            }
        }
        assert_eq!(done, [60, 240, 420]);
    }
}
