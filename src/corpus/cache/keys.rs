//! What a cache entry is made with, and the short names of that.

use super::Analyser;
use crate::corpus::{ClipMeasurements, decode};

/// Which parts of which clips are wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FillOptions {
    /// Clips shorter than this (one chunk) are left out.
    pub min_secs: f32,
    /// Of longer clips only the beginning is used; bounds the memory of each thread.
    pub limit_secs: f32,
}

impl Default for FillOptions {
    fn default() -> Self {
        Self {
            min_secs: 0.1,
            limit_secs: decode::DEFAULT_LIMIT_SECS,
        }
    }
}

/// Short name of a representation with its settings.
pub(super) fn codec_key(analyser: &dyn Analyser, options: &FillOptions) -> String {
    let settings = format!(
        "{} | {} Hz | {} | hop {} | {} s | measurements {}",
        analyser.id(),
        analyser.sample_rate_hz(),
        analyser.bands(),
        analyser.hop_len(),
        options.limit_secs,
        ClipMeasurements::VERSION,
    );
    blake3::hash(settings.as_bytes()).to_hex()[..16].to_owned()
}

/// Short name of what is measured, apart from frames.
pub(super) fn measurements_key(sample_rate_hz: u32, limit_secs: f32) -> String {
    format!("v{}-{sample_rate_hz}-{limit_secs}", ClipMeasurements::VERSION)
}
