//! The vocabulary every room shares: plain values, no threads, no IO.
//!
//! Frames are time-major (`[time x width]`), levels are natural-log amplitudes ("nats") unless a name says
//! otherwise, and a genre mix is always in the order of the space's own genre list.

mod chunk;
mod condition;
mod frames;
mod groove;
mod ids;
mod keys;
mod latent;
mod loudness;
mod recording;
mod region;

pub use chunk::{
    Anchor, BeatGrid, ChunkAudio, Course, DecodeOrder, DecodePart, DecodeRequest, DecodedChunk, LoopContext,
    SteeredLoudness, Steering, Timing,
};
pub use condition::{Condition, Emotion, STRENGTHS, strength_in_range};
pub use frames::Frames;
pub use groove::{Groove, Key, tempo_match};
pub use ids::{ChunkId, ClipId, MapPoint};
pub use keys::{KeyChange, KeyEvent, PITCH_CLASSES, Scale, held_to_scale, hz_of_key, key_name, key_of_hz};
pub use latent::Latent;
pub use loudness::LoudnessMatch;
pub use recording::{Recording, RecordingKey};
pub use region::LoopRegion;
