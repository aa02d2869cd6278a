//! What is held by the pointer and on the computer keyboard.

use egui::Key;

/// What is held by the pointer and on the computer keyboard.
#[derive(Debug, Default)]
pub struct KeyboardState {
    /// The key under the pointer that is pressed.
    pub(super) pointed: Option<u8>,
    /// Computer keys that are down, and what they play.
    pub(super) down: Vec<(Key, u8)>,
}
