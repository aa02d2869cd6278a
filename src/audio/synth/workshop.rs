//! Not real-time: keeps a spare set of voices ready for the callback and takes in those that panicked.

use super::repair::RepairLane;
use super::voices::Voices;
use crate::dsp::BandAxis;
use crate::sync::panic_message;

/// The monitor's end of the repair lane.
pub struct Workshop {
    lane: RepairLane,
    axis: BandAxis,
    seed: u64,
}

impl Workshop {
    /// A workshop for voices of `axis` and `seed`.
    pub fn new(lane: RepairLane, axis: BandAxis, seed: u64) -> Self {
        Self { lane, axis, seed }
    }

    /// Takes in what panicked, makes a new spare where the last one was taken, and returns what each panic said.
    pub fn tend(&mut self) -> Vec<String> {
        let mut messages = Vec::new();
        while let Ok(wreck) = self.lane.wrecks.pop() {
            messages.extend(wreck.message.map(|message| panic_message(message.as_ref())));
        }
        if self.lane.spares.slots() > 0 {
            // There is room: the only consumer never adds to the lane.
            let _ = self.lane.spares.push(Box::new(Voices::new(&self.axis, self.seed)));
        }
        messages
    }
}
