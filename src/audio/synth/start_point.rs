//! Real-time: where the answer to a request is begun.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A place that waits for the sound that is to begin there.
#[derive(Debug)]
pub struct StartPoint(AtomicU64);

/// No place that is a number has these bits.
const NONE: u64 = u64::MAX;

impl Default for StartPoint {
    fn default() -> Self {
        Self(AtomicU64::new(NONE))
    }
}

impl StartPoint {
    /// What answers request `generation`, or a newer one, begins `secs` into it.
    pub fn set(&self, secs: f32, generation: u64) {
        if secs.is_finite() {
            self.0.store(
                (generation & 0xffff_ffff) << 32 | u64::from(secs.max(0.0).to_bits()),
                Relaxed,
            );
        }
    }

    /// Where the answer to request `generation` begins, if somewhere; it waits no more then.
    pub fn take(&self, generation: u64) -> Option<f32> {
        let bits = self.0.load(Relaxed);
        // Numbers of requests go round after four thousand million.
        let is_its = bits != NONE && (generation as u32).wrapping_sub((bits >> 32) as u32) < u32::MAX / 2;
        if !is_its || self.0.compare_exchange(bits, NONE, Relaxed, Relaxed).is_err() {
            return None;
        }
        Some(f32::from_bits(bits as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_begins_there_and_once() {
        let start = StartPoint::default();
        assert_eq!(start.take(7), None);
        start.set(1.25, 7);
        assert_eq!(start.take(6), None, "an answer that was on its way");
        assert_eq!(start.take(8), Some(1.25));
        assert_eq!(start.take(9), None);
        start.set(f32::NAN, 1);
        assert_eq!(start.take(1), None);
    }
}
