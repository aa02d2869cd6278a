//! Not real-time: the part of the engine that makes hops: voices, cross-fades, limiter.

mod beat_phase;
mod controls;
mod layers;
mod model_mix;
mod pcm_voice;
mod playhead;
mod recorded;
mod recording_mix;
mod renewal;
mod repair;
mod retirement;
mod sanitize;
mod source;
mod spectral_voice;
mod synthesiser;
mod time_stretch;
mod voices;
mod workshop;

pub(super) use controls::Controls;
pub(super) use layers::FADE_HOPS;
pub(super) use recorded::Raises;
pub(super) use repair::Repair;
pub(super) use retirement::Retirement;
pub(super) use source::{Origin, Part, Source, SourceKind};
pub(super) use synthesiser::{Synth, SynthLanes};
pub(super) use voices::Voices;
pub(super) use workshop::Workshop;
