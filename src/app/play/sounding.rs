//! What sounds, as plain values that the window holds.

use crate::decode::{Choice, Resolver};

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
}

impl Sounding {
    /// Forgets everything about an old snapshot; what sounds goes on.
    pub fn space_changed(&mut self) {
        self.resolver = None;
    }
}
