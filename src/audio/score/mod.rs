//! Not real-time: the score of a take: everything that decided what was heard, by the hop at which it did.
//!
//! All sound goes through a few ways into the engine: calls that leave sources for the synth, and the knobs that it looks at once
//! a hop. While a take is scored, calls are numbered and told to whoever keeps the score ([`Call`]), and the synth says over a
//! lane which of them it has taken and which knobs have turned ([`Note`]). The same calls and knobs at the same hops, into a synth
//! that begins as that one began, are the same samples.

mod call;
mod lane;
mod note;
mod score_feed;

pub use call::{Call, CallKind, Opening, SoundedPart};
pub(super) use lane::{ScoreLane, ScoreShared};
pub use note::{Knobs, Note, Place};
pub use score_feed::{ScoreFeed, ScoreNews};
