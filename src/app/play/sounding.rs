//! What sounds, as plain values that the window holds.

use crate::decode::{Choice, Resolver};
use crate::values::LoopRegion;

/// The sound that was asked for last, and what answers which latent a place stands for.
#[derive(Default)]
pub struct Sounding {
    /// Rises with every request.
    pub generation: u64,
    /// With its content named, so that it is the same sound wherever it is asked for again.
    pub choice: Option<Choice>,
    /// The hand is on the map, so a one-shot goes round until it is lifted.
    pub held: bool,
    /// For the snapshot on screen; made when it is asked for.
    pub(super) resolver: Option<Resolver>,
    /// What loops and where sounds begin, while something else than the map sounds.
    pub(super) marks_aside: Option<(Option<LoopRegion>, Option<f32>)>,
}

impl Sounding {
    /// Forgets everything about an old snapshot; what sounds goes on.
    pub fn space_changed(&mut self) {
        self.resolver = None;
    }
}
