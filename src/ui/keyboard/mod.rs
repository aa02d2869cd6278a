//! The keys that play what sounds: a strip with a keyboard above the player, and the keys of the computer.

mod computer;
mod piano;
mod strip;

use super::tokens::{size, space};
pub(super) use computer::read;
use egui::Key;
pub use strip::show;

/// Height of the strip, in points.
pub const HEIGHT: f32 = size::ROW + space::TIGHT + 58.0 + 2.0 * space::SNUG;

/// What is held by the pointer and on the computer keyboard.
#[derive(Debug, Default)]
pub struct KeyboardState {
    /// The key under the pointer that is pressed.
    pointed: Option<u8>,
    /// Computer keys that are down, and what they play.
    down: Vec<(Key, u8)>,
}
