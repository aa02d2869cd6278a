//! The keys that play what sounds: a strip with a keyboard above the player, and the keys of the computer.

mod computer;
mod piano;
mod state;
mod strip;

pub(super) use computer::read;
pub use state::KeyboardState;
pub use strip::{HEIGHT, show};
