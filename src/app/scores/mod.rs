//! Takes in the window: their scores are written beside what is recorded, opened again, shown, played and rendered.

mod held;
mod open;
mod record;
mod replay;
mod replaying;
mod scribe;
mod stand;

pub(super) use held::Takes;
