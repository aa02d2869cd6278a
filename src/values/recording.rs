//! A stretch of a recording on its way to the player.

use super::Frames;
use std::sync::Arc;

/// Which stretch of which recording: the seconds of one chunk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordingKey {
    /// Hex digest of the clip's file, as the space keeps it.
    pub clip: Arc<str>,
    /// The chunk's first sample, counted from the beginning of the clip at the player's rate; on the grid of its frames.
    pub start: u64,
    /// The chunk's length in samples.
    pub len: usize,
}

impl RecordingKey {
    /// The sample behind the chunk's last one.
    pub fn end(&self) -> u64 {
        self.start + self.len as u64
    }
}

/// The samples of one chunk, left and right, as loud as its space holds them.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    key: RecordingKey,
    samples: Vec<[f32; 2]>,
    band_power: Frames,
}

impl Recording {
    /// Samples before and after the chunk's own that come with it, so that windows at its ends see what is there.
    pub const MARGIN: usize = 2_048;

    /// Recordings of a row that are handed out at once, from the one that sounds on: 48 s of a song. Whoever takes them must
    /// hold half as many more, for those that sounded last.
    pub const MOST_AHEAD: usize = 16;

    /// Samples between rows of [`band_power`](Self::band_power).
    pub const POWER_STRIDE: usize = 1_024;

    /// Takes over `samples`, which begin [`MARGIN`](Self::MARGIN) before the stretch of `key` and end as much behind it; `None`
    /// when their number is another.
    pub fn new(key: RecordingKey, samples: Vec<[f32; 2]>) -> Option<Self> {
        (samples.len() == key.len + 2 * Self::MARGIN).then_some(Self {
            key,
            samples,
            band_power: Frames::default(),
        })
    }

    /// The same with what its bands add to its loudness; see [`band_power`](Self::band_power).
    pub fn with_band_power(mut self, band_power: Frames) -> Self {
        self.band_power = band_power;
        self
    }

    /// `[rows x bands]` K-weighted mean squares of both channels, row `r` around sample `r * POWER_STRIDE` of the chunk; empty
    /// where nobody measured it.
    pub fn band_power(&self) -> &Frames {
        &self.band_power
    }

    /// Left and right, the margins among them.
    pub fn samples(&self) -> &[[f32; 2]] {
        &self.samples
    }

    /// Which stretch it is.
    pub fn key(&self) -> &RecordingKey {
        &self.key
    }

    /// Left and right at `index`, counted from the chunk's first sample; negative within the margin before it. Silence
    /// beyond the margins.
    pub fn at(&self, index: i64) -> [f32; 2] {
        usize::try_from(index + Self::MARGIN as i64)
            .ok()
            .and_then(|place| self.samples.get(place).copied())
            .unwrap_or_default()
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.samples[..]) + size_of_val(self.band_power.as_slice())
    }
}
