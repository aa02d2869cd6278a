//! Music that goes on: from moment to moment of the recordings, with rare jumps at beats to what continues alike.
//!
//! After Schödl et al., "Video textures" (2000), on the latents that the space holds: [`EndlessIndex`] knows every beat and what
//! follows it, [`Endless`] walks over them, [`endless_part`] makes a stretch of the walk ready to decode.

mod choose;
mod index;
mod part;
mod steering;
mod walk;

pub(super) use choose::{label_distance, pace};
pub use index::EndlessIndex;
pub use part::endless_part;
pub use steering::EndlessSteering;
pub use walk::{Endless, Stretch};
