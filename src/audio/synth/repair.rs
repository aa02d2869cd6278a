//! Real-time: spare voices on their way into the callback, and on their way out those that panicked.
//!
//! A panic allocates by itself; nothing else that is done about it here does.

use super::voices::Voices;
use std::any::Any;

/// Voices that are done with, and what the panic said where there was one; freed by whoever receives it.
pub struct Wreck {
    pub voices: Option<Box<Voices>>,
    pub message: Option<Box<dyn Any + Send>>,
}

/// The callback's end.
pub struct Repair {
    spares: rtrb::Consumer<Box<Voices>>,
    wrecks: rtrb::Producer<Wreck>,
}

/// The far end, where spares are made.
pub struct RepairLane {
    pub spares: rtrb::Producer<Box<Voices>>,
    pub wrecks: rtrb::Consumer<Wreck>,
}

impl Repair {
    /// Both ends; one spare is ready at any time, and several wrecks may wait.
    pub fn lane() -> (Self, RepairLane) {
        let (spares_tx, spares) = rtrb::RingBuffer::new(1);
        let (wrecks, wrecks_rx) = rtrb::RingBuffer::new(16);
        let far_end = RepairLane {
            spares: spares_tx,
            wrecks: wrecks_rx,
        };
        (Self { spares, wrecks }, far_end)
    }

    /// The spare, if one is ready.
    pub fn spare(&mut self) -> Option<Box<Voices>> {
        self.spares.pop().ok()
    }

    /// Sends `wreck` away.
    pub fn send_away(&mut self, wreck: Wreck) {
        // A full lane means that the monitor is dead; then freeing here is the lesser evil.
        let _ = self.wrecks.push(wreck);
    }
}
