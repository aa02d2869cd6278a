//! Not real-time: the door to the live engine. A decoded chunk goes in, sound comes out at the next hop, whatever the
//! model and the window do.
//!
//! | thread | files | what it does |
//! |---|---|---|
//! | any | [`engine`], [`inlet`], [`playback`] | the handle: publish, transport, meters, events |
//! | callback | [`output`], [`feed`], [`synth`], voices, [`layers`] | playhead to hops to the device's blocks, when it asks for them |
//! | stream manager | [`stream`], [`device`], [`watch`], [`silent`], [`loan`] | opens devices and lends them the synth, comes back when one is lost |
//! | monitor | [`monitor`], [`meters`], [`recorder`] | frees, measures, remembers, records |
//!
//! The first doc line of a file says whether it is real-time. Real-time code never allocates, frees, locks, logs or
//! blocks (`tests/realtime.rs` checks it); what it is done with leaves over a lane and is freed by the monitor.

mod connect;
mod controls;
mod converter;
mod counters;
mod device;
mod engine;
mod error;
mod events;
mod feed;
mod inlet;
mod layers;
mod limiter;
mod link;
mod loan;
mod meters;
mod monitor;
mod output;
mod pcm_voice;
mod playback;
mod playhead;
mod recorder;
mod renderer;
mod report;
mod silent;
mod source;
mod spectral_voice;
mod stream;
mod stretch;
mod synth;
mod watch;

pub use device::{DeviceEntry, Granted};
pub use engine::AudioEngine;
pub use error::AudioError;
pub use events::AudioEvent;
pub use meters::{Meters, Spread};
pub use playback::{AudioOptions, Mode, Playback};
pub use renderer::Renderer;
pub use report::{AudioReport, report};
