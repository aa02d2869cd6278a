//! Not real-time: the door to the live engine. A decoded chunk goes in, sound comes out at the next hop, whatever the
//! model and the window do.
//!
//! | thread | files | what it does |
//! |---|---|---|
//! | any | [`engine`], [`playback`], [`played`], [`events`] | the handle: publish, transport, keys, clock, meters, events |
//! | callback | [`synth`], [`output`] | playhead to hops to the device's blocks, when it asks for them |
//! | stream manager | [`device`] | opens devices and lends them the synth, comes back when one is lost |
//! | monitor | [`monitor`] | frees, measures, remembers, records |
//! | any | [`score`] | what decided what was heard, hop by hop, for a take to be played again |
//!
//! The first doc line of a file says whether it is real-time. Real-time code never allocates, frees, locks, logs or
//! blocks (`tests/realtime.rs` checks it); what it is done with leaves over a lane and is freed by the monitor.

mod clock_play;
mod device;
mod engine;
mod engine_parts;
mod error;
mod events;
mod key_play;
mod monitor;
mod offline;
mod output;
#[cfg(test)]
mod panic_tests;
mod playback;
mod played;
mod recording;
#[cfg(test)]
mod recording_tests;
mod report;
mod score;
mod scoring;
mod synth;
mod take_player;

pub use clock_play::{ClockPlay, ClockTime, Quantise};
pub use device::{DeviceEntry, StreamInfo, with_alsa_logged};
pub use engine::AudioEngine;
pub use error::AudioError;
pub use events::AudioEvent;
pub use key_play::KeyPlay;
pub use monitor::{EngineMeters, Percentiles};
pub use offline::{RecordingOf, voice_row};
pub use output::BlockRenderer;
pub use playback::{AudioOptions, Mode, Playback};
pub use report::{AudioReport, report};
pub use score::{Call, CallKind, Knobs, Note, Opening, Place, ScoreFeed, ScoreNews, SoundedPart};
pub use take_player::{Detail, Score, TakeMaterial, TakePlayer};
