//! Takes in the window: their scores are written beside what is recorded, opened again, shown, played and rendered.

mod open;
mod record;
mod replay;
mod scribe;
mod stand;
mod takes;

pub(super) use takes::Takes;
