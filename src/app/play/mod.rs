//! What the hand on the map, the sliders and the bookmarks do to the sound.

mod bookmarks;
mod conditions;
pub(super) mod inverse;
mod motions;
pub(super) mod playing;
