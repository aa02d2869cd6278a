//! Not real-time: the part of the engine that makes hops: voices, cross-fades, limiter.

pub(super) mod controls;
pub(super) mod layers;
pub(super) mod pcm_voice;
pub(super) mod playhead;
pub(super) mod source;
pub(super) mod spectral_voice;
pub(super) mod synthesiser;
pub(super) mod time_stretch;
