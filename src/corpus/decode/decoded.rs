//! What comes out of a decoded file, and the bounds that nothing in it exceeds. Plain values.

use crate::corpus::ProblemKind;

/// Sample magnitude that nothing exceeds: 24 dB over full scale, so that squares and sums stay finite.
pub(super) const LOUDEST: f32 = 16.0;
/// Seconds decoded at most where the caller has no wish of its own.
pub const DEFAULT_LIMIT_SECS: f32 = 1_200.0;
/// Sample rates outside are taken for damaged headers.
pub(super) const RATES_HZ: std::ops::RangeInclusive<u32> = 1_000..=768_000;

/// Brings samples that are no sound within [`LOUDEST`]; returns how many there were.
pub(super) fn repair(samples: &mut [f32]) -> usize {
    // Sound hardly ever needs repair, and a look without a branch is much quicker.
    if samples
        .iter()
        .fold(true, |sound, value| sound & (value.abs() <= LOUDEST))
    {
        return 0;
    }
    let mut repaired = 0;
    for value in samples {
        let bounded = value.clamp(-LOUDEST, LOUDEST);
        let clean = if value.is_finite() { bounded } else { 0.0 };
        repaired += usize::from(clean != *value);
        *value = clean;
    }
    repaired
}

/// A decoded file.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// Mono at the rate that was asked for: the louder of mid and side, more channels than two mixed to two first.
    pub samples: Vec<f32>,
    /// The file's own rate.
    pub sample_rate_hz: u32,
    /// The file's own channels.
    pub channels: u16,
    /// What a user should know: damaged, cut short, too long.
    pub notes: Vec<(ProblemKind, String)>,
}
