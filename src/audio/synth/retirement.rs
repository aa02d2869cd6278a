//! Real-time: the way out for sources that have been played: the monitor frees them, so that the synth never does.

use super::source::Source;
use std::sync::Arc;

/// Sources on their way out at once: a second of drags and struck keys, rendered as fast as it goes.
const CAPACITY: usize = 1_024;

/// The synth's end of the lane.
pub struct Retirement {
    lane: rtrb::Producer<Arc<Source>>,
}

impl Retirement {
    /// A lane and its far end.
    pub fn lane() -> (Self, rtrb::Consumer<Arc<Source>>) {
        let (lane, far_end) = rtrb::RingBuffer::new(CAPACITY);
        (Self { lane }, far_end)
    }

    /// Sends `source` away.
    pub fn source(&mut self, source: Arc<Source>) {
        // A full lane means that the monitor is dead; then freeing here is the lesser evil.
        let _ = self.lane.push(source);
    }
}
