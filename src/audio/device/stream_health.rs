//! Not real-time: signs that an open device is in trouble, read off its counters and its errors.

use crate::audio::output::Counters;
use crossbeam_channel::Receiver;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// A device that makes no callback for this long is lost, whatever it says; one that played and reported an error, much
/// sooner. (Sound servers report errors that pass, so an error alone proves nothing. Before a stream's first callback
/// they prove nothing at all: ALSA's pulse plug-in answers "I/O error" until the server has told its first timing, which
/// on a busy machine takes half a second. After an underrun it begins again in the same way.)
const HANG: Duration = Duration::from_millis(2_500);
const HANG_AFTER_ERROR: Duration = Duration::from_secs(1);

/// Dropouts within [`DROPOUT_WINDOW`] that show that a block size is too small.
const DROPOUT_LIMIT: u64 = 2;
const DROPOUT_WINDOW: Duration = Duration::from_secs(30);

/// Watches one connection.
pub struct StreamHealth {
    reasons_rx: Receiver<String>,
    /// The last error, while no callback has proved it harmless.
    reason: Option<String>,
    callbacks: u64,
    alive_at: Instant,
    /// It has asked for sound at least once.
    begun: bool,
    dropouts: u64,
    dropouts_since: Instant,
}

impl StreamHealth {
    /// Begins to watch a device, opened `now`, that tells its errors over `reasons_rx`.
    pub fn new(reasons_rx: Receiver<String>, counters: &Counters, now: Instant) -> Self {
        Self {
            reasons_rx,
            reason: None,
            callbacks: counters.callbacks.load(Relaxed),
            alive_at: now,
            begun: false,
            dropouts: counters.dropouts.load(Relaxed),
            dropouts_since: now,
        }
    }

    /// Why the device must be given up `now`, if it must.
    pub fn lost(&mut self, counters: &Counters, now: Instant) -> Option<String> {
        let callbacks = counters.callbacks.load(Relaxed);
        if callbacks != self.callbacks {
            self.callbacks = callbacks;
            self.alive_at = now;
            self.begun = true;
            self.reason = None;
        }
        for reason in self.reasons_rx.try_iter() {
            log::debug!("the output device says: {reason}");
            self.reason.get_or_insert(reason);
        }
        let patience = if self.begun && self.reason.is_some() {
            HANG_AFTER_ERROR
        } else {
            HANG
        };
        let lost = counters.lost.load(Relaxed) || now.saturating_duration_since(self.alive_at) > patience;
        lost.then(|| {
            let reason = self.reason.take();
            reason.unwrap_or_else(|| "the device stopped asking for sound".to_owned())
        })
    }

    /// Whether it has dropped out so often by `now` that its blocks should grow.
    pub fn stutters(&mut self, counters: &Counters, now: Instant) -> bool {
        let dropouts = counters.dropouts.load(Relaxed);
        if now.saturating_duration_since(self.dropouts_since) > DROPOUT_WINDOW {
            self.dropouts = dropouts;
            self.dropouts_since = now;
        }
        dropouts - self.dropouts >= DROPOUT_LIMIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossbeam_channel::bounded;

    const MOMENT: Duration = Duration::from_millis(20);

    #[test]
    fn an_error_that_passes_is_forgiven_and_one_that_stays_is_told() {
        let counters = Counters::default();
        let (reasons_tx, reasons_rx) = bounded(4);
        let mut now = Instant::now();
        let mut health = StreamHealth::new(reasons_rx, &counters, now);
        reasons_tx.send("a hiccup".to_owned()).unwrap();
        assert_eq!(health.lost(&counters, now), None);
        counters.callbacks.fetch_add(1, Relaxed);
        now += MOMENT;
        assert_eq!(health.lost(&counters, now), None);
        now += HANG_AFTER_ERROR + MOMENT;
        assert_eq!(health.lost(&counters, now), None, "the hiccup had passed");
        reasons_tx.send("it burns".to_owned()).unwrap();
        assert_eq!(health.lost(&counters, now).as_deref(), Some("it burns"));
    }

    #[test]
    fn a_device_that_has_not_begun_is_given_time() {
        let counters = Counters::default();
        let (reasons_tx, reasons_rx) = bounded(4);
        let opened = Instant::now();
        let mut health = StreamHealth::new(reasons_rx, &counters, opened);
        reasons_tx.send("not yet".to_owned()).unwrap();
        let soon = opened + HANG_AFTER_ERROR + MOMENT;
        assert_eq!(health.lost(&counters, soon), None, "it is still opening");
        assert_eq!(health.lost(&counters, opened + HANG), None, "it has until then");
        let late = opened + HANG + MOMENT;
        assert_eq!(health.lost(&counters, late).as_deref(), Some("not yet"));
    }

    #[test]
    fn a_device_that_says_it_is_gone_is_lost_at_once() {
        let counters = Counters::default();
        let (_reasons_tx, reasons_rx) = bounded(4);
        let now = Instant::now();
        let mut health = StreamHealth::new(reasons_rx, &counters, now);
        counters.lost.store(true, Relaxed);
        assert!(health.lost(&counters, now).is_some());
    }

    #[test]
    fn a_few_dropouts_in_a_row_are_a_stutter_and_rare_ones_are_not() {
        let counters = Counters::default();
        let (_reasons_tx, reasons_rx) = bounded(4);
        let mut now = Instant::now();
        let mut health = StreamHealth::new(reasons_rx, &counters, now);
        for _ in 0..2 * DROPOUT_LIMIT {
            counters.dropouts.fetch_add(1, Relaxed);
            now += DROPOUT_WINDOW + MOMENT;
            assert!(!health.stutters(&counters, now));
        }
        counters.dropouts.fetch_add(DROPOUT_LIMIT - 1, Relaxed);
        assert!(!health.stutters(&counters, now));
        counters.dropouts.fetch_add(1, Relaxed);
        assert!(health.stutters(&counters, now + MOMENT));
    }
}
