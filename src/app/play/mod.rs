//! What the hand on the map, the sliders and the bookmarks do to the sound.

mod beat;
mod bookmarks;
mod conditions;
pub(super) mod edit_state;
mod edits;
mod endless;
mod motions;
mod playing;
mod recorded;
mod region;
mod relatives;
mod shown;
pub(super) mod sounding;
pub(super) mod walking;
